//! The pseudo-code of the OSV schema ("Evaluation"), step by step.

use crate::order::{At, Line};
use crate::records::{Edge, Entry};

/// What an entry, a record or a group says of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Says {
    NotAffected,
    /// It cannot be told; the ids of the texts that may explain it.
    Unknown(Vec<&'static str>),
    Affected,
}

impl Says {
    /// The stronger of two.
    pub(crate) fn or(self, other: Says) -> Says {
        match (self, other) {
            (Says::Affected, _) | (_, Says::Affected) => Says::Affected,
            (Says::Unknown(mut a), Says::Unknown(b)) => {
                a.extend(b);
                Says::Unknown(a)
            }
            (Says::NotAffected, other) | (other, Says::NotAffected) => other,
        }
    }
}

/// A version to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Asked<'a> {
    Version(&'a str),
    /// The component pins no version.
    NotPinned,
}

/// The order of events at one version, which the schema leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ties {
    /// As the record has them.
    AsWritten,
    /// First what ends, then what begins: a range that ends and begins at one version goes on.
    GoOn,
}

/// An entry with its versions in their places.
pub(crate) struct Placed<'r> {
    entry: &'r Entry,
    listed: Vec<(&'r str, Option<At>)>,
    /// Events in their order.
    ranges: Vec<Vec<(Edge, Where)>>,
}

#[derive(Clone, Copy)]
enum Where {
    BeforeAll,
    At(At),
    /// `*` of a limit.
    BehindAll,
}

impl<'r> Placed<'r> {
    pub(crate) fn new(entry: &'r Entry, line: &Line, ties: Ties) -> Placed<'r> {
        let place = |(edge, text): &(Edge, String)| {
            let place = match (edge, text.as_str()) {
                (Edge::Introduced, "0") => Where::BeforeAll,
                (Edge::Limit, "*") => Where::BehindAll,
                _ => Where::At(line.at(text).unwrap_or_else(|| panic!("`{text}` is not a version"))),
            };
            (*edge, place)
        };
        let sorted = |range: &Vec<(Edge, String)>| {
            let mut events: Vec<(Edge, Where)> = range.iter().map(place).collect();
            events.sort_by_key(|(edge, place)| {
                let begins = ties == Ties::GoOn && *edge == Edge::Introduced;
                match place {
                    Where::BeforeAll => (0, 0, begins),
                    Where::At(at) => (1, at.rank(), begins),
                    Where::BehindAll => (2, 0, begins),
                }
            });
            events
        };
        Placed {
            entry,
            listed: entry.versions.iter().map(|text| (text.as_str(), line.at(text))).collect(),
            ranges: entry.ranges.iter().map(sorted).collect(),
        }
    }

    pub(crate) fn says(&self, asked: Asked<'_>, line: &Line) -> Says {
        // Beyond the pseudo-code: an erratum of a module stream says nothing of a package outside modules.
        let modular = |text: &str| text.contains(".module_");
        let of_module = self.entry.ranges.iter().flatten().any(|(edge, at)| *edge == Edge::Fixed && modular(at));
        match asked {
            Asked::Version(text) if of_module && !modular(text) => Says::NotAffected,
            Asked::Version(text) => self.of_version(text, line.at(text)),
            Asked::NotPinned if self.entry.ranges.iter().any(|range| holds_everything(range)) => Says::Affected,
            Asked::NotPinned => Says::Unknown(vec!["unknown-not-pinned"]),
        }
    }

    fn of_version(&self, text: &str, at: Option<At>) -> Says {
        let is_same = |place: At| at.is_some_and(|at| at.cmp(place).is_eq());
        if self.listed.iter().any(|(listed, place)| *listed == text || place.is_some_and(is_same)) {
            return Says::Affected;
        }
        let mut says = match (self.entry.versions.is_empty(), self.entry.ranges.is_empty(), self.entry.commits) {
            (true, true, true) => Says::Unknown(vec!["unknown-git-only"]),
            (true, true, false) => Says::Unknown(vec!["unknown-nothing-to-compare"]),
            _ => Says::NotAffected,
        };
        for range in &self.ranges {
            let at = at.unwrap_or_else(|| panic!("`{text}` is not a version"));
            says = says.or(in_range(range, at));
        }
        says
    }
}

fn in_range(events: &[(Edge, Where)], at: At) -> Says {
    let reached = |place: &Where| match place {
        Where::BeforeAll => true,
        Where::At(event) => at.cmp(*event).is_ge(),
        Where::BehindAll => false,
    };
    let passed = |place: &Where| matches!(place, Where::At(event) if at.cmp(*event).is_gt());
    let mut vulnerable = false;
    for (edge, place) in events {
        match edge {
            Edge::Introduced if reached(place) => vulnerable = true,
            Edge::Fixed if reached(place) => vulnerable = false,
            Edge::LastAffected if passed(place) => vulnerable = false,
            _ => {}
        }
    }
    let mut limits = events.iter().filter(|(edge, _)| *edge == Edge::Limit).peekable();
    let before_limits = limits.peek().is_none() || limits.any(|(_, place)| !reached(place));
    let uncertain = at.legacy || events.iter().any(|(_, place)| matches!(place, Where::At(event) if event.legacy));
    match vulnerable && before_limits {
        true => Says::Affected,
        // Only a convention says that it is outside: nobody is to be told that it is safe.
        false if uncertain => Says::Unknown(vec!["unknown-legacy-version"]),
        false => Says::NotAffected,
    }
}

/// Begins before every version, and nothing ends it.
fn holds_everything(range: &[(Edge, String)]) -> bool {
    range.iter().all(|(edge, at)| *edge == Edge::Introduced && at == "0")
}
