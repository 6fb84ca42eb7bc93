//! Text on a terminal: widths that are right for Japanese, and nothing from outside that could drive it.

use std::fmt::Display;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text without control characters and bidirectional overrides: what an advisory or a file name
/// says must not move the cursor or reverse the line.
pub(crate) fn printable(text: impl Display) -> String {
    let text = text.to_string();
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() || is_format_control(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn is_format_control(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Columns that the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to a width, with `…` where something is missing.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let w = c.width().unwrap_or(0);
        if used + w + 1 > columns {
            break;
        }
        used += w;
        out.push(c);
    }
    out.push('…');
    out
}

/// The text filled up with spaces to a width.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The text in lines of at most that width. Breaks at spaces, and between any two wide characters (Japanese has no
/// spaces) unless the second may not begin a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let w = width(&piece);
        if used > 0 && used + width(piece.trim_end()) > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        if used == 0 && w > columns {
            for c in piece.chars() {
                let cw = c.width().unwrap_or(0);
                if used + cw > columns {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += cw;
            }
        } else {
            line.push_str(&piece);
            used += w;
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Pieces that stay together: words with the space after them, single wide characters with the closing marks that
/// may not begin a line.
fn pieces(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut previous: Option<char> = None;
    for c in text.chars() {
        let wide = |c: char| c.width() == Some(2);
        let no_start = matches!(
            c,
            '、' | '。' | '」' | '』' | '）' | '，' | '．' | '：' | '；' | '！' | '？' | 'ー' | '々' | '】' | '・'
        );
        let no_end = |c: char| matches!(c, '「' | '『' | '（' | '【');
        let starts = match previous {
            None => true,
            Some(p) if no_start || no_end(p) => false,
            Some(' ') => c != ' ',
            Some(p) => c != ' ' && (wide(c) || wide(p)),
        };
        match out.last_mut() {
            Some(last) if !starts => last.push(c),
            _ => out.push(c.to_string()),
        }
        previous = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_takes_two_columns() {
        assert_eq!(width("配水制御 x"), 10);
        assert_eq!(cut("配水制御システム", 9), "配水制御…");
        assert_eq!(pad("配水", 6), "配水  ");
    }

    #[test]
    fn lines_break_where_the_language_allows() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("悪用が確認されています。直ちに更新。", 12), ["悪用が確認さ", "れています。", "直ちに更新。"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn nothing_from_outside_drives_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\nd"), "a\u{fffd}[31mb\u{fffd}c d");
    }
}
