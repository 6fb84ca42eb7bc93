//! The index as a file: readers and writers beside each other, crashes, damage, other layouts.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::{Database, TableDefinition};
use yata_intel::{ImportOptions, Index, IntelError, ProgressUnit, import};
use yata_model::SourceState;

use crate::feeds::{Place, files, now, osv};

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

fn place_with(id: &str) -> Place {
    let place = Place::new();
    place.put_npm(&[("1.json", &osv(id, "left", ""))]);
    place.import();
    place
}

#[test]
fn an_index_that_is_not_there_is_missing() {
    let place = Place::new();
    let error = Index::open(&place.index_path()).err().unwrap();
    assert!(matches!(error, IntelError::Missing { .. }), "{error:?}");
}

#[test]
fn a_reader_keeps_its_state_while_a_writer_swaps() {
    let place = place_with("A-1");
    let before = place.index();
    place.put_npm(&[("1.json", &osv("A-2", "left", ""))]);
    place.import();
    assert!(before.known("A-1").unwrap().is_some());
    assert!(before.known("A-2").unwrap().is_none());
    assert!(!place.is_known("A-1"));
    assert!(place.is_known("A-2"));
}

#[test]
fn what_a_killed_writer_left_behind_disturbs_nobody() {
    let place = place_with("A-1");
    let unfinished = place.index_path().with_extension("new");
    fs::write(&unfinished, b"half a copy").unwrap();
    assert!(place.is_known("A-1"));
    place.put_npm(&[("1.json", &osv("A-2", "left", ""))]);
    place.import();
    assert!(place.is_known("A-2"));
    assert_eq!(files(place.index_path().parent().unwrap()), ["index.lock", "index.redb"]);
}

#[test]
fn a_damaged_index_is_an_error_to_open_and_is_rebuilt_by_an_import() {
    #[track_caller]
    fn check(damage: impl Fn(Vec<u8>) -> Vec<u8>) {
        let place = place_with("A-1");
        let path = place.index_path();
        fs::write(&path, damage(fs::read(&path).unwrap())).unwrap();
        let error = Index::open(&path).err().unwrap();
        assert!(matches!(error, IntelError::Unreadable { .. }), "{error:?}");
        assert!(error.to_string().contains("import the feeds again"), "{error}");
        place.import();
        assert!(place.is_known("A-1"));
        place.check_state("OSV npm", SourceState::Fresh);
    }
    check(|_| b"this is not an index".to_vec());
    check(|_| Vec::new());
    check(|mut bytes| {
        bytes.truncate(bytes.len() / 2);
        bytes
    });
    check(|mut bytes| {
        bytes[..64].fill(0);
        bytes
    });
}

#[test]
fn damage_deep_in_an_index_is_an_error_to_read_and_is_rebuilt_by_an_import() {
    let place = place_with("A-1");
    let path = place.index_path();
    let mut bytes = fs::read(&path).unwrap();
    // The record's own text, wherever it stands: what is left cannot be decoded.
    let text = b"A-1 in left";
    let places: Vec<usize> = bytes.windows(text.len()).enumerate().filter(|w| w.1 == text).map(|w| w.0).collect();
    for at in places {
        bytes[at..at + text.len()].fill(0xff);
    }
    fs::write(&path, bytes).unwrap();
    let error = place.index().known("A-1").unwrap_err();
    assert!(matches!(error, IntelError::Damaged { table: "record" }), "{error:?}");
    place.import();
    assert_eq!(place.packages("A-1"), ["npm/left"]);
}

#[test]
fn an_index_of_another_layout_is_an_error_to_open_and_is_rebuilt_by_an_import() {
    let place = place_with("A-1");
    let path = place.index_path();
    let database = Database::open(&path).unwrap();
    let txn = database.begin_write().unwrap();
    txn.open_table(META).unwrap().insert("layout", 99).unwrap();
    txn.commit().unwrap();
    drop(database);
    let error = Index::open(&path).err().unwrap();
    assert!(matches!(error, IntelError::Layout { found: 99, .. }), "{error:?}");
    place.import();
    assert!(place.is_known("A-1"));
}

#[test]
fn two_imports_at_once_both_finish_one_after_the_other() {
    let place = Place::new();
    let other = Place::new();
    let records: Vec<(String, String)> =
        (0..600).map(|n| (format!("{n}.json"), osv(&format!("A-{n}"), "left", ""))).collect();
    let entries: Vec<(&str, &str)> = records.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    place.put_npm(&entries[..550]);
    other.put_npm(&entries[50..]);
    let options = ImportOptions { now: now(), dated: None };
    let index = place.index_path();
    let run = |feeds: std::path::PathBuf| {
        let index = index.clone();
        move || import(&index, &feeds, &options, &|_| {}, &AtomicBool::new(false)).unwrap()
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(run(place.feeds()));
        let second = scope.spawn(run(other.feeds()));
        assert_eq!(first.join().unwrap().sources[0].records, 550);
        assert_eq!(second.join().unwrap().sources[0].records, 550);
    });
    // Whichever was last: its state, whole.
    assert!(place.is_known("A-50") && place.is_known("A-549"));
    assert_ne!(place.is_known("A-0"), place.is_known("A-599"));
    assert_eq!(place.status("OSV npm").records, 550);
}

#[test]
fn an_import_that_is_stopped_leaves_the_index_as_it_was() {
    let place = place_with("A-1");
    let records: Vec<(String, String)> =
        (0..1100).map(|n| (format!("{n}.json"), osv(&format!("B-{n}"), "left", ""))).collect();
    let entries: Vec<(&str, &str)> = records.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    place.put_npm(&entries);
    let cancel = AtomicBool::new(false);
    let stop = |step: yata_intel::Progress<'_>| {
        assert_eq!(step.unit, ProgressUnit::Records);
        cancel.store(true, Ordering::Relaxed);
    };
    let options = ImportOptions { now: now(), dated: None };
    let error = import(&place.index_path(), &place.feeds(), &options, &stop, &cancel).unwrap_err();
    assert!(matches!(error, IntelError::Cancelled), "{error:?}");
    assert!(place.is_known("A-1"));
    assert!(!place.is_known("B-1"));
}
