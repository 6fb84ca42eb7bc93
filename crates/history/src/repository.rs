//! Finding and opening a repository.
//!
//! A repository is untrusted: nothing that its configuration names is run or included, hooks and filters are not known
//! here, and of the configuration only four values are read.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::file;
use crate::id::ObjectId;
use crate::inflate::Inflater;
use crate::loose::Loose;
use crate::pack::Pack;
use crate::problem::{Fault, Problem, Problems};

/// Why a repository cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path and the folders above it hold no repository.
    #[error("no git repository at or above `{0}`")]
    NotFound(PathBuf),
    /// The repository is of a form that is not supported.
    #[error("the git repository `{path}` uses {what}, which is not supported")]
    Unsupported {
        /// The repository's git folder.
        path: PathBuf,
        /// What it uses.
        what: &'static str,
    },
    /// A folder that every repository has cannot be read.
    #[error("cannot read `{0}` of the git repository")]
    Unreadable(PathBuf),
    /// The journal cannot be read or written.
    #[error("cannot use the journal `{path}`")]
    Journal {
        /// The journal.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another run holds the journal.
    #[error("another run is using the journal `{0}`")]
    Busy(PathBuf),
}

/// Where a repository is and what it calls its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The git folder: `.git`, the folder of a bare repository, or that of a linked worktree.
    pub git: PathBuf,
    /// The folder with objects and references, which worktrees share.
    pub common: PathBuf,
    /// The top of the working tree; `None` for a bare repository.
    pub work: Option<PathBuf>,
    /// The URL of the remote `origin`, without user names, passwords, query or fragment.
    pub origin: Option<String>,
}

/// The repository that holds a path, which is looked for there and in the folders above.
pub fn repository(path: &Path) -> Option<Place> {
    let start = fs::canonicalize(path).ok()?;
    start.ancestors().find_map(|folder| {
        let dot = folder.join(".git");
        let (git, work) = if dot.is_dir() {
            (dot, Some(folder.to_path_buf()))
        } else if dot.is_file() {
            let target = file::text(&dot)?;
            (folder.join(target.trim_end().strip_prefix("gitdir: ")?), Some(folder.to_path_buf()))
        } else {
            (folder.to_path_buf(), None)
        };
        let common = match file::text(&git.join("commondir")) {
            Some(relative) => fs::canonicalize(git.join(relative.trim_end())).ok()?,
            None => git.clone(),
        };
        if !git.join("HEAD").is_file() || !common.join("objects").is_dir() {
            return None;
        }
        let origin = Config::read(&common).origin;
        Some(Place { git, common, work, origin })
    })
}

/// An open repository.
pub struct Repository {
    pub(crate) place: Place,
    pub(crate) packs: Vec<Pack>,
    /// The folders of objects: the repository's own, then those that it borrows from.
    pub(crate) objects: Vec<PathBuf>,
    /// Commits whose parents a shallow clone has cut.
    pub(crate) shallow: HashSet<ObjectId>,
    /// What is already known to be wrong.
    pub(crate) problems: Vec<Problem>,
}

/// How many folders of objects are followed, and how many packs are opened.
const ALTERNATES_LIMIT: usize = 64;
const PACKS_LIMIT: usize = 10_000;

impl Repository {
    /// Opens the repository that holds a path. What of it cannot be read is a problem of every later answer.
    ///
    /// # Errors
    ///
    /// If there is none, or it is of an unsupported form (SHA-256 ids, the reftable store of references).
    pub fn open(path: &Path) -> Result<Self, Error> {
        let place = repository(path).ok_or_else(|| Error::NotFound(path.to_path_buf()))?;
        let config = Config::read(&place.common);
        if let Some(what) = config.unsupported {
            return Err(Error::Unsupported { path: place.git, what });
        }
        let mut problems = Problems::default();
        let objects = object_folders(&place.common, &mut problems);
        let (packs, promised) = open_packs(&objects, &mut problems)?;
        if promised || config.partial {
            problems.push(Problem::Partial);
        }
        let shallow: HashSet<ObjectId> = file::text(&place.common.join("shallow"))
            .map(|text| text.lines().filter_map(|line| ObjectId::from_hex(line.as_bytes())).collect())
            .unwrap_or_default();
        if !shallow.is_empty() {
            problems.push(Problem::Shallow { commits: shallow.len() });
        }
        Ok(Self { place, packs, objects, shallow, problems: problems.into_sorted() })
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Whether an object is there.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.packs.iter().any(|pack| pack.index.find(id).is_some()) || self.has_loose(id)
    }

