//! Files made in memory.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use yata_documents::{Limits, Outcome, pieces};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What comes out of a file: a line `place: text` for each piece.
pub(crate) fn read_with(name: &str, bytes: &[u8], limits: &Limits) -> (Vec<String>, Outcome) {
    let mut lines = Vec::new();
    let outcome =
        pieces(name, bytes, limits, &mut |piece| lines.push(format!("{}: {}", piece.place, piece.text.trim_end())));
    assert_eq!(outcome.pieces, lines.len() as u64);
    (lines, outcome)
}

pub(crate) fn read(name: &str, bytes: &[u8]) -> (Vec<String>, Outcome) {
    read_with(name, bytes, &Limits::default())
}

/// The gaps as `place: id argument`.
pub(crate) fn gaps(outcome: &Outcome) -> Vec<String> {
    outcome
        .gaps
        .iter()
        .map(|gap| format!("{}: {} {}", gap.place, gap.kind.id(), gap.kind.argument()).trim_end().to_owned())
        .collect()
}

/// The pieces of a file that has no gaps.
#[track_caller]
pub(crate) fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    let (lines, outcome) = read(name, bytes);
    assert_eq!(lines, expected);
    assert_eq!(gaps(&outcome), Vec::<String>::new());
}

/// The pieces and gaps of a file that has some.
#[track_caller]
pub(crate) fn check_gaps(name: &str, bytes: &[u8], limits: &Limits, expected: &[&str], expected_gaps: &[&str]) {
    let (lines, outcome) = read_with(name, bytes, limits);
    assert_eq!(lines, expected);
    assert_eq!(gaps(&outcome), expected_gaps);
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The header of a member of a tar, with this size.
pub(crate) fn tar_header(name: &str, kind: u8, size: &str) -> Vec<u8> {
    let mut block = vec![0u8; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..124 + size.len()].copy_from_slice(size.as_bytes());
    block[148..156].fill(b' ');
    block[156] = kind;
    block[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

pub(crate) fn tar(members: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, kind, content) in members {
        bytes.extend(tar_header(name, *kind, &format!("{:011o}", content.len())));
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}
