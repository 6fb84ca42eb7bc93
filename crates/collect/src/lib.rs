//! Walks trees and hosts and hands their files to formats.
//!
//! What is walked: every folder under the root, hidden ones included, in parallel. The list of exceptions is short:
//! - symbolic links are never followed, except the root itself, which is resolved once; a link with the name of an
//!   inventory that leads out of the tree is a problem;
//! - the inside of `.git` is not looked at; the folder that holds one is a repository;
//! - lockfiles inside `node_modules` describe how a dependency is developed, not what is installed, and are passed
//!   over; npm's own `node_modules/.package-lock.json` is read where the project has no lockfile beside it;
//! - where the root is `/`: `proc`, `sys`, `dev` and `run`;
//! - with [`Options::gitignore`]: what git ignores.
//!
//! Everything else that could not be read is a [`Problem`]. The result does not depend on the number of threads.

mod agents;
mod host;
mod names;
mod read;
mod select;
mod texts;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use yata_formats::inventory::{self, Format, Input, Parsed};
use yata_model::{Message, Problem, ProblemKind};

pub use agents::{AGENT_BYTES_MAX, AGENT_FILES_MAX, Look, Sight, machine};
pub use host::Host;
pub use names::relative_name;
pub use texts::{TextFile, Texts, texts};

/// The deepest nesting of folders that is walked.
pub const DEPTH_MAX_FOLDERS: usize = 256;
/// The most inventories that one run reads.
pub const INVENTORIES_MAX: usize = 1_000_000;

/// How to walk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to leave out what git ignores (`.gitignore`, `.git/info/exclude`).
    pub gitignore: bool,
    /// How many threads; 0 for as many as there are cores.
    pub threads: usize,
    /// Whether only repositories and places of agents are looked for, and no inventory.
    pub names_only: bool,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files seen so far.
    pub files_seen: u64,
    /// Inventories read so far.
    pub files_read: u64,
    /// Inventories to read; `None` while the tree is still being walked.
    pub files_to_read: Option<u64>,
    /// Bytes read so far.
    pub bytes_read: u64,
}

/// How the caller follows and ends a run.
#[derive(Default, Clone, Copy)]
pub struct Control<'a> {
    /// Called now and then, from any thread.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
    /// Set by the caller to end the run early.
    pub cancel: Option<&'a AtomicBool>,
}

impl Control<'_> {
    fn cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }
}

/// One inventory.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectedFile {
    /// Its path relative to the root, with `/` separators; see [`relative_name`].
    pub path: String,
    /// The name of its format.
    pub format: &'static str,
    /// What it says.
    pub parsed: Parsed,
}

/// Counts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Files seen.
    pub files_seen: u64,
    /// Bytes read.
    pub bytes_read: u64,
}

/// What was found under a root.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Collected {
    /// The inventories, sorted by path.
    pub files: Vec<CollectedFile>,
    /// Folders that hold a `.git`, relative to the root, sorted; the root itself is the empty string.
    pub repositories: Vec<String>,
    /// The roots of hosts, sorted by folder.
    pub hosts: Vec<Host>,
    /// Files and links whose names may be places of coding agents, relative to the root, sorted; see [`machine`].
    pub agent_files: Vec<String>,
    /// What could not be walked or read, sorted; what could not be parsed is with its file.
    pub problems: Vec<Problem>,
    /// Counts.
    pub stats: Stats,
    /// Whether the caller ended the run early: the result is a part.
    pub cancelled: bool,
}

/// A file to read.
#[derive(Debug, Clone)]
struct Wanted {
    path: PathBuf,
    name: String,
    format: &'static Format,
}

/// Reads everything under `root`: a folder, the root of a host, or one inventory.
///
/// Never fails as a whole: a root that cannot be read is a problem of the result.
pub fn collect(root: &Path, options: &Options, control: &Control<'_>) -> Collected {
    let shown = root.to_string_lossy().into_owned();
    let resolved = match root.canonicalize() {
        Ok(resolved) => resolved,
        Err(error) => return only_problem(read::problem_of(&error, &shown)),
    };
    match std::fs::metadata(&resolved) {
        Ok(metadata) if metadata.is_dir() => collect_folder(&resolved, options, control),
        Ok(metadata) if metadata.is_file() => collect_file(&resolved, root, control),
        Ok(_) => only_problem(read::special_file(&shown)),
        Err(error) => only_problem(read::problem_of(&error, &shown)),
    }
}

fn only_problem(problem: Problem) -> Collected {
    Collected { problems: vec![problem], ..Collected::default() }
}

fn collect_folder(root: &Path, options: &Options, control: &Control<'_>) -> Collected {
    let walked = walk::walk(root, options, control);
    let mut collected = Collected {
        repositories: walked.repositories,
        agent_files: walked.agent_files,
        problems: walked.problems,
        stats: Stats { files_seen: walked.files_seen, bytes_read: 0 },
        ..Collected::default()
    };
    let mut wanted = select::select(walked.wanted);
    if wanted.len() > INVENTORIES_MAX {
        let left_out = wanted.len() - INVENTORIES_MAX;
        wanted.truncate(INVENTORIES_MAX);
        let message =
            Message::new("problem-too-many-inventories").with("count", left_out).with("limit", INVENTORIES_MAX);
        collected.problems.push(Problem::new(ProblemKind::TooLarge, ".", message));
    }
    let host_folders = walked.host_folders;
    collected.hosts = host_folders.iter().filter_map(|folder| Host::read(root, folder)).collect();
    read_all(&wanted, options, control, &mut collected);
    collected.cancelled = control.cancelled();
    sort(&mut collected);
    collected
}

