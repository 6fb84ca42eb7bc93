//! Which commit wrote a line.

use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;

use crate::id::ObjectId;
use crate::lines;
use crate::object::{self, Commit, Entries, Is, Kind, Node};
use crate::problem::Problems;
use crate::reader::Reader;
use crate::references::References;
use crate::repository::Repository;
use crate::walk::{DEPTH_LIMIT, lookup};

/// Commits that are looked at, files that a renamed one is compared with, and folders that are searched for them.
const COMMITS_LIMIT: usize = 2_000_000;
const RENAMES_LIMIT: usize = 64;
const FOLDERS_LIMIT: u32 = 20_000;

/// Who wrote a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The commit that wrote it.
    pub commit: Arc<Commit>,
    /// The path that the file had there.
    pub path: Vec<u8>,
    /// The number that the line had there, from 1.
    pub line: usize,
}

/// Says which commit wrote each of some lines (numbers from 1) of a file as `HEAD` has it. `path` is the path in the
/// repository, `/` between its parts. `None` for a line that is not there, or if the history that led to it cannot be
/// read. Renames are followed: to the same contents, or to a file that shares half of the lines.
pub fn blame(repository: &Repository, path: &[u8], lines: &[usize]) -> Vec<Option<Blame>> {
    let mut answers = vec![None; lines.len()];
    let references = References::read(repository, &mut Problems::default());
    let Some(head) = references.head else { return answers };
    let mut blamer = Blamer {
        repository,
        reader: Reader::new(repository),
        nodes: HashMap::new(),
        queue: BinaryHeap::new(),
        open: HashMap::new(),
        commits: HashMap::new(),
    };
    let asked = lines.iter().enumerate().filter_map(|(slot, line)| Some(Line { slot, at: line.checked_sub(1)? }));
    blamer.suspect(head, path, None, asked.collect());
    blamer.run(&mut answers);
    answers
}

/// A line that is asked for: the place of its answer, and its number in some version, from 0.
#[derive(Clone, Copy)]
struct Line {
    slot: usize,
    at: usize,
}

/// The lines that are asked of one version of a file, and that version where it is known already.
#[derive(Default)]
struct Suspect {
    blob: Option<ObjectId>,
    lines: Vec<Line>,
}

struct Blamer<'a> {
    repository: &'a Repository,
    reader: Reader<'a>,
    nodes: HashMap<ObjectId, Option<Arc<Node>>>,
    /// Commits with lines, the newest first.
    queue: BinaryHeap<(i64, ObjectId)>,
    open: HashMap<ObjectId, BTreeMap<Vec<u8>, Suspect>>,
    commits: HashMap<ObjectId, Arc<Commit>>,
}

