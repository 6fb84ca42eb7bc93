//! Tiles, bundles and their paths.

use std::collections::BTreeSet;

use proptest::prelude::*;
use yata_ledger::{
    Hash, ProofError, Resource, TILE_WIDTH, Tile, TileError, Tiles, consistency, consistency_tiles, inclusion,
    inclusion_tiles, leaf_hash, read_bundle, root, tile_bytes, write_bundle,
};

use crate::support::Log;

fn tile(level: u8, index: u64, width: u16) -> Tile {
    Tile { level, index, width }
}

/// The first is the example of tlog-tiles, the next are golang.org/x/mod `sumdb/tlog/tlog_test.go` without its height.
#[test]
fn paths_are_those_of_the_specification() {
    let cases = [
        ("tile/0/x001/x234/067", Resource::Tile(tile(0, 1_234_067, 256))),
        ("tile/0/001", Resource::Tile(tile(0, 1, 256))),
        ("tile/0/001.p/5", Resource::Tile(tile(0, 1, 5))),
        ("tile/5/x123/x456/078", Resource::Tile(tile(5, 123_456_078, 256))),
        ("tile/5/x123/x456/078.p/2", Resource::Tile(tile(5, 123_456_078, 2))),
        ("tile/63/000", Resource::Tile(tile(63, 0, 256))),
        ("tile/entries/x003/x057/500", Resource::Entries(tile(0, 3_057_500, 256))),
        ("tile/entries/000.p/255", Resource::Entries(tile(0, 0, 255))),
        ("checkpoint", Resource::Checkpoint),
    ];
    for (path, resource) in cases {
        assert_eq!(Resource::parse(path), Some(resource), "{path}");
        assert_eq!(resource.path(), path);
    }
}

#[test]
fn other_paths_are_refused() {
    let refused = [
        "",
        "/",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/0/123/456",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/x1/001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile/256/001",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p/5/",
        "tile/0/+01",
        "tile/0/001.p/+5",
        "tile/0/../001",
        "tile/entries/x001",
        "tile/data/001",
        "/tile/0/001",
        "checkpoint/",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/００１",
    ];
    for path in refused {
        assert_eq!(Resource::parse(path), None, "{path}");
    }
}

