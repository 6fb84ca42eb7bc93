//! `yata hook`: the hook in an agent's settings, its log, and what went past it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use serde_json::json;
use yata_hook::install::{Change, Line, Program, Roots, Scope, Standing, diff, install, standing, uninstall};
use yata_hook::{Agent, Coverage, EpochCheckup, Log, Place, Surroundings, coverage, project};
use yata_ledger::entry::Entry;
use yata_model::Message;
use yata_words::{Lang, render as words, text};

use crate::cli::{AgentArg, HookLogVerb, HookVerb, ListFormatArg, ScopeArg};
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

/// The folder of the machine's settings.
const MACHINE: &str = "/etc";

/// Most findings of one log that are named.
const MAX_NAMED_FINDINGS: usize = 20;

/// The answer to an agent (`yata hook AGENT`): before the command line is read, so that nobody waits for more than the
/// decision. None where something else was asked for.
pub(crate) fn answered(args: &[OsString]) -> Option<u8> {
    let mut words = args.iter().skip(1);
    let is_hook = words.next().is_some_and(|word| word == "hook");
    let rest: Vec<OsString> = words.cloned().collect();
    let agent = rest.first().and_then(|word| word.to_str()).and_then(Agent::of);
    (is_hook && agent.is_some()).then(|| yata_hook::run(&rest))
}

pub(crate) fn run(verb: HookVerb, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        HookVerb::Install { agent, scope, dry_run } => {
            let (roots, program) = (roots()?, program()?);
            change(&agent, dry_run, terminal, |agent| Ok(install(agent, scope.scope(), &roots, &program)?))
        }
        HookVerb::Uninstall { agent, scope, dry_run } => {
            let roots = roots()?;
            change(&agent, dry_run, terminal, |agent| Ok(uninstall(agent, scope.scope(), &roots)?))
        }
        HookVerb::Status { format } => status(format, terminal),
        HookVerb::Coverage { format } => covered(format, terminal),
        HookVerb::Log { verb: None, last, format } => show(last, format, terminal),
        HookVerb::Log { verb: Some(HookLogVerb::Verify), format, .. } => verify(format, terminal),
        HookVerb::Log { verb: Some(HookLogVerb::Checkpoint), .. } => checkpoint(terminal),
    }
}

fn place() -> Place {
    Place::find(&Surroundings::of_this_process())
}

fn log() -> Log {
    Log::at(&place().state.join("log"))
}

fn roots() -> anyhow::Result<Roots> {
    let home = place().home;
    if home.is_empty() {
        bail!("cannot tell whose settings: HOME is not set");
    }
    let here = std::env::current_dir().context("cannot tell the working directory")?;
    let project = PathBuf::from(project(&here.to_string_lossy()));
    Ok(Roots { home: PathBuf::from(home), project, machine: PathBuf::from(MACHINE) })
}

/// The small program where it lies beside this one, else this one.
fn program() -> anyhow::Result<Program> {
    let own = std::env::current_exe().context("cannot tell where this program is")?;
    let small = own.with_file_name(if cfg!(windows) { "yata-hook.exe" } else { "yata-hook" });
    if small.is_file() {
        Ok(Program { path: small, before: Vec::new() })
    } else {
        Ok(Program { path: own, before: vec!["hook".to_owned()] })
    }
}

/// Shows what changes in each file, and writes it unless it is only to be shown.
fn change(
    agents: &[AgentArg],
    dry_run: bool,
    terminal: &Terminal,
    make: impl Fn(Agent) -> anyhow::Result<Change>,
) -> anyhow::Result<u8> {
    // All of them can be made before any is written.
    let changes =
        agents.iter().map(|agent| Ok((agent.agent(), make(agent.agent())?))).collect::<anyhow::Result<Vec<_>>>()?;
    for (agent, change) in changes {
        let path = printable(change.path.display().to_string());
        let named = |id: &str| {
            words(terminal.lang, &Message::new(id).with("agent", agent.as_str()).with("path", path.as_str()))
        };
        if !change.is_needed() || (change.before.is_none() && change.after.is_empty()) {
            output::write(&(named("hook-install-nothing") + "\n"), None)?;
            continue;
        }
        output::write(&(path.clone() + "\n" + &shown(&change)), None)?;
        if dry_run {
            output::write(&(named("hook-install-dry-run") + "\n"), None)?;
            continue;
        }
        let kept = change.write()?;
        output::write(&(named("hook-install-written") + "\n"), None)?;
        if let Some(kept) = kept {
            let message = Message::new("hook-install-kept").with("path", printable(kept.display().to_string()));
            output::write(&(words(terminal.lang, &message) + "\n"), None)?;
        }
        if agent == Agent::Codex {
            output::write(&(text(terminal.lang, "hook-install-codex-trust") + "\n"), None)?;
        }
    }
    Ok(EXIT_CLEAR)
}

