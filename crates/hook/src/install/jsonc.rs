//! Settings files as their people wrote them: JSON with comments and trailing commas, changed at one place, all else left
//! to the byte.

use std::ops::Range;

use serde_json::{Map, Value};

/// Most levels of a settings file.
const MAX_DEPTH: usize = 64;

/// A value with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// From its first byte to behind its last.
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Object(Vec<(String, Range<usize>, Node)>),
    Array(Vec<Node>),
    Plain(Value),
}

/// A text that is no JSON, even with comments: line and column of the first thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no JSON at line {line}, column {column}")]
pub struct NoJson {
    line: usize,
    column: usize,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Node {
    /// Reads a whole text.
    pub(super) fn read(text: &str) -> Result<Node, NoJson> {
        let mut reader = Reader { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
        let node = reader.value(0).filter(|_| {
            reader.skip();
            reader.at == text.len()
        });
        node.ok_or_else(|| {
            let before = text.get(..reader.at).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            NoJson { line, column }
        })
    }

    /// The value without comments.
    pub(super) fn value(&self) -> Value {
        match &self.kind {
            Kind::Object(members) => {
                Value::Object(members.iter().map(|(name, _, node)| (name.clone(), node.value())).collect::<Map<_, _>>())
            }
            Kind::Array(items) => Value::Array(items.iter().map(Node::value).collect()),
            Kind::Plain(value) => value.clone(),
        }
    }

    /// The last member of a name: the one that counts.
    pub(super) fn member(&self, name: &str) -> Option<&Node> {
        let Kind::Object(members) = &self.kind else { return None };
        members.iter().rev().find(|(known, _, _)| known == name).map(|(_, _, node)| node)
    }

    /// Where the last thing in an object or array ends.
    fn last_end(&self) -> Option<usize> {
        match &self.kind {
            Kind::Object(members) => members.last().map(|(_, _, node)| node.span.end),
            Kind::Array(items) => items.last().map(|node| node.span.end),
            Kind::Plain(_) => None,
        }
    }
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Over blanks and comments; a comment that does not end is none.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let rest = rest.get(blank..).unwrap_or_default();
            self.at += blank;
            let comment = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(inner) = rest.strip_prefix("/*")
                && let Some(end) = inner.find("*/")
            {
                end + 4
            } else {
                return;
            };
            self.at += comment;
        }
    }

