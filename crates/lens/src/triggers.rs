//! Where a rule or an unwrapping could begin. Each place depends on the text near it only.

use memchr::memchr_iter;

use crate::Trigger;
use crate::filter::{Filter, Wanted};
use crate::unwrapping::{self, Wrapping};

/// How far a trigger looks ahead of its place, in bytes; a stream detects nothing closer to its end.
pub(crate) const DETECT_AHEAD_BYTES: usize = 64;
/// How far a trigger looks back.
pub(crate) const DETECT_BACK_BYTES: usize = SENTENCE_MAX_BYTES + 8;
/// A sentence that is longer is judged again from each multiple of this.
const SENTENCE_MAX_BYTES: usize = 512;
/// The most white space that may stand between the end of a sentence and the next.
const SENTENCE_GAP_MAX_BYTES: usize = 32;

/// What to do at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    /// Ask the rule of that index in the selection.
    Rule(u16),
    /// Unwrap what begins there.
    Unwrap(Wrapping),
}

/// The triggers of a selection of rules.
#[derive(Debug, Clone)]
pub(crate) struct Triggers {
    filter: Filter,
    digits: Vec<u16>,
    at: Vec<u16>,
    kanji: Vec<u16>,
    katakana: Vec<u16>,
    sentence: Vec<u16>,
    line: Vec<u16>,
}

/// A text, and where it lies in the whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) text: &'a str,
    /// The folded position of its first byte in the whole text.
    pub(crate) base: u64,
    /// Whether it ends where the whole text ends.
    pub(crate) ends: bool,
}

impl Triggers {
    pub(crate) fn new(rules: &[&'static crate::Rule]) -> Self {
        let literals = rules.iter().zip(0u16..).flat_map(|(rule, index)| {
            rule.literals.iter().map(move |literal| Wanted {
                text: literal,
                ignore_case: rule.ignore_case,
                next: rule.next,
                rule: index,
            })
        });
        let of = |trigger: Trigger| {
            rules
                .iter()
                .zip(0u16..)
                .filter(|(rule, _)| rule.trigger == Some(trigger) && !rule.raw)
                .map(|(_, index)| index)
                .collect()
        };
        Triggers {
            filter: Filter::new(literals),
            digits: of(Trigger::Digits),
            at: of(Trigger::At),
            kanji: of(Trigger::Kanji),
            katakana: of(Trigger::Katakana),
            sentence: of(Trigger::Sentence),
            line: of(Trigger::Line),
        }
    }

    /// Calls `each` for every place in `from..to`, in no order.
    pub(crate) fn find(&self, part: Part<'_>, from: usize, to: usize, each: &mut impl FnMut(usize, Task)) {
        let bytes = part.text.as_bytes();
        let range = bytes.get(from..to).unwrap_or_default();
        self.filter.find(bytes, from, to, &mut |at, rule| each(at, Task::Rule(rule)));
        let mut all = |rules: &[u16], at: usize| rules.iter().for_each(|rule| each(at, Task::Rule(*rule)));
        if !self.digits.is_empty() {
            digits(bytes, from, to, &mut |at| all(&self.digits, at));
        }
        if !self.at.is_empty() {
            memchr_iter(b'@', range).for_each(|at| all(&self.at, from + at));
        }
        if !self.line.is_empty() {
            lines(part, from, to, &mut |at| all(&self.line, at));
        }
        if !self.sentence.is_empty() {
            sentences(part, from, to, &mut |at| all(&self.sentence, at));
        }
        if !(range.is_ascii() || self.kanji.is_empty() && self.katakana.is_empty()) {
            runs(part.text, from, to, is_kanji, &mut |at| all(&self.kanji, at));
            runs(part.text, from, to, is_katakana, &mut |at| all(&self.katakana, at));
        }
        unwrapping::find(bytes, from, to, &mut |at, wrapping| each(at, Task::Unwrap(wrapping)));
    }
}

/// The first digit of each run.
fn digits(bytes: &[u8], from: usize, to: usize, each: &mut impl FnMut(usize)) {
    const BLOCK_BYTES: usize = 64;
    let mut block_start = from;
    let mut before = from.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    for block in bytes.get(from..to).unwrap_or_default().chunks(BLOCK_BYTES) {
        // Without a branch inside, so that it becomes vector code.
        if block.iter().fold(false, |any, byte| any | byte.is_ascii_digit()) {
            for (byte, at) in block.iter().zip(block_start..) {
                let digit = byte.is_ascii_digit();
                if digit && !before {
                    each(at);
                }
                before = digit;
            }
        } else {
            before = false;
        }
        block_start += block.len();
    }
}

/// The first character of each line that is not empty.
fn lines(part: Part<'_>, from: usize, to: usize, each: &mut impl FnMut(usize)) {
    let bytes = part.text.as_bytes();
    let begins = |at: usize| bytes.get(at).is_some_and(|byte| !matches!(byte, b'\n' | b'\r'));
    if from == 0 && part.base == 0 && begins(0) && to > 0 {
        each(0);
    }
    let first = from.saturating_sub(1);
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes.get(first..to).unwrap_or_default()) {
        let at = first + end + 1;
        if at >= from && at < to && begins(at) {
            each(at);
        }
    }
}

