//! Pins: what was approved, by hash, in `agents.lock`, and what has changed since.
//!
//! A pin is a skill with all its files, a plugin, the declaration of an MCP server, the tools that a server declares, a
//! hook with its program, or a file of instructions, commands or sub-agents. The file is sorted, so that a change of one
//! thing is a change of few lines.

mod lock;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::lang::words;
use crate::machine::{File, Machine};
use crate::managed::NOWHERE;
use crate::places::Role;
use crate::servers::Server;
use crate::subject::Model;
use crate::tree::{Entry, Node, Span, Value};

pub use lock::{lock, lock_text};

/// Something that was approved, or is there now.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// What it is: `skill`, `plugin`, `server`, `tools`, `hook`, `instructions`, `command`, `subagent`.
    pub kind: String,
    /// Its place: a folder for skills and plugins, else a file.
    pub path: String,
    /// Its name; a second one of the same name in the same file is `name#2`.
    pub name: String,
    /// The root of its repository, where the lock is of a machine with several; else empty.
    pub project: String,
    /// SHA-256 in small hexadecimal digits.
    pub sha256: String,
    /// Its files, from its folder, with their SHA-256, where it has several.
    pub files: BTreeMap<String, String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When somebody has to look again: `2027-01-31`.
    pub review: Option<String>,
}

/// How a pin differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PinChangeKind {
    /// There now, never approved.
    Added,
    /// Approved, and something else now.
    Changed,
    /// Approved, and gone.
    Removed,
}

impl PinChangeKind {
    /// The name that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// A difference between what was approved and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinChange {
    /// How it differs.
    pub kind: PinChangeKind,
    /// The pin: the approved one where it is gone, else the one that is there now.
    pub pin: Pin,
    /// The files in it that differ.
    pub files: Vec<(PinChangeKind, String)>,
}

/// Everything of a machine that can be approved, sorted. `program` gives the hash of a program of the machine by its
/// whole path, where it can be read.
#[must_use]
pub fn pins(machine: &Machine, model: &Model, program: &dyn Fn(&str) -> Option<String>) -> Vec<Pin> {
    let mut out = folders(machine, model);
    out.extend(single(machine, model));
    out.extend(model.servers.iter().filter_map(|server| server_pin(model, server)));
    out.extend(hooks(machine, model, program));
    if one_project(machine) {
        out.iter_mut().for_each(|pin| pin.project.clear());
    }
    out.sort();
    let mut seen: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    for pin in &mut out {
        let key = (pin.kind.clone(), pin.path.clone(), pin.project.clone(), pin.name.clone());
        let count = seen.entry(key).or_default();
        *count = count.saturating_add(1);
        if *count > 1 {
            pin.name = format!("{}#{count}", pin.name);
        }
    }
    out.sort();
    out
}

fn one_project(machine: &Machine) -> bool {
    let mut projects: Vec<&str> =
        machine.files.iter().filter(|file| file.in_project()).map(|file| &*file.project).collect();
    projects.sort_unstable();
    projects.dedup();
    projects.len() < 2
}

/// What has changed since, sorted as pins are. The owner and the date of a review are no part of what was approved.
#[must_use]
pub fn pin_changes(approved: &[Pin], now: &[Pin]) -> Vec<PinChange> {
    let key = |pin: &Pin| (pin.kind.clone(), pin.path.clone(), pin.name.clone(), pin.project.clone());
    let before: BTreeMap<_, &Pin> = approved.iter().map(|pin| (key(pin), pin)).collect();
    let after: BTreeMap<_, &Pin> = now.iter().map(|pin| (key(pin), pin)).collect();
    let mut all: Vec<_> = before.keys().chain(after.keys()).cloned().collect();
    all.sort();
    all.dedup();
    let change = |key| match (before.get(&key), after.get(&key)) {
        (Some(old), Some(new)) if old.sha256 == new.sha256 => None,
        (Some(old), Some(new)) => {
            let files = file_changes(&old.files, &new.files);
            Some(PinChange { kind: PinChangeKind::Changed, pin: (*new).clone(), files })
        }
        (None, Some(new)) => Some(PinChange { kind: PinChangeKind::Added, pin: (*new).clone(), files: Vec::new() }),
        (Some(old), None) => Some(PinChange { kind: PinChangeKind::Removed, pin: (*old).clone(), files: Vec::new() }),
        (None, None) => None,
    };
    all.into_iter().filter_map(change).collect()
}

