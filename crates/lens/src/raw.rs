//! Rules that look at the text as it came: hidden characters are gone once it is folded.

use crate::rule::{Found, How, Recognise};
use crate::{Hit, Rule, Window};

/// The most bytes of a line that are looked at together; a longer line is looked at in cells of this length.
pub(crate) const CELL_MAX_BYTES: usize = 4096;

/// The rules of a selection that look at raw lines.
#[derive(Clone, Default)]
pub(crate) struct RawRules(Vec<(&'static Rule, Recognise)>);

impl RawRules {
    pub(crate) fn new(rules: &[&'static Rule]) -> Self {
        let recogniser = |rule: &&'static Rule| match rule.how {
            How::Recognise(_, recognise) if rule.raw => Some((*rule, recognise)),
            _ => None,
        };
        RawRules(rules.iter().filter_map(recogniser).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks at a whole text.
    pub(crate) fn whole(&self, text: &[u8], hits: &mut Vec<Hit>) {
        if self.is_empty() || text.is_ascii() {
            return;
        }
        let mut lines = RawLines::default();
        lines.push(self, text, hits);
        lines.finish(self, hits);
    }

    fn cell(&self, cell: &[u8], start: u64, hits: &mut Vec<Hit>) {
        if cell.is_ascii() {
            return;
        }
        let mut at = start;
        for chunk in cell.utf8_chunks() {
            for (rule, recognise) in &self.0 {
                let mut found: Vec<Found> = Vec::new();
                recognise(&Window { text: chunk.valid(), at: 0, starts: true, ends: true }, &mut found);
                hits.extend(found.into_iter().map(|found| Hit {
                    rule,
                    span: at + found.span.start as u64..at + found.span.end as u64,
                    value: at + found.value.start as u64..at + found.value.end as u64,
                    text: chunk.valid().get(found.value).unwrap_or_default().to_owned(),
                    confidence: found.confidence,
                    wrapped: Vec::new(),
                }));
            }
            at += (chunk.valid().len() + chunk.invalid().len()) as u64;
        }
    }
}

/// Cuts a text that arrives in pieces into lines, and long lines into cells.
#[derive(Debug, Default)]
pub(crate) struct RawLines {
    cell: Vec<u8>,
    /// Where the cell begins.
    start: u64,
}

impl RawLines {
    pub(crate) fn push(&mut self, rules: &RawRules, piece: &[u8], hits: &mut Vec<Hit>) {
        if rules.is_empty() {
            return;
        }
        let mut rest = piece;
        while !rest.is_empty() {
            let room = CELL_MAX_BYTES - self.cell.len();
            let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (taken, after) = rest.split_at(line.min(room));
            self.cell.extend_from_slice(taken);
            rest = after;
            if taken.ends_with(b"\n") || self.cell.len() == CELL_MAX_BYTES {
                self.finish(rules, hits);
            }
        }
    }

    pub(crate) fn finish(&mut self, rules: &RawRules, hits: &mut Vec<Hit>) {
        rules.cell(&self.cell, self.start, hits);
        self.start += self.cell.len() as u64;
        self.cell.clear();
    }

    /// Where a hit that is still to come could begin at the earliest.
    pub(crate) fn settled(&self) -> Option<u64> {
        (!self.cell.is_ascii()).then_some(self.start)
    }
}
