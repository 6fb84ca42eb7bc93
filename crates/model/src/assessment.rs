//! The result of one `yata assess`: everything that the outputs show, in one value.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AdvisoryGroup, Asset, Component, Finding, Message, Priority, Problem, Remedy, Risk, StateChange};

/// How far a source of intelligence can be trusted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// Read whole, and young enough.
    Fresh,
    /// Read whole, but older than its allowed age.
    Stale,
    /// Read, but some of its records could not be; those count as unknown for their packages.
    Partial,
    /// Never imported.
    Missing,
    /// Its last import found it empty, truncated or unreadable.
    Broken,
}

/// One source of intelligence and its standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// Its name (`OSV crates.io`, `CISA KEV`, `EPSS`, `CISA vulnrichment`).
    pub name: String,
    /// How far it can be trusted.
    pub state: SourceState,
    /// The day up to which it speaks: its own date where it has one, else its newest record's.
    pub date: Option<Date>,
    /// When it was imported.
    pub imported: Option<Timestamp>,
    /// How many records it gave.
    pub records: u64,
    /// How many of its records could not be read.
    pub unreadable: u64,
    /// The age in days above which it is stale.
    pub max_age_days: u32,
    /// What is the matter, and what to do.
    pub message: Option<Message>,
}

/// One thing to do: findings that one act closes, in one asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The asset's id.
    pub asset_id: String,
    /// The package's name as people write it.
    pub package: String,
    /// The versions that are there now; empty where none is pinned.
    pub from: Vec<String>,
    /// What to do; for an upgrade, the smallest version that closes all of `risks`.
    pub remedy: Remedy,
    /// How soon: the soonest of its risks.
    pub priority: Priority,
    /// The last day: the soonest of its risks.
    pub due: Option<Date>,
    /// Whether one of its risks asks for an investigation.
    pub investigate: bool,
    /// Whether all of its risks are of development scope.
    pub development_only: bool,
    /// The ranks of the risks that it closes, ascending: indices into `risks` plus one.
    pub risks: Vec<u32>,
}

/// A question whose answer would shorten the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What to answer, and where to write it.
    pub ask: Message,
    /// How many risks would become less urgent at the best answer.
    pub would_move: u32,
}

/// One asset with what was found on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessedAsset {
    /// The asset.
    pub asset: Asset,
    /// Its components, sorted by purl.
    pub components: Vec<Component>,
}

/// What is different from the last run over the same assets.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// When the last run was; `None` on the first.
    pub since: Option<Timestamp>,
    /// Ids of findings that were not there, or were closed, at the last run.
    pub new: Vec<String>,
    /// Findings that were open at the last run and are gone.
    pub gone: Vec<Finding>,
}

/// A service as the outputs name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceName {
    /// Its id in the estate file.
    pub id: String,
    /// Its English name.
    pub name: String,
    /// Its Japanese name.
    pub name_ja: Option<String>,
}

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The version of Yata.
    pub yata_version: String,
    /// What was assessed, as the user named it.
    pub targets: Vec<String>,
    /// When it ran.
    pub at: Timestamp,
    /// The day it judged as of.
    pub as_of: Date,
    /// Whether `as_of` was set by the user instead of the clock.
    pub as_of_is_set: bool,
    /// The organisation's name, where there is an estate file.
    pub organisation: Option<String>,
    /// The organisation's Japanese name.
    pub organisation_ja: Option<String>,
    /// The services that assets refer to.
    pub services: Vec<ServiceName>,
    /// The assets, sorted by name.
    pub assets: Vec<AssessedAsset>,
    /// The open findings on the ruler, by rank.
    pub risks: Vec<Risk>,
    /// What to do, most urgent first.
    pub actions: Vec<Action>,
    /// Findings that a person or a VEX document has settled (accepted, mitigated, false positive).
    pub settled: Vec<Finding>,
    /// The last change of each settled finding, by the finding's id: who settled it, and why.
    #[serde(default)]
    pub settlements: BTreeMap<String, StateChange>,
    /// The advisory groups that `risks` and `settled` name by their `rule`, sorted by id.
    #[serde(default)]
    pub advisories: Vec<AdvisoryGroup>,
    /// New and gone since the last run.
    pub changes: Changes,
    /// The sources of intelligence.
    pub sources: Vec<SourceStatus>,
    /// What could not be read or checked.
    pub problems: Vec<Problem>,
    /// At most three questions whose answers would shorten the list most.
    pub questions: Vec<Question>,
}

impl Assessment {
    /// The service of that id.
    pub fn service(&self, id: &str) -> Option<&ServiceName> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The asset of that id.
    pub fn asset(&self, id: &str) -> Option<&Asset> {
        self.assets.iter().map(|assessed| &assessed.asset).find(|asset| asset.id == id)
    }
}
