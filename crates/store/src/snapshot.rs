//! The rows of a snapshot: its asset, its components, who sees which finding.

use std::collections::{BTreeMap, BTreeSet};

use yata_model::Snapshot;

use crate::body::SetComponent;
use crate::engine::{Cell, Conn, query};
use crate::error::Fault;
use crate::locks::lock_sets;
use crate::register::AssetEdit;
use crate::sql::{Rows, insert, json, micros, word};

/// Stores what the sensor reports of the asset; what people said of it stays on top.
pub(crate) async fn store_asset(conn: &mut Conn, snapshot: &Snapshot) -> Result<(), Fault> {
    let reported = &snapshot.asset;
    let edits: Option<String> = query("SELECT edits FROM asset WHERE id = $1").bind(&reported.id).scalar(conn).await?;
    let edits: AssetEdit = edits.map_or_else(|| Ok(AssetEdit::default()), |edits| json("what people said", &edits))?;
    let asset = edits.on_top_of(reported);
    query(
        "INSERT INTO asset (id, kind, name, body, updated_at, reported, service, owner, exposure, is_ai, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $5) ON CONFLICT (id) \
         DO UPDATE SET kind = excluded.kind, name = excluded.name, body = excluded.body, \
         updated_at = excluded.updated_at, reported = excluded.reported, service = excluded.service, \
         owner = excluded.owner, exposure = excluded.exposure, is_ai = excluded.is_ai, \
         seen_at = CASE WHEN excluded.seen_at > asset.seen_at THEN excluded.seen_at ELSE asset.seen_at END",
    )
    .bind(&asset.id)
    .bind(word(&asset.kind)?)
    .bind(&asset.name)
    .bind(serde_json::to_string(&asset)?)
    .bind(micros(snapshot.at))
    .bind(serde_json::to_string(reported)?)
    .bind(&asset.service)
    .bind(&asset.owner)
    .bind(word(&asset.exposure)?)
    .bind(i64::from(asset.is_ai))
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn store_components(
    conn: &mut Conn,
    snapshot: &Snapshot,
    sorted: &[&yata_model::Component],
    set_id: &str,
) -> Result<(), Fault> {
    let there = query("SELECT id FROM component_set WHERE id = $1").bind(set_id).fetch_optional(conn).await?;
    if there.is_some() {
        return Ok(());
    }
    let body: Vec<SetComponent<'_>> = sorted.iter().map(|component| SetComponent::of(component)).collect();
    query("INSERT INTO component_set (id, components, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING")
        .bind(set_id)
        .bind(i64::try_from(snapshot.components.len()).unwrap_or(i64::MAX))
        .bind(serde_json::to_string(&body)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Of these component sets, those that no snapshot has any more.
pub(crate) async fn drop_unused_sets(conn: &mut Conn, ids: &BTreeSet<String>) -> Result<(), Fault> {
    // Two who leave the same set at once would each see the other in it.
    lock_sets(conn, ids).await?;
    for id in ids {
        query(
            "DELETE FROM component_set WHERE id = $1 \
             AND NOT EXISTS (SELECT 1 FROM snapshot WHERE component_set_id = $1)",
        )
        .bind(id)
        .execute(conn)
        .await?;
    }
    Ok(())
}

pub(crate) async fn store_snapshot(
    conn: &mut Conn,
    snapshot: &Snapshot,
    sorted: &[&yata_model::Component],
    set_id: &str,
    digest: &str,
) -> Result<(), Fault> {
    // Lists hold the first of them only: what leaves a gap comes before what is a note.
    let mut problems: Vec<&yata_model::Problem> = snapshot.problems.iter().collect();
    problems.sort_by_key(|problem| problem.waived || !problem.is_gap());
    query(
        "INSERT INTO snapshot (asset_id, sensor, seen_at, digest, component_set_id, problems) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (asset_id, sensor) DO UPDATE SET seen_at = excluded.seen_at, \
         digest = excluded.digest, component_set_id = excluded.component_set_id, problems = excluded.problems",
    )
    .bind(&snapshot.asset.id)
    .bind(&snapshot.sensor)
    .bind(micros(snapshot.at))
    .bind(digest)
    .bind(set_id)
    .bind(serde_json::to_string(&problems)?)
    .execute(conn)
    .await?;
    let occurrences: Vec<&[yata_model::Occurrence]> = sorted.iter().map(|c| c.occurrences.as_slice()).collect();
    query(
        "INSERT INTO snapshot_occurrences (asset_id, sensor, body) VALUES ($1, $2, $3) \
         ON CONFLICT (asset_id, sensor) DO UPDATE SET body = excluded.body",
    )
    .bind(&snapshot.asset.id)
    .bind(&snapshot.sensor)
    .bind(serde_json::to_string(&occurrences)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who sees what of the asset.
pub(crate) struct Sightings {
    /// Fingerprint → finding, of this sensor.
    pub(crate) own: BTreeMap<String, String>,
    /// Findings that another sensor sees.
    pub(crate) others: BTreeSet<String>,
}

pub(crate) async fn sightings(conn: &mut Conn, snapshot: &Snapshot) -> Result<Sightings, Fault> {
    let rows = query("SELECT sensor, fingerprint, finding_id FROM sighting WHERE asset_id = $1")
        .bind(&snapshot.asset.id)
        .fetch_all(conn)
        .await?;
    let mut sightings = Sightings { own: BTreeMap::new(), others: BTreeSet::new() };
    for row in rows {
        let (sensor, finding_id): (&str, String) = (row.get("sensor")?, row.get("finding_id")?);
        if sensor == snapshot.sensor {
            sightings.own.insert(row.get("fingerprint")?, finding_id);
        } else {
            sightings.others.insert(finding_id);
        }
    }
    Ok(sightings)
}

pub(crate) async fn store_sightings(
    conn: &mut Conn,
    snapshot: &Snapshot,
    sightings: &Sightings,
    ids: &[String],
    kept: &BTreeSet<String>,
) -> Result<(), Fault> {
    let mut now: BTreeMap<&str, &str> =
        snapshot.findings.iter().map(|finding| finding.id.as_str()).zip(ids.iter().map(String::as_str)).collect();
    for (fingerprint, id) in &sightings.own {
        if kept.contains(id) {
            now.entry(fingerprint).or_insert(id);
        }
    }
    let is_same = |fingerprint: &str, id: &str| sightings.own.get(fingerprint).is_some_and(|old| old == id);
    let stale: Vec<&String> = sightings.own.keys().filter(|old| !now.contains_key(old.as_str())).collect();
    for fingerprint in stale {
        query("DELETE FROM sighting WHERE asset_id = $1 AND sensor = $2 AND fingerprint = $3")
            .bind(&snapshot.asset.id)
            .bind(&snapshot.sensor)
            .bind(fingerprint)
            .execute(conn)
            .await?;
    }
    let mut rows = Rows::new(4);
    for (fingerprint, id) in now.into_iter().filter(|(fingerprint, id)| !is_same(fingerprint, id)) {
        let (asset, sensor) = (Cell::from(snapshot.asset.id.as_str()), Cell::from(snapshot.sensor.as_str()));
        rows.push([asset, sensor, Cell::from(fingerprint), Cell::from(id)]);
    }
    insert(
        conn,
        "INSERT INTO sighting (asset_id, sensor, fingerprint, finding_id)",
        "ON CONFLICT (asset_id, sensor, fingerprint) DO UPDATE SET finding_id = excluded.finding_id",
        rows,
    )
    .await
}
