//! The tree: published hashes, every size against the reference.

use proptest::prelude::*;
use yata_ledger::{
    Frontier, Hash, ProofError, consistency, consistency_tiles, inclusion, inclusion_tiles, leaf_hash, root,
    verify_consistency, verify_inclusion,
};

use crate::support::{Log, naive_consistency, naive_inclusion, naive_root};

/// Largest tree of which every pair is tried.
const EVERY_SIZE: u64 = 300;

fn hash(text: &str) -> Hash {
    text.parse().unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The leaves and roots with which Certificate Transparency tests its trees (google/certificate-transparency,
/// `merkle_tree_test.cc`; transparency-dev/merkle, `testonly/constants.go`).
const CT_LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const CT_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn ct_log() -> Log {
    let mut log = Log::default();
    CT_LEAVES.iter().for_each(|leaf| log.push(&bytes(leaf)));
    log
}

#[test]
fn roots_of_the_published_trees() {
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), hash(CT_ROOTS[0]));
    for (leaf, root) in CT_LEAVES.iter().zip(&CT_ROOTS[1..]) {
        frontier.push(leaf_hash(&bytes(leaf)));
        assert_eq!(frontier.root(), hash(root));
    }
}

/// transparency-dev/merkle, `proof/verify_test.go`: 0-based index, size, proof.
#[test]
fn published_inclusion_proofs() {
    let cases: [(u64, u64, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    let log = ct_log();
    for (index, size, proof) in cases {
        let proof: Vec<Hash> = proof.iter().map(|text| hash(text)).collect();
        assert_eq!(inclusion(&log, index, size).unwrap(), proof, "{index} in {size}");
        let (leaf, root) = (log.leaves[index as usize], hash(CT_ROOTS[size as usize]));
        verify_inclusion(&leaf, index, size, &root, &proof).unwrap();
    }
}

/// transparency-dev/merkle, `proof/verify_test.go`.
#[test]
fn published_consistency_proofs() {
    let cases: [(u64, u64, &[&str]); 5] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
        (
            6,
            7,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
    ];
    let log = ct_log();
    for (old, new, proof) in cases {
        let proof: Vec<Hash> = proof.iter().map(|text| hash(text)).collect();
        assert_eq!(consistency(&log, old, new).unwrap(), proof, "{old} to {new}");
        let roots = (hash(CT_ROOTS[old as usize]), hash(CT_ROOTS[new as usize]));
        verify_consistency(old, &roots.0, new, &roots.1, &proof).unwrap();
    }
}

#[test]
fn every_size_agrees_with_the_reference() {
    let log = Log::of(EVERY_SIZE);
    let mut frontier = Frontier::new();
    let mut roots = vec![Hash::empty()];
    for (size, leaf) in (1..).zip(&log.leaves) {
        frontier.push(*leaf);
        let reference = naive_root(&log.leaves[..size]);
        assert_eq!(frontier.root(), reference);
        assert_eq!(root(&log, size as u64).unwrap(), reference);
        assert_eq!(frontier.to_string().parse::<Frontier>().unwrap(), frontier);
        roots.push(reference);
    }
    for size in 0..=EVERY_SIZE as usize {
        let leaves = &log.leaves[..size];
        for other in 0..=size {
            let (small, large) = (other as u64, size as u64);
            let proof = consistency(&log, small, large).unwrap();
            verify_consistency(small, &roots[other], large, &roots[size], &proof).unwrap();
            // The reference takes time that grows with the square: a part of the sizes is enough for its text.
            let compare = size < 70 || size % 37 == 0;
            if compare {
                assert_eq!(proof, naive_consistency(other, leaves), "{other} to {size}");
            }
            if other == size {
                assert_eq!(inclusion(&log, small, large), Err(ProofError::Outside { asked: small, size: large }));
                continue;
            }
            let proof = inclusion(&log, small, large).unwrap();
            verify_inclusion(&leaves[other], small, large, &roots[size], &proof).unwrap();
            if compare {
                assert_eq!(proof, naive_inclusion(other, leaves), "{other} in {size}");
            }
        }
    }
}

#[test]
fn a_proof_names_the_hash_that_is_missing() {
    let log = Log::of(8);
    assert_eq!(inclusion(&log, 3, 9), Err(ProofError::Missing { level: 0, index: 8 }));
    assert_eq!(consistency(&log, 9, 8), Err(ProofError::Outside { asked: 9, size: 8 }));
    assert_eq!(inclusion(&log, 0, u64::MAX), Err(ProofError::Outside { asked: 0, size: u64::MAX }));
    assert_eq!(inclusion_tiles(5, 5), Err(ProofError::Outside { asked: 5, size: 5 }));
    assert_eq!(consistency_tiles(6, 5), Err(ProofError::Outside { asked: 6, size: 5 }));
}

#[test]
fn nothing_is_consistent_with_the_past() {
    let (some, other, none) = (leaf_hash(b"a"), leaf_hash(b"b"), Hash::empty());
    type Case<'a> = (u64, Hash, u64, Hash, &'a [Hash], bool);
    let cases: [Case<'_>; 12] = [
        (0, none, 0, none, &[], true),
        (0, none, 1, some, &[], true),
        (1, some, 1, some, &[], true),
        (0, some, 1, some, &[], false),
        (0, none, 0, some, &[], false),
        (1, some, 1, other, &[], false),
        (1, some, 0, none, &[], false),
        (2, some, 1, some, &[], false),
        (1, some, 2, other, &[], false),
        (0, none, 0, none, &[none], false),
        (0, none, 1, some, &[none], false),
        (1, some, 1, some, &[none], false),
    ];
    for (old, old_root, new, new_root, proof, holds) in cases {
        let verified = verify_consistency(old, &old_root, new, &new_root, proof);
        assert_eq!(verified.is_ok(), holds, "{old} to {new}: {verified:?}");
    }
}

#[test]
fn the_text_of_a_frontier_is_checked() {
    let one = leaf_hash(b"a");
    assert_eq!("0".parse::<Frontier>().unwrap(), Frontier::new());
    for text in ["", "1", "0 ", "01", "+1", "x", "1 x", &format!("0 {one}"), &format!("2 {one} {one}"), "1 ", " 1"] {
        assert!(text.parse::<Frontier>().is_err(), "`{text}`");
    }
    assert!(format!("{} {one}", 1_u64 << 63).parse::<Frontier>().is_err());
    assert!(format!("{} {one}", 1_u64 << 62).parse::<Frontier>().is_ok());
}

/// A proof that is not the one of the vector.
fn changed(proof: &[Hash], how: u8, at: usize) -> Vec<Hash> {
    let mut proof = proof.to_vec();
    match how {
        0 if !proof.is_empty() => {
            let at = at % proof.len();
            proof[at].0[at % 32] ^= 1;
        }
        1 if !proof.is_empty() => {
            proof.remove(at % proof.len());
        }
        2 if !proof.is_empty() => proof.insert(at % proof.len(), proof[at % proof.len()]),
        3 => proof.insert(0, Hash::empty()),
        _ => proof.push(Hash::empty()),
    }
    proof
}

proptest! {
    #[test]
    fn a_changed_proof_never_holds(size in 1_u64..300, index in 0_u64..300, how in 0_u8..5, at in 0_usize..16) {
        let log = Log::of(size);
        let index = index % size;
        let whole = root(&log, size).unwrap();
        let leaf = log.leaves[index as usize];
        let proof = inclusion(&log, index, size).unwrap();
        prop_assert!(verify_inclusion(&leaf, index, size, &whole, &proof).is_ok());
        prop_assert!(verify_inclusion(&leaf, index, size, &whole, &changed(&proof, how, at)).is_err());
        prop_assert!(verify_inclusion(&leaf, index + 1, size, &whole, &proof).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &leaf_hash(&leaf.0), &proof).is_err());
        prop_assert!(verify_inclusion(&leaf_hash(b"x"), index, size, &whole, &proof).is_err());

        let old_root = root(&log, index).unwrap();
        let proof = consistency(&log, index, size).unwrap();
        prop_assert!(verify_consistency(index, &old_root, size, &whole, &proof).is_ok());
        prop_assert!(verify_consistency(index, &old_root, size, &whole, &changed(&proof, how, at)).is_err());
        prop_assert!(verify_consistency(index, &leaf_hash(&leaf.0), size, &whole, &proof).is_err());
        if index > 0 {
            prop_assert!(verify_consistency(index, &old_root, size, &leaf_hash(&leaf.0), &proof).is_err());
        }
    }

    #[test]
    fn checking_never_panics(index: u64, size: u64, hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        let _ = verify_inclusion(&Hash::empty(), index, size, &Hash::empty(), &hashes);
        let _ = verify_consistency(index, &Hash::empty(), size, &Hash::empty(), &hashes);
        let _ = inclusion_tiles(index, size);
        let _ = consistency_tiles(index, size);
        let _ = Frontier::from_parts(size, hashes);
    }
}
