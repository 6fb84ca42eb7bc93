//! Keys that sign notes, and the keys that check them, in the text forms of C2SP signed-note and Go's `sumdb/note`.

use std::fmt;
use std::str::FromStr;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::base64;
use crate::hash::hex;
use crate::note::Signature;

/// Most bytes of the name of a key.
pub const MAX_NAME_BYTES: usize = 255;

/// Bytes of an Ed25519 seed and of a public key.
const KEY_BYTES: usize = 32;

/// What the text of a secret key begins with.
const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// What a signature says; the byte stands in the text of a key and in its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureKind {
    /// Ed25519 over the text of the note: how a log signs (0x01).
    Ed25519,
    /// Ed25519 over the time and the checkpoint: how a witness countersigns (0x04, tlog-cosignature).
    Cosignature,
}

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key for signed notes: {what}")]
pub struct KeyError {
    what: &'static str,
}

/// A public key with its name: what checks signatures.
///
/// As text (`Display`, `FromStr`): name, key id in hexadecimal digits, base64 of kind and key, a plus between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: SignatureKind,
    public: [u8; KEY_BYTES],
}

/// A secret key with its name. It is forgotten safely when dropped, and has no `Debug`.
#[derive(Clone)]
pub struct Key {
    name: String,
    seed: Zeroizing<[u8; KEY_BYTES]>,
    public: [u8; KEY_BYTES],
}

impl SignatureKind {
    fn byte(self) -> u8 {
        match self {
            SignatureKind::Ed25519 => 1,
            SignatureKind::Cosignature => 4,
        }
    }
}

/// Whether a name may stand in a signature line: not empty, no space of any script, no plus, no control character.
pub(crate) fn is_name(name: &str) -> bool {
    let refused = |c: char| c.is_whitespace() || c == '+' || c.is_control();
    !name.is_empty() && name.len() <= MAX_NAME_BYTES && !name.contains(refused)
}

impl VerifierKey {
    /// From its parts.
    ///
    /// # Errors
    /// A name that cannot stand in a signature line.
    pub fn new(name: &str, kind: SignatureKind, public: [u8; KEY_BYTES]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError { what: "the name is empty, too long, or has a space or a plus in it" });
        }
        Ok(VerifierKey { name: name.to_owned(), kind, public })
    }

    /// The name that stands in signature lines.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its signatures say.
    #[must_use]
    pub fn kind(&self) -> SignatureKind {
        self.kind
    }

    /// The id that stands before the signature: the beginning of a hash over name, kind and key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.public)
            .finalize()
            .into();
        let [a, b, c, d, ..] = hash;
        [a, b, c, d]
    }

    /// The id in hexadecimal digits, for people.
    #[must_use]
    pub fn id_text(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id()))
    }

    /// Whether the signature is one of this key by name and id.
    #[must_use]
    pub fn made(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.id == self.id()
    }

    /// Checks a signature over the text of a note. The time (seconds since 1970) of a cosignature is part of what
    /// is signed and comes back; a plain signature has none.
    #[must_use]
    pub fn check(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        let key = UnparsedPublicKey::new(&ED25519, self.public);
        match self.kind {
            SignatureKind::Ed25519 => key.verify(text.as_bytes(), signature).ok().map(|()| None),
            SignatureKind::Cosignature => {
                let (time, signature) = signature.split_first_chunk::<8>()?;
                let time_s = u64::from_be_bytes(*time);
                let message = cosigned(text, time_s);
                key.verify(message.as_bytes(), signature).ok().map(|()| Some(time_s))
            }
        }
    }
}

/// What a witness signs (tlog-cosignature, "Ed25519 signed message").
fn cosigned(text: &str, time_s: u64) -> String {
    format!("cosignature/v1\ntime {time_s}\n{text}")
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key: Vec<u8> = std::iter::once(self.kind.byte()).chain(self.public).collect();
        write!(f, "{}+{}+{}", self.name, self.id_text(), base64::encode(&key))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, kind, public) = parts(text)?;
        let key = VerifierKey::new(name, kind, *public)?;
        if key.id() == id { Ok(key) } else { Err(KeyError { what: "the key id belongs to another key" }) }
    }
}

type Parts<'a> = (&'a str, [u8; 4], SignatureKind, Zeroizing<[u8; KEY_BYTES]>);

