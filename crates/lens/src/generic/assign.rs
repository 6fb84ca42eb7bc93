//! What stands between a name and its value, and where the value begins and ends.

use super::key::{Key, Kind};
use super::text::{before, begins, blanks, byte, cut, is_name, line};
use super::value::value;

/// How the name and the value are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Join {
    /// `=`, `:=`, `<-`, `?=`.
    Equals,
    /// `:`.
    Colon,
    /// `=>`.
    Arrow,
    /// `==`, `!=`, `.equals(…)`.
    Compare,
    /// `("password", "…")`.
    Comma,
    /// `setPassword("…")`.
    Call,
    /// `<password>…</password>`.
    Element,
    /// `name="password" value="…"`, or the same over two lines.
    Pair,
    /// `--password …`, `PASSWORD '…'`.
    Blank,
    /// `パスワードは「…」`.
    Prose,
}

/// What stands round a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quote {
    /// Nothing.
    None,
    /// `"`.
    Double,
    /// `'`.
    Single,
    /// `` ` ``.
    Back,
    /// `\"` or `\'`: text in a text.
    Escaped,
    /// `"""` or `'''`.
    Triple,
    /// `「」` and the like.
    Japanese,
}

/// What stands between a join and a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrap {
    /// Nothing, or a letter such as `b`, `@`.
    None,
    /// A letter that makes it a format: `f`, `$`.
    Format,
    /// A call that gives the text itself: `String::from(`, `Some(`.
    Text,
    /// A call that takes the text as a default: `getenv("…", "value")`.
    Default,
    /// Any other call.
    Call,
}

/// A value and how it is joined to its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assign {
    pub(super) join: Join,
    pub(super) quote: Quote,
    pub(super) wrap: Wrap,
    /// The name stands in quotes.
    pub(super) key_quoted: bool,
    /// A type stands between.
    pub(super) typed: bool,
    /// The value stands on a later line.
    pub(super) next_line: bool,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The byte after the value and its closing quote.
    pub(super) after: usize,
}

/// The longest value, in bytes.
pub(super) const VALUE_MAX_BYTES: usize = 200;
/// As many blanks may stand between a name and its value (aligned columns).
pub(super) const BLANKS_MAX: usize = 32;
/// Where the next token of a rest begins.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) typed: bool,
    pub(super) next_line: bool,
}

impl Cursor<'_> {
    fn step(&mut self, to: usize, join: Join) -> Option<Join> {
        self.at = to;
        Some(join)
    }
}

/// What stands after a name, if it is an assignment or its like.
pub(super) fn assign(text: &str, key: &Key) -> Option<Assign> {
    let mut at = key.end;
    let mut escaped = false;
    let mut key_quoted = false;
    if byte(text, at) == b'\\' && matches!(byte(text, at + 1), b'"' | b'\'') {
        (escaped, key_quoted, at) = (true, true, at + 2);
    } else if matches!(byte(text, at), b'"' | b'\'' | b'`') && opening_matches(text, key, byte(text, at)) {
        (key_quoted, at) = (true, at + 1);
    }
    // `["x"]`, `{"x"}`, `[32]`, `?`, `!`
    if byte(text, at) == b'[' {
        let digits = text.as_bytes().iter().skip(at + 1).take(6).take_while(|byte| byte.is_ascii_digit()).count();
        if byte(text, at + 1 + digits) != b']' {
            return None;
        }
        at += digits + 2;
    }
    while matches!(byte(text, at), b']' | b'}') && at < key.end + 6 {
        at += 1;
    }
    let mut cursor = Cursor { text, at, typed: false, next_line: false };
    let join = join(&mut cursor, key, key_quoted)?;
    value(cursor, key, join, key_quoted, escaped)
}

/// Whether the quote that closes a name also opens its text: `"db.password"`, but not `"enter the password"`.
fn opening_matches(text: &str, key: &Key, quote: u8) -> bool {
    before(text, key.start) == quote
        || key.start >= 2
            && matches!(before(text, key.start), b'-' | b'$' | b'@' | b':' | b'/' | b'_')
            && text.as_bytes().iter().take(key.start).rev().take(3).any(|&byte| byte == quote)
}

