//! `agents.lock`: the file of the pins.

use std::collections::BTreeMap;

use super::Pin;
use crate::managed::{Setback, quote};
use crate::read::{self, Format};
use crate::tree::{Node, Value, line_and_column};

/// The version of the file's form.
const VERSION: f64 = 1.0;
/// The most pins that are read.
const PINS_MAX: usize = 50_000;

/// The text of a lock: always the same for the same pins.
#[must_use]
pub fn lock_text(pins: &[Pin]) -> String {
    let mut sorted: Vec<&Pin> = pins.iter().collect();
    sorted.sort();
    let mut out = String::from(
        "# What was approved. `yata agents pin` writes it, `yata agents diff` compares with it.\nversion = 1\n",
    );
    for pin in sorted {
        out.push_str("\n[[pin]]\n");
        let mut line = |key: &str, value: &str| {
            if !value.is_empty() {
                out.push_str(&format!("{key} = {}\n", quote(value)));
            }
        };
        line("kind", &pin.kind);
        line("path", &pin.path);
        line("name", &pin.name);
        line("project", &pin.project);
        line("sha256", &pin.sha256);
        line("owner", pin.owner.as_deref().unwrap_or_default());
        line("review", pin.review.as_deref().unwrap_or_default());
        if !pin.files.is_empty() {
            out.push_str("[pin.files]\n");
            let files = pin.files.iter().map(|(path, hash)| format!("{} = {}\n", quote(path), quote(hash)));
            out.extend(files);
        }
    }
    out
}

/// Reads a lock.
///
/// # Errors
/// What is wrong with it: a lock that cannot be read approves nothing.
pub fn lock(text: &str) -> Result<Vec<Pin>, Vec<Setback>> {
    let read = read::read(Format::Toml, text.as_bytes(), 0);
    let wrong = |at: usize, what: &str, kind| {
        vec![Setback { line: line_and_column(text.as_bytes(), at).0, what: what.to_owned(), kind }]
    };
    let Some(root) = read.root else {
        return Err(wrong(read.faults.first().map_or(0, |fault| fault.span.start), "", "syntax"));
    };
    if !matches!(root.get("version").map(|node| &node.value), Some(Value::Number(version)) if *version <= VERSION) {
        return Err(wrong(0, "version", "wrong-type"));
    }
    let items = root.get("pin").map(Node::items).unwrap_or_default();
    if items.len() > PINS_MAX {
        return Err(wrong(0, "pin", "wrong-type"));
    }
    let mut out = Vec::new();
    for item in items {
        let text = |key: &str| item.get(key).and_then(Node::as_text).map(str::to_owned);
        let (Some(kind), Some(name), Some(sha256)) = (text("kind"), text("name"), text("sha256")) else {
            return Err(wrong(item.span.start, "pin", "missing"));
        };
        let files = item.get("files").map(Node::entries).unwrap_or_default();
        let file = |entry: &crate::tree::Entry| Some((entry.key.clone(), entry.value.as_text()?.to_owned()));
        out.push(Pin {
            kind,
            path: text("path").unwrap_or_default(),
            name,
            project: text("project").unwrap_or_default(),
            sha256,
            files: files.iter().filter_map(file).collect::<BTreeMap<_, _>>(),
            owner: text("owner"),
            review: text("review"),
        });
    }
    Ok(out)
}
