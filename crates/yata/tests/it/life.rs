//! From one run to the next: what is new, what is gone, what somebody decided.

use std::fs;

use crate::support::{Place, TODAY, finding, osv, package_lock, risks, text, zip};

fn place() -> Place {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0"), ("right", "1.0.0")]));
    place
}

fn id(place: &Place, package: &str) -> String {
    text(&finding(&place.answer(&["shop"]), package)["id"]).to_owned()
}

#[test]
fn an_upgrade_closes_and_a_new_package_opens() {
    let place = place();
    let first = place.answer(&["shop"]);
    assert_eq!(risks(&first).len(), 2);
    assert_eq!(first["changes"]["new"].as_array().unwrap().len(), 0, "everything is new on the first run");
    let left = text(&finding(&first, "left")["id"]).to_owned();

    place.write("shop/package-lock.json", package_lock(&[("left", "2.0.0"), ("right", "1.0.0")]));
    place.write("shop/requirements.txt", "upper==2.0\n");
    let second = place.answer(&["shop"]);
    let upper = text(&finding(&second, "upper")["id"]);
    assert_eq!(second["changes"]["new"], serde_json::json!([upper]));
    let gone = second["changes"]["gone"].as_array().unwrap();
    assert_eq!((gone.len(), text(&gone[0]["id"])), (1, left.as_str()));
    place.yata(&["finding", "history", &left]).code(0).says(&[
        "open",
        "seen for the first time",
        "fixed",
        "no longer seen",
    ]);

    let third = place.answer(&["shop"]);
    assert_eq!((third["summary"]["new"].as_u64(), third["summary"]["gone"].as_u64()), (Some(0), Some(0)));
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0"), ("right", "1.0.0")]));
    let run = place.assess(&["shop"]);
    run.says(&["1 new, 0 gone", "[new]"]);
    place.yata(&["finding", "history", &left]).code(0).says(&["seen again after it was fixed"]);
}

#[test]
fn what_is_gone_is_named() {
    let place = place();
    place.assess(&["shop"]).code(1);
    place.write("shop/package-lock.json", package_lock(&[("right", "1.0.0")]));
    place.assess(&["shop", "--fail-on", "immediate"]).says(&["0 new, 1 gone", "Gone", "left"]);
    place.assess(&["shop", "--lang", "ja"]).says(&["0"]);
}

#[test]
fn a_decision_settles_a_finding_until_its_day() {
    for verb in ["accept", "mitigate"] {
        let place = place();
        let id = id(&place, "left");
        let run = place.yata(&["finding", verb, &id, "--until", "2999-01-31", "--why", "replaced in January"]).code(0);
        run.says(&[&id, "2999-01-31", "left 1.0.0"]);
        let answer = place.answer(&["shop"]);
        assert_eq!(risks(&answer).len(), 1);
        let settled = &answer["settled"][0];
        assert_eq!(text(&settled["finding"]["id"]), id);
        assert_eq!(text(&settled["finding"]["state"]["until"]), "2999-01-31");
        assert_eq!(text(&settled["settlement"]["why"]), "replaced in January");
        assert_eq!(text(&settled["settlement"]["by"]), "kim");
        place.assess(&["shop"]).code(0).says(&["1 finding is settled", "until 2999-01-31"]);
        let run = place.yata(&["finding", "history", &id]).code(0);
        run.says(&["kim: replaced in January", "2999-01-31"]);

        // The last day still counts, the day after does not.
        let on = |day: &str| place.yata(&["assess", "shop", "--as-of", day, "--format", "json"]).json();
        assert_eq!(on("2999-01-31")["settled"].as_array().unwrap().len(), 1);
        assert_eq!(on("2999-02-01")["settled"].as_array().unwrap().len(), 0);
        assert_eq!(risks(&on("2999-02-01")).len(), 2, "it asks for action again");
    }
}

#[test]
fn a_false_positive_settles_and_reopening_undoes_it() {
    let place = place();
    let id = id(&place, "left");
    let beginning: String = id.chars().take(9).collect();
    place.yata(&["finding", "false-positive", &beginning, "--why", "not built in", "--by", "lee"]).code(0).says(&[&id]);
    assert_eq!(risks(&place.answer(&["shop"])).len(), 1);
    let listed = place.yata(&["finding", "list"]).code(0);
    listed.is_silent_about(&[&id]);
    place.yata(&["finding", "list", "--all"]).code(0).says(&[&id, "does not apply"]);
    let json = place.yata(&["finding", "list", "--all", "--format", "json"]).code(0).json();
    assert_eq!(json.as_array().unwrap().len(), 2);
    place.yata(&["finding", "reopen", &id, "--why", "it is, after all"]).code(0).says(&["open"]);
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
    place.yata(&["finding", "history", &id]).code(0).says(&["lee: not built in", "kim: it is, after all"]);
}