impl Blamer<'_> {
    fn run(&mut self, answers: &mut [Option<Blame>]) {
        for _ in 0..COMMITS_LIMIT {
            let Some((_, id)) = self.queue.pop() else { return };
            for (path, suspect) in self.open.remove(&id).unwrap_or_default() {
                let Some((own, count)) = self.pass_on(id, &path, suspect) else { continue };
                let reader = &mut self.reader;
                let commit = self.commits.entry(id).or_insert_with(|| {
                    let bytes = reader.read_kind(&id, Kind::Commit).ok().flatten().unwrap_or_default();
                    Arc::new(object::commit(id, &bytes))
                });
                for line in own.into_iter().filter(|line| line.at < count) {
                    let blame = Blame { commit: Arc::clone(commit), path: path.clone(), line: line.at + 1 };
                    answers.get_mut(line.slot).into_iter().for_each(|answer| *answer = Some(blame.clone()));
                }
            }
        }
    }

    /// Gives the lines that parents had already to them; what is left is the commit's own, with the number of lines of
    /// its version. `None` if a version cannot be read.
    fn pass_on(&mut self, id: ObjectId, path: &[u8], suspect: Suspect) -> Option<(Vec<Line>, usize)> {
        let node = self.node(id)?;
        let blob = match suspect.blob {
            Some(blob) => blob,
            None => lookup(&mut self.reader, node.tree, path).filter(|(is, _)| *is == Is::Blob)?.1,
        };
        let mut parents = Vec::new();
        if !self.repository.shallow.contains(&id) {
            for parent in &node.parents {
                // A parent that is missing leaves its lines without an answer rather than with a wrong one.
                let tree = self.node(*parent)?.tree;
                parents.push((*parent, tree));
            }
        }
        let mut versions = Vec::new();
        for (parent, tree) in &parents {
            match lookup(&mut self.reader, *tree, path) {
                Some((Is::Blob, version)) if version == blob => {
                    self.suspect(*parent, path, Some(blob), suspect.lines);
                    return Some((Vec::new(), 0));
                }
                Some((Is::Blob, version)) => versions.push((*parent, path.to_vec(), version)),
                _ => {}
            }
        }
        let text = self.reader.read_kind(&blob, Kind::Blob).ok()??;
        if versions.is_empty() {
            for (parent, tree) in &parents {
                versions.extend(self.renamed(node.tree, *tree, blob, &text).map(|(path, id)| (*parent, path, id)));
            }
        }
        let mut rest = suspect.lines;
        for (parent, path, version) in versions {
            let older = self.reader.read_kind(&version, Kind::Blob).ok()??;
            let kept = lines::kept(&older, &text);
            let was = |line: &Line| kept.get(line.at).copied().flatten();
            let passed = rest.iter().filter_map(|line| Some(Line { slot: line.slot, at: was(line)? })).collect();
            rest.retain(|line| was(line).is_none());
            self.suspect(parent, &path, Some(version), passed);
        }
        Some((rest, lines::lines(&text).count()))
    }

    fn suspect(&mut self, id: ObjectId, path: &[u8], blob: Option<ObjectId>, lines: Vec<Line>) {
        if lines.is_empty() {
            return;
        }
        let Some(node) = self.node(id) else { return };
        self.queue.push((node.seconds, id));
        let suspect = self.open.entry(id).or_default().entry(path.to_vec()).or_default();
        suspect.blob = suspect.blob.or(blob);
        suspect.lines.extend(lines);
    }

    fn node(&mut self, id: ObjectId) -> Option<Arc<Node>> {
        let reader = &mut self.reader;
        let read = || object::node(&reader.read_kind(&id, Kind::Commit).ok()??).ok().map(Arc::new);
        self.nodes.entry(id).or_insert_with(read).clone()
    }

    /// The file of the older tree, gone from the newer one, that a file there most likely was.
    fn renamed(&mut self, new: ObjectId, old: ObjectId, blob: ObjectId, text: &[u8]) -> Option<(Vec<u8>, ObjectId)> {
        let mut gone = Vec::new();
        let mut budget = FOLDERS_LIMIT;
        self.gone(old, Some(new), &mut Vec::new(), &mut gone, &mut budget);
        if let Some(same) = gone.iter().find(|(_, id)| *id == blob) {
            return Some(same.clone());
        }
        let count = lines::lines(text).count();
        let mut best = None;
        for (path, id) in gone.into_iter().take(RENAMES_LIMIT) {
            let Ok(Some(older)) = self.reader.read_kind(&id, Kind::Blob) else { continue };
            let larger = lines::lines(&older).count().max(count);
            let kept = lines::kept(&older, text).iter().flatten().count();
            if 2 * kept >= larger && best.as_ref().is_none_or(|(most, _)| kept > *most) {
                best = Some((kept, (path, id)));
            }
        }
        best.map(|(_, file)| file)
    }

    /// The files of an older tree that a newer one does not have at the same path.
    fn gone(
        &mut self,
        old: ObjectId,
        new: Option<ObjectId>,
        path: &mut Vec<u8>,
        gone: &mut Vec<(Vec<u8>, ObjectId)>,
        budget: &mut u32,
    ) {
        if *budget == 0 || new == Some(old) || path.len() > 8 * DEPTH_LIMIT {
            return;
        }
        *budget -= 1;
        let Ok(Some(old)) = self.reader.read_kind(&old, Kind::Tree) else { return };
        let new = new.and_then(|new| self.reader.read_kind(&new, Kind::Tree).ok().flatten()).unwrap_or_default();
        let there: HashMap<&[u8], (Is, ObjectId)> =
            Entries::new(&new).map(|entry| (entry.name, (entry.is, entry.id))).collect();
        for entry in Entries::new(&old) {
            let other = there.get(entry.name).filter(|(is, _)| *is == entry.is);
            let length = path.len();
            if length > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(entry.name);
            match entry.is {
                Is::Tree => self.gone(entry.id, other.map(|(_, id)| *id), path, gone, budget),
                Is::Blob if other.is_none() => gone.push((path.clone(), entry.id)),
                _ => {}
            }
            path.truncate(length);
        }
    }
}
