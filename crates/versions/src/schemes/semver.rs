//! SemVer and its relatives: crates.io, npm, Go, NuGet.
//!
//! Sources: SemVer 2.0, item 11; node-semver, "Versions" and its loose form; Go modules reference, "Versions"
//! and "Pseudo-versions", with `go/version` for Go's own releases; NuGet, "Package versioning".

use std::cmp::Ordering;

use crate::text::{cmp_digits, cmp_dotted, first_three, is_digits, split_digits, split_while};

/// What a relative of SemVer allows beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// crates.io and OSV `SEMVER` ranges.
    Plain,
    /// npm.
    Npm,
    /// Go modules and releases.
    Go,
    /// NuGet.
    NuGet,
}

/// Most numbers a NuGet version has.
const NUGET_NUMBERS: usize = 4;

/// A version by SemVer precedence; build metadata is not kept, as it has no part in the order.
///
/// More lenient than the grammar where nothing is lost by it: missing numbers are zero, further numbers
/// count on, numbers may have leading zeros and any length.
#[derive(Debug, Clone)]
pub(crate) struct SemVer<'a> {
    /// `1.2.3`
    numbers: &'a str,
    /// The same by value, where there are at most three and they fit.
    values: Option<[u64; 3]>,
    /// `rc.1`; empty for a release.
    prerelease: &'a str,
    /// One more identifier of the pre-release: the `2` of Go's `1.21rc2`, which is `1.21.0-rc.2`.
    prerelease_number: Option<&'a str>,
    /// Whether letters compare without case.
    fold_case: bool,
}

impl<'a> SemVer<'a> {
    pub(crate) fn parse(text: &'a str, flavour: Flavour) -> Option<SemVer<'a>> {
        let text = strip_start(text.trim(), flavour);
        let (numbers, rest) = split_while(text, |b| b.is_ascii_digit() || b == b'.');
        let values = match small_numbers(numbers) {
            Some(values) => Some(values),
            None if numbers.split('.').all(is_digits) => None,
            None => return None,
        };
        if flavour == Flavour::NuGet && numbers.split('.').count() > NUGET_NUMBERS {
            return None;
        }
        let rest = rest.split('+').next().unwrap_or(rest);
        let mut version =
            SemVer { numbers, values, prerelease: "", prerelease_number: None, fold_case: flavour == Flavour::NuGet };
        if rest.is_empty() {
            return Some(version);
        }
        match (rest.strip_prefix('-'), flavour) {
            (Some(prerelease), _) => version.prerelease = prerelease,
            (None, Flavour::Npm) => version.prerelease = rest,
            (None, Flavour::Go) => {
                let (word, number) = split_while(rest, |b| b.is_ascii_lowercase());
                version.prerelease = word;
                version.prerelease_number = Some(number);
            }
            (None, Flavour::Plain | Flavour::NuGet) => return None,
        }
        version.identifiers().all(is_identifier).then_some(version)
    }

    fn identifiers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.prerelease.split('.').chain(self.prerelease_number)
    }

    pub(crate) fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    pub(crate) fn release(&self) -> Option<[u64; 3]> {
        first_three(self.numbers.split('.'))
    }

    fn cmp_prerelease(&self, other: &Self) -> Ordering {
        match (self.is_prerelease(), other.is_prerelease()) {
            (false, false) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (true, true) => {}
        }
        let (mut left, mut right) = (self.identifiers(), other.identifiers());
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (Some(l), Some(r)) => cmp_identifier(l, r, self.fold_case),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

impl Ord for SemVer<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = match (&self.values, &other.values) {
            (Some(a), Some(b)) => a.cmp(b),
            _ => cmp_dotted(self.numbers, other.numbers),
        };
        numbers.then_with(|| self.cmp_prerelease(other))
    }
}

super::equality_from_order!(SemVer);

/// At most three dotted numbers in one pass; missing ones are zero.
fn small_numbers(text: &str) -> Option<[u64; 3]> {
    let mut values = [0u64; 3];
    let mut slots = values.iter_mut();
    let mut slot = slots.next()?;
    let mut digits = false;
    for byte in text.bytes() {
        if byte == b'.' && digits {
            slot = slots.next()?;
            digits = false;
        } else if byte.is_ascii_digit() {
            *slot = slot.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            digits = true;
        } else {
            return None;
        }
    }
    digits.then_some(values)
}

/// Takes away what tools write before the numbers.
fn strip_start(text: &str, flavour: Flavour) -> &str {
    match flavour {
        Flavour::Plain | Flavour::NuGet => text.strip_prefix(['v', 'V']).unwrap_or(text),
        Flavour::Npm => text.trim_start_matches(|c: char| c == 'v' || c == '=' || c.is_whitespace()),
        Flavour::Go => match text.strip_prefix("go") {
            // A vendor's build (`go1.21.3-corp`, `go1.21.3 X:nocoverageredesign`) is the release it names.
            Some(release) => split_while(release, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.').0,
            None => text.strip_prefix('v').unwrap_or(text),
        },
    }
}

/// SemVer 2.0, item 9: one or more of `[0-9A-Za-z-]`.
fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// SemVer 2.0, item 11.4: numbers by value and before words; words by ASCII.
fn cmp_identifier(a: &str, b: &str, fold_case: bool) -> Ordering {
    let is_number = |text: &str| split_digits(text).1.is_empty();
    match (is_number(a), is_number(b)) {
        (true, true) => cmp_digits(a, b),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) if fold_case => {
            a.bytes().map(|b| b.to_ascii_lowercase()).cmp(b.bytes().map(|b| b.to_ascii_lowercase()))
        }
        (false, false) => a.cmp(b),
    }
}
