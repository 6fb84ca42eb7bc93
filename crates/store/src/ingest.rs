//! The life cycle: a snapshot replaces the one that its sensor took of the asset before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use yata_model::{Finding, FindingState, Problem, ProblemKind, Snapshot, VexStatement};

use crate::digest::{component_set_id, in_set_order, snapshot_digest};
use crate::engine::{Conn, built_query, query};
use crate::error::{Fault, StoreError};
use crate::judging::rejudge_assets;
use crate::locks::lock_assets;
use crate::record::{DecidedBy, Record, match_records, record_columns, why};
use crate::save::save;
use crate::snapshot::{
    Sightings, drop_unused_sets, sightings, store_asset, store_components, store_sightings, store_snapshot,
};
use crate::sql::{VALUES_PER_LIST, check_key, day, micros, placeholders, state_of, time};
use crate::store::{Store, write};
use crate::trail::note_snapshot;
use crate::vex::{Local, check_statements, statements_about};

/// Most components of one snapshot.
pub const MAX_COMPONENTS: usize = 1_000_000;

/// Most findings of one snapshot.
pub const MAX_FINDINGS: usize = 1_000_000;

/// What a snapshot changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingested {
    /// When the snapshot before it was taken; `None` for the first.
    pub previous: Option<Timestamp>,
    /// The findings of the snapshot in its order, with the stored id, state and first sight.
    pub findings: Vec<Finding>,
    /// Those of `findings` that were not there, or were closed, and are open now.
    pub opened: Vec<Finding>,
    /// How many of `findings` the database knew and had not closed.
    pub still: usize,
    /// Findings that are gone and were closed as fixed now, by id; false positives are not among them.
    pub closed: Vec<Finding>,
    /// Findings that are not in the snapshot and stay as they are because not everything could be read:
    /// not seen, not checked. By id.
    pub unchecked: Vec<Finding>,
}

impl Store {
    /// Stores a snapshot: as [`Store::ingest_all`] with one.
    ///
    /// # Errors
    /// As [`Store::ingest_all`].
    pub async fn ingest(&self, snapshot: &Snapshot) -> Result<Ingested, StoreError> {
        let mut all = self.ingest_all(std::slice::from_ref(snapshot)).await?;
        all.pop().ok_or_else(|| self.explain("storing a snapshot", Fault::Value("no result".to_owned())))
    }

    /// Stores snapshots, all of them or none, and returns what each changed, in order. When this returns
    /// they are on the disk.
    ///
    /// Each replaces the snapshot that the same sensor took of the same asset before: new findings open,
    /// findings that no sensor sees any more close as fixed, the rest keep their state and history; one that
    /// comes back opens again. Where `problems` says that something could not be read (and the user has not
    /// waived it by name), findings that are missing stay as they are: see [`Ingested::unchecked`]. A
    /// [`ProblemKind::SourceUnchecked`] counts the same, so put only those sources there in which findings
    /// of this asset are looked up.
    ///
    /// # Errors
    /// [`StoreError::BadSnapshot`], [`StoreError::TooMany`], or a failure of the database; nothing is stored then.
    pub async fn ingest_all(&self, snapshots: &[Snapshot]) -> Result<Vec<Ingested>, StoreError> {
        self.ingest_all_with(snapshots, &[]).await
    }

    /// As [`Store::ingest_all`], with VEX statements that come with the snapshots, from their estate file for
    /// instance. They are weighed together with those of [`Store::apply_vex`], but hold for the assets of these
    /// snapshots only and only as long as they come with them: a document that lies in one tree must not settle
    /// findings of another.
    ///
    /// # Errors
    /// As [`Store::ingest_all`].
    pub async fn ingest_all_with(
        &self,
        snapshots: &[Snapshot],
        statements: &[VexStatement],
    ) -> Result<Vec<Ingested>, StoreError> {
        snapshots.iter().try_for_each(check)?;
        check_statements(statements)?;
        let doing = "storing a snapshot";
        write!(self, doing, |conn| ingest_each(conn, snapshots, statements))
    }
}

