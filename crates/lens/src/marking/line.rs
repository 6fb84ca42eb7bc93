//! Whether a line is marked, and with what.

use std::ops::Range;

use crate::rule::{Confidence, Found, Window};

use super::words::{Family, KEYS, Strength, WORDS};

/// A longer line is prose; only a bracket at its start is looked at.
const LINE_MAX_CHARS: usize = 120;
/// How much of a longer line is looked at, in bytes.
const HEAD_MAX_BYTES: usize = 120;
/// The longest title beside a marking, in characters.
const TITLE_MAX_CHARS: usize = 60;
/// The most words of one marking.
const PARTS_MAX: usize = 8;
/// Brackets that set a marking off.
const BRACKETS: [(char, char); 9] = [
    ('【', '】'),
    ('[', ']'),
    ('(', ')'),
    ('<', '>'),
    ('〔', '〕'),
    ('≪', '≫'),
    ('《', '》'),
    ('〈', '〉'),
    ('{', '}'),
];
/// What decorates a line that is nothing but a marking.
const DECORATION: &str = "-–—―─━*=~_/\\|<>《》〈〉【】[](){}■□◆◇★☆※●○◎▲△▼▽!·•.+§≪≫〔〕\"'` \t\u{a0}\u{3000}";
/// What stands between the words of one marking.
const BETWEEN: &str = "-–—―/|・,、;&+()[]【】〔〕<> \t\u{a0}\u{3000}";

/// A word found in a piece of text.
struct Part {
    family: Family,
    strength: Strength,
    range: Range<usize>,
}

/// Adds the family's markings of the line in which one of its words stands.
pub(super) fn find(window: &Window<'_>, family: Family, found: &mut Vec<Found>) {
    let before = window.text.get(..window.at).unwrap_or_default();
    let start = match before.rfind(['\n', '\r']) {
        Some(end) => end + 1,
        None if window.starts => 0,
        // A line that began farther away is prose.
        None => return,
    };
    let text = window.text.get(start..).unwrap_or_default();
    let end = text.find(['\n', '\r']);
    let line = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let complete = end.is_some() || window.ends;
    // A long line is looked at where it begins.
    let head = line.get(..line.floor_char_boundary(HEAD_MAX_BYTES)).unwrap_or_default();
    let line = if complete && line.chars().count() <= LINE_MAX_CHARS { line } else { head };
    let short = complete && line.len() >= end.unwrap_or(text.len());
    let parts = bracket_first(line).or_else(|| {
        short
            .then(|| {
                whole(line)
                    .or_else(|| property(line))
                    .or_else(|| bracket_last(line))
                    .or_else(|| column(line))
                    .or_else(|| statement(line))
            })
            .flatten()
    });
    for part in parts.unwrap_or_default() {
        if part.family == family {
            let range = part.range.start + start..part.range.end + start;
            let confidence = if part.strength == Strength::Weak { Confidence::Likely } else { Confidence::Certain };
            found.push(Found { span: range.clone(), value: range, confidence });
        }
    }
}

/// The piece as a sequence of words of markings and nothing else; positions are those of the line.
fn parts(line: &str, range: Range<usize>, loose: bool) -> Option<Vec<Part>> {
    let mut at = range.start;
    let mut parts = Vec::new();
    while at < range.end {
        let rest = line.get(at..range.end)?;
        let next = rest.chars().next()?;
        let word = WORDS
            .iter()
            .filter(|(word, _, strength)| begins(rest, word, *strength, loose))
            .max_by_key(|(word, ..)| word.len());
        if let Some(&(word, family, strength)) = word {
            parts.push(Part { family, strength, range: at..at + word.len() });
            at += word.len();
        } else if BETWEEN.contains(next) {
            at += next.len_utf8();
        } else {
            return None;
        }
        if parts.len() > PARTS_MAX {
            return None;
        }
    }
    parts.iter().any(|part| part.family != Family::Companion).then_some(parts)
}

/// Whether the text begins with the word, alone. Loose: a property's value may be in any case.
fn begins(text: &str, word: &str, strength: Strength, loose: bool) -> bool {
    let Some(head) = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)) else { return false };
    let alone = !word.ends_with(|last: char| last.is_ascii_alphanumeric())
        || !text
            .get(word.len()..)
            .unwrap_or_default()
            .starts_with(|next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '\''));
    let fits = match strength {
        _ if loose => true,
        Strength::Latin => {
            head == word
                || head
                    .split([' ', '-'])
                    .filter(|part| part.len() > 3)
                    .all(|part| part.starts_with(|first: char| first.is_ascii_uppercase()))
        }
        Strength::Capitals => head == word,
        Strength::Strong | Strength::Weak => true,
    };
    alone && fits
}

