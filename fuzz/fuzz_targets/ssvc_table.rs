//! Decision tables in SSVC JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_ruler::{Table, Tables};

fuzz_target!(|data: &[u8]| {
    if let Ok(table) = Table::from_ssvc_json("table.json", data) {
        let _ = Tables::standard().add("table.json", table);
    }
});
