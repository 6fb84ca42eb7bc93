//! What people do with assets at the console: one or many at once, each with its own outcome and its entry for the ledger.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::edit::{Said, changes, check, put};
use super::list::read_asset;
use super::types::{AssetEdit, AssetRecord};
use crate::decide::{MAX_NAME_CHARS, MAX_REASON_CHARS, checked};
use crate::engine::Conn;
use crate::error::{Fault, StoreError};
use crate::judging::rejudge_assets;
use crate::locks::lock_assets;
use crate::store::write;
use crate::trail::{Act, note};
use crate::{Doer, Store};

/// Most assets of one call of [`Store::edit_assets`].
pub const MAX_EDITED_ASSETS: usize = 500;

/// Most characters of a value in the ledger.
const MAX_FACT_CHARS: usize = 500;

/// Hexadecimal digits of a version.
const VERSION_DIGITS: usize = 16;

/// An asset that something is said of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetItem {
    /// Its id.
    pub id: String,
    /// The [`AssetRecord::version`] that the actor saw; where it is another one now, nothing is done. `None` to do it in
    /// any case.
    pub seen: Option<String>,
}

/// What became of one asset of [`Store::edit_assets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetOutcome {
    /// It was done.
    Done,
    /// It is so already.
    Same,
    /// There is no such asset.
    Unknown,
    /// The actor may not do this with assets of its service, or of the service that it would have.
    NotAllowed,
    /// Somebody or some sensor changed it meanwhile.
    Changed,
}

impl AssetRecord {
    /// A short text that differs where anything that counts of the asset differs, or what people say of it.
    pub fn version(&self) -> String {
        // INVARIANT: both are plain data, which JSON can always hold.
        let text = serde_json::to_string(&(&self.row.asset, &self.reported, &self.edits)).unwrap_or_default();
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(VERSION_DIGITS).collect()
    }
}

impl Store {
    /// Says the same of several assets, or takes it back, in one transaction: each outcome is said, in the order of
    /// `items`. What people say wins over what sensors report. The findings of those that changed are judged again.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::NoReason`], [`StoreError::NoName`], [`StoreError::TooLong`], or a failure
    /// of the database.
    pub async fn edit_assets(
        &self,
        items: &[AssetItem],
        edit: &AssetEdit,
        doer: &Doer<'_>,
    ) -> Result<Vec<AssetOutcome>, StoreError> {
        if items.len() > MAX_EDITED_ASSETS {
            return Err(StoreError::TooMany { what: "assets", given: items.len(), limit: MAX_EDITED_ASSETS });
        }
        checked("reason", doer.why, MAX_REASON_CHARS)?.ok_or(StoreError::NoReason)?;
        checked("name", &doer.by.name, MAX_NAME_CHARS)?.ok_or(StoreError::NoName)?;
        check(edit)?;
        write!(self, "storing what is said of assets", |conn| edit_all(conn, items, edit, doer))
    }
}

async fn edit_all(
    conn: &mut Conn,
    items: &[AssetItem],
    edit: &AssetEdit,
    doer: &Doer<'_>,
) -> Result<Vec<AssetOutcome>, Fault> {
    lock_assets(conn, items.iter().map(|item| item.id.as_str())).await?;
    let mut changed = BTreeSet::new();
    let mut outcomes = Vec::with_capacity(items.len());
    for item in items {
        let outcome = edit_one(conn, item, edit, doer).await?;
        if outcome == AssetOutcome::Done {
            changed.insert(item.id.clone());
        }
        outcomes.push(outcome);
    }
    rejudge_assets(conn, &changed, doer.today).await?;
    Ok(outcomes)
}

async fn edit_one(conn: &mut Conn, item: &AssetItem, edit: &AssetEdit, doer: &Doer<'_>) -> Result<AssetOutcome, Fault> {
    let Some(before) = read_asset(conn, &item.id).await? else { return Ok(AssetOutcome::Unknown) };
    let edits = before.edits.and_then(edit);
    let asset = edits.on_top_of(&before.reported);
    let may = |service: &Option<String>| (doer.may)(service.as_deref());
    if !may(&before.row.asset.service) || !may(&asset.service) {
        return Ok(AssetOutcome::NotAllowed);
    }
    if item.seen.as_ref().is_some_and(|seen| *seen != before.version()) {
        return Ok(AssetOutcome::Changed);
    }
    if edits == before.edits {
        return Ok(AssetOutcome::Same);
    }
    let changed = changes(&before.row.asset, &asset)?;
    let mut act = Act::new("asset.edited", doer.by).on("asset", &*asset.id, &*asset.name).because(doer.why.trim());
    for (field, old, new) in &changed {
        let cut = |text: &str| text.chars().take(MAX_FACT_CHARS).collect::<String>();
        act = act.fact(field, format!("{} -> {}", cut(old), cut(new)));
    }
    note(conn, &act, doer.now).await?;
    put(conn, &edits, &asset, changed, &Said { by: doer.by.name.trim(), why: doer.why.trim(), now: doer.now }).await?;
    Ok(AssetOutcome::Done)
}
