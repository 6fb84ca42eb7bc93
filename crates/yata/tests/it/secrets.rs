//! Credentials in a tree: found at their places, remembered, decided upon, and never shown.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};

use serde_json::{Value, json};

use crate::planted::{archive, docx, github, hidden, holding, places, secrets, stripe};
use crate::support::{Place, TODAY, package_lock, problems, skipped, text};

const TOKEN: &str = "github-personal-access-token";

/// The credentials of a tree, as `rule redacted @ file:line, …`.
fn seen(answer: &Value) -> Vec<String> {
    let one = |finding: &&Value| {
        let redacted = text(&finding["secret"]["redacted"]);
        format!("{} {redacted} @ {}", text(&finding["rule"]), places(finding).join(", "))
    };
    secrets(answer).iter().map(one).collect()
}

fn shown(token: &str) -> String {
    format!("{}…{}", &token[..4], &token[token.len() - 4..])
}

/// The ids of the only list of changes of this name.
fn changed(answer: &Value, what: &str) -> Vec<String> {
    let ids = answer["changes"][what].as_array().unwrap().iter();
    ids.map(|one| text(if one.is_object() { &one["id"] } else { one }).to_owned()).collect()
}

fn id(answer: &Value) -> String {
    let secrets = secrets(answer);
    assert_eq!(secrets.len(), 1, "{:?}", seen(answer));
    text(&secrets[0]["id"]).to_owned()
}

#[test]
fn a_planted_token_is_found_where_it_stands() {
    let place = Place::new();
    let token = github(21);
    place.write("tree/src/app.py", format!("import os\n\ntoken = \"{token}\"\n"));
    place.write("tree/README.md", "# nothing in here\n");
    let run = place.assess(&["tree"]).code(1);
    run.says(&["Revoke and rotate", &shown(&token), "GitHub personal access token", "src/app.py:3"]);
    let answer = place.answer(&["tree"]);
    assert_eq!(seen(&answer), [format!("{TOKEN} {} @ src/app.py:3", shown(&token))]);
    assert_eq!(answer["complete"], true, "without components no source is missed");
    let secret = &secrets(&answer)[0]["secret"];
    assert_eq!((text(&secret["service"]), text(&secret["confidence"])), ("GitHub", "certain"));
    assert_eq!((&secret["author"], &secret["past"]), (&Value::Null, &json!([])));
    place.assess(&["tree", "--lang", "ja"]).code(1).says(&["src/app.py:3", "GitHub 個人用アクセストークン"]);
    // A single file is a target too.
    assert_eq!(places(secrets(&place.answer(&["tree/src/app.py"]))[0]), ["app.py:3"]);
}

#[test]
fn no_output_and_no_file_of_the_data_folder_holds_a_value() {
    let place = Place::new();
    let values = [github(22), stripe("live", 23), stripe("test", 24)];
    place.write("tree/.env", values.iter().map(|value| format!("KEY_OF={value}\n")).collect::<String>());
    place.write("tree/all.zip", archive(&[("in/report.docx", docx(&[&values[0]], ""))]));
    let mut runs = vec![place.assess(&["tree", "--write-baseline", "data/baseline.json"]).code(1)];
    for format in ["human", "json", "sarif", "cyclonedx", "markdown"] {
        for lang in ["en", "ja"] {
            runs.push(place.assess(&["tree", "--all", "--format", format, "--lang", lang]).code(1));
        }
    }
    let answer = place.answer(&["tree"]);
    for finding in secrets(&answer) {
        let id = text(&finding["id"]);
        runs.push(place.assess(&["tree", "--explain", id]));
        runs.push(place.yata(&["finding", "history", id]).code(0));
    }
    runs.push(place.yata(&["finding", "list", "--all", "--format", "json"]).code(0));
    assert!(place.path("data/yata.db").exists() && place.path("data/lens.key").exists());
    assert_eq!(holding(&place.path("data"), &[&shown(&values[0])]).len(), 2, "the database can be searched like this");
    hidden(&place, &runs.iter().collect::<Vec<_>>(), &values.iter().map(String::as_str).collect::<Vec<_>>());
    for run in runs.iter().take(3) {
        run.says(&[&shown(&values[0])]);
    }
}

