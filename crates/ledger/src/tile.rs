//! Tiles: the hashes of the tree in files of 256, and the entries in bundles of 256, after C2SP tlog-tiles.

use std::collections::BTreeMap;

use crate::frontier::MAX_ENTRIES;
use crate::hash::{HASH_BYTES, Hash, node_hash};
use crate::proof::Hashes;

/// Levels of the tree that one tile spans.
pub const TILE_HEIGHT: u8 = 8;

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u16 = 1 << TILE_HEIGHT;

/// Most bytes of one entry: its length in a bundle is a `u16`.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Most bytes of a bundle.
pub const MAX_BUNDLE_BYTES: usize = TILE_WIDTH as usize * (2 + MAX_ENTRY_BYTES);

/// Longest path that [`Resource::parse`] looks at.
const MAX_PATH_BYTES: usize = 100;

/// Highest level of a tile that the specification allows.
const MAX_TILE_LEVEL: u8 = 63;

/// A tile of hashes, or, at level 0, the bundle of the same entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Level of the tile: its hashes are those of the nodes of level `8 * level`.
    pub level: u8,
    /// Place from the left among the tiles of its level.
    pub index: u64,
    /// Hashes in it, 1 to 256; fewer than 256 only at the right edge of the tree.
    pub width: u16,
}

/// What a path of the log's API names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// The signed checkpoint.
    Checkpoint,
    /// A tile of hashes.
    Tile(Tile),
    /// A bundle of entries; its level is 0.
    Entries(Tile),
}

/// Bytes that are no tile or no bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the number of hashes that the tile should have.
    #[error("a tile of {bytes} bytes, where {expected} were expected")]
    Size {
        /// Bytes found.
        bytes: usize,
        /// Bytes expected.
        expected: usize,
    },
    /// An entry that is too large for a bundle.
    #[error("an entry of {bytes} bytes: at most {MAX_ENTRY_BYTES}")]
    EntryTooLarge {
        /// Its length.
        bytes: usize,
    },
    /// More entries than a bundle takes.
    #[error("more than {TILE_WIDTH} entries in a bundle")]
    TooManyEntries,
    /// The bundle ends inside an entry.
    #[error("the bundle ends inside entry {entry}")]
    Torn {
        /// 0-based place in the bundle.
        entry: usize,
    },
}

impl Tile {
    /// The tile of a tree of `size` entries that has node (`level`, `index`) in it or below the top of it, where the
    /// tree has that node.
    #[must_use]
    pub fn holding(level: u8, index: u64, size: u64) -> Option<Tile> {
        let row = level / TILE_HEIGHT;
        let first = index.checked_mul(1 << (level % TILE_HEIGHT))?;
        Self::in_tree(row, first / u64::from(TILE_WIDTH), size)
            .filter(|tile| (first % u64::from(TILE_WIDTH)) + (1 << (level % TILE_HEIGHT)) <= u64::from(tile.width))
    }

    /// The tile of a tree of `size` entries at a place, full or partial; none where the tree does not reach.
    #[must_use]
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Tile> {
        let shift = u32::from(level).checked_mul(u32::from(TILE_HEIGHT))?;
        let hashes = size.checked_shr(shift)?;
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.checked_sub(before)?.min(u64::from(TILE_WIDTH));
        let width = u16::try_from(width).ok().filter(|&width| width > 0)?;
        Some(Tile { level, index, width })
    }

    /// The tiles that a log writes when it grows from `old` to `new` entries, of the lowest level first: those that
    /// are new or wider than before. As many as the growth needs, about `(new - old) / 255` and one for each level.
    pub fn changed(old: u64, new: u64) -> impl Iterator<Item = Tile> {
        let rows = (0..=MAX_TILE_LEVEL).take_while(move |row| {
            new.checked_shr(u32::from(*row) * u32::from(TILE_HEIGHT)).is_some_and(|hashes| hashes > 0)
        });
        rows.flat_map(move |row| {
            let shift = u32::from(row) * u32::from(TILE_HEIGHT);
            let (before, after) = (old >> shift, new >> shift);
            let first = before / u64::from(TILE_WIDTH);
            let end = if after > before { after.div_ceil(u64::from(TILE_WIDTH)) } else { first };
            (first..end).filter_map(move |index| Tile::in_tree(row, index, new))
        })
    }

    /// The full tiles of the level below whose roots are the hashes of this one: what a log that stores full tiles only
    /// reads in place of a partial tile. None at level 0, whose hashes are those of the entries.
    pub fn parts(&self) -> impl Iterator<Item = Tile> + use<> {
        let level = self.level.checked_sub(1);
        let first = self.index.saturating_mul(u64::from(TILE_WIDTH));
        let indexes = (first..first.saturating_add(u64::from(self.width))).take_while(move |_| level.is_some());
        indexes.map(move |index| Tile { level: level.unwrap_or_default(), index, width: TILE_WIDTH })
    }

    /// Index of the first entry under the tile.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.index.checked_shl(u32::from(TILE_HEIGHT) * (u32::from(self.level) + 1)).unwrap_or(u64::MAX)
    }

    /// Whether it has all its 256 hashes.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// Its path below the log's prefix, for example `tile/0/x001/x234/067.p/13`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, self.place())
    }

    /// The path of the bundle with the entries of a tile of level 0, for example `tile/entries/x001/x234/067.p/13`.
    #[must_use]
    pub fn entries_path(&self) -> String {
        format!("tile/entries/{}", self.place())
    }

    /// The index in groups of three digits, all but the last marked with `x`, and the width of a partial tile.
    fn place(&self) -> String {
        let mut place = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            place = format!("x{:03}/{place}", rest % 1000);
            rest /= 1000;
        }
        if self.is_full() { place } else { format!("{place}.p/{}", self.width) }
    }

    /// Reads the bytes of the tile.
    ///
    /// # Errors
    /// [`TileError::Size`].
    pub fn read(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let expected = usize::from(self.width) * HASH_BYTES;
        let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
        if hashes.len() != usize::from(self.width) || !rest.is_empty() {
            return Err(TileError::Size { bytes: bytes.len(), expected });
        }
        Ok(hashes.iter().copied().map(Hash).collect())
    }
}

