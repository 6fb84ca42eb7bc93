//! Edits of TOML, where a table is inline, under a header, or only a word in front of a dot.

use super::{Edit, Editor, Found, quoted};
use crate::tree::{Entry, Node, Span, Value};

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `{ a = 1 }`.
    Inline,
    /// `[a.b]` or `[[a]]`, and the lines below.
    Header,
    /// `a.b = 1`, or the front of `[a.b]`: nowhere on its own.
    Dotted,
}

impl<'a> Editor<'a> {
    fn form(&self, table: &Node) -> Form {
        match self.text.get(table.span.start..).and_then(|rest| rest.chars().next()) {
            Some('{') => Form::Inline,
            Some('[') => Form::Header,
            _ => Form::Dotted,
        }
    }

    /// Whether a value can be exchanged where it stands: everything but a table of several lines.
    pub(super) fn in_one_place(&self, node: &Node) -> bool {
        let table = matches!(node.value, Value::Map(_)) && self.form(node) != Form::Inline;
        !self.toml || !(table || self.under_headers(node))
    }

    /// A list of `[[tables]]`.
    fn under_headers(&self, node: &Node) -> bool {
        node.items().first().is_some_and(|item| item.span == node.span && matches!(item.value, Value::Map(_)))
    }

    /// Whether an entry stands between the braces of an inline table.
    pub(super) fn within_braces(&self, parent: &Node) -> bool {
        parent.span != self.root.span && self.form(parent) == Form::Inline
    }

    /// Gives a key a value; what is not there yet goes into the innermost table that is written anywhere.
    pub(super) fn set_toml(&mut self, base: &'a Node, keys: &[String], value: &Node) {
        let (mut node, mut rest, mut holder) = (base, keys, (base, keys));
        while let Some((first, after)) = rest.split_first() {
            match node.get(first) {
                None => break,
                Some(found) if matches!(found.value, Value::Map(_)) && !after.is_empty() => {
                    (node, rest) = (found, after);
                    if self.form(found) != Form::Dotted {
                        holder = (found, after);
                    }
                }
                Some(found) => {
                    if self.in_one_place(found) {
                        let text = self.nested(after, value);
                        self.out.push(Edit { span: found.span, text });
                    }
                    return;
                }
            }
        }
        self.insert_toml(holder.0, holder.1, value);
    }

    fn insert_toml(&mut self, table: &Node, keys: &[String], value: &Node) {
        let plain = |key: &String| {
            let bare = key.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'));
            if bare && !key.is_empty() { key.clone() } else { quoted(key) }
        };
        let name: Vec<String> = keys.iter().map(plain).collect();
        let pair = format!("{} = {}", name.join("."), self.written(value));
        let (at, text) = if self.within_braces(table) {
            match table.entries().iter().map(|entry| entry.value.span.end).max() {
                Some(end) => (end, format!(", {pair}")),
                None => (table.span.start.saturating_add(1), format!(" {pair} ")),
            }
        } else if table.span == self.root.span {
            (0, format!("{pair}\n"))
        } else {
            let at = self.line_end(table.span.end);
            let open = !self.text.get(..at).unwrap_or_default().ends_with('\n');
            (at, format!("{}{pair}\n", if open { "\n" } else { "" }))
        };
        self.out.push(Edit { span: Span { file: self.file, start: at, end: at }, text });
    }

    /// Takes out an entry or an item with all of its lines.
    pub(super) fn remove_lines(&mut self, found: Found<'_>) {
        let mut lines = Vec::new();
        match found {
            Found::Entry(_, entry) => self.lines(entry, &mut lines),
            Found::Item(_, item) => self.block(item, &mut lines),
            Found::Root(_) => return,
        }
        for (start, end) in lines {
            self.out.push(Edit { span: Span { file: self.file, start, end }, text: String::new() });
        }
    }

    /// Whether an item of a list is a `[[table]]`.
    pub(super) fn is_block(&self, list: &Node, item: &Node) -> bool {
        self.under_headers(list) && matches!(item.value, Value::Map(_))
    }

    fn lines(&self, entry: &Entry, out: &mut Vec<(usize, usize)>) {
        let table = matches!(entry.value.value, Value::Map(_));
        if self.under_headers(&entry.value) {
            entry.value.items().iter().for_each(|item| self.block(item, out));
        } else if table && self.form(&entry.value) == Form::Header {
            self.block(&entry.value, out);
        } else if table && self.form(&entry.value) == Form::Dotted {
            entry.value.entries().iter().for_each(|inner| self.lines(inner, out));
        } else {
            out.push((self.line_start(entry.key_span.start), self.line_end(entry.value.span.end)));
        }
    }

    /// A header with what is below it; tables under headers of their own are blocks of their own.
    fn block(&self, table: &Node, out: &mut Vec<(usize, usize)>) {
        let start = self.line_start(table.span.start);
        let mut inner = Vec::new();
        table.entries().iter().for_each(|entry| self.lines(entry, &mut inner));
        let mut end = self.line_end(table.span.end);
        // The lines of its own come before the first header below it.
        inner.sort_unstable();
        for (from, to) in inner {
            let header = self.text.get(from..).is_some_and(|rest| rest.trim_start().starts_with('['));
            if header {
                out.push((from, to));
            } else {
                end = end.max(to);
            }
        }
        let after = self.text.get(end..).unwrap_or_default();
        let blank: usize = after.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
        out.push((start, end.saturating_add(blank)));
    }

    /// After the end of the line of a byte.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at.saturating_add(rest.find('\n').map_or(rest.len(), |end| end.saturating_add(1)))
    }
}
