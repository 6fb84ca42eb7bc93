//! Import of folders: what is read, what is refused, what stays.

use jiff::civil::date;
use yata_intel::{ImportOptions, IntelError};
use yata_model::SourceState;

use crate::feeds::{Place, cve5, epss, gzip, kev, now, only, osv, refusal, zip};

#[test]
fn records_of_a_zip_become_known() {
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", &osv("A-2", "right", ""))]);
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).changed, only(&report).removed), (2, 2, 0));
    assert_eq!(place.packages("A-1"), ["npm/left"]);
    place.check_state("OSV npm", SourceState::Fresh);
    place.check_state("CISA KEV", SourceState::Missing);
}

#[test]
fn a_second_import_of_the_same_changes_nothing() {
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", ""))]);
    place.import();
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).changed, only(&report).removed), (1, 0, 0));
    assert_eq!(place.packages("A-1"), ["npm/left"]);
}

#[test]
fn an_entry_that_a_later_zip_has_no_more_is_gone() {
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", &osv("A-2", "left", ""))]);
    place.import();
    place.put_npm(&[("A-2.json", &osv("A-2", "left", ""))]);
    assert_eq!(only(&place.import()).removed, 1);
    assert!(!place.is_known("A-1"));
    assert!(place.is_known("A-2"));
}

#[test]
fn a_record_that_moves_to_another_entry_stays() {
    let place = Place::new();
    place.put_npm(&[("old/A-1.json", &osv("A-1", "left", ""))]);
    place.import();
    place.put_npm(&[("new/A-1.json", &osv("A-1", "left", ""))]);
    place.import();
    assert_eq!(place.packages("A-1"), ["npm/left"]);
}

#[test]
fn a_record_in_two_archives_stays_while_one_has_it() {
    let place = Place::new();
    let record = osv("A-1", "left", "");
    place.put_npm(&[("A-1.json", &record)]);
    place.put("osv/Go/all.zip", zip(&[("A-1.json", &record), ("A-2.json", &osv("A-2", "right", ""))]));
    place.import();
    place.put("osv/Go/all.zip", zip(&[("A-2.json", &osv("A-2", "right", ""))]));
    place.import();
    assert!(place.is_known("A-1"));
    place.put_npm(&[("A-3.json", &osv("A-3", "left", ""))]);
    place.import();
    assert!(!place.is_known("A-1"));
}

#[test]
fn an_unreadable_record_is_counted_named_and_unknown_for_its_package() {
    let place = Place::new();
    // A range without a type: the record cannot be understood, its package can.
    let broken = r#"{"id":"A-2","modified":5,"affected":[{"package":{"ecosystem":"npm","name":"right"}}]}"#;
    place.put_npm(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", broken)]);
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).unreadable), (1, 1));
    assert!(only(&report).unreadable_names[0].starts_with("A-2: "), "{report:?}");
    assert_eq!(place.packages("A-2"), ["npm/right"]);
    let status = place.status("OSV npm");
    assert_eq!((status.state, status.unreadable), (SourceState::Fresh, 1));
}

#[test]
fn an_unreadable_record_without_a_package_makes_its_source_partial_until_it_is_repaired() {
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", "{\"id\":\"A-2\", cut")]);
    let report = place.import();
    assert_eq!(only(&report).unreadable, 1);
    let status = place.status("OSV npm");
    assert_eq!(status.state, SourceState::Partial);
    assert_eq!(status.message.unwrap().id, "source-partial");

    place.put_npm(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", &osv("A-2", "right", ""))]);
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).unreadable), (2, 0));
    assert_eq!(place.packages("A-2"), ["npm/right"]);
    place.check_state("OSV npm", SourceState::Fresh);
    assert!(!place.is_known("A-2.json"), "the placeholder is gone");
}

#[test]
fn a_record_that_becomes_unreadable_stays_unknown_for_the_packages_it_named() {
    let place = Place::new();
    let other = osv("A-1", "left", "");
    place.put_npm(&[("A-1.json", &other), ("A-2.json", &osv("A-2", "right", ""))]);
    place.import();
    place.put_npm(&[("A-1.json", &other), ("A-2.json", "")]);
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).unreadable), (1, 1));
    assert_eq!(place.packages("A-2"), ["npm/right"]);
}

