//! What a report changed.

use jiff::Timestamp;
use jiff::civil::Date;
use yata_model as model;

use super::finding::{Finding, State};
use super::text::Text;
use crate::api::schema::{wire, words};

words! {
    /// How soon to act.
    model::Priority as "Priority": [
        model::Priority::Immediate, model::Priority::OutOfCycle, model::Priority::Scheduled, model::Priority::Defer,
    ];
}

wire! {
    /// What a report changed. What it says of findings is as they are stored now, with the decisions of people.
    pub struct Pushed {
        /// The asset's id.
        pub asset_id: Text,
        /// Whether it was the report that came last: then only its time was stored.
        pub unchanged: bool,
        /// The time that was stored.
        pub at: Timestamp,
        /// When the asset was reported before; absent for the first time.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub previous: Option<Timestamp>,
        /// How many findings were not there, or were closed, and are open now.
        pub opened: u64,
        /// How many were known and not closed.
        pub still: u64,
        /// How many are gone and were closed as fixed.
        pub closed: u64,
        /// How many are missing and stay as they are, because not everything could be checked.
        pub unchecked: u64,
        /// The report's findings.
        pub findings: Vec<PushedFinding>,
        /// Those that were closed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub closed_findings: Vec<StoredFinding>,
        /// Those that were not checked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub unchecked_findings: Vec<StoredFinding>,
    }

    /// One finding of a report, as it is stored.
    pub struct PushedFinding {
        /// The id that follows from the report alone: from asset, rule and subject.
        pub reported: Text,
        /// The id under which it is stored: an earlier one, where the advisory is known under other ids since.
        pub id: Text,
        /// Whether it opened with this report.
        pub opened: bool,
        /// What became of it.
        pub state: State,
        /// When it was first seen.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub first_seen: Option<Timestamp>,
        /// How soon to act, by the service's rules.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub priority: Option<model::Priority>,
        /// The last day, by the service's rules.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub due: Option<Date>,
        /// Where it is settled: who settled it, and why.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub settled: Option<Change>,
    }

    /// A finding with its id and what became of it.
    pub struct StoredFinding {
        /// Its id.
        pub id: Text,
        /// What became of it.
        pub state: State,
        /// When it was first seen.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub first_seen: Option<Timestamp>,
        /// The finding.
        pub finding: Finding,
    }

    /// One change of a finding's state.
    pub struct Change {
        /// The new state.
        pub state: State,
        /// Who or what changed it.
        pub by: Text,
        /// The reason given.
        pub why: Text,
        /// When.
        pub at: Timestamp,
    }
}

impl From<model::StateChange> for Change {
    fn from(change: model::StateChange) -> Self {
        let model::StateChange { state, by, why, at } = change;
        Change { state: state.into(), by: by.into(), why: why.into(), at }
    }
}

impl From<Change> for model::StateChange {
    fn from(change: Change) -> Self {
        let Change { state, by, why, at } = change;
        model::StateChange { state: state.into(), by: by.into(), why: why.into(), at }
    }
}

impl From<model::Finding> for StoredFinding {
    fn from(finding: model::Finding) -> Self {
        StoredFinding {
            id: finding.id.clone().into(),
            state: finding.state.clone().into(),
            first_seen: finding.first_seen,
            finding: finding.into(),
        }
    }
}

impl StoredFinding {
    /// The finding of the model, of that asset; `None` where it is not about one thing.
    pub fn into_model(self, asset_id: &str) -> Option<model::Finding> {
        let StoredFinding { id, state, first_seen, finding } = self;
        let finding = finding.into_model(id.into(), asset_id)?;
        Some(model::Finding { state: state.into(), first_seen, ..finding })
    }
}
