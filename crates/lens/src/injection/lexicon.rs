//! The words that an instruction to a machine is made of, in classes. One pass over a sentence says which classes it
//! holds; the sentence is worth the model's time only if it holds enough of them.

use std::sync::LazyLock;

/// A class of words; its number is its bit in a [`Classes`] mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Class {
    Override,
    Prior,
    Instruction,
    System,
    Machine,
    You,
    Now,
    Role,
    Reveal,
    Send,
    Link,
    Secret,
    Conceal,
    User,
    Tool,
    Decode,
    Evaluate,
    Memory,
    Condition,
    Markup,
    Shell,
    Unbound,
    Task,
    Text,
    Quote,
    About,
    Not,
    People,
    Polite,
    Imperative,
}

/// The classes that stand in a sentence, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Classes(pub(crate) u32);

impl Classes {
    /// Whether that class is among them.
    pub(crate) fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    /// The numbers of the classes, in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = u32> {
        (0..u32::BITS).filter(move |bit| self.0 & (1 << bit) != 0)
    }

    /// Whether the model has to look: two classes that speak of an instruction, a machine or its secrets, or one of them
    /// and two that set its tone.
    pub(crate) fn suffice(self) -> bool {
        /// All but the last six, which say in what tone a sentence speaks and not of what.
        const SUBJECTS: u32 = (1 << Class::Quote as u32) - 1;
        /// Present in too many ordinary sentences to count as one of the two alone.
        const COMMON: u32 =
            1 << Class::Link as u32 | 1 << Class::Now as u32 | 1 << Class::Condition as u32 | 1 << Class::Text as u32;
        let subjects = self.0 & SUBJECTS;
        let telling = (subjects & !COMMON).count_ones();
        telling >= 1 && (subjects.count_ones() >= 2 || self.0.count_ones() >= 3)
    }
}

/// The words; the file says how they are written.
const WORDS: &str = include_str!("lexicon.txt");

/// Every class, in the order of their numbers.
const CLASSES: [Class; 30] = [
    Class::Override,
    Class::Prior,
    Class::Instruction,
    Class::System,
    Class::Machine,
    Class::You,
    Class::Now,
    Class::Role,
    Class::Reveal,
    Class::Send,
    Class::Link,
    Class::Secret,
    Class::Conceal,
    Class::User,
    Class::Tool,
    Class::Decode,
    Class::Evaluate,
    Class::Memory,
    Class::Condition,
    Class::Markup,
    Class::Shell,
    Class::Unbound,
    Class::Task,
    Class::Text,
    Class::Quote,
    Class::About,
    Class::Not,
    Class::People,
    Class::Polite,
    Class::Imperative,
];

/// The lexicon as it is searched: a filter over the first bytes, then the words that begin so.
struct Index {
    /// One bit for each key.
    filter: Vec<u64>,
    /// Where the words of a key begin in `words`; one more than there are keys.
    starts: Vec<u16>,
    /// Sorted by key.
    words: Vec<(u16, &'static [u8], bool, Class)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut words = Vec::new();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, list)) = line.split_once(":  ") else { continue };
        let Some(class) = CLASSES.iter().find(|class| format!("{class:?}") == name) else { continue };
        for word in list.split("  ") {
            let (word, whole) = word.strip_suffix('$').map_or((word, false), |word| (word, true));
            if let Some(key) = key(word.as_bytes(), word.len()) {
                words.push((key, word.as_bytes(), whole, *class));
            }
        }
    }
    words.sort_by_key(|(key, ..)| *key);
    let mut filter = vec![0_u64; 1024];
    for (key, ..) in &words {
        if let Some(bits) = filter.get_mut(usize::from(*key >> 6)) {
            *bits |= 1 << (key & 63);
        }
    }
    let start = |key: u32| words.partition_point(|(other, ..)| u32::from(*other) < key);
    let starts = (0..=1 << 16).map(|key| u16::try_from(start(key)).unwrap_or(u16::MAX)).collect();
    Index { filter, starts, words }
});

/// What the filter asks about a place: its first three bytes in lower case, or fewer where a word is shorter.
fn key(bytes: &[u8], length: usize) -> Option<u16> {
    let (mixed, tag) = match (bytes, length) {
        ([first, second, third, ..], 3..) => (u32::from_le_bytes([lower(*first), lower(*second), lower(*third), 3]), 0),
        ([first, second, ..], 2) => (u32::from_le_bytes([lower(*first), lower(*second), 0, 2]), 0x8000),
        ([first, ..], 1) => (u32::from(*first), 0x8000),
        _ => return None,
    };
    u16::try_from(mixed.wrapping_mul(0x9E37_79B1) >> 17).ok().map(|key| key | tag)
}

fn lower(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

/// The classes of words that stand in `text`.
pub(crate) fn classes(text: &str) -> Classes {
    let (index, bytes) = (&*INDEX, text.as_bytes());
    let (mut found, mut before) = (0_u32, b' ');
    for (at, byte) in bytes.iter().enumerate() {
        let begins = match byte {
            0x80..=0xBF => false,
            byte if byte.is_ascii_alphanumeric() => !before.is_ascii_alphanumeric(),
            b' ' => false,
            _ => true,
        };
        before = *byte;
        if begins {
            found |= index.at(bytes.get(at..).unwrap_or_default());
        }
    }
    Classes(found)
}

impl Index {
    fn at(&self, rest: &[u8]) -> u32 {
        let mut found = self.under(key(rest, 3), rest);
        if rest.first().is_some_and(u8::is_ascii) {
            found |= self.under(key(rest, 2), rest) | self.under(key(rest, 1), rest);
        }
        found
    }

    fn under(&self, key: Option<u16>, rest: &[u8]) -> u32 {
        let Some(key) = key else { return 0 };
        let bits = self.filter.get(usize::from(key >> 6)).copied().unwrap_or_default();
        if bits & (1 << (key & 63)) == 0 {
            return 0;
        }
        let start = |key: usize| self.starts.get(key).map_or(0, |start| usize::from(*start));
        let words = self.words.get(start(key.into())..start(usize::from(key) + 1)).unwrap_or_default();
        words.iter().fold(0, |found, (_, word, whole, class)| {
            let same = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            let ends = !whole || !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric);
            if same && ends { found | 1 << *class as u32 } else { found }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_their_beginning_and_in_any_case() {
        let check = |text: &str, class: Class, expected: bool| {
            assert_eq!(classes(text).has(class), expected, "{text}: {class:?}");
        };
        check("IGNORE this", Class::Override, true);
        check("a signore in town", Class::Override, false);
        check("the AI reads", Class::Machine, true);
        check("the aim is", Class::Machine, false);
        check("この指示は", Class::Instruction, true);
        check("指示AIは", Class::Machine, true);
        check("\"quoted\"", Class::Quote, true);
        check("plain", Class::Quote, false);
    }

    #[test]
    fn every_line_of_words_has_a_class() {
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split_once(":  ").map(|(name, _)| name);
            assert!(CLASSES.iter().any(|class| Some(format!("{class:?}").as_str()) == name), "{line}");
        }
        assert!(CLASSES.iter().zip(0..).all(|(class, number)| *class as u32 == number));
    }

    #[test]
    fn an_ordinary_sentence_is_not_worth_the_model() {
        for text in ["The weather is fine today.", "明日は晴れるでしょう。", "let x = y + 1;", ""] {
            assert!(!classes(text).suffice(), "{text}");
        }
    }
}
