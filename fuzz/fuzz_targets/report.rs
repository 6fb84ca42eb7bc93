//! A report as a sensor pushes it: whatever the bytes are, an answer; and what was read goes out as it came in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_console::api::{read_report, write_report};

fuzz_target!(|bytes: &[u8]| {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let Ok(report) = read_report(bytes, at) else { return };
    let Some(wire) = write_report(report.clone()) else { return };
    let Ok(written) = serde_json::to_vec(&wire) else { return };
    match read_report(written.as_slice(), at) {
        Ok(again) => assert_eq!(again.snapshots, report.snapshots),
        Err(error) => panic!("what was read cannot be read again: {error}"),
    }
});
