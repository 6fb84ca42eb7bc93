//! How fast a whole log is read again: `cargo bench -p yata-ledger`. Prints entries a second, and the time as a ratio to
//! that of hashing the same bytes once, within the same run.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench stops at the first surprise, looks at the clock and prints"
)]

use std::time::{Duration, Instant};

use yata_ledger::{Checkpoint, Frontier, Hash, Key, Verification, leaf_hash};

const ENTRIES: u64 = 1_000_000;
const ENTRY_BYTES: usize = 300;
const ROUNDS: usize = 7;
const ORIGIN: &str = "yata.example/bench";

/// The bytes of an entry, written over the last one.
fn write(entry: &mut [u8; ENTRY_BYTES], index: u64) {
    let (head, _) = entry.split_first_chunk_mut::<8>().unwrap();
    *head = index.to_be_bytes();
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    *times.get(ROUNDS / 2).unwrap()
}

fn main() {
    let key = Key::from_seed(ORIGIN, &[7; 32]).unwrap();
    let mut entry = [b'x'; ENTRY_BYTES];
    let mut frontier = Frontier::new();
    for index in 0..ENTRIES {
        write(&mut entry, index);
        frontier.push(leaf_hash(&entry));
    }
    let note = Checkpoint::of(ORIGIN, &frontier).sign(&key).unwrap().to_string();

    let hashing = median(|| {
        for index in 0..ENTRIES {
            write(&mut entry, index);
            std::hint::black_box(Hash::of(&entry));
        }
    });
    let verifying = median(|| {
        let mut verifier = Verification::new(ORIGIN, &[key.verifier()]).newest("newest", &note).start();
        for index in 0..ENTRIES {
            write(&mut entry, index);
            verifier.entry(index, &entry, None);
        }
        assert!(verifier.finish().holds());
    });
    let growing = median(|| {
        let mut frontier = Frontier::new();
        (0..ENTRIES).for_each(|index| frontier.push(Hash::from_bytes(&[index.to_be_bytes(); 4].concat()).unwrap()));
        std::hint::black_box(frontier.root());
    });
    let rate = |time: Duration| ENTRIES as f64 / time.as_secs_f64() / 1e6;
    let ratio = verifying.as_secs_f64() / hashing.as_secs_f64();
    println!("{ENTRIES} entries of {ENTRY_BYTES} bytes, median of {ROUNDS}");
    println!("  SHA-256 of each alone   {:6.2} million a second", rate(hashing));
    println!("  verification            {:6.2} million a second, {ratio:.2} times the hashing", rate(verifying));
    println!("  growing the tree alone  {:6.2} million leaves a second", rate(growing));
}
