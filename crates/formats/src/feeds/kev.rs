//! The CISA catalogue of Known Exploited Vulnerabilities (JSON).

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Deserialize;
use yata_model::{KevEntry, is_cve_id};

/// A catalogue, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct KevCatalog {
    /// The catalogue's own version (`2026.07.23`).
    pub version: String,
    /// The day it was released.
    pub released: Date,
    /// Its entries.
    pub entries: Vec<KevEntry>,
    /// Entries that could not be understood, with the reason; their CVE ids are not known to be listed or not.
    pub unreadable: Vec<String>,
}

/// Why a catalogue was refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum KevError {
    /// Not the JSON of a catalogue: truncated, or another document.
    #[error("it is not a KEV catalogue: {0}")]
    NotACatalogue(#[from] serde_json::Error),
    /// It does not say when it was released, so its age is not known.
    #[error("its `dateReleased` is not a time: `{0}`")]
    NoDate(String),
    /// It lists fewer entries than it says: it was cut short.
    #[error("it says that it has {said} entries and has {found}: it was cut short")]
    Truncated {
        /// `count`.
        said: u64,
        /// Entries present.
        found: u64,
    },
    /// It has no entries.
    #[error("it is empty")]
    Empty,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    catalog_version: Cow<'a, str>,
    #[serde(borrow)]
    date_released: Cow<'a, str>,
    count: u64,
    #[serde(borrow)]
    vulnerabilities: Vec<WireEntry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireEntry<'a> {
    #[serde(borrow, rename = "cveID")]
    cve_id: Cow<'a, str>,
    #[serde(default, borrow)]
    vulnerability_name: Cow<'a, str>,
    #[serde(default, borrow)]
    date_added: Cow<'a, str>,
    #[serde(default, borrow)]
    due_date: Cow<'a, str>,
    #[serde(default, borrow)]
    known_ransomware_campaign_use: Cow<'a, str>,
}

/// Reads a catalogue.
///
/// # Errors
/// A catalogue that is truncated, empty, undated or another document is refused: it must not pass for
/// "nothing is known to be exploited".
pub fn parse_kev(bytes: &[u8]) -> Result<KevCatalog, KevError> {
    let wire: Wire<'_> = serde_json::from_slice(bytes)?;
    let found = wire.vulnerabilities.len() as u64;
    if found == 0 {
        return Err(KevError::Empty);
    }
    if found < wire.count {
        return Err(KevError::Truncated { said: wire.count, found });
    }
    let day = wire.date_released.get(..10).unwrap_or_default();
    let released = day.parse::<Date>().map_err(|_| KevError::NoDate(wire.date_released.to_string()))?;
    let mut entries = Vec::with_capacity(wire.vulnerabilities.len());
    let mut unreadable = Vec::new();
    for entry in &wire.vulnerabilities {
        if is_cve_id(&entry.cve_id) {
            entries.push(KevEntry {
                cve: entry.cve_id.to_string(),
                added: entry.date_added.parse().ok(),
                due: entry.due_date.parse().ok(),
                ransomware: entry.known_ransomware_campaign_use.eq_ignore_ascii_case("known"),
                name: entry.vulnerability_name.to_string(),
            });
        } else {
            unreadable.push(format!("`{}` is not a CVE id", entry.cve_id));
        }
    }
    Ok(KevCatalog { version: wire.catalog_version.into_owned(), released, entries, unreadable })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(count: u64, entries: &str) -> String {
        format!(
            r#"{{"catalogVersion":"2026.01.02","dateReleased":"2026-01-02T10:00:00.0Z","count":{count},"vulnerabilities":[{entries}]}}"#
        )
    }

    const ENTRY: &str = r#"{"cveID":"CVE-2021-44228","vulnerabilityName":"Log4Shell","dateAdded":"2021-12-10","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known"}"#;

    #[test]
    fn entries_are_read() {
        let read = parse_kev(catalogue(1, ENTRY).as_bytes()).unwrap();
        assert_eq!(read.released.to_string(), "2026-01-02");
        assert!(read.entries[0].ransomware);
        assert_eq!(read.entries[0].added.unwrap().to_string(), "2021-12-10");
    }

    #[test]
    fn a_short_catalogue_is_refused() {
        #[track_caller]
        fn check(json: &str, expected: &str) {
            assert!(parse_kev(json.as_bytes()).unwrap_err().to_string().contains(expected), "{json}");
        }
        check(&catalogue(2, ENTRY), "it says that it has 2 entries and has 1: it was cut short");
        check(&catalogue(0, ""), "it is empty");
        check("", "not a KEV catalogue");
        let cut: String = catalogue(1, ENTRY).chars().take(90).collect();
        check(&cut, "not a KEV catalogue");
        check(&catalogue(1, ENTRY).replace("2026-01-02T", "soon"), "`dateReleased`");
    }

    #[test]
    fn an_entry_without_a_cve_id_is_named() {
        let read = parse_kev(catalogue(2, &format!("{ENTRY},{{\"cveID\":\"X\"}}")).as_bytes()).unwrap();
        assert_eq!(read.unreadable, ["`X` is not a CVE id"]);
    }
}
