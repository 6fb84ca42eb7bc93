//! Whether a pattern *could* match a text. What a shell would match counts, and more: every set stands for any character, every
//! group for any text, and a leading dot is no exception, as a shell can be told to make none.

use crate::pattern::{Step, fits};
use crate::value::UNKNOWN;

/// Most texts that the groups of one pattern are written out to.
const ALTERNATIVES: usize = 64;

/// Most characters of a part that are looked at.
const CHARS: usize = 256;

/// Most marks of one text that are tried as the beginning of a group.
const TRIES: usize = 32;

pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[']) || has_groups(text)
}

/// `{a,b}`, `@(a|b)`, `!(a)` …
pub(crate) fn has_groups(text: &str) -> bool {
    first_group(text).is_some()
}

struct Group<'t> {
    before: &'t str,
    kind: char,
    choices: Vec<&'t str>,
    after: &'t str,
}

fn first_group(text: &str) -> Option<Group<'_>> {
    let (mut previous, mut tries) = (None, 0);
    for (at, c) in text.char_indices() {
        let (kind, close, divider) = match (previous, c) {
            (_, '{') => ('{', '}', ','),
            (Some(kind @ ('@' | '?' | '+' | '*' | '!')), '(') => (kind, ')', '|'),
            _ => {
                previous = Some(c);
                continue;
            }
        };
        previous = Some(c);
        tries += 1;
        if tries > TRIES {
            return None;
        }
        let start = if kind == '{' { at } else { at.saturating_sub(1) };
        if let Some((choices, after)) = choices(text.get(at + 1..)?, c, close, divider)
            && (kind != '{' || choices.len() > 1)
        {
            return Some(Group { before: text.get(..start)?, kind, choices, after });
        }
    }
    None
}

/// The choices up to the end of the group, and what stands behind it.
fn choices(text: &str, open: char, close: char, divider: char) -> Option<(Vec<&str>, &str)> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close && depth > 0 {
            depth -= 1;
        } else if c == close {
            found.push(text.get(start..at)?);
            return Some((found, text.get(at + c.len_utf8()..)?));
        } else if c == divider && depth == 0 {
            found.push(text.get(start..at)?);
            start = at + c.len_utf8();
        }
    }
    None
}

/// The texts that a pattern with groups stands for; where they are too many, a group is any text.
pub(crate) fn alternatives(text: &str) -> Vec<String> {
    let (mut done, mut open) = (Vec::new(), vec![text.to_owned()]);
    while let Some(text) = open.pop() {
        let Some(group) = first_group(&text) else {
            done.push(text);
            continue;
        };
        let mut with = |choice: &str| open.push(format!("{}{choice}{}", group.before, group.after));
        if group.kind == '!' || done.len() + group.choices.len() > ALTERNATIVES {
            with("*");
            continue;
        }
        if matches!(group.kind, '*' | '?') {
            with("");
        }
        for choice in group.choices.iter().take(ALTERNATIVES) {
            match group.kind {
                '*' | '+' => with(&format!("{choice}*")),
                _ => with(choice),
            }
        }
        if open.len() + done.len() > ALTERNATIVES {
            done.extend(open.drain(..).map(|text| text.split(['{', '(']).next().unwrap_or("").to_owned() + "*"));
        }
    }
    done
}

/// One place of a pattern.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Char(char),
    One,
    Any,
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let chars: Vec<char> = pattern.chars().take(CHARS).collect();
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(c) = chars.get(at) {
        at += 1;
        pieces.push(match c {
            '*' | &UNKNOWN => Piece::Any,
            '?' => Piece::One,
            '[' => match set_end(&chars, at) {
                Some(end) => {
                    at = end;
                    Piece::One
                }
                None => Piece::Char('['),
            },
            c => Piece::Char(*c),
        });
    }
    pieces
}

