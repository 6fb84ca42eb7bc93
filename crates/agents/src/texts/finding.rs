//! What is looked at, and what is found.

use std::ops::Range;

use yata_model::Message;

pub use crate::check::{Confidence, Severity};

/// What kind of thing an artefact is: it decides which checks apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A folder with a `SKILL.md`.
    Skill,
    /// Rule files of one repository or machine: `CLAUDE.md`, `AGENTS.md`, `.cursorrules` and the like.
    Rules,
    /// A file that describes a sub-agent.
    SubAgent,
    /// A file that a slash command expands to.
    Command,
    /// What an MCP server says of its tools: JSON as `tools/list` answers it.
    ToolManifest,
}

/// A file or link of an artefact.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path below the artefact's folder, with `/`.
    pub path: &'a str,
    /// Its content; empty for a link.
    pub bytes: &'a [u8],
    /// Where a symbolic link points, as it is written in the link.
    pub link: Option<&'a str>,
}

/// Something that a coding agent reads and follows.
#[derive(Debug, Clone, Copy)]
pub struct Artefact<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its name: of a skill the folder, of a manifest the server.
    pub name: &'a str,
    /// What it says that it does; where this is `None`, the front matter is asked.
    pub description: Option<&'a str>,
    /// Its files; of a skill all that lie in its folder, of rules the rule files below the repository's root.
    pub files: &'a [File<'a>],
}

/// One thing that is wrong with an artefact.
#[derive(Debug, Clone, PartialEq)]
pub struct TextFinding {
    /// The check, as in `docs/agents/checks.tsv`.
    pub check: &'static str,
    /// Checks that the same place violates as well.
    pub also: Vec<&'static str>,
    /// The path of the file within the artefact.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The place in bytes of the file.
    pub range: Range<usize>,
    /// What stands there, shortened; secrets are masked and characters that do not show are written out.
    pub evidence: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Why, in words.
    pub why: Message,
}

/// A file that was not looked into, or not wholly.
#[derive(Debug, Clone, PartialEq)]
pub struct Skipped {
    /// The path of the file within the artefact.
    pub file: String,
    /// Why, in words.
    pub why: Message,
}
