//! One-time links: the first account, an invitation, a new way to sign in for who lost theirs.

use jiff::Timestamp;

use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::people::{Change, NewPerson, add_person};
use crate::sql::{json, micros, time};
use crate::store::{Store, write};
use crate::trail::{Act, note};

/// The purpose of a link that gives a new way to sign in to an account that is there.
const RESET: &str = "reset";

/// A one-time link. It is used up when the account has a second factor, so that whoever was interrupted may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What it is for: `first`, `join` or `reset`.
    pub purpose: String,
    /// The account that was made with it, or that it is for.
    pub person_id: Option<String>,
    /// The address of the account to make; empty where the person gives it.
    pub email: String,
    /// The word of the role of the account to make.
    pub role: String,
    /// Ids of the services that an owner will answer for.
    pub services: Vec<String>,
    /// Who made it.
    pub made_by: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

macro_rules! invitation_columns {
    () => {
        "token_hash, purpose, person_id, email, role, services, made_by, expires_at"
    };
}
/// Most open links that one call of [`Store::open_invitations`] gives.
pub const MAX_INVITATIONS: i64 = 500;

impl Store {
    /// The links that still work, with the hashes of their tokens, the ones that end first before; at most
    /// [`MAX_INVITATIONS`].
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn open_invitations(&self, now: Timestamp) -> Result<Vec<(String, Invitation)>, StoreError> {
        let text = concat!(
            "SELECT ",
            invitation_columns!(),
            " FROM invitation WHERE used_at IS NULL AND expires_at > $1 ORDER BY expires_at, token_hash LIMIT $2"
        );
        self.read("reading the one-time links", async |conn| {
            let rows = query(text).bind(micros(now)).bind(MAX_INVITATIONS).fetch_all(conn).await?;
            rows.iter().map(|row| Ok((row.get("token_hash")?, invitation_of(row)?))).collect()
        })
        .await
    }

    /// Ends a link that still works; whether there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn revoke_invitation(&self, token_hash: &str, act: &Act, now: Timestamp) -> Result<bool, StoreError> {
        write!(self, "ending a one-time link", |conn| revoke(conn, token_hash, act, now))
    }

    /// Makes a one-time link, kept as the hash of its token; expired ones are forgotten.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn invite(
        &self,
        token_hash: &str,
        invitation: &Invitation,
        act: &Act,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        write!(self, "making a one-time link", |conn| invite(conn, token_hash, invitation, act, now))
    }

    /// A one-time link that still works.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn invitation(&self, token_hash: &str, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        self.read("reading a one-time link", async |conn| find(conn, token_hash, now).await).await
    }

    /// Makes the account of an invitation (again, where it was not finished), or sets the password of the one that the
    /// link is for: its sessions and second factors end. The link stays until a second factor is set up.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn join(
        &self,
        token_hash: &str,
        person: &NewPerson<'_>,
        act: &Act,
        now: Timestamp,
    ) -> Result<Change, StoreError> {
        write!(self, "making an account", |conn| join(conn, token_hash, person, act, now))
    }
}

async fn invite(
    conn: &mut Conn,
    token_hash: &str,
    invitation: &Invitation,
    act: &Act,
    now: Timestamp,
) -> Result<(), Fault> {
    query("DELETE FROM invitation WHERE expires_at <= $1").bind(micros(now)).execute(conn).await?;
    // A newer link for the same account or address, or for the first account, takes the place of the older.
    query(
        "DELETE FROM invitation WHERE purpose = $1 AND (purpose = 'first' OR (purpose = 'reset' AND person_id = $2) \
         OR (purpose = 'join' AND email = $3))",
    )
    .bind(&invitation.purpose)
    .bind(&invitation.person_id)
    .bind(&invitation.email)
    .execute(conn)
    .await?;
    let text = "INSERT INTO invitation (token_hash, purpose, person_id, email, role, services, made_by, expires_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    query(text)
        .bind(token_hash)
        .bind(&invitation.purpose)
        .bind(&invitation.person_id)
        .bind(&invitation.email)
        .bind(&invitation.role)
        .bind(serde_json::to_string(&invitation.services)?)
        .bind(&invitation.made_by)
        .bind(micros(invitation.expires_at))
        .execute(conn)
        .await?;
    note(conn, act, now).await
}

