//! Reading: findings, assets, the last snapshot. Lists come in pages by key.

use jiff::Timestamp;
use jiff::civil::Date;
use yata_model::{Asset, Component, Finding, Occurrence, Problem, Snapshot};

use crate::body::SetComponent;
use crate::engine::{Conn, Row, built_query, query};
use crate::error::{Fault, StoreError};
use crate::record::{Record, record_columns};
use crate::sql::{ACCEPTED, MITIGATED, OPEN, VALUES_PER_LIST, json, placeholders, time};
use crate::store::Store;

/// Most items of one page.
pub const MAX_PAGE_ITEMS: u32 = 10_000;

/// Most values in each list of a [`Filter`].
pub const MAX_FILTER_VALUES: usize = 1_000;

/// Which findings to read. Empty lists ask for nothing in particular.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these assets, by id.
    pub assets: Vec<String>,
    /// Only those that ask for action on that day: open, or accepted or mitigated until an earlier day.
    pub open_on: Option<Date>,
    /// With these ids (whole ids of findings).
    pub ids: Vec<String>,
    /// Known under one of these advisory or rule ids.
    pub advisories: Vec<String>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items, by id.
    pub items: Vec<T>,
    /// What to ask the next page after; `None` on the last page.
    pub next: Option<String>,
}

impl Store {
    /// Findings by id, at most `limit` (and at most [`MAX_PAGE_ITEMS`]), after the id `after`.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] for a list in the filter above [`MAX_FILTER_VALUES`], or a failure of the database.
    pub async fn findings(
        &self,
        filter: &Filter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Finding>, StoreError> {
        for (what, list) in
            [("assets", &filter.assets), ("finding ids", &filter.ids), ("advisory ids", &filter.advisories)]
        {
            if list.len() > MAX_FILTER_VALUES {
                return Err(StoreError::TooMany { what, given: list.len(), limit: MAX_FILTER_VALUES });
            }
        }
        let doing = "reading findings";
        self.read(doing, async |conn| read_findings(conn, filter, after, limit).await).await
    }

    /// Assets by id, at most `limit` (and at most [`MAX_PAGE_ITEMS`]), after the id `after`.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn assets(&self, after: Option<&str>, limit: u32) -> Result<Page<Asset>, StoreError> {
        let doing = "reading assets";
        self.read(doing, async |conn| read_assets(conn, after, limit).await).await
    }

    /// When the latest snapshot of any of these assets was taken; `None` if there is none.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn last_run(&self, asset_ids: &[String]) -> Result<Option<Timestamp>, StoreError> {
        let doing = "reading the time of the last run";
        self.read(doing, async |conn| read_last_run(conn, asset_ids).await).await
    }

    /// What a sensor saw of an asset last, with the findings as they stand now (those that it could not
    /// check included), by id; `None` if it never looked.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn last_snapshot(&self, asset_id: &str, sensor: &str) -> Result<Option<Snapshot>, StoreError> {
        let doing = "reading a snapshot";
        self.read_together(doing, async |conn| read_snapshot(conn, asset_id, sensor).await).await
    }
}

fn page_limit(limit: u32) -> u32 {
    limit.clamp(1, MAX_PAGE_ITEMS)
}

/// The items without the one that was asked for to see whether there is more.
fn page<T>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Page<T> {
    let limit = limit as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(key) } else { None };
    Page { items, next }
}

async fn read_findings(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<Finding>, Fault> {
    let limit = page_limit(limit);
    let mut text = format!("SELECT {} FROM finding f WHERE f.id > $1", record_columns!());
    let mut values: Vec<&str> = vec![after.unwrap_or_default()];
    let day = filter.open_on.map(|day| day.to_string());
    for (condition, end, list) in [
        (" AND f.asset_id IN (", ")", &filter.assets),
        (" AND f.id IN (", ")", &filter.ids),
        (" AND f.id IN (SELECT finding_id FROM finding_advisory WHERE advisory IN (", "))", &filter.advisories),
    ] {
        if !list.is_empty() {
            text.push_str(condition);
            text.push_str(&placeholders(values.len() + 1, list.len()));
            text.push_str(end);
            values.extend(list.iter().map(String::as_str));
        }
    }
    if let Some(day) = &day {
        let n = values.len();
        text.push_str(&format!(
            " AND (f.state = ${} OR (f.state IN (${}, ${}) AND f.until_day < ${}))",
            n + 1,
            n + 2,
            n + 3,
            n + 4
        ));
        values.extend([OPEN, ACCEPTED, MITIGATED, day]);
    }
    text.push_str(&format!(" ORDER BY f.id LIMIT ${}", values.len() + 1));
    let rows = built_query(text).bind_all(values).bind(i64::from(limit) + 1).fetch_all(conn).await?;
    let items = rows.iter().map(|row| Record::from_row(row)?.finding()).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, limit, |finding| finding.id.clone()))
}

