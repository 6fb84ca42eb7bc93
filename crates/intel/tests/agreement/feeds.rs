//! Where the shared feeds lie, and an index made from them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use yata_intel::{ImportOptions, ImportReport, Index, MaxAges, Sources, import};

/// The day of the tests: a feed is as fresh as the newest of its records.
const TODAY: Date = date(2026, 8, 20);
/// Some of the feeds are parts of older ones; whether they are too old is not what is asked here.
const MAX_AGE_DAYS: u32 = 10_000;

/// Feeds, and the index that was made from them.
pub(crate) struct Place {
    pub(crate) feeds: PathBuf,
    pub(crate) report: ImportReport,
    pub(crate) index: Index,
    pub(crate) sources: Sources,
    _folder: tempfile::TempDir,
}

/// Imports the named folders of the shared feeds into a new index; `None`, with a visible line, where there are none.
pub(crate) fn import_some(what: &str, folders: &[&str]) -> Option<Place> {
    let feeds = shared_feeds();
    if !folders.iter().all(|name| feeds.join(name).is_dir()) {
        eprintln!("skipped: needs ../shared/feeds ({what})");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let some = folder.path().join("feeds");
    for name in folders {
        copy(&feeds.join(name), &some.join(name));
    }
    let path = folder.path().join("index.redb");
    let now: Timestamp = "2026-08-20T12:00:00Z".parse().unwrap();
    let options = ImportOptions { now, dated: None };
    let report = import(&path, &some, &options, &|_| {}, &AtomicBool::new(false)).unwrap();
    for source in &report.sources {
        assert_eq!((source.unreadable, source.refused.as_ref()), (0, None), "{source:?}");
    }
    let index = Index::open(&path).unwrap();
    let ages = MaxAges { osv: MAX_AGE_DAYS, kev: MAX_AGE_DAYS, epss: MAX_AGE_DAYS, vulnrichment: MAX_AGE_DAYS };
    let sources = index.sources(TODAY, &ages);
    Some(Place { feeds, report, index, sources, _folder: folder })
}

fn shared_feeds() -> PathBuf {
    let shared = std::env::var_os("YATA_SHARED").map(PathBuf::from);
    shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")).join("feeds")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
