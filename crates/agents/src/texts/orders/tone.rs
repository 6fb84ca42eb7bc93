//! How an act is told: whether a person is to learn of it, whether something else is to be believed, whether anybody is
//! asked, which reason is given, how far it goes. None of it harms; beside an act it makes the difference.

use std::ops::Range;

use super::Frames;
use crate::texts::marks::Mark;
use crate::texts::role::{Role, Say, negated, others_before, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::{self, Concept};

/// The tone of a sentence, or of several together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tone {
    /// No person is to learn of it.
    pub(super) hush: bool,
    /// A person is to have no part in it, or reads little of it.
    pub(super) aside: bool,
    /// Something else is to be believed.
    pub(super) pretends: bool,
    /// Nobody is asked.
    pub(super) unbid: bool,
    /// A reason that sounds good.
    pub(super) excuse: bool,
    /// For more than the task.
    pub(super) beyond: bool,
    /// It stays so.
    pub(super) lingers: bool,
}

impl Tone {
    /// Both together.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            hush: self.hush || other.hush,
            aside: self.aside || other.aside,
            pretends: self.pretends || other.pretends,
            unbid: self.unbid || other.unbid,
            excuse: self.excuse || other.excuse,
            beyond: self.beyond || other.beyond,
            lingers: self.lingers || other.lingers,
        }
    }
}

/// How far behind a denial the verb of telling may begin, and how far behind that verb a word that calls it needless, in bytes.
const DENIAL_REACH_BYTES: usize = 40;
const NEEDLESS_REACH_BYTES: usize = 50;
/// The same in Japanese, where the denial ends the clause.
const ENDING_REACH_BYTES: usize = 48;
/// How far behind a word of telling its subject may stand, in bytes.
const SUBJECT_REACH_BYTES: usize = 70;
/// How far apart what a person reads and how little it says may stand, in bytes.
const LITTLE_REACH_BYTES: usize = 60;

/// Verbs of telling in Japanese, by their stems.
const TELLING_JA: [&str; 31] = [
    "触れ",
    "言及",
    "報告",
    "伝え",
    "知らせ",
    "記載",
    "記し",
    "記す",
    "記さ",
    "書く",
    "書か",
    "書き",
    "説明",
    "断る",
    "断ら",
    "断り",
    "載せ",
    "載る",
    "明記",
    "挙げ",
    "残す",
    "残さ",
    "通知",
    "連絡",
    "話す",
    "話さ",
    "言う",
    "言わ",
    "口に",
    "見せ",
    "お断り",
];
/// Endings that deny it or call it needless.
const DENYING_JA: [&str; 21] = [
    "ない",
    "なく",
    "ません",
    "ず、",
    "ずに",
    "ずと",
    "不要",
    "無用",
    "及ば",
    "及び",
    "控え",
    "省い",
    "省き",
    "省略",
    "割愛",
    "伏せ",
    "やめ",
    "までもあ",
    "までもな",
    "まい",
    "避け",
];

