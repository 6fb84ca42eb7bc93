//! `yata backup` and `yata restore`: from either engine into either, whole or not at all.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use yata_testing::postgres::Database;

use crate::support::{Place, package_lock, text};

/// A place that has assessed something and decided about one of its findings.
fn lived_in() -> Place {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0"), ("right", "1.0.0")]));
    let answer = place.answer(&["shop"]);
    let id = text(&answer["risks"][0]["finding"]["id"]).to_owned();
    place.yata(&["finding", "accept", &id, "--until", "2999-01-31", "--why", "入れ替えは一月"]).code(0);
    place
}

fn findings(place: &Place) -> String {
    place.yata(&["finding", "list", "--all", "--format", "json"]).code(0).out
}

fn backup(place: &Place, name: &str, more: &[&str]) -> PathBuf {
    let file = place.path(name);
    place.yata(&[&["backup", file.to_str().unwrap()], more].concat()).code(0);
    file
}

#[test]
fn a_backup_goes_from_either_engine_into_either() {
    let place = lived_in();
    let first = backup(&place, "first.yata", &[]);
    place.yata(&["backup", "--check", first.to_str().unwrap()]).code(0);
    let there = Place::new();
    let from = match Database::empty() {
        // On the way through a server.
        Some(server) => {
            let url = server.url();
            place.yata(&["restore", first.to_str().unwrap(), "--database", &url]).code(0);
            let second = backup(&place, "second.yata", &["--database", &url]);
            place.yata(&["restore", first.to_str().unwrap(), "--database", &url]).error(&["first.yata"]);
            second
        }
        None => first,
    };
    there.yata(&["restore", from.to_str().unwrap()]).code(0);
    assert_eq!(findings(&there), findings(&place));
    assert!(findings(&there).contains("2999-01-31"), "the decision came along");
    let key = |place: &Place| fs::read(place.path("data").join("lens.key")).ok();
    assert_eq!(key(&there), key(&place), "the key came along");
}

#[test]
fn what_was_cut_or_changed_is_refused() {
    let place = lived_in();
    let file = backup(&place, "whole.yata", &[]);
    let bytes = fs::read(&file).unwrap();
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    let packed = |plain: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(plain).unwrap();
        packed.finish().unwrap()
    };
    let lines: Vec<&[u8]> = plain.split_inclusive(|byte| *byte == b'\n').collect();
    let without_last = lines[..lines.len() - 1].concat();
    let without_one = [&lines[..lines.len() / 2], &lines[lines.len() / 2 + 1..]].concat().concat();
    let told = String::from_utf8(plain.clone()).unwrap();
    assert!(told.contains("入れ替えは一月"));
    let rewritten = told.replace("入れ替えは一月", "入れ替えは十月").into_bytes();
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let bad: [(&str, Vec<u8>); 7] = [
        ("cut", bytes[..bytes.len() - 20].to_vec()),
        ("flipped", flipped),
        ("without its last line", packed(&without_last)),
        ("without one line", packed(&without_one)),
        ("rewritten", packed(&rewritten)),
        ("empty", Vec::new()),
        ("something else", b"PK\x03\x04 and so on".to_vec()),
    ];
    for (what, bytes) in bad {
        let bad = place.write("bad.yata", bytes);
        let there = Place::new();
        for args in [vec!["backup", "--check"], vec!["restore"]] {
            let run = there.yata(&[args.as_slice(), &[bad.to_str().unwrap()]].concat());
            assert_eq!(run.code, Some(2), "{what}, {args:?}: {} {}", run.out, run.err);
        }
        // Nothing of it arrived.
        assert!(!there.path("data/lens.key").exists(), "{what}: a key was written");
        there.yata(&["restore", file.to_str().unwrap()]).code(0);
    }
}

#[test]
fn nothing_is_restored_over_something() {
    let place = lived_in();
    let file = backup(&place, "whole.yata", &[]);
    let before = findings(&place);
    place.yata(&["restore", file.to_str().unwrap()]).error(&["whole.yata"]);
    assert_eq!(findings(&place), before);
    let other = lived_in();
    other.yata(&["restore", file.to_str().unwrap()]).code(2);
    place.yata(&["backup", file.to_str().unwrap()]).error(&["whole.yata"]);
}

/// A link that was put where the backup is made is not written through.
#[cfg(unix)]
#[test]
fn a_backup_is_written_into_a_file_of_its_own() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let place = lived_in();
    let victim = place.write("victim", "precious");
    let (file, part) = (place.path("new.yata"), place.path("new.yata.part"));
    symlink(&victim, &part).unwrap();
    place.yata(&["backup", file.to_str().unwrap()]).error(&["new.yata.part", "is there already"]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    assert!(part.is_symlink() && !file.exists(), "what is not ours stays");
    fs::remove_file(&part).unwrap();
    backup(&place, "new.yata", &[]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!part.exists());
}
