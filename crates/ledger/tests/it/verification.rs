//! Verification: whatever is done to a log is found, and called by its name.

use proptest::prelude::*;
use yata_ledger::{
    Checked, Finding, Hash, MAX_FINDINGS, Outcome, Refused, Report, Resource, TILE_WIDTH, Tile, Verification, Verifier,
    leaf_hash, tile_bytes,
};

use crate::support::{Log, ORIGIN, key};

/// A row of a database: index, bytes, stored hash.
type Row = (u64, Vec<u8>, Option<Hash>);

fn rows(log: &Log) -> Vec<Row> {
    let hashes = log.leaves.iter().map(|leaf| Some(*leaf));
    (0..).zip(&log.entries).zip(hashes).map(|((index, entry), hash)| (index, entry.clone(), hash)).collect()
}

/// The log is held against `newest` and the `earlier` ones, which are called `old 0`, `old 1` …
fn report(rows: &[Row], newest: &str, earlier: &[&str]) -> Report {
    let mut verification = Verification::new(ORIGIN, &[key(1).verifier()]).newest("newest", newest);
    for (at, note) in earlier.iter().enumerate() {
        verification = verification.earlier(&format!("old {at}"), note);
    }
    let mut verifier = verification.start();
    rows.iter().for_each(|(index, entry, hash)| verifier.entry(*index, entry, *hash));
    verifier.finish()
}

fn check(rows: &[Row], newest: &str, earlier: &[&str], findings: &[Finding]) {
    let report = report(rows, newest, earlier);
    assert_eq!(report.findings, findings);
    assert_eq!(report.holds(), findings.is_empty());
}

/// A log with a checkpoint after every ten entries.
fn signed_log(size: u64) -> Log {
    let (mut log, key) = (Log::default(), key(1));
    for index in 0..size {
        log.push(format!("entry {index}").as_bytes());
        if (index + 1) % 10 == 0 {
            log.sign(&key);
        }
    }
    log
}

fn changed(checkpoint: &str, size: u64, proven: u64) -> (String, u64, u64) {
    (checkpoint.to_owned(), size, proven)
}

fn rewritten(name: &str, size: u64, proven: u64) -> Finding {
    let (checkpoint, size, proven) = changed(name, size, proven);
    Finding::Rewritten { checkpoint, size, proven }
}

fn rebuilt(name: &str, size: u64, proven: u64) -> Finding {
    let (checkpoint, size, proven) = changed(name, size, proven);
    Finding::Rebuilt { checkpoint, size, proven }
}

#[test]
fn an_untouched_log_holds() {
    let log = signed_log(45);
    let notes = &log.checkpoints;
    let report = report(&rows(&log), &notes[3], &[&notes[0], &notes[2]]);
    assert!(report.holds(), "{report:?}");
    assert_eq!((report.entries, report.proven, report.unsigned), (45, 40, 5));
    assert_eq!(report.root, Some(log.frontier.root()));
    let checked = |name: &str, size| Checked { name: name.to_owned(), size, outcome: Outcome::Holds };
    assert_eq!(report.checkpoints, [checked("old 0", 10), checked("old 1", 30), checked("newest", 40)]);
    // Without stored hashes as well.
    let bare: Vec<Row> = rows(&log).into_iter().map(|(index, entry, _)| (index, entry, None)).collect();
    check(&bare, &notes[3], &[], &[]);
}

#[test]
fn an_edited_entry_is_named() {
    let log = signed_log(40);
    let mut rows = rows(&log);
    rows[17].1 = b"another".to_vec();
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[0]], &[Finding::Edited { index: 17 }]);
    rows[3].1 = b"yet another".to_vec();
    let both = [Finding::Edited { index: 3 }, Finding::Edited { index: 17 }];
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[0]], &both);
}

#[test]
fn an_edited_entry_with_its_hash_is_enclosed_by_checkpoints() {
    let log = signed_log(40);
    let mut rows = rows(&log);
    rows[17] = (17, b"another".to_vec(), Some(leaf_hash(b"another")));
    let notes = &log.checkpoints;
    check(&rows, &notes[3], &[], &[rewritten("newest", 40, 0)]);
    let found = [rewritten("old 1", 20, 10), rewritten("newest", 40, 10)];
    check(&rows, &notes[3], &[&notes[0], &notes[1]], &found);
}

