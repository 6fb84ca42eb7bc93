//! The example estate answers as its README says.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::{Place, problems, repository, text};

const MINATO: &str = "examples/minato";

/// The cells of the table under a heading of the README; an empty first cell repeats the one above.
fn table(heading: &str) -> Vec<Vec<String>> {
    let readme = fs::read_to_string(repository().join(MINATO).join("README.md")).unwrap();
    let section = readme.split(&format!("## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let mut cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        if cells[0].is_empty() {
            cells[0] = rows.last().unwrap()[0].clone();
        }
        rows.push(cells);
    }
    assert!(rows.len() > 5, "the table under {heading} is gone");
    rows
}

fn answer(place: &Place, more: &[&str]) -> Value {
    let minato = repository().join(MINATO);
    let minato = minato.to_str().unwrap();
    place.yata(&[&["assess", minato, "--format", "json"], more].concat()).code(1).json()
}

/// The advisories of a cell: ids that are joined by `=` name one, those between commas are several.
fn advisories(cell: &str) -> Vec<Vec<String>> {
    cell.split(',').map(|one| one.split('=').map(|id| id.trim().to_owned()).collect()).collect()
}

/// The components of a cell, `a, b 1.0` or `a 1.0, b 2.0`, as name and version.
fn components(cell: &str) -> Vec<(String, Option<String>)> {
    let cell = cell.split(" (").next().unwrap().replace('`', "");
    let parts: Vec<&str> = cell.split(", ").collect();
    let last = parts.last().unwrap().split_once(' ').map(|(_, version)| version.to_owned());
    let (parts, last) = match parts.as_slice() {
        [name, "no version"] => (vec![*name], None),
        _ => (parts, last),
    };
    let parts = parts.into_iter();
    parts
        .map(|part| match part.split_once(' ') {
            Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
            None => (part.to_owned(), last.clone()),
        })
        .collect()
}

/// Whether a finding is about that component: by its name or by the name of its source package, Java names without
/// their group, Go versions without their `v`.
fn is_about(finding: &Value, name: &str, version: Option<&str>) -> bool {
    let subject = if finding["secret"].is_null() { &finding["misconfiguration"] } else { &finding["secret"] };
    if let Some(places) = subject["occurrences"].as_array() {
        return places.iter().any(|place| place["file"] == name);
    }
    let component = &finding["component"];
    let own = text(&component["name"]);
    let source = component["source"]["name"].as_str();
    let named = own == name || own.rsplit(':').next() == Some(name) || source == Some(name);
    let found = component["version"].as_str();
    named && version.map(|version| version.strip_prefix('v').unwrap_or(version)) == found
}

#[test]
fn what_must_be_found_is_found() {
    let place = Place::new();
    let answer = answer(&place, &[]);
    let mut missing = Vec::new();
    for row in table("What must be found") {
        let (asset, wanted, ids, why) = (&row[0], &row[1], &row[2], &row[3]);
        let asset_id =
            answer["assets"].as_array().unwrap().iter().find(|one| text(&one["name"]).starts_with(asset.as_str()));
        let asset_id = &asset_id.unwrap_or_else(|| panic!("no asset {asset}"))["id"];
        let list = if why.contains("**not affected**") { "settled" } else { "risks" };
        let findings: Vec<&Value> = answer[list].as_array().unwrap().iter().map(|one| &one["finding"]).collect();
        let (components, advisories) = (components(wanted), advisories(ids));
        let is_there = |name: &str, version: Option<&str>, ids: &[String]| {
            let known = |finding: &Value| {
                let has: BTreeSet<&str> = finding["ids"].as_array().unwrap().iter().map(text).collect();
                ids.iter().all(|id| has.contains(id.as_str()) || has.contains(format!("DEBIAN-{id}").as_str()))
            };
            findings.iter().any(|f| f["asset_id"] == *asset_id && known(f) && is_about(f, name, version))
        };
        for (at, (name, version)) in components.iter().enumerate() {
            // As many components as advisories: one each; otherwise each with each.
            let one_each = components.len() == advisories.len() && components.len() > 1;
            for (_, ids) in advisories.iter().enumerate().filter(|(n, _)| !one_each || *n == at) {
                // No weakness is claimed: it is not on the list.
                let is_silent = why.contains("maintenance, no vulnerability");
                // README names the version without the epoch or the distribution's package where the source is meant.
                if is_there(name, version.as_deref(), ids) == is_silent {
                    missing.push(format!("{asset}: {name} {version:?} {ids:?}"));
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn nothing_else_is_found() {
    let place = Place::new();
    let answer = answer(&place, &[]);
    let rows = table("What must be found");
    let ids: BTreeSet<String> = rows.iter().flat_map(|row| advisories(&row[2])).flatten().collect();
    for risk in answer["risks"].as_array().unwrap() {
        let finding = &risk["finding"];
        let known = finding["ids"].as_array().unwrap().iter().map(text);
        let known: Vec<&str> = known.map(|id| id.strip_prefix("DEBIAN-").unwrap_or(id)).collect();
        assert!(known.iter().any(|id| ids.contains(*id)), "{known:?} is not in the README");
    }
    for row in table("What must stay silent") {
        for risk in answer["risks"].as_array().unwrap() {
            let finding = &risk["finding"];
            let is_advisory = finding["ids"].as_array().unwrap().iter().any(|id| text(id) == row[1]);
            let mut words = row[0].split(' ');
            let (name, version) = (words.next().unwrap(), words.next().filter(|word| !word.starts_with('(')));
            let is_component = is_about(finding, name, version.or(finding["component"]["version"].as_str()));
            assert!(!(is_component && (is_advisory || row[1].is_empty())), "{row:?}");
        }
    }
}

#[test]
fn every_gap_is_waived_by_name() {
    let place = Place::new();
    let answer = answer(&place, &[]);
    let gaps: Vec<String> = problems(&answer).into_iter().filter(|line| !line.starts_with('(')).collect();
    // A version that nobody pinned is a finding of its own, and no gap.
    assert_eq!(gaps, ["repos/rag/requirements.txt: problem-version-not-pinned"]);
}

/// The answer without what the clock and the place of the run decide.
fn timeless(mut answer: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["run_at", "first_seen", "since", "hash", "is_new", "changes", "summary", "imported", "at"]
                {
                    fields.remove(name);
                }
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut answer);
    answer
}

#[test]
fn the_answer_is_the_same_every_time() {
    let (one, two) = (Place::new(), Place::new());
    let first = timeless(answer(&one, &[]));
    assert!(first == timeless(answer(&two, &[])), "another data folder");
    assert!(first == timeless(answer(&one, &[])), "a second run");
    let human = |place: &Place| {
        let minato = repository().join(MINATO);
        place.yata(&["assess", minato.to_str().unwrap(), "--no-save", "--all"]).code(1).out
    };
    assert_eq!(human(&one), human(&two));
}

#[test]
fn a_second_run_has_nothing_new_and_nothing_gone() {
    let place = Place::new();
    let first = answer(&place, &[]);
    assert_eq!(first["changes"]["since"], Value::Null);
    let second = answer(&place, &[]);
    assert_ne!(second["changes"]["since"], Value::Null);
    assert_eq!((&second["changes"]["new"], &second["changes"]["gone"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    let minato = repository().join(MINATO);
    place.yata(&["assess", minato.to_str().unwrap()]).code(1).says(&["0 new, 0 gone"]);
}
