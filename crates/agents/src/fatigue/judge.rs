//! Which calls are safe to let run unasked: only what reads, says nothing secret and sends nothing out.

use crate::fatigue::ToolCall;

/// What a call can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// Nothing that somebody must be asked about.
    Safe,
    /// Nobody can tell.
    Unknown,
    /// Harm.
    Bad,
}

/// The longest command that is taken for safe, in bytes: longer ones hide things.
const SAFE_MAX_BYTES: usize = 160;
/// The longest word: a longer one may be a credential.
const WORD_MAX_BYTES: usize = 60;

/// Programs, with a sub-command where they have one, that only read and say nothing secret, whatever their arguments.
pub(super) const WILD: [&str; 15] = [
    "ls",
    "pwd",
    "wc",
    "which",
    "whoami",
    "uname",
    "nproc",
    "df",
    "du",
    "basename",
    "dirname",
    "git status",
    "docker ps",
    "docker images",
    "pip list",
];
/// Of these only the very call is safe: other arguments may do more.
const EXACT: [&str; 8] = [
    "cargo tree",
    "npm ls",
    "git branch --show-current",
    "git rev-parse HEAD",
    "git remote -v",
    "git stash list",
    "rustup show",
    "cargo --version",
];

/// The predicate that is used where no better one is at hand: what a short list of read-only programs does is safe, and
/// nothing else. Never says that something is bad: the rules of [`super::DENY`] do.
#[must_use]
pub fn read_only(call: &ToolCall) -> Danger {
    if call.is_shell() && simple(&call.main) && (wild(&call.main).is_some() || exact(&call.main)) {
        Danger::Safe
    } else {
        Danger::Unknown
    }
}

/// Whether a command is one program with plain arguments: nothing that a shell would do something with.
pub(super) fn simple(command: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '/' | '-' | ',' | ':' | '@' | '+');
    !command.is_empty()
        && command.len() <= SAFE_MAX_BYTES
        && command.chars().all(plain)
        && command.split(' ').all(|word| word.len() <= WORD_MAX_BYTES)
}

/// The program of [`WILD`] that a command runs.
pub(super) fn wild(command: &str) -> Option<&'static str> {
    WILD.into_iter()
        .find(|program| command.strip_prefix(program).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

fn exact(command: &str) -> bool {
    let version = |rest: &str| !rest.contains(['/', ' ']) && !rest.is_empty();
    EXACT.contains(&command) || command.strip_suffix(" --version").is_some_and(version)
}
