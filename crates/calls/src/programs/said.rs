//! What the shell says and reads itself: `echo`, `printf`, `read`, `mapfile`.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::output::Output;
use crate::shell::ansi;
use crate::value::{Flow, UNKNOWN, Value};

use super::builtins::joined;

/// How often a format is used again.
const ROUNDS_OF_A_FORMAT: usize = 128;
/// The widest field.
const FIELD_CHARS: usize = 4096;

pub(super) fn echo(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut escapes = None;
    let mut newline = true;
    let mut words = args;
    while let [first, rest @ ..] = words {
        let Some(letters) = first
            .text
            .strip_prefix('-')
            .filter(|letters| !letters.is_empty() && letters.chars().all(|c| "neE".contains(c)))
        else {
            break;
        };
        for letter in letters.chars() {
            match letter {
                'n' => newline = false,
                letter => escapes = Some(letter == 'e'),
            }
        }
        words = rest;
    }
    let mut value = joined(words);
    tell_variables(m, words);
    let end = if newline { "\n" } else { "" };
    if escapes == Some(false) || !value.text.contains('\\') {
        value.push(&Value::known(end));
        return value;
    }
    let read = decoded(&value, true);
    let ended = |mut value: Value| {
        value.push(&Value::known(end));
        value
    };
    if escapes == Some(true) {
        return ended(read);
    }
    // Some shells read escapes without being told to.
    m.told(Output::of(vec![ended(value), ended(read)]))
}

/// With escapes read, where that is the same in all shells.
fn decoded(value: &Value, echoed: bool) -> Value {
    let mut chars = value.text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            continue;
        }
        let certain = match chars.next() {
            Some('\\' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' | '0') => true,
            Some('1'..='7' | '"') => !echoed,
            Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '\'' | '?' | '"' | UNKNOWN),
            None => true,
        };
        if !certain {
            return Value::tangled(value.flow);
        }
    }
    let text = ansi::decode(&value.text, false).0;
    Value { text, ..value.clone() }
}

/// A credential of the environment that is shown.
fn tell_variables(m: &mut Machine<'_>, words: &[Value]) {
    if words.iter().any(|value| value.flow.has(Flow::CREDENTIAL)) {
        m.mark(Traits::READS_SECRET, "shows a credential of the environment");
    }
}

pub(super) fn printf(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut words = args;
    let mut into = None;
    if let [option, name, rest @ ..] = words
        && option.text == "-v"
    {
        into = Some(name.clone());
        words = rest;
    }
    if let [dashes, rest @ ..] = words
        && dashes.text == "--"
    {
        words = rest;
    }
    tell_variables(m, words);
    let [format, values @ ..] = words else { return Value::default() };
    let mut output = Value::default();
    let mut left = values;
    for round in 0..=ROUNDS_OF_A_FORMAT {
        let before = left.len();
        output.push(&formatted(format, &mut left));
        m.made(output.text.len());
        if left.is_empty() || left.len() == before {
            break;
        }
        if round == ROUNDS_OF_A_FORMAT {
            output = Value::tangled(output.flow);
        }
    }
    match into {
        Some(name) if crate::shell::is_name(&name.text) => {
            m.set_one(&name.text, output);
            Value::default()
        }
        Some(name) => {
            let (base, index) = name.text.split_once('[').unwrap_or((name.text.as_str(), ""));
            m.calculated(&Value::known(index.trim_end_matches(']')));
            m.set(base, vec![Value::tangled(output.flow)]);
            Value::default()
        }
        None => output,
    }
}

/// What stands between `%` and its letter.
#[derive(Default)]
struct Field {
    flags: String,
    width: Option<usize>,
    precision: Option<usize>,
}

impl Field {
    fn put(&self, text: &str, number: bool) -> Option<String> {
        if self.flags.contains([' ', '+', '#', '\'']) {
            return None;
        }
        let mut text = text.to_owned();
        if let Some(precision) = self.precision {
            if number {
                return None;
            }
            // Bytes or characters, as the language has it.
            if !text.is_ascii() {
                return None;
            }
            text = text.chars().take(precision).collect();
        }
        let width = self.width.unwrap_or(0);
        if width > FIELD_CHARS || width > 0 && !text.is_ascii() {
            return None;
        }
        Some(if self.flags.contains('-') {
            format!("{text:<width$}")
        } else if self.flags.contains('0') && number {
            if text.starts_with('-') {
                return None;
            }
            format!("{text:0>width$}")
        } else {
            format!("{text:>width$}")
        })
    }
}

