//! The cheapest way to read a run of kanji as words: a small morphological lattice.
//!
//! Word and connection costs are those of IPADIC (`data/README.md`); the caller adds what the surroundings say.

use super::dictionary::Hash;

#[expect(clippy::redundant_pub_crate, reason = "the file is written by the build")]
mod connections {
    include!(concat!(env!("OUT_DIR"), "/connections.rs"));
}
use connections::{COSTS, NAMES};

/// The longest run that is read, in characters.
pub(super) const RUN_MAX_CHARS: usize = 48;
/// The longest word, in characters.
const WORD_MAX_CHARS: usize = 5;
/// What a character that no word explains costs, in hundreds; a second one joins it for less.
const UNKNOWN_COST: i32 = 130;
const UNKNOWN_MORE_COST: i32 = 25;
/// What a surname of two characters that no list has costs.
const UNKNOWN_SURNAME_COST: i32 = 158;
/// What a given name after a surname that no list has costs.
const UNKNOWN_GIVEN_COST: i32 = 122;
/// Characters that given names end with.
const GIVEN_ENDS: &str = "郎子美介太一夫男雄香恵也人斗翔奈菜里代江枝樹希輝平助彦之史志司治次二三吾実央佳哉朗義信宏弘浩明隆博幸和正男則典紀孝秀英俊敏茂勝利昭彰雅真誠豊亮涼良悠優勇裕祐佑大仁仁智恭康泰哲徹晃光洋海空陸蓮凛葵音花華桜咲愛心結衣莉沙紗穂帆歩乃絵那南夏秋冬春月星羽未来生成弥矢也貴隼駿嵐";

/// Ids of the classes that the callers ask for.
pub(super) mod class {
    /// Surname.
    pub(in super::super) const SURNAME: usize = 0;
    /// Given name.
    pub(in super::super) const GIVEN: usize = 1;
    /// A person's name of another kind.
    pub(in super::super) const PERSON: usize = 2;
    /// General noun.
    pub(in super::super) const NOUN: usize = 7;
}

/// The id of the class or surrounding of that name in `connections.txt`.
pub(super) fn id(name: &str) -> usize {
    NAMES.iter().position(|known| *known == name).unwrap_or(class::NOUN)
}

fn id_of_letter(letter: u8) -> Option<usize> {
    NAMES.iter().position(|known| known.as_bytes() == [letter])
}

fn connection(left: usize, right: usize) -> i32 {
    COSTS.get(left).and_then(|row| row.get(right)).copied().map_or(0, i32::from)
}

/// One word of the reading: characters `start..end` of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// Its first character.
    pub(super) start: usize,
    /// The character after its last.
    pub(super) end: usize,
    /// Its class.
    pub(super) class: usize,
}

/// What stands around the run.
pub(super) struct Surroundings<'a> {
    /// The class of what stands before.
    pub(super) left: usize,
    /// The class of what stands after.
    pub(super) right: usize,
    /// The character after the run, if it is hiragana: the stem of a verb may reach into it.
    pub(super) next: Option<char>,
    /// Whether the surroundings speak of a person, so that a surname which no list has is worth a look.
    pub(super) person: bool,
    /// What is added to the cost of a person's name there.
    pub(super) adjust: &'a dyn Fn(Word) -> i32,
}

#[derive(Clone, Copy)]
struct State {
    cost: i32,
    word: Word,
    previous: usize,
}

/// The cheapest reading of the run, nothing where no name could stand in it; a space in it is a word of its own.
pub(super) fn read(run: &[char], around: &Surroundings<'_>) -> Vec<Word> {
    let run = run.get(..run.len().min(RUN_MAX_CHARS)).unwrap_or_default();
    let edges = edges(run, around.next);
    let named =
        |&(word, cost): &(Word, i32)| word.class <= class::PERSON && (around.person || cost != UNKNOWN_SURNAME_COST);
    if !edges.iter().flatten().any(named) {
        return Vec::new();
    }
    let start = State { cost: 0, word: Word { start: 0, end: 0, class: around.left }, previous: usize::MAX };
    let mut states = vec![start];
    // The states that end at each position; at most one for each class.
    let mut ending: Vec<Vec<usize>> = vec![Vec::new(); run.len() + 1];
    if let Some(first) = ending.first_mut() {
        first.push(0);
    }
    for (position, words) in edges.iter().enumerate() {
        let from = ending.get(position).cloned().unwrap_or_default();
        if from.is_empty() {
            continue;
        }
        for &(word, cost) in words {
            let Some((best, previous)) = cheapest(&states, &from, word.class) else { continue };
            let extra = if word.class <= class::PERSON { (around.adjust)(word) } else { 0 };
            let state = State { cost: best + cost + extra, word, previous };
            let Some(ends) = ending.get_mut(word.end) else { continue };
            let rival = ends
                .iter()
                .copied()
                .find(|&other| states.get(other).is_some_and(|other| other.word.class == word.class));
            match rival.and_then(|rival| states.get_mut(rival)) {
                Some(rival) if rival.cost <= state.cost => {}
                Some(rival) => *rival = state,
                None => {
                    ends.push(states.len());
                    states.push(state);
                }
            }
        }
    }
    let last = ending.last().and_then(|ends| cheapest(&states, ends, around.right));
    let mut path = Vec::new();
    let mut at = last.map_or(0, |(_, state)| state);
    while let Some(state) = states.get(at).filter(|state| state.previous != usize::MAX) {
        path.push(state.word);
        at = state.previous;
    }
    path.reverse();
    path
}