    fn eat(&mut self, byte: char) -> bool {
        self.skip();
        let is_there = self.rest().starts_with(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.skip();
        let start = self.at;
        if depth > MAX_DEPTH {
            return None;
        }
        let kind = if self.eat('{') {
            let mut members = Vec::new();
            while !self.eat('}') {
                self.skip();
                let from = self.at;
                let name = self.string()?;
                let of_name = from..self.at;
                self.eat(':').then_some(())?;
                members.push((name, of_name, self.value(depth + 1)?));
                if !self.eat(',') {
                    self.eat('}').then_some(())?;
                    break;
                }
            }
            Kind::Object(members)
        } else if self.eat('[') {
            let mut items = Vec::new();
            while !self.eat(']') {
                items.push(self.value(depth + 1)?);
                if !self.eat(',') {
                    self.eat(']').then_some(())?;
                    break;
                }
            }
            Kind::Array(items)
        } else if self.rest().starts_with('"') {
            Kind::Plain(Value::String(self.string()?))
        } else {
            let word: &str = self.rest().split([',', '}', ']', ' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
            let (length, value) = (word.len(), serde_json::from_str::<Value>(word).ok()?);
            self.at += length;
            Kind::Plain(value)
        };
        Some(Node { span: start..self.at, kind })
    }

    fn string(&mut self) -> Option<String> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find_map(|(at, c)| match c {
            _ if escaped => {
                escaped = false;
                None
            }
            '\\' => {
                escaped = true;
                None
            }
            '"' => Some(at + 1),
            _ => None,
        })?;
        let text = serde_json::from_str(rest.get(..end).filter(|text| text.starts_with('"'))?).ok()?;
        self.at += end;
        Some(text)
    }
}

/// Puts a new member or item at the end of an object or array. `name` for a member.
pub(super) fn appended(text: &str, into: &Node, name: Option<&str>, value: &Value) -> String {
    let close = into.span.end.saturating_sub(1);
    let unit = unit(text);
    let outer = indent_at(text, into.span.start);
    let item = indented(value, &format!("{outer}{unit}"), unit);
    let item = match name {
        Some(name) => format!("{}: {item}", Value::from(name)),
        None => item,
    };
    let inside_from = into.last_end().unwrap_or(into.span.start + 1);
    let inside = text.get(inside_from..close).unwrap_or_default();
    let needs_comma = into.last_end().is_some() && !has_comma(inside);
    let comma = if needs_comma { "," } else { "" };
    // What stands behind the last value stays there: a comma already written, comments.
    let kept = inside.trim_end();
    let end = format!("\n{outer}{unit}{item}\n{outer}");
    let before = text.get(..inside_from).unwrap_or_default();
    let after = text.get(close..).unwrap_or_default();
    format!("{before}{comma}{kept}{end}{after}")
}

/// Puts another value in the place of one.
pub(super) fn replaced(text: &str, node: &Node, value: &Value) -> String {
    let item = indented(value, indent_at(text, node.span.start), unit(text));
    let before = text.get(..node.span.start).unwrap_or_default();
    format!("{before}{item}{}", text.get(node.span.end..).unwrap_or_default())
}

/// Takes out an item, or a member with its name, and the comma that goes with it.
pub(super) fn removed(text: &str, span: &Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    let kept = before.trim_end();
    let blanks = after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let rest = after.get(blanks..).unwrap_or_default();
    if let Some(rest) = rest.strip_prefix(',') {
        return format!("{kept}{rest}");
    }
    // It was the last one: the comma before it goes, unless there is nothing but the opening.
    format!("{}{after}", kept.strip_suffix(',').unwrap_or(kept))
}

/// Whether there is a comma among blanks and comments.
fn has_comma(between: &str) -> bool {
    let mut reader = Reader { text: between, at: 0 };
    reader.eat(',')
}

/// The blanks at the beginning of the line of a place.
fn indent_at(text: &str, at: usize) -> &str {
    let line = text.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..blanks).unwrap_or_default()
}

/// One step of indentation as the file has it: two blanks where it has none.
fn unit(text: &str) -> &str {
    text.lines()
        .map(|line| line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or_default())
        .find(|indent| !indent.is_empty())
        .unwrap_or("  ")
}

/// The JSON of a value over several lines, its first line without indentation.
fn indented(value: &Value, outer: &str, unit: &str) -> String {
    let inner = format!("{outer}{unit}");
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let lines: Vec<String> = fields
                .iter()
                .map(|(name, value)| {
                    format!("{inner}{}: {}", Value::from(name.as_str()), indented(value, &inner, unit))
                })
                .collect();
            format!("{{\n{}\n{outer}}}", lines.join(",\n"))
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            let lines: Vec<String> =
                items.iter().map(|item| format!("{inner}{}", indented(item, &inner, unit))).collect();
            format!("[\n{}\n{outer}]", lines.join(",\n"))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(Value::to_string).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const FILE: &str = "// mine\n{\n    \"model\": \"x\", // why\n    \"list\": [1, 2,],\n    /* end */\n}\n";

    #[test]
    fn comments_and_trailing_commas_are_read() {
        let node = Node::read(FILE).unwrap();
        assert_eq!(node.value(), json!({"model": "x", "list": [1, 2]}));
        for wrong in ["", "{", "[1 2]", "{\"a\" 1}", "{} x", "/* {}", "{'a': 1}", "{\"a\": nul}", "\"a"] {
            assert!(Node::read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Node::read("{\n  x").unwrap_err().to_string(), "no JSON at line 2, column 3");
        assert!(Node::read(&"[".repeat(1000)).is_err());
    }

    #[test]
    fn what_is_added_stands_at_the_end_and_the_rest_stays() {
        let node = Node::read(FILE).unwrap();
        let added = appended(FILE, &node, Some("hooks"), &json!({"a": [{"b": [1]}]}));
        let expected = "// mine\n{\n    \"model\": \"x\", // why\n    \"list\": [1, 2,],\n    /* end */\n    \"hooks\": {\n        \
                        \"a\": [\n            {\n                \"b\": [1]\n            }\n        ]\n    }\n}\n";
        assert_eq!(added, expected);
        let check = |text: &str, expected: &str| {
            let node = Node::read(text).unwrap();
            assert_eq!(appended(text, &node, Some("k"), &json!(true)), expected);
        };
        check("{}", "{\n  \"k\": true\n}");
        check("{\"a\":1}", "{\"a\":1,\n  \"k\": true\n}");
        check("{\"a\":1 // x\n}", "{\"a\":1, // x\n  \"k\": true\n}");
        check("{\n\t\"a\": 1\n}\n", "{\n\t\"a\": 1,\n\t\"k\": true\n}\n");
        check("{\n  // only a comment\n}", "{\n  // only a comment\n  \"k\": true\n}");
    }

    #[test]
    fn what_is_removed_takes_its_comma_along() {
        let check = |text: &str, at: usize, expected: &str| {
            let node = Node::read(text).unwrap();
            let Kind::Array(items) = &node.kind else { panic!() };
            let got = removed(text, &items[at].span);
            assert_eq!(got, expected);
            assert!(Node::read(&got).is_ok());
        };
        check("[1, 2, 3]", 0, "[ 2, 3]");
        check("[1, 2, 3]", 2, "[1, 2]");
        check("[1]", 0, "[]");
        check("[\n  1, // x\n  2\n]", 1, "[\n  1, // x\n]");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail_and_what_is_added_is_read(text in "[\\[\\]{}\",:/* a1\\n\\\\]{0,40}") {
            if let Ok(node) = Node::read(&text)
                && let Kind::Object(_) = node.kind
            {
                let added = appended(&text, &node, Some("k"), &json!({"x": [1]}));
                let again = Node::read(&added);
                prop_assert!(again.is_ok(), "{text:?} -> {added:?}");
                let again = again.unwrap();
                prop_assert_eq!(again.member("k").unwrap().value(), json!({"x": [1]}));
            }
        }
    }
}
