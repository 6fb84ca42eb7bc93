//! Maven's `ComparableVersion`.
//!
//! Source: Maven POM reference, "Version Order Specification", and `ComparableVersion` of Maven 3.8. Two of its
//! rules go round in circles, and an order cannot; here they give way:
//! - `1.x < 1-alpha < 1 < 1.x`: words that come before a release come before those that come after it.
//! - `1.0.rc < 1 < 1-1 < 1.0.rc`: zeros before such a word do not lift it over the release.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::text::{cmp_digits, first_three, is_zero, split_digits, split_while};

/// The qualifiers that come before a release, in their order.
const BEFORE_RELEASE: [&str; 5] = ["alpha", "beta", "milestone", "rc", "snapshot"];
/// The rank of the first of them after `-`; after `.` it is 0.
const DASH_BEFORE_RELEASE: usize = 5;
/// Ranks after those.
const EARLY_ZERO: usize = 10;
const END: usize = 11;
const EMPTY: usize = 12;
const DOT_SERVICE_PACK: usize = 13;
const DOT_OTHER: usize = 14;
const DASH_SERVICE_PACK: usize = 15;
const DASH_OTHER: usize = 16;
const DASH_NUMBER: usize = 17;
const DOT_NUMBER: usize = 18;

/// A token of a Maven version.
#[derive(Debug, Clone)]
enum Token<'a> {
    /// A qualifier in lower case; `ga`, `final` and `release` are empty.
    Word { text: Cow<'a, str>, after_dash: bool },
    /// A number after `-` or after a letter.
    DashNumber(&'a str),
    /// A number at the start or after `.`.
    DotNumber(&'a str),
    /// A zero after `.` with nothing but such zeros up to a word that comes before a release.
    EarlyZero,
}

/// A version of a Maven artefact.
#[derive(Debug, Clone)]
pub(crate) struct Maven<'a> {
    /// INVARIANT: never ends in a null token (zero or empty word), and no null token stands before one that
    /// follows a dash, except as the first token.
    tokens: Vec<Token<'a>>,
}

impl<'a> Maven<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Maven<'a>> {
        let text = text.trim();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let mut maven = Maven { tokens: Vec::with_capacity(4) };
        let mut rest = text;
        let mut after_dash = false;
        loop {
            let (raw, after) = split_while(rest, |b| b != b'.' && b != b'-');
            maven.push_raw(raw, after_dash);
            after_dash = after.starts_with('-');
            match after.strip_prefix(['.', '-']) {
                Some(next) => rest = next,
                None => break,
            }
        }
        maven.drop_nulls();
        Some(maven)
    }

    /// Pushes what stands between two separators: changes between digits and letters separate like `-`.
    fn push_raw(&mut self, raw: &'a str, mut after_dash: bool) {
        if raw.is_empty() {
            self.push(if after_dash { Token::DashNumber("0") } else { Token::DotNumber("0") });
            return;
        }
        let mut rest = raw;
        while !rest.is_empty() {
            let (digits, after) = split_digits(rest);
            if digits.is_empty() {
                let (word, after) = split_while(rest, |b| !b.is_ascii_digit());
                self.push(Token::Word { text: qualifier(word, !after.is_empty()), after_dash });
                rest = after;
            } else {
                self.push(if after_dash { Token::DashNumber(digits) } else { Token::DotNumber(digits) });
                rest = after;
            }
            after_dash = true;
        }
    }

    fn push(&mut self, token: Token<'a>) {
        match token {
            Token::Word { after_dash: true, .. } | Token::DashNumber(_) => self.drop_nulls(),
            Token::Word { .. } if token.rank() < END => self.mark_early_zeros(),
            _ => {}
        }
        self.tokens.push(token);
    }

    fn mark_early_zeros(&mut self) {
        for token in self.tokens.iter_mut().skip(1).rev() {
            match token {
                Token::DotNumber(digits) if is_zero(digits) => *token = Token::EarlyZero,
                _ => break,
            }
        }
    }

    /// Drops null tokens from the end; the first token stays.
    fn drop_nulls(&mut self) {
        while self.tokens.len() > 1 && self.tokens.last().is_some_and(Token::is_null) {
            self.tokens.pop();
        }
    }

    pub(crate) fn is_prerelease(&self) -> bool {
        self.tokens.iter().any(|token| token.rank() < END)
    }

    pub(crate) fn release(&self) -> Option<[u64; 3]> {
        first_three(self.tokens.iter().map_while(|token| match token {
            Token::DotNumber(digits) => Some(*digits),
            Token::EarlyZero => Some("0"),
            _ => None,
        }))
    }
}

impl Token<'_> {
    fn is_null(&self) -> bool {
        match self {
            Token::Word { text, .. } => text.is_empty(),
            Token::DashNumber(digits) | Token::DotNumber(digits) => is_zero(digits),
            Token::EarlyZero => true,
        }
    }

    fn rank(&self) -> usize {
        let (text, after_dash) = match self {
            Token::Word { text, after_dash } => (text, *after_dash),
            Token::DashNumber(_) => return DASH_NUMBER,
            Token::DotNumber(_) => return DOT_NUMBER,
            Token::EarlyZero => return EARLY_ZERO,
        };
        match (BEFORE_RELEASE.iter().position(|known| known == text), after_dash) {
            (Some(place), false) => place,
            (Some(place), true) => place + DASH_BEFORE_RELEASE,
            (None, _) if text.is_empty() => EMPTY,
            (None, false) if text == "sp" => DOT_SERVICE_PACK,
            (None, false) => DOT_OTHER,
            (None, true) if text == "sp" => DASH_SERVICE_PACK,
            (None, true) => DASH_OTHER,
        }
    }

    /// The order of two tokens of one rank.
    fn cmp_within_rank(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Token::Word { text: l, .. }, Token::Word { text: r, .. }) => l.cmp(r),
            (Token::DashNumber(l), Token::DashNumber(r)) | (Token::DotNumber(l), Token::DotNumber(r)) => {
                cmp_digits(l, r)
            }
            _ => Ordering::Equal,
        }
    }
}

impl Ord for Maven<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.tokens.iter(), other.tokens.iter());
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (Some(l), Some(r)) => l.rank().cmp(&r.rank()).then_with(|| l.cmp_within_rank(r)),
                (l, r) => l.map_or(END, Token::rank).cmp(&r.map_or(END, Token::rank)),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

super::equality_from_order!(Maven);

/// A qualifier in its one spelling; `a`, `b` and `m` stand for words only before a digit.
fn qualifier(word: &str, before_digit: bool) -> Cow<'_, str> {
    let lower = match word.chars().any(char::is_uppercase) {
        true => Cow::Owned(word.to_lowercase()),
        false => Cow::Borrowed(word),
    };
    match (&*lower, before_digit) {
        ("ga" | "final" | "release", _) => Cow::Borrowed(""),
        ("cr", _) => Cow::Borrowed("rc"),
        ("a", true) => Cow::Borrowed("alpha"),
        ("b", true) => Cow::Borrowed("beta"),
        ("m", true) => Cow::Borrowed("milestone"),
        _ => lower,
    }
}
