//! The audit for programs: JSON, SARIF 2.1.0, and a table in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use yata_agents::{AgentFinding, Check, Confidence, Severity, Texts};
use yata_words::Lang;

use super::audit::SEVERITIES;
use super::checks::severity_id;
use super::seen::Seen;

/// The version of the JSON; a change that breaks readers raises it.
const JSON_VERSION: u32 = 1;

/// What a check says in one language.
pub(super) const fn texts(check: &Check, lang: Lang) -> &Texts {
    match lang {
        Lang::En => &check.en,
        Lang::Ja => &check.ja,
    }
}

/// The ids of OWASP's lists and of MITRE ATLAS that a check belongs to.
pub(super) fn ids(check: &Check) -> Vec<String> {
    let lists = [check.owasp_llm, check.owasp_agentic, check.owasp_mcp, check.atlas];
    lists.into_iter().flatten().map(|id| (*id).to_owned()).collect()
}

/// What recognises a finding when lines move: check, place and what stands there, and which of the same it is.
pub(super) fn fingerprints(seen: &Seen) -> Vec<String> {
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    let fingerprint = |finding: &AgentFinding| {
        let key = format!("{}\0{}", seen.place(finding), finding.evidence);
        let nth = same.entry(format!("{}\0{key}", finding.check.id)).or_default();
        *nth += 1;
        yata_model::fingerprint("agents", finding.check.id, &format!("{key}\0{nth}"))
    };
    seen.findings.iter().map(fingerprint).collect()
}

pub(super) fn json(seen: &Seen, lang: Lang) -> anyhow::Result<String> {
    let prints = fingerprints(seen);
    let findings: Vec<Value> =
        seen.findings.iter().zip(&prints).map(|(one, print)| finding(seen, one, print, lang)).collect();
    let problem = |problem: &yata_model::Problem| {
        json!({
            "subject": problem.subject,
            "line": problem.line,
            "message": yata_words::render(lang, &problem.message),
            "id": problem.message.id,
        })
    };
    let problems: Vec<Value> = seen.problems.iter().map(problem).collect();
    let answer = json!({
        "version": JSON_VERSION,
        "tool": { "name": "Yata", "version": env!("CARGO_PKG_VERSION") },
        "files": seen.model.known.documents.len(),
        "nothing_looked_at": seen.model.known.documents.is_empty(),
        "checks": yata_agents::checks().len(),
        "findings": findings,
        "problems": problems,
    });
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

fn finding(seen: &Seen, one: &AgentFinding, print: &str, lang: Lang) -> Value {
    let said = texts(one.check, lang);
    let edit = |edit: &yata_agents::Edit| {
        let file = seen.sight.machine.files.get(edit.span.file).map(|file| seen.shown(file));
        json!({ "file": file, "start": edit.span.start, "end": edit.span.end, "text": edit.text })
    };
    json!({
        "check": one.check.id,
        "fingerprint": print,
        "severity": one.severity.name(),
        "confidence": one.confidence.name(),
        "agent": one.agent.map(yata_agents::Agent::name),
        "scope": one.scope.name(),
        "file": seen.place(one),
        "owner": seen.file(one).and_then(|file| file.owner.clone()),
        "line": (one.line > 0).then_some(one.line),
        "column": (one.column > 0).then_some(one.column),
        "evidence": one.evidence,
        "title": said.title,
        "why": said.why,
        "fix": said.fix,
        "source": one.check.source,
        "verified": one.check.verified,
        "owasp_llm": one.check.owasp_llm,
        "owasp_agentic": one.check.owasp_agentic,
        "owasp_mcp": one.check.owasp_mcp,
        "atlas": one.check.atlas,
        "also": one.also,
        "edits": one.edits.iter().map(edit).collect::<Vec<_>>(),
    })
}

/// SARIF 2.1.0 (OASIS): one run, a rule for each check that fired, with its help.
pub(super) fn sarif(seen: &Seen, lang: Lang) -> anyhow::Result<String> {
    let mut rules: BTreeMap<&str, &Check> = BTreeMap::new();
    for one in &seen.findings {
        rules.insert(one.check.id, one.check);
    }
    let numbers: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let prints = fingerprints(seen);
    let results: Vec<Value> = seen
        .findings
        .iter()
        .zip(&prints)
        .map(|(one, print)| result(seen, one, print, numbers.get(one.check.id).copied().unwrap_or_default(), lang))
        .collect();
    let notes: Vec<Value> = seen
        .problems
        .iter()
        .map(|problem| {
            let text = format!("{}: {}", problem.subject, yata_words::render(lang, &problem.message));
            json!({ "level": "error", "message": { "text": text }, "descriptor": { "id": problem.message.id } })
        })
        .collect();
    let incomplete = seen.problems.iter().any(yata_model::Problem::is_gap);
    let answer = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Yata",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|check| rule(check, lang)).collect::<Vec<_>>(),
            } },
            "language": lang.as_str(),
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": !incomplete,
                "toolExecutionNotifications": notes,
            }],
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

