//! The ruler as its callers see it.
#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests"
)]

#[path = "it/actions.rs"]
mod actions;
#[path = "it/judge.rs"]
mod judge;
#[path = "it/laws.rs"]
mod laws;
#[path = "it/questions.rs"]
mod questions;
#[path = "it/scores.rs"]
mod scores;
#[path = "it/settings.rs"]
mod settings;
#[path = "it/support.rs"]
mod support;
#[path = "it/tables.rs"]
mod tables;
#[path = "it/told.rs"]
mod told;
