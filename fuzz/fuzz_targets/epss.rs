//! EPSS scores, unpacked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::feeds::{EpssScore, parse_epss};

fuzz_target!(|data: &[u8]| {
    let _ = parse_epss(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = EpssScore::key(text);
    }
});
