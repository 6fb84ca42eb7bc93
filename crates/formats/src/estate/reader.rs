//! Typed reading of TOML tables: every wrong key, type and word becomes a fault at its place.

use std::ops::Range;

use jiff::civil::{Date, Time};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{FaultKind, Faults, nearest};
use super::keys::Section;

/// The longest text that a value may be.
const MAX_TEXT_BYTES: usize = 1_000;
/// The longest list that a value may be.
const MAX_LIST_COUNT: usize = 10_000;

/// A value with its place.
pub(super) type Placed<T> = (T, Range<usize>);

/// One table of the file, whose keys have been checked against its [`Section`].
pub(super) struct Reader<'a, 'i> {
    table: &'a DeTable<'i>,
    pub(super) section: &'static Section,
    pub(super) span: Range<usize>,
}

impl<'a, 'i> Reader<'a, 'i> {
    pub(super) fn new(
        table: &'a DeTable<'i>,
        section: &'static Section,
        span: Range<usize>,
        faults: &mut Faults<'_>,
    ) -> Self {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if section.key(name).is_none() {
                faults.add(&key.span(), || {
                    let known = section.names();
                    FaultKind::UnknownKey {
                        key: name.to_owned(),
                        table: section.name,
                        nearest: nearest(name, known.iter().copied()),
                        known,
                    }
                });
            }
        }
        Reader { table, section, span }
    }

    fn value(&self, key: &str) -> Option<(&'a DeValue<'i>, Range<usize>)> {
        debug_assert!(self.section.key(key).is_some(), "`{key}` is not in the list of {}", self.section.name);
        self.table.get(key).map(|value| (value.get_ref(), value.span()))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// The text of a key: not empty, no control characters, and cut at neither end.
    pub(super) fn text(&self, key: &'static str, faults: &mut Faults<'_>) -> Option<Placed<String>> {
        let (value, span) = self.value(key)?;
        text(key, value, &span, faults).map(|text| (text, span))
    }

    /// The text of a key that must be there.
    pub(super) fn required_text(
        &self,
        key: &'static str,
        advice: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Placed<String>> {
        if !self.has(key) {
            faults.add(&self.span, || FaultKind::Missing { key, table: self.section.name, advice });
        }
        self.text(key, faults)
    }

    /// One of the words that the key allows, as what it means.
    pub(super) fn word<T>(
        &self,
        key: &'static str,
        meaning: impl Fn(&str) -> Option<T>,
        faults: &mut Faults<'_>,
    ) -> Option<T> {
        let (value, span) = self.value(key)?;
        let word = text(key, value, &span, faults)?;
        let meant = meaning(&word);
        if meant.is_none() {
            faults.add(&span, || {
                let allowed = self.section.key(key).map(|key| key.words.to_vec()).unwrap_or_default();
                let nearest = nearest(&word, allowed.iter().copied());
                FaultKind::UnknownWord { key: key.to_owned(), word, nearest, allowed }
            });
        }
        meant
    }

    pub(super) fn flag(&self, key: &'static str, faults: &mut Faults<'_>) -> Option<bool> {
        let (value, span) = self.value(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            wrong_type(key, "`true` or `false`", value, &span, faults);
        }
        flag
    }

    /// A whole number within a range.
    pub(super) fn number(
        &self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        faults: &mut Faults<'_>,
    ) -> Option<Placed<u32>> {
        let (value, span) = self.value(key)?;
        number(key, value, range, &span, faults).map(|number| (number, span))
    }

    /// A list; each element is read by `read`.
    pub(super) fn list<T>(
        &self,
        key: &'static str,
        faults: &mut Faults<'_>,
        read: impl Fn(&DeValue<'i>, &Range<usize>, &mut Faults<'_>) -> Option<T>,
    ) -> Vec<Placed<T>> {
        let Some((value, span)) = self.value(key) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            wrong_type(key, "a list in `[…]`", value, &span, faults);
            return Vec::new();
        };
        let count = items.iter().count();
        if count > MAX_LIST_COUNT {
            faults.add(&span, || FaultKind::TooMany { what: key.to_owned(), count, limit: MAX_LIST_COUNT });
            return Vec::new();
        }
        items
            .iter()
            .filter_map(|item| read(item.get_ref(), &item.span(), faults).map(|read| (read, item.span())))
            .collect()
    }

    /// A list of texts, without repetition.
    pub(super) fn texts(&self, key: &'static str, faults: &mut Faults<'_>) -> Vec<Placed<String>> {
        let mut list = self.list(key, faults, |value, span, faults| text(key, value, span, faults));
        let mut seen = std::collections::BTreeSet::new();
        list.retain(|(text, _)| seen.insert(text.clone()));
        list
    }

    /// The table of a key.
    pub(super) fn table(&self, key: &'static str, faults: &mut Faults<'_>) -> Option<Reader<'a, 'i>> {
        let (value, span) = self.value(key)?;
        let section = self.section.key(key)?.section?;
        let Some(table) = value.as_table() else {
            wrong_type(key, "a table", value, &span, faults);
            return None;
        };
        Some(Reader::new(table, section, span, faults))
    }

    /// The tables of a key that is written as `[[key]]`.
    pub(super) fn tables(
        &self,
        key: &'static str,
        limit: usize,
        faults: &mut Faults<'_>,
    ) -> Vec<(&'a Spanned<DeValue<'i>>, &'a DeTable<'i>)> {
        let Some((value, span)) = self.value(key) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            wrong_type(key, "a list of tables, each under `[[…]]` with two brackets", value, &span, faults);
            return Vec::new();
        };
        let count = items.iter().count();
        if count > limit {
            faults.add(&span, || FaultKind::TooMany { what: key.to_owned(), count, limit });
            return Vec::new();
        }
        let mut tables = Vec::with_capacity(count);
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push((item, table)),
                None => wrong_type(key, "a list of tables", item.get_ref(), &item.span(), faults),
            }
        }
        tables
    }
}

