//! The key of the ledger, with what is kept beside it: the newest checkpoint, and the keys before this one.

use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use yata_ledger::{Checkpoint, Key, KeyError, MAX_NOTE_BYTES, VerifierKey};
use yata_store::{Store, StoreError, Trust};

use crate::witness::Witness;

/// Batches that one call seals at most.
const MAX_BATCHES: u32 = 10_000;

/// Most former keys.
const MAX_KEYS: usize = 100;

/// Gives acts their place in the ledger of one data folder.
pub struct Sealer {
    key: Key,
    former: Vec<VerifierKey>,
    kept: PathBuf,
    /// Who countersigns.
    pub(crate) witness: Option<Arc<Witness>>,
    /// Held by whoever verifies the whole log.
    pub(crate) verifying: tokio::sync::Mutex<()>,
}

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The checkpoint beside the key could not be read or written.
    #[error("the checkpoint `{}` beside the key of the ledger", path.display())]
    Kept {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").field("key", &self.key.name()).field("kept", &self.kept).finish_non_exhaustive()
    }
}

impl Sealer {
    /// With the key, those before it, and the file for the newest checkpoint.
    pub fn new(key: Key, former: Vec<VerifierKey>, kept: PathBuf) -> Self {
        Sealer { key, former, kept, witness: None, verifying: tokio::sync::Mutex::new(()) }
    }

    /// With a witness that countersigns the checkpoints.
    #[must_use]
    pub fn with_witness(mut self, witness: Option<Arc<Witness>>) -> Self {
        self.witness = witness;
        self
    }

    /// The public key.
    pub fn verifier(&self) -> VerifierKey {
        self.key.verifier()
    }

    /// What the ledger is held against: the keys, and the checkpoint beside them.
    ///
    /// # Errors
    /// The checkpoint is there and cannot be read.
    pub fn trust(&self) -> Result<Trust, SealError> {
        let mut keys = vec![self.key.verifier()];
        keys.extend(self.former.iter().cloned());
        let trust = Trust::new(keys);
        let kept = read_note(&self.kept).map_err(|source| self.failed(source))?;
        let name = self.kept.file_name().unwrap_or_default().to_string_lossy();
        Ok(match kept {
            Some(note) => trust.with_kept(name, note),
            None => trust,
        })
    }

    /// Gives everything that waits its place, and keeps the newest checkpoint beside the key. Gives how many entries
    /// were added.
    ///
    /// # Errors
    /// All of [`SealError`]. What could not be sealed waits on in the database.
    pub async fn seal(&self, store: &Store, now: Timestamp) -> Result<u64, SealError> {
        let mut added = 0;
        for _ in 0..MAX_BATCHES {
            let trust = self.trust()?;
            let sealed = store.seal(&self.key, &trust, now).await?;
            added += u64::from(sealed.added);
            self.keep(&trust, &sealed.checkpoint, sealed.size)?;
            if !sealed.more {
                break;
            }
        }
        Ok(added)
    }

    /// Replaces the checkpoint beside the key with a later one, in one step.
    fn keep(&self, trust: &Trust, note: &str, size: u64) -> Result<(), SealError> {
        let there = trust.kept.iter().find_map(|(_, kept)| {
            Checkpoint::open(kept, trust.origin(), &trust.keys).ok().map(|opened| opened.checkpoint.size)
        });
        if there.is_some_and(|there| there >= size) {
            return Ok(());
        }
        replace(&self.kept, note.as_bytes()).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> SealError {
        SealError::Kept { path: self.kept.clone(), source }
    }
}

/// The text of a note in a file; `None` where there is no file.
fn read_note(path: &Path) -> std::io::Result<Option<String>> {
    let file = match std::fs::File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut text = String::new();
    file.take(MAX_NOTE_BYTES as u64 + 1).read_to_string(&mut text)?;
    Ok(Some(text))
}

/// Writes a file aside, presses it onto the disk and gives it its name.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension(format!("{}.{}.part", std::process::id(), uuid::Uuid::now_v7().simple()));
    let written = std::fs::File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written?;
    // The new name is on the disk, too.
    match path.parent().map(std::fs::File::open) {
        Some(Ok(folder)) => folder.sync_all(),
        _ => Ok(()),
    }
}

/// Public keys, one a line; empty lines and those that begin with `#` are passed over.
///
/// # Errors
/// A line that is no key, keys of several logs, or too many of them.
pub fn verifier_keys(text: &str) -> Result<Vec<VerifierKey>, KeyError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.take(MAX_KEYS).map(str::parse).collect()
}
