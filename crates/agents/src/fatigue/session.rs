//! One log, line by line: the calls of tools, and what became of them.

use std::collections::HashMap;

use crate::fatigue::Log;
use crate::read::{Format, read};
use crate::tree::{Node, Value};

/// The longest line that is read, in bytes.
pub const LINE_MAX_BYTES: usize = 4 << 20;
/// The most calls of one log that are kept.
pub const CALLS_MAX: usize = 200_000;
/// Lines that could not be read and are named; more are counted.
const BROKEN_MAX: usize = 20;
/// Characters of a command, a path or an address that are kept.
const MAIN_MAX_CHARS: usize = 2_000;
/// Blocks of one message that are looked at.
const BLOCKS_MAX: usize = 1_000;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It ran.
    Ran,
    /// A person said no.
    Refused,
    /// A rule or a hook stopped it.
    Blocked,
    /// The log does not say.
    Open,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    /// Whose log it is in.
    pub log: Log,
    /// The tool, as the agent calls it.
    pub tool: String,
    /// The command, the path or the address; at most 2,000 characters.
    pub main: String,
    /// The current directory, where the log says it.
    pub cwd: String,
    /// The mode or the approval policy at that time; empty where the log does not say it.
    pub mode: String,
    /// Whether the agent asked to leave its sandbox (Codex).
    pub escalated: bool,
    /// What became of it.
    pub outcome: Outcome,
}

impl ToolCall {
    /// Whether it is a command of a shell.
    #[must_use]
    pub fn is_shell(&self) -> bool {
        match self.log {
            Log::ClaudeCode => self.tool == "Bash",
            Log::Codex => ["shell", "shell_command", "exec_command", "local_shell"].contains(&self.tool.as_str()),
        }
    }
}

/// A line that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number, from 1.
    pub line: usize,
    /// Why.
    pub kind: BrokenKind,
}

/// Why a line could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenKind {
    /// No JSON object.
    Malformed,
    /// Longer than [`LINE_MAX_BYTES`].
    Long,
}

/// A log that is being read.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose it is.
    pub log: Log,
    /// The calls, in their order, at most [`CALLS_MAX`].
    pub calls: Vec<ToolCall>,
    /// Calls that were not kept.
    pub more_calls: usize,
    /// Lines that could not be read, the first ones.
    pub broken: Vec<Broken>,
    /// How many there are in all.
    pub broken_count: usize,
    /// Lines so far.
    pub lines: usize,
    open: HashMap<String, usize>,
    cwd: String,
    mode: String,
}

impl Session {
    /// A log of which nothing has been read.
    #[must_use]
    pub fn new(log: Log) -> Self {
        Self {
            log,
            calls: Vec::new(),
            more_calls: 0,
            broken: Vec::new(),
            broken_count: 0,
            lines: 0,
            open: HashMap::new(),
            cwd: String::new(),
            mode: String::new(),
        }
    }

    /// Takes in the next line, without its end. One that cannot be read is counted, and the rest goes on.
    pub fn line(&mut self, bytes: &[u8]) {
        if bytes.len() > LINE_MAX_BYTES {
            return self.long_line();
        }
        self.lines = self.lines.saturating_add(1);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let read = read(Format::Json, bytes, 0);
        match read.root.filter(|root| read.faults.is_empty() && matches!(root.value, Value::Map(_))) {
            Some(root) => match self.log {
                Log::ClaudeCode => self.claude(&root),
                Log::Codex => self.codex(&root),
            },
            None => self.broken(BrokenKind::Malformed),
        }
    }

    /// Counts a line that is longer than [`LINE_MAX_BYTES`], and was not read.
    pub fn long_line(&mut self) {
        self.lines = self.lines.saturating_add(1);
        self.broken(BrokenKind::Long);
    }

    fn broken(&mut self, kind: BrokenKind) {
        self.broken_count = self.broken_count.saturating_add(1);
        if self.broken.len() < BROKEN_MAX {
            self.broken.push(Broken { line: self.lines, kind });
        }
    }

    fn call(&mut self, id: Option<&str>, tool: &str, main: &str, escalated: bool) {
        if self.calls.len() >= CALLS_MAX {
            self.more_calls = self.more_calls.saturating_add(1);
            return;
        }
        if let Some(id) = id {
            // The same message may stand in a log twice.
            if self.open.contains_key(id) {
                return;
            }
            self.open.insert(id.to_owned(), self.calls.len());
        }
        self.calls.push(ToolCall {
            log: self.log,
            tool: tool.to_owned(),
            main: main.chars().take(MAIN_MAX_CHARS).collect(),
            cwd: self.cwd.clone(),
            mode: self.mode.clone(),
            escalated,
            outcome: Outcome::Open,
        });
    }

