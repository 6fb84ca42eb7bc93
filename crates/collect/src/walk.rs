//! The walk over the tree: names only, nothing is opened.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use yata_formats::inventory;
use yata_model::{Message, Problem, ProblemKind};

use crate::{Control, DEPTH_MAX_FOLDERS, Options, Progress, Wanted, agents, names, read, select};

/// Every how many files the progress is told.
const PROGRESS_EVERY_FILES: u64 = 1000;
/// The most threads that a walk uses.
const THREADS_MAX: usize = 16;

/// What the walk found.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) repositories: Vec<String>,
    pub(crate) agent_files: Vec<String>,
    pub(crate) host_folders: BTreeSet<String>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) files_seen: u64,
}

/// How many threads to use.
pub(crate) fn threads(options: &Options) -> usize {
    let asked = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    };
    asked.clamp(1, THREADS_MAX)
}

/// Walks the tree under a resolved root.
pub(crate) fn walk(root: &Path, options: &Options, control: &Control<'_>) -> Walked {
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).follow_links(false).threads(threads(options));
    if options.gitignore {
        builder.git_ignore(true).git_exclude(true).parents(true).require_git(false);
    }
    let shared = Shared {
        root,
        control,
        names_only: options.names_only,
        is_machine: root == Path::new("/"),
        files_seen: AtomicU64::new(0),
        all: Mutex::default(),
    };
    builder.build_parallel().visit(&mut Builder { shared: &shared });
    let mut walked = shared.all.into_inner().unwrap_or_else(PoisonError::into_inner);
    walked.files_seen = shared.files_seen.into_inner();
    walked.repositories.sort();
    walked.repositories.dedup();
    walked.agent_files.sort();
    // The root itself may be a host without any package database that is read here.
    walked.host_folders.insert(String::new());
    walked
}

struct Shared<'a> {
    root: &'a Path,
    control: &'a Control<'a>,
    names_only: bool,
    /// Whether the root is that of the running machine.
    is_machine: bool,
    files_seen: AtomicU64,
    all: Mutex<Walked>,
}

struct Builder<'s> {
    shared: &'s Shared<'s>,
}

impl<'s> ParallelVisitorBuilder<'s> for Builder<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor { shared: self.shared, own: Walked::default() })
    }
}

/// Gathers on its own thread and hands over once, at its end.
struct Visitor<'s> {
    shared: &'s Shared<'s>,
    own: Walked,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.own);
        let mut all = self.shared.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.wanted.extend(own.wanted);
        all.repositories.extend(own.repositories);
        all.agent_files.extend(own.agent_files);
        all.host_folders.extend(own.host_folders);
        all.problems.extend(own.problems);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.shared.control.cancelled() {
            return WalkState::Quit;
        }
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => {
                let problem = problem_of_walk(&error, self.shared.root);
                self.own.problems.push(problem);
                WalkState::Continue
            }
        }
    }
}

