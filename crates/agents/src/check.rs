//! The checks as `build.rs` took them from `checks/`.

use crate::audit::Sight;
use crate::tree::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A weakness that needs others to matter.
    Low,
    /// A weakness.
    Medium,
    /// A way in.
    High,
    /// A way in that needs nothing else.
    Critical,
}

impl Severity {
    /// The name in machine formats.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How sure a check is when it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A sign.
    Low,
    /// Likely.
    Medium,
    /// Certain.
    High,
}

impl Confidence {
    /// The name in machine formats.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What a check says to a person, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts {
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// What an edit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Gives a key a value, whether it is there or not.
    Set,
    /// Takes a key, or an element, out.
    Remove,
    /// Puts values into a list that lack in it.
    Add,
    /// Puts another value in the place of an element.
    Replace,
    /// Puts another piece in the place of the last such piece of an element's text.
    Swap,
}

/// An edit of the file that a finding names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mend {
    /// What it does.
    pub deed: Deed,
    /// Where: keys with dots, as conditions write them; `it` is the element that fired, `subject` the subject itself.
    pub path: &'static str,
    /// The value, as JSON; empty for [`Deed::Remove`].
    pub value: &'static str,
}

/// A function in Rust for what the language of conditions cannot say: the places where the check fires.
pub(crate) type Code = fn(&Sight<'_, '_>) -> Vec<Span>;

/// A check.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// `agents.claude.bypass-mode`.
    pub id: &'static str,
    /// The agents that it is for, by name; none for all.
    pub agents: &'static [&'static str],
    /// The kind of subject that it looks at.
    pub subject: &'static str,
    /// The scopes that it looks at; none for all.
    pub scopes: &'static [&'static str],
    /// The units that it looks at; none for all.
    pub units: &'static [&'static str],
    /// The roles of files that it looks at; none for all.
    pub roles: &'static [&'static str],
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// When it fires.
    pub when: &'static str,
    /// Whose elements it looks at one by one.
    pub each: &'static [&'static str],
    /// The place of the finding: the first of these that is there.
    pub at: &'static [&'static str],
    /// The function in its place.
    pub(crate) code: Option<Code>,
    /// The edits that mend it.
    pub mends: &'static [Mend],
    /// Where the facts are from.
    pub source: &'static str,
    /// Whether key and behaviour were seen at the vendor: `yes`, `part`, `no`.
    pub verified: &'static str,
    /// OWASP Top 10 for LLM Applications 2025.
    pub owasp_llm: &'static [&'static str],
    /// OWASP Top 10 for Agentic Applications 2026.
    pub owasp_agentic: &'static [&'static str],
    /// OWASP MCP Top 10 2025.
    pub owasp_mcp: &'static [&'static str],
    /// MITRE ATLAS.
    pub atlas: &'static [&'static str],
    /// Ids of the list of controls that it restates.
    pub controls: &'static [&'static str],
    /// English.
    pub en: Texts,
    /// Japanese.
    pub ja: Texts,
}

/// Every check, sorted by id.
#[must_use]
pub fn checks() -> &'static [Check] {
    include!(concat!(env!("OUT_DIR"), "/checks.rs"))
}

/// The check of an id.
#[must_use]
pub fn check(id: &str) -> Option<&'static Check> {
    checks().iter().find(|check| check.id == id)
}
