//! What the model is told of a candidate: numbers only.

use super::Candidate;
use super::assign::{Join, Quote, Wrap};
use super::lists;
use super::model::Language;
use super::text::{before, byte, cut, line, words};

/// How many numbers there are.
pub const FEATURES: usize = 113;

/// Appends numbers in a fixed order.
struct Row {
    row: [f32; FEATURES],
    len: usize,
}

impl Row {
    fn push(&mut self, number: f32) {
        if let Some(place) = self.row.get_mut(self.len) {
            *place = number;
        }
        self.len += 1;
    }

    fn flag(&mut self, flag: bool) {
        self.push(f32::from(u8::from(flag)));
    }

    fn count(&mut self, count: usize) {
        self.push(f32::from(u16::try_from(count).unwrap_or(u16::MAX)));
    }

    fn share(&mut self, part: usize, whole: usize) {
        let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
        self.push(if whole == 0 { 0.0 } else { number(part) / number(whole) });
    }
}

/// The numbers of a candidate in its window.
pub(super) fn features(text: &str, candidate: &Candidate, language: &Language) -> [f32; FEATURES] {
    all(text, candidate, language).row
}

/// How many numbers are written.
#[cfg(test)]
pub(super) fn count(text: &str, candidate: &Candidate) -> usize {
    all(text, candidate, &Language::default()).len
}

fn all(text: &str, candidate: &Candidate, language: &Language) -> Row {
    let mut row = Row { row: [0.0; FEATURES], len: 0 };
    let value = cut(text, candidate.assign.start, candidate.assign.end);
    name(&mut row, text, candidate);
    join(&mut row, text, candidate);
    let parts = words(value);
    letters(&mut row, value);
    shape(&mut row, value);
    meaning(&mut row, value, &parts, candidate, language);
    surroundings(&mut row, text, candidate, value);
    row
}

fn name(row: &mut Row, text: &str, candidate: &Candidate) {
    let key = &candidate.key;
    let whole = cut(text, key.start, key.end);
    let count = |words: &[String], list: &[&str]| words.iter().filter(|word| list.contains(&word.as_str())).count();
    row.push(f32::from(candidate.kind() as u8));
    row.count(key.head.len());
    row.count(key.tail.len());
    row.count(count(&key.tail, lists::TAIL_OTHER));
    let plain =
        |word: &&String| word.bytes().all(|byte| byte.is_ascii_digit()) || lists::TAIL_SAME.contains(&word.as_str());
    row.count(key.tail.iter().filter(|word| !plain(word)).count());
    row.count(count(&key.head, lists::HEAD_OTHER));
    row.count(count(&key.head, lists::HEAD_OWNER));
    row.count(count(&key.head, lists::HEAD_VERB));
    row.flag(key.head.iter().any(|word| matches!(word.as_str(), "set" | "with" | "use")));
    row.flag(key.noun.ends_with('s') && !key.noun.ends_with("ss") && !key.noun.ends_with("pass"));
    row.count(whole.len());
    row.flag(whole.bytes().all(|byte| !byte.is_ascii_lowercase()));
    row.flag(whole.bytes().all(|byte| !byte.is_ascii_uppercase()));
    row.flag(
        whole.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
            && whole.bytes().any(|byte| byte.is_ascii_lowercase()),
    );
    row.flag(whole.contains('.'));
    row.flag(whole.contains('-'));
    row.flag(whole.contains('_'));
    let any = |list: &[&str]| key.head.iter().chain(&key.tail).any(|word| list.contains(&word.as_str()));
    row.flag(any(&[
        "public",
        "pub",
        "publishable",
        "primary",
        "foreign",
        "cache",
        "sort",
        "partition",
        "map",
        "routing",
        "index",
        "unique",
        "object",
        "row",
        "storage",
        "translation",
        "i18n",
    ]));
    row.flag(any(&["hash", "hashed", "digest", "sha", "md", "checksum", "encrypted", "fingerprint", "integrity"]));
    row.flag(any(&["test", "tests", "example", "dummy", "fake", "mock", "sample", "demo", "invalid", "wrong", "bad"]));
    row.flag(any(&[
        "api",
        "access",
        "private",
        "encryption",
        "signing",
        "auth",
        "client",
        "app",
        "account",
        "shared",
        "master",
        "license",
        "aws",
        "secret",
    ]));
    row.flag(matches!(key.noun.as_str(), "auth" | "key" | "keys" | "authorization" | "authentication"));
}

