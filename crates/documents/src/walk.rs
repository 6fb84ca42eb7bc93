//! From one file to its pieces.

use std::borrow::Cow;
use std::io::Read;

use crate::archive;
use crate::decode::{Decoded, Encoding, block_end, decode_as};
use crate::gap::{Gap, GapKind, Outcome};
use crate::kind::{Container, Content, content};
use crate::limits::Limits;
use crate::pdf;
use crate::place::{Cell, Part, Place};

/// A text with its place.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// Where it stands.
    pub place: &'a Place,
    /// The text. Paragraphs, rows and lines end in a line feed, cells in a tab.
    pub text: &'a str,
    source: Source<'a>,
}

/// How a place in the text is told more exactly.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    /// Decoded from bytes of the file or member that begin at `base`.
    Bytes { decoded: &'a Decoded<'a>, base: u64 },
    /// Put together from a document; each cell begins at its byte of the text.
    Composed { cells: &'a [(usize, Cell)] },
}

impl Piece<'_> {
    /// The byte of the file, or of the innermost archive member, where the character at this byte of the text begins.
    /// `None` for texts put together from office documents and PDF, whose bytes do not stand anywhere as such.
    pub fn original(&self, offset: usize) -> Option<u64> {
        match self.source {
            Source::Bytes { decoded, base } => Some(base + decoded.original(offset)),
            Source::Composed { .. } => None,
        }
    }

    /// The place of this byte of the text: the cell, where the piece is of a sheet.
    pub fn place_at(&self, offset: usize) -> Cow<'_, Place> {
        let (Source::Composed { cells }, Part::Sheet(sheet)) = (self.source, &self.place.part) else {
            return Cow::Borrowed(self.place);
        };
        let before = cells.partition_point(|(start, _)| *start <= offset);
        match before.checked_sub(1).and_then(|index| cells.get(index)) {
            Some((_, cell)) => {
                let part = Part::Cell(sheet.clone(), *cell);
                Cow::Owned(self.place.part(part).hidden(self.place.hidden))
            }
            None => Cow::Borrowed(self.place),
        }
    }

    /// The encoding that the text was decoded from; `None` for texts put together.
    pub fn encoding(&self) -> Option<Encoding> {
        match self.source {
            Source::Bytes { decoded, .. } => Some(decoded.encoding),
            Source::Composed { .. } => None,
        }
    }
}

/// Hands out every piece of text in a file; the result says what could not be looked into.
///
/// `name` is a label; its extension helps where the bytes alone do not tell. Never panics, whatever the bytes are, and
/// ends within the limits. A text file of valid UTF-8 is handed out as it is, without a copy.
pub fn pieces(name: &str, bytes: &[u8], limits: &Limits, emit: &mut dyn FnMut(&Piece<'_>)) -> Outcome {
    let mut walk = Walk {
        limits,
        emit,
        outcome: Outcome::default(),
        members: limits.members,
        bytes: limits.total_bytes,
        text: limits.text_bytes,
    };
    walk.content(&Place::file(name), name, bytes, 0);
    walk.outcome
}

/// What is left of the limits, and where the pieces go.
pub(crate) struct Walk<'w> {
    pub(crate) limits: &'w Limits,
    emit: &'w mut dyn FnMut(&Piece<'_>),
    outcome: Outcome,
    members: u64,
    bytes: u64,
    text: u64,
}

