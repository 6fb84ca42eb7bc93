//! `$(( … ))`, `(( … ))`, `let`, indexes: numbers as far as they are known, and the code that hides in their names.

use crate::machine::Machine;
use crate::shell::tree::Word;
use crate::value::{Flow, UNKNOWN, Value};

/// How deep a name may stand for another.
const NAME_LEVELS: usize = 8;
/// The longest expression that is calculated.
const EXPRESSION_BYTES: usize = 1024;

/// Operators with two sides, the weakest first.
const LEVELS: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

struct Reader<'t, 'm, 'a> {
    machine: &'m mut Machine<'a>,
    rest: &'t str,
    level: usize,
}

impl Machine<'_> {
    /// The number that a word comes to.
    pub(crate) fn arithmetic(&mut self, word: &Word) -> Value {
        let value = self.joined(word);
        self.calculated(&value)
    }

    /// The number that a text comes to.
    pub(crate) fn calculated(&mut self, value: &Value) -> Value {
        self.names_in(&value.clone(), 0);
        if !value.is_known() || value.text.len() > EXPRESSION_BYTES {
            let flow = if value.is_tangled() { Flow::TANGLED } else { Flow::NONE };
            return Value::unknown(flow);
        }
        match self.number(&value.text, 0) {
            Some(number) => Value::known(number.to_string()),
            None => Value::unknown(Flow::NONE),
        }
    }

    /// What `[[ … ]]` compares as numbers.
    pub(crate) fn compared(&mut self, values: &[Value]) {
        for (index, value) in values.iter().enumerate() {
            let around = if matches!(value.text.as_str(), "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge") {
                [index.checked_sub(1), Some(index + 1)]
            } else if matches!(value.text.as_str(), "-v" | "-R") {
                [None, Some(index + 1)]
            } else {
                continue;
            };
            for place in around.into_iter().flatten() {
                if let Some(value) = values.get(place) {
                    self.names_in(&value.clone(), 0);
                }
            }
        }
    }

    /// Substitutions in a text that is calculated run, also those in the values of its names.
    fn names_in(&mut self, value: &Value, level: usize) {
        if value.is_tangled() || !value.is_known() && value.flow.has(Flow::REMOTE.with(Flow::DECODED)) {
            self.puzzled("what is calculated may hold commands");
            return;
        }
        if level > NAME_LEVELS || value.text.len() > crate::limits::TEXT_BYTES {
            self.puzzled("what is calculated is too deep to be followed");
            return;
        }
        if value.text.contains(['$', '`']) {
            let word = crate::shell::expansions(&value.text);
            let (program, outputs) = (self.program.clone(), std::mem::take(&mut self.outputs));
            self.joined(&word);
            self.program = program;
            self.outputs = outputs;
        }
        let mut seen: Vec<&str> = Vec::new();
        for name in value.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || seen.contains(&name) {
                continue;
            }
            if seen.len() >= 32 {
                self.puzzled("too many names to be calculated");
                return;
            }
            seen.push(name);
            for inner in self.chosen_variable(name).unwrap_or_default() {
                if inner.text != value.text && inner.text.parse::<i64>().is_err() {
                    self.names_in(&inner, level + 1);
                }
            }
        }
    }

    fn number(&mut self, text: &str, level: usize) -> Option<i64> {
        if level > NAME_LEVELS || text.len() > EXPRESSION_BYTES {
            return None;
        }
        let mut reader = Reader { machine: self, rest: text, level };
        let mut result = reader.assignment();
        while reader.takes(",") {
            result = reader.assignment();
        }
        reader.blank();
        if reader.rest.is_empty() { result } else { None }
    }
}

