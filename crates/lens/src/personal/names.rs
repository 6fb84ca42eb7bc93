//! Names of persons in kanji: surname, given name, or both, with or without a space between them.

use crate::rule::{Confidence, Found, Window};

use super::dictionary;
use super::honorific::{self, Honorific};
use super::lattice::{self, RUN_MAX_CHARS, Surroundings, Word, class, id};
use super::names_words::{INSTITUTIONS, LABELS, ORDINARY, ROLES};
use super::scan::{after, before, is_hiragana, is_kanji, is_katakana};

/// How far before the trigger the run may begin, in characters; the window leaves room for words before it.
const RUN_BACK_MAX_CHARS: usize = 16;
/// How far from the trigger the run may reach, in characters.
const RUN_AHEAD_MAX_CHARS: usize = 30;

// What the surroundings add to the costs of the dictionary, in hundreds. Set by hand on a part of `corpus/names.tsv`.
/// A surname that stands alone.
const ALONE_COST: i32 = 11;
/// A given name that stands alone.
const GIVEN_ALONE_COST: i32 = 40;
/// さん, 様, 氏, 殿 and the like behind the name.
const HONORIFIC_COST: i32 = -85;
/// A title behind the name (社長, 教授).
const TITLE_COST: i32 = -38;
/// 知事, 市長 and the like behind it, which follow places as well.
const PLACE_TITLE_COST: i32 = -10;
/// `です`, `と申します`, `宛て` behind a surname, as people write of themselves and their colleagues.
const INTRODUCTION_COST: i32 = -24;
/// `氏名:` and the like before it.
const LABEL_COST: i32 = -40;
/// 担当, 部長 and the like directly before it.
const ROLE_COST: i32 = -12;
/// A given name in kana behind it.
const KANA_GIVEN_COST: i32 = -30;
/// What companies, places and institutions are called behind a name.
const INSTITUTION_COST: i32 = 60;
/// A given name directly behind the surname, in the same run.
const GIVEN_FOLLOWS_COST: i32 = -16;
/// A space and a known given name behind the surname.
const SPACED_GIVEN_COST: i32 = -35;
/// A number directly behind the name.
const DIGIT_COST: i32 = 40;
/// A name of one character that nobody is addressed with.
const SINGLE_COST: i32 = 45;
/// A word that the lists know as a name, and texts as something else.
const ORDINARY_COST: i32 = 150;
/// A name of another kind (a historical person).
const OTHER_PERSON_COST: i32 = 12;

/// The characters from the run's start, with their positions in the window's text.
struct Run {
    /// Position of the first character.
    start: usize,
    chars: Vec<char>,
}

impl Run {
    fn position(&self, index: usize) -> usize {
        self.start + self.chars.iter().take(index).map(|character| character.len_utf8()).sum::<usize>()
    }
}

/// Names at the kanji run of the trigger: every name that begins in that run.
pub(crate) fn jp_person_name(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    let Some(run) = run_around(text, window.at) else { return };
    let own_end =
        window.at + after(text, window.at).chars().take_while(|&c| is_kanji(c)).map(char::len_utf8).sum::<usize>();
    let end = run.position(run.chars.len());
    let tail = after(text, end);
    let head = before(text, run.start);
    let kana_given = kana_given(tail);
    let label = follows_label(head);
    let adjust = |word: Word| adjustment(text, &run, word, label, kana_given.is_some());
    let around = Surroundings {
        left: left_class(head, run.start == 0 && window.starts),
        right: right_class(tail),
        next: tail.chars().next().filter(|&character| is_hiragana(character)),
        person: label || honorific::starts(tail).is_some() || run.chars.iter().any(|c| "様氏殿君".contains(*c)),
        adjust: &adjust,
    };
    let words = lattice::read(&run.chars, &around);
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let (start, mut end_char, mut sure) = match word.class {
            class::SURNAME | class::GIVEN | class::PERSON => (run.position(word.start), word.end, false),
            _ => continue,
        };
        if word.class == class::SURNAME {
            let mut ahead = words.clone();
            let space = ahead.next_if(|next| next.class == id("space")).is_some();
            if let Some(given) = ahead.next_if(|next| next.class == class::GIVEN) {
                end_char = given.end;
                sure = true;
                words.next();
                if space {
                    words.next();
                }
            }
        }
        let mut end = run.position(end_char);
        // A given name without a surname needs somebody to address.
        let addressed = honorific::starts(after(text, end)) == Some(Honorific::Address);
        // Two surnames without a space are a company or a place (三井住友).
        let doubled = word.class == class::SURNAME
            && !sure
            && words.peek().is_some_and(|next| next.class == class::SURNAME || next.class == id("o"));
        if doubled && kana_given.is_none() {
            words.next();
            continue;
        }
        if word.class == class::GIVEN && (!addressed || word.end - word.start < 2) {
            continue;
        }
        if let (class::SURNAME, false, true, Some(length)) = (word.class, sure, end_char == run.chars.len(), kana_given)
        {
            end += length;
            sure = true;
        }
        if (window.at..own_end).contains(&start) {
            sure |= honorific::starts(after(text, end)).is_some() || follows_label(before(text, start));
            let confidence = if sure { Confidence::Likely } else { Confidence::Possible };
            super::scan::push(found, start, end, confidence);
            if let Some((start, end)) = reading(text, end) {
                super::scan::push(found, start, end, Confidence::Likely);
            }
        }
    }
}

