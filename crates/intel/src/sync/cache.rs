//! The folder of downloads: whole files, unfinished ones, and what the services named them.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use yata_model::digest_hex;

use super::config::Job;
use crate::IntelError;
use crate::import::Watch;
use crate::layout::Validators;

const MAX_NOTE_BYTES: u64 = 64 * 1024;
/// How often it is looked whether another process has finished.
const LOCK_TICK: Duration = Duration::from_millis(100);

/// What is known of a file in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// Digest of the address it came from, which may hold a password.
    address: String,
    /// What the service named this state.
    pub(crate) validators: Validators,
    /// What may stand in `If-Range`; `None` if an unfinished file cannot be continued.
    pub(crate) if_range: Option<String>,
    /// The size of the whole in bytes, where it is known.
    pub(crate) bytes: Option<u64>,
}

impl Note {
    pub(crate) fn new(job: &Job, validators: Validators, if_range: Option<String>, bytes: Option<u64>) -> Note {
        Note { address: address(job), validators, if_range, bytes }
    }

    /// The same with the size of the whole.
    pub(crate) fn with_bytes(self, bytes: u64) -> Note {
        Note { bytes: Some(bytes), ..self }
    }
}

/// The folder, held by one process at a time.
pub(crate) struct Cache {
    folder: PathBuf,
    _lock: File,
}

impl Cache {
    /// Makes the folder and waits for its turn.
    pub(crate) fn open(folder: &Path, watch: Watch<'_>) -> Result<Cache, IntelError> {
        fs::create_dir_all(folder).map_err(IntelError::io("make the folder", folder))?;
        let path = folder.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(IntelError::io("open the lock file", &path))?;
        loop {
            watch.check()?;
            match lock.try_lock() {
                Ok(()) => return Ok(Cache { folder: folder.to_owned(), _lock: lock }),
                Err(fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_TICK),
                Err(fs::TryLockError::Error(e)) => return Err(IntelError::io("lock", &path)(e)),
            }
        }
    }

    /// Where the whole file of a job lies.
    pub(crate) fn file(&self, job: &Job) -> PathBuf {
        self.folder.join(&job.file)
    }

    /// Where the unfinished file of a job lies.
    pub(crate) fn part(&self, job: &Job) -> PathBuf {
        self.folder.join(format!("{}.part", job.file))
    }

    fn note(&self, job: &Job) -> PathBuf {
        self.folder.join(format!("{}.json", job.file))
    }

    fn part_note(&self, job: &Job) -> PathBuf {
        self.folder.join(format!("{}.part.json", job.file))
    }

    /// What the last whole download from the job's address was.
    pub(crate) fn known(&self, job: &Job) -> Option<Note> {
        read_note(&self.note(job), job)
    }

    /// Whether the file of that download still lies here whole.
    pub(crate) fn has_file(&self, job: &Job, note: &Note) -> bool {
        fs::metadata(self.file(job)).is_ok_and(|file| file.is_file() && Some(file.len()) == note.bytes)
    }

    /// How many bytes of an unfinished download can be continued, and what it is.
    pub(crate) fn unfinished(&self, job: &Job) -> Option<(u64, Note)> {
        let note = read_note(&self.part_note(job), job).filter(|note| note.if_range.is_some())?;
        let length = fs::metadata(self.part(job)).ok()?.len();
        let fits = length > 0 && note.bytes.is_none_or(|bytes| length < bytes);
        fits.then_some((length, note))
    }

    /// Begins an unfinished file anew.
    pub(crate) fn begin(&self, job: &Job, note: &Note) -> Result<File, IntelError> {
        // INVARIANT: at no moment does a note stand beside bytes of another state.
        remove(&self.part_note(job))?;
        let path = self.part(job);
        let file = File::create(&path).map_err(IntelError::io("write", &path))?;
        write_note(&self.part_note(job), note)?;
        Ok(file)
    }

    /// Continues an unfinished file.
    pub(crate) fn resume(&self, job: &Job) -> Result<File, IntelError> {
        let path = self.part(job);
        File::options().append(true).open(&path).map_err(IntelError::io("write", &path))
    }

    /// Throws an unfinished file away.
    pub(crate) fn discard(&self, job: &Job) -> Result<(), IntelError> {
        remove(&self.part_note(job))?;
        remove(&self.part(job))
    }

    /// Makes an unfinished file, now whole, the file of its job.
    pub(crate) fn complete(&self, job: &Job, file: &File, note: &Note) -> Result<(), IntelError> {
        let (part, whole) = (self.part(job), self.file(job));
        file.sync_all().map_err(IntelError::io("write through", &part))?;
        remove(&self.note(job))?;
        fs::rename(&part, &whole).map_err(IntelError::io("put the download in place of", &whole))?;
        write_note(&self.note(job), note)?;
        remove(&self.part_note(job))
    }

    /// Throws a whole file away, and what is known of it.
    pub(crate) fn forget(&self, job: &Job) -> Result<(), IntelError> {
        remove(&self.note(job))?;
        remove(&self.file(job))
    }
}

fn address(job: &Job) -> String {
    digest_hex(&[job.url.as_str()])
}

/// A note about the job's address; one that cannot be read is none.
fn read_note(path: &Path, job: &Job) -> Option<Note> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_NOTE_BYTES).read_to_end(&mut bytes).ok()?;
    let note: Note = serde_json::from_slice(&bytes).ok()?;
    (note.address == address(job)).then_some(note)
}

fn write_note(path: &Path, note: &Note) -> Result<(), IntelError> {
    let bytes = serde_json::to_vec(note).map_err(|e| IntelError::io("write", path)(e.into()))?;
    let new = path.with_extension("new");
    fs::write(&new, bytes).map_err(IntelError::io("write", &new))?;
    fs::rename(&new, path).map_err(IntelError::io("write", path))
}

fn remove(path: &Path) -> Result<(), IntelError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(IntelError::io("remove", path)(e)),
        _ => Ok(()),
    }
}
