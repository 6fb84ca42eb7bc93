//! The proof of one entry for an auditor.

use proptest::prelude::*;
use yata_ledger::{CheckpointError, EntryProof, EntryProofError, Key, Note, NoteError, ProofError, inclusion};

use crate::support::{Log, ORIGIN, key};

fn proof_of(log: &Log, index: u64, key: &Key) -> EntryProof {
    let size = log.frontier.size();
    EntryProof {
        entry: log.entries[index as usize].clone(),
        index,
        hashes: inclusion(log, index, size).unwrap(),
        checkpoint: Note::parse(&log.clone().sign(key)).unwrap(),
    }
}

#[test]
fn the_file_alone_and_the_key_prove_an_entry() {
    let (log, key) = (Log::of(1000), key(1));
    let text = proof_of(&log, 738, &key).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["c2sp.org/tlog-proof@v1", "extra ZW50cnkgNzM4", "index 738"]);
    assert_eq!(lines[13..16], ["", ORIGIN, "1000"]);
    let read: EntryProof = text.parse().unwrap();
    assert_eq!(read.entry, b"entry 738");
    assert_eq!(read.to_string(), text);
    let proven = read.verify(ORIGIN, &[key.verifier()]).unwrap();
    assert_eq!((proven.index, proven.opened.checkpoint.size), (738, 1000));
}

#[test]
fn what_is_not_so_is_not_proven() {
    let (log, key) = (Log::of(1000), key(1));
    let (whole, keys) = (proof_of(&log, 738, &key), [key.verifier()]);
    let with = |change: fn(&mut EntryProof)| {
        let mut proof = whole.clone();
        change(&mut proof);
        proof.verify(ORIGIN, &keys)
    };
    let root = Err(EntryProofError::Proof(ProofError::Root));
    assert_eq!(with(|proof| proof.entry = b"entry 739".to_vec()), root);
    assert_eq!(with(|proof| proof.index = 739), root);
    assert_eq!(with(|proof| proof.hashes[0].0[0] ^= 1), root);
    assert_eq!(with(|proof| proof.hashes.truncate(8)), Err(EntryProofError::Proof(ProofError::Length)));
    let outside = ProofError::Outside { asked: 1000, size: 1000 };
    assert_eq!(with(|proof| proof.index = 1000), Err(EntryProofError::Proof(outside)));
    let unsigned = EntryProofError::Checkpoint(CheckpointError::Note(NoteError::Unsigned));
    assert_eq!(whole.verify(ORIGIN, &[self::key(2).verifier()]), Err(unsigned));
    assert!(matches!(
        whole.verify("other.example", &keys),
        Err(EntryProofError::Checkpoint(CheckpointError::Origin { .. }))
    ));
    let other = whole.to_string().replace("\n1000\n", "\n1001\n").parse::<EntryProof>().unwrap();
    let forged = NoteError::BadSignature { name: ORIGIN.to_owned() };
    assert_eq!(other.verify(ORIGIN, &keys), Err(EntryProofError::Checkpoint(CheckpointError::Note(forged))));
}

#[test]
fn a_proof_without_the_entry_takes_it_from_elsewhere() {
    let (log, key) = (Log::of(1), key(1));
    let text = proof_of(&log, 0, &key).to_string().replace("extra ZW50cnkgMA==\n", "");
    let mut read: EntryProof = text.parse().unwrap();
    assert!(read.entry.is_empty() && read.hashes.is_empty());
    assert!(read.verify(ORIGIN, &[key.verifier()]).is_err());
    read.entry = b"entry 0".to_vec();
    read.verify(ORIGIN, &[key.verifier()]).unwrap();
}

#[test]
fn a_spoiled_file_is_refused_with_its_line() {
    let text = proof_of(&Log::of(8), 5, &key(1)).to_string();
    let cases = [
        ("tlog-proof@v1", "tlog-proof@v2", 1),
        ("extra ZW50cnkgNQ==", "extra !!", 2),
        ("index 5", "index 05", 3),
        ("index 5", "index -5", 3),
        ("index 5", "index", 3),
        ("index 5\n", "index 5\nAAAA\n", 4),
    ];
    for (from, to, line) in cases {
        let error = text.replacen(from, to, 1).parse::<EntryProof>().unwrap_err();
        assert!(matches!(error, EntryProofError::Malformed { line: at, .. } if at == line), "{to}: {error}");
    }
    // An empty line ends the hashes; what follows is a note, and no checkpoint.
    let early = text.replacen("index 5\n", "index 5\n\n", 1).parse::<EntryProof>().unwrap();
    assert!(matches!(early.verify(ORIGIN, &[key(1).verifier()]), Err(EntryProofError::Checkpoint(_))));
    let hash = text.lines().nth(3).unwrap();
    let many = text.replacen(hash, &[hash; 65].join("\n"), 1);
    assert!(matches!(many.parse::<EntryProof>(), Err(EntryProofError::Malformed { line: 67, .. })));
    assert_eq!(
        "".parse::<EntryProof>().unwrap_err().to_string(),
        "line 0 of the proof: no empty line before the checkpoint"
    );
    assert_eq!("x".repeat(1_000_000).parse::<EntryProof>(), Err(EntryProofError::TooLarge));
}

proptest! {
    #[test]
    fn any_text_is_a_proof_or_an_error(text in "c2sp.org/tlog-proof@v1\n(extra [A-Za-z=]{0,8}\n)?index [0-9]{0,3}\n([A-Z=]{0,44}\n){0,3}\n(\\PC|\n){0,80}") {
        if let Ok(proof) = text.parse::<EntryProof>() {
            prop_assert_eq!(proof.to_string(), text);
        }
    }
}
