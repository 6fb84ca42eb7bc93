//! What people say of assets.

use jiff::Timestamp;
use serde::Serialize;
use yata_model::Asset;

use super::types::{AssetChange, AssetEdit};
use crate::Store;
use crate::decide::{MAX_NAME_CHARS, checked};
use crate::engine::{Cell, Conn, query};
use crate::error::{Fault, StoreError};
use crate::sql::{Rows, insert, json, micros, time, word};

/// Most data classes and dependencies of one edit, each.
const MAX_EDIT_VALUES: usize = 1_000;

/// Most changes of one asset that are listed: the latest.
const MAX_LISTED_CHANGES: i64 = 1_000;

impl Store {
    /// What people changed of an asset, the oldest first; at most the latest 1,000.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn asset_changes(&self, id: &str) -> Result<Vec<AssetChange>, StoreError> {
        self.read("reading the changes of an asset", async |conn| read_changes(conn, id).await).await
    }
}

pub(super) fn check(edit: &AssetEdit) -> Result<(), StoreError> {
    let text = |text: &Option<Option<String>>| text.iter().flatten().cloned().collect::<Vec<_>>();
    let list = |list: &Option<Option<Vec<String>>>| list.iter().flatten().flatten().cloned().collect::<Vec<_>>();
    let fields = [
        ("owner", text(&edit.owner)),
        ("service", text(&edit.service)),
        ("data classes", list(&edit.data_classes)),
        ("dependencies", list(&edit.depends_on)),
    ];
    for (what, values) in fields {
        if values.len() > MAX_EDIT_VALUES {
            return Err(StoreError::TooMany { what, given: values.len(), limit: MAX_EDIT_VALUES });
        }
        for value in values {
            checked(what, &value, MAX_NAME_CHARS)?;
        }
    }
    Ok(())
}

/// Who says it, why, and when.
pub(super) struct Said<'a> {
    pub(super) by: &'a str,
    pub(super) why: &'a str,
    pub(super) now: Timestamp,
}

/// A field with what it was and what it is, as JSON.
pub(super) type FieldChange = (&'static str, String, String);

/// Writes what people say of an asset, and what that changed. The lock of the asset must be held; its findings are to be
/// judged again.
pub(super) async fn put(
    conn: &mut Conn,
    edits: &AssetEdit,
    asset: &Asset,
    changed: Vec<FieldChange>,
    said: &Said<'_>,
) -> Result<(), Fault> {
    let id = asset.id.as_str();
    query("UPDATE asset SET edits = $2, body = $3, service = $4, owner = $5, exposure = $6, is_ai = $7 WHERE id = $1")
        .bind(id)
        .bind(serde_json::to_string(edits)?)
        .bind(serde_json::to_string(asset)?)
        .bind(&asset.service)
        .bind(&asset.owner)
        .bind(word(&asset.exposure)?)
        .bind(i64::from(asset.is_ai))
        .execute(conn)
        .await?;
    let last: Option<i64> = query("SELECT MAX(seq) FROM asset_change WHERE asset_id = $1")
        .bind(id)
        .scalar::<Option<i64>>(conn)
        .await?
        .flatten();
    let mut rows = Rows::new(8);
    for (seq, (field, old, new)) in (last.unwrap_or(0) + 1..).zip(changed) {
        rows.push([
            Cell::from(id),
            Cell::from(seq),
            Cell::from(field),
            Cell::from(old),
            Cell::from(new),
            Cell::from(said.by),
            Cell::from(said.why),
            Cell::from(micros(said.now)),
        ]);
    }
    let head = "INSERT INTO asset_change (asset_id, seq, field, old_value, new_value, changed_by, why, changed_at)";
    insert(conn, head, "", rows).await
}

/// The fields that differ, with both values as JSON.
pub(super) fn changes(before: &Asset, after: &Asset) -> Result<Vec<FieldChange>, Fault> {
    fn pair<T: Serialize>(field: &'static str, before: &T, after: &T) -> Result<FieldChange, Fault> {
        Ok((field, serde_json::to_string(before)?, serde_json::to_string(after)?))
    }
    let all = [
        pair("owner", &before.owner, &after.owner)?,
        pair("service", &before.service, &after.service)?,
        pair("exposure", &before.exposure, &after.exposure)?,
        pair("mission_impact", &before.mission_impact, &after.mission_impact)?,
        pair("data_classes", &before.data_classes, &after.data_classes)?,
        pair("is_ai", &before.is_ai, &after.is_ai)?,
        pair("depends_on", &before.depends_on, &after.depends_on)?,
    ];
    Ok(all.into_iter().filter(|(_, before, after)| before != after).collect())
}

async fn read_changes(conn: &mut Conn, id: &str) -> Result<Vec<AssetChange>, Fault> {
    let rows = query(
        "SELECT field, old_value, new_value, changed_by, why, changed_at FROM asset_change \
         WHERE asset_id = $1 ORDER BY seq DESC LIMIT $2",
    )
    .bind(id)
    .bind(MAX_LISTED_CHANGES)
    .fetch_all(conn)
    .await?;
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        changes.push(AssetChange {
            field: row.get("field")?,
            old: row.get("old_value")?,
            new: row.get("new_value")?,
            by: row.get("changed_by")?,
            why: row.get("why")?,
            at: time(row.get("changed_at")?)?,
        });
    }
    Ok(changes)
}

/// The edits of a column.
pub(super) fn edits_of(text: &str) -> Result<AssetEdit, Fault> {
    json("what people said", text)
}
