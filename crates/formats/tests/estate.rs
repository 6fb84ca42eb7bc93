//! The estate file as its users meet it: what a good one means, what a bad one is told, which rule speaks of
//! what, and that the published schema and documentation say the same as the parser.
#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

#[path = "estate/errors.rs"]
mod errors;
#[path = "estate/example.rs"]
mod example;
#[path = "estate/good.rs"]
mod good;
#[path = "estate/matching.rs"]
mod matching;
#[path = "estate/published.rs"]
mod published;
