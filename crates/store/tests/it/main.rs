//! The store as its callers see it, on files and on a server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise, and say so"
)]

mod crash;
mod decisions;
mod engines;
mod files;
mod laws;
mod ledger;
mod ledger_crash;
mod life;
mod postgres;
mod reads;
mod support;
mod upgrade;
mod vex;