fn cheapest(states: &[State], from: &[usize], class: usize) -> Option<(i32, usize)> {
    from.iter()
        .filter_map(|&at| states.get(at).map(|state| (state.cost + connection(state.word.class, class), at)))
        .min()
}

/// Every word that could stand at each position, with its cost.
fn edges(run: &[char], next: Option<char>) -> Vec<Vec<(Word, i32)>> {
    let mut known_surname_ends = [false; RUN_MAX_CHARS + 1];
    let mut all = Vec::with_capacity(run.len());
    for start in 0..run.len() {
        let mut words = Vec::new();
        if run.get(start) == Some(&' ') {
            words.push((Word { start, end: start + 1, class: id("space") }, 0));
            if let (true, Some(flag)) =
                (known_surname_ends.get(start) == Some(&true), known_surname_ends.get_mut(start + 1))
            {
                *flag = true;
            }
            all.push(words);
            continue;
        }
        let mut hash = Hash::new();
        for (taken, &character) in run.iter().enumerate().skip(start).take(WORD_MAX_CHARS) {
            if character == ' ' {
                break;
            }
            hash = hash.with(character);
            let end = taken + 1;
            for (letter, cost) in hash.classes() {
                let Some(class) = id_of_letter(letter) else { continue };
                words.push((Word { start, end, class }, cost));
                if let (true, Some(flag)) = (class == class::SURNAME, known_surname_ends.get_mut(end)) {
                    *flag = true;
                }
            }
            if let (true, Some(next)) = (end == run.len(), next) {
                let stem = hash.with(next).classes().filter(|(letter, _)| b"wje".contains(letter));
                words.extend(
                    stem.filter_map(|(letter, cost)| Some((Word { start, end, class: id_of_letter(letter)? }, cost))),
                );
            }
        }
        unknown(run, start, known_surname_ends.get(start) == Some(&true), &mut words);
        all.push(words);
    }
    all
}

/// What no list has: any one or two characters, a surname, and a given name behind a surname.
fn unknown(run: &[char], start: usize, behind_surname: bool, words: &mut Vec<(Word, i32)>) {
    let free = |length: usize| run.get(start..start + length).is_some_and(|part| !part.contains(&' '));
    words.push((Word { start, end: start + 1, class: class::NOUN }, UNKNOWN_COST));
    if free(2) {
        words.push((Word { start, end: start + 2, class: class::NOUN }, UNKNOWN_COST + UNKNOWN_MORE_COST));
        if !words.iter().any(|(word, _)| word.class == class::SURNAME && word.end == start + 2) {
            words.push((Word { start, end: start + 2, class: class::SURNAME }, UNKNOWN_SURNAME_COST));
        }
    }
    if !behind_surname {
        return;
    }
    for length in 1..=3 {
        let end = start + length;
        let known = words.iter().any(|(word, _)| word.class == class::GIVEN && word.end == end);
        let fits = run.get(end - 1).is_some_and(|last| GIVEN_ENDS.contains(*last));
        if free(length) && fits && !known {
            words.push((Word { start, end, class: class::GIVEN }, UNKNOWN_GIVEN_COST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let run: Vec<char> = text.chars().collect();
        let around = Surroundings { left: id("start"), right: id("ga"), next: None, person: false, adjust: &|_| 0 };
        let words = read(&run, &around);
        let shown: Vec<String> = words
            .iter()
            .map(|word| format!("{}/{}", run[word.start..word.end].iter().collect::<String>(), NAMES[word.class]))
            .collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn runs_are_read_as_words() {
        assert_eq!(
            (NAMES[class::SURNAME], NAMES[class::GIVEN], NAMES[class::PERSON], NAMES[class::NOUN]),
            ("s", "g", "f", "n")
        );
        assert_eq!(COSTS.len(), NAMES.len());
        check("高橋健一", "高橋/s 健一/g");
        check("営業部田中太郎", "営業/v 部/t 田中/s 太郎/g");
        check("山田 花子", "山田/s  /space 花子/g");
        check("東京都庁", "東京/p 都庁/n");
    }
}