fn join(cursor: &mut Cursor<'_>, key: &Key, key_quoted: bool) -> Option<Join> {
    let text = cursor.text;
    let first = byte(text, cursor.at);
    let at = blanks(text, cursor.at, BLANKS_MAX);
    let (here, next) = (byte(text, at), byte(text, at + 1));
    match (here, next) {
        (b'=', b'=') => cursor.step(at + if byte(text, at + 2) == b'=' { 3 } else { 2 }, Join::Compare),
        (b'!', b'=') => cursor.step(at + if byte(text, at + 2) == b'=' { 3 } else { 2 }, Join::Compare),
        (b'=', b'>') => cursor.step(at + 2, Join::Arrow),
        (b'=', b'~') => None,
        (b'=', _) => cursor.step(at + 1, Join::Equals),
        (b':', b':') => None,
        (b':' | b'?' | b'+' | b'|', b'=') => cursor.step(at + 2, Join::Equals),
        (b'<', b'-') => cursor.step(at + 2, Join::Equals),
        (b'?' | b'!', b':') if at == cursor.at => {
            cursor.at = at + 2;
            Some(typed(cursor))
        }
        (b':', _) => {
            cursor.at = at + 1;
            Some(typed(cursor))
        }
        (b',', _) if key_quoted => pair(cursor, at + 1).or_else(|| {
            let argument = is_argument(text, key);
            argument.then(|| cursor.at = at + 1).map(|()| Join::Comma)
        }),
        (b'(', _) if asks(key) => None,
        (b'{', _) if !key_quoted && matches!(byte(text, blanks(text, at + 1, BLANKS_MAX)), b'"' | b'\'') => {
            cursor.step(at + 1, Join::Call)
        }
        (b'{', _) if key_quoted => block(cursor, at + 1),
        (b'(', _) if !key_quoted && first == b'(' => {
            cursor.step(at + 1, if compares(key) { Join::Compare } else { Join::Call })
        }
        (b'>', _) if first == b'>' && !matches!(before(text, key.start), b'/' | b'.' | b'>') => {
            cursor.step(at + 1, Join::Element)
        }
        _ => japanese(cursor).or_else(|| pair(cursor, cursor.at)).or_else(|| blank(cursor, key, key_quoted, at)),
    }
}

/// Whether the name in quotes is the first of its brackets: `("password", …)`, `{"password", …}`.
fn is_argument(text: &str, key: &Key) -> bool {
    let head = cut(text, line(text, key.start, key.end).0, key.start);
    let head = head.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '\\'));
    let head = head.strip_suffix(['"', '\'', '`']).unwrap_or(head).trim_end();
    head.ends_with(['(', '{']) || head.ends_with("_in")
}

fn compares(key: &Key) -> bool {
    key.tail.iter().any(|word| matches!(word.as_str(), "equals" | "equal" | "eq" | "compare" | "is"))
}

/// After a colon: `string = …` is a type and an equals sign.
fn typed(cursor: &mut Cursor<'_>) -> Join {
    let text = cursor.text;
    let start = blanks(text, cursor.at, BLANKS_MAX);
    if let Some(at) = type_then_equals(text, start) {
        cursor.at = at;
        cursor.typed = true;
        return Join::Equals;
    }
    Join::Colon
}

/// The place after `type =`, where such a thing stands at `start`.
fn type_then_equals(text: &str, start: usize) -> Option<usize> {
    let kind = |byte: u8| {
        is_name(byte)
            || matches!(byte, b'<' | b'>' | b'[' | b']' | b'&' | b'?' | b'|' | b'.' | b'*' | b'\'' | b' ' | b':')
    };
    let length = text.as_bytes().iter().skip(start).take(48).take_while(|&&byte| kind(byte)).count();
    let at = start + length;
    let typed = length > 0
        && byte(text, at) == b'='
        && !matches!(byte(text, at + 1), b'=' | b'>')
        && (byte(text, start).is_ascii_alphabetic() || matches!(byte(text, start), b'&' | b'*' | b'[' | b'?'));
    typed.then_some(at + 1)
}

