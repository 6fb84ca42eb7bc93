//! Who works here, as imported: an owner who left leaves assets behind.

use jiff::Timestamp;

use crate::engine::{Cell, Conn, query};
use crate::error::{Fault, StoreError};
use crate::leavers::{Import, block_leavers};
use crate::sql::{Rows, insert, micros, time};
use crate::store::{Store, write};
use crate::trail::{Act, note};

/// Most people of one import.
pub const MAX_STAFF: usize = 200_000;

/// Most characters of one text of a person.
pub const MAX_STAFF_CHARS: usize = 300;

/// Most sources of people.
const MAX_STAFF_SOURCES: i64 = 100;

/// One who works here, or did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StaffMember {
    /// The id in the source, unique over all sources.
    pub id: String,
    /// The name, as owners are named.
    pub name: String,
    /// The e-mail address; may be empty.
    pub email: String,
    /// The team or department; may be empty.
    pub team: String,
    /// Whether they still work here.
    pub active: bool,
}

impl StaffMember {
    /// The e-mail address as accounts have it: folded to lower case.
    pub(crate) fn address(&self) -> String {
        self.email.trim().to_lowercase()
    }
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StaffImported {
    /// How many the source has now.
    pub people: u64,
    /// Of them, those who work here.
    pub active: u64,
    /// How many the source had before.
    pub before: u64,
    /// Accounts of those who left, which may not sign in any more.
    pub blocked: u64,
    /// Tokens that they made, which work no more.
    pub revoked: u64,
    /// Accounts of those who left that stay open: without the last administrator nobody could manage people.
    pub kept: u64,
}

/// A source of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSource {
    /// Its name.
    pub source: String,
    /// How many it has.
    pub people: u64,
    /// Of them, those who work here.
    pub active: u64,
    /// When it was imported last.
    pub imported_at: Timestamp,
}

impl Store {
    /// Replaces the people of a source by these; one whose id another source had belongs to this one from now on. The
    /// act gets the counts. The accounts of those who left are blocked: they are found by their address, unless a list
    /// says that it belongs to somebody who works here; their sessions, links and tokens end, each with its own entry.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::TooLong`], [`StoreError::NoName`] without a source, or a failure of the
    /// database.
    pub async fn import_staff(
        &self,
        source: &str,
        people: &[StaffMember],
        act: &Act,
        now: Timestamp,
    ) -> Result<StaffImported, StoreError> {
        if people.len() > MAX_STAFF {
            return Err(StoreError::TooMany { what: "people", given: people.len(), limit: MAX_STAFF });
        }
        let source = crate::decide::checked("source", source, MAX_STAFF_CHARS)?.ok_or(StoreError::NoName)?;
        for one in people {
            for text in [&one.id, &one.name, &one.email, &one.team] {
                crate::decide::checked("text", text, MAX_STAFF_CHARS)?;
            }
        }
        write!(self, "importing people", |conn| replace(conn, source, people, act, now))
    }

    /// The sources of people by name, at most 100.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn staff_sources(&self) -> Result<Vec<StaffSource>, StoreError> {
        self.read("reading the sources of people", async |conn| read_sources(conn).await).await
    }
}

async fn replace(
    conn: &mut Conn,
    source: &str,
    people: &[StaffMember],
    act: &Act,
    now: Timestamp,
) -> Result<StaffImported, Fault> {
    let before = query("DELETE FROM staff WHERE source = $1").bind(source).execute(conn).await?;
    let mut rows = Rows::new(8);
    for one in people {
        rows.push([
            Cell::from(one.id.trim()),
            Cell::from(one.name.trim()),
            Cell::from(one.email.trim()),
            Cell::from(one.address()),
            Cell::from(one.team.trim()),
            Cell::from(i64::from(one.active)),
            Cell::from(source),
            Cell::from(micros(now)),
        ]);
    }
    let head = "INSERT INTO staff (id, name, email, address, team, active, source, imported_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, address = excluded.address, \
                team = excluded.team, active = excluded.active, source = excluded.source, imported_at = excluded.imported_at";
    insert(conn, head, tail, rows).await?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let active = people.iter().filter(|one| one.active).count();
    let left = block_leavers(conn, people, &Import { source, by: &act.by, now }).await?;
    let imported = StaffImported {
        people: count(people.len()),
        active: count(active),
        before,
        blocked: left.accounts,
        revoked: left.tokens,
        kept: left.kept,
    };
    let act = act
        .clone()
        .fact("people", imported.people.to_string())
        .fact("active", imported.active.to_string())
        .fact("before", imported.before.to_string())
        .fact("blocked", imported.blocked.to_string());
    note(conn, &act, now).await?;
    Ok(imported)
}

async fn read_sources(conn: &mut Conn) -> Result<Vec<StaffSource>, Fault> {
    let rows = query(
        "SELECT source, COUNT(*) AS people, CAST(SUM(active) AS BIGINT) AS active, MAX(imported_at) AS imported_at \
         FROM staff GROUP BY source ORDER BY source LIMIT $1",
    )
    .bind(MAX_STAFF_SOURCES)
    .fetch_all(conn)
    .await?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in &rows {
        sources.push(StaffSource {
            source: row.get("source")?,
            people: u64::try_from(row.get::<i64>("people")?).unwrap_or_default(),
            active: u64::try_from(row.get::<i64>("active")?).unwrap_or_default(),
            imported_at: time(row.get("imported_at")?)?,
        });
    }
    Ok(sources)
}