fn rule(check: &Check, lang: Lang) -> Value {
    let said = texts(check, lang);
    let markdown = format!("{}\n\n**{}**\n\n[{}]({})", said.why, said.fix, check.source, check.source);
    let mut tags = vec!["security".to_owned(), "ai".to_owned()];
    tags.extend(ids(check));
    json!({
        "id": check.id,
        "shortDescription": { "text": said.title },
        "fullDescription": { "text": said.why },
        "help": { "text": format!("{}\n\n{}\n\n{}", said.why, said.fix, check.source), "markdown": markdown },
        "helpUri": check.source,
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": {
            "tags": tags,
            "precision": precision(check.confidence),
            "security-severity": score(check.severity),
        },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

const fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "very-high",
        Confidence::Medium => "high",
        Confidence::Low => "medium",
    }
}

/// The middle of the band that code hosting gives a severity.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

/// The address of a file (RFC 3986): relative to the tree, else in full.
fn uri(seen: &Seen, file: &yata_agents::File) -> String {
    let shown = seen.shown(file);
    let is_relative = file.in_project() && seen.base.is_some() && !shown.starts_with('/');
    let path = if is_relative { shown } else { seen.sight.on_disk(file).to_string_lossy().replace('\\', "/") };
    let mut out = String::from(if is_relative { "" } else { "file://" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // INVARIANT: writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn result(seen: &Seen, one: &AgentFinding, print: &str, rule: usize, lang: Lang) -> Value {
    let said = texts(one.check, lang);
    let text =
        if one.evidence.is_empty() { said.title.to_owned() } else { format!("{}: {}", said.title, one.evidence) };
    let mut result = json!({
        "ruleId": one.check.id,
        "ruleIndex": rule,
        "level": level(one.severity),
        "message": { "text": text },
        "partialFingerprints": { "yata/v1": print },
        "properties": { "severity": one.severity.name(), "confidence": one.confidence.name(), "scope": one.scope.name() },
    });
    let Some(fields) = result.as_object_mut() else { return result };
    if let Some(file) = seen.file(one) {
        let mut place = json!({ "artifactLocation": { "uri": uri(seen, file) } });
        if let (true, Some(place)) = (one.line > 0, place.as_object_mut()) {
            place.insert("region".to_owned(), json!({ "startLine": one.line, "startColumn": one.column }));
        }
        fields.insert("locations".to_owned(), json!([{ "physicalLocation": place }]));
    }
    let edited = one.edits.first().and_then(|edit| seen.sight.machine.files.get(edit.span.file));
    if let Some(file) = edited {
        let replacement = |edit: &yata_agents::Edit| {
            json!({
                "deletedRegion": { "byteOffset": edit.span.start, "byteLength": edit.span.end.saturating_sub(edit.span.start) },
                "insertedContent": { "text": edit.text },
            })
        };
        let change = json!({
            "artifactLocation": { "uri": uri(seen, file) },
            "replacements": one.edits.iter().map(replacement).collect::<Vec<_>>(),
        });
        fields
            .insert("fixes".to_owned(), json!([{ "description": { "text": said.fix }, "artifactChanges": [change] }]));
    }
    result
}

/// A table of the findings, the worst first.
pub(super) fn markdown(seen: &Seen, lang: Lang) -> String {
    let word = |id: &str| yata_words::text(lang, id);
    let cell =
        |text: &str| crate::view::text::printable(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    let mut out = format!("# {}\n\n", word("agents-md-title"));
    if !seen.problems.is_empty() {
        for problem in &seen.problems {
            out.push_str(&format!(
                "- **{}** {}\n",
                cell(&problem.subject),
                cell(&yata_words::render(lang, &problem.message))
            ));
        }
        out.push('\n');
    }
    if seen.findings.is_empty() {
        let nothing = seen.model.known.documents.is_empty();
        let said = if nothing { word("agents-nothing-looked-at") } else { word("agents-nothing-wrong") };
        out.push_str(&format!("{said}\n"));
        return out;
    }
    let heads =
        ["agents-label-severity", "agents-label-place", "agents-label-title", "agents-label-fix", "agents-label-check"];
    let heads: Vec<String> = heads.iter().map(|id| word(id)).collect();
    out.push_str(&format!("| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(heads.len())));
    for severity in SEVERITIES {
        for one in seen.findings.iter().filter(|one| one.severity == severity) {
            let said = texts(one.check, lang);
            let line = if one.line > 0 { format!(":{}", one.line) } else { String::new() };
            let place = format!("{}{line}", seen.place(one));
            out.push_str(&format!(
                "| {} | {} | {} | {} | [{}]({}) |\n",
                word(severity_id(severity)),
                cell(&place),
                cell(said.title),
                cell(said.fix),
                one.check.id,
                one.check.source
            ));
        }
    }
    out
}
