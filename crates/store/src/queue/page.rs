//! Pages of the queue.
//!
//! The facets that a filter matches are found in memory, and with them the total. Then the rows:
//!
//! - **Walk**: where much matches, the index of all open findings in their order is read from the first key that can
//!   match, a bounded number of entries.
//! - **Merge**: else the next finding of each facet is looked up (one seek each), and the facets that come first are
//!   merged.
//! - **Narrow**: a filter by asset, action, advisory or assignee reads that index instead.

use super::filter::{MAX_QUEUE_ROWS, Paging, QueueFilter, QueuePage, Total};
use super::mirror::{Answer, Fails, Mirror, Question, Wanted};
use super::narrow::Narrow;
use super::rows::{Place, load};
use super::sql::Sql;
use crate::engine::{Conn, query};
use crate::error::Fault;
use crate::judging::counts::{NO_DAY, day_number, priority_word};
use crate::queue::Due;

/// Entries of the order that a walk reads: first a few, then, where enough of those matched, more.
const WALKS_ENTRIES: [i64; 2] = [400, 6_000];

/// So many rows of the first walk promise that the second one fills a page.
const ROWS_THAT_PROMISE: usize = 4;

/// Facets that are always merged, without a walk.
const FEW_FACETS: usize = 60;

/// Facets merged by one statement, which is always the same text, so that it stays prepared.
const FACETS_PER_MERGE: usize = 12;

/// No facet has this id.
const NO_FACET: i64 = -1;

/// Up to here rows are counted one by one.
pub(super) const MAX_COUNTED: i64 = 10_000;

/// What to read.
pub(super) struct Ask<'f> {
    pub(super) mirror: &'f Mirror,
    pub(super) filter: &'f QueueFilter,
    pub(super) grouped: bool,
    /// The rows after this one …
    pub(super) after: Place,
    /// … with keys less than this one.
    pub(super) before: Option<i64>,
    /// One more than the page shows.
    pub(super) limit: i64,
}

/// What the facets say of all that matches.
#[derive(Debug, Default)]
pub(super) struct Matching {
    facets: usize,
    pub(super) findings: i64,
    first_key: i64,
    /// The facets are as of this revision.
    through: i64,
}

pub(super) async fn read_page(
    conn: &mut Conn,
    mirror: &Mirror,
    filter: &QueueFilter,
    paging: &Paging,
    grouped: bool,
) -> Result<QueuePage, Fault> {
    let limit = paging.limit.clamp(1, MAX_QUEUE_ROWS);
    let (least, before) = filter.keys();
    let start = Place { rank_key: least, id: String::new() };
    let cursor = paging.after.as_deref().map(Place::parse).transpose()?;
    let after = cursor.into_iter().fold(start, Place::max);
    let ask = Ask { mirror, filter, grouped, after, before, limit: i64::from(limit) + 1 };
    let (mut places, total) = match Narrow::new(conn, &ask).await? {
        Some(narrow) => narrow.read(conn, &ask).await?,
        None => wide(conn, &ask).await?,
    };
    let more = places.len() > limit as usize;
    places.truncate(limit as usize);
    let next = places.last().filter(|_| more).map(Place::to_string);
    let rows = load(conn, &places).await?;
    Ok(QueuePage { rows, next, total })
}

/// The total alone.
pub(super) async fn read_total(
    conn: &mut Conn,
    mirror: &Mirror,
    filter: &QueueFilter,
    grouped: bool,
) -> Result<Total, Fault> {
    let (least, before) = filter.keys();
    let after = Place { rank_key: least, id: String::new() };
    let ask = Ask { mirror, filter, grouped, after, before, limit: 1 };
    match Narrow::new(conn, &ask).await? {
        Some(narrow) => narrow.total(conn, &ask).await,
        None => total(conn, &ask, &matching(&ask)?).await,
    }
}

