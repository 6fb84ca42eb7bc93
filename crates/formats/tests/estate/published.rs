use std::collections::BTreeSet;

use serde_json::Value;
use yata_formats::estate::keys::{ESTATE, Section};

fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The object that describes a property, through `items` and `$ref`.
fn resolve<'s>(schema: &'s Value, mut at: &'s Value) -> &'s Value {
    loop {
        if let Some(name) = at["$ref"].as_str() {
            at = schema.pointer(name.trim_start_matches('#')).unwrap();
        } else if at["items"].is_object() && at["type"] == "array" {
            at = &at["items"];
        } else {
            return at;
        }
    }
}

fn check(schema: &Value, object: &Value, section: &'static Section) {
    let name = section.name;
    assert_eq!(object["additionalProperties"], Value::Bool(false), "{name}");
    let properties = object["properties"].as_object().unwrap();
    let published: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = section.keys.iter().map(|key| key.name).collect();
    assert_eq!(published, known, "keys of {name}");
    let published: BTreeSet<&str> =
        object["required"].as_array().into_iter().flatten().map(|key| key.as_str().unwrap()).collect();
    let known: BTreeSet<&str> = section.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    assert_eq!(published, known, "required keys of {name}");
    for key in section.keys {
        let property = &properties[key.name];
        assert!(property["description"].is_string(), "{name} {} has no description", key.name);
        let inner = resolve(schema, property);
        let words: Vec<&str> =
            inner["enum"].as_array().into_iter().flatten().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(words, key.words, "words of {name} {}", key.name);
        if let Some(section) = key.section {
            check(schema, inner, section);
        }
    }
}

#[test]
fn the_schema_says_what_the_parser_knows() {
    let schema: Value = serde_json::from_str(&file("docs/schemas/yata.schema.json")).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    check(&schema, &schema, &ESTATE);
}

#[test]
fn the_documentation_names_every_key_and_word() {
    fn names(section: &'static Section, all: &mut BTreeSet<&'static str>) {
        for key in section.keys {
            all.insert(key.name);
            all.extend(key.words);
            if let Some(section) = key.section {
                names(section, all);
            }
        }
    }
    let documentation = file("docs/estate.md");
    let mut all = BTreeSet::new();
    names(&ESTATE, &mut all);
    for name in all {
        let written = [format!("`{name}`"), format!("`[{name}]`"), format!("`[[{name}]]`"), format!("`\"{name}\"`")];
        assert!(written.iter().any(|form| documentation.contains(form)), "docs/estate.md does not name `{name}`");
    }
}

#[test]
fn the_example_of_every_key_has_every_key() {
    let file: toml::Table = super::good::EVERY_KEY.parse().unwrap();
    fn check(value: &toml::Value, section: &'static Section) {
        let tables: Vec<&toml::Table> = match value {
            toml::Value::Array(tables) => tables.iter().filter_map(toml::Value::as_table).collect(),
            value => value.as_table().into_iter().collect(),
        };
        for key in section.keys {
            let values: Vec<_> = tables.iter().filter_map(|table| table.get(key.name)).collect();
            assert!(!values.is_empty(), "{} {}", section.name, key.name);
            if let Some(section) = key.section {
                check(values[0], section);
            }
        }
    }
    check(&toml::Value::Table(file), &ESTATE);
}
