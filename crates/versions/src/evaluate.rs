//! Whether an advisory's entry affects a version.
//!
//! Source: OSV schema 1.7, "Evaluation" and "affected[].ranges[].events fields". Where the schema leaves a
//! choice, this one never calls a version safe that another reading would call affected:
//!
//! - A range that ends and begins again at one version (`fixed: 2.0`, `introduced: 2.0`) goes on; one that
//!   begins and ends at one version is empty.
//! - An entry with nothing to compare, or with commits only, is unknown.
//! - PEP 440 local labels (`2.0.0+cu118`) are builds of the public version and are held against public
//!   versions without the label, as PEP 440 "Version specifiers" has it.

use std::cmp::Ordering;

use yata_model::{Affected, Event, Range, RangeKind};

use crate::skeleton::Skeleton;
use crate::{Scheme, Version};

/// Most events of one range that are evaluated.
pub const MAX_EVENTS_PER_RANGE: usize = 10_000;

/// What an [`Affected`] entry says of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The version is listed or in a range.
    Affected,
    /// The version is neither listed nor in any range, and all of them could be judged.
    NotAffected,
    /// It could not be told; to be treated as affected until somebody looks.
    Unknown(UnknownReason),
}

/// Why a verdict could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnknownReason {
    /// The component's version is missing or not a version of its ecosystem.
    VersionUnreadable,
    /// The component's or the advisory's version is from before PEP 440, so its place is uncertain.
    LegacyVersion,
    /// A version in the advisory's range is not a version of the ecosystem.
    EventUnreadable,
    /// A range has no beginning.
    NoIntroduced,
    /// A range has more than [`MAX_EVENTS_PER_RANGE`] events.
    TooManyEvents,
    /// Versions of this ecosystem cannot be compared, and the version is not listed.
    NoOrder,
    /// The advisory names commits only.
    GitOnly,
    /// The advisory names neither ranges nor versions.
    NothingToCompare,
}

impl UnknownReason {
    /// The id of the text that explains it, in the catalogue of words.
    pub fn message_id(self) -> &'static str {
        match self {
            UnknownReason::VersionUnreadable => "unknown-version-unreadable",
            UnknownReason::LegacyVersion => "unknown-legacy-version",
            UnknownReason::EventUnreadable => "unknown-event-unreadable",
            UnknownReason::NoIntroduced => "unknown-no-introduced",
            UnknownReason::TooManyEvents => "unknown-too-many-events",
            UnknownReason::NoOrder => "unknown-no-order",
            UnknownReason::GitOnly => "unknown-git-only",
            UnknownReason::NothingToCompare => "unknown-nothing-to-compare",
        }
    }
}

/// Whether an entry affects a version; for one question. For many, keep a [`Candidate`].
///
/// `scheme` is that of the entry's ecosystem, [`Scheme::of`].
pub fn affects(affected: &Affected, scheme: Option<Scheme>, version: &str) -> Verdict {
    Candidate::new(scheme, version).against(affected)
}

/// The version of a component, parsed once and held against many entries.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    scheme: Option<Scheme>,
    text: &'a str,
    subject: Option<Subject<'a>>,
    skeleton: Option<Skeleton<'a>>,
}

impl<'a> Candidate<'a> {
    /// Prepares a version. A text that cannot be read, has no digit at all (`latest`, `${version}`) or is
    /// empty (no version is known) is kept: it still matches by `versions` lists and by ranges that hold
    /// every version.
    pub fn new(scheme: Option<Scheme>, text: &'a str) -> Candidate<'a> {
        let subject = scheme.and_then(|scheme| Subject::read(scheme, text));
        let skeleton = scheme.and_then(|scheme| Skeleton::of(scheme, text));
        Candidate { scheme, text, subject, skeleton }
    }

    /// The version, where it could be read.
    pub fn version(&self) -> Option<&Version<'a>> {
        self.subject.as_ref().map(|subject| &subject.full)
    }

    /// The scheme it was read by.
    pub fn scheme(&self) -> Option<Scheme> {
        self.scheme
    }

