//! What the tests of several crates share. Only tests may use this crate.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise, and say so"
)]

pub mod postgres;
pub mod server;
