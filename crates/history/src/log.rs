//! The commits that lead to `HEAD`, the newest first, with their messages.

use std::collections::{BinaryHeap, HashSet};

use crate::id::ObjectId;
use crate::object::{self, Commit, Kind, Node};
use crate::problem::{Problem, Problems};
use crate::reader::Reader;
use crate::references::References;
use crate::repository::Repository;
use crate::walk::lookup;

/// Bytes of a message that are kept; trailers of longer ones are not seen.
const MESSAGE_LIMIT_BYTES: usize = 64 << 10;

/// A commit with all that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The commit.
    pub commit: Commit,
    /// The e-mail address of who committed it.
    pub committer_email: String,
    /// The message, at most 64 KiB; what is not UTF-8 is replaced.
    pub message: String,
}

/// What [`log`] went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// How many commits were handed out.
    pub commits: usize,
    /// Whether there are more than were asked for.
    pub more: bool,
    /// What could not be read; with such, commits may be missing.
    pub problems: Vec<Problem>,
}

/// Hands out the commits that `HEAD` reaches, by commit date, the newest first. With a `path` (`/` between its parts,
/// empty for all) only those that changed something there. Looks at `most` commits and no more.
pub fn log(repository: &Repository, path: &[u8], most: usize, each: &mut dyn FnMut(&Logged)) -> Log {
    let mut problems = Problems::default();
    let mut log = Log::default();
    let mut reader = Reader::new(repository);
    let head = References::read(repository, &mut problems).head;
    let mut queue: BinaryHeap<(i64, ObjectId)> = BinaryHeap::new();
    let mut seen: HashSet<ObjectId> = HashSet::new();
    if let Some(head) = head {
        queue.push((i64::MAX, head));
        seen.insert(head);
    }
    for looked in 0.. {
        let Some((_, id)) = queue.pop() else { break };
        if looked >= most {
            log.more = true;
            break;
        }
        let Some((bytes, node)) = read(&mut reader, id, &mut problems) else { continue };
        let parents = if repository.shallow.contains(&id) { Vec::new() } else { node.parents.clone() };
        let mut before = Vec::new();
        for parent in parents {
            let found = read(&mut reader, parent, &mut problems).map(|(_, node)| node);
            if seen.insert(parent) && found.is_some() {
                queue.push((found.as_ref().map_or(0, |node| node.seconds), parent));
            }
            before.extend(found);
        }
        if changes(&mut reader, &node, &before, path) {
            each(&logged(id, &bytes));
            log.commits += 1;
        }
    }
    log.problems = repository.problems.clone();
    log.problems.extend(problems.into_sorted());
    log
}

fn read(reader: &mut Reader<'_>, id: ObjectId, problems: &mut Problems) -> Option<(std::sync::Arc<Vec<u8>>, Node)> {
    match reader.read_kind(&id, Kind::Commit) {
        Ok(Some(bytes)) => match object::node(&bytes) {
            Ok(node) => Some((bytes, node)),
            Err(fault) => {
                problems.push(Problem::Broken { id, fault });
                None
            }
        },
        Ok(None) => {
            problems.push(Problem::Missing { id, named_by: String::from("HEAD") });
            None
        }
        Err(fault) => {
            problems.push(Problem::Broken { id, fault });
            None
        }
    }
}

/// Whether a commit has something else at a path than each of its parents.
fn changes(reader: &mut Reader<'_>, node: &Node, before: &[Node], path: &[u8]) -> bool {
    if path.is_empty() {
        return true;
    }
    let own = lookup(reader, node.tree, path).map(|(_, id)| id);
    if before.is_empty() {
        return own.is_some();
    }
    before.iter().all(|parent| lookup(reader, parent.tree, path).map(|(_, id)| id) != own)
}

fn logged(id: ObjectId, bytes: &[u8]) -> Logged {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or(bytes.len());
    let (head, message) = bytes.split_at(end);
    let committer = head.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"committer "));
    let message = message.get(..message.len().min(MESSAGE_LIMIT_BYTES)).unwrap_or_default();
    Logged {
        commit: object::commit(id, bytes),
        committer_email: committer.map(|line| object::person(line).1).unwrap_or_default(),
        message: String::from_utf8_lossy(message).trim_start().to_owned(),
    }
}
