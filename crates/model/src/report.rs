//! What a sensor reports: snapshots, with what its intelligence says about what it found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    AdvisoryGroup, BusinessService, Fact, Finding, KevEntry, Snapshot, SourceStatus, SsvcAssessment, VexStatement,
};

/// What the intelligence says of one alias group. The caller has set the standing of each fact; where the source
/// is stale or missing, `value` holds what it said, or nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The merged advisories.
    pub group: AdvisoryGroup,
    /// The KEV entry of one of the group's CVE ids; `None` where KEV does not list any.
    pub kev: Fact<Option<KevEntry>>,
    /// The highest EPSS probability of its CVE ids, 0 to 1.
    pub epss: Fact<f64>,
    /// CISA's SSVC assessment of one of its CVE ids; `None` where there is none.
    pub ssvc: Fact<Option<SsvcAssessment>>,
}

/// One run of a sensor over one asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What each part of the sensor saw: all of the same asset, each under its own name.
    pub snapshots: Vec<Snapshot>,
    /// Where it is said what is known of the asset (`yata.toml:12`).
    pub said_in: String,
    /// What is known of the findings' advisories: for each finding the one whose group has one of its ids.
    pub evidence: Vec<Evidence>,
    /// For components (by purl) with several findings: the version that closes them all.
    #[serde(default)]
    pub closes_all: BTreeMap<String, String>,
    /// The services that the sensor's estate file names.
    #[serde(default)]
    pub services: Vec<BusinessService>,
    /// The sources of intelligence that it rests on.
    #[serde(default)]
    pub sources: Vec<SourceStatus>,
    /// VEX statements of the asset's own: they hold for its findings, as long as they come with it.
    #[serde(default)]
    pub statements: Vec<VexStatement>,
}

impl Report {
    /// The evidence for a finding; `None` where the intelligence does not know it.
    pub fn evidence_of(&self, finding: &Finding) -> Option<&Evidence> {
        let mut ids = finding.ids.iter().chain([&finding.rule]);
        ids.find_map(|id| self.evidence.iter().find(|one| one.group.ids.contains(id) || one.group.id == *id))
    }
}
