//! Counts that are kept with the findings: facets, tallies, evidence. Collected during a transaction and written at its
//! end in one order, so that two writers never wait for each other in a circle.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use yata_model::{AdvisoryKind, Priority};

use crate::engine::{Cell, Conn, Row, query};
use crate::error::Fault;
use crate::queue::FindingStatus;
use crate::sql::{Rows, insert, word};

/// What the queue filters by, of one finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Facet {
    pub(crate) service: String,
    pub(crate) owner: String,
    pub(crate) kind: String,
    pub(crate) priority: String,
    pub(crate) scenario: i64,
    pub(crate) ai: i64,
    pub(crate) state: String,
    pub(crate) leads: i64,
}

/// The columns that [`Facet::from_row`] reads.
macro_rules! facet_columns {
    () => {
        "x.service, x.owner, x.kind AS facet_kind, x.priority, x.scenario, x.ai, x.state AS facet_state, x.leads"
    };
}
pub(crate) use facet_columns;

impl Facet {
    /// The facet of a row that has one.
    pub(crate) fn from_row(row: &Row) -> Result<Facet, Fault> {
        Ok(Facet {
            service: row.get("service")?,
            owner: row.get("owner")?,
            kind: row.get("facet_kind")?,
            priority: row.get("priority")?,
            scenario: row.get("scenario")?,
            ai: row.get("ai")?,
            state: row.get("facet_state")?,
            leads: row.get("leads")?,
        })
    }

    /// The id: 63 bits of a digest of all that it says, and not 0. Two of a million facets share an id once in twenty
    /// million databases.
    pub(crate) fn id(&self) -> i64 {
        let mut hasher = Sha256::new();
        for text in [&self.service, &self.owner, &self.kind, &self.priority, &self.state] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        for number in [self.scenario, self.ai, self.leads] {
            hasher.update(number.to_be_bytes());
        }
        let id = hasher.finalize().iter().take(8).fold(0_i64, |id, byte| id << 8 | i64::from(*byte));
        (id & i64::MAX).max(1)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state == state_word(FindingStatus::Open)
    }
}

/// A state as facets write it.
pub(crate) fn state_word(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Open => "open",
        FindingStatus::Accepted => "accepted",
        FindingStatus::Mitigated => "mitigated",
        FindingStatus::FalsePositive => "false-positive",
        FindingStatus::Fixed => "fixed",
    }
}

/// A priority as facets and tallies write it.
pub(crate) fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::Immediate => "immediate",
        Priority::OutOfCycle => "out-of-cycle",
        Priority::Scheduled => "scheduled",
        Priority::Defer => "defer",
    }
}

/// All priorities, the most urgent first.
pub(crate) const PRIORITIES: [Priority; 4] =
    [Priority::Immediate, Priority::OutOfCycle, Priority::Scheduled, Priority::Defer];

/// The priority of a word.
pub(crate) fn priority_of(text: &str) -> Result<Priority, Fault> {
    let known = PRIORITIES.into_iter().find(|priority| priority_word(*priority) == text);
    known.ok_or_else(|| Fault::Value(format!("the priority `{text}`")))
}

/// A kind of finding as facets write it.
pub(crate) fn kind_word(kind: AdvisoryKind) -> Result<String, Fault> {
    word(&kind)
}

/// What a tally counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Metric {
    Opened,
    Closed,
    Moved,
    Due,
}

impl Metric {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Metric::Opened => "opened",
            Metric::Closed => "closed",
            Metric::Moved => "moved",
            Metric::Due => "due",
        }
    }
}

/// Stands for "no last day" in a tally.
pub(crate) const NO_DAY: i64 = 1 << 40;

/// A day as tallies write it: days since 1970.
pub(crate) fn day_number(day: Date) -> i64 {
    Date::constant(1970, 1, 1).until(day).map_or(NO_DAY, |span| i64::from(span.get_days()))
}

#[derive(Debug)]
struct FacetDelta {
    facet: Facet,
    findings: i64,
    first_key: i64,
}

