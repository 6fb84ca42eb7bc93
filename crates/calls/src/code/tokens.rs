//! Code cut into names, texts, commands and marks, alike for all the languages.

/// A piece of code.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name with the dots before it (`os.path.join`).
    Name(String),
    Text(String),
    /// Backquotes, `qx{}`, `%x()`: a command.
    Command(String),
    /// The right side of perl's `s///e`, and whether what it gives is evaluated again.
    Code(String, bool),
    Number(String),
    Mark(char),
}

pub(super) const TOKENS: usize = 20_000;

pub(super) fn tokens(family: &str, code: &str) -> Vec<Token> {
    let chars: Vec<char> = code.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() && all.len() < TOKENS {
        let c = get(at);
        let hash = matches!(family, "python" | "ruby" | "perl" | "php" | "r" | "julia" | "elixir" | "awk")
            && c == '#'
            && !(family == "perl" && at > 0 && get(at - 1) == '$');
        let slashes = matches!(family, "javascript" | "php" | "other")
            && c == '/'
            && get(at + 1) == '/'
            && (at == 0 || get(at - 1) != ':');
        let dashes = family == "lua" && c == '-' && get(at + 1) == '-';
        let percent = family == "erlang" && c == '%';
        if hash || slashes || dashes || percent {
            while at < chars.len() && get(at) != '\n' {
                at += 1;
            }
            continue;
        }
        if c == '/' && get(at + 1) == '*' && matches!(family, "javascript" | "php" | "other") {
            at += 2;
            while at < chars.len() && !(get(at) == '*' && get(at + 1) == '/') {
                at += 1;
            }
            at += 2;
            continue;
        }
        if c.is_whitespace() {
            if c == '\n' {
                all.push(Token::Mark('\n'));
            }
            at += 1;
            continue;
        }
        if c == '"' || c == '\'' || c == '`' {
            if c == '\'' && matches!(family, "other") && lone_quote(&chars, at) {
                at += 1;
                continue;
            }
            let (text, next) = quoted(family, &chars, at);
            at = next;
            let command = c == '`' && matches!(family, "perl" | "ruby" | "php" | "julia" | "m4")
                || c == '`'
                    && family == "javascript"
                    && matches!(all.last(), Some(Token::Name(name)) if name == "$" || name.ends_with(".$"));
            all.push(if command { Token::Command(text) } else { Token::Text(text) });
            continue;
        }
        if let Some((token, next)) = special(family, &chars, at) {
            all.push(token);
            at = next;
            continue;
        }
        if c.is_alphabetic() || c == '_' || c == '$' {
            let start = at;
            at += 1;
            while at < chars.len()
                && (get(at).is_alphanumeric()
                    || matches!(get(at), '_' | '$')
                    || matches!(get(at), '.' | ':') && get(at + 1).is_alphabetic()
                    || matches!(get(at), ':' | '.') && get(at - 1) == ':' && get(at + 1).is_alphabetic()
                    || get(at) == ':' && get(at + 1) == ':' && get(at + 2).is_alphabetic()
                    || get(at) == '/'
                        && family == "other"
                        && get(at + 1).is_alphabetic()
                        && code.trim_start().starts_with('(')
                    || get(at) == '-'
                        && family == "other"
                        && get(at + 1).is_alphabetic()
                        && code.trim_start().starts_with('(')
                    || matches!(get(at), '?' | '!') && family == "ruby" && !matches!(get(at + 1), '='))
            {
                at += 1;
            }
            let name: String = chars.get(start..at).unwrap_or(&[]).iter().collect();
            let next = get(at);
            // `b"…"`, `f'…'`, `r"…"`: a prefix of a text.
            if (next == '"' || next == '\'')
                && name.len() <= 2
                && family == "python"
                && name.chars().all(|c| "bBrRfFuU".contains(c))
            {
                continue;
            }
            all.push(Token::Name(name));
            continue;
        }
        if c.is_ascii_digit() {
            let start = at;
            while at < chars.len() && (get(at).is_alphanumeric() || get(at) == '.') {
                at += 1;
            }
            all.push(Token::Number(chars.get(start..at).unwrap_or(&[]).iter().collect()));
            continue;
        }
        all.push(Token::Mark(c));
        at += 1;
    }
    all
}

pub(super) fn lone_quote(chars: &[char], at: usize) -> bool {
    // A lifetime or a quoted atom of Lisp has no closing quote on its line.
    !chars.iter().skip(at + 1).take_while(|c| **c != '\n').any(|c| *c == '\'')
}

