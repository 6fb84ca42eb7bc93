//! Feeds of intelligence: OSV records, CISA KEV, EPSS scores, CVE 5 records with CISA's assessments.
//!
//! All bytes are untrusted. Each reader has limits, never panics, and tells what it could not read.

mod cve5;
mod epss;
mod kev;
mod osv;

pub use cve5::{Cve5Error, parse_cve5};
pub use epss::{EpssError, EpssFile, EpssScore, MAX_EPSS_ROWS_COUNT, parse_epss};
pub use kev::{KevCatalog, KevError, parse_kev};
pub use osv::{MAX_OSV_RECORD_BYTES, OsvRecord, UnreadableRecord, parse_osv};