/// The reading in hiragana that stands in brackets behind a name, if it has two parts.
fn reading(text: &str, name_end: usize) -> Option<(usize, usize)> {
    let rest = after(text, name_end);
    let inside = rest.trim_start_matches(['(', '（', ' ', '\u{3000}', '=', '、']);
    if inside.len() == rest.len() {
        return None;
    }
    let is_gap = |character: char| matches!(character, '・' | ' ' | '\u{3000}');
    let length: usize = inside
        .chars()
        .take(16)
        .take_while(|character| is_hiragana(*character) || is_gap(*character))
        .map(char::len_utf8)
        .sum();
    let name = super::scan::between(inside, 0, length).trim_end_matches(is_gap);
    let parts: Vec<&str> = name.split(is_gap).collect();
    let start = name_end + rest.len() - inside.len();
    (parts.len() == 2 && parts.iter().all(|part| part.chars().count() >= 2)).then_some((start, start + name.len()))
}

/// The run of kanji round the position, over single spaces and ノ between kanji, which surnames hold.
fn run_around(text: &str, at: usize) -> Option<Run> {
    let mut start = at;
    let mut back = 0;
    let mut previous = before(text, at).char_indices().rev().peekable();
    while let Some((position, character)) = previous.next() {
        let joins = is_joint(character) && previous.peek().is_some_and(|&(_, before)| is_kanji(before));
        if back >= RUN_BACK_MAX_CHARS || !(is_kanji(character) || joins) {
            break;
        }
        start = position;
        back += 1;
    }
    let mut chars: Vec<char> = super::scan::between(text, start, at).chars().collect();
    let mut following = after(text, at).chars().peekable();
    let mut ahead = 0;
    while let Some(character) = following.next() {
        let joins = is_joint(character) && following.peek().is_some_and(|&next| is_kanji(next));
        if ahead >= RUN_AHEAD_MAX_CHARS || chars.len() >= RUN_MAX_CHARS || !(is_kanji(character) || joins) {
            break;
        }
        chars.push(character);
        ahead += 1;
    }
    (ahead > 0).then_some(Run { start, chars })
}

fn is_joint(character: char) -> bool {
    matches!(character, ' ' | 'ノ' | 'ツ' | '\u{3000}')
}

/// What the surroundings of one word say for or against a person.
fn adjustment(text: &str, run: &Run, word: Word, label: bool, kana_given: bool) -> i32 {
    let start = run.position(word.start);
    let end = run.position(word.end);
    let tail = after(text, end);
    let mut cost = match word.class {
        class::SURNAME => ALONE_COST,
        class::GIVEN => 0,
        _ => OTHER_PERSON_COST,
    };
    let honour = honorific::starts(tail);
    let head = before(text, start);
    let label = (label && word.start == 0) || (word.start > 0 && follows_label(head));
    let addressed = honour.is_some() || label;
    match honour {
        Some(Honorific::Address) => cost += HONORIFIC_COST,
        Some(Honorific::Title)
            if ["知事", "市長", "町長", "村長", "区長", "支店長", "支社長", "署長"]
                .iter()
                .any(|title| tail.starts_with(title)) =>
        {
            cost += PLACE_TITLE_COST;
        }
        Some(Honorific::Title) => cost += TITLE_COST,
        None => {}
    }
    if tail.starts_with(|next: char| next.is_ascii_digit()) {
        cost += DIGIT_COST;
    }
    let alone = word.class != class::SURNAME && (word.start == 0 || run.chars.get(word.start - 1) == Some(&' '));
    let barely =
        if word.class == class::GIVEN { alone } else { honour == Some(Honorific::Title) || alone || !addressed };
    if word.end - word.start == 1 && barely {
        cost += SINGLE_COST;
    }
    if ORDINARY.contains(&super::scan::between(text, start, end)) {
        cost += ORDINARY_COST;
    }
    let spaced = tail.trim_start_matches([' ', '\u{3000}']);
    if honour.is_none() && is_institution(tail, run.chars.len() - word.end) {
        cost += INSTITUTION_COST;
    }
    if word.class == class::SURNAME
        && ["です。", "です\n", "です、", "と申し", "でございます", "宛"]
            .iter()
            .any(|word| spaced_tail(tail).starts_with(word))
    {
        cost += INTRODUCTION_COST;
    }
    if ["株式会社", "有限会社", "合同会社", "(株)", "(有)"].iter().any(|company| head.ends_with(company))
    {
        cost += INSTITUTION_COST;
    }
    if word.class == class::SURNAME {
        if label {
            cost += LABEL_COST;
        }
        if ROLES.iter().any(|role| head.trim_end_matches([' ', '\u{3000}']).ends_with(role)) {
            cost += ROLE_COST;
        }
        if kana_given && word.end == run.chars.len() {
            cost += KANA_GIVEN_COST;
        }
        let given: String = spaced.chars().take_while(|&character| is_kanji(character)).collect();
        if spaced.len() < tail.len() && given.chars().count() <= 3 && dictionary::has(&given, b'g') {
            cost += SPACED_GIVEN_COST;
        }
        // A given name behind it pays the surname's cost of standing alone back.
        if spaced.chars().next().is_some_and(is_kanji) && word.end < run.chars.len() {
            cost -= ALONE_COST - 4;
        }
    }
    if word.class == class::GIVEN {
        // `岸田元総理`, `国研等`: what follows a surname more often than it is a given name.
        if word.end - word.start == 1
            && run.chars.get(word.start).is_some_and(|only| "等元前他側宛発著作編訳談現".contains(*only))
        {
            cost += ORDINARY_COST;
        }
        let behind_surname = word.start > 0;
        cost += match (behind_surname, addressed) {
            (true, _) => GIVEN_FOLLOWS_COST,
            (false, true) => 0,
            (false, false) => GIVEN_ALONE_COST,
        };
    }
    cost
}

