//! Options and operands of a program, as getopt reads them.

use crate::value::{UNKNOWN, Value};

/// A program's arguments, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Args {
    options: Vec<(String, Option<Value>)>,
    pub(crate) rest: Vec<Value>,
}

/// How options are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Options anywhere.
    Mixed,
    /// Options end at the first operand: what follows belongs to another program.
    Leading,
    /// `-name value`, no clusters.
    Single,
}

impl Args {
    /// `with_value` lists the options (short without dash, long without dashes) that take a value, with blanks between them.
    pub(crate) fn of(values: &[Value], with_value: &str) -> Self {
        Self::read(values, with_value, Style::Mixed)
    }

    pub(crate) fn leading(values: &[Value], with_value: &str) -> Self {
        Self::read(values, with_value, Style::Leading)
    }

    pub(crate) fn single(values: &[Value], with_value: &str) -> Self {
        Self::read(values, with_value, Style::Single)
    }

    fn read(values: &[Value], with_value: &str, style: Style) -> Self {
        let takes = |name: &str| with_value.split(' ').any(|known| known == name);
        let mut args = Self::default();
        let mut values = values.iter();
        while let Some(value) = values.next() {
            let text = value.text.as_str();
            if text == "--" {
                args.rest.extend(values.cloned());
                break;
            }
            if let Some(long) = text.strip_prefix("--") {
                let (name, given) = match long.split_once('=') {
                    Some((name, given)) => (name, Some(Value { text: given.to_owned(), ..value.clone() })),
                    None => (long, None),
                };
                let given = given.or_else(|| if takes(name) { values.next().cloned() } else { None });
                args.options.push((name.to_owned(), given));
            } else if let Some(short) = text.strip_prefix('-').filter(|short| !short.is_empty()) {
                if style == Style::Single {
                    let (name, given) = match short.split_once('=') {
                        Some((name, given)) => (name, Some(Value { text: given.to_owned(), ..value.clone() })),
                        None => (short, None),
                    };
                    let given = given.or_else(|| if takes(name) { values.next().cloned() } else { None });
                    args.options.push((name.to_owned(), given));
                    continue;
                }
                let mut letters = short.chars();
                while let Some(letter) = letters.next() {
                    let mut buffer = [0; 4];
                    let name: &str = letter.encode_utf8(&mut buffer);
                    if takes(name) {
                        let tail = letters.as_str();
                        let given = if tail.is_empty() {
                            values.next().cloned()
                        } else {
                            Some(Value { text: tail.to_owned(), ..value.clone() })
                        };
                        args.options.push((name.to_owned(), given));
                        break;
                    }
                    args.options.push((name.to_owned(), None));
                }
            } else {
                args.rest.push(value.clone());
                if style == Style::Leading {
                    args.rest.extend(values.cloned());
                    break;
                }
            }
        }
        args
    }

    /// Whether one of the options is there. A long one may be shortened, as GNU programs take it.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(given, _)| Self::is(given, names))
    }

    fn is(given: &str, names: &[&str]) -> bool {
        names.iter().any(|name| {
            given == *name || given.len() >= 3 && name.len() > given.len() && name.len() >= 5 && name.starts_with(given)
        })
    }

    /// The value of the last of these options.
    pub(crate) fn value(&self, names: &[&str]) -> Option<&Value> {
        self.options
            .iter()
            .rev()
            .find(|(given, value)| value.is_some() && Self::is(given, names))
            .and_then(|(_, value)| value.as_ref())
    }

    pub(crate) fn values<'s>(&'s self, names: &'s [&str]) -> impl Iterator<Item = &'s Value> {
        self.options.iter().filter(|(given, _)| Self::is(given, names)).filter_map(|(_, value)| value.as_ref())
    }

    /// Every option with its value.
    pub(crate) fn options(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.options.iter().map(|(name, value)| (name.as_str(), value.as_ref()))
    }

    /// The text of an operand.
    pub(crate) fn operand(&self, index: usize) -> &str {
        self.rest.get(index).map_or("", |value| value.text.as_str())
    }

    /// The operands from one on.
    pub(crate) fn from(&self, index: usize) -> &[Value] {
        self.rest.get(index..).unwrap_or(&[])
    }

    /// An argument of which nothing is known and which could be an option.
    pub(crate) fn may_hide_options(&self) -> bool {
        self.rest
            .iter()
            .any(|value| value.text.starts_with(UNKNOWN) && value.is_blank() && value.flow == crate::value::Flow::NONE)
    }
}
