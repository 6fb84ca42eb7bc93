//! Facts: every input of a decision says how it is known.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// A source that is fresh enough says so.
    Checked,
    /// Computed from another fact (for example from a CVSS vector).
    Derived,
    /// The source is older than its allowed age.
    Stale,
    /// No source says anything.
    Unknown,
}

/// A value with where it comes from, when that was said, and how far it can be trusted.
///
/// `value` is always the value that the decision uses. Where the standing is
/// [`Standing::Unknown`] or [`Standing::Stale`] it is the worst case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value used.
    pub value: T,
    /// How it is known.
    pub standing: Standing,
    /// Who says so: a feed, a file, a rule (for example `CISA KEV 2026.07.23`, `yata.toml`).
    pub source: String,
    /// The day the source said so.
    pub date: Option<Date>,
}

impl<T> Fact<T> {
    /// A fact that a fresh source states.
    pub fn checked(value: T, source: impl Into<String>, date: Option<Date>) -> Self {
        Fact { value, standing: Standing::Checked, source: source.into(), date }
    }

    /// A fact computed from another one.
    pub fn derived(value: T, source: impl Into<String>, date: Option<Date>) -> Self {
        Fact { value, standing: Standing::Derived, source: source.into(), date }
    }

    /// A fact that nobody states: `worst` is what the decision uses.
    pub fn unknown(worst: T, source: impl Into<String>) -> Self {
        Fact { value: worst, standing: Standing::Unknown, source: source.into(), date: None }
    }

    /// A fact whose source is too old: `worst` is what the decision uses.
    pub fn stale(worst: T, source: impl Into<String>, date: Option<Date>) -> Self {
        Fact { value: worst, standing: Standing::Stale, source: source.into(), date }
    }

    /// Whether the decision rests on a worst case instead of knowledge.
    pub fn is_assumed(&self) -> bool {
        matches!(self.standing, Standing::Unknown | Standing::Stale)
    }

    /// The same standing and source with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        Fact { value: f(self.value), standing: self.standing, source: self.source, date: self.date }
    }
}