/// By the facets alone.
async fn wide(conn: &mut Conn, ask: &Ask<'_>) -> Result<(Vec<Place>, Total), Fault> {
    let matching = matching(ask)?;
    if matching.findings == 0 {
        return Ok((Vec::new(), exactly(0)));
    }
    let total = total(conn, ask, &matching).await?;
    if matching.facets > FEW_FACETS {
        let first_key = first_key(conn, &matching).await?;
        if let Some(places) = walks(conn, ask, first_key).await? {
            return Ok((places, total));
        }
    }
    Ok((merge(conn, ask).await?, total))
}

/// No finding that matches comes before this, also of those that moved since the facets were read.
async fn first_key(conn: &mut Conn, matching: &Matching) -> Result<i64, Fault> {
    let text = "SELECT MIN(first_key) FROM facet WHERE revision >= $1";
    let moved = query(text).bind(matching.through).scalar::<Option<i64>>(conn).await?.flatten();
    Ok(moved.map_or(matching.first_key, |moved| moved.min(matching.first_key)))
}

pub(super) fn exactly(rows: i64) -> Total {
    Total { rows: u64::try_from(rows).unwrap_or_default(), is_exact: true }
}

/// One pass over the facets in memory.
pub(super) fn matching(ask: &Ask<'_>) -> Result<Matching, Fault> {
    ask.mirror.read(|facets| {
        let wanted = Wanted::new(facets, ask.filter, ask.grouped)?;
        let through = facets.through();
        let mut matching = Matching { first_key: i64::MAX, through, ..Matching::default() };
        for entry in facets.entries() {
            if wanted.fails(entry) == Fails::Nothing && ask.before.is_none_or(|before| entry.first_key < before) {
                matching.facets += 1;
                matching.findings += entry.findings;
                matching.first_key = matching.first_key.min(entry.first_key);
            }
        }
        Ok(matching)
    })
}

/// Totals of last days are counted among findings, and kept until a facet changes.
async fn total(conn: &mut Conn, ask: &Ask<'_>, matching: &Matching) -> Result<Total, Fault> {
    let Some(due) = ask.filter.due else { return Ok(exactly(matching.findings)) };
    let count = async { total_of_days(conn, ask, matching, due).await.map(Answer::Total) };
    match ask.mirror.kept(Question::Total(Box::new(ask.filter.clone()), ask.grouped), count).await? {
        Answer::Total(total) => Ok(total),
        _ => Err(Fault::Value("another answer".to_owned())),
    }
}

async fn total_of_days(conn: &mut Conn, ask: &Ask<'_>, matching: &Matching, due: Due) -> Result<Total, Fault> {
    let filter = ask.filter;
    let by_tally = !ask.grouped
        && filter.is_open_only()
        && filter.owners.is_empty()
        && filter.kinds.is_empty()
        && filter.scenarios.is_empty()
        && filter.ai.is_empty();
    if by_tally {
        return tallied(conn, filter, due).await;
    }
    let (least, before) = filter.keys();
    if matching.findings <= MAX_COUNTED {
        // No more than that many entries of the index, facet by facet.
        let mut sql = Sql::new(
            "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM (SELECT (SELECT COUNT(*) FROM finding f \
             WHERE f.facet_id = x.id AND f.rank_key >= ",
        );
        sql.bind(least);
        if let Some(before) = before {
            sql.push(" AND f.rank_key < ").bind(before);
        }
        sql.push(") AS n FROM facet x WHERE ");
        filter.conditions(&mut sql, ask.grouped)?;
        sql.push(") t");
        return Ok(exactly(sql.query().scalar(conn).await?.unwrap_or(0)));
    }
    let mut sql = Sql::new("SELECT COUNT(*) AS walked, COALESCE(SUM(CASE WHEN ");
    filter.conditions(&mut sql, ask.grouped)?;
    sql.push(" THEN 1 ELSE 0 END), 0) AS found FROM (SELECT facet_id FROM finding WHERE is_open = 1 AND rank_key >= ");
    sql.bind(least);
    if let Some(before) = before {
        sql.push(" AND rank_key < ").bind(before);
    }
    sql.push(" ORDER BY rank_key, id LIMIT ").bind(MAX_COUNTED).push(") w JOIN facet x ON x.id = w.facet_id");
    let row = sql.query().fetch_one(conn).await?;
    let is_exact = filter.is_open_only() && row.get::<i64>("walked")? < MAX_COUNTED;
    Ok(Total { is_exact, ..exactly(row.get("found")?) })
}

