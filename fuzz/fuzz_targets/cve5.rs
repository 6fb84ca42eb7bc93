//! CVE 5 records with CISA's assessment.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::feeds::parse_cve5;

fuzz_target!(|data: &[u8]| {
    let _ = parse_cve5(data);
});
