//! Reports that sensors push: when they count as seen, and the one that came last of each asset, by the digest of its
//! bytes: the same again need not be read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use yata_model::{FindingState, Report};

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::ingest::Ingested;
use crate::judging::{Told, store_told};
use crate::locks::lock_assets;
use crate::sql::{json, micros, state_of, time};
use crate::store::{Store, write};

/// How much earlier than the last one a report may claim to be: clocks differ.
pub const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What is known of the last report of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReport {
    /// The asset's name.
    pub asset_name: String,
    /// The digest of its bytes.
    pub digest: String,
    /// How many findings its sensors see.
    pub findings: u64,
}

/// How a report was pushed.
#[derive(Debug, Clone, Copy)]
pub struct Push<'a> {
    /// The id of the token: what it says of sources stands beside what others say.
    pub token_id: &'a str,
    /// The digest of its bytes.
    pub digest: &'a str,
    /// When the sensor says it looked.
    pub at: Timestamp,
    /// When it arrived.
    pub now: Timestamp,
    /// The day to judge as of.
    pub today: Date,
    /// Only if something is known of the asset.
    pub if_known: bool,
    /// Most findings that the asset may have afterwards, whoever sees them, without fixed ones: all are judged together.
    pub max_findings: u64,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Pushed {
    /// It is stored.
    Stored {
        /// The time it counts as seen at.
        at: Timestamp,
        /// What each of its snapshots changed.
        ingested: Vec<Ingested>,
    },
    /// The same part of the sensor has told what it saw later.
    Older {
        /// When.
        last: Timestamp,
    },
    /// Nothing is known of the asset.
    UnknownAsset,
}

/// A finding as it is stored, by the id under which a sensor reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighted {
    /// The id that the sensor reported it under.
    pub reported: String,
    /// Its id.
    pub id: String,
    /// What became of it.
    pub state: FindingState,
    /// When it was first seen.
    pub first_seen: Timestamp,
}

/// The last report, seen again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAgain {
    /// The time it counts as seen at.
    pub at: Timestamp,
    /// When it was seen before.
    pub previous: Timestamp,
    /// Its findings.
    pub findings: Vec<Sighted>,
}

impl Store {
    /// The last report of an asset; `None` where none is remembered.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn last_report(&self, asset_id: &str) -> Result<Option<LastReport>, StoreError> {
        let text = "SELECT a.name, p.digest, (SELECT COUNT(*) FROM sighting s WHERE s.asset_id = p.asset_id) AS findings \
                    FROM pushed p JOIN asset a ON a.id = p.asset_id WHERE p.asset_id = $1";
        self.read("looking for the last report", async |conn| {
            let row = query(text).bind(asset_id).fetch_optional(conn).await?;
            row.map(|row| {
                let findings = u64::try_from(row.get::<i64>("findings")?).unwrap_or_default();
                Ok(LastReport { asset_name: row.get("name")?, digest: row.get("digest")?, findings })
            })
            .transpose()
        })
        .await
    }

    /// Stores a report as [`Store::ingest_report`] does, if it is not older than what is there, and remembers its digest.
    ///
    /// The time it counts as seen at is found under the lock of the asset: as the sensor says, never later than `now`,
    /// and never before what is stored, so that time goes forward whoever stores first. A stored time that is still to
    /// come, by more than [`CLOCK_TOLERANCE`], was written by a clock that went ahead: it says nothing of what is older, and refuses nothing.
    ///
    /// # Errors
    /// As [`Store::ingest_report`]; [`StoreError::TooManyFindings`] above [`Push::max_findings`]. Nothing is stored then.
    pub async fn push_report(&self, report: &mut Report, push: &Push<'_>) -> Result<Pushed, StoreError> {
        let told = Told::of(report, Some(push.token_id))?;
        write!(self, "storing a report", |conn| store_pushed(conn, report, &told, push))
    }

    /// How many findings of the asset other sensors see than those of the report: what is judged beside its own.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn findings_beside(&self, asset_id: &str, report: &Report) -> Result<u64, StoreError> {
        let text = "SELECT s.sensor, COUNT(*) AS findings FROM sighting s WHERE s.asset_id = $1 GROUP BY s.sensor";
        self.read("counting findings", async |conn| {
            let mut beside = 0;
            for row in query(text).bind(asset_id).fetch_all(conn).await? {
                let sensor = row.get::<&str>("sensor")?;
                if report.snapshots.iter().all(|snapshot| snapshot.sensor != sensor) {
                    beside += u64::try_from(row.get::<i64>("findings")?).unwrap_or_default();
                }
            }
            Ok(beside)
        })
        .await
    }

    /// Notes that the last report came again: only the time is new. `None`, and nothing noted, where it is not the last
    /// one, or something else was stored of the asset since.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn seen_again(
        &self,
        asset_id: &str,
        digest: &str,
        at: Timestamp,
    ) -> Result<Option<SeenAgain>, StoreError> {
        write!(self, "noting that a report came again", |conn| again(conn, asset_id, digest, at))
    }
}