/// Changes of counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Deltas {
    facets: BTreeMap<i64, FacetDelta>,
    tallies: BTreeMap<(Metric, i64, String, String), i64>,
    /// With its body where it may be new.
    evidence: BTreeMap<String, (i64, Option<String>)>,
}

impl Deltas {
    /// A finding comes to a facet at a place in the order.
    pub(crate) fn enters(&mut self, id: i64, facet: &Facet, rank_key: i64) {
        let delta = self.facet(id, facet);
        delta.findings += 1;
        delta.first_key = delta.first_key.min(rank_key);
    }

    /// A finding leaves a facet.
    pub(crate) fn leaves(&mut self, id: i64, facet: &Facet) {
        self.facet(id, facet).findings -= 1;
    }

    fn facet(&mut self, id: i64, facet: &Facet) -> &mut FacetDelta {
        self.facets.entry(id).or_insert_with(|| FacetDelta { facet: facet.clone(), findings: 0, first_key: i64::MAX })
    }

    pub(crate) fn tally(&mut self, metric: Metric, day: i64, facet: &Facet, by: i64) {
        let key = (metric, day, facet.service.clone(), facet.priority.clone());
        *self.tallies.entry(key).or_default() += by;
    }

    pub(crate) fn evidence(&mut self, id: &str, by: i64, body: Option<&str>) {
        let entry = self.evidence.entry(id.to_owned()).or_default();
        entry.0 += by;
        if entry.1.is_none() {
            entry.1 = body.map(str::to_owned);
        }
    }

    /// Writes and forgets what was collected.
    pub(crate) async fn write(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        self.write_evidence(conn).await?;
        let mut tallies = Rows::new(5);
        for ((metric, day, service, priority), by) in std::mem::take(&mut self.tallies) {
            if by != 0 {
                let (service, priority) = (Cell::from(service), Cell::from(priority));
                tallies.push([Cell::from(metric.as_str()), Cell::from(day), service, priority, Cell::from(by)]);
            }
        }
        insert(conn, TALLY, TALLY_AGAIN, tallies).await?;
        if self.facets.is_empty() {
            return Ok(());
        }
        let revision = next_revision(conn).await?;
        let mut facets = Rows::new(12);
        for (id, delta) in std::mem::take(&mut self.facets) {
            let FacetDelta { facet, findings, first_key } = delta;
            if findings == 0 && first_key == i64::MAX {
                continue;
            }
            facets.push([
                Cell::from(id),
                Cell::from(facet.service),
                Cell::from(facet.owner),
                Cell::from(facet.kind),
                Cell::from(facet.priority),
                Cell::from(facet.scenario),
                Cell::from(facet.ai),
                Cell::from(facet.state),
                Cell::from(facet.leads),
                Cell::from(findings),
                Cell::from(first_key),
                Cell::from(revision),
            ]);
        }
        insert(conn, FACET, FACET_AGAIN, facets).await
    }

    /// Evidence must be there before findings are judged by it.
    pub(crate) async fn write_evidence(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        let mut rows = Rows::new(3);
        for (id, (by, body)) in std::mem::take(&mut self.evidence) {
            if by != 0 || body.is_some() {
                rows.push([Cell::from(id), Cell::from(by), Cell::from(body.unwrap_or_default())]);
            }
        }
        insert(conn, EVIDENCE, EVIDENCE_AGAIN, rows).await
    }
}

const TALLY: &str = "INSERT INTO tally (metric, day, service, priority, findings)";
const TALLY_AGAIN: &str =
    "ON CONFLICT (metric, day, service, priority) DO UPDATE SET findings = tally.findings + excluded.findings";
const FACET: &str = "INSERT INTO facet (id, service, owner, kind, priority, scenario, ai, state, leads, findings, first_key, \
     revision)";
