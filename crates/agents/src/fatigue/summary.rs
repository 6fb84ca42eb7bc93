//! Counts over sessions, and the rules that would have helped.

use std::collections::BTreeMap;

use crate::fatigue::judge::{Danger, simple, wild};
use crate::fatigue::{Log, Outcome, Session, ToolCall};
use crate::rules::claude::{Call, matches};
use crate::rules::{List, Where, parse};

/// Rows of the table and suggestions that are given.
const ROWS_MAX: usize = 1_000;
const SUGGESTIONS_MAX: usize = 200;
/// A rule for what was asked once spares nothing.
const ALLOW_MIN: usize = 2;
/// Characters of a word of a prefix that are shown.
const WORD_MAX_CHARS: usize = 40;

/// Tools of Claude Code that are never asked about.
const UNASKED: [&str; 20] = [
    "Read",
    "Glob",
    "Grep",
    "LS",
    "NotebookRead",
    "TodoWrite",
    "TodoRead",
    "Task",
    "Agent",
    "TaskCreate",
    "TaskUpdate",
    "TaskGet",
    "TaskList",
    "TaskOutput",
    "TaskStop",
    "BashOutput",
    "KillShell",
    "ToolSearch",
    "AskUserQuestion",
    "ExitPlanMode",
];
/// Tools that change files.
const EDITS: [&str; 5] = ["Edit", "Write", "MultiEdit", "NotebookEdit", "apply_patch"];
/// Commands that Claude Code takes for read-only and does not ask about.
const READERS: [&str; 12] = ["ls", "cat", "head", "tail", "grep", "find", "wc", "diff", "stat", "du", "pwd", "echo"];
const GIT_READERS: [&str; 4] = ["git status", "git log", "git diff", "git show"];
/// Programs whose second word says what they do.
const WITH_SUBCOMMANDS: [&str; 24] = [
    "git",
    "cargo",
    "npm",
    "pnpm",
    "yarn",
    "npx",
    "uv",
    "pip",
    "docker",
    "kubectl",
    "helm",
    "terraform",
    "tofu",
    "aws",
    "gcloud",
    "az",
    "gh",
    "go",
    "dotnet",
    "make",
    "systemctl",
    "brew",
    "apt",
    "apt-get",
];

/// Deny rules that stop what should not run, in the form of Claude Code and as the prefix of a command.
pub const DENY: [(&str, &[&str]); 14] = [
    ("Bash(rm -rf *)", &["rm", "-rf"]),
    ("Bash(rm -fr *)", &["rm", "-fr"]),
    ("Bash(sudo *)", &["sudo"]),
    ("Bash(git push --force*)", &["git", "push", "--force"]),
    ("Bash(git push -f*)", &["git", "push", "-f"]),
    ("Bash(git reset --hard*)", &["git", "reset", "--hard"]),
    ("Bash(git clean -f*)", &["git", "clean", "-f"]),
    ("Bash(chmod 777 *)", &["chmod", "777"]),
    ("Bash(terraform destroy*)", &["terraform", "destroy"]),
    ("Bash(kubectl delete *)", &["kubectl", "delete"]),
    ("Read(**/.env)", &[]),
    ("Read(~/.ssh/**)", &[]),
    ("Read(~/.aws/**)", &[]),
    ("Bash(npm publish*)", &["npm", "publish"]),
];

/// A tool, or a command's first words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose log.
    pub log: Log,
    /// The tool.
    pub tool: String,
    /// The command's first words; empty for other tools.
    pub prefix: String,
    /// Calls.
    pub calls: usize,
    /// Those that a person was asked about, by estimate.
    pub prompts: usize,
    /// Prompts that were answered with yes.
    pub approved: usize,
    /// Prompts that were answered with no.
    pub refused: usize,
    /// Calls that a rule or a hook stopped.
    pub blocked: usize,
}

/// A rule that would have helped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// For whom.
    pub log: Log,
    /// The rule, as the agent's settings have it.
    pub rule: String,
    /// Prompts that it would have spared, or calls that it would have stopped.
    pub calls: usize,
}

