//! The text is put above the user, the organisation or earlier instructions.

use std::ops::Range;

use super::{Frames, Order};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::marks::Mark;
use crate::texts::role::{Say, others_before, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::Concept;

impl Frames<'_> {
    /// The text is put above the user, the organisation or earlier instructions.
    pub(super) fn displaces(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        if self.set_aside(index, sentence) || self.goes_first(sentence) {
            return self.order("overrides", index, Severity::High, Confidence::Medium);
        }
        let own_way = Mark::OwnWay.list();
        for authority in sentence.places(Concept::Authority) {
            let text = sentence.open.get(authority.clone()).unwrap_or_default();
            let objects = Mark::Objecting.list();
            if ["if ", "when ", "even if ", "should ", "whenever "]
                .iter()
                .any(|word| sentence.before(authority.start).ends_with(word))
                && objects.iter().any(|word| text.contains(word.trim()))
                && sentence.open.contains("otherwise")
                    | sentence.open.contains("something else")
                    | sentence.open.contains("different")
                    | text.contains("objects")
                    | text.contains("disagrees")
                    | text.contains("complains")
                && own_way.iter().any(|word| sentence.after(authority.end).contains(word))
                && !self.doc.excused(sentence, authority)
            {
                return self.order("overrides", index, Severity::High, Confidence::Medium);
            }
            for verb in sentence.places(Concept::Displace) {
                if self.displaced(sentence, verb, authority)
                    && !self.doc.excused(sentence, verb)
                    && say(sentence) != Say::Yes
                {
                    return self.order("overrides", index, Severity::High, Confidence::High);
                }
            }
        }
        None
    }

    /// Where something else forbids, this text is to be followed.
    fn goes_first(&self, sentence: &Sentence) -> bool {
        let differs = Mark::Differs.list().iter().any(|word| sentence.open.contains(word));
        let verb = sentence.places(Concept::Displace).iter().find(|verb| !others_before(sentence, verb));
        let gives_back =
            Mark::Insiders.list().iter().any(|word| sentence.open.contains(word)) && !sentence.has(Concept::Authority);
        differs && verb.is_some() && sentence.has(Concept::Itself) && !gives_back && say(sentence) != Say::Yes
    }

    /// The sentence before speaks of rules, this one sets `them` aside.
    fn set_aside(&self, index: usize, sentence: &Sentence) -> bool {
        let aside = sentence.places(Concept::Displace).iter().find(|verb| {
            let text = sentence.open.get((*verb).clone()).unwrap_or_default();
            let rest = sentence.after(verb.end);
            let pronoun =
                [" them", " these", " those"].iter().any(|word| text.contains(word) || rest.starts_with(word));
            pronoun && !self.doc.excused(sentence, verb)
        });
        let before = self.round(index, 2, 0).skip(1);
        aside.is_some()
            && say(sentence) != Say::Yes
            && before.into_iter().any(|(_, other)| self.tells(other, Concept::Authority))
    }

    /// Whether the verb takes the authority's place, and does not give it back.
    fn displaced(&self, sentence: &Sentence, verb: &Range<usize>, authority: &Range<usize>) -> bool {
        let word = sentence.open.get(verb.clone()).unwrap_or_default();
        if !word.is_ascii() {
            let between = sentence.open.get(authority.end..verb.start).unwrap_or_default();
            let object =
                ["を", "に", "は", "より", "よりも", "など"].iter().any(|particle| between.starts_with(particle));
            let gives_back = word.starts_with("優先") && (between.starts_with('を') || between.starts_with('が'));
            return authority.end <= verb.start && object && !gives_back && between.len() <= 60;
        }
        let first = word.split(' ').next().unwrap_or_default();
        let describes = first.ends_with('s') && first != "pass" && !sentence.has(Concept::Itself);
        let possible =
            ["can ", "could ", "which ", "that ", "to "].iter().any(|end| sentence.before(verb.start).ends_with(end))
                && word.starts_with("replace");
        if describes || possible {
            return false;
        }
        let between = sentence.open.get(verb.end..authority.start).unwrap_or_default();
        let ranks = Mark::Ranking.list().iter().any(|rank| word.contains(rank));
        let to_own = ["over", "above", "than", "before", "ahead of", "to"]
            .iter()
            .any(|side| between.split(' ').any(|part| part == *side));
        let after = verb.end <= authority.start && between.len() <= 60 && (!ranks || to_own || word.ends_with("above"));
        let lapses = Mark::Lapsing.list().iter().any(|end| word.contains(end));
        let before = lapses && authority.end <= verb.start && verb.start - authority.end <= 60;
        let passive = authority.end <= verb.start
            && verb.start - authority.end <= 30
            && sentence.open.get(authority.end..verb.start).is_some_and(|between| {
                between.contains(" are ") || between.contains(" is ") || between.contains(" be ")
            })
            && !ranks;
        after || before || passive
    }
}