pub(crate) fn check(snapshot: &Snapshot) -> Result<(), StoreError> {
    let too_many = |what, given: usize, limit: usize| StoreError::TooMany { what, given, limit };
    if snapshot.components.len() > MAX_COMPONENTS {
        return Err(too_many("components", snapshot.components.len(), MAX_COMPONENTS));
    }
    if snapshot.findings.len() > MAX_FINDINGS {
        return Err(too_many("findings", snapshot.findings.len(), MAX_FINDINGS));
    }
    let bad = |what| {
        let (asset, sensor) = (snapshot.asset.id.clone(), snapshot.sensor.clone());
        Err(StoreError::BadSnapshot { asset, sensor, what })
    };
    let asset = &snapshot.asset;
    let keys = [&asset.id, &asset.name, &snapshot.sensor].into_iter().chain(&asset.owner).chain(&asset.service);
    let keys = keys.chain(snapshot.findings.iter().flat_map(|f| [&f.id, &f.rule].into_iter().chain(&f.ids)));
    for key in keys {
        if let Err(what) = check_key("an id or name", key) {
            return bad(what);
        }
    }
    let ids = [&snapshot.asset.id, &snapshot.sensor].into_iter().chain(snapshot.findings.iter().map(|f| &f.id));
    if let Some(id) = ids.into_iter().find(|id| id.contains('\0')) {
        return bad(format!("the id `{}` holds a NUL", id.replace('\0', "\u{2400}")));
    }
    let mut seen = BTreeSet::new();
    for finding in &snapshot.findings {
        if finding.asset_id != snapshot.asset.id {
            return bad(format!("the finding `{}` is of the asset `{}`", finding.id, finding.asset_id));
        }
        if !seen.insert(&finding.id) {
            return bad(format!("the finding `{}` is there twice", finding.id));
        }
    }
    Ok(())
}

/// Which missing findings may not be closed, because the place where they were could not be read.
#[derive(Debug, Default)]
struct Unread<'a> {
    everything: bool,
    files: BTreeSet<&'a str>,
}

impl<'a> Unread<'a> {
    fn of(problems: &'a [Problem]) -> Self {
        let mut unread = Unread::default();
        for problem in problems.iter().filter(|problem| !problem.waived) {
            match problem.kind {
                // What they would have held is not known: it may be anything of the asset.
                ProblemKind::Unreadable
                | ProblemKind::Unparsable
                | ProblemKind::TooLarge
                | ProblemKind::SourceUnchecked => unread.everything = true,
                ProblemKind::BadEntry => {
                    unread.files.insert(&problem.subject);
                }
                ProblemKind::Estate | ProblemKind::VersionUnknown => {}
            }
        }
        unread
    }

    fn may_hide(&self, record: &Record) -> Result<bool, Fault> {
        if self.everything || self.files.is_empty() {
            return Ok(self.everything);
        }
        let finding = record.finding()?;
        Ok(finding.subject.occurrences().iter().any(|occurrence| self.files.contains(occurrence.file.as_str())))
    }
}

/// Stores snapshots and judges the assets in which something changed.
async fn ingest_each(
    conn: &mut Conn,
    snapshots: &[Snapshot],
    statements: &[VexStatement],
) -> Result<Vec<Ingested>, Fault> {
    let ingested = ingest_rows(conn, snapshots, statements).await?;
    let changed = snapshots.iter().zip(&ingested).filter(|(_, (_, changed))| *changed);
    let changed: BTreeSet<String> = changed.map(|(snapshot, _)| snapshot.asset.id.clone()).collect();
    let today = snapshots.iter().map(|snapshot| day(snapshot.at)).max().unwrap_or_default();
    rejudge_assets(conn, &changed, today).await?;
    Ok(ingested.into_iter().map(|(one, _)| one).collect())
}

/// Stores snapshots; what each changed, and whether it was another than the one before.
pub(crate) async fn ingest_rows(
    conn: &mut Conn,
    snapshots: &[Snapshot],
    statements: &[VexStatement],
) -> Result<Vec<(Ingested, bool)>, Fault> {
    let Some(first) = snapshots.first() else { return Ok(Vec::new()) };
    let local = Local::new(statements, first.at)?;
    lock_assets(conn, snapshots.iter().map(|snapshot| snapshot.asset.id.as_str())).await?;
    let mut all = Vec::with_capacity(snapshots.len());
    let mut left = BTreeSet::new();
    for snapshot in snapshots {
        all.push(ingest_one(conn, snapshot, &local, &mut left).await?);
    }
    drop_unused_sets(conn, &left).await?;
    Ok(all)
}

/// Adds to `left` the component set that the asset had until now.
async fn ingest_one(
    conn: &mut Conn,
    snapshot: &Snapshot,
    local: &Local,
    left: &mut BTreeSet<String>,
) -> Result<(Ingested, bool), Fault> {
    let sorted = in_set_order(&snapshot.components);
    let set_id = component_set_id(&sorted);
    let digest = snapshot_digest(snapshot, &set_id, &sorted, local.digest.as_deref())?;
    let row = query("SELECT seen_at, digest, component_set_id FROM snapshot WHERE asset_id = $1 AND sensor = $2")
        .bind(&snapshot.asset.id)
        .bind(&snapshot.sensor)
        .fetch_optional(conn)
        .await?;
    let (previous, same, old_set): (Option<Timestamp>, bool, Option<String>) = match row {
        None => (None, false, None),
        Some(row) => {
            let old: &str = row.get("digest")?;
            (Some(time(row.get("seen_at")?)?), old == digest, Some(row.get("component_set_id")?))
        }
    };
    let ingested = if same {
        unchanged(conn, snapshot, previous).await?
    } else {
        store_asset(conn, snapshot).await?;
        store_components(conn, snapshot, &sorted, &set_id).await?;
        store_snapshot(conn, snapshot, &sorted, &set_id, &digest).await?;
        left.extend(old_set.filter(|old| *old != set_id));
        store_findings(conn, snapshot, local, previous).await?
    };
    note_snapshot(conn, snapshot, &digest, &ingested, !same).await?;
    Ok((ingested, !same))
}