fn shown(change: &Change) -> String {
    let before = change.before.as_deref().unwrap_or_default();
    let line = |line: &Line<'_>| match line {
        Line::Same(line) => format!("    {}\n", printable(*line)),
        Line::Gone(line) => format!("  - {}\n", printable(*line)),
        Line::New(line) => format!("  + {}\n", printable(*line)),
        Line::Skip => "    …\n".to_owned(),
    };
    diff(before, &change.after).iter().map(line).collect()
}

/// Where each agent has the hook, which policy decides, and how the log stands.
fn status(format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let (place, roots, program) = (place(), roots()?, program()?);
    let mut rows = Vec::new();
    for agent in Agent::ALL {
        for (name, scope) in [("user", Scope::User), ("project", Scope::Project), ("managed", Scope::Managed)] {
            let row = match standing(agent, scope, &roots, &program) {
                Ok(Standing::Installed) => "hook-status-installed",
                Ok(Standing::Partly) => "hook-status-partly",
                Ok(Standing::Absent) => continue,
                Err(yata_hook::install::InstallError::NoSuchScope { .. }) => continue,
                Err(_) => "hook-status-unreadable",
            };
            rows.push((agent, name, row));
        }
    }
    let policy = yata_hook::policy_status(&place);
    if format == ListFormatArg::Json {
        let agents: Vec<_> = rows
            .iter()
            .map(|(agent, scope, row)| {
                json!({"agent": agent.as_str(), "scope": scope, "standing": row.trim_start_matches("hook-status-")})
            })
            .collect();
        let (source, version, problem) = (&policy.source, &policy.version, &policy.problem);
        let document = json!({
            "agents": agents, "state": place.state, "managed": place.managed,
            "policy": {"source": source, "version": version, "problem": problem}, "settings-problem": place.problem,
        });
        output::write(&format!("{document:#}\n"), None)?;
    } else {
        let mut out = String::new();
        if rows.is_empty() {
            out.push_str(&(text(terminal.lang, "hook-status-nowhere") + "\n"));
        }
        for (agent, scope, row) in &rows {
            out.push_str(&format!("{:<12} {scope:<8} {}\n", agent.as_str(), text(terminal.lang, row)));
        }
        let message = match &policy.problem {
            Some(problem) => Message::new("hook-status-policy-broken").with("problem", printable(problem.as_str())),
            None => Message::new("hook-status-policy")
                .with("source", printable(policy.source.as_str()))
                .with("version", policy.version.chars().take(12).collect::<String>()),
        };
        out.push_str(&(words(terminal.lang, &message) + "\n"));
        if let Some(problem) = &place.problem {
            let message = Message::new("hook-status-settings-broken").with("problem", printable(problem.as_str()));
            out.push_str(&(words(terminal.lang, &message) + "\n"));
        }
        let message =
            Message::new("hook-status-log").with("path", printable(place.state.join("log").display().to_string()));
        out.push_str(&(words(terminal.lang, &message) + "\n"));
        output::write(&out, None)?;
    }
    Ok(if policy.problem.is_some() || place.problem.is_some() { EXIT_UNKNOWN } else { EXIT_CLEAR })
}

fn show(last: usize, format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let mut out = String::new();
    for line in log().last(last)? {
        match format {
            ListFormatArg::Json => out.push_str(&String::from_utf8_lossy(&line)),
            ListFormatArg::Human => out.push_str(&human(&line, terminal.lang)),
        }
        out.push('\n');
    }
    output::write(&out, None)?;
    Ok(EXIT_CLEAR)
}

/// One entry on one line, and the reason on the next.
fn human(line: &[u8], lang: Lang) -> String {
    let Ok(entry) = Entry::parse(line) else { return "?".to_owned() };
    let time = Timestamp::from_millisecond(entry.time).map(|time| format!("{time:.0}")).unwrap_or_default();
    let what = text(lang, &entry.message);
    let thing = entry.resources.first().map(|thing| format!("  {} {}", thing.kind, thing.name)).unwrap_or_default();
    let first = printable(format!("{time}  {}  {what}{thing}", entry.actor.user.name));
    match entry.unmapped.why {
        Some(why) => format!("{first}\n    {}", printable(why)),
        None => first,
    }
}

fn verify(format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let checkup = log().check()?;
    let overdue = checkup.is_overdue(Timestamp::now().as_millisecond());
    let holds = checkup.holds() && !overdue;
    let entries: u64 = checkup.epochs.iter().map(|epoch| epoch.report.entries).sum();
    if format == ListFormatArg::Json {
        let epochs: Vec<_> = checkup.epochs.iter().map(epoch_json).collect();
        let document =
            json!({"holds": holds, "entries": entries, "waiting": checkup.waiting, "overdue": overdue, "logs": epochs});
        output::write(&format!("{document:#}\n"), None)?;
    } else {
        let mut out = String::new();
        for epoch in &checkup.epochs {
            epoch_lines(epoch, terminal.lang, &mut out);
        }
        if overdue {
            let message = Message::new("hook-log-overdue").with("waiting", number(checkup.waiting as u64));
            out.push_str(&(words(terminal.lang, &message) + "\n"));
        }
        let id = if holds { "hook-log-holds" } else { "hook-log-broken" };
        let message = Message::new(id).with("entries", number(entries));
        out.push_str(&(words(terminal.lang, &message) + "\n"));
        if entries > 0 && checkup.epochs.iter().all(|epoch| epoch.report.checkpoints.is_empty()) {
            out.push_str(&(text(terminal.lang, "hook-log-unsigned") + "\n"));
        }
        output::write(&out, None)?;
    }
    Ok(match (holds, entries) {
        (false, _) => EXIT_FOUND,
        (true, 0) => EXIT_UNKNOWN,
        (true, _) => EXIT_CLEAR,
    })
}

