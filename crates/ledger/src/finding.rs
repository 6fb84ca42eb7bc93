//! What reading the whole log again can bring to light.

use std::fmt;

use yata_model::Message;

use crate::checkpoint::CheckpointError;
use crate::hash::Hash;
use crate::tile::Tile;

/// One thing that is wrong with a log. Indexes are 0-based; checkpoints go by the name that the caller gave them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The bytes of an entry are not those that were logged.
    Edited {
        /// Which entry.
        index: u64,
    },
    /// An entry stands at another place than it was logged at.
    Reordered {
        /// Where it stands.
        index: u64,
        /// Where it was logged.
        logged_at: u64,
    },
    /// The stored hash of an entry is not its hash, but a checkpoint proves the entry itself.
    StoredHash {
        /// Which entry.
        index: u64,
    },
    /// Entries are missing between two others.
    Gap {
        /// The index that should have come.
        expected: u64,
        /// The index that came.
        found: u64,
    },
    /// An index came again, or went back.
    Repeated {
        /// Which one.
        index: u64,
    },
    /// The log ends before a checkpoint does.
    Truncated {
        /// Name of the checkpoint.
        checkpoint: String,
        /// Entries that it covers.
        size: u64,
        /// Entries that are there.
        entries: u64,
    },
    /// Entries and their hashes were changed without the key of the log: the log does not lead to its own newest
    /// checkpoint, or there is none to hold it against.
    Rewritten {
        /// Name of the checkpoint that it does not lead to.
        checkpoint: String,
        /// Entries that the checkpoint covers.
        size: u64,
        /// Entries that another checkpoint proves: what was changed comes after them.
        proven: u64,
    },
    /// The log is consistent in itself, with its own newest checkpoint, and is not the log of an earlier checkpoint:
    /// somebody built it anew with the key of the log.
    Rebuilt {
        /// Name of the checkpoint that it does not lead to.
        checkpoint: String,
        /// Entries that the checkpoint covers.
        size: u64,
        /// Entries that another earlier checkpoint proves: what was changed comes after them.
        proven: u64,
    },
    /// A checkpoint cannot be read or trusted.
    Checkpoint {
        /// Its name.
        checkpoint: String,
        /// Why.
        refused: Refused,
    },
    /// No checkpoint that can be trusted was given, so nothing is proven.
    NoCheckpoint,
    /// A stored tile is missing or differs from what the entries give.
    Tile {
        /// Which one.
        tile: Tile,
    },
}

/// Why a checkpoint was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A signature is wrong.
    Signature,
    /// No key that is known signed it.
    UnknownKey,
    /// It is of another log.
    OtherLog {
        /// The name of that log.
        origin: String,
    },
    /// It is not of the form of a checkpoint.
    Malformed {
        /// What the reader says.
        what: String,
    },
}

impl From<CheckpointError> for Refused {
    fn from(error: CheckpointError) -> Self {
        use crate::note::NoteError;
        match error {
            CheckpointError::Note(NoteError::BadSignature { .. }) => Refused::Signature,
            CheckpointError::Note(NoteError::Unsigned) | CheckpointError::NotByLog => Refused::UnknownKey,
            CheckpointError::Origin { found, .. } => Refused::OtherLog { origin: found },
            other => Refused::Malformed { what: other.to_string() },
        }
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Finding {
    /// The finding in words (ids `ledger-…` of the catalogue).
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Finding::Edited { index } => Message::new("ledger-edited").with("index", number(*index)),
            Finding::Reordered { index, logged_at } => {
                Message::new("ledger-reordered").with("index", number(*index)).with("logged", number(*logged_at))
            }
            Finding::StoredHash { index } => Message::new("ledger-stored-hash").with("index", number(*index)),
            Finding::Gap { expected, found } => Message::new("ledger-gap")
                .with("first", number(*expected))
                .with("last", number(found.saturating_sub(1))),
            Finding::Repeated { index } => Message::new("ledger-repeated").with("index", number(*index)),
            Finding::Truncated { checkpoint, size, entries } => Message::new("ledger-truncated")
                .with("checkpoint", checkpoint.as_str())
                .with("size", number(*size))
                .with("entries", number(*entries)),
            Finding::Rewritten { checkpoint, size, proven } => {
                changed(Message::new("ledger-rewritten"), checkpoint, *size, *proven)
            }
            Finding::Rebuilt { checkpoint, size, proven } => {
                changed(Message::new("ledger-rebuilt"), checkpoint, *size, *proven)
            }
            Finding::Checkpoint { checkpoint, refused } => refused.message().with("checkpoint", checkpoint.as_str()),
            Finding::NoCheckpoint => Message::new("ledger-no-checkpoint"),
            Finding::Tile { tile } => Message::new("ledger-tile").with("tile", tile.path()),
        }
    }
}

fn changed(message: Message, checkpoint: &str, size: u64, proven: u64) -> Message {
    message.with("checkpoint", checkpoint).with("size", number(size)).with("proven", number(proven))
}

impl Refused {
    fn message(&self) -> Message {
        match self {
            Refused::Signature => Message::new("ledger-bad-signature"),
            Refused::UnknownKey => Message::new("ledger-unknown-key"),
            Refused::OtherLog { origin } => Message::new("ledger-other-log").with("origin", origin.as_str()),
            Refused::Malformed { what } => Message::new("ledger-malformed").with("what", what.as_str()),
        }
    }
}

/// An entry whose bytes do not hash to its stored hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mismatch {
    pub(crate) index: u64,
    pub(crate) computed: Hash,
    pub(crate) stored: Hash,
}

impl fmt::Display for Finding {
    /// For logs of the program and for tests; people read [`Finding::message`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