    /// The text as given.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// What an entry says of this version.
    pub fn against(&self, affected: &Affected) -> Verdict {
        if affected.versions.iter().any(|listed| listed == self.text) {
            return Verdict::Affected;
        }
        let mut unknown = None;
        let mut judged = false;
        for range in affected.ranges.iter().filter(|range| range.kind != RangeKind::Git) {
            judged = true;
            match self.in_range(range) {
                Verdict::Affected => return Verdict::Affected,
                Verdict::NotAffected => {}
                Verdict::Unknown(reason) => unknown = unknown.or(Some(reason)),
            }
        }
        if self.equals_a_listed(&affected.versions) {
            return Verdict::Affected;
        }
        match unknown {
            Some(reason) => Verdict::Unknown(reason),
            None if judged => Verdict::NotAffected,
            None if affected.versions.is_empty() && affected.ranges.is_empty() => {
                Verdict::Unknown(UnknownReason::NothingToCompare)
            }
            None if affected.versions.is_empty() => Verdict::Unknown(UnknownReason::GitOnly),
            // The list is complete, but only a text that looks like a version can be missing from it.
            None if !looks_like_version(self.text) => Verdict::Unknown(UnknownReason::VersionUnreadable),
            None => Verdict::NotAffected,
        }
    }

    /// Whether the list holds this version in another spelling.
    fn equals_a_listed(&self, versions: &[String]) -> bool {
        let (Some(scheme), Some(subject)) = (self.scheme, &self.subject) else { return false };
        versions.iter().any(|listed| {
            // A local label among the digits: only the comparison itself can leave it out.
            let worth_reading = match (&self.skeleton, Skeleton::of(scheme, listed)) {
                (Some(own), Some(other)) if subject.public.is_none() => own.matches(&other),
                _ => true,
            };
            worth_reading && Version::read(scheme, listed).is_some_and(|listed| subject.cmp(&listed).is_eq())
        })
    }

    fn in_range(&self, range: &Range) -> Verdict {
        if range.events.len() > MAX_EVENTS_PER_RANGE {
            return Verdict::Unknown(UnknownReason::TooManyEvents);
        }
        if holds_every_version(range) {
            return Verdict::Affected;
        }
        let scheme = match (range.kind, self.scheme) {
            (RangeKind::Git, _) => return Verdict::Unknown(UnknownReason::GitOnly),
            (RangeKind::Semver, Some(scheme)) if scheme.is_semver() => scheme,
            (RangeKind::Semver, _) => Scheme::SemVer,
            (RangeKind::Ecosystem, Some(scheme)) => scheme,
            (RangeKind::Ecosystem, None) => return Verdict::Unknown(UnknownReason::NoOrder),
        };
        let other_reading;
        let subject = if Some(scheme) == self.scheme {
            self.subject.as_ref()
        } else {
            other_reading = Subject::read(scheme, self.text);
            other_reading.as_ref()
        };
        match subject {
            Some(subject) => subject.in_events(scheme, &range.events),
            None => Verdict::Unknown(UnknownReason::VersionUnreadable),
        }
    }
}

/// A version without any digit is a name for something that moves, not a point on the line of versions.
fn looks_like_version(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a range says "all versions": it begins at `0` and nothing ends it.
fn holds_every_version(range: &Range) -> bool {
    let mut from_the_start = false;
    for event in &range.events {
        match event {
            Event::Introduced(at) => from_the_start |= at == "0",
            Event::Limit(at) if at == "*" => {}
            _ => return false,
        }
    }
    from_the_start
}

/// A version that events are compared with.
#[derive(Debug, Clone)]
struct Subject<'a> {
    full: Version<'a>,
    /// Without its PEP 440 local label, where it has one.
    public: Option<Version<'a>>,
}

/// Whether fewer than three numbers are followed by a suffix (`6.9-vendor3`). No registry gives such a version; to fill
/// it up to `6.9.0-vendor3` would make a vendor's rebuild a pre-release, and let it fall between ranges.
fn is_short_with_suffix(text: &str) -> bool {
    text.split_once('-').is_some_and(|(numbers, _)| numbers.split('.').count() < 3)
}

/// A change on the line of versions.
struct Change<'a> {
    /// Where; `None` is before every version.
    at: Option<Version<'a>>,
    kind: ChangeKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ChangeKind {
    Introduced,
    Fixed,
    LastAffected,
}

