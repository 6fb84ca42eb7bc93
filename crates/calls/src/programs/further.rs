//! What a word or two of a call say, whatever else its family knows of the program.

use crate::Traits;
use crate::machine::Machine;
use crate::value::Value;

use super::further_rules::RULES;

/// Words of a call that are looked at.
const WORDS: usize = 64;

/// Makers and names of agents, as they stand in the names of programs that start one.
const AGENTS: &[&str] = &[
    "claude",
    "codex",
    "gemini",
    "cursor",
    "copilot",
    "aider",
    "opencode",
    "qwen",
    "goose",
    "cline",
    "agent",
    "droid",
    "openhands",
    "kimi",
    "amp",
    "kiro",
    "grok",
    "crush",
    "windsurf",
    "ccr",
    "roo",
    "vibe",
];

/// Parts of a name that say that nobody is asked.
const UNASKED: &[&str] = &[
    "yolo",
    "unsafe",
    "autopilot",
    "autoapprove",
    "unattended",
    "dangerous",
    "dangerously",
    "bypass",
    "unleashed",
    "godmode",
];

/// Options by which an agent is told to ask nobody; of any program, since new agents appear each month.
const ASKS_NOBODY: &[&str] = &[
    "--yolo",
    "--yolo-mode",
    "--dangerously-skip-permissions",
    "--skip-permissions",
    "--skip-permissions-unsafe",
    "--full-auto",
    "--allow-all-tools",
    "--trust-all-tools",
    "--always-approve",
    "--auto-approve-all",
    "--auto-accept-all",
    "--yes-always",
    "--no-confirmation",
    "--no-approval",
    "--no-approvals",
    "--approve-all",
    "--accept-all-edits",
    "--bypass-permissions",
    "--bypass-approvals",
    "--autonomous",
    "--unattended-agent",
];

/// The same, where the program is an agent.
const AGENT_ASKS_NOBODY: &[&str] = &[
    "-y",
    "--yes",
    "--auto",
    "--auto-approve",
    "--force",
    "--no-confirm",
    "--no-interaction",
    "--allow",
    "--full",
    "--trust",
    "--auto-run",
    "--auto_run",
];

/// Agents of which no family knows more.
const OTHER_AGENTS: &[&str] = &[
    "openhands",
    "cline",
    "plandex",
    "open-interpreter",
    "interpreter",
    "gptme",
    "sgpt",
    "kimi",
    "rovodev",
    "grok",
    "cn",
    "vibe",
    "shell-gpt",
    "mods",
    "forge",
    "letta",
    "trae-cli",
    "codebuff",
    "mentat",
    "autogpt",
    "gpt-engineer",
    "gpte",
    "claudish",
    "ccr",
    "warp-cli-agent",
    "iflow",
    "codebuddy",
];

/// Verbs that remove, said to a program that nobody knows.
const REMOVING: &[&str] = &[
    "destroy",
    "terminate",
    "purge",
    "wipe",
    "erase",
    "delete-all",
    "remove-all",
    "drop-all",
    "factory-reset",
    "decommission",
    "deprovision",
    "undeploy",
    "nuke",
];

