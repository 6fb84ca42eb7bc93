//! The catalogue against itself, and against the code that uses it.
#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use proptest::prelude::*;
use yata_model::Message;
use yata_words::{Lang, catalogue, fact_value, has, render, text};

/// Ids that the code puts together from a part of the data (`scenario-` and a number).
const BUILT_IDS: [&str; 14] = [
    "lens-class-",
    "lens-deserves-",
    "problem-document-",
    "problem-history-",
    "scenario-",
    "fact-",
    "value-",
    "standing-",
    "priority-",
    "ruled-by-",
    "help-",
    "export-md-col-",
    "export-state-",
    "export-source-",
];

/// What one entry of a catalogue uses.
#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    variables: BTreeSet<String>,
    references: BTreeSet<String>,
}

/// The entries of a catalogue by id; an id that is there twice fails.
fn entries(lang: Lang) -> BTreeMap<String, Entry> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut current = None;
    for line in catalogue(lang).lines().filter(|line| !line.starts_with('#')) {
        let indented = line.starts_with([' ', '}']);
        let text = match line.split_once('=') {
            Some((id, text)) if !indented => {
                let id = id.trim().to_owned();
                assert!(entries.insert(id.clone(), Entry::default()).is_none(), "{lang}: `{id}` is there twice");
                current = Some(id);
                text
            }
            _ => line,
        };
        if let Some(entry) = current.as_ref().and_then(|id| entries.get_mut(id)) {
            for part in text.split('{').skip(1) {
                let name: String = part.trim_start().chars().take_while(|c| is_id_char(*c) || *c == '$').collect();
                match name.strip_prefix('$') {
                    Some(variable) => entry.variables.insert(variable.to_owned()),
                    None if name.is_empty() => false,
                    None => entry.references.insert(name),
                };
            }
            // A selector may stand on a line of its own.
            for part in text.split('$').skip(1) {
                entry.variables.insert(part.chars().take_while(|c| is_id_char(*c)).collect());
            }
        }
    }
    entries
}

fn is_id_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The variables of an entry and of all that it refers to.
fn variables(entries: &BTreeMap<String, Entry>, id: &str) -> BTreeSet<String> {
    let entry = entries.get(id).unwrap_or_else(|| panic!("`{id}` is referred to and not there"));
    let referred = entry.references.iter().flat_map(|id| variables(entries, id));
    entry.variables.iter().cloned().chain(referred).collect()
}

