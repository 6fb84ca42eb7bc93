//! What the name of a tool says, and whose program a command line runs.

use super::{lists, paths, words};

/// First words of tools that only look.
const LOOKING: [&str; 14] = [
    "get", "list", "read", "search", "find", "describe", "fetch", "show", "view", "count", "query", "check", "is",
    "lookup",
];
/// Programs that run what they are given and that no list of interpreters or runners names.
const LAUNCHERS: [&str; 12] =
    ["exec", "nohup", "timeout", "time", "nice", "command", "setsid", "uv", "pnpm", "yarn", "npm", "."];

/// Whether the name of a tool says that it changes something.
pub(crate) fn writes(name: &str) -> bool {
    let parts = words::name_words(name);
    let looks = parts.first().is_some_and(|first| LOOKING.contains(&&**first));
    let writing = lists::known("WRITING_WORDS");
    !looks && parts.iter().any(|part| writing.contains(&&**part) || part == "execute")
}

/// Whether a command line runs a program or script of the repository. What it only reads or writes there does not count.
pub(crate) fn runs_project(line: &str, home: &str, project: &str) -> bool {
    words::within(line).iter().any(|command| runs(command, home, project))
}

fn runs(command: &[String], home: &str, project: &str) -> bool {
    let assigned = |word: &&String| word.split_once('=').is_some_and(|(name, _)| !name.contains(['/', '.', '$']));
    let command: Vec<&String> = command.iter().skip_while(assigned).collect();
    let Some((program, rest)) = command.split_first() else { return false };
    let inside = |word: &str| paths::in_project(word, home, project);
    // `$(git rev-parse --show-toplevel)/x`, cut at its `$(`.
    let computed = command.iter().any(|word| word.contains(")/"));
    let name = words::basename(program);
    let listed = |list: &str| lists::known(list).iter().any(|known| known.split(' ').next() == Some(name));
    let runs_others = LAUNCHERS.contains(&name) || listed("INTERPRETERS") || listed("RUNNERS");
    let redirects = |word: &str| word.contains(['<', '>']);
    // Of `node -e '…'` and `python3 -m pytest` the code stands in the line itself.
    let inline = rest.iter().any(|word| matches!(word.as_str(), "-e" | "-c" | "--eval" | "-m" | "-p"));
    let script = |(at, word): (usize, &&String)| {
        let after_redirect = at.checked_sub(1).and_then(|at| rest.get(at)).is_some_and(|before| redirects(before));
        !after_redirect && !redirects(word) && !word.contains(char::is_whitespace) && inside(word)
    };
    inside(program) || computed || (runs_others && !inline && rest.iter().enumerate().any(script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tools() {
        for name in ["delete_ticket", "runCommand", "github-create-issue", "execute_sql", "ticket.update"] {
            assert!(writes(name), "{name}");
        }
        for name in ["list_runs", "getDeployStatus", "credit_report", "truncate_text", "search_editors", ""] {
            assert!(!writes(name), "{name}");
        }
    }

    #[test]
    fn programs_of_the_repository() {
        let of_project = |line: &str| runs_project(line, "/home/dev", "/home/dev/src/shop");
        for line in [
            "./scripts/start.sh",
            ".cursor/hooks/start.sh --now",
            "bash .windsurf/check.sh",
            "\"$GEMINI_PROJECT_DIR\"/.gemini/hooks/check.sh",
            "cd tools && ./guard",
            "sh -c './tools/guard x'",
            "python3 guard.py",
            "/usr/bin/env node tools/guard.js",
            "MODE=x tools/guard",
            "$(git rev-parse --show-toplevel)/tools/guard",
            "/home/dev/src/shop/tools/guard",
        ] {
            assert!(of_project(line), "{line}");
        }
        for line in [
            "/usr/local/bin/yata hook cursor",
            "yata hook devin --config config/yata.toml",
            "git status 2>/dev/null",
            "jq -r '.tool_input.command // empty'",
            "date +%Y/%m/%d >> logs/agent.log",
            "node -e 'console.log(1)'",
            "/opt/corp/guard",
            "",
        ] {
            assert!(!of_project(line), "{line}");
        }
    }
}
