//! The rules of each standard that its schema does not hold, and what our readers rely on.

use std::collections::BTreeSet;

use serde_json::Value;
use yata_formats::export::{SarifContents, cyclonedx, is_complete, json, markdown, sarif};
use yata_model::{Assessment, Problem};

use crate::sample::{assessment, empty, texts};

fn sarif_of(assessment: &Assessment, contents: SarifContents) -> Value {
    serde_json::from_str(&sarif(assessment, &texts("en"), contents).unwrap()).unwrap()
}

fn run_of(assessment: &Assessment) -> Value {
    sarif_of(assessment, SarifContents::All)["runs"][0].clone()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

fn names(values: &[Value], field: &str) -> Vec<String> {
    values.iter().map(|value| value[field].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn sarif_results_point_to_their_rules() {
    let run = run_of(&assessment());
    let rules = list(&run["tool"]["driver"], "rules");
    let ids = names(rules, "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "a rule twice");
    for result in list(&run, "results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note", "none"].contains(&result["level"].as_str().unwrap()));
        assert!(result["partialFingerprints"]["yataFinding/v1"].as_str().unwrap().starts_with("fi_"));
    }
    for notification in list(&run["invocations"][0], "toolExecutionNotifications") {
        let index = usize::try_from(notification["descriptor"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["notifications"][index]["id"], notification["descriptor"]["id"]);
    }
}

#[test]
fn sarif_levels_states_and_suppressions() {
    let run = run_of(&assessment());
    let results = list(&run, "results");
    assert_eq!(
        names(results, "level"),
        ["error", "error", "warning", "note", "note", "note", "note", "note", "note", "note", "note", "none"]
    );
    let mut states = vec!["unchanged"; 12];
    (states[0], states[11]) = ("new", "absent");
    assert_eq!(names(results, "baselineState"), states);
    let suppressed: Vec<bool> = results.iter().map(|result| result["suppressions"].is_array()).collect();
    assert_eq!(suppressed, [false, false, false, false, false, false, true, true, true, true, true, false]);
    assert_eq!(results[6]["suppressions"][0]["status"], "accepted");
    let open = sarif_of(&assessment(), SarifContents::OpenOnly);
    assert_eq!(list(&open["runs"][0], "results").len(), 6);
}

#[test]
fn sarif_of_a_first_run_has_no_baseline() {
    let mut first = assessment();
    first.changes.since = None;
    first.changes.gone.clear();
    let run = run_of(&first);
    assert!(list(&run, "results").iter().all(|result| result["baselineState"].is_null()));
}

#[test]
fn sarif_places_are_relative_uris() {
    let run = run_of(&assessment());
    let log4j = &list(&run, "results")[1]["locations"];
    let place = &log4j[0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "backend/%E8%A8%AD%E8%A8%88%20%E6%9B%B8/bom.json");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "SRCROOT");
    assert_eq!(place["region"]["startLine"], 42);
    assert_eq!(log4j[1]["physicalLocation"]["artifactLocation"]["uri"], "backend/bom%232.json");
    let outside = &list(&run, "results")[0];
    assert!(outside["locations"].is_null(), "a path that leaves the root is no location");
}

#[test]
fn sarif_severity_is_the_highest_published() {
    let run = run_of(&assessment());
    let rules = list(&run["tool"]["driver"], "rules");
    let log4j = rules.iter().find(|rule| rule["id"] == "CVE-2021-44228").unwrap();
    assert_eq!(log4j["properties"]["security-severity"], "10.0");
    assert_eq!(log4j["helpUri"], "https://advisories.example/CVE-2021-44228?a=%281%29&b=%3Cx%3E");
    let unrated = rules.iter().find(|rule| rule["id"] == "GHSA-zzzz-zzzz-zzzz").unwrap();
    assert!(unrated["properties"]["security-severity"].is_null());
}

#[test]
fn a_problem_is_never_a_clean_run() {
    let mut broken = empty();
    assert!(is_complete(&broken));
    assert_eq!(run_of(&broken)["invocations"][0]["executionSuccessful"], true);
    broken.problems = assessment().problems;
    assert!(!is_complete(&broken));
    assert_eq!(run_of(&broken)["invocations"][0]["executionSuccessful"], false);
    let own: Value = serde_json::from_str(&json(&broken, &texts("en")).unwrap()).unwrap();
    assert_eq!(own["complete"], false);
    let report = markdown(&broken, &texts("en"));
    assert!(report.contains("export-md-incomplete") && report.contains("export-md-nothing-incomplete"));
    let bom: Value = serde_json::from_str(&cyclonedx(&broken, &texts("en")).unwrap()).unwrap();
    assert_eq!(bom["metadata"]["properties"][1]["value"], "false");
    broken.problems.iter_mut().for_each(|problem: &mut Problem| problem.waived = true);
    assert!(is_complete(&broken));
}

fn bom_refs(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            out.extend(fields.get("bom-ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| bom_refs(field, out));
        }
        Value::Array(items) => items.iter().for_each(|item| bom_refs(item, out)),
        _ => {}
    }
}

#[test]
fn cyclonedx_references_are_unique_and_lead_somewhere() {
    let mut twice = assessment();
    let again = twice.assets[1].components[0].clone();
    twice.assets[1].components.push(again);
    for sample in [assessment(), empty()] {
        let bom: Value = serde_json::from_str(&cyclonedx(&sample, &texts("en")).unwrap()).unwrap();
        let mut refs = Vec::new();
        bom_refs(&bom, &mut refs);
        let known: BTreeSet<&String> = refs.iter().collect();
        assert_eq!(known.len(), refs.len(), "a bom-ref twice");
        let used = list(&bom, "vulnerabilities").iter().map(|v| &v["affects"][0]["ref"]);
        let depends = list(&bom, "dependencies").iter().flat_map(|d| list(d, "dependsOn").iter().chain([&d["ref"]]));
        for reference in used.chain(depends) {
            assert!(known.contains(&reference.as_str().unwrap().to_owned()), "{reference} leads nowhere");
        }
    }
}

#[test]
fn cyclonedx_analysis_follows_the_state() {
    let bom: Value = serde_json::from_str(&cyclonedx(&assessment(), &texts("en")).unwrap()).unwrap();
    let states: Vec<String> = list(&bom, "vulnerabilities")
        .iter()
        .map(|v| format!("{} {} {}", v["analysis"]["state"], v["analysis"]["justification"], v["analysis"]["response"]))
        .collect();
    assert_eq!(
        states,
        [
            r#""in_triage" null null"#,
            r#""exploitable" null ["update"]"#,
            r#""exploitable" null null"#,
            r#""exploitable" null null"#,
            r#""exploitable" null ["will_not_fix"]"#,
            r#""exploitable" null ["workaround_available"]"#,
            r#""not_affected" "code_not_present" null"#,
            r#""false_positive" null null"#,
            r#""resolved" null null"#,
        ]
    );
}

#[test]
fn cyclonedx_ratings_have_methods_and_vectors() {
    let bom: Value = serde_json::from_str(&cyclonedx(&assessment(), &texts("en")).unwrap()).unwrap();
    let ratings: Vec<String> = list(&list(&bom, "vulnerabilities")[1], "ratings")
        .iter()
        .map(|r| format!("{} {} {} {}", r["method"], r["score"], r["severity"], r["vector"]))
        .collect();
    assert_eq!(
        ratings,
        [
            r#""CVSSv4" 9.3 "critical" "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N""#,
            r#""CVSSv31" 10.0 "critical" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H""#,
            r#""CVSSv2" 9.3 "high" "AV:N/AC:M/Au:N/C:C/I:C/A:C""#,
            r#""other" null "high" "Important""#,
            r#""other" null "unknown" "bad""#,
            r#""SSVC" null "high" "SSVCv2/E:A/EXP:O/A:Y/HI:VH/DSOI:I/2026-08-20/""#,
            r#""SSVC" null "high" null"#,
        ]
    );
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    let (one, two) = (cyclonedx(&assessment(), &texts("en")).unwrap(), cyclonedx(&assessment(), &texts("en")).unwrap());
    assert_eq!(one, two);
    let serial = |text: &str| serde_json::from_str::<Value>(text).unwrap()["serialNumber"].clone();
    let other = cyclonedx(&empty(), &texts("en")).unwrap();
    assert_ne!(serial(&one), serial(&other), "other content has another serial number");
    assert!(!one.contains("00000000-0000-0000"));
}

#[test]
fn names_come_in_the_language_of_the_reader() {
    assert!(markdown(&assessment(), &texts("ja")).contains("お客さまポータル"));
    assert!(markdown(&assessment(), &texts("en")).contains("Customer portal"));
}

#[test]
fn our_own_cyclonedx_is_readable_as_vex() {
    let bom = cyclonedx(&assessment(), &texts("en")).unwrap();
    let (statements, problems) = yata_formats::vex::parse(bom.as_bytes(), "own.cdx.json").unwrap();
    assert_eq!(statements.len(), 9);
    assert_eq!(problems, []);
    assert_eq!(statements[1].products, ["pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"]);
}