/// The sources of all crates without their tests and comments, by path.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let crates = std::fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path());
    // The chores of the repository speak to its developers, in English.
    let shipped = crates.filter(|path| !path.ends_with("xtask"));
    let mut folders: Vec<PathBuf> = shipped.map(|path| path.join("src")).collect();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let whole = std::fs::read_to_string(&path).unwrap();
                let code = whole.split("#[cfg(test)]").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push((path, lines.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    found.sort();
    found
}

/// The ids given as literals to `Message::new` and to `text`.
fn used_ids(code: &str) -> Vec<String> {
    let literal = |rest: &str| {
        let rest = rest.trim_start();
        let rest = rest.split_once(',').filter(|(first, _)| !first.contains(['"', ')'])).map_or(rest, |(_, rest)| rest);
        let inner = rest.trim_start().strip_prefix('"')?.split_once('"')?.0;
        Some(inner.to_owned())
    };
    let after = |call: &'static str| code.split(call).skip(1).filter_map(literal);
    let texts = ["words::text(", " text(", "(text(", "&text("].into_iter().flat_map(after);
    after("Message::new(").chain(texts).collect()
}

#[test]
fn both_catalogues_parse() {
    for lang in Lang::ALL {
        let parsed = FluentResource::try_new(catalogue(lang).to_owned());
        assert!(parsed.is_ok(), "{lang}: {:?}", parsed.err().map(|(_, errors)| errors));
    }
}

#[test]
fn both_languages_have_the_same_ids_with_the_same_variables() {
    let (en, ja) = (entries(Lang::En), entries(Lang::Ja));
    let ids = |entries: &BTreeMap<String, Entry>| entries.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(ids(&en), ids(&ja));
    for id in en.keys() {
        assert_eq!(variables(&en, id), variables(&ja, id), "variables of `{id}`");
        assert!(has(Lang::En, id) && has(Lang::Ja, id), "`{id}` is in the file and was not parsed");
    }
}

#[test]
fn every_id_that_the_code_uses_is_in_the_catalogue() {
    let missing: Vec<String> = sources()
        .iter()
        .flat_map(|(path, code)| used_ids(code).into_iter().map(move |id| (path.clone(), id)))
        // Every id but `help` has a hyphen; without one it is a field of JSON, read by another `text(`.
        .filter(|(_, id)| id.contains('-') && !has(Lang::En, id))
        .map(|(path, id)| format!("{id} ({})", path.display()))
        .collect();
    assert!(missing.is_empty(), "not in the catalogue: {missing:#?}");
}

#[test]
fn every_id_of_the_catalogue_is_used() {
    let sources = sources();
    let entries = entries(Lang::En);
    let referred: BTreeSet<&String> = entries.values().flat_map(|entry| &entry.references).collect();
    let is_used = |id: &String| {
        let literal = format!("\"{id}\"");
        BUILT_IDS.iter().any(|prefix| id.starts_with(prefix))
            || referred.contains(id)
            || sources.iter().any(|(_, code)| code.contains(&literal))
    };
    let idle: Vec<&String> = entries.keys().filter(|id| !is_used(id)).collect();
    assert!(idle.is_empty(), "in the catalogue and nowhere used: {idle:#?}");
}

#[test]
fn the_scan_finds_literals() {
    let code = "Message::new(\"a-b\").with(\"x\", 1); Message::new(\n  \"c\"); let t = text(lang, \"d-e\"); other(\"f\"); \
                Message::new(format!(\"g-{n}\"));";
    assert_eq!(used_ids(code), ["a-b", "c", "d-e"]);
}

#[test]
fn an_unknown_id_is_visible() {
    let message = Message::new("no-such-id").with("name", "x").with("count", 3_i64);
    assert_eq!(render(Lang::En, &message), "[no-such-id] count=3 name=x");
    assert_eq!(render(Lang::Ja, &message), "[no-such-id] count=3 name=x");
    let message = Message::new("reason-malware");
    assert!(render(Lang::En, &message).starts_with("{$package} is malicious"));
}

#[test]
fn values_are_rendered_plainly() {
    let message = Message::new("reason-epss").with("percent", 1_234_567_i64);
    assert!(render(Lang::En, &message).contains(" 1234567 %"));
    let message = Message::new("reason-epss").with("percent", i64::MIN);
    assert!(render(Lang::Ja, &message).contains("-9223372036854775808"));
    let message = Message::new("change-exposure").with("exposure", "internal").with("outcome", "scheduled");
    assert_eq!(
        render(Lang::En, &message),
        "It would move to Scheduled if the asset were reachable only from the organisation's own network"
    );
    assert_eq!(
        render(Lang::Ja, &message),
        "資産が組織内ネットワークからのみ到達できる状態であれば、定期対応に変わります"
    );
    assert_eq!(text(Lang::Ja, "scenario-7"), "AI サービスの利用者の不注意");
    assert_eq!(fact_value(Lang::En, "public-poc"), "public proof of concept");
    assert_eq!(fact_value(Lang::En, "9.8"), "9.8");
}

proptest! {
    #[test]
    fn rendering_never_panics(id in "\\PC{0,20}", name in "\\PC{0,10}", value in "\\PC{0,40}", number: i64) {
        for lang in Lang::ALL {
            render(lang, &Message::new(id.as_str()).with(&name, value.as_str()).with("count", number));
            let out = render(lang, &Message::new("reason-malware").with("package", value.as_str()));
            prop_assert!(out.contains(&value));
        }
    }
}
