//! Filters of streams (ISO 32000-1, 7.4).

use flate2::bufread::ZlibDecoder;

use super::document::{Document, Stream};
use super::object::{Dict, Object};
use crate::gap::GapKind;
use crate::walk::Walk;

/// Filters on one stream, at most.
const FILTERS: usize = 4;

/// The bytes of a stream after its filters; `None` if it is an image or of a filter that is not known.
pub(super) fn decode(walk: &mut Walk<'_>, document: &Document<'_>, stream: &Stream<'_>) -> Option<Vec<u8>> {
    let filters = list(document, &stream.dict, b"Filter");
    let parameters = list(document, &stream.dict, b"DecodeParms");
    let packed = stream.raw.len() as u64;
    if filters.is_empty() {
        return Some(walk.unpack(document.place, stream.raw, packed).0);
    }
    let mut bytes = stream.raw.to_vec();
    for (index, filter) in filters.iter().take(FILTERS).enumerate() {
        let Object::Name(filter) = filter else { return None };
        let parameters = match parameters.get(index) {
            Some(Object::Dict(dict)) => dict.clone(),
            _ => Dict::new(),
        };
        bytes = match filter.as_slice() {
            b"FlateDecode" | b"Fl" => {
                let unpacked = walk.unpack(document.place, ZlibDecoder::new(bytes.as_slice()), packed).0;
                predict(unpacked, document, &parameters)
            }
            b"LZWDecode" | b"LZW" => {
                let early = document.entry(&parameters, b"EarlyChange").number() != Some(0.0);
                let unpacked = lzw(&bytes, early, usize::try_from(walk.limits.member_bytes).unwrap_or(usize::MAX));
                let unpacked = walk.unpack(document.place, unpacked.as_slice(), packed).0;
                predict(unpacked, document, &parameters)
            }
            b"ASCIIHexDecode" | b"AHx" => hex(&bytes),
            b"ASCII85Decode" | b"A85" => ascii85(&bytes),
            b"RunLengthDecode" | b"RL" => {
                let unpacked = run_length(&bytes);
                walk.unpack(document.place, unpacked.as_slice(), packed).0
            }
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"CCITTFaxDecode" | b"CCF" | b"JBIG2Decode" => return None,
            _ => {
                walk.gap(document.place, GapKind::Format("PDF filter"));
                return None;
            }
        };
    }
    Some(bytes)
}

/// An entry that is one object or an array of them.
fn list(document: &Document<'_>, dict: &Dict, key: &[u8]) -> Vec<Object> {
    match document.entry(dict, key) {
        Object::Null => Vec::new(),
        Object::Array(items) => items.iter().take(FILTERS).map(|item| document.resolve(item)).collect(),
        object => vec![object],
    }
}

/// Undoes the PNG predictors (ISO 32000-1, 7.4.4.4); TIFF's is for images only.
fn predict(bytes: Vec<u8>, document: &Document<'_>, parameters: &Dict) -> Vec<u8> {
    let number = |key: &[u8], default| document.entry(parameters, key).count().unwrap_or(default);
    if number(b"Predictor", 1) < 10 {
        return bytes;
    }
    let (colors, bits) = (number(b"Colors", 1).clamp(1, 32), number(b"BitsPerComponent", 8).clamp(1, 16));
    let pixel = usize::try_from((colors * bits).div_ceil(8)).unwrap_or(1);
    let row = u64::from(number(b"Columns", 1)).saturating_mul(u64::from(colors * bits)).div_ceil(8);
    let row = usize::try_from(row).unwrap_or(usize::MAX).clamp(1, bytes.len().max(1));
    let mut result: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above: Vec<u8> = vec![0; row];
    for line in bytes.chunks(row + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        let mut current: Vec<u8> = Vec::with_capacity(row);
        for (index, byte) in line.iter().enumerate() {
            let back = index.checked_sub(pixel);
            let left = back.and_then(|at| current.get(at)).copied().unwrap_or(0);
            let up = above.get(index).copied().unwrap_or(0);
            let corner = back.and_then(|at| above.get(at)).copied().unwrap_or(0);
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from((u16::from(left) + u16::from(up)) / 2).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            current.push(byte.wrapping_add(guess));
        }
        result.extend_from_slice(&current);
        above = current;
    }
    result
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = bytes.iter().take_while(|byte| **byte != b'>').filter_map(digit).collect();
    digits.chunks(2).map(|pair| pair.first().unwrap_or(&0) * 16 + pair.get(1).unwrap_or(&0)).collect()
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let (mut result, mut group) = (Vec::new(), Vec::new());
    let flush = |group: &mut Vec<u8>, result: &mut Vec<u8>| {
        let kept = group.len().saturating_sub(1);
        group.resize(5, 84);
        let value = group.iter().fold(0u32, |value, digit| value.wrapping_mul(85).wrapping_add(u32::from(*digit)));
        result.extend(value.to_be_bytes().iter().take(kept));
        group.clear();
    };
    for byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => result.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    flush(&mut group, &mut result);
                }
            }
            _ => {}
        }
    }
    if group.len() > 1 {
        flush(&mut group, &mut result);
    }
    result
}

fn run_length(bytes: &[u8]) -> Vec<u8> {
    let mut result = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first() {
        match length {
            128 => break,
            0..=127 => {
                let (copied, after) = after.split_at((usize::from(*length) + 1).min(after.len()));
                result.extend_from_slice(copied);
                rest = after;
            }
            _ => {
                let Some((byte, after)) = after.split_first() else { break };
                result.extend(std::iter::repeat_n(*byte, 257 - usize::from(*length)));
                rest = after;
            }
        }
    }
    result
}

/// LZW with codes of 9 to 12 bits, the high bit first.
fn lzw(bytes: &[u8], early: bool, limit: usize) -> Vec<u8> {
    let mut result: Vec<u8> = Vec::new();
    // Each entry is a range of the result: what a code stands for was written before.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let (mut buffer, mut bits, mut before): (u32, u32, Option<(usize, usize)>) = (0, 0, None);
    for byte in bytes {
        buffer = (buffer << 8 | u32::from(*byte)) & 0x00FF_FFFF;
        bits += 8;
        let next = table.len() + 258 + usize::from(early);
        let width = match next {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if bits < width {
            continue;
        }
        bits -= width;
        let code = buffer >> bits & ((1 << width) - 1);
        let start = result.len();
        match code {
            256 => {
                table.clear();
                before = None;
                continue;
            }
            257 => break,
            0..=255 => result.push(u8::try_from(code).unwrap_or(0)),
            _ => {
                let index = usize::try_from(code - 258).unwrap_or(usize::MAX);
                let (from, until) = match (table.get(index), before) {
                    (Some(range), _) => *range,
                    (None, Some((from, until))) if index == table.len() => (from, until + 1),
                    _ => break,
                };
                for at in from..until {
                    let byte = result.get(at).copied().unwrap_or(0);
                    result.push(byte);
                }
            }
        }
        if let Some((from, until)) = before
            && table.len() < 4096 - 258
        {
            table.push((from, until + 1));
        }
        before = Some((start, result.len()));
        if result.len() > limit {
            break;
        }
    }
    result
}
