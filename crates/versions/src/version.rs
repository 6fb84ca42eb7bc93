//! A version of one scheme, parsed once.

use std::cmp::Ordering;
use std::fmt;

use crate::schemes::apk::Apk;
use crate::schemes::debian::Debian;
use crate::schemes::maven::Maven;
use crate::schemes::packagist::Packagist;
use crate::schemes::pep440::Pep440;
use crate::schemes::rpm::Rpm;
use crate::schemes::rubygems::RubyGems;
use crate::schemes::semver::{Flavour, SemVer};
use crate::{Scheme, VersionError};

/// Longest text, in bytes, that is read as a version.
pub const MAX_VERSION_BYTES: usize = 256;

/// Characters of an overlong text that an error shows.
const SHOWN_CHARS: usize = 40;

/// A version of a [`Scheme`]; borrows its text.
///
/// Equality is that of the order: `1.0` and `1.0.0` are equal in PEP 440. Versions of different schemes are
/// ordered by their scheme, which means nothing but keeps the order total.
#[derive(Clone)]
pub struct Version<'a> {
    scheme: Scheme,
    text: &'a str,
    key: Key<'a>,
}

/// What is compared.
#[derive(Clone)]
pub(crate) enum Key<'a> {
    SemVer(SemVer<'a>),
    Pep440(Pep440),
    Debian(Debian<'a>),
    Rpm(Rpm<'a>),
    Apk(Apk<'a>),
    Maven(Maven<'a>),
    RubyGems(RubyGems<'a>),
    Packagist(Packagist<'a>),
}

impl<'a> Version<'a> {
    /// Reads a version.
    ///
    /// # Errors
    /// [`VersionError`] where the text is empty, longer than [`MAX_VERSION_BYTES`] or not in the grammar of
    /// the scheme. PEP 440, RPM, apk, Maven and Composer give nearly every text a place in their order.
    pub fn parse(scheme: Scheme, text: &'a str) -> Result<Version<'a>, VersionError> {
        if text.len() > MAX_VERSION_BYTES {
            let start = text.chars().take(SHOWN_CHARS).collect();
            return Err(VersionError::TooLong { scheme, start, bytes: text.len() });
        }
        if text.trim().is_empty() {
            return Err(VersionError::Empty { scheme });
        }
        Version::read(scheme, text).ok_or_else(|| VersionError::Unparsable { scheme, text: text.to_owned() })
    }

    /// [`Version::parse`] without a reason.
    pub(crate) fn read(scheme: Scheme, text: &'a str) -> Option<Version<'a>> {
        if text.len() > MAX_VERSION_BYTES || text.trim().is_empty() {
            return None;
        }
        let key = match scheme {
            Scheme::SemVer => Key::SemVer(SemVer::parse(text, Flavour::Plain)?),
            Scheme::Npm => Key::SemVer(SemVer::parse(text, Flavour::Npm)?),
            Scheme::Go => Key::SemVer(SemVer::parse(text, Flavour::Go)?),
            Scheme::NuGet => Key::SemVer(SemVer::parse(text, Flavour::NuGet)?),
            Scheme::Pep440 => Key::Pep440(Pep440::parse(text)?),
            Scheme::Debian => Key::Debian(Debian::parse(text)?),
            Scheme::Rpm => Key::Rpm(Rpm::parse(text)?),
            Scheme::Apk => Key::Apk(Apk::parse(text)?),
            Scheme::Maven => Key::Maven(Maven::parse(text)?),
            Scheme::RubyGems => Key::RubyGems(RubyGems::parse(text)?),
            Scheme::Packagist => Key::Packagist(Packagist::parse(text)?),
        };
        Some(Version { scheme, text, key })
    }

    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The text it was read from.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    pub(crate) fn key(&self) -> &Key<'a> {
        &self.key
    }

    /// Whether it is a Python version from before PEP 440, whose place in the order is a convention only.
    pub(crate) fn is_legacy(&self) -> bool {
        matches!(&self.key, Key::Pep440(version) if version.is_legacy())
    }

    /// Whether it carries a PEP 440 local label (`+cu118`).
    pub(crate) fn is_local(&self) -> bool {
        matches!(&self.key, Key::Pep440(version) if version.is_local())
    }

    /// The version without its PEP 440 local label, where it has one.
    pub(crate) fn public(&self) -> Option<Version<'a>> {
        match &self.key {
            Key::Pep440(version) => version.public().map(|public| Version { key: Key::Pep440(public), ..self.clone() }),
            _ => None,
        }
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = match (&self.key, &other.key) {
            (Key::SemVer(a), Key::SemVer(b)) => a.cmp(b),
            (Key::Pep440(a), Key::Pep440(b)) => a.cmp(b),
            (Key::Debian(a), Key::Debian(b)) => a.cmp(b),
            (Key::Rpm(a), Key::Rpm(b)) => a.cmp(b),
            (Key::Apk(a), Key::Apk(b)) => a.cmp(b),
            (Key::Maven(a), Key::Maven(b)) => a.cmp(b),
            (Key::RubyGems(a), Key::RubyGems(b)) => a.cmp(b),
            (Key::Packagist(a), Key::Packagist(b)) => a.cmp(b),
            _ => Ordering::Equal,
        };
        self.scheme.cmp(&other.scheme).then(order)
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version<'_> {}

impl fmt::Debug for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.scheme, self.text)
    }
}

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}
