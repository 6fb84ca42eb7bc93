//! What a tool call of a coding agent would do.
//!
//! [`understand`] takes a call as the agent sends it (`Bash`, `Read`, `mcp__server__tool` …) and gives the acts it would amount to:
//! commands, files read and written, addresses asked, tools called, packages installed, each with its [`Traits`]. A shell command
//! is parsed and followed by an interpreter over its tree that computes words as far as they are known; what cannot be told before it runs carries
//! [`Traits::NOT_UNDERSTOOD`]. Nothing is run and nothing is read: facts from the disk come in through [`World`].

mod args;
mod arithmetic;
mod braces;
mod code;
mod configs;
mod could;
mod expand;
mod files;
mod follow;
mod functions;
mod hidden;
mod inbound;
mod indexes;
mod limits;
mod locks;
mod lookalikes;
mod machine;
mod manifests;
mod mcp;
mod mcp_names;
mod mcp_texts;
mod net;
mod notebooks;
mod output;
mod parameters;
mod path;
mod pattern;
mod pipelines;
mod programs;
mod recipes;
mod redirects;
mod secret_tables;
mod secrets;
mod shell;
mod simple;
mod sql;
mod state;
mod targets;
mod tool_kinds;
mod tools;
mod traits;
mod value;
mod ways;
mod written;
mod yaml;

use serde_json::Value as Json;

pub use could::could_reach;
pub use inbound::brings_in;
pub use secrets::is_secret_path;
pub use targets::is_agent_settings_path;
pub use traits::Traits;

/// A call of a tool as an agent announces it.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The tool's name, as the agent spells it (`Bash`, `run_shell_command`, `mcp__github__create_issue`).
    pub tool: &'a str,
    /// The tool's input.
    pub input: &'a Json,
}

/// Where a call happens. Paths are absolute, in the spelling of the machine.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The person's home.
    pub home: &'a str,
    /// The folder in which a command would run.
    pub cwd: &'a str,
    /// The root of the repository.
    pub project: &'a str,
    /// What is known of the disk.
    pub world: &'a dyn World,
    /// Whether the agent can go on typing into what runs, unseen: then what reads its program from standard input, and
    /// has none yet, is not understood.
    pub typed_into: bool,
}

impl<'a> Place<'a> {
    /// A place of which nothing on disk is known.
    pub fn new(home: &'a str, cwd: &'a str, project: &'a str) -> Self {
        Self { home, cwd, project, world: &Unseen, typed_into: false }
    }
}

/// Facts from the disk. The default knows nothing.
pub trait World {
    /// Where a link at `path` (absolute) leads, absolute, if it is one.
    fn link(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// The text of a small file at `path` (absolute) that is about to run or to be followed.
    fn text(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// The text, or the beginning of it, of a file at `path` (absolute) in which managers of packages are told, or note, from
    /// where packages come; none where the session itself has written it.
    fn settings(&self, path: &str) -> Option<String> {
        self.text(path)
    }

    /// Whether a file at `path` (absolute) may be a script whose text cannot be had: it is too large, or too many were asked for.
    fn is_unreadable_script(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// The repository that git finds from a folder (absolute), or the folder itself where it is one without a working tree.
    fn repository(&self, folder: &str) -> Option<Repository> {
        let _ = folder;
        None
    }
}

/// What a repository makes git run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repository {
    /// The folder in which git runs it, absolute.
    pub root: String,
    /// Keys and values of its configuration, in their order, with included files: section and key in small letters, a subsection as it
    /// stands (`alias.st`, `remote.Origin.url`).
    pub settings: Vec<(String, String)>,
    /// The programs in its folder of hooks.
    pub hooks: Vec<Hook>,
}

/// A hook of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hook {
    /// Its name (`pre-commit`).
    pub name: String,
    /// Its file, absolute.
    pub path: String,
    /// It was there before the agent began: of what it does only what is plainly harmful counts, not what cannot be told.
    pub is_trusted: bool,
}

/// A world of which nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unseen;

impl World for Unseen {}

/// What kind of act: the actions of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActKind {
    /// A program runs.
    RunCommand,
    /// A file is read.
    ReadFile,
    /// A file is written, moved, changed or removed.
    WriteFile,
    /// An address is asked, or something is sent to it.
    FetchUrl,
    /// A tool of an MCP server, or of the agent itself.
    CallTool,
    /// A package is installed.
    InstallPackage,
}

impl ActKind {
    /// The name of the action in the policy.
    pub fn name(self) -> &'static str {
        match self {
            Self::RunCommand => "run_command",
            Self::ReadFile => "read_file",
            Self::WriteFile => "write_file",
            Self::FetchUrl => "fetch_url",
            Self::CallTool => "call_tool",
            Self::InstallPackage => "install_package",
        }
    }
}

/// One thing that the call would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What kind.
    pub kind: ActKind,
    /// On what: the command's words, the absolute path, the address, the package.
    pub target: String,
    /// The program or tool that does it, without its folder.
    pub program: String,
    /// What is remarkable about it; empty for an everyday act.
    pub traits: Traits,
    /// Why it has its traits: a short English phrase, empty without traits. [`Traits::messages`] names the texts for a person.
    pub why: &'static str,
    /// The bytes of the command's text from which it comes (first, behind the last), where there is one.
    pub span: Option<(u32, u32)>,
}

/// What a call would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// The acts, in the order in which they would happen, each once.
    pub acts: Vec<Act>,
}

impl Understood {
    /// The traits of all acts together.
    pub fn traits(&self) -> Traits {
        self.acts.iter().fold(Traits::NONE, |all, act| all | act.traits)
    }
}

/// What the call would do at that place. Never fails: what cannot be read or told is an act that says so.
pub fn understand(call: &Call<'_>, place: &Place<'_>) -> Understood {
    tools::understand(call, place)
}
