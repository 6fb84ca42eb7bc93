//! Where each agent's hooks are declared, and how.
//!
//! Source: `docs/agents/hooks.md` and `docs/agents/scopes.md`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::agent::Agent;

/// Whose settings are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The person's own.
    User,
    /// Those of the repository.
    Project,
    /// Those of the machine, which the organisation sets.
    Managed,
}

/// The program that is declared, and the words before the agent's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its whole path.
    pub path: PathBuf,
    /// Words before the agent's name: `hook` for the large program, none for the small one.
    pub before: Vec<String>,
}

/// A declaration in a list of hooks.
pub(super) struct Declared {
    /// The names of the objects around the list, the list's own last.
    pub(super) path: Vec<&'static str>,
    pub(super) entry: Value,
}

/// The file of an agent's hooks; none where the agent has no such scope.
pub(super) fn file(agent: Agent, scope: Scope, home: &Path, project: &Path, machine: &Path) -> Option<PathBuf> {
    use Scope::{Managed, Project, User};
    Some(match (agent, scope) {
        (Agent::ClaudeCode, User) => home.join(".claude/settings.json"),
        (Agent::ClaudeCode, Project) => project.join(".claude/settings.json"),
        (Agent::ClaudeCode, Managed) => machine.join("claude-code/managed-settings.json"),
        (Agent::Codex, User) => home.join(".codex/hooks.json"),
        (Agent::Codex, Project) => project.join(".codex/hooks.json"),
        (Agent::Codex, Managed) => machine.join("codex/requirements.toml"),
        (Agent::Cursor, User) => home.join(".cursor/hooks.json"),
        (Agent::Cursor, Project) => project.join(".cursor/hooks.json"),
        (Agent::Cursor, Managed) => machine.join("cursor/hooks.json"),
        (Agent::Gemini, User) => home.join(".gemini/settings.json"),
        (Agent::Gemini, Project) => project.join(".gemini/settings.json"),
        (Agent::Gemini, Managed) => machine.join("gemini-cli/settings.json"),
        (Agent::Copilot, User) => home.join(".copilot/hooks/yata.json"),
        (Agent::Copilot, Project) => project.join(".github/hooks/yata.json"),
        (Agent::Copilot, Managed) => machine.join("github-copilot/policy.d/yata.json"),
        (Agent::Windsurf, User) => home.join(".codeium/windsurf/hooks.json"),
        (Agent::Windsurf, Project) => project.join(".windsurf/hooks.json"),
        (Agent::Windsurf, Managed) => machine.join("windsurf/hooks.json"),
        (Agent::Devin, User) => home.join(".config/devin/config.json"),
        (Agent::Devin, Project) => project.join(".devin/hooks.v1.json"),
        (Agent::Antigravity, User) => home.join(".gemini/config/hooks.json"),
        (Agent::Antigravity, Project) => project.join(".agents/hooks.json"),
        (Agent::Devin | Agent::Antigravity, Managed) | (Agent::AmazonQ, _) => return None,
    })
}

/// Members that the file needs beside the hooks.
pub(super) fn beside(agent: Agent) -> Option<(&'static str, Value)> {
    matches!(agent, Agent::Cursor | Agent::Copilot).then(|| ("version", json!(1)))
}

