//! The hashes of the tree, RFC 6962 section 2.1 with SHA-256.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::base64;

/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;

/// Stands before an entry when it is hashed, so that no entry hashes like a node.
const LEAF_PREFIX: [u8; 1] = [0];

/// Stands before the two halves when a node is hashed.
const NODE_PREFIX: [u8; 1] = [1];

/// A SHA-256 hash: of an entry, of a node of the tree, or of a document that an entry speaks of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

/// A text that is no hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 hash: expected {expected}")]
pub struct HashError {
    /// The form that was expected.
    expected: &'static str,
}

impl Hash {
    /// The hash of the tree without entries: that of no bytes.
    #[must_use]
    pub fn empty() -> Self {
        Hash(Sha256::digest([]).into())
    }

    /// The plain SHA-256 of a document, for what an entry speaks of; not of a leaf.
    #[must_use]
    pub fn of(document: &[u8]) -> Self {
        Hash(Sha256::digest(document).into())
    }

    /// Standard base64 with padding, as checkpoints and proofs write it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        base64::encode(&self.0)
    }

    /// Reads [`Hash::to_base64`].
    ///
    /// # Errors
    /// Not canonical base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        let bytes = base64::decode(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Hash).ok_or(HashError { expected: "base64 of 32 bytes" })
    }

    /// Reads 32 bytes, no more and no fewer.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = HashError;

    /// Reads 64 lower-case hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, HashError> {
        let refused = HashError { expected: "64 lower-case hexadecimal digits" };
        hex(text).and_then(|bytes| bytes.try_into().ok()).map(Hash).ok_or(refused)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The bytes of lower-case hexadecimal digits.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in text.as_bytes().chunks(2) {
        let &[high, low] = pair else { return None };
        bytes.push(digit(high)? << 4 | digit(low)?);
    }
    Some(bytes)
}

/// The hash of an entry as a leaf of the tree (RFC 6962 section 2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update(LEAF_PREFIX).chain_update(entry).finalize().into())
}

/// The hash of a node from its two halves (RFC 6962 section 2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let hasher = Sha256::new().chain_update(NODE_PREFIX).chain_update(left.0).chain_update(right.0);
    Hash(hasher.finalize().into())
}
