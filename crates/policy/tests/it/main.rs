//! The policy engine against the engine of the language, its own set, and all that can be wrong with its inputs.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read and write files, and stop at the first surprise"
)]

mod analysis;
mod builtin;
mod bytes;
mod differential;
mod load;
mod support;
