//! What a parser has found so far, and how that becomes [`Parsed`].

use std::collections::HashMap;

use yata_model::{Arg, Component, Message, Occurrence, Package, Problem, ProblemKind, Scope, SourcePackage};

use super::{FILE_MAX_COMPONENTS, FILE_MAX_PROBLEMS, Input, OsRelease, Parsed, Subject};

/// Collects components and problems of one file.
pub(super) struct Found<'a> {
    file: &'a str,
    components: Vec<Component>,
    by_purl: HashMap<String, usize>,
    problems: Vec<Problem>,
    problems_left_out: usize,
    components_left_out: usize,
    pub(super) subject: Option<Subject>,
    pub(super) os: Option<OsRelease>,
}

/// One component at one place.
pub(super) struct Seen {
    pub(super) purl: String,
    pub(super) package: Package,
    pub(super) version: Option<String>,
    pub(super) source: Option<SourcePackage>,
    pub(super) line: Option<u32>,
    pub(super) scope: Scope,
    pub(super) direct: Option<bool>,
    pub(super) path: Vec<String>,
}

impl Seen {
    /// A component at runtime scope of which nothing more is known.
    pub(super) fn new(purl: String, package: Package, version: Option<String>) -> Self {
        Seen { purl, package, version, source: None, line: None, scope: Scope::Runtime, direct: None, path: Vec::new() }
    }
}

impl<'a> Found<'a> {
    pub(super) fn new(input: &Input<'a>) -> Self {
        Found {
            file: input.path,
            components: Vec::new(),
            by_purl: HashMap::new(),
            problems: Vec::new(),
            problems_left_out: 0,
            components_left_out: 0,
            subject: None,
            os: None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.components.is_empty()
    }

    /// Adds a component, or one more occurrence of one that is there already.
    pub(super) fn add(&mut self, seen: Seen) {
        let occurrence = Occurrence {
            file: self.file.to_owned(),
            line: seen.line,
            scope: seen.scope,
            direct: seen.direct,
            path: seen.path,
        };
        if let Some(component) = self.by_purl.get(&seen.purl).and_then(|index| self.components.get_mut(*index)) {
            component.occurrences.push(occurrence);
            return;
        }
        if self.components.len() >= FILE_MAX_COMPONENTS {
            self.components_left_out += 1;
            return;
        }
        self.by_purl.insert(seen.purl.clone(), self.components.len());
        self.components.push(Component {
            purl: seen.purl,
            package: seen.package,
            version: seen.version,
            source: seen.source,
            occurrences: vec![occurrence],
        });
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        if self.problems.len() < FILE_MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.problems_left_out += 1;
        }
    }

    /// A problem about this file, with the argument `file` set.
    pub(super) fn report(&mut self, kind: ProblemKind, line: Option<u32>, message: Message) {
        let mut problem = Problem::new(kind, self.file, message.with("file", self.file));
        problem.line = line;
        self.problem(problem);
    }

    /// An entry that could not be understood; the rest of the file was.
    pub(super) fn bad_entry(&mut self, entry: &str, why: impl Into<String>, line: Option<u32>) {
        let message = Message::new("problem-bad-entry").with("entry", shown(entry)).with("why", why.into());
        self.report(ProblemKind::BadEntry, line, message);
    }

    /// A component without a version that could be compared.
    pub(super) fn version_unknown(&mut self, package: &str, line: Option<u32>) {
        let message = Message::new("problem-version-not-pinned").with("package", shown(package));
        self.report(ProblemKind::VersionUnknown, line, message);
    }

    pub(super) fn finish(mut self) -> Parsed {
        for (left_out, id, limit) in [
            (self.components_left_out, "problem-too-many-components", FILE_MAX_COMPONENTS),
            (self.problems_left_out, "problem-too-many-problems", FILE_MAX_PROBLEMS),
        ] {
            if left_out > 0 {
                let message = Message::new(id)
                    .with("file", self.file)
                    .with("count", Arg::from(left_out))
                    .with("limit", Arg::from(limit));
                self.problems.push(Problem::new(ProblemKind::TooLarge, self.file, message));
            }
        }
        for component in &mut self.components {
            component.occurrences.sort();
            component.occurrences.dedup();
        }
        self.components.sort_by(|a, b| a.purl.cmp(&b.purl));
        Parsed { components: self.components, subject: self.subject, os: self.os, problems: self.problems }
    }
}

/// The most characters of an entry's name that a message shows.
const SHOWN_MAX_CHARS: usize = 120;

/// A name from a file, short enough for a message and without control characters.
pub(super) fn shown(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(SHOWN_MAX_CHARS)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(SHOWN_MAX_CHARS).is_some() {
        out.push('…');
    }
    out
}

/// A file that could not be parsed at all.
pub(super) fn unparsable(input: &Input<'_>, message: Message, line: Option<u32>) -> Parsed {
    Parsed { problems: vec![unparsable_problem(input, message, line)], ..Parsed::default() }
}

/// The problem of a file that could not be parsed at all.
pub(super) fn unparsable_problem(input: &Input<'_>, message: Message, line: Option<u32>) -> Problem {
    let mut problem = Problem::new(ProblemKind::Unparsable, input.path, message.with("file", input.path));
    problem.line = line;
    problem
}

/// A file that is well-formed but not of its format.
pub(super) fn not_the_format(input: &Input<'_>, format: &str, why: impl Into<String>) -> Parsed {
    let message = Message::new("problem-not-the-format").with("format", format).with("why", why.into());
    unparsable(input, message, None)
}

/// How the tests of the formats look at what was parsed.
#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::inventory::Format;

    /// Parses `content` and compares one line per occurrence and problem.
    pub(in crate::inventory) fn check(format: &Format, path: &str, content: &str, expected: &[&str]) {
        let parsed = (format.parse)(&Input::new(path, content.as_bytes()));
        compare(&parsed, expected);
    }

    pub(in crate::inventory) fn compare(parsed: &Parsed, expected: &[&str]) {
        let mut lines = Vec::new();
        for component in &parsed.components {
            for occurrence in &component.occurrences {
                let direct = match occurrence.direct {
                    Some(true) => " direct",
                    Some(false) => " indirect",
                    None => "",
                };
                let line = occurrence.line.map_or_else(String::new, |line| format!(" line {line}"));
                let scope = occurrence.scope;
                let path = occurrence.path.join(" > ");
                lines.push(format!("{} | {scope:?}{direct}{line} | {path}", component.purl));
            }
        }
        for problem in &parsed.problems {
            let line = problem.line.map_or_else(String::new, |line| format!(" line {line}"));
            let args = problem.message.args.iter().filter(|(name, _)| *name != "file").map(|(name, arg)| match arg {
                Arg::Number(number) => format!(" {name}={number}"),
                Arg::Text(text) => format!(" {name}={text}"),
            });
            lines.push(format!("! {:?}{line} {}{}", problem.kind, problem.message.id, args.collect::<String>()));
        }
        assert_eq!(lines, expected, "\nactual: {lines:#?}");
    }
}