#[test]
fn decisions_that_cannot_be_taken_are_refused() {
    let place = place();
    let id = id(&place, "left");
    let accept =
        |id: &str, until: &str, why: &str| place.yata(&["finding", "accept", id, "--until", until, "--why", why]);
    accept("fi_00ff00ff", "2999-01-31", "x").error(&["no finding `fi_00ff00ff`"]);
    accept(&id, "2020-01-31", "x").error(&["`2020-01-31` is in the past", "today or a later day"]);
    accept(&id, "2999-01-31", "  ").error(&["a decision needs a reason", "--why"]);
    accept(&id, "2999-13-31", "x").error(&["2999-13-31", "--until"]);
    accept(&id, "2999-01-31", &"x".repeat(10_001)).error(&["10001 characters", "at most 10000"]);
    place.yata(&["finding", "reopen", &id, "--why", ""]).error(&["a decision needs a reason"]);
    place.yata(&["finding", "history", "fi_00ff00ff"]).error(&["no finding `fi_00ff00ff`"]);
    place.yata(&["finding", "accept", &id, "--until", "2999-01-31"]).error(&["--why"]);
    place.yata(&["finding", "accept", &id, "--until", "2999-01-31", "--why", "x", "--by", " "]).code(0);
    assert_eq!(risks(&place.answer(&["shop"])).len(), 1);

    place.write("shop/package-lock.json", package_lock(&[("right", "1.0.0")]));
    place.answer(&["shop"]);
    accept(&id, "2999-01-31", "x").error(&[&id, "is fixed"]);
}

/// Of seventeen ids at least two begin with the same digit.
#[test]
fn a_beginning_that_fits_several_ids_is_refused() {
    let place = Place::new();
    let names: Vec<String> = (0..17).map(|n| format!("package-{n}")).collect();
    let record =
        |name: &String| osv(&format!("GHSA-{name}"), "npm", name, &format!("CVE-2026-30{}", &name[8..]), "2.0.0");
    let files: Vec<(String, String)> = names.iter().map(|name| (format!("{name}.json"), record(name))).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    place.write("feeds/osv/npm/all.zip", zip(&files));
    place.yata(&["intel", "import", "feeds"]).code(0);
    let packages: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1.0.0")).collect();
    place.write("shop/package-lock.json", package_lock(&packages));
    let answer = place.answer(&["shop"]);
    let mut ids: Vec<&str> =
        answer["risks"].as_array().unwrap().iter().map(|risk| text(&risk["finding"]["id"])).collect();
    ids.sort_unstable();
    assert_eq!(ids.len(), 17);
    let pair = ids.windows(2).find(|pair| pair[0][..4] == pair[1][..4]).unwrap();
    let beginning = &pair[0][..4];
    let run = place.yata(&["finding", "accept", beginning, "--until", "2999-01-31", "--why", "x"]);
    run.error(&[&format!("`{beginning}` could be any of"), pair[0], pair[1], "give more of the id"]);
}

#[test]
fn nothing_stored_is_said() {
    let place = Place::new();
    place.yata(&["finding", "list"]).code(0).says(&["No findings are stored. Run `yata assess` first."]);
    assert_eq!(place.yata(&["finding", "list", "--format", "json"]).code(0).json(), serde_json::json!([]));
}

#[test]
fn without_saving_nothing_is_read_or_written() {
    let place = place();
    let answer = place.answer(&["shop", "--no-save"]);
    assert_eq!(risks(&answer).len(), 2);
    assert!(!place.path("data/yata.db").exists());
    assert_eq!(text(&finding(&answer, "left")["id"]), id(&place, "left"), "the id does not depend on it");
}

#[test]
fn two_folders_of_one_name_are_two_assets() {
    let place = Place::with_intel();
    for folder in ["a/shop", "b/shop"] {
        place.write(&format!("{folder}/package-lock.json"), package_lock(&[("left", "1.0.0")]));
        fs::create_dir_all(place.path(folder).join(".git")).unwrap();
    }
    let answer = place.answer(&["."]);
    assert_eq!(risks(&answer), ["shop | left 1.0.0 | CVE-2026-1001", "shop | left 1.0.0 | CVE-2026-1001"]);
    assert_eq!(answer["assets"].as_array().unwrap().len(), 2);
    let run = place.yata(&["assess", "a/shop", "--as-of", TODAY, "--format", "json"]).json();
    assert_eq!(run["changes"]["gone"], serde_json::json!([]), "the other asset is not looked at");
}

#[test]
fn a_source_that_vanished_closes_nothing() {
    let place = place();
    let id = id(&place, "left");
    fs::remove_file(place.path("data/intel.redb")).unwrap();
    let answer = place.assess(&["shop", "--format", "json"]).code(2).json();
    assert_eq!(answer["changes"]["gone"], serde_json::json!([]));
    assert_eq!(text(&finding(&answer, "left")["id"]), id, "it stays on the list");
}

#[test]
fn a_look_at_one_file_closes_nothing_of_its_folder() {
    let place = crate::support::Place::with_intel();
    place.write("shop/package-lock.json", crate::support::package_lock(&[("left", "1.0.0")]));
    place.write("shop/requirements.txt", "upper==1.0.0\n");
    let before = crate::support::risks(&place.answer(&["shop"]));
    place.answer(&["shop/requirements.txt"]);
    let again = place.answer(&["shop"]);
    assert_eq!(crate::support::risks(&again), before);
    assert_eq!(again["changes"]["new"].as_array().map(Vec::len), Some(0), "{:?}", again["changes"]);
}