#[test]
fn a_wrong_hash_beside_a_right_entry_is_told_apart() {
    let log = signed_log(45);
    let mut rows = rows(&log);
    rows[17].2 = Some(leaf_hash(b"another"));
    check(&rows, &log.checkpoints[3], &[], &[Finding::StoredHash { index: 17 }]);
    // Behind the newest checkpoint nothing says which of the two is right.
    rows[17].2 = Some(log.leaves[17]);
    rows[42].2 = Some(leaf_hash(b"another"));
    check(&rows, &log.checkpoints[3], &[], &[Finding::Edited { index: 42 }]);
}

#[test]
fn swapped_entries_say_where_they_were() {
    let log = signed_log(40);
    let mut rows = rows(&log);
    (rows[5].1, rows[31].1) = (rows[31].1.clone(), rows[5].1.clone());
    let found = [Finding::Reordered { index: 5, logged_at: 31 }, Finding::Reordered { index: 31, logged_at: 5 }];
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[0]], &found);
    // With their hashes, the checkpoints show it.
    (rows[5].2, rows[31].2) = (rows[31].2, rows[5].2);
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[0]], &[rewritten("old 0", 10, 0), rewritten("newest", 40, 0)]);
}

#[test]
fn a_log_that_was_cut_off_is_shorter_than_its_checkpoint() {
    let log = signed_log(40);
    let rows = &rows(&log)[..33];
    let truncated = |name: &str| Finding::Truncated { checkpoint: name.to_owned(), size: 40, entries: 33 };
    check(rows, &log.checkpoints[3], &[&log.checkpoints[2]], &[truncated("newest")]);
    // Put back to an earlier checkpoint of its own, it is in order until somebody has a later one.
    let rows = &rows[..30];
    check(rows, &log.checkpoints[2], &[], &[]);
    let found = [Finding::Truncated { checkpoint: "old 0".to_owned(), size: 40, entries: 30 }];
    check(rows, &log.checkpoints[2], &[&log.checkpoints[3]], &found);
    check(
        &[],
        &log.checkpoints[0],
        &[],
        &[Finding::Truncated { checkpoint: "newest".to_owned(), size: 10, entries: 0 }],
    );
}

#[test]
fn a_gap_and_a_repetition_are_named() {
    let log = signed_log(40);
    let whole = rows(&log);
    let mut rows = whole.clone();
    rows.drain(12..15);
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[0]], &[Finding::Gap { expected: 12, found: 15 }]);
    let report = report(&rows, &log.checkpoints[3], &[&log.checkpoints[0]]);
    assert_eq!((report.root, report.proven), (None, 10));
    assert_eq!(report.checkpoints[1].outcome, Outcome::NotReached);
    // What comes after the gap is still compared with its hash.
    rows[20].1 = b"another".to_vec();
    let found = [Finding::Gap { expected: 12, found: 15 }, Finding::Edited { index: 23 }];
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[0]], &found);
    let mut rows = whole.clone();
    rows.insert(13, whole[12].clone());
    check(&rows, &log.checkpoints[3], &[], &[Finding::Repeated { index: 12 }]);
    // Cut out and numbered anew: the hashes beside the entries move along, the checkpoints do not.
    let mut rows = whole;
    rows.remove(12);
    rows.iter_mut().zip(0..).for_each(|(row, index)| row.0 = index);
    let found =
        [rewritten("old 0", 20, 0), Finding::Truncated { checkpoint: "newest".to_owned(), size: 40, entries: 39 }];
    check(&rows, &log.checkpoints[3], &[&log.checkpoints[1]], &found);
}

#[test]
fn a_rebuilt_log_is_found_by_an_earlier_checkpoint() {
    let (old, mut new) = (signed_log(40), Log::default());
    for (index, entry) in old.entries.iter().enumerate() {
        new.push(if index == 17 { b"never happened" } else { entry });
    }
    // Whoever rebuilt it had the key.
    let newest = new.sign(&key(1));
    check(&rows(&new), &newest, &[], &[]);
    let notes = &old.checkpoints;
    check(&rows(&new), &newest, &[&notes[0]], &[]);
    check(&rows(&new), &newest, &[&notes[1]], &[rebuilt("old 0", 20, 0)]);
    let found = [rebuilt("old 1", 20, 10), rebuilt("old 2", 30, 10)];
    check(&rows(&new), &newest, &[&notes[0], &notes[1], &notes[2]], &found);
    // Two logs of one size.
    check(&rows(&new), &newest, &[&notes[3]], &[rebuilt("old 0", 40, 0)]);
}

