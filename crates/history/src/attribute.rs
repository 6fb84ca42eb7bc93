//! Which commits brought a blob in, and whether it is still there.

use std::cmp::Ordering as Order;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::id::ObjectId;
use crate::object::{self, Commit, Entries, Entry, Is, Kind};
use crate::problem::{Problem, Problems};
use crate::reader::Reader;
use crate::references::References;
use crate::repository::Repository;
use crate::walk::{DEPTH_LIMIT, History, read_tree};

/// Appearances of one blob that are listed; more are counted.
const APPEARANCES_LIMIT: usize = 1_000;
/// Trees of one commit that are compared.
const TREES_LIMIT: u32 = 1_000_000;
/// Places of one commit where one of the blobs is.
const PLACES_LIMIT: usize = 100_000;
/// To what the limit of trees falls, by halves, when there are commits that reach it.
const TREES_LEAST: u32 = 4_096;
/// Commits that a thread takes at a time: neighbours share trees, which its reader remembers.
const COMMITS_STEP: usize = 256;

/// Where some blobs came from.
#[derive(Debug, Default)]
pub struct Attribution {
    /// Of each blob that was asked for.
    pub origins: BTreeMap<ObjectId, Origin>,
    /// What could not be read; with such, an origin may be incomplete.
    pub problems: Vec<Problem>,
    /// How many commits were looked at.
    pub commits: usize,
    /// Whether all were; `false` after a cancellation.
    pub complete: bool,
}

/// Where one blob came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Where it first appears: in these commits, at these paths, and in no parent at the same path. The oldest first.
    pub appearances: Vec<Appearance>,
    /// Appearances that are not listed, because they are so many.
    pub more: u64,
    /// The paths that it has in `HEAD`; none if it is not there any more.
    pub head_paths: Vec<Vec<u8>>,
    /// Whether a branch, a tag or another reference reaches it. If not, it is in no clone that git makes, but in the files
    /// of this one, and in reach of whoever knows its id on some servers.
    pub reachable: bool,
    /// Whether a remote-tracking branch reaches it: it has left this machine.
    pub on_remote: bool,
}

/// A commit that brought a blob in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The commit.
    pub commit: Arc<Commit>,
    /// The path, `/` between its parts, in whatever encoding the author used.
    pub path: Vec<u8>,
}

/// Says of each blob where it came from, by one walk over the commits that all references reach.
///
/// A commit brings a blob in at a path if none of its parents has it there. Of a shallow clone, the first commits bring
/// everything in that they have.
pub fn attribute(
    repository: &Repository,
    blobs: &HashSet<ObjectId>,
    threads: usize,
    cancel: Option<&AtomicBool>,
) -> Attribution {
    let mut problems = Problems::default();
    problems.extend(repository.problems.iter().cloned());
    let mut attribution = Attribution::default();
    if blobs.is_empty() {
        attribution.complete = true;
        attribution.problems = problems.into_sorted();
        return attribution;
    }
    let references = References::read(repository, &mut problems);
    let mut reader = Reader::new(repository);
    let history = History::read(repository, &references, &mut reader, cancel, &mut problems);
    let mut origins: BTreeMap<ObjectId, Origin> = blobs.iter().map(|id| (*id, Origin::default())).collect();
    let sightings = in_commits(repository, &history, blobs, threads, cancel, &mut problems);
    add_appearances(&mut origins, &history, sightings, &mut reader);
    add_bare(&mut origins, repository, &history, blobs, &mut problems);
    if let Some(head) = references.head.and_then(|head| history.places.get(&head)) {
        let mut finder = Finder::new(repository, blobs);
        if let Some(commit) = history.commits.get(*head) {
            finder.start(*head, commit.id);
            finder.compare(commit.node.tree, &[], 0);
            finder.end();
        }
        problems.extend(finder.problems.into_sorted());
        for (id, _, path) in finder.seen {
            origins.entry(id).or_default().head_paths.push(path);
        }
    }
    attribution.origins = origins;
    attribution.problems = problems.into_sorted();
    attribution.commits = history.commits.len();
    attribution.complete = !cancelled(cancel);
    attribution
}

