use yata_documents::Limits;

use crate::support::{check, check_gaps, zlib};

/// A PDF of these objects, numbered from 1, without any cross-reference table.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (index, object) in objects.iter().enumerate() {
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    bytes.extend_from_slice(b"trailer << /Root 1 0 R /Info 6 0 R >>\n");
    bytes
}

fn stream(dict: &str, content: &str) -> String {
    format!("<< /Length {} {dict} >>\nstream\n{content}\nendstream", content.len())
}

/// One page with this content; objects from 7 on may be added.
fn page(font: &str, content: &str, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F 5 0 R >> /XObject << /X 7 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_owned(),
        stream("", content),
        font.to_owned(),
        "<< /Title <FEFF793E5916> >>".to_owned(),
    ];
    objects.extend_from_slice(more);
    pdf(&objects)
}

const HELVETICA: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

#[track_caller]
fn check_page(font: &str, content: &str, more: &[String], expected: &str) {
    check("a.pdf", &page(font, content, more), &["a.pdf!/property title: 社外", &format!("a.pdf!/page 1: {expected}")]);
}

#[test]
fn strings_lines_and_gaps() {
    let check = |content: &str, expected: &str| check_page(HELVETICA, content, &[], expected);
    check("BT /F 10 Tf 72 700 Td (Hello \\(a\\) \\101) Tj ET", "Hello (a) A");
    check("BT /F 10 Tf (12) Tj (34) Tj ET", "1234");
    check("BT /F 10 Tf [(12) 20 (34) -600 (x)] TJ ET", "1234 x");
    check("BT /F 10 Tf 12 TL (a) Tj T* (b) Tj (c) ' 1 0 (d) \" ET", "a\nb\nc\nd");
    // A number in two strings, each set at its own place: two digits are 11.12 wide.
    check(
        "BT /F 10 Tf 1 0 0 1 72 700 Tm (12) Tj 1 0 0 1 83.12 700 Tm (34) Tj 1 0 0 1 120 700 Tm (56) Tj ET",
        "1234 56",
    );
    check("BT /F 10 Tf (a\\344) Tj ET BI /W 1 ID \x01(x) Tj EI BT /F 10 Tf 0 -20 Td (b) Tj ET", "aä\nb");
}

#[test]
fn maps_to_unicode_and_japanese_encodings() {
    let map = "1 beginbfchar <0003> <0041> endbfchar 2 beginbfrange <0010> <0012> <3042> <0020> <0021> [<79D8> <00660069>] endbfrange";
    let font =
        "<< /Subtype /Type0 /BaseFont /M /Encoding /Identity-H /ToUnicode 8 0 R /DescendantFonts [<< /DW 1000 >>] >>";
    check_page(font, "BT /F 10 Tf <0003001000110020 0021> Tj ET", &["null".to_owned(), stream("", map)], "Aあぃ秘fi");
    let font = |encoding: &str| {
        format!("<< /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /{encoding} /DescendantFonts [<< >>] >>")
    };
    check_page(&font("UniJIS-UCS2-H"), "BT /F 10 Tf <793E591679D8> Tj ET", &[], "社外秘");
    check_page(&font("90ms-RKSJ-H"), "BT /F 10 Tf <8ED08A4F94E941> Tj ET", &[], "社外秘A");
    check_page(&font("H"), "BT /F 10 Tf <3C523330> Tj ET", &[], "社外");
    let font = "<< /Subtype /Type1 /BaseFont /X /Encoding << /Differences [65 /eacute /uni79D8 /f_x /one.alt] >> >>";
    check_page(font, "BT /F 10 Tf (ABD) Tj ET", &[], "é秘1");
}

#[test]
fn forms_are_drawn_and_cycles_end() {
    let form = stream("/Subtype /Form", "BT /F 10 Tf (x) Tj ET /X Do");
    let bytes = page(HELVETICA, "/X Do", &[form]);
    let lines = ["a.pdf!/property title: 社外", "a.pdf!/page 1: xxxxxxxxxxxx"];
    check_gaps("a.pdf", &bytes, &Limits::default(), &lines, &["a.pdf: nested-too-deep 12"]);
}

