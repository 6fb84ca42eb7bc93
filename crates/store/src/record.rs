//! A finding as the database keeps it, and the rules of its life. Pure: no SQL runs here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use yata_model::{Finding, FindingState, StateChange, VexStatus};

use crate::body::{self, FindingBody, FindingIds};
use crate::engine::Row;
use crate::error::Fault;
use crate::sql::{json, micros, state_of, stored_time, word};
use crate::vex::Statement;

/// Message ids that a sensor gives as the reason of a change; see the catalogue of words.
pub(crate) mod why {
    pub(crate) const FIRST_SEEN: &str = "history-first-seen";
    pub(crate) const SEEN_AGAIN: &str = "history-seen-again";
    pub(crate) const NOT_SEEN: &str = "history-not-seen";
    pub(crate) const MERGED: &str = "history-merged";
    pub(crate) const VEX_GONE: &str = "history-vex-gone";
}

/// Who brought a finding into its present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecidedBy {
    Sensor,
    Person,
    Vex,
}

impl DecidedBy {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            DecidedBy::Sensor => "sensor",
            DecidedBy::Person => "person",
            DecidedBy::Vex => "vex",
        }
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "sensor" => Ok(DecidedBy::Sensor),
            "person" => Ok(DecidedBy::Person),
            "vex" => Ok(DecidedBy::Vex),
            other => Err(Fault::Value(format!("the decider `{other}`"))),
        }
    }
}

/// A finding as stored, with the changes that are not stored yet.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) asset_id: String,
    pub(crate) rule: String,
    pub(crate) kind: String,
    pub(crate) purl: String,
    pub(crate) state: FindingState,
    pub(crate) decided_by: DecidedBy,
    /// The last VEX statement that was taken into account.
    pub(crate) vex_statement: Option<String>,
    pub(crate) first_seen: i64,
    pub(crate) changed_at: i64,
    /// How many changes of state are stored.
    pub(crate) changes: i64,
    pub(crate) body: String,
    /// Changes of state to store.
    pub(crate) pending: Vec<StateChange>,
    /// Whether the row must be written.
    pub(crate) dirty: bool,
    /// Ids to write, where they changed …
    pub(crate) new_ids: Option<Vec<String>>,
    /// … and those that are stored for it now.
    pub(crate) old_ids: Vec<String>,
}

/// The columns that [`Record::from_row`] reads.
macro_rules! record_columns {
    () => {
        "f.id, f.asset_id, f.rule, f.kind, f.purl, f.state, f.until_day, f.decided_by, f.vex_statement_id, \
         f.first_seen, f.changed_at, f.changes, f.body"
    };
}
pub(crate) use record_columns;

impl Record {
    pub(crate) fn from_row(row: &Row) -> Result<Record, Fault> {
        let until: Option<String> = row.get("until_day")?;
        Ok(Record {
            id: row.get("id")?,
            asset_id: row.get("asset_id")?,
            rule: row.get("rule")?,
            kind: row.get("kind")?,
            purl: row.get("purl")?,
            state: state_of(row.get("state")?, until.as_deref())?,
            decided_by: DecidedBy::parse(row.get("decided_by")?)?,
            vex_statement: row.get("vex_statement_id")?,
            first_seen: row.get("first_seen")?,
            changed_at: row.get("changed_at")?,
            changes: row.get("changes")?,
            body: row.get("body")?,
            pending: Vec::new(),
            dirty: false,
            new_ids: None,
            old_ids: Vec::new(),
        })
    }

    /// A finding that nobody has seen before.
    pub(crate) fn opened(finding: &Finding, sensor: &str, at: Timestamp) -> Result<Record, Fault> {
        let mut record = Record {
            id: finding.id.clone(),
            asset_id: finding.asset_id.clone(),
            rule: finding.rule.clone(),
            kind: word(&finding.kind)?,
            purl: finding.subject.key().to_owned(),
            state: FindingState::Open,
            decided_by: DecidedBy::Sensor,
            vex_statement: None,
            first_seen: micros(at),
            changed_at: micros(at),
            changes: 0,
            body: serde_json::to_string(&FindingBody::of(finding))?,
            pending: Vec::new(),
            dirty: true,
            new_ids: Some(finding.ids.clone()),
            old_ids: Vec::new(),
        };
        record.change(FindingState::Open, DecidedBy::Sensor, sensor, why::FIRST_SEEN, at);
        Ok(record)
    }

    /// The finding for callers.
    pub(crate) fn finding(&self) -> Result<Finding, Fault> {
        body::finding(
            self.id.clone(),
            self.asset_id.clone(),
            self.rule.clone(),
            self.state.clone(),
            self.first_seen,
            &self.body,
        )
    }

    pub(crate) fn ids(&self) -> Result<Vec<String>, Fault> {
        let FindingIds { ids } = json("the ids of a finding", &self.body)?;
        Ok(ids)
    }

    pub(crate) fn change(&mut self, state: FindingState, decided_by: DecidedBy, by: &str, why: &str, at: Timestamp) {
        let at = stored_time(at);
        self.pending.push(StateChange { state: state.clone(), by: by.to_owned(), why: why.to_owned(), at });
        self.state = state;
        self.decided_by = decided_by;
        self.changed_at = micros(at);
        self.dirty = true;
    }

