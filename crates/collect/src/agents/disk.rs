//! One file with what the disk says of it.

use std::cell::Cell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use yata_agents::{File, Role};
use yata_model::{Message, Problem, ProblemKind};

use super::AGENT_BYTES_MAX;
use crate::read;

/// The largest file of an agent that is read, in bytes: what `yata_agents::read` takes.
const FILE_MAX_BYTES: u64 = 4 << 20;
/// The largest table of users that is read, in bytes.
const PASSWD_MAX_BYTES: u64 = 1 << 20;
/// How many folders above a file are looked at.
const FOLDERS_UP_MAX: usize = 64;
/// In how many of the first bytes a zero makes a file one that is no text.
const HEAD_BYTES: usize = 8_192;

/// The names of users by their number.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<u32, String>);

impl Owners {
    /// Reads `etc/passwd` (passwd(5)); whoever is not in it keeps the number.
    pub(super) fn read(root: &Path) -> Self {
        let bytes = read::read(&root.join("etc/passwd"), "etc/passwd", PASSWD_MAX_BYTES).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let user = |line: &str| {
            let mut fields = line.split(':');
            let name = fields.next()?.to_owned();
            Some((fields.nth(1)?.parse().ok()?, name))
        };
        Self(text.lines().filter_map(user).collect())
    }

    #[cfg(unix)]
    fn name(&self, uid: u32) -> String {
        self.0.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }
}

/// Reads files and counts what they take.
pub(super) struct Disk<'a> {
    owners: &'a Owners,
    bytes: Cell<u64>,
    left_out: Cell<usize>,
}

impl<'a> Disk<'a> {
    pub(super) fn new(owners: &'a Owners) -> Self {
        Self { owners, bytes: Cell::new(0), left_out: Cell::new(0) }
    }

    /// What was not read because the rest took all there is.
    pub(super) fn spent(&self) -> Option<Problem> {
        let count = self.left_out.get();
        let mib = i64::try_from(AGENT_BYTES_MAX >> 20).unwrap_or(i64::MAX);
        let message = Message::new("agents-problem-too-much").with("count", count).with("limit", mib);
        (count > 0).then(|| Problem::new(ProblemKind::TooLarge, ".", message))
    }

    /// Reads a file of a role. `scope` is the folder that links may not leave, `shown` what problems call the file.
    pub(super) fn read(
        &self,
        file: File,
        role: Role,
        path: &Path,
        scope: &Path,
        shown: &str,
    ) -> (File, Option<Problem>) {
        let metadata = match path.symlink_metadata() {
            Ok(metadata) => metadata,
            Err(error) => return (File { unreadable: true, ..file }, Some(read::problem_of(&error, shown))),
        };
        let mut file = self.facts(file, path, scope, &metadata);
        if metadata.file_type().is_symlink() {
            file.link = Some(std::fs::read_link(path).map(|target| super::slashes(&target)).unwrap_or_default());
            return match Self::target(role, path, scope, shown) {
                Ok(target) => self.content(file, role, &target, shown),
                Err(problem) => (file, problem),
            };
        }
        if !metadata.is_file() {
            file.unreadable = true;
            return (file, Some(read::special_file(shown)));
        }
        self.content(file, role, path, shown)
    }

    fn content(&self, mut file: File, role: Role, path: &Path, shown: &str) -> (File, Option<Problem>) {
        if self.bytes.get() >= AGENT_BYTES_MAX {
            self.left_out.set(self.left_out.get().saturating_add(1));
            file.unreadable = true;
            return (file, None);
        }
        match read::read(path, shown, FILE_MAX_BYTES) {
            Ok(bytes) => {
                self.bytes.set(self.bytes.get().saturating_add(bytes.len() as u64));
                // Pictures and programs lie in the folders of skills; they hold no text to judge.
                let beside = matches!(role, Role::SkillFile | Role::Script);
                let is_text = !bytes.iter().take(HEAD_BYTES).any(|byte| *byte == 0);
                file.bytes = if is_text || !beside { bytes } else { Vec::new() };
                (file, None)
            }
            Err(problem) => {
                file.unreadable = true;
                (file, Some(problem))
            }
        }
    }

    /// Where a link leads, if it may be followed; else what is to be said of it.
    fn target(role: Role, path: &Path, scope: &Path, shown: &str) -> Result<PathBuf, Option<Problem>> {
        // The files of a skill that lead elsewhere are the audit's to judge; nothing is put in force by them.
        let judged = role == Role::SkillFile;
        let problem = |id: &str| {
            let message = Message::new(id).with("file", shown);
            (!judged).then(|| Problem::new(ProblemKind::Unreadable, shown, message))
        };
        // Nothing there, or links in a circle.
        let resolved = path.canonicalize().map_err(|_| problem("problem-link-broken"))?;
        if !scope.canonicalize().is_ok_and(|scope| resolved.starts_with(scope)) {
            return Err(problem("problem-link-out-of-tree"));
        }
        match resolved.metadata() {
            Ok(metadata) if metadata.is_dir() => Err(None),
            Ok(_) => Ok(resolved),
            Err(error) => Err(Some(read::problem_of(&error, shown))),
        }
    }

    #[cfg(unix)]
    fn facts(&self, file: File, path: &Path, scope: &Path, metadata: &std::fs::Metadata) -> File {
        use std::os::unix::fs::MetadataExt as _;
        let is_link = metadata.file_type().is_symlink();
        File {
            owner: Some(self.owners.name(metadata.uid())),
            // The bits of a link mean nothing.
            mode: (!is_link).then(|| bits(metadata)),
            folder_writable: folders(path, scope).any(|folder| {
                let others = folder.metadata().map(|metadata| bits(&metadata));
                // In a folder with the sticky bit nobody replaces what another owns.
                others.is_ok_and(|bits| bits & 0o022 != 0 && bits & 0o1000 == 0)
            }),
            ..file
        }
    }

    #[cfg(not(unix))]
    fn facts(&self, file: File, _path: &Path, _scope: &Path, _metadata: &std::fs::Metadata) -> File {
        file
    }
}

/// The permission bits. A group that has the owner's own number is the owner's private one: nobody else is in it.
#[cfg(unix)]
fn bits(metadata: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    let bits = metadata.mode() & 0o7777;
    if metadata.uid() == metadata.gid() { bits & !0o020 } else { bits }
}

/// The folders above a file, up to the root of its scope.
#[cfg(unix)]
fn folders<'p>(path: &'p Path, scope: &'p Path) -> impl Iterator<Item = &'p Path> {
    path.ancestors().skip(1).take(FOLDERS_UP_MAX).take_while(move |folder| folder.starts_with(scope))
}
