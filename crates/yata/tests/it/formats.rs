//! The forms of the answer, and `--explain`.

use std::fs;

use serde_json::Value;

use crate::support::{Place, TODAY, finding, package_lock, repository, text};

fn place() -> Place {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0"), ("right", "1.0.0")]));
    place
}

/// An answer with everything in it: open, new, gone, settled, problems, questions.
fn full() -> Place {
    let place = place();
    place.write("shop/requirements.txt", "upper==2.0\n");
    let first = place.answer(&["shop"]);
    let right = text(&finding(&first, "right")["id"]);
    place.yata(&["finding", "accept", right, "--until", "2999-01-01", "--why", "soon <b>\"gone\"</b>"]).code(0);
    place.write("shop/requirements.txt", "upper\n");
    place.write("shop/Cargo.lock", b"\xff");
    place
}

#[test]
fn json_is_valid_by_the_published_schema() {
    let schema = fs::read_to_string(repository().join("docs/schemas/assessment.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let place = full();
    let minato = repository().join("examples/minato");
    let minato = minato.to_str().unwrap();
    for lang in ["en", "ja"] {
        for args in [&["assess", "shop"][..], &["assess", minato], &["assess", "shop", "--no-save"]] {
            let run = place.yata(&[args, &["--format", "json", "--lang", lang]].concat()).json();
            let errors: Vec<String> =
                validator.iter_errors(&run).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new(), "{args:?}");
            assert_eq!(run["language"], lang);
        }
    }
}

#[test]
fn sarif_names_tool_rules_and_places() {
    let place = full();
    let sarif = place.assess(&["shop", "--format", "sarif"]).code(2).json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "Yata");
    let rules: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| text(&rule["id"])).collect();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 3);
    for result in results {
        assert!(rules.contains(&text(&result["ruleId"])), "{result}");
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(["package-lock.json", "requirements.txt"].contains(&text(place)), "{place}");
        assert!(!text(&result["message"]["text"]).is_empty());
    }
    assert!(results.iter().any(|result| result["suppressions"][0]["kind"] == "external"), "the accepted one");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "not everything could be checked");
}

#[test]
fn cyclonedx_ties_each_vulnerability_to_a_component() {
    let place = full();
    let bom = place.assess(&["shop", "--format", "cyclonedx"]).code(2).json();
    assert_eq!((text(&bom["bomFormat"]), text(&bom["specVersion"])), ("CycloneDX", "1.6"));
    fn refs<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("bom-ref").and_then(Value::as_str));
                fields.values().for_each(|value| refs(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| refs(value, found)),
            _ => {}
        }
    }
    let mut known = Vec::new();
    refs(&bom, &mut known);
    let vulnerabilities = bom["vulnerabilities"].as_array().unwrap();
    // left, right, and upper twice: as it was, which nobody could check again, and as it is.
    assert_eq!(vulnerabilities.len(), 4);
    for vulnerability in vulnerabilities {
        assert!(known.contains(&text(&vulnerability["affects"][0]["ref"])), "{vulnerability}");
    }
}

#[test]
fn markdown_has_every_part() {
    let place = full();
    let text = place.assess(&["shop", "--format", "markdown"]).code(2).out;
    for part in ["# Yata: what to do at", "## What to do", "## Settled", "## Could not be checked", "## Sources"] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(!text.contains("<b>"), "{text}");
    let japanese = place.assess(&["shop", "--format", "markdown", "--lang", "ja"]).code(2).out;
    assert!(!japanese.contains("What to do"), "{japanese}");
}

#[test]
fn an_answer_goes_to_a_file_whole() {
    let place = place();
    for format in ["human", "json", "sarif", "cyclonedx", "markdown"] {
        let shown = place.assess(&["shop", "--no-save", "--format", format]);
        let run = place.assess(&["shop", "--no-save", "--format", format, "--output", "answer"]).code(1);
        assert_eq!(run.out, "");
        let written = fs::read_to_string(place.path("answer")).unwrap();
        assert_eq!(written.lines().count(), shown.out.lines().count(), "{format}");
    }
    place.assess(&["shop", "--output", "nowhere/answer"]).error(&["cannot write `nowhere/answer`"]);
}