#[test]
fn a_finding_survives_moved_lines_and_files() {
    let place = Place::new();
    let token = github(25);
    place.write("tree/a.py", format!("t = '{token}'\n"));
    let first = place.answer(&["tree"]);
    for (file, text, places_of) in [
        ("a.py", format!("# a note\n\n\nt = '{token}'\n"), &["a.py:4"][..]),
        ("deep/b.yaml", format!("token: {token}\n"), &["a.py:4", "deep/b.yaml:1"]),
        ("a.py", "# moved away\n".to_owned(), &["deep/b.yaml:1"]),
    ] {
        place.write(&format!("tree/{file}"), text);
        let next = place.answer(&["tree"]);
        assert_eq!(id(&next), id(&first));
        assert_eq!(places(secrets(&next)[0]), places_of, "one finding for one credential");
        assert_eq!((changed(&next, "new"), changed(&next, "gone")), (vec![], vec![]));
    }
    // It is the same on another machine: nothing of the id depends on the data folder's key.
    let elsewhere = place.yata(&["--data", "other", "assess", "tree", "--as-of", TODAY, "--format", "json"]).json();
    assert_eq!(id(&elsewhere), id(&first));
    assert_ne!(secrets(&elsewhere)[0]["secret"]["hash"], secrets(&first)[0]["secret"]["hash"]);
}

#[test]
fn a_live_key_ranks_above_a_test_key() {
    let place = Place::new();
    let (live, test) = (stripe("live", 26), stripe("test", 27));
    place.write("tree/a.env", format!("A={test}\n"));
    place.write("tree/b.env", format!("B={live}\n"));
    let answer = place.answer(&["tree"]);
    let order: Vec<&str> = secrets(&answer).iter().map(|finding| text(&finding["rule"])).collect();
    assert_eq!(order, ["stripe-secret-key", "stripe-test-key"]);
    let of = |at: usize| text(&answer["risks"][at]["decision"]["priority"]);
    assert_ne!(of(0), of(1), "and is asked for sooner");
    fs::remove_file(place.path("tree/b.env")).unwrap();
    place.assess(&["tree"]).code(0).says(&["stripe-test-key", "1 gone"]);
    place.assess(&["tree", "--fail-on", "defer"]).code(1);
}

#[test]
fn a_removed_credential_is_gone_in_the_next_run() {
    let place = Place::new();
    place.write("tree/a.env", format!("T={}\n", github(28)));
    let id = id(&place.answer(&["tree"]));
    place.write("tree/a.env", "T=\n");
    let next = place.answer(&["tree"]);
    assert_eq!(secrets(&next), Vec::<&Value>::new());
    assert_eq!(changed(&next, "gone"), [id.as_str()]);
    place.yata(&["finding", "history", &id]).code(0).says(&["fixed", "no longer seen"]);
    place.yata(&["finding", "list"]).code(0).is_silent_about(&[&id]);
    place.write("tree/b.env", format!("T={}\n", github(28)));
    assert_eq!(changed(&place.answer(&["tree"]), "new"), [id.as_str()], "seen again after it was fixed");
}

/// Each folder that was looked into speaks for itself, with something found in its neighbour or not.
#[test]
fn a_removed_credential_is_gone_from_its_own_asset() {
    let place = Place::new();
    for (folder, seed) in [("one", 43), ("two", 44)] {
        fs::create_dir_all(place.path(&format!("tree/{folder}/.git"))).unwrap();
        place.write(&format!("tree/{folder}/a.env"), format!("T={}\n", github(seed)));
    }
    let first = place.answer(&["tree"]);
    assert_eq!(secrets(&first).len(), 2);
    place.write("tree/one/a.env", "T=\n");
    let next = place.answer(&["tree"]);
    assert_eq!((secrets(&next).len(), changed(&next, "gone").len()), (1, 1), "{:?}", seen(&next));
    // A clean folder that never held anything is no asset.
    fs::create_dir_all(place.path("tree/three/.git")).unwrap();
    place.write("tree/three/a.env", "T=\n");
    assert_eq!(place.answer(&["tree"])["assets"].as_array().unwrap().len(), 2);
}

