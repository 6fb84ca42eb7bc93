//! What the name of a tool says, and whose program a command line runs.

use super::{lists, paths, words};

/// First words of tools that only look.
const LOOKING: [&str; 14] = [
    "get", "list", "read", "search", "find", "describe", "fetch", "show", "view", "count", "query", "check", "is",
    "lookup",
];
/// Programs that run the program which they are given.
const LAUNCHERS: [&str; 22] = [
    "env", "sudo", "doas", "nohup", "time", "timeout", "nice", "command", "setsid", "exec", "xargs", "npx", "bunx",
    "pnpx", "uv", "uvx", "pipx", "poetry", "bundle", "npm", "pnpm", "yarn",
];
/// How many programs that run others are looked through.
const LAUNCHERS_MAX: usize = 8;

/// Whether the name of a tool says that it changes something.
pub(crate) fn writes(name: &str) -> bool {
    let parts = words::name_words(name);
    let looks = parts.first().is_some_and(|first| LOOKING.contains(&&**first));
    let writing = lists::known("WRITING_WORDS");
    !looks && parts.iter().any(|part| writing.contains(&&**part) || part == "execute")
}

/// Whether a command line runs a program or script of the repository. What it only reads or writes there does not count.
pub(crate) fn runs_project(line: &str, home: &str, project: &str) -> bool {
    runs(line, &|word| paths::in_project(word, home, project), 0)
}

fn runs(line: &str, inside: &dyn Fn(&str) -> bool, depth: usize) -> bool {
    words::commands(line).iter().any(|command| {
        let mut rest = command.as_slice();
        for _ in depth..LAUNCHERS_MAX {
            let assigned = rest.iter().take_while(|word| assigns(word)).count();
            let Some((program, after)) = rest.get(assigned..).and_then(<[String]>::split_first) else { return false };
            // `sh -c 'a line of its own'`.
            if program.contains(char::is_whitespace) {
                return depth < LAUNCHERS_MAX && runs(program, inside, depth.saturating_add(1));
            }
            // `$(git rev-parse --show-toplevel)/x`, cut at its `$(`.
            if inside(program) || after.iter().any(|word| word.contains(")/")) {
                return true;
            }
            let Some(next) = given(words::basename(program), after) else { return false };
            rest = next;
        }
        false
    })
}

fn assigns(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.contains(['/', '.', '$', '-']))
}

/// What a program that runs others is given to run, with its arguments; none of other programs.
fn given<'w>(name: &str, words: &'w [String]) -> Option<&'w [String]> {
    let launches = LAUNCHERS.contains(&name);
    if !launches && name != "." && !lists::known("INTERPRETERS").contains(&name) {
        return None;
    }
    // Of `node -e …`, `perl -pe …` and `python3 -m …` the code is no file of the repository that we know.
    let shell = lists::known("SHELLS").contains(&name);
    let inline = |word: &String| match word.as_str() {
        "--eval" | "-m" | "-p" => true,
        "-c" => !shell,
        "-r" => name == "php",
        short => short.starts_with('-') && !short.starts_with("--") && short.ends_with('e') && !shell,
    };
    if !launches && words.iter().any(inline) {
        return None;
    }
    let valued: &[&str] = match name {
        "sudo" | "doas" => &["-u", "-g"],
        "nice" => &["-n"],
        "timeout" => &["-k", "-s"],
        _ => &[],
    };
    let mut value_follows = false;
    let at = words.iter().position(|word| {
        let value = std::mem::replace(&mut value_follows, valued.contains(&word.as_str()));
        let own = launches
            && (matches!(word.as_str(), "run" | "exec" | "dlx")
                || word.starts_with(|char: char| char.is_ascii_digit()));
        !value && !own && !word.starts_with('-')
    })?;
    words.get(at..)
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
            "bash -c ./tools/guard",
            "sudo -u bob timeout -k 5 10 ./tools/guard",
            "uv run tools/guard.py",
            "java -jar tools/guard.jar",
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
            "perl -ne 's/a/b/; print'",
            "python3 -m pytest tests/unit",
            "npx prettier --write src/index.ts",
            "uv run ruff check src/app.py",
            "docker run -v ./docs:/docs corp.example/guard",
            "/opt/corp/guard",
            "",
        ] {
            assert!(!of_project(line), "{line}");
        }
    }
}
