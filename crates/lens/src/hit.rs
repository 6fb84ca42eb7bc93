//! What was found.

use std::ops::Range;

use crate::{Confidence, Rule, Wrapping};

/// One thing that a text contains. Its `Debug` form does not show the value.
#[derive(Clone)]
pub struct Hit {
    /// The rule that knows it.
    pub rule: &'static Rule,
    /// All that belongs to it, in bytes of the text as it was given.
    pub span: Range<u64>,
    /// What must not be shown, in bytes of the text as it was given; lies within `span`.
    pub value: Range<u64>,
    /// The value as it was judged: folded and unwrapped. Never show or store it.
    pub text: String,
    /// How sure.
    pub confidence: Confidence,
    /// How it was wrapped, the outermost first.
    pub wrapped: Vec<Wrapping>,
}

impl std::fmt::Debug for Hit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Hit({} at {:?}, {:?})", self.rule.id, self.span, self.confidence)
    }
}

/// A hit in folded positions of the whole text.
#[derive(Clone)]
pub(crate) struct RawHit {
    /// The index of the rule in the selection.
    pub(crate) index: u16,
    pub(crate) rule: &'static Rule,
    pub(crate) span: Range<u64>,
    pub(crate) value: Range<u64>,
    pub(crate) text: String,
    pub(crate) confidence: Confidence,
    pub(crate) wrapped: Vec<Wrapping>,
}

impl RawHit {
    /// Whether `other` says the same or more, better: it is sure of it, or it covers it.
    fn gives_way_to(&self, other: &RawHit) -> bool {
        if self.rule.class != other.rule.class {
            return false;
        }
        let covers = |a: &RawHit, b: &RawHit| a.span.start <= b.span.start && b.span.end <= a.span.end;
        if !covers(other, self) && !covers(self, other) {
            return false;
        }
        self.weight() < other.weight()
    }

    /// What decides between two hits of which one covers the other: how sure it is, whether it names a service, its
    /// length, how little it was unwrapped, and in the end its rule and place.
    fn weight(&self) -> impl PartialOrd + use<> {
        (
            self.confidence,
            self.rule.service.is_some() || self.rule.checksum.is_some(),
            self.span.end - self.span.start,
            std::cmp::Reverse(self.wrapped.len()),
            std::cmp::Reverse(self.index),
            std::cmp::Reverse(self.value.start),
        )
    }
}

/// Sorts hits and takes out those that give way to another.
///
/// Each hit is held against all others, those that give way included: so the verdict on a hit depends on its
/// neighbours only, and a stream can decide it early.
pub(crate) fn settle(hits: &mut Vec<RawHit>) {
    hits.sort_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal));
    // Two labels of one number, two sentences of one name: the same hit from two places is one.
    hits.dedup_by(|a, b| (a.index, &a.span, &a.value, &a.wrapped) == (b.index, &b.span, &b.value, &b.wrapped));
    let mut keep: Vec<bool> = vec![true; hits.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, hit) in hits.iter().enumerate() {
        open.retain(|earlier| hits.get(*earlier).is_some_and(|earlier| earlier.span.end > hit.span.start));
        // More that overlap in one place are noise made by an attacker.
        for earlier in open.iter().rev().take(OVERLAPS_MAX) {
            let Some(other) = hits.get(*earlier) else { continue };
            if hit.gives_way_to(other)
                && let Some(keep) = keep.get_mut(index)
            {
                *keep = false;
            }
            if other.gives_way_to(hit)
                && let Some(keep) = keep.get_mut(*earlier)
            {
                *keep = false;
            }
        }
        open.push(index);
    }
    let mut keep = keep.into_iter();
    hits.retain(|_| keep.next().unwrap_or(true));
}

/// The most overlapping hits that one is held against.
const OVERLAPS_MAX: usize = 64;

pub(crate) fn order(hit: &RawHit) -> impl PartialOrd + use<> {
    (hit.span.start, hit.span.end, hit.value.start, hit.index, hit.wrapped.len())
}
