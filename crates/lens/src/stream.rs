//! A text that arrives in pieces. The hits are those of the whole text, however it was cut.

use crate::fold::Folder;
use crate::hit::{RawHit, settle};
use crate::lens::finished;
use crate::raw::RawLines;
use crate::triggers::{DETECT_AHEAD_BYTES, Part, Task};
use crate::{Hit, Lens};

/// A text that arrives in pieces.
pub struct Stream<'l> {
    lens: &'l Lens,
    folder: Folder,
    /// The folded text from `base` on.
    text: String,
    base: u64,
    /// Up to where places were looked for, in `text`.
    detected: usize,
    /// Places that still wait for what they need to see, by position.
    waiting: Vec<(usize, Task)>,
    /// Hits that a later one may still cover.
    hits: Vec<RawHit>,
    raw: RawLines,
}

impl Lens {
    /// Looks at a text that arrives in pieces.
    pub fn stream(&self) -> Stream<'_> {
        Stream {
            lens: self,
            folder: Folder::default(),
            text: String::new(),
            base: 0,
            detected: 0,
            waiting: Vec::new(),
            hits: Vec::new(),
            raw: RawLines::default(),
        }
    }
}

impl Stream<'_> {
    /// Takes the next piece; returns the hits that are certain now, by place.
    pub fn push(&mut self, piece: &[u8]) -> Vec<Hit> {
        self.folder.push(piece, false, &mut self.text);
        let mut hits = self.advance(false);
        self.raw.push(&self.lens.raw, piece, &mut hits);
        hits
    }

    /// Says that the text has ended; returns the last hits.
    pub fn finish(mut self) -> Vec<Hit> {
        self.folder.push(&[], true, &mut self.text);
        let mut hits = self.advance(true);
        self.raw.finish(&self.lens.raw, &mut hits);
        hits
    }

    /// The original position before which no hit that is still to come can begin: everything before it, as far as it
    /// is not part of a hit that was handed out, may be let go.
    pub fn settled(&self) -> u64 {
        let frontier = self.base + self.frontier() as u64;
        let low = frontier.saturating_sub(self.lens.span_back as u64);
        let low = self.hits.iter().map(|hit| hit.span.start).min().map_or(low, |start| start.min(low));
        let folded = self.folder.map().original(low..low).start;
        self.raw.settled().map_or(folded, |raw| raw.min(folded))
    }

    /// Up to where everything was judged, in `text`.
    fn frontier(&self) -> usize {
        self.waiting.first().map_or(self.detected, |(at, _)| (*at).min(self.detected))
    }

    fn advance(&mut self, last: bool) -> Vec<Hit> {
        let end = self.text.len();
        let to = if last { end } else { self.text.floor_char_boundary(end.saturating_sub(DETECT_AHEAD_BYTES)) };
        if to > self.detected {
            let part = Part { text: &self.text, base: self.base, ends: last };
            let waiting = &mut self.waiting;
            self.lens.detect(part, self.detected, to, &mut |at, task| waiting.push((at, task)));
            self.waiting.sort_unstable();
            self.detected = to;
        }
        self.run_ready(last);
        let hits = self.take_settled(last);
        let hits = hits.into_iter().map(|hit| finished(hit, Some(self.folder.map()))).collect();
        self.forget();
        hits
    }

    /// Judges the places whose text is there.
    fn run_ready(&mut self, last: bool) {
        let (lens, end) = (self.lens, self.text.len());
        let part = Part { text: &self.text, base: self.base, ends: last };
        let hits = &mut self.hits;
        self.waiting.retain(|(at, task)| {
            let ready = last || at + lens.needs(&self.text, self.base, *at, *task) <= end;
            if ready {
                lens.run(part, *at, *task, hits);
            }
            !ready
        });
    }

    /// Takes out the hits that nothing can cover any more.
    fn take_settled(&mut self, last: bool) -> Vec<RawHit> {
        if self.hits.is_empty() {
            return Vec::new();
        }
        let frontier = (self.base + self.frontier() as u64).saturating_sub(self.lens.span_back as u64);
        let mut settled = self.hits.clone();
        settle(&mut settled);
        settled.retain(|hit| last || hit.span.end <= frontier);
        // A hit that gave way is kept as long as it could make another give way, and no longer.
        let open = self.hits.iter().filter(|hit| hit.span.end > frontier).map(|hit| hit.span.start).min();
        let mut keep_from = open.unwrap_or(frontier);
        // What reaches over that line may still give way to what lies before it.
        while let Some(low) = self
            .hits
            .iter()
            .filter(|hit| hit.span.end > keep_from && hit.span.start < keep_from)
            .map(|hit| hit.span.start)
            .min()
        {
            keep_from = low;
        }
        if last {
            self.hits.clear();
            return settled;
        }
        settled.retain(|hit| hit.span.end <= keep_from);
        self.hits.retain(|hit| hit.span.end > keep_from);
        settled
    }

    /// Lets go of text that nobody will look at again.
    fn forget(&mut self) {
        let low = self.text.floor_char_boundary(self.frontier().saturating_sub(self.lens.back));
        // Moving the rest costs as much as it is long: only when half of it can go.
        if low < self.text.len() / 2 {
            return;
        }
        self.text.drain(..low);
        self.base += low as u64;
        self.detected -= low;
        self.waiting.iter_mut().for_each(|(at, _)| *at -= low);
        let oldest = self.hits.iter().map(|hit| hit.span.start).min().unwrap_or(self.base).min(self.base);
        self.folder.forget(oldest);
    }
}
