//! The report that came last of each asset, by the digest of its bytes: the same again need not be read.

use jiff::Timestamp;
use yata_model::FindingState;

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::locks::lock_assets;
use crate::sql::{micros, state_of, time};
use crate::store::{Store, write};

/// What is known of the last report of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReport {
    /// The asset's name.
    pub asset_name: String,
    /// The digest of its bytes.
    pub digest: String,
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
        let text = "SELECT a.name, p.digest FROM pushed p JOIN asset a ON a.id = p.asset_id WHERE p.asset_id = $1";
        self.read("looking for the last report", async |conn| {
            let row = query(text).bind(asset_id).fetch_optional(conn).await?;
            row.map(|row| Ok(LastReport { asset_name: row.get("name")?, digest: row.get("digest")? })).transpose()
        })
        .await
    }

    /// Remembers the digest of a report that was stored as of `at`; not, if another one was stored since.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn remember_report(&self, asset_id: &str, digest: &str, at: Timestamp) -> Result<(), StoreError> {
        write!(self, "remembering a report", |conn| remember(conn, asset_id, digest, at))
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

/// What is stored of an asset, in short, and when each sensor looked.
async fn stored(conn: &mut Conn, asset_id: &str) -> Result<(String, Vec<i64>), Fault> {
    let row = query("SELECT report_digest FROM asset WHERE id = $1").bind(asset_id).fetch_optional(conn).await?;
    let mut short: String = row.map(|row| row.get("report_digest")).transpose()?.unwrap_or_default();
    short.push('\n');
    let mut times = Vec::new();
    let rows = query("SELECT sensor, digest, seen_at FROM snapshot WHERE asset_id = $1 ORDER BY sensor");
    for row in rows.bind(asset_id).fetch_all(conn).await? {
        short.push_str(row.get::<&str>("sensor")?);
        short.push(' ');
        short.push_str(row.get::<&str>("digest")?);
        short.push('\n');
        times.push(row.get("seen_at")?);
    }
    Ok((short, times))
}

async fn remember(conn: &mut Conn, asset_id: &str, digest: &str, at: Timestamp) -> Result<(), Fault> {
    lock_assets(conn, [asset_id]).await?;
    let (short, times) = stored(conn, asset_id).await?;
    if times.iter().max() != Some(&micros(at)) {
        return Ok(());
    }
    query(
        "INSERT INTO pushed (asset_id, digest, stored) VALUES ($1, $2, $3) \
         ON CONFLICT (asset_id) DO UPDATE SET digest = excluded.digest, stored = excluded.stored",
    )
    .bind(asset_id)
    .bind(digest)
    .bind(short)
    .execute(conn)
    .await?;
    Ok(())
}

async fn again(conn: &mut Conn, asset_id: &str, digest: &str, at: Timestamp) -> Result<Option<SeenAgain>, Fault> {
    lock_assets(conn, [asset_id]).await?;
    let row = query("SELECT stored FROM pushed WHERE asset_id = $1 AND digest = $2");
    let Some(row) = row.bind(asset_id).bind(digest).fetch_optional(conn).await? else { return Ok(None) };
    let (short, times) = stored(conn, asset_id).await?;
    let Some(previous) = times.into_iter().max().filter(|_| row.get::<&str>("stored").is_ok_and(|it| it == short))
    else {
        return Ok(None);
    };
    query("UPDATE snapshot SET seen_at = $1 WHERE asset_id = $2 AND seen_at < $1")
        .bind(micros(at))
        .bind(asset_id)
        .execute(conn)
        .await?;
    query("UPDATE asset SET seen_at = $1 WHERE id = $2 AND seen_at < $1")
        .bind(micros(at))
        .bind(asset_id)
        .execute(conn)
        .await?;
    let rows = query(
        "SELECT s.fingerprint, f.id, f.state, f.until_day, f.first_seen FROM sighting s \
         JOIN finding f ON f.id = s.finding_id WHERE s.asset_id = $1 ORDER BY s.fingerprint",
    )
    .bind(asset_id)
    .fetch_all(conn)
    .await?;
    let mut findings: Vec<Sighted> = Vec::with_capacity(rows.len());
    for row in &rows {
        let reported: String = row.get("fingerprint")?;
        // Files and history may show the same credential.
        if findings.last().is_some_and(|last| last.reported == reported) {
            continue;
        }
        findings.push(Sighted {
            reported,
            id: row.get("id")?,
            state: state_of(row.get("state")?, row.get("until_day")?)?,
            first_seen: time(row.get("first_seen")?)?,
        });
    }
    Ok(Some(SeenAgain { previous: time(previous)?, findings }))
}
