//! From stored findings to the judged list: rules, evidence, facets, tallies.
//!
//! Each finding has a place in one order (`rank_key`) and belongs to one **facet**: the combination of all that the queue
//! filters by, with how many findings have it. Whatever changes a finding, its asset or the rules ends in
//! [`judge::Judge::asset`], which moves it from facet to facet in the same transaction, so that counts are sums over a
//! small table, exact at any time.

pub(crate) mod counts;
pub(crate) mod judge;
mod report;
mod rules;
mod upkeep;

pub use judge::common_fix;
pub use report::MAX_REPORT_SOURCES;
pub(crate) use report::{Told, store_told};
pub use rules::{MAX_RULES_BYTES, MAX_SERVICES, Rules, TableText};
pub use upkeep::Ticked;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use yata_model::{Asset, BusinessService, Evidence, Risk};

use crate::engine::Conn;
use crate::error::Fault;
use crate::queue::{FindingStatus, QueueAction};
use crate::record::{Record, record_columns};
use crate::sql::{VALUES_PER_LIST, json, placeholders};
use crate::{Store, StoreError};
use judge::{Judge, read_subject};

/// Most findings of one call of [`Store::assign`].
pub const MAX_ASSIGNED: usize = 1_000;

/// One finding on the ruler, with what it was judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The risk; its `rank` is 0.
    pub risk: Risk,
    /// What became of it as of the day asked about.
    pub status: FindingStatus,
    /// The asset as it counts.
    pub asset: Asset,
    /// The asset's service.
    pub service: Option<BusinessService>,
    /// What the intelligence said when a sensor reported it last; `None` where nothing was reported.
    pub evidence: Option<Evidence>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// The act that closes it.
    pub action: QueueAction,
    /// Its place in the order.
    pub rank_key: i64,
}

/// Judges the findings of these assets anew. Their locks must be held.
pub(crate) async fn rejudge_assets(conn: &mut Conn, ids: &BTreeSet<String>, today: Date) -> Result<(), Fault> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut judge = Judge::load(conn, today).await?;
    for id in ids {
        judge.asset(conn, id).await?;
    }
    judge.deltas.write(conn).await
}

impl Store {
    /// One finding on the ruler, computed now from what is stored; `None` where there is no finding of that (whole) id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn judged(&self, finding_id: &str, today: Date) -> Result<Option<Judged>, StoreError> {
        let doing = "judging a finding";
        let ids = [finding_id.to_owned()];
        self.read_together(doing, async |conn| Ok(read_judged(conn, &ids, today).await?.pop())).await
    }

    /// As [`Store::judged`] for several findings; in no particular order, without those that are not there.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] above [`crate::MAX_QUEUE_ROWS`], or a failure of the database.
    pub async fn judged_all(&self, finding_ids: &[String], today: Date) -> Result<Vec<Judged>, StoreError> {
        let limit = usize::try_from(crate::MAX_QUEUE_ROWS).unwrap_or(usize::MAX);
        if finding_ids.len() > limit {
            return Err(StoreError::TooMany { what: "findings", given: finding_ids.len(), limit });
        }
        let doing = "judging findings";
        self.read_together(doing, async |conn| read_judged(conn, finding_ids, today).await).await
    }

    /// Says who works on findings (whole ids); `None` for nobody. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::TooLong`], or a failure of the database.
    pub async fn assign(&self, ids: &[String], assignee: Option<&str>) -> Result<u64, StoreError> {
        if ids.len() > MAX_ASSIGNED {
            return Err(StoreError::TooMany { what: "findings", given: ids.len(), limit: MAX_ASSIGNED });
        }
        let limit = crate::MAX_NAME_CHARS;
        let assignee = assignee.map(str::trim).filter(|name| !name.is_empty());
        if let Some(given) = assignee.map(|name| name.chars().count()).filter(|given| *given > limit) {
            return Err(StoreError::TooLong { what: "name", given, limit });
        }
        let doing = "storing who works on a finding";
        crate::store::write!(self, doing, |conn| write_assignee(conn, ids, assignee))
    }
}

async fn write_assignee(conn: &mut Conn, ids: &[String], assignee: Option<&str>) -> Result<u64, Fault> {
    let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut changed = 0;
    for chunk in ids.chunks(VALUES_PER_LIST) {
        let list = placeholders(2, chunk.len());
        let text = format!("UPDATE finding SET assignee = $1 WHERE id IN ({list})");
        changed +=
            crate::engine::built_query(text).bind(assignee).bind_all(chunk.iter().copied()).execute(conn).await?;
    }
    Ok(changed)
}

/// Findings on the ruler, each with its asset read once.
async fn read_judged(conn: &mut Conn, ids: &[String], today: Date) -> Result<Vec<Judged>, Fault> {
    let judge = Judge::load(conn, today).await?;
    let mut subjects: BTreeMap<String, Option<judge::Subject>> = BTreeMap::new();
    let mut all = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(VALUES_PER_LIST) {
        let text = format!(
            concat!(
                "SELECT ",
                record_columns!(),
                ", f.rank_key, f.assignee, f.action_id, f.action_findings, l.action_remedy, e.body AS evidence \
                 FROM finding f LEFT JOIN evidence e ON e.id = f.evidence_id LEFT JOIN finding l ON l.id = f.action_id \
                 WHERE f.id IN ({})"
            ),
            placeholders(1, chunk.len())
        );
        let rows = crate::engine::built_query(text).bind_all(chunk.iter().map(String::as_str)).fetch_all(conn).await?;
        for row in &rows {
            let finding = Record::from_row(row)?.finding()?;
            if !subjects.contains_key(&finding.asset_id) {
                subjects.insert(finding.asset_id.clone(), read_subject(conn, &finding.asset_id).await?);
            }
            let Some(Some(subject)) = subjects.get(&finding.asset_id) else { continue };
            let evidence: Option<String> = row.get("evidence")?;
            let evidence: Option<Evidence> = evidence.as_deref().map(|body| json("evidence", body)).transpose()?;
            let action = crate::queue::action_of(row, &finding)?;
            all.push(Judged {
                status: FindingStatus::of(&finding.state, today),
                risk: judge.judge(finding, evidence.as_ref(), subject),
                asset: subject.asset.clone(),
                service: subject.service.clone(),
                evidence,
                assignee: row.get("assignee")?,
                action,
                rank_key: row.get("rank_key")?,
            });
        }
    }
    Ok(all)
}
