//! What stands between a name and its value, and where the value begins and ends.

use super::key::{Key, Kind};
use super::text::{before, begins, blanks, byte, cut, is_name, line};

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
#[derive(Debug, Clone)]
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
const BLANKS_MAX: usize = 32;
/// Calls that give the text which they take.
const TEXT_CALLS: [&str; 28] = [
    "from",
    "some",
    "string",
    "str",
    "bytes",
    "byte",
    "b",
    "text",
    "new",
    "quote",
    "optional",
    "of",
    "secretstring",
    "ok",
    "protectedstring",
    "getbytes",
    "encode",
    "tobytes",
    "from_str",
    "secretkeyspec",
    "b64decode",
    "frombase64string",
    "from_slice",
    "fromstring",
    "unhexlify",
    "fromhex",
    "decodestring",
    "decode",
];
/// Parts of calls that read something and take a default.
const DEFAULT_CALLS: [&str; 8] = ["env", "getstring", "getproperty", "default", "fetch", "config", "get", "option"];

/// Where the next token of a rest begins.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    typed: bool,
    next_line: bool,
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
    let alone = head.trim().is_empty();
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

fn value(mut cursor: Cursor<'_>, key: &Key, join: Join, key_quoted: bool, escaped: bool) -> Option<Assign> {
    let text = cursor.text;
    let mut at = blanks(text, cursor.at, BLANKS_MAX);
    if join == Join::Prose || !byte(text, at).is_ascii() {
        let rest = text.get(at..)?;
        at += rest.len() - rest.trim_start_matches([' ', '　']).len();
    }
    at = over_line(&mut cursor, at, join);
    if join == Join::Comma {
        let word = text.as_bytes().iter().skip(at).take(16).take_while(|byte| byte.is_ascii_lowercase()).count();
        if word > 0 && matches!(byte(text, at + word), b':' | b'=') {
            at = blanks(text, at + word + 1, BLANKS_MAX);
        }
    }
    if join == Join::Call && takes_user(key) {
        at = second(text, at)?;
    }
    let mut wrap = Wrap::None;
    if let Some((place, found)) = wrapped(text, at) {
        (at, wrap) = (place, found);
    }
    let base = Assign {
        join,
        quote: Quote::None,
        wrap,
        key_quoted,
        typed: cursor.typed,
        next_line: cursor.next_line,
        start: at,
        end: at,
        after: at,
    };
    let rest = text.get(at..)?;
    if let Some(close) = japanese_close(rest) {
        let start = at + 3;
        let end = start + text.get(start..)?.find(close)?;
        return sized_in(
            text,
            key,
            Assign { quote: Quote::Japanese, start, end, after: end + close.len_utf8(), ..base },
        );
    }
    match byte(text, at) {
        quote @ (b'"' | b'\'' | b'`') => quoted(text, key, at, quote, base),
        b'\\' if matches!(byte(text, at + 1), b'"' | b'\'') => {
            let quote = byte(text, at + 1);
            let start = at + 2;
            let length =
                text.as_bytes().get(start..)?.windows(2).take(VALUE_MAX_BYTES).position(|two| two == [b'\\', quote])?;
            sized_in(
                text,
                key,
                Assign { quote: Quote::Escaped, start, end: start + length, after: start + length + 2, ..base },
            )
        }
        _ if wrap != Wrap::None => None,
        // A call takes a literal; what else it takes is code.
        _ if matches!(join, Join::Call | Join::Compare | Join::Comma | Join::Arrow) => None,
        _ => plain(text, at, key, base, escaped),
    }
}

/// Calls whose first text is a user: `basic_auth("user", "…")`.
fn takes_user(key: &Key) -> bool {
    key.kind == Kind::Auth && key.tail.is_empty() || key.noun.contains("credential")
}

/// Calls that ask for a credential by a name, or do something with one.
fn asks(key: &Key) -> bool {
    let verbs = [
        "get", "fetch", "read", "load", "find", "validate", "check", "verify", "generate", "create", "has", "is",
        "require", "delete", "lookup", "retrieve", "query", "remove", "revoke",
    ];
    key.head.iter().any(|word| verbs.contains(&word.as_str()))
}

