//! Decisions of people about findings, and what became of a finding over time.

use jiff::Timestamp;
use jiff::civil::Date;
use yata_model::{Finding, FindingState, StateChange};

use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::judging::rejudge_assets;
use crate::locks::lock_assets;
use crate::record::{DecidedBy, Record, record_columns};
use crate::save::save;
use crate::sql::{day, state_columns, state_of, time};
use crate::store::{Store, write};
use crate::trail::{Act, Actor, note};

/// Most ids that an error lists.
pub const MAX_SUGGESTIONS: usize = 5;

/// Most characters of the reason of a decision.
pub const MAX_REASON_CHARS: usize = 10_000;

/// Most characters of the name of the one who decides.
pub const MAX_NAME_CHARS: usize = 200;

/// What every id of a finding begins with.
const ID_PREFIX: &str = "fi_";

/// Comes after every character of an id.
const AFTER_ALL: char = '\u{7f}';

/// Longer texts are no ids.
const MAX_ID_CHARS: usize = 100;

impl Store {
    /// Accepts the risk of a finding until the end of `until` (UTC); it is open again after that day.
    ///
    /// `id` may be the beginning of an id, with or without `fi_`, if only one finding begins so.
    ///
    /// # Errors
    /// [`StoreError::UnknownFinding`], [`StoreError::AmbiguousFinding`], [`StoreError::AlreadyFixed`],
    /// [`StoreError::PastDate`], [`StoreError::NoReason`], [`StoreError::NoName`], [`StoreError::TooLong`],
    /// or a failure of the database.
    pub async fn accept(
        &self,
        id: &str,
        until: Date,
        why: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Finding, StoreError> {
        check_until(until, day(now))?;
        self.decide(id, FindingState::Accepted { until }, why, by, now).await
    }

    /// Notes that something else holds the risk down until the end of `until` (UTC); it is open again after
    /// that day.
    ///
    /// # Errors
    /// As [`Store::accept`].
    pub async fn mitigate(
        &self,
        id: &str,
        until: Date,
        why: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Finding, StoreError> {
        check_until(until, day(now))?;
        self.decide(id, FindingState::Mitigated { until }, why, by, now).await
    }

    /// Notes that a finding does not apply.
    ///
    /// # Errors
    /// As [`Store::accept`], without the day.
    pub async fn false_positive(&self, id: &str, why: &str, by: &str, now: Timestamp) -> Result<Finding, StoreError> {
        self.decide(id, FindingState::FalsePositive, why, by, now).await
    }

    /// Opens a finding again, also against a VEX statement.
    ///
    /// # Errors
    /// As [`Store::accept`], without the day.
    pub async fn reopen(&self, id: &str, why: &str, by: &str, now: Timestamp) -> Result<Finding, StoreError> {
        self.decide(id, FindingState::Open, why, by, now).await
    }

    /// All changes of a finding's state, the oldest first. `id` may be the beginning of an id.
    ///
    /// The reason (`why`) of a change made by a sensor is the id of a message (`history-…`); that of a
    /// person or a VEX document is its own words.
    ///
    /// # Errors
    /// [`StoreError::UnknownFinding`], [`StoreError::AmbiguousFinding`], or a failure of the database.
    pub async fn history(&self, id: &str) -> Result<Vec<StateChange>, StoreError> {
        let doing = "reading the history of a finding";
        self.read_together(doing, async |conn| read_history(conn, id).await).await
    }

    async fn decide(
        &self,
        id: &str,
        state: FindingState,
        why: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Finding, StoreError> {
        let why = checked("reason", why, MAX_REASON_CHARS)?.ok_or(StoreError::NoReason)?;
        let by = checked("name", by, MAX_NAME_CHARS)?.ok_or(StoreError::NoName)?;
        let doing = "storing a decision";
        write!(self, doing, |conn| write_decision(conn, id, &state, why, by, now))
    }
}

pub(crate) fn check_until(until: Date, today: Date) -> Result<(), StoreError> {
    if until < today { Err(StoreError::PastDate { until, today }) } else { Ok(()) }
}

pub(crate) fn checked<'a>(what: &'static str, text: &'a str, limit: usize) -> Result<Option<&'a str>, StoreError> {
    let text = text.trim();
    let given = text.chars().count();
    if given > limit {
        return Err(StoreError::TooLong { what, given, limit });
    }
    Ok((given > 0).then_some(text))
}

async fn write_decision(
    conn: &mut Conn,
    id: &str,
    state: &FindingState,
    why: &str,
    by: &str,
    now: Timestamp,
) -> Result<Finding, Fault> {
    let id = resolve(conn, id).await?;
    let asset: Option<String> = query("SELECT asset_id FROM finding WHERE id = $1").bind(&id).scalar(conn).await?;
    lock_assets(conn, asset.as_deref()).await?;
    let text = concat!("SELECT ", record_columns!(), " FROM finding f WHERE f.id = $1");
    let mut record = Record::from_row(&query(text).bind(&id).fetch_one(conn).await?)?;
    if record.is_gone() {
        return Err(StoreError::AlreadyFixed { id }.into());
    }
    let before = state_columns(&record.state).0;
    record.change(state.clone(), DecidedBy::Person, by, why, now);
    note_decision(conn, &record, state, before, why, by, now).await?;
    save(conn, [&mut record]).await?;
    rejudge_assets(conn, &asset.into_iter().collect(), day(now)).await?;
    record.finding()
}

async fn note_decision(
    conn: &mut Conn,
    record: &Record,
    state: &FindingState,
    before: &str,
    why: &str,
    by: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let what = match state {
        FindingState::Open => "finding.reopened",
        FindingState::Accepted { .. } => "finding.accepted",
        FindingState::Mitigated { .. } => "finding.mitigated",
        FindingState::FalsePositive => "finding.false-positive",
        FindingState::Fixed => "finding.fixed",
    };
    let (word, until) = state_columns(state);
    let act = Act::new(what, &Actor::local(by)).on("finding", &record.id, format!("{} {}", record.rule, record.purl));
    let act = act.because(why).fact("state", word).fact("before", before);
    note(conn, &until.into_iter().fold(act, |act, day| act.fact("until", day)), now).await
}

async fn read_history(conn: &mut Conn, id: &str) -> Result<Vec<StateChange>, Fault> {
    let id = resolve(conn, id).await?;
    let rows = query(
        "SELECT state, until_day, changed_by, why, changed_at FROM state_change WHERE finding_id = $1 ORDER BY seq",
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let change = |row: &Row| -> Result<StateChange, Fault> {
        Ok(StateChange {
            state: state_of(row.get("state")?, row.get("until_day")?)?,
            by: row.get("changed_by")?,
            why: row.get("why")?,
            at: time(row.get("changed_at")?)?,
        })
    };
    rows.iter().map(change).collect()
}

/// Ids that begin so, at most one more than can be listed.
async fn beginning_with(conn: &mut Conn, prefix: &str) -> Result<Vec<String>, Fault> {
    let end = format!("{prefix}{AFTER_ALL}");
    let limit = i64::try_from(MAX_SUGGESTIONS + 1).unwrap_or(i64::MAX);
    query("SELECT id FROM finding WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3")
        .bind(prefix)
        .bind(end)
        .bind(limit)
        .scalars(conn)
        .await
}

/// The one finding that an id or its beginning names.
async fn resolve(conn: &mut Conn, given: &str) -> Result<String, Fault> {
    let given = given.trim();
    let id = if given.starts_with(ID_PREFIX) { given.to_owned() } else { format!("{ID_PREFIX}{given}") };
    // Ids are hexadecimal: anything else begins no id, and has no place in a range of them.
    let is_id = given != ID_PREFIX && !given.is_empty() && id.len() <= MAX_ID_CHARS && id.is_ascii();
    let mut matches = if is_id { beginning_with(conn, &id).await? } else { Vec::new() };
    if matches.contains(&id) {
        return Ok(id);
    }
    match matches.len() {
        0 => {
            let nearest = if is_id { nearest(conn, given, &id).await? } else { Vec::new() };
            Err(StoreError::UnknownFinding { given: given.to_owned(), nearest }.into())
        }
        1 => Ok(matches.swap_remove(0)),
        count => {
            matches.truncate(MAX_SUGGESTIONS);
            let more = count > MAX_SUGGESTIONS;
            Err(StoreError::AmbiguousFinding { given: given.to_owned(), matches, more }.into())
        }
    }
}

/// Findings of the advisory of that name; else those whose ids have the longest beginning in common.
async fn nearest(conn: &mut Conn, given: &str, id: &str) -> Result<Vec<String>, Fault> {
    let limit = i64::try_from(MAX_SUGGESTIONS).unwrap_or(i64::MAX);
    let named: Vec<String> =
        query("SELECT finding_id FROM finding_advisory WHERE advisory = $1 ORDER BY finding_id LIMIT $2")
            .bind(given)
            .bind(limit)
            .scalars(conn)
            .await?;
    if !named.is_empty() {
        return Ok(named);
    }
    let mut prefix = id;
    // At least one character of the id proper must agree.
    while prefix.len() > ID_PREFIX.len() + 1 {
        prefix = prefix.get(..prefix.len() - 1).unwrap_or_default();
        let mut ids = beginning_with(conn, prefix).await?;
        if !ids.is_empty() {
            ids.truncate(MAX_SUGGESTIONS);
            return Ok(ids);
        }
    }
    Ok(Vec::new())
}
