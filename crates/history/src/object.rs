//! Commits, trees and tags.

use crate::id::{ID_BYTES, ObjectId};
use crate::problem::Fault;

/// The four kinds of git objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

impl Kind {
    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"commit" => Some(Self::Commit),
            b"tree" => Some(Self::Tree),
            b"blob" => Some(Self::Blob),
            b"tag" => Some(Self::Tag),
            _ => None,
        }
    }
}

/// One line of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) id: ObjectId,
    pub(crate) is: Is,
}

/// What an entry of a tree is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    /// A file or symbolic link.
    Blob,
    Tree,
    /// A commit of a submodule, which is in another repository.
    Submodule,
}

/// The entries of a tree, in its order. It stops at the first that is malformed, and is then at `fault`.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'a> {
    rest: &'a [u8],
    pub(crate) fault: Option<Fault>,
}

impl<'a> Entries<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, fault: None }
    }

    /// Goes over the next entry if it is, to the byte, the last one that the other has given.
    pub(crate) fn skip_same(&mut self, other: &Self, before: &Self) -> bool {
        let length = before.rest.len().saturating_sub(other.rest.len());
        let Some((next, rest)) = self.rest.split_at_checked(length) else { return false };
        let same = length > 0 && before.rest.starts_with(next);
        if same {
            self.rest = rest;
        }
        same
    }

    fn parse(rest: &'a [u8]) -> Result<(Entry<'a>, &'a [u8]), Fault> {
        let space = rest.iter().take(8).position(|&byte| byte == b' ').ok_or(Fault::Malformed)?;
        let (mode, after) = rest.split_at(space);
        let after = after.get(1..).unwrap_or_default();
        let zero = after.iter().position(|&byte| byte == 0).ok_or(Fault::Malformed)?;
        let (name, after) = after.split_at(zero);
        let (id, after) = after.get(1..).and_then(|at| at.split_at_checked(ID_BYTES)).ok_or(Fault::Truncated)?;
        let id = ObjectId::from_bytes(id).ok_or(Fault::Truncated)?;
        let is = match mode {
            b"40000" | b"040000" => Is::Tree,
            b"160000" => Is::Submodule,
            _ => Is::Blob,
        };
        Ok((Entry { name, id, is }, after))
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        match Self::parse(self.rest) {
            Ok((entry, rest)) => {
                self.rest = rest;
                Some(entry)
            }
            Err(fault) => {
                self.rest = &[];
                self.fault = Some(fault);
                None
            }
        }
    }
}

/// What a walk needs of a commit.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) seconds: i64,
}

/// How many parents of a commit are followed.
const PARENTS_LIMIT: usize = 1_000;

/// The tree, the parents and the commit date.
pub(crate) fn node(bytes: &[u8]) -> Result<Node, Fault> {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let tree = lines.next().and_then(|line| line.strip_prefix(b"tree ")).and_then(ObjectId::from_hex);
    let mut node = Node { tree: tree.ok_or(Fault::Malformed)?, parents: Vec::new(), seconds: 0 };
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            if node.parents.len() < PARENTS_LIMIT {
                node.parents.push(ObjectId::from_hex(parent).ok_or(Fault::Malformed)?);
            }
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            node.seconds = person(committer).2;
            break;
        }
    }
    Ok(node)
}

/// Who made a commit, when, and what it says it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: ObjectId,
    /// The author's name, as the commit has it (what is not UTF-8 is replaced).
    pub author: String,
    /// The author's e-mail address, as the commit has it.
    pub email: String,
    /// When the author wrote it: seconds since 1970, UTC. Whatever the author's clock said.
    pub author_seconds: i64,
    /// When it was committed: seconds since 1970, UTC.
    pub commit_seconds: i64,
    /// The first line of the message, at most 200 characters.
    pub summary: String,
}

/// Characters of names, addresses and summaries that are kept.
const TEXT_LIMIT_CHARS: usize = 200;

/// All that a person wants to know of a commit.
pub(crate) fn commit(id: ObjectId, bytes: &[u8]) -> Commit {
    let mut commit = Commit {
        id,
        author: String::new(),
        email: String::new(),
        author_seconds: 0,
        commit_seconds: 0,
        summary: String::new(),
    };
    let mut lines = bytes.split(|&byte| byte == b'\n');
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        if let Some(line) = line.strip_prefix(b"author ") {
            (commit.author, commit.email, commit.author_seconds) = person(line);
        } else if let Some(line) = line.strip_prefix(b"committer ") {
            commit.commit_seconds = person(line).2;
        }
    }
    commit.summary = lines.map(text).find(|line| !line.is_empty()).unwrap_or_default();
    commit
}

/// `Name <address> seconds zone`.
pub(crate) fn person(line: &[u8]) -> (String, String, i64) {
    let open = line.iter().position(|&byte| byte == b'<').unwrap_or(line.len());
    let close = line.iter().rposition(|&byte| byte == b'>').unwrap_or(line.len());
    let name = line.get(..open).unwrap_or_default();
    let email = line.get(open + 1..close).unwrap_or_default();
    let date = line.get(close + 1..).unwrap_or_default();
    let seconds = std::str::from_utf8(date).ok().and_then(|date| date.split_ascii_whitespace().next());
    (text(name), text(email), seconds.and_then(|seconds| seconds.parse().ok()).unwrap_or(0))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().chars().take(TEXT_LIMIT_CHARS).collect()
}

/// What an annotated tag points to.
pub(crate) fn tagged(bytes: &[u8]) -> Result<ObjectId, Fault> {
    let line = bytes.split(|&byte| byte == b'\n').next().and_then(|line| line.strip_prefix(b"object "));
    line.and_then(ObjectId::from_hex).ok_or(Fault::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_gives_author_dates_and_summary() {
        let hex = "0123456789abcdef0123456789abcdef01234567";
        let text = format!(
            "tree {hex}\nparent {hex}\nauthor 山田 <yamada@example.jp> 1700000000 +0900\n\
             committer B <b@example.test> 1700000060 -0100\ngpgsig x\n\n\n直す\n\nmore\n"
        );
        let id = ObjectId::from_hex(hex.as_bytes()).unwrap();
        let got = commit(id, text.as_bytes());
        assert_eq!((got.author.as_str(), got.email.as_str()), ("山田", "yamada@example.jp"));
        assert_eq!(
            (got.author_seconds, got.commit_seconds, got.summary.as_str()),
            (1_700_000_000, 1_700_000_060, "直す")
        );
        let node = node(text.as_bytes()).unwrap();
        assert_eq!((node.tree, node.parents, node.seconds), (id, vec![id], 1_700_000_060));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer(bytes: Vec<u8>) {
            let mut entries = Entries::new(&bytes);
            let count = entries.by_ref().count();
            assert!(22 * count <= bytes.len());
            let _ = node(&bytes);
            let _ = tagged(&bytes);
            let _ = commit(ObjectId([0; 20]), &bytes);
        }
    }
}
