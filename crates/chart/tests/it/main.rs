//! The charts as a reader gets them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at what it did not expect"
)]

mod colors;
mod laws;
mod links;
mod looks;
mod support;