/// What is declared for an agent. Before a tool runs, the hook decides; after one, it learns what came in.
pub(super) fn declared(agent: Agent, scope: Scope, program: &Program) -> Vec<Declared> {
    let one = |path: &[&'static str], entry: Value| Declared { path: path.to_vec(), entry };
    let line = |event: Option<&str>| command_line(agent, program, event);
    match agent {
        Agent::ClaudeCode => claude(agent, program),
        Agent::Codex => ["PreToolUse", "PostToolUse", "SessionStart"]
            .map(|event| {
                let hook = json!({"type": "command", "command": line(None), "timeout": 10});
                one(&["hooks", event], json!({"matcher": ".*", "hooks": [hook]}))
            })
            .into(),
        Agent::Cursor => ["preToolUse", "beforeMCPExecution", "beforeReadFile"]
            .map(|event| one(&["hooks", event], json!({"command": line(None), "timeout": 10, "failClosed": true})))
            .into(),
        Agent::Gemini => ["BeforeTool", "AfterTool", "SessionStart"]
            .map(|event| {
                let hook = json!({"type": "command", "name": "yata", "command": line(None), "timeout": 10_000});
                // For events without a tool a matcher is no pattern: `.*` never matches there.
                let entry = match event {
                    "SessionStart" => json!({"hooks": [hook]}),
                    _ => json!({"matcher": ".*", "sequential": true, "hooks": [hook]}),
                };
                one(&["hooks", event], entry)
            })
            .into(),
        Agent::Copilot => ["preToolUse", "postToolUse", "sessionStart"]
            .map(|event| {
                let args = words(agent, program, Some(event));
                let hook = json!({"type": "command", "exec": program.path, "args": args, "timeoutSec": 10});
                one(&["hooks", event], hook)
            })
            .into(),
        Agent::Windsurf => {
            ["pre_run_command", "pre_read_code", "pre_write_code", "pre_mcp_tool_use", "post_mcp_tool_use"]
                .map(|event| one(&["hooks", event], json!({"command": line(None), "show_output": true})))
                .into()
        }
        Agent::Devin => ["PreToolUse", "PostToolUse", "SessionStart"]
            .map(|event| {
                let hook = json!({"type": "command", "command": line(None), "timeout": 10});
                let entry = json!({"matcher": "", "hooks": [hook]});
                // In the project's file the events are the whole file.
                if scope == Scope::Project { one(&[event], entry) } else { one(&["hooks", event], entry) }
            })
            .into(),
        Agent::Antigravity => [("PreToolUse", "pre"), ("PostToolUse", "post")]
            .map(|(event, word)| {
                let hook = json!({"type": "command", "command": line(Some(word))});
                one(&["yata", event], json!({"matcher": "*", "hooks": [hook]}))
            })
            .into(),
        Agent::AmazonQ => Vec::new(),
    }
}

/// The exec form: no shell stands between. What cannot be decided is blocked (`onFailure`, from 2.1.295).
fn claude(agent: Agent, program: &Program) -> Vec<Declared> {
    let hook = |blocks: bool| {
        let mut hook = json!({
            "type": "command",
            "command": program.path,
            "args": words(agent, program, None),
            "timeout": 10,
        });
        if let Value::Object(hook) = &mut hook
            && blocks
        {
            hook.insert("onFailure".to_owned(), json!("block"));
        }
        hook
    };
    let events = [
        ("PreToolUse", Some("*"), true),
        ("PostToolUse", Some("WebFetch|WebSearch|Read|Bash|mcp__.*"), false),
        ("ConfigChange", None, true),
        ("SessionStart", None, false),
    ];
    let entry = |matcher: Option<&str>, blocks: bool| match matcher {
        Some(matcher) => json!({"matcher": matcher, "hooks": [hook(blocks)]}),
        None => json!({"hooks": [hook(blocks)]}),
    };
    events.map(|(event, matcher, blocks)| Declared { path: vec!["hooks", event], entry: entry(matcher, blocks) }).into()
}

/// The words behind the program.
fn words(agent: Agent, program: &Program, event: Option<&str>) -> Vec<String> {
    let own = [Some(agent.as_str()), event].into_iter().flatten().map(str::to_owned);
    program.before.iter().cloned().chain(own).collect()
}

/// The same as one line for a POSIX shell.
pub(super) fn command_line(agent: Agent, program: &Program, event: Option<&str>) -> String {
    let path = program.path.to_string_lossy().into_owned();
    let all: Vec<String> =
        std::iter::once(path).chain(words(agent, program, event)).map(|word| quoted(&word)).collect();
    all.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ',');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Whether a declaration in a list calls the hook, whatever else it says.
pub(super) fn is_ours(entry: &Value) -> bool {
    let own = |hook: &Value| {
        let command = ["command", "exec", "bash"].into_iter().find_map(|name| hook.get(name)?.as_str());
        let args = hook.get("args").and_then(Value::as_array);
        let args = args.into_iter().flatten().filter_map(Value::as_str);
        let line: Vec<&str> = command.into_iter().chain(args).collect();
        calls_the_hook(&line.join(" "))
    };
    own(entry) || entry.get("hooks").and_then(Value::as_array).is_some_and(|hooks| hooks.iter().any(own))
}

/// Whether a command line runs `yata-hook`, or `yata hook`.
fn calls_the_hook(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['\'', '"'])).collect();
    let base = |word: &str| word.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe").to_owned();
    let name = |word: &&str| Agent::of(word).is_some();
    words.windows(2).any(|pair| match pair {
        [program, agent] => base(program) == "yata-hook" && name(agent),
        _ => false,
    }) || words.windows(3).any(|three| match three {
        [program, hook, agent] => base(program) == "yata" && *hook == "hook" && name(agent),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_declarations_are_known() {
        let check = |entry: Value, expected: bool| assert_eq!(is_ours(&entry), expected, "{entry}");
        check(json!({"command": "/usr/local/bin/yata-hook cursor"}), true);
        check(json!({"hooks": [{"command": "/opt/yata", "args": ["hook", "claude-code"]}]}), true);
        check(json!({"hooks": [{"command": "/opt/lint.sh"}]}), false);
        check(json!({"command": "'/opt/with blank/yata-hook' codex"}), true);
        check(json!({"command": "echo yata-hook"}), false);
        check(json!({"exec": "/x/yata-hook", "args": ["copilot", "preToolUse"]}), true);
    }

    #[test]
    fn a_path_with_blanks_is_one_word_of_the_shell() {
        let program = Program { path: PathBuf::from("/opt/it's here/yata-hook"), before: vec![] };
        assert_eq!(command_line(Agent::Codex, &program, None), "'/opt/it'\\''s here/yata-hook' codex");
    }
}
