//! Which calls of an agent went past the hook: its own transcripts beside the log of the machine.
//!
//! Formats: Claude Code writes one JSON object a line under `~/.claude/projects`, with the calls among the content of the
//! assistant's messages (`tool_use`, `id`); Codex writes `response_item` lines under `~/.codex/sessions`, with `call_id`.
//! Both ids are what the hook gets as `tool_use_id`. In Codex's code mode the model writes a script instead (`exec`), whose
//! calls have ids of their own and stand in the transcript as items that were completed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use yata_ledger::entry::Entry;

use crate::agent::Agent;
use crate::install;
use crate::log::{Log, LogError};
use crate::redact;
use crate::say::short;
use crate::state;

/// Most transcripts that are read.
const MAX_TRANSCRIPTS: usize = 50_000;

/// Most bytes of a transcript.
const MAX_TRANSCRIPT_BYTES: u64 = 512 * 1024 * 1024;

/// Most levels of folders below the one with the transcripts.
const MAX_DEPTH: usize = 8;

/// Most calls that are named; the rest are counted.
pub const MAX_NAMED: usize = 10_000;

/// Most characters of a name that a transcript gives.
const MAX_NAME_CHARS: usize = 100;

/// A call in a transcript that the log does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// When, in milliseconds since 1970; none where the transcript does not say.
    pub time_ms: Option<i64>,
    /// The id of the call.
    pub call: String,
    /// The tool, in the agent's own word.
    pub tool: String,
    /// What it was about, redacted.
    pub target: String,
    /// The transcript.
    pub transcript: PathBuf,
}

/// What the transcripts of one agent say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The agent.
    pub agent: Agent,
    /// Transcripts that were read.
    pub transcripts: usize,
    /// Calls in them.
    pub calls: u64,
    /// Calls that the hook decided.
    pub decided: u64,
    /// Calls before the first one that the hook decided, which it therefore could not see.
    pub before: u64,
    /// Calls that the agent itself refused before it asked any hook: their input was not what the tool takes.
    pub unrun: u64,
    /// Calls that went past it, at most [`MAX_NAMED`].
    pub missed: Vec<Missed>,
    /// Further ones.
    pub more: u64,
    /// Transcripts or lines that could not be read, by file: what stands there is not known.
    pub unread: Vec<PathBuf>,
}

/// One call in a transcript.
struct Call {
    id: String,
    tool: String,
    target: String,
    time_ms: Option<i64>,
}

/// The decisions of the log: ids of calls by agent, and the time of the first.
#[derive(Default)]
struct Decided {
    calls: BTreeMap<String, BTreeSet<String>>,
    first_ms: BTreeMap<String, i64>,
}

/// Compares the transcripts of Claude Code and Codex below a person's folder with the log.
///
/// # Errors
/// The log cannot be read.
pub fn coverage(home: &Path, log: &Log) -> Result<Vec<Coverage>, LogError> {
    let mut decided = Decided::default();
    log.each(|line| decided.take(line))?;
    let places = [(Agent::ClaudeCode, home.join(".claude/projects")), (Agent::Codex, home.join(".codex/sessions"))];
    for (agent, _) in &places {
        if let Some(since_ms) = install::since_ms(*agent, home) {
            decided.first_ms.entry(agent.as_str().to_owned()).or_insert(since_ms);
        }
    }
    Ok(places.into_iter().map(|(agent, folder)| of_agent(agent, &folder, &decided)).collect())
}

impl Decided {
    fn take(&mut self, line: &[u8]) {
        let Ok(entry) = Entry::parse(line) else { return };
        let decisions = ["hook.allowed", "hook.asked", "hook.denied"];
        if !entry.api.as_ref().is_some_and(|api| decisions.contains(&api.operation.as_str())) {
            return;
        }
        let agent = entry.actor.user.name;
        let first = self.first_ms.entry(agent.clone()).or_insert(entry.time);
        *first = (*first).min(entry.time);
        if let Some(call) = entry.resources.into_iter().next().filter(|call| !call.uid.is_empty()) {
            self.calls.entry(agent).or_default().insert(call.uid);
        }
    }
}

