//! A log in memory, and the tree as RFC 6962 defines it, without any cleverness.

use std::collections::BTreeMap;

use yata_ledger::{Checkpoint, Frontier, Hash, Hashes, Key, leaf_hash, node_hash};

pub(crate) const ORIGIN: &str = "yata.example/minato";

pub(crate) fn key(seed: u8) -> Key {
    Key::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

/// MTH of RFC 6962 section 2.1.
pub(crate) fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH of RFC 6962 section 2.1.1.
pub(crate) fn naive_inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut path, other) = if index < middle {
        (naive_inclusion(index, left), naive_root(right))
    } else {
        (naive_inclusion(index - middle, right), naive_root(left))
    };
    path.push(other);
    path
}

/// PROOF of RFC 6962 section 2.1.2.
pub(crate) fn naive_consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    if old == 0 { Vec::new() } else { subproof(old, leaves, true) }
}

fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut proof, other) = if old <= middle {
        (subproof(old, left, whole), naive_root(right))
    } else {
        (subproof(old - middle, right, false), naive_root(left))
    };
    proof.push(other);
    proof
}

/// Entries, their hashes and all the subtrees, as a database keeps them.
#[derive(Clone, Default)]
pub(crate) struct Log {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) leaves: Vec<Hash>,
    pub(crate) frontier: Frontier,
    nodes: BTreeMap<(u8, u64), Hash>,
    pub(crate) checkpoints: Vec<String>,
}

impl Hashes for Log {
    fn hash(&self, level: u8, index: u64) -> Option<Hash> {
        self.nodes.get(&(level, index)).copied()
    }
}

impl Log {
    pub(crate) fn of(size: u64) -> Self {
        let mut log = Log::default();
        (0..size).for_each(|index| log.push(format!("entry {index}").as_bytes()));
        log
    }

    pub(crate) fn push(&mut self, entry: &[u8]) {
        let leaf = leaf_hash(entry);
        self.entries.push(entry.to_vec());
        self.leaves.push(leaf);
        let nodes = &mut self.nodes;
        self.frontier.push_with(leaf, |node| {
            assert!(nodes.insert((node.level, node.index), node.hash).is_none());
        });
    }

    /// Signs a checkpoint of the present size.
    pub(crate) fn sign(&mut self, key: &Key) -> String {
        let note = Checkpoint::of(ORIGIN, &self.frontier).sign(key).unwrap().to_string();
        self.checkpoints.push(note.clone());
        note
    }
}