#[test]
fn what_can_no_longer_be_read_is_not_gone() {
    let place = Place::new();
    let report = docx(&[&github(45)], "");
    place.write("tree/report.docx", &report);
    place.write("tree/readme.md", "# nothing in here\n");
    let id = id(&place.answer(&["tree"]));
    place.write("tree/report.docx", &report[..report.len() / 2]);
    let next = place.assess(&["tree", "--format", "json"]).code(2).json();
    assert_eq!(changed(&next, "gone"), Vec::<String>::new());
    place.yata(&["finding", "list"]).code(0).says(&[&id]);
    let next = place.assess(&["tree", "--waive", "report.docx", "--format", "json"]).code(0).json();
    assert_eq!(changed(&next, "gone"), [id], "whoever waives it by name says that it counts as read");
}

#[test]
fn without_secrets_none_are_looked_for_and_none_are_closed() {
    let place = Place::with_intel();
    place.write("tree/package-lock.json", package_lock(&[("left", "2.0.0")]));
    place.write("tree/a.env", format!("T={}\n", github(29)));
    let id = id(&place.answer(&["tree"]));
    let without = place.answer(&["tree", "--no-secrets"]);
    assert_eq!((secrets(&without).len(), changed(&without, "gone")), (0, vec![]));
    let again = place.answer(&["tree"]);
    assert_eq!((changed(&again, "new"), text(&secrets(&again)[0]["id"])), (vec![], id.as_str()));
    place.yata(&["assess", "tree", "--no-secrets", "--history"]).error(&["--no-secrets", "--history"]);
    let fresh = Place::with_intel();
    fresh.write("tree/package-lock.json", package_lock(&[("left", "2.0.0")]));
    fresh.assess(&["tree", "--no-secrets"]).code(0);
    assert!(!fresh.path("data/lens.key").exists(), "no key is made where none is needed");
}

#[test]
fn a_decision_settles_a_credential() {
    let place = Place::new();
    place.write("tree/a.env", format!("T={}\n", github(30)));
    let id = id(&place.answer(&["tree"]));
    place.yata(&["finding", "accept", &id, "--until", "2999-01-31", "--why", "a honeypot"]).code(0).says(&[&id]);
    place.assess(&["tree"]).code(0).says(&["1 finding is settled", "until 2999-01-31"]);
    let answer = place.answer(&["tree"]);
    assert_eq!(text(&answer["settled"][0]["settlement"]["why"]), "a honeypot");
    place.yata(&["finding", "reopen", &id, "--why", "it is none"]).code(0);
    place.assess(&["tree"]).code(1);
}

#[test]
fn a_baseline_settles_what_was_known() {
    let place = Place::new();
    let (known, other, new) = (github(31), github(32), github(33));
    place.write("tree/a.env", format!("T={known}\n"));
    place.write("tree/b.env", format!("T={other}\n"));
    place.assess(&["tree", "--write-baseline", "base.json"]).code(1);
    let written = fs::read_to_string(place.path("base.json")).unwrap();
    assert!(!written.contains(&known[4..36]) && written.contains(&shown(&known)), "{written}");
    place.assess(&["tree"]).code(1);

    place.assess(&["tree", "--baseline", "base.json"]).code(0).says(&["2 findings are settled"]);
    let answer = place.answer(&["tree", "--baseline", "base.json"]);
    let settlement = &answer["settled"][0]["settlement"];
    assert_eq!((text(&settlement["by"]), text(&settlement["why"])), ("base.json", "known on 2026-11-20"));
    place.write("tree/a.env", format!("# moved\nT={known}\n"));
    place.assess(&["tree", "--baseline", "base.json"]).code(0);
    place.assess(&["tree", "--baseline", "base.json", "--no-save"]).code(0);

    place.write("tree/c.env", format!("T={new}\n"));
    place.assess(&["tree", "--baseline", "base.json"]).code(1);
    let answer = place.answer(&["tree", "--baseline", "base.json"]);
    assert_eq!(seen(&answer), [format!("{TOKEN} {} @ c.env:1", shown(&new))]);
    // A known credential in a file where it was not is asked again.
    place.write("tree/c.env", format!("T={known}\n"));
    let answer = place.answer(&["tree", "--baseline", "base.json"]);
    assert_eq!(seen(&answer), [format!("{TOKEN} {} @ a.env:2, c.env:1", shown(&known))]);
}

