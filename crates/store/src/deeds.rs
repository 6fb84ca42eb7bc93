//! What people do with findings: decide, propose, assign; one or many at once, each with its own outcome, all of it in one
//! transaction with its entries for the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;
use yata_model::FindingState;

use crate::decide::{MAX_NAME_CHARS, MAX_REASON_CHARS, check_until, checked};
use crate::engine::{Conn, built_query, query};
use crate::error::{Fault, StoreError};
use crate::judging::rejudge_assets;
use crate::locks::lock_assets;
use crate::record::{DecidedBy, Record, record_columns};
use crate::save::save;
use crate::sql::{VALUES_PER_LIST, micros, placeholders, state_columns};
use crate::store::{Store, write};
use crate::trail::{Act, Actor, note};

/// Most findings of one [`Deed`].
pub const MAX_DEED_ITEMS: usize = 500;

/// What is done with findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Changes the state at once.
    Settle(FindingState),
    /// Asks an approver to change the state.
    Propose(FindingState),
    /// Says who works on it; `None` for nobody.
    Assign(Option<String>),
}

/// A finding that something is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeedItem {
    /// Its whole id.
    pub id: String,
    /// The state that the actor saw; where it is another one now, nothing is done. `None` to do it in any case.
    pub seen: Option<FindingState>,
}

/// What became of one finding of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// There is no such finding.
    Unknown,
    /// The actor may not do this with findings of this service.
    NotAllowed,
    /// No sensor sees it any more.
    AlreadyFixed,
    /// Somebody or something changed it meanwhile, to this.
    Changed(FindingState),
    /// A proposal waits for its answer already.
    Waiting,
    /// It is so already.
    Same,
}

/// Who does it, why, and where they may.
pub struct Doer<'a> {
    /// Who.
    pub by: &'a Actor,
    /// Why; may be empty only for an assignment.
    pub why: &'a str,
    /// Whether they may do it with findings of assets of that service.
    pub may: &'a (dyn Fn(Option<&str>) -> bool + Sync),
    /// The time.
    pub now: Timestamp,
    /// The day that is judged as of.
    pub today: Date,
}

