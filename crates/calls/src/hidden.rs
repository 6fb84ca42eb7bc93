//! Characters that make a text look other than it is.

use crate::Traits;

/// What the characters of a text say, outside of what a person wrote in another script.
pub(crate) fn traits(text: &str) -> (Traits, &'static str) {
    if text.is_ascii() {
        return match text.bytes().find(|byte| matches!(byte, 0 | 8 | 0x0b | 0x0c | 0x1b | 0x7f) || *byte == b'\r') {
            Some(b'\r') if !lone_return(text) => (Traits::NONE, ""),
            Some(0) => (Traits::DECEIVES | Traits::EVADES, "a NUL in the text"),
            Some(_) => (Traits::DECEIVES, "control characters that hide or overwrite text on a terminal"),
            None => (Traits::NONE, ""),
        };
    }
    for c in text.chars() {
        match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                return (Traits::DECEIVES, "characters that turn the direction of the text");
            }
            '\u{200b}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}'
            | '\u{00ad}'
            | '\u{180e}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{3164}'
            | '\u{ffa0}' => {
                return (Traits::DECEIVES, "characters that do not show");
            }
            '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}' => {
                return (Traits::DECEIVES, "characters that do not show");
            }
            '\u{37e}' => return (Traits::DECEIVES, "a mark that passes for one of the shell's"),
            '\0' | '\u{8}' | '\u{b}' | '\u{c}' | '\u{1b}' | '\u{7f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                return (Traits::DECEIVES, "control characters that hide or overwrite text on a terminal");
            }
            _ => {}
        }
    }
    if text.contains('\r') && lone_return(text) {
        return (Traits::DECEIVES, "a carriage return that overwrites the line on a terminal");
    }
    (Traits::NONE, "")
}

fn lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| *byte == b'\r' && !matches!(bytes.get(at + 1), Some(b'\n') | None))
}

/// Whether a word that a program acts on (its name, an option, a path, a host) holds letters that pass for ASCII ones: other
/// scripts mixed into Latin, full-width forms, look-alike punctuation.
pub(crate) fn lookalike(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    let mut previous_latin = false;
    for c in word.chars() {
        match c {
            // Punctuation and blanks that pass for those of the shell.
            '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '\u{2215}'
            | '\u{2044}'
            | '\u{29f8}'
            | '\u{2024}'
            | '\u{2025}'
            | '\u{2502}'
            | '\u{ff5c}'
            | '\u{00a0}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{037e}'
            | '\u{2018}'..='\u{201f}'
            | '\u{200c}'
            | '\u{200d}' => return true,
            '\u{ff01}'..='\u{ff5e}' => return true,
            // Letters for phonetics, mathematics, small capitals, subscripts.
            '\u{1d00}'..='\u{1dbf}'
            | '\u{1d400}'..='\u{1d7ff}'
            | '\u{2070}'..='\u{209c}'
            | '\u{2100}'..='\u{214f}'
            | '\u{24b6}'..='\u{24e9}' => return true,
            // Cyrillic, Greek, Armenian, Cherokee beside Latin.
            '\u{0370}'..='\u{058f}' | '\u{13a0}'..='\u{13ff}' if latin => return true,
            '\u{0300}'..='\u{036f}' if previous_latin => return true,
            _ => {}
        }
        previous_latin = c.is_ascii_alphabetic();
    }
    false
}

/// A program's name that is nearly one of ours: Latin letters with marks, or wholly of another script that looks alike.
pub(crate) fn odd_program(name: &str) -> bool {
    !name.is_ascii()
        && (lookalike(name)
            || name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '\u{00c0}'..='\u{052f}' | '-' | '_' | '.')))
}