fn epoch_json(epoch: &EpochCheckup) -> serde_json::Value {
    let findings: Vec<String> = epoch.findings().map(ToString::to_string).collect();
    json!({
        "log": epoch.epoch, "entries": epoch.report.entries, "head-holds": epoch.head_holds(), "proven": epoch.report.proven,
        "root": epoch.report.root.map(|root| root.to_string()), "findings": findings,
    })
}

fn epoch_lines(epoch: &EpochCheckup, lang: Lang, out: &mut String) {
    if !epoch.head_holds() {
        let message = Message::new("hook-log-head-differs").with("log", i64::from(epoch.epoch));
        out.push_str(&(words(lang, &message) + "\n"));
    }
    for finding in epoch.findings().take(MAX_NAMED_FINDINGS) {
        out.push_str(&format!("- {}\n", printable(words(lang, &finding.message()))));
    }
}

fn checkpoint(terminal: &Terminal) -> anyhow::Result<u8> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system has no random numbers")?;
    match log().checkpoint(Timestamp::now().as_millisecond(), &seed)? {
        Some(note) => {
            output::write(&note, None)?;
            Ok(EXIT_CLEAR)
        }
        None => {
            output::write(&(text(terminal.lang, "hook-log-none") + "\n"), None)?;
            Ok(EXIT_UNKNOWN)
        }
    }
}

fn covered(format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let found = coverage(Path::new(&place().home), &log())?;
    let out = match format {
        ListFormatArg::Json => format!("{:#}\n", serde_json::Value::Array(found.iter().map(coverage_json).collect())),
        ListFormatArg::Human => found.iter().map(|one| coverage_lines(one, terminal.lang)).collect(),
    };
    output::write(&out, None)?;
    let missed = found.iter().any(|one| !one.missed.is_empty());
    let unread = found.iter().any(|one| !one.unread.is_empty());
    Ok(if unread {
        EXIT_UNKNOWN
    } else if missed {
        EXIT_FOUND
    } else {
        EXIT_CLEAR
    })
}

fn coverage_json(one: &Coverage) -> serde_json::Value {
    let missed: Vec<_> = one
        .missed
        .iter()
        .map(|call| {
            json!({
                "time": call.time_ms.and_then(|time| Timestamp::from_millisecond(time).ok()).map(|time| time.to_string()),
                "call": call.call, "tool": call.tool, "target": call.target, "transcript": call.transcript,
            })
        })
        .collect();
    json!({
        "agent": one.agent.as_str(), "transcripts": one.transcripts, "calls": one.calls, "decided": one.decided,
        "before": one.before, "unrun": one.unrun, "missed": missed, "more": one.more, "unread": one.unread,
    })
}

fn coverage_lines(one: &Coverage, lang: Lang) -> String {
    let message = Message::new("hook-coverage-agent")
        .with("agent", one.agent.as_str())
        .with("transcripts", one.transcripts)
        .with("calls", number(one.calls))
        .with("decided", number(one.decided))
        .with("before", number(one.before))
        .with("unrun", number(one.unrun))
        .with("missed", number(one.missed.len() as u64 + one.more));
    let mut out = words(lang, &message) + "\n";
    for call in &one.missed {
        let time = call.time_ms.and_then(|time| Timestamp::from_millisecond(time).ok());
        let time = time.map(|time| format!("{time:.0}")).unwrap_or_else(|| "?".to_owned());
        out.push_str(&printable(format!("  {time}  {}  {}  {}", call.tool, call.target, call.transcript.display())));
        out.push('\n');
    }
    for file in &one.unread {
        let message = Message::new("hook-coverage-unread").with("path", printable(file.display().to_string()));
        out.push_str(&(words(lang, &message) + "\n"));
    }
    out
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl AgentArg {
    fn agent(self) -> Agent {
        match self {
            AgentArg::ClaudeCode => Agent::ClaudeCode,
            AgentArg::Codex => Agent::Codex,
            AgentArg::Cursor => Agent::Cursor,
            AgentArg::GeminiCli => Agent::Gemini,
            AgentArg::Copilot => Agent::Copilot,
            AgentArg::Windsurf => Agent::Windsurf,
            AgentArg::Devin => Agent::Devin,
            AgentArg::Antigravity => Agent::Antigravity,
        }
    }
}

impl ScopeArg {
    fn scope(self) -> Scope {
        match self {
            ScopeArg::User => Scope::User,
            ScopeArg::Project => Scope::Project,
            ScopeArg::Managed => Scope::Managed,
        }
    }
}