fn file_changes(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<(PinChangeKind, String)> {
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let change = |name: &String| match (old.get(name), new.get(name)) {
        (Some(before), Some(after)) if before == after => None,
        (Some(_), Some(_)) => Some((PinChangeKind::Changed, name.clone())),
        (None, _) => Some((PinChangeKind::Added, name.clone())),
        (Some(_), None) => Some((PinChangeKind::Removed, name.clone())),
    };
    names.into_iter().filter_map(change).collect()
}

/// SHA-256 in small hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of a file; of a link that of its target's name too, so that it does not pass for the file.
fn file_hash(file: &File) -> String {
    match &file.link {
        Some(target) => sha256(&[b"link\0", target.as_bytes(), b"\0", file.bytes.as_slice()].concat()),
        None if file.unreadable => "unreadable".to_owned(),
        None => sha256(&file.bytes),
    }
}

/// One hash of several files.
fn sum(files: &BTreeMap<String, String>) -> String {
    let lines: String = files.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect();
    sha256(lines.as_bytes())
}

/// Skills and plugins: folders with all that was read in them.
fn folders(machine: &Machine, model: &Model) -> Vec<Pin> {
    let mut out = Vec::new();
    for document in model.known.documents.iter().filter(|one| matches!(one.role, Role::Skill | Role::Plugin)) {
        let own = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let hidden = own.rsplit_once('/').map_or(own, |(_, last)| last);
        // A manifest lies in a folder of its own below the plugin's.
        let inner = document.role == Role::Plugin && hidden.starts_with('.') && hidden.ends_with("-plugin");
        let folder = if inner { own.rsplit_once('/').map_or("", |(folder, _)| folder) } else { own };
        let inside = |file: &&File| file.project == document.project && below(&file.path, folder).is_some();
        let name_of = |file: &File| below(&file.path, folder).unwrap_or_default().to_owned();
        // Another agent's settings in the root of a repository are no part of a plugin there.
        let counts = |file: &&File| !folder.is_empty() || file.path == document.path;
        let files: BTreeMap<String, String> =
            machine.files.iter().filter(inside).filter(counts).map(|file| (name_of(file), file_hash(file))).collect();
        out.push(Pin {
            kind: document.role.name().to_owned(),
            path: folder.to_owned(),
            name: folder.rsplit('/').next().unwrap_or_default().to_owned(),
            project: document.project.clone(),
            sha256: sum(&files),
            files,
            ..Pin::default()
        });
    }
    out
}

/// The path from a folder on, where it is in it.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// Files that stand alone.
fn single(machine: &Machine, model: &Model) -> Vec<Pin> {
    let wanted = |role| matches!(role, Role::Tools | Role::Instructions | Role::Command | Role::Subagent);
    let one = |document: &crate::Document| {
        let file = machine.files.get(document.file)?;
        Some(Pin {
            kind: document.role.name().to_owned(),
            path: document.path.clone(),
            name: file.name().to_owned(),
            project: document.project.clone(),
            sha256: file_hash(file),
            ..Pin::default()
        })
    };
    model.known.documents.iter().filter(|document| wanted(document.role)).filter_map(one).collect()
}

fn server_pin(model: &Model, server: &Server) -> Option<Pin> {
    let document = model.known.documents.get(server.document)?;
    Some(Pin {
        kind: "server".to_owned(),
        path: document.path.clone(),
        name: server.name.clone(),
        project: document.project.clone(),
        sha256: sha256(canonical("", &server.raw).as_bytes()),
        ..Pin::default()
    })
}

/// A declaration as one text, keys in order. A secret counts by its name alone: it changes, and its hash tells of it.
fn canonical(key: &str, node: &Node) -> String {
    match &node.value {
        Value::Map(entries) => {
            let mut sorted: Vec<&Entry> = entries.iter().collect();
            sorted.sort_by(|a, b| a.key.cmp(&b.key));
            let one = |entry: &&Entry| format!("{:?}:{}", entry.key, canonical(&entry.key, &entry.value));
            format!("{{{}}}", sorted.iter().map(one).collect::<Vec<_>>().join(","))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| canonical(key, item)).collect::<Vec<_>>().join(","))
        }
        Value::Text(text) if words::secret_name(key) && words::literal(text) => "secret".to_owned(),
        Value::Text(text) => format!("{text:?}"),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => "null".to_owned(),
    }
}

