//! Large reports that arrive in parts.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::sql::{micros, time};
use crate::store::{Store, write};

/// Most uploads of one token that are not complete.
pub const MAX_UPLOADS: i64 = 32;

/// How long an upload may take.
pub const UPLOAD_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A report that arrives in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// The token that began it: nobody else may go on.
    pub token_id: String,
    /// The asset that the report speaks of.
    pub asset_id: String,
    /// How the whole is encoded (`gzip`).
    pub encoding: String,
    /// How many bytes all parts have together.
    pub bytes: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// The parts that are there, by number: digest and bytes.
    pub parts: Vec<UploadPart>,
}

/// A part that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPart {
    /// Its number, from 0.
    pub part: i64,
    /// Its digest, as the sender gave it.
    pub digest: String,
    /// How many bytes it has.
    pub bytes: i64,
}

impl Upload {
    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        self.started_at + UPLOAD_LIFE
    }
}

impl Store {
    /// Begins an upload; those that have expired go. `None` where the token has too many that are not complete.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn start_upload(
        &self,
        token_id: &str,
        asset_id: &str,
        encoding: &str,
        bytes: i64,
        now: Timestamp,
    ) -> Result<Option<Upload>, StoreError> {
        let upload = Upload {
            id: format!("up_{}", Uuid::now_v7().simple()),
            token_id: token_id.to_owned(),
            asset_id: asset_id.to_owned(),
            encoding: encoding.to_owned(),
            bytes,
            started_at: time(micros(now)).unwrap_or(now),
            parts: Vec::new(),
        };
        let started = write!(self, "beginning an upload", |conn| start(conn, &upload, now))?;
        Ok(started.then_some(upload))
    }

    /// An upload with the list of its parts; `None` where there is none of that id, or it has expired.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn upload(&self, id: &str, now: Timestamp) -> Result<Option<Upload>, StoreError> {
        self.read_together("looking for an upload", async |conn| find(conn, id, now).await).await
    }

    /// Stores a part, `body` in Base64; the same part again takes its place.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn store_part(&self, id: &str, part: &UploadPart, body: &str) -> Result<(), StoreError> {
        write!(self, "storing a part of an upload", |conn| put_part(conn, id, part, body))
    }

    /// The body of a part, in Base64.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn part(&self, id: &str, part: i64) -> Result<Option<String>, StoreError> {
        self.read("reading a part of an upload", async |conn| {
            let text = "SELECT body FROM upload_part WHERE upload_id = $1 AND part = $2";
            query(text).bind(id).bind(part).scalar(conn).await
        })
        .await
    }

    /// Forgets an upload.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn drop_upload(&self, id: &str) -> Result<(), StoreError> {
        write!(self, "forgetting an upload", |conn| forget(conn, id))
    }
}

async fn start(conn: &mut Conn, upload: &Upload, now: Timestamp) -> Result<bool, Fault> {
    let old = micros(now - UPLOAD_LIFE);
    query("DELETE FROM upload_part WHERE upload_id IN (SELECT id FROM upload WHERE started_at < $1)")
        .bind(old)
        .execute(conn)
        .await?;
    query("DELETE FROM upload WHERE started_at < $1").bind(old).execute(conn).await?;
    let open: Option<i64> =
        query("SELECT COUNT(*) FROM upload WHERE token_id = $1").bind(&upload.token_id).scalar(conn).await?;
    if open.unwrap_or_default() >= MAX_UPLOADS {
        return Ok(false);
    }
    query("INSERT INTO upload (id, token_id, asset_id, encoding, started_at, bytes) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&upload.id)
        .bind(&upload.token_id)
        .bind(&upload.asset_id)
        .bind(&upload.encoding)
        .bind(micros(upload.started_at))
        .bind(upload.bytes)
        .execute(conn)
        .await?;
    Ok(true)
}

async fn find(conn: &mut Conn, id: &str, now: Timestamp) -> Result<Option<Upload>, Fault> {
    let text = "SELECT token_id, asset_id, encoding, started_at, bytes FROM upload WHERE id = $1 AND started_at >= $2";
    let Some(row) = query(text).bind(id).bind(micros(now - UPLOAD_LIFE)).fetch_optional(conn).await? else {
        return Ok(None);
    };
    let rows = query("SELECT part, digest, bytes FROM upload_part WHERE upload_id = $1 ORDER BY part");
    let part = |row: &crate::engine::Row| -> Result<UploadPart, Fault> {
        Ok(UploadPart { part: row.get("part")?, digest: row.get("digest")?, bytes: row.get("bytes")? })
    };
    let parts = rows.bind(id).fetch_all(conn).await?.iter().map(part).collect::<Result<_, Fault>>()?;
    Ok(Some(Upload {
        id: id.to_owned(),
        token_id: row.get("token_id")?,
        asset_id: row.get("asset_id")?,
        encoding: row.get("encoding")?,
        bytes: row.get("bytes")?,
        started_at: time(row.get("started_at")?)?,
        parts,
    }))
}

async fn put_part(conn: &mut Conn, id: &str, part: &UploadPart, body: &str) -> Result<(), Fault> {
    query(
        "INSERT INTO upload_part (upload_id, part, digest, bytes, body) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (upload_id, part) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes, \
         body = excluded.body",
    )
    .bind(id)
    .bind(part.part)
    .bind(&part.digest)
    .bind(part.bytes)
    .bind(body)
    .execute(conn)
    .await?;
    Ok(())
}

async fn forget(conn: &mut Conn, id: &str) -> Result<(), Fault> {
    query("DELETE FROM upload_part WHERE upload_id = $1").bind(id).execute(conn).await?;
    query("DELETE FROM upload WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}
