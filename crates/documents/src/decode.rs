//! Bytes to text: which encoding, the text, and the way back from a place in the text to a byte of the file.

mod detect;
mod plausible;

use std::borrow::Cow;

pub use detect::detect;
pub(crate) use detect::is_text_byte_order_mark;

/// Source bytes of one block of an encoded text; the way back walks no further than this.
const BLOCK_BYTES: usize = 32 << 10;

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8, and ASCII with it.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Shift_JIS, as Windows extends it (code page 932).
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP, the 7-bit encoding of mail.
    Iso2022Jp,
}

impl Encoding {
    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::ShiftJis => "Shift_JIS",
            Self::EucJp => "EUC-JP",
            Self::Iso2022Jp => "ISO-2022-JP",
        }
    }

    /// The tables that decode it (WHATWG Encoding Standard).
    fn tables(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::ShiftJis => encoding_rs::SHIFT_JIS,
            Self::EucJp => encoding_rs::EUC_JP,
            Self::Iso2022Jp => encoding_rs::ISO_2022_JP,
        }
    }

    /// The byte order mark at the beginning of the bytes, if it is this encoding's.
    fn mark_bytes(self, bytes: &[u8]) -> usize {
        match self {
            Self::Utf8 if bytes.starts_with(b"\xEF\xBB\xBF") => 3,
            Self::Utf16Le if bytes.starts_with(b"\xFF\xFE") => 2,
            Self::Utf16Be if bytes.starts_with(b"\xFE\xFF") => 2,
            _ => 0,
        }
    }
}

/// A decoded text.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text, without byte order mark. Borrowed if the bytes are valid UTF-8.
    ///
    /// In UTF-8 each invalid byte became one U+001A (SUBSTITUTE), which is one byte too, so that places stay; in other
    /// encodings what is invalid became U+FFFD.
    pub text: Cow<'a, str>,
    /// What it was.
    pub encoding: Encoding,
    source: &'a [u8],
    blocks: Vec<Block>,
}

/// Where a block that can be decoded by itself begins.
#[derive(Clone, Copy, Debug)]
struct Block {
    text: usize,
    source: usize,
}

/// Decodes the bytes of a text; `None` if they are no text (see [`detect`]).
pub fn decode(bytes: &[u8]) -> Option<Decoded<'_>> {
    detect(bytes).map(|encoding| decode_as(bytes, encoding))
}

/// Decodes bytes whose encoding is known.
pub(crate) fn decode_as(bytes: &[u8], encoding: Encoding) -> Decoded<'_> {
    let mark = encoding.mark_bytes(bytes);
    let body = bytes.get(mark..).unwrap_or_default();
    let first = Block { text: 0, source: mark };
    if encoding == Encoding::Utf8 {
        return Decoded { text: decode_utf8(body), encoding, source: bytes, blocks: vec![first] };
    }
    let mut text = String::new();
    let mut blocks = Vec::new();
    let mut source = mark;
    let mut rest = body;
    while !rest.is_empty() {
        let (block, after) = rest.split_at(block_end(rest, encoding, BLOCK_BYTES));
        blocks.push(Block { text: text.len(), source });
        text.push_str(&encoding.tables().decode_without_bom_handling(block).0);
        source += block.len();
        rest = after;
    }
    if blocks.is_empty() {
        blocks.push(first);
    }
    Decoded { text: Cow::Owned(text), encoding, source: bytes, blocks }
}

/// UTF-8 with each invalid byte replaced by one byte.
fn decode_utf8(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{1A}'));
    }
    Cow::Owned(text)
}

/// Where a block of about `wanted` bytes ends, so that both sides can be decoded by themselves.
pub(crate) fn block_end(bytes: &[u8], encoding: Encoding, wanted: usize) -> usize {
    let Some(tail) = bytes.get(wanted..) else { return bytes.len() };
    let further = match encoding {
        // A continuation byte belongs to what is before it. More than three in a row are invalid anyway.
        Encoding::Utf8 => tail.iter().take(3).take_while(|byte| (0x80..0xC0).contains(*byte)).count(),
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let odd = wanted % 2;
            let unit = tail.get(odd..odd + 2).unwrap_or_default();
            let high = if encoding == Encoding::Utf16Le { unit.last() } else { unit.first() };
            // The second half of a pair stays with the first.
            if high.is_some_and(|high| (0xDC..0xE0).contains(high)) { odd + 2 } else { odd }
        }
        // No byte under 0x40 is the second of a character.
        Encoding::ShiftJis | Encoding::EucJp => {
            tail.iter().position(|byte| *byte < 0x40).map_or(tail.len(), |position| position + 1)
        }
        // RFC 1468: a line ends in ASCII.
        Encoding::Iso2022Jp => memchr::memchr(b'\n', tail).map_or(tail.len(), |position| position + 1),
    };
    (wanted + further).min(bytes.len())
}

impl Decoded<'_> {
    /// The byte of the source at which the character at this byte of the text begins; for the end of the text, the end
    /// of the source. A replaced byte is where the invalid bytes begin.
    pub fn original(&self, offset: usize) -> u64 {
        let offset = offset.min(self.text.len());
        let index = self.blocks.partition_point(|block| block.text <= offset).saturating_sub(1);
        let block = self.blocks.get(index).copied().unwrap_or(Block { text: 0, source: 0 });
        let further = match self.encoding {
            Encoding::Utf8 => offset - block.text,
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let before = self.text.get(block.text..offset).unwrap_or_default();
                before.chars().map(|c| c.len_utf16() * 2).sum()
            }
            _ if offset == self.text.len() => self.source.len() - block.source,
            _ => {
                let source = self.source.get(block.source..).unwrap_or_default();
                walk(self.encoding, source, offset - block.text)
            }
        };
        (block.source + further).min(self.source.len()) as u64
    }
}

/// How many bytes of `source` come before the character at byte `wanted` of its text.
fn walk(encoding: Encoding, source: &[u8], wanted: usize) -> usize {
    let mut decoder = encoding.tables().new_decoder_without_bom_handling();
    let mut buffer = [0u8; 16];
    let (mut unit, mut text) = (0, 0);
    for (position, byte) in source.iter().enumerate() {
        let (_, _, written, _) = decoder.decode_to_utf8(&[*byte], &mut buffer, false);
        // An invalid pair may give U+FFFD and the ASCII byte after it at once.
        if text + written > wanted {
            return if text + 3 <= wanted { position } else { unit };
        }
        text += written;
        if written > 0 {
            unit = position + 1;
        }
    }
    source.len()
}

#[cfg(test)]
mod tests;
