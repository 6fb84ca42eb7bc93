//! Debian and Ubuntu: `epoch:upstream-revision`.
//!
//! Source: Debian Policy 5.6.12 "Version"; deb-version(7).

use std::cmp::Ordering;

use crate::text::{cmp_digits, is_digits, split_digits, split_while};

/// A version of a Debian package.
#[derive(Debug, Clone)]
pub(crate) struct Debian<'a> {
    epoch: &'a str,
    upstream: &'a str,
    revision: &'a str,
}

impl<'a> Debian<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Debian<'a>> {
        let text = text.trim();
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if is_digits(epoch) => (epoch, rest),
            Some(_) => return None,
            None => ("", text),
        };
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'~' | b'-' | b':' | b'_');
        let good = !upstream.is_empty() && rest.bytes().all(allowed);
        good.then_some(Debian { epoch, upstream, revision })
    }

    /// Whether only the revision, the packaging, may differ.
    pub(crate) fn same_upstream(&self, other: &Self) -> bool {
        cmp_digits(self.epoch, other.epoch).is_eq() && cmp_part(self.upstream, other.upstream).is_eq()
    }
}

impl Ord for Debian<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        cmp_digits(self.epoch, other.epoch)
            .then_with(|| cmp_part(self.upstream, other.upstream))
            .then_with(|| cmp_part(self.revision, other.revision))
    }
}

super::equality_from_order!(Debian);

/// deb-version(7), "Sorting algorithm": runs without digits and runs of digits by turns.
fn cmp_part(mut a: &str, mut b: &str) -> Ordering {
    while !(a.is_empty() && b.is_empty()) {
        let (a_text, a_rest) = split_while(a, |byte| !byte.is_ascii_digit());
        let (b_text, b_rest) = split_while(b, |byte| !byte.is_ascii_digit());
        let (a_digits, a_rest) = split_digits(a_rest);
        let (b_digits, b_rest) = split_digits(b_rest);
        let order = cmp_text(a_text, b_text).then_with(|| cmp_digits(a_digits, b_digits));
        if order.is_ne() {
            return order;
        }
        (a, b) = (a_rest, b_rest);
    }
    Ordering::Equal
}

/// `~` before the end, the end before letters, letters before all else.
fn cmp_text(a: &str, b: &str) -> Ordering {
    let weight = |byte: Option<u8>| match byte {
        Some(b'~') => (0, 0),
        None => (1, 0),
        Some(letter) if letter.is_ascii_alphabetic() => (2, letter),
        Some(other) => (3, other),
    };
    let (mut left, mut right) = (a.bytes(), b.bytes());
    loop {
        let (l, r) = (left.next(), right.next());
        let order = weight(l).cmp(&weight(r));
        if order.is_ne() || l.is_none() {
            return order;
        }
    }
}
