//! The agents whose hook protocol is spoken.

use std::fmt;

/// An agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    /// Claude Code.
    ClaudeCode,
    /// Codex CLI.
    Codex,
    /// Cursor.
    Cursor,
    /// Gemini CLI.
    Gemini,
    /// GitHub Copilot: CLI, cloud agent, VS Code.
    Copilot,
    /// Windsurf (Cascade).
    Windsurf,
    /// Devin CLI and Desktop.
    Devin,
    /// Antigravity CLI.
    Antigravity,
    /// Amazon Q CLI and its successor Kiro.
    AmazonQ,
}

impl Agent {
    /// All of them.
    pub const ALL: [Agent; 9] = [
        Agent::ClaudeCode,
        Agent::Codex,
        Agent::Cursor,
        Agent::Gemini,
        Agent::Copilot,
        Agent::Windsurf,
        Agent::Devin,
        Agent::Antigravity,
        Agent::AmazonQ,
    ];

    /// Its name on the command line and in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Agent::ClaudeCode => "claude-code",
            Agent::Codex => "codex",
            Agent::Cursor => "cursor",
            Agent::Gemini => "gemini-cli",
            Agent::Copilot => "copilot",
            Agent::Windsurf => "windsurf",
            Agent::Devin => "devin",
            Agent::Antigravity => "antigravity",
            Agent::AmazonQ => "amazon-q",
        }
    }

    /// The agent of a name; `claude`, `gemini` and `kiro` are understood too.
    #[must_use]
    pub fn of(name: &str) -> Option<Agent> {
        match name {
            "claude" => Some(Agent::ClaudeCode),
            "gemini" => Some(Agent::Gemini),
            "kiro" => Some(Agent::AmazonQ),
            _ => Agent::ALL.into_iter().find(|agent| agent.as_str() == name),
        }
    }

    /// Whether its hooks can have a person asked. For the others an ask is a refusal that says how to go on.
    #[must_use]
    pub fn can_ask(self) -> bool {
        matches!(self, Agent::ClaudeCode | Agent::Copilot | Agent::Antigravity)
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
