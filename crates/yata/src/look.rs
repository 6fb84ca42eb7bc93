//! Looking into bytes with the lens: files, members of archives, office documents, old versions of files.

use std::io::Read;

use anyhow::Context;
use yata_documents::{Limits, Outcome, Part, Place};
use yata_lens::{Hit, Lens};
use yata_model::{Message, Problem, ProblemKind};

/// Files up to this many bytes are read whole; longer ones pass through in pieces.
pub(crate) const WHOLE_MAX_BYTES: u64 = 64 << 20;
/// The size of a piece.
const PIECE_BYTES: usize = 1 << 20;

/// Where a hit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The way through containers and parts below the file: `a.docx!/header`; empty for the file's own text.
    pub(crate) inside: String,
    /// 1-based line, where the text has lines of its own.
    pub(crate) line: Option<u32>,
    /// 1-based column in characters, where it was counted.
    pub(crate) column: Option<u32>,
    /// First byte of the value in the file, where it stands there as such.
    pub(crate) offset: Option<u64>,
    /// Bytes of the value there.
    pub(crate) length: u64,
}

/// Looks into the bytes of one file. `each` gets every hit with its place.
pub(crate) fn bytes(lens: &Lens, name: &str, bytes: &[u8], each: &mut dyn FnMut(Hit, Spot)) -> Outcome {
    // A long text comes in several pieces of one place.
    let mut last: Option<(Place, u32)> = None;
    yata_documents::pieces(name, bytes, &Limits::default(), &mut |piece| {
        let before = last.as_ref().filter(|(place, _)| place == piece.place).map_or(0, |(_, lines)| *lines);
        let own = memchr::memchr_iter(b'\n', piece.text.as_bytes()).count();
        last = Some((piece.place.clone(), before.saturating_add(u32::try_from(own).unwrap_or(u32::MAX))));
        let hits = lens.scan(piece.text.as_bytes());
        let mut lines = Lines::default();
        for hit in hits {
            let at = usize::try_from(hit.value.start).unwrap_or(usize::MAX);
            let end = usize::try_from(hit.value.end).unwrap_or(usize::MAX);
            let place = piece.place_at(at);
            let has_lines = place.part == Part::Whole;
            let (line, column) = lines.at(piece.text.as_bytes(), at);
            let (offset, last) = (piece.original(at), piece.original(end));
            let spot = Spot {
                inside: inside(&place),
                line: has_lines.then_some(line.saturating_add(before)),
                column: has_lines.then_some(column),
                offset: offset.filter(|_| place.path.len() == 1),
                length: offset.zip(last).map_or(hit.value.end - hit.value.start, |(from, to)| to.saturating_sub(from)),
            };
            each(hit, spot);
        }
    })
}

/// Looks into a text too long to be read whole; memory stays bounded. The columns are not counted.
pub(crate) fn stream(lens: &Lens, mut from: impl Read, each: &mut dyn FnMut(Hit, Spot)) -> anyhow::Result<()> {
    let mut stream = lens.stream();
    let mut buffer = vec![0; PIECE_BYTES];
    // Where each piece began, and the lines before it: hits come a little later than their text.
    let mut breaks: std::collections::VecDeque<u64> = std::collections::VecDeque::new();
    let (mut read_bytes, mut lines_before) = (0u64, 0u32);
    let mut hand_out = |hits: Vec<Hit>, breaks: &mut std::collections::VecDeque<u64>, lines_before: &mut u32| {
        for hit in hits {
            while breaks.front().is_some_and(|at| *at < hit.value.start) {
                breaks.pop_front();
                *lines_before = lines_before.saturating_add(1);
            }
            let length = hit.value.end - hit.value.start;
            let line = Some(lines_before.saturating_add(1));
            let spot = Spot { inside: String::new(), line, column: None, offset: Some(hit.value.start), length };
            each(hit, spot);
        }
    };
    loop {
        let count = from.read(&mut buffer).context("cannot read on")?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        breaks.extend(memchr::memchr_iter(b'\n', piece).map(|at| read_bytes + at as u64));
        read_bytes += count as u64;
        let hits = stream.push(piece);
        hand_out(hits, &mut breaks, &mut lines_before);
        let settled = stream.settled();
        while breaks.front().is_some_and(|at| *at < settled) {
            breaks.pop_front();
            lines_before = lines_before.saturating_add(1);
        }
    }
    hand_out(stream.finish(), &mut breaks, &mut lines_before);
    Ok(())
}

/// What of a place lies below the file.
fn inside(place: &Place) -> String {
    let whole = place.to_string();
    let file = place.path.first().map_or("", String::as_str);
    whole.strip_prefix(file).unwrap_or(&whole).trim_start_matches("!/").to_owned()
}

/// Counts lines once, for hits in ascending order.
#[derive(Debug, Default)]
struct Lines {
    at: usize,
    line: u32,
    start: usize,
}

impl Lines {
    /// The 1-based line and column of a byte.
    fn at(&mut self, text: &[u8], at: usize) -> (u32, u32) {
        if at < self.at {
            *self = Lines::default();
        }
        for end in memchr::memchr_iter(b'\n', text.get(self.at..at).unwrap_or_default()) {
            self.line += 1;
            self.start = self.at + end + 1;
        }
        self.at = at;
        let before = text.get(self.start..at).unwrap_or_default();
        let chars = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        (self.line + 1, u32::try_from(chars).unwrap_or(u32::MAX).saturating_add(1))
    }
}

/// What could not be looked into, as problems of the file.
pub(crate) fn problems(file: &str, outcome: &Outcome) -> Vec<Problem> {
    let mut problems: Vec<Problem> = outcome
        .gaps
        .iter()
        .map(|gap| {
            let inside = inside(&gap.place);
            let subject = if inside.is_empty() { file.to_owned() } else { format!("{file}!/{inside}") };
            let message = Message::new(format!("problem-document-{}", gap.kind.id()))
                .with("file", subject.as_str())
                .with("detail", gap.kind.argument());
            Problem::new(ProblemKind::Unreadable, subject, message)
        })
        .collect();
    if outcome.gaps_left_out > 0 {
        let message = Message::new("problem-document-more")
            .with("file", file)
            .with("count", usize::try_from(outcome.gaps_left_out).unwrap_or(usize::MAX));
        problems.push(Problem::new(ProblemKind::Unreadable, file, message));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_of_an_editor() {
        let text = "a\n日本 b\n\nc".as_bytes();
        let mut lines = Lines::default();
        let at = |needle: u8| text.iter().position(|byte| *byte == needle).unwrap();
        assert_eq!(lines.at(text, 0), (1, 1));
        assert_eq!(lines.at(text, at(b'b')), (2, 4));
        assert_eq!(lines.at(text, at(b'c')), (4, 1));
    }
}
