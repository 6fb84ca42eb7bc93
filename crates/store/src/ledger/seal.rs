//! Gives what waits its place in the log, and signs where the log stands.

use jiff::Timestamp;
use yata_ledger::entry::Entry;
use yata_ledger::{Checkpoint, Frontier, Key, MAX_ENTRY_BYTES, Node, Note, TILE_HEIGHT, TILE_WIDTH, leaf_hash};

use super::Trust;
use super::tiles::{insert_tile, whole_tile};
use crate::engine::{Cell, Conn, Row, built_query, query};
use crate::error::{Fault, StoreError};
use crate::locks::lock_ledger;
use crate::sql::{Rows, VALUES_PER_LIST, insert, micros, placeholders};
use crate::store::{Store, write};

/// Most entries that one call of [`Store::seal`] takes.
pub const MAX_SEALED: u32 = 1_000;

/// Most characters of what the search looks at.
const MAX_SEARCHED_CHARS: usize = 1_000;

/// Where the log stands after entries were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Entries that were added now.
    pub added: u32,
    /// More wait.
    pub more: bool,
    /// Entries of the log.
    pub size: u64,
    /// The newest checkpoint: a signed note.
    pub checkpoint: String,
}

impl Store {
    /// Gives up to [`MAX_SEALED`] acts that wait their place in the log, in the order in which they were written, and
    /// signs a checkpoint, all in one transaction. Several programs may call it at once: they take turns. A log that
    /// does not exist yet begins with a checkpoint of no entries.
    ///
    /// The log must stand where its newest checkpoint says, and lead to each of `trust.kept`: what somebody rewrote or
    /// put back is not built upon, so that the traces stay. What waits then waits on.
    ///
    /// # Errors
    /// [`StoreError::Ledger`], [`StoreError::LedgerKey`], or a failure of the database; nothing is changed then.
    pub async fn seal(&self, key: &Key, trust: &Trust, now: Timestamp) -> Result<Sealed, StoreError> {
        let doing = "adding to the ledger";
        write!(self, doing, |conn| seal(conn, self, key, trust, now))
    }
}

async fn seal(conn: &mut Conn, store: &Store, key: &Key, trust: &Trust, now: Timestamp) -> Result<Sealed, Fault> {
    lock_ledger(conn).await?;
    let broken = |what: String| Fault::from(StoreError::Ledger { place: store.place().clone(), what });
    let (mut frontier, newest) = match newest(conn).await? {
        Some((frontier, note)) => {
            let frontier = standing(conn, store, trust, &frontier, &note).await?;
            (frontier, note)
        }
        None => {
            let entries: Option<i64> = query("SELECT COUNT(*) FROM ledger_entry").scalar(conn).await?;
            if entries != Some(0) {
                return Err(broken("it has entries and no checkpoint".to_owned()));
            }
            for (name, note) in &trust.kept {
                let kept = trust.open(note).map_err(|error| broken(format!("{name}: {error}")))?;
                if kept.size > 0 {
                    return Err(broken(format!("it has no entries, and {name} covers {}", kept.size)));
                }
            }
            let frontier = Frontier::new();
            let note = sign(conn, key, &frontier, now).await?;
            (frontier, note)
        }
    };
    let waiting = query("SELECT id, body FROM ledger_pending ORDER BY id LIMIT $1")
        .bind(i64::from(MAX_SEALED) + 1)
        .fetch_all(conn)
        .await?;
    let taken = waiting.get(..waiting.len().min(MAX_SEALED as usize)).unwrap_or_default();
    let added = u32::try_from(taken.len()).unwrap_or(MAX_SEALED);
    let more = waiting.len() > taken.len();
    if taken.is_empty() {
        return Ok(Sealed { added, more, size: frontier.size(), checkpoint: newest });
    }
    let completed = append(conn, taken, &mut frontier).await.map_err(|fault| match fault {
        Fault::Value(what) => broken(what),
        fault => fault,
    })?;
    remove_waiting(conn, taken).await?;
    for node in completed {
        // A node of height 8, 16, …: the root of a whole tile of the level below.
        let tile = whole_tile(conn, node.level / TILE_HEIGHT - 1, node.index).await?;
        insert_tile(conn, node.level / TILE_HEIGHT - 1, node.index, &tile).await?;
    }
    let checkpoint = sign(conn, key, &frontier, now).await?;
    Ok(Sealed { added, more, size: frontier.size(), checkpoint })
}

/// The frontier and the note of the newest checkpoint.
async fn newest(conn: &mut Conn) -> Result<Option<(String, String)>, Fault> {
    let row = query("SELECT frontier, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1").fetch_optional(conn);
    let row = row.await?;
    row.map(|row| Ok((row.get("frontier")?, row.get("note")?))).transpose()
}

