//! The ledger's formats: the first byte picks one. What was read is written the same, and nothing unsigned is proven.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_ledger::entry::Entry;
use yata_ledger::witness::{AddCheckpoint, Answer};
use yata_ledger::{
    Checkpoint, EntryProof, Frontier, Key, Note, Resource, Tile, Verification, VerifierKey, read_bundle, tile_bytes,
    write_bundle,
};

const ORIGIN: &str = "a";

fuzz_target!(|data: &[u8]| {
    let Some((&format, bytes)) = data.split_first() else { return };
    let key = Key::from_seed(ORIGIN, &[7; 32]).expect("a key");
    let keys = [key.verifier(), key.cosignature_verifier()];
    match format {
        0 => {
            if let Ok(entries) = read_bundle(bytes) {
                assert_eq!(write_bundle(entries).expect("it was a bundle"), bytes);
            }
        }
        1 => {
            let width = u16::try_from(bytes.len() / 32).unwrap_or(0);
            if let Ok(hashes) = (Tile { level: 0, index: 0, width }).read(bytes) {
                assert_eq!(tile_bytes(&hashes), bytes);
            }
        }
        2 => {
            if let Ok(entry) = Entry::parse(bytes)
                && let Ok(written) = entry.to_bytes()
            {
                assert_eq!(Entry::parse(&written).expect("what was written can be read"), entry);
            }
        }
        3 => verify(bytes, &keys),
        _ => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                texts(format, text, &keys);
            }
        }
    }
});

/// The bytes are rows: an index, whether a hash is stored, one byte of entry.
fn verify(bytes: &[u8], keys: &[VerifierKey]) {
    let mut verifier = Verification::new(ORIGIN, keys).newest("newest", "x").start();
    for row in bytes.chunks_exact(3) {
        let &[index, stored, entry] = row else { continue };
        let stored = (stored & 1 == 1).then(|| yata_ledger::leaf_hash(&[stored]));
        verifier.entry(u64::from(index), &[entry], stored);
        while let Some(tile) = verifier.due() {
            verifier.tile(&tile, Some(bytes));
        }
    }
    assert!(!verifier.finish().holds(), "nothing was signed");
}

fn texts(format: u8, text: &str, keys: &[VerifierKey]) {
    match format {
        4 => {
            if let Ok(note) = Note::parse(text) {
                assert_eq!(note.to_string(), text);
                let _ = note.verify(keys);
            }
            let _ = Checkpoint::open(text, ORIGIN, keys);
        }
        5 => {
            if let Ok(checkpoint) = Checkpoint::parse(text) {
                assert_eq!(checkpoint.text(), text);
            }
        }
        6 => {
            if let Ok(proof) = text.parse::<EntryProof>() {
                // An empty line `extra ` says nothing, and is not written.
                assert!(proof.entry.is_empty() || proof.to_string() == text);
                let _ = proof.verify(ORIGIN, keys);
            }
        }
        7 => {
            if let Ok(request) = text.parse::<AddCheckpoint>() {
                assert_eq!(request.to_string(), text);
            }
        }
        8 => {
            let note = Note::new("x\n").expect("a note");
            for status in [200, 409] {
                let _ = Answer::read(status, text.as_bytes(), &note, keys);
            }
        }
        9 => {
            if let Some(resource) = Resource::parse(text) {
                assert_eq!(resource.path(), text);
            }
        }
        10 => {
            if let Ok(frontier) = text.parse::<Frontier>() {
                assert_eq!(frontier.to_string(), text);
            }
        }
        11 => {
            if let Ok(key) = text.parse::<VerifierKey>() {
                assert_eq!(key.to_string(), text);
            }
        }
        _ => {
            let _ = Key::from_secret_text(text);
        }
    }
}
