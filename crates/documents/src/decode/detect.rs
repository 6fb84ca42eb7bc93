//! Which encoding, or no text at all.

use super::Encoding;
use super::plausible::{Plausibility, score};

/// How much of a file is looked at to tell its encoding.
const SAMPLE_BYTES: usize = 64 << 10;

/// Beginnings of files that hold no text, for those whose first bytes would not tell by themselves.
const MAGIC: [&[u8]; 30] = [
    b"\x89PNG\r\n",
    b"\xFF\xD8\xFF",
    b"GIF87a",
    b"GIF89a",
    b"\x7FELF",
    b"\xCA\xFE\xBA\xBE",
    b"\xFE\xED\xFA\xCE",
    b"\xFE\xED\xFA\xCF",
    b"\xCE\xFA\xED\xFE",
    b"\xCF\xFA\xED\xFE",
    b"\0asm",
    b"SQLite format 3\0",
    b"OggS\0",
    b"ID3\x02",
    b"ID3\x03",
    b"ID3\x04",
    b"fLaC\0",
    b"wOFF\0",
    b"wOF2\0",
    b"OTTO\0",
    b"\0\x01\0\0\0",
    b"II*\0",
    b"MM\0*",
    b"\0\0\x01\0",
    b"!<arch>\n",
    b"\x1A\x45\xDF\xA3",
    b"\xED\xAB\xEE\xDB",
    b"\xFF\xFE\0\0",
    b"\0\0\xFE\xFF",
    b"\xD0\xCF\x11\xE0",
];

/// Which encoding the bytes of a text have, by their first 64 KiB; `None` if they are no text.
///
/// In this order: a byte order mark; the magic of a binary format; NUL bytes, which only UTF-16 has; control characters;
/// valid UTF-8; the escapes of ISO-2022-JP; and last which of the others gives the most plausible Japanese. A text that
/// none explains is UTF-8 with invalid bytes, as long as most of it is readable.
pub fn detect(bytes: &[u8]) -> Option<Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if MAGIC.iter().any(|magic| sample.starts_with(magic)) || is_media(sample) {
        return None;
    }
    if let Some(encoding) = by_mark(sample) {
        return Some(encoding);
    }
    let nul = sample.iter().filter(|byte| **byte == 0).count();
    if nul * 1000 > sample.len() {
        return utf16_by_nul(sample);
    }
    let control = sample.iter().filter(|byte| is_control(**byte)).count();
    if control * 20 > sample.len() {
        return utf16_by_kana(sample);
    }
    let complete = bytes.len() == sample.len();
    if is_utf8(sample, complete) {
        let seven_bit = sample.is_ascii();
        return Some(if seven_bit && has_escapes(sample) { Encoding::Iso2022Jp } else { Encoding::Utf8 });
    }
    if has_escapes(sample) && sample.iter().filter(|byte| !byte.is_ascii()).count() * 100 < sample.len() {
        return Some(Encoding::Iso2022Jp);
    }
    by_plausibility(sample)
}

/// Whether the bytes begin as a text with a byte order mark does.
pub(crate) fn is_text_byte_order_mark(bytes: &[u8]) -> bool {
    by_mark(bytes).is_some()
}

fn by_mark(bytes: &[u8]) -> Option<Encoding> {
    let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
    marked.into_iter().find(|encoding| encoding.mark_bytes(bytes) > 0)
}

/// RIFF and ISO media, whose magic is not all at the beginning.
fn is_media(bytes: &[u8]) -> bool {
    let kind = bytes.get(8..12).unwrap_or_default();
    (bytes.starts_with(b"RIFF") && [b"WAVE", b"WEBP", b"AVI "].iter().any(|known| kind == *known))
        || (bytes.get(4..8) == Some(b"ftyp") && bytes.first() == Some(&0))
}

/// Control characters that texts do not have: not tab, line feed, vertical tab, form feed, return, escape, substitute.
fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, 0x09..=0x0D | 0x1A | 0x1B)) || byte == 0x7F
}

/// Valid UTF-8; a sample that is cut off may end inside a character.
fn is_utf8(sample: &[u8], complete: bool) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => !complete && error.error_len().is_none(),
    }
}

