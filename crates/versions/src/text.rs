//! Small pieces that the comparers share: runs of digits of any length, dotted numbers, splitting.

use std::cmp::Ordering;

/// The order of two runs of ASCII digits by value; an empty run counts as zero. No length is too long.
pub(crate) fn cmp_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// The order of two dotted numbers, the shorter filled up with zeros.
pub(crate) fn cmp_dotted(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (l, r) => cmp_digits(l.unwrap_or("0"), r.unwrap_or("0")),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Whether a text is one or more ASCII digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a run of digits is the number zero.
pub(crate) fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|b| b == b'0')
}

/// Splits off the longest start whose bytes all satisfy `keep`.
///
/// `keep` answers alike for all bytes of one non-ASCII character (all callers accept either none or all of
/// the bytes above 127), so the split is between characters.
pub(crate) fn split_while(text: &str, keep: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|b| !keep(b)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Splits off the longest start of ASCII digits.
pub(crate) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |b| b.is_ascii_digit())
}

/// The first three of some numbers, missing ones as zero; `None` if one does not fit.
pub(crate) fn first_three<'a>(numbers: impl Iterator<Item = &'a str>) -> Option<[u64; 3]> {
    let mut out = [0; 3];
    for (slot, digits) in out.iter_mut().zip(numbers) {
        *slot = digits.parse().ok()?;
    }
    Some(out)
}
