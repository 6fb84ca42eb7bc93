//! The ledger in the database: entries get their place, and can be read, proven and verified.
//!
//! An act is written down in its own transaction (`trail`). [`Store::seal`] gives what waits its place in the log and
//! signs a checkpoint; [`Store::verify_ledger`] reads all of it again. Tiles are stored when they are whole; what a
//! partial one holds is in the entries, or in the tiles below.

mod check;
mod read;
mod seal;
mod tiles;
mod witness;

use yata_ledger::{Checkpoint, CheckpointError, VerifierKey};

pub use check::LedgerReport;
pub use read::{LedgerFilter, LedgerHead, LedgerPage, LedgerRow, MAX_LEDGER_ROWS};
pub use seal::{MAX_SEALED, Sealed};
pub use witness::Countersigned;

/// What a ledger is held against, from outside of its database.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The keys that sign, or ever signed, its checkpoints. All have one name: the origin of the log.
    pub keys: Vec<VerifierKey>,
    /// Checkpoints that were kept outside of the database, each with a name for people.
    pub kept: Vec<(String, String)>,
    /// A witness without whose cosignature a log does not hold.
    pub witness: Option<VerifierKey>,
}

impl Trust {
    /// In these keys.
    pub fn new(keys: Vec<VerifierKey>) -> Self {
        Trust { keys, kept: Vec::new(), witness: None }
    }

    /// Also in a checkpoint that was kept elsewhere.
    #[must_use]
    pub fn with_kept(mut self, name: impl Into<String>, note: impl Into<String>) -> Self {
        self.kept.push((name.into(), note.into()));
        self
    }

    /// Only with a cosignature of this witness.
    #[must_use]
    pub fn with_witness(mut self, key: VerifierKey) -> Self {
        self.witness = Some(key);
        self
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        self.keys.first().map_or("", VerifierKey::name)
    }

    fn open(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        Checkpoint::open(note, self.origin(), &self.keys).map(|opened| opened.checkpoint)
    }
}
