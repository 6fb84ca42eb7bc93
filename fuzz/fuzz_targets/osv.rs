//! OSV records.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::feeds::parse_osv;

fuzz_target!(|data: &[u8]| {
    let _ = parse_osv(data, "record.json");
});
