//! Import and synchronisation, from bytes on a disk or a wire to what the index says.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at what it did not expect")]

mod feeds;
mod import;
mod index_file;
mod matching;
mod signals;
mod sync;