/// Where a value may begin on the next line: after `=`, `(`, or as a YAML block.
fn over_line(cursor: &mut Cursor<'_>, at: usize, join: Join) -> usize {
    let text = cursor.text;
    let block = join == Join::Colon && matches!(byte(text, at), b'|' | b'>');
    let mut next = at;
    if block || byte(text, at) == b'\\' {
        next += 1;
        while matches!(byte(text, next), b'-' | b'+') {
            next += 1;
        }
    }
    if byte(text, next) == b'\r' {
        next += 1;
    }
    if byte(text, next) != b'\n' {
        return at;
    }
    let mut there = next + 1;
    while there < next + 64 && matches!(byte(text, there), b' ' | b'\t') {
        there += 1;
    }
    let quote = matches!(byte(text, there), b'"' | b'\'' | b'`') && join != Join::Comma;
    if block && there > next + 1 || quote && !matches!(join, Join::Blank | Join::Prose) {
        cursor.next_line = true;
        return there;
    }
    at
}

/// Letters and calls before a quote: their end and what they are.
fn wrapped(text: &str, at: usize) -> Option<(usize, Wrap)> {
    const CALL_MAX_BYTES: usize = 60;
    if begins(text, at, "convertto-securestring ") {
        let from = blanks(text, at + "convertto-securestring ".len(), BLANKS_MAX);
        let from =
            if begins(text, from, "-string ") { blanks(text, from + "-string ".len(), BLANKS_MAX) } else { from };
        return matches!(byte(text, from), b'"' | b'\'').then_some((from, Wrap::Text));
    }
    let mut end = at;
    while end < at + CALL_MAX_BYTES
        && (is_name(byte(text, end))
            || matches!(byte(text, end), b'.' | b':' | b'@' | b'$' | b'&' | b'!' | b'[' | b']' | b' ' | b'(' | b'#'))
    {
        if matches!(byte(text, end), b' ') && !begins(text, at, "new ") {
            break;
        }
        end += 1;
    }
    if end == at || !matches!(byte(text, end), b'"' | b'\'' | b'`') {
        return None;
    }
    let head = cut(text, at, end);
    if !head.contains('(') {
        let short = head.len() <= 2;
        return match head {
            "f" | "F" | "$" | "rf" | "fr" | "$@" | "@$" => Some((end, Wrap::Format)),
            _ if short
                && head.bytes().all(|byte| {
                    matches!(byte, b'b' | b'r' | b'u' | b'B' | b'R' | b'U' | b'L' | b'@' | b'N' | b'&' | b'#')
                }) =>
            {
                Some((end, Wrap::None))
            }
            _ => None,
        };
    }
    let name = head
        .trim_end_matches(['(', ' '])
        .rsplit(['.', ':', ' ', ']', '('])
        .next()
        .unwrap_or_default()
        .trim_end_matches('!');
    let lower = name.to_ascii_lowercase();
    if TEXT_CALLS.contains(&lower.as_str()) || head.contains("[]byte(") || head == "(" {
        return Some((end, Wrap::Text));
    }
    if DEFAULT_CALLS.iter().any(|part| lower.contains(part)) {
        return second(text, end).map(|place| (place, Wrap::Default));
    }
    Some((end, Wrap::Call))
}

/// The second argument of a call whose first begins with the quote at `at`.
fn second(text: &str, at: usize) -> Option<usize> {
    let quote = byte(text, at);
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let length = text.as_bytes().get(at + 1..)?.iter().take(80).position(|&byte| byte == quote)?;
    let mut place = at + 1 + length + 1;
    while matches!(byte(text, place), b' ') {
        place += 1;
    }
    if byte(text, place) != b',' {
        return None;
    }
    place = blanks(text, place + 1, BLANKS_MAX);
    matches!(byte(text, place), b'"' | b'\'').then_some(place)
}

fn japanese_close(rest: &str) -> Option<char> {
    let pairs = [('「', '」'), ('『', '』'), ('【', '】'), ('“', '”'), ('（', '）')];
    let first = rest.chars().next()?;
    pairs.iter().find(|(open, _)| *open == first).map(|(_, close)| *close)
}

