//! What time alone changes: acceptances that end, rules that changed, counts that are empty.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::counts::facets_are_removed;
use super::rejudge_assets;
use super::rules::read_rules;
use crate::engine::{Conn, query};
use crate::error::Fault;
use crate::locks::lock_assets;
use crate::store::write;
use crate::{Store, StoreError};

/// Most assets that one call of [`Store::tick`] judges again.
const ASSETS_PER_TICK: i64 = 50;

/// Most empty counts that one call of [`Store::tick`] takes away.
const COUNTS_PER_TICK: i64 = 1_000;

/// What [`Store::tick`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ticked {
    /// How many assets were judged again.
    pub assets: u64,
    /// Whether there is more to do: call it again.
    pub more: bool,
}

impl Store {
    /// Brings the judged list up to `today`: acceptances and mitigations whose day has passed are open again, findings of
    /// an earlier schema, of earlier rules and of changed services are judged. A bounded batch; call it again while
    /// `more`. Several replicas may call it at the same time.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn tick(&self, today: Date) -> Result<Ticked, StoreError> {
        let doing = "bringing the list up to date";
        // Found before the transaction: on PostgreSQL its locks must come first.
        let assets = self.read(doing, async |conn| waiting(conn, today).await).await?;
        let more = i64::try_from(assets.len()).unwrap_or(i64::MAX) >= ASSETS_PER_TICK;
        if !assets.is_empty() {
            write!(self, doing, |conn| judge_again(conn, &assets, today))?;
        }
        if !more {
            write!(self, doing, |conn| sweep(conn))?;
        }
        Ok(Ticked { assets: assets.len() as u64, more })
    }
}

/// Assets with something to judge again.
async fn waiting(conn: &mut Conn, today: Date) -> Result<BTreeSet<String>, Fault> {
    let (_, revision) = read_rules(conn).await?;
    let ended: Vec<String> = query(
        "SELECT DISTINCT asset_id FROM finding \
         WHERE until_day IS NOT NULL AND is_open = 0 AND facet_id <> 0 AND until_day < $1 LIMIT $2",
    )
    .bind(today.to_string())
    .bind(ASSETS_PER_TICK)
    .scalars(conn)
    .await?;
    let judged_before: Vec<String> = query("SELECT id FROM asset WHERE judged_by < $1 LIMIT $2")
        .bind(revision)
        .bind(ASSETS_PER_TICK)
        .scalars(conn)
        .await?;
    let mut ids: BTreeSet<String> = ended.into_iter().collect();
    let room = usize::try_from(ASSETS_PER_TICK).unwrap_or_default().saturating_sub(ids.len());
    ids.extend(judged_before.into_iter().take(room));
    Ok(ids)
}

async fn judge_again(conn: &mut Conn, assets: &BTreeSet<String>, today: Date) -> Result<(), Fault> {
    lock_assets(conn, assets.iter().map(String::as_str)).await?;
    rejudge_assets(conn, assets, today).await
}

/// Takes away counts of nothing, a batch at a time.
async fn sweep(conn: &mut Conn) -> Result<(), Fault> {
    let text = "DELETE FROM facet WHERE findings <= 0 AND id IN (SELECT id FROM facet WHERE findings <= 0 ORDER BY id LIMIT $1)";
    if query(text).bind(COUNTS_PER_TICK).execute(conn).await? > 0 {
        facets_are_removed(conn).await?;
    }
    let text = "DELETE FROM evidence WHERE findings <= 0 AND id IN \
                (SELECT id FROM evidence WHERE findings <= 0 ORDER BY id LIMIT $1)";
    query(text).bind(COUNTS_PER_TICK).execute(conn).await.map(drop)
}
