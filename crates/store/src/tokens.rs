//! Tokens of programs: kept as hashes, scoped, expiring, revocable.

use jiff::{SignedDuration, Timestamp};

use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::sql::{json, micros, time};
use crate::store::{Store, write};
use crate::trail::{Act, note};

/// The use of a token is written down at most this often.
const TOUCH_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Most tokens that one call of [`Store::tokens`] gives.
pub const MAX_TOKENS: i64 = 1000;

/// A token, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The word of the scope.
    pub scope: String,
    /// What a sensor may speak of: asset names, or beginnings of names that end in `*`.
    pub assets: Vec<String>,
    /// The id of the account that made it: it ends when that account may not sign in any more.
    pub maker_id: String,
    /// The name of who made it.
    pub made_by: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was used last, to a minute.
    pub used_at: Option<Timestamp>,
}

impl Token {
    /// Whether it works at that time.
    pub fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

fn token_of(row: &Row) -> Result<Token, Fault> {
    let assets: String = row.get("assets")?;
    let optional =
        |column: &str| -> Result<Option<Timestamp>, Fault> { row.get::<Option<i64>>(column)?.map(time).transpose() };
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        scope: row.get("scope")?,
        assets: json("the assets of a token", &assets)?,
        maker_id: row.get("maker_id")?,
        made_by: row.get("made_by")?,
        made_at: time(row.get("made_at")?)?,
        expires_at: time(row.get("expires_at")?)?,
        revoked_at: optional("revoked_at")?,
        used_at: optional("used_at")?,
    })
}

impl Store {
    /// Stores a token under the hash of what proves it.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn add_token(&self, token: &Token, hash: &str, act: &Act, now: Timestamp) -> Result<(), StoreError> {
        write!(self, "storing a token", |conn| add(conn, token, hash, act, now))
    }

    /// The token of that hash, if it works now; its use is noted, to a minute.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn token(&self, hash: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let found = self.read("reading a token", async |conn| {
            let row = query("SELECT * FROM token WHERE token_hash = $1").bind(hash).fetch_optional(conn).await?;
            row.as_ref().map(token_of).transpose()
        });
        let Some(token) = found.await?.filter(|token| token.works(now)) else { return Ok(None) };
        if token.used_at.is_none_or(|used| now.duration_since(used) >= TOUCH_AFTER) {
            write!(self, "noting the use of a token", |conn| touch(conn, hash, now))?;
        }
        Ok(Some(token))
    }

    /// All tokens, the newest first; at most [`MAX_TOKENS`], those that work before the others.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn tokens(&self, now: Timestamp) -> Result<Vec<Token>, StoreError> {
        let text = "SELECT * FROM token \
                    ORDER BY CASE WHEN revoked_at IS NULL AND expires_at > $1 THEN 0 ELSE 1 END, made_at DESC, id LIMIT $2";
        self.read("reading the tokens", async |conn| {
            query(text).bind(micros(now)).bind(MAX_TOKENS).fetch_all(conn).await?.iter().map(token_of).collect()
        })
        .await
    }

    /// Revokes a token; whether there was one that was not revoked.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn revoke_token(&self, id: &str, act: &Act, now: Timestamp) -> Result<bool, StoreError> {
        write!(self, "revoking a token", |conn| revoke(conn, id, act, now))
    }
}

async fn add(conn: &mut Conn, token: &Token, hash: &str, act: &Act, now: Timestamp) -> Result<(), Fault> {
    let text = "INSERT INTO token (id, token_hash, name, scope, assets, maker_id, made_by, made_at, expires_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    query(text)
        .bind(&token.id)
        .bind(hash)
        .bind(&token.name)
        .bind(&token.scope)
        .bind(serde_json::to_string(&token.assets)?)
        .bind(&token.maker_id)
        .bind(&token.made_by)
        .bind(micros(token.made_at))
        .bind(micros(token.expires_at))
        .execute(conn)
        .await?;
    note(conn, act, now).await
}

async fn touch(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<(), Fault> {
    query("UPDATE token SET used_at = $1 WHERE token_hash = $2")
        .bind(micros(now))
        .bind(hash)
        .execute(conn)
        .await
        .map(drop)
}

async fn revoke(conn: &mut Conn, id: &str, act: &Act, now: Timestamp) -> Result<bool, Fault> {
    let text = "UPDATE token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    if query(text).bind(micros(now)).bind(id).execute(conn).await? == 0 {
        return Ok(false);
    }
    note(conn, act, now).await?;
    Ok(true)
}

/// Revokes the tokens that an account made and that still work, each with its own entry: `act`, with the token before
/// all that it names. How many there were.
pub(crate) async fn end_tokens_of(conn: &mut Conn, person_id: &str, act: &Act, now: Timestamp) -> Result<u64, Fault> {
    let text = "SELECT id, name FROM token WHERE maker_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id";
    let mut ended = 0;
    for row in query(text).bind(person_id).bind(micros(now)).fetch_all(conn).await? {
        let (id, name): (String, String) = (row.get("id")?, row.get("name")?);
        let mut act = act.clone();
        act.on.insert(0, ("token", id.clone(), name));
        ended += u64::from(revoke(conn, &id, &act, now).await?);
    }
    Ok(ended)
}
