//! The places of the system and of a home directory, looked up one by one; nothing else is listed there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use yata_agents::{File, Os, place_of, places};
use yata_model::{Message, Problem, ProblemKind};

use crate::read;

/// The most entries that are listed below one place.
const ENTRIES_MAX: usize = 50_000;
/// The deepest nesting below one place.
const DEPTH_MAX_FOLDERS: usize = 24;
/// Folders that are passed over below a place: what package managers and git put there.
const PASSED_OVER: [&str; 4] = ["node_modules", ".git", "site-packages", "__pycache__"];

/// Files by the name that places give them (without `~/`), and where they are.
#[derive(Default)]
pub(super) struct Found {
    pub(super) files: BTreeMap<String, PathBuf>,
    pub(super) problems: Vec<Problem>,
}

/// What is at the places of the system.
pub(super) fn of_system(root: &Path, os: Os) -> Found {
    let mut found = Found::default();
    for pattern in places().iter().map(|place| place.pattern) {
        let (is_windows, is_mac) = (pattern.starts_with("C:/"), pattern.starts_with("/Library/"));
        let fits = match os {
            Os::Windows => is_windows,
            Os::Macos => is_mac || pattern.starts_with("/etc/"),
            Os::Linux => pattern.starts_with('/') && !is_mac,
        };
        if !fits {
            continue;
        }
        let (drive, bare) = if is_windows { ("C:/", pattern.get(3..)) } else { ("/", pattern.get(1..)) };
        let mut look = Finder { base: root, scope: root, drive, entries: 0, found: &mut found };
        look.pattern(bare.unwrap_or_default());
    }
    found
}

/// What is at the places of a home directory.
pub(super) fn of_home(home: &Path) -> Found {
    let mut found = Found::default();
    for pattern in places().iter().filter_map(|place| place.pattern.strip_prefix("~/")) {
        let mut look = Finder { base: home, scope: home, drive: "", entries: 0, found: &mut found };
        look.pattern(pattern);
    }
    found
}

struct Finder<'a> {
    base: &'a Path,
    /// Links to folders are followed in here only.
    scope: &'a Path,
    /// What stands before a name to make it the path of a place.
    drive: &'static str,
    entries: usize,
    found: &'a mut Found,
}

impl Finder<'_> {
    fn pattern(&mut self, pattern: &str) {
        let parts: Vec<&str> = pattern.split('/').collect();
        let literal = parts.iter().position(|part| part.contains('*')).unwrap_or(parts.len());
        let prefix = parts.get(..literal).unwrap_or_default().join("/");
        let path = self.base.join(&prefix);
        if literal == parts.len() {
            self.one(&prefix, path);
            return;
        }
        let deep = parts.get(literal..).is_some_and(|rest| rest.len() > 1 || rest.contains(&"**"));
        self.folder(&prefix, &path, if deep { DEPTH_MAX_FOLDERS } else { 0 });
    }

    /// A file that may be there.
    fn one(&mut self, name: &str, path: PathBuf) {
        match path.symlink_metadata() {
            Ok(metadata) if !metadata.is_dir() => self.keep(name, path),
            Ok(_) => {}
            Err(error) => self.missing(name, &error),
        }
    }

    fn keep(&mut self, name: &str, path: PathBuf) {
        let name = format!("{}{name}", self.drive);
        let shown = if self.drive.is_empty() { format!("~/{name}") } else { name.clone() };
        if place_of(&File { path: shown, ..File::default() }).is_some() {
            self.found.files.entry(name).or_insert(path);
        }
    }

    fn shown(&self, name: &str) -> String {
        if self.drive.is_empty() { format!("~/{name}") } else { format!("{}{name}", self.drive) }
    }

    /// Nothing there is the usual case; not being allowed to look is a gap.
    fn missing(&mut self, name: &str, error: &std::io::Error) {
        let absent = [std::io::ErrorKind::NotFound, std::io::ErrorKind::NotADirectory];
        if !absent.contains(&error.kind()) {
            let problem = read::problem_of(error, &self.shown(name));
            if !self.found.problems.contains(&problem) {
                self.found.problems.push(problem);
            }
        }
    }

    fn folder(&mut self, name: &str, path: &Path, depth: usize) {
        let resolved = match path.canonicalize() {
            Ok(resolved) => resolved,
            Err(error) => return self.missing(name, &error),
        };
        let within = self.scope.canonicalize().is_ok_and(|scope| resolved.starts_with(scope));
        if !within {
            let shown = self.shown(name);
            let message = Message::new("problem-link-out-of-tree").with("file", shown.as_str());
            self.found.problems.push(Problem::new(ProblemKind::Unreadable, shown, message));
            return;
        }
        let list = match std::fs::read_dir(&resolved) {
            Ok(list) => list,
            Err(error) => return self.missing(name, &error),
        };
        let mut entries: Vec<std::fs::DirEntry> = list.flatten().take(ENTRIES_MAX).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            self.entries = self.entries.saturating_add(1);
            if self.entries > ENTRIES_MAX {
                let shown = self.shown(name);
                let message = Message::new("agents-problem-too-many").with("limit", ENTRIES_MAX);
                self.found.problems.push(Problem::new(ProblemKind::TooLarge, shown, message));
                return;
            }
            let file_name = entry.file_name();
            // A name that is no text is no place: patterns are texts.
            let (Some(file_name), Ok(kind)) = (file_name.to_str(), entry.file_type()) else { continue };
            let inside = if name.is_empty() { file_name.to_owned() } else { format!("{name}/{file_name}") };
            if !kind.is_dir() {
                self.keep(&inside, entry.path());
            } else if depth > 0 && !PASSED_OVER.contains(&file_name) {
                self.folder(&inside, &entry.path(), depth - 1);
            }
        }
    }
}
