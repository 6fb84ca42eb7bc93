//! `docs/schemas/assessment.schema.json` against real output, both ways.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use yata_formats::export::{SCHEMA_VERSION, json};
use yata_model::*;

use crate::sample::{assessment, empty, texts};

fn schema() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/assessment.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn what_is_written_is_valid() {
    let schema = schema();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for sample in [assessment(), empty()] {
        let document: Value = serde_json::from_str(&json(&sample, &texts("ja")).unwrap()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(document["schema_version"], SCHEMA_VERSION);
    }
}

/// Follows `$ref` and the non-null side of `oneOf`.
fn resolve<'a>(root: &'a Value, mut schema: &'a Value, path: &mut String) -> &'a Value {
    loop {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.strip_prefix("#/$defs/").unwrap();
            *path = name.to_owned();
            schema = &root["$defs"][name];
        } else if let Some(first) = schema["oneOf"].as_array().and_then(|sides| sides.first()) {
            schema = first;
        } else {
            return schema;
        }
    }
}

/// Walks document and schema together and notes each property that has a value.
fn walk(root: &Value, schema: &Value, value: &Value, path: &str, shown: &mut BTreeSet<String>) {
    let mut path = path.to_owned();
    let schema = resolve(root, schema, &mut path);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(_, field)| !field.is_null()) {
                let at = format!("{path}.{name}");
                let below = &schema["properties"][name.as_str()];
                if !below.is_null() {
                    shown.insert(at.clone());
                    walk(root, below, field, &at, shown);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(root, &schema["items"], item, &path, shown)),
        _ => {}
    }
}

/// All properties of all objects in the schema; each of them closed, described, and none optional.
fn declared(schema: &Value, path: &str, out: &mut BTreeSet<String>) {
    if schema["type"] == "object" && schema["properties"].is_object() {
        assert_eq!(schema["additionalProperties"], false, "{path} is open");
        let required: Vec<&str> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for (name, below) in schema["properties"].as_object().unwrap() {
            let at = format!("{path}.{name}");
            assert!(required.contains(&name.as_str()), "{at} is optional");
            assert!(below["description"].is_string() || below["$ref"].is_string(), "{at} has no description");
            out.insert(at.clone());
            declared(below, &at, out);
        }
    }
    if schema["items"].is_object() {
        declared(&schema["items"], path, out);
    }
}

#[test]
fn everything_declared_is_shown_and_everything_shown_declared() {
    let schema = schema();
    let mut all = BTreeSet::new();
    declared(&schema, "", &mut all);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        declared(definition, name, &mut all);
    }
    let document: Value = serde_json::from_str(&json(&assessment(), &texts("en")).unwrap()).unwrap();
    let mut shown = BTreeSet::new();
    walk(&schema, &schema, &document, "", &mut shown);
    let never_shown: Vec<&String> = all.difference(&shown).collect();
    assert_eq!(never_shown, Vec::<&String>::new());
}

#[test]
fn one_more_field_is_noticed() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut document: Value = serde_json::from_str(&json(&assessment(), &texts("en")).unwrap()).unwrap();
    document["risks"][0]["finding"]["component"]["surprise"] = Value::Bool(true);
    assert!(!validator.is_valid(&document));
}

#[test]
fn every_word_of_the_model_is_in_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let check = |change: &dyn Fn(&mut Assessment)| {
        let mut sample = assessment();
        change(&mut sample);
        let document: Value = serde_json::from_str(&json(&sample, &texts("en")).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    };
    use AssetKind::{Agent, AiMadeApp, AiService, Data, Host, Model, Repository, Sbom};
    for kind in [Agent, AiMadeApp, AiService, Data, Host, Model, Repository, Sbom] {
        check(&|a| a.assets[0].asset.kind = kind);
    }
    for exposure in [Exposure::None, Exposure::Internal, Exposure::Partner, Exposure::Internet, Exposure::Unknown] {
        check(&|a| a.assets[0].asset.exposure = exposure);
    }
    use MissionImpact::{High, Low, Medium, Unknown, VeryHigh};
    for impact in [Low, Medium, High, VeryHigh, Unknown] {
        check(&|a| a.assets[0].asset.mission_impact = impact);
    }
    use AdvisoryKind::{Maintenance, Malware, Notice, Unmaintained, Unsound, Vulnerability};
    for kind in [Malware, Vulnerability, Unsound, Unmaintained, Notice, Maintenance] {
        check(&|a| a.advisories[0].kind = kind);
    }
    use ProblemKind::{BadEntry, Estate, SourceUnchecked, TooLarge, Unparsable, Unreadable, VersionUnknown};
    for kind in [Unreadable, Unparsable, BadEntry, TooLarge, SourceUnchecked, Estate, VersionUnknown] {
        check(&|a| a.problems[0].kind = kind);
    }
    use SourceState::{Broken, Fresh, Missing, Partial, Stale};
    for state in [Fresh, Stale, Partial, Missing, Broken] {
        check(&|a| a.sources[0].state = state);
    }
}