/// The same as last time: only the time is new.
async fn unchanged(conn: &mut Conn, snapshot: &Snapshot, previous: Option<Timestamp>) -> Result<Ingested, Fault> {
    query("UPDATE snapshot SET seen_at = $1 WHERE asset_id = $2 AND sensor = $3")
        .bind(micros(snapshot.at))
        .bind(&snapshot.asset.id)
        .bind(&snapshot.sensor)
        .execute(conn)
        .await?;
    query("UPDATE asset SET seen_at = $1 WHERE id = $2 AND seen_at < $1")
        .bind(micros(snapshot.at))
        .bind(&snapshot.asset.id)
        .execute(conn)
        .await?;
    let rows = query(
        "SELECT s.fingerprint, f.id, f.state, f.until_day, f.first_seen FROM sighting s \
         JOIN finding f ON f.id = s.finding_id WHERE s.asset_id = $1 AND s.sensor = $2",
    )
    .bind(&snapshot.asset.id)
    .bind(&snapshot.sensor)
    .fetch_all(conn)
    .await?;
    let mut stored: BTreeMap<&str, (String, FindingState, Timestamp)> = BTreeMap::new();
    for row in &rows {
        let state = state_of(row.get("state")?, row.get("until_day")?)?;
        stored.insert(row.get("fingerprint")?, (row.get("id")?, state, time(row.get("first_seen")?)?));
    }
    let mut findings = Vec::with_capacity(snapshot.findings.len());
    for finding in &snapshot.findings {
        let Some((id, state, first_seen)) = stored.remove(finding.id.as_str()) else {
            return Err(Fault::Value(format!("no sighting of the finding `{}`", finding.id)));
        };
        findings.push(Finding { id, state, first_seen: Some(first_seen), ..finding.clone() });
    }
    let mut unchecked = Vec::new();
    for (id, ..) in stored.into_values() {
        unchecked.push(record(conn, &id).await?.finding()?);
    }
    unchecked.sort_by(|a, b| a.id.cmp(&b.id));
    let still = findings.len();
    Ok(Ingested { previous, findings, opened: Vec::new(), still, closed: Vec::new(), unchecked })
}

async fn record(conn: &mut Conn, id: &str) -> Result<Record, Fault> {
    let text = concat!("SELECT ", record_columns!(), " FROM finding f WHERE f.id = $1");
    Record::from_row(&query(text).bind(id).fetch_one(conn).await?)
}

async fn stored_findings(conn: &mut Conn, asset_id: &str) -> Result<BTreeMap<String, Record>, Fault> {
    let text = concat!("SELECT ", record_columns!(), " FROM finding f WHERE f.asset_id = $1");
    let mut records = BTreeMap::new();
    for row in query(text).bind(asset_id).fetch_all(conn).await? {
        let record = Record::from_row(&row)?;
        records.insert(record.id.clone(), record);
    }
    Ok(records)
}

