//! The right edge of the tree: what a log must remember to grow.

use std::fmt;
use std::str::FromStr;

use crate::hash::{Hash, node_hash};

/// Most entries of a log. No log comes near it, and it keeps the arithmetic on sizes from overflowing.
pub const MAX_ENTRIES: u64 = 1 << 62;

/// The size of a tree and the roots of its largest perfect subtrees, the largest (leftmost) first.
///
/// One for each bit of the size, so that it grows and gives its root in O(log n). Its text (`Display`, `FromStr`) is the
/// size and the hashes in hexadecimal digits, a space between: fit for a row of a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

/// A perfect subtree: `level` 0 is a leaf, and node `index` of a level spans the entries
/// `index << level .. (index + 1) << level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Height of the subtree.
    pub level: u8,
    /// Place from the left among the nodes of its level.
    pub index: u64,
    /// Its Merkle tree hash.
    pub hash: Hash,
}

/// A text that is no frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the edge of a log: {what}")]
pub struct FrontierError {
    what: &'static str,
}

impl Frontier {
    /// Of the log without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From the size and the roots of the largest perfect subtrees, the leftmost first.
    ///
    /// # Errors
    /// More than [`MAX_ENTRIES`], or not one hash for each bit of the size.
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<Self, FrontierError> {
        if size > MAX_ENTRIES {
            return Err(FrontierError { what: "too many entries" });
        }
        if u32::try_from(hashes.len()) != Ok(size.count_ones()) {
            return Err(FrontierError { what: "not one hash for each bit of the size" });
        }
        Ok(Frontier { size, hashes })
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the largest perfect subtrees, the leftmost first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_| {});
    }

    /// Appends one leaf and hands out every subtree that it completes, the leaf itself first: what a log stores.
    pub fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(Node)) {
        let mut node = Node { level: 0, index: self.size, hash: leaf };
        completed(node);
        while node.index & 1 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            node = Node { level: node.level + 1, index: node.index >> 1, hash: node_hash(&left, &node.hash) };
            completed(node);
        }
        self.hashes.push(node.hash);
        self.size += 1;
    }

    /// The Merkle tree hash of all entries.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.hashes.iter().rev();
        let Some(&last) = from_the_right.next() else { return Hash::empty() };
        from_the_right.fold(last, |right, left| node_hash(left, &right))
    }
}

impl fmt::Display for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)?;
        self.hashes.iter().try_for_each(|hash| write!(f, " {hash}"))
    }
}

impl FromStr for Frontier {
    type Err = FrontierError;

    fn from_str(text: &str) -> Result<Self, FrontierError> {
        let mut words = text.split(' ');
        let size = words.next().and_then(decimal).ok_or(FrontierError { what: "it does not begin with a size" })?;
        let hashes: Option<Vec<Hash>> = words.take(65).map(|word| word.parse().ok()).collect();
        Self::from_parts(size, hashes.ok_or(FrontierError { what: "a word is no hash" })?)
    }
}

/// A decimal number as the formats write it: ASCII digits, no leading zero, no sign, at most [`MAX_ENTRIES`].
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&number| canonical && digits && number <= MAX_ENTRIES)
}
