//! The part of YAML that settings and front matter use: maps and lists by indentation, flow style, quoted texts and
//! block texts. Anchors, aliases, tags and several documents are faults, because nobody's settings need them.

use super::{DEPTH_MAX, Fault, FaultKind, NODES_MAX, Read, json};
use crate::tree::{Entry, Node, Span, Value};

/// Reads a text of which `offset` bytes come before it in its file.
#[must_use]
pub(super) fn read(text: &str, offset: usize, file: usize) -> Read {
    let mut reader = Reader { lines: lines(text), at: 0, file, offset, text, nodes: 0, notes: Vec::new() };
    match reader.document() {
        Ok(root) => Read { root: Some(root), notes: reader.notes, ..Read::default() },
        Err(fault) => Read { faults: vec![fault], notes: reader.notes, ..Read::default() },
    }
}

/// Reads the front matter of a Markdown text. Without one the tree is none and there is no fault.
#[must_use]
pub(super) fn front_matter(text: &str, file: usize) -> Read {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = text.get(bom..).unwrap_or_default();
    let Some(first) = rest.split_inclusive('\n').next().filter(|line| line.trim_end() == "---") else {
        return Read { body_start: bom, ..Read::default() };
    };
    let start = bom + first.len();
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let mut out = read(text.get(start..at).unwrap_or_default(), start, file);
            out.body_start = at + line.len();
            return out;
        }
        at += line.len();
    }
    let span = Span { file, start: text.len(), end: text.len() };
    Read { faults: vec![Fault { kind: FaultKind::Ends, span }], body_start: text.len(), ..Read::default() }
}

/// What a bare word means.
pub(super) fn scalar(word: &str) -> Value {
    match word {
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "null" | "Null" | "NULL" | "~" | "" => Value::Null,
        _ => match word.parse::<f64>() {
            Ok(number) if word.starts_with(|char: char| "+-.".contains(char) || char.is_ascii_digit()) => {
                Value::Number(number)
            }
            _ => Value::Text(word.to_owned()),
        },
    }
}

/// A line that says something: its indentation, its text without comment and end, and where the text begins.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
    start: usize,
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
    file: usize,
    offset: usize,
    text: &'a str,
    nodes: usize,
    notes: Vec<Fault>,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let body = bare.trim_start_matches(' ');
        let indent = bare.len() - body.len();
        out.push(Line { indent, text: body, start: at + indent });
        at += line.len();
    }
    out
}

/// Without the comment at the end.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, char) in text.char_indices() {
        match quote {
            Some(open) if char == open => quote = None,
            None if matches!(char, '"' | '\'') && (before == ' ' || before == '[' || before == ',') => {
                quote = Some(char)
            }
            None if char == '#' && before == ' ' => return text.get(..at).unwrap_or_default().trim_end(),
            _ => {}
        }
        before = char;
    }
    text
}

/// The key of a line and where its value begins.
fn key_of(text: &str) -> Option<(String, usize, usize)> {
    if let Some(quote) = text.chars().next().filter(|char| matches!(char, '"' | '\'')) {
        let end = text.get(1..)?.find(quote)? + 1;
        let after = text.get(end + 1..)?;
        let value = after.strip_prefix(':').filter(|value| value.is_empty() || value.starts_with(' '))?;
        return Some((text.get(1..end)?.to_owned(), end + 1, text.len() - value.len()));
    }
    let colon = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
    let key = text.get(..colon)?;
    (!key.is_empty() && !key.starts_with(['[', '{']))
        .then(|| (key.trim_end().to_owned(), key.trim_end().len(), colon + 1))
}