fn of_agent(agent: Agent, folder: &Path, decided: &Decided) -> Coverage {
    let mut coverage = Coverage {
        agent,
        transcripts: 0,
        calls: 0,
        decided: 0,
        before: 0,
        unrun: 0,
        missed: Vec::new(),
        more: 0,
        unread: Vec::new(),
    };
    let known = decided.calls.get(agent.as_str());
    let first_ms = decided.first_ms.get(agent.as_str()).copied();
    let mut files = Vec::new();
    transcripts(folder, 0, &mut files);
    files.sort();
    // A session that was resumed or forked has the calls of the one before in its transcript too.
    let mut seen = BTreeSet::new();
    for file in files {
        coverage.transcripts += 1;
        let Ok(Some(bytes)) = state::read(&file, MAX_TRANSCRIPT_BYTES) else {
            coverage.unread.push(file);
            continue;
        };
        let (mut found, mut unrun) = (Vec::new(), BTreeSet::new());
        for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace)) {
            let Ok(line) = serde_json::from_slice::<Value>(line) else {
                if coverage.unread.last() != Some(&file) {
                    coverage.unread.push(file.clone());
                }
                continue;
            };
            found.extend(calls(agent, &line).into_iter().filter(|call| seen.insert(call.id.clone())));
            unrun.extend(refused(agent, &line));
        }
        for call in found {
            let is_unrun = unrun.contains(&call.id);
            coverage.take(call, is_unrun, known, first_ms, &file);
        }
    }
    coverage
}

impl Coverage {
    fn take(
        &mut self,
        call: Call,
        is_unrun: bool,
        known: Option<&BTreeSet<String>>,
        first_ms: Option<i64>,
        file: &Path,
    ) {
        self.calls += 1;
        if known.is_some_and(|known| known.contains(&call.id)) {
            self.decided += 1;
        } else if is_unrun {
            self.unrun += 1;
        } else if first_ms.is_none_or(|first| call.time_ms.is_some_and(|time| time < first)) {
            self.before += 1;
        } else if self.missed.len() < MAX_NAMED {
            let Call { id, tool, target, time_ms } = call;
            self.missed.push(Missed { time_ms, call: id, tool, target, transcript: file.to_owned() });
        } else {
            self.more += 1;
        }
    }
}

