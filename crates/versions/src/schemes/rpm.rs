//! RPM: `epoch:version-release`.
//!
//! Source: rpm-version(7) and `rpmvercmp` of RPM 4.20, with `~` and `^`.

use std::cmp::Ordering;

use crate::text::{cmp_digits, is_digits, split_digits, split_while};

/// A version of an RPM package. A missing epoch is 0; a missing release is before every release.
#[derive(Debug, Clone)]
pub(crate) struct Rpm<'a> {
    epoch: &'a str,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Rpm<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Rpm<'a>> {
        let text = text.trim();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        // A colon after anything but digits belongs to the version (module streams are written so).
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if is_digits(epoch) => (epoch, rest),
            _ => ("", text),
        };
        let (version, release) = match rest.split_once('-') {
            Some((version, release)) => (version, Some(release)),
            None => (rest, None),
        };
        Some(Rpm { epoch, version, release })
    }

    /// Whether only the release, the packaging, may differ.
    pub(crate) fn same_upstream(&self, other: &Self) -> bool {
        cmp_digits(self.epoch, other.epoch).is_eq() && rpmvercmp(self.version, other.version).is_eq()
    }
}

impl Ord for Rpm<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        cmp_digits(self.epoch, other.epoch).then_with(|| rpmvercmp(self.version, other.version)).then_with(|| {
            match (self.release, other.release) {
                (Some(a), Some(b)) => rpmvercmp(a, b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            }
        })
    }
}

super::equality_from_order!(Rpm);

/// A piece of a version; the order of the variants is the order of the pieces.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Tilde,
    End,
    Caret,
    Letters(&'a str),
    Digits(&'a str),
}

/// Takes the next piece; all other characters only separate.
fn next_piece<'a>(rest: &mut &'a str) -> Piece<'a> {
    let is_piece = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'~' | b'^');
    let (_separators, text) = split_while(rest, |b| !is_piece(b));
    let (piece, after) = match text.bytes().next() {
        None => (Piece::End, ""),
        Some(b'~') => (Piece::Tilde, text.strip_prefix('~').unwrap_or("")),
        Some(b'^') => (Piece::Caret, text.strip_prefix('^').unwrap_or("")),
        Some(first) if first.is_ascii_digit() => {
            let (digits, after) = split_digits(text);
            (Piece::Digits(digits), after)
        }
        Some(_) => {
            let (letters, after) = split_while(text, |b| b.is_ascii_alphabetic());
            (Piece::Letters(letters), after)
        }
    };
    *rest = after;
    piece
}

fn rpmvercmp(mut a: &str, mut b: &str) -> Ordering {
    let rank = |piece: Piece<'_>| match piece {
        Piece::Tilde => 0,
        Piece::End => 1,
        Piece::Caret => 2,
        Piece::Letters(_) => 3,
        Piece::Digits(_) => 4,
    };
    loop {
        let order = match (next_piece(&mut a), next_piece(&mut b)) {
            (Piece::End, Piece::End) => return Ordering::Equal,
            (Piece::Letters(l), Piece::Letters(r)) => l.cmp(r),
            (Piece::Digits(l), Piece::Digits(r)) => cmp_digits(l, r),
            (l, r) => rank(l).cmp(&rank(r)),
        };
        if order.is_ne() {
            return order;
        }
    }
}