#[test]
fn an_entry_of_a_baseline_has_a_last_day() {
    let place = Place::new();
    place.write("tree/a.env", format!("T={}\n", github(34)));
    place.assess(&["tree", "--write-baseline", "base.json"]).code(1);
    let mut file: Value = serde_json::from_slice(&fs::read(place.path("base.json")).unwrap()).unwrap();
    for (until, code) in [("2026-11-21", 0), (TODAY, 0), ("2026-11-19", 1)] {
        file["accepted"][0]["until"] = json!(until);
        place.write("base.json", file.to_string());
        place.assess(&["tree", "--baseline", "base.json"]).code(code);
    }
}

#[test]
fn a_baseline_that_cannot_be_read_is_an_error() {
    let place = Place::new();
    place.write("tree/a.env", "T=\n");
    let with = |file: &str| place.assess(&["tree", "--baseline", file]);
    with("absent.json").error(&["`absent.json`"]);
    let whole = json!({ "version": 1, "accepted": [] });
    for (change, words) in [
        (json!({}), &["`base.json` is no baseline", "version"][..]),
        (json!({ "version": 2, "accepted": [] }), &["version 2", "reads version 1"]),
        (json!({ "version": 1, "accepted": [{ "rule": "x" }] }), &["`base.json` is no baseline", "file"]),
        (json!({ "version": 1, "accepted": [], "rest": 1 }), &["`base.json` is no baseline", "rest"]),
    ] {
        place.write("base.json", change.to_string());
        with("base.json").error(words);
    }
    let cut = whole.to_string();
    place.write("base.json", &cut[..cut.len() / 2]);
    with("base.json").error(&["`base.json` is no baseline", "line 1"]);
    place.write("base.json", whole.to_string());
    with("base.json").code(0);
}

#[test]
fn sarif_names_the_place() {
    let place = Place::new();
    let token = github(35);
    place.write("tree/src/a.py", format!("\n\nt = '{token}'\n"));
    place.write("tree/docs/all.zip", archive(&[("c.env", format!("A=1\nT={token}\n").into_bytes())]));
    let run = place.assess(&["tree", "--format", "sarif"]).code(1);
    let sarif = run.json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], TOKEN);
    let locations = results[0]["locations"].as_array().unwrap().iter().map(|one| &one["physicalLocation"]);
    let places: Vec<(&str, Option<u64>)> =
        locations.map(|one| (text(&one["artifactLocation"]["uri"]), one["region"]["startLine"].as_u64())).collect();
    assert!(places.contains(&("src/a.py", Some(3))), "{places:?}");
    assert!(places.iter().any(|(uri, _)| uri.starts_with("docs/all.zip")), "{places:?}");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == TOKEN));
    hidden(&place, &[&run], &[&token]);
}