/// The bytes of a tile: its hashes one after the other.
#[must_use]
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

impl Resource {
    /// What a path below the log's prefix names; none where it is not exactly as the specification writes it.
    #[must_use]
    pub fn parse(path: &str) -> Option<Resource> {
        if path == "checkpoint" {
            return Some(Resource::Checkpoint);
        }
        let (kind, place) = path.strip_prefix("tile/").filter(|_| path.len() <= MAX_PATH_BYTES)?.split_once('/')?;
        let (index, width) = match place.split_once(".p/") {
            Some((index, width)) => (index, small(width, u32::from(TILE_WIDTH) - 1).filter(|&width| width > 0)?),
            None => (place, u32::from(TILE_WIDTH)),
        };
        let mut number = 0_u64;
        let mut groups = index.split('/').peekable();
        while let Some(group) = groups.next() {
            let digits = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
            let value: u64 = digits.parse().ok().filter(|_| is_three_digits(digits))?;
            number = number.checked_mul(1000)?.checked_add(value)?;
        }
        let tile = |level| Tile { level, index: number, width: u16::try_from(width).unwrap_or(TILE_WIDTH) };
        let resource = match kind {
            "entries" => Resource::Entries(tile(0)),
            level => Resource::Tile(tile(u8::try_from(small(level, u32::from(MAX_TILE_LEVEL))?).ok()?)),
        };
        // One path for one tile: `x000/001` is not how the specification writes `001`.
        Some(resource).filter(|resource| resource.path() == path)
    }

    /// The path below the log's prefix.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Resource::Checkpoint => "checkpoint".to_owned(),
            Resource::Tile(tile) => tile.path(),
            Resource::Entries(tile) => tile.entries_path(),
        }
    }
}

fn is_three_digits(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn small(text: &str, max: u32) -> Option<u32> {
    let number = crate::frontier::decimal(text)?;
    u32::try_from(number).ok().filter(|&number| number <= max)
}

/// The bundle of some entries: each with its length, a big-endian `u16`, before it.
///
/// # Errors
/// [`TileError::EntryTooLarge`], [`TileError::TooManyEntries`].
pub fn write_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TileError> {
    let mut bundle = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        if at >= usize::from(TILE_WIDTH) {
            return Err(TileError::TooManyEntries);
        }
        let bytes = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLarge { bytes: entry.len() })?;
        bundle.extend_from_slice(&bytes.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Ok(bundle)
}

/// The entries of a bundle.
///
/// # Errors
/// [`TileError::TooManyEntries`], [`TileError::Torn`].
pub fn read_bundle(bundle: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    let (mut entries, mut rest) = (Vec::new(), bundle);
    while !rest.is_empty() {
        let entry = entries.len();
        if entry >= usize::from(TILE_WIDTH) {
            return Err(TileError::TooManyEntries);
        }
        let (length, after) = rest.split_first_chunk::<2>().ok_or(TileError::Torn { entry })?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (bytes, after) = after.split_at_checked(length).ok_or(TileError::Torn { entry })?;
        entries.push(bytes);
        rest = after;
    }
    Ok(entries)
}

/// Some tiles, as a source of the hashes for a proof.
///
/// A caller that reads tiles from elsewhere asks [`inclusion_tiles`](crate::inclusion_tiles) or
/// [`consistency_tiles`](crate::consistency_tiles) which ones a proof needs, fetches them in whatever way, and makes
/// the proof from this. In place of a tile above level 0 it takes the [`Tile::parts`] of that tile as well.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<(u8, u64), Vec<Hash>>);

impl Tiles {
    /// Without tiles yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tile; a wider one of the same place stays.
    pub fn insert(&mut self, level: u8, index: u64, hashes: Vec<Hash>) {
        let place = self.0.entry((level, index)).or_default();
        if hashes.len() > place.len() {
            *place = hashes;
        }
    }
}

impl Tiles {
    /// The hash at a place of a row of tiles: from its tile, or as the root of the full tile below.
    fn at(&self, row: u8, index: u64) -> Option<Hash> {
        let place = usize::try_from(index % u64::from(TILE_WIDTH)).ok()?;
        let stored = self.0.get(&(row, index / u64::from(TILE_WIDTH))).and_then(|hashes| hashes.get(place));
        let below =
            || self.0.get(&(row.checked_sub(1)?, index)).filter(|hashes| hashes.len() == usize::from(TILE_WIDTH));
        stored.copied().or_else(|| fold(below()?.clone()))
    }
}

/// The root of a perfect subtree from its leaves, whose number is a power of two.
fn fold(mut row: Vec<Hash>) -> Option<Hash> {
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied()
}

impl Hashes for Tiles {
    fn hash(&self, level: u8, index: u64) -> Option<Hash> {
        let below = level % TILE_HEIGHT;
        let first = index.checked_mul(1 << below).filter(|&first| first < MAX_ENTRIES)?;
        let row: Option<Vec<Hash>> = (first..first + (1 << below)).map(|at| self.at(level / TILE_HEIGHT, at)).collect();
        fold(row?)
    }
}
