//! People: their accounts, what they may do, and the one-time links by which they come in.
//!
//! Roles, passwords and second factors are kept as `console` made them; this file knows no cryptography.

use jiff::Timestamp;

use crate::engine::{Conn, Row, built_query, query};
use crate::error::{Fault, StoreError};
use crate::invitations::end_links_of;
use crate::sql::{json, micros, placeholders, time};
use crate::store::{Store, write};
use crate::tokens::end_tokens_of;
use crate::trail::{Act, note};

/// The role that must never be left without anybody.
const ADMINISTRATOR: &str = "administrator";

/// Most people that one call of [`Store::people`] gives.
pub const MAX_PEOPLE: i64 = 1000;

/// An account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: String,
    /// The address, in lower case; one account has it.
    pub email: String,
    /// The name, as shown and as written into decisions.
    pub name: String,
    /// The word of the role.
    pub role: String,
    /// Ids of the services that an owner answers for.
    pub services: Vec<String>,
    /// Whether the account may sign in.
    pub active: bool,
    /// Whether a password is set.
    pub has_password: bool,
    /// Whether one-time codes are set up.
    pub has_totp: bool,
    /// How many passkeys there are.
    pub passkeys: i64,
    /// Whether single sign-on leads to this account.
    pub has_oidc: bool,
    /// The chosen language.
    pub lang: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its owner signed in last; `None` before the first time.
    pub signed_in_at: Option<Timestamp>,
}

impl Person {
    /// Whether there is something to show after the password.
    pub fn has_second_factor(&self) -> bool {
        self.has_totp || self.passkeys > 0
    }
}

/// What proves who somebody is, as `console` made it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The hash of the password in PHC form.
    pub password: Option<String>,
    /// The secret of the one-time codes, encrypted.
    pub totp: Option<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// An account to make.
#[derive(Debug, Clone)]
pub struct NewPerson<'a> {
    /// The id.
    pub id: &'a str,
    /// The address, in lower case.
    pub email: &'a str,
    /// The name.
    pub name: &'a str,
    /// The word of the role.
    pub role: &'a str,
    /// Ids of services.
    pub services: &'a [String],
    /// The hash of the password, in PHC form.
    pub password: Option<&'a str>,
    /// Who it is at the provider of single sign-on.
    pub oidc_subject: Option<&'a str>,
    /// The language.
    pub lang: &'a str,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was done.
    Done,
    /// There is no such account, or it is not in a state for this; nothing was changed.
    NotThere,
    /// It would have left nobody who can manage people; nothing was changed.
    LastAdministrator,
    /// Another account has that address; nothing was changed.
    Taken,
}

/// Where the role of an account goes.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// The word of the role.
    pub role: &'a str,
    /// Ids of the services that an owner answers for.
    pub services: &'a [String],
    /// Whether the account may sign in.
    pub active: bool,
}

macro_rules! person_columns {
    () => {
        "p.id, p.email, p.name, p.role, p.services, p.active, p.lang, p.created_at, p.signed_in_at, \
         CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS has_password, \
         CASE WHEN p.totp IS NULL THEN 0 ELSE 1 END AS has_totp, \
         CASE WHEN p.oidc_subject IS NULL THEN 0 ELSE 1 END AS has_oidc, \
         (SELECT COUNT(*) FROM passkey k WHERE k.person_id = p.id) AS passkeys"
    };
}
pub(crate) use person_columns;

pub(crate) fn person_of(row: &Row) -> Result<Person, Fault> {
    let flag = |column: &str| -> Result<bool, Fault> { Ok(number(row, column)? != 0) };
    let services: String = row.get("services")?;
    let signed_in_at: Option<i64> = row.get("signed_in_at")?;
    Ok(Person {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.get("role")?,
        services: json("the services of a person", &services)?,
        active: flag("active")?,
        has_password: flag("has_password")?,
        has_totp: flag("has_totp")?,
        passkeys: number(row, "passkeys")?,
        has_oidc: flag("has_oidc")?,
        lang: row.get("lang")?,
        created_at: time(row.get("created_at")?)?,
        signed_in_at: signed_in_at.map(time).transpose()?,
    })
}

/// A whole number: PostgreSQL gives a literal of a statement as a smaller type than a column's.
fn number(row: &Row, column: &str) -> Result<i64, Fault> {
    match row.get::<i64>(column) {
        Ok(number) => Ok(number),
        Err(_) => row.get::<i32>(column).map(i64::from),
    }
}

