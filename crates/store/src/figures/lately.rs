//! What changed lately, and who looked when: findings, sources, sensors.

use jiff::Timestamp;
use serde::Deserialize;
use std::borrow::Cow;
use yata_model::StateChange;

use super::types::{ChangedFinding, ChangesSince, SourceReport};
use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::queue::{MAX_QUEUE_ROWS, Paging, Sql, Total};
use crate::register::{Mark, SensorLook, look_columns, look_of};
use crate::sql::{json, micros, state_of, time};
use crate::{Page, Store};

/// Up to here changes are counted one by one.
const MAX_COUNTED: i64 = 10_000;

/// Sensors of one standing of one source that [`Store::sources`] shows.
const SENSORS_PER_SOURCE: i64 = 4;

/// Most rows of [`Store::sources`].
const MAX_SOURCES: i64 = 1_000;

impl Store {
    /// What changed after `since`, the latest first.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`], or a failure of the database.
    pub async fn changes_since(&self, since: Timestamp, paging: &Paging) -> Result<ChangesSince, StoreError> {
        let doing = "reading what changed";
        self.read_together(doing, async |conn| read_changes(conn, since, paging).await).await
    }

    /// Every source of intelligence, what is not fresh first, then by name, each of its standings as the latest sensors saw
    /// it; at most 1,000.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn sources(&self) -> Result<Vec<SourceReport>, StoreError> {
        self.read("reading the sources", async |conn| read_sources(conn).await).await
    }

    /// The last look of every sensor at every asset, the oldest first; only those before `unseen_since` where it is
    /// given.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`], or a failure of the database.
    pub async fn sensors(
        &self,
        unseen_since: Option<Timestamp>,
        paging: &Paging,
    ) -> Result<Page<SensorLook>, StoreError> {
        self.read("reading the sensors", async |conn| read_sensors(conn, unseen_since, paging).await).await
    }
}

/// The title alone, where the rest of a finding is not needed.
#[derive(Deserialize)]
struct Title<'a> {
    #[serde(borrow)]
    title: Cow<'a, str>,
}

fn number(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| StoreError::BadCursor.into())
}

async fn read_changes(conn: &mut Conn, since: Timestamp, paging: &Paging) -> Result<ChangesSince, Fault> {
    let limit = paging.limit.clamp(1, MAX_QUEUE_ROWS);
    let mut sql = Sql::new(
        "SELECT c.finding_id, c.seq, c.state, c.until_day, c.changed_by, c.why, c.changed_at, f.rule, f.body, f.asset_id, \
         a.name AS asset_name FROM (SELECT * FROM state_change WHERE changed_at > ",
    );
    sql.bind(micros(since));
    if let Some(mark) = &paging.after {
        let Mark(parts) = Mark::parse(mark, 3)?;
        let [at, id, seq] = <[String; 3]>::try_from(parts).map_err(|_| StoreError::BadCursor)?;
        sql.push(" AND (changed_at, finding_id, seq) < (").bind(number(&at)?).push(", ").bind(id);
        sql.push(", ").bind(number(&seq)?).push(")");
    }
    sql.push(" ORDER BY changed_at DESC, finding_id DESC, seq DESC LIMIT ").bind(i64::from(limit) + 1);
    sql.push(") c JOIN finding f ON f.id = c.finding_id JOIN asset a ON a.id = f.asset_id ");
    sql.push("ORDER BY c.changed_at DESC, c.finding_id DESC, c.seq DESC");
    let rows = sql.query().fetch_all(conn).await?;
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows.iter().take(limit as usize) {
        let Title { title } = json("the title of a finding", row.get("body")?)?;
        changes.push(ChangedFinding {
            finding_id: row.get("finding_id")?,
            rule: row.get("rule")?,
            title: title.into_owned(),
            asset_id: row.get("asset_id")?,
            asset_name: row.get("asset_name")?,
            change: StateChange {
                state: state_of(row.get("state")?, row.get("until_day")?)?,
                by: row.get("changed_by")?,
                why: row.get("why")?,
                at: time(row.get("changed_at")?)?,
            },
        });
    }
    let last = rows.get((limit as usize).saturating_sub(1)).filter(|_| rows.len() > limit as usize);
    let next = match last {
        None => None,
        Some(row) => {
            let (at, seq): (i64, i64) = (row.get("changed_at")?, row.get("seq")?);
            Some(Mark::write(&[&at.to_string(), row.get("finding_id")?, &seq.to_string()])?)
        }
    };
    Ok(ChangesSince {
        changes,
        next,
        opened: count(conn, since, &["open"]).await?,
        settled: count(conn, since, &["accepted", "mitigated", "false-positive"]).await?,
        fixed: count(conn, since, &["fixed"]).await?,
    })
}

