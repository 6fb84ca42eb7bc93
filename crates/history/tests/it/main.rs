//! Repositories that the real `git` makes, and what is read of them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests stop at the first surprise, and say what they skip"
)]

mod attribution;
mod blame;
mod broken;
mod forms;
mod resume;
mod scan;
mod support;
