//! Reading the register: pages, one asset, coverage.

use jiff::Timestamp;
use yata_model::{Asset, Problem};

use super::edit::edits_of;
use super::types::{AssetFilter, AssetRecord, AssetRow, ByPriority, Coverage, SensorLook};
use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::queue::{MAX_QUEUE_ROWS, Paging, Sql};
use crate::slice::part;
use crate::sql::{json, micros, time, word};
use crate::{Page, Store};

/// The columns that [`row_of`] reads.
macro_rules! asset_columns {
    () => {
        "a.id, a.name, a.body, a.seen_at, a.open_immediate, a.open_out_of_cycle, a.open_scheduled, a.open_defer"
    };
}

/// The columns that [`look_of`] reads.
macro_rules! look_columns {
    () => {
        "s.asset_id, a.name AS asset_name, s.sensor, s.seen_at, c.components, SUBSTR(s.problems, 1, 32768) AS problems, \
         CAST(LENGTH(s.problems) AS BIGINT) AS problems_length FROM snapshot s \
         JOIN asset a ON a.id = s.asset_id JOIN component_set c ON c.id = s.component_set_id"
    };
}
pub(crate) use look_columns;

/// Most problems of one look that a list gives, and most characters of them (as [`look_columns`] cuts them).
const MAX_LOOK_PROBLEMS: usize = 100;
const MAX_PROBLEMS_CHARS: i64 = 32_768;

/// Comes after every character that a name may have.
const AFTER_ALL: char = '\u{10ffff}';

/// Most characters of a prefix of names.
const MAX_PREFIX_CHARS: usize = 500;

/// That an owner does not work here, where people were imported: asked once for each owner, not for each asset.
const ORPHANED: &str = "a.owner IN (SELECT o.owner FROM (SELECT DISTINCT owner FROM asset WHERE owner IS NOT NULL) o \
     WHERE EXISTS (SELECT 1 FROM staff) \
     AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.name = o.owner AND s.active = 1) \
     AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.email = o.owner AND s.active = 1) \
     AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.team = o.owner AND s.active = 1) \
     AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.id = o.owner AND s.active = 1))";

/// The place after which a page begins: the columns of its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark(pub(crate) Vec<String>);

impl Mark {
    /// A mark of so many columns.
    pub(crate) fn parse(text: &str, columns: usize) -> Result<Mark, Fault> {
        let parts: Option<Vec<String>> = serde_json::from_str(text).ok();
        match parts {
            Some(parts) if parts.len() == columns => Ok(Mark(parts)),
            _ => Err(StoreError::BadCursor.into()),
        }
    }

    pub(crate) fn write(parts: &[&str]) -> Result<String, Fault> {
        Ok(serde_json::to_string(parts)?)
    }
}

impl Store {
    /// Assets by name, one page (at most [`MAX_QUEUE_ROWS`]).
    ///
    /// # Errors
    /// [`StoreError::BadCursor`], [`StoreError::TooLong`], or a failure of the database.
    pub async fn assets_page(&self, filter: &AssetFilter, paging: &Paging) -> Result<Page<AssetRow>, StoreError> {
        let given = filter.name_prefix.as_ref().map_or(0, |prefix| prefix.chars().count());
        if given > MAX_PREFIX_CHARS {
            return Err(StoreError::TooLong { what: "name", given, limit: MAX_PREFIX_CHARS });
        }
        self.read("reading assets", async |conn| read_page(conn, filter, paging).await).await
    }

    /// How many assets the filter matches.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn count_assets(&self, filter: &AssetFilter) -> Result<u64, StoreError> {
        self.read("counting assets", async |conn| count(conn, filter).await).await
    }

    /// All that is known of one asset; `None` where there is none of that id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn asset(&self, id: &str) -> Result<Option<AssetRecord>, StoreError> {
        self.read_together("reading an asset", async |conn| read_asset(conn, id).await).await
    }

    /// How much of the register is known; an asset that no sensor has seen since `unseen_since` counts as unseen. Each
    /// number is that of the rows of the [`AssetFilter`] of the same name.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn coverage(&self, unseen_since: Timestamp) -> Result<Coverage, StoreError> {
        let doing = "counting assets";
        self.read_together(doing, async |conn| {
            let count = async |conn: &mut Conn, filter: AssetFilter| count(conn, &filter).await;
            Ok(Coverage {
                assets: count(conn, AssetFilter::default()).await?,
                no_owner: count(conn, AssetFilter { no_owner: true, ..AssetFilter::default() }).await?,
                no_exposure: count(conn, AssetFilter { no_exposure: true, ..AssetFilter::default() }).await?,
                unseen: count(conn, AssetFilter { unseen_since: Some(unseen_since), ..AssetFilter::default() }).await?,
                orphaned: match query("SELECT id FROM staff LIMIT 1").fetch_optional(conn).await? {
                    Some(_) => count(conn, AssetFilter { orphaned: true, ..AssetFilter::default() }).await?,
                    None => 0,
                },
            })
        })
        .await
    }
}