fn invitation_of(row: &Row) -> Result<Invitation, Fault> {
    let services: String = row.get("services")?;
    Ok(Invitation {
        purpose: row.get("purpose")?,
        person_id: row.get("person_id")?,
        email: row.get("email")?,
        role: row.get("role")?,
        services: json("the services of an invitation", &services)?,
        made_by: row.get("made_by")?,
        expires_at: time(row.get("expires_at")?)?,
    })
}

async fn find(conn: &mut Conn, token_hash: &str, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    let text = concat!(
        "SELECT ",
        invitation_columns!(),
        " FROM invitation WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2"
    );
    let row = query(text).bind(token_hash).bind(micros(now)).fetch_optional(conn).await?;
    row.as_ref().map(invitation_of).transpose()
}

async fn revoke(conn: &mut Conn, token_hash: &str, act: &Act, now: Timestamp) -> Result<bool, Fault> {
    let text = "DELETE FROM invitation WHERE token_hash = $1 AND used_at IS NULL";
    if query(text).bind(token_hash).execute(conn).await? == 0 {
        return Ok(false);
    }
    note(conn, act, now).await?;
    Ok(true)
}

/// Ends the open links into an account or to its address: they were made for what it was.
pub(crate) async fn end_links_of(conn: &mut Conn, person_id: &str) -> Result<(), Fault> {
    let text = "DELETE FROM invitation WHERE used_at IS NULL AND (person_id = $1 \
                OR (purpose = 'join' AND email = (SELECT email FROM person WHERE id = $1)))";
    query(text).bind(person_id).execute(conn).await.map(drop)
}

async fn join(
    conn: &mut Conn,
    token_hash: &str,
    person: &NewPerson<'_>,
    act: &Act,
    now: Timestamp,
) -> Result<Change, Fault> {
    // Holds the row until the end, so that one link makes one account.
    let hold = "UPDATE invitation SET used_at = NULL WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    if query(hold).bind(token_hash).bind(micros(now)).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    let Some(invitation) = find(conn, token_hash, now).await? else { return Ok(Change::NotThere) };
    if invitation.purpose == RESET {
        return match invitation.person_id {
            Some(id) => reset(conn, &id, person, act, now).await,
            None => Ok(Change::NotThere),
        };
    }
    forget_unfinished(conn, person.email, invitation.person_id.as_deref()).await?;
    let change = add_person(conn, person, act, now).await?;
    if change == Change::Done {
        let text = "UPDATE invitation SET person_id = $1 WHERE token_hash = $2";
        query(text).bind(person.id).bind(token_hash).execute(conn).await?;
    }
    Ok(change)
}

/// Forgets accounts that nobody ever came in with: they hold nothing, and their owner begins again.
async fn forget_unfinished(conn: &mut Conn, email: &str, id: Option<&str>) -> Result<(), Fault> {
    let text = "SELECT id FROM person WHERE signed_in_at IS NULL AND (email = $1 OR id = $2)";
    let unfinished: Vec<String> = query(text).bind(email).bind(id).scalars(conn).await?;
    for id in &unfinished {
        for text in [
            "UPDATE invitation SET person_id = NULL WHERE person_id = $1",
            "DELETE FROM session WHERE person_id = $1",
            "DELETE FROM passkey WHERE person_id = $1",
            "DELETE FROM recovery_code WHERE person_id = $1",
            "DELETE FROM person WHERE id = $1",
        ] {
            query(text).bind(id).execute(conn).await?;
        }
    }
    Ok(())
}

/// A new password for an account that is there; whatever else led into it ends.
async fn reset(conn: &mut Conn, id: &str, person: &NewPerson<'_>, act: &Act, now: Timestamp) -> Result<Change, Fault> {
    let text =
        "UPDATE person SET password = $1, totp = NULL, oidc_subject = NULL, lang = $2 WHERE id = $3 AND active = 1";
    if query(text).bind(person.password).bind(person.lang).bind(id).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    for text in [
        "DELETE FROM session WHERE person_id = $1",
        "DELETE FROM passkey WHERE person_id = $1",
        "DELETE FROM recovery_code WHERE person_id = $1",
    ] {
        query(text).bind(id).execute(conn).await?;
    }
    note(conn, act, now).await?;
    Ok(Change::Done)
}
