//! The built-in tables against the published ones, and tables that cannot be used.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::Value;
use yata_model::{Exploitation, Exposure, MissionImpact, Priority, TechnicalImpact};
use yata_ruler::{Levels, Point, Table, Tables};

use crate::support::shared;

/// Every combination of the values that the decision can take.
pub(crate) fn all_levels() -> Vec<Levels> {
    let mut all = Vec::new();
    for exploitation in [Exploitation::None, Exploitation::PublicPoc, Exploitation::Active] {
        for known_exploited in [false, true] {
            for exposure in [Exposure::None, Exposure::Internal, Exposure::Partner, Exposure::Internet] {
                for automatable in [false, true] {
                    for technical_impact in [TechnicalImpact::Partial, TechnicalImpact::Total] {
                        for mission_impact in
                            [MissionImpact::Low, MissionImpact::Medium, MissionImpact::High, MissionImpact::VeryHigh]
                        {
                            all.push(Levels {
                                exploitation,
                                known_exploited,
                                exposure,
                                automatable,
                                technical_impact,
                                mission_impact,
                            });
                        }
                    }
                }
            }
        }
    }
    all
}

/// Checks `table` against the published file, row by row, by the file's own names. This reads the JSON on its own,
/// not by the loader. Returns how many rows were met.
fn check_equal(table: &Table, path: &std::path::Path) -> usize {
    let json: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let outcome = json["outcome"].as_str().unwrap();
    let named = |point: &str, key: &str| {
        let values = json["decision_points"][point]["values"].as_array().unwrap();
        let value = values.iter().find(|value| value["key"] == key).unwrap();
        (
            json["decision_points"][point]["name"].as_str().unwrap().to_owned(),
            value["name"].as_str().unwrap().to_owned(),
        )
    };
    let mut rows: HashMap<Vec<(String, String)>, String> = HashMap::new();
    for row in json["mapping"].as_array().unwrap() {
        let row = row.as_object().unwrap();
        let mut inputs: Vec<_> =
            row.iter().filter(|(key, _)| *key != outcome).map(|(p, v)| named(p, v.as_str().unwrap())).collect();
        inputs.sort();
        rows.insert(inputs, named(outcome, row[outcome].as_str().unwrap()).1);
    }
    let mut met = std::collections::HashSet::new();
    for levels in all_levels() {
        let result = table.result(&levels);
        let mut inputs = result.inputs.clone();
        inputs.sort();
        assert_eq!(Some(&result.outcome_name), rows.get(&inputs), "{}: {inputs:?}", table.name());
        met.insert(inputs);
    }
    assert_eq!(met.len(), rows.len(), "{}: rows that no input meets", table.name());
    rows.len()
}

#[test]
fn the_built_in_tables_equal_the_published_ones_on_all_rows() {
    if let Some(path) = shared("feeds/ssvc/deployer_patch_application_priority_1_0_0.json") {
        assert_eq!(check_equal(&Table::ssvc_deployer(), &path), 72);
    }
    if let Some(path) = shared("feeds/ssvc/cisa_bod_26_04_1_0_0.json") {
        assert_eq!(check_equal(&Table::cisa_bod_26_04(), &path), 16);
    }
}

#[test]
fn published_tables_load() {
    let mut tables = Tables::standard();
    for name in ["deployer_patch_application_priority_1_0_0", "cisa_bod_26_04_1_0_0", "cisa_coordinator_2_0_3"] {
        let Some(path) = shared(&format!("feeds/ssvc/{name}.json")) else { return };
        let table = Table::from_ssvc_json(name, &std::fs::read(&path).unwrap()).unwrap();
        check_equal(&table, &path);
        tables.add(name, table).unwrap();
    }
    // The two that are built in were met again, the coordinator's came on top.
    assert_eq!(tables.iter().count(), 3);
    let Some(path) = shared("feeds/ssvc/supplier_patch_development_priority_1_0_0.json") else { return };
    let error = Table::from_ssvc_json("supplier.json", &std::fs::read(path).unwrap()).unwrap_err();
    insta::assert_snapshot!(error, @"decision table `supplier.json` asks for `ssvc:U:1.0.1`, which Yata cannot answer: it knows ssvc:E 1, ssvc:EXP 1, ssvc:A 2, ssvc:TI 1, ssvc:HI 2, ssvc:MWI 1, cisa:KEV 1 and cisa:PE 1");
}

/// A small table: automatable decides.
const SMALL: &str = r#"{
    "namespace": "x_minato", "key": "DT_SMALL", "version": "1.0.0", "name": "Small", "definition": "d",
    "schemaVersion": "2.0.0",
    "decision_points": {
        "ssvc:A:2.0.0": {"namespace": "ssvc", "key": "A", "version": "2.0.0", "name": "Automatable",
            "values": [{"key": "N", "name": "No"}, {"key": "Y", "name": "Yes"}]},
        "ssvc:DSOI:1.0.0": {"namespace": "ssvc", "key": "DSOI", "version": "1.0.0", "name": "Outcome",
            "values": [{"key": "D", "name": "Defer"}, {"key": "I", "name": "Immediate"}]}
    },
    "outcome": "ssvc:DSOI:1.0.0",
    "mapping": [
        {"ssvc:A:2.0.0": "N", "ssvc:DSOI:1.0.0": "D"},
        {"ssvc:A:2.0.0": "Y", "ssvc:DSOI:1.0.0": "I"}
    ]
}"#;

