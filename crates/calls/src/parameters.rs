//! `$name` and `${…}`. What an operator does is followed exactly, or its result is not known.

use crate::machine::Machine;
use crate::pattern::Pattern;
use crate::shell::tree::{Param, Part, Word};
use crate::state::Switches;
use crate::value::{Flow, UNKNOWN, Value};

impl Machine<'_> {
    pub(crate) fn param(&mut self, param: &Param) -> Vec<Value> {
        if param.op == "names" {
            return vec![Value { text: format!("{}{UNKNOWN}", param.name), flow: Flow::LIST, glob: false }];
        }
        if param.indirect && param.index.is_some() {
            return self.keys(&param.name);
        }
        let mut values = self.looked_up(param);
        let mut name = param.name.clone();
        if param.indirect {
            let Some(target) = values.into_iter().flatten().next() else { return self.unset(&name) };
            if !target.is_known() {
                let credential = !target.is_blank() || target.flow.has(Flow::OUTPUT.with(Flow::LIST));
                let flow = if credential { Flow::CREDENTIAL.with(Flow::TANGLED) } else { target.flow };
                return vec![Value::unknown(flow)];
            }
            let inner = crate::shell::parameter(&target.text);
            if inner.index.is_some() && crate::shell::expansions(&target.text).parts.len() > 1 {
                self.calculated(&target);
            }
            values = self.looked_up(&inner);
            name = inner.name;
        }
        if param.length {
            return vec![self.length(param, values)];
        }
        if param.op == ":" {
            return self.sliced(param, values);
        }
        let is_set = values.as_ref().is_some_and(|values| !values.is_empty());
        let is_empty = values.as_ref().is_none_or(|values| values.iter().all(|value| value.text.is_empty()));
        match param.op.as_str() {
            ":?" | "?" => {
                // The text goes to the output where there is no value.
                let told = self.joined(&param.word);
                if told.flow.has(Flow::CREDENTIAL) {
                    self.mark(crate::Traits::READS_SECRET, "shows a credential of the environment");
                }
                values.unwrap_or_else(|| self.unset(&name))
            }
            "" => values.unwrap_or_else(|| self.unset(&name)),
            ":-" | "-" | ":=" | "=" => {
                let wanted = if param.op.starts_with(':') { is_empty } else { !is_set };
                if !wanted {
                    return values.unwrap_or_default();
                }
                let fields = self.fields(&param.word);
                if param.op.ends_with('=') {
                    let value = self.joined(&param.word);
                    self.set(&name, vec![value]);
                }
                fields
            }
            ":+" | "+" => {
                let colon = param.op.starts_with(':');
                // It may be set in the environment.
                let wanted = match &values {
                    None => self.pick(&format!("{name}+"), 2).unwrap_or(0) == 0,
                    Some(_) => {
                        if colon {
                            !is_empty
                        } else {
                            is_set
                        }
                    }
                };
                if wanted { self.fields(&param.word) } else { Vec::new() }
            }
            _ => {
                let values = values.unwrap_or_else(|| self.unset(&name));
                self.changed(param, values)
            }
        }
    }

    /// `#`, `%`, `/`, `^`, `,`, `@`: each value is changed.
    fn changed(&mut self, param: &Param, values: Vec<Value>) -> Vec<Value> {
        let op = param.op.as_str();
        let pattern = self.pattern(&param.word);
        let with = param.second.as_ref().map(|word| self.joined(word)).unwrap_or_default();
        let letter = param.word.plain().unwrap_or("").to_owned();
        let mut all = Vec::new();
        for value in values {
            // Matching takes time with the square of what is matched.
            let length = value.text.len();
            self.made(length + length.min(1024) * length.min(1024) / 4);
            let Value { text, flow, glob } = value.clone();
            // A pattern that stands for names keeps its nature when its ends are cut.
            let listed = glob && text.contains(['*', '?', '[']);
            let changed = match op {
                _ if !value.is_known() => {
                    if op == "@" && letter == "P" && value.is_tangled() {
                        self.puzzled("a prompt that is made in the call");
                    }
                    let made = value.text.chars().any(|c| c != UNKNOWN) && !matches!(op, "#" | "##" | "%" | "%%");
                    all.push(Value::unknown(if made { flow.with(Flow::TANGLED) } else { flow }));
                    continue;
                }
                "#" | "##" | "%" | "%%" => {
                    pattern.as_ref().and_then(|pattern| pattern.cut(&text, op.starts_with('#'), op.len() == 2))
                }
                "/" | "//" | "/#" | "/%" if with.is_known() && !with.text.contains(['&', '\\']) => {
                    pattern.as_ref().and_then(|pattern| pattern.replaced(&text, &with.text, op))
                }
                "^" | "^^" | "," | ",," if param.word.parts.is_empty() && text.is_ascii() => {
                    Some(cased(&text, op.starts_with('^'), op.len() == 2))
                }
                "@" => self.transformed(&value, &letter),
                _ => None,
            };
            let flow = flow.with(with.flow);
            all.push(match changed {
                Some(text) if text.len() <= crate::limits::VALUE_BYTES && !(listed && op.starts_with('/')) => {
                    Value { text, flow, glob }
                }
                _ if listed => Value::unknown(flow.with(Flow::LIST)),
                _ => Value::tangled(flow),
            });
        }
        all
    }

    /// `${name@U}` and its like.
    fn transformed(&mut self, value: &Value, letter: &str) -> Option<String> {
        let text = value.text.as_str();
        match letter {
            "U" | "L" | "u" if text.is_ascii() => Some(cased(text, letter != "L", letter != "u")),
            "Q" if !text.contains(|c: char| c.is_control()) => Some(format!("'{}'", text.replace('\'', "'\\''"))),
            "P" => {
                let word = crate::shell::expansions(text);
                let program = self.program.clone();
                self.joined(&word);
                self.program = program;
                None
            }
            _ => None,
        }
    }

    /// A word as a pattern, with what is quoted in it apart; none if it is not matched exactly.
    fn pattern(&mut self, word: &Word) -> Option<Pattern> {
        let mut chars: Vec<(char, bool)> = Vec::new();
        for (index, part) in word.parts.iter().enumerate() {
            let quoted = matches!(part, Part::Quoted(_) | Part::Double(_));
            let one = Word { parts: vec![part.clone()] };
            let value = if index > 0 && matches!(part, Part::Text(_)) {
                Value::known(one.plain().unwrap_or(""))
            } else {
                self.joined(&one)
            };
            if !value.is_known() || chars.len() + value.text.len() > crate::limits::VALUE_BYTES {
                return None;
            }
            chars.extend(value.text.chars().map(|c| (c, quoted)));
        }
        Pattern::read(&chars)
    }

    fn length(&self, param: &Param, values: Option<Vec<Value>>) -> Value {
        let all = matches!(param.name.as_str(), "@" | "*")
            || param.index.as_ref().is_some_and(|index| matches!(index.plain(), Some("@" | "*")));
        let count = match values {
            Some(values) if all && self.listed(&param.name) => Some(values.len()),
            Some(values) if !all && values.iter().all(Value::is_known) => {
                Some(values.first().map_or(0, |value| value.text.chars().count()))
            }
            _ => None,
        };
        count.map_or_else(|| Value::unknown(Flow::NONE), |count| Value::known(count.to_string()))
    }

    /// Whether it is known how many values there are.
    fn listed(&self, name: &str) -> bool {
        let values = match name {
            "@" | "*" => self.positional.clone(),
            name => self.variable(name),
        };
        values.is_some_and(|values| {
            values.iter().all(|value| !(value.is_tangled() || value.glob && value.text.contains(['*', '?', '['])))
        })
    }

    /// `${name:from:length}`, of a text or of a list.
    fn sliced(&mut self, param: &Param, values: Option<Vec<Value>>) -> Vec<Value> {
        let from = self.arithmetic(&param.word);
        let count = param.second.as_ref().map(|word| self.arithmetic(word));
        let Some(values) = values else { return self.unset(&param.name) };
        let from = from.text.parse::<i64>().ok();
        let count = count.map(|count| count.text.parse::<i64>().ok());
        let positional = matches!(param.name.as_str(), "@" | "*");
        let list = positional || param.index.as_ref().is_some_and(|index| matches!(index.plain(), Some("@" | "*")));
        if !list {
            return values.iter().map(|value| slice(value, from, count)).collect();
        }
        let all = if positional { std::iter::once(self.zero.clone()).chain(values).collect() } else { values };
        let flow = all.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow));
        let known = (positional || self.listed(&param.name)) && !all.iter().any(Value::is_tangled);
        let (Some(from), Some(count), true) = (from, count.unwrap_or(Some(i64::MAX)), known) else {
            return vec![Value::tangled(flow)];
        };
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let start = if from < 0 { total.saturating_add(from) } else { from };
        if start < 0 || count < 0 {
            return Vec::new();
        }
        let skip = usize::try_from(start).unwrap_or(usize::MAX);
        all.into_iter().skip(skip).take(usize::try_from(count).unwrap_or(usize::MAX)).collect()
    }

    /// `${!name[@]}`
    fn keys(&mut self, name: &str) -> Vec<Value> {
        let keyed = self.variables.get(name).is_some_and(|known| known.switches.has(Switches::KEYED));
        if keyed || !self.listed(name) {
            let start = format!("{name}[");
            let mut keys: Vec<Value> = self
                .variables
                .keys()
                .filter_map(|known| known.strip_prefix(start.as_str())?.strip_suffix(']').map(Value::known))
                .collect();
            keys.sort_by(|one, other| one.text.cmp(&other.text));
            return if keys.is_empty() { vec![Value::unknown(Flow::NONE)] } else { keys };
        }
        let count = self.chosen_variable(name).unwrap_or_default().len();
        (0..count).map(|number| Value::known(number.to_string())).collect()
    }

    /// The values of a name, none if it is not known to be set.
    fn looked_up(&mut self, param: &Param) -> Option<Vec<Value>> {
        let name = param.name.as_str();
        match name {
            "@" | "*" => return Some(self.positional.clone().unwrap_or_default()),
            "#" => {
                let count = self.positional.as_ref().filter(|values| !values.iter().any(Value::is_tangled));
                let count = count.map(|values| Value::known(values.len().to_string()));
                return Some(vec![count.unwrap_or_else(|| Value::unknown(Flow::NONE))]);
            }
            "?" | "$" | "!" | "-" => return Some(vec![Value::unknown(Flow::NONE)]),
            "0" => return Some(vec![self.zero.clone()]),
            _ => {}
        }
        if let Ok(number) = name.parse::<usize>() {
            let known = self.positional.as_ref()?;
            return match known.get(number.saturating_sub(1)) {
                Some(value) => Some(vec![value.clone()]),
                None if known.iter().any(Value::is_tangled) => Some(vec![Value::tangled(Flow::NONE)]),
                None => Some(Vec::new()),
            };
        }
        let Some(index) = param.index.as_ref() else {
            return self.chosen_variable(name).map(|values| values.into_iter().take(1).collect());
        };
        let keyed = self.variables.get(name).is_some_and(|known| known.switches.has(Switches::KEYED));
        let index = self.joined(index);
        if matches!(index.text.as_str(), "@" | "*") {
            return if keyed { Some(self.elements(name)) } else { self.chosen_variable(name) };
        }
        if keyed && index.is_known() {
            return self.chosen_variable(&format!("{name}[{}]", index.text));
        }
        let number = if keyed { Value::unknown(Flow::NONE) } else { self.calculated(&index) };
        let values = self.chosen_variable(name)?;
        let number = number.text.parse::<i64>().ok();
        let total = i64::try_from(values.len()).unwrap_or(i64::MAX);
        let place = number.map(|number| if number < 0 { total.saturating_add(number) } else { number });
        let place = place.and_then(|place| usize::try_from(place).ok());
        if let Some(place) = place.filter(|_| !values.iter().any(|value| value.is_tangled() || !value.is_known())) {
            return Some(values.into_iter().nth(place).into_iter().collect());
        }
        let flow = values.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow));
        let made = keyed || values.iter().any(Value::is_known) || values.iter().any(Value::is_tangled);
        Some(vec![if made { Value::tangled(flow) } else { Value::unknown(flow) }])
    }

    /// All of an array with keys: in which order is not known.
    fn elements(&mut self, name: &str) -> Vec<Value> {
        let start = format!("{name}[");
        let mut names: Vec<String> =
            self.variables.keys().filter(|known| known.starts_with(start.as_str())).cloned().collect();
        names.sort_unstable();
        let values: Vec<Value> = names.iter().flat_map(|name| self.chosen_variable(name).unwrap_or_default()).collect();
        if values.len() > 1 {
            let flow = values.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow));
            return vec![Value::tangled(flow); values.len()];
        }
        values
    }

    fn unset(&mut self, name: &str) -> Vec<Value> {
        // `$1` … of a script or function that is known to have none.
        if name.parse::<usize>().is_ok() && self.positional.is_some() {
            return Vec::new();
        }
        let flow = if crate::secrets::secret_variable(name) { Flow::CREDENTIAL } else { Flow::NONE };
        vec![Value::unknown(flow)]
    }
}

fn cased(text: &str, upper: bool, whole: bool) -> String {
    let change = |text: &str| if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
    if whole {
        return change(text);
    }
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().collect();
    change(&first) + chars.as_str()
}

fn slice(value: &Value, from: Option<i64>, length: Option<Option<i64>>) -> Value {
    let flow = value.flow;
    if !value.is_known() {
        let made = !value.is_blank();
        return Value::unknown(if made { flow.with(Flow::TANGLED) } else { flow });
    }
    let (Some(from), Some(count)) = (from, length.unwrap_or(Some(i64::MAX))) else { return Value::tangled(flow) };
    let total = i64::try_from(value.text.chars().count()).unwrap_or(i64::MAX);
    let start = if from < 0 { total.saturating_add(from) } else { from };
    if start < 0 {
        return Value { text: String::new(), ..value.clone() };
    }
    let end = if count < 0 { total.saturating_add(count) } else { start.saturating_add(count) };
    let skip = usize::try_from(start).unwrap_or(usize::MAX);
    let take = usize::try_from(end.saturating_sub(start).max(0)).unwrap_or(0);
    let text = value.text.chars().skip(skip).take(take).collect();
    Value { text, ..value.clone() }
}
