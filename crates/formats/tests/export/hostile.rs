//! Text of an attacker in every place where others' text stands.

use serde_json::Value;
use yata_formats::export::{SarifContents, cyclonedx, json, markdown, sarif};
use yata_model::*;

use crate::sample::{HOSTILE, assessment, texts};

fn poison(text: &mut String) {
    *text = HOSTILE.to_owned();
}

/// The sample with the hostile text wherever an input file or an advisory could have written it.
fn poisoned() -> Assessment {
    let mut a = assessment();
    a.organisation.iter_mut().chain(&mut a.organisation_ja).for_each(poison);
    a.targets.iter_mut().for_each(poison);
    for service in &mut a.services {
        poison(&mut service.name);
        service.name_ja.iter_mut().for_each(poison);
    }
    for assessed in &mut a.assets {
        let asset = &mut assessed.asset;
        poison(&mut asset.name);
        asset.owner.iter_mut().chain(&mut asset.data_classes).chain(&mut asset.depends_on).for_each(poison);
        assessed.components.iter_mut().for_each(component);
    }
    for risk in &mut a.risks {
        finding(&mut risk.finding);
        poison(&mut risk.decision.ruled_by);
        risk.facts.iter_mut().for_each(|(_, fact)| [&mut fact.value, &mut fact.source].into_iter().for_each(poison));
        risk.reasons.push(Message::new("x").with("text", HOSTILE));
    }
    a.settled.iter_mut().chain(&mut a.changes.gone).for_each(finding);
    a.actions.iter_mut().for_each(|action| {
        poison(&mut action.package);
        action.from.iter_mut().for_each(poison);
    });
    for group in &mut a.advisories {
        poison(&mut group.summary);
        group.sources.iter_mut().chain(&mut group.cwes).chain(&mut group.ids).for_each(poison);
        group.references.iter_mut().for_each(|reference| poison(&mut reference.url));
        group.severities.iter_mut().for_each(|severity| poison(&mut severity.value));
    }
    a.problems.iter_mut().for_each(|problem| poison(&mut problem.subject));
    a.sources.iter_mut().for_each(|source| poison(&mut source.name));
    a
}

fn component(component: &mut Component) {
    poison(&mut component.package.name);
    component.version.iter_mut().for_each(poison);
    component.occurrences.iter_mut().for_each(|occurrence| {
        poison(&mut occurrence.file);
        occurrence.path.iter_mut().for_each(poison);
    });
}

fn finding(finding: &mut Finding) {
    poison(&mut finding.title);
    poison(&mut finding.rule);
    if let yata_model::Subject::Component(one) = &mut finding.subject {
        component(one);
    }
    if let Remedy::Upgrade { to, .. } = &mut finding.remedy {
        poison(to);
    }
}

/// No byte of a terminal escape, no control of direction, nothing invisible but the joiner that Markdown needs.
fn no_control(name: &str, text: &str, allowed: &[char]) {
    for c in text.chars() {
        let bad = (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{200b}' | '\u{feff}');
        assert!(!bad || allowed.contains(&c), "{name} holds {c:?}");
    }
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            out.push(name.clone());
            strings(field, out);
        }),
        _ => {}
    }
}

#[test]
fn nothing_acts_on_a_terminal() {
    let a = poisoned();
    let t = texts("en");
    let documents = [
        ("json", json(&a, &t).unwrap()),
        ("sarif", sarif(&a, &t, SarifContents::All).unwrap()),
        ("cyclonedx", cyclonedx(&a, &t).unwrap()),
    ];
    for (name, document) in &documents {
        no_control(name, document, &[]);
        let mut all = Vec::new();
        strings(&serde_json::from_str(document).unwrap(), &mut all);
        for text in all {
            no_control(name, &text, &[]);
            assert!(!text.contains('\n'), "{name}: {text:?}");
        }
    }
    no_control("markdown", &markdown(&a, &t), &['\u{2060}']);
}

#[test]
fn sarif_messages_hold_no_link_and_no_placeholder() {
    let log: Value = serde_json::from_str(&sarif(&poisoned(), &texts("en"), SarifContents::All).unwrap()).unwrap();
    let run = &log["runs"][0];
    let mut messages: Vec<&str> = Vec::new();
    for result in run["results"].as_array().unwrap() {
        messages.push(result["message"]["text"].as_str().unwrap());
    }
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        for field in ["shortDescription", "fullDescription", "help"] {
            messages.push(rule[field]["text"].as_str().unwrap());
        }
        assert!(rule["helpUri"].is_null());
    }
    for message in messages {
        let mut rest = message.replace("{{", "").replace("}}", "");
        for escaped in ["\\\\", "\\[", "\\]"] {
            rest = rest.replace(escaped, "");
        }
        assert!(!rest.contains(['[', ']', '{', '}']), "{message}");
    }
}

#[test]
fn markdown_holds_only_our_own_markup() {
    let report = markdown(&poisoned(), &texts("ja"));
    let spans_gone: String = {
        let unescaped = report.replace("\\`", "");
        let outside: String = unescaped.split('`').step_by(2).collect();
        outside.replace("\\]", "")
    };
    for bad in ["<", "](", "@everyone", "://", "www.evil"] {
        assert!(!spans_gone.contains(bad), "{bad} in\n{report}");
    }
    let mut columns = None;
    for line in report.lines() {
        assert!(!line.starts_with(['\t', '>']) || line.starts_with("> **"), "{line}");
        let bars = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        if !line.starts_with('|') {
            assert_eq!(bars, 0, "{line}");
            columns = None;
            continue;
        }
        assert_eq!(*columns.get_or_insert(bars), bars, "a row breaks its table: {line}");
    }
}
