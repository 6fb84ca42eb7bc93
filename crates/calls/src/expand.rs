//! Words to values: braces, `~`, variables, substitutions, splitting.

use crate::limits::FIELDS;
use crate::machine::Machine;
use crate::shell::tree::{Part, Word};
use crate::value::{Flow, Value};

/// The fields of one word while it is expanded.
#[derive(Default)]
struct Fields {
    done: Vec<Value>,
    open: Option<Value>,
    cut: bool,
}

impl Fields {
    fn open(&mut self) -> &mut Value {
        self.open.get_or_insert_with(Value::default)
    }

    fn close(&mut self) {
        if let Some(value) = self.open.take() {
            if self.done.len() < FIELDS {
                self.done.push(value);
            } else {
                self.cut = true;
            }
        }
    }
}

impl Machine<'_> {
    /// The fields that a word becomes.
    pub(crate) fn fields(&mut self, word: &Word) -> Vec<Value> {
        // The commonest word is one plain text.
        if let [Part::Text(text)] = word.parts.as_slice()
            && !text.contains(['{', '~', '*', '?', '['])
        {
            return vec![Value::known(text.as_str())];
        }
        let braced = word.parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('{')));
        if !braced {
            return self.one_word(word);
        }
        let (words, mut cut) = crate::braces::braces(word);
        let mut all = Vec::new();
        for word in words {
            all.extend(self.one_word(&word));
            if all.len() >= FIELDS {
                cut = true;
                break;
            }
        }
        if cut {
            all.push(Value::tangled(Flow::NONE));
        }
        all
    }

    /// The value of a word that is not split (assignments, redirections, `case`).
    pub(crate) fn joined(&mut self, word: &Word) -> Value {
        let mut value = Value::default();
        for (index, part) in word.parts.iter().enumerate() {
            let fields = self.part(part, index == 0, true);
            for (index, field) in fields.iter().enumerate() {
                if index > 0 {
                    value.push(&Value::known(self.separator(part)));
                }
                value.push(field);
            }
        }
        self.made(value.text.len());
        value
    }

    fn one_word(&mut self, word: &Word) -> Vec<Value> {
        let mut fields = Fields::default();
        for (index, part) in word.parts.iter().enumerate() {
            let quoted = matches!(part, Part::Quoted(_) | Part::Double(_));
            if quoted {
                fields.open();
            }
            match part {
                Part::Param(_) | Part::Run(_) | Part::Arith(_) => self.split(part, word.parts.len() == 1, &mut fields),
                _ => {
                    let values = self.part(part, index == 0, false);
                    for (index, value) in values.iter().enumerate() {
                        if index > 0 {
                            fields.close();
                        }
                        fields.open().push(value);
                    }
                    if let Part::Double(inner) = part
                        && values.is_empty()
                        && matches!(inner.as_slice(), [Part::Param(param)] if param.name == "@")
                        && word.parts.len() == 1
                    {
                        fields.open = None;
                    }
                }
            }
        }
        fields.close();
        let bytes = fields.done.iter().map(|value| value.text.len()).sum();
        self.made(bytes);
        if fields.cut {
            fields.done.push(Value::tangled(Flow::NONE));
        }
        fields.done
    }

    /// What is not quoted is split at `IFS`.
    fn split(&mut self, part: &Part, alone: bool, fields: &mut Fields) {
        let separators = self.separators();
        let values = self.part(part, false, false);
        // A variable of the environment that may be none: no word at all, then.
        if alone
            && matches!(part, Part::Param(param) if param.op.is_empty() && !param.length && crate::shell::is_name(&param.name))
            && values.iter().all(|value| value.is_blank() && value.flow.without(Flow::CREDENTIAL) == Flow::NONE)
            && !values.is_empty()
            && self.pick("unset", 2) == Some(1)
        {
            return;
        }
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                fields.close();
            }
            self.made(value.text.len());
            if !separators.is_known() {
                fields.open().push(&Value::tangled(value.flow));
                continue;
            }
            let hard = |c: char| separators.text.contains(c) && !matches!(c, ' ' | '\t' | '\n');
            let soft = |c: char| separators.text.contains(c) && matches!(c, ' ' | '\t' | '\n');
            let mut piece = String::new();
            let push = |piece: &mut String, fields: &mut Fields| {
                if !piece.is_empty() {
                    let text = std::mem::take(piece);
                    let glob = value.glob || text.contains(['*', '?', '[']);
                    fields.open().push(&Value { text, flow: value.flow, glob });
                }
            };
            let mut behind = false;
            for c in value.text.chars() {
                if hard(c) {
                    push(&mut piece, fields);
                    // Two in a row, or one at the beginning: an empty word between.
                    if !behind || fields.open.is_some() {
                        fields.open();
                    }
                    fields.close();
                    behind = false;
                } else if soft(c) {
                    push(&mut piece, fields);
                    behind |= fields.open.is_some();
                    fields.close();
                } else {
                    behind = false;
                    piece.push(c);
                }
            }
            push(&mut piece, fields);
        }
    }

    fn separators(&mut self) -> Value {
        self.chosen_variable("IFS").and_then(|values| values.into_iter().next()).unwrap_or_default()
    }

    /// What stands between the words of a list that becomes one.
    fn separator(&mut self, part: &Part) -> String {
        let starred = |part: &Part| {
            matches!(part, Part::Param(param) if param.name == "*"
                || param.index.as_ref().is_some_and(|index| index.plain() == Some("*")))
        };
        let own = match part {
            Part::Double(parts) => parts.iter().any(starred),
            part => starred(part),
        };
        if own { self.separators().text.chars().take(1).collect() } else { " ".to_owned() }
    }

    /// The values of a piece; more than one only for `$@` and arrays.
    fn part(&mut self, part: &Part, first: bool, assigned: bool) -> Vec<Value> {
        match part {
            Part::Text(text) => vec![self.plain(text, first, assigned)],
            Part::Quoted(text) => vec![Value::known(text.as_str())],
            Part::Double(parts) => self.double(parts),
            Part::Param(param) => self.param(param),
            Part::Run(node) => vec![self.substitution(node)],
            Part::Process(node, reading) => vec![self.process(node, *reading)],
            Part::Arith(word) => vec![self.arithmetic(word)],
        }
    }

    fn plain(&self, text: &str, first: bool, assigned: bool) -> Value {
        let glob = text.contains(['*', '?', '[']);
        let mut value = Value { text: text.to_owned(), flow: Flow::NONE, glob };
        if first && text.starts_with('~') {
            value.text = self.tilde(text);
        } else if let Some((before, after)) = text.split_once("=~")
            && (assigned || before.starts_with("--"))
        {
            value.text = format!("{before}={}", self.tilde(&format!("~{after}")));
        }
        value
    }

    fn tilde(&self, text: &str) -> String {
        let name = text.split('/').next().unwrap_or("");
        let rest = text.get(name.len()..).unwrap_or("");
        let folder = match name {
            "~" => self.home(),
            "~+" => self.cwd.clone(),
            "~-" => self.previous.clone(),
            "~root" => "/root".to_owned(),
            other => format!("/home/{}", other.trim_start_matches('~')),
        };
        format!("{folder}{rest}")
    }

    fn double(&mut self, parts: &[Part]) -> Vec<Value> {
        let mut fields = vec![Value::default()];
        for part in parts {
            let mut values = self.part(part, false, true);
            let many = matches!(part, Part::Param(param) if param.name == "@" || param.index.as_ref().is_some_and(|index| index.plain() == Some("@")));
            if !many {
                let between = if values.len() > 1 { self.separator(part) } else { String::new() };
                values = vec![
                    values
                        .into_iter()
                        .fold(None, |all: Option<Value>, value| match all {
                            None => Some(value),
                            Some(mut all) => {
                                all.push(&Value::known(between.as_str()));
                                all.push(&value);
                                Some(all)
                            }
                        })
                        .unwrap_or_default(),
                ];
            } else if values.is_empty() && parts.len() == 1 {
                return Vec::new();
            }
            for (index, mut value) in values.into_iter().enumerate() {
                value.glob = value.glob && value.flow.has(Flow::LIST);
                if index > 0 && fields.len() < FIELDS {
                    fields.push(value);
                } else if index > 0 {
                    if let Some(last) = fields.last_mut() {
                        *last = Value::tangled(value.flow);
                    }
                } else if let Some(last) = fields.last_mut() {
                    last.push(&value);
                }
            }
        }
        fields
    }
}
