//! What a condition says of a subject. Total: an unknown value is absent, and every condition has an answer.

use std::borrow::Cow;

use super::parse::{Compare, Expr, Path, Quantifier};
use super::{functions, lists};
use crate::agent::Agent;
use crate::tree::{Node, Span, Value};

/// How many elements one condition may look at.
const STEPS_MAX: usize = 200_000;

/// A value while a condition is looked at.
#[derive(Clone, Debug)]
pub(crate) enum Val<'a> {
    /// There is none.
    Absent,
    /// A part of a file or of a subject.
    Node(&'a Node),
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Val<'a>>),
}

/// What a condition may ask about.
pub(crate) struct Facts<'a> {
    /// The subject's fields.
    pub(crate) fields: &'a [(&'static str, Cow<'a, Node>)],
    /// The agent whose rules match.
    pub(crate) agent: Agent,
    /// The home directory.
    pub(crate) home: &'a str,
    /// The root of the repository, empty where there is none.
    pub(crate) project: &'a str,
    /// The paths of all files.
    pub(crate) paths: &'a [&'a str],
    /// The element of `each`, and its key.
    pub(crate) it: Option<(Val<'a>, Cow<'a, str>)>,
}

/// What surrounds an expression: the facts, and the elements of the quantifiers around it, the innermost last.
struct Frame<'f, 'a> {
    facts: &'f Facts<'a>,
    its: Vec<(Val<'a>, Cow<'a, str>)>,
    steps: usize,
}

/// Whether a condition is true.
pub(crate) fn evaluate(expr: &Expr, facts: &Facts<'_>) -> bool {
    let mut frame = Frame { facts, its: facts.it.clone().into_iter().collect(), steps: 0 };
    truth(expr, &mut frame)
}

fn truth<'a>(expr: &Expr, frame: &mut Frame<'_, 'a>) -> bool {
    match value(expr, frame) {
        Val::Bool(value) => value,
        Val::Node(node) => node.as_bool() == Some(true),
        _ => false,
    }
}

fn value<'a>(expr: &Expr, frame: &mut Frame<'_, 'a>) -> Val<'a> {
    frame.steps += 1;
    if frame.steps > STEPS_MAX {
        return Val::Absent;
    }
    match expr {
        Expr::Bool(value) => Val::Bool(*value),
        Expr::Number(value) => Val::Number(*value),
        Expr::Text(text) => Val::Text(Cow::Owned(text.clone())),
        Expr::List(items) => Val::List(items.iter().map(|item| value(item, frame)).collect()),
        Expr::Known(name) => Val::List(lists::known(name).iter().map(|text| Val::Text(Cow::Borrowed(*text))).collect()),
        Expr::Path(path) => follow(path, frame.facts, frame.its.last()),
        Expr::Not(inner) => Val::Bool(!truth(inner, frame)),
        Expr::And(left, right) => Val::Bool(truth(left, frame) && truth(right, frame)),
        Expr::Or(left, right) => Val::Bool(truth(left, frame) || truth(right, frame)),
        Expr::Compare(compare, left, right) => {
            let (left, right) = (value(left, frame), value(right, frame));
            Val::Bool(compared(*compare, &left, &right))
        }
        Expr::In(item, list) => {
            let (item, list) = (value(item, frame), value(list, frame));
            Val::Bool(list.elements().iter().any(|(_, element)| item.same(element)))
        }
        Expr::Call(name, args) => {
            let args: Vec<Val<'a>> = args.iter().map(|arg| value(arg, frame)).collect();
            functions::call(name, &args, frame.facts)
        }
        Expr::Quantified(quantifier, over, body) => {
            let over = value(over, frame);
            let mut holds = |(key, element): (Cow<'a, str>, Val<'a>)| {
                frame.its.push((element, key));
                let result = truth(body, frame);
                frame.its.pop();
                result
            };
            let mut elements = over.elements().into_iter();
            Val::Bool(match quantifier {
                Quantifier::Any => elements.any(&mut holds),
                Quantifier::All => elements.all(&mut holds),
                Quantifier::None => !elements.any(&mut holds),
            })
        }
    }
}

fn compared(compare: Compare, left: &Val<'_>, right: &Val<'_>) -> bool {
    match compare {
        Compare::Equal => left.same(right),
        Compare::Unequal => !left.same(right),
        _ => match (left.number(), right.number()) {
            (Some(left), Some(right)) => match compare {
                Compare::Less => left < right,
                Compare::AtMost => left <= right,
                Compare::More => left > right,
                _ => left >= right,
            },
            _ => false,
        },
    }
}

