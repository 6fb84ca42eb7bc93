//! The inventory formats and package URLs against the conformance data beside the checkout, and against noise.
#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "tests stop at what they did not expect"
)]

mod conformance;
mod noise;
mod purls;

use std::path::PathBuf;

/// A file or folder of the shared data; `None`, said aloud, where it is not there.
fn shared(what: &str) -> Option<PathBuf> {
    let root = std::env::var_os("YATA_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(what);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: needs ../shared/{what}");
    None
}
