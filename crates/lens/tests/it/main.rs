//! The tests of the lens: every rule on its own cases, and the laws that hold for all.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

mod laws;
mod rules;
