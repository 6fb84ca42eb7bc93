//! Weaknesses of a configuration: a setting, a rule or an instruction that lets more happen than it should.

use serde::{Deserialize, Serialize};

use crate::{Author, Confidence, Occurrence, RuleSeverity};

/// A weakness of a configuration. What it means and how it is mended is said by the check that the finding's rule names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Misconfiguration {
    /// The product whose configuration it is (`claude-code`); empty where it is the machine's.
    pub product: String,
    /// Whose word the configuration has: `managed`, `system`, `user`, `plugin`, `project`, `local`.
    pub layer: String,
    /// What stands there, on one line, secrets replaced; empty where something is missing.
    pub evidence: String,
    /// Some bits of a hash of place and evidence: the id rests on it, so that it survives line moves.
    pub digest: String,
    /// How bad the check says it is.
    pub severity: RuleSeverity,
    /// How sure the check is.
    pub confidence: Confidence,
    /// Whether Yata can write the edit that mends it.
    pub fixable: bool,
    /// Who owns the file, where the system says.
    pub owner: Option<String>,
    /// Who changed the line last, where the repository knows.
    pub author: Option<Author>,
    /// Where it stands; never empty, but for what the machine as a whole lacks.
    pub occurrences: Vec<Occurrence>,
}
