//! Witnesses: others who watch that the log only grows, and countersign it, after C2SP tlog-witness.
//!
//! A log makes an [`AddCheckpoint`], sends its text to `<prefix>/add-checkpoint` and reads the answer with
//! [`Answer::read`]; a witness answers with [`Witness::answer`]. Neither side's HTTP is here.

use std::fmt;
use std::str::FromStr;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::frontier::decimal;
use crate::hash::Hash;
use crate::key::{Key, SignatureKind, VerifierKey};
use crate::note::{MAX_NOTE_BYTES, Note, NoteError, Signed, signature_lines};
use crate::proof::{MAX_PROOF_HASHES, verify_consistency};

/// Most bytes of a request to a witness.
pub const MAX_REQUEST_BYTES: usize = MAX_NOTE_BYTES + 64 * (MAX_PROOF_HASHES + 2);

/// Most bytes of an answer that is read.
pub const MAX_ANSWER_BYTES: usize = MAX_NOTE_BYTES;

/// The content type of the answer with status 409.
pub const SIZE_CONTENT_TYPE: &str = "text/x.tlog.size";

/// The request to countersign a checkpoint. As text (`Display`, `FromStr`): the body of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that the witness countersigned last, as far as the log knows; 0 for none.
    pub old_size: u64,
    /// The proof that the log grew from there.
    pub proof: Vec<Hash>,
    /// The new checkpoint, as the log signed it.
    pub checkpoint: Note,
}

/// A request or an answer that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// Larger than Yata reads.
    #[error("what was sent is larger than {MAX_REQUEST_BYTES} bytes")]
    TooLarge,
    /// Not of the form of a request or an answer.
    #[error("line {line}: {what}")]
    Malformed {
        /// 1-based line.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The note or the signature lines in it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// None of the cosignatures is of a witness that is known.
    #[error("no cosignature is of a known witness")]
    UnknownWitness,
}

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It countersigned.
    Cosigned {
        /// The checkpoint with the cosignatures of known witnesses added.
        checkpoint: Note,
        /// Who countersigned and when.
        signed: Vec<Signed>,
    },
    /// It knows another checkpoint than the log thought: ask again with a proof from this size. Where the size is that
    /// of the checkpoint itself, it saw another log under this name.
    Known {
        /// Size of the checkpoint that it countersigned last.
        size: u64,
    },
    /// It does not know the log (404).
    UnknownLog,
    /// It knows none of the keys that signed (403).
    UnknownKey,
    /// The proof does not hold (422): this log was rewritten since the witness saw it.
    Inconsistent,
    /// Any other status.
    Status(u16),
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for AddCheckpoint {
    type Err = WitnessError;

    fn from_str(text: &str) -> Result<Self, WitnessError> {
        let malformed = |line, what| WitnessError::Malformed { line, what };
        if text.len() > MAX_REQUEST_BYTES {
            return Err(WitnessError::TooLarge);
        }
        let no_gap = malformed(text.lines().count(), "no empty line before the checkpoint");
        let (head, checkpoint) = text.split_once("\n\n").ok_or(no_gap)?;
        let mut lines = head.split('\n').zip(1..);
        let old_size = lines.next().and_then(|(line, _)| line.strip_prefix("old ")).and_then(decimal);
        let old_size = old_size.ok_or(malformed(1, "no old size"))?;
        let mut proof = Vec::new();
        for (line, at) in lines {
            if proof.len() >= MAX_PROOF_HASHES {
                return Err(malformed(at, "too many hashes"));
            }
            proof.push(Hash::from_base64(line).map_err(|_| malformed(at, "not a hash"))?);
        }
        Ok(AddCheckpoint { old_size, proof, checkpoint: Note::parse(checkpoint)? })
    }
}

