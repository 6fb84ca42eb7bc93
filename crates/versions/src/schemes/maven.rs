//! Maven's `ComparableVersion`.
//!
//! Source: Maven POM reference, "Version Order Specification". Where the specification is no order (it lets
//! `.x` and `-x` go round in circles) this follows Maven 3.9: a qualifier is the same after `.` and `-`.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::text::{cmp_digits, first_three, is_zero, split_digits, split_while};

/// The qualifiers that come before a release, in their order.
const BEFORE_RELEASE: [&str; 5] = ["alpha", "beta", "milestone", "rc", "snapshot"];
/// Ranks after those of [`BEFORE_RELEASE`].
const END: usize = 5;
const EMPTY: usize = 6;
const SERVICE_PACK: usize = 7;
const OTHER_WORD: usize = 8;
const DASH_NUMBER: usize = 9;
const DOT_NUMBER: usize = 10;

/// A token of a Maven version.
#[derive(Debug, Clone)]
enum Token<'a> {
    /// A qualifier in lower case; `ga`, `final` and `release` are empty.
    Word(Cow<'a, str>),
    /// A number after `-` or after a letter.
    DashNumber(&'a str),
    /// A number at the start or after `.`.
    DotNumber(&'a str),
}

/// A version of a Maven artefact.
#[derive(Debug, Clone)]
pub(crate) struct Maven<'a> {
    /// INVARIANT: never ends in a null token (zero or empty word), and no null token stands before a word
    /// or a dash number, except as the first token.
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
                self.push(Token::Word(qualifier(word, !after.is_empty())));
                rest = after;
            } else {
                self.push(if after_dash { Token::DashNumber(digits) } else { Token::DotNumber(digits) });
                rest = after;
            }
            after_dash = true;
        }
    }

    fn push(&mut self, token: Token<'a>) {
        if !matches!(token, Token::DotNumber(_)) {
            self.drop_nulls();
        }
        self.tokens.push(token);
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
            _ => None,
        }))
    }
}

impl Token<'_> {
    fn is_null(&self) -> bool {
        match self {
            Token::Word(word) => word.is_empty(),
            Token::DashNumber(digits) | Token::DotNumber(digits) => is_zero(digits),
        }
    }

    fn rank(&self) -> usize {
        match self {
            Token::Word(word) => match BEFORE_RELEASE.iter().position(|known| known == word) {
                Some(place) => place,
                None if word.is_empty() => EMPTY,
                None if word == "sp" => SERVICE_PACK,
                None => OTHER_WORD,
            },
            Token::DashNumber(_) => DASH_NUMBER,
            Token::DotNumber(_) => DOT_NUMBER,
        }
    }
}

impl Ord for Maven<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.tokens.iter(), other.tokens.iter());
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (Some(Token::Word(l)), Some(Token::Word(r))) if l == r => Ordering::Equal,
                (Some(l), Some(r)) => l.rank().cmp(&r.rank()).then_with(|| match (l, r) {
                    (Token::Word(l), Token::Word(r)) => l.cmp(r),
                    (Token::DashNumber(l) | Token::DotNumber(l), Token::DashNumber(r) | Token::DotNumber(r)) => {
                        cmp_digits(l, r)
                    }
                    _ => Ordering::Equal,
                }),
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