/// Name, id, kind and key of a text; base64 may have a plus in it, names may not.
fn parts(text: &str) -> Result<Parts<'_>, KeyError> {
    if text.len() > MAX_NAME_BYTES + 100 {
        return Err(KeyError { what: "too long" });
    }
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError { what: "expected name, key id and key with a plus between" });
    };
    let id = hex(id).and_then(|id| id.try_into().ok()).ok_or(KeyError { what: "the key id is not 8 digits" })?;
    let key = Zeroizing::new(base64::decode(key).ok_or(KeyError { what: "the key is not base64" })?);
    let (kind, key) = key.split_first().ok_or(KeyError { what: "the key is empty" })?;
    let kind = match kind {
        1 => SignatureKind::Ed25519,
        4 => SignatureKind::Cosignature,
        _ => return Err(KeyError { what: "an unknown kind of key" }),
    };
    let key = key.try_into().map_err(|_| KeyError { what: "the key is not 32 bytes" })?;
    Ok((name, id, kind, Zeroizing::new(key)))
}

impl Key {
    /// From 32 random bytes, which the caller draws from the system.
    ///
    /// # Errors
    /// A name that cannot stand in a signature line.
    pub fn from_seed(name: &str, seed: &[u8; KEY_BYTES]) -> Result<Self, KeyError> {
        let pair = pair(seed)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError { what: "no public key" })?;
        VerifierKey::new(name, SignatureKind::Ed25519, public)?;
        Ok(Key { name: name.to_owned(), seed: Zeroizing::new(*seed), public })
    }

    /// Reads [`Key::to_secret_text`].
    ///
    /// # Errors
    /// Not the text of a secret key, or the id in it belongs to another key.
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        let text =
            text.strip_prefix(SECRET_PREFIX).ok_or(KeyError { what: "it does not begin as a secret key does" })?;
        let (name, id, kind, seed) = parts(text)?;
        let key = Key::from_seed(name, &seed)?;
        let written = VerifierKey { name: key.name.clone(), kind, public: key.public };
        if written.id() == id { Ok(key) } else { Err(KeyError { what: "the key id belongs to another key" }) }
    }

    /// The secret as text, `PRIVATE+KEY+…`: for a file that only the service can read.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![SignatureKind::Ed25519.byte()]);
        bytes.extend_from_slice(self.seed.as_slice());
        let key = Zeroizing::new(base64::encode(&bytes));
        Zeroizing::new(format!("{SECRET_PREFIX}{}+{}+{}", self.name, self.verifier().id_text(), key.as_str()))
    }

    /// The name that stands in signature lines.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What checks the signatures of [`Key::sign`].
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), kind: SignatureKind::Ed25519, public: self.public }
    }

    /// What checks the signatures of [`Key::cosign`].
    #[must_use]
    pub fn cosignature_verifier(&self) -> VerifierKey {
        VerifierKey { kind: SignatureKind::Cosignature, ..self.verifier() }
    }

    /// Signs the text of a note, as a log does.
    ///
    /// # Errors
    /// The cryptographic library refuses the key, which does not happen with a key that was made here.
    pub fn sign(&self, text: &str) -> Result<Signature, KeyError> {
        let bytes = pair(&self.seed)?.sign(text.as_bytes()).as_ref().to_vec();
        Ok(Signature { name: self.name.clone(), id: self.verifier().id(), bytes })
    }

    /// Countersigns the text of a checkpoint at a time (seconds since 1970), as a witness does.
    ///
    /// # Errors
    /// As [`Key::sign`]; a time beyond 2^63 - 1.
    pub fn cosign(&self, text: &str, time_s: u64) -> Result<Signature, KeyError> {
        if i64::try_from(time_s).is_err() {
            return Err(KeyError { what: "a time that no cosignature can carry" });
        }
        let signature = pair(&self.seed)?.sign(cosigned(text, time_s).as_bytes());
        let bytes = time_s.to_be_bytes().iter().chain(signature.as_ref()).copied().collect();
        Ok(Signature { name: self.name.clone(), id: self.cosignature_verifier().id(), bytes })
    }
}

fn pair(seed: &[u8; KEY_BYTES]) -> Result<Ed25519KeyPair, KeyError> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError { what: "the seed was refused" })
}
