//! Texts for agents: the examples of every check, the corpus, and texts of our own.
#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod corpus;
mod examples;
mod laws;
mod own;
mod support;
