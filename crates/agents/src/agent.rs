//! Which agents there are, and whose word a file has.

/// A coding agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    /// Anthropic's Claude Code.
    ClaudeCode,
    /// OpenAI's Codex CLI.
    Codex,
    /// Cursor, editor and CLI.
    Cursor,
    /// GitHub Copilot CLI.
    Copilot,
    /// GitHub Copilot in VS Code.
    CopilotVscode,
    /// Google's Gemini CLI.
    GeminiCli,
    /// Google's Antigravity, CLI and editor.
    Antigravity,
    /// Windsurf's Cascade.
    Windsurf,
    /// Devin CLI and Devin Desktop.
    Devin,
    /// Cline.
    Cline,
    /// Roo Code.
    RooCode,
    /// Zed's agent.
    Zed,
    /// Continue.
    Continue,
    /// opencode.
    Opencode,
    /// Amazon Q Developer CLI.
    AmazonQ,
    /// Kiro, CLI and editor.
    Kiro,
}

/// Every agent with the name that checks, policies and the command line use.
const NAMES: [(Agent, &str); 16] = [
    (Agent::ClaudeCode, "claude-code"),
    (Agent::Codex, "codex"),
    (Agent::Cursor, "cursor"),
    (Agent::Copilot, "copilot"),
    (Agent::CopilotVscode, "copilot-vscode"),
    (Agent::GeminiCli, "gemini-cli"),
    (Agent::Antigravity, "antigravity"),
    (Agent::Windsurf, "windsurf"),
    (Agent::Devin, "devin"),
    (Agent::Cline, "cline"),
    (Agent::RooCode, "roo-code"),
    (Agent::Zed, "zed"),
    (Agent::Continue, "continue"),
    (Agent::Opencode, "opencode"),
    (Agent::AmazonQ, "amazon-q"),
    (Agent::Kiro, "kiro"),
];

impl Agent {
    /// Every agent.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(agent, _)| *agent)
    }

    /// Its name: `claude-code`.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(agent, _)| *agent == self).map_or("", |(_, name)| name)
    }

    /// The agent of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(agent, _)| *agent)
    }
}

/// Whose word a file has, from the weakest to the strongest of most agents; the order of an agent is in `effective`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Defaults of the machine that the user may change.
    System,
    /// The user's own files.
    User,
    /// A plugin or extension.
    Plugin,
    /// A repository's files, which everyone who opens it gets.
    Project,
    /// One person's files in a repository.
    Local,
    /// What the organisation sets, which the user may not change.
    Managed,
}

impl Scope {
    /// The name that checks use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Plugin => "plugin",
            Self::Project => "project",
            Self::Local => "local",
            Self::Managed => "managed",
        }
    }

    /// Whether it belongs to a repository.
    #[must_use]
    pub const fn of_project(self) -> bool {
        matches!(self, Self::Project | Self::Local)
    }
}
