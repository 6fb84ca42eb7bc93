//! What comes out of files, and what is said of those that cannot be read.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at what it did not expect")]

mod archives;
mod hostile;
mod office;
mod pdf;
mod support;
