//! Patterns of `${name#pattern}` and its like, matched as the shell does, or not at all.

/// The longest text whose ends are matched.
const CUT_CHARS: usize = 1024;
/// The longest text in which a pattern is looked for.
const SEARCHED_CHARS: usize = 256;
/// The longest text that is put in for each match of a pattern.
const PUT_BYTES: usize = 4096;

enum Piece {
    Char(char),
    One,
    Any,
    Set(Vec<(char, char)>, bool),
}

/// What a place of a pattern says of a place of a text.
pub(crate) enum Step {
    /// Any number of characters fit.
    Star,
    /// The character fits, and the pattern goes on here.
    Next(usize),
    /// It does not fit.
    No,
    /// Both are at their end.
    End,
}

impl Step {
    pub(crate) fn over(is_fit: bool, next: usize) -> Self {
        if is_fit { Self::Next(next) } else { Self::No }
    }
}

/// Whether a pattern with stars fits a text of so many characters. `step` is asked about places of both; where nothing
/// fits, the last star takes one character more.
pub(crate) fn fits(length: usize, step: impl Fn(usize, usize) -> Step) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (step(p, t), retry) {
            (Step::End, _) => return true,
            (Step::Star, _) => {
                retry = Some((p, t));
                p += 1;
            }
            (Step::Next(next), _) => (p, t) = (next, t + 1),
            (Step::No, Some((star, at))) if at < length => {
                retry = Some((star, at + 1));
                (p, t) = (star + 1, at + 1);
            }
            (Step::No, _) => return false,
        }
    }
}

/// A pattern that is matched exactly.
pub(crate) struct Pattern(Vec<Piece>);

/// The characters of a class, as ranges of ASCII.
fn class(name: &str) -> Option<&'static [(char, char)]> {
    Some(match name {
        "alpha" => &[('a', 'z'), ('A', 'Z')],
        "digit" => &[('0', '9')],
        "alnum" => &[('a', 'z'), ('A', 'Z'), ('0', '9')],
        "upper" => &[('A', 'Z')],
        "lower" => &[('a', 'z')],
        "space" => &[(' ', ' '), ('\t', '\r')],
        "blank" => &[(' ', ' '), ('\t', '\t')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "xdigit" => &[('0', '9'), ('a', 'f'), ('A', 'F')],
        "word" => &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        _ => return None,
    })
}

