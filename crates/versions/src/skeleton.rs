//! A cheap necessary condition for two texts to be equal versions, so that long `versions` lists are not
//! parsed entry by entry.

use crate::Scheme;

/// What equal versions of a scheme share: their runs of digits, without leading zeros and without zero runs.
///
/// INVARIANT: versions that are equal in their scheme have equal skeletons (a law in the tests). Only `apk`
/// has no skeleton, because its invalid texts are equal whatever their tails say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Skeleton<'a> {
    text: &'a str,
    /// The first and the last digit that is not zero: seen without reading the whole text.
    ends: Option<(u8, u8)>,
}

impl<'a> Skeleton<'a> {
    pub(crate) fn of(scheme: Scheme, text: &'a str) -> Option<Skeleton<'a>> {
        let text = match scheme {
            Scheme::Apk => return None,
            Scheme::SemVer | Scheme::Npm | Scheme::NuGet => before(text, &['+']),
            // The vendor's part of a Go release has no part in the order.
            Scheme::Go if text.trim_start().starts_with("go") => before(text.trim(), &['+', '-', ' ', '\t']),
            Scheme::Go => before(text, &['+']),
            _ => text,
        };
        let is_counted = |b: &u8| matches!(b, b'1'..=b'9');
        let first = text.bytes().find(is_counted);
        let last = text.bytes().rev().find(is_counted);
        Some(Skeleton { text, ends: first.zip(last) })
    }

    pub(crate) fn matches(&self, other: &Skeleton<'_>) -> bool {
        self.ends == other.ends && self.runs().eq(other.runs())
    }

    fn runs(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.text
            .split(|c: char| !c.is_ascii_digit())
            .map(|digits| digits.trim_start_matches('0'))
            .filter(|digits| !digits.is_empty())
    }
}

fn before<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.split(ends).next().unwrap_or(text)
}