#[test]
fn aliases_are_merged_through_chains_across_sources() {
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", r#","aliases":["CVE-2026-0001"]"#))]);
    let other = osv("B-1", "left", r#","aliases":["CVE-2026-0001","C-1"]"#);
    place.put("osv/Go/all.zip", zip(&[("B-1.json", &other), ("C-1.json", &osv("C-1", "left", ""))]));
    place.import();
    for id in ["A-1", "B-1", "C-1", "CVE-2026-0001"] {
        assert_eq!(place.group(id), ["A-1", "B-1", "C-1", "CVE-2026-0001"]);
    }
}

#[test]
fn a_withdrawn_record_connects_no_groups() {
    let place = Place::new();
    let withdrawn = r#","aliases":["B-1","C-1"],"withdrawn":"2026-08-18T00:00:00Z""#;
    place.put_npm(&[
        ("A-1.json", &osv("A-1", "left", withdrawn)),
        ("B-1.json", &osv("B-1", "left", "")),
        ("C-1.json", &osv("C-1", "left", "")),
    ]);
    place.import();
    assert_eq!(place.group("B-1"), ["B-1"]);
    assert_eq!(place.group("C-1"), ["C-1"]);
    assert!(place.is_known("A-1"), "it is kept");
}

#[test]
fn archives_that_are_none_are_refused_and_what_was_there_stays() {
    #[track_caller]
    fn check(bytes: &[u8], reason: &str) {
        let place = Place::new();
        place.put_npm(&[("A-1.json", &osv("A-1", "left", ""))]);
        place.import();
        place.put("osv/npm/all.zip", bytes);
        let report = place.import();
        assert!(refusal(&report).starts_with(reason), "{report:?}");
        assert_eq!(place.packages("A-1"), ["npm/left"]);
        let status = place.status("OSV npm");
        assert_eq!(status.state, SourceState::Broken);
        assert_eq!(status.message.unwrap().id, "source-broken");
    }
    let whole = zip(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", &osv("A-2", "left", ""))]);
    check(&whole[..whole.len() / 2], "it is not a whole zip archive");
    check(b"<html>please sign in</html>", "it is not a whole zip archive");
    check(b"", "it is not a whole zip archive");
    check(&zip(&[]), "it is empty");
    check(&zip(&[("README", "no records")]), "it is empty");
    check(&zip(&[("A-1.json", "?")]), "none of its 1 records could be read");
    let bomb = " ".repeat(8 * 1024 * 1024);
    check(&zip(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", &bomb)]), "it unpacks to more than 200 times");
}

#[test]
fn a_damaged_entry_is_unreadable_and_the_others_are_read() {
    let place = Place::new();
    let second = osv("A-2", "right", "");
    let mut bytes = zip(&[("A-1.json", &osv("A-1", "left", "")), ("A-2.json", &second)]);
    // The second entry's content lies before the central directory: bytes there break its checksum.
    let at = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bytes[at - 12] ^= 0xff;
    place.put("osv/npm/all.zip", bytes);
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).unreadable), (1, 1), "{report:?}");
    assert!(only(&report).unreadable_names[0].starts_with("A-2.json: "), "{report:?}");
    place.check_state("OSV npm", SourceState::Partial);
}

#[test]
fn a_catalogue_cut_short_keeps_the_old_one() {
    #[track_caller]
    fn check(second: &[u8], reason: &str) {
        let place = Place::new();
        place.put_npm(&[("A-1.json", &osv("A-1", "left", r#","aliases":["CVE-2026-0001"]"#))]);
        place.put("kev/known.json", kev(2, &["CVE-2026-0001", "CVE-2026-0002"]));
        place.import();
        place.put("kev/known.json", second);
        let report = place.import();
        let refused = report.sources.iter().find_map(|source| source.refused.clone()).unwrap();
        assert!(refused.contains(reason), "{refused}");
        let status = place.status("CISA KEV");
        assert_eq!((status.state, status.records), (SourceState::Broken, 2));
        let index = place.index();
        let known = index.known("CVE-2026-0001").unwrap().unwrap();
        let sources = index.sources(crate::feeds::TODAY, &yata_intel::MaxAges::default());
        let signals = index.signals(&known.group, &sources).unwrap();
        assert!(signals.kev.value.is_some(), "an entry that was listed stays listed");
    }
    check(kev(3, &["CVE-2026-0001"]).as_bytes(), "it was cut short");
    check(kev(0, &[]).as_bytes(), "it is empty");
    check(&kev(1, &["CVE-2026-0001"]).as_bytes()[..60], "it is not a KEV catalogue");
}

#[test]
fn scores_cut_short_keep_the_old_ones() {
    #[track_caller]
    fn check(second: &[u8], reason: &str) {
        let place = Place::new();
        place.put("epss/epss.csv.gz", epss(&["CVE-2026-0001,0.5,0.9"]));
        place.import();
        place.put("epss/epss.csv.gz", second);
        let report = place.import();
        assert!(refusal(&report).contains(reason), "{report:?}");
        let status = place.status("EPSS");
        assert_eq!((status.state, status.records), (SourceState::Broken, 1));
    }
    let whole = epss(&["CVE-2026-0001,0.5,0.9", "CVE-2026-0002,0.5,0.9"]);
    check(&whole[..whole.len() - 12], "cannot read");
    check(&gzip("#model_version:v1,score_date:2026-08-19\ncve,epss,percentile\nCVE-2026-0001,0."), "cut short");
    check(&gzip("#model_version:v1,score_date:2026-08-19\ncve,epss,percentile\n"), "is empty");
}

#[test]
fn vulnrichment_is_read_from_zips_and_files_alike() {
    let place = Place::new();
    let entries = [
        ("vulnrichment-develop/2026/0xxx/CVE-2026-0001.json", cve5("CVE-2026-0001", "active")),
        ("vulnrichment-develop/2026/0xxx/CVE-2026-0002.json", "{".to_owned()),
        ("vulnrichment-develop/package.json", "{}".to_owned()),
    ];
    let entries: Vec<(&str, &str)> = entries.iter().map(|(name, text)| (*name, text.as_str())).collect();
    place.put("vulnrichment/develop.zip", zip(&entries));
    place.put("vulnrichment/2026/CVE-2026-0003.json", cve5("CVE-2026-0003", "poc"));
    let report = place.import();
    assert_eq!((only(&report).records, only(&report).unreadable), (2, 1));
    assert!(only(&report).unreadable_names[0].starts_with("CVE-2026-0002: "), "{report:?}");
    let status = place.status("CISA vulnrichment");
    assert_eq!((status.state, status.date), (SourceState::Fresh, Some(date(2026, 8, 10))));

    let whole = zip(&entries);
    place.put("vulnrichment/develop.zip", &whole[..whole.len() - 30]);
    assert!(refusal(&place.import()).starts_with("it is not a whole zip archive"));
    assert_eq!(place.status("CISA vulnrichment").records, 2);
}

#[test]
fn an_old_feed_is_stale_unless_somebody_vouches_for_its_day() {
    let place = Place::new();
    let old = osv("A-1", "left", "").replace("2026-08-19", "2024-10-01");
    place.put_npm(&[("A-1.json", &old)]);
    place.import();
    let status = place.status("OSV npm");
    assert_eq!((status.state, status.date), (SourceState::Stale, Some(date(2024, 10, 1))));

    place.try_import(&ImportOptions { now: now(), dated: Some(date(2026, 8, 15)) }).unwrap();
    let status = place.status("OSV npm");
    assert_eq!((status.state, status.date), (SourceState::Fresh, Some(date(2026, 8, 15))));

    // The next import without a word for it is judged by what the feed says itself.
    place.import();
    place.check_state("OSV npm", SourceState::Stale);
}

#[test]
fn nobody_vouches_for_a_day_that_has_not_come() {
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", ""))]);
    let error = place.try_import(&ImportOptions { now: now(), dated: Some(date(2027, 1, 1)) }).unwrap_err();
    assert!(matches!(error, IntelError::Dated { .. }), "{error:?}");
}

#[test]
fn a_record_from_the_future_keeps_no_source_fresh() {
    let place = Place::new();
    let old = osv("A-1", "left", "").replace("2026-08-19", "2024-10-01");
    let future = osv("A-2", "left", "").replace("2026-08-19", "2099-01-01");
    place.put_npm(&[("A-1.json", &old), ("A-2.json", &future)]);
    place.import();
    let status = place.status("OSV npm");
    assert_eq!((status.state, status.date), (SourceState::Stale, Some(date(2024, 10, 1))));
}

#[test]
fn a_catalogue_from_the_future_is_stale() {
    let place = Place::new();
    place.put("kev/known.json", kev(1, &["CVE-2026-0001"]).replace("2026-08-19T", "2099-01-01T"));
    place.import();
    let status = place.status("CISA KEV");
    assert_eq!((status.state, status.date), (SourceState::Stale, None));
    assert_eq!(status.message.unwrap().id, "source-undated");
}

#[test]
fn a_folder_without_feeds_is_an_error() {
    let place = Place::new();
    place.put("readme.txt", "nothing");
    let error = place.try_import(&ImportOptions { now: now(), dated: None }).unwrap_err();
    assert!(matches!(error, IntelError::NoFeeds { .. }), "{error:?}");
    assert!(!place.index_path().exists());
}

#[test]
fn files_of_one_name_in_two_folders_are_two_records() {
    let place = Place::new();
    place.put("osv/npm/left/1.json", osv("A-1", "left", ""));
    place.put("osv/npm/right/1.json", osv("A-2", "right", ""));
    for _ in 0..2 {
        assert_eq!(only(&place.import()).records, 2);
        assert!(place.is_known("A-1") && place.is_known("A-2"));
    }
}

#[test]
fn an_older_state_in_one_archive_does_not_replace_a_newer_one_in_another() {
    let place = Place::new();
    let at = |day: &str, package: &str| osv("A-1", package, "").replace("2026-08-19", day);
    place.put_npm(&[("A-1.json", &at("2026-08-10", "old"))]);
    place.put("osv/Go/all.zip", zip(&[("A-1.json", &at("2026-08-19", "new"))]));
    place.import();
    assert_eq!(place.packages("A-1"), ["npm/new"]);
    place.put_npm(&[("A-1.json", &at("2026-08-11", "old"))]);
    place.import();
    assert_eq!(place.packages("A-1"), ["npm/new"]);
}

#[cfg(unix)]
#[test]
fn the_folder_of_the_index_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.put_npm(&[("A-1.json", &osv("A-1", "left", ""))]);
    place.import();
    let mode = std::fs::metadata(place.index_path().parent().unwrap()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