impl Store {
    /// Whether anybody ever came in: until then the first account is to be made.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn has_people(&self) -> Result<bool, StoreError> {
        let text = "SELECT id FROM person WHERE signed_in_at IS NOT NULL LIMIT 1";
        self.read("asking whether anybody has an account", async |conn| {
            Ok(query(text).fetch_optional(conn).await?.is_some())
        })
        .await
    }

    /// An account by its id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn person(&self, id: &str) -> Result<Option<Person>, StoreError> {
        let text = concat!("SELECT ", person_columns!(), " FROM person p WHERE p.id = $1");
        self.read("reading an account", async |conn| {
            query(text).bind(id).fetch_optional(conn).await?.as_ref().map(person_of).transpose()
        })
        .await
    }

    /// An account by its address.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<Person>, StoreError> {
        let text = concat!("SELECT ", person_columns!(), " FROM person p WHERE p.email = $1");
        self.read("reading an account", async |conn| {
            query(text).bind(email).fetch_optional(conn).await?.as_ref().map(person_of).transpose()
        })
        .await
    }

    /// An account by who it is at the provider of single sign-on.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn person_by_subject(&self, subject: &str) -> Result<Option<Person>, StoreError> {
        let text = concat!("SELECT ", person_columns!(), " FROM person p WHERE p.oidc_subject = $1");
        self.read("reading an account", async |conn| {
            query(text).bind(subject).fetch_optional(conn).await?.as_ref().map(person_of).transpose()
        })
        .await
    }

    /// Accounts in the order of their addresses, after that one; at most [`MAX_PEOPLE`].
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn people(&self, after_email: &str) -> Result<Vec<Person>, StoreError> {
        let text = concat!("SELECT ", person_columns!(), " FROM person p WHERE p.email > $1 ORDER BY p.email LIMIT $2");
        self.read("reading the accounts", async |conn| {
            query(text).bind(after_email).bind(MAX_PEOPLE).fetch_all(conn).await?.iter().map(person_of).collect()
        })
        .await
    }

    /// The accounts with one of these roles that were opened and may sign in, by name; at most [`MAX_PEOPLE`].
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn people_with(&self, roles: &[&str]) -> Result<Vec<Person>, StoreError> {
        let text = format!(
            concat!(
                "SELECT ",
                person_columns!(),
                " FROM person p WHERE p.active = 1 AND p.signed_in_at IS NOT NULL AND p.role IN ({}) \
                 ORDER BY p.name, p.id LIMIT {}"
            ),
            placeholders(1, roles.len()),
            MAX_PEOPLE
        );
        let roles = roles.to_vec();
        self.read("reading the accounts", async |conn| {
            built_query(text).bind_all(roles).fetch_all(conn).await?.iter().map(person_of).collect()
        })
        .await
    }

    /// What proves who the person is.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn secrets(&self, person_id: &str) -> Result<Option<Secrets>, StoreError> {
        self.read("reading an account", async |conn| {
            let row = query("SELECT password, totp FROM person WHERE id = $1").bind(person_id);
            let row = row.fetch_optional(conn).await?;
            row.map(|row| Ok(Secrets { password: row.get("password")?, totp: row.get("totp")? })).transpose()
        })
        .await
    }

    /// Makes the account of somebody who was signed on elsewhere.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn add_person(&self, person: &NewPerson<'_>, act: &Act, now: Timestamp) -> Result<Change, StoreError> {
        write!(self, "making an account", |conn| add_person(conn, person, act, now))
    }

    /// Changes role, services and whether the account may sign in; a change ends the account's sessions, and the open
    /// one-time links into it. An account that may not sign in takes the tokens that it made along.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_standing(
        &self,
        person_id: &str,
        standing: &Standing<'_>,
        act: &Act,
        now: Timestamp,
    ) -> Result<Change, StoreError> {
        write!(self, "changing an account", |conn| set_standing(conn, person_id, standing, act, now))
    }

    /// Lets single sign-on lead to an account that it does not lead to yet.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_subject(
        &self,
        person_id: &str,
        subject: &str,
        act: &Act,
        now: Timestamp,
    ) -> Result<Change, StoreError> {
        write!(self, "changing an account", |conn| set_subject(conn, person_id, subject, act, now))
    }

    /// Single sign-on leads to the account no more, which its owner opens with a password.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn clear_subject(&self, person_id: &str, act: &Act, now: Timestamp) -> Result<Change, StoreError> {
        write!(self, "changing an account", |conn| clear_subject(conn, person_id, act, now))
    }

    /// Remembers the language of an account.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_lang(&self, person_id: &str, lang: &str) -> Result<(), StoreError> {
        write!(self, "changing an account", |conn| async {
            query("UPDATE person SET lang = $1 WHERE id = $2").bind(lang).bind(person_id).execute(conn).await.map(drop)
        })
    }
}