#[test]
fn checkpoints_that_cannot_be_trusted_are_named() {
    let mut log = signed_log(10);
    let rows = rows(&log);
    let good = log.checkpoints[0].clone();
    let refused = |refused| Finding::Checkpoint { checkpoint: "newest".to_owned(), refused };
    let none = Finding::NoCheckpoint;
    check(&rows, &good.replace("\n10\n", "\n11\n"), &[], &[refused(Refused::Signature), none.clone()]);
    check(&rows, &log.sign(&key(2)), &[], &[refused(Refused::UnknownKey), none.clone()]);
    let malformed = Refused::Malformed { what: "line 1 of the signed note: no newline at the end".to_owned() };
    check(&rows, "", &[], &[refused(malformed.clone()), none.clone()]);
    check(&rows, "", &[&good], &[refused(malformed)]);
    let other = yata_ledger::Checkpoint::of("other.example", &log.frontier).sign(&key(1)).unwrap().to_string();
    check(&rows, &other, &[], &[refused(Refused::OtherLog { origin: "other.example".to_owned() }), none.clone()]);
    let nothing = Verification::new(ORIGIN, &[key(1).verifier()]).start().finish();
    assert_eq!(nothing.findings, [none]);
    // A new log has a checkpoint of no entries.
    let empty = Log::default().sign(&key(1));
    check(&[], &empty, &[], &[]);
}

#[test]
fn the_keys_of_both_ages_are_believed() {
    let mut log = Log::of(5);
    let before = log.sign(&key(2));
    log.push(b"the key was replaced");
    let after = log.sign(&key(1));
    let keys = [key(1).verifier(), key(2).verifier()];
    let mut verifier = Verification::new(ORIGIN, &keys).newest("newest", &after).earlier("old", &before).start();
    rows(&log).iter().for_each(|(index, entry, hash)| verifier.entry(*index, entry, *hash));
    assert!(verifier.finish().holds());
}

#[test]
fn a_flood_of_findings_is_counted() {
    let mut log = Log::of(3000);
    let mut rows = rows(&log);
    rows.iter_mut().for_each(|row| row.1.push(b'!'));
    let report = report(&rows, &log.sign(&key(1)), &[]);
    assert_eq!((report.findings.len(), report.more), (MAX_FINDINGS, 2000));
}

/// Reads a log with its tiles; `stored` gives the bytes of each.
fn with_tiles(log: &Log, stored: impl Fn(&Tile) -> Option<Vec<u8>>) -> Report {
    let mut verifier =
        Verification::new(ORIGIN, &[key(1).verifier()]).newest("newest", &log.clone().sign(&key(1))).start();
    let compare = |verifier: &mut Verifier, tile: Tile| verifier.tile(&tile, stored(&tile).as_deref());
    for (index, entry, hash) in rows(log) {
        verifier.entry(index, &entry, hash);
        while let Some(tile) = verifier.due() {
            compare(&mut verifier, tile);
        }
    }
    verifier.edge().into_iter().for_each(|tile| compare(&mut verifier, tile));
    verifier.finish()
}

fn stored(log: &Log, tile: &Tile) -> Vec<u8> {
    use yata_ledger::Hashes as _;
    let first = tile.index * u64::from(TILE_WIDTH);
    let hashes: Vec<Hash> =
        (first..first + u64::from(tile.width)).map(|index| log.hash(8 * tile.level, index).unwrap()).collect();
    tile_bytes(&hashes)
}

#[test]
fn stored_tiles_are_compared() {
    let log = Log::of(70_000);
    let asked = std::cell::RefCell::new(Vec::new());
    let report = with_tiles(&log, |tile| {
        asked.borrow_mut().push(*tile);
        Some(stored(&log, tile))
    });
    assert!(report.holds(), "{:?}", report.findings);
    let mut asked = asked.into_inner();
    asked.sort();
    assert_eq!(asked, Tile::changed(0, 70_000).collect::<Vec<_>>());
    for path in ["tile/0/007", "tile/1/000", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"] {
        let Some(Resource::Tile(spoiled)) = Resource::parse(path) else { panic!("{path}") };
        let report = with_tiles(&log, |tile| {
            let mut bytes = stored(&log, tile);
            bytes[5] ^= u8::from(*tile == spoiled);
            Some(bytes)
        });
        assert_eq!(report.findings, [Finding::Tile { tile: spoiled }], "{path}");
        let report = with_tiles(&log, |tile| (*tile != spoiled).then(|| stored(&log, tile)));
        assert_eq!(report.findings, [Finding::Tile { tile: spoiled }], "{path}");
        let report = with_tiles(&log, |tile| Some(stored(&log, tile)[usize::from(*tile == spoiled)..].to_vec()));
        assert_eq!(report.findings, [Finding::Tile { tile: spoiled }], "{path}");
    }
}