/// The tally knows the last days of all open findings by service and priority.
async fn tallied(conn: &mut Conn, filter: &QueueFilter, due: Due) -> Result<Total, Fault> {
    let (from, to) = match due {
        Due::Undated => (NO_DAY, NO_DAY),
        Due::Between { from, to } => {
            let to = to.map_or(NO_DAY - 1, day_number);
            (from.map_or(i64::MIN, day_number), to)
        }
    };
    let mut sql = Sql::new(
        "SELECT CAST(COALESCE(SUM(t.findings), 0) AS BIGINT) FROM tally t WHERE t.metric = 'due' AND t.day >= ",
    );
    sql.bind(from).push(" AND t.day <= ").bind(to);
    sql.and_in("t.service", filter.services.clone());
    sql.and_in("t.priority", filter.priorities.iter().map(|priority| priority_word(*priority)).collect());
    Ok(exactly(sql.query().scalar(conn).await?.unwrap_or(0)))
}

/// The next findings of the whole order that match; `None` where too little matches. Open findings and others are two rows
/// of the index: each must fill the page, or be read to the end of the days that are asked for.
async fn walks(conn: &mut Conn, ask: &Ask<'_>, first_key: i64) -> Result<Option<Vec<Place>>, Fault> {
    let most = usize::try_from(ask.limit).unwrap_or_default();
    let mut found = Vec::new();
    for is_open in ask.filter.open_or_not() {
        let (mut places, mut is_whole) = (Vec::new(), false);
        for entries in WALKS_ENTRIES {
            places = walk(conn, ask, is_open, first_key, entries).await?;
            is_whole = places.len() >= most || ends(conn, ask, is_open, first_key, entries).await?;
            if is_whole || places.len() < ROWS_THAT_PROMISE {
                break;
            }
        }
        if !is_whole {
            return Ok(None);
        }
        found.extend(places);
    }
    found.sort();
    found.truncate(most);
    Ok(Some(found))
}

/// So many entries of the index, as `w`.
fn entries_of(sql: &mut Sql, ask: &Ask<'_>, is_open: i64, first_key: i64, entries: i64) {
    let from = Place { rank_key: first_key, id: String::new() }.max(ask.after.clone());
    sql.push("(SELECT rank_key, id, facet_id FROM finding WHERE is_open = ");
    sql.bind(is_open).push(" AND (rank_key, id) > (").bind(from.rank_key).push(", ").bind(from.id).push(")");
    if let Some(before) = ask.before {
        sql.push(" AND rank_key < ").bind(before);
    }
    sql.push(" ORDER BY rank_key, id LIMIT ").bind(entries).push(") w");
}

/// Whether there are fewer entries than that before the end of the days that are asked for.
async fn ends(conn: &mut Conn, ask: &Ask<'_>, is_open: i64, first_key: i64, entries: i64) -> Result<bool, Fault> {
    if ask.before.is_none() {
        return Ok(false);
    }
    let mut sql = Sql::new("SELECT COUNT(*) FROM ");
    entries_of(&mut sql, ask, is_open, first_key, entries);
    Ok(sql.query().scalar(conn).await?.unwrap_or(0) < entries)
}

