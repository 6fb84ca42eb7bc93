//! The log that nobody rewrites: an append-only Merkle log whose every rewriting shows.
//!
//! The formats are public ones, so that tools of others can read and check the log: tiles and bundles (C2SP
//! tlog-tiles), checkpoints (tlog-checkpoint) as signed notes (signed-note), witnesses and their cosignatures
//! (tlog-witness, tlog-cosignature), proofs for an auditor (tlog-proof), the hashes of RFC 6962 section 2.1.
//!
//! The crate takes bytes and gives values; where entries and hashes are kept is the caller's. A log grows so:
//!
//! 1. [`entry::Act`] says what happened and gives the bytes of an [`entry::Entry`].
//! 2. [`leaf_hash`] hashes them, [`Frontier::push_with`] appends, and hands out the hashes to store.
//! 3. [`Checkpoint::of`] states size and root, [`Checkpoint::sign`] signs it, and [`witness`] lets others countersign.
//! 4. [`Verification`] reads everything again and says precisely what is wrong; [`EntryProof`] proves one entry to
//!    somebody who has nothing but the key of the log.
//!
//! The order of the log is that of the indexes alone: the times in the entries may go backwards.

mod base64;
mod checkpoint;
pub mod entry;
mod entry_proof;
mod finding;
mod frontier;
mod hash;
mod key;
mod note;
mod proof;
mod tile;
mod verify;
pub mod witness;

pub use checkpoint::{Checkpoint, CheckpointError, Opened};
pub use entry_proof::{EntryProof, EntryProofError, MAX_ENTRY_PROOF_BYTES, Proven};
pub use finding::{Finding, Refused};
pub use frontier::{Frontier, FrontierError, MAX_ENTRIES, Node};
pub use hash::{HASH_BYTES, Hash, HashError, leaf_hash, node_hash};
pub use key::{Key, KeyError, MAX_NAME_BYTES, SignatureKind, VerifierKey};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, Signature, Signed};
pub use proof::{
    Hashes, MAX_PROOF_HASHES, ProofError, consistency, consistency_tiles, inclusion, inclusion_tiles, root,
    verify_consistency, verify_inclusion,
};
pub use tile::{
    MAX_BUNDLE_BYTES, MAX_ENTRY_BYTES, Resource, TILE_HEIGHT, TILE_WIDTH, Tile, TileError, Tiles, read_bundle,
    tile_bytes, write_bundle,
};
pub use verify::{Checked, MAX_FINDINGS, Outcome, Report, Verification, Verifier};