fn hooks(machine: &Machine, model: &Model, program: &dyn Fn(&str) -> Option<String>) -> Vec<Pin> {
    let one = |hook: &crate::Hook| {
        let document = model.known.documents.get(hook.document)?;
        let matcher = hook.group.get("matcher").cloned().unwrap_or(Node { value: Value::Null, span: NOWHERE });
        let declared = format!("{:?} {} {}", hook.event, canonical("", &matcher), canonical("", &hook.raw));
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        files.insert("declaration".to_owned(), sha256(declared.as_bytes()));
        let mut scripts: Vec<&File> = machine
            .files
            .iter()
            .filter(|file| file.project == document.project && file.in_project())
            .filter(|file| file.path.contains('/') && hook.line().contains(&*file.path))
            .collect();
        scripts.truncate(PROGRAMS_MAX);
        files.extend(scripts.into_iter().map(|file| (file.path.clone(), file_hash(file))));
        let line = words::split(&hook.line());
        let absolute = line.iter().filter(|word| crate::machine::is_absolute(word)).take(PROGRAMS_MAX);
        files.extend(absolute.filter_map(|word| Some((word.clone(), program(word)?))));
        Some(Pin {
            kind: "hook".to_owned(),
            path: document.path.clone(),
            name: hook.event.clone(),
            project: document.project.clone(),
            sha256: sum(&files),
            files,
            ..Pin::default()
        })
    };
    model.hooks.iter().filter_map(one).collect()
}

/// The most programs of one hook that are hashed.
const PROGRAMS_MAX: usize = 16;

/// What the locks among a machine's files say of what is there now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Approval {
    /// Declarations of servers, and files of tools, that are not what was approved.
    pub(crate) changed: Vec<Span>,
    /// Files of skills that nobody has approved, or whose review is due.
    pub(crate) unrecorded: Vec<usize>,
}

/// Compares a machine with the locks among its files.
pub(crate) fn approval(machine: &Machine, model: &Model) -> Approval {
    let mut out = Approval::default();
    let locks: Vec<(&crate::Document, Vec<Pin>)> = model
        .known
        .of(Role::Pins)
        .filter(|(_, document)| document.unit == "lock")
        .filter_map(|(_, document)| {
            let file = machine.files.get(document.file)?;
            Some((document, lock(&String::from_utf8_lossy(&file.bytes)).ok()?))
        })
        .collect();
    if locks.is_empty() {
        return out;
    }
    let in_project = |path: &str| !crate::machine::is_home(path) && !crate::machine::is_absolute(path);
    // The pins that speak of a file's repository, or of the machine.
    let of = |project: &str, path: &str| -> Vec<&Pin> {
        let speaks = |(document, _): &&(&crate::Document, Vec<Pin>)| {
            if in_project(&document.path) { in_project(path) && document.project == project } else { true }
        };
        let own = |document: &crate::Document, pin: &Pin| {
            pin.project == project || (pin.project.is_empty() && in_project(&document.path) == in_project(path))
        };
        let all = locks.iter().filter(speaks);
        all.flat_map(|(document, pins)| pins.iter().filter(move |pin| own(document, pin))).collect()
    };
    let speaks_of = |project: &str, path: &str| {
        locks.iter().any(|(document, _)| {
            (in_project(&document.path) && in_project(path) && document.project == project)
                || (!in_project(&document.path) && !in_project(path))
        })
    };
    for server in &model.servers {
        let Some(now) = server_pin(model, server) else { continue };
        let known = of(&now.project, &now.path);
        let mut same = known.iter().filter(|pin| pin.kind == "server" && pin.path == now.path);
        let named = |pin: &&&Pin| pin.name.split('#').next() == Some(&now.name);
        let approved: Vec<&&Pin> = same.by_ref().filter(named).collect();
        if !approved.is_empty() && approved.iter().all(|pin| pin.sha256 != now.sha256) {
            out.changed.push(server.span);
        }
    }
    for now in single(machine, model).iter().filter(|pin| pin.kind == "tools") {
        let known = of(&now.project, &now.path);
        let Some(approved) = known.iter().find(|pin| pin.kind == "tools" && pin.path == now.path) else { continue };
        let there = |file: &File| file.path == now.path && file.project == now.project;
        if let Some(file) = machine.files.iter().position(there).filter(|_| approved.sha256 != now.sha256) {
            out.changed.push(Span { file, start: 0, end: 0 });
        }
    }
    for (_, document) in
        model.known.of(Role::Skill).filter(|(_, document)| speaks_of(&document.project, &document.path))
    {
        let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let known = of(&document.project, &document.path);
        let pin = known.iter().find(|pin| pin.kind == "skill" && pin.path == folder);
        let due = |review: &String| machine.today.as_ref().is_some_and(|today| review < today);
        if pin.is_none_or(|pin| pin.review.as_ref().is_some_and(due)) {
            out.unrecorded.push(document.file);
        }
    }
    out
}