/// Those among so many entries of the index.
async fn walk(conn: &mut Conn, ask: &Ask<'_>, is_open: i64, first_key: i64, entries: i64) -> Result<Vec<Place>, Fault> {
    let mut sql = Sql::new("SELECT w.rank_key, w.id FROM ");
    entries_of(&mut sql, ask, is_open, first_key, entries);
    sql.push(" CROSS JOIN facet x WHERE x.id = w.facet_id AND ");
    ask.filter.conditions(&mut sql, ask.grouped)?;
    sql.push(" ORDER BY w.rank_key, w.id LIMIT ").bind(ask.limit);
    places(conn, sql).await
}

pub(super) async fn places(conn: &mut Conn, sql: Sql) -> Result<Vec<Place>, Fault> {
    let rows = sql.query().fetch_all(conn).await?;
    rows.iter().map(|row| Ok(Place { rank_key: row.get("rank_key")?, id: row.get("id")? })).collect()
}

/// The next finding of each facet, then all findings of those facets that come first.
async fn merge(conn: &mut Conn, ask: &Ask<'_>) -> Result<Vec<Place>, Fault> {
    // Keys have nineteen digits, so that a key and an id order as one text. What is computed once is kept: it costs a seek.
    let mut sql = Sql::new(
        "WITH head AS MATERIALIZED (SELECT x.id, (SELECT CAST(f.rank_key AS TEXT) || f.id FROM finding f \
         WHERE f.facet_id = x.id AND (f.rank_key, f.id) > (",
    );
    let key = sql.value(ask.after.rank_key);
    let id = sql.value(ask.after.id.clone());
    sql.again(key).push(", ").again(id);
    sql.push(") ORDER BY f.rank_key, f.id LIMIT 1) AS place FROM facet x WHERE ");
    ask.filter.conditions(&mut sql, ask.grouped)?;
    if let Some(before) = ask.before {
        sql.push(" AND x.first_key < ").bind(before);
    }
    sql.push(") SELECT id, place FROM head WHERE place IS NOT NULL");
    if let Some(before) = ask.before {
        sql.push(" AND place < ").bind(before.to_string());
    }
    sql.push(" ORDER BY place LIMIT ").bind(ask.limit);
    let mut heads: Vec<(i64, String)> = Vec::new();
    for row in sql.query().fetch_all(conn).await? {
        heads.push((row.get("id")?, row.get("place")?));
    }
    let most = usize::try_from(ask.limit).unwrap_or_default();
    let mut found = Vec::new();
    let mut heads = heads.as_slice();
    while let Some((now, later)) =
        heads.split_at_checked(heads.len().min(FACETS_PER_MERGE)).filter(|(now, _)| !now.is_empty())
    {
        found.extend(places(conn, next_of(ask, now)).await?);
        found.sort();
        found.truncate(most);
        heads = later;
        // What is left begins after the last row of the page.
        if let (Some(last), Some((_, head))) = (found.get(most.saturating_sub(1)), heads.first())
            && last.text() < *head
        {
            break;
        }
    }
    Ok(found)
}

/// The next findings of each of these facets, which are in the order of their next finding.
fn next_of(ask: &Ask<'_>, facets: &[(i64, String)]) -> Sql {
    let mut sql = Sql::default();
    let key = sql.value(ask.after.rank_key);
    let id = sql.value(ask.after.id.clone());
    let before = sql.value(ask.before.unwrap_or(i64::MAX));
    let facets = facets.iter().map(|(facet, _)| *facet).chain(std::iter::repeat(NO_FACET));
    for ((n, facet), ahead) in facets.enumerate().take(FACETS_PER_MERGE).zip(0_i64..) {
        sql.push(if n > 0 { " UNION ALL " } else { "" });
        sql.push("SELECT * FROM (SELECT rank_key, id FROM finding WHERE facet_id = ").bind(facet);
        sql.push(" AND (rank_key, id) > (").again(key).push(", ").again(id).push(") AND rank_key < ").again(before);
        // Each facet ahead of this one has at least one row that comes before its rows.
        sql.push(" ORDER BY rank_key, id LIMIT ").bind((ask.limit - ahead).max(1)).push(") t").number(n);
    }
    sql.keep_prepared();
    sql
}
