//! The policy engine against the engine of the language, its own set, and all that can be wrong with its inputs.
#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

mod analysis;
mod builtin;
mod bytes;
mod differential;
mod load;
mod support;
