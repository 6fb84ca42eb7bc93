//! Reading the ledger: pages of entries, the proof of one, and the tiles for whoever checks the log from outside.

use jiff::Timestamp;
use yata_ledger::entry::Entry;
use yata_ledger::{
    Checkpoint, EntryProof, Hash, Note, Resource, TILE_WIDTH, Tiles, consistency, consistency_tiles, inclusion,
    inclusion_tiles, tile_bytes, write_bundle,
};

use super::tiles::tile;
use crate::engine::{Cell, Conn, Row, built_query, query};
use crate::error::{Fault, StoreError};
use crate::sql::time;
use crate::store::Store;

/// Most entries of a page.
pub const MAX_LEDGER_ROWS: u32 = 500;

/// Entries that one search looks at; the next page goes on from there.
const SEARCHED_PER_PAGE: i64 = 100_000;

/// Longest text that is searched for, in characters.
const MAX_SEARCH_CHARS: usize = 200;

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerFilter {
    /// Whose name or id holds this text.
    pub actor: Option<String>,
    /// About something whose kind, id or name holds this text.
    pub resource: Option<String>,
    /// Of acts whose word begins so (`finding.`, `session.started`).
    pub what: Option<String>,
    /// From this place on.
    pub from: Option<u64>,
    /// Up to this place, without it.
    pub before: Option<u64>,
}

/// An entry at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// The bytes of the entry: JSON.
    pub body: String,
    /// The entry; `None` where the bytes are none.
    pub entry: Option<Entry>,
}

/// A page of entries, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerPage {
    /// The entries.
    pub rows: Vec<LedgerRow>,
    /// Where the next page goes on ([`LedgerFilter::before`]). A search may have found nothing in this one and go on.
    pub next: Option<u64>,
}

/// Where the log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHead {
    /// Entries that have their place.
    pub size: u64,
    /// The newest checkpoint: a signed note.
    pub checkpoint: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// Acts that wait for their place.
    pub pending: u64,
}

impl Store {
    /// Entries, the newest first, at most `limit` (and [`MAX_LEDGER_ROWS`]).
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn ledger_entries(&self, filter: &LedgerFilter, limit: u32) -> Result<LedgerPage, StoreError> {
        let limit = limit.clamp(1, MAX_LEDGER_ROWS);
        self.read_together("reading the ledger", async |conn| page(conn, filter, limit).await).await
    }

    /// One entry.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn ledger_entry(&self, seq: u64) -> Result<Option<LedgerRow>, StoreError> {
        self.read("reading the ledger", async |conn| one(conn, seq).await).await
    }

    /// Where the log stands; `None` before its first checkpoint.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn ledger_head(&self) -> Result<Option<LedgerHead>, StoreError> {
        self.read_together("reading the ledger", async |conn| head(conn).await).await
    }

    /// The proof that an entry is in the log, by its newest checkpoint; `None` where there is no such entry.
    ///
    /// # Errors
    /// A failure of the database; also where what is stored does not suffice for a proof.
    pub async fn ledger_proof(&self, seq: u64) -> Result<Option<EntryProof>, StoreError> {
        self.read_together("proving an entry of the ledger", async |conn| proof(conn, seq).await).await
    }

    /// The proof that the log of `new` entries begins with that of `old` entries (RFC 6962, section 2.1.2).
    ///
    /// # Errors
    /// A failure of the database; also where what is stored does not suffice for a proof.
    pub async fn ledger_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        self.read_together("proving that the ledger grew", async |conn| grown(conn, old, new).await).await
    }

    /// What a path of the log's public form names (C2SP tlog-tiles); `None` where there is no such thing.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn ledger_resource(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_together("reading the ledger", async |conn| public(conn, resource).await).await
    }
}

fn place(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Text as the search looks for it: in lower case, `LIKE` told what is meant as it stands.
fn like(text: &str) -> String {
    let text: String = text.trim().chars().take(MAX_SEARCH_CHARS).collect();
    let text = text.to_ascii_lowercase().replace('\0', "\u{fffd}");
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

async fn page(conn: &mut Conn, filter: &LedgerFilter, limit: u32) -> Result<LedgerPage, Fault> {
    let end: Option<i64> = query("SELECT COALESCE(MAX(seq), -1) + 1 FROM ledger_entry").scalar(conn).await?;
    let end = filter.before.map(place).unwrap_or(i64::MAX).min(end.unwrap_or(0));
    let first = filter.from.map_or(0, place);
    let wanted = [
        ("actor", filter.actor.as_deref().map(|text| format!("%{}%", like(text)))),
        ("resource", filter.resource.as_deref().map(|text| format!("%{}%", like(text)))),
        ("what", filter.what.as_deref().map(|text| format!("{}%", like(text)))),
    ];
    let searches: Vec<(&str, String)> = wanted
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.filter(|text| !text.trim_matches('%').is_empty())?)))
        .collect();
    let low = if searches.is_empty() { first } else { first.max(end.saturating_sub(SEARCHED_PER_PAGE)) };
    let mut text = "SELECT seq, body FROM ledger_entry WHERE seq >= $1 AND seq < $2".to_owned();
    for (at, (name, _)) in searches.iter().enumerate() {
        text.push_str(&format!(" AND {name} LIKE ${} ESCAPE '\\'", at + 3));
    }
    text.push_str(&format!(" ORDER BY seq DESC LIMIT {limit}"));
    let cells = searches.into_iter().map(|(_, text)| Cell::from(text));
    let rows = built_query(text).bind(low).bind(end).bind_all(cells).fetch_all(conn).await?;
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let full = rows.len() >= limit as usize;
    let reached = if full { rows.last().map_or(low, |row| place(row.seq)) } else { low };
    let next = (reached > first).then(|| u64::try_from(reached).unwrap_or(0));
    Ok(LedgerPage { rows, next })
}

