//! Short feeds, written here, and a place to import them into.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use yata_intel::{ImportOptions, ImportReport, ImportedSource, Index, IntelError, MaxAges, import};
use yata_model::{SourceState, SourceStatus};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The day of the tests.
pub(crate) const TODAY: Date = date(2026, 8, 20);

pub(crate) fn now() -> Timestamp {
    "2026-08-20T12:00:00Z".parse().unwrap()
}

/// An OSV record of one npm package; `more` is put before the closing brace.
pub(crate) fn osv(id: &str, package: &str, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2026-08-19T00:00:00Z","summary":"{id} in {package}","affected":[{{"package":
        {{"ecosystem":"npm","name":"{package}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},
        {{"fixed":"2.0.0"}}]}}]}}]{more}}}"#
    )
}

pub(crate) fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn kev(count: usize, cves: &[&str]) -> String {
    let entries: Vec<String> = cves
        .iter()
        .map(|cve| {
            format!(
                r#"{{"cveID":"{cve}","vulnerabilityName":"x","dateAdded":"2026-08-01","dueDate":"2026-08-22",
                "knownRansomwareCampaignUse":"Unknown"}}"#
            )
        })
        .collect();
    let entries = entries.join(",");
    format!(
        r#"{{"catalogVersion":"2026.08.19","dateReleased":"2026-08-19T00:00:00Z","count":{count},
        "vulnerabilities":[{entries}]}}"#
    )
}

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn epss(rows: &[&str]) -> Vec<u8> {
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    gzip(&format!("#model_version:v2025.03.14,score_date:2026-08-19T00:00:00Z\ncve,epss,percentile\n{rows}"))
}

pub(crate) fn cve5(cve: &str, exploitation: &str) -> String {
    format!(
        r#"{{"cveMetadata":{{"cveId":"{cve}"}},"containers":{{"adp":[{{"metrics":[{{"other":{{"type":"ssvc","content":
        {{"timestamp":"2026-08-10T00:00:00Z","options":[{{"Exploitation":"{exploitation}"}}]}}}}}}]}}]}}}}"#
    )
}

/// A folder of feeds and an index beside it.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn index_path(&self) -> PathBuf {
        self.folder.path().join("data/index.redb")
    }

    pub(crate) fn feeds(&self) -> PathBuf {
        self.folder.path().join("feeds")
    }

    pub(crate) fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Writes one file of the folder of feeds.
    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.feeds().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn put_npm(&self, entries: &[(&str, &str)]) {
        self.put("osv/npm/all.zip", zip(entries));
    }

    pub(crate) fn import(&self) -> ImportReport {
        self.try_import(&ImportOptions { now: now(), dated: None }).unwrap()
    }

    pub(crate) fn try_import(&self, options: &ImportOptions) -> Result<ImportReport, IntelError> {
        import(&self.index_path(), &self.feeds(), options, &|_| {}, &AtomicBool::new(false))
    }

    pub(crate) fn index(&self) -> Index {
        Index::open(&self.index_path()).unwrap()
    }

    /// All ids that are known together with this one; empty if it is not known.
    pub(crate) fn group(&self, id: &str) -> Vec<String> {
        self.index().known(id).unwrap().map(|known| known.group.ids).unwrap_or_default()
    }

    pub(crate) fn is_known(&self, id: &str) -> bool {
        self.index().known(id).unwrap().is_some()
    }

    /// The packages that the records under an id name.
    pub(crate) fn packages(&self, id: &str) -> Vec<String> {
        let known = self.index().known(id).unwrap();
        known.map(|known| known.packages.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    pub(crate) fn statuses(&self) -> BTreeMap<String, SourceStatus> {
        let sources = self.index().sources(TODAY, &MaxAges::default());
        sources.all().map(|status| (status.name.clone(), status.clone())).collect()
    }

    pub(crate) fn status(&self, name: &str) -> SourceStatus {
        self.statuses().remove(name).unwrap()
    }

    #[track_caller]
    pub(crate) fn check_state(&self, name: &str, state: SourceState) {
        let status = self.status(name);
        assert_eq!(status.state, state, "{status:?}");
    }
}

/// The one source of a report.
pub(crate) fn only(report: &ImportReport) -> &ImportedSource {
    assert_eq!(report.sources.len(), 1, "{report:?}");
    &report.sources[0]
}

pub(crate) fn refusal(report: &ImportReport) -> &str {
    only(report).refused.as_deref().unwrap_or("it was not refused")
}

/// The names of the files in a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
