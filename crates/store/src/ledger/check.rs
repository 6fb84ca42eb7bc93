//! Reads the whole ledger again and says what is wrong with it.

use yata_ledger::entry::Entry;
use yata_ledger::{Hash, Report, Verification, Verifier, VerifierKey, tile_bytes};

use super::seal::Searched;
use super::tiles::stored_tile;
use super::{Countersigned, Trust};
use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::store::Store;

/// Entries read at a time.
const ROWS_PER_PAGE: i64 = 1_000;

/// Earlier checkpoints of the log itself that it is held against: they narrow down what was changed.
const MAX_EARLIER: i64 = 200;

/// Most entries that are listed for a wrong column.
const MAX_MISLABELLED: usize = 1_000;

/// What a verification of the ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerReport {
    /// About the log.
    pub report: Report,
    /// Entries beside which other things stand than they say themselves, so that a search would not find them; at most
    /// 1,000.
    pub mislabelled: Vec<u64>,
    /// Acts that wait for their place.
    pub pending: u64,
    /// How far the witness countersigned the log.
    pub witness: Countersigned,
}

impl LedgerReport {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.is_unchanged() && self.witness != Countersigned::Never
    }

    /// Whether nothing was changed, as far as can be told without the witness.
    pub fn is_unchanged(&self) -> bool {
        self.report.holds() && self.mislabelled.is_empty()
    }
}

impl Store {
    /// Reads the whole log as it stands at one moment and holds it against its newest checkpoint, earlier ones, and what
    /// `trust` brings. `progress` hears how many entries were read, and how many there are by the newest checkpoint.
    ///
    /// # Errors
    /// A failure of the database, or a value in it that cannot be read: nothing is said about the log then.
    pub async fn verify_ledger(
        &self,
        trust: &Trust,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<LedgerReport, StoreError> {
        let doing = "verifying the ledger";
        self.read_together(doing, async |conn| verify(conn, trust, progress).await).await
    }
}

async fn verify(
    conn: &mut Conn,
    trust: &Trust,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<LedgerReport, Fault> {
    let keys: Vec<VerifierKey> = trust.keys.iter().chain(&trust.witness).cloned().collect();
    let mut verification = Verification::new(trust.origin(), &keys);
    for (name, note) in &trust.kept {
        verification = verification.earlier(name, note);
    }
    let last: Option<i64> = query("SELECT MAX(size) FROM ledger_checkpoint").scalar(conn).await?.flatten();
    if let Some(last) = last {
        for (size, note) in stored_checkpoints(conn, last).await? {
            let name = format!("#{size}");
            verification =
                if size == last { verification.newest(&name, &note) } else { verification.earlier(&name, &note) };
        }
    }
    let mut witness = Countersigned::NotAsked;
    if let Some(key) = &trust.witness {
        let newest = super::witness::newest(conn, trust, key).await?;
        witness = newest.as_ref().map_or(Countersigned::Never, |(until, _)| *until);
        if let Some((_, note)) = newest {
            verification = verification.earlier(key.name(), &note);
        }
    }
    let expected = last.and_then(|last| u64::try_from(last).ok()).unwrap_or(0);
    let mut verifier = verification.start();
    let mut mislabelled = Vec::new();
    let mut after = i64::MIN;
    let mut read = 0_u64;
    loop {
        let rows = query(
            "SELECT seq, said_at, what, actor, resource, leaf, body FROM ledger_entry WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(after)
        .bind(ROWS_PER_PAGE)
        .fetch_all(conn)
        .await?;
        for row in &rows {
            after = row.get("seq")?;
            entry(conn, row, &mut verifier, &mut mislabelled).await?;
        }
        read += rows.len() as u64;
        progress(read, expected);
        if i64::try_from(rows.len()).unwrap_or(ROWS_PER_PAGE) < ROWS_PER_PAGE {
            break;
        }
    }
    let pending: Option<i64> = query("SELECT COUNT(*) FROM ledger_pending").scalar(conn).await?;
    let pending = pending.and_then(|pending| u64::try_from(pending).ok()).unwrap_or(0);
    Ok(LedgerReport { report: verifier.finish(), mislabelled, pending, witness })
}

/// The newest checkpoint, and some before it that lie about as far from each other.
async fn stored_checkpoints(conn: &mut Conn, last: i64) -> Result<Vec<(i64, String)>, Fault> {
    let mut checkpoints: Vec<(i64, String)> = Vec::new();
    for step in 0..=MAX_EARLIER {
        let from = i64::try_from(i128::from(last) * i128::from(step) / i128::from(MAX_EARLIER)).unwrap_or(last);
        if checkpoints.last().is_some_and(|(size, _)| *size >= from) {
            continue;
        }
        let row = query("SELECT size, note FROM ledger_checkpoint WHERE size >= $1 ORDER BY size LIMIT 1")
            .bind(from)
            .fetch_optional(conn)
            .await?;
        if let Some(row) = row {
            checkpoints.push((row.get("size")?, row.get("note")?));
        }
    }
    Ok(checkpoints)
}

async fn entry(conn: &mut Conn, row: &Row, verifier: &mut Verifier, mislabelled: &mut Vec<u64>) -> Result<(), Fault> {
    // A place before the first can only have been made up: the first will then be there twice.
    let seq = u64::try_from(row.get::<i64>("seq")?).unwrap_or(0);
    let (leaf, body): (String, String) = (row.get("leaf")?, row.get("body")?);
    // What is no hash at all is a wrong one.
    verifier.entry(seq, body.as_bytes(), Some(leaf.parse().unwrap_or(Hash([0; 32]))));
    let labels = Searched {
        said_at: row.get("said_at")?,
        what: row.get("what")?,
        actor: row.get("actor")?,
        resource: row.get("resource")?,
    };
    // An entry that cannot be read was changed, which the hashes say.
    let differs = Entry::parse(body.as_bytes()).is_ok_and(|entry| Searched::of(&entry) != labels);
    if differs && mislabelled.len() < MAX_MISLABELLED {
        mislabelled.push(seq);
    }
    while let Some(tile) = verifier.due() {
        let stored = stored_tile(conn, tile.level, tile.index).await?.map(|hashes| tile_bytes(&hashes));
        verifier.tile(&tile, stored.as_deref());
    }
    Ok(())
}