/// Behind the end of a set that begins before `at`.
fn set_end(chars: &[char], mut at: usize) -> Option<usize> {
    at += usize::from(matches!(chars.get(at), Some('!' | '^')));
    let first = at;
    loop {
        match (chars.get(at)?, chars.get(at + 1)) {
            (']', _) if at > first => return Some(at + 1),
            ('[', Some(kind @ (':' | '.' | '='))) => {
                let rest = chars.get(at + 2..)?;
                at += 4 + rest.windows(2).position(|two| matches!(two, [a, ']'] if a == kind))?;
            }
            _ => at += 1,
        }
    }
}

/// Whether a part of a path could match.
pub(crate) fn part(pattern: &str, text: &str) -> bool {
    let pieces = pieces(pattern);
    let text: Vec<char> = text.chars().take(CHARS).collect();
    fits(text.len(), |p, t| match (pieces.get(p), text.get(t)) {
        (None, None) => Step::End,
        (Some(Piece::Any), _) => Step::Star,
        (Some(Piece::One), Some(_)) => Step::Next(p + 1),
        (Some(Piece::Char(c)), Some(found)) => Step::over(c == found, p + 1),
        _ => Step::No,
    })
}

/// Part by part, so that a pattern does not go over a slash; `**` does.
pub(crate) fn path(pattern: &[&str], text: &[&str]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (["**", rest @ ..], _) => path(rest, text) || matches!(text, [_, below @ ..] if path(pattern, below)),
        ([first, rest @ ..], [name, below @ ..]) => part(first, name) && path(rest, below),
        _ => false,
    }
}

/// Whether an absolute path with patterns in it could mean a folder or something in it.
pub fn could_reach(pattern: &str, folder: &str) -> bool {
    if !is_pattern(pattern) {
        return false;
    }
    let folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    alternatives(pattern).iter().any(|pattern| {
        let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        let wide = pattern.contains(&"**");
        (if wide { 1..=pattern.len() } else { folder.len()..=folder.len() })
            .any(|length| pattern.get(..length).is_some_and(|head| is_narrow(head) && path(head, &folder)))
    })
}

/// How many letters and digits a pattern fixes.
pub(crate) fn fixed(pattern: &str) -> usize {
    pieces(pattern).iter().filter(|piece| matches!(piece, Piece::Char(c) if *c != '.')).count()
}

/// Whether a pattern is for something, and not for everything.
pub(crate) fn is_narrow(parts: &[&str]) -> bool {
    let pattern = |part: &&&str| is_pattern(part) || part.contains(UNKNOWN);
    parts.iter().map(|part| fixed(part)).sum::<usize>() >= 2
        || parts.iter().find(pattern).is_some_and(|part| part.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_could_match_all_that_a_shell_would_match() {
        for (pattern, text) in [
            ("*", ".env"),
            (".e*", ".env"),
            (".e??", ".env"),
            (".en[[:lower:]]", ".env"),
            (".en[]v]", ".env"),
            (".en[!a]", ".env"),
            ("?env", ".env"),
            ("*n*", ".env"),
        ] {
            assert!(part(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [(".e?", ".env"), ("*.ts", ".env"), (".env", ".envx"), ("[", "a"), (".en[v", ".env")] {
            assert!(!part(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn groups_are_written_out() {
        let sorted = |text: &str| {
            let mut found = alternatives(text);
            found.sort();
            found
        };
        assert_eq!(sorted("*.{pem,key}"), ["*.key", "*.pem"]);
        assert_eq!(sorted("@(a|b{c,d})"), ["a", "bc", "bd"]);
        assert_eq!(sorted("+(x)y"), ["x*y"]);
        assert_eq!(sorted("?(x)y"), ["xy", "y"]);
        assert_eq!(sorted("!(x)"), ["*"]);
        assert_eq!(sorted("{a}"), ["{a}"]);
        assert_eq!(sorted("a{b"), ["a{b"]);
        assert!(alternatives(&"{a,b}".repeat(200)).len() <= 2 * ALTERNATIVES);
        assert!(alternatives(&"{".repeat(5000)).len() == 1);
    }
}
