//! Second factors: one-time codes, passkeys, recovery codes; and the password that comes before them.

use jiff::Timestamp;

use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::people::Change;
use crate::sql::{micros, time};
use crate::store::{Store, write};
use crate::trail::{Act, note};

/// Most passkeys of one account.
pub const MAX_PASSKEYS: i64 = 20;

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The id of the credential, as base64url.
    pub id: String,
    /// Whose it is.
    pub person_id: String,
    /// What its owner calls it.
    pub name: String,
    /// Algorithm and public key, as `console` writes them.
    pub public_key: String,
    /// How often it signed, as it last said; 0 where it does not count.
    pub counter: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

fn passkey_of(row: &Row) -> Result<Passkey, Fault> {
    let used_at: Option<i64> = row.get("used_at")?;
    Ok(Passkey {
        id: row.get("id")?,
        person_id: row.get("person_id")?,
        name: row.get("name")?,
        public_key: row.get("public_key")?,
        counter: row.get("counter")?,
        created_at: time(row.get("created_at")?)?,
        used_at: used_at.map(time).transpose()?,
    })
}

impl Store {
    /// Sets the password; all sessions but one end.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_password(
        &self,
        person_id: &str,
        phc: &str,
        but: &str,
        act: &Act,
        now: Timestamp,
    ) -> Result<Change, StoreError> {
        write!(self, "setting a password", |conn| set_password(conn, person_id, phc, but, act, now))
    }

    /// Sets up one-time codes, encrypted; one-time links of the account are used up.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_totp(&self, person_id: &str, totp: &str, act: &Act, now: Timestamp) -> Result<Change, StoreError> {
        write!(self, "setting up one-time codes", |conn| set_totp(conn, person_id, totp, act, now))
    }

    /// Adds a passkey; one-time links of the account are used up. [`Change::Taken`] if it is there already, or if the
    /// account has [`MAX_PASSKEYS`].
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn add_passkey(&self, passkey: &Passkey, act: &Act, now: Timestamp) -> Result<Change, StoreError> {
        write!(self, "adding a passkey", |conn| add_passkey(conn, passkey, act, now))
    }

    /// Removes a passkey, or the one-time codes where none is named. [`Change::Taken`] if it is the last second factor.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn remove_factor(
        &self,
        person_id: &str,
        passkey: Option<&str>,
        act: &Act,
        now: Timestamp,
    ) -> Result<Change, StoreError> {
        write!(self, "removing a second factor", |conn| remove_factor(conn, person_id, passkey, act, now))
    }

    /// The passkeys of a person, the oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn passkeys(&self, person_id: &str) -> Result<Vec<Passkey>, StoreError> {
        let text = "SELECT * FROM passkey WHERE person_id = $1 ORDER BY created_at, id";
        self.read("reading passkeys", async |conn| {
            query(text).bind(person_id).fetch_all(conn).await?.iter().map(passkey_of).collect()
        })
        .await
    }

    /// A passkey by its id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn passkey(&self, id: &str) -> Result<Option<Passkey>, StoreError> {
        self.read("reading a passkey", async |conn| {
            let row = query("SELECT * FROM passkey WHERE id = $1").bind(id).fetch_optional(conn).await?;
            row.as_ref().map(passkey_of).transpose()
        })
        .await
    }

    /// Notes the use of a passkey, if its counter was still that: of two uses at once only one counts.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn use_passkey(&self, id: &str, old: i64, new: i64, now: Timestamp) -> Result<bool, StoreError> {
        write!(self, "noting the use of a passkey", |conn| use_passkey(conn, id, old, new, now))
    }

    /// Replaces the recovery codes, given as hashes.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_recovery_codes(
        &self,
        person_id: &str,
        hashes: &[String],
        act: &Act,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        write!(self, "making recovery codes", |conn| set_recovery_codes(conn, person_id, hashes, act, now))
    }

    /// Uses up a recovery code: whether it was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn use_recovery_code(&self, person_id: &str, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        write!(self, "using a recovery code", |conn| use_recovery_code(conn, person_id, hash, now))
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn recovery_codes_left(&self, person_id: &str) -> Result<i64, StoreError> {
        let text = "SELECT COUNT(*) FROM recovery_code WHERE person_id = $1 AND used_at IS NULL";
        self.read("counting recovery codes", async |conn| {
            Ok(query(text).bind(person_id).scalar(conn).await?.unwrap_or_default())
        })
        .await
    }
}

async fn set_password(
    conn: &mut Conn,
    person_id: &str,
    phc: &str,
    but: &str,
    act: &Act,
    now: Timestamp,
) -> Result<Change, Fault> {
    let text = "UPDATE person SET password = $1 WHERE id = $2 AND active = 1";
    if query(text).bind(phc).bind(person_id).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    let text = "DELETE FROM session WHERE person_id = $1 AND token_hash <> $2";
    query(text).bind(person_id).bind(but).execute(conn).await?;
    note(conn, act, now).await?;
    Ok(Change::Done)
}