/// Adds the fault of a value of the wrong type.
pub(super) fn wrong_type(
    key: &str,
    expected: &'static str,
    value: &DeValue<'_>,
    span: &Range<usize>,
    faults: &mut Faults<'_>,
) {
    let found = match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    faults.add(span, || FaultKind::WrongType { key: key.to_owned(), expected, found });
}

/// Adds the fault of a value that has the right type and is wrong all the same.
pub(super) fn bad_value(key: &str, found: &str, expected: &str, span: &Range<usize>, faults: &mut Faults<'_>) {
    faults.add(span, || FaultKind::BadValue {
        key: key.to_owned(),
        found: found.chars().take(60).flat_map(char::escape_debug).collect(),
        expected: expected.to_owned(),
    });
}

pub(super) fn text(
    key: &'static str,
    value: &DeValue<'_>,
    span: &Range<usize>,
    faults: &mut Faults<'_>,
) -> Option<String> {
    let Some(text) = value.as_str() else {
        wrong_type(key, "a text in quotation marks", value, span, faults);
        return None;
    };
    let expected = if text.trim().is_empty() {
        "a text that is not empty (leave the key out where nobody knows)"
    } else if text.trim() != text {
        "a text without blanks at its ends"
    } else if text.chars().any(char::is_control) {
        "a text of one line without control characters"
    } else if text.len() > MAX_TEXT_BYTES {
        "a text of at most 1,000 bytes"
    } else {
        return Some(text.to_owned());
    };
    bad_value(key, text, expected, span, faults);
    None
}

pub(super) fn number(
    key: &'static str,
    value: &DeValue<'_>,
    range: std::ops::RangeInclusive<u32>,
    span: &Range<usize>,
    faults: &mut Faults<'_>,
) -> Option<u32> {
    let Some(integer) = value.as_integer() else {
        wrong_type(key, "a whole number", value, span, faults);
        return None;
    };
    let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| range.contains(number));
    if number.is_none() {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        bad_value(key, &integer.to_string(), &expected, span, faults);
    }
    number
}

/// A date: `2026-11-23`, with or without quotation marks.
pub(super) fn date(
    key: &'static str,
    value: &DeValue<'_>,
    span: &Range<usize>,
    faults: &mut Faults<'_>,
) -> Option<Date> {
    let written = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(datetime) => datetime.to_string(),
        _ => {
            wrong_type(key, "a date such as \"2026-11-23\"", value, span, faults);
            return None;
        }
    };
    // jiff would also take a date with a time; the estate file has days only.
    let date = if written.len() == 10 { written.parse::<Date>().ok() } else { None };
    if date.is_none() {
        bad_value(key, &written, "a day of the calendar such as `2026-11-23`", span, faults);
    }
    date
}

impl Reader<'_, '_> {
    /// A time of the day: `01:30`, with or without quotation marks.
    pub(super) fn time(&self, key: &'static str, faults: &mut Faults<'_>) -> Option<Placed<Time>> {
        let (value, span) = self.value(key)?;
        let written = match value {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            _ => {
                wrong_type(key, "a time such as \"01:30\"", value, &span, faults);
                return None;
            }
        };
        let time = clock_time(&written);
        if time.is_none() {
            bad_value(key, &written, "a time from `00:00` to `23:59`", &span, faults);
        }
        time.map(|time| (time, span))
    }

    /// A date of a key.
    pub(super) fn date(&self, key: &'static str, faults: &mut Faults<'_>) -> Option<Date> {
        let (value, span) = self.value(key)?;
        date(key, value, &span, faults)
    }
}

fn clock_time(text: &str) -> Option<Time> {
    let text = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(text);
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// Minutes of `30m`, `4h` or `2d`.
pub(super) fn minutes(text: &str) -> Option<u32> {
    const MAX_OUTAGE_MINUTES: u32 = 3_650 * 24 * 60;
    let (number, unit) = [("m", 1), ("h", 60), ("d", 24 * 60)]
        .into_iter()
        .find_map(|(suffix, unit)| text.strip_suffix(suffix).map(|number| (number, unit)))?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u32>().ok()?.checked_mul(unit).filter(|minutes| *minutes <= MAX_OUTAGE_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(minutes("30m"), Some(30));
        assert_eq!(minutes("4h"), Some(240));
        assert_eq!(minutes("2d"), Some(2_880));
        assert_eq!(minutes("0m"), Some(0));
        for bad in ["", "m", "30", "30s", "-1h", "1.5h", "+3h", "9999999999d", "4000d", "30 m", "三h"] {
            assert_eq!(minutes(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_are_of_the_clock() {
        assert_eq!(clock_time("01:30"), Time::new(1, 30, 0, 0).ok());
        assert_eq!(clock_time("00:00"), Time::new(0, 0, 0, 0).ok());
        assert_eq!(clock_time("05:00:00"), Time::new(5, 0, 0, 0).ok());
        for bad in ["", "1:30", "24:00", "12:60", "12", "12:00:30", "12:00:00Z"] {
            assert_eq!(clock_time(bad), None, "{bad}");
        }
    }
}
