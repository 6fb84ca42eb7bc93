//! Where agents keep what decides about them: one table that the reader of disks follows and the audit understands.
//!
//! The facts are in `docs/agents/scopes.md`.

mod table;

use crate::agent::{Agent, Scope};
use crate::glob;
use crate::machine::{self, File};
use crate::read::Format;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Settings; those of one agent and one [`Place::unit`] are merged over the scopes.
    Settings,
    /// MCP servers and nothing else.
    Servers,
    /// Hooks and nothing else.
    Hooks,
    /// Permission rules in a file of their own.
    Rules,
    /// `SKILL.md`.
    Skill,
    /// Another file in a skill's folder.
    SkillFile,
    /// A command that a person calls by name.
    Command,
    /// A sub-agent.
    Subagent,
    /// The manifest of a plugin or extension.
    Plugin,
    /// A list of plugins.
    Marketplace,
    /// Instructions for the model: `CLAUDE.md`, `AGENTS.md` and the like.
    Instructions,
    /// The tools of an MCP server as it declares them.
    Tools,
    /// A script that a hook runs.
    Script,
    /// A shell profile, `.env` or service file, which may set variables that move settings.
    Profile,
    /// `.gitignore`.
    Ignore,
    /// The hashes of what was approved.
    Pins,
}

impl Role {
    /// The name that checks use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Servers => "servers",
            Self::Hooks => "hooks",
            Self::Rules => "rules",
            Self::Skill => "skill",
            Self::SkillFile => "skill-file",
            Self::Command => "command",
            Self::Subagent => "subagent",
            Self::Plugin => "plugin",
            Self::Marketplace => "marketplace",
            Self::Instructions => "instructions",
            Self::Tools => "tools",
            Self::Script => "script",
            Self::Profile => "profile",
            Self::Ignore => "ignore",
            Self::Pins => "pins",
        }
    }
}

/// A place where an agent looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The agent; where several read the same file, the one that the file is named after, or the first.
    pub agent: Agent,
    /// Whose word it has.
    pub scope: Scope,
    /// What it is for.
    pub role: Role,
    /// Which settings belong together; `settings` for most.
    pub unit: &'static str,
    /// How it is written.
    pub format: Format,
    /// Where: `~/…` in the home directory, `/…` or `C:/…` on the machine, else from the root of a repository. `*` is any
    /// text within a part of the path, `**` any number of parts.
    pub pattern: &'static str,
}

/// The unit of what is published for agents, as a skill in a folder of its own or the manifest of a server's tools, and
/// which no agent reads where it lies. A name is not enough for some of it: see [`Place::wants_plugin`] and
/// [`Place::wants_tools`].
pub const PUBLISHED: &str = "published";

impl Place {
    /// Whether it is for what is published.
    #[must_use]
    pub fn published(&self) -> bool {
        self.unit == PUBLISHED
    }

    /// Whether a file is one of these only in the folder of a plugin: `commands/x.md` may be anything.
    #[must_use]
    pub fn wants_plugin(&self) -> bool {
        self.published() && self.scope == Scope::Plugin
    }

    /// Whether a file is one of these only where it declares tools: `mcp/x.json` may be anything.
    #[must_use]
    pub fn wants_tools(&self) -> bool {
        self.published() && self.role == Role::Tools
    }
}

/// What lies beside a published skill, in its folder.
pub(crate) static BESIDE_SKILL: Place = Place {
    agent: Agent::ClaudeCode,
    scope: Scope::Project,
    role: Role::SkillFile,
    unit: PUBLISHED,
    format: Format::Lines,
    pattern: "",
};

/// Every place, in the order in which they are tried: the first that fits a file says what it is.
#[must_use]
pub fn places() -> &'static [Place] {
    table::PLACES
}

/// What a file is, by its path.
#[must_use]
pub fn place_of(file: &File) -> Option<&'static Place> {
    let home = machine::is_home(&file.path);
    let absolute = machine::is_absolute(&file.path);
    let same_root = |pattern: &str| machine::is_home(pattern) == home && machine::is_absolute(pattern) == absolute;
    table::PLACES.iter().find(|place| same_root(place.pattern) && glob::path(place.pattern, &file.path))
}