impl Machine<'_> {
    /// Marks what the words of a call say by themselves.
    pub(super) fn further(&mut self, name: &str, arguments: &[Value]) {
        let words: Vec<String> = arguments.iter().take(WORDS).map(|value| value.text.clone()).collect();
        self.asks_nobody(name, &words);
        self.loads(name, arguments);
        if super::is_dry(arguments) {
            return;
        }
        for (programs, wanted, traits, why) in RULES {
            if programs.split(' ').any(|program| program == name) && stands(wanted, &words) {
                self.mark(*traits, why);
            }
        }
    }

    /// Programs that run what a file holds, where the call has fetched that file, or where it is an address.
    fn loads(&mut self, name: &str, arguments: &[Value]) {
        const LOADERS: &[&str] = &[
            "java", "javaw", "mono", "dotnet", "wasmtime", "wasmer", "wasmedge", "wine", "wine64", "awk", "gawk",
            "love",
        ];
        if !LOADERS.contains(&name) {
            return;
        }
        let code = arguments.windows(2).find(|two| {
            two.first().is_some_and(|option| {
                matches!(option.text.as_str(), "-jar" | "-cp" | "-classpath" | "--class-path" | "-f")
            })
        });
        if let Some([_, file]) = code {
            let piped = file.text == "-" && self.stdin.flow.has(crate::value::Flow::REMOTE);
            if piped || file.text.starts_with("http") && file.text.contains("://") {
                self.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code from an address");
            }
        }
        let fetched = arguments.iter().take(8).filter(|value| !value.text.starts_with('-')).any(|value| {
            let path = self.resolve(value);
            self.written
                .iter()
                .any(|written| written.path == path && written.content.flow.has(crate::value::Flow::REMOTE))
        });
        if fetched && !name.ends_with("awk") {
            self.mark(Traits::RUNS_REMOTE_CODE, "runs what came from another machine");
        }
    }

    /// A program that no family knows, and that is told to remove something.
    pub(super) fn removes_by_verb(&mut self, arguments: &[Value]) {
        if super::is_dry(arguments) {
            return;
        }
        let verbs = arguments.iter().filter(|value| !value.text.starts_with('-')).take(3);
        if verbs.into_iter().any(|value| REMOVING.contains(&value.text.as_str())) {
            self.mark(Traits::DESTROYS_DATA, "tells a program to remove something for good");
        }
    }

    /// An agent that is started so that it asks nobody: by its name, by an option, by a variable.
    fn asks_nobody(&mut self, name: &str, words: &[String]) {
        let lower = name.to_ascii_lowercase();
        let mut parts = lower.split(['-', '_', '.']);
        let (mut agent, mut unasked) = (false, false);
        for part in parts.by_ref() {
            agent |= AGENTS.contains(&part);
            unasked |= UNASKED.contains(&part);
        }
        let other = OTHER_AGENTS.contains(&name) || name == "acli" && words.iter().any(|word| word == "rovodev");
        let has = |options: &[&str]| {
            words
                .iter()
                .any(|word| options.contains(&word.split('=').next().unwrap_or(word)) && !word.ends_with("=false"))
        };
        let named = agent && unasked && !matches!(name, "git" | "grep");
        let levels = words.windows(2).any(|two| {
            matches!(two, [option, level]
                if matches!(option.as_str(), "set-auto" | "--auto" | "--autonomy" | "--approval-mode" | "--permission-mode" | "--approvals")
                    && matches!(level.as_str(), "full" | "high" | "never" | "yolo" | "bypass" | "auto" | "none"))
        });
        let runs_words = matches!(name, "grep" | "rg" | "echo" | "printf" | "git" | "gh" | "man" | "curl");
        if named || !runs_words && has(ASKS_NOBODY) || other && (has(AGENT_ASKS_NOBODY) || levels) {
            self.mark(Traits::CHANGES_AGENT | Traits::DISABLES_SECURITY, "starts an agent that asks nobody");
        }
    }
}

/// Whether each of the words, or one of its alternatives, stands in the call.
fn stands(wanted: &str, words: &[String]) -> bool {
    wanted == "*"
        || wanted.split(' ').all(|one| one.split('|').any(|pattern| words.iter().any(|word| fits(pattern, word))))
}

/// `x`, `x*`, `*x`, `*x*`, `x*y`; an option also with its value behind `=`.
fn fits(pattern: &str, word: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return word == pattern
            || pattern.starts_with("--") && word.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('='));
    };
    let Some(behind) = word.strip_prefix(start) else { return false };
    match rest.strip_suffix('*') {
        Some(middle) => behind.contains(middle),
        None => rest.is_empty() || behind.ends_with(rest),
    }
}
