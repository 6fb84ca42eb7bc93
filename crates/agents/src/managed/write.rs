//! Trees to text: JSON and TOML, always the same for the same tree.

use crate::tree::{Entry, Node, Value};

/// JSON with two blanks for each level, and a new line at the end.
pub(super) fn json(node: &Node) -> String {
    let mut out = String::new();
    value(node, 0, &mut out);
    out.push('\n');
    out
}

fn value(node: &Node, depth: usize, out: &mut String) {
    let (inner, outer) = ("  ".repeat(depth.saturating_add(1)), "  ".repeat(depth));
    match &node.value {
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Value::List(items) => {
            out.push_str("[\n");
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ",\n" });
                out.push_str(&inner);
                value(item, depth.saturating_add(1), out);
            }
            out.push_str(&format!("\n{outer}]"));
        }
        Value::Map(entries) => {
            out.push_str("{\n");
            for (at, entry) in entries.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ",\n" });
                out.push_str(&format!("{inner}{}: ", quote(&entry.key)));
                value(&entry.value, depth.saturating_add(1), out);
            }
            out.push_str(&format!("\n{outer}}}"));
        }
        _ => out.push_str(&scalar(node)),
    }
}

/// A value on one line, as both formats write it.
fn scalar(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quote(text),
        Value::List(items) => format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let one = |entry: &Entry| format!("{} = {}", bare(&entry.key), scalar(&entry.value));
            format!("{{ {} }}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text in quotes with the escapes that JSON and TOML have in common.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// TOML: what is no table first, then each table under its header.
pub(super) fn toml(node: &Node) -> String {
    let mut out = String::new();
    tables(node, &[], &mut out);
    out
}

fn tables(node: &Node, path: &[&str], out: &mut String) {
    let own = |entry: &&Entry| !is_table(&entry.value) && !is_tables(&entry.value);
    for entry in node.entries().iter().filter(own) {
        out.push_str(&format!("{} = {}\n", bare(&entry.key), broken(&entry.value)));
    }
    for entry in node.entries().iter().filter(|entry| !own(entry)) {
        let mut below = path.to_vec();
        below.push(&entry.key);
        let name = below.iter().map(|key| bare(key)).collect::<Vec<_>>().join(".");
        if is_tables(&entry.value) {
            for item in entry.value.items() {
                out.push_str(&format!("\n[[{name}]]\n"));
                tables(item, &below, out);
            }
            continue;
        }
        if entry.value.entries().iter().any(|entry| own(&entry)) {
            out.push_str(&format!("\n[{name}]\n"));
        }
        tables(&entry.value, &below, out);
    }
}

/// Long lists on lines of their own.
fn broken(node: &Node) -> String {
    let line = scalar(node);
    if node.items().is_empty() || line.chars().count() < LINE_MAX_CHARS {
        return line;
    }
    let items: Vec<String> = node.items().iter().map(|item| format!("  {},\n", scalar(item))).collect();
    format!("[\n{}]", items.concat())
}

/// From which length a list is written on several lines, in characters.
const LINE_MAX_CHARS: usize = 100;

fn is_table(node: &Node) -> bool {
    matches!(&node.value, Value::Map(entries) if !entries.is_empty())
}

fn is_tables(node: &Node) -> bool {
    // What has one key is read more easily on one line.
    let several = |node: &Node| node.entries().len() > 1;
    !node.items().is_empty() && node.items().iter().all(several)
}

fn bare(key: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { quote(key) }
}
