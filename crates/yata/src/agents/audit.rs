//! `yata agents audit`: what is wrong, grouped by file.

use std::collections::BTreeMap;

use anyhow::bail;
use yata_agents::{Agent, AgentFinding, Severity};
use yata_model::{Message, Priority, Problem};

use super::checks::{confidence_id, severity_id};
use super::fix;
use super::formats::{self, ids, texts};
use super::seen::{self, Seen};
use crate::cli::{AuditArgs, AuditFormatArg};
use crate::view::style::Style;
use crate::view::text::{cut, pad, printable, wrap};
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

/// The severities, the worst first.
pub(super) const SEVERITIES: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

pub(super) fn run(args: &AuditArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    let agents = agents(&args.agent)?;
    let mut seen = seen::look(&args.look, args.organisation.as_deref(), terminal)?;
    narrow(&mut seen, &agents);
    if args.fix {
        seen = fix::run(seen, &agents, args.yes, terminal)?;
    }
    let text = match args.format {
        AuditFormatArg::Human => human(&seen, terminal),
        AuditFormatArg::Json => formats::json(&seen, terminal.lang)?,
        AuditFormatArg::Sarif => formats::sarif(&seen, terminal.lang)?,
        AuditFormatArg::Markdown => formats::markdown(&seen, terminal.lang),
    };
    output::write(&text, args.output.as_deref())?;
    Ok(exit_code(&seen, args))
}

/// 2 where something could not be read: an incomplete answer is never "nothing found".
fn exit_code(seen: &Seen, args: &AuditArgs) -> u8 {
    if seen.problems.iter().any(Problem::is_gap) {
        EXIT_UNKNOWN
    } else if seen.findings.iter().any(|finding| args.fail_on.reached_by(finding.severity)) {
        EXIT_FOUND
    } else {
        EXIT_CLEAR
    }
}

fn agents(names: &[String]) -> anyhow::Result<Vec<Agent>> {
    let mut agents = Vec::new();
    for name in names {
        match Agent::named(name) {
            Some(agent) => agents.push(agent),
            None => {
                let known: Vec<&str> = Agent::all().map(Agent::name).collect();
                bail!("there is no agent `{name}`: the names are {}", known.join(", "));
            }
        }
    }
    Ok(agents)
}

/// Keeps the findings of some agents; of all where none is named.
pub(super) fn narrow(seen: &mut Seen, agents: &[Agent]) {
    if !agents.is_empty() {
        seen.findings.retain(|finding| finding.agent.is_some_and(|agent| agents.contains(&agent)));
    }
}

fn human(seen: &Seen, terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let mut out = String::new();
    let mut groups: BTreeMap<(String, &str), Vec<&AgentFinding>> = BTreeMap::new();
    for finding in &seen.findings {
        groups.entry((seen.place(finding), finding.scope.name())).or_default().push(finding);
    }
    for ((place, scope), findings) in &groups {
        let agent = findings.iter().find_map(|finding| finding.agent).map_or("", Agent::name);
        let owner = findings.first().and_then(|finding| seen.file(finding)?.owner.clone());
        let mut about: Vec<String> = vec![agent.to_owned(), scope_word(scope, terminal)];
        about.extend(
            owner.map(|owner| yata_words::render(terminal.lang, &Message::new("agents-owned-by").with("owner", owner))),
        );
        about.retain(|part| !part.is_empty());
        let name = if place.is_empty() { word("agents-the-machine") } else { printable(place) };
        out.push_str(&format!("{}  {}\n", style.bold(&name), style.dim(&format!("({})", printable(about.join(", "))))));
        for finding in findings {
            one(&mut out, finding, terminal);
        }
        out.push('\n');
    }
    summary(&mut out, seen, groups.len(), terminal);
    out
}

/// The word for a scope.
pub(super) fn scope_word(scope: &str, terminal: &Terminal) -> String {
    let id = match scope {
        "managed" => "agents-scope-managed",
        "system" => "agents-scope-system",
        "user" => "agents-scope-user",
        "plugin" => "agents-scope-plugin",
        "local" => "agents-scope-local",
        _ => "agents-scope-project",
    };
    yata_words::text(terminal.lang, id)
}

