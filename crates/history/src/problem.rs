//! What could not be read, as values that a message can be made of.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::id::ObjectId;

/// Something of a repository that could not be read or was not, so that its answer is incomplete.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Problem {
    /// An object that is there but cannot be decoded, from any of its copies.
    Broken {
        /// The object.
        id: ObjectId,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A blob over the size limit; it was not looked at.
    TooLarge {
        /// The blob.
        id: ObjectId,
        /// Its size in bytes.
        size_bytes: u64,
    },
    /// An object that another one names and that is not there.
    Missing {
        /// The object.
        id: ObjectId,
        /// What names it: the id of a commit or tree, or the name of a reference.
        named_by: String,
    },
    /// A file of the repository (a pack, an index, a reference) that cannot be read as a whole.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The history is cut: a shallow clone has no parents of these commits.
    Shallow {
        /// How many commits have lost their parents.
        commits: usize,
    },
    /// A partial clone: objects that were never fetched are not here.
    Partial,
    /// A commit whose trees are too many to compare; its appearances are incomplete.
    TooComplex {
        /// The commit.
        id: ObjectId,
    },
    /// More problems than are listed.
    More {
        /// How many.
        count: u64,
    },
}

/// What is wrong with an object or a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fault {
    /// The operating system could not read it.
    Unreadable,
    /// It ends too early.
    Truncated,
    /// Its compressed bytes are damaged, or their checksum or length is not as announced.
    Compression,
    /// It does not have the form that git gives such a thing.
    Malformed,
    /// It is a difference to an object that is missing, broken, or in a circle.
    Base,
    /// It is larger than what is decoded at all.
    TooLarge,
    /// It is of a format or version that is not supported.
    Unsupported,
    /// Its number of objects is not the one that its index announces.
    Count,
}

/// How many problems are listed; more are counted.
const PROBLEMS_LIMIT: usize = 10_000;

/// A list of problems of bounded length.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    listed: Vec<Problem>,
    more: u64,
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        match problem {
            Problem::More { count } => self.more = self.more.saturating_add(count),
            problem if self.listed.len() < PROBLEMS_LIMIT => self.listed.push(problem),
            _ => self.more = self.more.saturating_add(1),
        }
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// The problems in a fixed order, without repetitions.
    pub(crate) fn into_sorted(mut self) -> Vec<Problem> {
        self.listed.sort_unstable();
        self.listed.dedup();
        if self.more > 0 {
            self.listed.push(Problem::More { count: self.more });
        }
        self.listed
    }
}