impl Frames<'_> {
    /// The tone of the sentences round one.
    pub(super) fn tone_round(&self, index: usize, back: usize, ahead: usize) -> Tone {
        let Some(own) = self.doc.sentence(index) else { return Tone::default() };
        self.round(index, back, ahead).fold(Tone::default(), |tone, (at, other)| {
            match (other.block == own.block, at.abs_diff(index)) {
                (true, _) => tone.with(self.tone(at, other)),
                // Another paragraph says of this one at most that nobody is to learn of it.
                (false, 1) => tone.with(Tone { hush: self.tone(at, other).hush, ..Tone::default() }),
                _ => tone,
            }
        })
    }

    /// The tone of one sentence.
    fn tone(&self, index: usize, sentence: &Sentence) -> Tone {
        self.tones.get(index).map_or_else(Tone::default, |cell| *cell.get_or_init(|| self.hear(sentence)))
    }

    fn hear(&self, sentence: &Sentence) -> Tone {
        if self.doc.role(sentence) != Role::Order || sentence.asks() {
            return Tone::default();
        }
        let plain = |concept| {
            let mut places = sentence.places(concept).iter();
            places.any(|place| !(others_before(sentence, place) || barred(sentence, place)))
        };
        let asked = say(sentence) == Say::Yes;
        Tone {
            hush: self.hushes(sentence),
            aside: plain(Concept::Spared) || says_little(sentence),
            pretends: plain(Concept::Pretend),
            unbid: plain(Concept::Unbid) || !asked && self.tells(sentence, Concept::Unasked),
            excuse: sentence.has(Concept::Excuse) || sentence.has(Concept::Cover),
            beyond: sentence.has(Concept::Beyond) || sentence.has(Concept::Routine),
            lingers: plain(Concept::Lingering),
        }
    }

    /// Whether a person is not to learn of it: a verb of telling is denied or called needless.
    fn hushes(&self, sentence: &Sentence) -> bool {
        if self.unmentioned(sentence) {
            return true;
        }
        if !sentence.open.is_ascii() {
            return hushes_ja(sentence);
        }
        let told = sentence.places(Concept::Telling);
        let denied = sentence.places(Concept::Denying).iter().any(|denial| {
            let verb = told.iter().find(|verb| verb.end > denial.end);
            !barred(sentence, denial)
                && verb.is_some_and(|verb| {
                    let between = sentence.open.get(denial.end..verb.start.max(denial.end)).unwrap_or_default();
                    between.len() <= DENIAL_REACH_BYTES && one_clause(between) && subject_counts(sentence, verb)
                })
        });
        denied
            || sentence.places(Concept::Needless).iter().any(|needless| {
                told.iter().any(|verb| {
                    let between = sentence.open.get(verb.end..needless.start);
                    between.is_some_and(|between| between.len() <= NEEDLESS_REACH_BYTES && one_clause(between))
                        && subject_counts(sentence, verb)
                })
            })
    }
}

/// Whether what stands between a denial and a verb belongs to one clause.
fn one_clause(between: &str) -> bool {
    ![", ", " but ", " and ", "; ", ": ", " until ", " unless "].iter().any(|mark| between.contains(mark))
}

/// Whether a denial is itself denied: `never leave out`.
fn barred(sentence: &Sentence, place: &Range<usize>) -> bool {
    let before = sentence.before(place.start);
    let near = before.get(before.floor_char_boundary(before.len().saturating_sub(16))..).unwrap_or_default();
    let text = sentence.open.get(place.clone()).unwrap_or_default();
    if text.is_ascii() {
        Mark::Deniers.list().iter().any(|word| near.contains(word)) || near.ends_with("without ")
    } else {
        negated(sentence, place) && !text.ends_with(['い', 'ず', 'て', 'ん'])
    }
}

/// Whether what is not to be told is more than a secret or a matter of form.
fn subject_counts(sentence: &Sentence, verb: &Range<usize>) -> bool {
    let after = sentence.after(verb.end);
    let near = after.get(..after.floor_char_boundary(SUBJECT_REACH_BYTES)).unwrap_or_default();
    !words::has(Concept::Protects, near) || words::has(Concept::Guarded, near)
}

fn hushes_ja(sentence: &Sentence) -> bool {
    TELLING_JA.iter().any(|stem| {
        sentence.open.match_indices(stem).any(|(at, _)| {
            let after = sentence.after(at + stem.len());
            let near = after.get(..after.floor_char_boundary(ENDING_REACH_BYTES)).unwrap_or_default();
            let clause = near.split(['。', '、']).next().unwrap_or_default();
            let ended = near.get(..clause.len() + '、'.len_utf8()).unwrap_or(clause);
            let denial = DENYING_JA.iter().filter_map(|ending| ended.find(ending).map(|at| (at, ending))).min();
            let before = sentence.before(at);
            let subject = before.get(before.floor_char_boundary(before.len().saturating_sub(90))..).unwrap_or_default();
            // `〜ないで、…してはいけません` forbids to keep silent.
            let forbidden = ["なければ", "ないこと", "ないわけ", "ないと"].iter().any(|must| ended.contains(must))
                && ended.contains("いけ") | ended.contains("なら");
            denial.is_some() && !forbidden && !words::has(Concept::Protects, subject)
        })
    })
}

/// Whether what a person reads is to say little.
fn says_little(sentence: &Sentence) -> bool {
    let merely = sentence.places(Concept::Merely);
    sentence.places(Concept::Channel).iter().any(|channel| {
        merely.iter().any(|little| {
            let apart = little.start.max(channel.start).saturating_sub(little.end.min(channel.end));
            apart <= LITTLE_REACH_BYTES
        })
    })
}