async fn read_assets(conn: &mut Conn, after: Option<&str>, limit: u32) -> Result<Page<Asset>, Fault> {
    let limit = page_limit(limit);
    let bodies: Vec<String> = query("SELECT body FROM asset WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after.unwrap_or_default())
        .bind(i64::from(limit) + 1)
        .scalars(conn)
        .await?;
    let items = bodies.iter().map(|body| json("an asset", body)).collect::<Result<Vec<Asset>, _>>()?;
    Ok(page(items, limit, |asset| asset.id.clone()))
}

async fn read_last_run(conn: &mut Conn, asset_ids: &[String]) -> Result<Option<Timestamp>, Fault> {
    let mut last: Option<i64> = None;
    for chunk in asset_ids.chunks(VALUES_PER_LIST) {
        let text = format!("SELECT MAX(seen_at) FROM snapshot WHERE asset_id IN ({})", placeholders(1, chunk.len()));
        let at: Option<Option<i64>> = built_query(text).bind_all(chunk).scalar(conn).await?;
        last = last.max(at.flatten());
    }
    last.map(time).transpose()
}

/// What a sensor saw of an asset last: its row (`asset`, `seen_at`, `problems`), and the components with their places.
pub(crate) async fn read_look(
    conn: &mut Conn,
    asset_id: &str,
    sensor: &str,
) -> Result<Option<(Row, Vec<Component>)>, Fault> {
    let row = query(
        "SELECT a.body AS asset, s.seen_at, s.problems, c.body AS components, o.body AS occurrences FROM snapshot s \
         JOIN asset a ON a.id = s.asset_id JOIN component_set c ON c.id = s.component_set_id \
         JOIN snapshot_occurrences o ON o.asset_id = s.asset_id AND o.sensor = s.sensor \
         WHERE s.asset_id = $1 AND s.sensor = $2",
    )
    .bind(asset_id)
    .bind(sensor)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let set: Vec<SetComponent<'_>> = json("a component set", row.get("components")?)?;
    let occurrences: Vec<Vec<Occurrence>> = json("occurrences", row.get("occurrences")?)?;
    if set.len() != occurrences.len() {
        return Err(Fault::Value(format!("{} components with {} places", set.len(), occurrences.len())));
    }
    let components = set.into_iter().zip(occurrences).map(|(component, at)| component.with(at)).collect();
    Ok(Some((row, components)))
}

async fn read_snapshot(conn: &mut Conn, asset_id: &str, sensor: &str) -> Result<Option<Snapshot>, Fault> {
    let Some((row, components)) = read_look(conn, asset_id, sensor).await? else { return Ok(None) };
    let problems: Vec<Problem> = json("problems", row.get("problems")?)?;
    let text = concat!(
        "SELECT ",
        record_columns!(),
        " FROM finding f WHERE f.id IN (SELECT finding_id FROM sighting WHERE asset_id = $1 AND sensor = $2) ORDER BY f.id"
    );
    let rows = query(text).bind(asset_id).bind(sensor).fetch_all(conn).await?;
    Ok(Some(Snapshot {
        sensor: sensor.to_owned(),
        asset: json("an asset", row.get("asset")?)?,
        at: time(row.get("seen_at")?)?,
        components,
        findings: rows.iter().map(|row| Record::from_row(row)?.finding()).collect::<Result<_, _>>()?,
        problems,
    }))
}