impl Visitor<'_> {
    fn name(&self, path: &Path) -> String {
        names::relative_name(path.strip_prefix(self.shared.root).unwrap_or(path))
    }

    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        let is_git = entry.depth() > 0 && entry.file_name() == ".git";
        if is_git && !kind.is_symlink() {
            let folder = entry.path().parent().map(|parent| self.name(parent)).unwrap_or_default();
            self.own.repositories.push(folder);
            return WalkState::Skip;
        }
        if kind.is_dir() {
            return self.folder(entry);
        }
        let seen = self.shared.files_seen.fetch_add(1, Ordering::Relaxed) + 1;
        if let (0, Some(progress)) = (seen % PROGRESS_EVERY_FILES, self.shared.control.progress) {
            progress(Progress { files_seen: seen, ..Progress::default() });
        }
        // The root of the machine ends with its slash; others have none.
        let root_bytes = if self.shared.is_machine { 0 } else { self.shared.root.as_os_str().len() };
        if agents::may_be_place(entry.path(), entry.file_name().as_encoded_bytes(), root_bytes) {
            self.agent_file(entry.path());
        }
        if self.shared.names_only {
            return WalkState::Continue;
        }
        // Nearly all files end here, before anything is allocated for them.
        let by_package_name = entry.path().parent().is_some_and(|folder| folder.ends_with("status.d"));
        if !by_package_name && entry.file_name().to_str().is_some_and(|name| !may_be_inventory(name)) {
            return WalkState::Continue;
        }
        self.file(entry.path(), kind.is_file(), kind.is_symlink());
        WalkState::Continue
    }

    /// Notes what may be a place of an agent. A name that is no text is none; packages of other people are passed over.
    fn agent_file(&mut self, path: &Path) {
        let inside = path.strip_prefix(self.shared.root).unwrap_or(path);
        if inside.to_str().is_some() {
            let name = names::relative_name(inside);
            if !select::in_node_modules(&name) && !name.contains("/site-packages/") {
                self.own.agent_files.push(name);
            }
        }
    }

    fn folder(&mut self, entry: &DirEntry) -> WalkState {
        let pseudo = ["proc", "sys", "dev", "run"];
        let name = entry.file_name();
        if self.shared.is_machine && entry.depth() == 1 && pseudo.iter().any(|pseudo| name == *pseudo) {
            return WalkState::Skip;
        }
        if entry.depth() >= DEPTH_MAX_FOLDERS {
            let name = self.name(entry.path());
            let message =
                Message::new("problem-folder-too-deep").with("file", name.as_str()).with("limit", DEPTH_MAX_FOLDERS);
            self.own.problems.push(Problem::new(ProblemKind::TooLarge, name, message));
            return WalkState::Skip;
        }
        WalkState::Continue
    }

    fn file(&mut self, path: &Path, is_file: bool, is_symlink: bool) {
        let name = self.name(path);
        let format = inventory::format_of_path(&name).filter(|format| select::counts(&name, format.name));
        let unsupported = inventory::unsupported(&name).filter(|_| !select::in_node_modules(&name));
        if format.is_none() && unsupported.is_none() {
            return;
        }
        if is_symlink {
            self.own.problems.extend(problem_of_link(path, &name, self.shared.root));
            return;
        }
        if !is_file {
            self.own.problems.push(read::special_file(&name));
            return;
        }
        if let Some(folder) = inventory::host_root(&name) {
            self.own.host_folders.insert(folder.trim_end_matches('/').to_owned());
        }
        match (format, unsupported) {
            (Some(format), _) => self.own.wanted.push(Wanted { path: path.to_owned(), name, format }),
            (None, Some(unsupported)) => {
                self.own.problems.push(select::unsupported_problem(&name, unsupported));
            }
            (None, None) => {}
        }
    }
}

/// A quick look at a file name alone: may say yes to a file that no format wants, never no to one that some format
/// wants (but for `status.d`, where files are named after packages).
fn may_be_inventory(file: &str) -> bool {
    let bytes = file.as_bytes();
    let source_endings: [&[u8]; 16] = [
        b".rs", b".js", b".ts", b".py", b".c", b".h", b".go", b".java", b".md", b".html", b".css", b".png", b".map",
        b".pyc", b".so", b".o",
    ];
    !source_endings.iter().any(|ending| bytes.ends_with(ending))
}

/// A link with the name of an inventory: harmless where its target is in the tree, because that is read at its own
/// place; otherwise something is missing from the result.
fn problem_of_link(path: &Path, name: &str, root: &Path) -> Option<Problem> {
    match path.canonicalize() {
        Ok(target) if target.starts_with(root) => None,
        Ok(_) => {
            let message = Message::new("problem-link-out-of-tree").with("file", name);
            Some(Problem::new(ProblemKind::Unreadable, name, message))
        }
        Err(_) => {
            let message = Message::new("problem-link-broken").with("file", name);
            Some(Problem::new(ProblemKind::Unreadable, name, message))
        }
    }
}

/// A folder that could not be listed, or an entry that could not be looked at.
fn problem_of_walk(error: &ignore::Error, root: &Path) -> Problem {
    let path = path_of(error).unwrap_or_else(|| root.to_owned());
    let name = names::relative_name(path.strip_prefix(root).unwrap_or(&path));
    match error.io_error() {
        Some(io) => read::problem_of(io, &name),
        None => read::problem_of(&io::Error::other(error.to_string()), &name),
    }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_may_not_be_listed_is_a_problem_of_its_name() {
        let error = ignore::Error::WithDepth {
            depth: 2,
            err: Box::new(ignore::Error::WithPath {
                path: "/r/a/b".into(),
                err: Box::new(ignore::Error::Io(io::ErrorKind::PermissionDenied.into())),
            }),
        };
        let problem = problem_of_walk(&error, Path::new("/r"));
        assert_eq!((problem.subject.as_str(), problem.message.id.as_str()), ("a/b", "problem-not-permitted"));
    }

    #[test]
    fn the_quick_look_never_misses_a_name() {
        for name in ["Cargo.lock", "METADATA", "status", "x.spdx.json", "requirements.txt", "go.mod", "pom.xml"] {
            assert!(may_be_inventory(name), "{name}");
        }
        assert!(!may_be_inventory("main.rs"));
    }
}
