//! The reader of the compiled form takes only what the compiler writes, and never panics.

use proptest::prelude::*;
use yata_policy::cedar::seal;
use yata_policy::{Action, Compiled, DEFAULT, Decision, LoadError, TRAITS};

use crate::support::request;

/// Writes the sum anew, so that what is behind it is looked at.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    seal(&mut bytes);
    bytes
}

/// Loads and, where that succeeds, decides.
fn use_all(bytes: &[u8]) -> Result<(), LoadError> {
    let compiled = Compiled::load(bytes)?;
    for action in Action::ALL {
        let _ = compiled.decide(&request(action, "x", &TRAITS));
        let _ = compiled.outcomes(&request(action, "*", &[]));
    }
    Ok(())
}

#[test]
fn what_is_wrong_is_named() {
    assert_eq!(use_all(DEFAULT), Ok(()));
    assert_eq!(summed(DEFAULT.to_vec()), DEFAULT);
    assert_eq!(use_all(b""), Err(LoadError::Magic));
    assert_eq!(use_all(b"#!/bin/sh\necho"), Err(LoadError::Magic));
    let mut other = DEFAULT.to_vec();
    other[8] = 77;
    assert_eq!(use_all(&other), Err(LoadError::Version { found: 77, known: 1 }));
    let mut long = DEFAULT.to_vec();
    long.push(0);
    assert_eq!(use_all(&long), Err(LoadError::Damaged("its length is not what it says")));
    assert_eq!(use_all(&summed(long)), Err(LoadError::Damaged("it has bytes too many")));
    let mut flipped = DEFAULT.to_vec();
    flipped[DEFAULT.len() / 2] ^= 1;
    assert_eq!(use_all(&flipped), Err(LoadError::Damaged("its sum is wrong")));
}

#[test]
fn every_cut_is_refused() {
    for length in 0..DEFAULT.len() {
        let bytes = &DEFAULT[..length];
        assert!(use_all(bytes).is_err(), "{length}");
    }
    for length in (0..DEFAULT.len()).step_by(7) {
        assert!(use_all(&summed(DEFAULT[..length].to_vec())).is_err(), "{length}");
    }
}

/// An expression that refers to itself many times over ends by its budget, as a failed policy: nothing is allowed.
#[test]
fn an_endless_expression_is_not_allowed() {
    let nodes: Vec<[u8; 16]> = (0..60u32)
        .map(|number| {
            let mut node = [0; 16];
            if number == 0 {
                node[2] = 1;
            } else {
                node[0] = 35;
                for at in [4, 8, 12] {
                    node[at..at + 4].copy_from_slice(&(number - 1).to_le_bytes());
                }
            }
            node
        })
        .collect();
    let mut policy = vec![0; 48];
    policy[4] = 1;
    policy[40..42].copy_from_slice(&0x1ff_u16.to_le_bytes());
    policy[44] = 59;
    let mut bytes = DEFAULT[..56].to_vec();
    for length in [48, nodes.len() * 16, 0, 0, 1, 0] {
        bytes.extend(u32::try_from(length).unwrap().to_le_bytes());
    }
    bytes.extend(policy.into_iter().chain(nodes.into_iter().flatten()).chain(*b"p"));
    let bytes = summed(bytes);
    let decided = Compiled::load(&bytes).unwrap().decide(&request(Action::RunCommand, "ls", &[]));
    assert_eq!((decided.decision, decided.failed.as_slice()), (Decision::Ask, ["p".to_owned()].as_slice()));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = use_all(&bytes);
        let mut with_head = DEFAULT[..56].to_vec();
        with_head.extend(bytes);
        let _ = use_all(&summed(with_head));
    }

    #[test]
    fn any_change_is_read_or_refused(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..6)) {
        let mut bytes = DEFAULT.to_vec();
        for (at, byte) in changes {
            let at = 24 + at % (bytes.len() - 24);
            bytes[at] = byte;
        }
        let _ = use_all(&summed(bytes));
    }
}
