//! Dates of birth: a date that a word calls so.

use crate::rule::{Confidence, Found, Window};

use super::scan::{after, before, push};

const ERAS: [&str; 6] = ["明治", "大正", "昭和", "平成", "令和", "西暦"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// How far behind the label the date begins, in characters.
const GAP_MAX_CHARS: usize = 24;

/// The date behind a label (生年月日, DOB), or before 生まれ.
pub(crate) fn date_of_birth(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, at) = (window.text, window.at);
    let label = after(text, at);
    let letter = label.starts_with(|character: char| character.is_ascii_alphabetic());
    if letter && before(text, at).ends_with(|character: char| character.is_ascii_alphabetic()) {
        return;
    }
    if label.starts_with("生まれ") || label.starts_with("日生") {
        before_label(text, at, found);
        return;
    }
    for (offset, character) in label.char_indices().take(GAP_MAX_CHARS) {
        let start = at + offset;
        if character.is_ascii_digit()
            && before(text, start).ends_with(|previous: char| previous.is_ascii_alphanumeric())
        {
            continue;
        }
        if let Some(end) = date(text, start) {
            push(found, start, end, Confidence::Likely);
            return;
        }
        if character == '。' {
            return;
        }
    }
}

/// The date that ends before `生まれ` or with the 日 of `日生`.
fn before_label(text: &str, at: usize, found: &mut Vec<Found>) {
    let end = if after(text, at).starts_with("日生") { at + "日".len() } else { at };
    if after(text, end).starts_with("生産")
        || after(text, end).starts_with("生活")
        || after(text, end).starts_with("生成")
    {
        return;
    }
    let starts = before(text, at).char_indices().rev().take(GAP_MAX_CHARS).map(|(start, _)| start).collect::<Vec<_>>();
    let longest = starts.into_iter().filter(|start| date(text, *start) == Some(end)).min();
    if let Some(start) = longest {
        push(found, start, end, Confidence::Likely);
    }
}

/// A reader of a date.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        after(self.text, self.at)
    }

    fn take(&mut self, word: &str) -> bool {
        let fits = self.rest().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        self.at += if fits { word.len() } else { 0 };
        fits
    }

    fn spaces(&mut self) {
        while self.take(" ") || self.take("\u{3000}") {}
    }

    /// A number in digits or kanji, with how many characters it has.
    fn number(&mut self) -> Option<(u32, usize)> {
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        if !digits.is_empty() {
            self.at += digits.len();
            return Some((digits.parse().ok()?, digits.len()));
        }
        let kanji: String =
            self.rest().chars().take_while(|character| "〇零一二三四五六七八九十元".contains(*character)).collect();
        self.at += kanji.len();
        let length = kanji.chars().count();
        (length > 0).then(|| (kanji_number(&kanji), length))
    }
}

/// The value of a number in kanji below 100, or of a year in single digits.
fn kanji_number(kanji: &str) -> u32 {
    let digit = |character: char| {
        u32::try_from("〇一二三四五六七八九".chars().position(|known| known == character).unwrap_or(0)).unwrap_or(0)
    };
    if kanji == "元" {
        return 1;
    }
    if let Some((tens, ones)) = kanji.split_once('十') {
        return tens.chars().next().map_or(1, digit) * 10 + ones.chars().next().map_or(0, digit);
    }
    kanji.chars().take(4).fold(0, |value, character| value * 10 + digit(character))
}

/// Where the date that begins there ends.
fn date(text: &str, start: usize) -> Option<usize> {
    japanese(text, start).or_else(|| numeric(text, start)).or_else(|| english(text, start))
}

/// `昭和60年1月2日`, `1985年1月2日`, in digits or kanji.
fn japanese(text: &str, start: usize) -> Option<usize> {
    let mut reader = Reader { text, at: start };
    let era = ERAS.iter().any(|era| reader.take(era))
        || matches!(reader.rest().chars().next(), Some('㍼' | '㍽' | '㋿' | '㍻')) && reader.number().is_none();
    reader.spaces();
    let (year, length) = reader.number()?;
    if !(length == 4 || era && length <= 3) || !reader.take("年") || year == 0 {
        return None;
    }
    reader.spaces();
    let (month, _) = reader.number()?;
    if !reader.take("月") {
        return None;
    }
    reader.spaces();
    let (day, _) = reader.number()?;
    (reader.take("日") && real(month, day)).then_some(reader.at)
}

/// `1985-01-02`, `1985/1/2`, `19850102`, `S60.1.2`.
fn numeric(text: &str, start: usize) -> Option<usize> {
    let mut reader = Reader { text, at: start };
    let era = ["S", "H", "R", "T", "M", "昭", "平", "令", "大"].iter().any(|era| reader.take(era));
    let (first, length) = reader.number()?;
    let next = |reader: &Reader<'_>| {
        reader.rest().chars().next().filter(|character| matches!(character, '-' | '/' | '.' | '年'))
    };
    if length == 8 && !era && next(&reader).is_none() {
        let (year, month, day) = (first / 10000, first / 100 % 100, first % 100);
        return (real(month, day) && (1880..=2100).contains(&year)).then_some(reader.at);
    }
    let separator = next(&reader)?;
    let mut sign = [0; 4];
    reader.take(separator.encode_utf8(&mut sign));
    let (second, _) = reader.number()?;
    let separator = next(&reader).or_else(|| reader.rest().chars().next().filter(|character| *character == '月'))?;
    reader.take(separator.encode_utf8(&mut sign));
    let (third, third_length) = reader.number()?;
    reader.take("日");
    let ends = !reader.rest().starts_with(|character: char| character.is_ascii_alphanumeric());
    let year_first =
        (length == 4 && (1880..=2100).contains(&first) || era && (1..=99).contains(&first)) && real(second, third);
    let year_last =
        !era && third_length == 4 && (real(first, second) || real(second, first)) && (1880..=2100).contains(&third);
    (ends && (year_first || year_last)).then_some(reader.at)
}

/// `2 January 1985`, `January 2, 1985`.
fn english(text: &str, start: usize) -> Option<usize> {
    let mut reader = Reader { text, at: start };
    let month = |reader: &mut Reader<'_>| {
        let word: String = reader.rest().chars().take_while(char::is_ascii_alphabetic).collect();
        let head = word.get(..3)?.to_ascii_lowercase();
        reader.at += word.len();
        (MONTHS.contains(&head.as_str()) && word.len() <= 9).then_some(())
    };
    let day = if let Some((day, _)) = reader.number() {
        let _ = ["st", "nd", "rd", "th"].iter().any(|ending| reader.take(ending));
        reader.take(" ");
        reader.take("of ");
        month(&mut reader)?;
        day
    } else {
        month(&mut reader)?;
        reader.take(".");
        reader.take(" ");
        let day = reader.number()?.0;
        let _ = ["st", "nd", "rd", "th"].iter().any(|ending| reader.take(ending));
        day
    };
    reader.take(",");
    reader.take(" ");
    let (year, length) = reader.number()?;
    (length == 4 && (1880..=2100).contains(&year) && real(1, day)).then_some(reader.at)
}

fn real(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}
