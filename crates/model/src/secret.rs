//! Credentials that were found, without their values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Occurrence;

/// How sure a rule is of what it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It looks like it.
    Possible,
    /// Structure or context says so.
    Likely,
    /// A checksum, or a structure that nothing else has.
    Certain,
}

/// For what a credential was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Production, by its own prefix.
    Live,
    /// Test or sandbox, by its own prefix.
    Test,
}

/// How bad a rule says that what it found is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleSeverity {
    /// Little.
    Low,
    /// Something.
    Medium,
    /// An account or data.
    High,
    /// Production, money or an organisation.
    Critical,
}

/// Who wrote a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Author {
    /// The name, as the commit has it.
    pub name: String,
    /// The e-mail address, as the commit has it.
    pub email: String,
}

/// A commit that brought the credential in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PastPlace {
    /// The commit's id, in hexadecimal; `None` for an object that no commit reaches.
    pub commit: Option<String>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// When it was written.
    pub at: Option<Timestamp>,
    /// The file, relative to the repository.
    pub file: String,
    /// 1-based line in that version of the file.
    pub line: Option<u32>,
    /// Whether that version of the file is still in the checked-out commit.
    pub present: bool,
}

/// A credential, without its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Secret {
    /// What may be shown of the value: its first and last characters.
    pub redacted: String,
    /// A keyed hash of the value, in hexadecimal: equal values of one data folder have equal hashes, and without the
    /// key nobody can try values against it.
    pub hash: String,
    /// A few bits of a hash without a key, bound to the rule: the same on every machine. Ids and
    /// baselines rest on it. It does not hide a weak password from somebody who tries guesses.
    pub digest: String,
    /// Who issued it.
    pub service: Option<String>,
    /// What it opens.
    pub severity: RuleSeverity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// For what it was issued, where its prefix says so.
    pub environment: Option<Environment>,
    /// Where it stands now, sorted.
    pub occurrences: Vec<Occurrence>,
    /// Who wrote the first of those lines, where the repository knows.
    pub author: Option<Author>,
    /// The commits that brought it in, the oldest first; empty where the history was not looked at.
    pub past: Vec<PastPlace>,
}

impl Secret {
    /// Whether it stands only in the history.
    pub fn is_past(&self) -> bool {
        self.occurrences.is_empty()
    }
}
