//! Ruby: `Gem::Version`.
//!
//! Source: RubyGems, `Gem::Version` (`VERSION_PATTERN`, `canonical_segments`, `<=>`).

use std::cmp::Ordering;

use crate::text::{cmp_digits, first_three, is_zero, split_digits, split_while};

#[derive(Debug, Clone, Copy)]
enum Segment<'a> {
    Word(&'a str),
    Number(&'a str),
}

/// A version of a gem.
#[derive(Debug, Clone)]
pub(crate) struct RubyGems<'a> {
    /// INVARIANT: no zeros at the end, nor at the end of the numbers before the first word.
    segments: Vec<Segment<'a>>,
}

impl<'a> RubyGems<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<RubyGems<'a>> {
        let text = text.trim();
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.bytes().all(allowed) {
            return None;
        }
        let mut gem = RubyGems { segments: Vec::with_capacity(4) };
        for (index, part) in text.split('-').enumerate() {
            if index > 0 {
                gem.push(Segment::Word("pre"));
            }
            for mut rest in part.split('.') {
                if rest.is_empty() {
                    return None;
                }
                while !rest.is_empty() {
                    let (digits, after) = split_digits(rest);
                    if digits.is_empty() {
                        let (word, after) = split_while(rest, |b| b.is_ascii_alphabetic());
                        gem.push(Segment::Word(word));
                        rest = after;
                    } else {
                        gem.push(Segment::Number(digits));
                        rest = after;
                    }
                }
            }
        }
        gem.drop_zeros();
        Some(gem)
    }

    fn push(&mut self, segment: Segment<'a>) {
        if matches!(segment, Segment::Word(_)) && !self.is_prerelease() {
            self.drop_zeros();
        }
        self.segments.push(segment);
    }

    fn drop_zeros(&mut self) {
        while matches!(self.segments.last(), Some(Segment::Number(digits)) if is_zero(digits)) {
            self.segments.pop();
        }
    }

    pub(crate) fn is_prerelease(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment, Segment::Word(_)))
    }

    pub(crate) fn release(&self) -> Option<[u64; 3]> {
        first_three(self.segments.iter().map_while(|segment| match segment {
            Segment::Number(digits) => Some(*digits),
            Segment::Word(_) => None,
        }))
    }
}

impl Ord for RubyGems<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.segments.iter(), other.segments.iter());
        loop {
            let (l, r) = (left.next(), right.next());
            if l.is_none() && r.is_none() {
                return Ordering::Equal;
            }
            let order = match (l.unwrap_or(&Segment::Number("0")), r.unwrap_or(&Segment::Number("0"))) {
                (Segment::Word(l), Segment::Word(r)) => l.cmp(r),
                (Segment::Number(l), Segment::Number(r)) => cmp_digits(l, r),
                (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
                (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

super::equality_from_order!(RubyGems);
