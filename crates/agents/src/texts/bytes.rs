//! Files that are no texts: programs and archives, which nobody can review by reading, and pictures, which say nothing.

/// Ends of names of programs and archives.
const ENDS: [&str; 26] = [
    ".pyc", ".pyo", ".so", ".dylib", ".dll", ".exe", ".jar", ".class", ".war", ".o", ".a", ".wasm", ".bin", ".node",
    ".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".whl", ".msi", ".xz", ".zst", ".bz2", ".deb",
];

/// How programs and archives begin: ELF; Mach-O of 32 and 64 bits in both orders of bytes, and universal, whose mark a
/// class of Java shares; WebAssembly; zip, gzip, 7z, RAR, xz, Zstandard, ar.
const MAGIC: [&[u8]; 15] = [
    b"\x7fELF",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xca\xfe\xba\xbe",
    b"\xca\xfe\xba\xbf",
    b"\0asm",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"!<arch>\n",
];

/// Documents that are zip archives, and are no programs.
const OFFICE: [&str; 8] = [".docx", ".pptx", ".xlsx", ".odt", ".potx", ".dotx", ".xltx", ".epub"];

/// How pictures, sound, film and fonts begin. RIFF is that of WebP and of sound, `ftyp` stands behind a length.
const MEDIA: [&[u8]; 10] = [
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"wOFF",
    b"wOF2",
    b"\0\x01\0\0\0",
    b"OTTO",
];

/// Programs and archives; `name` in small letters.
pub(super) fn is_program(name: &str, bytes: &[u8]) -> bool {
    let office = OFFICE.iter().any(|end| name.ends_with(end));
    let marked = MAGIC.iter().any(|magic| bytes.starts_with(magic)) || is_windows(bytes);
    ENDS.iter().any(|end| name.ends_with(end)) || (!office && marked)
}

/// A program of Windows or DOS: `MZ`, and a header that no text has.
fn is_windows(bytes: &[u8]) -> bool {
    bytes.starts_with(b"MZ") && bytes.get(..64).is_some_and(|head| head.contains(&0))
}

/// Pictures, sound, film and fonts.
pub(super) fn is_media(bytes: &[u8]) -> bool {
    MEDIA.iter().any(|magic| bytes.starts_with(magic)) || bytes.get(4..8) == Some(b"ftyp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_by_their_first_bytes() {
        let check = |name: &str, bytes: &[u8], expected: bool| {
            assert_eq!(is_program(name, bytes), expected, "{name} {bytes:?}");
        };
        let windows = [&b"MZ\x78\0\x01"[..], &[0; 64]].concat();
        check("run", b"\x7fELF\x02\x01", true);
        check("run", b"\xce\xfa\xed\xfe", true);
        check("run", b"\xfe\xed\xfa\xcf", true);
        check("run", &windows, true);
        check("run", b"MZ is how the notes of M. Z. begin, and they go on for quite a while after that", false);
        check("helper.pyc", b"", true);
        check("a.docx", b"PK\x03\x04", false);
        check("a.zip", b"PK\x03\x04", true);
        check("a.md", b"# Notes", false);
    }

    #[test]
    fn pictures_are_neither() {
        assert!(is_media(b"\x89PNG\r\n\x1a\n\0\0"));
        assert!(is_media(b"\0\0\0\x18ftypmp42"));
        assert!(!is_media(b"GI") && !is_media(b"# Notes"));
    }
}
