//! The edits that mend a file: pieces of text in the place of others, so that comments and order stay.

use crate::agent::Agent;
use crate::check::{Deed, Mend};
use crate::effective::merge;
use crate::known::Document;
use crate::lang::parse::parse_path;
use crate::read::{Format, json};
use crate::subject::Subject;
use crate::tree::{Entry, Node, Span, Value};

mod tables;

/// A piece of a file and what comes in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty where something is only put in.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// The file after its edits. Those that overlap an earlier one are left out.
#[must_use]
pub fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for edit in edits {
        if edit.span.start < at || edit.span.end > bytes.len() {
            continue;
        }
        out.extend_from_slice(bytes.get(at..edit.span.start).unwrap_or_default());
        out.extend_from_slice(edit.text.as_bytes());
        at = edit.span.end;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out
}

/// The edits of a check's mends on the file of a subject; none where the file's format has no edit.
pub(crate) fn edits(
    mends: &[Mend],
    document: &Document,
    bytes: &[u8],
    subject: &Subject<'_>,
    element: Option<Span>,
) -> Vec<Edit> {
    let Some(root) = &document.root else { return Vec::new() };
    if !matches!(document.format, Format::Json | Format::Jsonc | Format::Toml) {
        return Vec::new();
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let toml = document.format == Format::Toml;
    let mut editor = Editor { text, root, toml, out: Vec::new(), put_in: Vec::new(), file: document.file };
    for mend in mends {
        editor.mend(mend, subject, element);
    }
    editor.out
}

struct Editor<'a> {
    text: &'a str,
    root: &'a Node,
    toml: bool,
    file: usize,
    out: Vec<Edit>,
    put_in: Vec<PutIn>,
}

/// A key that an edit puts into a map of JSON, so that a second edit can put more below it.
struct PutIn {
    edit: usize,
    front: String,
    key: String,
    value: Node,
}

impl<'a> Editor<'a> {
    fn mend(&mut self, mend: &Mend, subject: &Subject<'_>, element: Option<Span>) {
        let value = json::read(mend.value, self.file).root;
        match mend.path {
            "it" | "subject" => {
                let span = if mend.path == "it" { element.unwrap_or(subject.span) } else { subject.span };
                let Some(found) = find(self.root, span) else { return };
                match (mend.deed, value) {
                    (Deed::Remove, _) => self.remove(found),
                    (Deed::Swap, Some(value)) => self.swap(found.value(), &value),
                    (_, Some(value)) if self.in_one_place(found.value()) => {
                        let text = self.written(&value);
                        self.out.push(Edit { span: found.value().span, text });
                    }
                    _ => {}
                }
            }
            path => {
                let inside = path.strip_prefix("subject.");
                let base = match inside {
                    Some(_) => find(self.root, subject.span).map(|found| found.value()),
                    None => Some(self.root),
                };
                let keys =
                    parse_path(&format!("x.{}", inside.unwrap_or(path))).map(|path| path.keys).unwrap_or_default();
                let keys: Option<Vec<String>> = keys.into_iter().collect();
                let (Some(base), Some(keys)) = (base, keys) else { return };
                match (mend.deed, value) {
                    (Deed::Remove, _) => {
                        let parent = keys
                            .split_last()
                            .and_then(|(_, front)| front.iter().try_fold(base, |node, key| node.get(key)));
                        if let (Some(parent), Some(entry)) = (parent, base.entry_at(&keys)) {
                            self.remove(Found::Entry(parent, entry));
                        }
                    }
                    (Deed::Add, Some(value)) => self.add(base, &keys, &value),
                    (_, Some(value)) => self.set(base, &keys, &value),
                    _ => {}
                }
            }
        }
    }

