//! Every inventory format; the first byte picks it, the second what is known of the host.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_formats::inventory::{FORMATS, Input, OsRelease, Parsed};

/// Where a file of each format stands, so that parsers which look at the path are reached too.
const PATHS: [&str; 4] =
    ["a/b", "requirements-dev.txt", "lib/python3/site-packages/x-1.dist-info/METADATA", "var/lib/dpkg/status"];

fuzz_target!(|data: &[u8]| {
    let [format, setting, bytes @ ..] = data else { return };
    let Some(format) = FORMATS.get(usize::from(*format) % FORMATS.len()) else { return };
    let os = OsRelease::parse(b"ID=debian\nVERSION_ID=12\n").filter(|_| setting & 1 == 1);
    let path = PATHS[usize::from(setting >> 1) % PATHS.len()];
    let (companion, bytes) = if setting & 0x80 == 0 { (&[][..], bytes) } else { bytes.split_at(bytes.len() / 2) };
    let companions: Vec<(&str, &[u8])> = format.companions.iter().map(|name| (*name, companion)).collect();
    let parsed = (format.parse)(&Input { path, bytes, os: os.as_ref(), companions: &companions });
    check(&parsed);
});

fn check(parsed: &Parsed) {
    assert!(parsed.components.is_sorted_by(|a, b| a.purl < b.purl), "each purl once, sorted");
    assert!(parsed.components.iter().all(|component| !component.occurrences.is_empty()), "each is somewhere");
}