fn join(row: &mut Row, text: &str, candidate: &Candidate) {
    let assign = &candidate.assign;
    row.push(f32::from(assign.join as u8));
    row.push(f32::from(assign.quote as u8));
    row.push(f32::from(assign.wrap as u8));
    row.flag(assign.quote == Quote::None);
    row.flag(assign.key_quoted);
    row.flag(assign.typed);
    row.flag(assign.next_line);
    row.flag(matches!(byte(text, candidate.key.end), b' ' | b'\t'));
    let lead = assign.start.saturating_sub(usize::from(assign.quote != Quote::None));
    row.flag(matches!(before(text, lead), b' ' | b'\t'));
    row.flag(assign.join == Join::Colon && assign.quote == Quote::None);
    row.flag(assign.wrap == Wrap::Call);
}

fn letters(row: &mut Row, value: &str) {
    let bytes = value.as_bytes();
    let total = bytes.len();
    let count = |test: fn(&u8) -> bool| bytes.iter().filter(|byte| test(byte)).count();
    row.count(total);
    let mut seen = [0u16; 256];
    for &byte in bytes {
        if let Some(count) = seen.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    row.share(seen.iter().filter(|&&count| count > 0).count(), total);
    row.push(entropy(&seen, total));
    row.share(count(u8::is_ascii_lowercase), total);
    row.share(count(u8::is_ascii_uppercase), total);
    row.share(count(u8::is_ascii_digit), total);
    row.share(count(u8::is_ascii_punctuation), total);
    row.share(count(|byte| !byte.is_ascii()), total);
    row.count(count(|&byte| byte == b' '));
    for &sign in b"_.-/:$([{<%@=\\," {
        row.count(bytes.iter().filter(|&&byte| byte == sign).count());
    }
    let class = |byte: u8| (byte.is_ascii_lowercase(), byte.is_ascii_uppercase(), byte.is_ascii_digit());
    let turns = bytes.windows(2).filter(|two| matches!(two, [a, b] if class(*a) != class(*b))).count();
    row.share(turns, total);
    row.count(bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count());
    row.count(bytes.iter().take_while(|byte| byte.is_ascii_digit()).count());
    row.count(run(bytes));
}

/// Shannon's entropy in bits a byte.
fn entropy(seen: &[u16; 256], total: usize) -> f32 {
    let total = f32::from(u16::try_from(total.max(1)).unwrap_or(u16::MAX));
    let bits = seen.iter().filter(|&&count| count > 0).map(|&count| {
        let share = f32::from(count) / total;
        -share * share.log2()
    });
    bits.sum()
}

/// The longest run of the same byte or of bytes that follow each other.
fn run(bytes: &[u8]) -> usize {
    let (mut longest, mut same, mut next) = (1, 1, 1);
    for two in bytes.windows(2) {
        if let [a, b] = two {
            same = if a == b { same + 1 } else { 1 };
            next = if a.checked_add(1) == Some(*b) { next + 1 } else { 1 };
            longest = longest.max(same).max(next);
        }
    }
    longest
}

fn shape(row: &mut Row, value: &str) {
    let bytes = value.as_bytes();
    let hex = bytes.iter().all(u8::is_ascii_hexdigit);
    row.flag(hex);
    row.flag(hex && matches!(bytes.len(), 32 | 40 | 64 | 96 | 128));
    row.flag(bytes.len() == 36 && bytes.iter().filter(|&&byte| byte == b'-').count() == 4);
    row.flag(bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')));
    row.flag(value.ends_with('='));
    row.flag(value.contains("://"));
    row.flag(value.starts_with(['/', '.', '~']) || value.contains(":\\"));
    row.flag(value.contains('@') && value.rsplit('@').next().is_some_and(|host| host.contains('.')));
    row.flag(bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':' | b'_' | b'/' | b'x')));
    row.flag(bytes.iter().all(|&byte| super::text::is_name(byte)) && !bytes.first().is_some_and(u8::is_ascii_digit));
    row.flag(bytes.iter().all(|&byte| super::text::is_name(byte) || byte == b'.') && value.contains('.'));
    row.flag(bytes.iter().all(|&byte| byte.is_ascii_lowercase() || byte == b'-') && value.contains('-'));
    let mut rest = bytes.iter();
    row.flag(rest.next().is_some_and(u8::is_ascii_uppercase) && rest.all(|byte| byte.is_ascii_lowercase()));
    row.flag(bytes.iter().all(|&byte| byte.is_ascii_uppercase() || byte == b'_'));
    row.push(f32::from(bytes.first().map_or(0, |byte| if byte.is_ascii_alphanumeric() { 0 } else { *byte })));
    row.push(f32::from(bytes.last().map_or(0, |byte| if byte.is_ascii_alphanumeric() { 0 } else { *byte })));
}

