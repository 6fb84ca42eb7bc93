//! All commits that references reach, and trees.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::id::ObjectId;
use crate::object::{self, Entries, Is, Kind, Node};
use crate::problem::{Problem, Problems};
use crate::reader::Reader;
use crate::references::References;
use crate::repository::Repository;

/// How many tags of tags are followed, how many commits, and how deep folders are.
const TAGS_LIMIT: usize = 16;
const COMMITS_LIMIT: usize = 20_000_000;
pub(crate) const DEPTH_LIMIT: usize = 512;

/// The commits of a repository.
#[derive(Default)]
pub(crate) struct History {
    /// The newest first, by commit date.
    pub(crate) commits: Vec<Reached>,
    /// The place of each in `commits`.
    pub(crate) places: HashMap<ObjectId, usize>,
    /// Trees and blobs to which references point without a commit.
    pub(crate) bare: Vec<(Kind, ObjectId)>,
}

/// A commit that a reference reaches.
pub(crate) struct Reached {
    pub(crate) id: ObjectId,
    pub(crate) node: Node,
    /// Whether a remote-tracking branch reaches it.
    pub(crate) on_remote: bool,
}

impl History {
    /// Walks from all references; those of remotes first, so that what they reach is known.
    pub(crate) fn read(
        repository: &Repository,
        references: &References,
        reader: &mut Reader<'_>,
        cancel: Option<&AtomicBool>,
        problems: &mut Problems,
    ) -> Self {
        let mut history = Self::default();
        for on_remote in [true, false] {
            let names = references.names.iter().filter(|(name, _)| name.starts_with("refs/remotes/") == on_remote);
            let mut stack: Vec<(ObjectId, Option<ObjectId>)> = Vec::new();
            for (name, id) in names {
                stack.extend(history.peel(name, *id, reader, problems).map(|id| (id, None)));
            }
            while let Some((id, child)) = stack.pop() {
                if history.places.contains_key(&id) || history.commits.len() >= COMMITS_LIMIT {
                    continue;
                }
                if cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
                    return history;
                }
                let node = match reader.read_kind(&id, Kind::Commit).map(|bytes| bytes.map(|b| object::node(&b))) {
                    Ok(Some(Ok(node))) => node,
                    Ok(None) => {
                        let named_by = child.map(|child| child.to_string()).unwrap_or_default();
                        problems.push(Problem::Missing { id, named_by });
                        continue;
                    }
                    Ok(Some(Err(fault))) | Err(fault) => {
                        problems.push(Problem::Broken { id, fault });
                        continue;
                    }
                };
                if !repository.shallow.contains(&id) {
                    stack.extend(node.parents.iter().map(|parent| (*parent, Some(id))));
                }
                history.places.insert(id, history.commits.len());
                history.commits.push(Reached { id, node, on_remote });
            }
        }
        history.commits.sort_by(|a, b| b.node.seconds.cmp(&a.node.seconds).then(a.id.cmp(&b.id)));
        history.places = (0..).zip(&history.commits).map(|(place, commit)| (commit.id, place)).collect();
        history
    }

    /// The commit that a reference means; what is no commit is kept in `bare`.
    fn peel(&mut self, name: &str, id: ObjectId, reader: &mut Reader<'_>, problems: &mut Problems) -> Option<ObjectId> {
        let mut id = id;
        for _ in 0..TAGS_LIMIT {
            match reader.read(&id) {
                Ok(Some((Kind::Commit, _))) => return Some(id),
                Ok(Some((Kind::Tag, bytes))) => match object::tagged(&bytes) {
                    Ok(target) => id = target,
                    Err(fault) => {
                        problems.push(Problem::Broken { id, fault });
                        return None;
                    }
                },
                Ok(Some((kind, _))) => {
                    self.bare.push((kind, id));
                    return None;
                }
                Ok(None) => {
                    problems.push(Problem::Missing { id, named_by: name.to_owned() });
                    return None;
                }
                Err(fault) => {
                    problems.push(Problem::Broken { id, fault });
                    return None;
                }
            }
        }
        None
    }

    /// The trees of a commit's parents, as far as they are there.
    pub(crate) fn parent_trees(&self, commit: &Reached) -> Vec<ObjectId> {
        let parents = commit.node.parents.iter().filter_map(|parent| self.places.get(parent));
        parents.filter_map(|&place| self.commits.get(place)).map(|parent| parent.node.tree).collect()
    }
}

/// Reads a tree that `named_by` names; what is wrong with it is a problem.
pub(crate) fn read_tree(
    reader: &mut Reader<'_>,
    id: &ObjectId,
    named_by: &dyn std::fmt::Display,
    problems: &mut Problems,
) -> Option<Arc<Vec<u8>>> {
    match reader.read_kind(id, Kind::Tree) {
        Ok(Some(bytes)) => Some(bytes),
        Ok(None) => {
            problems.push(Problem::Missing { id: *id, named_by: named_by.to_string() });
            None
        }
        Err(fault) => {
            problems.push(Problem::Broken { id: *id, fault });
            None
        }
    }
}

/// What a tree has at a path; `None` if nothing, or if it cannot be read.
pub(crate) fn lookup(reader: &mut Reader<'_>, tree: ObjectId, path: &[u8]) -> Option<(Is, ObjectId)> {
    let mut at = (Is::Tree, tree);
    for name in path.split(|&byte| byte == b'/').filter(|name| !name.is_empty()).take(DEPTH_LIMIT) {
        if at.0 != Is::Tree {
            return None;
        }
        let bytes = reader.read_kind(&at.1, Kind::Tree).ok()??;
        at = Entries::new(&bytes).find(|entry| entry.name == name).map(|entry| (entry.is, entry.id))?;
    }
    Some(at)
}