fn cancelled(cancel: Option<&AtomicBool>) -> bool {
    cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
}

/// A blob, the place of a commit, and a path.
type Sighting = (ObjectId, usize, Vec<u8>);

fn in_commits(
    repository: &Repository,
    history: &History,
    blobs: &HashSet<ObjectId>,
    threads: usize,
    cancel: Option<&AtomicBool>,
    problems: &mut Problems,
) -> Vec<Sighting> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut finder = Finder::new(repository, blobs);
        loop {
            let start = next.fetch_add(COMMITS_STEP, Ordering::Relaxed);
            let end = start.saturating_add(COMMITS_STEP).min(history.commits.len());
            let Some(commits) = history.commits.get(start..end).filter(|step| !step.is_empty()) else { break };
            for (place, commit) in (start..).zip(commits) {
                if cancelled(cancel) {
                    return finder;
                }
                finder.start(place, commit.id);
                finder.compare(commit.node.tree, &history.parent_trees(commit), 0);
                finder.end();
            }
        }
        finder
    };
    let threads = if threads == 0 { thread::available_parallelism().map_or(1, usize::from) } else { threads };
    let threads = threads.clamp(1, history.commits.len() / COMMITS_STEP + 1);
    let mut sightings = Vec::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        for finder in workers.into_iter().filter_map(|worker| worker.join().ok()) {
            problems.extend(finder.problems.into_sorted());
            sightings.extend(finder.seen);
        }
    });
    sightings
}

fn add_appearances(
    origins: &mut BTreeMap<ObjectId, Origin>,
    history: &History,
    sightings: Vec<Sighting>,
    reader: &mut Reader<'_>,
) {
    // The oldest commits stand last.
    let mut sightings = sightings;
    sightings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
    let mut commits: HashMap<usize, Arc<Commit>> = HashMap::new();
    for (id, place, path) in sightings {
        let (Some(reached), Some(origin)) = (history.commits.get(place), origins.get_mut(&id)) else { continue };
        origin.reachable = true;
        origin.on_remote |= reached.on_remote;
        if origin.appearances.len() >= APPEARANCES_LIMIT {
            origin.more += 1;
            continue;
        }
        let commit = commits.entry(place).or_insert_with(|| {
            let bytes = reader.read_kind(&reached.id, Kind::Commit).ok().flatten().unwrap_or_default();
            Arc::new(object::commit(reached.id, &bytes))
        });
        origin.appearances.push(Appearance { commit: Arc::clone(commit), path });
    }
}

/// What references reach without a commit.
fn add_bare(
    origins: &mut BTreeMap<ObjectId, Origin>,
    repository: &Repository,
    history: &History,
    blobs: &HashSet<ObjectId>,
    problems: &mut Problems,
) {
    let mut finder = Finder::new(repository, blobs);
    for (kind, id) in &history.bare {
        if *kind == Kind::Tree {
            finder.start(0, *id);
            finder.compare(*id, &[], 0);
            finder.end();
        } else if let Some(origin) = origins.get_mut(id) {
            origin.reachable = true;
        }
    }
    problems.extend(finder.problems.into_sorted());
    for (id, _, _) in finder.seen {
        origins.entry(id).or_default().reachable = true;
    }
}

/// Finds blobs in trees.
struct Finder<'a> {
    reader: Reader<'a>,
    blobs: &'a HashSet<ObjectId>,
    /// Trees that have none of the blobs anywhere below.
    clean: HashSet<ObjectId>,
    seen: Vec<Sighting>,
    problems: Problems,
    /// The commit in work.
    place: usize,
    id: ObjectId,
    path: Vec<u8>,
    /// How many trees of this commit may still be looked at, and how many of the next one.
    budget: u32,
    allowance: u32,
    /// How long `seen` may grow.
    most: usize,
}