pub(crate) async fn add_person(
    conn: &mut Conn,
    person: &NewPerson<'_>,
    act: &Act,
    now: Timestamp,
) -> Result<Change, Fault> {
    let services = serde_json::to_string(person.services)?;
    let text = "INSERT INTO person (id, email, name, role, services, active, password, oidc_subject, lang, created_at) \
                VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    let added = query(text)
        .bind(person.id)
        .bind(person.email)
        .bind(person.name)
        .bind(person.role)
        .bind(services)
        .bind(person.password)
        .bind(person.oidc_subject)
        .bind(person.lang)
        .bind(micros(now))
        .execute(conn)
        .await?;
    if added == 0 {
        return Ok(Change::Taken);
    }
    note(conn, act, now).await?;
    Ok(Change::Done)
}

async fn set_standing(
    conn: &mut Conn,
    person_id: &str,
    standing: &Standing<'_>,
    act: &Act,
    now: Timestamp,
) -> Result<Change, Fault> {
    let steps_down = standing.role != ADMINISTRATOR || !standing.active;
    if is_last_administrator(conn, person_id).await? && steps_down {
        return Ok(Change::LastAdministrator);
    }
    let services = serde_json::to_string(standing.services)?;
    let text = "UPDATE person SET role = $1, services = $2, active = $3 WHERE id = $4";
    let changed = query(text)
        .bind(standing.role)
        .bind(services)
        .bind(i64::from(standing.active))
        .bind(person_id)
        .execute(conn)
        .await?;
    if changed == 0 {
        return Ok(Change::NotThere);
    }
    query("DELETE FROM session WHERE person_id = $1").bind(person_id).execute(conn).await?;
    end_links_of(conn, person_id).await?;
    note(conn, act, now).await?;
    if !standing.active {
        let ending = Act { on: act.on.clone(), ..Act::new("token.revoked", &act.by) };
        end_tokens_of(conn, person_id, &ending, now).await?;
    }
    Ok(Change::Done)
}

/// Whether nobody but this account can manage people. Holds the rows of all administrators until the end of the
/// transaction, so that two of them cannot remove each other at once.
pub(crate) async fn is_last_administrator(conn: &mut Conn, person_id: &str) -> Result<bool, Fault> {
    query("UPDATE person SET role = role WHERE role = $1").bind(ADMINISTRATOR).execute(conn).await?;
    let others =
        "SELECT id FROM person WHERE role = $1 AND active = 1 AND signed_in_at IS NOT NULL AND id <> $2 LIMIT 1";
    let is_one = "SELECT id FROM person WHERE role = $1 AND active = 1 AND id = $2";
    let alone = query(others).bind(ADMINISTRATOR).bind(person_id).fetch_optional(conn).await?.is_none();
    Ok(alone && query(is_one).bind(ADMINISTRATOR).bind(person_id).fetch_optional(conn).await?.is_some())
}

async fn set_subject(
    conn: &mut Conn,
    person_id: &str,
    subject: &str,
    act: &Act,
    now: Timestamp,
) -> Result<Change, Fault> {
    let other = query("SELECT id FROM person WHERE oidc_subject = $1 AND id <> $2").bind(subject).bind(person_id);
    if other.fetch_optional(conn).await?.is_some() {
        return Ok(Change::Taken);
    }
    let text = "UPDATE person SET oidc_subject = $1 WHERE id = $2 AND oidc_subject IS NULL";
    if query(text).bind(subject).bind(person_id).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    note(conn, act, now).await?;
    Ok(Change::Done)
}

async fn clear_subject(conn: &mut Conn, person_id: &str, act: &Act, now: Timestamp) -> Result<Change, Fault> {
    let text = "UPDATE person SET oidc_subject = NULL \
                WHERE id = $1 AND oidc_subject IS NOT NULL AND password IS NOT NULL";
    if query(text).bind(person_id).execute(conn).await? == 0 {
        return Ok(Change::NotThere);
    }
    note(conn, act, now).await?;
    Ok(Change::Done)
}
