//! Names of persons in Latin letters: romanised Japanese ones and English ones.

use crate::rule::{Confidence, Found, Window};

use super::dictionary;
use super::scan::{after, before, between, last_bytes, push};

/// The longest word that is a name, in bytes.
const WORD_MAX_BYTES: usize = 16;
/// The most pairs that one sentence is looked through for.
const NAMES_MAX: usize = 32;
const TITLES: [&str; 14] =
    ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Sir", "Dear", "Hi", "Hello", "Attn", "President"];
const LABELS: [&str; 22] = [
    "name",
    "from",
    "to",
    "cc",
    "by",
    "author",
    "contact",
    "attn",
    "signed",
    "regards",
    "sincerely",
    "employee",
    "customer",
    "patient",
    "owner",
    "assignee",
    "reporter",
    "manager",
    "cardholder",
    "holder",
    "氏名",
    "名前",
];
/// Words that begin with a capital and stand in the lists too, but name a month, a place or a thing in front of another.
const ORDINARY: [&str; 40] = [
    "may",
    "april",
    "june",
    "august",
    "will",
    "mark",
    "bill",
    "grant",
    "frank",
    "rose",
    "grace",
    "hope",
    "faith",
    "joy",
    "summer",
    "autumn",
    "dawn",
    "christian",
    "virginia",
    "carolina",
    "georgia",
    "dakota",
    "austin",
    "dallas",
    "houston",
    "jordan",
    "chase",
    "hunter",
    "forest",
    "page",
    "drew",
    "sandy",
    "misty",
    "stone",
    "bank",
    "long",
    "young",
    "best",
    "north",
    "west",
];

/// A word of Latin letters that begins with a capital.
struct Word<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

/// Pairs of given name and surname in the sentence of the trigger, in either order.
pub(crate) fn roman_person_name(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    let sentence = sentence_end(text, window.at);
    if !between(text, window.at, sentence).bytes().any(|byte| byte.is_ascii_uppercase()) {
        return;
    }
    let words = words(text, window.at, sentence);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let next = words.get(at).filter(|next| is_pair_gap(between(text, word.end, next.start)));
        if let Some(next) = next
            && let Some(confidence) = pair(text, word, next)
        {
            let middle = words
                .get(at + 1)
                .filter(|last| next.text.len() == 1 && is_pair_gap(between(text, next.end, last.start)));
            let end = middle.map_or(next.end, |last| last.end);
            push(found, word.start, end, confidence);
            at += 1 + usize::from(middle.is_some());
        } else if titled(text, word.start) && class(word.text, b"RLE") {
            push(found, word.start, word.end, Confidence::Likely);
        }
        if found.len() >= NAMES_MAX {
            return;
        }
    }
}

/// The end of the sentence: a line's end, or a stop that no initial or title makes.
fn sentence_end(text: &str, start: usize) -> usize {
    let rest = after(text, start);
    for (at, character) in rest.char_indices() {
        let short = || {
            let word: String = before(rest, at).chars().rev().take_while(char::is_ascii_alphabetic).collect();
            word.len() <= 1 || TITLES.iter().any(|title| title.chars().rev().eq(word.chars()))
        };
        let follows_space = || after(rest, at + 1).starts_with([' ', '\n']);
        match character {
            '\n' | '\r' | '。' => return start + at,
            '.' | '!' | '?' if follows_space() && !(character == '.' && short()) => return start + at,
            _ => {}
        }
    }
    text.len()
}

fn words(text: &str, start: usize, end: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = start;
    while at < end {
        let rest = between(text, at, end);
        let Some(offset) = rest.find(|character: char| character.is_ascii_uppercase()) else { break };
        let begin = at + offset;
        let length =
            between(text, begin, end).bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'\'').count();
        let word = between(text, begin, begin + length);
        at = begin + length.max(1);
        let free = |character: Option<char>| {
            !character.is_some_and(|character| {
                character.is_ascii_alphanumeric() || matches!(character, '_' | '@' | '/' | '-' | '.' | '#')
            })
        };
        let next = after(text, at).chars().next();
        let next = next.filter(|next| {
            *next != '.' || after(text, at + 1).starts_with(|following: char| following.is_ascii_alphanumeric())
        });
        let previous = before(text, begin).chars().next_back();
        if free(previous) && free(next) && length <= WORD_MAX_BYTES && (is_capitalised(word) || is_capitals(word)) {
            words.push(Word { start: begin, end: at, text: word });
        }
    }
    words
}