/// A quoted text: its value and the place behind it.
pub(super) fn quoted(family: &str, chars: &[char], at: usize) -> (String, usize) {
    let quote = chars.get(at).copied().unwrap_or('"');
    let triple = matches!(family, "python" | "other" | "elixir" | "julia")
        && chars.get(at + 1) == Some(&quote)
        && chars.get(at + 2) == Some(&quote);
    let mut index = at + if triple { 3 } else { 1 };
    let mut text = String::new();
    while let Some(c) = chars.get(index).copied() {
        if c == '\\' {
            let Some(next) = chars.get(index + 1).copied() else { break };
            index += 2;
            match next {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'x' => {
                    let digits: String = chars.iter().skip(index).take(2).collect();
                    text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('?'));
                    index += 2;
                }
                'u' if chars.get(index) != Some(&'{') => {
                    let digits: String = chars.iter().skip(index).take(4).collect();
                    text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('?'));
                    index += 4;
                }
                other => text.push(other),
            }
            continue;
        }
        let ends = if triple {
            c == quote && chars.get(index + 1) == Some(&quote) && chars.get(index + 2) == Some(&quote)
        } else {
            c == quote
        };
        if ends {
            return (text, index + if triple { 3 } else { 1 });
        }
        // What is put in is not known.
        let hole = (c == '$' && chars.get(index + 1) == Some(&'{') && quote == '`')
            || (c == '#' && chars.get(index + 1) == Some(&'{') && matches!(family, "ruby" | "elixir"))
            || (c == '$' && chars.get(index + 1) == Some(&'(') && family == "julia");
        if hole {
            let close = chars.iter().skip(index).position(|c| *c == '}' || *c == ')').unwrap_or(0);
            let inner: String = chars.iter().skip(index + 2).take(close.saturating_sub(2)).collect();
            text.push_str(if inner.contains("HOME") || inner.contains("homedir") { "~" } else { "\u{10ffff}" });
            index += close.max(1) + 1;
            continue;
        }
        text.push(c);
        index += 1;
    }
    (text, chars.len())
}

/// `qx{…}`, `q(…)`, `%x(…)`, `[[…]]`, patterns of JavaScript and perl.
pub(super) fn special(family: &str, chars: &[char], at: usize) -> Option<(Token, usize)> {
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let before = at.checked_sub(1).map_or(' ', get);
    let start = |length: usize| -> Option<(String, usize)> {
        let open = get(at + length);
        let close = match open {
            '(' => ')',
            '{' => '}',
            '[' => ']',
            '<' => '>',
            c if !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, ',' | ';' | '=' | ')' | '\0') => c,
            _ => return None,
        };
        let mut index = at + length + 1;
        let mut text = String::new();
        let mut level = 0_usize;
        while index < chars.len() {
            let c = get(index);
            if c == open && open != close {
                level += 1;
            }
            if c == close {
                if level == 0 {
                    break;
                }
                level -= 1;
            }
            text.push(c);
            index += 1;
        }
        Some((text, index + 1))
    };
    if before.is_alphanumeric() || matches!(before, '_' | '$' | '@' | '%' | '.' | '>') {
        return None;
    }
    match (family, get(at), get(at + 1)) {
        ("perl", 'q', 'x') => start(2).map(|(text, next)| (Token::Command(text), next)),
        ("perl", 'q', 'q') => start(2).map(|(text, next)| (Token::Text(text), next)),
        ("perl", 'q', c) if !c.is_alphanumeric() => start(1).map(|(text, next)| (Token::Text(text), next)),
        ("perl", 'm', '{' | '/' | '|' | '!') => start(1).map(|(_, next)| (Token::Mark('~'), next)),
        ("perl", 's', c) if matches!(c, '/' | '{' | '|' | '#' | '!' | ',') => {
            let (_, next) = start(1)?;
            // The second half, up to the mark again, or in brackets of its own.
            let mut index = next;
            if c == '{' {
                while get(index).is_whitespace() {
                    index += 1;
                }
                index += 1;
            }
            let end = if c == '{' { '}' } else { c };
            let (first, mut level) = (index, 0_usize);
            while index < chars.len() && (get(index) != end || level > 0) {
                match get(index) {
                    '{' if c == '{' => level += 1,
                    '}' if c == '{' => level -= 1,
                    '\\' => index += 1,
                    _ => {}
                }
                index += 1;
            }
            let replacement: String = chars.get(first..index).unwrap_or(&[]).iter().collect();
            index += 1;
            let mut runs = 0;
            while get(index).is_alphabetic() {
                runs += usize::from(get(index) == 'e');
                index += 1;
            }
            Some((if runs > 0 { Token::Code(replacement, runs > 1) } else { Token::Mark('~') }, index))
        }
        ("ruby", '%', 'x') => start(2).map(|(text, next)| (Token::Command(text), next)),
        ("ruby", '%', 'q' | 'Q' | 'w') => start(2).map(|(text, next)| (Token::Text(text), next)),
        ("lua", '[', '[') => {
            let mut index = at + 2;
            let mut text = String::new();
            while index < chars.len() && !(get(index) == ']' && get(index + 1) == ']') {
                text.push(get(index));
                index += 1;
            }
            Some((Token::Text(text), index + 2))
        }
        ("javascript" | "awk" | "ruby" | "perl", '/', c)
            if c != '/'
                && c != '*'
                && matches!(
                    before_code(chars, at),
                    '(' | ',' | '=' | ':' | '[' | '!' | '&' | '|' | '?' | '{' | '}' | ';' | '\n' | '~' | '\0'
                ) =>
        {
            let mut index = at + 1;
            while index < chars.len() && get(index) != '/' && get(index) != '\n' {
                index += if get(index) == '\\' { 2 } else { 1 };
            }
            (get(index) == '/').then_some((Token::Mark('~'), index + 1))
        }
        _ => None,
    }
}

pub(super) fn before_code(chars: &[char], at: usize) -> char {
    chars.iter().take(at).rev().find(|c| !matches!(c, ' ' | '\t')).copied().unwrap_or('\0')
}
