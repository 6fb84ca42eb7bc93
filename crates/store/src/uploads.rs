//! Large reports that arrive in parts.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::locks::lock_upload;
use crate::sql::{micros, time};
use crate::store::{Store, write};

/// Most uploads of one token that are not complete; as many answers of complete ones are kept.
pub const MAX_UPLOADS: i64 = 32;

/// Most bytes of all uploads of one token that are not complete: 256 MiB.
pub const MAX_TOKEN_UPLOAD_BYTES: i64 = 256 * 1024 * 1024;

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
    /// How many characters were answered when it was complete; `None` until then.
    pub answer_chars: Option<i64>,
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartStored {
    /// It is there; the upload with it.
    Done(Upload),
    /// With it there would be more than the upload has.
    TooMuch {
        /// How many bytes there would be.
        received: i64,
    },
    /// The upload is complete, has expired, or never was.
    Gone,
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
    /// How many bytes are there.
    pub fn received(&self) -> i64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        self.started_at + UPLOAD_LIFE
    }
}

impl Store {
    /// Begins an upload; those that have expired go. `None` where the token has too many that are not complete, or too
    /// many bytes in them.
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
            answer_chars: None,
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

    /// Stores a part, `body` in Base64; the same number again takes its place.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn store_part(
        &self,
        id: &str,
        part: &UploadPart,
        body: &str,
        now: Timestamp,
    ) -> Result<PartStored, StoreError> {
        write!(self, "storing a part of an upload", |conn| put_part(conn, id, part, body, now))
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

    /// What was answered when an upload was complete.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn upload_answer(&self, id: &str) -> Result<Option<String>, StoreError> {
        self.read("reading the answer to an upload", async |conn| {
            query("SELECT answer FROM upload WHERE id = $1 AND answer IS NOT NULL").bind(id).scalar(conn).await
        })
        .await
    }

    /// Keeps the answer to an upload that is complete, and forgets its parts. What was answered first stays the answer;
    /// it is given back.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn finish_upload(&self, id: &str, answer: &str) -> Result<String, StoreError> {
        write!(self, "completing an upload", |conn| finish(conn, id, answer))
    }
}

async fn start(conn: &mut Conn, upload: &Upload, now: Timestamp) -> Result<bool, Fault> {
    lock_upload(conn, &upload.token_id).await?;
    let old = micros(now - UPLOAD_LIFE);
    query("DELETE FROM upload_part WHERE upload_id IN (SELECT id FROM upload WHERE started_at < $1)")
        .bind(old)
        .execute(conn)
        .await?;
    query("DELETE FROM upload WHERE started_at < $1").bind(old).execute(conn).await?;
    let open = "SELECT COUNT(*) AS uploads, CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM upload \
                WHERE token_id = $1 AND answer IS NULL";
    let open = query(open).bind(&upload.token_id).fetch_one(conn).await?;
    let bytes = open.get::<i64>("bytes")?.saturating_add(upload.bytes);
    if open.get::<i64>("uploads")? >= MAX_UPLOADS || bytes > MAX_TOKEN_UPLOAD_BYTES {
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
    let text = "SELECT token_id, asset_id, encoding, started_at, bytes, CAST(LENGTH(answer) AS BIGINT) AS answer_chars \
                FROM upload WHERE id = $1 AND started_at >= $2";
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
        answer_chars: row.get("answer_chars")?,
    }))
}

async fn put_part(
    conn: &mut Conn,
    id: &str,
    part: &UploadPart,
    body: &str,
    now: Timestamp,
) -> Result<PartStored, Fault> {
    lock_upload(conn, id).await?;
    let Some(mut upload) = find(conn, id, now).await?.filter(|upload| upload.answer_chars.is_none()) else {
        return Ok(PartStored::Gone);
    };
    if upload.parts.contains(part) {
        return Ok(PartStored::Done(upload));
    }
    upload.parts.retain(|other| other.part != part.part);
    upload.parts.push(part.clone());
    upload.parts.sort_by_key(|part| part.part);
    if upload.received() > upload.bytes {
        return Ok(PartStored::TooMuch { received: upload.received() });
    }
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
    Ok(PartStored::Done(upload))
}

async fn finish(conn: &mut Conn, id: &str, answer: &str) -> Result<String, Fault> {
    lock_upload(conn, id).await?;
    let row = query("SELECT token_id, answer FROM upload WHERE id = $1").bind(id).fetch_optional(conn).await?;
    // It expired while it was stored: the answer is as good as ever.
    let Some(row) = row else { return Ok(answer.to_owned()) };
    if let Some(first) = row.get::<Option<String>>("answer")? {
        return Ok(first);
    }
    query("UPDATE upload SET answer = $2 WHERE id = $1").bind(id).bind(answer).execute(conn).await?;
    query("DELETE FROM upload_part WHERE upload_id = $1").bind(id).execute(conn).await?;
    query(
        "DELETE FROM upload WHERE token_id = $1 AND answer IS NOT NULL AND id < (SELECT MIN(k.id) FROM \
         (SELECT id FROM upload WHERE token_id = $1 AND answer IS NOT NULL ORDER BY id DESC LIMIT $2) k)",
    )
    .bind(row.get::<&str>("token_id")?)
    .bind(MAX_UPLOADS)
    .execute(conn)
    .await?;
    Ok(answer.to_owned())
}
