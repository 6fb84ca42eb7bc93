//! Sources of intelligence: what is missing, broken or old is never taken for "nothing found".

use std::fs;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use yata_testing::server::{Page, Server};

use crate::support::{Place, TODAY, kev, osv, package_lock, problems, risks, shared, text, zip};

const UNCHECKED: &str = "this source could not be checked";

fn left(place: &Place) {
    place.write("tree/package-lock.json", package_lock(&[("left", "1.0.0")]));
}

#[test]
fn without_any_intelligence_nothing_is_known() {
    let place = Place::new();
    left(&place);
    for lang in ["en", "ja"] {
        let run = place.yata(&["assess", "tree", "--lang", lang]).code(2);
        run.is_silent_about(&["0 findings", "every source was checked"]);
        run.says(&["yata intel sync", "yata intel import"]);
    }
    place.assess(&["tree"]).code(2).says(&[UNCHECKED, "No finding, but the answer is incomplete"]);
    for format in ["json", "sarif", "cyclonedx", "markdown"] {
        place.assess(&["tree", "--format", format]).code(2);
    }
    let answer = place.answer(&["tree"]);
    assert_eq!((&answer["complete"], problems(&answer)), (&false.into(), vec!["intelligence: source-none".to_owned()]));
    assert!(place.assess(&["tree", "--format", "markdown"]).out.contains("proves nothing"));
    place.yata(&["intel", "status"]).error(&[
        "there is no intelligence at",
        "yata intel sync",
        "yata intel import FOLDER",
    ]);
    // An SBOM that names nothing has nothing to check.
    place.assess(&["tree", "--explain", "CVE-2026-1001"]).code(2).says(&["incomplete"]);
}

#[test]
fn an_ecosystem_that_was_never_imported() {
    let place = Place::with_intel();
    place.write("tree/go.mod", "module a.example/x\n\ngo 1.22\n\nrequire a.example/y v1.0.0\n");
    let run = place.assess(&["tree"]).code(2);
    run.says(&["OSV Go", UNCHECKED, "never imported", "yata intel import FOLDER"]);
    run.is_silent_about(&["every source was checked"]);
    place.assess(&["tree", "--waive", "OSV Go"]).code(0).says(&["1 gap is waived by name"]);
}

/// Imports a feed that is refused: exit code 2, the reason in words, and what was known before is kept.
#[track_caller]
fn refused(file: &str, bytes: &[u8], source: &str, why: &str) {
    let place = Place::with_intel();
    left(&place);
    fs::remove_dir_all(place.path("feeds")).unwrap();
    place.write(&format!("feeds/{file}"), bytes);
    let run = place.yata(&["intel", "import", "feeds"]).code(2);
    run.says(&[source, "refused", UNCHECKED, why, "What was known before is kept"]);
    place.yata(&["intel", "status", "--as-of", TODAY]).code(2).says(&[source, "broken", UNCHECKED, why]);
    let answer = place.answer(&["tree"]);
    assert_eq!(risks(&answer).len(), 1, "what was known before still counts");
    assert_eq!(problems(&answer), [format!("{source}: source-broken")]);
    place.assess(&["tree"]).code(2).says(&[source, UNCHECKED, why]);
}

#[test]
fn feeds_that_are_refused() {
    let whole = zip(&[("a.json", osv("GHSA-a", "npm", "left", "CVE-2026-1001", "2.0.0"))]);
    refused("osv/npm/all.zip", &whole[..whole.len() - 30], "OSV npm", "not a whole zip archive");
    refused("osv/npm/all.zip", b"", "OSV npm", "not a whole zip archive");
    refused("osv/npm/all.zip", &zip(&[]), "OSV npm", "it is empty");
    let bomb = zip(&[("a.json", format!("{{\"id\":\"A\",{}\"x\":1}}", " ".repeat(30_000_000)))]);
    assert!(bomb.len() < 100_000);
    refused("osv/npm/all.zip", &bomb, "OSV npm", "times its size");
    let whole = kev(&["CVE-2026-1001"]);
    refused("kev/kev.json", &whole.as_bytes()[..whole.len() / 2], "CISA KEV", "line 1 column");
    refused("kev/kev.json", b"", "CISA KEV", "");
    refused("kev/kev.json", whole.replace("\"count\":1", "\"count\":2").as_bytes(), "CISA KEV", "2");
    refused("epss/epss.csv.gz", b"\x1f\x8b\x08\x00", "EPSS", "");
    refused("epss/epss.csv", b"<html>moved</html>", "EPSS", "");
}

