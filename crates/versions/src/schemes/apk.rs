//! Alpine's `apk`: `1.2.3b_rc1~abcdef-r4`.
//!
//! Source: apk-package(5), "PACKAGE INFO METADATA", and apk-tools' `test/version.data`.

use std::cmp::Ordering;

use crate::text::{cmp_digits, split_digits, split_while};

/// The suffixes in their order; none at all stands between `rc` and `cvs`.
const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];
/// Where no suffix stands among them.
const NO_SUFFIX: usize = 4;

/// A version of an Alpine package. What `apk` calls invalid is ordered too, after what could be read of it.
#[derive(Debug, Clone)]
pub(crate) struct Apk<'a> {
    /// `1.2.3`
    numbers: &'a str,
    letter: &'a str,
    /// `_rc1_p2`
    suffixes: &'a str,
    /// The digits after `-r`.
    build: &'a str,
    /// What could not be read; empty for a valid version.
    tail: &'a str,
}

impl<'a> Apk<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Apk<'a>> {
        let text = text.trim();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let (numbers, rest) = split_numbers(text);
        let (letter, rest) = match rest.bytes().next() {
            Some(first) if first.is_ascii_lowercase() => rest.split_at_checked(1)?,
            _ => ("", rest),
        };
        let (suffixes, rest) = split_suffixes(rest);
        let rest = match rest.strip_prefix('~').map(|hash| split_while(hash, |b| b.is_ascii_hexdigit())) {
            Some((hash, after)) if !hash.is_empty() => after,
            _ => rest,
        };
        let (build, tail) = match rest.strip_prefix("-r") {
            Some(build) => {
                let (digits, after) = split_digits(build);
                // INVARIANT: after a build all tails are alike, as are those that begin with `-`.
                (digits, if after.is_empty() { "" } else { "-" })
            }
            None => ("", if rest.starts_with('-') { "-" } else { rest }),
        };
        Some(Apk { numbers, letter, suffixes, build, tail })
    }

    /// Whether only the build, the packaging, may differ.
    pub(crate) fn same_upstream(&self, other: &Self) -> bool {
        self.cmp_upstream(other).is_eq() && self.tail.is_empty() && other.tail.is_empty()
    }

    fn cmp_upstream(&self, other: &Self) -> Ordering {
        cmp_numbers(self.numbers, other.numbers)
            .then_with(|| self.letter.cmp(other.letter))
            .then_with(|| cmp_suffixes(self.suffixes, other.suffixes))
    }
}

impl Ord for Apk<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_upstream(other)
            .then_with(|| cmp_digits(self.build, other.build))
            .then_with(|| self.tail.is_empty().cmp(&other.tail.is_empty()))
            .then_with(|| self.tail.cmp(other.tail))
    }
}

super::equality_from_order!(Apk);

/// Splits off numbers joined by single dots.
fn split_numbers(text: &str) -> (&str, &str) {
    let mut rest = split_digits(text).1;
    if rest.len() == text.len() {
        return ("", text);
    }
    while let Some(after_dot) = rest.strip_prefix('.') {
        let after = split_digits(after_dot).1;
        if after.len() == after_dot.len() {
            break;
        }
        rest = after;
    }
    text.split_at_checked(text.len() - rest.len()).unwrap_or((text, ""))
}

/// Splits off suffixes that `apk` knows, each `_word` and perhaps digits.
fn split_suffixes(text: &str) -> (&str, &str) {
    let mut rest = text;
    while let Some((_, _, after)) = next_suffix(rest) {
        rest = after;
    }
    text.split_at_checked(text.len() - rest.len()).unwrap_or((text, ""))
}

/// The rank and number of the suffix that a text begins with, and what follows it.
fn next_suffix(text: &str) -> Option<(usize, &str, &str)> {
    let (word, rest) = split_while(text.strip_prefix('_')?, |b| b.is_ascii_lowercase());
    let place = SUFFIXES.iter().position(|suffix| *suffix == word)?;
    let (number, rest) = split_digits(rest);
    let rank = if place < NO_SUFFIX { place } else { place + 1 };
    Some((rank, number, rest))
}

/// The first number by value; later ones as decimals where either begins with zero, else by value.
/// Fewer numbers come first.
fn cmp_numbers(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    let first = match (left.next().unwrap_or(""), right.next().unwrap_or("")) {
        ("", r) => "".cmp(r),
        (l, "") => l.cmp(""),
        (l, r) => cmp_digits(l, r),
    };
    if first.is_ne() {
        return first;
    }
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(l), Some(r)) if l.starts_with('0') || r.starts_with('0') => l.cmp(r),
            (Some(l), Some(r)) => cmp_digits(l, r),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn cmp_suffixes(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (left, right) = (next_suffix(a), next_suffix(b));
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let (l_rank, l_number, l_rest) = left.unwrap_or((NO_SUFFIX, "", ""));
        let (r_rank, r_number, r_rest) = right.unwrap_or((NO_SUFFIX, "", ""));
        let order = l_rank.cmp(&r_rank).then_with(|| cmp_digits(l_number, r_number));
        if order.is_ne() {
            return order;
        }
        (a, b) = (l_rest, r_rest);
    }
}
