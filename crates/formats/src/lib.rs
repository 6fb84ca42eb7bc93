//! Bytes to model and back: lockfiles, SBOMs, package databases, advisories, VEX, the estate file, reports.
//!
//! Pure: every function takes bytes or text and returns values and problems.

pub mod estate;
pub mod export;
pub mod feeds;
pub mod inventory;
pub mod purl;
pub mod vex;
