//! SemVer, by the `semver` crate.

use std::cmp::Ordering;

/// A SemVer version; missing numbers are zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Semantic(pub(crate) semver::Version);

impl Semantic {
    pub(crate) fn read(text: &str) -> Option<Semantic> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let missing = 2usize.saturating_sub(text[..end].matches('.').count());
        let whole = format!("{}{}{}", &text[..end], ".0".repeat(missing), &text[end..]);
        semver::Version::parse(&whole).ok().map(Semantic)
    }

    pub(crate) fn cmp(&self, other: &Semantic) -> Ordering {
        self.0.cmp_precedence(&other.0)
    }
}
