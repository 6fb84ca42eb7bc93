//! What coding agents keep on a disk: the places that `yata_agents::places` names, read into a [`Machine`].
//!
//! Three sources. The folders of the system and of one home directory are looked up place by place. The files of
//! repositories come from the walk over a tree ([`crate::collect`]), which notes every name that may be a place. And
//! of a hook that runs a script of its repository the script is read.
//!
//! A link is told with its target and read only where it stays inside its repository or home directory. Whatever cannot
//! be read is a [`Problem`], but it is still a file of the machine, so that the audit knows of it.

mod disk;
mod git;
mod installed;
mod known;
mod names;
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use yata_agents::texts::declares_tools;
use yata_agents::{File, Machine, Os, Role, place_of};
use yata_model::{Message, Problem, ProblemKind};

use crate::Collected;
use disk::{Disk, Owners};

pub(crate) use names::may_be_place;

/// The most files of agents that are read for one machine.
pub const AGENT_FILES_MAX: usize = 20_000;
/// The most bytes that are read of them together.
pub const AGENT_BYTES_MAX: u64 = 256 << 20;
/// The most scripts of hooks that are read.
const SCRIPTS_MAX: usize = 500;
/// How many folders up a repository is looked for.
const FOLDERS_UP_MAX: usize = 64;

/// What to look at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Where the file system of the machine begins: `/`, or the folder of a mounted disk.
    pub root: &'a Path,
    /// The home directory to read, and with it the folders of the system; none where only trees are looked at.
    pub home: Option<&'a Path>,
    /// The trees: each as it was given to [`crate::collect`], with what that found.
    pub trees: &'a [(&'a Path, &'a Collected)],
    /// Folders of the trees, relative to their roots, that are projects although git knows nothing of them.
    pub projects: &'a [String],
}

/// What was seen of a machine.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// The files of its agents.
    pub machine: Machine,
    /// Where its file system begins.
    pub root: PathBuf,
    /// What could not be read, sorted; those of a tree are named from its root, as every problem of a tree is.
    pub problems: Vec<Problem>,
}

impl Sight {
    /// Where a file of the machine lies on this one.
    #[must_use]
    pub fn on_disk(&self, file: &File) -> PathBuf {
        if let Some(rest) = file.path.strip_prefix("~/") {
            return below(&self.root, &self.machine.home).join(rest);
        }
        if file.in_project() {
            return below(&self.root, &file.project).join(&file.path);
        }
        below(&self.root, &file.path)
    }
}

/// Reads what agents keep.
#[must_use]
pub fn machine(look: &Look<'_>) -> Sight {
    let root = look.root.canonicalize().unwrap_or_else(|_| look.root.to_owned());
    let home = look.home.map(|home| home.canonicalize().unwrap_or_else(|_| home.to_owned()));
    let os = system(&root);
    let owners = Owners::read(&root);
    let mut reader = Reader { disk: Disk::new(&owners), root: &root, files: BTreeMap::new(), problems: Vec::new() };
    if let Some(home) = &home {
        reader.known("", &root, known::of_system(&root, os));
        reader.known("~", home, known::of_home(home));
    }
    for (tree, collected) in look.trees {
        reader.tree(tree, collected, home.as_deref(), look.projects);
    }
    let mut problems = std::mem::take(&mut reader.problems);
    let spent = reader.disk.spent();
    let mut machine = Machine {
        home: home.as_deref().map(|home| logical(&root, home)).unwrap_or_default(),
        os,
        files: reader.files.into_values().collect(),
        installed: home.as_deref().map(|home| installed::installed(&root, home)).unwrap_or_default(),
        ..Machine::default()
    };
    scripts(&mut machine, &root, &owners);
    problems.extend(spent);
    problems.sort_by(|a, b| (&a.subject, a.kind, &a.message.id).cmp(&(&b.subject, b.kind, &b.message.id)));
    problems.dedup();
    Sight { machine, root, problems }
}

/// The system that a root belongs to: the running one, or what a mounted disk looks like.
fn system(root: &Path) -> Os {
    let own = if cfg!(target_os = "macos") {
        Os::Macos
    } else if cfg!(windows) {
        Os::Windows
    } else {
        Os::Linux
    };
    match root == Path::new("/") {
        true => own,
        false if root.join("System/Library").is_dir() => Os::Macos,
        false if root.join("Windows/System32").is_dir() => Os::Windows,
        false => Os::Linux,
    }
}

