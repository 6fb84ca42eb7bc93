//! What may stand in a text that leaves: nothing that acts on the terminal, the page or the reader's eyes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Longest text that leaves, in characters; the rest is cut and `…` stands for it.
pub(super) const MAX_TEXT_CHARS: usize = 16_384;

/// What becomes of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treat {
    /// It stays.
    Keep,
    /// A line break or a tab: one space.
    Space,
    /// Shown by its code point, as `\u{1b}`.
    Show,
}

/// The rule for one character.
///
/// Shown by code point: the control characters (terminal escapes), the controls of writing direction
/// ("Trojan Source", CVE-2021-42574), spaces of no width, and the tag characters, which carry hidden
/// instructions to language models. Joiners and variation selectors stay: scripts and names need them.
pub(super) fn treat(c: char) -> Treat {
    match c {
        ' '..='~' => Treat::Keep,
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Treat::Space,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => Treat::Show,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => Treat::Show,
        '\u{e0000}'..='\u{e007f}' => Treat::Show,
        c if c.is_control() => Treat::Show,
        _ => Treat::Keep,
    }
}

/// The text by the rules of [`treat`], on one line, at most [`MAX_TEXT_CHARS`] long.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_TEXT_CHARS && text.chars().all(|c| treat(c) == Treat::Keep) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(MAX_TEXT_CHARS));
    for (count, c) in text.chars().enumerate() {
        if count == MAX_TEXT_CHARS {
            out.push('…');
            break;
        }
        match treat(c) {
            Treat::Keep => out.push(c),
            Treat::Space => out.push(' '),
            Treat::Show => {
                // INVARIANT: writing to a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// The text cut to so many characters; `…` counts as one and shows the cut.
pub(super) fn cut(text: &str, max_chars: usize) -> Cow<'_, str> {
    if text.chars().nth(max_chars).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    out.push('…');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(clean(input), expected);
    }

    #[test]
    fn what_acts_is_shown_instead() {
        check("plain", "plain");
        check("八咫の鏡 é 👩‍💻", "八咫の鏡 é 👩‍💻");
        check("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}");
        check("a\r\nb\tc\u{2028}d", "a  b c d");
        check("user\u{202e}gpj.exe", "user\\u{202e}gpj.exe");
        check("zero\u{200b}width\u{e0041}", "zero\\u{200b}width\\u{e0041}");
        check("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}");
    }

    #[test]
    fn long_text_is_cut_by_character() {
        let long = "鏡".repeat(MAX_TEXT_CHARS + 5);
        let cleaned = clean(&long);
        assert_eq!(cleaned.chars().count(), MAX_TEXT_CHARS + 1);
        assert!(cleaned.ends_with("鏡…"));
        assert_eq!(cut("八咫の鏡", 3), "八咫…");
        assert_eq!(cut("八咫", 2), "八咫");
    }
}