impl<'a> Finder<'a> {
    fn new(repository: &'a Repository, blobs: &'a HashSet<ObjectId>) -> Self {
        Self {
            reader: Reader::new(repository),
            blobs,
            clean: HashSet::new(),
            seen: Vec::new(),
            problems: Problems::default(),
            place: 0,
            id: ObjectId([0; 20]),
            path: Vec::new(),
            budget: 0,
            allowance: TREES_LIMIT,
            most: 0,
        }
    }

    /// Begins with the commit at a place.
    fn start(&mut self, place: usize, id: ObjectId) {
        (self.place, self.id) = (place, id);
        self.path.clear();
        self.budget = self.allowance;
        self.most = self.seen.len().saturating_add(PLACES_LIMIT);
    }

    /// Ends with a commit; if there was too much of it, the next ones of its sort get less time.
    fn end(&mut self) {
        if self.budget == 0 {
            self.problems.push(Problem::TooComplex { id: self.id });
            self.allowance = (self.allowance / 2).max(TREES_LEAST);
        }
    }

    /// Notes the blobs that a tree has, at any depth, and none of the other trees has at the same path.
    fn compare(&mut self, tree: ObjectId, others: &[ObjectId], depth: usize) {
        if depth > DEPTH_LIMIT || self.seen.len() > self.most {
            self.budget = 0;
        }
        if self.budget == 0 || others.contains(&tree) || self.clean.contains(&tree) {
            return;
        }
        self.budget -= 1;
        let before = self.seen.len();
        let Some(bytes) = read_tree(&mut self.reader, &tree, &self.id, &mut self.problems) else { return };
        let others: Vec<Arc<Vec<u8>>> =
            others.iter().filter_map(|other| self.reader.read_kind(other, Kind::Tree).ok().flatten()).collect();
        let mut others: Vec<Entries<'_>> = others.iter().map(|bytes| Entries::new(bytes)).collect();
        let mut below = Vec::new();
        let mut entries = Entries::new(&bytes);
        loop {
            let start = entries;
            let Some(entry) = entries.next() else { break };
            below.clear();
            for other in &mut others {
                if other.skip_same(&entries, &start) {
                    below.push(entry.id);
                } else {
                    below.extend(same(other, &entry));
                }
            }
            let uninteresting = match entry.is {
                Is::Tree => false,
                Is::Blob => !self.blobs.contains(&entry.id),
                Is::Submodule => true,
            };
            if uninteresting || below.contains(&entry.id) {
                continue;
            }
            let length = self.path.len();
            if length > 0 {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(entry.name);
            if entry.is == Is::Tree {
                self.compare(entry.id, &below, depth + 1);
            } else {
                self.seen.push((entry.id, self.place, self.path.clone()));
            }
            self.path.truncate(length);
        }
        if let Some(fault) = entries.fault {
            self.problems.push(Problem::Broken { id: tree, fault });
        }
        if others.is_empty() && self.seen.len() == before && self.budget > 0 {
            self.clean.insert(tree);
        }
    }
}

/// The id of the other tree's entry with the same name, if it too is a tree, or no tree. Entries are asked for in their
/// order.
fn same(others: &mut Entries<'_>, entry: &Entry<'_>) -> Option<ObjectId> {
    loop {
        let before = *others;
        let other = others.next()?;
        match order(&other, entry) {
            Order::Less => {}
            Order::Equal => return Some(other.id),
            Order::Greater => {
                *others = before;
                return None;
            }
        }
    }
}

/// The order of git's trees: by name, a folder as if it ended in `/`.
fn order(a: &Entry<'_>, b: &Entry<'_>) -> Order {
    let common = a.name.len().min(b.name.len());
    let (a_start, a_rest) = a.name.split_at_checked(common).unwrap_or_default();
    let (b_start, b_rest) = b.name.split_at_checked(common).unwrap_or_default();
    let next = |rest: &[u8], is: Is| rest.first().copied().unwrap_or(if is == Is::Tree { b'/' } else { 0 });
    a_start.cmp(b_start).then_with(|| next(a_rest, a.is).cmp(&next(b_rest, b.is))).then(a.name.len().cmp(&b.name.len()))
}
