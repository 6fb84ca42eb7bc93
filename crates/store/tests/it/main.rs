//! The store as its callers see it, on files and on a server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::print_stderr,
    reason = "tests stop at the first surprise, and say so"
)]

mod backups;
mod crash;
mod decisions;
mod engines;
mod files;
mod judged;
mod laws;
mod ledger;
mod ledger_crash;
mod life;
mod mirror;
mod people;
mod postgres;
mod push;
mod queue;
mod queue_laws;
mod reads;
mod register;
mod support;
mod talk;
mod upgrade;
mod vex;
