//! Findings: what is wrong with an asset, whoever found it, and what became of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AdvisoryKind, Asset, Author, Component, Message, Misconfiguration, Occurrence, Problem, Scope, Secret};

/// Whether an advisory applies to a component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "applies", rename_all = "kebab-case")]
pub enum Applies {
    /// A range or a version list says so.
    Affected,
    /// It could not be told (no version, a version that cannot be compared, an unreadable record):
    /// counts as affected.
    Unknown {
        /// Why not, and what would tell.
        why: Message,
    },
}

/// What mends a finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "remedy", rename_all = "kebab-case")]
pub enum Remedy {
    /// Go to this version: the smallest that no record of the group affects.
    Upgrade {
        /// The version.
        to: String,
        /// Whether the ecosystem's convention promises that nothing breaks; `None` where it has none.
        compatible: Option<bool>,
    },
    /// Take the package out and look for what it did.
    Remove,
    /// Nobody maintains it: replace it.
    Replace,
    /// No fixed version is known.
    NoneKnown,
    /// Revoke the credential where it was issued, issue another, and look for its use in between.
    Rotate,
    /// Change the configuration, as the check says.
    Reconfigure,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A package version that an advisory speaks of.
    Component(Component),
    /// A credential that stands where it should not.
    Secret(Secret),
    /// A weakness of a configuration.
    Misconfiguration(Misconfiguration),
}

impl Subject {
    /// The component, where it is one.
    pub fn component(&self) -> Option<&Component> {
        match self {
            Subject::Component(component) => Some(component),
            Subject::Secret(_) | Subject::Misconfiguration(_) => None,
        }
    }

    /// The credential, where it is one.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Subject::Component(_) | Subject::Misconfiguration(_) => None,
            Subject::Secret(secret) => Some(secret),
        }
    }

    /// The weakness of a configuration, where it is one.
    pub fn misconfiguration(&self) -> Option<&Misconfiguration> {
        match self {
            Subject::Component(_) | Subject::Secret(_) => None,
            Subject::Misconfiguration(one) => Some(one),
        }
    }

    /// Who wrote the first of the lines where it stands, as far as the repository knows.
    pub fn author(&self) -> Option<&Author> {
        match self {
            Subject::Component(_) => None,
            Subject::Secret(secret) => secret.author.as_ref(),
            Subject::Misconfiguration(one) => one.author.as_ref(),
        }
    }

    /// What two sightings of the same thing have in common: the purl, the credential's keyed hash, the digest of a
    /// configuration's place.
    pub fn key(&self) -> &str {
        match self {
            Subject::Component(component) => &component.purl,
            Subject::Secret(secret) => &secret.hash,
            Subject::Misconfiguration(one) => &one.digest,
        }
    }

    /// What it is called: the package's name, the redacted value, the file of the configuration.
    pub fn name(&self) -> &str {
        match self {
            Subject::Component(component) => &component.package.name,
            Subject::Secret(secret) => &secret.redacted,
            Subject::Misconfiguration(one) => one.occurrences.first().map_or(&one.product, |first| &first.file),
        }
    }

    /// [`Subject::name`], with the version where one is pinned.
    pub fn label(&self) -> String {
        match self {
            Subject::Component(component) => component.label(),
            Subject::Secret(_) | Subject::Misconfiguration(_) => self.name().to_owned(),
        }
    }

    /// The version that is pinned.
    pub fn version(&self) -> Option<&str> {
        self.component().and_then(|component| component.version.as_deref())
    }

    /// Where it stands now, sorted.
    pub fn occurrences(&self) -> &[Occurrence] {
        match self {
            Subject::Component(component) => &component.occurrences,
            Subject::Secret(secret) => &secret.occurrences,
            Subject::Misconfiguration(one) => &one.occurrences,
        }
    }

    /// What it is needed for. A credential opens what it opens wherever it stands; a configuration is as near to
    /// production as the places that it rules.
    pub fn scope(&self) -> Scope {
        match self {
            Subject::Component(component) => component.scope(),
            Subject::Secret(_) => Scope::Runtime,
            Subject::Misconfiguration(one) => {
                one.occurrences.iter().map(|place| place.scope).min().unwrap_or(Scope::Development)
            }
        }
    }
}

/// What became of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum FindingState {
    /// To be dealt with.
    Open,
    /// Accepted until the end of that day (UTC); open again after it.
    Accepted {
        /// The last day.
        until: Date,
    },
    /// Mitigated until the end of that day (UTC); open again after it.
    Mitigated {
        /// The last day.
        until: Date,
    },
    /// It does not apply (a person's word, or a VEX statement `not_affected`).
    FalsePositive,
    /// The sensor no longer sees it (or a VEX statement `fixed`).
    Fixed,
}

impl FindingState {
    /// Whether the finding asks for action on `today`.
    pub fn is_open(&self, today: Date) -> bool {
        match self {
            FindingState::Open => true,
            FindingState::Accepted { until } | FindingState::Mitigated { until } => *until < today,
            FindingState::FalsePositive | FindingState::Fixed => false,
        }
    }
}

/// One change of a finding's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChange {
    /// The new state.
    pub state: FindingState,
    /// Who or what changed it (a person, a sensor, a VEX document).
    pub by: String,
    /// The reason given.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// One thing that is wrong with one asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Fingerprint, see [`crate::fingerprint`]; survives line moves.
    pub id: String,
    /// The asset's id.
    pub asset_id: String,
    /// The preferred advisory id, or the id of a rule.
    pub rule: String,
    /// All ids under which the same thing is known, sorted; contains `rule`.
    pub ids: Vec<String>,
    /// What the advisory says.
    pub kind: AdvisoryKind,
    /// One line, as published.
    pub title: String,
    /// What it is about, with its places.
    pub subject: Subject,
    /// Whether it applies.
    pub applies: Applies,
    /// What mends it.
    pub remedy: Remedy,
    /// What became of it.
    pub state: FindingState,
    /// When it was first seen; `None` before it is stored.
    pub first_seen: Option<Timestamp>,
}

/// What one sensor saw of one asset at one time. Ingesting it replaces that sensor's previous one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The sensor (`assess`).
    pub sensor: String,
    /// The asset.
    pub asset: Asset,
    /// When it looked.
    pub at: Timestamp,
    /// What it has.
    pub components: Vec<Component>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// What could not be checked.
    pub problems: Vec<Problem>,
}

/// The status of a VEX statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VexStatus {
    /// The product does not have the weakness, or it cannot be exploited there.
    NotAffected,
    /// It has.
    Affected,
    /// It no longer has.
    Fixed,
    /// Nobody knows yet.
    UnderInvestigation,
}

/// What a VEX document says of one set of vulnerability ids and products (OpenVEX 0.2, CycloneDX `analysis`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexStatement {
    /// Vulnerability ids, with aliases.
    pub ids: Vec<String>,
    /// Product purls; a purl without version covers all versions, one with a version that one.
    pub products: Vec<String>,
    /// The larger products (purls or other identifiers) within which it speaks of `products`; empty where it
    /// speaks of them wherever they are (OpenVEX `products` of a statement with `subcomponents`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// The status.
    pub status: VexStatus,
    /// The machine-readable justification (`vulnerable_code_not_present`, …).
    pub justification: Option<String>,
    /// The author's words.
    pub statement: Option<String>,
    /// The document: its id, or its file name.
    pub source: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was stated.
    pub at: Option<Timestamp>,
}