/// A path as the machine itself writes it.
fn logical(root: &Path, path: &Path) -> String {
    match path.strip_prefix(root) {
        Ok(inside) if root != Path::new("/") => format!("/{}", slashes(inside)),
        _ => slashes(path),
    }
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The other way round.
fn below(root: &Path, path: &str) -> PathBuf {
    if root == Path::new("/") {
        return PathBuf::from(path);
    }
    let bare = path.strip_prefix("C:").unwrap_or(path);
    root.join(bare.trim_start_matches('/'))
}

struct Reader<'a> {
    disk: Disk<'a>,
    root: &'a Path,
    /// By project and path, so that each place is there once, in order.
    files: BTreeMap<(String, String), File>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Files of the system or of a home directory: names as places write them, and where they are.
    fn known(&mut self, prefix: &str, scope: &Path, found: known::Found) {
        self.problems.extend(found.problems);
        for (name, path) in found.files {
            let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            let file = File { path: name.clone(), ..File::default() };
            self.add(file, &path, scope, &name);
        }
    }

    fn tree(&mut self, tree: &Path, collected: &Collected, home: Option<&Path>, more: &[String]) {
        let base = tree.canonicalize().unwrap_or_else(|_| tree.to_owned());
        let enclosing = enclosing(&base);
        let mut projects: BTreeMap<PathBuf, git::Facts> = BTreeMap::new();
        for name in &collected.agent_files {
            let path = base.join(name);
            if home.is_some_and(|home| of_programs(&path, home, &base, collected)) {
                continue;
            }
            let folders = collected.repositories.iter().chain(more);
            let Some(project) = project(name, &base, folders, enclosing.as_deref(), home) else { continue };
            let Some((project, inside)) = self.fitting(&path, project) else { continue };
            let inside = inside.as_path();
            let file = File { path: slashes(inside), project: logical(self.root, &project), ..File::default() };
            let facts = projects.entry(project.clone()).or_insert_with(|| git::Facts::read(&project, home));
            let file = File { tracked: facts.tracked(inside), ignored: facts.ignored(inside), ..file };
            let place = place_of(&file);
            if place.is_some_and(|place| place.wants_plugin()) && !published::in_plugin(&path, &base) {
                continue;
            }
            let whole_skill = place.is_some_and(|place| {
                let folder = path.parent().unwrap_or(&base);
                place.role == Role::Skill && (place.published() || base.starts_with(folder))
            });
            self.add(file, &path, &project, name);
            if whole_skill {
                self.beside_skill(&path, &project, &base);
            }
        }
    }

    /// The other files of a skill that lies in no place of an agent, so that the walk took none of them.
    fn beside_skill(&mut self, skill: &Path, project: &Path, base: &Path) {
        for path in published::files(skill) {
            let Ok(inside) = path.strip_prefix(project) else { continue };
            let shown = slashes(path.strip_prefix(base).unwrap_or(&path));
            let file = File { path: slashes(inside), project: logical(self.root, project), ..File::default() };
            self.add(file, &path, project, &shown);
        }
    }

    /// The project of a file and its path there, if that is a place. Whoever starts an agent in a folder of a repository
    /// gets the servers of that folder, so that a file of servers makes a project of it.
    fn fitting(&self, path: &Path, project: PathBuf) -> Option<(PathBuf, PathBuf)> {
        let of = |project: &Path| {
            let inside = path.strip_prefix(project).ok()?;
            let file = File { path: slashes(inside), project: logical(self.root, project), ..File::default() };
            Some((inside.to_owned(), place_of(&file)?.role))
        };
        if let Some((inside, _)) = of(&project) {
            return Some((project, inside));
        }
        let folder = path.parent()?;
        let (inside, role) = of(folder)?;
        (role == Role::Servers).then(|| (folder.to_owned(), inside))
    }

    /// Reads a file; `shown` is what problems call it.
    fn add(&mut self, file: File, path: &Path, scope: &Path, shown: &str) {
        let key = (file.project.clone(), file.path.clone());
        if self.files.contains_key(&key) {
            return;
        }
        if self.files.len() >= AGENT_FILES_MAX {
            if self.files.len() == AGENT_FILES_MAX {
                let message = Message::new("agents-problem-too-many").with("limit", AGENT_FILES_MAX);
                let problem = Problem::new(ProblemKind::TooLarge, shown, message);
                if !self.problems.iter().any(|known| known.message.id == problem.message.id) {
                    self.problems.push(problem);
                }
            }
            return;
        }
        let place = place_of(&file);
        // Files without a place are those that lie beside a skill.
        let role = place.map_or(Role::SkillFile, |place| place.role);
        let (file, problem) = self.disk.read(file, role, path, scope, shown);
        if place.is_some_and(|place| place.wants_tools()) && !declares_tools(&file.bytes) {
            return;
        }
        self.problems.extend(problem);
        self.files.insert(key, file);
    }
}

