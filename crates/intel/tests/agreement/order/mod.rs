//! Versions in the order of their ecosystems, read and compared without the product's own code.

mod pep440;
mod rpm;
mod semantic;

use std::cmp::Ordering;
use std::collections::HashMap;

pub(crate) use pep440::{Modern, Python};
pub(crate) use rpm::Rpm;
pub(crate) use semantic::Semantic;

/// A version that can be compared with others of its ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    Semantic(Semantic),
    Python(Python),
    Rpm(Rpm),
}

impl Key {
    pub(crate) fn read(ecosystem: &str, text: &str) -> Option<Key> {
        match ecosystem.split(':').next().unwrap() {
            "crates.io" | "Go" | "npm" => Semantic::read(text).map(Key::Semantic),
            "PyPI" => Some(Key::Python(Python::read(text))),
            "AlmaLinux" => Some(Key::Rpm(Rpm::read(text))),
            other => panic!("the order of `{other}` is not known here"),
        }
    }

    fn cmp(&self, other: &Key) -> Ordering {
        match (self, other) {
            (Key::Semantic(a), Key::Semantic(b)) => a.cmp(b),
            (Key::Python(a), Key::Python(b)) => a.cmp(b),
            (Key::Rpm(a), Key::Rpm(b)) => a.cmp(b),
            _ => panic!("versions of two ecosystems"),
        }
    }

    fn without_local(&self) -> Option<Key> {
        match self {
            Key::Python(version) => version.without_local().map(Key::Python),
            _ => None,
        }
    }
}

/// The place of a version among all of its package's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    rank: usize,
    /// Its rank without its PEP 440 local label, where it has one.
    public: Option<usize>,
    /// Whether it is from before PEP 440: where it belongs is a convention of old tools.
    pub(crate) legacy: bool,
}

impl At {
    /// PEP 440, "Version matching": a local label is left out where the other side has none.
    pub(crate) fn cmp(self, other: At) -> Ordering {
        match (self.public, other.public) {
            (Some(public), None) => public.cmp(&other.rank),
            _ => self.rank.cmp(&other.rank),
        }
    }

    /// The order without that rule, which is total.
    pub(crate) fn rank(self) -> usize {
        self.rank
    }
}

/// All versions of a package in their order. A text that is not a version has no place.
pub(crate) struct Line {
    places: HashMap<String, At>,
}

impl Line {
    pub(crate) fn new<'a>(ecosystem: &str, texts: impl Iterator<Item = &'a str>) -> Line {
        let mut keys: Vec<(Key, String, bool)> = Vec::new();
        for text in texts {
            if let Some(key) = Key::read(ecosystem, text) {
                keys.extend(key.without_local().map(|public| (public, text.to_owned(), true)));
                keys.push((key, text.to_owned(), false));
            }
        }
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        let mut places: HashMap<String, At> = HashMap::new();
        let mut publics: HashMap<String, usize> = HashMap::new();
        for (rank, equal) in keys.chunk_by(|a, b| a.0.cmp(&b.0).is_eq()).enumerate() {
            for (key, text, public) in equal {
                if *public {
                    publics.insert(text.clone(), rank);
                } else {
                    let legacy = matches!(key, Key::Python(Python::Legacy(_)));
                    places.insert(text.clone(), At { rank, public: None, legacy });
                }
            }
        }
        for (text, rank) in publics {
            places.get_mut(&text).unwrap().public = Some(rank);
        }
        Line { places }
    }

    pub(crate) fn at(&self, text: &str) -> Option<At> {
        self.places.get(text).copied()
    }
}