/// The first character of each sentence, and every so often within a long one.
fn sentences(part: Part<'_>, from: usize, to: usize, each: &mut impl FnMut(usize)) {
    let Some(text) = part.text.get(part.text.floor_char_boundary(from)..part.text.ceil_char_boundary(to)) else {
        return;
    };
    let start = part.text.floor_char_boundary(from);
    // A multiple may lie within the character before.
    let before = part.text.get(..start).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
    let after_before = part.base + (start - before) as u64 + u64::from(before > 0);
    let mut forced = after_before.next_multiple_of(SENTENCE_MAX_BYTES as u64);
    // Whether only white space and the end of a sentence lie before.
    let mut fresh = sentence_ended(part, start);
    let mut blank = part.text.get(..start).map_or(0, |text| text.len() - text.trim_end().len());
    for (offset, char) in text.char_indices() {
        let at = start + offset;
        let absolute = part.base + at as u64;
        let due = absolute >= forced;
        if due {
            forced = (absolute + 1).next_multiple_of(SENTENCE_MAX_BYTES as u64);
        }
        if char.is_whitespace() {
            blank += char.len_utf8();
            fresh |= matches!(char, '\n' | '\r');
            if !fresh && ends_with_stop(part.text, at) {
                fresh = true;
            }
            continue;
        }
        // As far as a look back would see: where a piece was cut must not matter.
        fresh &= blank < SENTENCE_GAP_MAX_BYTES || blank == at && part.base == 0;
        blank = 0;
        let long = due && !fresh && no_stop(part.text, at);
        if (fresh || long || after_wide_stop(part.text, at)) && !is_wide_stop(char) && at >= from && at < to {
            each(at);
        }
        fresh = false;
    }
}

fn is_wide_stop(char: char) -> bool {
    matches!(char, '。' | '！' | '？' | '.' | '!' | '?' | '」' | '』' | ')')
}

/// Whether the character before is a Japanese full stop.
fn after_wide_stop(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.ends_with('。'))
}

/// Whether the character before ends a Western sentence.
fn ends_with_stop(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.ends_with(['.', '!', '?', '。', ':']))
}

/// Whether a sentence ended before `at`, with nothing but white space between.
fn sentence_ended(part: Part<'_>, at: usize) -> bool {
    let low = part.text.floor_char_boundary(at.saturating_sub(SENTENCE_GAP_MAX_BYTES));
    let Some(before) = part.text.get(low..at) else { return false };
    let trimmed = before.trim_end();
    if trimmed.is_empty() {
        return low == 0 && part.base == 0 || before.contains(['\n', '\r']);
    }
    let space = before.get(trimmed.len()..).unwrap_or_default();
    space.contains(['\n', '\r']) || (!space.is_empty() && trimmed.ends_with(['.', '!', '?', '。', ':']))
}

/// Whether no sentence ended in the last [`SENTENCE_MAX_BYTES`].
fn no_stop(text: &str, at: usize) -> bool {
    let low = text.floor_char_boundary(at.saturating_sub(SENTENCE_MAX_BYTES));
    text.get(low..at).is_some_and(|before| !before.contains(['\n', '。']) && !before.contains(". "))
}

/// The first character of each run of characters of a kind.
fn runs(text: &str, from: usize, to: usize, kind: fn(char) -> bool, each: &mut impl FnMut(usize)) {
    let start = text.floor_char_boundary(from);
    let mut before = text.get(..start).and_then(|before| before.chars().next_back()).is_some_and(kind);
    let end = text.ceil_char_boundary(to);
    for (offset, char) in text.get(start..end).unwrap_or_default().char_indices() {
        let at = start + offset;
        let this = kind(char);
        if this && !before && at >= from && at < to {
            each(at);
        }
        before = this;
    }
}

/// Kanji, with the signs that are written among them.
pub(crate) fn is_kanji(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '々' | '〆' | 'ヶ' | '〇')
}

/// Katakana with the long-vowel sign.
pub(crate) fn is_katakana(char: char) -> bool {
    matches!(char, '\u{30a1}'..='\u{30fa}' | 'ー')
}
