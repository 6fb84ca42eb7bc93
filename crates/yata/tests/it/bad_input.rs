//! Bad input: each kind is told with the file, the place and what to do, and makes the exit code 2.

use std::fs::{self, File};
use std::process::Command;

use crate::support::{Place, TODAY, finding, osv, package_lock, problems, risks, skipped, text, zip};

/// A place whose tree holds one good lockfile beside the bad one.
fn place() -> Place {
    let place = Place::with_intel();
    place.write("tree/good/package-lock.json", package_lock(&[("left", "1.0.0")]));
    place
}

/// The bad file is a gap told with these words; the good one is assessed all the same.
#[track_caller]
fn check(place: &Place, words: &[&str]) {
    let run = place.assess(&["tree"]).code(2);
    run.says(&["NOT CHECKED", "Upgrade left"]);
    run.says(words);
    let answer = place.answer(&["tree"]);
    assert_eq!(answer["complete"], false);
    assert_eq!(risks(&answer).len(), 1);
    // Waived by its name, it no longer counts.
    let subject = text(&answer["problems"][0]["subject"]);
    place.assess(&["tree", "--waive", subject]).code(1).says(&["1 gap is waived by name"]);
    place.assess(&["tree", "--lang", "ja"]).code(2).says(&[subject]);
}

#[test]
fn not_utf8() {
    let place = place();
    place.write("tree/bad/Cargo.lock", b"version = 4\n# \xff\xfe\n");
    check(&place, &["bad/Cargo.lock is not UTF-8 text (byte 14, line 2)", "Save it as UTF-8"]);
}

#[test]
fn truncated_json() {
    let place = place();
    let whole = package_lock(&[("right", "1.0.0")]);
    place.write("tree/bad/package-lock.json", &whole[..whole.len() / 2]);
    check(&place, &["bad/package-lock.json ends in the middle of its JSON (line ", "copy it or make it again"]);
}

#[test]
fn a_file_of_one_gib() {
    let place = place();
    let path = place.write("tree/bad/package-lock.json", "");
    File::options().write(true).open(path).unwrap().set_len(1 << 30).unwrap();
    check(&place, &["bad/package-lock.json has 1024 MiB, more than the limit of 256 MiB", "Split it"]);
}

#[test]
fn deeply_nested_json() {
    let place = place();
    let open = "[".repeat(1_000_000);
    place.write("tree/bad/package-lock.json", format!("{{\"lockfileVersion\":3,\"x\":{open}"));
    check(&place, &["bad/package-lock.json ends in the middle", "(line 1, column ", "make it again"]);
    place.write("tree/bad/package-lock.json", format!("{{\"lockfileVersion\":3,\"packages\":{{\"\":{open}"));
    check(&place, &["bad/package-lock.json", "(line 1, column ", "ake it again"]);
}

#[test]
fn duplicate_keys() {
    let place = place();
    place.write("tree/bad/package-lock.json", "{\"lockfileVersion\": 3,\n \"packages\": {},\n \"packages\": {}}");
    check(&place, &["bad/package-lock.json has the key `packages` twice in one object (line 3", "Leave one"]);
}