fn transcripts(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(found) = std::fs::read_dir(folder) else { return };
    for entry in found.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if files.len() >= MAX_TRANSCRIPTS {
            return;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            transcripts(&path, depth + 1, files);
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
}

/// The calls that one line of a transcript tells of.
fn calls(agent: Agent, line: &Value) -> Vec<Call> {
    let time = line.get("timestamp").and_then(Value::as_str);
    let time_ms = time.and_then(|time| time.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_millisecond);
    let call = |id: &Value, tool: &str, target: String| {
        let id = id.as_str().filter(|id| !id.is_empty())?;
        Some(Call { id: short(id, MAX_NAME_CHARS), tool: short(tool, MAX_NAME_CHARS), target, time_ms })
    };
    match agent {
        Agent::ClaudeCode => {
            let content = line.get("message").and_then(|message| message.get("content")).and_then(Value::as_array);
            let uses = content.into_iter().flatten().filter(|part| {
                matches!(part.get("type").and_then(Value::as_str), Some("tool_use" | "server_tool_use"))
            });
            uses.filter_map(|part| {
                let tool = part.get("name").and_then(Value::as_str).unwrap_or_default();
                let target = part.get("input").map(|input| redact::target(tool, input)).unwrap_or_default();
                call(part.get("id")?, tool, target)
            })
            .collect()
        }
        Agent::Codex => {
            let Some(payload) = line.get("payload") else { return Vec::new() };
            codex(payload, &call).or_else(|| codex_item(payload.get("item")?, &call)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The ids of calls that Claude Code did not run, as their input was not what the tool takes: no hook is asked about them.
/// What a tool itself puts out when it fails begins otherwise.
fn refused(agent: Agent, line: &Value) -> Vec<String> {
    let content = line.get("message").and_then(|message| message.get("content")).and_then(Value::as_array);
    let parts = content.into_iter().flatten().filter(|part| {
        agent == Agent::ClaudeCode
            && part.get("type").and_then(Value::as_str) == Some("tool_result")
            && part.get("is_error") == Some(&Value::Bool(true))
            && part.get("content").and_then(Value::as_str).is_some_and(|text| text.starts_with("<tool_use_error>"))
    });
    parts.filter_map(|part| Some(short(part.get("tool_use_id")?.as_str()?, MAX_NAME_CHARS))).collect()
}

/// A `response_item` of Codex, if it is a call.
fn codex(payload: &Value, call: &impl Fn(&Value, &str, String) -> Option<Call>) -> Option<Call> {
    let kind = payload.get("type").and_then(Value::as_str)?;
    let id = payload.get("call_id").or_else(|| payload.get("id"))?;
    let name = payload.get("name").and_then(Value::as_str);
    match kind {
        // It waits for a script.
        "function_call" if name == Some("wait") => None,
        "function_call" => {
            let arguments = payload.get("arguments").and_then(Value::as_str).unwrap_or_default();
            let input: Value = serde_json::from_str(arguments).unwrap_or_default();
            call(id, name?, words(&input).unwrap_or_else(|| redact::target(name.unwrap_or_default(), &input)))
        }
        // A script: its calls stand as items.
        "custom_tool_call" if name == Some("exec") => {
            let script = payload.get("input").and_then(Value::as_str).unwrap_or_default();
            let past = unhooked(script);
            (!past.is_empty()).then(|| call(id, "exec", past.into_iter().collect::<Vec<_>>().join(" "))).flatten()
        }
        "custom_tool_call" => {
            let patch = payload.get("input").and_then(Value::as_str).unwrap_or_default();
            call(id, name?, redact::target("apply_patch", &serde_json::json!({ "command": patch })))
        }
        "local_shell_call" => call(id, "local_shell", payload.get("action").and_then(words).unwrap_or_default()),
        "web_search_call" => {
            let query = payload.pointer("/action/query").and_then(Value::as_str).unwrap_or_default();
            call(id, "web_search", redact::text(query))
        }
        _ => None,
    }
}

/// A command that is given word by word.
fn words(input: &Value) -> Option<String> {
    let words = input.get("command")?.as_array()?;
    Some(redact::text(&words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")))
}

/// A completed item of Codex, if it is a call.
fn codex_item(item: &Value, call: &impl Fn(&Value, &str, String) -> Option<Call>) -> Option<Call> {
    let id = item.get("id")?;
    match item.get("type").and_then(Value::as_str)? {
        "CommandExecution" => call(id, "exec_command", words(item).unwrap_or_default()),
        "FileChange" => {
            let files = item.get("changes").and_then(Value::as_object)?;
            call(id, "apply_patch", redact::text(&files.keys().map(String::as_str).collect::<Vec<_>>().join(" ")))
        }
        "McpToolCall" => {
            let part = |name| item.get(name).and_then(Value::as_str).unwrap_or_default();
            call(id, &format!("mcp__{}__{}", part("server"), part("tool")), String::new())
        }
        _ => None,
    }
}

/// What a script of Codex's code mode may call without any hook being asked: tools that have none, and `…` where it does
/// not name a tool in plain words.
fn unhooked(script: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let mut found = BTreeSet::new();
    let mut rest = script;
    while let Some((before, after)) = rest.split_once("tools") {
        rest = after;
        if before.ends_with(is_part) || after.starts_with(is_part) {
            continue;
        }
        let name = after.strip_prefix('.').and_then(|after| after.split(|c| !is_part(c)).next());
        match name {
            Some("write_stdin") => found.insert("write_stdin"),
            Some(name) if !name.is_empty() => false,
            _ => found.insert("…"),
        };
    }
    // Ways to the tools that do not say `tools`, and letters that are written otherwise.
    if ["globalThis", "eval", "Function", "constructor", "import", "\\u", "\\x"].iter().any(|way| script.contains(way))
    {
        found.insert("…");
    }
    found
}
