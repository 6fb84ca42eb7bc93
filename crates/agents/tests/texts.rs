//! Texts for agents: the examples of every check, the corpus, and texts of our own.
#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

#[path = "texts/corpus.rs"]
mod corpus;
#[path = "texts/examples.rs"]
mod examples;
#[path = "texts/laws.rs"]
mod laws;
#[path = "texts/own.rs"]
mod own;
#[path = "texts/support.rs"]
mod support;