async fn count(conn: &mut Conn, filter: &AssetFilter) -> Result<u64, Fault> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM asset a WHERE 1 = 1");
    conditions(filter, &mut sql)?;
    Ok(u64::try_from(sql.query().scalar::<i64>(conn).await?.unwrap_or(0)).unwrap_or_default())
}

fn conditions(filter: &AssetFilter, sql: &mut Sql) -> Result<(), Fault> {
    if let Some(prefix) = filter.name_prefix.as_ref().filter(|prefix| !prefix.is_empty()) {
        sql.push(" AND a.name >= ").bind(prefix.clone());
        sql.push(" AND a.name < ").bind(format!("{prefix}{AFTER_ALL}"));
    }
    match filter.service.as_deref() {
        None => {}
        Some("") => drop(sql.push(" AND a.service IS NULL")),
        Some(service) => drop(sql.push(" AND a.service = ").bind(service.to_owned())),
    }
    if let Some(owner) = &filter.owner {
        sql.push(" AND a.owner = ").bind(owner.clone());
    }
    sql.and_in("a.kind", filter.kinds.iter().map(word).collect::<Result<Vec<_>, _>>()?);
    if filter.no_owner {
        sql.push(" AND a.owner IS NULL");
    }
    if filter.no_exposure {
        sql.push(" AND a.exposure = 'unknown'");
    }
    if let Some(since) = filter.unseen_since {
        sql.push(" AND a.seen_at < ").bind(micros(since));
    }
    if filter.orphaned {
        sql.push(" AND ").push(ORPHANED);
    }
    Ok(())
}

async fn read_page(conn: &mut Conn, filter: &AssetFilter, paging: &Paging) -> Result<Page<AssetRow>, Fault> {
    let limit = paging.limit.clamp(1, MAX_QUEUE_ROWS);
    let mut sql = Sql::new(concat!("SELECT ", asset_columns!(), " FROM asset a WHERE 1 = 1"));
    conditions(filter, &mut sql)?;
    if let Some(mark) = &paging.after {
        let Mark(parts) = Mark::parse(mark, 2)?;
        let [name, id] = <[String; 2]>::try_from(parts).map_err(|_| StoreError::BadCursor)?;
        sql.push(" AND (a.name, a.id) > (").bind(name).push(", ").bind(id).push(")");
    }
    sql.push(" ORDER BY a.name, a.id LIMIT ").bind(i64::from(limit) + 1);
    let rows = sql.query().fetch_all(conn).await?;
    let mut items = rows.iter().map(row_of).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    let next = last.map(|row| Mark::write(&[&row.asset.name, &row.asset.id])).transpose()?;
    Ok(Page { items, next })
}

fn row_of(row: &Row) -> Result<AssetRow, Fault> {
    let asset: Asset = json("an asset", row.get("body")?)?;
    let count = |column: &str| Ok::<u64, Fault>(u64::try_from(row.get::<i64>(column)?).unwrap_or_default());
    Ok(AssetRow {
        asset,
        seen_at: time(row.get("seen_at")?)?,
        open: ByPriority {
            immediate: count("open_immediate")?,
            out_of_cycle: count("open_out_of_cycle")?,
            scheduled: count("open_scheduled")?,
            defer: count("open_defer")?,
        },
    })
}

pub(crate) fn look_of(row: &Row) -> Result<SensorLook, Fault> {
    let mut problems: Vec<Problem> = part("problems", row.get("problems")?, 0, MAX_LOOK_PROBLEMS + 1)?;
    let more_problems = problems.len() > MAX_LOOK_PROBLEMS || row.get::<i64>("problems_length")? > MAX_PROBLEMS_CHARS;
    problems.truncate(MAX_LOOK_PROBLEMS);
    problems.sort_by_key(|problem| problem.waived || !problem.is_gap());
    Ok(SensorLook {
        asset_id: row.get("asset_id")?,
        asset_name: row.get("asset_name")?,
        sensor: row.get("sensor")?,
        seen_at: time(row.get("seen_at")?)?,
        components: u64::try_from(row.get::<i64>("components")?).unwrap_or_default(),
        problems,
        more_problems,
    })
}

pub(super) async fn read_asset(conn: &mut Conn, id: &str) -> Result<Option<AssetRecord>, Fault> {
    let text = concat!("SELECT ", asset_columns!(), ", a.reported, a.edits, a.said_in FROM asset a WHERE a.id = $1");
    let Some(row) = query(text).bind(id).fetch_optional(conn).await? else { return Ok(None) };
    let text = concat!("SELECT ", look_columns!(), " WHERE s.asset_id = $1 ORDER BY s.sensor");
    let looks = query(text).bind(id).fetch_all(conn).await?;
    Ok(Some(AssetRecord {
        reported: json("an asset", row.get("reported")?)?,
        edits: edits_of(row.get("edits")?)?,
        said_in: row.get("said_in")?,
        looks: looks.iter().map(look_of).collect::<Result<_, _>>()?,
        row: row_of(&row)?,
    }))
}
