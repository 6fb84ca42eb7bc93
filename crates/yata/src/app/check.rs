//! `yata app check`: what is not in the register, what nobody looks after, what is missing.

use jiff::Zoned;
use jiff::civil::Date;
use yata_agents::apps::{AppFinding, AppLevel, Detected, FoundApp, Kind, Rules};
use yata_model::{Message, Priority, Problem};

use super::args::{CheckArgs, CheckFormatArg};
use super::{canonical, formats, words};
use crate::view::style::Style;
use crate::view::text::{cut, pad, printable, wrap};
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

/// Pieces of evidence that are shown of one system.
const EVIDENCE_SHOWN: usize = 4;

/// What a check says.
pub(super) struct Answer<'a> {
    pub(super) today: Date,
    /// The register's file, as it is shown.
    pub(super) register: String,
    pub(super) findings: Vec<AppFinding>,
    pub(super) found: &'a [FoundApp],
    pub(super) problems: Vec<Problem>,
}

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    let scope = canonical(&args.path)?;
    let registered = super::open(&args.path, args.register.as_deref())?;
    terminal.progress.step(&Message::new("progress-walking"), 0, None);
    let today = args.as_of.unwrap_or_else(|| Zoned::now().date());
    let rules = Rules { today, unmaintained_after_days: args.unmaintained_after };
    let checked = super::checked(registered, &scope, rules);
    terminal.progress.clear();
    let mut problems: Vec<Problem> = checked.problems.into_iter().map(|(_, problem)| problem).collect();
    problems.dedup();
    let answer = Answer {
        today,
        register: checked.registered.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        findings: checked.findings,
        found: &checked.found,
        problems,
    };
    let text = match args.format {
        CheckFormatArg::Human => human(&answer, checked.registered.register.apps.len(), terminal),
        CheckFormatArg::Json => formats::json(&answer, terminal.lang)?,
        CheckFormatArg::Sarif => formats::sarif(&answer, terminal.lang)?,
    };
    output::write(&text, args.output.as_deref())?;
    Ok(if answer.problems.iter().any(Problem::is_gap) {
        EXIT_UNKNOWN
    } else if answer.findings.iter().any(|one| one.level > AppLevel::Note) {
        EXIT_FOUND
    } else {
        EXIT_CLEAR
    })
}

/// What a finding says, and what is to be done.
pub(super) fn texts(one: &AppFinding, lang: yata_words::Lang) -> (String, String) {
    let (title, fix) = words::kind(one.kind);
    let control = match one.kind {
        Kind::ControlMissing(control) => control.id,
        _ => "",
    };
    let with = |id: &str| {
        let said = if control.is_empty() { String::new() } else { yata_words::text(lang, words::control(control)) };
        let message = Message::new(id).with("control", said).with("id", control);
        let name = one.app.as_deref().unwrap_or(&one.path);
        let message = message.with("name", name).with("days", one.days.unwrap_or_default());
        yata_words::render(lang, &message.with("end", one.end.to_string()))
    };
    (with(title), with(fix))
}

fn human(answer: &Answer<'_>, apps: usize, terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    let mut last: Option<(&str, Option<&String>)> = None;
    for one in &answer.findings {
        let of = (one.path.as_str(), one.app.as_ref());
        if last != Some(of) {
            if last.is_some() {
                out.push('\n');
            }
            let name = one.app.as_deref().unwrap_or(&one.path);
            out.push_str(&format!("{}  {}\n", style.bold(&printable(name)), style.dim(&printable(&one.path))));
            last = Some(of);
        }
        finding(&mut out, one, answer, terminal);
    }
    if !answer.findings.is_empty() {
        out.push('\n');
    }
    problems(&mut out, &answer.problems, terminal);
    let counts = Message::new("app-checked")
        .with("apps", apps)
        .with("systems", answer.found.len())
        .with("findings", answer.findings.len())
        .with("day", answer.today.to_string());
    out.push_str(&style.bold(&yata_words::render(terminal.lang, &counts)));
    out.push('\n');
    out
}

fn finding(out: &mut String, one: &AppFinding, answer: &Answer<'_>, terminal: &Terminal) {
    let style = Style { color: terminal.color };
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let (title, fix) = texts(one, terminal.lang);
    let priority = match one.level {
        AppLevel::Error => Priority::Immediate,
        AppLevel::Warning => Priority::Scheduled,
        AppLevel::Note => Priority::Defer,
    };
    let level = style.priority(priority, &pad(&word(words::level(one.level)), 8));
    let id = if one.end < answer.today { "app-end-past" } else { "app-end" };
    let end = yata_words::render(terminal.lang, &Message::new(id).with("end", one.end.to_string()));
    out.push_str(&format!("  {level}  {}  {}\n", style.bold(&printable(&title)), style.dim(&end)));
    let room = terminal.columns.saturating_sub(14);
    for line in wrap(&printable(&fix), room) {
        out.push_str(&format!("            {line}\n"));
    }
    if one.kind == Kind::Unregistered
        && let Some(found) = answer.found.iter().find(|found| found.path == one.path)
    {
        evidence(out, &found.detected, one, terminal);
    }
}

fn evidence(out: &mut String, detected: &Detected, one: &AppFinding, terminal: &Terminal) {
    let style = Style { color: terminal.color };
    let agents: Vec<&str> = detected.agents.iter().copied().collect();
    let share = Message::new("app-share")
        .with("agents", agents.join(", "))
        .with("part", detected.agent_commits)
        .with("all", detected.commits)
        .with("marked", detected.marked_files)
        .with("confidence", yata_words::text(terminal.lang, words::confidence(one.confidence)));
    for line in wrap(&yata_words::render(terminal.lang, &share), terminal.columns.saturating_sub(14)) {
        out.push_str(&format!("            {line}\n"));
    }
    for piece in detected.evidence.iter().take(EVIDENCE_SHOWN) {
        let kind = yata_words::text(terminal.lang, words::evidence(piece.kind));
        let line = printable(format!("{kind}: {} ({})", piece.text, piece.place));
        out.push_str(&format!("            {}\n", style.dim(&cut(&line, terminal.columns.saturating_sub(14)))));
    }
}

/// What could not be read.
pub(super) fn problems(out: &mut String, problems: &[Problem], terminal: &Terminal) {
    if problems.is_empty() {
        return;
    }
    let style = Style { color: terminal.color };
    let head = Message::new("app-problems").with("count", problems.len());
    out.push_str(&format!("{}\n", style.warn(&yata_words::render(terminal.lang, &head))));
    for problem in problems {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let text = printable(yata_words::render(terminal.lang, &problem.message));
        out.push_str(&format!("  {}{line}  {text}\n", printable(&problem.subject)));
    }
    out.push('\n');
}