fn sort(collected: &mut Collected) {
    collected.files.sort_by(|a, b| a.path.cmp(&b.path));
    collected.problems.sort_by(|a, b| (&a.subject, a.kind, &a.message.id).cmp(&(&b.subject, b.kind, &b.message.id)));
}

/// Reads and parses the files on several threads.
fn read_all(wanted: &[Wanted], options: &Options, control: &Control<'_>, collected: &mut Collected) {
    let (next, read_files, read_bytes) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let outcomes: Mutex<(Vec<CollectedFile>, Vec<Problem>)> = Mutex::default();
    let files_seen = collected.stats.files_seen;
    let hosts = &collected.hosts;
    let work = || {
        while let (Some(file), false) = (wanted.get(next.fetch_add(1, Ordering::Relaxed)), control.cancelled()) {
            let outcome = read_one(file, hosts, &read_bytes);
            let files_read = read_files.fetch_add(1, Ordering::Relaxed) + 1;
            let mut outcomes = outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match outcome {
                Ok(file) => outcomes.0.push(file),
                Err(problem) => outcomes.1.push(problem),
            }
            drop(outcomes);
            if let Some(progress) = control.progress {
                progress(Progress {
                    files_seen,
                    files_read,
                    files_to_read: u64::try_from(wanted.len()).ok(),
                    bytes_read: read_bytes.load(Ordering::Relaxed),
                });
            }
        }
    };
    let threads = walk::threads(options).min(wanted.len().max(1));
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let (files, problems) = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    collected.files = files;
    collected.problems.extend(problems);
    collected.stats.bytes_read = read_bytes.into_inner();
}

fn read_one(wanted: &Wanted, hosts: &[Host], read_bytes: &AtomicU64) -> Result<CollectedFile, Problem> {
    let bytes = read::read(&wanted.path, &wanted.name, inventory::FILE_MAX_BYTES)?;
    read_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    Ok(parse(wanted, &bytes, hosts))
}

/// Parses a file with what stands around it.
fn parse(wanted: &Wanted, bytes: &[u8], hosts: &[Host]) -> CollectedFile {
    let folder = inventory::host_root(&wanted.name);
    let os = folder.and_then(|folder| hosts.iter().find(|host| host.folder == folder.trim_end_matches('/')));
    let companions: Vec<(&str, Vec<u8>)> = (wanted.format.companions.iter())
        .filter_map(|name| {
            let path = wanted.path.with_file_name(name);
            // A companion that cannot be read is reported at its own place.
            read::read(&path, name, inventory::FILE_MAX_BYTES).ok().map(|bytes| (*name, bytes))
        })
        .collect();
    let companions: Vec<(&str, &[u8])> = companions.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let input = Input { path: &wanted.name, bytes, os: os.and_then(|host| host.os.as_ref()), companions: &companions };
    let (mut format, mut parsed) = (wanted.format, (wanted.format.parse)(&input));
    // A name may promise one format and the content keep another: `sbom.json` may be SPDX.
    let is_other = parsed.problems.iter().any(|problem| problem.message.id == "problem-not-the-format");
    let by_content = is_other.then(|| inventory::format_of_content(bytes)).flatten();
    if let Some(other) = by_content.filter(|other| other.name != format.name) {
        (format, parsed) = (other, (other.parse)(&input));
    }
    CollectedFile { path: wanted.name.clone(), format: format.name, parsed }
}

/// One file as the root: its format is told by its name, else by its content.
fn collect_file(resolved: &Path, given: &Path, control: &Control<'_>) -> Collected {
    // The name that the user gave, not the one that a link leads to.
    let name = given.file_name().or_else(|| resolved.file_name()).map(Path::new).unwrap_or(given);
    let name = relative_name(name);
    // A path in full tells a package database from any other file called `status`.
    let full = relative_name(resolved);
    let by_name = inventory::format_of_path(&name).or_else(|| inventory::format_of_path(&full));
    if let (None, Some(unsupported)) = (by_name, inventory::unsupported(&name)) {
        return only_problem(select::unsupported_problem(&name, unsupported));
    }
    let bytes = match read::read(resolved, &name, inventory::FILE_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(problem) => return only_problem(problem),
    };
    let stats = Stats { files_seen: 1, bytes_read: bytes.len() as u64 };
    let Some(format) = by_name.or_else(|| inventory::format_of_content(&bytes)) else {
        let message = Message::new("problem-unknown-format")
            .with("file", name.as_str())
            .with("formats", inventory::format_names());
        let problems = vec![Problem::new(ProblemKind::Unparsable, name, message)];
        return Collected { problems, stats, ..Collected::default() };
    };
    let wanted = Wanted { path: resolved.to_owned(), name, format };
    let file = parse(&wanted, &bytes, &[]);
    if let Some(progress) = control.progress {
        progress(Progress { files_seen: 1, files_read: 1, files_to_read: Some(1), bytes_read: stats.bytes_read });
    }
    Collected { files: vec![file], stats, ..Collected::default() }
}