/// `name="password" value="…"`, `- name: PASSWORD` and `value: …` on the next line.
fn pair(cursor: &mut Cursor<'_>, from: usize) -> Option<Join> {
    const GAP_MAX_BYTES: usize = 48;
    let text = cursor.text;
    let mut at = from;
    while at < from + GAP_MAX_BYTES && matches!(byte(text, at), b' ' | b'\t' | b'\r' | b'\n') {
        at += 1;
    }
    let next_line = cut(text, from, at).contains('\n');
    let quoted = matches!(byte(text, at), b'"' | b'\'');
    at += usize::from(quoted);
    let word = ["value", "val", "default", "secret", "content"].iter().find(|word| begins(text, at, word))?;
    at += word.len();
    if quoted {
        if !matches!(byte(text, at), b'"' | b'\'') {
            return None;
        }
        at += 1;
    }
    at = blanks(text, at, BLANKS_MAX);
    if !matches!(byte(text, at), b'=' | b':') || byte(text, at + 1) == b'=' {
        return None;
    }
    cursor.at = at + 1;
    cursor.next_line = next_line;
    Some(Join::Pair)
}

/// `variable "password" {` … `default = "…"`.
fn block(cursor: &mut Cursor<'_>, from: usize) -> Option<Join> {
    const BLOCK_MAX_BYTES: usize = 140;
    let text = cursor.text;
    let rest = text.as_bytes().get(from..)?;
    let inner = rest.iter().take(BLOCK_MAX_BYTES).take_while(|&&byte| byte != b'}').count();
    let word = rest.windows(8).take(inner).position(|part| part == b"default " || part == b"default=")?;
    let at = blanks(text, from + word + "default".len(), BLANKS_MAX);
    cursor.next_line = true;
    (byte(text, at) == b'=').then_some(at + 1).and_then(|at| cursor.step(at, Join::Pair))
}

fn japanese(cursor: &mut Cursor<'_>) -> Option<Join> {
    let rest = cursor.text.get(cursor.at..)?;
    let joins = ["は、", "は", "：", "＝", "が", "を", "に", "・・・", "…"];
    let rest = rest.trim_start_matches([' ', '　']);
    let gap = cursor.text.len() - cursor.at - rest.len();
    if let Some(join) = joins.iter().find(|join| rest.starts_with(**join)) {
        cursor.at += gap + join.len();
        return Some(Join::Prose);
    }
    if rest.starts_with(['「', '『', '【']) {
        cursor.at += gap;
        return Some(Join::Prose);
    }
    None
}

/// `--password x`, `PASSWORD 'x'`, `ENV PASSWORD x`, `var password string = "x"`.
fn blank(cursor: &mut Cursor<'_>, key: &Key, key_quoted: bool, at: usize) -> Option<Join> {
    let text = cursor.text;
    if at == cursor.at || key_quoted {
        return None;
    }
    if matches!(byte(text, at), b'"' | b'\'') || byte(text, at) == b'@' && byte(text, at + 1) == b'"' {
        cursor.at = at;
        return Some(Join::Blank);
    }
    if !byte(text, at).is_ascii_graphic() {
        return None;
    }
    let head = cut(text, line(text, key.start, key.end).0, key.start);
    let flag = before(text, key.start) == b'-' && matches!(before(text, key.start - 1), b'-' | b' ');
    let word = head.trim_end().rsplit([' ', '\t']).next().unwrap_or_default();
    let listed = ["ENV", "ARG", "login", "setenv"].contains(&word)
        || head.contains("machine ")
        || begins(text, key.start, "identified by");
    // `password …` alone on its line: netrc and its like, not the beginning of a sentence.
    let rest = cut(text, at, line(text, at, at).1).trim();
    let bare = !rest.contains([' ', '\t']) && (!head.is_empty() || rest.bytes().any(|byte| byte.is_ascii_digit()));
    let alone = head.trim().is_empty() && key.kind == Kind::Password && bare;
    if let Some(after) = type_then_equals(text, at).filter(|_| !flag) {
        cursor.at = after;
        cursor.typed = true;
        return Some(Join::Equals);
    }
    if flag || listed || alone {
        cursor.at = at;
        return Some(Join::Blank);
    }
    None
}

/// Calls that ask for a credential by a name, or do something with one.
fn asks(key: &Key) -> bool {
    let verbs = [
        "get", "fetch", "read", "load", "find", "validate", "check", "verify", "generate", "create", "has", "is",
        "require", "delete", "lookup", "retrieve", "query", "remove", "revoke",
    ];
    key.head.iter().any(|word| verbs.contains(&word.as_str()))
}
