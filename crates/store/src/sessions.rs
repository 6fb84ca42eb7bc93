//! Sessions of people, and what works once.

use jiff::{SignedDuration, Timestamp};

use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::people::{Person, person_columns, person_of};
use crate::sql::{micros, time};
use crate::store::{Store, write};
use crate::trail::{Act, note};

/// The use of a session is written down at most this often.
const TOUCH_AFTER_S: i64 = 60;

/// A session made later than this from now was made by a clock that went back: it does not count.
const MAX_SKEW_S: i64 = 300;

/// Most sessions of one stage that one account has at a time: the oldest end. Whoever has come less far ends none of who
/// is signed in.
const MAX_SESSIONS: i64 = 50;

/// How far somebody has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// By a one-time link: a second factor is to be set up.
    Joining,
    /// The password was shown, the second factor not yet.
    Password,
    /// Signed in.
    Full,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Stage::Joining => "joining",
            Stage::Password => "password",
            Stage::Full => "full",
        }
    }

    fn parse(word: &str) -> Result<Stage, Fault> {
        let stages = [Stage::Joining, Stage::Password, Stage::Full];
        let found = stages.into_iter().find(|stage| stage.as_str() == word);
        found.ok_or_else(|| Fault::Value(format!("the stage `{word}`")))
    }
}

/// A session to make.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// The hash of its token.
    pub token_hash: &'a str,
    /// Whose it is.
    pub person_id: &'a str,
    /// How far they have come.
    pub stage: Stage,
    /// What its forms carry.
    pub csrf: &'a str,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// What the browser says of itself.
    pub user_agent: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// The hash of the token of the session that it takes the place of.
    pub replaces: Option<&'a str>,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of its token.
    pub token_hash: String,
    /// Whose it is.
    pub person_id: String,
    /// How far they have come.
    pub stage: Stage,
    /// What its forms carry.
    pub csrf: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was used last, to a minute.
    pub used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// What the browser says of itself.
    pub user_agent: String,
    /// Where it came from.
    pub address: String,
}

macro_rules! session_columns {
    () => {
        "s.token_hash, s.person_id, s.stage, s.csrf, s.made_at, s.used_at, s.expires_at, s.user_agent, s.address"
    };
}

fn session_of(row: &Row) -> Result<Session, Fault> {
    let stage: String = row.get("stage")?;
    Ok(Session {
        token_hash: row.get("token_hash")?,
        person_id: row.get("person_id")?,
        stage: Stage::parse(&stage)?,
        csrf: row.get("csrf")?,
        made_at: time(row.get("made_at")?)?,
        used_at: time(row.get("used_at")?)?,
        expires_at: time(row.get("expires_at")?)?,
        user_agent: row.get("user_agent")?,
        address: row.get("address")?,
    })
}

impl Store {
    /// The session of that token and whose it is, if it still counts: not ended, not idle for longer than `max_idle`,
    /// of an active account. One that no longer counts is forgotten, so that no clock brings it back.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn session(
        &self,
        token_hash: &str,
        max_idle: SignedDuration,
        now: Timestamp,
    ) -> Result<Option<(Session, Person)>, StoreError> {
        let doing = "reading a session";
        let text = concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            person_columns!(),
            " FROM session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1"
        );
        let found = self.read(doing, async |conn| {
            let row = query(text).bind(token_hash).fetch_optional(conn).await?;
            row.map(|row| Ok((session_of(&row)?, person_of(&row)?))).transpose()
        });
        let Some((session, person)) = found.await? else { return Ok(None) };
        let early = session.made_at > now + SignedDuration::from_secs(MAX_SKEW_S);
        let idle = now.duration_since(session.used_at);
        if early || now >= session.expires_at || idle > max_idle || !person.active {
            write!(self, "ending a session", |conn| forget(conn, token_hash))?;
            return Ok(None);
        }
        if idle.as_secs() >= TOUCH_AFTER_S {
            write!(self, "noting the use of a session", |conn| touch(conn, token_hash, now))?;
        }
        Ok(Some((session, person)))
    }

    /// Makes a session; the one that it replaces ends. A full one is a sign-in of its person.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn start_session(&self, session: &NewSession<'_>, act: &Act, now: Timestamp) -> Result<(), StoreError> {
        write!(self, "starting a session", |conn| start(conn, session, act, now))
    }

    /// Ends one session of a person; whether there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn end_session(
        &self,
        person_id: &str,
        token_hash: &str,
        act: &Act,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        write!(self, "ending a session", |conn| end(conn, person_id, token_hash, act, now))
    }

    /// Ends all sessions of a person, but one where it is named.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn end_sessions(
        &self,
        person_id: &str,
        but: Option<&str>,
        act: &Act,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        write!(self, "ending sessions", |conn| end_all(conn, person_id, but, act, now))
    }

    /// The sessions of a person, the newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn sessions(&self, person_id: &str, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let text = concat!(
            "SELECT ",
            session_columns!(),
            " FROM session s WHERE s.person_id = $1 AND s.expires_at > $2 ORDER BY s.made_at DESC LIMIT $3"
        );
        self.read("reading the sessions of a person", async |conn| {
            let rows = query(text).bind(person_id).bind(micros(now)).bind(MAX_SESSIONS).fetch_all(conn).await?;
            rows.iter().map(session_of).collect()
        })
        .await
    }

    /// Uses up what works once, by its hash: whether it was not used before.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn use_once(&self, key_hash: &str, until: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        write!(self, "noting what works once", |conn| use_once(conn, key_hash, until, now))
    }

    /// Writes an act that changes nothing else: a sign-in that failed.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn note_act(&self, act: &Act, now: Timestamp) -> Result<(), StoreError> {
        write!(self, "writing the ledger", |conn| note(conn, act, now))
    }
}

