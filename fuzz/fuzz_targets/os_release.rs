//! os-release files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::inventory::OsRelease;

fuzz_target!(|data: &[u8]| {
    if let Some(os) = OsRelease::parse(data) {
        let _ = os.ecosystem().to_string();
    }
});