#[test]
#[cfg(unix)]
fn links_that_lead_round_or_out() {
    let place = place();
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, place.path(name)).unwrap();
    fs::create_dir_all(place.path("tree/bad")).unwrap();
    link("..", "tree/bad/up");
    link("two", "tree/bad/one");
    link("one", "tree/bad/two");
    assert_eq!(problems(&place.answer(&["tree"])), Vec::<String>::new(), "links are not followed");
    link("Cargo.lock", "tree/bad/Cargo.lock");
    check(&place, &["bad/Cargo.lock is a link that leads nowhere or to itself", "Correct or remove it"]);
    fs::remove_file(place.path("tree/bad/Cargo.lock")).unwrap();
    place.write("outside/Cargo.lock", "version = 4\n");
    link("../../outside/Cargo.lock", "tree/bad/Cargo.lock");
    check(&place, &["bad/Cargo.lock is a link that leads out of the assessed tree", "Assess its target too"]);
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    place.write("tree/locked/package-lock.json", "{}");
    let locked = place.path("tree/locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&locked).is_ok() {
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
        return skipped("an unreadable folder needs an account that is not root");
    }
    check(&place, &["locked may not be read by this user", "Give the permission"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_version_that_nobody_can_parse() {
    let place = Place::new();
    let listed = osv("GHSA-list-list-list", "npm", "odd", "CVE-2026-2001", "2.0.0");
    let listed = listed.replace(r#""ranges":"#, r#""versions":["1.0.vendor?"],"ranges":"#);
    let ranged = osv("GHSA-rnge-rnge-rnge", "npm", "odd", "CVE-2026-2002", "2.0.0");
    place.write("feeds/osv/npm/all.zip", zip(&[("a.json", listed), ("b.json", ranged)]));
    place.write("feeds/kev/kev.json", crate::support::kev(&["CVE-2026-1001"]));
    place.yata(&["intel", "import", "feeds"]).code(0);
    place.write("tree/package-lock.json", package_lock(&[("odd", "1.0.vendor?")]));
    let answer = place.answer(&["tree"]);
    let findings = answer["risks"].as_array().unwrap().iter().map(|risk| &risk["finding"]);
    let mut seen: Vec<(&str, &str, &str)> =
        findings.map(|f| (text(&f["rule"]), text(&f["component"]["version"]), text(&f["applies"]["status"]))).collect();
    seen.sort_unstable();
    assert_eq!(seen, [("CVE-2026-2001", "1.0.vendor?", "affected"), ("CVE-2026-2002", "1.0.vendor?", "unknown")]);
    let run = place.assess(&["tree", "--explain", "CVE-2026-2002"]);
    run.says(&["It could not be told whether odd is affected; it counts as affected"]);
}

#[test]
fn a_database_of_a_newer_schema() {
    let place = place();
    place.assess(&["tree"]).code(1);
    let database = place.path("data/yata.db");
    // SQLite keeps the version that `PRAGMA user_version` gives in bytes 60 to 63 of the file (file format, 1.3).
    let mut before = fs::read(&database).unwrap();
    assert_eq!(before[60..63], [0, 0, 0]);
    before[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    fs::write(&database, &before).unwrap();
    for args in [&["assess", "tree", "--as-of", TODAY][..], &["finding", "list"]] {
        let run = place.yata(args);
        run.error(&["yata.db", "has schema version 9999", "use the newer"]);
    }
    assert_eq!(fs::read(&database).unwrap(), before, "it is not touched");
    place.assess(&["tree", "--no-save"]).code(1);
}

#[test]
fn a_database_that_is_none() {
    let place = place();
    place.write("data/yata.db", "this is a diary, and no database, though it has the name of one ".repeat(100));
    place.assess(&["tree"]).error(&["yata.db", "what was found could not be stored", "--no-save"]);
    assert!(fs::read_to_string(place.path("data/yata.db")).unwrap().starts_with("this is a diary"));
    place.write("data/intel.redb", "neither is this ".repeat(1000));
    place.assess(&["tree", "--no-save"]).error(&["intel.redb", "import the feeds again"]);
}

/// A limit on the size of written files stands for a disk that is full: both fail in the middle of a write.
#[test]
#[cfg(unix)]
fn a_full_disk() {
    let place = place();
    place.assess(&["tree"]).code(1);
    let id = text(&finding(&place.answer(&["tree"]), "left")["id"]).to_owned();
    let many: Vec<String> = (0..4000).map(|n| format!("package-number-{n}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "1.0.0")).collect();
    place.write("tree/more/package-lock.json", package_lock(&many));
    let limited = |args: &str, blocks: u32| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$YATA\" {args}");
        let mut command = place.command(&[]);
        let envs: Vec<_> = command.get_envs().map(|(k, v)| (k.to_owned(), v.map(std::ffi::OsStr::to_owned))).collect();
        command = Command::new("sh");
        for (name, value) in envs {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("YATA", env!("CARGO_BIN_EXE_yata")).current_dir(place.path(""));
        crate::support::Run::new(&command.args(["-c", &script]).output().unwrap())
    };
    let run = limited(&format!("assess tree --as-of {TODAY}"), 100);
    run.error(&["yata.db", "what was found could not be stored"]);
    // What was stored before is still there.
    place.yata(&["finding", "list"]).code(0).says(&[&id]);
    place.assess(&["tree"]).code(1);

    let index = fs::read(place.path("data/intel.redb")).unwrap();
    limited("intel import feeds", 8).error(&["data/intel.new", "File too large"]);
    assert_eq!(fs::read(place.path("data/intel.redb")).unwrap(), index);
    place.write("old.json", "what was there before");
    limited(&format!("assess tree --as-of {TODAY} --no-save --format json --output old.json"), 2)
        .error(&["cannot write `old.json`"]);
    assert_eq!(fs::read_to_string(place.path("old.json")).unwrap(), "what was there before");
    let left: Vec<_> = fs::read_dir(place.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("part")), "{left:?}");
}

#[test]
fn text_that_would_drive_a_terminal() {
    let place = Place::with_intel();
    place.write("tree/\u{1b}[31m\u{202e}evil/package-lock.json", package_lock(&[("left", "1.0.0")]));
    let run = place.assess(&["tree", "--all"]);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{:?}", run.out);
    run.says(&["left"]);
    let run = place.assess(&["tree", "--explain", "CVE-2026-1001"]);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{:?}", run.out);
    let run = place.assess(&["tree/\u{1b}[2Jnowhere"]).code(2);
    assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
}
