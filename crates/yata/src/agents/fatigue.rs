//! `yata agents fatigue`: how often agents asked, how often somebody said yes, and which rules would help.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Value, json};
use yata_agents::fatigue::{
    Broken, BrokenKind, Danger, LINE_MAX_BYTES, Log, Session, Suggestion, Summary, ToolCall, read_only, summarise,
};
use yata_agents::rules::{List, Where, claude, parse};
use yata_hook::{Agent, Decision, Foresight};
use yata_model::Message;

use super::decided::Policy;
use super::seen::home;
use crate::cli::ListFormatArg;
use crate::view::style::Style;
use crate::view::text::{pad, printable, width};
use crate::{EXIT_CLEAR, EXIT_UNKNOWN, Terminal, output};

/// The most logs that are read, the newest first, the largest of them, and how deep their folders are.
const LOGS_MAX: usize = 2_000;
const LOG_MAX_BYTES: u64 = 256 << 20;
const LOG_MAX_MIB: usize = 256;
const DEPTH_MAX: usize = 6;
/// The largest settings file.
const SETTINGS_MAX_BYTES: u64 = 4 << 20;
/// Rows that are shown.
const ROWS_SHOWN: usize = 20;
/// The variable that allows the reading for good.
const ALLOWED: &str = "YATA_ALLOW_READING_LOGS";

#[derive(Debug, Args)]
pub(crate) struct FatigueArgs {
    #[arg(value_name = "FILE")]
    pub(crate) logs: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    #[arg(long)]
    pub(crate) allow_reading_logs: bool,
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ListFormatArg,
}

/// A log that was read.
struct Logged {
    path: PathBuf,
    broken: Vec<Broken>,
}

/// Something that was not read.
struct Gap {
    path: PathBuf,
    why: Message,
}

pub(super) fn run(args: &FatigueArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    let allowed = std::env::var(ALLOWED).is_ok_and(|value| value == "1" || value == "true");
    if !args.allow_reading_logs && !allowed {
        bail!(yata_words::render(terminal.lang, &Message::new("fatigue-not-allowed").with("variable", ALLOWED)));
    }
    let home = match &args.home {
        Some(home) => Some(home.canonicalize().with_context(|| format!("cannot resolve `{}`", home.display()))?),
        None => home(),
    };
    let (mut logs, mut gaps) = (Vec::new(), Vec::new());
    if args.logs.is_empty() {
        let Some(home) = &home else { bail!("cannot tell the home directory: --home") };
        find(&home.join(".claude/projects"), Log::ClaudeCode, 0, &mut logs);
        find(&home.join(".codex/sessions"), Log::Codex, 0, &mut logs);
        logs.sort_by(|a, b| b.cmp(a));
    } else {
        logs.extend(args.logs.iter().map(|path| (modified(path), path.clone(), kind(path))));
    }
    for (_, path, _) in logs.iter().skip(LOGS_MAX) {
        gaps.push(Gap { path: path.clone(), why: Message::new("fatigue-too-many").with("limit", LOGS_MAX) });
    }
    let (mut sessions, mut read) = (Vec::new(), Vec::new());
    for (n, (_, path, log)) in logs.iter().take(LOGS_MAX).enumerate() {
        terminal.progress.step(&Message::new("fatigue-reading"), n as u64, Some(logs.len().min(LOGS_MAX) as u64));
        match read_log(path, *log) {
            Ok(session) => {
                read.push(Logged { path: path.clone(), broken: session.broken.clone() });
                sessions.push(session);
            }
            Err(why) => gaps.push(Gap { path: path.clone(), why }),
        }
    }
    terminal.progress.clear();
    let mut rules = Rules { home: home.as_deref(), of: HashMap::new() };
    for call in sessions.iter().flat_map(|session| &session.calls) {
        rules.read(&call.cwd);
    }
    let home_text = home.as_deref().map(|home| home.to_string_lossy().into_owned()).unwrap_or_default();
    let policy = Policy::deployed(Path::new("/"))?;
    let foresight = policy.foresight()?;
    let danger = |call: &ToolCall| danger(&foresight, call, &home_text);
    let summary = summarise(&sessions, &home_text, &|call| rules.allow(call, &home_text), &danger);
    let text = match args.format {
        ListFormatArg::Human => human(&summary, &read, &gaps, terminal),
        ListFormatArg::Json => serde_json::to_string_pretty(&wire(&summary, &read, &gaps, terminal))? + "\n",
    };
    output::write(&text, None)?;
    Ok(if gaps.is_empty() && summary.broken == 0 && summary.more_calls == 0 { EXIT_CLEAR } else { EXIT_UNKNOWN })
}