impl fmt::Debug for Doer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doer")
            .field("by", self.by)
            .field("why", &self.why)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Does the same with several findings, in one transaction: each outcome is said, in the order of `items`.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::PastDate`], [`StoreError::NoReason`], [`StoreError::NoName`],
    /// [`StoreError::TooLong`], or a failure of the database.
    pub async fn act(&self, items: &[DeedItem], deed: &Deed, doer: &Doer<'_>) -> Result<Vec<Outcome>, StoreError> {
        if items.len() > MAX_DEED_ITEMS {
            return Err(StoreError::TooMany { what: "findings", given: items.len(), limit: MAX_DEED_ITEMS });
        }
        let why = checked("reason", doer.why, MAX_REASON_CHARS)?;
        if why.is_none() && !matches!(deed, Deed::Assign(_)) {
            return Err(StoreError::NoReason);
        }
        checked("name", &doer.by.name, MAX_NAME_CHARS)?.ok_or(StoreError::NoName)?;
        match deed {
            Deed::Settle(state) | Deed::Propose(state) => check_state(state, doer.today)?,
            Deed::Assign(name) => drop(checked("name", name.as_deref().unwrap_or_default(), MAX_NAME_CHARS)?),
        }
        let doing = "storing what was decided";
        write!(self, doing, |conn| do_all(conn, items, deed, doer))
    }
}

/// A state that a person may give: not fixed, and not until a day that has passed.
pub(crate) fn check_state(state: &FindingState, today: Date) -> Result<(), StoreError> {
    match state {
        FindingState::Accepted { until } | FindingState::Mitigated { until } => check_until(*until, today),
        FindingState::Open | FindingState::FalsePositive => Ok(()),
        FindingState::Fixed => Err(StoreError::NotByPeople),
    }
}

/// A finding as a deed needs it.
pub(crate) struct Found {
    pub(crate) record: Record,
    pub(crate) service: Option<String>,
    assignee: Option<String>,
    is_waiting: bool,
}

impl Found {
    /// How it is called in the ledger.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.record.rule, self.record.purl)
    }
}

async fn do_all(conn: &mut Conn, items: &[DeedItem], deed: &Deed, doer: &Doer<'_>) -> Result<Vec<Outcome>, Fault> {
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let mut found = read(conn, &ids).await?;
    let mut outcomes = Vec::with_capacity(items.len());
    let mut done: Vec<String> = Vec::new();
    for item in items {
        let outcome = match found.get_mut(&item.id) {
            _ if done.contains(&item.id) => Outcome::Same,
            None => Outcome::Unknown,
            Some(one) => match refusal(one, item, deed, doer) {
                Some(refusal) => refusal,
                None => {
                    one_deed(conn, one, deed, doer).await?;
                    done.push(item.id.clone());
                    Outcome::Done
                }
            },
        };
        outcomes.push(outcome);
    }
    if matches!(deed, Deed::Settle(_)) {
        let changed: BTreeSet<String> = found.values().filter(|one| one.record.dirty).map(asset_of).collect();
        save(conn, found.values_mut().map(|one| &mut one.record)).await?;
        rejudge_assets(conn, &changed, doer.today).await?;
    }
    Ok(outcomes)
}

fn asset_of(found: &Found) -> String {
    found.record.asset_id.clone()
}

fn refusal(found: &Found, item: &DeedItem, deed: &Deed, doer: &Doer<'_>) -> Option<Outcome> {
    let record = &found.record;
    if !(doer.may)(found.service.as_deref()) {
        return Some(Outcome::NotAllowed);
    }
    if record.is_gone() {
        return Some(Outcome::AlreadyFixed);
    }
    if item.seen.as_ref().is_some_and(|seen| *seen != record.state) {
        return Some(Outcome::Changed(record.state.clone()));
    }
    match deed {
        Deed::Settle(state) | Deed::Propose(state) if *state == record.state => Some(Outcome::Same),
        Deed::Propose(_) if found.is_waiting => Some(Outcome::Waiting),
        Deed::Assign(name) if *name == found.assignee => Some(Outcome::Same),
        _ => None,
    }
}

async fn one_deed(conn: &mut Conn, found: &mut Found, deed: &Deed, doer: &Doer<'_>) -> Result<(), Fault> {
    let id = found.record.id.clone();
    let about = |act: Act| act.on("finding", id.clone(), found.name()).because(doer.why.trim());
    match deed {
        Deed::Settle(state) => {
            let act = state_fact(about(Act::new(act_word(state), doer.by)), state);
            note(conn, &act.fact("before", state_columns(&found.record.state).0), doer.now).await?;
            overtake(conn, &id, doer).await?;
            found.record.change(state.clone(), DecidedBy::Person, doer.by.name.trim(), doer.why.trim(), doer.now);
        }
        Deed::Propose(state) => {
            let (word, until) = state_columns(state);
            let proposal = Uuid::now_v7().to_string();
            query(
                "INSERT INTO proposal (id, finding_id, state, until_day, why, proposed_by, proposer_id, proposed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&proposal)
            .bind(&id)
            .bind(word)
            .bind(until)
            .bind(doer.why.trim())
            .bind(doer.by.name.trim())
            .bind(&doer.by.id)
            .bind(micros(doer.now))
            .execute(conn)
            .await?;
            let act = about(Act::new("finding.proposed", doer.by)).on("proposal", proposal.clone(), "");
            note(conn, &state_fact(act, state), doer.now).await?;
        }
        Deed::Assign(name) => {
            let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
            query("UPDATE finding SET assignee = $1 WHERE id = $2").bind(name).bind(&id).execute(conn).await?;
            let act = about(Act::new("finding.assigned", doer.by)).fact("assignee", name.unwrap_or_default());
            note(conn, &act.fact("before", found.assignee.clone().unwrap_or_default()), doer.now).await?;
        }
    }
    Ok(())
}

/// A decision answers the proposals that wait, in its own way.
async fn overtake(conn: &mut Conn, finding_id: &str, doer: &Doer<'_>) -> Result<(), Fault> {
    query(
        "UPDATE proposal SET answer = 'overtaken', answered_by = $1, answerer_id = $2, answered_at = $3 \
         WHERE finding_id = $4 AND answer IS NULL",
    )
    .bind(doer.by.name.trim())
    .bind(&doer.by.id)
    .bind(micros(doer.now))
    .bind(finding_id)
    .execute(conn)
    .await
    .map(drop)
}

/// The word of the ledger for a change to that state.
pub(crate) fn act_word(state: &FindingState) -> &'static str {
    match state {
        FindingState::Open => "finding.reopened",
        FindingState::Accepted { .. } => "finding.accepted",
        FindingState::Mitigated { .. } => "finding.mitigated",
        FindingState::FalsePositive => "finding.false-positive",
        FindingState::Fixed => "finding.fixed",
    }
}

/// The state as facts of an act.
pub(crate) fn state_fact(act: Act, state: &FindingState) -> Act {
    let (word, until) = state_columns(state);
    let act = act.fact("state", word);
    match until {
        Some(day) => act.fact("until", day),
        None => act,
    }
}

/// These findings, ready to be changed: the locks of their assets are held.
pub(crate) async fn read(conn: &mut Conn, ids: &[&str]) -> Result<BTreeMap<String, Found>, Fault> {
    let mut assets = Vec::new();
    for chunk in ids.chunks(VALUES_PER_LIST) {
        let text = format!("SELECT DISTINCT asset_id FROM finding WHERE id IN ({})", placeholders(1, chunk.len()));
        assets.extend(built_query(text).bind_all(chunk.iter().copied()).scalars::<String>(conn).await?);
    }
    lock_assets(conn, assets.iter().map(String::as_str)).await?;
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(VALUES_PER_LIST) {
        let text = format!(
            concat!(
                "SELECT ",
                record_columns!(),
                ", f.assignee, a.service, (SELECT COUNT(*) FROM proposal p WHERE p.finding_id = f.id AND p.answer IS NULL) \
                 AS waiting FROM finding f JOIN asset a ON a.id = f.asset_id WHERE f.id IN ({})"
            ),
            placeholders(1, chunk.len())
        );
        for row in built_query(text).bind_all(chunk.iter().copied()).fetch_all(conn).await? {
            let record = Record::from_row(&row)?;
            let waiting: i64 = row.get("waiting")?;
            let one =
                Found { service: row.get("service")?, assignee: row.get("assignee")?, is_waiting: waiting > 0, record };
            found.insert(one.record.id.clone(), one);
        }
    }
    Ok(found)
}
