//! Every file of a tree that may hold text, for those who look into contents.
//!
//! Passed over, and counted: what other people wrote and a package manager put there (`node_modules`, virtual
//! environments, build folders that carry `CACHEDIR.TAG`), the inside of `.git`, and on the running machine the folders
//! of its distribution. Links are not followed: what they lead to is read at its own place or is not of this tree.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder, WalkState};
use yata_model::Problem;

use crate::{Control, Options, Progress, names, read, walk};

/// Every how many files the progress is told.
const PROGRESS_EVERY_FILES: u64 = 64;

/// One opened file.
#[derive(Debug)]
pub struct TextFile<'a> {
    /// The opened file.
    pub file: File,
    /// Its path.
    pub path: &'a Path,
    /// Its path relative to the root, with `/` separators; see [`crate::relative_name`].
    pub name: String,
    /// Its length in bytes when it was opened.
    pub length: u64,
}

/// What came of a walk over the texts of a tree.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// Files that were handed out.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What could not be opened, sorted.
    pub problems: Vec<Problem>,
    /// Folders that were passed over, relative to the root, sorted; the first thousand.
    pub passed_over: Vec<String>,
    /// How many there were.
    pub passed_over_count: u64,
    /// Whether the caller ended the run early.
    pub cancelled: bool,
}

/// How many folders that were passed over are named.
pub(crate) const PASSED_OVER_MAX: usize = 1000;

/// Opens every file under `root` (or `root` itself, where it is a file) and hands it to `visit`, on several threads.
pub fn texts(
    root: &Path,
    options: &Options,
    control: &Control<'_>,
    visit: &(dyn Fn(TextFile<'_>) -> Vec<Problem> + Sync),
) -> Texts {
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).follow_links(false).threads(walk::threads(options));
    if options.gitignore {
        builder.git_ignore(true).git_exclude(true).parents(true).require_git(false);
    }
    let is_machine = root == Path::new("/");
    let passed_over: Arc<Mutex<Vec<String>>> = Arc::default();
    let passed_over_count: Arc<AtomicU64> = Arc::default();
    let (names_of, count_of, base) = (Arc::clone(&passed_over), Arc::clone(&passed_over_count), root.to_owned());
    builder.filter_entry(move |entry| {
        let ours = is_ours(entry, is_machine);
        if !ours && entry.file_name() != ".git" {
            count_of.fetch_add(1, Ordering::Relaxed);
            let mut names = names_of.lock().unwrap_or_else(PoisonError::into_inner);
            if names.len() < PASSED_OVER_MAX {
                names.push(names::relative_name(entry.path().strip_prefix(&base).unwrap_or(entry.path())));
            }
        }
        ours
    });
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let problems: Mutex<Vec<Problem>> = Mutex::default();
    let report = |found: Vec<Problem>| {
        if !found.is_empty() {
            problems.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    };
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            if control.cancelled() {
                return WalkState::Quit;
            }
            // What cannot be listed is a problem of the walk over the inventories already.
            let Ok(entry) = entry else { return WalkState::Continue };
            if !entry.file_type().is_some_and(|kind| kind.is_file()) {
                return WalkState::Continue;
            }
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
            // A root that is a file has no path below itself.
            let name = if relative.as_os_str().is_empty() { Path::new(entry.file_name()) } else { relative };
            let name = names::relative_name(name);
            match open(entry.path(), name.clone()) {
                Ok(file) => {
                    let seen = files.fetch_add(1, Ordering::Relaxed) + 1;
                    let read = bytes.fetch_add(file.length, Ordering::Relaxed) + file.length;
                    report(visit(file));
                    if let (0, Some(progress)) = (seen % PROGRESS_EVERY_FILES, control.progress) {
                        progress(Progress {
                            files_seen: seen,
                            files_read: seen,
                            files_to_read: None,
                            bytes_read: read,
                        });
                    }
                }
                Err(error) => report(vec![read::problem_of(&error, &name)]),
            }
            WalkState::Continue
        })
    });
    let mut problems = problems.into_inner().unwrap_or_else(PoisonError::into_inner);
    problems.sort_by(|a, b| (&a.subject, a.kind, &a.message.id).cmp(&(&b.subject, b.kind, &b.message.id)));
    let mut passed_over = std::mem::take(&mut *passed_over.lock().unwrap_or_else(PoisonError::into_inner));
    passed_over.sort();
    Texts {
        files: files.into_inner(),
        bytes: bytes.into_inner(),
        problems,
        passed_over,
        passed_over_count: passed_over_count.load(Ordering::Relaxed),
        cancelled: control.cancelled(),
    }
}

fn open(path: &Path, name: String) -> std::io::Result<TextFile<'_>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok(TextFile { file, path, name, length })
}

/// Whether a folder carries the Cache Directory Tagging Specification's signature.
fn is_cache(folder: &Path) -> bool {
    const SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";
    let mut head = Vec::new();
    let Ok(tag) = File::open(folder.join("CACHEDIR.TAG")) else { return false };
    tag.take(SIGNATURE.len() as u64).read_to_end(&mut head).is_ok() && head == SIGNATURE
}

/// Whether a folder holds what the organisation wrote, as far as its name and its marks tell.
fn is_ours(entry: &DirEntry, is_machine: bool) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let Some(name) = entry.file_name().to_str() else { return true };
    if is_machine && entry.depth() == 1 {
        return !matches!(
            name,
            "proc" | "sys" | "dev" | "run" | "usr" | "lib" | "lib64" | "bin" | "sbin" | "boot" | "snap"
        );
    }
    if is_machine && (entry.path().starts_with("/var/lib") || entry.path().starts_with("/var/cache")) {
        return false;
    }
    match name {
        ".git" | "node_modules" | "site-packages" | "dist-packages" | "__pycache__" => false,
        // Build folders of Cargo and others.
        _ => !is_cache(entry.path()) && !entry.path().join("pyvenv.cfg").is_file(),
    }
}
