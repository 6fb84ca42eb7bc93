//! The catalogue of known exploited vulnerabilities.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::feeds::parse_kev;

fuzz_target!(|data: &[u8]| {
    let _ = parse_kev(data);
});