/// An escape to a Japanese character set of ISO-2022-JP (RFC 1468) and its one-byte katakana.
fn has_escapes(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1B, bytes).any(|position| {
        let after = bytes.get(position + 1..position + 3).unwrap_or_default();
        matches!(after, b"$B" | b"$@" | b"(I" | b"$(")
    })
}

/// UTF-16 if the NUL bytes stand on one side only and what comes out is text.
fn utf16_by_nul(sample: &[u8]) -> Option<Encoding> {
    let even = sample.iter().step_by(2).filter(|byte| **byte == 0).count();
    let odd = sample.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
    let encoding = if odd > even { Encoding::Utf16Le } else { Encoding::Utf16Be };
    // A NUL on the other side is a rare U+0100 or a character such as 一 (U+4E00), never common.
    let one_sided = even.min(odd) * 20 <= even.max(odd);
    // Words of three letters with a NUL after each would read as kanji: ASCII or kana must be a good part.
    let known = even.max(odd) * 4 > sample.len() || kana(sample, encoding) >= 0.1;
    (one_sided && known && plausible_utf16(sample, encoding) >= 0.9).then_some(encoding)
}

/// The share of UTF-16 units that are characters of usual texts.
fn plausible_utf16(sample: &[u8], encoding: Encoding) -> f64 {
    let (mut good, mut all) = (0u32, 0u32);
    for unit in sample.chunks_exact(2) {
        let pair = <[u8; 2]>::try_from(unit).unwrap_or_default();
        let unit = if encoding == Encoding::Utf16Le { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) };
        all += 1;
        let usual = matches!(unit, 0x09..=0x0D | 0x20..=0x7E | 0xA0..=0x24F | 0x2010..=0x2027 | 0x2190..=0x25FF
            | 0x3000..=0x30FF | 0x3220..=0x33FF | 0x4E00..=0x9FFF | 0xFF01..=0xFF9F | 0x370..=0x4FF | 0xAC00..=0xD7A3);
        good += u32::from(usual);
    }
    if all == 0 { 0.0 } else { f64::from(good) / f64::from(all) }
}

/// The encoding that makes the best Japanese of the bytes.
fn by_plausibility(sample: &[u8]) -> Option<Encoding> {
    let candidates = [Encoding::Utf8, Encoding::ShiftJis, Encoding::EucJp];
    let scores = candidates.map(|encoding| (encoding, score(sample, encoding)));
    let mut best: Option<(Encoding, Plausibility)> = None;
    for (encoding, plausibility) in scores {
        if plausibility.mean() >= 0.3 && best.is_none_or(|(_, known)| plausibility.mean() > known.mean()) {
            best = Some((encoding, plausibility));
        }
    }
    if let Some((encoding, _)) = best {
        return Some(encoding);
    }
    if let Some(encoding) = utf16_by_kana(sample) {
        return Some(encoding);
    }
    // A western text in an old encoding, or one with stray bytes: readable, but for those.
    let high = sample.iter().filter(|byte| !byte.is_ascii()).count();
    (high * 10 <= sample.len() * 3).then_some(Encoding::Utf8)
}

/// UTF-16 without any NUL: Japanese without a single ASCII character, with kana in it.
fn utf16_by_kana(sample: &[u8]) -> Option<Encoding> {
    let long_enough = sample.len() >= 8 && sample.len().is_multiple_of(2);
    let wide = [Encoding::Utf16Le, Encoding::Utf16Be].into_iter().filter(|_| long_enough);
    wide.into_iter().find(|encoding| kana(sample, *encoding) >= 0.25 && plausible_utf16(sample, *encoding) >= 0.95)
}

/// The share of kana.
fn kana(sample: &[u8], encoding: Encoding) -> f64 {
    let text = encoding.tables().decode_without_bom_handling(sample).0;
    let (mut kana, mut all) = (0u32, 0u32);
    for character in text.chars() {
        kana += u32::from(('\u{3041}'..='\u{30FE}').contains(&character));
        all += 1;
    }
    if all == 0 { 0.0 } else { f64::from(kana) / f64::from(all) }
}