impl<'a> Reader<'a> {
    const fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: self.offset + start, end: self.offset + end }
    }

    const fn fault(&self, kind: FaultKind, at: usize) -> Fault {
        Fault { kind, span: self.span(at, at) }
    }

    fn document(&mut self) -> Result<Node, Fault> {
        let node = match self.next() {
            None => Node { value: Value::Null, span: self.span(0, self.text.len()) },
            Some(line) => self.block(line.indent, 0)?,
        };
        match self.next() {
            Some(line) => Err(self.fault(FaultKind::Syntax, line.start)),
            None => Ok(node),
        }
    }

    /// The next line that says something.
    fn next(&mut self) -> Option<Line<'a>> {
        while let Some(line) = self.lines.get(self.at) {
            if line.text.is_empty() || line.text.starts_with('#') || (line.text == "---" && self.nodes == 0) {
                self.at += 1;
            } else {
                return Some(*line);
            }
        }
        None
    }

    fn block(&mut self, indent: usize, depth: usize) -> Result<Node, Fault> {
        let Some(line) = self.next() else { return Err(self.fault(FaultKind::Ends, self.text.len())) };
        if depth > DEPTH_MAX {
            return Err(self.fault(FaultKind::Deep, line.start));
        }
        if line.text.starts_with("- ") || line.text == "-" {
            self.sequence(indent, depth)
        } else if key_of(without_comment(line.text)).is_some() {
            self.mapping(indent, depth)
        } else {
            self.at += 1;
            self.inline(line.start, line.text, line.indent)
        }
    }

    fn count(&mut self, at: usize) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > NODES_MAX { Err(self.fault(FaultKind::Large, at)) } else { Ok(()) }
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Result<Node, Fault> {
        let mut items: Vec<Node> = Vec::new();
        let mut begin = None;
        while let Some(line) = self.next() {
            if line.indent != indent || !(line.text.starts_with("- ") || line.text == "-") {
                if line.indent > indent {
                    return Err(self.fault(FaultKind::Syntax, line.start));
                }
                break;
            }
            self.count(line.start)?;
            begin = begin.or(Some(line.start));
            let body = line.text.get(1..).unwrap_or_default();
            let inner = body.trim_start();
            let start = line.start + line.text.len() - inner.len();
            if without_comment(inner).is_empty() || inner.starts_with('#') {
                self.at += 1;
                items.push(self.nested(indent, line.start, depth)?);
            } else if key_of(without_comment(inner)).is_some() || inner.starts_with("- ") {
                // What follows the dash is a block of its own, as deep as where it begins.
                let deeper = indent + line.text.len() - inner.len();
                if let Some(slot) = self.lines.get_mut(self.at) {
                    *slot = Line { indent: deeper, text: inner, start };
                }
                items.push(self.block(deeper, depth + 1)?);
            } else {
                self.at += 1;
                items.push(self.inline(start, inner, indent)?);
            }
        }
        let start = begin.unwrap_or_default();
        let end = items.last().map_or(start, |item| item.span.end - self.offset);
        Ok(Node::list(items, self.span(start, end)))
    }

    /// The block under a key or dash, or nothing.
    fn nested(&mut self, indent: usize, at: usize, depth: usize) -> Result<Node, Fault> {
        match self.next() {
            Some(line) if line.indent > indent => self.block(line.indent, depth + 1),
            _ => Ok(Node { value: Value::Null, span: self.span(at, at) }),
        }
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Result<Node, Fault> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        let mut begin = None;
        while let Some(line) = self.next() {
            if line.indent < indent {
                break;
            }
            let Some((key, key_len, value_at)) = key_of(without_comment(line.text)).filter(|_| line.indent == indent)
            else {
                return Err(self.fault(FaultKind::Syntax, line.start));
            };
            self.count(line.start)?;
            begin = begin.or(Some(line.start));
            let key_span = self.span(line.start, line.start + key_len);
            let rest = line.text.get(value_at..).unwrap_or_default();
            let inner = rest.trim_start();
            let start = line.start + line.text.len() - inner.len();
            self.at += 1;
            let value = if without_comment(inner).is_empty() || inner.starts_with('#') {
                match self.next() {
                    Some(next) if next.indent == indent && next.text.starts_with("- ") => {
                        self.sequence(indent, depth + 1)?
                    }
                    _ => self.nested(indent, start, depth)?,
                }
            } else {
                self.inline(start, inner, indent)?
            };
            if !keys.insert(key.clone()) {
                self.notes.push(Fault { kind: FaultKind::Duplicate, span: key_span });
            }
            entries.push(Entry { key, key_span, value });
        }
        let start = begin.unwrap_or_default();
        let end = entries.last().map_or(start, |entry| entry.value.span.end - self.offset);
        Ok(Node { value: Value::Map(entries), span: self.span(start, end) })
    }

    /// A value on the line of its key or dash.
    fn inline(&mut self, start: usize, text: &str, indent: usize) -> Result<Node, Fault> {
        match text.chars().next() {
            Some('|' | '>') => Ok(self.block_text(start, text, indent)),
            Some('&' | '*' | '!') => Err(self.fault(FaultKind::Unsupported, start)),
            Some('[' | '{' | '"' | '\'') => {
                let (value, end) = json::flow(self.text, start, self.file);
                let mut value =
                    value.map_err(|fault| Fault { span: self.span(fault.span.start, fault.span.end), ..fault })?;
                shift(&mut value, self.offset);
                // A value may go on over the next lines.
                while self.lines.get(self.at).is_some_and(|line| line.start < end) {
                    self.at += 1;
                }
                let line_end =
                    self.text.get(end..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |at| end + at);
                let after = self.text.get(end..line_end).unwrap_or_default().trim();
                if after.is_empty() || after.starts_with('#') {
                    Ok(value)
                } else {
                    Err(self.fault(FaultKind::Syntax, end))
                }
            }
            _ => {
                let word = without_comment(text);
                let mut end = start + word.len();
                let mut long = word.to_owned();
                // A plain text may go on over deeper lines.
                while let Some(line) = self.lines.get(self.at).copied() {
                    if line.text.is_empty() || line.indent <= indent || line.text.starts_with('#') {
                        break;
                    }
                    long.push(' ');
                    long.push_str(without_comment(line.text));
                    end = line.start + line.text.len();
                    self.at += 1;
                }
                let value = if long.len() == word.len() { scalar(word) } else { Value::Text(long) };
                Ok(Node { value, span: self.span(start, end) })
            }
        }
    }

    fn block_text(&mut self, start: usize, mark: &str, indent: usize) -> Node {
        let mut out = String::new();
        let mut end = start + mark.len();
        let mut inner = None;
        while let Some(line) = self.lines.get(self.at).copied() {
            if !line.text.is_empty() && line.indent <= indent {
                break;
            }
            let depth = *inner.get_or_insert(line.indent);
            if !line.text.is_empty() {
                out.push_str(&" ".repeat(line.indent.saturating_sub(depth)));
                out.push_str(line.text);
                end = line.start + line.text.len();
            }
            out.push(if mark.starts_with('>') && !line.text.is_empty() { ' ' } else { '\n' });
            self.at += 1;
        }
        Node { value: Value::Text(out.trim_end().to_owned()), span: self.span(start, end) }
    }
}

fn shift(node: &mut Node, by: usize) {
    let moved = |span: Span| Span { start: span.start + by, end: span.end + by, ..span };
    node.span = moved(node.span);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| {
            entry.key_span = moved(entry.key_span);
            shift(&mut entry.value, by);
        }),
        _ => {}
    }
}