#[test]
fn text_that_is_not_seen_is_hidden() {
    let content = "BT /F 10 Tf (seen) Tj 3 Tr 0 -20 Td (mode) Tj 0 Tr 1 g 0 -20 Td (white) Tj ET 0 g 0 0 9 9 re f 1 g BT /F 10 Tf 0 -20 Td (on black) Tj ET";
    let expected =
        ["a.pdf!/property title: 社外", "a.pdf!/page 1: seen\non black", "a.pdf!/page 1 (hidden): mode\nwhite"];
    check("a.pdf", &page(HELVETICA, content, &[]), &expected);
}

#[test]
fn object_streams_flate_and_predictors() {
    let inner = "3 0 5 60 << /Type /Page /Parent 2 0 R /Contents 4 0 R >>";
    let first = 9;
    let font_at = inner.len() - first + 1;
    let inner = format!("{} {HELVETICA}", inner.replacen("5 60", &format!("5 {font_at}"), 1));
    // Every byte is the difference to the one above, in rows of four.
    let mut predicted = Vec::new();
    let mut above = [0u8; 4];
    for row in inner.as_bytes().chunks(4) {
        predicted.push(2);
        predicted.extend(row.iter().zip(above).map(|(byte, up)| byte.wrapping_sub(up)));
        above[..row.len()].copy_from_slice(row);
    }
    let packed = zlib(&predicted);
    let mut bytes = b"%PDF-1.7\n1 0 obj << /Pages 2 0 R >> endobj 2 0 obj << /Kids [3 0 R] /Resources << /Font << /F 5 0 R >> >> >> endobj\n".to_vec();
    bytes.extend(format!("9 0 obj << /Type /ObjStm /N 2 /First {first} /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> /Length {} >> stream\n", packed.len()).bytes());
    bytes.extend(packed);
    bytes.extend_from_slice(b"\nendstream endobj 4 0 obj << /Filter [/ASCIIHexDecode /A85] /Length 12 >> stream\n");
    // ASCII85 of "BT /F 10 Tf (ok) Tj ET", in hexadecimal.
    let coded: String = ascii85(b"BT /F 10 Tf (ok) Tj ET").bytes().map(|byte| format!("{byte:02x}")).collect();
    bytes.extend(coded.bytes());
    bytes.extend_from_slice(b">\nendstream endobj trailer << /Root 1 0 R >>");
    check("a.pdf", &bytes, &["a.pdf!/page 1: ok"]);
}

fn ascii85(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(4) {
        let mut padded = [0u8; 4];
        padded[..group.len()].copy_from_slice(group);
        let value = u32::from_be_bytes(padded);
        let digits = [52_200_625, 614_125, 7_225, 85, 1].map(|power| char::from_u32(value / power % 85 + 33).unwrap());
        text.extend(&digits[..=group.len()]);
    }
    text + "~>"
}

#[test]
fn comments_links_forms_outlines_and_attachments() {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Outlines << /First 7 0 R >> >>".to_owned(),
        "<< /Kids [3 0 R 2 0 R] >>".to_owned(),
        "<< /Type /Page /Annots [<< /Contents (remark) >> << /A << /URI (https://a.example/) >> >> << /V (value) >>] >>".to_owned(),
        "<< /Type /Filespec /UF (m.txt) /EF << /F 5 0 R >> >>".to_owned(),
        stream("/Type /EmbeddedFile", "inner"),
        "<< >>".to_owned(),
        "<< /Title (one) /Next 7 0 R >>".to_owned(),
    ];
    let expected = [
        "a.pdf!/comment page 1: remark",
        "a.pdf!/page 1: value",
        "a.pdf!/link: https://a.example/",
        "a.pdf!/outline: one",
        "a.pdf!/m.txt: inner",
    ];
    check("a.pdf", &pdf(&objects), &expected);
}

#[test]
fn what_cannot_be_read_is_said() {
    let limits = Limits::default();
    let mut encrypted = page(HELVETICA, "", &[]);
    encrypted.extend_from_slice(b"trailer << /Encrypt 9 0 R >>");
    check_gaps("a.pdf", &encrypted, &limits, &[], &["a.pdf: encrypted"]);
    check_gaps("a.pdf", b"%PDF-1.4\n", &limits, &[], &["a.pdf: broken PDF pages"]);
    let font = "<< /Subtype /Type0 /BaseFont /Mystery /Encoding /Identity-H /DescendantFonts [<< >>] >>";
    let lines = ["a.pdf!/property title: 社外", "a.pdf!/page 1: \u{FFFD}"];
    check_gaps("a.pdf", &page(font, "BT /F 1 Tf <0001> Tj ET", &[]), &limits, &lines, &["a.pdf: font Mystery"]);
}