fn trimmed(line: &str, range: Range<usize>, signs: &str) -> Range<usize> {
    let text = line.get(range.clone()).unwrap_or_default();
    let left = text.trim_start_matches(|character| signs.contains(character));
    let start = range.start + text.len() - left.len();
    start..start + left.trim_end_matches(|character| signs.contains(character)).len()
}

/// Whether the line is an item of a list, a heading or a row of a table: there a word names a class, it marks nothing.
fn is_listed(line: &str) -> bool {
    let text = line.trim();
    let bullet = begins_with(text, &["・", "* ", "+ ", "# ", "## ", "###", "> ", "• ", "○ ", "●", "□ ", "✓", "-\t"]);
    let dash = text.starts_with("- ") && !text.trim_end().ends_with('-');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && text.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')', '、', '．']));
    let row = text.len() > 1 && text.starts_with('|') && text.ends_with('|');
    bullet || dash || numbered || row
}

/// Whether the text begins with one of the words.
fn begins_with(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.starts_with(word))
}

/// The whole line, without its decoration.
fn whole(line: &str) -> Option<Vec<Part>> {
    let range = trimmed(line, 0..line.len(), DECORATION);
    let text = line.get(range.clone())?;
    // Markup and code decorate too.
    let markup = line.trim().starts_with("</")
        || line.contains("*/")
        || line.trim_start().starts_with("//") && !line.contains("TLP");
    let listed = is_listed(line) || markup || (is_quoted(line) && text.len() < 12);
    (!listed).then(|| parts(line, range, false)).flatten()
}