async fn forget(conn: &mut Conn, token_hash: &str) -> Result<(), Fault> {
    query("DELETE FROM session WHERE token_hash = $1").bind(token_hash).execute(conn).await.map(drop)
}

async fn touch(conn: &mut Conn, token_hash: &str, now: Timestamp) -> Result<(), Fault> {
    let text = "UPDATE session SET used_at = $1 WHERE token_hash = $2 AND used_at < $1";
    query(text).bind(micros(now)).bind(token_hash).execute(conn).await.map(drop)
}

async fn start(conn: &mut Conn, session: &NewSession<'_>, act: &Act, now: Timestamp) -> Result<(), Fault> {
    query("DELETE FROM session WHERE expires_at <= $1").bind(micros(now)).execute(conn).await?;
    if let Some(replaced) = session.replaces {
        forget(conn, replaced).await?;
    }
    let text = "DELETE FROM session WHERE person_id = $1 AND stage = $2 AND token_hash NOT IN \
                (SELECT token_hash FROM session WHERE person_id = $1 AND stage = $2 ORDER BY made_at DESC LIMIT $3)";
    let others = query(text).bind(session.person_id).bind(session.stage.as_str()).bind(MAX_SESSIONS - 1);
    others.execute(conn).await?;
    let text = "INSERT INTO session \
                (token_hash, person_id, stage, csrf, made_at, used_at, expires_at, user_agent, address) \
                VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)";
    query(text)
        .bind(session.token_hash)
        .bind(session.person_id)
        .bind(session.stage.as_str())
        .bind(session.csrf)
        .bind(micros(now))
        .bind(micros(session.expires_at))
        .bind(session.user_agent)
        .bind(session.address)
        .execute(conn)
        .await?;
    if session.stage == Stage::Full {
        let text = "UPDATE person SET signed_in_at = $1 WHERE id = $2";
        query(text).bind(micros(now)).bind(session.person_id).execute(conn).await?;
    }
    note(conn, act, now).await
}

async fn end(conn: &mut Conn, person_id: &str, token_hash: &str, act: &Act, now: Timestamp) -> Result<bool, Fault> {
    let text = "DELETE FROM session WHERE person_id = $1 AND token_hash = $2";
    if query(text).bind(person_id).bind(token_hash).execute(conn).await? == 0 {
        return Ok(false);
    }
    note(conn, act, now).await?;
    Ok(true)
}

async fn end_all(conn: &mut Conn, person_id: &str, but: Option<&str>, act: &Act, now: Timestamp) -> Result<u64, Fault> {
    let text = "DELETE FROM session WHERE person_id = $1 AND token_hash <> $2";
    let ended = query(text).bind(person_id).bind(but.unwrap_or_default()).execute(conn).await?;
    note(conn, act, now).await?;
    Ok(ended)
}

pub(crate) async fn use_once(conn: &mut Conn, key_hash: &str, until: Timestamp, now: Timestamp) -> Result<bool, Fault> {
    query("DELETE FROM used_once WHERE expires_at <= $1").bind(micros(now)).execute(conn).await?;
    let text = "INSERT INTO used_once (key_hash, expires_at) VALUES ($1, $2) ON CONFLICT (key_hash) DO NOTHING";
    Ok(query(text).bind(key_hash).bind(micros(until)).execute(conn).await? == 1)
}