impl Walk<'_> {
    /// Looks into the bytes of a file or member, `depth` containers down.
    pub(crate) fn content(&mut self, place: &Place, name: &str, bytes: &[u8], depth: u32) {
        match content(name, bytes) {
            Content::Text(encoding) => self.text_file(place, bytes, encoding),
            Content::Binary => self.outcome.binary += 1,
            Content::Unread(format) => self.gap(place, GapKind::Format(format)),
            Content::Encrypted => self.gap(place, GapKind::Encrypted),
            Content::Pdf | Content::Container(_) if depth > self.limits.depth => {
                self.gap(place, GapKind::TooDeep(self.limits.depth));
            }
            Content::Pdf => pdf::read(self, place, bytes, depth),
            Content::Container(Container::Zip) => archive::zip(self, place, bytes, depth),
            Content::Container(Container::Tar) => archive::tar(self, place, bytes, depth),
            Content::Container(Container::Gzip) => archive::gzip(self, place, name, bytes, depth),
        }
    }

    /// A text: as a whole if it is valid UTF-8, else in windows.
    fn text_file(&mut self, place: &Place, bytes: &[u8], encoding: Encoding) {
        if bytes.is_empty() {
            return;
        }
        if encoding == Encoding::Utf8 && std::str::from_utf8(bytes).is_ok() {
            return self.window(place, &decode_as(bytes, encoding), 0);
        }
        self.windows(place, bytes, encoding);
    }

    fn windows(&mut self, place: &Place, bytes: &[u8], encoding: Encoding) {
        let (mut rest, mut base) = (bytes, 0);
        while !rest.is_empty() {
            let end = window_end(rest, encoding, self.limits.piece_bytes.max(64));
            let (window, after) = rest.split_at(end);
            self.window(place, &decode_as(window, encoding), base);
            base += window.len() as u64;
            rest = after;
        }
    }

    fn window(&mut self, place: &Place, decoded: &Decoded<'_>, base: u64) {
        let piece = Piece { place, text: &decoded.text, source: Source::Bytes { decoded, base } };
        self.outcome.pieces += 1;
        (self.emit)(&piece);
    }

    /// Hands out a text that was put together. `false` if the limit of such texts is reached.
    pub(crate) fn text(&mut self, place: &Place, text: &str) -> bool {
        self.cells(place, text, &[])
    }

    /// The same with the cells that the text is of.
    pub(crate) fn cells(&mut self, place: &Place, text: &str, cells: &[(usize, Cell)]) -> bool {
        if text.trim().is_empty() {
            return true;
        }
        let Some(left) = self.text.checked_sub(text.len() as u64) else {
            self.text = 0;
            self.gap(place, GapKind::TooMuchText(self.limits.text_bytes));
            return false;
        };
        self.text = left;
        self.outcome.pieces += 1;
        (self.emit)(&Piece { place, text, source: Source::Composed { cells } });
        true
    }

    /// Notes a problem, once.
    pub(crate) fn gap(&mut self, place: &Place, kind: GapKind) {
        let gap = Gap { place: place.clone(), kind };
        if self.outcome.gaps.len() >= self.limits.gaps {
            self.outcome.gaps_left_out += 1;
        } else if !self.outcome.gaps.iter().rev().take(32).any(|known| *known == gap) {
            self.outcome.gaps.push(gap);
        }
    }

    /// Takes one member off the limit; `false`, with a problem noted, if there is none left.
    pub(crate) fn take_member(&mut self, container: &Place) -> bool {
        match self.members.checked_sub(1) {
            Some(left) => {
                self.members = left;
                true
            }
            None => {
                self.gap(container, GapKind::TooManyMembers(self.limits.members));
                false
            }
        }
    }

    /// Reads one member into memory, within the limits; `packed_bytes` is what it takes up in its container. What could
    /// be read before a limit or an error is the result; the problem is noted. The flag says whether it is all of it.
    pub(crate) fn unpack(&mut self, place: &Place, reader: impl Read, packed_bytes: u64) -> (Vec<u8>, bool) {
        let by_ratio = packed_bytes.saturating_mul(self.limits.ratio).max(Limits::RATIO_FREE_BYTES);
        let bound = self.limits.member_bytes.min(self.bytes).min(by_ratio);
        let mut bytes = Vec::new();
        let result = reader.take(bound.saturating_add(1)).read_to_end(&mut bytes);
        let over = bytes.len() as u64 > bound;
        if over {
            bytes.truncate(usize::try_from(bound).unwrap_or(usize::MAX));
            let kind = if bound == self.bytes {
                GapKind::TotalTooLarge(self.limits.total_bytes)
            } else if bound == by_ratio {
                GapKind::RatioTooHigh(self.limits.ratio)
            } else {
                GapKind::MemberTooLarge(self.limits.member_bytes)
            };
            self.gap(place, kind);
        }
        self.bytes = self.bytes.saturating_sub(bytes.len() as u64);
        if result.is_err() {
            self.gap(place, GapKind::Broken("compressed data"));
        }
        (bytes, !over && result.is_ok())
    }

    /// Bytes that may still be decompressed.
    pub(crate) fn bytes_left(&self) -> u64 {
        self.bytes
    }
}

/// Where a window of about `wanted` bytes ends: after a line if there is one in its second half, else between characters.
fn window_end(bytes: &[u8], encoding: Encoding, wanted: usize) -> usize {
    if bytes.len() <= wanted {
        return bytes.len();
    }
    let wanted = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => wanted,
        _ => {
            let half = bytes.get(wanted / 2..wanted).unwrap_or_default();
            memchr::memrchr(b'\n', half).map_or(wanted, |position| wanted / 2 + position + 1)
        }
    };
    block_end(bytes, encoding, wanted).max(1)
}
