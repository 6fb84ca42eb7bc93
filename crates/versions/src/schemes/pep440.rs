//! Python: PEP 440, and what came before it.
//!
//! Sources: PEP 440; for older texts `LegacyVersion` of `packaging` 21.

use std::str::FromStr;

use crate::text::{is_digits, is_zero, split_while};

/// Longest run of digits, without leading zeros, that every comparer of PEP 440 numbers can hold.
const MAX_DIGITS: usize = 19;

/// A Python version. The order of the variants is the order of the versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pep440 {
    /// A text that is not PEP 440, by the key that old tools gave it.
    Legacy(Vec<LegacyPart>),
    /// A PEP 440 version.
    Modern(pep440_rs::Version),
}

/// A part of the key of an old text: words before numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LegacyPart {
    Word(String),
    /// Length without leading zeros, then the digits: the order by value.
    Number(usize, String),
}

impl Pep440 {
    pub(crate) fn parse(text: &str) -> Option<Pep440> {
        let mut runs = text.split(|c: char| !c.is_ascii_digit());
        if runs.any(|digits| digits.trim_start_matches('0').len() > MAX_DIGITS) {
            return None;
        }
        Some(match pep440_rs::Version::from_str(text) {
            Ok(version) => Pep440::Modern(version),
            Err(_not_pep440) => Pep440::Legacy(legacy_key(&text.to_lowercase())),
        })
    }

    pub(crate) fn is_legacy(&self) -> bool {
        matches!(self, Pep440::Legacy(_))
    }

    /// The version without its local label; `None` where it has none.
    pub(crate) fn public(&self) -> Option<Pep440> {
        match self {
            Pep440::Modern(version) if version.is_local() => Some(Pep440::Modern(version.clone().without_local())),
            _ => None,
        }
    }

    pub(crate) fn is_local(&self) -> bool {
        matches!(self, Pep440::Modern(version) if version.is_local())
    }

    /// The version, where it is PEP 440.
    pub(crate) fn modern(&self) -> Option<&pep440_rs::Version> {
        match self {
            Pep440::Modern(version) => Some(version),
            Pep440::Legacy(_) => None,
        }
    }
}

/// The key of `packaging` 21, `_legacy_cmpkey`, with numbers by value at any length.
fn legacy_key(text: &str) -> Vec<LegacyPart> {
    let is_final = |part: &LegacyPart| matches!(part, LegacyPart::Word(word) if word == "final-");
    let is_zero_part = |part: &LegacyPart| matches!(part, LegacyPart::Number(0, _));
    let mut key: Vec<LegacyPart> = Vec::new();
    for part in LegacyParts(text).filter(|part| *part != ".").chain(["final"]) {
        if is_digits(part) {
            let digits = if is_zero(part) { "" } else { part.trim_start_matches('0') };
            key.push(LegacyPart::Number(digits.len(), digits.to_owned()));
            continue;
        }
        let word = match part {
            "pre" | "preview" | "rc" => "c",
            "-" => "final-",
            "dev" => "@",
            other => other,
        };
        if word < "final" {
            while key.last().is_some_and(is_final) {
                key.pop();
            }
        }
        while key.last().is_some_and(is_zero_part) {
            key.pop();
        }
        key.push(LegacyPart::Word(word.to_owned()));
    }
    key
}

/// Runs of digits, runs of letters, single `.` and `-`, and runs of anything else.
struct LegacyParts<'a>(&'a str);

impl<'a> Iterator for LegacyParts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let class = |b: u8| match b {
            b'0'..=b'9' => 0,
            b'a'..=b'z' => 1,
            b'.' => 2,
            b'-' => 3,
            _ => 4,
        };
        let first = class(self.0.bytes().next()?);
        let (part, rest) = match first {
            2 | 3 => self.0.split_at_checked(1)?,
            _ => split_while(self.0, |b| class(b) == first),
        };
        self.0 = rest;
        Some(part)
    }
}