    /// Exchanges a piece of a text; the first of several swaps that finds its piece counts.
    fn swap(&mut self, node: &Node, pieces: &Node) {
        let pieces = pieces.texts();
        let (Some(text), Some(old), Some(new)) = (node.as_text(), pieces.first(), pieces.get(1)) else { return };
        let taken = self.out.iter().any(|edit| edit.span == node.span);
        let cut = text.rfind(old).and_then(|at| Some((text.get(..at)?, text.get(at.saturating_add(old.len())..)?)));
        if let Some((before, after)) = cut.filter(|_| !taken) {
            self.out.push(Edit { span: node.span, text: quoted(&format!("{before}{new}{after}")) });
        }
    }

    fn set(&mut self, base: &'a Node, keys: &[String], value: &Node) {
        if self.toml {
            self.set_toml(base, keys, value);
            return;
        }
        let Some((first, rest)) = keys.split_first() else { return };
        match base.get(first) {
            Some(node) if rest.is_empty() => {
                let text = self.written(value);
                self.out.push(Edit { span: node.span, text });
            }
            Some(node) if matches!(node.value, Value::Map(_)) => self.set(node, rest, value),
            Some(node) => {
                let text = self.nested(rest, value);
                self.out.push(Edit { span: node.span, text });
            }
            None => self.insert(base, keys, value),
        }
    }

    /// A value under keys that are not there yet.
    fn nested(&self, keys: &[String], value: &Node) -> String {
        match keys.split_first() {
            None => self.written(value),
            Some((first, rest)) if self.toml => format!("{{ {first} = {} }}", self.nested(rest, value)),
            Some((first, rest)) => format!("{{{}: {}}}", quoted(first), self.nested(rest, value)),
        }
    }

    fn insert(&mut self, base: &Node, keys: &[String], value: &Node) {
        let Some((first, rest)) = keys.split_first() else { return };
        let inner = nest(rest, value);
        let (start, end) = (base.span.start, base.span.end);
        let (at, front) = match base.entries().last() {
            Some(last) => (last.value.span.end, format!(",{}", self.indent(last.key_span.start))),
            None if start < end => {
                let at = start.saturating_add(1);
                let more = self.out.iter().any(|edit| edit.span.start == at && edit.span.end == at);
                (at, if more { ", ".to_owned() } else { String::new() })
            }
            None => return,
        };
        let span = Span { file: self.file, start: at, end: at };
        let out = &self.out;
        let same =
            |known: &&mut PutIn| known.key == *first && out.get(known.edit).is_some_and(|edit| edit.span == span);
        let (edit, text) = match self.put_in.iter_mut().find(same) {
            Some(known) => {
                known.value = merge(Agent::Opencode, &known.value, &inner);
                let (edit, front, value) = (known.edit, known.front.clone(), known.value.clone());
                (edit, format!("{front}{}: {}", quoted(first), self.written(&value)))
            }
            None => {
                let edit = self.out.len();
                let text = format!("{front}{}: {}", quoted(first), self.written(&inner));
                self.put_in.push(PutIn { edit, front, key: first.clone(), value: inner });
                (edit, text)
            }
        };
        match self.out.get_mut(edit) {
            Some(known) => known.text = text,
            None => self.out.push(Edit { span, text }),
        }
    }

    fn add(&mut self, base: &'a Node, keys: &[String], values: &Node) {
        let found = keys.iter().try_fold(base, |node, key| node.get(key));
        let Some(list) = found.filter(|node| matches!(node.value, Value::List(_))) else {
            self.set(base, keys, values);
            return;
        };
        let lacking: Vec<String> = values
            .items()
            .iter()
            .filter(|value| !list.items().iter().any(|item| item.same(value)))
            .map(|value| self.written(value))
            .collect();
        if lacking.is_empty() {
            return;
        }
        let (at, text) = match list.items().last() {
            Some(last) => {
                let indent = self.indent(last.span.start);
                (last.span.end, lacking.iter().map(|value| format!(",{indent}{value}")).collect())
            }
            None => (list.span.start.saturating_add(1), lacking.join(", ")),
        };
        self.out.push(Edit { span: Span { file: self.file, start: at, end: at }, text });
    }