fn row(row: &Row) -> Result<LedgerRow, Fault> {
    let body: String = row.get("body")?;
    let seq = u64::try_from(row.get::<i64>("seq")?).unwrap_or(0);
    Ok(LedgerRow { seq, entry: Entry::parse(body.as_bytes()).ok(), body })
}

async fn one(conn: &mut Conn, seq: u64) -> Result<Option<LedgerRow>, Fault> {
    let found =
        query("SELECT seq, body FROM ledger_entry WHERE seq = $1").bind(place(seq)).fetch_optional(conn).await?;
    found.as_ref().map(row).transpose()
}

async fn head(conn: &mut Conn) -> Result<Option<LedgerHead>, Fault> {
    let row = query("SELECT size, note, signed_at FROM ledger_checkpoint ORDER BY size DESC LIMIT 1");
    let Some(row) = row.fetch_optional(conn).await? else { return Ok(None) };
    let pending: Option<i64> = query("SELECT COUNT(*) FROM ledger_pending").scalar(conn).await?;
    let number = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Some(LedgerHead {
        size: number(row.get("size")?),
        checkpoint: row.get("note")?,
        signed_at: time(row.get("signed_at")?)?,
        pending: number(pending.unwrap_or(0)),
    }))
}

async fn grown(conn: &mut Conn, old: u64, new: u64) -> Result<Vec<Hash>, Fault> {
    let cannot = |error: String| Fault::Value(format!("no proof that the ledger grew from {old} to {new}: {error}"));
    let mut tiles = Tiles::new();
    for needed in consistency_tiles(old, new).map_err(|error| cannot(error.to_string()))? {
        let hashes = tile(conn, &needed).await?.ok_or_else(|| cannot(format!("`{}` is missing", needed.path())))?;
        tiles.insert(needed.level, needed.index, hashes);
    }
    consistency(&tiles, old, new).map_err(|error| cannot(error.to_string()))
}

async fn proof(conn: &mut Conn, seq: u64) -> Result<Option<EntryProof>, Fault> {
    let (Some(entry), Some(head)) = (one(conn, seq).await?, head(conn).await?) else { return Ok(None) };
    if seq >= head.size {
        return Ok(None);
    }
    let cannot = |error: String| Fault::Value(format!("no proof of entry {seq}: {error}"));
    let mut tiles = Tiles::new();
    for needed in inclusion_tiles(seq, head.size).map_err(|error| cannot(error.to_string()))? {
        let hashes = tile(conn, &needed).await?.ok_or_else(|| cannot(format!("`{}` is missing", needed.path())))?;
        tiles.insert(needed.level, needed.index, hashes);
    }
    let hashes = inclusion(&tiles, seq, head.size).map_err(|error| cannot(error.to_string()))?;
    let checkpoint = Note::parse(&head.checkpoint).map_err(|error| cannot(error.to_string()))?;
    let proof = EntryProof { entry: entry.body.into_bytes(), index: seq, hashes, checkpoint };
    // A proof that does not hold is not handed out; whose key it is, who checks it knows.
    let signed = Checkpoint::parse(proof.checkpoint.text()).map_err(|error| cannot(error.to_string()))?;
    let leaf = yata_ledger::leaf_hash(&proof.entry);
    yata_ledger::verify_inclusion(&leaf, seq, signed.size, &signed.root, &proof.hashes)
        .map_err(|error| cannot(error.to_string()))?;
    Ok(Some(proof))
}

async fn public(conn: &mut Conn, resource: &Resource) -> Result<Option<Vec<u8>>, Fault> {
    let Some(head) = head(conn).await? else { return Ok(None) };
    match resource {
        Resource::Checkpoint => Ok(Some(head.checkpoint.into_bytes())),
        Resource::Tile(wanted) => {
            // Wider ones than the tree has are not there yet.
            let there = yata_ledger::Tile::in_tree(wanted.level, wanted.index, head.size);
            if there.is_none_or(|there| there.width < wanted.width) {
                return Ok(None);
            }
            Ok(tile(conn, wanted).await?.map(|hashes| tile_bytes(&hashes)))
        }
        Resource::Entries(wanted) => {
            let there = yata_ledger::Tile::in_tree(0, wanted.index, head.size);
            if there.is_none_or(|there| there.width < wanted.width) {
                return Ok(None);
            }
            let first = place(wanted.index.saturating_mul(u64::from(TILE_WIDTH)));
            let bodies: Vec<String> = query("SELECT body FROM ledger_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq")
                .bind(first)
                .bind(first.saturating_add(i64::from(wanted.width)))
                .scalars(conn)
                .await?;
            if bodies.len() != usize::from(wanted.width) {
                return Ok(None);
            }
            write_bundle(bodies.iter().map(String::as_bytes)).map(Some).map_err(|error| Fault::Value(error.to_string()))
        }
    }
}
