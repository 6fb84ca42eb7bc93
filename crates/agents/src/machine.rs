//! What the crate is given: files with what the disk says of them, and what is known of the machine.

use crate::agent::Agent;
use crate::managed::IssuedFile;

/// A machine, or a repository alone, as far as its coding agents go.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The home directory as the system writes it (`/home/dev`); empty where only a repository is looked at.
    pub home: String,
    /// The system.
    pub os: Os,
    /// Whether the inventory says that an organisation manages the machine.
    pub managed: bool,
    /// The files, each once per place: a file of the home directory, the system or a repository.
    pub files: Vec<File>,
    /// The agents whose programs or extensions were found.
    pub installed: Vec<Installed>,
    /// Where managed settings come from, besides files: `server`, `mdm`.
    pub managed_sources: Vec<String>,
    /// The names of the registered MCP servers, where the organisation has a register.
    pub registered_servers: Option<Vec<String>>,
    /// The managed settings that the organisation issued, where the machine is to be compared with them.
    pub issued: Vec<IssuedFile>,
    /// The day, `2026-11-20`, for what has to be looked at again; none where it is not to be asked.
    pub today: Option<String>,
}

/// The system, which decides where things are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Os {
    /// Linux, WSL and the like.
    #[default]
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

impl Os {
    /// The name that checks use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Macos => "macos",
            Self::Windows => "windows",
        }
    }
}

/// A program or extension of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// The agent's name, as of [`Agent::name`].
    pub agent: String,
    /// Its version, where known.
    pub version: String,
    /// The extension's id, where it is one.
    pub extension: String,
}

/// A file, or a link, that was found at a place that [`crate::places`] names.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// How its place is written, with `/`: `~/…` in the home directory, `/…` or `C:/…` on the machine, else relative to
    /// [`File::project`].
    pub path: String,
    /// The root of the repository, where the file is in one; empty for one that is looked at alone.
    pub project: String,
    /// What it holds; empty where it cannot be read, or is a link to a folder.
    pub bytes: Vec<u8>,
    /// Why it could not be read.
    pub unreadable: bool,
    /// The owner's name.
    pub owner: Option<String>,
    /// The permission bits.
    pub mode: Option<u32>,
    /// Whether a folder above it, up to the root of its scope, may be written by somebody else than its owner.
    pub folder_writable: bool,
    /// The target of the link, as written, where it is one.
    pub link: Option<String>,
    /// Whether git tracks it; none where there is no repository.
    pub tracked: Option<bool>,
    /// Whether git ignores it; none where that is not known.
    pub ignored: Option<bool>,
}

impl File {
    /// Whether the place is in a repository.
    #[must_use]
    pub fn in_project(&self) -> bool {
        !is_home(&self.path) && !is_absolute(&self.path)
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// The folder, without a slash at its end.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl Machine {
    /// Whether an agent's program or extension was found.
    #[must_use]
    pub fn has(&self, agent: Agent) -> bool {
        self.installed.iter().any(|installed| installed.agent == agent.name())
    }
}

/// Whether a path begins at the home directory.
#[must_use]
pub(crate) fn is_home(path: &str) -> bool {
    path == "~" || path.starts_with("~/")
}

/// Whether a path begins at the root of a disk.
#[must_use]
pub(crate) fn is_absolute(path: &str) -> bool {
    let mut chars = path.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('/'), ..) => true,
        (Some(letter), Some(':'), Some('/' | '\\')) => letter.is_ascii_alphabetic(),
        _ => false,
    }
}