/// What somebody with the database and without the key may do to a log.
#[derive(Debug, Clone)]
enum Tamper {
    Edit(usize),
    EditWithHash(usize),
    Delete(usize),
    DeleteAndRenumber(usize),
    Swap(usize, usize),
    SwapWithHash(usize, usize),
    Insert(usize),
    Truncate(usize),
    Hash(usize),
}

fn tampers() -> impl Strategy<Value = Tamper> {
    prop_oneof![
        any::<usize>().prop_map(Tamper::Edit),
        any::<usize>().prop_map(Tamper::EditWithHash),
        any::<usize>().prop_map(Tamper::Delete),
        any::<usize>().prop_map(Tamper::DeleteAndRenumber),
        any::<(usize, usize)>().prop_map(|(a, b)| Tamper::Swap(a, b)),
        any::<(usize, usize)>().prop_map(|(a, b)| Tamper::SwapWithHash(a, b)),
        any::<usize>().prop_map(Tamper::Insert),
        any::<usize>().prop_map(Tamper::Truncate),
        any::<usize>().prop_map(Tamper::Hash),
    ]
}

fn renumber(rows: &mut [Row]) {
    rows.iter_mut().zip(0..).for_each(|(row, index)| row.0 = index);
}

fn tamper(rows: &mut Vec<Row>, how: &Tamper) {
    let size = rows.len();
    let at = |at: &usize| at % size;
    match how {
        Tamper::Edit(row) => rows[at(row)].1.push(b'!'),
        Tamper::EditWithHash(row) => {
            let row = &mut rows[at(row)];
            row.1.push(b'!');
            row.2 = Some(leaf_hash(&row.1));
        }
        Tamper::Delete(row) => drop(rows.remove(at(row))),
        Tamper::DeleteAndRenumber(row) => {
            rows.remove(at(row));
            renumber(rows);
        }
        Tamper::Swap(a, b) => {
            let (a, b) = (at(a), at(b));
            let entry = std::mem::take(&mut rows[a].1);
            let other = std::mem::replace(&mut rows[b].1, entry);
            if a != b {
                rows[a].1 = other;
            }
        }
        Tamper::SwapWithHash(a, b) => {
            rows.swap(at(a), at(b));
            renumber(rows);
        }
        Tamper::Insert(row) => {
            rows.insert(at(row), (0, b"new".to_vec(), Some(leaf_hash(b"new"))));
            renumber(rows);
        }
        Tamper::Truncate(row) => rows.truncate(at(row)),
        Tamper::Hash(row) => rows[at(row)].2 = Some(leaf_hash(b"new")),
    }
}

proptest! {
    #[test]
    fn whatever_is_done_is_found(size in 1_u64..60, hows in prop::collection::vec(tampers(), 1..4)) {
        let mut log = Log::of(size);
        let newest = log.sign(&key(1));
        let whole = rows(&log);
        let mut rows = whole.clone();
        for how in &hows {
            if !rows.is_empty() {
                tamper(&mut rows, how);
            }
        }
        let report = report(&rows, &newest, &[]);
        // An entry at the very end, with its hash, is how the log grows.
        let grown = rows.iter().all(|(_, entry, hash)| *hash == Some(leaf_hash(entry)));
        prop_assert_eq!(report.holds(), rows.starts_with(&whole) && grown, "{:?}", report.findings);
    }

    #[test]
    fn a_rebuilt_log_never_passes_for_the_old_one(size in 2_u64..60, at: usize, known in 1_u64..60) {
        let (mut old, mut new) = (Log::default(), Log::default());
        let (at, known) = (at % size as usize, 1 + known % size);
        let mut earlier = String::new();
        for index in 0..size {
            let entry = format!("entry {index}");
            old.push(entry.as_bytes());
            new.push(if index == at as u64 { b"never happened" } else { entry.as_bytes() });
            if index + 1 == known {
                earlier = old.sign(&key(1));
            }
        }
        let newest = new.sign(&key(1));
        let report = report(&rows(&new), &newest, &[&earlier]);
        let covers = known > at as u64;
        prop_assert_eq!(report.holds(), !covers);
        prop_assert_eq!(report.findings, if covers { vec![rebuilt("old 0", known, 0)] } else { Vec::new() });
    }

    #[test]
    fn a_verifier_takes_any_rows(rows in prop::collection::vec((any::<u64>(), prop::collection::vec(any::<u8>(), 0..5), any::<bool>()), 0..20)) {
        let mut verifier = Verification::new(ORIGIN, &[]).newest("newest", "x").start();
        for (index, entry, hash) in rows {
            verifier.entry(index, &entry, hash.then(Hash::empty));
        }
        prop_assert!(!verifier.finish().holds());
    }
}
