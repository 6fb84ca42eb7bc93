//! JSON with comments and trailing commas, and where each value stands.

use super::{DEPTH_MAX, Fault, FaultKind, NODES_MAX, Read};
use crate::tree::{Entry, Node, Span, Value};

/// Reads a text. Comments, trailing commas and keys that stand twice are notes.
#[must_use]
pub(crate) fn read(text: &str, file: usize) -> Read {
    let mut reader = Reader::new(text, 0, file, false);
    if text.starts_with('\u{feff}') {
        reader.at = 3;
    }
    let result = reader.document();
    reader.finish(result)
}

/// Reads one value in YAML's flow style (`[a, b]`, `{a: 1}`), where scalars need no quotes.
pub(super) fn flow(text: &str, at: usize, file: usize) -> (Result<Node, Fault>, usize) {
    let mut reader = Reader::new(text, at, file, true);
    let value = reader.value(0);
    (value, reader.at)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    file: usize,
    /// Whether bare words are texts.
    flow: bool,
    nodes: usize,
    notes: Vec<Fault>,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str, at: usize, file: usize, flow: bool) -> Self {
        Self { text, at, file, flow, nodes: 0, notes: Vec::new() }
    }

    fn finish(self, result: Result<Node, Fault>) -> Read {
        match result {
            Ok(root) => Read { root: Some(root), notes: self.notes, ..Read::default() },
            Err(fault) => Read { faults: vec![fault], notes: self.notes, ..Read::default() },
        }
    }

    fn document(&mut self) -> Result<Node, Fault> {
        self.blank()?;
        let root = self.value(0)?;
        self.blank()?;
        if self.at < self.text.len() { Err(self.fault(FaultKind::Syntax)) } else { Ok(root) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn span(&self, start: usize) -> Span {
        Span { file: self.file, start, end: self.at }
    }

    fn fault(&self, kind: FaultKind) -> Fault {
        let kind = if kind == FaultKind::Syntax && self.at >= self.text.len() { FaultKind::Ends } else { kind };
        Fault { kind, span: Span { file: self.file, start: self.at, end: self.at } }
    }

    /// Past blanks and comments.
    fn blank(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.rest();
            let start = self.at;
            if let Some(byte) = self.peek().filter(u8::is_ascii_whitespace) {
                self.at += usize::from(byte.is_ascii_whitespace());
            } else if rest.starts_with("//") || (self.flow && rest.starts_with('#')) {
                self.at += rest.find('\n').unwrap_or(rest.len());
                self.notes.push(Fault { kind: FaultKind::Comment, span: self.span(start) });
            } else if rest.starts_with("/*") {
                let Some(end) = rest.find("*/") else {
                    self.at = self.text.len();
                    return Err(self.fault(FaultKind::Ends));
                };
                self.at += end + 2;
                self.notes.push(Fault { kind: FaultKind::Comment, span: self.span(start) });
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        self.nodes += 1;
        if depth > DEPTH_MAX {
            return Err(self.fault(FaultKind::Deep));
        }
        if self.nodes > NODES_MAX {
            return Err(self.fault(FaultKind::Large));
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.quoted()?),
            Some(b'\'') if self.flow => Value::Text(self.single()?),
            Some(_) => self.bare()?,
            None => return Err(self.fault(FaultKind::Ends)),
        };
        Ok(Node { value, span: self.span(start) })
    }

    fn bare(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        if self.flow {
            let end = rest.find([',', '}', ']', '\n', '#']).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            let end = word.find(": ").unwrap_or_else(|| word.strip_suffix(':').map_or(end, str::len));
            let word = rest.get(..end).unwrap_or_default().trim_end();
            self.at += word.len();
            return if word.is_empty() { Err(self.fault(FaultKind::Syntax)) } else { Ok(super::yaml::scalar(word)) };
        }
        let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && !"+-._".contains(char)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => match word.parse::<f64>() {
                Ok(number) if word.starts_with(|char: char| char == '-' || char.is_ascii_digit()) => {
                    Value::Number(number)
                }
                _ => return Err(self.fault(FaultKind::Syntax)),
            },
        };
        self.at += end;
        Ok(value)
    }

    fn single(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find('\'') else { return Err(self.fault(FaultKind::Ends)) };
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            if self.peek() != Some(b'\'') {
                return Ok(out);
            }
            out.push('\'');
            self.at += 1;
        }
    }

    fn quoted(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find(['"', '\\', '\n']) else {
                self.at = self.text.len();
                return Err(self.fault(FaultKind::Ends));
            };
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(&mut out)?,
                _ => return Err(self.fault(FaultKind::Syntax)),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Fault> {
        self.at += 1;
        let Some(letter) = self.peek() else { return Err(self.fault(FaultKind::Ends)) };
        let plain = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                let first = self.hex()?;
                let code = if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
                    self.at += 2;
                    let second = self.hex()?;
                    0x1_0000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff)
                } else {
                    first
                };
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                return Ok(());
            }
            _ => return Err(self.fault(FaultKind::Syntax)),
        };
        out.push(plain);
        self.at += 1;
        Ok(())
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.fault(FaultKind::Syntax))?;
        self.at += 4;
        Ok(code)
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blank()?;
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::List(items));
            }
            items.push(self.value(depth + 1)?);
            self.separator(b']')?;
        }
    }

    /// Past a comma, or up to the closing bracket.
    fn separator(&mut self, close: u8) -> Result<(), Fault> {
        self.blank()?;
        if self.peek() == Some(close) {
            return Ok(());
        }
        if self.peek() != Some(b',') {
            return Err(self.fault(FaultKind::Syntax));
        }
        let comma = self.at;
        self.at += 1;
        let span = self.span(comma);
        self.blank()?;
        if self.peek() == Some(close) {
            self.notes.push(Fault { kind: FaultKind::TrailingComma, span });
        }
        Ok(())
    }

    fn map(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        loop {
            self.blank()?;
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(Value::Map(entries));
            }
            let start = self.at;
            let key = match self.peek() {
                Some(b'"') => self.quoted()?,
                Some(_) if self.flow => match self.value(depth)?.value {
                    Value::Text(key) => key,
                    _ => return Err(self.fault(FaultKind::Syntax)),
                },
                _ => return Err(self.fault(FaultKind::Syntax)),
            };
            let key_span = self.span(start);
            self.blank()?;
            if self.peek() != Some(b':') {
                return Err(self.fault(FaultKind::Syntax));
            }
            self.at += 1;
            self.blank()?;
            let value = self.value(depth + 1)?;
            if !keys.insert(key.clone()) {
                self.notes.push(Fault { kind: FaultKind::Duplicate, span: key_span });
            }
            entries.push(Entry { key, key_span, value });
            self.separator(b'}')?;
        }
    }
}