impl Answer {
    /// Reads the answer of a witness to the request for `checkpoint`: the status and the body of the response. Only
    /// cosignatures of `witnesses` count, and each is checked.
    ///
    /// # Errors
    /// All of [`WitnessError`].
    pub fn read(
        status: u16,
        body: &[u8],
        checkpoint: &Note,
        witnesses: &[VerifierKey],
    ) -> Result<Answer, WitnessError> {
        let malformed = |what| WitnessError::Malformed { line: 1, what };
        match status {
            200 => {
                if body.len() > MAX_ANSWER_BYTES {
                    return Err(WitnessError::TooLarge);
                }
                let lines = std::str::from_utf8(body).map_err(|_| malformed("not UTF-8"))?;
                cosigned(lines, checkpoint, witnesses)
            }
            409 => {
                // The limit keeps a long body from being read; a size has at most 20 digits.
                let text = body.get(..body.len().min(32)).and_then(|body| std::str::from_utf8(body).ok());
                let size = text.and_then(|text| text.strip_suffix('\n')).and_then(decimal);
                Ok(Answer::Known { size: size.ok_or(malformed("not the size of a log"))? })
            }
            404 => Ok(Answer::UnknownLog),
            403 => Ok(Answer::UnknownKey),
            422 => Ok(Answer::Inconsistent),
            _ => Ok(Answer::Status(status)),
        }
    }
}

fn cosigned(lines: &str, checkpoint: &Note, witnesses: &[VerifierKey]) -> Result<Answer, WitnessError> {
    let (mut note, mut signed) = (checkpoint.clone(), Vec::new());
    for signature in signature_lines(lines, 1)? {
        let known = |key: &&VerifierKey| key.kind() == SignatureKind::Cosignature && key.made(&signature);
        let Some(key) = witnesses.iter().find(known) else { continue };
        let wrong = || NoteError::BadSignature { name: key.name().to_owned() };
        let time_s = key.check(checkpoint.text(), &signature.bytes).ok_or_else(wrong)?;
        signed.push(Signed { name: signature.name.clone(), key_id: key.id_text(), kind: key.kind(), time_s });
        note.add(signature)?;
    }
    if signed.is_empty() {
        return Err(WitnessError::UnknownWitness);
    }
    Ok(Answer::Cosigned { checkpoint: note, signed })
}

/// What a witness knows of one log, and the key with which it countersigns.
#[derive(Clone, Copy)]
pub struct Witness<'a> {
    /// The witness's own key.
    pub key: &'a Key,
    /// Which log it watches.
    pub origin: &'a str,
    /// The keys of that log.
    pub log_keys: &'a [VerifierKey],
    /// Size and root of the checkpoint that it countersigned last; size 0 for none.
    pub last: (u64, Hash),
}

/// How a witness answers, and what it must have stored durably before it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Body; with status 409 of content type [`SIZE_CONTENT_TYPE`].
    pub body: String,
    /// What to store as [`Witness::last`] before answering; checking and storing must be one step.
    pub store: Option<(u64, Hash)>,
}

impl Witness<'_> {
    /// Answers the body of a request at a time (seconds since 1970).
    #[must_use]
    pub fn answer(&self, body: &str, time_s: u64) -> Response {
        let refuse = |status, body: &str| Response { status, body: body.to_owned(), store: None };
        let Ok(request) = body.parse::<AddCheckpoint>() else { return refuse(400, "") };
        let note = request.checkpoint.to_string();
        let checkpoint = match Checkpoint::open(&note, self.origin, self.log_keys) {
            Ok(opened) => opened.checkpoint,
            Err(CheckpointError::Malformed { .. }) => return refuse(400, ""),
            Err(CheckpointError::Origin { .. }) => return refuse(404, ""),
            Err(_) if self.is_of_another_log(&request) => return refuse(404, ""),
            Err(_) => return refuse(403, ""),
        };
        let (last_size, last_root) = self.last;
        if request.old_size > checkpoint.size {
            return refuse(400, "");
        }
        let fork = last_size == checkpoint.size && last_size > 0 && last_root != checkpoint.root;
        if request.old_size != last_size || fork {
            return refuse(409, &format!("{last_size}\n"));
        }
        let old_root = if last_size == 0 { Hash::empty() } else { last_root };
        let (size, root) = (checkpoint.size, checkpoint.root);
        if verify_consistency(last_size, &old_root, size, &root, &request.proof).is_err() {
            return refuse(422, "");
        }
        match self.key.cosign(request.checkpoint.text(), time_s) {
            Ok(signature) => Response { status: 200, body: signature.to_string(), store: Some((size, root)) },
            Err(_) => refuse(500, ""),
        }
    }

    fn is_of_another_log(&self, request: &AddCheckpoint) -> bool {
        Checkpoint::parse(request.checkpoint.text()).is_ok_and(|checkpoint| checkpoint.origin != self.origin)
    }
}
