//! The log of the machine: one entry a decision, in a Merkle tree (crate `ledger`), appended by many short-lived
//! processes.
//!
//! Entries are lines of OCSF JSON in files of 65,536; beside each file stand their hashes (tiles of level 0, one after
//! the other); a small head holds size, root and length. An append takes a lock for some microseconds. Who does not get
//! it in time leaves the entry in a folder, where the next one takes it from. A process that dies in between leaves at
//! worst a line behind the head's length, which the next append takes in, or a part of one, which it cuts off and says so.
//!
//! What this proves and what not is in `docs/hook.md`: whoever may write these files can build them anew, and only a
//! checkpoint that is kept elsewhere shows that.

mod check;
mod entry;
mod head;

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use yata_ledger::{Hash, leaf_hash};

pub use check::{Batch, Checkup, EpochCheckup, MAX_BATCH_ENTRIES, MAX_WAITING_MS};
pub use entry::{Happened, Outcome, entry};
use head::{Head, MAX_HEAD_BYTES, SEGMENT_ENTRIES};

use crate::state;

/// How long an append waits for the lock before it leaves its entry to the next.
const LOCK_WAIT: Duration = Duration::from_millis(300);

/// The first and the longest pause between two looks at the lock.
const PAUSES: (Duration, Duration) = (Duration::from_micros(20), Duration::from_millis(2));

/// Most bytes of an entry, so that one write is one entry.
pub const MAX_ENTRY_BYTES: usize = 32 * 1024;

/// Most entries that one append takes in from those who did not get the lock.
const MAX_ADOPTED: usize = 512;

/// Most characters of the name of a file that was no entry.
const MAX_DROPPED_NAME_CHARS: usize = 80;

/// Most bytes of a file of entries that is read to mend a head.
const MAX_SEGMENT_BYTES: u64 = 1 << 31;

/// Why an entry could not be logged or the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A file cannot be opened, read or written.
    #[error("cannot use the log `{}`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An entry larger than [`MAX_ENTRY_BYTES`] or one with a line break.
    #[error("an entry that cannot be logged")]
    Entry,
    /// A key that is none.
    #[error("`{}` is no key of a log", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// It stands in the log.
    At {
        /// Which log.
        epoch: u32,
        /// Its place.
        index: u64,
    },
    /// Another process held the lock for long: the entry waits in a file, and the next append takes it in.
    Waiting,
}

/// The log in a folder.
#[derive(Debug, Clone)]
pub struct Log {
    folder: PathBuf,
}