    fn result(&mut self, id: Option<&str>, outcome: Outcome) {
        let call = id.and_then(|id| self.open.get(id)).and_then(|at| self.calls.get_mut(*at));
        if let Some(call) = call.filter(|call| call.outcome == Outcome::Open) {
            call.outcome = outcome;
        }
    }

    fn claude(&mut self, root: &Node) {
        let said = |key: &str| root.get(key).and_then(Node::as_text);
        if let Some(cwd) = said("cwd") {
            cwd.clone_into(&mut self.cwd);
        }
        if let Some(mode) = said("permissionMode") {
            mode.clone_into(&mut self.mode);
        }
        for block in root.at(&["message", "content"]).map(Node::items).unwrap_or_default().iter().take(BLOCKS_MAX) {
            let text = |key: &str| block.get(key).and_then(Node::as_text);
            match text("type") {
                Some("tool_use") => {
                    let input = |key: &&str| block.at(&["input", key]).and_then(Node::as_text);
                    let main = ["command", "file_path", "notebook_path", "path", "url", "query"].iter().find_map(input);
                    self.call(text("id"), text("name").unwrap_or("?"), main.unwrap_or_default(), false);
                }
                Some("tool_result") => {
                    let failed = block.get("is_error").is_some_and(|is| is.value == Value::Bool(true));
                    let outcome = if failed { claude_failure(&content(block)) } else { Outcome::Ran };
                    self.result(text("tool_use_id"), outcome);
                }
                _ => {}
            }
        }
    }

    fn codex(&mut self, root: &Node) {
        // Old rollouts have the item itself on the line.
        let item = root.get("payload").unwrap_or(root);
        let text = |key: &str| item.get(key).and_then(Node::as_text);
        if let Some("turn_context" | "session_meta") = root.get("type").and_then(Node::as_text) {
            if let Some(cwd) = text("cwd") {
                cwd.clone_into(&mut self.cwd);
            }
            if let Some(policy) = text("approval_policy") {
                policy.clone_into(&mut self.mode);
            }
            return;
        }
        match text("type") {
            Some("function_call") => {
                let read = read(Format::Json, text("arguments").unwrap_or_default().as_bytes(), 0);
                let arguments = read.root.unwrap_or(Node { value: Value::Null, span: item.span });
                let main = codex_command(&arguments);
                let escalated = arguments.get("sandbox_permissions").and_then(Node::as_text)
                    == Some("require_escalated")
                    || arguments.get("with_escalated_permissions").is_some_and(|is| is.value == Value::Bool(true));
                self.call(text("call_id"), text("name").unwrap_or("?"), &main, escalated);
            }
            Some("local_shell_call") => {
                let main = item.get("action").map(codex_command).unwrap_or_default();
                self.call(text("call_id"), "local_shell", &main, false);
            }
            Some("custom_tool_call") => self.call(text("call_id"), text("name").unwrap_or("?"), "", false),
            Some("function_call_output" | "custom_tool_call_output") => {
                let output = item.get("output").map(|output| match &output.value {
                    Value::Text(text) => text.clone(),
                    _ => output.get("content").and_then(Node::as_text).unwrap_or_default().to_owned(),
                });
                // What a program prints later does not count.
                let head: String = output.unwrap_or_default().chars().take(80).collect();
                let refused = head.starts_with("exec command rejected by user")
                    || head.starts_with("patch rejected by user")
                    || head.starts_with("rejected by user");
                self.result(text("call_id"), if refused { Outcome::Refused } else { Outcome::Ran });
            }
            _ => {}
        }
    }
}

/// What stands in a result: a text, or blocks of text.
fn content(block: &Node) -> String {
    match block.get("content") {
        Some(Node { value: Value::Text(text), .. }) => text.clone(),
        Some(list) => list.items().iter().filter_map(|one| one.get("text")?.as_text()).take(4).collect(),
        None => String::new(),
    }
}

/// Why a call of Claude Code failed.
fn claude_failure(text: &str) -> Outcome {
    let text = text.trim_start();
    if text.starts_with("The user doesn't want to")
        || (text.starts_with("Claude requested permissions") && text.contains("haven't granted"))
    {
        Outcome::Refused
    } else if (text.starts_with("Permission to use") && text.contains("denied")) || text.starts_with("PreToolUse:") {
        Outcome::Blocked
    } else {
        Outcome::Ran
    }
}

/// The command of a call of Codex; of `bash -lc "…"` what the shell is told.
fn codex_command(arguments: &Node) -> String {
    let given = arguments.get("command").or_else(|| arguments.get("cmd"));
    match given.map(|given| &given.value) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::List(_)) => {
            let words = given.map(Node::texts).unwrap_or_default();
            match words.as_slice() {
                [shell, flag, script] if shell.ends_with("sh") && flag.starts_with('-') && flag.ends_with('c') => {
                    (*script).to_owned()
                }
                words => words.join(" "),
            }
        }
        _ => String::new(),
    }
}