/// The example of tlog-tiles, "Partial Tiles".
#[test]
fn a_tree_of_70000_has_the_tiles_that_the_specification_counts() {
    let tiles: Vec<Tile> = Tile::changed(0, 70_000).collect();
    let count = |level, full| tiles.iter().filter(|tile| tile.level == level && tile.is_full() == full).count();
    assert_eq!((count(0, true), count(0, false)), (273, 1));
    assert_eq!((count(1, true), count(1, false)), (1, 1));
    assert_eq!((count(2, true), count(2, false)), (0, 1));
    assert_eq!(tiles.len(), 277);
    assert!(tiles.contains(&tile(0, 273, 112)));
    assert!(tiles.contains(&tile(1, 1, 17)));
    assert!(tiles.contains(&tile(2, 0, 1)));
    assert_eq!(Tile::changed(0, 256).collect::<Vec<_>>(), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(Tile::changed(256, 256).count(), 0);
    assert_eq!(Tile::changed(255, 256).collect::<Vec<_>>(), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(Tile::changed(256, 300).collect::<Vec<_>>(), [tile(0, 1, 44)]);
    assert_eq!(Tile::changed(7, 0).count(), 0);
    assert_eq!(tile(1, 1, 17).start(), 65_536);
}

/// A log's tiles of one size, made from its nodes.
fn tiles_of(log: &Log, size: u64) -> Vec<(Tile, Vec<Hash>)> {
    use yata_ledger::Hashes as _;
    let hashes = |tile: &Tile| {
        let first = tile.index * u64::from(TILE_WIDTH);
        (first..first + u64::from(tile.width)).map(|index| log.hash(8 * tile.level, index).unwrap()).collect()
    };
    Tile::changed(0, size).map(|tile| (tile, hashes(&tile))).collect()
}

#[test]
fn proofs_from_tiles_are_those_from_the_nodes() {
    let log = Log::of(70_000);
    for size in [1, 2, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 70_000] {
        let all = tiles_of(&log, size);
        for index in [0, 1, 200, 255, 256, 300, 1000, 65_535, 65_536, 69_999] {
            if index >= size {
                continue;
            }
            // Only the tiles that were asked for: the proof needs no other.
            let fetch = |needed: Vec<Tile>| {
                let mut tiles = Tiles::new();
                assert!(needed.len() <= 9, "{needed:?}");
                for tile in needed {
                    let (_, hashes) = all.iter().find(|(other, _)| *other == tile).unwrap();
                    let bytes = tile_bytes(hashes);
                    tiles.insert(tile.level, tile.index, tile.read(&bytes).unwrap());
                }
                tiles
            };
            let tiles = fetch(inclusion_tiles(index, size).unwrap());
            assert_eq!(inclusion(&tiles, index, size), inclusion(&log, index, size), "{index} in {size}");
            let tiles = fetch(consistency_tiles(index, size).unwrap());
            assert_eq!(consistency(&tiles, index, size), consistency(&log, index, size), "{index} to {size}");
        }
    }
}

#[test]
fn full_tiles_and_the_newest_leaves_are_enough() {
    let log = Log::of(70_000);
    let size = 70_000;
    let all = tiles_of(&log, size);
    let mut tiles = Tiles::new();
    for needed in inclusion_tiles(69_999, size).unwrap().into_iter().chain(inclusion_tiles(3, size).unwrap()) {
        // Level 2 has no full tile yet; level 1 has one.
        let stored = needed.is_full() || needed.level == 0;
        let read: Vec<Tile> = if stored { vec![needed] } else { needed.parts().collect() };
        for tile in read {
            let (_, hashes) = all.iter().find(|(other, _)| *other == tile).unwrap();
            tiles.insert(tile.level, tile.index, hashes.clone());
        }
    }
    for index in [3, 69_999] {
        assert_eq!(inclusion(&tiles, index, size), inclusion(&log, index, size));
    }
    assert_eq!(tile(1, 1, 17).parts().collect::<Vec<_>>(), (256..273).map(|n| tile(0, n, 256)).collect::<Vec<_>>());
    assert_eq!(tile(0, 1, 17).parts().count(), 0);
    assert_eq!(tile(63, u64::MAX, 256).parts().count(), 0);
    // A tile below that is not full has no root to give.
    let mut short = Tiles::new();
    short.insert(0, 0, vec![leaf_hash(b"a"); 255]);
    assert_eq!(root(&short, 256), Err(ProofError::Missing { level: 8, index: 0 }));
}

#[test]
fn a_tile_of_another_size_is_refused() {
    let hashes = [leaf_hash(b"a"), leaf_hash(b"b")];
    assert_eq!(tile(0, 0, 2).read(&tile_bytes(&hashes)).unwrap(), hashes);
    assert_eq!(tile(0, 0, 3).read(&tile_bytes(&hashes)), Err(TileError::Size { bytes: 64, expected: 96 }));
    assert_eq!(tile(0, 0, 2).read(&tile_bytes(&hashes)[1..]), Err(TileError::Size { bytes: 63, expected: 64 }));
    assert!(tile(0, 0, 2).read(&[0; 65]).is_err());
}

#[test]
fn bundles_carry_the_length_of_each_entry() {
    let entries: [&[u8]; 3] = [b"", b"a", b"bc"];
    let bundle = write_bundle(entries).unwrap();
    assert_eq!(bundle, [0, 0, 0, 1, b'a', 0, 2, b'b', b'c']);
    assert_eq!(read_bundle(&bundle).unwrap(), entries);
    assert_eq!(read_bundle(&bundle[..8]), Err(TileError::Torn { entry: 2 }));
    assert_eq!(read_bundle(&bundle[..6]), Err(TileError::Torn { entry: 2 }));
    assert_eq!(read_bundle(&[]).unwrap(), Vec::<&[u8]>::new());
    let large = vec![0; 65_536];
    assert_eq!(write_bundle([large.as_slice()]), Err(TileError::EntryTooLarge { bytes: 65_536 }));
    assert_eq!(read_bundle(&write_bundle([&large[1..]]).unwrap()).unwrap(), [&large[1..]]);
    let many = vec![b"".as_slice(); 257];
    assert_eq!(write_bundle(many), Err(TileError::TooManyEntries));
    assert_eq!(read_bundle(&[0; 514]), Err(TileError::TooManyEntries));
    assert_eq!(read_bundle(&[0; 512]).unwrap().len(), 256);
}

proptest! {
    #[test]
    fn what_a_tile_is_called_names_that_tile(level in 0_u8..64, index: u64, width in 1_u16..=256) {
        let named = tile(level, index, width);
        prop_assert_eq!(Resource::parse(&named.path()), Some(Resource::Tile(named)));
        let entries = tile(0, index, width);
        prop_assert_eq!(Resource::parse(&entries.entries_path()), Some(Resource::Entries(entries)));
    }

    #[test]
    fn a_path_that_is_read_is_written_the_same(path in "(tile/[0-9]{1,3}/|tile/entries/)(x?[0-9]{3}/){0,3}[0-9x]{2,4}(\\.p/[0-9]{1,3})?") {
        if let Some(resource) = Resource::parse(&path) {
            prop_assert_eq!(resource.path(), path);
        }
    }

    #[test]
    fn growth_in_steps_writes_the_tiles_of_the_whole(sizes in prop::collection::btree_set(0_u64..70_000, 1..6)) {
        let mut seen = BTreeSet::new();
        let mut before = 0;
        for &size in &sizes {
            for tile in Tile::changed(before, size) {
                seen.retain(|other: &Tile| (other.level, other.index) != (tile.level, tile.index));
                seen.insert(tile);
            }
            before = size;
        }
        let whole: BTreeSet<Tile> = Tile::changed(0, before).collect();
        prop_assert_eq!(seen, whole);
    }

    #[test]
    fn any_bytes_are_a_bundle_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(entries) = read_bundle(&bytes) {
            prop_assert_eq!(write_bundle(entries).unwrap(), bytes);
        }
    }
}