fn formatted(format: &Value, left: &mut &[Value]) -> Value {
    let read = decoded(format, false);
    if !format.is_known() {
        let flow = left.iter().fold(format.flow, |flow, value| flow.with(value.flow));
        let used = std::mem::take(left);
        return if used.is_empty() { read } else { Value::tangled(flow) };
    }
    let mut output = Value { text: String::new(), flow: read.flow, glob: false };
    let mut chars = read.text.chars().peekable();
    let mut next = || -> Value {
        let Some((first, rest)) = left.split_first() else { return Value::default() };
        *left = rest;
        first.clone()
    };
    while let Some(c) = chars.next() {
        if c != '%' {
            let mut buffer = [0; 4];
            output.push(&Value::known(&*c.encode_utf8(&mut buffer)));
            continue;
        }
        let mut field = Field::default();
        while let Some(flag) = chars.next_if(|c| "-+ #0'".contains(*c)) {
            field.flags.push(flag);
        }
        let mut number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| -> Option<Option<usize>> {
            if chars.next_if_eq(&'*').is_some() {
                return next().text.parse().ok().map(Some);
            }
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if digits.is_empty() { Some(None) } else { digits.parse().ok().map(Some) }
        };
        let width = number(&mut chars);
        let precision = if chars.next_if_eq(&'.').is_some() {
            number(&mut chars).map(|precision| Some(precision.unwrap_or(0)))
        } else {
            Some(None)
        };
        let (Some(width), Some(precision)) = (width, precision) else { return Value::tangled(output.flow) };
        (field.width, field.precision) = (width, precision);
        let Some(kind) = chars.next() else { break };
        if kind == '%' {
            output.push(&Value::known("%"));
            continue;
        }
        let value = next();
        let value = one(kind, &field, value);
        output.push(&value);
    }
    output
}

/// One field of a format.
fn one(kind: char, field: &Field, value: Value) -> Value {
    let flow = value.flow;
    if !value.is_known() {
        let plain = field.width.is_none() && field.precision.is_none() && matches!(kind, 's' | 'b' | 'd' | 'i' | 'u');
        return if plain { value } else { Value::tangled(flow) };
    }
    let value = if kind == 'b' { decoded(&value, false) } else { value };
    let text = value.text.as_str();
    let put = match kind {
        's' => field.put(text, false),
        'b' if value.is_known() => field.put(text, false),
        'c' => field.put(&text.chars().take(1).collect::<String>(), false),
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => whole(text).and_then(|number| {
            let shown = match kind {
                'o' => format!("{number:o}"),
                'x' => format!("{number:x}"),
                'X' => format!("{number:X}"),
                _ => number.to_string(),
            };
            field.put(&shown, true)
        }),
        _ => None,
    };
    put.map_or_else(|| Value::tangled(flow), |text| Value { text, flow, glob: false })
}

fn whole(text: &str) -> Option<i64> {
    let text = text.trim_start();
    if text.is_empty() {
        return Some(0);
    }
    if let Some(rest) = text.strip_prefix(['\'', '"']) {
        return rest.chars().next().filter(char::is_ascii).map(|c| i64::from(u32::from(c)));
    }
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok();
    }
    if text.len() > 1 && text.starts_with('0') {
        return i64::from_str_radix(text, 8).ok();
    }
    text.parse().ok()
}

