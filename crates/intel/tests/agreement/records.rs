//! OSV records as they lie in the archives.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::feeds::Place;

/// One record: what matching needs of it.
pub(crate) struct Record {
    /// The name of the archive (`crates.io`).
    pub(crate) archive: String,
    pub(crate) id: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) withdrawn: bool,
    pub(crate) entries: Vec<Entry>,
}

/// What a record says of one package.
pub(crate) struct Entry {
    pub(crate) package: PackageName,
    /// Without ranges of commits.
    pub(crate) ranges: Vec<Vec<(Edge, String)>>,
    /// Whether there are ranges of commits.
    pub(crate) commits: bool,
    pub(crate) versions: Vec<String>,
}

/// Ecosystem (`AlmaLinux:9`) and name, normalised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PackageName {
    pub(crate) ecosystem: String,
    pub(crate) name: String,
}

/// The key of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    Introduced,
    Fixed,
    LastAffected,
    Limit,
}

impl Record {
    /// Withdrawn records say nothing any more; bug-fix and enhancement updates claim no weakness.
    pub(crate) fn speaks(&self) -> bool {
        !self.withdrawn && !self.id.starts_with("ALBA-") && !self.id.starts_with("ALEA-")
    }
}

/// Every record of `<folder>/<ecosystem>/all.zip`.
pub(crate) fn read_archives(folder: &Path) -> Vec<Record> {
    let mut records = Vec::new();
    for ecosystem in fs::read_dir(folder).unwrap() {
        let path = ecosystem.unwrap().path();
        let archive = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut zip = zip::ZipArchive::new(File::open(path.join("all.zip")).unwrap()).unwrap();
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).unwrap();
            if entry.name().unwrap().ends_with(".json") {
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap();
                records.push(record(&archive, &serde_json::from_str(&text).unwrap()));
            }
        }
    }
    records.sort_by(|a, b| a.id.cmp(&b.id));
    records
}

fn record(archive: &str, json: &Value) -> Record {
    Record {
        archive: archive.to_owned(),
        id: text(&json["id"]),
        aliases: list(&json["aliases"]).iter().map(text).collect(),
        withdrawn: json["withdrawn"].is_string(),
        entries: list(&json["affected"]).iter().map(entry).collect(),
    }
}

fn entry(json: &Value) -> Entry {
    let (commits, ranges): (Vec<&Value>, Vec<&Value>) =
        list(&json["ranges"]).iter().partition(|range| range["type"] == "GIT");
    let ecosystem = text(&json["package"]["ecosystem"]);
    let kind = if matches!(ecosystem.as_str(), "crates.io" | "Go" | "npm") { "SEMVER" } else { "ECOSYSTEM" };
    assert!(ranges.iter().all(|range| range["type"] == kind), "an order that is not known here: {json}");
    Entry {
        package: PackageName { name: normalised(&ecosystem, &text(&json["package"]["name"])), ecosystem },
        ranges: ranges.iter().map(|range| list(&range["events"]).iter().flat_map(events).collect()).collect(),
        commits: !commits.is_empty(),
        versions: list(&json["versions"]).iter().map(text).collect(),
    }
}

fn events(json: &Value) -> Vec<(Edge, String)> {
    let read = |(key, at): (&String, &Value)| {
        let edge = match key.as_str() {
            "introduced" => Edge::Introduced,
            "fixed" => Edge::Fixed,
            "last_affected" => Edge::LastAffected,
            "limit" => Edge::Limit,
            other => panic!("an event `{other}`"),
        };
        (edge, text(at))
    };
    json.as_object().unwrap().iter().map(read).collect()
}

/// PEP 503 for Python, else the name itself.
fn normalised(ecosystem: &str, name: &str) -> String {
    if ecosystem != "PyPI" {
        return name.to_owned();
    }
    let mut dashes = name.to_lowercase().replace(['_', '.'], "-");
    while dashes.contains("--") {
        dashes = dashes.replace("--", "-");
    }
    dashes
}

fn text(json: &Value) -> String {
    json.as_str().unwrap().to_owned()
}

fn list(json: &Value) -> &[Value] {
    json.as_array().map_or(&[], Vec::as_slice)
}

/// Each archive's records are all in the index, and each is found under its id with every package that it names.
pub(crate) fn check_nothing_is_lost(place: &Place, records: &[Record]) {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for record in records {
        *counts.entry(format!("OSV {}", record.archive)).or_default() += 1;
    }
    let imported: BTreeMap<String, u64> = place.report.sources.iter().map(|s| (s.name.clone(), s.records)).collect();
    assert_eq!(imported, counts, "records of each archive");
    for record in records {
        let known = place.index.known(&record.id).unwrap().unwrap_or_else(|| panic!("{} is lost", record.id));
        assert!(known.records.iter().any(|found| found.id == record.id), "{} is not among its group", record.id);
        let packages: HashSet<(String, &str)> =
            known.packages.iter().map(|p| (p.ecosystem.to_string(), p.name.as_str())).collect();
        for PackageName { ecosystem, name } in record.entries.iter().map(|entry| &entry.package) {
            assert!(packages.contains(&(ecosystem.clone(), name)), "{} has lost {ecosystem}/{name}", record.id);
        }
    }
}
