//! Reading the whole log again: one pass over the entries in order, in memory that does not grow with the log.

use std::collections::{BTreeMap, VecDeque};

use crate::checkpoint::Checkpoint;
use crate::finding::{Finding, Mismatch, Refused};
use crate::frontier::{Frontier, Node};
use crate::hash::{HASH_BYTES, Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::tile::{TILE_HEIGHT, TILE_WIDTH, Tile};

/// Most findings of a report; the rest are counted.
pub const MAX_FINDINGS: usize = 1000;

/// What a log is held against: its keys and its checkpoints. Give all of them, then [`Verification::start`].
#[derive(Debug, Clone)]
pub struct Verification {
    origin: String,
    keys: Vec<VerifierKey>,
    expected: Vec<Expected>,
    findings: Findings,
}

/// A verification under way. Give it every entry in order, then [`Verifier::finish`].
#[derive(Debug, Clone)]
pub struct Verifier {
    /// The tree of the entries as they are.
    computed: Frontier,
    /// The tree of the stored hashes, from the first entry on at which the two differ.
    stored: Option<Frontier>,
    /// The checkpoints in order of size, and the first that was not reached yet.
    expected: Vec<Expected>,
    pending: usize,
    /// The index that comes next.
    next: u64,
    entries: u64,
    /// An index was left out or repeated: from here on no root can be computed.
    broken: bool,
    mismatches: Vec<Mismatch>,
    rows: Vec<Row>,
    due: VecDeque<Tile>,
    findings: Findings,
}

/// The tiles of one level: the one that grows, and the one that was completed last.
#[derive(Debug, Clone, Default)]
struct Row {
    index: u64,
    growing: Vec<Hash>,
    complete: Option<(u64, Vec<Hash>)>,
}

#[derive(Debug, Clone)]
struct Expected {
    name: String,
    newest: bool,
    size: u64,
    root: Hash,
    outcome: Outcome,
    /// The stored hashes lead to it, whatever the entries do.
    stored_holds: bool,
}

#[derive(Debug, Clone, Default)]
struct Findings {
    list: Vec<Finding>,
    more: u64,
}

/// What became of one checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The entries lead to it: everything it covers is as it was signed.
    Holds,
    /// The entries lead to another root.
    Differs,
    /// It was not reached, because entries are missing before it.
    NotReached,
}

/// One checkpoint that could be trusted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name that the caller gave it.
    pub name: String,
    /// Entries that it covers.
    pub size: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// The root of what was read, where no index was missing.
    pub root: Option<Hash>,
    /// Entries that a checkpoint proves, from the first on.
    pub proven: u64,
    /// Entries after the newest checkpoint: nothing is wrong with them, and nothing proves them yet.
    pub unsigned: u64,
    /// The checkpoints that could be trusted, in order of size.
    pub checkpoints: Vec<Checked>,
    /// What is wrong, at most [`MAX_FINDINGS`].
    pub findings: Vec<Finding>,
    /// Findings beyond those.
    pub more: u64,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Findings {
    fn add(&mut self, finding: Finding) {
        if self.list.len() < MAX_FINDINGS {
            self.list.push(finding);
        } else {
            self.more += 1;
        }
    }
}

impl Verification {
    /// Of the log `origin`. A key that was replaced still signs for its time: give all keys that the log ever had.
    #[must_use]
    pub fn new(origin: &str, keys: &[VerifierKey]) -> Self {
        Verification {
            origin: origin.to_owned(),
            keys: keys.to_vec(),
            expected: Vec::new(),
            findings: Findings::default(),
        }
    }

    /// The newest checkpoint that the log itself stores.
    #[must_use]
    pub fn newest(self, name: &str, note: &str) -> Self {
        self.expect(name, note, true)
    }

    /// An earlier checkpoint: that somebody kept elsewhere, that a witness countersigned, or that the log stores too.
    #[must_use]
    pub fn earlier(self, name: &str, note: &str) -> Self {
        self.expect(name, note, false)
    }

    fn expect(mut self, name: &str, note: &str, newest: bool) -> Self {
        match Checkpoint::open(note, &self.origin, &self.keys) {
            Ok(opened) => self.expected.push(Expected {
                name: name.to_owned(),
                newest,
                size: opened.checkpoint.size,
                root: opened.checkpoint.root,
                outcome: Outcome::NotReached,
                stored_holds: false,
            }),
            Err(error) => {
                let refused = Refused::from(error);
                self.findings.add(Finding::Checkpoint { checkpoint: name.to_owned(), refused });
            }
        }
        self
    }

