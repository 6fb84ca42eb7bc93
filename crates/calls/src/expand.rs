//! Words to values: braces, `~`, variables, substitutions, splitting.

use crate::limits::FIELDS;
use crate::machine::Machine;
use crate::path::matches;
use crate::shell::tree::{Param, Part, Word};
use crate::value::{Flow, UNKNOWN, Value};

/// The fields of one word while it is expanded.
#[derive(Default)]
struct Fields {
    done: Vec<Value>,
    open: Option<Value>,
}

impl Fields {
    fn open(&mut self) -> &mut Value {
        self.open.get_or_insert_with(Value::default)
    }

    fn close(&mut self) {
        if let Some(value) = self.open.take()
            && self.done.len() < FIELDS
        {
            self.done.push(value);
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
        let mut all = Vec::new();
        for word in super::expand::braces(word) {
            all.extend(self.one_word(&word));
            if all.len() >= FIELDS {
                all.push(Value::unknown(Flow::NONE));
                break;
            }
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
                    value.text.push(' ');
                }
                value.push(field);
            }
        }
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
                Part::Param(_) | Part::Run(_) => self.split(part, &mut fields),
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
        fields.done
    }

    /// What is not quoted is split at `IFS`.
    fn split(&mut self, part: &Part, fields: &mut Fields) {
        let separators = self.separators();
        for (index, value) in self.part(part, false, false).into_iter().enumerate() {
            if index > 0 {
                fields.close();
            }
            let mut piece = String::new();
            let mut any = false;
            let push = |piece: &mut String, fields: &mut Fields| {
                if !piece.is_empty() {
                    let text = std::mem::take(piece);
                    let glob = value.glob || text.contains(['*', '?', '[']);
                    fields.open().push(&Value { text, flow: value.flow, glob });
                }
            };
            for c in value.text.chars() {
                if separators.contains(c) {
                    push(&mut piece, fields);
                    if any || fields.open.is_some() {
                        fields.close();
                    }
                } else {
                    any = true;
                    piece.push(c);
                }
            }
            push(&mut piece, fields);
        }
    }

    fn separators(&self) -> String {
        self.variable("IFS")
            .and_then(|values| values.first())
            .map_or_else(|| " \t\n".to_owned(), |value| value.text.clone())
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
                values = vec![
                    values
                        .into_iter()
                        .fold(None, |all: Option<Value>, value| match all {
                            None => Some(value),
                            Some(mut all) => {
                                all.text.push(' ');
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
                } else if let Some(last) = fields.last_mut() {
                    last.push(&value);
                }
            }
        }
        fields
    }

    fn arithmetic(&mut self, word: &Word) -> Value {
        let value = self.joined(word);
        let text = value.text.trim();
        let number = text
            .strip_prefix("0x")
            .or_else(|| text.strip_prefix("0X"))
            .map_or_else(|| text.parse::<i64>().ok(), |hex| i64::from_str_radix(hex, 16).ok());
        match number {
            Some(number) => Value::known(number.to_string()),
            None => Value::unknown(Flow::NONE),
        }
    }

    fn param(&mut self, param: &Param) -> Vec<Value> {
        let mut values = self.looked_up(param);
        if param.indirect {
            let names: Vec<String> = values.iter().flatten().map(|value| value.text.clone()).collect();
            values = names.first().map(|name| self.variable_or_environment(name));
            if values.as_ref().is_some_and(Vec::is_empty) {
                values = None;
            }
        }
        if param.length {
            return vec![Value::unknown(Flow::NONE)];
        }
        let is_set = values.is_some();
        let is_empty = values.as_ref().is_none_or(|values| values.iter().all(|value| value.text.is_empty()));
        let whole = || vec![Value::unknown(Flow::NONE)];
        match param.op.as_str() {
            "" => values.unwrap_or_else(|| self.unset(&param.name)),
            ":-" | "-" | ":=" | "=" => {
                let wanted = if param.op.starts_with(':') { is_empty } else { !is_set };
                if wanted {
                    let fields = self.fields(&param.word);
                    if param.op.ends_with('=') {
                        self.set(&param.name, fields.clone());
                    }
                    fields
                } else {
                    values.unwrap_or_default()
                }
            }
            ":+" | "+" => {
                // May be set in the environment: the word may stand here.
                if is_set && is_empty { Vec::new() } else { self.fields(&param.word) }
            }
            ":?" | "?" => values.unwrap_or_else(whole),
            "#" | "##" | "%" | "%%" => {
                let pattern = self.joined(&param.word).text;
                let values = values.unwrap_or_else(|| self.unset(&param.name));
                values.into_iter().map(|value| cut(value, &pattern, &param.op)).collect()
            }
            "/" | "//" | "/#" | "/%" => {
                let pattern = self.joined(&param.word).text;
                let with = param.second.as_ref().map(|word| self.joined(word)).unwrap_or_default();
                let values = values.unwrap_or_else(|| self.unset(&param.name));
                values.into_iter().map(|value| replace(value, &pattern, &with, &param.op)).collect()
            }
            "^" | "^^" | "," | ",," => {
                let values = values.unwrap_or_else(|| self.unset(&param.name));
                let upper = param.op.starts_with('^');
                let whole = param.op.len() == 2;
                values.into_iter().map(|value| cased(&value, upper, whole)).collect()
            }
            ":" => {
                let from = self.joined(&param.word).text.trim().parse::<i64>().ok();
                let length = param.second.as_ref().map(|word| self.joined(word).text.trim().parse::<i64>().ok());
                let values = values.unwrap_or_else(|| self.unset(&param.name));
                values.into_iter().map(|value| slice(value, from, length)).collect()
            }
            _ => values.unwrap_or_else(whole),
        }
    }

    /// The values of a name, none if it is not known to be set.
    fn looked_up(&mut self, param: &Param) -> Option<Vec<Value>> {
        let name = param.name.as_str();
        match name {
            "@" | "*" => return Some(self.positional.clone().unwrap_or_default()),
            "#" | "?" | "$" | "!" | "-" => return Some(vec![Value::unknown(Flow::NONE)]),
            "0" => return Some(vec![self.zero.clone()]),
            _ => {}
        }
        if let Ok(number) = name.parse::<usize>() {
            let known = self.positional.as_ref()?;
            return Some(known.get(number.saturating_sub(1)).cloned().into_iter().collect());
        }
        let values = self.known_variable(name)?;
        match param.index.as_ref() {
            None => Some(values.into_iter().take(1).collect()),
            Some(index) => {
                let index = self.joined(index).text;
                match index.as_str() {
                    "@" | "*" => Some(values),
                    other => match other.parse::<usize>() {
                        Ok(number) => Some(values.into_iter().nth(number).into_iter().collect()),
                        Err(_) => Some(vec![Value::unknown(
                            values.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow)),
                        )]),
                    },
                }
            }
        }
    }

    fn unset(&self, name: &str) -> Vec<Value> {
        // `$1` … of a script or function that is known to have none.
        if name.parse::<usize>().is_ok() && self.positional.is_some() {
            return Vec::new();
        }
        let flow = if crate::secrets::secret_variable(name) { Flow::CREDENTIAL } else { Flow::NONE };
        vec![Value::unknown(flow)]
    }
}

