//! `yata policy check`: what is wrong with the policies, and which of them have no effect.

use std::fmt::Write as _;

use anyhow::Context;
use serde::Serialize;
use yata_model::Message;
use yata_policy::Decision;
use yata_policy::cedar::{Finding, FindingKind, PolicySet, Problem};

use super::files::{self, shown, told};
use super::short;
use crate::cli::{ListFormatArg, PolicyArgs};
use crate::view::style::Style;
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_FOUND, Terminal, output};

#[derive(Serialize)]
struct Wire {
    valid: bool,
    version: Option<String>,
    policies: usize,
    allow: usize,
    ask: usize,
    deny: usize,
    problems: Vec<ProblemWire>,
    findings: Vec<FindingWire>,
}

#[derive(Serialize)]
struct ProblemWire {
    file: String,
    line: usize,
    column: usize,
    message: String,
    advice: String,
}

#[derive(Serialize)]
struct FindingWire {
    kind: &'static str,
    policy: String,
    file: String,
    line: usize,
    by: Vec<String>,
    message: String,
}

pub(super) fn run(args: &PolicyArgs, format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let loaded = PolicySet::load(&files::sources(args)?);
    let problems = match &loaded {
        Ok(set) => not_compiled(set),
        Err(problems) => problems.clone(),
    };
    let findings = loaded.as_ref().map(PolicySet::analyse).unwrap_or_default();
    let text = match format {
        ListFormatArg::Json => json(loaded.as_ref().ok(), &problems, &findings, args, terminal)?,
        ListFormatArg::Human => human(loaded.as_ref().ok(), &problems, &findings, args, terminal),
    };
    output::write(&text, None)?;
    Ok(if problems.is_empty() && findings.is_empty() { EXIT_CLEAR } else { EXIT_FOUND })
}

/// What is valid, but cannot go to the hooks.
fn not_compiled(set: &PolicySet) -> Vec<Problem> {
    let errors = set.compile().err().unwrap_or_default();
    let problem = |error: yata_policy::cedar::CompileError| Problem {
        message: error.to_string(),
        place: error.place,
        advice: String::new(),
    };
    errors.into_iter().map(problem).collect()
}

fn said(finding: &Finding, args: &PolicyArgs, terminal: &Terminal) -> String {
    let id = match finding.kind {
        FindingKind::NeverApplies => "policy-never-applies",
        FindingKind::Contradicted => "policy-contradicted",
        FindingKind::Shadowed => "policy-shadowed",
        FindingKind::Duplicate => "policy-duplicate",
    };
    let mut by = finding.by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    if let Some(place) = &finding.by_place {
        let _ = write!(by, " ({}:{})", shown(&place.file, args), place.line);
    }
    let message = Message::new(id).with("policy", finding.policy.as_str()).with("by", by.as_str());
    yata_words::render(terminal.lang, &message)
}

fn count(set: &PolicySet, decision: Decision) -> usize {
    set.policies().iter().filter(|policy| policy.decision() == decision).count()
}

fn json(
    set: Option<&PolicySet>,
    problems: &[Problem],
    findings: &[Finding],
    args: &PolicyArgs,
    terminal: &Terminal,
) -> anyhow::Result<String> {
    let counted = |decision| set.map_or(0, |set| count(set, decision));
    let problem = |problem: &Problem| ProblemWire {
        file: shown(&problem.place.file, args),
        line: problem.place.line,
        column: problem.place.column,
        message: problem.message.clone(),
        advice: problem.advice.clone(),
    };
    let finding = |finding: &Finding| FindingWire {
        kind: match finding.kind {
            FindingKind::NeverApplies => "never-applies",
            FindingKind::Contradicted => "contradicted",
            FindingKind::Shadowed => "shadowed",
            FindingKind::Duplicate => "duplicate",
        },
        policy: finding.policy.clone(),
        file: shown(&finding.place.file, args),
        line: finding.place.line,
        by: finding.by.clone(),
        message: said(finding, args, terminal),
    };
    let wire = Wire {
        valid: problems.is_empty(),
        version: set.map(PolicySet::version),
        policies: set.map_or(0, |set| set.policies().len()),
        allow: counted(Decision::Allow),
        ask: counted(Decision::Ask),
        deny: counted(Decision::Deny),
        problems: problems.iter().map(problem).collect(),
        findings: findings.iter().map(finding).collect(),
    };
    Ok(serde_json::to_string_pretty(&wire).context("cannot write the JSON")? + "\n")
}

fn human(
    set: Option<&PolicySet>,
    problems: &[Problem],
    findings: &[Finding],
    args: &PolicyArgs,
    terminal: &Terminal,
) -> String {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    for problem in problems {
        let _ = writeln!(out, "{}", style.warn(&printable(told(problem, args))));
    }
    for finding in findings {
        let place = format!("{}:{}", shown(&finding.place.file, args), finding.place.line);
        let line = printable(format!("{place}: {}", said(finding, args, terminal)));
        let _ = writeln!(out, "{}", style.warn(&line));
    }
    let Some(set) = set else {
        let _ = writeln!(out, "{}", yata_words::text(terminal.lang, "policy-not-valid"));
        return out;
    };
    let sums = Message::new("policy-sums")
        .with("policies", set.policies().len())
        .with("deny", count(set, Decision::Deny))
        .with("ask", count(set, Decision::Ask))
        .with("allow", count(set, Decision::Allow))
        .with("version", short(&set.version()));
    let _ = writeln!(out, "{}", yata_words::render(terminal.lang, &sums));
    if problems.is_empty() && findings.is_empty() {
        let _ = writeln!(out, "{}", yata_words::text(terminal.lang, "policy-sound"));
    }
    out
}