impl Pattern {
    /// Of characters, each with whether it was quoted; none for what is not matched here (extended patterns and the like).
    pub(crate) fn read(chars: &[(char, bool)]) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some((c, quoted)) = chars.get(at).copied() {
            let next = chars.get(at + 1).copied();
            at += 1;
            if quoted {
                pieces.push(Piece::Char(c));
                continue;
            }
            if matches!(c, '?' | '*' | '+' | '@' | '!') && next == Some(('(', false)) {
                return None;
            }
            match c {
                '*' => pieces.push(Piece::Any),
                '?' => pieces.push(Piece::One),
                '\\' => {
                    // From a value: the shell takes it as a quote, mostly.
                    return None;
                }
                '[' => {
                    let (set, behind) = Self::set(chars, at)?;
                    pieces.push(set);
                    at = behind;
                }
                c => pieces.push(Piece::Char(c)),
            }
        }
        Some(Self(pieces))
    }

    fn set(chars: &[(char, bool)], start: usize) -> Option<(Piece, usize)> {
        let plain = |at: usize, c: char| chars.get(at) == Some(&(c, false));
        let mut at = start;
        let negated = plain(at, '!') || plain(at, '^');
        at += usize::from(negated);
        let first = at;
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let (c, quoted) = chars.get(at).copied()?;
            if c == ']' && !quoted && at > first {
                return Some((Piece::Set(ranges, negated), at + 1));
            }
            if c == '[' && !quoted && (plain(at + 1, ':') || plain(at + 1, '.') || plain(at + 1, '=')) {
                let name: String =
                    chars.iter().skip(at + 2).map(|(c, _)| *c).take_while(|c| c.is_ascii_alphabetic()).collect();
                let end = at + 2 + name.len();
                if !plain(at + 1, ':') || !plain(end, ':') || !plain(end + 1, ']') {
                    return None;
                }
                ranges.extend(class(&name)?);
                at = end + 2;
                continue;
            }
            if plain(at + 1, '-')
                && let Some((high, _)) = chars.get(at + 2).copied().filter(|next| *next != (']', false))
            {
                // What lies between two letters depends on the language, but for those of one kind.
                let kind = |c: char| (c.is_ascii_lowercase(), c.is_ascii_uppercase(), c.is_ascii_digit());
                if kind(c) != kind(high) || kind(c) == (false, false, false) {
                    return None;
                }
                ranges.push((c, high));
                at += 3;
                continue;
            }
            ranges.push((c, c));
            at += 1;
        }
    }

    /// The text of a pattern that is only text.
    pub(crate) fn literal(&self) -> Option<String> {
        self.0.iter().map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None }).collect()
    }

    fn matches(&self, text: &[char]) -> bool {
        fits(text.len(), |p, t| {
            let is_fit = match (self.0.get(p), text.get(t)) {
                (Some(Piece::Any), _) => return Step::Star,
                (None, None) => return Step::End,
                (Some(Piece::One), Some(_)) => true,
                (Some(Piece::Char(wanted)), Some(c)) => wanted == c,
                (Some(Piece::Set(ranges, negated)), Some(c)) => {
                    ranges.iter().any(|(low, high)| low <= c && c <= high) != *negated
                }
                _ => false,
            };
            Step::over(is_fit, p + 1)
        })
    }

    /// The text without the shortest or longest beginning or end that matches; none where it is too long to be tried.
    pub(crate) fn cut(&self, text: &str, beginning: bool, longest: bool) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        if let Some(literal) = self.literal() {
            let rest =
                if beginning { text.strip_prefix(literal.as_str()) } else { text.strip_suffix(literal.as_str()) };
            return Some(rest.unwrap_or(text).to_owned());
        }
        if chars.len() > CUT_CHARS {
            return None;
        }
        let lengths: Box<dyn Iterator<Item = usize>> =
            if longest { Box::new((0..=chars.len()).rev()) } else { Box::new(0..=chars.len()) };
        for length in lengths {
            let at = if beginning { length } else { chars.len() - length };
            let (front, back) = (chars.get(..at)?, chars.get(at..)?);
            let (part, rest) = if beginning { (front, back) } else { (back, front) };
            if self.matches(part) {
                return Some(rest.iter().collect());
            }
        }
        Some(text.to_owned())
    }

    /// The text with what matches replaced; none where it is too long to be tried.
    pub(crate) fn replaced(&self, text: &str, with: &str, how: &str) -> Option<String> {
        let most = crate::limits::VALUE_BYTES;
        if let Some(literal) = self.literal() {
            if literal.is_empty() {
                return (how == "/" || how == "//").then(|| text.to_owned());
            }
            let count = if how == "//" { text.matches(&literal).count() } else { 1 };
            if text.len().saturating_add(count.saturating_mul(with.len())) > 2 * most {
                return None;
            }
            return Some(match how {
                "//" => text.replace(&literal, with),
                "/#" => {
                    text.strip_prefix(literal.as_str()).map_or_else(|| text.to_owned(), |rest| format!("{with}{rest}"))
                }
                "/%" => {
                    text.strip_suffix(literal.as_str()).map_or_else(|| text.to_owned(), |rest| format!("{rest}{with}"))
                }
                _ => text.replacen(&literal, with, 1),
            });
        }
        let chars: Vec<char> = text.chars().collect();
        if chars.len() > SEARCHED_CHARS || with.len() > PUT_BYTES || matches!(how, "/#" | "/%") {
            return None;
        }
        let mut result = String::new();
        let mut at = 0;
        let mut any = false;
        while at < chars.len() {
            let found = if any && how != "//" {
                None
            } else {
                (at + 1..=chars.len()).rev().find(|end| chars.get(at..*end).is_some_and(|part| self.matches(part)))
            };
            match found {
                Some(end) => {
                    any = true;
                    result.push_str(with);
                    at = end;
                }
                None => {
                    result.extend(chars.get(at));
                    at += 1;
                }
            }
        }
        Some(result)
    }
}