/// When each part of a sensor looked at an asset.
async fn looks(conn: &mut Conn, asset_id: &str) -> Result<Vec<(String, i64)>, Fault> {
    let rows = query("SELECT sensor, seen_at FROM snapshot WHERE asset_id = $1").bind(asset_id).fetch_all(conn).await?;
    rows.iter().map(|row| Ok((row.get("sensor")?, row.get("seen_at")?))).collect()
}

async fn store_pushed(conn: &mut Conn, report: &mut Report, told: &Told<'_>, push: &Push<'_>) -> Result<Pushed, Fault> {
    let Some(asset_id) = report.snapshots.first().map(|snapshot| snapshot.asset.id.clone()) else {
        return Err(StoreError::BadReport { what: "it says nothing".to_owned() }.into());
    };
    lock_assets(conn, [asset_id.as_str()]).await?;
    let looks = looks(conn, &asset_id).await?;
    if looks.is_empty() && push.if_known {
        return Ok(Pushed::UnknownAsset);
    }
    let at = push.at.min(push.now);
    let sensors: BTreeSet<&str> = report.snapshots.iter().map(|snapshot| snapshot.sensor.as_str()).collect();
    let own = looks.iter().filter(|(sensor, _)| sensors.contains(sensor.as_str())).map(|(_, seen)| *seen).max();
    let later = |last: &i64| *last <= micros(push.now + CLOCK_TOLERANCE) && micros(at + CLOCK_TOLERANCE) < *last;
    if let Some(last) = own.filter(later) {
        return Ok(Pushed::Older { last: time(last)? });
    }
    let last = looks.iter().map(|(_, seen)| *seen).max();
    let at = time(last.unwrap_or(i64::MIN).max(micros(at)))?;
    for snapshot in &mut report.snapshots {
        snapshot.at = at;
    }
    let ingested = store_told(conn, report, &asset_id, told, push.today, push.max_findings).await?;
    let sensors: BTreeSet<&str> = report.snapshots.iter().map(|snapshot| snapshot.sensor.as_str()).collect();
    // What was not checked is known of the report alone: without it, it is read again.
    if ingested.iter().all(|one| one.unchecked.is_empty()) {
        remember(conn, &asset_id, push.digest, &sensors).await?;
    }
    Ok(Pushed::Stored { at, ingested })
}