impl<'a> Subject<'a> {
    fn read(scheme: Scheme, text: &'a str) -> Option<Subject<'a>> {
        let full = looks_like_version(text).then(|| Version::read(scheme, text)).flatten()?;
        if matches!(scheme, Scheme::SemVer | Scheme::Npm) && is_short_with_suffix(text) {
            return None;
        }
        let public = full.public();
        Some(Subject { full, public })
    }

    fn cmp(&self, other: &Version<'_>) -> Ordering {
        match &self.public {
            Some(public) if !other.is_local() => public.cmp(other),
            _ => self.full.cmp(other),
        }
    }

    fn in_events(&self, scheme: Scheme, events: &[Event]) -> Verdict {
        let mut last = Changes::default();
        let mut limits = false;
        let mut before_a_limit = false;
        let mut begins_somewhere = false;
        let mut uncertain = self.full.is_legacy();
        for event in events {
            let (text, kind) = match event {
                Event::Introduced(at) => (at, Some(ChangeKind::Introduced)),
                Event::Fixed(at) => (at, Some(ChangeKind::Fixed)),
                Event::LastAffected(at) => (at, Some(ChangeKind::LastAffected)),
                Event::Limit(at) => (at, None),
            };
            begins_somewhere |= kind == Some(ChangeKind::Introduced);
            let at = match (kind, text.as_str()) {
                (Some(ChangeKind::Introduced), "0") => None,
                (None, "*") => {
                    (limits, before_a_limit) = (true, true);
                    continue;
                }
                _ => match Version::read(scheme, text) {
                    None => return Verdict::Unknown(UnknownReason::EventUnreadable),
                    version => version,
                },
            };
            uncertain |= at.as_ref().is_some_and(Version::is_legacy);
            let order = at.as_ref().map_or(Ordering::Greater, |at| self.cmp(at));
            match kind {
                Some(kind) if order.is_ge() => last.add(Change { at, kind }, order),
                Some(_) => {}
                None => {
                    limits = true;
                    before_a_limit |= order.is_lt();
                }
            }
        }
        let before_all = last.at.is_none() && !last.begins;
        let affected =
            (!limits || before_a_limit) && !before_all && last.decide().unwrap_or_else(|| self.walk(scheme, events));
        match affected {
            true => Verdict::Affected,
            false if uncertain => Verdict::Unknown(UnknownReason::LegacyVersion),
            false if begins_somewhere || last.ends => Verdict::NotAffected,
            false => Verdict::Unknown(UnknownReason::NoIntroduced),
        }
    }

    /// Walks all changes in the order of their versions up to this one: for events whose last change alone
    /// does not decide. All events have been read before.
    #[cold]
    fn walk(&self, scheme: Scheme, events: &[Event]) -> bool {
        let mut changes: Vec<Change<'_>> = events
            .iter()
            .filter_map(|event| match event {
                Event::Introduced(at) if at == "0" => Some(Change { at: None, kind: ChangeKind::Introduced }),
                Event::Introduced(at) => Some(Change { at: Version::read(scheme, at), kind: ChangeKind::Introduced }),
                Event::Fixed(at) => Some(Change { at: Version::read(scheme, at), kind: ChangeKind::Fixed }),
                Event::LastAffected(at) => {
                    Some(Change { at: Version::read(scheme, at), kind: ChangeKind::LastAffected })
                }
                Event::Limit(_) => None,
            })
            .collect();
        changes.sort_by(|a, b| a.at.cmp(&b.at));
        let mut affected = false;
        for group in changes.chunk_by(|a, b| a.at == b.at) {
            let mut same = Changes::default();
            for Change { at, kind } in group {
                let order = at.as_ref().map_or(Ordering::Greater, |at| self.cmp(at));
                if order.is_lt() {
                    return affected;
                }
                same.add(Change { at: None, kind: *kind }, order);
            }
            affected = same.decide().unwrap_or(affected);
        }
        affected
    }
}

/// The changes at one version that is not above the subject.
#[derive(Default)]
struct Changes<'a> {
    at: Option<Version<'a>>,
    begins: bool,
    ends: bool,
}

impl<'a> Changes<'a> {
    /// Adds a change: a later one replaces those before it. `order` is that of the subject to the change.
    fn add(&mut self, change: Change<'a>, order: Ordering) {
        match change.at.cmp(&self.at) {
            Ordering::Less => return,
            Ordering::Equal => {}
            Ordering::Greater => *self = Changes { at: change.at, ..Changes::default() },
        }
        match change.kind {
            ChangeKind::Introduced => self.begins = true,
            ChangeKind::Fixed => self.ends = true,
            ChangeKind::LastAffected => self.ends |= order.is_gt(),
        }
    }

    /// Whether versions from here on are affected; `None` where that is as it was before. A range that ends
    /// and begins at one version goes on if it was open and is empty if it was not.
    fn decide(&self) -> Option<bool> {
        (self.begins != self.ends).then_some(self.begins)
    }
}

#[cfg(test)]
mod tests;
