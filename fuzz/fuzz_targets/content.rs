//! Formats by content: never two for one file, never a panic in what it then reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::inventory::{FORMATS, Input, format_of_content, format_of_path, host_root, unsupported};

fuzz_target!(|data: &[u8]| {
    let claims = FORMATS.iter().filter(|format| (format.recognises)(data)).count();
    assert!(claims <= 1, "{claims} formats claim it");
    if let Some(format) = format_of_content(data) {
        (format.parse)(&Input::new("file", data));
    }
    if let Ok(path) = std::str::from_utf8(data) {
        let _ = (format_of_path(path), host_root(path), unsupported(path));
    }
});