/// The repository around a folder, where the folder itself is none.
fn enclosing(base: &Path) -> Option<PathBuf> {
    let holds = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
    base.ancestors().take(FOLDERS_UP_MAX).find(holds).map(Path::to_owned)
}

/// Whether a path is among the data of programs in a home directory: below a folder with a dot that is no repository.
fn of_programs(path: &Path, home: &Path, base: &Path, collected: &Collected) -> bool {
    let Ok(inside) = path.strip_prefix(home) else { return false };
    let mut parts = inside.components();
    let Some(Component::Normal(first)) = parts.next() else { return false };
    if parts.next().is_none() || !first.to_string_lossy().starts_with('.') {
        return false;
    }
    let folder = home.join(first);
    let is_repository = |name: &String| base.join(name) == folder;
    // Whoever names such a folder wants to see it.
    !collected.repositories.iter().any(is_repository) && !base.starts_with(&folder)
}

/// The project of a file: the innermost repository that holds it. Outside all repositories it is the tree that was
/// asked for; or, where that holds a whole home directory, the folder that the place belongs to.
fn project<'c>(
    name: &str,
    base: &Path,
    folders: impl Iterator<Item = &'c String>,
    enclosing: Option<&Path>,
    home: Option<&Path>,
) -> Option<PathBuf> {
    let holds =
        |folder: &&String| folder.is_empty() || name.strip_prefix(folder.as_str()).is_some_and(|r| r.starts_with('/'));
    if let Some(folder) = folders.filter(holds).max_by_key(|folder| folder.len()) {
        return Some(if folder.is_empty() { base.to_owned() } else { base.join(folder) });
    }
    if let Some(enclosing) = enclosing {
        return Some(enclosing.to_owned());
    }
    if !home.is_some_and(|home| home.starts_with(base)) {
        return Some(base.to_owned());
    }
    let above = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let parts: Vec<&str> = above.split('/').collect();
    let anchor = parts.iter().position(|part| part.starts_with('.')).map_or(parts.len(), |at| at);
    let folder = base.join(parts.get(..anchor).unwrap_or_default().join("/"));
    // Straight in the home directory nothing is a project: agents read their own places there.
    (home != Some(folder.as_path())).then_some(folder)
}

/// Adds the scripts of repositories that hooks run.
fn scripts(machine: &mut Machine, root: &Path, owners: &Owners) {
    let model = yata_agents::model(machine);
    let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
    for hook in &model.hooks {
        let Some(document) = model.known.documents.get(hook.document) else { continue };
        if document.project.is_empty() {
            continue;
        }
        for word in hook.line().split_whitespace().take(64) {
            let bare = word.trim_matches(['"', '\'', ';', '(', ')']);
            let inside = match bare.split_once("PROJECT_DIR") {
                Some((_, rest)) => rest.trim_start_matches(['}', '"', '/', '%']),
                None => bare.trim_start_matches("./"),
            };
            let plain = Path::new(inside).components().all(|part| matches!(part, Component::Normal(_)));
            if plain && !inside.is_empty() && inside.contains(['/', '.']) {
                wanted.insert((document.project.clone(), inside.to_owned()));
            }
        }
    }
    let have: BTreeSet<(String, String)> =
        machine.files.iter().map(|file| (file.project.clone(), file.path.clone())).collect();
    let disk = Disk::new(owners);
    for (project, path) in wanted.into_iter().filter(|key| !have.contains(key)).take(SCRIPTS_MAX) {
        let scope = below(root, &project);
        let on_disk = scope.join(&path);
        if on_disk.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            let shown = path.clone();
            let file = File { path, project, ..File::default() };
            machine.files.push(disk.read(file, Role::Script, &on_disk, &scope, &shown).0);
        }
    }
}
