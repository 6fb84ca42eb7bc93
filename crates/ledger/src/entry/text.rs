//! Texts in an entry: cut by character, without control characters.

/// Most characters of a name, an id or a value.
pub const MAX_NAME_CHARS: usize = 200;

/// Most characters of a reason.
pub const MAX_WHY_CHARS: usize = 4000;

/// Stands at the end of a text that was cut.
const CUT_MARK: char = '…';

/// Stands for a control character, which would take six bytes in JSON.
const REPLACEMENT: char = '\u{fffd}';

/// The text, at most `max_chars` long. It is cut and never refused: an attempt to sign in under an endless name has to
/// be logged like any other.
pub(super) fn cut(text: &str, max_chars: usize) -> String {
    let clean = |c: char| if c.is_control() && c != '\n' && c != '\t' { REPLACEMENT } else { c };
    let mut kept: String = text.chars().map(clean).take(max_chars).collect();
    if text.chars().nth(max_chars).is_some() {
        kept.pop();
        kept.push(CUT_MARK);
    }
    kept
}

/// A name, an id or a value.
pub(super) fn name(text: &str) -> String {
    cut(text, MAX_NAME_CHARS)
}

/// A reason; none where it is empty.
pub(super) fn why(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| cut(text, MAX_WHY_CHARS))
}
