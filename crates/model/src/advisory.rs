//! Advisories: what is known of a vulnerable or malicious package, shaped as in OSV.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Package;

/// What an advisory says of a package, or a rule of what it found. The order is by how strongly it asks for action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdvisoryKind {
    /// The package was made to do harm (`MAL-…`, CWE-506).
    Malware,
    /// A credential stands where others can read it (a rule of the lens, CWE-798).
    Secret,
    /// The package has a weakness.
    Vulnerability,
    /// A configuration lets more happen than it should (a check of the audit).
    Misconfiguration,
    /// The package breaks the guarantees of its language (RustSec `informational = "unsound"`).
    Unsound,
    /// Nobody maintains the package (RustSec `informational = "unmaintained"`).
    Unmaintained,
    /// A notice for which no weakness is claimed (RustSec `informational = "notice"`).
    Notice,
    /// A bug-fix or enhancement update of a distribution (`ALBA-…`, `ALEA-…`): no weakness is claimed.
    Maintenance,
}

/// An event on the version line of a range.
///
/// Source: OSV schema, "affected[].ranges[].events fields".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Affected from this version on, inclusive; `0` is before every version.
    Introduced(String),
    /// Not affected from this version on.
    Fixed(String),
    /// Affected up to and including this version.
    LastAffected(String),
    /// Nothing is said from this version on.
    Limit(String),
}

/// How the versions of a range compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RangeKind {
    /// SemVer 2.0 precedence.
    Semver,
    /// The order of the package's ecosystem.
    Ecosystem,
    /// Commits of a repository: not comparable with package versions, kept but never matched.
    Git,
}

/// A set of versions given by events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Range {
    /// How to compare.
    pub kind: RangeKind,
    /// The events, in the order of the source.
    pub events: Vec<Event>,
}

/// One package that an advisory names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// The package, name normalised.
    pub package: Package,
    /// Affected where any range says so …
    pub ranges: Vec<Range>,
    /// … or where the version is listed here.
    pub versions: Vec<String>,
}

/// The notation of a [`Severity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SeverityKind {
    /// CVSS 2.0 base vector.
    #[serde(rename = "CVSS_V2")]
    CvssV2,
    /// CVSS 3.0 or 3.1 vector.
    #[serde(rename = "CVSS_V3")]
    CvssV3,
    /// CVSS 4.0 vector.
    #[serde(rename = "CVSS_V4")]
    CvssV4,
    /// A word of the publisher's (`Important`, `critical`).
    Word,
}

/// A severity as published.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Severity {
    /// The notation.
    pub kind: SeverityKind,
    /// The vector or word, as published.
    pub value: String,
}

/// A link to where more can be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// OSV reference type (`ADVISORY`, `FIX`, `WEB`, …).
    pub kind: String,
    /// The address.
    pub url: String,
}

/// One record of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// The id of the record (`GHSA-…`, `RUSTSEC-…`, `ALSA-…`, `MAL-…`).
    pub id: String,
    /// What it says.
    pub kind: AdvisoryKind,
    /// Ids of records about the very same thing.
    pub aliases: Vec<String>,
    /// Ids of the upstream vulnerabilities that this record of a distribution passes on (OSV `upstream`,
    /// and `related` for the distributions that use it so). Not the same thing: one record may pass on many.
    pub upstream: Vec<String>,
    /// One line.
    pub summary: String,
    /// When it was published, where the source says.
    pub published: Option<Timestamp>,
    /// When it was last changed, where the source says (Go's zero time counts as not said).
    pub modified: Option<Timestamp>,
    /// When it was withdrawn; a withdrawn record is kept and does not match.
    pub withdrawn: Option<Timestamp>,
    /// Severities as published, of the record and its affected entries.
    pub severities: Vec<Severity>,
    /// CWE ids (`CWE-79`).
    pub cwes: Vec<String>,
    /// The packages it names.
    pub affected: Vec<Affected>,
    /// Where to read more.
    pub references: Vec<Reference>,
}

/// Everything known under one set of aliases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdvisoryGroup {
    /// The id to show: see [`preferred_id`].
    pub id: String,
    /// All ids and aliases of the group, sorted.
    pub ids: Vec<String>,
    /// The strongest kind among its records.
    pub kind: AdvisoryKind,
    /// The best one-line text among its records.
    pub summary: String,
    /// The earliest publication among its records.
    pub published: Option<Timestamp>,
    /// The latest change among its records.
    pub modified: Option<Timestamp>,
    /// All published severities, without repetition, newest notation first.
    pub severities: Vec<Severity>,
    /// All CWE ids, sorted.
    pub cwes: Vec<String>,
    /// The CVE ids whose exploitation evidence counts for the group: those among `ids`, and those that its
    /// records pass on from upstream. Sorted.
    pub cves: Vec<String>,
    /// Where to read more; the first is the record's own page where there is one.
    pub references: Vec<Reference>,
    /// The sources of its records (`OSV crates.io`, …), sorted.
    pub sources: Vec<String>,
}

/// An entry of the CISA catalogue of Known Exploited Vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KevEntry {
    /// The CVE id.
    pub cve: String,
    /// The day it was added.
    pub added: Option<Date>,
    /// The day CISA asks for, for those bound by its directives.
    pub due: Option<Date>,
    /// Whether a ransomware campaign is known to use it (`knownRansomwareCampaignUse` = `Known`).
    pub ransomware: bool,
    /// The catalogue's name for it.
    pub name: String,
}

/// The SSVC decision points that CISA publishes for a CVE (vulnrichment, ADP container).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsvcAssessment {
    /// The CVE id.
    pub cve: String,
    /// `Exploitation`: none, public proof of concept, active.
    pub exploitation: Option<crate::Exploitation>,
    /// `Automatable`.
    pub automatable: Option<bool>,
    /// `Technical Impact`.
    pub technical_impact: Option<crate::TechnicalImpact>,
    /// When it was assessed.
    pub date: Option<Date>,
}

/// Whether an id has the form of a CVE id (`CVE-2021-44228`).
pub fn is_cve_id(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("CVE-") else { return false };
    let Some((year, number)) = rest.split_once('-') else { return false };
    year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && (4..=19).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// The id to show for a set of aliases, and to fingerprint by: malware ids first, then CVE, then GHSA, then
/// the rest; within one kind the smallest. `None` for an empty set.
pub fn preferred_id(ids: &[String]) -> Option<&String> {
    ids.iter().min_by_key(|id| {
        let class = match id.as_str() {
            id if id.starts_with("MAL-") => 0,
            id if is_cve_id(id) => 1,
            id if id.starts_with("GHSA-") => 3,
            _ => 2,
        };
        (class, id.len(), id.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_id_is_the_one_people_know() {
        let ids = ["GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228"].map(String::from);
        assert_eq!(preferred_id(&ids).map(String::as_str), Some("CVE-2021-44228"));
        let ids = ["GHSA-aaaa-bbbb-cccc", "RUSTSEC-2024-0001"].map(String::from);
        assert_eq!(preferred_id(&ids).map(String::as_str), Some("RUSTSEC-2024-0001"));
    }

    #[test]
    fn cve_ids_are_recognised() {
        assert!(is_cve_id("CVE-2021-44228"));
        for bad in ["CVE-2021-1", "CVE-21-44228", "cve-2021-44228", "CVE-2021-44228x", "GHSA-x"] {
            assert!(!is_cve_id(bad), "{bad}");
        }
    }
}
