//! The class of data that a text deserves by what it contains.

use crate::{Class, Confidence, Hit, Severity};

/// A class of data that AI may be given, by where it may be kept.
///
/// Source: JNSA, "AI security basics for CISOs", ①-B "classes of data with AI in mind".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataClass {
    /// No law or contract asks for protection.
    General,
    /// A law or contract asks for protection, and allows the cloud.
    Protected,
    /// A law or contract forbids the cloud; credentials count here.
    Restricted,
}

impl DataClass {
    /// Its word in machine formats.
    pub fn word(self) -> &'static str {
        match self {
            DataClass::General => "general",
            DataClass::Protected => "protected",
            DataClass::Restricted => "restricted",
        }
    }
}

/// The class that a text with these hits deserves: the highest that one of them asks for. A hit that is only possible
/// asks for nothing by itself.
pub fn deserves(hits: &[Hit]) -> DataClass {
    hits.iter().filter(|hit| hit.confidence > Confidence::Possible).map(asks_for).max().unwrap_or(DataClass::General)
}

/// Credentials must not leave at all. Of personal data and markings the rule's severity decides: `critical` is what a
/// law or the highest marking keeps in the house (My Number, 極秘), `low` what is made to be public.
fn asks_for(hit: &Hit) -> DataClass {
    match (hit.rule.class, hit.rule.severity) {
        (Class::Secret, Severity::Low) => DataClass::Protected,
        (Class::Secret, _) | (Class::Personal | Class::Marking, Severity::Critical) => DataClass::Restricted,
        (Class::Personal, _) | (Class::Marking, Severity::Medium | Severity::High) => DataClass::Protected,
        (Class::Marking, Severity::Low) | (Class::Injection, _) => DataClass::General,
    }
}