// An empty facet has no first key but that of what comes in.
const FACET_AGAIN: &str = "ON CONFLICT (id) DO UPDATE SET findings = facet.findings + excluded.findings, \
     first_key = CASE WHEN excluded.first_key < facet.first_key OR facet.findings <= 0 \
     THEN excluded.first_key ELSE facet.first_key END, revision = excluded.revision";

/// The setting with the last revision of a facet: SQLite.
const REVISION: &str = "facet-revision";

/// The setting with the revision at which facets were taken away last.
const REMOVED: &str = "facets-removed";

/// The revision of what this transaction writes. On SQLite a number that grows with each; on PostgreSQL that of the
/// transaction, because numbers that grow are not committed in their order.
async fn next_revision(conn: &mut Conn) -> Result<i64, Fault> {
    if conn.is_postgres() {
        let text = "SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)";
        return Ok(query(text).scalar(conn).await?.unwrap_or(0));
    }
    let text = "INSERT INTO setting (key, body, updated_at) VALUES ($1, '1', 0) ON CONFLICT (key) DO UPDATE \
                SET body = CAST(CAST(setting.body AS BIGINT) + 1 AS TEXT) RETURNING CAST(body AS BIGINT)";
    Ok(query(text).bind(REVISION).scalar(conn).await?.unwrap_or(0))
}

/// How far the revisions of facets are settled.
#[derive(Debug)]
pub(crate) struct Settled {
    /// All changes with lesser revisions are there to be read, or will never be.
    pub(crate) revision: i64,
    /// When the server was started, as it says it: one that took another's place, or was set back, says another time.
    pub(crate) server: String,
}

/// How far the transaction sees.
pub(crate) async fn settled(conn: &mut Conn) -> Result<Settled, Fault> {
    if conn.is_postgres() {
        let text = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS revision, \
                    CAST(pg_postmaster_start_time() AS TEXT) AS server";
        let row = query(text).fetch_one(conn).await?;
        return Ok(Settled { revision: row.get("revision")?, server: row.get("server")? });
    }
    let text = "SELECT CAST(body AS BIGINT) FROM setting WHERE key = $1";
    let revision = query(text).bind(REVISION).scalar::<i64>(conn).await?.unwrap_or(0) + 1;
    Ok(Settled { revision, server: String::new() })
}

/// The revision at which facets were taken away last; -1 if never.
pub(crate) async fn facets_removed(conn: &mut Conn) -> Result<i64, Fault> {
    let text = "SELECT CAST(body AS BIGINT) FROM setting WHERE key = $1";
    Ok(query(text).bind(REMOVED).scalar(conn).await?.unwrap_or(-1))
}

/// Says that this transaction takes facets away.
pub(crate) async fn facets_are_removed(conn: &mut Conn) -> Result<(), Fault> {
    let revision = next_revision(conn).await?;
    let text = "INSERT INTO setting (key, body, updated_at) VALUES ($1, CAST($2 AS TEXT), 0) \
                ON CONFLICT (key) DO UPDATE SET body = excluded.body";
    query(text).bind(REMOVED).bind(revision.to_string()).execute(conn).await.map(drop)
}
const EVIDENCE: &str = "INSERT INTO evidence (id, findings, body)";
const EVIDENCE_AGAIN: &str = "ON CONFLICT (id) DO UPDATE SET findings = evidence.findings + excluded.findings";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_facet_depends_on_all_that_it_says() {
        let facet = Facet {
            service: "a".to_owned(),
            owner: "b".to_owned(),
            kind: "vulnerability".to_owned(),
            priority: "defer".to_owned(),
            scenario: 3,
            ai: 0,
            state: "open".to_owned(),
            leads: 1,
        };
        let others = [
            Facet { service: "ab".to_owned(), owner: String::new(), ..facet.clone() },
            Facet { leads: 0, ..facet.clone() },
            Facet { scenario: 4, ..facet.clone() },
            Facet { ai: 1, ..facet.clone() },
        ];
        assert!(facet.id() > 0);
        assert!(others.iter().all(|other| other.id() != facet.id()));
    }
}
