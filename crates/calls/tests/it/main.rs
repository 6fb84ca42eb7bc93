//! What the crate promises, held from outside.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod cases;
mod classes;
mod corpus;
#[cfg(unix)]
mod differential;
mod guard;
mod programs;
mod properties;
#[cfg(unix)]
mod scripts;
mod shell;