    /// Begins to read.
    #[must_use]
    pub fn start(mut self) -> Verifier {
        if self.expected.is_empty() {
            self.findings.add(Finding::NoCheckpoint);
        }
        self.expected.sort_by_key(|expected| expected.size);
        let mut verifier = Verifier {
            computed: Frontier::new(),
            stored: None,
            expected: self.expected,
            pending: 0,
            next: 0,
            entries: 0,
            broken: false,
            mismatches: Vec::new(),
            rows: Vec::new(),
            due: VecDeque::new(),
            findings: self.findings,
        };
        verifier.compare_roots();
        verifier
    }
}

impl Verifier {
    /// The next entry: its 0-based index, its bytes, and the hash that is stored beside it, where one is.
    pub fn entry(&mut self, index: u64, bytes: &[u8], stored: Option<Hash>) {
        let hash = leaf_hash(bytes);
        self.entries += 1;
        if index < self.next {
            self.findings.add(Finding::Repeated { index });
            self.broken = true;
            return;
        }
        if index > self.next {
            self.findings.add(Finding::Gap { expected: self.next, found: index });
            self.broken = true;
        }
        self.next = index.saturating_add(1);
        let differs = stored.is_some_and(|stored| stored != hash);
        if let Some(stored) = stored.filter(|_| differs) {
            self.mismatch(Mismatch { index, computed: hash, stored });
        }
        if self.broken {
            return;
        }
        if differs && self.stored.is_none() {
            self.stored = Some(self.computed.clone());
        }
        if let Some(tree) = &mut self.stored {
            tree.push(stored.unwrap_or(hash));
        }
        let (rows, due) = (&mut self.rows, &mut self.due);
        self.computed.push_with(hash, |node| grow(rows, due, node));
        self.compare_roots();
    }

    fn mismatch(&mut self, mismatch: Mismatch) {
        if self.mismatches.len() < MAX_FINDINGS {
            self.mismatches.push(mismatch);
        } else {
            self.findings.more += 1;
        }
    }

    /// Holds the tree against every checkpoint of its size.
    fn compare_roots(&mut self) {
        let size = self.computed.size();
        if self.expected.get(self.pending).is_none_or(|expected| expected.size != size) {
            return;
        }
        let root = self.computed.root();
        let stored = self.stored.as_ref().map(Frontier::root);
        while let Some(expected) = self.expected.get_mut(self.pending).filter(|expected| expected.size == size) {
            expected.outcome = if expected.root == root { Outcome::Holds } else { Outcome::Differs };
            expected.stored_holds = stored == Some(expected.root);
            self.pending += 1;
        }
    }

    /// A tile that the last entry completed and that is to be compared with the stored one by [`Verifier::tile`], for
    /// logs that store tiles. Ask until there is none; who never asks compares no tiles.
    pub fn due(&mut self) -> Option<Tile> {
        self.due.pop_front()
    }

    /// The partial tiles at the right edge, to be compared after the last entry.
    #[must_use]
    pub fn edge(&self) -> Vec<Tile> {
        let rows = self.rows.iter().zip(0_u8..).filter(|(row, _)| !row.growing.is_empty());
        let tile = |(row, level): (&Row, u8)| {
            let width = u16::try_from(row.growing.len()).unwrap_or(TILE_WIDTH);
            Tile { level, index: row.index, width }
        };
        rows.map(tile).collect()
    }

    /// Compares the stored bytes of a tile, or that there are none, with what the entries give. A tile that is neither
    /// [`Verifier::due`] now nor at the [`Verifier::edge`] cannot be compared any more, and counts as different.
    pub fn tile(&mut self, tile: &Tile, stored: Option<&[u8]>) {
        let row = self.rows.get(usize::from(tile.level));
        let complete = row.and_then(|row| row.complete.as_ref()).filter(|(index, _)| *index == tile.index);
        let growing = row.filter(|row| row.index == tile.index).map(|row| row.growing.as_slice());
        let computed = complete.map(|(_, hashes)| hashes.as_slice()).or(growing);
        let computed = computed.and_then(|hashes| hashes.get(..usize::from(tile.width)));
        let same = |hashes: &[Hash], stored: &[u8]| {
            stored.len() == hashes.len() * HASH_BYTES
                && hashes.iter().zip(stored.as_chunks::<HASH_BYTES>().0).all(|(hash, stored)| hash.0 == *stored)
        };
        if !computed.zip(stored).is_some_and(|(hashes, stored)| same(hashes, stored)) {
            self.findings.add(Finding::Tile { tile: *tile });
        }
    }