#[test]
fn the_exit_code_follows_the_threshold() {
    let check = |packages: &[(&str, &str)], estate: &str, codes: [i32; 5]| {
        let place = Place::with_intel();
        place.write("shop/package-lock.json", package_lock(packages));
        place.write("shop/yata.toml", estate);
        for (level, code) in ["immediate", "out-of-cycle", "scheduled", "defer", "never"].into_iter().zip(codes) {
            let run = place.assess(&["shop", "--fail-on", level]);
            assert_eq!(run.code, Some(code), "{level}\n{}", run.out);
        }
        let json = place.answer(&["shop"]);
        json["risks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|risk| text(&risk["decision"]["priority"]).to_owned())
            .collect::<Vec<_>>()
    };
    let rule = |exposure: &str, impact: &str| {
        format!("[[asset]]\npath = \"**\"\nexposure = \"{exposure}\"\nmission_impact = \"{impact}\"\n")
    };
    let harmless = [("right", "1.5.0")];
    assert!(check(&harmless, "", [0, 0, 0, 0, 0]).is_empty());
    assert_eq!(check(&[("left", "1.0.0")], "", [1, 1, 1, 1, 0]), ["immediate"]);
    assert_eq!(check(&[("right", "1.0.0")], &rule("none", "low"), [0, 0, 0, 1, 0]), ["defer"]);
    assert_eq!(check(&[("right", "1.0.0")], &rule("internet", "very-high"), [0, 0, 1, 1, 0]), ["scheduled"]);
}

#[test]
fn explain_shows_every_fact() {
    let place = place();
    let run = place.assess(&["shop", "--explain", "CVE-2026-1001"]);
    run.says(&[
        "CVE-2026-1001",
        "GHSA-left-left-left",
        "npm/left",
        "Facts",
        "Known to be exploited (KEV)",
        "CISA KEV",
        "checked",
        "2026-11-01",
        "Exposure",
        "unknown",
        "Reasons",
        "What would change it",
        "package-lock.json",
        "SSVC Deployer",
    ]);
    run.is_silent_about(&["right"]);
    // By another name, in another case, by the finding's id and its beginning.
    place.assess(&["shop", "--explain", "GHSA-left-left-left"]).says(&["npm/left", "Facts"]);
    place.assess(&["shop", "--explain", "cve-2026-1001"]).says(&["left 1.0.0", "Facts"]);
    let answer = place.answer(&["shop"]);
    let id = text(&finding(&answer, "left")["id"]);
    for id in [id, &id[..12]] {
        place.assess(&["shop", "--explain", id]).says(&["CVE-2026-1001", "Facts"]);
    }
    let run = place.assess(&["shop", "--explain", "CVE-1999-0001"]);
    run.says(&["No source of intelligence speaks of CVE-1999-0001", "2 components were checked"]);
    place
        .assess(&["shop", "--explain", "CVE-2026-1003"])
        .says(&["PyPI/upper", "Nothing here is affected by CVE-2026-1003"]);
    let ja = place.assess(&["shop", "--explain", "CVE-2026-1001", "--lang", "ja"]);
    ja.says(&["CVE-2026-1001", "package-lock.json"]);
    ja.is_silent_about(&["What would change it", "Reasons"]);
}

/// Distributions pass CVEs on under ids of their own: asked for the CVE, their findings are explained.
#[test]
fn explain_follows_a_cve_to_the_records_of_distributions() {
    let place = Place::new();
    let minato = repository().join("examples/minato");
    let run = place.yata(&["assess", minato.to_str().unwrap(), "--explain", "CVE-2024-6387"]);
    run.says(&["DEBIAN-CVE-2024-6387", "ALSA-2024:4312", "SCADA gateway", "Historian"]);
    place
        .yata(&["assess", minato.to_str().unwrap(), "--explain", "PYSEC-2022-43059"])
        .says(&["was withdrawn by its publisher"]);
}

#[test]
fn sboms_and_files_may_be_named() {
    let place = place();
    let bom = serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": { "component": { "type": "application", "name": "bought" } },
        "components": [{ "type": "library", "name": "left", "version": "1.0.0", "purl": "pkg:npm/left@1.0.0" }]
    });
    place.write("bought.json", bom.to_string());
    let answer = place.answer(&["bought.json", "shop/package-lock.json"]);
    let names: Vec<&str> = answer["assets"].as_array().unwrap().iter().map(|asset| text(&asset["name"])).collect();
    assert_eq!(names, ["bought", "shop/package-lock.json"]);
    assert_eq!(answer["risks"].as_array().unwrap().len(), 3);
    place.write("letter.txt", "dear reader");
    place.assess(&["letter.txt"]).code(2).says(&["letter.txt is none of the formats that Yata reads"]);
    place.assess(&["shop", "--as-of", TODAY]).error(&["--as-of"]);
}
