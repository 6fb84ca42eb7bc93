//! Credentials made up at run time, so that none stands in the sources, and documents that hold them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Place, Run, zip};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Letters and digits that look random (splitmix64), the same for the same seed.
pub(crate) fn alnum(count: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        char::from(ALPHABET[usize::try_from((z ^ (z >> 31)) % 62).unwrap()])
    };
    (0..count).map(|_| next()).collect()
}

/// A personal access token of GitHub: thirty characters and their CRC-32 in base 62.
pub(crate) fn github(seed: u64) -> String {
    let body = alnum(30, seed);
    let mut crc = !0_u32;
    for byte in body.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    let mut rest = !crc;
    let mut check = [b'0'; 6];
    for place in check.iter_mut().rev() {
        *place = ALPHABET[usize::try_from(rest % 62).unwrap()];
        rest /= 62;
    }
    format!("ghp_{body}{}", std::str::from_utf8(&check).unwrap())
}

/// A secret key of Stripe, for `live` or `test`.
pub(crate) fn stripe(environment: &str, seed: u64) -> String {
    format!("sk_{environment}_{}", alnum(24, seed))
}

/// A Word document of these paragraphs, and a header. Word cuts a line into runs as it likes: so does this.
pub(crate) fn docx(paragraphs: &[&str], header: &str) -> Vec<u8> {
    let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let mut body = String::new();
    for paragraph in paragraphs {
        let half = paragraph.chars().count() / 2;
        let (head, tail): (String, String) =
            (paragraph.chars().take(half).collect(), paragraph.chars().skip(half).collect());
        write!(body, "<w:p><w:r><w:t>{head}</w:t></w:r><w:r><w:t>{tail}</w:t></w:r></w:p>").unwrap();
    }
    zip(&[
        ("[Content_Types].xml", types()),
        ("word/document.xml", format!("<w:document {space}><w:body>{body}</w:body></w:document>")),
        ("word/header1.xml", format!("<w:hdr {space}><w:p><w:r><w:t>{header}</w:t></w:r></w:p></w:hdr>")),
    ])
}

/// An Excel workbook of one sheet (`鍵`) that holds the value in cell B2.
pub(crate) fn xlsx(value: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let row = "<row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c></row>";
    zip(&[
        ("[Content_Types].xml", types()),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"鍵\" sheetId=\"1\" \
                 r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{office}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\"><si><t>{value}</t></si></sst>")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{row}</sheetData></worksheet>")),
    ])
}

fn types() -> String {
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned()
}

/// An archive of members that need not be text.
pub(crate) fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// None of the values stands in an output or in a file of the data folder: not even its middle, between the first and
/// last four characters that may be shown.
#[track_caller]
pub(crate) fn hidden(place: &Place, runs: &[&Run], values: &[&str]) {
    let middles: Vec<&str> = values.iter().map(|value| middle(value)).collect();
    for middle in &middles {
        for run in runs {
            assert!(!run.out.contains(middle), "a value in\n{}", run.out);
            assert!(!run.err.contains(middle), "a value in\n{}", run.err);
        }
    }
    let data = place.path("data");
    if data.exists() {
        assert_eq!(holding(&data, &middles), Vec::<String>::new(), "files of the data folder that hold a value");
    }
}

fn middle(value: &str) -> &str {
    assert!(value.is_ascii() && value.len() >= 16, "too short to have a middle");
    &value[4..value.len() - 4]
}

/// The files below a folder that hold one of the texts, as UTF-8.
pub(crate) fn holding(folder: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, texts));
        } else {
            let bytes = fs::read(&path).unwrap();
            if texts.iter().any(|text| memchr::memmem::find(&bytes, text.as_bytes()).is_some()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// The credentials among the risks of an answer, in their order.
pub(crate) fn secrets(answer: &Value) -> Vec<&Value> {
    let risks = answer["risks"].as_array().unwrap().iter().map(|risk| &risk["finding"]);
    risks.filter(|finding| !finding["secret"].is_null()).collect()
}

/// The places of a credential, as `file:line`.
pub(crate) fn places(finding: &Value) -> Vec<String> {
    let occurrences = finding["secret"]["occurrences"].as_array().unwrap().iter();
    occurrences
        .map(|one| {
            let file = one["file"].as_str().unwrap();
            one["line"].as_u64().map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
        })
        .collect()
}
