//! What stands at a place, without the secrets in it.

use crate::lang::words;
use crate::tree::{Node, Span, Value};

/// The longest evidence, in characters.
pub(super) const EVIDENCE_MAX_CHARS: usize = 160;
/// What stands in the place of a secret.
const HIDDEN: &str = "[redacted]";

/// The text of a place, on one line, cut to length.
pub(super) fn evidence(bytes: &[u8], span: Span, root: Option<&Node>) -> String {
    let mut hidden = Vec::new();
    if let Some(root) = root {
        secrets(root, "", &mut hidden);
    }
    hidden.retain(|secret| secret.meets(span));
    hidden.sort_unstable();
    let mut out = String::new();
    let mut at = span.start;
    for secret in hidden {
        let from = secret.start.max(at);
        out.push_str(&slice(bytes, at, from));
        out.push_str(HIDDEN);
        at = secret.end.max(at);
    }
    out.push_str(&slice(bytes, at, span.end.max(at)));
    let flat: Vec<&str> = out.split_whitespace().collect();
    let flat = flat.join(" ");
    match flat.char_indices().nth(EVIDENCE_MAX_CHARS) {
        Some((end, _)) => format!("{}…", flat.get(..end).unwrap_or_default()),
        None => flat,
    }
}

fn slice(bytes: &[u8], start: usize, end: usize) -> String {
    String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default()).into_owned()
}

/// The places of literal secrets: values under telling names, addresses that carry one, and what follows an option
/// that takes one.
fn secrets(node: &Node, key: &str, out: &mut Vec<Span>) {
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|entry| secrets(&entry.value, &entry.key, out)),
        Value::List(items) => {
            let mut before = "";
            for item in items {
                let option = before.strip_prefix("--").unwrap_or_default();
                secrets(item, if option.is_empty() { key } else { option }, out);
                before = item.as_text().unwrap_or_default();
            }
        }
        Value::Text(text) => {
            let assigned = text.split_once('=').or_else(|| text.split_once(':'));
            let named = |(name, value): (&str, &str)| words::secret_name(name) && words::literal(value);
            if (words::secret_name(key) && words::literal(text))
                || words::url_secret(text)
                || assigned.is_some_and(named)
            {
                out.push(node.span);
            }
        }
        _ => {}
    }
}
