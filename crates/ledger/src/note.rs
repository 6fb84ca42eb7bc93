//! Signed notes: a text and the lines of those who signed it, after C2SP signed-note.

use std::fmt;

use crate::base64;
use crate::key::{SignatureKind, VerifierKey, is_name};

/// Most bytes of a note with all its signatures.
pub const MAX_NOTE_BYTES: usize = 256 * 1024;

/// Most signatures of a note; the specification asks for 16 at least.
pub const MAX_SIGNATURES: usize = 64;

/// What a signature line begins with: an em dash and a space.
const LINE_PREFIX: &str = "\u{2014} ";

/// Bytes of the id of a key before the signature.
const ID_BYTES: usize = 4;

/// A text and its signatures, none of them checked yet.
///
/// As text (`Display`): the text, an empty line, one line for each signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line. As text (`Display`): the line with its newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; ID_BYTES],
    /// What the key made: 64 bytes of Ed25519, 72 with the time of a cosignature, others for other kinds.
    pub bytes: Vec<u8>,
}

/// A signature that was checked and holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Name of the key.
    pub name: String,
    /// Id of the key in hexadecimal digits.
    pub key_id: String,
    /// What the signature says.
    pub kind: SignatureKind,
    /// When a witness countersigned, in seconds since 1970.
    pub time_s: Option<u64>,
}

/// A note that cannot be read or trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than Yata reads.
    #[error("the signed note is larger than {MAX_NOTE_BYTES} bytes")]
    TooLarge,
    /// More signatures than Yata reads.
    #[error("the signed note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// Not of the form of a note.
    #[error("line {line} of the signed note: {what}")]
    Malformed {
        /// 1-based line.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A known key did not make the signature that bears its name.
    #[error("the signature of `{name}` is wrong")]
    BadSignature {
        /// Name of the key.
        name: String,
    },
    /// None of the signatures is of a known key.
    #[error("no signature is of a known key")]
    Unsigned,
}

impl Note {
    /// A note without signatures yet. The text ends with a newline and has no control characters but newlines.
    ///
    /// # Errors
    /// [`NoteError::Malformed`], [`NoteError::TooLarge`].
    pub fn new(text: &str) -> Result<Self, NoteError> {
        check_text(text)?;
        Ok(Note { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Reads a note; checks no signature yet.
    ///
    /// # Errors
    /// [`NoteError::TooLarge`], [`NoteError::TooManySignatures`], [`NoteError::Malformed`] with the line.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        check_text(note)?;
        let no_gap =
            || NoteError::Malformed { line: note.lines().count(), what: "no empty line before the signatures" };
        let (before, lines) = note.rsplit_once("\n\n").ok_or_else(no_gap)?;
        let text = format!("{before}\n");
        let first_line = text.lines().count() + 2;
        let signatures = signature_lines(lines, first_line)?;
        Ok(Note { text, signatures })
    }

    /// The signed text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, of known and unknown keys.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature, unless it is there already.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`].
    pub fn add(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.contains(&signature) {
            return Ok(());
        }
        if self.signatures.len() >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Checks the signatures of known keys; those of unknown keys are ignored, as the specification demands.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] where one of a known key is wrong, [`NoteError::Unsigned`] where there is none.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Vec<Signed>, NoteError> {
        let mut signed = Vec::new();
        for signature in &self.signatures {
            for key in keys.iter().filter(|key| key.made(signature)) {
                let wrong = || NoteError::BadSignature { name: key.name().to_owned() };
                let time_s = key.check(&self.text, &signature.bytes).ok_or_else(wrong)?;
                signed.push(Signed { name: key.name().to_owned(), key_id: key.id_text(), kind: key.kind(), time_s });
            }
        }
        if signed.is_empty() { Err(NoteError::Unsigned) } else { Ok(signed) }
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE_BYTES {
        return Err(NoteError::TooLarge);
    }
    let control = |line: &str| line.contains(|c: char| c < ' ');
    let lines = || text.split('\n').enumerate();
    if let Some((at, _)) = lines().find(|(_, line)| control(line)) {
        return Err(NoteError::Malformed { line: at + 1, what: "a control character" });
    }
    if !text.ends_with('\n') {
        return Err(NoteError::Malformed { line: lines().count(), what: "no newline at the end" });
    }
    Ok(())
}

/// The signatures of some lines, the first of which is line `first_line` of the whole.
pub(crate) fn signature_lines(lines: &str, first_line: usize) -> Result<Vec<Signature>, NoteError> {
    let mut signatures = Vec::new();
    for (at, line) in lines.split_terminator('\n').enumerate() {
        let malformed = |what| NoteError::Malformed { line: first_line + at, what };
        if at >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let rest = line.strip_prefix(LINE_PREFIX).ok_or(malformed("not a signature line"))?;
        let (name, value) = rest.split_once(' ').ok_or(malformed("no signature after the name"))?;
        if !is_name(name) {
            return Err(malformed("a name that no key can have"));
        }
        let bytes = base64::decode(value).ok_or(malformed("a signature that is not base64"))?;
        let (id, bytes) = bytes.split_first_chunk::<ID_BYTES>().ok_or(malformed("a signature without key id"))?;
        if bytes.is_empty() {
            return Err(malformed("an empty signature"));
        }
        signatures.push(Signature { name: name.to_owned(), id: *id, bytes: bytes.to_vec() });
    }
    if signatures.is_empty() {
        return Err(NoteError::Malformed { line: first_line, what: "no signature" });
    }
    Ok(signatures)
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value: Vec<u8> = self.id.iter().chain(&self.bytes).copied().collect();
        writeln!(f, "{LINE_PREFIX}{} {}", self.name, base64::encode(&value))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| fmt::Display::fmt(signature, f))
    }
}
