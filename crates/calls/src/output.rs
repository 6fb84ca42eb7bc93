//! What a command writes, in the ways that are possible.

use crate::limits::ALTERNATIVES;
use crate::state::one_of;
use crate::value::Value;

/// The texts that a command may write; one of them is what it does write.
#[derive(Debug, Clone)]
pub(crate) struct Output(Vec<Value>);

impl Default for Output {
    fn default() -> Self {
        Self(vec![Value::default()])
    }
}

impl From<Value> for Output {
    fn from(value: Value) -> Self {
        Self(vec![value])
    }
}

impl Output {
    pub(crate) fn of(values: Vec<Value>) -> Self {
        let mut output = Self(Vec::new());
        for value in values {
            output.add(value);
        }
        if output.0.is_empty() { Self::default() } else { output.bounded() }
    }

    fn add(&mut self, value: Value) {
        if !self.0.contains(&value) {
            self.0.push(value);
        }
    }

    fn bounded(self) -> Self {
        if self.0.len() > ALTERNATIVES { Self(vec![one_of(&self.0)]) } else { self }
    }

    /// This, and then that.
    pub(crate) fn then(mut self, next: &Self) -> Self {
        if let ([only], [value]) = (self.0.as_mut_slice(), next.0.as_slice()) {
            only.push(value);
            return self;
        }
        let mut all = Self(Vec::new());
        for before in &self.0 {
            for after in &next.0 {
                let mut joined = before.clone();
                joined.push(after);
                all.add(joined);
            }
        }
        all.bounded()
    }

    /// This or that.
    pub(crate) fn or(mut self, other: Self) -> Self {
        for value in other.0 {
            self.add(value);
        }
        self.bounded()
    }

    /// This, or nothing.
    pub(crate) fn maybe(self) -> Self {
        self.or(Self::default())
    }

    pub(crate) fn values(self) -> Vec<Value> {
        self.0
    }

    /// Whether any of it is known.
    pub(crate) fn says(&self) -> bool {
        self.0.iter().any(said)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|value| value.text.is_empty())
    }

    /// As one value.
    pub(crate) fn value(self) -> Value {
        let mut values = self.0;
        if values.len() == 1 {
            return values.swap_remove(0);
        }
        if values.iter().any(said) {
            return one_of(&values);
        }
        let flow = values.iter().fold(crate::value::Flow::NONE, |flow, value| flow.with(value.flow));
        Value::unknown(flow)
    }
}

fn said(value: &Value) -> bool {
    value.text.chars().any(|c| c != crate::value::UNKNOWN && !c.is_whitespace())
}