#[test]
fn a_record_that_cannot_be_read_is_named() {
    let place = Place::with_intel();
    left(&place);
    let good = osv("GHSA-left-left-left", "npm", "left", "CVE-2026-1001", "2.0.0");
    place.write("feeds/osv/npm/all.zip", zip(&[("a.json", good), ("b.json", "{\"id\": \"GHSA-b\", ".to_owned())]));
    place.yata(&["intel", "import", "feeds"]).code(2).says(&["1 could not be read and count as unknown", "b.json"]);
    place.assess(&["tree"]).code(2).says(&["OSV npm", UNCHECKED, "b.json"]);
}

#[test]
fn old_sources_are_stale_and_take_their_worst_case() {
    let place = Place::with_intel();
    place.write("tree/package-lock.json", package_lock(&[("right", "1.0.0")]));
    let run = |day: &str| place.yata(&["assess", "tree", "--as-of", day, "--format", "json"]);
    let fact = |answer: &serde_json::Value| {
        let facts = answer["risks"][0]["facts"].as_array().unwrap();
        let fact = facts.iter().find(|fact| fact["name"] == "known-exploited").unwrap();
        (text(&fact["value"]).to_owned(), text(&fact["standing"]).to_owned())
    };
    let fresh = run(TODAY).json();
    assert_eq!(fact(&fresh), ("no".to_owned(), "checked".to_owned()), "not being in a fresh KEV is a fact");
    let later = run("2030-01-01").code(2).json();
    assert_eq!(fact(&later), ("yes".to_owned(), "stale".to_owned()));
    assert_eq!(later["risks"][0]["decision"]["priority"], "immediate");
    assert_eq!(
        problems(&later),
        ["CISA KEV: source-stale", "CISA vulnrichment: source-stale", "EPSS: source-stale", "OSV npm: source-stale"]
    );
    let human = place.yata(&["assess", "tree", "--as-of", "2030-01-01"]).code(2);
    human.says(&[UNCHECKED, "2026-11-19", "too old", "taken as exploited", "judged as of 2030-01-01"]);
    place.yata(&["intel", "status", "--as-of", "2030-01-01"]).code(2).says(&["stale", UNCHECKED]);
    // The estate may allow more.
    let ages = "[intel]\nmax_age_days = { osv = 3650, kev = 3650, epss = 3650, vulnrichment = 3650 }\n";
    place.write("tree/yata.toml", ages);
    assert_eq!(problems(&run("2030-01-01").json()), Vec::<String>::new());
}

#[test]
fn status_tells_each_source() {
    let place = Place::with_intel();
    let run = place.yata(&["intel", "status", "--as-of", TODAY]).code(0);
    for source in ["OSV npm", "OSV PyPI", "CISA KEV", "EPSS", "CISA vulnrichment"] {
        run.says(&[source]);
    }
    run.says(&["fresh", "2026-11-19", "2 records"]);
    let json = place.yata(&["intel", "status", "--as-of", TODAY, "--format", "json"]).code(0).json();
    assert!(json.as_array().unwrap().len() >= 5);
    place.yata(&["intel", "status", "--as-of", TODAY, "--lang", "ja"]).code(0).says(&["OSV npm"]);
}