    /// Says what is wrong.
    #[must_use]
    pub fn finish(mut self) -> Report {
        let covered = |expected: &&Expected| expected.outcome == Outcome::Holds;
        let proven = self.expected.iter().filter(covered).map(|expected| expected.size).max().unwrap_or(0);
        self.explain_mismatches(proven);
        self.explain_checkpoints();
        let size = self.computed.size();
        Report {
            entries: self.entries,
            root: (!self.broken).then(|| self.computed.root()),
            proven,
            unsigned: size.saturating_sub(self.expected.last().map_or(0, |expected| expected.size)),
            checkpoints: self
                .expected
                .into_iter()
                .map(|Expected { name, size, outcome, .. }| Checked { name, size, outcome })
                .collect(),
            findings: self.findings.list,
            more: self.findings.more,
        }
    }

    /// Entries that do not hash to their stored hash: an entry that hashes to the stored hash of another stands at the
    /// wrong place; one that a checkpoint proves has a wrong hash beside it; any other was edited.
    fn explain_mismatches(&mut self, proven: u64) {
        let logged: BTreeMap<Hash, u64> = self.mismatches.iter().map(|found| (found.stored, found.index)).collect();
        for found in std::mem::take(&mut self.mismatches) {
            let index = found.index;
            self.findings.add(match logged.get(&found.computed) {
                _ if index < proven => Finding::StoredHash { index },
                Some(&logged_at) => Finding::Reordered { index, logged_at },
                None => Finding::Edited { index },
            });
        }
    }

    fn explain_checkpoints(&mut self) {
        let newest_holds = self.expected.iter().any(|expected| expected.newest && expected.outcome == Outcome::Holds);
        let mut holding = 0;
        let mut before = (0, 0);
        for expected in &self.expected {
            let (checkpoint, size) = (expected.name.clone(), expected.size);
            // Of two checkpoints of one size, neither speaks for the other.
            if before.0 < size {
                before = (size, holding);
            }
            let proven = before.1;
            // Whoever built a log anew signed its newest checkpoint, which proves nothing of the old one.
            let speaks = expected.outcome == Outcome::Holds || expected.stored_holds;
            if speaks && !expected.newest {
                holding = size;
            }
            match expected.outcome {
                Outcome::Holds => {}
                // The stored hashes are those that were signed, so the entries above say it all.
                Outcome::Differs if expected.stored_holds => {}
                Outcome::Differs if newest_holds => self.findings.add(Finding::Rebuilt { checkpoint, size, proven }),
                Outcome::Differs => self.findings.add(Finding::Rewritten { checkpoint, size, proven }),
                Outcome::NotReached if self.next < size => {
                    self.findings.add(Finding::Truncated { checkpoint, size, entries: self.next });
                }
                // Entries are missing before it, as was said.
                Outcome::NotReached => {}
            }
        }
    }
}

/// Puts a node that is part of a tile into its row, and says which tile it completed.
fn grow(rows: &mut Vec<Row>, due: &mut VecDeque<Tile>, node: Node) {
    if !node.level.is_multiple_of(TILE_HEIGHT) {
        return;
    }
    let level = node.level / TILE_HEIGHT;
    if rows.len() <= usize::from(level) {
        rows.resize_with(usize::from(level) + 1, Row::default);
    }
    let Some(row) = rows.get_mut(usize::from(level)) else { return };
    row.growing.push(node.hash);
    if row.growing.len() == usize::from(TILE_WIDTH) {
        let tile = Tile { level, index: row.index, width: TILE_WIDTH };
        // Only the last of a level can be compared.
        due.retain(|before| before.level != level);
        due.push_back(tile);
        row.complete = Some((row.index, std::mem::take(&mut row.growing)));
        row.index += 1;
    }
}