impl Log {
    /// The log in a folder, which need not be there yet.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Log { folder: folder.to_owned() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn head_path(&self) -> PathBuf {
        self.folder.join("head")
    }

    /// The head of a log that was ended, because its files were no longer what it said.
    fn ended_path(&self, epoch: u32) -> PathBuf {
        self.folder.join(format!("{epoch:04}.head"))
    }

    fn entries_path(&self, epoch: u32, segment: u64) -> PathBuf {
        self.folder.join(format!("{epoch:04}-{segment:06}.jsonl"))
    }

    fn hashes_path(&self, epoch: u32, segment: u64) -> PathBuf {
        self.folder.join(format!("{epoch:04}-{segment:06}.hashes"))
    }

    fn waiting_path(&self) -> PathBuf {
        self.folder.join("waiting")
    }

    /// Appends an entry. `now_ms` are milliseconds since 1970, for what the log says of itself.
    ///
    /// # Errors
    /// The entry stands nowhere: [`LogError::Io`], [`LogError::Entry`].
    pub fn append(&self, entry: &[u8], now_ms: i64) -> Result<Logged, LogError> {
        if entry.len() > MAX_ENTRY_BYTES || entry.contains(&b'\n') || entry.is_empty() {
            return Err(LogError::Entry);
        }
        let Some(mut head_file) = self.locked(LOCK_WAIT)? else { return self.wait_outside(entry, now_ms) };
        let mut head = self.settled(&mut head_file, now_ms)?;
        self.adopt(&mut head, &mut head_file, now_ms)?;
        self.push(&mut head, entry)?;
        self.write_head(&mut head_file, &head)?;
        Ok(Logged::At { epoch: head.epoch, index: head.size() - 1 })
    }

    /// The file of the head, locked; none where somebody else holds it for longer than `wait`. The lock ends with the
    /// process, however it ends.
    fn locked(&self, wait: Duration) -> Result<Option<File>, LogError> {
        let path = self.head_path();
        let file = state::edit(&path).map_err(|source| LogError::Io { path: path.clone(), source })?;
        let (mut pause, longest) = PAUSES;
        let mut since: Option<Instant> = None;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::WouldBlock) if since.get_or_insert_with(Instant::now).elapsed() >= wait => {
                    return Ok(None);
                }
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(longest);
                }
                Err(TryLockError::Error(source)) => return Err(LogError::Io { path, source }),
            }
        }
    }

    /// The head, with the files as it says: what a process that died left behind is taken in or cut off, and a log whose
    /// files were cut short is ended and another one begun.
    fn settled(&self, file: &mut File, now_ms: i64) -> Result<Head, LogError> {
        let path = self.head_path();
        let io = |source| LogError::Io { path: path.clone(), source };
        let mut bytes = Vec::new();
        file.take(MAX_HEAD_BYTES).read_to_end(&mut bytes).map_err(io)?;
        let mut head = match Head::parse(&bytes) {
            Some(head) => head,
            None => self.mended_head(now_ms, bytes.is_empty())?,
        };
        let segment = self.entries_path(head.epoch, head.segment());
        let length = match std::fs::symlink_metadata(&segment) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(source) => return Err(LogError::Io { path: segment, source }),
        };
        // The file of a segment that is about to begin is not there yet.
        let expected = if head.size().is_multiple_of(SEGMENT_ENTRIES) { 0 } else { head.bytes };
        if length > expected {
            self.take_in(&mut head, &segment, expected, now_ms)?;
        } else if length < expected {
            head = self.begin_anew(&head, length, now_ms)?;
        }
        Ok(head)
    }

    /// A head that is missing or torn, from the entries. That it was so is logged, unless there is no log yet.
    fn mended_head(&self, now_ms: i64, missing: bool) -> Result<Head, LogError> {
        let mut head = Head { epoch: self.newest_epoch()?, ..Head::default() };
        let mut pushed = 0;
        while let Some(bytes) = self.segment_bytes(head.epoch, head.segment())? {
            let before = head.size();
            let (hashes_path, mut hashes) = (self.hashes_path(head.epoch, head.segment()), Vec::new());
            for line in bytes.split_inclusive(|&byte| byte == b'\n') {
                let Some(entry) = line.strip_suffix(b"\n") else { break };
                if head.size() - before == SEGMENT_ENTRIES {
                    break;
                }
                let hash = leaf_hash(entry);
                hashes.extend_from_slice(&hash.0);
                head.frontier.push(hash);
                head.bytes =
                    if head.size().is_multiple_of(SEGMENT_ENTRIES) { 0 } else { head.bytes + line.len() as u64 };
                pushed += 1;
            }
            // Hashes that are there are evidence of what was; only missing ones are written.
            if !hashes_path.exists() {
                state::replace(&hashes_path, &hashes).map_err(|source| LogError::Io { path: hashes_path, source })?;
            }
            // Only a full file has a next one.
            if head.size() == before || !head.size().is_multiple_of(SEGMENT_ENTRIES) {
                break;
            }
        }
        if pushed > 0 || head.epoch > 0 || !missing {
            let what = if missing { "missing" } else { "torn" };
            let entries = head.size().to_string();
            let mended = entry::of_the_log("hook.log-mended", now_ms, &[("head", what), ("entries", &entries)]);
            self.push(&mut head, &mended)?;
        }
        Ok(head)
    }

    /// The entries of a file; none where it is not there.
    fn segment_bytes(&self, epoch: u32, segment: u64) -> Result<Option<Vec<u8>>, LogError> {
        let path = self.entries_path(epoch, segment);
        state::read(&path, MAX_SEGMENT_BYTES).map_err(|source| LogError::Io { path, source })
    }

    /// The newest log of which there are files.
    fn newest_epoch(&self) -> Result<u32, LogError> {
        let io = |source| LogError::Io { path: self.folder.clone(), source };
        let mut newest = 0;
        for found in std::fs::read_dir(&self.folder).map_err(io)? {
            let name = found.map_err(io)?.file_name();
            let epoch = name.to_str().and_then(|name| name.split_once('-')?.0.parse().ok());
            newest = newest.max(epoch.unwrap_or(0));
        }
        Ok(newest)
    }

    /// Takes in the lines behind the length that the head knows; a part of a line is cut off, and that is logged.
    fn take_in(&self, head: &mut Head, segment: &Path, from: u64, now_ms: i64) -> Result<(), LogError> {
        let io = |source| LogError::Io { path: segment.to_owned(), source };
        let mut file = state::edit(segment).map_err(io)?;
        file.seek(SeekFrom::Start(from)).map_err(io)?;
        let mut bytes = Vec::new();
        file.take(MAX_SEGMENT_BYTES).read_to_end(&mut bytes).map_err(io)?;
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        let lines = bytes.get(..whole).unwrap_or_default();
        let mut at = from;
        let first = head.segment();
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            // What stands behind a full file was not put there by the hook.
            if head.segment() != first {
                break;
            }
            at += line.len() as u64;
            let entry = line.strip_suffix(b"\n").unwrap_or(line);
            self.hashed(head, entry, line.len())?;
        }
        let kept = usize::try_from(at - from).unwrap_or(usize::MAX);
        let torn = bytes.get(kept..).unwrap_or_default();
        if torn.is_empty() {
            return Ok(());
        }
        let file = state::edit(segment).map_err(io)?;
        file.set_len(at).map_err(io)?;
        let (length, hash) = (torn.len().to_string(), Hash::of(torn).to_base64());
        let said = entry::of_the_log("hook.log-mended", now_ms, &[("cut-off-bytes", &length), ("sha256", &hash)]);
        self.push(head, &said)
    }

    /// Files are shorter than their head says: the log is left as it is for [`Log::check`], and another one begins with an
    /// entry that says where the old one ended.
    fn begin_anew(&self, old: &Head, length: u64, now_ms: i64) -> Result<Head, LogError> {
        let path = self.ended_path(old.epoch);
        state::replace(&path, &old.to_bytes()).map_err(|source| LogError::Io { path, source })?;
        let mut head = Head { epoch: old.epoch + 1, ..Head::default() };
        let facts = [
            ("log", old.epoch.to_string()),
            ("entries", old.size().to_string()),
            ("root", old.frontier.root().to_base64()),
            ("bytes-expected", old.bytes.to_string()),
            ("bytes-found", length.to_string()),
        ];
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.push(&mut head, &entry::of_the_log("hook.log-cut", now_ms, &facts))?;
        Ok(head)
    }

    /// Writes an entry and its hash.
    fn push(&self, head: &mut Head, entry: &[u8]) -> Result<(), LogError> {
        let path = self.entries_path(head.epoch, head.segment());
        let io = |source| LogError::Io { path: path.clone(), source };
        let mut line = Vec::with_capacity(entry.len() + 1);
        line.extend_from_slice(entry);
        line.push(b'\n');
        state::append(&path).map_err(io)?.write_all(&line).map_err(io)?;
        self.hashed(head, entry, line.len())
    }

    /// Takes an entry that stands in its file into the tree, and writes its hash.
    fn hashed(&self, head: &mut Head, entry: &[u8], line_bytes: usize) -> Result<(), LogError> {
        let path = self.hashes_path(head.epoch, head.segment());
        let io = |source| LogError::Io { path: path.clone(), source };
        let hash = leaf_hash(entry);
        let mut file = state::edit(&path).map_err(io)?;
        let place = (head.size() % SEGMENT_ENTRIES) * yata_ledger::HASH_BYTES as u64;
        file.seek(SeekFrom::Start(place)).map_err(io)?;
        file.write_all(&hash.0).map_err(io)?;
        head.frontier.push(hash);
        head.bytes = if head.size().is_multiple_of(SEGMENT_ENTRIES) { 0 } else { head.bytes + line_bytes as u64 };
        Ok(())
    }

    fn write_head(&self, file: &mut File, head: &Head) -> Result<(), LogError> {
        let written = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(&head.to_bytes()));
        written.map_err(|source| LogError::Io { path: self.head_path(), source })
    }

    /// Leaves an entry where the next append finds it.
    fn wait_outside(&self, entry: &[u8], now_ms: i64) -> Result<Logged, LogError> {
        let path = self.waiting_path().join(format!("{now_ms:013}-{}.json", std::process::id()));
        state::replace(&path, entry).map_err(|source| LogError::Io { path, source })?;
        Ok(Logged::Waiting)
    }

    /// Takes in the entries that wait, the oldest first. One that is none is dropped, and the log says so.
    fn adopt(&self, head: &mut Head, head_file: &mut File, now_ms: i64) -> Result<(), LogError> {
        let folder = self.waiting_path();
        let Ok(found) = std::fs::read_dir(&folder) else { return Ok(()) };
        let is_entry = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        let mut waiting: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).filter(is_entry).collect();
        waiting.sort();
        for path in waiting.into_iter().take(MAX_ADOPTED) {
            let io = |source| LogError::Io { path: path.clone(), source };
            let found = state::read(&path, MAX_ENTRY_BYTES as u64);
            let entry = found.ok().flatten().filter(|entry| !entry.is_empty() && !entry.contains(&b'\n'));
            let entry = entry.unwrap_or_else(|| dropped(&path, now_ms));
            self.push(head, &entry)?;
            // Were the process to end here, the entry would be there twice rather than not at all.
            self.write_head(head_file, head)?;
            std::fs::remove_file(&path).map_err(io)?;
        }
        Ok(())
    }
}

/// What the log says of a file among those that wait, which is no entry.
fn dropped(path: &Path, now_ms: i64) -> Vec<u8> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = crate::say::short(&name, MAX_DROPPED_NAME_CHARS);
    let bytes = std::fs::symlink_metadata(path).map_or_else(|_| String::new(), |found| found.len().to_string());
    entry::of_the_log("hook.log-mended", now_ms, &[("dropped", &name), ("dropped-bytes", &bytes)])
}
