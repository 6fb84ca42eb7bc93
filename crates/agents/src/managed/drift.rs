//! What a machine has, against what was issued.

use std::collections::BTreeMap;

use super::{IssuedFile, shown};
use crate::agent::{Agent, Scope};
use crate::machine::{File, Machine};
use crate::places::{Role, place_of};
use crate::read::{self, Format};
use crate::tree::{Node, Value, line_and_column};

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftKind {
    /// An issued file is not there.
    FileMissing,
    /// A file of the organisation's scope was never issued.
    FileAdded,
    /// The file cannot be read, so nothing is known of it.
    FileUnread,
    /// An issued key, or element of a list, is not there.
    Missing,
    /// A key, or element, was never issued.
    Added,
    /// A key has another value.
    Changed,
}

impl DriftKind {
    /// The name that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FileMissing => "file-missing",
            Self::FileAdded => "file-added",
            Self::FileUnread => "file-unread",
            Self::Missing => "missing",
            Self::Added => "added",
            Self::Changed => "changed",
        }
    }
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The agent.
    pub agent: Agent,
    /// What differs.
    pub kind: DriftKind,
    /// The file on the machine.
    pub path: String,
    /// The line there, from 1; 0 for the file as a whole. Of a missing key the line of what should hold it.
    pub line: u32,
    /// The keys to it, with dots.
    pub key: String,
    /// What was issued, on one line, without secrets.
    pub issued: String,
    /// What is there.
    pub found: String,
}

/// The most differences of one file that are told.
const DRIFTS_MAX: usize = 1_000;

/// Compares a machine with what was issued to it. Sorted by file and line.
#[must_use]
pub fn drift(issued: &[IssuedFile], machine: &Machine) -> Vec<Drift> {
    let mut out = Vec::new();
    for file in issued {
        match machine.files.iter().find(|there| there.path == file.path) {
            Some(there) => compare(file, there, &mut out),
            None => out.push(whole(file.agent, DriftKind::FileMissing, &file.path)),
        }
    }
    let agents: Vec<Agent> = issued.iter().map(|file| file.agent).collect();
    for file in &machine.files {
        let Some(place) = place_of(file) else { continue };
        let sets = matches!(place.role, Role::Settings | Role::Hooks | Role::Rules | Role::Servers);
        let known = issued.iter().any(|one| one.path == file.path);
        if place.scope == Scope::Managed && sets && agents.contains(&place.agent) && !known {
            out.push(whole(place.agent, DriftKind::FileAdded, &file.path));
        }
    }
    out.sort_by(|a, b| {
        (&a.path, a.line, &a.key, &a.issued, &a.found).cmp(&(&b.path, b.line, &b.key, &b.issued, &b.found))
    });
    out
}

fn whole(agent: Agent, kind: DriftKind, path: &str) -> Drift {
    let empty = String::new;
    Drift { agent, kind, path: path.to_owned(), line: 0, key: empty(), issued: empty(), found: empty() }
}

fn compare(issued: &IssuedFile, there: &File, out: &mut Vec<Drift>) {
    let want = read::read(issued.format, issued.text.as_bytes(), 0);
    let have = read::read(issued.format, &there.bytes, 0);
    let odd =
        matches!(issued.format, Format::Json) && have.notes.iter().any(|note| note.kind == read::FaultKind::Comment);
    let (Some(want), Some(have)) = (&want.root, &have.root) else {
        out.push(whole(issued.agent, DriftKind::FileUnread, &there.path));
        return;
    };
    if there.unreadable || odd {
        out.push(whole(issued.agent, DriftKind::FileUnread, &there.path));
        return;
    }
    let mut walk = Walk { agent: issued.agent, there, found: Vec::new() };
    walk.node(want, have, &mut Vec::new());
    walk.found.truncate(DRIFTS_MAX);
    out.append(&mut walk.found);
}

struct Walk<'a> {
    agent: Agent,
    there: &'a File,
    found: Vec<Drift>,
}

impl Walk<'_> {
    fn tell(&mut self, kind: DriftKind, at: &Node, path: &[String], want: Option<&Node>, have: Option<&Node>) {
        let key = path.last().map_or("", String::as_str);
        let said = |node: Option<&Node>| node.map(|node| line_of(key, node)).unwrap_or_default();
        self.found.push(Drift {
            agent: self.agent,
            kind,
            path: self.there.path.clone(),
            line: line_and_column(&self.there.bytes, at.span.start).0,
            key: path.join("."),
            issued: said(want),
            found: said(have),
        });
    }

    fn node(&mut self, want: &Node, have: &Node, path: &mut Vec<String>) {
        match (&want.value, &have.value) {
            (Value::Map(_), Value::Map(_)) => self.maps(want, have, path),
            (Value::List(issued), Value::List(there)) => {
                // Lists of rules and names: order counts for nobody, so each element is there or not.
                for item in issued.iter().filter(|item| !there.iter().any(|one| one.same(item))) {
                    self.tell(DriftKind::Missing, have, path, Some(item), None);
                }
                for item in there.iter().filter(|item| !issued.iter().any(|one| one.same(item))) {
                    self.tell(DriftKind::Added, item, path, None, Some(item));
                }
            }
            _ if want.same(have) => {}
            _ => self.tell(DriftKind::Changed, have, path, Some(want), Some(have)),
        }
    }

    fn maps(&mut self, want: &Node, have: &Node, path: &mut Vec<String>) {
        // The last of two same keys counts, so each key is asked for once.
        let keys = |node: &Node| -> BTreeMap<String, ()> {
            node.entries().iter().map(|entry| (entry.key.clone(), ())).collect()
        };
        for key in keys(want).into_keys() {
            path.push(key);
            let name = path.last().map_or("", String::as_str);
            match (want.get(name), have.get(name)) {
                (Some(want), Some(there)) => self.node(want, there, path),
                (Some(want), None) => self.tell(DriftKind::Missing, have, path, Some(want), None),
                _ => {}
            }
            path.pop();
        }
        for key in keys(have).into_keys().filter(|key| want.get(key).is_none()) {
            let Some(entry) = have.entry(&key) else { continue };
            path.push(key);
            let at = Node { span: entry.key_span, ..entry.value.clone() };
            self.tell(DriftKind::Added, &at, path, None, Some(&entry.value));
            path.pop();
        }
    }
}

/// A value on one line.
fn line_of(key: &str, node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => shown(key, text),
        Value::List(items) => {
            format!("[{}]", items.iter().take(8).map(|item| line_of(key, item)).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let one = |entry: &crate::tree::Entry| format!("{} = {}", entry.key, line_of(&entry.key, &entry.value));
            format!("{{{}}}", entries.iter().take(8).map(one).collect::<Vec<_>>().join(", "))
        }
    }
}
