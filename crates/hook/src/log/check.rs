//! Reading the log again: what was edited, taken out, put elsewhere or cut off; checkpoints; batches for the service.

use std::io;
use std::path::Path;

use yata_ledger::{Checkpoint, Finding, Hash, Key, MAX_NOTE_BYTES, Report, Verification, VerifierKey};

use super::head::{Head, MAX_HEAD_BYTES, SEGMENT_ENTRIES};
use super::{LOCK_WAIT, Log, LogError};
use crate::state;

/// Most entries of a batch.
pub const MAX_BATCH_ENTRIES: u64 = 4096;

/// Most checkpoints that a log is held against: the newest ones.
const MAX_CHECKPOINTS: usize = 1000;

/// What all logs of this kind are called; a machine's own id and the number of the log follow.
const ORIGIN: &str = "yata.local/hook";

/// Bytes of the file with id and seed.
const MAX_KEY_BYTES: u64 = 256;

/// How long an entry may wait outside of the tree: a minute.
pub const MAX_WAITING_MS: i64 = 60_000;

/// What was found in the logs of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// One for each log that was begun; there is more than one only where one was cut short.
    pub epochs: Vec<EpochCheckup>,
    /// Entries that wait to be taken in: they stand outside of the tree.
    pub waiting: usize,
    /// Since when the oldest of them waits, in milliseconds since 1970.
    pub waiting_since_ms: Option<i64>,
}

impl Checkup {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.epochs.iter().all(EpochCheckup::holds)
    }

    /// Whether an entry waits for longer than [`MAX_WAITING_MS`]: somebody keeps the log locked, or no call came since.
    #[must_use]
    pub fn is_overdue(&self, now_ms: i64) -> bool {
        self.waiting_since_ms.is_some_and(|since| now_ms.saturating_sub(since) > MAX_WAITING_MS)
    }
}

/// What was found in one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochCheckup {
    /// Its number, from 0.
    pub epoch: u32,
    /// What the entries, their hashes and the checkpoints say.
    pub report: Report,
    /// Entries and root by the head; none where there is no head that can be read.
    pub head: Option<(u64, Hash)>,
}

impl EpochCheckup {
    /// Whether nothing is wrong. That nothing was signed yet is not wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.head_holds() && self.findings().next().is_none()
    }

    /// What is wrong with entries, hashes and checkpoints.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(|finding| **finding != Finding::NoCheckpoint)
    }

    /// Whether the entries lead to what the head says.
    #[must_use]
    pub fn head_holds(&self) -> bool {
        self.head == self.report.root.map(|root| (self.report.entries, root))
            || (self.head.is_none() && self.report.entries == 0)
    }
}

/// Entries of a log, in order, with a signed checkpoint that covers them: what the service collects and anchors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The number of the log, from 0.
    pub epoch: u32,
    /// The index of the first entry.
    pub start: u64,
    /// The bytes of the entries, each one leaf.
    pub entries: Vec<Vec<u8>>,
    /// The signed checkpoint (C2SP tlog-checkpoint) of at least `start` and the number of entries.
    pub checkpoint: String,
}

impl Log {
    /// Reads all logs again and holds them against their heads, their hashes and the checkpoints that were signed.
    ///
    /// # Errors
    /// [`LogError::Io`] where a file is there and cannot be read.
    pub fn check(&self) -> Result<Checkup, LogError> {
        let newest = match self.newest_epoch() {
            Ok(newest) => newest,
            Err(LogError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(Checkup { epochs: Vec::new(), waiting: 0, waiting_since_ms: None });
            }
            Err(error) => return Err(error),
        };
        let epochs = (0..=newest).map(|epoch| self.check_epoch(epoch, newest)).collect::<Result<_, _>>()?;
        let names =
            std::fs::read_dir(self.waiting_path()).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        // A name that does not begin with a time is older than any.
        let since = |name: &String| name.split('-').next().and_then(|time| time.parse().ok()).unwrap_or(0);
        Ok(Checkup { epochs, waiting: names.len(), waiting_since_ms: names.iter().map(since).min() })
    }