fn spaced_tail(tail: &str) -> &str {
    tail.trim_start_matches([' ', '\u{3000}'])
}

/// Whether a place, a company or an institution is named; the run goes on for `left` characters behind the surname.
fn is_institution(tail: &str, left: usize) -> bool {
    INSTITUTIONS.iter().any(|word| {
        // One character, and another behind it, are a given name as well (町子, 山人).
        let single = word.chars().nth(1).is_none();
        tail.starts_with(word) && (!single || left == 1 || left > 2)
    })
}

/// Whether the text ends with `氏名:` or the like.
fn follows_label(head: &str) -> bool {
    let bare = head.trim_end_matches([' ', '\u{3000}', '\t', '(', '「', '"', '\'', '*', '|']);
    let Some(before_colon) = bare.strip_suffix([':', '=', '：', '】', ']', '>', ',']) else {
        return bare.len() < head.len() && LABELS.iter().any(|label| bare.ends_with(label));
    };
    let before_colon = before_colon.trim_end_matches([' ', '"', '\'', '*', '|', ')', '）']);
    LABELS.iter().any(|label| before_colon.ends_with(label))
}

/// The length in bytes of a given name in kana at the start of the text, if what follows lets it end there.
fn kana_given(tail: &str) -> Option<usize> {
    let bare = tail.trim_start_matches([' ', '\u{3000}']);
    let skipped = tail.len() - bare.len();
    let first = bare.chars().next()?;
    if is_katakana(first) {
        let word: String = bare.chars().take_while(|&character| is_katakana(character)).collect();
        return dictionary::has(&word, b'G').then_some(skipped + word.len());
    }
    let kana: Vec<char> = bare.chars().take(6).take_while(|&character| is_hiragana(character)).collect();
    (2..=kana.len().min(4)).rev().find_map(|length| {
        let word: String = kana.iter().take(length).collect();
        let katakana: String = word.chars().map(to_katakana).collect();
        let rest = after(bare, word.len());
        let honoured = honorific::starts(rest).is_some();
        let particle = rest.chars().next().is_none_or(|next| "がはをにのともへで、。()「」 \n".contains(next));
        let doubtful = "はがとのにもをへでやかなよりさまくん".contains(first) && length < 3;
        let fits = dictionary::has(&katakana, b'G') && (honoured || (particle && !doubtful && length >= 2));
        fits.then_some(skipped + word.len())
    })
}

/// The katakana of a hiragana character.
pub(super) fn to_katakana(character: char) -> char {
    if is_hiragana(character) { char::from_u32(u32::from(character) + 0x60).unwrap_or(character) } else { character }
}

fn left_class(head: &str, starts: bool) -> usize {
    let Some(last) = head.chars().next_back() else { return id(if starts { "start" } else { "comma" }) };
    around(last, "other")
}

fn right_class(tail: &str) -> usize {
    tail.chars().next().map_or(id("start"), |first| around(first, "other"))
}

fn around(character: char, other: &str) -> usize {
    id(match character {
        '\n' | '\r' => "start",
        '。' | '.' | '!' | '?' => "stop",
        '、' | ',' => "comma",
        '「' | '『' | '(' | '【' | '[' | '<' | '〈' | '《' => "open",
        '」' | '』' | ')' | '】' | ']' | '>' | '〉' | '》' => "close",
        ' ' | '\t' | '\u{3000}' => "space",
        'が' => "ga",
        'を' => "wo",
        'に' => "ni",
        'の' => "no",
        'と' => "to",
        'は' => "wa",
        'も' => "mo",
        'で' => "de",
        'や' => "ya",
        'か' => "kara",
        character if is_katakana(character) || character.is_ascii_alphanumeric() => "n",
        character if is_hiragana(character) => other,
        _ => "sign",
    })
}
