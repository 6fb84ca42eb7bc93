//! The layout of the index file: tables, keys and encoded values. Nobody outside this crate knows it.
//!
//! One redb file. It is never changed in place: a writer copies it, changes the copy and renames it over
//! the old one, so a reader sees one state and a crash leaves the old one.

use jiff::Timestamp;
use jiff::civil::Date;
use redb::{MultimapTableDefinition, TableDefinition};
use serde::{Deserialize, Serialize};
use yata_formats::feeds::EpssScore;
use yata_model::{Advisory, AdvisoryKind, Affected, Ecosystem, Package};

use crate::IntelError;

/// Raised whenever a table, key or encoded value changes its form.
pub(crate) const LAYOUT: u64 = 2;

/// `layout` → [`LAYOUT`].
pub(crate) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// Name of the source → [`SourceMeta`].
pub(crate) const SOURCE: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("source");
/// (source, entry name) → (digest of the bytes, record id): what has not changed is not parsed again.
pub(crate) const OWNER: TableDefinition<'_, (&str, &str), (&[u8], &str)> = TableDefinition::new("owner");
/// Record id → [`StoredRecord`].
pub(crate) const RECORD: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("record");
/// Package key → `Vec<PackageEntry>`: all that matching needs, in one look-up.
pub(crate) const PACKAGE: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("package");
/// An id → the ids of the records that bear it or name it as their alias.
pub(crate) const ALIAS: MultimapTableDefinition<'_, &str, &str> = MultimapTableDefinition::new("alias");
/// The id of an upstream vulnerability → the ids of the records that pass it on (errata of distributions).
pub(crate) const UPSTREAM: MultimapTableDefinition<'_, &str, &str> = MultimapTableDefinition::new("upstream");
/// Ecosystem with release → how many records name it.
pub(crate) const ECOSYSTEM: TableDefinition<'_, &str, u64> = TableDefinition::new("ecosystem");
/// CVE id → [`yata_model::KevEntry`].
pub(crate) const KEV: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("kev");
/// Year and number of CVE ids in blocks of 256 → packed rows, see [`pack_epss`].
pub(crate) const EPSS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("epss");
/// CVE id → [`yata_model::SsvcAssessment`].
pub(crate) const SSVC: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("ssvc");
/// `namespace:key:version` → the SSVC JSON of a decision table.
pub(crate) const DECISION_TABLE: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("decision_table");

/// What is known of a source.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SourceMeta {
    /// The date that the source itself bears: its own, or its newest record's.
    pub(crate) content_date: Option<Date>,
    /// When it was last read whole.
    pub(crate) imported: Option<Timestamp>,
    /// When the service last confirmed that this is its current state (synchronised sources only).
    pub(crate) verified: Option<Timestamp>,
    pub(crate) records: u64,
    pub(crate) unreadable: u64,
    /// The first of the unreadable records, with reasons.
    pub(crate) unreadable_names: Vec<String>,
    /// How many unreadable records name no package: they could be about any.
    pub(crate) unreadable_without_package: u64,
    /// Why its last import was refused; what an earlier import brought is still there.
    pub(crate) broken: Option<String>,
    /// The source's own version (`2026.07.23`, `v2025.03.14`).
    pub(crate) version: Option<String>,
    /// `ETag` of the last download.
    pub(crate) etag: Option<String>,
    /// `Last-Modified` of the last download.
    pub(crate) last_modified: Option<String>,
}

/// What a service names one state of a file (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    /// `ETag`.
    pub(crate) etag: Option<String>,
    /// `Last-Modified`.
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    /// Whether the service gave none.
    pub(crate) fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

impl SourceMeta {
    /// Which download the index holds.
    pub(crate) fn validators(&self) -> Validators {
        Validators { etag: self.etag.clone(), last_modified: self.last_modified.clone() }
    }
}

/// A record as it is shown, without what matching needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredRecord {
    /// The sources that have it.
    pub(crate) sources: Vec<String>,
    /// The record; `affected` is empty, see `packages`.
    pub(crate) advisory: Advisory,
    /// The packages it names.
    pub(crate) packages: Vec<Package>,
    /// Why it could not be read, if so.
    pub(crate) unreadable: Option<String>,
}

/// One record, seen from one package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PackageEntry {
    pub(crate) id: String,
    pub(crate) kind: AdvisoryKind,
    pub(crate) withdrawn: bool,
    pub(crate) unreadable: Option<String>,
    pub(crate) affected: Vec<Affected>,
}

/// The key of a package: ecosystem and name, which cannot contain NUL.
pub(crate) fn package_key(package: &Package) -> String {
    format!("{}\0{}", package.ecosystem, package.name)
}

/// The name of the OSV source that speaks of an ecosystem.
pub(crate) fn osv_source(ecosystem: &Ecosystem) -> String {
    format!("OSV {}", ecosystem.family.as_str())
}

pub(crate) fn encode<T: Serialize>(value: &T, table: &'static str) -> Result<Vec<u8>, IntelError> {
    postcard::to_stdvec(value).map_err(|_| IntelError::Damaged { table })
}

pub(crate) fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8], table: &'static str) -> Result<T, IntelError> {
    postcard::from_bytes(bytes).map_err(|_| IntelError::Damaged { table })
}

const EPSS_ROW_BYTES: usize = 9;

/// The block of a CVE id: year and number without its last 8 bits.
pub(crate) fn epss_block(year: u16, number: u32) -> u64 {
    (u64::from(year) << 32) | u64::from(number >> 8)
}

/// A row: the last 8 bits of the number, probability and percentile in units of 0.00001 as little-endian u32.
pub(crate) fn pack_epss(score: &EpssScore, block: &mut Vec<u8>) {
    #[expect(clippy::cast_possible_truncation, reason = "the low byte is what is wanted")]
    block.push(score.number as u8);
    block.extend_from_slice(&score.probability_e5.to_le_bytes());
    block.extend_from_slice(&score.percentile_e5.to_le_bytes());
}

/// The score of a number in a block.
pub(crate) fn find_epss(block: &[u8], year: u16, number: u32) -> Option<EpssScore> {
    block.chunks_exact(EPSS_ROW_BYTES).find_map(|row| match row {
        [low, a, b, c, d, e, f, g, h] if u32::from(*low) == number & 0xff => Some(EpssScore {
            year,
            number,
            probability_e5: u32::from_le_bytes([*a, *b, *c, *d]),
            percentile_e5: u32::from_le_bytes([*e, *f, *g, *h]),
        }),
        _ => None,
    })
}
