//! What the disk and the history say of the apps of a folder.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use yata_agents::apps::{App, AppFacts, CONTROLS, CommitFacts, Detected, Detection, FoundApp, meets};
use yata_history::Repository;
use yata_model::{Message, Problem, ProblemKind};

use super::{Registered, relative};
use crate::assess::history_problem;

/// The most files that are looked at, how deep folders are, and the bytes of a file's head.
const FILES_MAX: usize = 50_000;
const DEPTH_MAX: usize = 32;
const HEAD_MAX_BYTES: u64 = 4_096;
/// The most commits of a repository that are looked at, the newest first.
const COMMITS_MAX: usize = 50_000;
/// Folders that hold what others made.
const OTHERS: [&str; 9] =
    [".git", "node_modules", "target", "vendor", ".venv", "venv", "__pycache__", "dist", "third_party"];

/// What was looked at.
pub(super) struct Looked<'a> {
    pub(super) apps: Vec<(&'a App, AppFacts)>,
    pub(super) found: Vec<FoundApp>,
    /// What could not be read, with the folder of the system that it is about, as the register names it.
    pub(super) problems: Vec<(String, Problem)>,
}

/// The root of the repository that a folder is in.
pub(super) fn root_of(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).map(Path::to_owned)
}

/// The files of a tree, by folder, without what others made.
#[derive(Default)]
struct Tree {
    files: Vec<PathBuf>,
    /// Folders with a `.git` below the tree's root.
    repositories: Vec<PathBuf>,
    problems: Vec<Problem>,
}

impl Tree {
    fn walk(&mut self, folder: &Path, base: &Path, depth: usize) {
        let named = |path: &Path| relative(path, base).unwrap_or_default();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(_) => {
                let name = named(folder);
                let message = Message::new("app-problem-folder").with("folder", name.as_str());
                self.problems.push(Problem::new(ProblemKind::Unreadable, name, message));
                return;
            }
        };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            if name == ".git" && depth > 0 {
                self.repositories.push(folder.to_owned());
            }
            if kind.is_dir() {
                if OTHERS.iter().all(|other| name != *other) && depth < DEPTH_MAX {
                    self.walk(&path, base, depth + 1);
                }
            } else if kind.is_file() {
                if self.files.len() >= FILES_MAX {
                    if self.files.len() == FILES_MAX {
                        let message = Message::new("app-problem-many-files").with("limit", FILES_MAX);
                        self.problems.push(Problem::new(ProblemKind::TooLarge, named(base), message));
                    }
                    // One more than the limit: the problem is told once.
                    self.files.resize(FILES_MAX + 1, path);
                    return;
                }
                self.files.push(path);
            }
        }
    }
}

/// Looks at the apps of a register and at all systems of its folder; only at those in `scope`.
pub(super) fn look<'a>(registered: &'a Registered, scope: &Path) -> Looked<'a> {
    let base = &registered.base;
    let mut tree = Tree::default();
    tree.walk(scope, base, 0);
    let mut out = Looked { apps: Vec::new(), found: Vec::new(), problems: Vec::new() };
    for app in &registered.register.apps {
        let folder = base.join(&app.path);
        // A link could lead anywhere: only what is in the register's folder belongs to it.
        let folder = folder.canonicalize().ok().filter(|folder| folder.is_dir() && folder.starts_with(base));
        if folder.as_ref().is_some_and(|folder| !folder.starts_with(scope) && !scope.starts_with(folder)) {
            continue;
        }
        let mut problems = Vec::new();
        let facts = folder.map_or_else(AppFacts::default, |folder| AppFacts {
            present: true,
            files: shown(&folder),
            detected: detect(&folder, &app.path, &tree, &[], &mut problems),
        });
        out.problems.extend(problems.into_iter().map(|problem| (app.path.clone(), problem)));
        out.apps.push((app, facts));
    }
    let mut units = tree.repositories.clone();
    units.push(scope.to_owned());
    for unit in &units {
        let path = relative(unit, base).unwrap_or_else(|| ".".to_owned());
        let inner: Vec<PathBuf> =
            tree.repositories.iter().filter(|other| *other != unit && other.starts_with(unit)).cloned().collect();
        let mut problems = Vec::new();
        let detected = detect(unit, &path, &tree, &inner, &mut problems);
        // Folders that only hold repositories are no systems.
        if detected.files == 0 && detected.commits == 0 {
            continue;
        }
        // Whether an AI made it decides nothing where an entry speaks of it: that is judged by its own folder.
        if !registered.register.apps.iter().any(|app| meets(&app.path, &path)) {
            out.problems.extend(problems.into_iter().map(|problem| (path.clone(), problem)));
        }
        out.found.push(FoundApp { path, detected });
    }
    let whole = relative(scope, base).unwrap_or_else(|| ".".to_owned());
    out.problems.extend(tree.problems.drain(..).map(|problem| (whole.clone(), problem)));
    out.problems.sort_by(|(_, a), (_, b)| (&a.subject, &a.message.id).cmp(&(&b.subject, &b.message.id)));
    out.problems.dedup();
    out
}

/// The files of controls that are in a folder or in the root of its repository.
fn shown(folder: &Path) -> Vec<String> {
    let root = root_of(folder);
    let marks = CONTROLS.iter().flat_map(|control| control.shown_by);
    let there = |mark: &str| {
        let is = |folder: &Path| {
            let path = folder.join(mark);
            if mark.ends_with('/') {
                fs::read_dir(path).is_ok_and(|mut all| all.next().is_some())
            } else {
                path.is_file()
            }
        };
        is(folder) || root.as_deref().is_some_and(is)
    };
    marks.filter(|mark| there(mark)).map(|mark| (*mark).to_owned()).collect()
}

/// What history and files of a folder say; not of those in `without`.
fn detect(folder: &Path, name: &str, tree: &Tree, without: &[PathBuf], problems: &mut Vec<Problem>) -> Detected {
    let mut detection = Detection::default();
    let inside = |path: &&PathBuf| path.starts_with(folder) && !without.iter().any(|other| path.starts_with(other));
    for path in tree.files.iter().filter(inside) {
        let Some(inner) = relative(path, folder) else { continue };
        let mut head = Vec::new();
        let read = fs::File::open(path).and_then(|file| file.take(HEAD_MAX_BYTES).read_to_end(&mut head));
        if read.is_err() {
            let message = Message::new("app-problem-file").with("file", inner.as_str());
            problems.push(Problem::new(ProblemKind::Unreadable, inner.as_str(), message));
        }
        detection.file(&inner, &head);
    }
    let mut commits = 0_usize;
    if let Some(root) = root_of(folder)
        && let Some(path) = relative(folder, &root)
        && let Ok(repository) = Repository::open(&root)
    {
        let path = if path == "." { String::new() } else { path };
        let log = yata_history::log(&repository, path.as_bytes(), COMMITS_MAX, &mut |one| {
            let id: String = one.commit.id.to_string().chars().take(12).collect();
            detection.commit(&CommitFacts {
                id: &id,
                author: &one.commit.author,
                email: &one.commit.email,
                committer_email: &one.committer_email,
                message: &one.message,
                seconds: one.commit.commit_seconds,
            });
        });
        commits = log.commits;
        problems.extend(log.problems.iter().map(|problem| history_problem(problem, name)));
    }
    if commits == 0 {
        let message = Message::new("app-problem-no-history").with("folder", name);
        problems.push(Problem::new(ProblemKind::Unreadable, name, message));
    }
    detection.finish()
}
