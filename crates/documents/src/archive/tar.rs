//! tar: POSIX ustar, the paths of pax headers, the long names of GNU tar.
//!
//! Our own reader: nothing is unpacked to disk, so all that is needed of the format is names and sizes.

use std::io::{self, Read};

use super::label;
use crate::gap::GapKind;
use crate::place::Place;
use crate::walk::Walk;

const BLOCK_BYTES: usize = 512;

/// Bytes of a pax header or a GNU long name that are read.
const NAME_HEADER_BYTES: u64 = 64 << 10;

/// Whether a block is the header of a member: its checksum is right.
pub(crate) fn is_header(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..BLOCK_BYTES) else { return false };
    let Some(wanted) = block.get(148..156).and_then(octal) else { return false };
    if block.first() == Some(&0) || wanted == 0 {
        return false;
    }
    let sum = |(index, byte): (usize, &u8)| if (148..156).contains(&index) { 32 } else { u64::from(*byte) };
    block.iter().enumerate().map(sum).sum::<u64>() == wanted
}

/// A number in octal digits, or in GNU's base 256.
fn octal(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        let value =
            field.iter().skip(1).try_fold(0u64, |value, byte| value.checked_mul(256)?.checked_add(u64::from(*byte)));
        return value.filter(|_| field.first() == Some(&0x80));
    }
    let digits = field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| !matches!(**byte, 0 | b' '));
    digits.clone().try_fold(0u64, |value, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 8)?;
        value.checked_mul(8)?.checked_add(u64::from(digit))
    })
}

/// A tar archive in memory.
pub(crate) fn read_bytes(walk: &mut Walk<'_>, place: &Place, bytes: &[u8], depth: u32) {
    read(walk, place, bytes, None, depth);
}

/// What headers before a member say about it.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

/// A tar archive as it is read. `packed_bytes` is the size of the compressed file that it comes from, if it does.
pub(crate) fn read(walk: &mut Walk<'_>, place: &Place, mut reader: impl Read, packed_bytes: Option<u64>, depth: u32) {
    let mut ahead = Ahead::default();
    let mut skipped = 0u64;
    loop {
        let mut block = [0u8; BLOCK_BYTES];
        match fill(&mut reader, &mut block) {
            Ok(0) => return,
            Ok(BLOCK_BYTES) => {}
            _ => return walk.gap(place, GapKind::Broken("tar")),
        }
        if block.iter().all(|byte| *byte == 0) {
            return;
        }
        let size = ahead.size.or_else(|| block.get(124..136).and_then(octal));
        let (true, Some(size)) = (is_header(&block), size) else {
            return walk.gap(place, GapKind::Broken("tar"));
        };
        let kind = block.get(156).copied().unwrap_or_default();
        let mut member = (&mut reader).take(size);
        match kind {
            b'x' | b'L' => {
                let mut content = Vec::new();
                if (&mut member).take(NAME_HEADER_BYTES).read_to_end(&mut content).is_err() {
                    return walk.gap(place, GapKind::Broken("tar"));
                }
                if kind == b'x' { pax(&content, &mut ahead) } else { ahead.name = Some(until_nul(&content).to_vec()) }
            }
            // Regular files, also those of old and of contiguous kind.
            b'0' | b'7' | 0 => {
                if !walk.take_member(place) {
                    return;
                }
                let name = label(&ahead.name.take().unwrap_or_else(|| name_of(&block)));
                let at = place.member(&name);
                // Inside a compressed archive, no member is larger than all of it may become.
                let (content, _) = walk.unpack(&at, &mut member, packed_bytes.unwrap_or(u64::MAX));
                if size > 0 && !name.ends_with('/') {
                    walk.content(&at, &name, &content, depth + 1);
                }
                if (content.len() as u64) < size && walk.bytes_left() == 0 {
                    return;
                }
                ahead = Ahead::default();
            }
            // Links, directories, devices and the global header hold no text.
            _ => ahead = if kind == b'g' || kind == b'K' { ahead } else { Ahead::default() },
        }
        // What was not read of the member, and the rest of its last block.
        let padding = (BLOCK_BYTES as u64 - size % BLOCK_BYTES as u64) % BLOCK_BYTES as u64;
        let left = member.limit().saturating_add(padding);
        let passed = io::copy(&mut (&mut reader).take(left), &mut io::sink()).unwrap_or_default();
        skipped = skipped.saturating_add(passed);
        if passed < left.saturating_sub(padding) {
            return walk.gap(place, GapKind::Broken("tar"));
        }
        if packed_bytes.is_some() && skipped > walk.limits.total_bytes {
            return walk.gap(place, GapKind::TotalTooLarge(walk.limits.total_bytes));
        }
    }
}

/// Reads as much as there is.
fn fill(reader: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut content = Vec::with_capacity(block.len());
    reader.take(block.len() as u64).read_to_end(&mut content)?;
    for (to, from) in block.iter_mut().zip(&content) {
        *to = *from;
    }
    Ok(content.len())
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The name in a header: `prefix/name` in ustar.
fn name_of(block: &[u8]) -> Vec<u8> {
    let name = until_nul(block.get(..100).unwrap_or_default()).to_vec();
    let prefix = until_nul(block.get(345..500).unwrap_or_default());
    // GNU tar keeps other things there.
    if block.get(257..263) != Some(b"ustar\0") || prefix.is_empty() {
        return name;
    }
    [prefix, b"/", &name].concat()
}

/// The records of a pax header: `27 path=some/long/name\n`.
fn pax(mut content: &[u8], ahead: &mut Ahead) {
    while let Some(space) = memchr::memchr(b' ', content) {
        let length = content.get(..space).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
        let Some(record) = length.and_then(|length| content.get(space + 1..length)) else { return };
        let text = record.strip_suffix(b"\n").unwrap_or(record);
        if let Some(path) = text.strip_prefix(b"path=") {
            ahead.name = Some(path.to_vec());
        } else if let Some(size) = text.strip_prefix(b"size=") {
            ahead.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
        }
        content = content.get(space + 1 + record.len()..).unwrap_or_default();
    }
}
