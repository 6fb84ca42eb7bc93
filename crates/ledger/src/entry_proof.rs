//! The proof of one entry for somebody who has only the key of the log, after C2SP tlog-proof.

use std::fmt;
use std::str::FromStr;

use crate::base64;
use crate::checkpoint::{Checkpoint, CheckpointError, Opened};
use crate::frontier::decimal;
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::note::{MAX_NOTE_BYTES, Note};
use crate::proof::{MAX_PROOF_HASHES, ProofError, verify_inclusion};
use crate::tile::MAX_ENTRY_BYTES;

/// Most bytes of a proof with the entry in it.
pub const MAX_ENTRY_PROOF_BYTES: usize = MAX_NOTE_BYTES + 2 * MAX_ENTRY_BYTES + 64 * MAX_PROOF_HASHES;

/// The first line of a proof.
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The entry, where it is, and why it belongs there: a file `….tlog-proof`.
///
/// As text (`Display`, `FromStr`) in the format of C2SP tlog-proof. The line `extra` carries the entry itself, so that
/// the one file says everything; what it says is believed only once the proof holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    /// The bytes of the entry; empty where the file came without them.
    pub entry: Vec<u8>,
    /// 0-based index of the entry.
    pub index: u64,
    /// The hashes from the leaf's sibling up.
    pub hashes: Vec<Hash>,
    /// The checkpoint, as the log signed it.
    pub checkpoint: Note,
}

/// What a proof has proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// 0-based index of the entry.
    pub index: u64,
    /// The checkpoint and who signed it.
    pub opened: Opened,
}

/// A proof that cannot be read or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryProofError {
    /// Larger than a proof can be.
    #[error("the proof is larger than {MAX_ENTRY_PROOF_BYTES} bytes")]
    TooLarge,
    /// Not of the form of a proof.
    #[error("line {line} of the proof: {what}")]
    Malformed {
        /// 1-based line.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Its checkpoint cannot be read or trusted.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the checkpoint.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl EntryProof {
    /// Checks that the entry is in the log `origin`, as one of these keys signed it.
    ///
    /// # Errors
    /// [`EntryProofError::Checkpoint`], [`EntryProofError::Proof`].
    pub fn verify(&self, origin: &str, keys: &[VerifierKey]) -> Result<Proven, EntryProofError> {
        let opened = Checkpoint::open(&self.checkpoint.to_string(), origin, keys)?;
        let Checkpoint { size, root, .. } = &opened.checkpoint;
        verify_inclusion(&leaf_hash(&self.entry), self.index, *size, root, &self.hashes)?;
        Ok(Proven { index: self.index, opened })
    }
}

impl fmt::Display for EntryProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if !self.entry.is_empty() {
            writeln!(f, "extra {}", base64::encode(&self.entry))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for EntryProof {
    type Err = EntryProofError;

    fn from_str(text: &str) -> Result<Self, EntryProofError> {
        let malformed = |line, what| EntryProofError::Malformed { line, what };
        if text.len() > MAX_ENTRY_PROOF_BYTES {
            return Err(EntryProofError::TooLarge);
        }
        let no_gap = malformed(text.lines().count(), "no empty line before the checkpoint");
        let (head, checkpoint) = text.split_once("\n\n").ok_or(no_gap)?;
        let mut lines = head.split('\n').zip(1..).peekable();
        if lines.next().is_none_or(|(line, _)| line != FIRST_LINE) {
            return Err(malformed(1, "not a proof of an entry in a log"));
        }
        let extra = lines.next_if(|(line, _)| line.starts_with("extra "));
        let entry = match extra.and_then(|(line, _)| line.strip_prefix("extra ")) {
            Some(extra) => base64::decode(extra).ok_or(malformed(2, "the entry is not base64"))?,
            None => Vec::new(),
        };
        let index_line = 2 + usize::from(extra.is_some());
        let index = lines.next().and_then(|(line, _)| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(malformed(index_line, "no index of an entry"))?;
        let mut hashes = Vec::new();
        for (line, at) in lines {
            if hashes.len() >= MAX_PROOF_HASHES {
                return Err(malformed(at, "too many hashes"));
            }
            hashes.push(Hash::from_base64(line).map_err(|_| malformed(at, "not a hash"))?);
        }
        let checkpoint = Note::parse(checkpoint).map_err(CheckpointError::from)?;
        Ok(EntryProof { entry, index, hashes, checkpoint })
    }
}
