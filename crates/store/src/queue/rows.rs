//! Places in the order, and the rows that stand there.

use std::collections::BTreeMap;
use std::fmt;

use yata_model::{AssetKind, Finding, Remedy, Scenario};
use yata_ruler::{due_of_key, harm_of_key};

use super::filter::{AiFlags, FindingStatus, QueueAction, QueueRow};
use crate::engine::{Conn, Row, built_query};
use crate::error::{Fault, StoreError};
use crate::judging::counts::{facet_columns, priority_of, state_word};
use crate::record::{Record, record_columns};
use crate::sql::{VALUES_PER_LIST, json, placeholders};

/// Longer texts are no mark of a page.
const MAX_MARK_CHARS: usize = 200;

/// A place in the order of the queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) rank_key: i64,
    pub(crate) id: String,
}

impl Place {
    /// The place of a mark of a page.
    pub(crate) fn parse(mark: &str) -> Result<Place, Fault> {
        let bad = || Fault::from(StoreError::BadCursor);
        if mark.len() > MAX_MARK_CHARS {
            return Err(bad());
        }
        let (rank_key, id) = mark.split_once('.').ok_or_else(bad)?;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let rank_key = i64::from_str_radix(rank_key, 16).ok().filter(|key| is_id && *key >= 0).ok_or_else(bad)?;
        Ok(Place { rank_key, id: id.to_owned() })
    }
}

impl Place {
    /// Orders as the place does: keys have nineteen digits.
    pub(super) fn text(&self) -> String {
        format!("{}{}", self.rank_key, self.id)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.rank_key, self.id)
    }
}

/// The rows of these places, in their order.
pub(super) async fn load(conn: &mut Conn, places: &[Place]) -> Result<Vec<QueueRow>, Fault> {
    let mut rows: BTreeMap<Place, QueueRow> = BTreeMap::new();
    for chunk in places.chunks(VALUES_PER_LIST) {
        let text = format!(
            "SELECT {}, {}, f.rank_key, f.assignee, f.action_id, f.action_findings, l.action_remedy, \
             a.name AS asset_name, a.kind AS asset_kind, a.service AS asset_service, a.owner AS asset_owner \
             FROM finding f JOIN facet x ON x.id = f.facet_id JOIN asset a ON a.id = f.asset_id \
             LEFT JOIN finding l ON l.id = f.action_id WHERE f.id IN ({})",
            record_columns!(),
            facet_columns!(),
            placeholders(1, chunk.len())
        );
        let query = built_query(text).bind_all(chunk.iter().map(|place| place.id.as_str()));
        for row in query.fetch_all(conn).await? {
            let row = row_of(&row)?;
            rows.insert(Place { rank_key: row.rank_key, id: row.finding.id.clone() }, row);
        }
    }
    Ok(rows.into_values().collect())
}

fn row_of(row: &Row) -> Result<QueueRow, Fault> {
    let finding = Record::from_row(row)?.finding()?;
    let rank_key: i64 = row.get("rank_key")?;
    let bits: i64 = row.get("ai")?;
    let scenario: i64 = row.get("scenario")?;
    let kind: AssetKind = json("the kind of an asset", &format!("\"{}\"", row.get::<&str>("asset_kind")?))?;
    Ok(QueueRow {
        status: status_of(row.get("facet_state")?)?,
        asset_name: row.get("asset_name")?,
        asset_kind: kind,
        service: row.get("asset_service")?,
        owner: row.get("asset_owner")?,
        priority: priority_of(row.get("priority")?)?,
        due: due_of_key(rank_key),
        expected_harm: harm_of_key(rank_key),
        scenario: scenario_of(scenario)?,
        ai: AiFlags { threat: bits & 1 != 0, vulnerability: bits & 2 != 0, asset: bits & 4 != 0 },
        assignee: row.get("assignee")?,
        action: action_of(row, &finding)?,
        rank_key,
        finding,
    })
}

/// The act of a row with `action_id`, `action_findings`, and the `action_remedy` of the act's most urgent finding.
pub(crate) fn action_of(row: &Row, finding: &Finding) -> Result<QueueAction, Fault> {
    let remedy: Option<String> = row.get("action_remedy")?;
    let remedy: Option<Remedy> = remedy.as_deref().map(|remedy| json("a remedy", remedy)).transpose()?;
    let findings: i64 = row.get("action_findings")?;
    let id: String = row.get("action_id")?;
    Ok(QueueAction {
        id: if id.is_empty() { finding.id.clone() } else { id },
        findings: u64::try_from(findings).unwrap_or(1),
        remedy: remedy.unwrap_or_else(|| finding.remedy.clone()),
    })
}

pub(crate) fn scenario_of(number: i64) -> Result<Scenario, Fault> {
    let scenario = u8::try_from(number).ok().and_then(Scenario::new);
    scenario.ok_or_else(|| Fault::Value(format!("the scenario `{number}`")))
}

pub(crate) fn status_of(word: &str) -> Result<FindingStatus, Fault> {
    let status = FindingStatus::ALL.into_iter().find(|status| state_word(*status) == word);
    status.ok_or_else(|| Fault::Value(format!("the state `{word}`")))
}