/// Whether the line is a word between quotes: a value in code or a word that is spoken of.
fn is_quoted(line: &str) -> bool {
    let text = line.trim().trim_end_matches([',', ';']);
    text.len() > 1 && ['"', '\'', '`'].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

/// A bracket that opens the line, as in `【社外秘】資料`.
fn bracket_first(line: &str) -> Option<Vec<Part>> {
    let begin = trimmed(line, 0..line.len(), "#*-■□◆◇★☆※●○> \t\u{3000}").start;
    let rest = line.get(begin..)?;
    let doubled = rest.get(..2).filter(|head| matches!(*head, "<<" | "[[")).map_or(0, |_| 1);
    let open = rest.chars().next()?;
    let (_, close) = BRACKETS.iter().find(|(known, _)| *known == open)?;
    let inner = begin + open.len_utf8() + doubled;
    let length = line.get(inner..)?.find(*close)?;
    if length > 60 {
        return None;
    }
    let behind = line.get(inner + length + close.len_utf8()..)?.trim_start_matches([' ', '\u{3000}', '>', ']']);
    let sentence = ["は", "が", "を", "と", "の", "に", "も", "で", "や", "か", "という", "とは", "です", "、"];
    let spoken = begins_with(behind, &sentence);
    let link = open == '[' && behind.starts_with(['(', ':']) || (open == '(' && behind.contains('。'));
    let listed = open == '(' && is_listed(line);
    (!spoken && !link && !listed).then(|| parts(line, inner..inner + length, false)).flatten()
}

/// A bracket that closes the line, as in `資料（取扱注意）`.
fn bracket_last(line: &str) -> Option<Vec<Part>> {
    let text = line.trim_end();
    let close = text.chars().next_back()?;
    let (open, _) = BRACKETS.iter().find(|(_, known)| *known == close)?;
    let end = text.len() - close.len_utf8();
    let start = text.get(..end)?.rfind(*open)? + open.len_utf8();
    let title = text.get(..start)?;
    let prose =
        title.contains(['。', '、', '?', '=', '"', '`']) || title.chars().count() > TITLE_MAX_CHARS || is_listed(line);
    let code = title.is_ascii()
        && title.trim_end_matches(*open).ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
    (!prose && !code).then(|| parts(line, start..end, false)).flatten()
}

/// A column beside a title: `秘 | 第3回会議資料`, `Confidential © 2026 Foo`, `第3回資料 社外秘`.
fn column(line: &str) -> Option<Vec<Part>> {
    if is_listed(line) || line.contains(['。', '?', '？']) || line.chars().count() > TITLE_MAX_CHARS + 20 {
        return None;
    }
    let text = trimmed(line, 0..line.len(), " \t\u{3000}");
    for (at, sign) in line.get(text.clone())?.char_indices() {
        let at = text.start + at;
        let strong = matches!(sign, '|' | '│' | '©' | '\t' | '–' | '—' | '―' | '/' | '■')
            || (sign == '-' && is_spaced(line, at));
        if !strong && sign != ' ' {
            continue;
        }
        let left = trimmed(line, text.start..at, DECORATION);
        let right = trimmed(line, at + sign.len_utf8()..text.end, DECORATION);
        for (piece, other, first) in [(left.clone(), right.clone(), true), (right, left, false)] {
            let Some(found) = parts(line, piece, false) else { continue };
            let other = line.get(other).unwrap_or_default();
            if stands_beside(&found, strong, other, first) {
                return Some(found);
            }
        }
    }
    None
}

fn is_spaced(line: &str, at: usize) -> bool {
    line.get(..at).is_some_and(|head| head.ends_with(' '))
        && line.get(at + 1..).is_some_and(|rest| rest.starts_with(' '))
}

/// Whether the other piece of a line is a title, a page number or a notice, not a sentence.
fn stands_beside(parts: &[Part], strong: bool, other: &str, first: bool) -> bool {
    let lower = other.to_ascii_lowercase();
    let notice = other.contains('©')
        || lower.contains("(c)")
        || lower.contains("copyright")
        || lower.contains("page")
        || lower.contains("inc.")
        || lower.contains("ltd");
    let number =
        !other.is_empty() && other.chars().all(|character| character.is_ascii_digit() || "/-. ".contains(character));
    // Words that go on as a sentence: `社外秘 の資料`, `この文書は 社外秘`.
    let hiragana = |character: char| matches!(character, '\u{3041}'..='\u{3096}');
    let sentence = if first { other.starts_with(hiragana_head) } else { other.ends_with(hiragana) };
    let weakest = parts.iter().map(|part| part.strength).any(|strength| matches!(strength, Strength::Weak));
    let latin = parts.iter().any(|part| matches!(part.strength, Strength::Latin | Strength::Capitals));
    if notice || number {
        return !weakest || strong || number;
    }
    if other.is_empty() || sentence {
        return false;
    }
    // `Confidential - what it means` is spoken of; capitals are a mark.
    let words = other.split_ascii_whitespace().count();
    strong && (!latin || words <= 8) || (!weakest && !latin && words <= 4)
}

fn hiragana_head(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{3096}')
}

/// The value of a property: `取扱:関係者限り`, `Classification: Confidential`.
fn property(line: &str) -> Option<Vec<Part>> {
    let split = line.find([':', '='])?;
    let key = line
        .get(..split)?
        .trim_matches(|character: char| "\"'` \t\u{3000}-*#<>【】[]・,{".contains(character))
        .to_ascii_lowercase();
    if !KEYS.contains(&key.as_str()) {
        return None;
    }
    let value = trimmed(line, split + 1..line.len(), DECORATION);
    let value = trimmed(line, value, ",;。");
    let value = trimmed(line, value, DECORATION);
    // A grade alone is the value of its own key.
    if matches!(key.as_str(), "status" | "category" | "label" | "subject" | "件名" | "keywords" | "分類" | "区分")
    {
        let title = trimmed(line, split + 1..line.len(), " \t\u{3000}\"',");
        return bracket_first(line.get(title.clone())?)
            .map(|parts| shifted(parts, title.start))
            .or_else(|| parts(line, value, false));
    }
    parts(line, value, true)
}

fn shifted(mut parts: Vec<Part>, by: usize) -> Vec<Part> {
    parts.iter_mut().for_each(|part| part.range = part.range.start + by..part.range.end + by);
    parts
}

/// A document that says so of itself: `本資料は社外秘です。`, `This document is confidential.`
fn statement(line: &str) -> Option<Vec<Part>> {
    const SUBJECTS: [&str; 16] = [
        "本資料は",
        "本書は",
        "本文書は",
        "この資料は",
        "この文書は",
        "本メールは",
        "このメールは",
        "本ファイルは",
        "本書類は",
        "本報告書は",
        "This document is ",
        "This email is ",
        "This message is ",
        "This file is ",
        "This report is ",
        "本スライドは",
    ];
    const ENDS: [&str; 13] = [
        "です",
        "とします",
        "である",
        "扱い",
        "につき",
        "となります",
        "。",
        ".",
        "に指定",
        "として",
        "とする",
        " and ",
        "、",
    ];
    let text = line.trim_start();
    let start = line.len() - text.len();
    let subject = SUBJECTS.iter().find(|subject| text.starts_with(**subject))?;
    let begin = start
        + subject.len()
        + text
            .get(subject.len()..)?
            .chars()
            .take_while(|character| "「『、 ".contains(*character))
            .map(char::len_utf8)
            .sum::<usize>();
    let rest = line.get(begin..)?;
    let (word, family, strength) = WORDS
        .iter()
        .filter(|(word, _, strength)| begins(rest, word, *strength, true))
        .max_by_key(|(word, ..)| word.len())?;
    let behind = rest.get(word.len()..)?.trim_start_matches(['」', '』']);
    let ends = behind.is_empty() || begins_with(behind, &ENDS);
    ends.then(|| vec![Part { family: *family, strength: *strength, range: begin..begin + word.len() }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let window = Window { text: line, at: 0, starts: true, ends: true };
        let mut found = Vec::new();
        for (_, family, _) in WORDS {
            if *family != Family::Companion {
                find(&window, *family, &mut found);
            }
        }
        let mut words: Vec<(usize, &str)> =
            found.iter().map(|found| (found.value.start, line.get(found.value.clone()).unwrap_or_default())).collect();
        words.sort_unstable();
        words.dedup();
        let words: Vec<&str> = words.into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, expected, "{line}");
    }

    #[test]
    fn marked_lines() {
        for (line, words) in [
            ("極秘", &["極秘"][..]),
            ("  - 極秘 -", &["極秘"]),
            ("【社外秘】第3回会議資料", &["社外秘"]),
            ("# 【社外秘】設計書", &["社外秘"]),
            ("資料1(取扱注意)", &["取扱注意"]),
            ("<<CONFIDENTIAL>>", &["CONFIDENTIAL"]),
            ("TLP:AMBER+STRICT", &["TLP:AMBER+STRICT"]),
            ("Confidential © 2026 Foo Inc.", &["Confidential"]),
            ("© 2026 Foo Inc. CONFIDENTIAL", &["CONFIDENTIAL"]),
            ("秘 | 第3回会議資料", &["秘"]),
            ("取扱:関係者限り", &["関係者限り"]),
            ("Classification: Confidential", &["Confidential"]),
            ("\"classification\": \"internal use only\",", &["internal use only"]),
            ("CONFIDENTIAL - 社外秘", &["CONFIDENTIAL", "社外秘"]),
            ("機密性2情報", &["機密性2情報"]),
            ("機密性2・完全性2・可用性1", &["機密性2"]),
            ("本資料は社外秘です。", &["社外秘"]),
            ("社外秘 3/10", &["社外秘"]),
            ("件名:【社外秘】見積書の送付", &["社外秘"]),
            ("取扱注意 関係者限り", &["取扱注意", "関係者限り"]),
            ("TOP SECRET//NOFORN", &["TOP SECRET", "NOFORN"]),
            ("CUI", &["CUI"]),
            ("第3回資料 社外秘", &["社外秘"]),
        ] {
            check(line, words);
        }
    }

    #[test]
    fn prose_is_not_marked() {
        for line in [
            "社外秘とは何か",
            "社外秘の資料を共有しないでください",
            "confidential information means any information that",
            "## 社外秘",
            "・極秘",
            "1. 極秘",
            "- 社外秘",
            "| 極秘 | 漏えいした場合の影響が甚大なもの |",
            "社外秘: 社内のみで共有する情報",
            "【社外秘】は次のように扱います。",
            "極秘、秘、社外秘の3段階に分けます。",
            "この文書では社外秘の扱いを定めます。",
            "秘密を守る義務",
            "The secret is out.",
            "kind: Secret",
            "Confidential Computing",
            "secret",
            "[CONFIDENTIAL](https://example.jp/)",
            "match(SECRET)",
            "親展という語の意味",
            "機密性とは、認められた者だけがアクセスできることです。",
            "\"SECRET\",",
            "TLP:AMBER の情報は組織内でのみ共有できます。",
        ] {
            check(line, &[]);
        }
    }
}
