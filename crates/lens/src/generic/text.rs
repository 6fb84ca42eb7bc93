//! Small steps over bytes that cannot fail.

/// The byte at a place; 0 beyond the end.
pub(super) fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// The byte before a place; 0 at the beginning.
pub(super) fn before(text: &str, at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |at| byte(text, at))
}

/// A part of the text; empty where the range does not lie on characters.
pub(super) fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// The first place from `at` on that is neither a space nor a tab, at most `max` bytes on.
pub(super) fn blanks(text: &str, at: usize, max: usize) -> usize {
    let mut here = at;
    while here < at + max && matches!(byte(text, here), b' ' | b'\t') {
        here += 1;
    }
    here
}

/// Whether a byte may stand in a name of a programming language.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether `text` from `at` on begins with `word` (lower case) in any ASCII case.
pub(super) fn begins(text: &str, at: usize, word: &str) -> bool {
    text.as_bytes().get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The line round `at`: its first byte and the byte after its last.
pub(super) fn line(text: &str, from: usize, to: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let start = bytes.iter().take(from).rposition(|&byte| byte == b'\n').map_or(0, |place| place + 1);
    let end = bytes.iter().skip(to).position(|&byte| byte == b'\n').map_or(bytes.len(), |place| to + place);
    (start, end)
}

/// The words of a name or a value: split at everything but letters and digits, at humps and between letters and
/// digits; lower case. At most `WORDS_MAX`.
pub(super) fn words(text: &str) -> Vec<String> {
    const WORDS_MAX: usize = 24;
    let bytes = text.as_bytes();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (place, &here) in bytes.iter().enumerate() {
        let last = place.checked_sub(1).and_then(|place| bytes.get(place)).copied().unwrap_or(0);
        let next = bytes.get(place + 1).copied().unwrap_or(0);
        let hump = here.is_ascii_uppercase() && (last.is_ascii_lowercase() || next.is_ascii_lowercase());
        let turn = here.is_ascii_digit() != last.is_ascii_digit();
        if !word.is_empty() && (!here.is_ascii_alphanumeric() || hump || turn) {
            words.push(std::mem::take(&mut word));
        }
        if words.len() >= WORDS_MAX {
            return words;
        }
        if here.is_ascii_alphanumeric() {
            word.push(char::from(here.to_ascii_lowercase()));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
