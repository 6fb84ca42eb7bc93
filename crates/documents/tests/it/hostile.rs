use proptest::prelude::*;
use yata_documents::{Limits, decode, kind};

use crate::support::{gzip, read, read_with, tar, zip, zlib};

/// Small, so that every limit is met.
fn small() -> Limits {
    Limits {
        depth: 3,
        members: 20,
        member_bytes: 4096,
        total_bytes: 8192,
        text_bytes: 4096,
        piece_bytes: 128,
        ..Limits::default()
    }
}

#[test]
fn deep_xml_and_deep_arrays_end() {
    let deep = format!("{}<w:t>text</w:t>", "<w:a>".repeat(100_000));
    let bytes = zip(&[("[Content_Types].xml", b"<T/>"), ("word/document.xml", deep.as_bytes())]);
    assert_eq!(read("a.docx", &bytes).0, ["a.docx!/body: text"]);
    let pdf = format!("%PDF-1.4\n1 0 obj {} endobj 2 0 obj << /Type /Page >> endobj", "[".repeat(500_000));
    assert!(read("a.pdf", pdf.as_bytes()).0.is_empty());
}

#[test]
fn many_broken_objects_take_linear_time() {
    for part in ["1 0 obj <</Length 9>> stream ", "1 0 obj (", "1 0 obj <<", "1 0 obj [", "trailer <<", "1 0 obj <"] {
        let pdf = format!("%PDF-1.4\n{}", part.repeat(20_000));
        assert!(!read("a.pdf", pdf.as_bytes()).1.is_complete(), "{part}");
    }
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let xml = "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><d><w:p><w:t>x&b;&amp;</w:t></w:p></d>";
    let bytes = zip(&[("[Content_Types].xml", b"<T/>"), ("word/document.xml", xml.as_bytes())]);
    assert_eq!(read("a.docx", &bytes).0, ["a.docx!/body: x&b;&"]);
}

/// Files of every format, to be damaged.
fn seeds() -> Vec<Vec<u8>> {
    let docx = zip(&[
        ("[Content_Types].xml", b"<T/>".as_slice()),
        ("word/document.xml", b"<d><w:p><w:r><w:t>a</w:t></w:r></w:p></d>"),
    ]);
    let xlsx = zip(&[
        ("[Content_Types].xml", b"<T/>".as_slice()),
        ("xl/worksheets/sheet1.xml", b"<s><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></s>"),
    ]);
    let packed = zlib(b"BT /F 10 Tf (a) Tj ET");
    let head = format!(
        "%PDF-1.4\n1 0 obj << /Type /Page /Contents 2 0 R /Resources << /Font << /F << /Subtype /Type1 >> >> >> >> endobj 2 0 obj << /Filter /FlateDecode /Length {} >> stream\n",
        packed.len()
    );
    let pdf = [head.as_bytes(), &packed, b"\nendstream endobj"].concat();
    let tar = tar(&[("a", b'0', b"alpha"), ("b.pdf", b'0', &pdf)]);
    let sjis = encoding_rs::SHIFT_JIS.encode("社外秘の資料です。").0.into_owned();
    vec![gzip(&tar), zip(&[("a.docx", &docx), ("a", &sjis)]), tar, docx, xlsx, pdf, sjis]
}

fn check(bytes: &[u8]) {
    for name in ["a", "a.pdf", "a.zip"] {
        kind(name, bytes);
        read_with(name, bytes, &small());
    }
    if let Some(decoded) = decode(bytes) {
        let mut before = 0;
        for (offset, _) in decoded.text.char_indices() {
            let original = decoded.original(offset);
            assert!((before..=bytes.len() as u64).contains(&original));
            before = original;
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn damaged_files(seed in 0usize..7, edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
        let mut bytes = seeds().swap_remove(seed);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        check(&bytes);
    }
}