/// What the logs say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Logs.
    pub sessions: usize,
    /// Calls of tools.
    pub calls: usize,
    /// Calls in a mode that asks nobody.
    pub unguarded: usize,
    /// Calls that a person was asked about, by estimate.
    pub prompts: usize,
    /// Prompts that were answered with yes.
    pub approved: usize,
    /// Prompts that were answered with no.
    pub refused: usize,
    /// Calls that a rule or a hook stopped.
    pub blocked: usize,
    /// By tool and first words, the most prompts first.
    pub rows: Vec<Row>,
    /// Allow rules that would have spared prompts for what is safe.
    pub allow: Vec<Suggestion>,
    /// Deny rules that would have stopped what ran.
    pub deny: Vec<Suggestion>,
    /// Calls that ran, are bad, and that no rule of [`DENY`] matches: only a hook can tell them.
    pub bad_without_rule: usize,
    /// Lines that could not be read.
    pub broken: usize,
    /// Calls that were not kept.
    pub more_calls: usize,
}

impl Summary {
    /// Of the prompts that were answered, how many with yes, in percent; none where there were none.
    #[must_use]
    pub fn approved_percent(&self) -> Option<usize> {
        self.approved.saturating_mul(100).checked_div(self.approved.saturating_add(self.refused))
    }
}

/// Counts. `allowed` says whether the settings let a call run unasked; `danger` what a call can do: an allow rule is
/// suggested only if each prompt that it matches is [`Danger::Safe`] and no rule of [`DENY`] matches one.
#[must_use]
pub fn summarise(
    sessions: &[Session],
    home: &str,
    allowed: &dyn Fn(&ToolCall) -> bool,
    danger: &dyn Fn(&ToolCall) -> Danger,
) -> Summary {
    let mut out = Summary { sessions: sessions.len(), ..Summary::default() };
    let mut rows: BTreeMap<(Log, String, String), Row> = BTreeMap::new();
    let mut allow: BTreeMap<(Log, String), (usize, bool)> = BTreeMap::new();
    let mut deny: BTreeMap<(Log, String), usize> = BTreeMap::new();
    for session in sessions {
        out.broken = out.broken.saturating_add(session.broken_count);
        out.more_calls = out.more_calls.saturating_add(session.more_calls);
        for call in &session.calls {
            out.calls += 1;
            out.unguarded += usize::from(is_unguarded(call));
            let asked = call.outcome == Outcome::Refused || (is_asked(call) && !allowed(call));
            let asked = asked && call.outcome != Outcome::Blocked;
            let row = row(&mut rows, call);
            row.calls += 1;
            row.blocked += usize::from(call.outcome == Outcome::Blocked);
            if asked {
                row.prompts += 1;
                row.approved += usize::from(call.outcome == Outcome::Ran);
                row.refused += usize::from(call.outcome == Outcome::Refused);
            }
            let stopping = denies(call, home);
            let judged = if stopping.is_empty() { danger(call) } else { Danger::Bad };
            if asked && let Some(rule) = rule(call) {
                let (count, safe) = allow.entry((call.log, rule)).or_insert((0, true));
                *count += 1;
                *safe &= judged == Danger::Safe;
            }
            if call.outcome == Outcome::Ran && judged == Danger::Bad {
                out.bad_without_rule += usize::from(stopping.is_empty());
                for rule in stopping {
                    *deny.entry((call.log, rule)).or_default() += 1;
                }
            }
        }
    }
    out.rows = rows.into_values().collect();
    out.rows.sort_by(|a, b| b.prompts.cmp(&a.prompts).then_with(|| b.calls.cmp(&a.calls)));
    for row in &out.rows {
        out.prompts += row.prompts;
        out.approved += row.approved;
        out.refused += row.refused;
        out.blocked += row.blocked;
    }
    out.rows.truncate(ROWS_MAX);
    let safe = allow.into_iter().filter(|(_, (count, safe))| *safe && *count >= ALLOW_MIN);
    out.allow = suggestions(safe.map(|((log, rule), (calls, _))| Suggestion { log, rule, calls }).collect());
    out.deny = suggestions(deny.into_iter().map(|((log, rule), calls)| Suggestion { log, rule, calls }).collect());
    out
}

fn suggestions(mut all: Vec<Suggestion>) -> Vec<Suggestion> {
    all.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.rule.cmp(&b.rule)));
    all.truncate(SUGGESTIONS_MAX);
    all
}

