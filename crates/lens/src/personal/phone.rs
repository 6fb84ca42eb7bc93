//! Telephone numbers: every Japanese form, and international ones.

use crate::rule::{Confidence, Found, Window};

use super::labelled::is_hyphen;
use super::scan::{after, before, between, near, push};

/// The area codes, with the 0 before them.
static AREA_CODES: &str = include_str!("../../data/area_codes.txt");
const WORDS: [&str; 19] = [
    "電話",
    "でんわ",
    "tel",
    "phone",
    "fax",
    "ファックス",
    "ファクス",
    "携帯",
    "連絡先",
    "mobile",
    "cell",
    "call",
    "内線",
    "代表",
    "番号",
    "問い合わせ",
    "問合せ",
    "自宅",
    "緊急連絡",
];
/// The calling codes of ITU-T E.164, without 81.
const CALLING_CODES: &str = " 1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 82 84 86 90 91 92 93 \
94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 \
243 244 245 246 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 \
350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 423 \
500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 \
681 682 683 685 686 687 688 689 690 691 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968 970 971 972 \
973 974 975 976 977 992 993 994 995 996 998 ";

/// A number as it is written: groups of digits and what stands between them.
struct Written {
    start: usize,
    end: usize,
    groups: Vec<String>,
}

impl Written {
    fn digits(&self) -> String {
        self.groups.concat()
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(String::len).collect()
    }
}

/// Reads groups of digits from the trigger on, with an opening bracket or `+` before them.
fn written(window: &Window<'_>) -> Option<Written> {
    let (text, at) = (window.text, window.at);
    let mut start = at;
    let head = before(text, at);
    let opened = head.ends_with('(');
    if head.ends_with(['(', '+']) {
        start -= 1;
    }
    let previous = before(text, start).chars().next_back();
    let ascii = previous
        .is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '%' | '#' | '$'));
    // In full width the label touches the number: ＴＥＬ０３－….
    let ascii = ascii && !is_label(before(text, start));
    let dashed = previous.is_some_and(|character| is_hyphen(character) || matches!(character, '/' | '+')) && {
        let mut earlier = before(text, start).chars().rev().skip(1);
        earlier.next().is_some_and(|character| character.is_ascii_alphanumeric())
    };
    let spaced = previous == Some(' ')
        && before(text, start).trim_end_matches(' ').ends_with(|character: char| character.is_ascii_digit());
    if ascii && !head.ends_with('+')
        || dashed
        || (spaced && start == at && before(text, start).bytes().rev().skip(1).take(5).any(|byte| byte == b'+'))
    {
        return None;
    }
    let mut groups = vec![String::new()];
    let mut end = at;
    let mut gap = 0;
    // A bracket belongs to the number when it closes before the last digit.
    let (mut closed, mut bracket) = (!opened, false);
    for character in after(text, at).chars().take(40) {
        if character.is_ascii_digit() {
            closed |= bracket;
            if gap > 0 {
                groups.push(String::new());
                gap = 0;
            }
            groups.last_mut()?.push(character);
        } else if is_hyphen(character)
            || matches!(character, ' ' | '(' | ')' | '.' | '・' | '/' | '\u{a0}')
            || (character == '\u{306e}' && gap == 0)
        {
            gap += 1;
            bracket |= character == ')';
            if gap > 2 {
                break;
            }
            continue;
        } else {
            break;
        }
        end = at + offset_after(after(text, at), &groups)?;
        if groups.iter().map(String::len).sum::<usize>() > 15 || groups.len() > 6 {
            break;
        }
    }
    if !closed {
        start = at;
    }
    let next = after(text, end).chars().next();
    let joined = next.is_some_and(|character| character.is_ascii_alphanumeric() || character == '_')
        || (matches!(next, Some('.' | ':'))
            && after(text, end + 1).starts_with(|character: char| character.is_ascii_digit()));
    (!joined && (end < text.len() || window.ends)).then_some(Written { start, end, groups })
}

/// Whether the text ends with the label of a telephone or fax number, as a word of its own.
fn is_label(text: &str) -> bool {
    let word: String = text.chars().rev().take_while(char::is_ascii_alphanumeric).take(4).collect();
    matches!(word.to_ascii_lowercase().as_str(), "let" | "xaf")
}

/// The byte after the last digit of the groups.
fn offset_after(text: &str, groups: &[String]) -> Option<usize> {
    let count = groups.iter().map(String::len).sum::<usize>();
    text.char_indices()
        .filter(|(_, character)| character.is_ascii_digit())
        .nth(count.checked_sub(1)?)
        .map(|(at, _)| at + 1)
}

