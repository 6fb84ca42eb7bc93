//! Package URLs: what is written is read again as the same, and names the same package.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::purl::{PURL_MAX_BYTES, Purl, purl_of, to_package};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(purl) = text.parse::<Purl>() else { return };
    let written = purl.to_string();
    // Percent-encoding may make a text longer than the parser takes.
    if written.len() > PURL_MAX_BYTES {
        return;
    }
    let again: Purl = written.parse().expect("what was written can be read");
    assert_eq!(purl, again, "`{written}`");
    if let Some(identity) = to_package(&purl) {
        let _ = purl_of(&identity.package, identity.version.as_deref());
    }
});
