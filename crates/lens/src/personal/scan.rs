//! Small readers that the recognisers share. All positions are byte offsets at characters.

use crate::rule::{Confidence, Found};

/// The text before the position.
pub(super) fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default()
}

/// The text from the position on.
pub(super) fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The text between two positions.
pub(super) fn between(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// Whether the character is kanji, as the trigger `kanji` counts it.
pub(super) fn is_kanji(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々' | '〆' | 'ヶ' | '\u{20000}'..='\u{3ffff}')
}

/// Whether the character is katakana, as the trigger `katakana` counts it.
pub(super) fn is_katakana(character: char) -> bool {
    matches!(character, '\u{30a1}'..='\u{30fa}' | 'ー')
}

/// Whether the character is hiragana.
pub(super) fn is_hiragana(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{3096}')
}

/// At most that many bytes before the position, cut at a character.
pub(super) fn last_bytes(text: &str, at: usize, bytes: usize) -> &str {
    let mut start = at.saturating_sub(bytes);
    while start < at && !text.is_char_boundary(start) {
        start += 1;
    }
    between(text, start, at)
}

/// At most that many bytes from the position on, cut at a character.
pub(super) fn first_bytes(text: &str, at: usize, bytes: usize) -> &str {
    let mut end = (at + bytes).min(text.len());
    while end > at && !text.is_char_boundary(end) {
        end -= 1;
    }
    between(text, at, end)
}

/// Whether one of the words stands in the text, without regard to ASCII case. The words are lower case.
pub(super) fn mentions(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| contains_ignore_case(text, word))
}

/// Whether the word (lower case) stands in the text in any ASCII case; a word of ASCII letters stands alone.
fn contains_ignore_case(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len().max(1)).enumerate().any(|(at, part)| {
        let alone = |byte: Option<&u8>| !byte.is_some_and(u8::is_ascii_alphanumeric);
        part.eq_ignore_ascii_case(word)
            && (!word.first().is_some_and(u8::is_ascii_alphanumeric) || at == 0 || alone(text.get(at - 1)))
            && (!word.last().is_some_and(u8::is_ascii_alphabetic) || alone(text.get(at + word.len())))
    })
}

/// Whether a word stands within that many bytes before the start or after the end.
pub(super) fn near(
    text: &str,
    start: usize,
    end: usize,
    words: &[&str],
    before_bytes: usize,
    after_bytes: usize,
) -> bool {
    mentions(last_bytes(text, start, before_bytes), words) || mentions(first_bytes(text, end, after_bytes), words)
}

/// Adds what was found; the value is all of it.
pub(super) fn push(found: &mut Vec<Found>, start: usize, end: usize, confidence: Confidence) {
    if start < end {
        found.push(Found { span: start..end, value: start..end, confidence });
    }
}

/// Whether an ASCII letter, digit or `_` stands at the position.
pub(super) fn word_after(text: &str, at: usize) -> bool {
    after(text, at).bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
