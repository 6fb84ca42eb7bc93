//! Branches, tags and other references, stored as files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::file;
use crate::id::ObjectId;
use crate::problem::{Fault, Problem, Problems};
use crate::repository::Repository;

/// Bytes of `packed-refs`, depth of the folders of references, and hops of a symbolic one.
const PACKED_LIMIT_BYTES: u64 = 1 << 30;
const DEPTH_LIMIT: usize = 32;
const HOPS_LIMIT: usize = 5;

/// The references of a repository by name, `HEAD` and the heads of its worktrees among them.
pub(crate) struct References {
    pub(crate) names: BTreeMap<String, ObjectId>,
    /// The commit that is checked out; `None` before the first commit.
    pub(crate) head: Option<ObjectId>,
}

impl References {
    pub(crate) fn read(repository: &Repository, problems: &mut Problems) -> Self {
        let (git, common) = (&repository.place.git, &repository.place.common);
        let mut names = BTreeMap::new();
        packed(common, &mut names, problems);
        let mut symbolic = Vec::new();
        loose(&common.join("refs"), "refs", 0, &mut names, &mut symbolic, problems);
        let resolve = |target: &str, names: &BTreeMap<String, ObjectId>| {
            let mut target = target.to_owned();
            for _ in 0..HOPS_LIMIT {
                if let Some(id) = names.get(&target) {
                    return Some(*id);
                }
                target = symbolic.iter().find(|(name, _)| *name == target).map(|(_, to)| to.clone())?;
            }
            None
        };
        let mut heads = Vec::new();
        let mut head_of = |name: String, folder: &Path| {
            let path = folder.join("HEAD");
            let head = match file::text(&path).as_deref().map(parse) {
                Some(Some(Target::Id(id))) => Some(id),
                Some(Some(Target::Name(target))) => resolve(&target, &names),
                _ => {
                    problems.push(Problem::File { path, fault: Fault::Malformed });
                    None
                }
            };
            heads.extend(head.map(|id| (name, id)));
            head
        };
        let head = head_of("HEAD".to_owned(), git);
        if git != common {
            head_of("main-worktree/HEAD".to_owned(), common);
        }
        for worktree in fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten() {
            let name = worktree.file_name().to_string_lossy().into_owned();
            head_of(format!("worktrees/{name}/HEAD"), &worktree.path());
        }
        names.extend(heads);
        Self { names, head }
    }
}

enum Target {
    Id(ObjectId),
    Name(String),
}

fn parse(text: &str) -> Option<Target> {
    let text = text.trim_end();
    match text.strip_prefix("ref:") {
        Some(name) => Some(Target::Name(name.trim().to_owned())),
        None => ObjectId::from_hex(text.as_bytes()).map(Target::Id),
    }
}

fn packed(common: &Path, names: &mut BTreeMap<String, ObjectId>, problems: &mut Problems) {
    let path = common.join("packed-refs");
    if !path.is_file() {
        return;
    }
    match file::whole(&path, PACKED_LIMIT_BYTES) {
        Ok(bytes) => {
            for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
                if matches!(line.first(), Some(b'#' | b'^')) {
                    continue;
                }
                let parsed = line.split_at_checked(40).and_then(|(id, name)| Some((ObjectId::from_hex(id)?, name)));
                match parsed {
                    Some((id, name)) => {
                        names.insert(String::from_utf8_lossy(name).trim().to_owned(), id);
                    }
                    None => problems.push(Problem::File { path: path.clone(), fault: Fault::Malformed }),
                }
            }
        }
        Err(fault) => problems.push(Problem::File { path, fault }),
    }
}

fn loose(
    folder: &Path,
    prefix: &str,
    depth: usize,
    names: &mut BTreeMap<String, ObjectId>,
    symbolic: &mut Vec<(String, String)>,
    problems: &mut Problems,
) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if depth < DEPTH_LIMIT {
                loose(&path, &name, depth + 1, names, symbolic, problems);
            } else {
                problems.push(Problem::File { path, fault: Fault::TooLarge });
            }
        } else if kind.is_file() && !name.ends_with(".lock") {
            match file::text(&path).as_deref().and_then(parse) {
                Some(Target::Id(id)) => {
                    names.insert(name, id);
                }
                Some(Target::Name(target)) => symbolic.push((name, target)),
                None => problems.push(Problem::File { path, fault: Fault::Malformed }),
            }
        } else if kind.is_symlink() {
            problems.push(Problem::File { path, fault: Fault::Unsupported });
        }
    }
}