fn cut(value: Value, pattern: &str, op: &str) -> Value {
    if !value.is_known() || pattern.contains(UNKNOWN) {
        return Value { text: UNKNOWN.to_string(), ..value };
    }
    let text = value.text.as_str();
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).take(4096).collect();
    let prefix = op.starts_with('#');
    let candidates: Box<dyn Iterator<Item = &usize>> = match op {
        "#" | "%%" => Box::new(ends.iter()),
        _ => Box::new(ends.iter().rev()),
    };
    for end in candidates {
        let (part, rest) =
            if prefix { (text.get(..*end), text.get(*end..)) } else { (text.get(*end..), text.get(..*end)) };
        if let (Some(part), Some(rest)) = (part, rest)
            && (matches(pattern, part)
                || pattern.starts_with(['*', '?']) && part.starts_with('.') && matches(pattern, &format!("x{part}")))
        {
            return Value { text: rest.to_owned(), ..value };
        }
    }
    value
}

fn replace(value: Value, pattern: &str, with: &Value, op: &str) -> Value {
    if !value.is_known() || pattern.contains(['*', '?', '[']) || pattern.is_empty() {
        return if value.is_known() && pattern.is_empty() {
            value
        } else {
            Value { text: UNKNOWN.to_string(), ..value }
        };
    }
    let text = match op {
        "//" => value.text.replace(pattern, &with.text),
        "/#" => {
            value.text.strip_prefix(pattern).map_or_else(|| value.text.clone(), |rest| format!("{}{rest}", with.text))
        }
        "/%" => {
            value.text.strip_suffix(pattern).map_or_else(|| value.text.clone(), |rest| format!("{rest}{}", with.text))
        }
        _ => value.text.replacen(pattern, &with.text, 1),
    };
    Value { text, flow: value.flow.with(with.flow), glob: value.glob }
}

fn cased(value: &Value, upper: bool, whole: bool) -> Value {
    let change = |text: &str| if upper { text.to_uppercase() } else { text.to_lowercase() };
    let text = if whole {
        change(&value.text)
    } else {
        let mut chars = value.text.chars();
        let first: String = chars.next().into_iter().collect();
        change(&first) + chars.as_str()
    };
    Value { text, flow: value.flow, glob: value.glob }
}

