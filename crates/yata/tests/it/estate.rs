//! What the estate file says, and what is asked where it says nothing.

use crate::support::{Place, TODAY, finding, package_lock, problems, text};

fn place() -> Place {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("right", "1.0.0")]));
    place
}

/// The value and standing of a fact behind the only risk.
fn fact(answer: &serde_json::Value, name: &str) -> (String, String) {
    let facts = answer["risks"][0]["facts"].as_array().unwrap();
    let fact = facts.iter().find(|fact| fact["name"] == name).unwrap();
    (text(&fact["value"]).to_owned(), text(&fact["standing"]).to_owned())
}

fn pair(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn without_an_estate_the_worst_is_assumed_and_asked() {
    let place = Place::new();
    place.write_feeds("feeds");
    std::fs::remove_dir_all(place.path("feeds/vulnrichment")).unwrap();
    place.yata(&["intel", "import", "feeds"]).code(0);
    place.write("shop/package-lock.json", package_lock(&[("right", "1.0.0")]));
    place.write("shop/requirements.txt", "upper\n");
    let answer = place.answer(&["shop"]);
    assert_eq!(fact(&answer, "exposure"), pair("internet", "unknown"));
    assert_eq!(fact(&answer, "mission-impact"), pair("very-high", "unknown"));
    let asset = &answer["assets"][0];
    assert_eq!((text(&asset["exposure"]), text(&asset["mission_impact"])), ("unknown", "unknown"));
    let questions: Vec<&str> = answer["questions"].as_array().unwrap().iter().map(|q| text(&q["ask"]["id"])).collect();
    assert_eq!(questions.len(), 3, "{questions:?}");
    assert!(questions.contains(&"question-exposure"), "{questions:?}");
    let run = place.assess(&["shop"]);
    run.says(&["3 answers that would shorten this list most", "Who can reach shop? Write exposure = "]);
    let last = run.out.find("answers that would shorten").unwrap();
    assert!(last > run.out.find("Upgrade right").unwrap(), "the questions come at the end");
}

#[test]
fn what_the_estate_says_counts() {
    let place = place();
    place.write(
        "shop/yata.toml",
        "[[service]]\nid = \"s\"\nname = \"Sales\"\nmission_impact = \"low\"\nowner = \"team-s\"\n\n[[asset]]\npath = \"**\"\n\
         name = \"The shop\"\nservice = \"s\"\nexposure = \"none\"\n",
    );
    let answer = place.answer(&["shop"]);
    assert_eq!(fact(&answer, "exposure"), pair("none", "checked"));
    assert_eq!(fact(&answer, "mission-impact"), pair("low", "checked"));
    assert_eq!(answer["risks"][0]["decision"]["priority"], "defer");
    assert_eq!(answer["questions"].as_array().unwrap().len(), 0);
    place.assess(&["shop", "--all"]).code(0).says(&["The shop · Sales · team-s"]);
    // The same file, named.
    place.write("else/package-lock.json", package_lock(&[("right", "1.0.0")]));
    place.assess(&["else", "--estate", "shop/yata.toml", "--all"]).code(0).says(&["The shop · Sales · team-s"]);
}

#[test]
fn a_key_that_does_not_exist_is_an_error_with_its_place_and_the_nearest_one() {
    let place = place();
    place.write("shop/yata.toml", "[[asset]]\npath = \"**\"\nname = \"x\"\nexpsure = \"none\"\n");
    let run = place.assess(&["shop"]);
    run.error(&["shop/yata.toml", ":4:1:", "unknown key `expsure`", "did you mean `exposure`?"]);
    place.write("shop/yata.toml", "[[asset]]\npath = \"**\"\nname = \"x\"\nexposure = \"internett\"\n");
    place.assess(&["shop"]).error(&[":4:12:", "`internett`", "did you mean `internet`?"]);
    place.write("shop/yata.toml", "[[asset]\n");
    place.assess(&["shop"]).error(&["shop/yata.toml", ":1:"]);
    place.write("shop/yata.toml", b"name = \"\xff\"\n");
    place.assess(&["shop"]).error(&["shop/yata.toml", "UTF-8"]);
    place.assess(&["shop", "--estate", "nowhere.toml"]).error(&["cannot open `nowhere.toml`"]);
}

#[test]
fn a_rule_that_matches_nothing_is_a_gap_until_it_is_waived() {
    let place = place();
    let rules = "[[asset]]\npath = \"**\"\nname = \"x\"\nexposure = \"none\"\nmission_impact = \"low\"\n\n[[asset]]\nhost = \"gone-01\"\n";
    place.write("shop/yata.toml", rules);
    let run = place.assess(&["shop"]).code(2);
    run.says(&["NOT CHECKED", "yata.toml line 7", "host = \"gone-01\"", "matches nothing", "waive"]);
    assert_eq!(problems(&place.answer(&["shop"])), ["gone-01: problem-estate-rule-matched-nothing"]);

    place.assess(&["shop", "--waive", "gone-01"]).code(0).says(&["1 gap is waived by name"]);
    place.write("shop/yata.toml", format!("{rules}\n[assess]\nwaive = [\"gone-01\"]\n"));
    place.assess(&["shop"]).code(0).says(&["1 gap is waived by name"]);
    assert_eq!(problems(&place.answer(&["shop"])), ["(gone-01: problem-estate-rule-matched-nothing)"]);
    place.assess(&["shop", "--waive", "something else"]).code(0);
}

#[test]
fn what_is_left_out_is_counted_and_everything_cannot_be() {
    let place = place();
    place.write("shop/samples/package-lock.json", package_lock(&[("left", "1.0.0")]));
    place.write("shop/yata.toml", "[assess]\nleave_out = [\"samples/**\"]\n");
    let answer = place.answer(&["shop"]);
    assert_eq!(crate::support::risks(&answer), ["shop | right 1.0.0 | CVE-2026-1002"]);
    assert_eq!(problems(&answer).len(), 1, "it is said, as a gap that is waived");
    assert_eq!(answer["problems"][0]["waived"], true);
    place.write("shop/yata.toml", "[assess]\nleave_out = [\"**\"]\n");
    let run = place.assess(&["shop"]).code(2);
    run.is_silent_about(&["Nothing is known to be wrong"]);
    run.says(&["nothing could be checked"]);
}

#[test]
fn nothing_at_the_place_that_was_named() {
    let place = place();
    place.assess(&["nowhere"]).error(&["`nowhere` does not exist", "name a folder, a lockfile or an SBOM"]);
    std::fs::create_dir(place.path("empty")).unwrap();
    let run = place.assess(&["empty"]).code(2);
    run.says(&["empty holds nothing that Yata reads", "package-lock.json", "1 gap makes this answer incomplete"]);
}

#[test]
fn a_table_of_ones_own_and_vex_are_read_beside_the_estate() {
    let place = place();
    place.write("shop/yata.toml", "[assess]\nvex = [\"gone.json\"]\n");
    place.assess(&["shop"]).error(&["the estate file names a VEX document that cannot be read", "gone.json"]);
    place.write("shop/yata.toml", "[assess]\nvex = [\"../gone.json\"]\n");
    place.assess(&["shop"]).error(&["shop/yata.toml", "../gone.json"]);
    place.write("shop/yata.toml", "[assess]\ndecision_tables = [\"table.json\"]\n");
    place.write("shop/table.json", "{");
    place.assess(&["shop"]).error(&["table.json"]);
    place.write("shop/yata.toml", "[intel]\nfeeds = \"gone\"\n");
    place.assess(&["shop"]).error(&["cannot read the feeds of the estate in", "shop/gone"]);
}

#[test]
fn an_estate_brings_its_own_feeds() {
    let place = Place::new();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0")]));
    place.write_feeds("shop/feeds");
    place.write("shop/yata.toml", format!("[intel]\nfeeds = \"feeds\"\n\n[assess]\nas_of = {TODAY}\n"));
    let run = || place.yata(&["assess", "shop", "--format", "json"]).code(1).json();
    assert_eq!(text(&finding(&run(), "left")["remedy"]["to"]), "2.0.0");
    assert!(!place.path("data/intel.redb").exists(), "the data folder's own index is another one");
    // A change is taken over.
    let record = crate::support::osv("GHSA-left-left-left", "npm", "left", "CVE-2026-1001", "2.0.1");
    place.write("shop/feeds/osv/npm/all.zip", crate::support::zip(&[("GHSA-left-left-left.json", record)]));
    assert_eq!(text(&finding(&run(), "left")["remedy"]["to"]), "2.0.1");
}
