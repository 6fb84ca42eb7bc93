//! VEX documents: OpenVEX and CycloneDX.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::vex;

fuzz_target!(|data: &[u8]| {
    let _ = vex::parse(data, "document.json");
});