    /// What stands between the element before and this one: a new line with blanks, or one blank.
    fn indent(&self, start: usize) -> String {
        let line = self.line_start(start);
        let before = self.text.get(line..start).unwrap_or_default();
        if before.chars().all(char::is_whitespace) && line > 0 { format!("\n{before}") } else { " ".to_owned() }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end.saturating_add(1))
    }

    fn remove(&mut self, found: Found<'_>) {
        let whole_lines = match found {
            Found::Entry(parent, _) => self.toml && !self.within_braces(parent),
            Found::Item(parent, item) => self.toml && self.is_block(parent, item),
            Found::Root(_) => return,
        };
        if whole_lines {
            self.remove_lines(found);
            return;
        }
        let (spans, own): (Vec<Span>, Span) = match found {
            Found::Entry(parent, entry) => (parent.entries().iter().map(Entry::span).collect(), entry.span()),
            Found::Item(parent, item) => (parent.items().iter().map(|item| item.span).collect(), item.span),
            Found::Root(_) => return,
        };
        let at = spans.iter().position(|span| *span == own).unwrap_or_default();
        let next = spans.get(at.saturating_add(1));
        let before = at.checked_sub(1).and_then(|at| spans.get(at));
        let span = match (before, next) {
            (_, Some(next)) => Span { end: next.start, ..own },
            (Some(before), None) => Span { start: before.end, ..own },
            (None, None) => self.with_comma(own),
        };
        self.out.push(Edit { span, text: String::new() });
    }

    /// An only element with the comma after it.
    fn with_comma(&self, own: Span) -> Span {
        let rest = self.text.get(own.end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let comma = rest.trim_start().starts_with(',');
        if comma { Span { end: own.end.saturating_add(blank + 1), ..own } } else { own }
    }

    /// A value in the file's format. Lists and scalars are the same in JSON and TOML.
    fn written(&self, value: &Node) -> String {
        match &value.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::Text(text) => quoted(text),
            Value::List(items) => {
                format!("[{}]", items.iter().map(|item| self.written(item)).collect::<Vec<_>>().join(", "))
            }
            Value::Map(entries) => {
                let sign = if self.toml { " = " } else { ": " };
                let pairs: Vec<String> = entries
                    .iter()
                    .map(|entry| format!("{}{sign}{}", quoted(&entry.key), self.written(&entry.value)))
                    .collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }
}

/// A value under keys.
fn nest(keys: &[String], value: &Node) -> Node {
    keys.iter().rev().fold(value.clone(), |inner, key| Node::map(vec![(key, inner)], value.span))
}

/// A text in quotes, as JSON and TOML write it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            char if char.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push('"');
    out
}

/// Where a value hangs.
#[derive(Clone, Copy)]
enum Found<'n> {
    Entry(&'n Node, &'n Entry),
    Item(&'n Node, &'n Node),
    Root(&'n Node),
}

impl<'n> Found<'n> {
    const fn value(self) -> &'n Node {
        match self {
            Self::Entry(_, entry) => &entry.value,
            Self::Item(_, node) | Self::Root(node) => node,
        }
    }
}

/// What stands at a place.
fn find(node: &Node, span: Span) -> Option<Found<'_>> {
    // An entry before the root: that of a file of one line of TOML is as long as the file.
    for entry in node.entries() {
        // In TOML a list of tables has the place of one of them.
        if let Some(item) = entry.value.items().iter().find(|item| item.span == span) {
            return Some(Found::Item(&entry.value, item));
        }
        if entry.span() == span || entry.value.span == span {
            return Some(Found::Entry(node, entry));
        }
    }
    for item in node.items() {
        if item.span == span {
            return Some(Found::Item(node, item));
        }
    }
    if node.span == span {
        return Some(Found::Root(node));
    }
    let inner = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    inner.into_iter().find_map(|node| find(node, span).filter(|found| !matches!(found, Found::Root(_))))
}