    /// The head is read under the lock, and the entries without it: what is appended meanwhile stands behind it.
    fn check_epoch(&self, epoch: u32, newest: u32) -> Result<EpochCheckup, LogError> {
        let lock = self.locked(LOCK_WAIT)?;
        let head_path = if epoch == newest { self.head_path() } else { self.ended_path(epoch) };
        let head = self.bytes(&head_path, MAX_HEAD_BYTES)?.and_then(|bytes| Head::parse(&bytes));
        let head = head.filter(|head| head.epoch == epoch).map(|head| (head.size(), head.frontier.root()));
        let notes = self.checkpoints(epoch)?;
        drop(lock);
        let (origin, keys) = match self.key(epoch)? {
            Some(key) => (key.name().to_owned(), vec![key.verifier()]),
            None => (String::new(), Vec::<VerifierKey>::new()),
        };
        let newest_notes = notes.iter().rev().take(MAX_CHECKPOINTS);
        let verification = newest_notes
            .fold(Verification::new(&origin, &keys), |verification, (name, note)| verification.earlier(name, note));
        let mut verifier = verification.start();
        let end = head.map_or(u64::MAX, |(size, _)| size);
        let (mut index, mut segment) = (0, 0);
        while index < end
            && let Some(bytes) = self.segment_bytes(epoch, segment)?
        {
            let path = self.hashes_path(epoch, segment);
            let hashes = self.bytes(&path, SEGMENT_ENTRIES * yata_ledger::HASH_BYTES as u64)?.unwrap_or_default();
            let mut hashes = hashes.chunks_exact(yata_ledger::HASH_BYTES).map(Hash::from_bytes);
            let lines = bytes.split_inclusive(|&byte| byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
            for entry in lines.take(usize::try_from(end - index).unwrap_or(usize::MAX)) {
                verifier.entry(index, entry, hashes.next().flatten());
                index += 1;
            }
            segment += 1;
        }
        Ok(EpochCheckup { epoch, report: verifier.finish(), head })
    }

    fn bytes(&self, path: &Path, limit: u64) -> Result<Option<Vec<u8>>, LogError> {
        state::read(path, limit).map_err(|source| LogError::Io { path: path.to_owned(), source })
    }

    /// The signed checkpoints of a log by name, the smallest first.
    fn checkpoints(&self, epoch: u32) -> Result<Vec<(String, String)>, LogError> {
        let folder = self.folder.join("checkpoints");
        let Ok(found) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let of_epoch = format!("{epoch:04}-");
        let mut notes = Vec::new();
        for path in found.flatten().map(|entry| entry.path()) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.starts_with(&of_epoch)
                && let Some(bytes) = self.bytes(&path, MAX_NOTE_BYTES as u64)?
            {
                notes.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        notes.sort();
        Ok(notes)
    }

    /// The key of a log of this machine; none where nothing was signed yet.
    fn key(&self, epoch: u32) -> Result<Option<Key>, LogError> {
        let path = self.folder.join("key");
        let Some(bytes) = self.bytes(&path, MAX_KEY_BYTES)? else { return Ok(None) };
        let key = || {
            let (id, seed) = std::str::from_utf8(&bytes).ok()?.trim().split_once(' ')?;
            let seed: Hash = seed.parse().ok()?;
            Key::from_seed(&format!("{ORIGIN}/{id}/{epoch}"), &seed.0).ok()
        };
        key().map(Some).ok_or(LogError::Key { path })
    }

    /// Signs the newest state of the log with the machine's key, keeps it and gives it; none where there is no log yet.
    /// `seed` is random, for a machine that has no key yet.
    ///
    /// # Errors
    /// [`LogError::Io`], [`LogError::Key`].
    pub fn checkpoint(&self, now_ms: i64, seed: &[u8; 32]) -> Result<Option<String>, LogError> {
        if !self.folder.exists() {
            return Ok(None);
        }
        let path = self.folder.join("key");
        if self.bytes(&path, MAX_KEY_BYTES)?.is_none() {
            let id = Hash::of(seed).to_string().chars().take(16).collect::<String>();
            let text = format!("{id} {}\n", Hash(*seed));
            state::replace(&path, text.as_bytes()).map_err(|source| LogError::Io { path: path.clone(), source })?;
        }
        let Some(mut file) = self.locked(LOCK_WAIT)? else {
            return Err(LogError::Io { path: self.head_path(), source: io::ErrorKind::WouldBlock.into() });
        };
        let mut head = self.settled(&mut file, now_ms)?;
        self.adopt(&mut head, &mut file, now_ms)?;
        self.write_head(&mut file, &head)?;
        drop(file);
        let key = self.key(head.epoch)?.ok_or_else(|| LogError::Key { path: path.clone() })?;
        let note = Checkpoint::of(key.name(), &head.frontier).sign(&key).map_err(|_| LogError::Key { path })?;
        let kept = self.folder.join("checkpoints").join(format!("{:04}-{:019}.txt", head.epoch, head.size()));
        let note = note.to_string();
        state::replace(&kept, note.as_bytes()).map_err(|source| LogError::Io { path: kept.clone(), source })?;
        Ok(Some(note))
    }

    /// The public key that checks the checkpoints of a log.
    ///
    /// # Errors
    /// [`LogError::Io`], [`LogError::Key`].
    pub fn verifier(&self, epoch: u32) -> Result<Option<VerifierKey>, LogError> {
        Ok(self.key(epoch)?.map(|key| key.verifier()))
    }

    /// The next entries of a log from `start` on, at most [`MAX_BATCH_ENTRIES`], with a checkpoint signed now. None where
    /// there are no such entries. Who has the entries before can tell from the checkpoint's root that none was changed.
    ///
    /// # Errors
    /// [`LogError::Io`], [`LogError::Key`].
    pub fn batch(&self, epoch: u32, start: u64, now_ms: i64, seed: &[u8; 32]) -> Result<Option<Batch>, LogError> {
        let Some(checkpoint) = self.checkpoint(now_ms, seed)? else { return Ok(None) };
        let mut entries = Vec::new();
        let mut segment = start / SEGMENT_ENTRIES;
        while (entries.len() as u64) < MAX_BATCH_ENTRIES
            && let Some(bytes) = self.segment_bytes(epoch, segment)?
        {
            let skip = usize::try_from(start.saturating_sub(segment * SEGMENT_ENTRIES)).unwrap_or(usize::MAX);
            let lines = bytes.split_inclusive(|&byte| byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
            let left = usize::try_from(MAX_BATCH_ENTRIES).unwrap_or(usize::MAX) - entries.len();
            entries.extend(lines.skip(skip).take(left).map(<[u8]>::to_vec));
            segment += 1;
        }
        Ok((!entries.is_empty()).then_some(Batch { epoch, start, entries, checkpoint }))
    }

    /// Hands over the bytes of all entries of all logs, in order.
    ///
    /// # Errors
    /// [`LogError::Io`].
    pub fn each(&self, mut take: impl FnMut(&[u8])) -> Result<(), LogError> {
        let newest = match self.newest_epoch() {
            Ok(epoch) => epoch,
            Err(LogError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for epoch in 0..=newest {
            let mut segment = 0;
            while let Some(bytes) = self.segment_bytes(epoch, segment)? {
                let lines = bytes.split_inclusive(|&byte| byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
                lines.for_each(&mut take);
                segment += 1;
            }
        }
        Ok(())
    }

    /// The bytes of the last entries in order, at most `last`.
    ///
    /// # Errors
    /// [`LogError::Io`].
    pub fn last(&self, last: usize) -> Result<Vec<Vec<u8>>, LogError> {
        let mut kept = std::collections::VecDeque::new();
        self.each(|line| {
            kept.push_back(line.to_vec());
            if kept.len() > last {
                kept.pop_front();
            }
        })?;
        Ok(kept.into())
    }
}
