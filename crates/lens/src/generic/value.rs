//! Where the value begins and ends.

use super::assign::{Assign, BLANKS_MAX, Cursor, Join, Quote, VALUE_MAX_BYTES, Wrap};
use super::key::{Key, Kind};
use super::text::{begins, blanks, byte, cut, is_name, line};

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

/// Cuts the value out that begins at the cursor.
pub(super) fn value(mut cursor: Cursor<'_>, key: &Key, join: Join, key_quoted: bool, escaped: bool) -> Option<Assign> {
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
