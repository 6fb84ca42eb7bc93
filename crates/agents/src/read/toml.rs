//! TOML, and where each value stands.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::{Fault, FaultKind, Read};
use crate::tree::{Entry, Node, Span, Value};

/// Reads a text.
pub(super) fn read(text: &str, file: usize) -> Read {
    match DeTable::parse(text) {
        Ok(table) => {
            let span = Span { file, start: 0, end: text.len() };
            Read { root: Some(Node { value: map(table.into_inner(), file), span }), ..Read::default() }
        }
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let kind = if range.start >= text.len() { FaultKind::Ends } else { FaultKind::Syntax };
            let span = Span { file, start: range.start, end: range.end };
            Read { faults: vec![Fault { kind, span }], ..Read::default() }
        }
    }
}

/// Depth is limited by the library, to 80.
fn map(table: DeTable<'_>, file: usize) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| {
            let range = key.span();
            let key_span = Span { file, start: range.start, end: range.end };
            Entry { key: key.into_inner().into_owned(), key_span, value: node(value, file) }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Value::Map(entries)
}

fn node(value: Spanned<DeValue<'_>>, file: usize) -> Node {
    let range = value.span();
    let span = Span { file, start: range.start, end: range.end };
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => number_of(number.as_str(), number.radix()),
        DeValue::Float(number) => number.as_str().parse().map_or(Value::Null, Value::Number),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node(item, file)).collect()),
        DeValue::Table(table) => map(table, file),
    };
    Node { value, span }
}

fn number_of(digits: &str, radix: u32) -> Value {
    let number = i64::from_str_radix(digits, radix).ok().and_then(|number| number.to_string().parse::<f64>().ok());
    number.map_or(Value::Null, Value::Number)
}