fn is_capitalised(word: &str) -> bool {
    word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase() || byte == b'\'')
}

fn is_capitals(word: &str) -> bool {
    word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether two words stand together as a name: a space, or the point of an initial and a space.
fn is_pair_gap(gap: &str) -> bool {
    matches!(gap, " " | ". " | ", " | "\u{3000}" | "\u{a0}")
}

fn class(word: &str, letters: &[u8]) -> bool {
    let plain = plain(word);
    let english = word.to_ascii_lowercase();
    letters.iter().any(|letter| dictionary::has(if matches!(letter, b'R' | b'N') { &plain } else { &english }, *letter))
}

/// Long vowels shortened, as the lists are.
fn plain(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let mut out = String::with_capacity(lower.len());
    let mut letters = lower.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter == 'o' {
            letters.next_if(|next| matches!(next, 'u' | 'o'));
            // `Ohno`, `Satoh`: an h that no vowel follows lengthens.
            let mut ahead = letters.clone();
            if ahead.next() == Some('h') && !ahead.next().is_some_and(|next| "aiueo".contains(next)) {
                letters.next();
            }
        } else if letter == 'u' {
            letters.next_if_eq(&'u');
        }
    }
    out
}

fn pair(text: &str, first: &Word<'_>, second: &Word<'_>) -> Option<Confidence> {
    let gap = between(text, first.end, second.start);
    let surname_first = class(first.text, b"R") && class(second.text, b"N");
    let given_first = class(first.text, b"N") && class(second.text, b"R");
    let context = titled(text, first.start) || labelled(text, first.start);
    // `Dear Ken Sato`: the title is no name.
    if TITLES.contains(&first.text) {
        return None;
    }
    let long = first.text.len() + second.text.len() > 6;
    if gap == ", " {
        return (context && (surname_first || class(first.text, b"L") && class(second.text, b"E")))
            .then_some(Confidence::Possible);
    }
    if (surname_first || given_first) && long {
        return Some(if context { Confidence::Likely } else { Confidence::Possible });
    }
    let ordinary = ORDINARY.contains(&first.text.to_ascii_lowercase().as_str())
        || ORDINARY.contains(&second.text.to_ascii_lowercase().as_str());
    let english = class(first.text, b"E") && (class(second.text, b"LR") || (second.text.len() == 1 && gap == " "));
    let mixed = class(first.text, b"EN") && class(second.text, b"LR");
    if (english || mixed) && (context || !ordinary) {
        return Some(if context { Confidence::Likely } else { Confidence::Possible });
    }
    // A surname that no list has, behind a title and a given name.
    (context && class(first.text, b"EN") && second.text.len() > 2 && !is_capitals(second.text))
        .then_some(Confidence::Possible)
}

/// Whether `Mr.` or the like stands before.
fn titled(text: &str, start: usize) -> bool {
    let head = before(text, start).trim_end_matches([' ', '.']);
    head.len() < start
        && TITLES.iter().any(|title| {
            head.ends_with(title)
                && !before(head, head.len() - title.len()).ends_with(|character: char| character.is_ascii_alphabetic())
        })
}

/// Whether `Name:` or the like stands before.
fn labelled(text: &str, start: usize) -> bool {
    let head = last_bytes(text, start, 40).trim_end_matches([' ', '"', '\'', '<', '*']);
    let Some(head) = head.strip_suffix([':', '=', ',']) else { return false };
    let head = head.trim_end_matches([' ', '"', '\'', '*']).to_ascii_lowercase();
    LABELS.iter().any(|label| head.ends_with(label))
}