/// What the hook would say of a call, and of what it would let pass, whether it only reads.
fn danger(foresight: &Foresight<'_>, call: &ToolCall, home: &str) -> Danger {
    let at = |text: &str, from: &str, to: &str| if from.len() > 1 { text.replace(from, to) } else { text.to_owned() };
    let main = at(&at(&call.main, &call.cwd, Foresight::PROJECT), home, Foresight::HOME);
    let (agent, key) = match (call.log, call.tool.as_str()) {
        (Log::Codex, _) => (Agent::Codex, "command"),
        (Log::ClaudeCode, "Bash") => (Agent::ClaudeCode, "command"),
        (Log::ClaudeCode, "WebFetch") => (Agent::ClaudeCode, "url"),
        (Log::ClaudeCode, _) => (Agent::ClaudeCode, "file_path"),
    };
    let tool = if call.is_shell() { "Bash" } else { &call.tool };
    match foresight.call(agent, tool, &json!({ key: main })).decision {
        Decision::Deny => Danger::Bad,
        Decision::Ask => Danger::Unknown,
        Decision::Allow => read_only(call),
    }
}

type Found = (std::time::SystemTime, PathBuf, Log);

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).and_then(|of| of.modified()).unwrap_or(std::time::UNIX_EPOCH)
}

/// Whose log a named file is, by its name: rollouts are Codex's.
fn kind(path: &Path) -> Log {
    let rollout = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rollout-"));
    if rollout { Log::Codex } else { Log::ClaudeCode }
}

fn find(folder: &Path, log: Log, depth: usize, logs: &mut Vec<Found>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // Links are not followed.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < DEPTH_MAX => find(&path, log, depth + 1, logs),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|end| end == "jsonl") => {
                logs.push((modified(&path), path, log));
            }
            _ => {}
        }
    }
}

fn read_log(path: &Path, log: Log) -> Result<Session, Message> {
    let failed = |_| Message::new("fatigue-unreadable");
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if length > LOG_MAX_BYTES {
        return Err(Message::new("fatigue-too-large").with("limit", LOG_MAX_MIB));
    }
    let mut reader = BufReader::new(file.take(LOG_MAX_BYTES));
    let mut session = Session::new(log);
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = LINE_MAX_BYTES as u64 + 2;
        if reader.by_ref().take(most).read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(session);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if line.len() > LINE_MAX_BYTES {
            session.long_line();
            skip_line(&mut reader).map_err(failed)?;
            continue;
        }
        session.line(&line);
    }
}

/// Goes to the end of a line without keeping it.
fn skip_line(reader: &mut impl std::io::BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (length, done) = match end {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(length);
        if done {
            return Ok(());
        }
    }
}

/// The allow rules of Claude Code as they stand now, by current directory.
struct Rules<'a> {
    home: Option<&'a Path>,
    of: HashMap<String, Vec<String>>,
}

impl Rules<'_> {
    fn read(&mut self, cwd: &str) {
        if self.of.contains_key(cwd) {
            return;
        }
        let mut files: Vec<PathBuf> = self.home.iter().map(|home| home.join(".claude/settings.json")).collect();
        if Path::new(cwd).is_absolute() {
            files
                .extend(["settings.json", "settings.local.json"].map(|name| Path::new(cwd).join(".claude").join(name)));
        }
        let mut rules = Vec::new();
        for file in files {
            let mut bytes = Vec::new();
            let read = File::open(file).and_then(|file| file.take(SETTINGS_MAX_BYTES).read_to_end(&mut bytes));
            let settings = read.ok().and_then(|_| serde_json::from_slice::<Value>(&bytes).ok()).unwrap_or_default();
            let allow = settings.pointer("/permissions/allow").and_then(Value::as_array);
            rules.extend(allow.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
        }
        self.of.insert(cwd.to_owned(), rules);
    }

    fn allow(&self, call: &ToolCall, home: &str) -> bool {
        if call.log != Log::ClaudeCode {
            return false;
        }
        let asked = claude::Call { tool: call.tool.clone(), main: call.main.clone(), params: Vec::new() };
        let place = Where { home, project: &call.cwd, base: "" };
        let rules = self.of.get(&call.cwd).map(Vec::as_slice).unwrap_or_default();
        rules.iter().any(|rule| claude::matches(&parse(rule), List::Allow, &asked, place))
    }
}

/// Why a line could not be read.
const fn broken_word(kind: BrokenKind) -> &'static str {
    match kind {
        BrokenKind::Malformed => "fatigue-line-malformed",
        BrokenKind::Long => "fatigue-line-long",
    }
}

