//! The register and the check for programs: JSON and SARIF 2.1.0.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yata_agents::apps::{App, AppFinding, AppLevel, FoundApp, GUIDE, Kind};
use yata_model::Problem;
use yata_words::Lang;

use super::check::{Answer, texts};
use super::words;

/// The version of the JSON; a change that breaks readers raises it.
pub(super) const JSON_VERSION: u32 = 1;

/// An entry of the register.
pub(super) fn app(app: &App) -> Value {
    let controls: BTreeMap<&str, &str> = app.controls.iter().map(|(id, place)| (id.as_str(), place.as_str())).collect();
    json!({
        "name": app.name,
        "path": app.path,
        "owner": app.owner,
        "tier": app.tier.name(),
        "data_classes": app.data_classes,
        "review_by": app.review_by,
        "maintained_by": app.maintained_by,
        "registered": app.registered,
        "controls": controls,
        "line": app.line,
    })
}

/// What could not be read.
pub(super) fn problems(problems: &[Problem], lang: Lang) -> Vec<Value> {
    let one = |problem: &Problem| {
        json!({
            "subject": problem.subject,
            "line": problem.line,
            "id": problem.message.id,
            "text": yata_words::render(lang, &problem.message),
        })
    };
    problems.iter().map(one).collect()
}

const fn level(level: AppLevel) -> &'static str {
    match level {
        AppLevel::Note => "note",
        AppLevel::Warning => "warning",
        AppLevel::Error => "error",
    }
}

fn finding(one: &AppFinding, lang: Lang) -> Value {
    let (title, fix) = texts(one, lang);
    let control = match one.kind {
        Kind::ControlMissing(control) => Some(control),
        _ => None,
    };
    json!({
        "id": one.kind.name(),
        "app": one.app,
        "path": one.path,
        "line": (one.line > 0).then_some(one.line),
        "level": level(one.level),
        "confidence": one.confidence.name(),
        "end": one.end,
        "days": one.days,
        "control": control.map(|control| control.id),
        "source": control.map(|control| format!("{GUIDE} {}", control.source)),
        "title": title,
        "fix": fix,
    })
}

fn system(one: &FoundApp) -> Value {
    let found = &one.detected;
    let evidence = found.evidence.iter().map(|piece| {
        json!({
            "kind": piece.kind.name(),
            "agent": piece.agent,
            "place": piece.place,
            "text": piece.text,
            "confidence": piece.confidence.name(),
        })
    });
    json!({
        "path": one.path,
        "confidence": found.confidence().map(yata_agents::Confidence::name),
        "agents": found.agents,
        "commits": found.commits,
        "agent_commits": found.agent_commits,
        "share_percent": found.share_percent(),
        "files": found.files,
        "marked_files": found.marked_files,
        "evidence": evidence.collect::<Vec<_>>(),
    })
}

/// All of the check.
pub(super) fn json(answer: &Answer<'_>, lang: Lang) -> anyhow::Result<String> {
    let value = json!({
        "version": JSON_VERSION,
        "day": answer.today,
        "register": answer.register,
        "findings": answer.findings.iter().map(|one| finding(one, lang)).collect::<Vec<_>>(),
        "systems": answer.found.iter().map(system).collect::<Vec<_>>(),
        "problems": problems(&answer.problems, lang),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// SARIF 2.1.0 (OASIS): one run, a rule for each kind of finding that there is.
pub(super) fn sarif(answer: &Answer<'_>, lang: Lang) -> anyhow::Result<String> {
    let mut rules: BTreeMap<&str, &AppFinding> = BTreeMap::new();
    for one in &answer.findings {
        rules.entry(one.kind.name()).or_insert(one);
    }
    let numbers: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let rule = |(id, one): (&&str, &&AppFinding)| {
        let help = format!("{} {GUIDE}", yata_words::text(lang, "app-rule-help"));
        json!({
            "id": id,
            "shortDescription": { "text": yata_words::text(lang, words::rule(one.kind)) },
            "help": { "text": help },
            "properties": { "tags": ["ai", "governance"] },
        })
    };
    let result = |one: &AppFinding| {
        let (title, fix) = texts(one, lang);
        let file = if one.line > 0 || one.path == "." { answer.register.clone() } else { one.path.clone() };
        let control = match one.kind {
            Kind::ControlMissing(control) => control.id,
            _ => "",
        };
        let region = (one.line > 0).then(|| json!({ "startLine": one.line }));
        let mut place = json!({ "artifactLocation": { "uri": uri(&file) } });
        if let (Some(region), Some(place)) = (region, place.as_object_mut()) {
            place.insert("region".to_owned(), region);
        }
        json!({
            "ruleId": one.kind.name(),
            "ruleIndex": numbers.get(one.kind.name()).copied().unwrap_or_default(),
            "level": level(one.level),
            "message": { "text": format!("{title} {fix}") },
            "locations": [{ "physicalLocation": place }],
            "partialFingerprints": { "yata/v1": format!("{}|{}|{control}", one.kind.name(), one.path) },
            "properties": { "end": one.end, "confidence": one.confidence.name() },
        })
    };
    let notes = answer.problems.iter().map(|problem| {
        let text = format!("{}: {}", problem.subject, yata_words::render(lang, &problem.message));
        json!({ "level": "error", "message": { "text": text }, "descriptor": { "id": problem.message.id } })
    });
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Yata",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "language": lang.as_str(),
            "invocations": [{
                "executionSuccessful": !answer.problems.iter().any(Problem::is_gap),
                "toolExecutionNotifications": notes.collect::<Vec<_>>(),
            }],
            "results": answer.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// A path as an address (RFC 3986).
fn uri(path: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
    path.bytes().map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