fn row<'a>(rows: &'a mut BTreeMap<(Log, String, String), Row>, call: &ToolCall) -> &'a mut Row {
    let prefix = if call.is_shell() { prefix(&call.main) } else { String::new() };
    rows.entry((call.log, call.tool.clone(), prefix.clone())).or_insert_with(|| Row {
        log: call.log,
        tool: call.tool.clone(),
        prefix,
        calls: 0,
        prompts: 0,
        approved: 0,
        refused: 0,
        blocked: 0,
    })
}

/// A command's program, with its sub-command where it has one. Nothing else of a command is ever shown.
fn prefix(command: &str) -> String {
    let is_name = |word: &&str| {
        word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+'))
            && word.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '/'))
            && word.chars().count() <= WORD_MAX_CHARS
    };
    let mut words = command.split_ascii_whitespace();
    let Some(program) = words.next().filter(is_name) else { return "…".to_owned() };
    let program = program.rsplit('/').next().unwrap_or(program);
    match words.next().filter(is_name) {
        Some(second) if WITH_SUBCOMMANDS.contains(&program) && !second.contains(['/', '.']) => {
            format!("{program} {second}")
        }
        _ => program.to_owned(),
    }
}

/// Whether the mode asks nobody.
fn is_unguarded(call: &ToolCall) -> bool {
    match call.log {
        Log::ClaudeCode => call.mode == "bypassPermissions",
        Log::Codex => call.mode == "never",
    }
}

/// Whether a person is asked about a call, as far as mode and tool say it.
fn is_asked(call: &ToolCall) -> bool {
    let edits = EDITS.contains(&call.tool.as_str());
    match (call.log, call.mode.as_str()) {
        (Log::ClaudeCode, "bypassPermissions" | "dontAsk" | "auto") => false,
        (Log::ClaudeCode, "acceptEdits") if edits => false,
        (Log::ClaudeCode, _) => !(UNASKED.contains(&call.tool.as_str()) || (call.is_shell() && reads(&call.main))),
        (Log::Codex, "untrusted") => edits || (call.is_shell() && !reads(&call.main)),
        (Log::Codex, "never") => false,
        (Log::Codex, _) => call.escalated,
    }
}

/// Whether an agent takes a command for read-only.
fn reads(command: &str) -> bool {
    let program = command.split(' ').next().unwrap_or_default();
    let harmless = !(program == "find" && (command.contains("-exec") || command.contains("-delete")));
    simple(command)
        && harmless
        && (READERS.contains(&program) || GIT_READERS.iter().any(|git| command.starts_with(git)))
}

/// The allow rule that would let a call run unasked: all arguments for the few programs that never do harm, else this
/// call alone.
fn rule(call: &ToolCall) -> Option<String> {
    if !call.is_shell() || !simple(&call.main) {
        return None;
    }
    let wild = wild(&call.main);
    Some(match call.log {
        Log::ClaudeCode => wild.map_or_else(|| format!("Bash({})", call.main), |program| format!("Bash({program} *)")),
        Log::Codex => prefix_rule(wild.unwrap_or(&call.main).split(' '), "allow"),
    })
}

fn prefix_rule<'a>(words: impl Iterator<Item = &'a str>, decision: &str) -> String {
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"")).collect();
    format!("prefix_rule(pattern = [{}], decision = \"{decision}\")", words.join(", "))
}

/// The rules of [`DENY`] that would have stopped a call.
fn denies(call: &ToolCall, home: &str) -> Vec<String> {
    let place = Where { home, project: &call.cwd, base: "" };
    let mut found = Vec::new();
    for (rule, words) in DENY {
        match call.log {
            Log::ClaudeCode => {
                let asked = Call { tool: call.tool.clone(), main: call.main.clone(), params: Vec::new() };
                if matches(&parse(rule), List::Deny, &asked, place) {
                    found.push(rule.to_owned());
                }
            }
            Log::Codex => {
                let mut given = call.main.split_ascii_whitespace();
                if call.is_shell() && !words.is_empty() && words.iter().all(|word| given.next() == Some(*word)) {
                    found.push(prefix_rule(words.iter().copied(), "forbidden"));
                }
            }
        }
    }
    found
}