/// What is stored of an asset, in short, and when each sensor looked.
async fn stored(conn: &mut Conn, asset_id: &str) -> Result<(String, BTreeMap<String, i64>), Fault> {
    let row = query("SELECT report_digest FROM asset WHERE id = $1").bind(asset_id).fetch_optional(conn).await?;
    let mut short: String = row.map(|row| row.get("report_digest")).transpose()?.unwrap_or_default();
    short.push('\n');
    let mut times = BTreeMap::new();
    let rows = query("SELECT sensor, digest, seen_at FROM snapshot WHERE asset_id = $1 ORDER BY sensor");
    for row in rows.bind(asset_id).fetch_all(conn).await? {
        short.push_str(row.get::<&str>("sensor")?);
        short.push(' ');
        short.push_str(row.get::<&str>("digest")?);
        short.push('\n');
        times.insert(row.get("sensor")?, row.get("seen_at")?);
    }
    Ok((short, times))
}

async fn remember(conn: &mut Conn, asset_id: &str, digest: &str, sensors: &BTreeSet<&str>) -> Result<(), Fault> {
    let (short, _) = stored(conn, asset_id).await?;
    query(
        "INSERT INTO pushed (asset_id, digest, stored, sensors) VALUES ($1, $2, $3, $4) ON CONFLICT (asset_id) \
         DO UPDATE SET digest = excluded.digest, stored = excluded.stored, sensors = excluded.sensors",
    )
    .bind(asset_id)
    .bind(digest)
    .bind(short)
    .bind(serde_json::to_string(sensors)?)
    .execute(conn)
    .await?;
    Ok(())
}

async fn again(conn: &mut Conn, asset_id: &str, digest: &str, at: Timestamp) -> Result<Option<SeenAgain>, Fault> {
    lock_assets(conn, [asset_id]).await?;
    let row = query("SELECT stored, sensors FROM pushed WHERE asset_id = $1 AND digest = $2");
    let Some(row) = row.bind(asset_id).bind(digest).fetch_optional(conn).await? else { return Ok(None) };
    let (short, times) = stored(conn, asset_id).await?;
    if row.get::<&str>("stored")? != short {
        return Ok(None);
    }
    // Other sensors have not looked again.
    let sensors: BTreeSet<String> = json("the sensors of a report", row.get("sensors")?)?;
    let own = times.iter().filter(|(sensor, _)| sensors.contains(*sensor)).map(|(_, seen)| *seen).max();
    let (Some(previous), Some(last)) = (own, times.values().max()) else { return Ok(None) };
    let at = time(micros(at).max(*last))?;
    query("UPDATE asset SET seen_at = $1 WHERE id = $2 AND seen_at < $1")
        .bind(micros(at))
        .bind(asset_id)
        .execute(conn)
        .await?;
    // By the id that was reported: files and history may show the same credential.
    let mut findings = BTreeMap::new();
    for sensor in &sensors {
        look_again(conn, asset_id, sensor, at, &mut findings).await?;
    }
    Ok(Some(SeenAgain { at, previous: time(previous)?, findings: findings.into_values().collect() }))
}

/// Notes that a sensor saw again what it saw before, and adds its findings, as they are now.
async fn look_again(
    conn: &mut Conn,
    asset_id: &str,
    sensor: &str,
    at: Timestamp,
    findings: &mut BTreeMap<String, Sighted>,
) -> Result<(), Fault> {
    query("UPDATE snapshot SET seen_at = $1 WHERE asset_id = $2 AND sensor = $3 AND seen_at < $1")
        .bind(micros(at))
        .bind(asset_id)
        .bind(sensor)
        .execute(conn)
        .await?;
    let rows = query(
        "SELECT s.fingerprint, f.id, f.state, f.until_day, f.first_seen FROM sighting s \
         JOIN finding f ON f.id = s.finding_id WHERE s.asset_id = $1 AND s.sensor = $2",
    );
    for row in rows.bind(asset_id).bind(sensor).fetch_all(conn).await? {
        let reported: String = row.get("fingerprint")?;
        let sighted = Sighted {
            reported: reported.clone(),
            id: row.get("id")?,
            state: state_of(row.get("state")?, row.get("until_day")?)?,
            first_seen: time(row.get("first_seen")?)?,
        };
        findings.entry(reported).or_insert(sighted);
    }
    Ok(())
}