/// Japanese numbers, with +81 too.
pub(crate) fn jp_phone(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    let first = after(text, window.at).as_bytes();
    let international = first.starts_with(b"81") && before(text, window.at).ends_with('+');
    if !international && !first.starts_with(b"0") {
        return;
    }
    let Some(mut written) = written(window) else { return };
    if international || written.groups.first().is_some_and(|group| group == "0081") {
        national(&mut written.groups);
    }
    // A group too many at the end belongs to what follows (an extension, a date).
    let Some(kind) = (0..3).find_map(|dropped| {
        let groups = written.groups.get(..written.groups.len().saturating_sub(dropped))?;
        let shorter = Written { start: written.start, end: written.end, groups: groups.to_vec() };
        kind(&shorter).map(|kind| (kind, dropped))
    }) else {
        return;
    };
    if kind.1 > 0 {
        let kept = written.groups.len() - kind.1;
        let lost: usize = written.groups.iter().skip(kept).map(String::len).sum();
        let Some(end) = end_without(text, &written, lost) else { return };
        written.end = end;
    }
    let confidence = match kind.0 {
        Kind::Grouped => Confidence::Likely,
        _ if international => Confidence::Likely,
        Kind::Mobile => Confidence::Likely,
        Kind::Plain if near(text, written.start, written.end, &WORDS, 60, 30) => Confidence::Likely,
        Kind::Plain => Confidence::Possible,
    };
    push(found, written.start, written.end, confidence);
}

/// The end of the number when its last digits do not belong to it.
fn end_without(text: &str, written: &Written, lost: usize) -> Option<usize> {
    let span = between(text, written.start, written.end);
    let count = span.bytes().filter(u8::is_ascii_digit).count();
    let keep = count.checked_sub(lost)?.checked_sub(1)?;
    span.char_indices()
        .filter(|(_, character)| character.is_ascii_digit())
        .nth(keep)
        .map(|(at, _)| written.start + at + 1)
}

/// `+81 90 …` and `+81 (0)90 …` as they are dialled within Japan.
fn national(groups: &mut Vec<String>) {
    let Some(first) = groups.first_mut() else { return };
    let rest = first.trim_start_matches("00").trim_start_matches("81").to_owned();
    *first = rest;
    if groups.first().is_some_and(String::is_empty) {
        groups.remove(0);
    }
    if groups.first().is_some_and(|group| group == "0") && groups.len() > 1 {
        groups.remove(0);
    }
    if let Some(first) = groups.first_mut().filter(|first| !first.starts_with('0')) {
        first.insert(0, '0');
    }
}

enum Kind {
    /// In groups that only a telephone number has.
    Grouped,
    /// Eleven digits of a mobile number, not in groups.
    Mobile,
    /// Ten digits that begin with an area code, not in groups.
    Plain,
}

fn kind(written: &Written) -> Option<Kind> {
    let digits = written.digits();
    if digits.bytes().skip(3).all(|byte| byte == b'0') {
        return None;
    }
    let lengths = written.lengths();
    let head = |length: usize| digits.get(..length).unwrap_or_default();
    let toll_free = head(4) == "0800" && lengths.first() == Some(&4);
    let mobile = digits.len() == 11 && !toll_free && matches!(head(3), "020" | "050" | "060" | "070" | "080" | "090");
    let free = (digits.len() == 10 && matches!(head(4), "0120" | "0570" | "0990"))
        || (digits.len() == 11 && head(4) == "0800");
    if mobile {
        return match lengths.as_slice() {
            [3, 4, 4] | [3, 8] | [7, 4] => Some(Kind::Grouped),
            [11] => Some(Kind::Mobile),
            _ => None,
        };
    }
    if free {
        return match lengths.as_slice() {
            [4, 3, 3] | [4, 3, 4] | [4, 2, 4] | [4, 6] | [4, 7] => Some(Kind::Grouped),
            [10 | 11] => Some(Kind::Plain),
            _ => None,
        };
    }
    if digits.len() != 10 || head(2) == "00" {
        return None;
    }
    let is_area = |code: &str| AREA_CODES.split_ascii_whitespace().any(|known| known == code);
    match lengths.as_slice() {
        [area, exchange, 4] if area + exchange == 6 => is_area(head(*area)).then_some(Kind::Grouped),
        [area, rest] if *rest >= 5 && area + rest == 10 && *area < 6 => is_area(head(*area)).then_some(Kind::Grouped),
        [6, 4] => (2..=5).any(|length| is_area(head(length))).then_some(Kind::Grouped),
        [10] => (2..=5).any(|length| is_area(head(length))).then_some(Kind::Plain),
        _ => None,
    }
}

/// Numbers of other countries: E.164, and North American groups where a word says so.
pub(crate) fn phone_international(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    let plus = before(text, window.at).ends_with('+');
    let first = after(text, window.at).as_bytes().first();
    if !plus && !matches!(first, Some(b'1'..=b'9')) {
        return;
    }
    let Some(written) = written(window) else { return };
    let digits = written.digits();
    if plus {
        let known =
            (1..=3).any(|length| digits.get(..length).is_some_and(|code| CALLING_CODES.contains(&format!(" {code} "))));
        if known && (8..=15).contains(&digits.len()) && !super::check::is_uniform(&digits) {
            push(found, written.start, written.end, Confidence::Likely);
        }
        return;
    }
    let american = matches!(written.lengths().as_slice(), [3, 3, 4] | [1, 3, 3, 4])
        && (digits.len() == 10 || digits.starts_with('1'));
    let ten = digits.get(digits.len().saturating_sub(10)..).unwrap_or_default();
    let assigned = [0, 3].iter().all(|at| ten.get(*at..).is_some_and(|group| !group.starts_with(['0', '1'])));
    if american && assigned && near(text, written.start, written.end, &WORDS, 40, 20) {
        push(found, written.start, written.end, Confidence::Likely);
    }
}
