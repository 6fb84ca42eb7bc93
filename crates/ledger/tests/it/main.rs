//! The ledger against published test vectors, against a naive reference, and against those who tamper with it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    reason = "helpers of tests"
)]

mod entries;
mod notes;
mod proofs;
mod support;
mod tiles;
mod trees;
mod verification;
mod witnesses;
