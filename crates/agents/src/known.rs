//! The machine's files, read: each with its place in the world of its agent, its tree, and what is wrong with its text.

use std::collections::BTreeSet;

use crate::agent::{Agent, Scope};
use crate::machine::{File, Machine};
use crate::places::{self, Place, Role};
use crate::read::{self, Fault, FaultKind, Format};
use crate::texts::declares_tools;
use crate::tree::{Node, Span};

/// A file that an agent reads.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its number in [`Machine::files`].
    pub file: usize,
    /// Its path, as the machine writes it.
    pub path: String,
    /// The root of its repository.
    pub project: String,
    /// The agent.
    pub agent: Agent,
    /// Whose word it has.
    pub scope: Scope,
    /// What it is for.
    pub role: Role,
    /// Which settings belong together.
    pub unit: &'static str,
    /// How it is written.
    pub format: Format,
    /// Its tree; for Markdown its front matter.
    pub root: Option<Node>,
    /// The text after the front matter, and where it begins.
    pub body: String,
    /// Where the body begins, in bytes.
    pub body_start: usize,
}

impl Document {
    /// The repository and the folder in it that the file speaks of.
    #[must_use]
    pub fn home_of(&self) -> (String, String) {
        let folder = self.path.rsplit_once("/.").map_or("", |(folder, _)| folder);
        (self.project.clone(), folder.to_owned())
    }
}

/// What a machine's files say.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The files that agents read, in the machine's order.
    pub documents: Vec<Document>,
    /// What is wrong with a file: the number of its document, and what.
    pub problems: Vec<(usize, Fault)>,
}

impl Known {
    /// The settings files that could be read, with their numbers.
    pub fn settings(&self) -> impl Iterator<Item = (usize, &Document)> {
        self.documents
            .iter()
            .enumerate()
            .filter(|(_, document)| document.role == Role::Settings && document.root.is_some())
    }

    /// Files of a role, with their numbers.
    pub fn of(&self, role: Role) -> impl Iterator<Item = (usize, &Document)> {
        self.documents.iter().enumerate().filter(move |(_, document)| document.role == role)
    }
}

/// Reads a machine's files.
#[must_use]
pub(crate) fn read(machine: &Machine) -> Known {
    let mut known = Known::default();
    let skills = published_skills(machine);
    for (number, file) in machine.files.iter().enumerate() {
        let beside = || {
            let inside = |folder| skills.contains(&(file.project.as_str(), folder));
            above(&file.path).any(inside).then_some(&places::BESIDE_SKILL)
        };
        let Some(place) = places::place_of(file).or_else(beside) else { continue };
        if place.wants_tools() && !declares_tools(&file.bytes) {
            continue;
        }
        let at = known.documents.len();
        // Agents take a blank file for one without settings.
        let blank = matches!(place.format, Format::Json | Format::Jsonc) && file.bytes.trim_ascii().is_empty();
        let nothing = file.unreadable || blank || (file.bytes.is_empty() && file.link.is_some());
        let read = if nothing { read::Read::default() } else { read::read(place.format, &file.bytes, number) };
        if file.unreadable {
            let span = Span { file: number, start: 0, end: 0 };
            known.problems.push((at, Fault { kind: FaultKind::Unreadable, span }));
        }
        let strict = place.format == Format::Json;
        let counts = |fault: &&Fault| strict || fault.kind == FaultKind::Duplicate;
        known.problems.extend(read.faults.iter().chain(read.notes.iter().filter(counts)).map(|fault| (at, *fault)));
        known.documents.push(document(number, file, place, read));
    }
    known
}

/// The folders of the skills that lie in no place of an agent, with their projects.
fn published_skills(machine: &Machine) -> BTreeSet<(&str, &str)> {
    let skill =
        |file: &&File| places::place_of(file).is_some_and(|place| place.published() && place.role == Role::Skill);
    let folder = |file| (File::folder(file), &file.project);
    machine.files.iter().filter(skill).map(folder).map(|(folder, project)| (project.as_str(), folder)).collect()
}

/// The folders above a path, the nearest first; the last is the root, "".
pub(crate) fn above(path: &str) -> impl Iterator<Item = &str> {
    let parent = |path: &str| path.rfind('/').unwrap_or(0);
    let first = path.get(..parent(path));
    std::iter::successors(first, move |folder| match folder.is_empty() {
        true => None,
        false => folder.get(..parent(folder)),
    })
}

fn document(number: usize, file: &File, place: &Place, read: read::Read) -> Document {
    let body = file.bytes.get(read.body_start..).unwrap_or_default();
    let prose = matches!(place.format, Format::Markdown | Format::Lines) || place.role == Role::Command;
    Document {
        file: number,
        path: file.path.clone(),
        project: file.project.clone(),
        agent: place.agent,
        scope: place.scope,
        role: place.role,
        unit: place.unit,
        format: place.format,
        root: read.root,
        body: if prose { String::from_utf8_lossy(body).into_owned() } else { String::new() },
        body_start: read.body_start,
    }
}