fn wire(summary: &Summary, read: &[Logged], gaps: &[Gap], terminal: &Terminal) -> Value {
    let suggestion = |one: &Suggestion| json!({ "agent": one.log.name(), "rule": one.rule, "calls": one.calls });
    let rows = summary.rows.iter().map(|row| {
        json!({ "agent": row.log.name(), "tool": row.tool, "prefix": row.prefix, "calls": row.calls,
            "prompts": row.prompts, "approved": row.approved, "refused": row.refused, "blocked": row.blocked })
    });
    let broken = read.iter().flat_map(|log| {
        let line = |one: &Broken| json!({ "file": log.path, "line": one.line, "id": broken_word(one.kind) });
        log.broken.iter().map(line).collect::<Vec<_>>()
    });
    let gaps = gaps
        .iter()
        .map(|gap| json!({ "file": gap.path, "id": gap.why.id, "text": yata_words::render(terminal.lang, &gap.why) }));
    json!({
        "version": 1,
        "prompts_are_estimated": true,
        "sessions": summary.sessions,
        "calls": summary.calls,
        "unguarded": summary.unguarded,
        "prompts": summary.prompts,
        "approved": summary.approved,
        "refused": summary.refused,
        "blocked": summary.blocked,
        "approved_percent": summary.approved_percent(),
        "rows": rows.collect::<Vec<_>>(),
        "allow": summary.allow.iter().map(suggestion).collect::<Vec<_>>(),
        "deny": summary.deny.iter().map(suggestion).collect::<Vec<_>>(),
        "bad_without_rule": summary.bad_without_rule,
        "broken": summary.broken,
        "broken_lines": broken.collect::<Vec<_>>(),
        "more_calls": summary.more_calls,
        "problems": gaps.collect::<Vec<_>>(),
    })
}

fn human(summary: &Summary, read: &[Logged], gaps: &[Gap], terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let render = |message: &Message| yata_words::render(terminal.lang, message);
    let mut out = table(summary, terminal);
    let parts = [("fatigue-allow", &summary.allow, "fatigue-spares"), ("fatigue-deny", &summary.deny, "fatigue-stops")];
    for (head, all, says) in parts.into_iter().filter(|(_, all, _)| !all.is_empty()) {
        out.push_str(&format!("\n{}\n", style.bold(&render(&Message::new(head)))));
        for one in all.iter().take(ROWS_SHOWN) {
            let says = render(&Message::new(says).with("count", one.calls));
            out.push_str(&format!(
                "  {}  {}\n",
                printable(&one.rule),
                style.dim(&format!("{} · {says}", one.log.name()))
            ));
        }
    }
    out.push('\n');
    for gap in gaps {
        out.push_str(&style.warn(&format!("{}: {}\n", printable(gap.path.display()), render(&gap.why))));
    }
    for log in read {
        for one in &log.broken {
            let why = render(&Message::new(broken_word(one.kind)));
            out.push_str(&style.warn(&format!("{}:{}: {why}\n", printable(log.path.display()), one.line)));
        }
    }
    if summary.bad_without_rule > 0 {
        let message = Message::new("fatigue-bad-without-rule").with("count", summary.bad_without_rule);
        out.push_str(&format!("{}\n", render(&message)));
    }
    if summary.unguarded > 0 {
        out.push_str(&format!("{}\n", render(&Message::new("fatigue-unguarded").with("count", summary.unguarded))));
    }
    let message = Message::new("fatigue-total")
        .with("sessions", summary.sessions)
        .with("calls", summary.calls)
        .with("prompts", summary.prompts)
        .with("approved", summary.approved)
        .with("refused", summary.refused)
        .with("percent", summary.approved_percent().map_or_else(|| "-".to_owned(), |percent| percent.to_string()));
    out.push_str(&format!(
        "{}\n{}\n",
        style.bold(&render(&message)),
        style.dim(&render(&Message::new("fatigue-estimate")))
    ));
    out
}

fn table(summary: &Summary, terminal: &Terminal) -> String {
    let heads = [
        "fatigue-label-agent",
        "fatigue-label-what",
        "fatigue-label-calls",
        "fatigue-label-prompts",
        "fatigue-label-approved",
        "fatigue-label-refused",
        "fatigue-label-blocked",
    ];
    let mut rows = vec![heads.map(|id| yata_words::text(terminal.lang, id))];
    for row in summary.rows.iter().filter(|row| row.prompts + row.blocked > 0).take(ROWS_SHOWN) {
        let what = if row.prefix.is_empty() { row.tool.clone() } else { format!("{}: {}", row.tool, row.prefix) };
        let counts = [row.calls, row.prompts, row.approved, row.refused, row.blocked].map(|count| count.to_string());
        let [calls, prompts, approved, refused, blocked] = counts;
        rows.push([row.log.name().to_owned(), printable(what), calls, prompts, approved, refused, blocked]);
    }
    if rows.len() == 1 {
        return String::new();
    }
    let longest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0);
    let columns: Vec<usize> = (0..heads.len()).map(longest).collect();
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&columns).map(|(cell, columns)| pad(cell, *columns)).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}