#[test]
fn folders_that_hold_no_feeds() {
    let place = Place::with_intel();
    place.yata(&["intel", "import", "nowhere"]).error(&["nowhere"]);
    place.write("other/readme.txt", "hello");
    place.yata(&["intel", "import", "other"]).error(&["other", "has no feeds", "osv/<ecosystem>/all.zip"]);
    place.yata(&["intel", "import", "feeds", "--dated", "2999-01-01"]).error(&["2999-01-01", "has not come yet"]);
    place.write("feeds/strange.bin", "?");
    place.yata(&["intel", "import", "feeds"]).code(0).says(&["strange.bin: not a feed, passed over"]);
}

fn page(body: Vec<u8>) -> Page {
    Page { body, etag: Some("\"one\""), ..Page::default() }
}

/// Serves the short feeds as the real services do.
fn served(place: &Place, server: &Server) {
    place.write_feeds("feeds");
    let read = |name: &str| fs::read(place.path(&format!("feeds/{name}"))).unwrap();
    server.put("/osv/npm/all.zip", page(read("osv/npm/all.zip")));
    server.put("/kev.json", page(read("kev/kev.json")));
    let cve = String::from_utf8(read("vulnrichment/2026/1xxx/CVE-2026-1002.json")).unwrap();
    server.put("/vulnrichment.zip", page(zip(&[("v/2026/1xxx/CVE-2026-1002.json", cve)])));
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&read("epss/epss_scores-2026-11-19.csv")).unwrap();
    server.put("/epss.csv.gz", page(packed.finish().unwrap()));
}

#[test]
fn sync_fetches_from_the_given_addresses_and_only_once() {
    let (place, server) = (Place::new(), Server::start());
    served(&place, &server);
    let sync = |osv: &str| {
        let (osv, kev, epss, ssvc) =
            (server.url(osv), server.url("/kev.json"), server.url("/epss.csv.gz"), server.url("/vulnrichment.zip"));
        place.yata(&[
            "intel",
            "sync",
            "--ecosystem",
            "npm",
            "--osv-url",
            &osv,
            "--kev-url",
            &kev,
            "--epss-url",
            &epss,
            "--vulnrichment-url",
            &ssvc,
        ])
    };
    sync("/osv").code(0).says(&[
        "OSV npm: 2 records (2 new or different, 0 gone)",
        "CISA KEV",
        "EPSS",
        "CISA vulnrichment",
    ]);
    left(&place);
    assert_eq!(risks(&place.answer(&["tree"])), ["tree | left 1.0.0 | CVE-2026-1001"]);
    sync("/osv").code(0).says(&["OSV npm: not changed", "CISA KEV: not changed"]);
    // What cannot be fetched is said, and what was known stays.
    sync("/gone").code(2).says(&["OSV npm: could not be fetched", "404"]);
    assert_eq!(risks(&place.answer(&["tree"])).len(), 1);
    // Plain HTTP is for this machine itself alone.
    let run = place.yata(&["intel", "sync", "--ecosystem", "npm", "--osv-url", "http://mirror.example/osv"]);
    run.error(&["http://mirror.example/osv", "https"]);
    place.yata(&["intel", "sync", "--ecosystem", "npm:1", "--osv-url", &server.url("/osv")]).code(2);
}

#[test]
fn feeds_of_the_real_services() {
    let Some(feeds) = shared("feeds") else { return };
    let place = Place::new();
    // A part of them: the whole takes its time in a debug build.
    let copy = |part: &str| {
        fs::create_dir_all(place.path(&format!("real/{part}"))).unwrap();
        for entry in fs::read_dir(feeds.join(part)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), place.path(&format!("real/{part}")).join(entry.file_name())).unwrap();
        }
    };
    ["osv/crates.io", "kev", "ssvc"].into_iter().for_each(copy);
    place.yata(&["intel", "import", "real"]).says(&["OSV crates.io", "CISA KEV"]);
    place.write(
        "tree/Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"time\"\nversion = \"0.1.44\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
    );
    let answer = place.yata(&["assess", "tree", "--as-of", "2026-08-22", "--format", "json"]).json();
    assert_eq!(risks(&answer), ["tree | time 0.1.44 | CVE-2020-26235"]);
    place.yata(&["intel", "status", "--format", "json"]).json();
}
