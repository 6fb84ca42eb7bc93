//! Inclusion and consistency proofs, RFC 6962 sections 2.1.1 and 2.1.2, checked as RFC 9162 sections 2.1.3.2 and
//! 2.1.4.2 write it down.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::frontier::MAX_ENTRIES;
use crate::hash::{Hash, node_hash};
use crate::tile::Tile;

/// Most hashes of a proof, as tlog-witness has it.
pub const MAX_PROOF_HASHES: usize = 63;

/// Where the hashes of the perfect subtrees of a log are.
pub trait Hashes {
    /// The hash of the subtree of height `level` (0: a leaf) at place `index` of its level, where it is stored.
    fn hash(&self, level: u8, index: u64) -> Option<Hash>;
}

impl<F: Fn(u8, u64) -> Option<Hash>> Hashes for F {
    fn hash(&self, level: u8, index: u64) -> Option<Hash> {
        self(level, index)
    }
}

/// A proof that cannot be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The entry or the smaller size lies outside of the tree.
    #[error("`{asked}` lies outside of a log of {size} entries")]
    Outside {
        /// Index or size that was asked for.
        asked: u64,
        /// Size of the tree.
        size: u64,
    },
    /// A stored hash is missing.
    #[error("the stored hash of subtree {index} of level {level} is missing")]
    Missing {
        /// Height of the subtree.
        level: u8,
        /// Its place.
        index: u64,
    },
    /// Not as many hashes as such a proof has.
    #[error("the proof does not have the number of hashes that these sizes ask for")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root hash than the checkpoint's")]
    Root,
}

/// The proof that entry `index` is in the tree of `size` entries: the hashes from the leaf's sibling up.
///
/// # Errors
/// [`ProofError::Outside`], [`ProofError::Missing`].
pub fn inclusion(hashes: &impl Hashes, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
    if index >= size || size > MAX_ENTRIES {
        return Err(ProofError::Outside { asked: index, size });
    }
    let (mut low, mut high) = (0, size);
    let mut proof = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(range(hashes, middle, high)?);
            high = middle;
        } else {
            proof.push(range(hashes, low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `new` entries begins with the tree of `old` entries; no hashes where `old` is 0 or `new`.
///
/// # Errors
/// [`ProofError::Outside`], [`ProofError::Missing`].
pub fn consistency(hashes: &impl Hashes, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
    if old > new || new > MAX_ENTRIES {
        return Err(ProofError::Outside { asked: old, size: new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let (mut low, mut high) = (0, new);
    let mut proof = Vec::new();
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(range(hashes, middle, high)?);
            high = middle;
        } else {
            proof.push(range(hashes, low, middle)?);
            low = middle;
        }
    }
    // Who checks the proof knows the old root already.
    if low > 0 {
        proof.push(range(hashes, low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of `size` entries, from the stored hashes.
///
/// # Errors
/// [`ProofError::Missing`].
pub fn root(hashes: &impl Hashes, size: u64) -> Result<Hash, ProofError> {
    match size {
        0 => Ok(Hash::empty()),
        _ if size > MAX_ENTRIES => Err(ProofError::Outside { asked: size, size: MAX_ENTRIES }),
        _ => range(hashes, 0, size),
    }
}

/// The tiles that [`inclusion`] needs in a tree of `size` entries.
///
/// # Errors
/// [`ProofError::Outside`].
pub fn inclusion_tiles(index: u64, size: u64) -> Result<Vec<Tile>, ProofError> {
    let needs = Needs { size, tiles: RefCell::default() };
    inclusion(&needs, index, size)?;
    Ok(needs.tiles.into_inner().into_iter().collect())
}

/// The tiles that [`consistency`] needs in a tree of `new` entries.
///
/// # Errors
/// [`ProofError::Outside`].
pub fn consistency_tiles(old: u64, new: u64) -> Result<Vec<Tile>, ProofError> {
    let needs = Needs { size: new, tiles: RefCell::default() };
    consistency(&needs, old, new)?;
    Ok(needs.tiles.into_inner().into_iter().collect())
}

/// Answers every question for a hash with nothing, and remembers the tile that would have answered.
struct Needs {
    size: u64,
    tiles: RefCell<BTreeSet<Tile>>,
}

impl Hashes for Needs {
    fn hash(&self, level: u8, index: u64) -> Option<Hash> {
        self.tiles.borrow_mut().insert(Tile::holding(level, index, self.size)?);
        Some(Hash([0; 32]))
    }
}

/// The largest power of two below `size`, which is 2 or more.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The Merkle tree hash of the entries `low..high`, where `low` is a multiple of a power of two that is no smaller
/// than `high - low`: the perfect subtrees from the left, folded from the right.
fn range(hashes: &impl Hashes, low: u64, high: u64) -> Result<Hash, ProofError> {
    let mut roots = Vec::new();
    let mut at = low;
    while at < high {
        let level = u64::BITS - 1 - (high - at).leading_zeros();
        let (level, index) = (u8::try_from(level).unwrap_or(u8::MAX), at >> level);
        roots.push(hashes.hash(level, index).ok_or(ProofError::Missing { level, index })?);
        at += 1 << level;
    }
    let mut from_the_right = roots.into_iter().rev();
    let last = from_the_right.next().unwrap_or_else(Hash::empty);
    Ok(from_the_right.fold(last, |right, left| node_hash(&left, &right)))
}

/// Checks that the entry with hash `leaf` is entry `index` of the tree of `size` entries with this root.
///
/// # Errors
/// [`ProofError::Outside`], [`ProofError::Length`], [`ProofError::Root`].
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if index >= size || size > MAX_ENTRIES {
        return Err(ProofError::Outside { asked: index, size });
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for step in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(step, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    match last {
        0 if hash == *root => Ok(()),
        0 => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Checks that the tree of `new` entries with root `new_root` begins with the tree of `old` entries with root
/// `old_root`.
///
/// # Errors
/// [`ProofError::Outside`], [`ProofError::Length`], [`ProofError::Root`].
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new || new > MAX_ENTRIES {
        return Err(ProofError::Outside { asked: old, size: new });
    }
    if old == 0 || old == new {
        let same = (old != 0 || *old_root == Hash::empty()) && (old != new || old_root == new_root);
        return match (proof, same) {
            ([], true) => Ok(()),
            ([], false) => Err(ProofError::Root),
            _ => Err(ProofError::Length),
        };
    }
    // Where the old tree is one perfect subtree, the proof leaves out its root.
    let mut steps = old.is_power_of_two().then_some(old_root).into_iter().chain(proof);
    let (mut at, mut last) = (old - 1, new - 1);
    let shift = at.trailing_ones();
    (at, last) = (at >> shift, last >> shift);
    let first = steps.next().ok_or(ProofError::Length)?;
    let (mut old_hash, mut new_hash) = (*first, *first);
    for step in steps {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(step, &old_hash);
            new_hash = node_hash(step, &new_hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new_hash = node_hash(&new_hash, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    match last {
        0 if old_hash == *old_root && new_hash == *new_root => Ok(()),
        0 => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}