#[test]
fn what_a_package_manager_put_there_is_passed_over() {
    let place = Place::new();
    let token = github(36);
    for file in ["node_modules/x/index.js", "env/lib/site.py", "build/out.js", "site-packages/y.py"] {
        place.write(&format!("tree/{file}"), format!("t = '{token}'\n"));
    }
    place.write("tree/env/pyvenv.cfg", "");
    place.write("tree/build/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    place.write("tree/main.js", "// ours\n");
    assert_eq!(seen(&place.answer(&["tree"])), Vec::<String>::new());
    place.write("tree/lib/main.js", format!("t = '{token}'\n"));
    assert_eq!(places(secrets(&place.answer(&["tree"]))[0]), ["lib/main.js:1"]);
}

/// More than is read at once: it passes through in pieces.
#[test]
fn a_file_of_seventy_mebibytes() {
    let place = Place::new();
    let token = github(37);
    let path = place.write("tree/dump.sql", "-- a line\n".repeat(2000));
    let mut file = File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(70 << 20)).unwrap();
    file.write_all(format!("\nINSERT INTO keys VALUES ('{token}');\n-- end\n").as_bytes()).unwrap();
    drop(file);
    let run = place.assess(&["tree"]).code(1);
    run.says(&["dump.sql:2002"]);
    assert_eq!(places(secrets(&place.answer(&["tree"]))[0]), ["dump.sql:2002"]);
    let lens = place.yata(&["lens", "check", "tree/dump.sql", "--class", "secret", "--format", "json"]).code(1);
    let hit = &lens.json()["hits"][0];
    assert_eq!((hit["line"].as_u64(), hit["length"].as_u64()), (Some(2002), Some(40)));
    assert_eq!(hit["offset"].as_u64(), Some((70 << 20) + 1 + "INSERT INTO keys VALUES ('".len() as u64));
    hidden(&place, &[&run, &lens], &[&token]);
}

#[test]
fn a_line_of_ten_megabytes_and_bytes_that_are_no_text() {
    let place = Place::new();
    let (token, other) = (github(38), github(39));
    let filler = "lorem ipsum, ".repeat(400_000);
    place.write("tree/min.js", format!("{filler}t='{token}';{filler}\n"));
    let broken = [&b"caf\xe9\xff\n\xe3\x81\n"[..], format!("t = {other}").as_bytes(), b"\xf0\x9f\n"].concat();
    place.write("tree/latin.txt", broken);
    let answer = place.answer(&["tree"]);
    let mut seen = seen(&answer);
    seen.sort();
    let mut expected =
        [format!("{TOKEN} {} @ min.js:1", shown(&token)), format!("{TOKEN} {} @ latin.txt:3", shown(&other))];
    expected.sort();
    assert_eq!(seen, expected);
    let hit = place.yata(&["lens", "check", "tree/min.js", "--class", "secret", "--format", "json"]).code(1).json();
    let at = filler.len() as u64 + 3;
    assert_eq!((hit["hits"][0]["offset"].as_u64(), hit["hits"][0]["column"].as_u64()), (Some(at), Some(at + 1)));
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let token = github(40);
    let locked = place.write("tree/locked.env", format!("T={}\n", github(41)));
    place.write("tree/open.env", format!("T={token}\n"));
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&locked).is_ok() {
        return skipped("an unreadable file needs an account that is not root");
    }
    let run = place.assess(&["tree"]).code(2);
    run.says(&["NOT CHECKED", "locked.env", &shown(&token)]);
    place.yata(&["lens", "check", "tree/locked.env"]).error(&["cannot open `tree/locked.env`"]);
    place.assess(&["tree", "--waive", "locked.env"]).code(1);
}

#[test]
fn a_document_in_an_archive() {
    let place = Place::new();
    let token = github(42);
    let report = docx(&["社内の手順", &format!("鍵は{token}です。")], "");
    place.write("tree/bundle.zip", archive(&[("in/report.docx", report.clone())]));
    let answer = place.answer(&["tree"]);
    assert_eq!(seen(&answer), [format!("{TOKEN} {} @ bundle.zip!/in/report.docx!/body", shown(&token))]);
    // One that is broken is a gap with its name, and the rest is looked into.
    place.write("tree/cut.docx", &report[..report.len() / 2]);
    let answer = place.assess(&["tree", "--format", "json"]).code(2).json();
    assert_eq!(secrets(&answer).len(), 1);
    assert!(problems(&answer)[0].starts_with("cut.docx: problem-document-"), "{:?}", problems(&answer));
}