/// The edge of the tree, where everything agrees on it: the signed checkpoint, the entries and what was kept elsewhere.
async fn standing(
    conn: &mut Conn,
    store: &Store,
    trust: &Trust,
    frontier: &str,
    note: &str,
) -> Result<Frontier, Fault> {
    let broken = |what: String| Fault::from(StoreError::Ledger { place: store.place().clone(), what });
    let signed = match trust.open(note) {
        Ok(signed) => signed,
        Err(error) => {
            let by = Note::parse(note).ok().and_then(|note| note.signatures().first().cloned());
            let known = |id: &[u8; 4]| trust.keys.iter().any(|key| key.id() == *id);
            return Err(match by.filter(|by| !known(&by.id)) {
                Some(by) => StoreError::LedgerKey {
                    place: store.place().clone(),
                    expected: format!("{}+{:08x}", by.name, u32::from_be_bytes(by.id)),
                    given: trust
                        .keys
                        .first()
                        .map(|key| format!("{}+{}", key.name(), key.id_text()))
                        .unwrap_or_default(),
                }
                .into(),
                None => broken(format!("its newest checkpoint cannot be trusted: {error}")),
            });
        }
    };
    let frontier: Frontier = frontier.parse().map_err(|_| broken("the edge of its tree cannot be read".to_owned()))?;
    if frontier.size() != signed.size || frontier.root() != signed.root {
        return Err(broken("the edge of its tree is not that of its newest checkpoint".to_owned()));
    }
    let entries = entries(conn).await?;
    if u64::try_from(entries).ok() != Some(signed.size) {
        return Err(broken(format!("it has {entries} entries, and its newest checkpoint covers {}", signed.size)));
    }
    for (name, note) in &trust.kept {
        let kept = trust.open(note).map_err(|error| broken(format!("{name}: {error}")))?;
        if kept.size > signed.size {
            return Err(broken(format!("it has {} entries, and {name} covers {}", signed.size, kept.size)));
        }
        let stored: Option<String> = query("SELECT note FROM ledger_checkpoint WHERE size = $1")
            .bind(i64::try_from(kept.size).unwrap_or(i64::MAX))
            .scalar(conn)
            .await?;
        if stored.and_then(|note| trust.open(&note).ok()).is_none_or(|stored| stored.root != kept.root) {
            return Err(broken(format!("it is not the log of {name}")));
        }
    }
    Ok(frontier)
}

/// One more than the last place.
async fn entries(conn: &mut Conn) -> Result<i64, Fault> {
    let last: Option<i64> = query("SELECT COALESCE(MAX(seq), -1) FROM ledger_entry").scalar(conn).await?;
    Ok(last.unwrap_or(-1).saturating_add(1))
}

/// Stores the entries at their places; the roots of the tiles that they complete, the lowest first.
async fn append(conn: &mut Conn, taken: &[Row], frontier: &mut Frontier) -> Result<Vec<Node>, Fault> {
    let mut rows = Rows::new(8);
    let mut completed = Vec::new();
    for row in taken {
        let (id, body): (String, String) = (row.get("id")?, row.get("body")?);
        if body.len() > MAX_ENTRY_BYTES {
            return Err(Fault::Value(format!("the act `{id}` that waits has {} bytes", body.len())));
        }
        let entry = Entry::parse(body.as_bytes()).map_err(|error| Fault::Value(format!("the act `{id}`: {error}")))?;
        let searched = Searched::of(&entry);
        let seq = i64::try_from(frontier.size()).map_err(|_| Fault::Value("the ledger is full".to_owned()))?;
        let leaf = leaf_hash(body.as_bytes());
        frontier.push_with(leaf, |node| {
            if node.level > 0 && node.level % TILE_HEIGHT == 0 {
                completed.push(node);
            }
        });
        rows.push([
            Cell::Int(seq),
            Cell::from(id),
            Cell::Int(searched.said_at),
            Cell::from(searched.what),
            Cell::from(searched.actor),
            Cell::from(searched.resource),
            Cell::from(leaf.to_string()),
            Cell::from(body),
        ]);
    }
    let head = "INSERT INTO ledger_entry (seq, id, said_at, what, actor, resource, leaf, body)";
    insert(conn, head, "", rows).await?;
    debug_assert!(completed.len() <= taken.len() / usize::from(TILE_WIDTH) + 64);
    Ok(completed)
}

async fn remove_waiting(conn: &mut Conn, taken: &[Row]) -> Result<(), Fault> {
    for chunk in taken.chunks(VALUES_PER_LIST) {
        let ids = chunk.iter().map(|row| row.get::<String>("id")).collect::<Result<Vec<_>, _>>()?;
        let text = format!("DELETE FROM ledger_pending WHERE id IN ({})", placeholders(1, ids.len()));
        built_query(text).bind_all(ids).execute(conn).await?;
    }
    Ok(())
}

/// Signs where the log stands, and stores it.
async fn sign(conn: &mut Conn, key: &Key, frontier: &Frontier, now: Timestamp) -> Result<String, Fault> {
    let note = Checkpoint::of(key.name(), frontier).sign(key).map_err(|error| Fault::Value(error.to_string()))?;
    let note = note.to_string();
    query("INSERT INTO ledger_checkpoint (size, frontier, note, signed_at) VALUES ($1, $2, $3, $4)")
        .bind(i64::try_from(frontier.size()).unwrap_or(i64::MAX))
        .bind(frontier.to_string())
        .bind(&note)
        .bind(micros(now))
        .execute(conn)
        .await?;
    Ok(note)
}

/// The columns beside an entry that the search looks at. They follow from the entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Searched {
    pub(super) said_at: i64,
    pub(super) what: String,
    pub(super) actor: String,
    pub(super) resource: String,
}

impl Searched {
    pub(super) fn of(entry: &Entry) -> Self {
        let user = |user: &yata_ledger::entry::User| [user.name.clone(), user.uid.clone()];
        let thing = |thing: &yata_ledger::entry::Resource| [thing.kind.clone(), thing.uid.clone(), thing.name.clone()];
        let mut things: Vec<String> = entry.user.iter().flat_map(user).collect();
        things.extend(entry.entity.iter().chain(&entry.resources).flat_map(thing));
        Searched {
            said_at: entry.time.saturating_mul(1_000),
            what: entry.activity_name.clone().unwrap_or_default(),
            actor: searched(user(&entry.actor.user)),
            resource: searched(things),
        }
    }
}

/// Lower case in ASCII only: the same on both engines.
fn searched(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let text = words.join(" ").replace('\0', "\u{fffd}");
    text.chars().take(MAX_SEARCHED_CHARS).map(|c| c.to_ascii_lowercase()).collect()
}