/// One of these ids that is stored, for findings that the asset does not have.
async fn known_elsewhere(conn: &mut Conn, ids: &[&str]) -> Result<Option<String>, Fault> {
    for chunk in ids.chunks(VALUES_PER_LIST) {
        let text = format!("SELECT id FROM finding WHERE id IN ({}) LIMIT 1", placeholders(1, chunk.len()));
        let found = built_query(text).bind_all(chunk.iter().copied()).scalar(conn).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

async fn store_findings(
    conn: &mut Conn,
    snapshot: &Snapshot,
    local: &Local,
    previous: Option<Timestamp>,
) -> Result<Ingested, Fault> {
    let mut records = stored_findings(conn, &snapshot.asset.id).await?;
    let sightings = sightings(conn, snapshot).await?;
    let matched = match_records(&snapshot.findings, &records, &sightings.own)?;

    let unknown = snapshot.findings.iter().zip(&matched).filter(|(_, matched)| matched.is_none());
    let unknown: Vec<&str> = unknown.map(|(finding, _)| finding.id.as_str()).collect();
    if let Some(id) = known_elsewhere(conn, &unknown).await? {
        let (asset, sensor) = (snapshot.asset.id.clone(), snapshot.sensor.clone());
        let what = format!("the finding `{id}` is of another asset");
        return Err(StoreError::BadSnapshot { asset, sensor, what }.into());
    }

    let mut ids = Vec::with_capacity(matched.len());
    let mut new = BTreeSet::new();
    for (finding, matched) in snapshot.findings.iter().zip(matched) {
        let id = matched.unwrap_or_else(|| finding.id.clone());
        let is_new = match records.get_mut(&id) {
            Some(record) => record.seen(finding, &snapshot.sensor, snapshot.at)?,
            None => {
                records.insert(id.clone(), Record::opened(finding, &snapshot.sensor, snapshot.at)?);
                true
            }
        };
        if is_new {
            new.insert(id.clone());
        }
        ids.push(id);
    }
    let seen: BTreeSet<&String> = ids.iter().collect();
    apply_vex(conn, snapshot, local, &mut records, &seen).await?;
    let gone = close_missing(snapshot, &mut records, &sightings, &seen)?;
    save(conn, records.values_mut()).await?;
    store_sightings(conn, snapshot, &sightings, &ids, &gone.kept).await?;

    let mut result = Ingested {
        previous,
        findings: Vec::with_capacity(ids.len()),
        opened: Vec::new(),
        still: ids.len() - new.len(),
        closed: gone.closed,
        unchecked: gone.unchecked,
    };
    for (finding, id) in snapshot.findings.iter().zip(ids) {
        let Some(record) = records.get(&id) else { continue };
        let first_seen = Some(time(record.first_seen)?);
        let finding = Finding { state: record.state.clone(), first_seen, id, ..finding.clone() };
        if finding.state == FindingState::Open && new.contains(&finding.id) {
            result.opened.push(finding.clone());
        }
        result.findings.push(finding);
    }
    Ok(result)
}

async fn apply_vex(
    conn: &mut Conn,
    snapshot: &Snapshot,
    local: &Local,
    records: &mut BTreeMap<String, Record>,
    seen: &BTreeSet<&String>,
) -> Result<(), Fault> {
    let stored = statements_about(conn, records.values().filter(|record| seen.contains(&record.id))).await?;
    let mut told = Vec::with_capacity(2);
    for statements in [&stored, &local.statements] {
        told.push((statements, statements.inside(conn, &snapshot.asset.id).await?));
    }
    let silent = told.iter().all(|(statements, _)| statements.is_empty());
    for record in records.values_mut().filter(|record| seen.contains(&record.id)) {
        if record.decided_by == DecidedBy::Vex || !silent {
            let ids = record.ids()?;
            let winners = told.iter().filter_map(|(statements, inside)| statements.winner(&ids, &record.purl, inside));
            let winner = winners.max_by_key(|statement| statement.order);
            record.apply_vex(winner, &snapshot.sensor, snapshot.at);
        }
    }
    Ok(())
}

/// What became of findings that the sensor saw last time and not now.
struct Gone {
    closed: Vec<Finding>,
    unchecked: Vec<Finding>,
    /// Those whose sighting stays.
    kept: BTreeSet<String>,
}

fn close_missing(
    snapshot: &Snapshot,
    records: &mut BTreeMap<String, Record>,
    sightings: &Sightings,
    seen: &BTreeSet<&String>,
) -> Result<Gone, Fault> {
    let unread = Unread::of(&snapshot.problems);
    let mut gone = Gone { closed: Vec::new(), unchecked: Vec::new(), kept: BTreeSet::new() };
    let missing: BTreeSet<&String> = sightings.own.values().filter(|id| !seen.contains(id)).collect();
    let mut by_purl: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in snapshot.findings.iter().filter(|_| !missing.is_empty()) {
        by_purl.entry(finding.subject.key()).or_default().push(finding);
    }
    for id in missing {
        let Some(record) = records.get_mut(id) else { continue };
        // Two findings became one because their advisories turned out to be the same.
        let ids = record.ids()?;
        let here = by_purl.get(record.purl.as_str()).into_iter().flatten();
        let merged = here.flat_map(|finding| &finding.ids).any(|id| ids.contains(id));
        if !merged && unread.may_hide(record)? {
            gone.kept.insert(id.clone());
            gone.unchecked.push(record.finding()?);
            continue;
        }
        if sightings.others.contains(id) {
            continue;
        }
        let was = record.state.clone();
        let why = if merged { why::MERGED } else { why::NOT_SEEN };
        if record.vanished(&snapshot.sensor, why, snapshot.at) && !merged && was != FindingState::FalsePositive {
            gone.closed.push(record.finding()?);
        }
    }
    Ok(gone)
}