/// The value at a path.
fn follow<'a>(path: &Path, facts: &Facts<'a>, it: Option<&(Val<'a>, Cow<'a, str>)>) -> Val<'a> {
    let root = match (path.root.as_str(), it) {
        ("it", Some((element, _))) => element.clone(),
        ("key", Some((_, key))) => Val::Text(key.clone()),
        (root, _) => match facts.fields.iter().find(|(name, _)| *name == root) {
            Some((_, node)) => Val::Node(node),
            None => Val::Absent,
        },
    };
    let mut values = vec![root];
    let mut many = false;
    for key in &path.keys {
        values = match key {
            Some(key) => values.into_iter().map(|value| value.get(key)).filter(|value| !value.absent()).collect(),
            None => {
                many = true;
                values.into_iter().flat_map(|value| value.elements()).map(|(_, element)| element).collect()
            }
        };
    }
    if many { Val::List(values) } else { values.pop().unwrap_or(Val::Absent) }
}

impl<'a> Val<'a> {
    /// Whether there is none. `null` counts as none, as agents do it.
    pub(crate) const fn absent(&self) -> bool {
        matches!(self, Self::Absent | Self::Node(Node { value: Value::Null, .. }))
    }

    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Node(node) => node.as_text(),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub(crate) const fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) | Self::Node(Node { value: Value::Number(number), .. }) => Some(*number),
            _ => None,
        }
    }

    /// The texts of a list, or the one text.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Node(node) => node.texts(),
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().filter_map(Val::text).collect(),
            _ => Vec::new(),
        }
    }

    /// The elements of a list or map with their keys; none of anything else.
    pub(crate) fn elements(&self) -> Vec<(Cow<'a, str>, Self)> {
        match self {
            Self::List(items) => items.iter().map(|item| (Cow::Borrowed(""), item.clone())).collect(),
            Self::Node(node) => match &node.value {
                Value::List(items) => items.iter().map(|item| (Cow::Borrowed(""), Self::Node(item))).collect(),
                Value::Map(entries) => {
                    entries.iter().map(|entry| (Cow::Borrowed(&*entry.key), Self::Node(&entry.value))).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn get(&self, key: &str) -> Self {
        match self {
            Self::Node(node) => node.get(key).map_or(Self::Absent, Self::Node),
            _ => Self::Absent,
        }
    }

    /// Whether two values are equal. Absent equals nothing, not even itself.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Node(a), Self::Node(b)) => a.same(b),
            (a, b) => {
                if let (Some(a), Some(b)) = (a.text(), b.text()) {
                    return a == b;
                }
                if let (Some(a), Some(b)) = (a.number(), b.number()) {
                    return (a - b).abs() < f64::EPSILON;
                }
                if let (Some(a), Some(b)) = (a.truth(), b.truth()) {
                    return a == b;
                }
                let lists = matches!(a, Self::List(_)) || matches!(b, Self::List(_));
                let (a, b) = (a.elements(), b.elements());
                lists && a.len() == b.len() && a.iter().zip(&b).all(|((_, a), (_, b))| a.same(b))
            }
        }
    }

    const fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Node(node) => node.as_bool(),
            _ => None,
        }
    }
}

/// The elements that `each` names, with keys and places. A list or map stands for its elements; anything else for itself.
pub(crate) fn each<'a>(path: &Path, facts: &Facts<'a>) -> Vec<(Val<'a>, Cow<'a, str>, Option<Span>)> {
    let found = follow(path, facts, None);
    let starred = path.keys.last().is_some_and(Option::is_none);
    let groups = match found {
        Val::List(items) if path.keys.iter().any(Option::is_none) && !starred => items,
        other => vec![other],
    };
    let mut out = Vec::new();
    for group in groups {
        match &group {
            Val::Node(Node { value: Value::Map(entries), .. }) => {
                out.extend(
                    entries
                        .iter()
                        .map(|entry| (Val::Node(&entry.value), Cow::Borrowed(&*entry.key), Some(entry.span()))),
                );
            }
            Val::Node(Node { value: Value::List(items), .. }) => {
                out.extend(items.iter().map(|item| (Val::Node(item), Cow::Borrowed(""), Some(item.span))));
            }
            Val::List(items) => {
                out.extend(items.iter().map(|item| (item.clone(), Cow::Borrowed(""), span_of(item))));
            }
            other if other.absent() => {}
            other => out.push((other.clone(), Cow::Borrowed(""), span_of(other))),
        }
    }
    out
}

const fn span_of(value: &Val<'_>) -> Option<Span> {
    match value {
        Val::Node(node) => Some(node.span),
        _ => None,
    }
}

/// The place of a path: the key with its value, where it stands in a map.
pub(crate) fn located(path: &Path, facts: &Facts<'_>) -> Option<Span> {
    if path.root == "it" {
        let (Val::Node(node), _) = facts.it.as_ref()? else { return None };
        return place_under(node, &path.keys);
    }
    let (_, node) = facts.fields.iter().find(|(name, _)| *name == path.root)?;
    place_under(node, &path.keys)
}

fn place_under(node: &Node, keys: &[Option<String>]) -> Option<Span> {
    let keys: Option<Vec<String>> = keys.iter().cloned().collect();
    let keys = keys?;
    if keys.is_empty() { Some(node.span) } else { node.entry_at(&keys).map(crate::tree::Entry::span) }
}
