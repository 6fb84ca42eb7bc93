//! The store as its callers see it, on real files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise, and say so"
)]

mod crash;
mod decisions;
mod files;
mod laws;
mod life;
mod reads;
mod support;
mod vex;
