//! What git says of the files of a repository: whether they are in its index, and whether it ignores them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::read;

/// The largest index that is read, in bytes: some two million files.
const INDEX_MAX_BYTES: u64 = 256 << 20;
/// The largest of git's small files that is read, in bytes.
const SMALL_MAX_BYTES: u64 = 1 << 20;

/// What git says of a repository.
pub(super) struct Facts {
    root: PathBuf,
    /// Paths in the index; none where there is no repository, or its index cannot be read.
    index: Option<HashSet<Vec<u8>>>,
    /// The patterns of each folder, the nearest first when asked.
    folders: RefCell<HashMap<PathBuf, Option<Gitignore>>>,
    /// Those of the repository itself and of the user.
    wide: Vec<Gitignore>,
    is_repository: bool,
}

impl Facts {
    pub(super) fn read(root: &Path, home: Option<&Path>) -> Self {
        let folder = git_folder(root);
        let index = folder.as_deref().and_then(|folder| {
            let bytes = match read::read(&folder.join("index"), "index", INDEX_MAX_BYTES) {
                Ok(bytes) => bytes,
                // A repository without a commit has none.
                Err(problem) if problem.message.id == "problem-not-found" => return Some(HashSet::new()),
                Err(_) => return None,
            };
            paths(&bytes, id_bytes(folder))
        });
        let mut wide = Vec::new();
        wide.extend(folder.as_deref().and_then(|folder| patterns(root, &folder.join("info/exclude"))));
        wide.extend(home.and_then(|home| patterns(root, &home.join(".config/git/ignore"))));
        let is_repository = folder.is_some();
        Self { root: root.to_owned(), index, folders: RefCell::default(), wide, is_repository }
    }

    /// Whether the index has a path (relative to the root).
    pub(super) fn tracked(&self, inside: &Path) -> Option<bool> {
        Some(self.index.as_ref()?.contains(super::slashes(inside).as_bytes()))
    }

    /// Whether git ignores a path (relative to the root): the nearest `.gitignore` that says anything decides.
    pub(super) fn ignored(&self, inside: &Path) -> Option<bool> {
        if !self.is_repository {
            return None;
        }
        let path = self.root.join(inside);
        let mut folders = self.folders.borrow_mut();
        for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
            let own = folders.entry(folder.to_owned()).or_insert_with(|| patterns(folder, &folder.join(".gitignore")));
            match own.as_ref().map(|own| own.matched_path_or_any_parents(&path, false)) {
                Some(ignore::Match::Ignore(_)) => return Some(true),
                Some(ignore::Match::Whitelist(_)) => return Some(false),
                _ => {}
            }
        }
        Some(self.wide.iter().any(|one| one.matched_path_or_any_parents(&path, false).is_ignore()))
    }
}

fn patterns(root: &Path, file: &Path) -> Option<Gitignore> {
    let bytes = read::read(file, "", SMALL_MAX_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut builder = GitignoreBuilder::new(root);
    for line in text.lines() {
        // A line that git cannot read either says nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}

/// The folder with the index: `.git`, or what the file `.git` of a work tree names.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    let metadata = git.symlink_metadata().ok()?;
    if metadata.is_dir() {
        return Some(git);
    }
    let bytes = read::read(&git, ".git", SMALL_MAX_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let named = text.trim().strip_prefix("gitdir:")?.trim().to_owned();
    Some(root.join(named))
}

/// Bytes of an object's id there.
fn id_bytes(folder: &Path) -> usize {
    let config = read::read(&folder.join("config"), "config", SMALL_MAX_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&config).to_ascii_lowercase().replace([' ', '\t'], "");
    if text.contains("objectformat=sha256") { 32 } else { 20 }
}

/// The paths of an index (git documentation, gitformat-index, versions 2 to 4); none where it is not as it says.
fn paths(bytes: &[u8], id_bytes: usize) -> Option<HashSet<Vec<u8>>> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let version = number(4).filter(|version| bytes.starts_with(b"DIRC") && (2..=4).contains(version))?;
    let count = number(8)?;
    let mut out = HashSet::new();
    let mut at: usize = 12;
    let mut last: Vec<u8> = Vec::new();
    for _ in 0..count {
        let start = at;
        // Ten numbers of the file system, the id, and flags.
        at = at.checked_add(40)?.checked_add(id_bytes)?;
        let flags = u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?);
        at = at.checked_add(if flags & 0x4000 != 0 { 4 } else { 2 })?;
        let kept = if version == 4 { last.len().checked_sub(offset(bytes, &mut at)?)? } else { 0 };
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        let mut path = last.get(..kept)?.to_vec();
        path.extend_from_slice(rest.get(..length)?);
        at = at.checked_add(length)?.checked_add(1)?;
        if version < 4 {
            // Filled up with zeros to a multiple of eight.
            at = start.checked_add(at.checked_sub(start)?.next_multiple_of(8))?;
        }
        last.clone_from(&path);
        out.insert(path);
    }
    Some(out)
}

/// A number of variable length, as packs write offsets.
fn offset(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value: usize = 0;
    for n in 0..5 {
        let byte = *bytes.get(*at)?;
        *at = at.checked_add(1)?;
        value = value.checked_add(usize::from(n > 0))?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(folder: &Path, args: &[&str]) {
        let status = std::process::Command::new("git").current_dir(folder).args(args).status().unwrap();
        assert!(status.success(), "{args:?}");
    }

    #[test]
    fn indexes_that_git_writes_are_read() {
        for version in ["2", "3", "4"] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path();
            git(root, &["init", "-q"]);
            std::fs::create_dir_all(root.join("a/.claude")).unwrap();
            for name in ["CLAUDE.md", "a/.claude/settings.json", "a/.claude/settings.local.json", "a/b"] {
                std::fs::write(root.join(name), name).unwrap();
            }
            std::fs::write(root.join(".gitignore"), "*.local.json\n!/a/x.local.json\n").unwrap();
            git(root, &["add", "CLAUDE.md", "a/.claude/settings.json"]);
            git(root, &["add", "--intent-to-add", "a/b"]);
            git(root, &["update-index", "--index-version", version]);
            let facts = Facts::read(root, None);
            let check = |name: &str, tracked: bool, ignored: bool| {
                let name = Path::new(name);
                assert_eq!((facts.tracked(name), facts.ignored(name)), (Some(tracked), Some(ignored)), "{name:?}");
            };
            check("CLAUDE.md", true, false);
            check("a/.claude/settings.json", true, false);
            check("a/.claude/settings.local.json", false, true);
            check("a/x.local.json", false, false);
            check("a/b", true, false);
        }
    }

    #[test]
    fn broken_indexes_say_nothing() {
        assert_eq!(paths(b"DIRC\0\0\0\x02\xff\xff\xff\xff", 20), None);
        assert_eq!(paths(b"nothing", 20), None);
        let facts = Facts::read(Path::new("/nowhere"), None);
        assert_eq!((facts.tracked(Path::new("a")), facts.ignored(Path::new("a"))), (None, None));
    }
}