pub(super) fn read(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let args = Args::of(args, "p d n N t u i a");
    let mut names: Vec<String> = args.rest.iter().map(|value| value.text.clone()).collect();
    let array = args.value(&["a"]).map(|value| value.text.clone());
    let input = match args.value(&["u"]) {
        Some(number) => {
            let known = m.descriptors.iter().rev().find(|(known, _)| Some(*known) == number.text.parse().ok());
            known.map_or_else(|| Value::tangled(Flow::NONE), |(_, value)| Value::tangled(value.flow))
        }
        None => m.stdin.clone(),
    };
    if names.is_empty() && array.is_none() {
        names.push("REPLY".to_owned());
    }
    names.extend(array.clone());
    for name in names.iter().filter(|name| !crate::shell::is_name(name)) {
        m.calculated(&Value::known(name.as_str()));
    }
    if input.text.is_empty() && input.flow.has(Flow::ENDED) {
        m.ended = true;
        for name in &names {
            m.set_one(name, Value::default());
        }
        return Value::default();
    }
    if !input.is_known() || input.text.is_empty() {
        for name in &names {
            m.set_one(name, Value::unknown(input.flow));
        }
        return Value::default();
    }
    let (line, tail) = input.text.split_once('\n').unwrap_or((input.text.as_str(), ""));
    let raw = args.has(&["r"]) || !line.contains('\\');
    let plain = raw && ["d", "n", "N", "u", "t", "i"].iter().all(|option| !args.has(&[option]));
    let tail = tail.to_owned();
    if plain {
        let line = Value { text: line.to_owned(), ..input.clone() };
        split_into(m, &line, &names, array.is_some());
        let flow = if tail.is_empty() { input.flow.with(Flow::ENDED) } else { input.flow };
        m.state.stdin = Value { text: tail, flow, glob: input.glob };
    } else {
        for name in &names {
            m.set(name, vec![Value::tangled(input.flow)]);
        }
        m.state.stdin = Value::tangled(input.flow);
    }
    Value::default()
}

/// A line is split over names, or into one array.
fn split_into(m: &mut Machine<'_>, line: &Value, names: &[String], array: bool) {
    let value = |text: &str| Value { text: text.to_owned(), ..line.clone() };
    let separators = m.chosen_variable("IFS").and_then(|values| values.into_iter().next()).unwrap_or_default();
    let soft = separators.text.chars().all(char::is_whitespace);
    if !separators.is_known() || !soft && line.text.contains(char::is_whitespace) && separators.text.len() > 1 {
        for name in names {
            m.set(name, vec![Value::tangled(line.flow)]);
        }
        return;
    }
    let is = |c: char| separators.text.contains(c);
    let text = if soft { line.text.trim_matches(is) } else { line.text.as_str() };
    if array {
        let words = if soft {
            text.split(is).filter(|word| !word.is_empty()).map(value).collect()
        } else {
            let mut words: Vec<Value> = text.split(is).map(value).collect();
            if words.last().is_some_and(|word| word.text.is_empty()) {
                words.pop();
            }
            words
        };
        if let Some(name) = names.last() {
            m.set(name, words);
        }
        return;
    }
    let mut rest = text;
    for (index, name) in names.iter().enumerate() {
        if index + 1 == names.len() {
            let unsure = !soft && rest.ends_with(is);
            m.set_one(name, if unsure { Value::tangled(line.flow) } else { value(rest) });
        } else {
            let (word, tail) = rest.split_once(is).unwrap_or((rest, ""));
            rest = if soft { tail.trim_start_matches(is) } else { tail };
            m.set_one(name, value(word));
        }
    }
}

pub(super) fn mapfile(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "d n O s u C c");
    let name = parsed.rest.first().map_or_else(|| "MAPFILE".to_owned(), |value| value.text.clone());
    let input = m.stdin.clone();
    let plain = ["d", "n", "O", "s", "u"].iter().all(|option| !parsed.has(&[option]));
    let values = if input.is_known() && plain && !input.text.is_empty() {
        let text = input.text.strip_suffix('\n').unwrap_or(&input.text);
        let end = if parsed.has(&["t"]) { "" } else { "\n" };
        let mut values: Vec<Value> = text
            .split('\n')
            .take(crate::limits::FIELDS + 1)
            .map(|line| Value { text: format!("{line}{end}"), ..input.clone() })
            .collect();
        if values.len() > crate::limits::FIELDS {
            values = vec![Value::tangled(input.flow)];
        }
        values
    } else if input.is_known() && !input.text.is_empty() {
        vec![Value::tangled(input.flow)]
    } else {
        vec![Value::unknown(input.flow)]
    };
    if !input.text.is_empty() {
        m.state.stdin = Value { text: String::new(), flow: input.flow.with(Flow::ENDED), glob: false };
    }
    m.set(&name, values);
    if let Some(command) = parsed.value(&["C"]).cloned() {
        m.run_text(&command);
    }
    Value::default()
}