async fn set_totp(conn: &mut Conn, person_id: &str, totp: &str, act: &Act, now: Timestamp) -> Result<Change, Fault> {
    let text = "UPDATE person SET totp = $1 WHERE id = $2 AND active = 1";
    if query(text).bind(totp).bind(person_id).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    use_up_links(conn, person_id, now).await?;
    note(conn, act, now).await?;
    Ok(Change::Done)
}

async fn use_up_links(conn: &mut Conn, person_id: &str, now: Timestamp) -> Result<(), Fault> {
    let text = "UPDATE invitation SET used_at = $1 WHERE person_id = $2 AND used_at IS NULL";
    query(text).bind(micros(now)).bind(person_id).execute(conn).await.map(drop)
}

async fn add_passkey(conn: &mut Conn, passkey: &Passkey, act: &Act, now: Timestamp) -> Result<Change, Fault> {
    let text = "UPDATE person SET active = 1 WHERE id = $1 AND active = 1";
    if query(text).bind(&passkey.person_id).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    let count = query("SELECT COUNT(*) FROM passkey WHERE person_id = $1").bind(&passkey.person_id);
    if count.scalar::<i64>(conn).await?.unwrap_or_default() >= MAX_PASSKEYS {
        return Ok(Change::Taken);
    }
    let text = "INSERT INTO passkey (id, person_id, name, public_key, counter, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
    let added = query(text)
        .bind(&passkey.id)
        .bind(&passkey.person_id)
        .bind(&passkey.name)
        .bind(&passkey.public_key)
        .bind(passkey.counter)
        .bind(micros(now))
        .execute(conn)
        .await?;
    if added == 0 {
        return Ok(Change::Taken);
    }
    use_up_links(conn, &passkey.person_id, now).await?;
    note(conn, act, now).await?;
    Ok(Change::Done)
}

async fn remove_factor(
    conn: &mut Conn,
    person_id: &str,
    passkey: Option<&str>,
    act: &Act,
    now: Timestamp,
) -> Result<Change, Fault> {
    // Holds the row, so that two factors cannot go at once.
    query("UPDATE person SET active = active WHERE id = $1").bind(person_id).execute(conn).await?;
    let left = match passkey {
        Some(id) => {
            let text = "SELECT id FROM person WHERE id = $1 AND totp IS NOT NULL \
                        UNION ALL SELECT id FROM passkey WHERE person_id = $1 AND id <> $2";
            query(text).bind(person_id).bind(id).fetch_optional(conn).await?
        }
        None => query("SELECT id FROM passkey WHERE person_id = $1").bind(person_id).fetch_optional(conn).await?,
    };
    if left.is_none() {
        return Ok(Change::Taken);
    }
    let removed = match passkey {
        Some(id) => {
            query("DELETE FROM passkey WHERE person_id = $1 AND id = $2").bind(person_id).bind(id).execute(conn).await?
        }
        None => {
            let text = "UPDATE person SET totp = NULL WHERE id = $1 AND totp IS NOT NULL";
            query(text).bind(person_id).execute(conn).await?
        }
    };
    if removed == 0 {
        return Ok(Change::NotThere);
    }
    note(conn, act, now).await?;
    Ok(Change::Done)
}

async fn use_passkey(conn: &mut Conn, id: &str, old: i64, new: i64, now: Timestamp) -> Result<bool, Fault> {
    let text = "UPDATE passkey SET counter = $1, used_at = $2 WHERE id = $3 AND counter = $4";
    Ok(query(text).bind(new).bind(micros(now)).bind(id).bind(old).execute(conn).await? == 1)
}

async fn set_recovery_codes(
    conn: &mut Conn,
    person_id: &str,
    hashes: &[String],
    act: &Act,
    now: Timestamp,
) -> Result<(), Fault> {
    query("DELETE FROM recovery_code WHERE person_id = $1").bind(person_id).execute(conn).await?;
    for hash in hashes {
        let text = "INSERT INTO recovery_code (person_id, code_hash) VALUES ($1, $2)";
        query(text).bind(person_id).bind(hash).execute(conn).await?;
    }
    note(conn, act, now).await
}

async fn use_recovery_code(conn: &mut Conn, person_id: &str, hash: &str, now: Timestamp) -> Result<bool, Fault> {
    let text = "UPDATE recovery_code SET used_at = $1 WHERE person_id = $2 AND code_hash = $3 AND used_at IS NULL";
    Ok(query(text).bind(micros(now)).bind(person_id).bind(hash).execute(conn).await? == 1)
}