fn meaning(row: &mut Row, value: &str, parts: &[String], candidate: &Candidate, language: &Language) {
    let rarity = language.rarity(value);
    row.push(rarity.mean);
    row.push(rarity.least);
    row.push(rarity.undone);
    let (covered, longest, known) = language.cover(parts);
    let alphabetic = value.bytes().filter(u8::is_ascii_alphabetic).count();
    row.share(covered, alphabetic);
    row.count(longest);
    row.count(known);
    row.count(parts.len());
    let same = |part: &&String| {
        part.len() > 2
            && (**part == candidate.key.noun || candidate.key.head.contains(part) || candidate.key.tail.contains(part))
    };
    row.share(parts.iter().filter(same).count(), parts.len());
    row.flag(parts.iter().any(|part| super::key::kind(part, None).is_some()));
    let one = |list: &[&str]| parts.iter().filter(|part| list.contains(&part.as_str())).count();
    row.count(one(lists::PLACEHOLDER));
    row.flag(lists::TYPES.iter().any(|word| value.eq_ignore_ascii_case(word)));
    let stripped: String =
        value.bytes().filter(u8::is_ascii_alphabetic).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    row.flag(lists::WEAK.contains(&stripped.as_str()) || lists::WEAK.contains(&value.to_ascii_lowercase().as_str()));
    row.flag(
        value.contains("%s")
            || value.contains("{}")
            || value.contains("{0}")
            || value.contains("%d")
            || value.contains("${")
            || value.contains("#{")
            || value.contains("{{"),
    );
    row.flag(language.known(&stripped));
    row.count(parts.iter().filter(|part| part.len() == 1).count());
}

fn surroundings(row: &mut Row, text: &str, candidate: &Candidate, value: &str) {
    let (start, end) = line(text, candidate.key.start, candidate.assign.end);
    let head = cut(text, start, candidate.key.start);
    let tail = cut(text, candidate.assign.after, end).trim();
    let whole = cut(text, start, end);
    let lead = head.trim_start();
    row.flag(
        ["//", "#", "*", "--", "/*", "<!--", ";", "rem "]
            .iter()
            .any(|mark| lead.starts_with(mark) && !lead.starts_with("---")),
    );
    row.count(head.len() - lead.len());
    let last = head.trim_end().rsplit([' ', '\t', '(']).next().unwrap_or_default();
    row.flag(matches!(
        last,
        "const"
            | "let"
            | "var"
            | "val"
            | "final"
            | "static"
            | "String"
            | "def"
            | "private"
            | "public"
            | "string"
            | "my"
            | "char"
            | "auto"
    ));
    row.push(f32::from(match before(text, candidate.key.start) {
        byte if byte.is_ascii_alphanumeric() => 1,
        byte => byte,
    }));
    row.flag(lead.is_empty() || lead.trim_matches(['"', '\'', '-', ' ']).is_empty());
    row.push(f32::from(tail.bytes().next().unwrap_or(0)));
    row.flag(tail.len() > 2);
    row.flag(whole.trim_end().ends_with(';'));
    let small =
        (head.to_ascii_lowercase(), tail.to_ascii_lowercase(), whole.to_ascii_lowercase(), text.to_ascii_lowercase());
    let (head, tail, whole, window) = (small.0.as_str(), small.1.as_str(), small.2.as_str(), small.3.as_str());
    let any = |text: &str, list: &[&str]| list.iter().filter(|word| text.contains(**word)).count();
    row.count(any(head, lists::NEAR_CODE) + any(tail, lists::NEAR_CODE));
    row.count(any(whole, lists::NEAR_LABEL));
    row.count(any(head, lists::NEAR_TEST));
    row.count(any(window, lists::NEAR_LOGIN));
    row.count(any(window, lists::NEAR_FORM));
    row.flag(any(head, &["hash", "sha", "integrity", "checksum", "digest"]) > 0);
    row.share(text.bytes().filter(|byte| !byte.is_ascii()).count(), text.len());
    row.flag(tail.starts_with(['+', '.', '%', '|', '?']) || tail.starts_with("||"));
    row.flag(whole.contains('<') && whole.contains('>'));
    row.flag(whole.trim_end().ends_with(['{', '(', ':']));
    let other = text.lines().filter(|line| line.trim_end().ends_with(';') || line.trim_end().ends_with('{')).count();
    row.count(other);
    row.count(value.split(' ').filter(|word| word.len() > 1).count());
    row.flag(head.contains("import ") || head.contains("return ") || head.contains("print") || head.contains("throw"));
}
