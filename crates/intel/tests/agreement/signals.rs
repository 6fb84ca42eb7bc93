//! KEV and EPSS, row by row.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use yata_model::{AdvisoryGroup, AdvisoryKind, KevEntry, Standing};

use crate::feeds::Place;

/// Asks for the evidence of every CVE that either file has, and of one that neither has.
pub(crate) fn check_all(place: &Place) {
    let catalogue = read_kev(&only_file(&place.feeds.join("kev")));
    let scores = read_epss(&only_file(&place.feeds.join("epss")));
    let mut cves: BTreeSet<&str> = catalogue.keys().chain(scores.keys()).map(String::as_str).collect();
    cves.insert("CVE-2099-99999");
    for cve in &cves {
        let signals = place.index.signals(&group(cve), &place.sources).unwrap();
        assert_eq!(signals.kev.standing, Standing::Checked, "{cve}");
        let listed = signals.kev.value.as_ref().map(as_published);
        assert_eq!(listed.as_ref(), catalogue.get(*cve), "{cve}");
        let score = scores.get(*cve);
        let expected = score.map_or((1.0, Standing::Unknown), |score| (*score, Standing::Checked));
        assert_eq!((signals.epss.value, signals.epss.standing), expected, "{cve}");
    }
    eprintln!(
        "agreement: {} entries of the catalogue and {} scores equal, {} CVE ids asked",
        catalogue.len(),
        scores.len(),
        cves.len()
    );
    let imported: Vec<(&str, u64)> = place.report.sources.iter().map(|s| (s.name.as_str(), s.records)).collect();
    assert_eq!(imported, [("CISA KEV", catalogue.len() as u64), ("EPSS", scores.len() as u64)]);
}

/// Name, day added, day due, ransomware.
type Listed = (String, String, String, bool);

fn as_published(entry: &KevEntry) -> Listed {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    (entry.name.clone(), day(entry.added), day(entry.due), entry.ransomware)
}

fn read_kev(path: &Path) -> BTreeMap<String, Listed> {
    let json: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    let entries = json["vulnerabilities"].as_array().unwrap();
    let catalogue: BTreeMap<String, Listed> = entries
        .iter()
        .map(|entry| {
            let ransomware = entry["knownRansomwareCampaignUse"] == "Known";
            let listed =
                (text(entry, "vulnerabilityName"), text(entry, "dateAdded"), text(entry, "dueDate"), ransomware);
            (text(entry, "cveID"), listed)
        })
        .collect();
    assert_eq!(catalogue.len(), entries.len(), "a CVE stands in the catalogue twice");
    catalogue
}

fn read_epss(path: &Path) -> BTreeMap<String, f64> {
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("CVE-")).map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        (fields[0].to_owned(), fields[1].parse().unwrap())
    });
    let scores: BTreeMap<String, f64> = rows.collect();
    assert_eq!(scores.len() + 2, text.lines().count(), "a line is no row, or a CVE has two");
    scores
}

fn only_file(folder: &Path) -> std::path::PathBuf {
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

/// A group of which only one CVE is known.
fn group(cve: &str) -> AdvisoryGroup {
    AdvisoryGroup {
        id: cve.to_owned(),
        ids: vec![cve.to_owned()],
        kind: AdvisoryKind::Vulnerability,
        summary: String::new(),
        published: None,
        modified: None,
        severities: Vec::new(),
        cwes: Vec::new(),
        cves: vec![cve.to_owned()],
        references: Vec::new(),
        sources: Vec::new(),
    }
}