fn quoted(text: &str, key: &Key, at: usize, quote: u8, base: Assign) -> Option<Assign> {
    let triple = byte(text, at + 1) == quote && byte(text, at + 2) == quote;
    if triple {
        let start = at + 3;
        let length =
            text.as_bytes().get(start..)?.windows(3).take(VALUE_MAX_BYTES).position(|three| three == [quote; 3])?;
        return sized_in(
            text,
            key,
            Assign { quote: Quote::Triple, start, end: start + length, after: start + length + 3, ..base },
        );
    }
    let start = at + 1;
    let mut end = start;
    loop {
        let here = byte(text, end);
        if here == quote {
            break;
        }
        if here == 0 || here == b'\n' || end - start > VALUE_MAX_BYTES {
            return None;
        }
        end += if here == b'\\' && byte(text, end + 1) != b'\n' { 2 } else { 1 };
    }
    let kind = match quote {
        b'"' => Quote::Double,
        b'\'' => Quote::Single,
        _ => Quote::Back,
    };
    sized_in(text, key, Assign { quote: kind, start, end, after: end + 1, ..base })
}

/// A value without quotes.
fn plain(text: &str, at: usize, key: &Key, base: Assign, escaped: bool) -> Option<Assign> {
    let bytes = text.as_bytes().get(at..)?;
    let head = cut(text, line(text, key.start, key.end).0, key.start);
    let stop = |byte: u8| match base.join {
        Join::Element => byte == b'<',
        Join::Prose => !byte.is_ascii_graphic() || matches!(byte, b'"' | b',' | b'<' | b')'),
        _ => !byte.is_ascii_graphic() || matches!(byte, b'"' | b'\'' | b'`') && (escaped || base.join == Join::Colon),
    };
    let scheme = ["bearer ", "basic ", "token "]
        .iter()
        .find(|scheme| key.kind == Kind::Auth && begins(text, at, scheme))
        .map_or(0, |scheme| scheme.len());
    let mut length =
        scheme + bytes.iter().skip(scheme).take(VALUE_MAX_BYTES + 1).take_while(|&&byte| !stop(byte)).count();
    if length > VALUE_MAX_BYTES {
        return None;
    }
    if base.join == Join::Element {
        let value = cut(text, at, at + length);
        let lead = value.len() - value.trim_start().len();
        let start = at + lead;
        return sized_in(text, key, Assign { start, end: start + value.trim().len(), after: at + length, ..base });
    }
    // In the middle of a line (a query, a list, a connection string) a delimiter ends it.
    let alone = head
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '/' | '-' | '*' | '+' | '|'))
        .is_empty()
        || ["export ", "set ", "ENV ", "ARG ", "setenv ", "env "]
            .iter()
            .any(|word| head.trim_start().starts_with(word));
    if !alone || base.join == Join::Prose {
        let value = cut(text, at, at + length);
        length = value.find([';', '&', ',', '"', '\'', '<', '>', '`', '|']).unwrap_or(value.len());
    }
    let value = cut(text, at, at + length);
    let closers: &[char] = if alone { &[';', ','] } else { &[';', ',', ')', ']', '}', '.'] };
    let opens = value.contains(['(', '[', '{']);
    let trimmed = if opens { value.trim_end_matches([';', ',']) } else { value.trim_end_matches(closers) };
    let end = at + trimmed.len();
    sized_in(text, key, Assign { start: at, end, after: end, ..base })
}

/// What is short enough, and long enough; the scheme of an `Authorization` header is no part of it.
fn sized_in(text: &str, key: &Key, assign: Assign) -> Option<Assign> {
    const VALUE_MIN_BYTES: usize = 4;
    let mut assign = assign;
    for scheme in ["bearer ", "basic ", "token ", "apikey "] {
        if key.kind == Kind::Auth && begins(text, assign.start, scheme) && assign.start + scheme.len() < assign.end {
            assign.start += scheme.len();
        }
    }
    let length = assign.end.checked_sub(assign.start)?;
    (VALUE_MIN_BYTES..=VALUE_MAX_BYTES).contains(&length).then_some(assign)
}
