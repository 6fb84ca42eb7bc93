//! Problems: what could not be read or checked. A problem is an outcome, never silence.

use serde::{Deserialize, Serialize};

use crate::Message;

/// What went wrong, for filters and waivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A file or folder could not be opened or read.
    Unreadable,
    /// A file could not be parsed at all.
    Unparsable,
    /// One entry of a file could not be understood; the rest was.
    BadEntry,
    /// A limit of Yata's own was reached.
    TooLarge,
    /// A source of intelligence is missing, empty, truncated or too old.
    SourceUnchecked,
    /// The estate file names something that does not exist here.
    Estate,
    /// A component has no version that could be compared.
    VersionUnknown,
}

/// One thing that could not be checked, with its place and what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// What went wrong.
    pub kind: ProblemKind,
    /// The file, folder or source: a path relative to the assessed root, or the name of a feed.
    /// A waiver names this.
    pub subject: String,
    /// 1-based line, where known.
    pub line: Option<u32>,
    /// What happened and what to do, in words.
    pub message: Message,
    /// Whether the user waived it by name; a waived problem does not change the exit code.
    #[serde(default)]
    pub waived: bool,
}

impl Problem {
    /// A problem that nobody has waived.
    pub fn new(kind: ProblemKind, subject: impl Into<String>, message: Message) -> Self {
        Problem { kind, subject: subject.into(), line: None, message, waived: false }
    }

    /// The same problem at a line.
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// Whether it leaves the answer incomplete, unless it is waived. A version that cannot be compared does not: it is
    /// a finding of its own, at its worst case.
    pub fn is_gap(&self) -> bool {
        self.kind != ProblemKind::VersionUnknown
    }
}
