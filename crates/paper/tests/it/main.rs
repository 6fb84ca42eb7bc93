//! Documents to PDF, read back as a reader would.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect and says what it skips"
)]

mod example;
mod hostile;
mod refused;
mod support;