fn one(out: &mut String, finding: &AgentFinding, terminal: &Terminal) {
    let style = Style { color: terminal.color };
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let texts = texts(finding.check, terminal.lang);
    let severity = pad(&word(severity_id(finding.severity)), 8);
    let severity = style.priority(priority(finding.severity), &severity);
    let line = if finding.line == 0 { String::new() } else { format!("{}:{}  ", finding.line, finding.column) };
    out.push_str(&format!("  {severity}  {line}{}  {}\n", style.bold(texts.title), style.dim(finding.check.id)));
    let room = terminal.columns.saturating_sub(12);
    if !finding.evidence.is_empty() {
        out.push_str(&format!("            {}\n", cut(&printable(&finding.evidence), room)));
    }
    let mut say = |label: String, text: &str| {
        for (n, line) in wrap(&format!("{label} {text}"), room).iter().enumerate() {
            let indent = if n == 0 { "            " } else { "              " };
            out.push_str(&format!("{indent}{line}\n"));
        }
    };
    say(word("agents-label-why"), texts.why);
    say(word("agents-label-fix"), texts.fix);
    let mut facts = vec![word(confidence_id(finding.confidence))];
    facts.extend(ids(finding.check));
    facts.push(finding.check.source.to_owned());
    if !finding.also.is_empty() {
        let message = Message::new("agents-also").with("checks", finding.also.join(", "));
        facts.push(yata_words::render(terminal.lang, &message));
    }
    for line in wrap(&facts.join(" · "), room) {
        out.push_str(&format!("            {}\n", style.dim(&line)));
    }
}

/// The colour of a severity.
const fn priority(severity: Severity) -> Priority {
    match severity {
        Severity::Critical => Priority::Immediate,
        Severity::High => Priority::OutOfCycle,
        Severity::Medium => Priority::Scheduled,
        Severity::Low => Priority::Defer,
    }
}

fn summary(out: &mut String, seen: &Seen, files: usize, terminal: &Terminal) {
    let render = |message: &Message| yata_words::render(terminal.lang, message);
    let style = Style { color: terminal.color };
    problems(out, &seen.problems, terminal);
    let looked = seen.model.known.documents.len();
    let mut agents: Vec<Agent> = seen.model.known.documents.iter().map(|document| document.agent).collect();
    agents.sort_unstable();
    agents.dedup();
    let looked_at = Message::new("agents-looked-at").with("files", looked).with("agents", agents.len());
    out.push_str(&format!("{}\n", render(&looked_at)));
    if looked == 0 {
        // Said of itself: it is no answer to whether something is wrong.
        out.push_str(&format!("{}\n", style.warn(&render(&Message::new("agents-nothing-looked-at")))));
        return;
    }
    if seen.findings.is_empty() {
        out.push_str(&format!("{}\n", render(&Message::new("agents-nothing-wrong"))));
        return;
    }
    let counts: Vec<String> = SEVERITIES
        .iter()
        .map(|severity| (severity, seen.findings.iter().filter(|finding| finding.severity == *severity).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{} {count}", yata_words::text(terminal.lang, severity_id(*severity))))
        .collect();
    let message = Message::new("agents-found")
        .with("count", seen.findings.len())
        .with("files", files)
        .with("severities", counts.join(", "));
    out.push_str(&format!("{}\n", style.bold(&render(&message))));
    let fixable = seen.findings.iter().filter(|finding| !finding.edits.is_empty()).count();
    if fixable > 0 {
        out.push_str(&format!("{}\n", render(&Message::new("agents-fixable").with("count", fixable))));
    }
}

/// What could not be read.
pub(super) fn problems(out: &mut String, problems: &[Problem], terminal: &Terminal) {
    if problems.is_empty() {
        return;
    }
    let style = Style { color: terminal.color };
    let head = Message::new("agents-problems").with("count", problems.len());
    out.push_str(&format!("{}\n", style.warn(&yata_words::render(terminal.lang, &head))));
    for problem in problems {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let text = printable(yata_words::render(terminal.lang, &problem.message));
        let subject = printable(&problem.subject);
        let place = if text.contains(&subject) { String::new() } else { format!("{subject}{line}  ") };
        out.push_str(&format!("  {place}{text}\n"));
    }
    out.push('\n');
}
