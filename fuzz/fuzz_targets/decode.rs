//! Encodings: the way back from a text to its bytes is in order and never leaves them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_documents::decode;

fuzz_target!(|data: &[u8]| {
    let Some(decoded) = decode(data) else { return };
    let mut before = 0;
    for (offset, _) in decoded.text.char_indices() {
        let original = decoded.original(offset);
        assert!((before..=data.len() as u64).contains(&original), "{offset}: {original} after {before}");
        before = original;
    }
});