fn check_error(from: &str, to: &str, expected: &str) {
    assert!(SMALL.contains(from), "{from}");
    let error = Table::from_ssvc_json("my.json", SMALL.replacen(from, to, 1).as_bytes()).unwrap_err();
    let mut text = error.to_string();
    if let Some(source) = std::error::Error::source(&error) {
        text = format!("{text}: {source}");
    }
    assert!(text.contains("my.json") && text.contains(expected), "{text}");
}

#[test]
fn a_bad_table_names_what_is_wrong() {
    let table = Table::from_ssvc_json("my.json", SMALL.as_bytes()).unwrap();
    assert_eq!((table.name(), table.points()), ("Small 1.0.0", &[Point::Automatable][..]));
    check_error("2.0.0\",\n    \"decision", "3.0.0\",\n    \"decision", "schema version `3.0.0`");
    check_error(
        "\"ssvc:A:2.0.0\": \"Y\"",
        "\"ssvc:A:2.0.0\": \"N\"",
        "row 2: an earlier row is about the same combination",
    );
    check_error("\"ssvc:A:2.0.0\": \"Y\"", "\"ssvc:A:2.0.0\": \"X\"", "row 2: `ssvc:A:2.0.0` has no value `X`");
    check_error("\"ssvc:A:2.0.0\": \"Y\"", "\"ssvc:B:2.0.0\": \"Y\"", "row 2: `ssvc:A:2.0.0` is missing");
    check_error("{\"ssvc:A:2.0.0\": \"Y\", ", "{", "row 2: it has 1 entries instead of 2");
    check_error("\"I\"}", "\"S\"}", "row 2: `ssvc:DSOI:1.0.0` has no value `S`");
    check_error(",\n        {\"ssvc:A:2.0.0\": \"Y\", \"ssvc:DSOI:1.0.0\": \"I\"}", "", "no row for ssvc:A:2.0.0=Y");
    check_error("\"key\": \"A\"", "\"key\": \"ZZ\"", "asks for `ssvc:A:2.0.0`");
    check_error("\"key\": \"A\", \"version\": \"2", "\"key\": \"A\", \"version\": \"9", "asks for `ssvc:A:2.0.0`");
    check_error("{\"key\": \"Y\", \"name\": \"Yes\"}", "{\"key\": \"M\", \"name\": \"Maybe\"}", "the value `M`");
    check_error(", {\"key\": \"Y\", \"name\": \"Yes\"}", "", "leaves out the value `Y`");
    check_error("\"key\": \"DSOI\"", "\"key\": \"MSCW\"", "decides `ssvc:MSCW`");
    check_error("\"key\": \"I\"", "\"key\": \"W\"", "the value `W`");
    check_error("\"outcome\": \"ssvc:DSOI:1.0.0\"", "\"outcome\": \"ssvc:X:1.0.0\"", "`ssvc:X:1.0.0`");
    check_error("{\"ssvc:A:2.0.0\": \"Y\",", "{\"ssvc:A:2.0.0\": \"Y\", \"ssvc:A:2.0.0\": \"N\",", "is there twice");
    check_error("{", "[", "is not an SSVC decision table");
}

#[test]
fn a_table_under_a_known_id_must_say_the_same() {
    let mut tables = Tables::standard();
    let table = |text: &str| Table::from_ssvc_json("my.json", text.as_bytes()).unwrap();
    tables.add("my.json", table(SMALL)).unwrap();
    tables.add("again.json", table(SMALL)).unwrap();
    assert_eq!(tables.iter().count(), 3);
    let error = tables.add("other.json", table(&SMALL.replace("\"I\"}", "\"D\"}"))).unwrap_err();
    assert!(error.to_string().contains("`other.json` calls itself `x_minato:DT_SMALL:1.0.0`"), "{error}");
    for number in 0..13 {
        let own = SMALL.replace("DT_SMALL", &format!("DT_{number}"));
        tables.add("many.json", table(&own)).unwrap();
    }
    assert!(tables.add("many.json", table(&SMALL.replace("DT_SMALL", "DT_LAST"))).is_err());
}

#[test]
fn a_table_of_ones_own_makes_it_stricter() {
    let mut tables = Tables::standard();
    tables.add("my.json", Table::from_ssvc_json("my.json", SMALL.as_bytes()).unwrap()).unwrap();
    for levels in all_levels() {
        let (with, without) = (tables.outcome(&levels), Tables::standard().outcome(&levels));
        assert!(with.priority <= without.priority);
        assert!(!levels.automatable || with.priority == Priority::Immediate);
        assert_eq!(with.investigate, without.investigate);
    }
}

/// Making one input worse never makes an outcome of the published tables less urgent.
#[test]
fn the_built_in_tables_are_monotonic() {
    let worse = |a: &Levels, b: &Levels| Point::ALL.iter().all(|point| point.answer(a) <= point.answer(b));
    let all = all_levels();
    for table in [Table::ssvc_deployer(), Table::cisa_bod_26_04()] {
        for a in &all {
            for b in all.iter().filter(|b| worse(a, b)) {
                let (low, high) = (table.outcome(a), table.outcome(b));
                assert!(high.priority <= low.priority, "{}: {a:?} -> {b:?}", table.name());
                assert!(high.investigate || !low.investigate, "{}: {a:?} -> {b:?}", table.name());
            }
        }
    }
}

proptest! {
    #[test]
    fn reading_a_table_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Table::from_ssvc_json("any", &bytes);
    }

    #[test]
    fn reading_a_broken_table_never_panics(at in 0..SMALL.len(), byte: u8) {
        let mut bytes = SMALL.as_bytes().to_vec();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        let _ = Table::from_ssvc_json("any", &bytes);
    }
}
