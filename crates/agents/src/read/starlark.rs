//! Codex' command rules: calls of `prefix_rule(name = value, …)`, values being texts and lists.

use super::{DEPTH_MAX, Fault, FaultKind, NODES_MAX, Read};
use crate::tree::{Entry, Node, Span, Value};

/// Reads a text to `{rule: [{pattern, decision, …}]}`.
#[must_use]
pub(super) fn read(text: &str, file: usize) -> Read {
    let mut reader = Reader { text, at: 0, file, nodes: 0 };
    let mut rules = Vec::new();
    loop {
        reader.blank();
        if reader.at >= text.len() {
            break;
        }
        match reader.call() {
            Ok(rule) => rules.push(rule),
            Err(fault) => return Read { faults: vec![fault], ..Read::default() },
        }
    }
    let span = Span { file, start: 0, end: text.len() };
    Read { root: Some(Node::map(vec![("rule", Node::list(rules, span))], span)), ..Read::default() }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    file: usize,
    nodes: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, kind: FaultKind) -> Fault {
        let kind = if kind == FaultKind::Syntax && self.at >= self.text.len() { FaultKind::Ends } else { kind };
        Fault { kind, span: Span { file: self.file, start: self.at, end: self.at } }
    }

    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let bare = rest.trim_start();
            let skip = rest.len() - bare.len();
            let comment = if bare.starts_with('#') { bare.find('\n').unwrap_or(bare.len()) } else { 0 };
            if skip + comment == 0 {
                return;
            }
            self.at += skip + comment;
        }
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        word
    }

    fn take(&mut self, char: char) -> bool {
        self.blank();
        let found = self.rest().starts_with(char);
        self.at += if found { char.len_utf8() } else { 0 };
        found
    }

    fn call(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        let name = self.word();
        if name.is_empty() || !self.take('(') {
            return Err(self.fault(FaultKind::Syntax));
        }
        let mut entries = Vec::new();
        while !self.take(')') {
            let at = self.at;
            let key = self.word();
            let key_span = Span { file: self.file, start: at, end: self.at };
            if key.is_empty() || !self.take('=') {
                return Err(self.fault(FaultKind::Syntax));
            }
            let value = self.value(0)?;
            entries.push(Entry { key, key_span, value });
            if !self.take(',') && !self.rest().starts_with(')') {
                return Err(self.fault(FaultKind::Syntax));
            }
        }
        let span = Span { file: self.file, start, end: self.at };
        entries.push(Entry { key: "call".to_owned(), key_span: span, value: Node::text(name, span) });
        Ok(Node { value: Value::Map(entries), span })
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        self.blank();
        self.nodes += 1;
        if depth > DEPTH_MAX || self.nodes > NODES_MAX {
            return Err(self.fault(FaultKind::Large));
        }
        let start = self.at;
        if self.take('[') {
            let mut items = Vec::new();
            while !self.take(']') {
                items.push(self.value(depth + 1)?);
                if !self.take(',') && !self.rest().starts_with(']') {
                    return Err(self.fault(FaultKind::Syntax));
                }
            }
            return Ok(Node::list(items, Span { file: self.file, start, end: self.at }));
        }
        let quote = self.rest().chars().next().filter(|char| matches!(char, '"' | '\''));
        let Some(quote) = quote else {
            let word = self.word();
            let span = Span { file: self.file, start, end: self.at };
            return match word.as_str() {
                "True" | "False" => Ok(Node::bool(word == "True", span)),
                "None" => Ok(Node { value: Value::Null, span }),
                _ => Err(self.fault(FaultKind::Syntax)),
            };
        };
        let mut out = String::new();
        let mut escaped = false;
        let body = self.rest().get(1..).unwrap_or_default();
        for (at, char) in body.char_indices() {
            if escaped {
                out.push(if char == 'n' { '\n' } else { char });
                escaped = false;
            } else if char == '\\' {
                escaped = true;
            } else if char == quote {
                self.at += at + 2;
                return Ok(Node::text(out, Span { file: self.file, start, end: self.at }));
            } else {
                out.push(char);
            }
        }
        self.at = self.text.len();
        Err(self.fault(FaultKind::Ends))
    }
}
