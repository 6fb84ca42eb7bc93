//! A value of a settings file, whatever the format, with the place of each part of it.

/// A piece of a file: its number in the machine's list of files, and the bytes from `start` up to but not `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file's number in [`crate::Machine::files`].
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Whether the two have a byte in common, or are the same empty place.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.file == other.file && (self == other || (self.start < other.end && other.start < self.end))
    }

    /// From the start of this to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { end: other.end.max(self.start), ..self }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes, quotes and brackets included.
    pub span: Span,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, or nothing after a key of YAML.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; TOML's and JSON's integers are exact up to 2^53.
    Number(f64),
    /// A text, unescaped. Dates of TOML are texts.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the file's order. Where a key stands twice the later one counts.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, unescaped.
    pub key: String,
    /// The bytes of the key, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// From the key to the end of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        if self.key_span.file == self.value.span.file && self.key_span.start <= self.value.span.start {
            self.key_span.to(self.value.span)
        } else {
            self.key_span
        }
    }
}

impl Node {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>, span: Span) -> Self {
        Self { value: Value::Text(text.into()), span }
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn bool(value: bool, span: Span) -> Self {
        Self { value: Value::Bool(value), span }
    }

    /// A list.
    #[must_use]
    pub const fn list(items: Vec<Self>, span: Span) -> Self {
        Self { value: Value::List(items), span }
    }

    /// A map of the given fields, each at its own place.
    #[must_use]
    pub fn map(fields: Vec<(&str, Self)>, span: Span) -> Self {
        let entry = |(key, value): (&str, Self)| Entry { key: key.to_owned(), key_span: value.span, value };
        Self { value: Value::Map(fields.into_iter().map(entry).collect()), span }
    }

    /// The entry of a key; the last one, where the key stands twice.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key == key)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry at the end of a path of keys.
    #[must_use]
    pub fn entry_at(&self, path: &[String]) -> Option<&Entry> {
        let (last, front) = path.split_last()?;
        front.iter().try_fold(self, |node, key| node.get(key))?.entry(last)
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The texts of a list, or the one text.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match &self.value {
            Value::Text(text) => vec![text],
            _ => self.items().iter().filter_map(Self::as_text).collect(),
        }
    }

    /// Whether the values are equal, wherever they stand.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len() && a.iter().all(|entry| other.get(&entry.key).is_some_and(|b| entry.value.same(b)))
            }
            (a, b) => a == b,
        }
    }
}

/// Line and column of a byte, both from 1; the column counts characters.
#[must_use]
pub fn line_and_column(text: &[u8], at: usize) -> (u32, u32) {
    let before = text.get(..at.min(text.len())).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |position| position.saturating_add(1));
    let column = before.get(start..).unwrap_or_default().iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
    let number = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
    (number(line), number(column))
}