    /// Whether an object is there as a loose one.
    pub(crate) fn has_loose(&self, id: &ObjectId) -> bool {
        self.objects.iter().any(|folder| loose_path(folder, id).is_file())
    }

    /// The loose objects, each once, in the order of their ids.
    pub(crate) fn loose(&self, problems: &mut Problems) -> Vec<ObjectId> {
        let mut ids = BTreeSet::new();
        for folder in &self.objects {
            for byte in 0..=255_u8 {
                let part = folder.join(format!("{byte:02x}"));
                let entries = match fs::read_dir(&part) {
                    Ok(entries) => entries,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    Err(_) => {
                        problems.push(Problem::File { path: part, fault: Fault::Unreadable });
                        continue;
                    }
                };
                let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
                ids.extend(names.filter_map(|name| ObjectId::from_hex(format!("{byte:02x}{name}").as_bytes())));
            }
        }
        ids.into_iter().collect()
    }

    /// Opens a loose object from the first folder whose copy can be read; `None` if no folder has one.
    pub(crate) fn open_loose(&self, id: &ObjectId, inflater: &mut Inflater) -> Option<Result<Loose, Fault>> {
        let mut answer = None;
        for path in self.objects.iter().map(|folder| loose_path(folder, id)).filter(|path| path.is_file()) {
            let loose = Loose::open(&path, inflater, crate::DECODE_LIMIT_BYTES);
            if loose.is_ok() {
                return Some(loose);
            }
            answer = Some(loose);
        }
        answer
    }
}

fn loose_path(folder: &Path, id: &ObjectId) -> PathBuf {
    let hex = id.to_string();
    let (part, name) = hex.split_at(2);
    folder.join(part).join(name)
}

/// The folder of objects and all that it borrows from, by `objects/info/alternates`.
fn object_folders(common: &Path, problems: &mut Problems) -> Vec<PathBuf> {
    let own = common.join("objects");
    let mut folders = vec![fs::canonicalize(&own).unwrap_or(own)];
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        next += 1;
        let list = folder.join("info").join("alternates");
        for line in file::text(&list).unwrap_or_default().lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match fs::canonicalize(folder.join(line)) {
                Ok(other) if other.is_dir() && folders.len() < ALTERNATES_LIMIT => {
                    if !folders.contains(&other) {
                        folders.push(other);
                    }
                }
                _ => problems.push(Problem::File { path: folder.join(line), fault: Fault::Unreadable }),
            }
        }
    }
    folders
}

/// Opens every pack that has an index, each once, in the order of their checksums; and whether one is of a partial clone.
fn open_packs(objects: &[PathBuf], problems: &mut Problems) -> Result<(Vec<Pack>, bool), Error> {
    let mut packs: Vec<Pack> = Vec::new();
    let mut promised = false;
    for folder in objects.iter().map(|folder| folder.join("pack")) {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(_) => return Err(Error::Unreadable(folder)),
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort_unstable();
        for path in paths {
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("promisor") => promised = true,
                Some("pack") if !path.with_extension("idx").is_file() => {
                    problems.push(Problem::File { path, fault: Fault::Unsupported });
                }
                Some("idx") if packs.len() < PACKS_LIMIT => match Pack::open(&path) {
                    Ok(pack) => packs.push(pack),
                    Err(fault) => problems.push(Problem::File { path, fault }),
                },
                Some("idx") => problems.push(Problem::File { path, fault: Fault::TooLarge }),
                _ => {}
            }
        }
    }
    packs.sort_by_key(|pack| pack.checksum);
    packs.dedup_by_key(|pack| pack.checksum);
    Ok((packs, promised))
}
