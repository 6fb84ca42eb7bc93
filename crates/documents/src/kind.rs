//! What a file is, by its name and its first bytes.

use memchr::memmem;

use crate::archive::is_tar_header;
use crate::decode::{Encoding, detect, is_text_byte_order_mark};

/// How many bytes of the beginning [`kind`] looks at; more are of no use.
pub const HEAD_BYTES: usize = 8 << 10;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A text of this encoding.
    Text(Encoding),
    /// No text in any form that is known.
    Binary,
    /// An archive or a compressed file, also of the formats that are only reported as not looked into.
    Archive,
    /// A document of an office suite, also of the old formats that are only reported as not looked into.
    Office,
    /// PDF.
    Pdf,
}

/// What is inside, and whose job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Text(Encoding),
    Binary,
    Container(Container),
    Pdf,
    /// A format that could hold texts and is not looked into.
    Unread(&'static str),
    Encrypted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Zip,
    Tar,
    Gzip,
}

/// Compressed formats that are known but not looked into.
const UNREAD: [(&[u8], &str); 9] = [
    (b"BZh", "bzip2"),
    (b"\xFD7zXZ\0", "xz"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"Rar!\x1A\x07", "rar"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"\x04\x22\x4D\x18", "lz4"),
    (b"LZIP\x01", "lzip"),
    (b"\xED\xAB\xEE\xDB", "rpm"),
];

/// Extensions of zip archives that hold an office document.
const OFFICE: [&str; 21] = [
    "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "xlam", "pptx", "pptm", "potx", "potm", "ppsx",
    "ppsm", "odt", "ods", "odp", "odg", "ott", "ots",
];

/// What a file is, by its name and the first [`HEAD_BYTES`] of its bytes (fewer if it is shorter).
pub fn kind(name: &str, head: &[u8]) -> Kind {
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    match content(name, head) {
        Content::Text(encoding) => Kind::Text(encoding),
        Content::Binary => Kind::Binary,
        Content::Pdf => Kind::Pdf,
        Content::Encrypted | Content::Unread("OLE document") => Kind::Office,
        Content::Container(Container::Zip) if is_office(name, head) => Kind::Office,
        Content::Container(_) | Content::Unread(_) => Kind::Archive,
    }
}

/// The part of a name after its last dot, in lower case.
pub(crate) fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

pub(crate) fn content(name: &str, bytes: &[u8]) -> Content {
    if is_text_byte_order_mark(bytes) {
        return detect(bytes).map_or(Content::Binary, Content::Text);
    }
    if [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| bytes.starts_with(*magic)) {
        return Content::Container(Container::Zip);
    }
    if bytes.starts_with(b"\x1F\x8B") {
        return Content::Container(Container::Gzip);
    }
    if is_pdf(name, bytes) {
        return Content::Pdf;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return if is_encrypted_office(bytes) { Content::Encrypted } else { Content::Unread("OLE document") };
    }
    if let Some((_, format)) = UNREAD.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        // "BZh" may begin a text; a digit and the magic of a block follow in bzip2.
        if *format != "bzip2" || matches!(bytes.get(4..10), Some(b"1AY&SY" | b"\x17\x72\x45\x38\x50\x90")) {
            return Content::Unread(format);
        }
    }
    if is_tar_header(bytes) {
        return Content::Container(Container::Tar);
    }
    match detect(bytes) {
        Some(encoding) => Content::Text(encoding),
        // Self-extracting archives and zips with something before them.
        None if matches!(extension(name).as_str(), "zip" | "jar" | "whl" | "docx" | "xlsx" | "pptx") => {
            Content::Container(Container::Zip)
        }
        None => Content::Binary,
    }
}

/// PDF readers take up to 1 KiB before the header; a text that quotes it is none.
fn is_pdf(name: &str, bytes: &[u8]) -> bool {
    let head = bytes.get(..1024).unwrap_or(bytes);
    match memmem::find(head, b"%PDF-") {
        Some(0) => true,
        Some(position) => {
            extension(name) == "pdf" || head.get(..position).is_some_and(|before| before.trim_ascii().is_empty())
        }
        None => extension(name) == "pdf" && memmem::find(bytes, b" obj").is_some(),
    }
}

/// An office document with a password is an OLE file with this stream; OLE writes names in UTF-16.
fn is_encrypted_office(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(bytes, &name).is_some()
}

fn is_office(name: &str, head: &[u8]) -> bool {
    OFFICE.contains(&extension(name).as_str())
        || memmem::find(head, b"[Content_Types].xml").is_some()
        || memmem::find(head, b"mimetypeapplication/vnd.oasis.opendocument").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, head: &[u8], expected: Kind) {
        assert_eq!(kind(name, head), expected, "{name}");
    }

    #[test]
    fn the_head_tells_what_a_file_is() {
        check("a.txt", b"hello", Kind::Text(Encoding::Utf8));
        check("a", b"", Kind::Text(Encoding::Utf8));
        check("a.pdf", b"%PDF-1.7\n", Kind::Pdf);
        check("a.rs", b"const MAGIC: &str = \"%PDF-1.4\";", Kind::Text(Encoding::Utf8));
        check("a.zip", b"PK\x03\x04....", Kind::Archive);
        check("a.docx", b"PK\x03\x04....", Kind::Office);
        check("a", b"PK\x03\x04......[Content_Types].xml", Kind::Office);
        check("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0", Kind::Office);
        check("a.gz", b"\x1F\x8B\x08", Kind::Archive);
        check("a.xz", b"\xFD7zXZ\0\0", Kind::Archive);
        check("a.bz2", b"BZh91AY&SY", Kind::Archive);
        check("a.txt", b"BZhello", Kind::Text(Encoding::Utf8));
        check("a.png", b"\x89PNG\r\n\x1A\n\0\0", Kind::Binary);
    }
}