    /// Whether it is closed because no sensor sees it.
    pub(crate) fn is_gone(&self) -> bool {
        self.state == FindingState::Fixed && self.decided_by != DecidedBy::Vex
    }

    /// The sensor sees it. Returns whether that opened it again.
    pub(crate) fn seen(&mut self, finding: &Finding, sensor: &str, at: Timestamp) -> Result<bool, Fault> {
        let body = serde_json::to_string(&FindingBody::of(finding))?;
        if body != self.body || self.rule != finding.rule {
            let old_ids = self.ids()?;
            if old_ids != finding.ids || self.rule != finding.rule {
                self.old_ids = old_ids;
                self.new_ids = Some(finding.ids.clone());
            }
            self.rule.clone_from(&finding.rule);
            self.kind = word(&finding.kind)?;
            finding.subject.key().clone_into(&mut self.purl);
            self.body = body;
            self.dirty = true;
        }
        let again = self.is_gone();
        if again {
            self.vex_statement = None;
            self.change(FindingState::Open, DecidedBy::Sensor, sensor, why::SEEN_AGAIN, at);
        }
        Ok(again)
    }

    /// No sensor sees it any more. Returns whether that changed anything.
    pub(crate) fn vanished(&mut self, sensor: &str, why: &str, at: Timestamp) -> bool {
        if self.is_gone() {
            return false;
        }
        self.change(FindingState::Fixed, DecidedBy::Sensor, sensor, why, at);
        true
    }

    /// The latest VEX statement that matches, or none. A person's decision stays; what the statement says
    /// is written into the history all the same. Returns whether the state changed.
    pub(crate) fn apply_vex(&mut self, winner: Option<&Statement>, sensor: &str, at: Timestamp) -> bool {
        if self.is_gone() {
            return false;
        }
        let Some(statement) = winner else {
            // It rested on a statement that does not match any more (the ids were corrected).
            if self.decided_by == DecidedBy::Vex {
                self.vex_statement = None;
                self.change(FindingState::Open, DecidedBy::Sensor, sensor, why::VEX_GONE, at);
                return true;
            }
            return false;
        };
        if self.vex_statement.as_ref() == Some(&statement.id) {
            return false;
        }
        self.vex_statement = Some(statement.id.clone());
        let (state, decided_by) = match (self.decided_by, statement.body.status) {
            (DecidedBy::Person, _) => (self.state.clone(), DecidedBy::Person),
            (_, VexStatus::NotAffected) => (FindingState::FalsePositive, DecidedBy::Vex),
            (_, VexStatus::Fixed) => (FindingState::Fixed, DecidedBy::Vex),
            (_, VexStatus::Affected | VexStatus::UnderInvestigation) => (FindingState::Open, DecidedBy::Sensor),
        };
        let changed = state != self.state;
        self.change(state, decided_by, &statement.body.source, &statement.why(), at);
        changed
    }
}

/// Which stored record each finding of a snapshot is, by position; `None` for a new one. One to one.
///
/// First by fingerprint; then by the fingerprint under which the sensor reported it last time; then, because
/// the preferred id of an advisory may change (a CVE is assigned later), by component and any common id.
pub(crate) fn match_records(
    findings: &[Finding],
    records: &BTreeMap<String, Record>,
    sightings: &BTreeMap<String, String>,
) -> Result<Vec<Option<String>>, Fault> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut matched: Vec<Option<String>> = vec![None; findings.len()];
    for (finding, slot) in findings.iter().zip(&mut matched) {
        if let Some((id, _)) = records.get_key_value(&finding.id) {
            taken.insert(id);
            *slot = Some(id.clone());
        }
    }
    for (finding, slot) in findings.iter().zip(&mut matched).filter(|(_, slot)| slot.is_none()) {
        if let Some(id) = sightings.get(&finding.id)
            && let Some((id, _)) = records.get_key_value(id)
            && taken.insert(id)
        {
            *slot = Some(id.clone());
        }
    }
    let mut by_purl: BTreeMap<&str, Vec<(&Record, Vec<String>)>> = BTreeMap::new();
    if matched.iter().any(Option::is_none) {
        for record in records.values().filter(|record| !taken.contains(record.id.as_str())) {
            by_purl.entry(&record.purl).or_default().push((record, record.ids()?));
        }
    }
    for (finding, slot) in findings.iter().zip(&mut matched).filter(|(_, slot)| slot.is_none()) {
        let candidates = by_purl.get(finding.subject.key()).into_iter().flatten();
        let best = candidates
            .filter(|(record, ids)| {
                !taken.contains(record.id.as_str()) && ids.iter().any(|id| finding.ids.contains(id))
            })
            .min_by_key(|(record, _)| (record.is_gone(), record.first_seen, &record.id));
        if let Some((record, _)) = best {
            taken.insert(&record.id);
            *slot = Some(record.id.clone());
        }
    }
    Ok(matched)
}
