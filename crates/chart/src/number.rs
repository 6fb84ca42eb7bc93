//! Numbers: what is drawn, how it is written, and the steps of a scale.

/// Larger magnitudes are drawn and written as this one.
const LARGEST: f64 = 1e15;
/// The most steps of a scale.
const MAX_STEPS: usize = 10;

/// A number behind a mark or in a table, with a link to the rows that it counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Number {
    /// The number; `None`, NaN and the infinities are "not known", which is drawn differently from zero.
    pub value: Option<f64>,
    /// Where the rows behind it are: an absolute path on the same site (`/queue?…`); any other link is dropped.
    pub href: Option<String>,
}

impl Number {
    /// A known number without a link.
    #[must_use]
    pub fn new(value: f64) -> Number {
        Number { value: Some(value), href: None }
    }

    /// The same number with a link to the rows behind it.
    #[must_use]
    pub fn link(self, href: impl Into<String>) -> Number {
        Number { href: Some(href.into()), ..self }
    }

    /// The number if it is one, within what can be drawn.
    pub(crate) fn known(&self) -> Option<f64> {
        known(self.value?)
    }

    /// The part that counts: nothing is less than empty, and what is not known has no length.
    pub(crate) fn length(&self) -> f64 {
        self.known().unwrap_or(0.0).max(0.0)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Number {
        Number::new(value)
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Number {
        Number::new(f64::from(value))
    }
}

impl From<Option<f64>> for Number {
    fn from(value: Option<f64>) -> Number {
        Number { value, href: None }
    }
}

/// How numbers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Between the whole part and the fraction.
    pub decimal: char,
    /// Between groups of three digits.
    pub group: Option<char>,
    /// What stands in a table for a number that is not known.
    pub unknown: String,
}

impl Default for Numbers {
    /// As English and Japanese write them: `1,234.5`, and a dash for what is not known.
    fn default() -> Numbers {
        Numbers { decimal: '.', group: Some(','), unknown: "–".to_owned() }
    }
}

impl Numbers {
    /// The number in figures, with at most two decimals below ten and one above, none where it is whole.
    pub(crate) fn write(&self, value: f64) -> String {
        let value = value.clamp(-LARGEST, LARGEST);
        let decimals = if value.abs() < 10.0 { 2 } else { 1 };
        let digits = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let mut out = String::new();
        if value < 0.0 && (whole != "0" || !fraction.is_empty()) {
            out.push('\u{2212}');
        }
        for (at, digit) in whole.chars().enumerate() {
            if let Some(group) = self.group
                && at > 0
                && (whole.len() - at).is_multiple_of(3)
            {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(self.decimal);
            out.push_str(fraction);
        }
        out
    }

    /// The number in figures, or what stands for one that is not known.
    pub(crate) fn write_known(&self, value: Option<f64>) -> String {
        value.map_or_else(|| self.unknown.clone(), |value| self.write(value))
    }
}

/// The number if it is finite, within what can be drawn.
pub(crate) fn known(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.clamp(-LARGEST, LARGEST))
}

/// The largest of the numbers, at least zero.
pub(crate) fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// A scale from zero, in steps of 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    /// Where the lines stand, zero first; at least two.
    pub(crate) ticks: Vec<f64>,
    /// The last tick.
    pub(crate) top: f64,
}

impl Scale {
    /// The scale that ends at or just above the highest number. `whole` numbers get no line between two of them.
    pub(crate) fn new(highest: f64, steps: usize, whole: bool) -> Scale {
        let steps = steps.clamp(1, MAX_STEPS);
        let highest = known(highest).unwrap_or(0.0);
        let highest = if highest > 0.0 { highest.max(1e-9) } else { 1.0 };
        let rough = highest / steps as f64;
        let power = 10f64.powf(rough.log10().floor());
        let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough * 0.999_999);
        let mut step = factor.unwrap_or(10.0) * power;
        if whole {
            step = step.max(1.0).round();
        }
        let mut ticks = vec![0.0];
        for at in 1..=MAX_STEPS {
            let tick = step * at as f64;
            ticks.push(tick);
            if tick >= highest * 0.999_999 {
                break;
            }
        }
        let top = ticks.last().copied().unwrap_or(1.0);
        Scale { ticks, top }
    }

    /// The scale of a given end, which it keeps: the last step may be a short one.
    pub(crate) fn up_to(end: f64, steps: usize) -> Scale {
        let mut scale = Scale::new(end, steps, false);
        if let Some(end) = known(end).filter(|end| *end > 0.0) {
            scale.ticks.retain(|tick| *tick <= end * 1.000_001);
            scale.top = end;
        }
        scale
    }

    /// Where the number stands on the scale, from 0 to 1.
    pub(crate) fn share(&self, value: f64) -> f64 {
        (value / self.top).clamp(0.0, 1.0)
    }
}

/// Whether no number has a fraction.
pub(crate) fn all_whole(mut values: impl Iterator<Item = f64>) -> bool {
    values.all(|value| value.fract() == 0.0)
}
