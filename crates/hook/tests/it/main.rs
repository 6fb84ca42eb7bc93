//! The hook from outside: bytes in, bytes out; files that many processes write.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod coverage;
mod install;
mod log;
mod process;
mod protocol;
mod regressions;
mod repository;