impl Reader<'_, '_, '_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, mark: &str) -> bool {
        self.blank();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> Option<String> {
        self.blank();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let name = self.rest.get(..end)?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.rest = self.rest.get(end..).unwrap_or("");
        Some(name.to_owned())
    }

    fn keeps(&mut self, name: &str, value: Option<i64>) {
        let old = self.machine.variables.get(name).cloned();
        let known = value.map_or_else(|| Value::unknown(Flow::NONE), |value| Value::known(value.to_string()));
        self.machine.set(name, vec![known]);
        // What cannot be calculated leaves it as it was.
        if value.is_none()
            && let Some(old) = old
            && let Some(variable) = self.machine.variables.get_mut(name)
        {
            *variable = variable.joined(&old);
        }
    }

    fn assignment(&mut self) -> Option<i64> {
        let before = self.rest;
        if let Some(name) = self.name() {
            self.blank();
            for operator in ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="] {
                if self.rest.starts_with(operator) && !self.rest.starts_with("==") {
                    self.takes(operator);
                    let right = self.assignment();
                    let sign = operator.trim_end_matches('=');
                    let value = if sign.is_empty() {
                        right
                    } else {
                        let left = self.value_of(&name);
                        left.zip(right).and_then(|(left, right)| applied(sign, left, right))
                    };
                    self.keeps(&name, value);
                    return value;
                }
            }
        }
        self.rest = before;
        let test = self.sides(0);
        if self.takes("?") {
            let yes = self.assignment();
            let no = if self.takes(":") { self.assignment() } else { None };
            return match test {
                Some(0) => no,
                Some(_) => yes,
                None => None,
            };
        }
        test
    }

    fn sides(&mut self, level: usize) -> Option<i64> {
        let Some(operators) = LEVELS.get(level) else { return self.power() };
        let mut left = self.sides(level + 1);
        'more: loop {
            self.blank();
            for operator in *operators {
                let longer = ["||", "&&", "<<", ">>", "<=", ">=", "**"]
                    .iter()
                    .any(|long| long.len() > operator.len() && self.rest.starts_with(long));
                let assigns = self.rest.get(operator.len()..).is_some_and(|rest| rest.starts_with('='))
                    && !matches!(*operator, "==" | "!=" | "<=" | ">=");
                if self.rest.starts_with(operator) && !longer && !assigns {
                    self.takes(operator);
                    let right = self.sides(level + 1);
                    left = left.zip(right).and_then(|(left, right)| applied(operator, left, right));
                    continue 'more;
                }
            }
            return left;
        }
    }

    fn power(&mut self) -> Option<i64> {
        let base = self.unary();
        if !self.takes("**") {
            return base;
        }
        let exponent = self.power();
        base?.checked_pow(u32::try_from(exponent?).ok()?)
    }

    fn unary(&mut self) -> Option<i64> {
        self.blank();
        for (mark, step) in [("++", 1), ("--", -1)] {
            if self.rest.starts_with(mark) {
                self.takes(mark);
                let name = self.name()?;
                let value = self.value_of(&name).map(|value| value.wrapping_add(step));
                self.keeps(&name, value);
                return value;
            }
        }
        if self.takes("-") {
            return self.unary().map(i64::wrapping_neg);
        }
        if self.takes("+") {
            return self.unary();
        }
        if self.rest.starts_with('!') && !self.rest.starts_with("!=") {
            self.takes("!");
            return self.unary().map(|value| i64::from(value == 0));
        }
        if self.takes("~") {
            return self.unary().map(|value| !value);
        }
        self.primary()
    }

    fn primary(&mut self) -> Option<i64> {
        if self.takes("(") {
            if self.level > NAME_LEVELS {
                return None;
            }
            self.level += 1;
            let value = self.assignment();
            self.level -= 1;
            return if self.takes(")") { value } else { None };
        }
        if let Some(name) = self.name() {
            if self.rest.starts_with('[') {
                // An element: its index was looked at, its value is not followed.
                let end = self.rest.find(']').map_or(self.rest.len(), |end| end + 1);
                self.rest = self.rest.get(end..).unwrap_or("");
                return None;
            }
            let value = self.value_of(&name);
            for (mark, step) in [("++", 1), ("--", -1)] {
                if self.takes(mark) {
                    self.keeps(&name, value.map(|value| value.wrapping_add(step)));
                }
            }
            return value;
        }
        self.blank();
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '#' | '@' | '_'))
            .unwrap_or(self.rest.len());
        let digits = self.rest.get(..end)?;
        self.rest = self.rest.get(end..)?;
        if let Some((base, digits)) = digits.split_once('#') {
            let base: u32 = base.parse().ok()?;
            return if (2..=36).contains(&base) { i64::from_str_radix(digits, base).ok() } else { None };
        }
        if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            return i64::from_str_radix(hex, 16).ok();
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return i64::from_str_radix(digits, 8).ok();
        }
        digits.parse().ok()
    }

    fn value_of(&mut self, name: &str) -> Option<i64> {
        let values = self.machine.chosen_variable(name)?;
        let Some(value) = values.into_iter().next() else { return Some(0) };
        if value.text.contains(UNKNOWN) {
            return None;
        }
        if value.text.is_empty() {
            return Some(0);
        }
        let level = self.level + 1;
        self.machine.number(&value.text, level)
    }
}

fn applied(operator: &str, left: i64, right: i64) -> Option<i64> {
    let shift = |right: i64| u32::try_from(right).ok().filter(|right| *right < 64);
    Some(match operator {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "<<" => left.checked_shl(shift(right)?)?,
        ">>" => left.checked_shr(shift(right)?)?,
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" => left.checked_div(right)?,
        "%" => left.checked_rem(right)?,
        _ => return None,
    })
}
