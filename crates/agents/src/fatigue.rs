//! Approval fatigue: how often an agent asked, how often a person said yes, and which rules would have spared the asking
//! or stopped what should not have run.
//!
//! [`Session`] reads the lines of one log; [`summarise`] counts over sessions. Logs of agents record calls and their
//! results, and not each question: that a call was asked about is worked out from the mode, the rules and the tool, so
//! the number of prompts is an estimate. A refusal is recorded, and certain.

mod judge;
mod session;
mod summary;

pub use judge::{Danger, read_only};
pub use session::{Broken, BrokenKind, CALLS_MAX, LINE_MAX_BYTES, Outcome, Session, ToolCall};
pub use summary::{DENY, Row, Suggestion, Summary, summarise};

/// Whose log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Log {
    /// A transcript of Claude Code: `~/.claude/projects/*/*.jsonl`.
    ClaudeCode,
    /// A rollout of Codex: `~/.codex/sessions/**/rollout-*.jsonl`.
    Codex,
}

impl Log {
    /// The agent's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
        }
    }
}
