//! Bytes to model and back: lockfiles, SBOMs, package databases, advisories, VEX, the estate file, reports.

pub mod export;
pub mod vex;