/// Changes into one of these states. The latest ones are looked at, up to a limit.
async fn count(conn: &mut Conn, since: Timestamp, states: &[&'static str]) -> Result<Total, Fault> {
    let mut sql = Sql::new("SELECT COUNT(*) AS seen, COALESCE(SUM(CASE WHEN 1 = 1");
    sql.and_in("t.state", states.to_vec());
    sql.push(" THEN 1 ELSE 0 END), 0) AS found FROM (SELECT state FROM state_change WHERE changed_at > ");
    sql.bind(micros(since)).push(" ORDER BY changed_at DESC LIMIT ").bind(MAX_COUNTED).push(") t");
    let row = sql.query().fetch_one(conn).await?;
    let rows = u64::try_from(row.get::<i64>("found")?).unwrap_or_default();
    Ok(Total { rows, is_exact: row.get::<i64>("seen")? < MAX_COUNTED })
}

async fn read_sources(conn: &mut Conn) -> Result<Vec<SourceReport>, Fault> {
    // What is not fresh comes first: no number of names pushes it off.
    let text = "SELECT COALESCE(t.name, s.reported_by) AS said_by, s.asset_id, s.body, s.reported_at FROM (\
         SELECT name, reported_by, state, asset_id, body, reported_at, \
         ROW_NUMBER() OVER (PARTITION BY name, state ORDER BY reported_at DESC, reported_by) AS nth FROM source) s \
         LEFT JOIN token t ON t.id = s.reported_by WHERE s.nth <= $1 \
         ORDER BY CASE s.state WHEN 'fresh' THEN 1 ELSE 0 END, s.name, s.reported_by, s.state LIMIT $2";
    let rows = query(text).bind(SENSORS_PER_SOURCE).bind(MAX_SOURCES).fetch_all(conn).await?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in &rows {
        sources.push(SourceReport {
            status: json("a source", row.get("body")?)?,
            reported_by: row.get("said_by")?,
            asset_id: row.get("asset_id")?,
            reported_at: time(row.get("reported_at")?)?,
        });
    }
    Ok(sources)
}

async fn read_sensors(
    conn: &mut Conn,
    unseen_since: Option<Timestamp>,
    paging: &Paging,
) -> Result<Page<SensorLook>, Fault> {
    let limit = paging.limit.clamp(1, MAX_QUEUE_ROWS);
    let mut sql = Sql::new(concat!("SELECT ", look_columns!(), " WHERE 1 = 1"));
    if let Some(since) = unseen_since {
        sql.push(" AND s.seen_at < ").bind(micros(since));
    }
    if let Some(mark) = &paging.after {
        let Mark(parts) = Mark::parse(mark, 3)?;
        let [at, asset, sensor] = <[String; 3]>::try_from(parts).map_err(|_| StoreError::BadCursor)?;
        sql.push(" AND (s.seen_at, s.asset_id, s.sensor) > (").bind(number(&at)?).push(", ").bind(asset);
        sql.push(", ").bind(sensor).push(")");
    }
    sql.push(" ORDER BY s.seen_at, s.asset_id, s.sensor LIMIT ").bind(i64::from(limit) + 1);
    let rows = sql.query().fetch_all(conn).await?;
    let mut items = rows.iter().map(look_of).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let mark = |look: &SensorLook| Mark::write(&[&micros(look.seen_at).to_string(), &look.asset_id, &look.sensor]);
    let next = items.last().filter(|_| more).map(mark).transpose()?;
    Ok(Page { items, next })
}
