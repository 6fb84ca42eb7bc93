//! Checkpoints: size and root of a log, signed, after C2SP tlog-checkpoint.

use crate::frontier::{Frontier, decimal};
use crate::hash::Hash;
use crate::key::{Key, KeyError, SignatureKind, VerifierKey};
use crate::note::{Note, NoteError, Signed};

/// Most bytes of an origin, so that it fits wherever a name of a key does.
const MAX_ORIGIN_BYTES: usize = 255;

/// What a log says of itself at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: one line, by custom a URL without its scheme.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// The Merkle tree hash of the entries.
    pub root: Hash,
    /// Further lines, which Yata neither writes nor reads.
    pub extensions: Vec<String>,
}

/// A checkpoint whose signatures were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// Who signed it, of the keys that were given.
    pub signed: Vec<Signed>,
}

/// A checkpoint that cannot be read or trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// As a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A signed note, but no checkpoint.
    #[error("line {line} of the checkpoint: {what}")]
    Malformed {
        /// 1-based line.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Of another log.
    #[error("the checkpoint is of the log `{found}`, not `{expected}`")]
    Origin {
        /// The log that was asked for.
        expected: String,
        /// The log that it is of.
        found: String,
    },
    /// Witnesses signed it, the log did not.
    #[error("the checkpoint is not signed by the key of the log")]
    NotByLog,
    /// It could not be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Checkpoint {
    /// What the log `origin` says of itself at the size of the frontier.
    #[must_use]
    pub fn of(origin: &str, frontier: &Frontier) -> Self {
        let (size, root) = (frontier.size(), frontier.root());
        Checkpoint { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64());
        self.extensions.iter().for_each(|line| text.extend([line.as_str(), "\n"]));
        text
    }

    /// Reads the text of a checkpoint, without signatures.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] with the line.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let malformed = |line, what| CheckpointError::Malformed { line, what };
        let body = text.strip_suffix('\n').ok_or(malformed(text.lines().count(), "no newline at the end"))?;
        let mut lines = body.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty() && origin.len() <= MAX_ORIGIN_BYTES);
        let origin = origin.ok_or(malformed(1, "no name of a log"))?.to_owned();
        let size = lines.next().and_then(decimal).ok_or(malformed(2, "not the size of a log"))?;
        let root = lines.next().and_then(|line| Hash::from_base64(line).ok()).ok_or(malformed(3, "not a root hash"))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if let Some(at) = extensions.iter().position(String::is_empty) {
            return Err(malformed(4 + at, "an empty line"));
        }
        if size == 0 && root != Hash::empty() {
            return Err(malformed(3, "a log without entries has another root hash"));
        }
        Ok(Checkpoint { origin, size, root, extensions })
    }

    /// The checkpoint as a note that the log's key signed.
    ///
    /// # Errors
    /// An origin or an extension that cannot stand on a line of its own.
    pub fn sign(&self, key: &Key) -> Result<Note, CheckpointError> {
        let text = self.text();
        // What is signed can be read again, and says the same.
        if Checkpoint::parse(&text)? != *self {
            return Err(CheckpointError::Malformed { line: 1, what: "a line break in the name of the log" });
        }
        let mut note = Note::new(&text)?;
        note.add(key.sign(&text)?)?;
        Ok(note)
    }

    /// Reads a signed checkpoint of the log `origin` and checks it against the keys that are known: those of the log,
    /// of which one must have signed, and any of witnesses.
    ///
    /// # Errors
    /// All of [`CheckpointError`].
    pub fn open(note: &str, origin: &str, keys: &[VerifierKey]) -> Result<Opened, CheckpointError> {
        let note = Note::parse(note)?;
        let signed = note.verify(keys)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::Origin { expected: origin.to_owned(), found: checkpoint.origin });
        }
        if !signed.iter().any(|signed| signed.kind == SignatureKind::Ed25519) {
            return Err(CheckpointError::NotByLog);
        }
        Ok(Opened { checkpoint, signed })
    }
}
