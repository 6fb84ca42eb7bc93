//! The estate file, and what its rules then match.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::estate::{EstateMatcher, parse};

fuzz_target!(|data: &[u8]| {
    let Ok(estate) = parse(data, "yata.toml") else { return };
    if let Ok(matcher) = EstateMatcher::new(&estate) {
        let _ = matcher.for_path("services/web/package-lock.json");
        let _ = matcher.for_host("web-01");
        let _ = matcher.for_sbom(&["web", "bom.json"]);
    }
});