fn slice(value: Value, from: Option<i64>, length: Option<Option<i64>>) -> Value {
    if !value.is_known() {
        return value;
    }
    let (Some(from), Some(count)) = (from, length.unwrap_or(Some(i64::MAX))) else {
        return Value { text: UNKNOWN.to_string(), ..value };
    };
    let total = i64::try_from(value.text.chars().count()).unwrap_or(i64::MAX);
    let start = if from < 0 { total.saturating_add(from).max(0) } else { from };
    let end = if count < 0 { total.saturating_add(count) } else { start.saturating_add(count) };
    let skip = usize::try_from(start).unwrap_or(usize::MAX);
    let take = usize::try_from(end.saturating_sub(start).max(0)).unwrap_or(0);
    let text = value.text.chars().skip(skip).take(take).collect();
    Value { text, ..value }
}

/// A word's pieces with the characters that braces are made of apart.
#[derive(Clone)]
enum Piece {
    Char(char),
    Whole(Part),
}

/// `a{b,c}d` and `{1..3}`.
pub(crate) fn braces(word: &Word) -> Vec<Word> {
    let mut pieces = Vec::new();
    for part in &word.parts {
        match part {
            Part::Text(text) => pieces.extend(text.chars().map(Piece::Char)),
            other => pieces.push(Piece::Whole(other.clone())),
        }
    }
    let mut room = FIELDS;
    expanded(&pieces, &mut room, 0).into_iter().map(|pieces| rejoined(&pieces)).collect()
}

fn rejoined(pieces: &[Piece]) -> Word {
    let mut word = Word::default();
    for piece in pieces {
        match piece {
            Piece::Char(c) => {
                if let Some(Part::Text(text)) = word.parts.last_mut() {
                    text.push(*c);
                } else {
                    word.parts.push(Part::Text(c.to_string()));
                }
            }
            Piece::Whole(part) => word.parts.push(part.clone()),
        }
    }
    word
}

fn expanded(pieces: &[Piece], room: &mut usize, depth: usize) -> Vec<Vec<Piece>> {
    let is = |index: usize, c: char| matches!(pieces.get(index), Some(Piece::Char(found)) if *found == c);
    let mut start = 0;
    while depth < 8 && start < pieces.len() {
        if !is(start, '{') {
            start += 1;
            continue;
        }
        let (mut level, mut commas, mut end) = (0_usize, Vec::new(), None);
        for index in start..pieces.len() {
            if is(index, '{') {
                level += 1;
            } else if is(index, ',') && level == 1 {
                commas.push(index);
            } else if is(index, '}') {
                level -= 1;
                if level == 0 {
                    end = Some(index);
                    break;
                }
            }
        }
        let Some(end) = end else { break };
        let inside = pieces.get(start + 1..end).unwrap_or(&[]);
        let choices: Vec<Vec<Piece>> = if commas.is_empty() {
            range(inside)
        } else {
            let mut choices = Vec::new();
            let mut from = start + 1;
            for to in commas.into_iter().chain([end]) {
                choices.extend(expanded(pieces.get(from..to).unwrap_or(&[]), room, depth + 1));
                from = to + 1;
            }
            choices
        };
        if choices.is_empty() {
            start += 1;
            continue;
        }
        let before = pieces.get(..start).unwrap_or(&[]);
        let after = expanded(pieces.get(end + 1..).unwrap_or(&[]), room, depth + 1);
        let mut all = Vec::new();
        for choice in &choices {
            for tail in &after {
                if *room == 0 {
                    return all;
                }
                *room -= 1;
                all.push([before, choice, tail].concat());
            }
        }
        return all;
    }
    vec![pieces.to_vec()]
}

fn range(inside: &[Piece]) -> Vec<Vec<Piece>> {
    let mut text = String::new();
    for piece in inside {
        match piece {
            Piece::Char(c) => text.push(*c),
            Piece::Whole(_) => return Vec::new(),
        }
    }
    let Some((low, high)) = text.split_once("..") else { return Vec::new() };
    let high = high.split("..").next().unwrap_or("");
    if let (Ok(low), Ok(high)) = (low.parse::<i32>(), high.parse::<i32>()) {
        let (from, to) = (low.min(high), low.max(high).min(low.min(high).saturating_add(256)));
        return (from..=to).map(|number| number.to_string().chars().map(Piece::Char).collect()).collect();
    }
    let (mut a, mut b) = (low.chars(), high.chars());
    if let (Some(low), None, Some(high), None) = (a.next(), a.next(), b.next(), b.next())
        && low.is_ascii()
        && high.is_ascii()
    {
        return (low.min(high)..=low.max(high)).map(|c| vec![Piece::Char(c)]).collect();
    }
    Vec::new()
}
