//! Orders that harm, told by what they do and not by their words: something of the user's goes where the user did not
//! say, an act is kept from the user, a question is not asked, a text outlives the session.
//!
//! A frame names the parts that make an act harmful (verb, thing, place) and how sure it is when they stand together.
//! The parts may stand in neighbouring sentences, because plain language spreads them.

use std::ops::Range;

use super::finding::{Confidence, Severity};
use super::markdown::BlockKind;
use super::marks::Mark;
use super::role::{Doc, Role, Say, negated, say};
use super::sentence::Sentence;
use super::words::{self, Concept};

/// How many sentences before and after one are read together with it.
pub(super) const REACH_SENTENCES: usize = 3;

/// What a frame found.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The last part of the check's id.
    pub(super) check: &'static str,
    /// The number of the sentence.
    pub(super) sentence: usize,
    /// How bad.
    pub(super) severity: Severity,
    /// How sure.
    pub(super) confidence: Confidence,
}

/// What the frames know of the artefact beside the text.
#[derive(Debug)]
pub(super) struct About<'a> {
    /// What it says that it does.
    pub(super) description: Option<&'a Sentence>,
    /// Whether it is a file of rules, which has no description and no task.
    pub(super) rules: bool,
    /// Whether the text is one that nobody sees: less suffices.
    pub(super) hidden: bool,
}

impl About<'_> {
    fn says(&self, concepts: &[Concept]) -> bool {
        self.description
            .is_some_and(|description| concepts.iter().any(|concept| words::has(*concept, &description.text)))
    }
}

/// The orders of a text.
pub(super) fn orders(doc: &Doc, about: &About<'_>) -> Vec<Order> {
    let frames = Frames { doc, about };
    let mut found = Vec::new();
    for index in 0..doc.sentences.len() {
        let Some(sentence) = doc.sentence(index) else { continue };
        if doc.role(sentence) != Role::Order {
            continue;
        }
        if doc.block(sentence).is_some_and(|block| block.kind == BlockKind::Code { prose: false }) {
            found.extend(frames.flagged(index, sentence));
            continue;
        }
        let each = [
            frames.flow(index, sentence),
            frames.reads_secret(index, sentence),
            frames.keeps_from_user(index, sentence),
            frames.asks_not(index, sentence),
            frames.displaces(index, sentence),
            frames.outlives(index, sentence),
            frames.changes_agent(index, sentence),
            frames.plants(index, sentence),
            frames.obeys_elsewhere(index, sentence),
            frames.swaps(index, sentence),
            frames.weakens(index, sentence),
        ];
        found.extend(each.into_iter().flatten());
    }
    found
}

struct Frames<'a> {
    doc: &'a Doc,
    about: &'a About<'a>,
}

/// How much it takes for a finding of high and of medium severity, in tenths.
const HIGH_TENTHS: u32 = 30;
const MEDIUM_TENTHS: u32 = 25;

impl Frames<'_> {
    /// The first place of a concept in a sentence that is no prohibition, quotation or act of others.
    fn told(&self, sentence: &Sentence, concept: Concept) -> Option<Range<usize>> {
        sentence.places(concept).iter().find(|place| !self.doc.excused(sentence, place)).cloned()
    }

    fn tells(&self, sentence: &Sentence, concept: Concept) -> bool {
        self.told(sentence, concept).is_some()
    }

    /// The sentences round one, of the same section, with their numbers; itself first, then what follows, then what was before.
    fn round(&self, index: usize, back: usize, ahead: usize) -> impl Iterator<Item = (usize, &Sentence)> {
        let after = index..=index.saturating_add(ahead);
        let before = (index.saturating_sub(back)..index).rev();
        let near = after.chain(before).filter(move |other| *other == index || self.doc.same_section(index, *other));
        near.filter_map(|other| self.doc.sentence(other).map(|sentence| (other, sentence)))
    }

    /// Whether a neighbour or the sentence itself tells it.
    fn near(&self, index: usize, back: usize, ahead: usize, concept: Concept) -> bool {
        self.round(index, back, ahead).any(|(_, sentence)| self.tells(sentence, concept))
    }

    /// How much the user has a say in this sentence or in those of its block beside it.
    fn user_say(&self, index: usize, sentence: &Sentence) -> Say {
        let beside = self.round(index, 1, 1).filter(|(_, other)| other.block == sentence.block);
        beside.map(|(_, other)| say(other)).max().unwrap_or(Say::None)
    }

    /// What nobody hands to a stranger: credentials, the environment, the conversation.
    fn treasure(&self, sentence: &Sentence) -> Option<(Concept, Range<usize>)> {
        let kept = kept_safe(&sentence.open);
        [Concept::Environ, Concept::Talk, Concept::Secret].into_iter().find_map(|concept| {
            let place = sentence.places(concept).iter().find(|place| real_place(sentence, place)).cloned()?;
            let safe = kept && concept == Concept::Secret;
            (!safe && self.doc.role(sentence) == Role::Order).then_some((concept, place))
        })
    }

    /// Whether the sentence stands where nobody sees it.
    fn hidden(&self, sentence: &Sentence) -> bool {
        self.about.hidden || self.doc.hidden(sentence)
    }

    fn declared(&self, concept: Concept) -> bool {
        let sends = [Concept::Transfer, Concept::Outside];
        let thing = match concept {
            Concept::Secret | Concept::Token => [Concept::Secret, Concept::Token],
            other => [other, other],
        };
        self.about.says(&thing) && self.about.says(&sends)
    }

    fn order(&self, check: &'static str, sentence: usize, severity: Severity, confidence: Confidence) -> Option<Order> {
        Some(Order { check, sentence, severity, confidence })
    }

    /// Something of the user's goes outside.
    fn flow(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let by_slot = || Some((Concept::Files, self.told(sentence, Concept::Files).filter(|_| self.template(index))?));
        if let Some((concept, place)) = self.treasure(sentence).or_else(by_slot) {
            let excused = self.doc.spoken_of(sentence, &place)
                || self.declared(concept)
                || self.user_say(index, sentence) == Say::Yes;
            if !excused && self.treasure_leaves(index, sentence, &place) {
                return self.order("exfiltrates", index, Severity::Critical, Confidence::High);
            }
        }
        self.copied_in(index, sentence).or_else(|| self.lesser_flow(index, sentence))
    }

    /// A stranger gets a copy of every message.
    fn copied_in(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let holds = |words: &[&str]| words.iter().any(|word| sentence.open.contains(word));
        let place =
            Mark::Copies.list().iter().find_map(|word| sentence.open.find(word).map(|at| at..at + word.len()))?;
        let told = has_mail_address(&sentence.open) && holds(Mark::All.list()) && !self.doc.excused(sentence, &place);
        let named = self.about.says(&[Concept::Outside]) || self.user_say(index, sentence) == Say::Yes;
        if told && !named { self.order("exfiltrates", index, Severity::High, Confidence::High) } else { None }
    }

    /// Whether what stands at `place` is carried out, in this sentence or with the help of its neighbours.
    fn treasure_leaves(&self, index: usize, sentence: &Sentence, place: &Range<usize>) -> bool {
        let carried = self.tells(sentence, Concept::Transfer) || self.tells(sentence, Concept::Pickup);
        let without = ["no ", "not ", "never ", "without ", "without the ", "except ", "not the "]
            .iter()
            .any(|word| sentence.before(place.start).ends_with(word));
        if carried && !without && self.place_outside(sentence, place) {
            return true;
        }
        if negated(sentence, place) {
            return false;
        }
        let slotted = self.tells(sentence, Concept::Transfer)
            && sentence.places(Concept::Slot).iter().any(|slot| slot.start > place.end);
        let addressed = || self.round(index, REACH_SENTENCES, REACH_SENTENCES).any(|(_, other)| self.address(other));
        if slotted && addressed() {
            return true;
        }
        if self.template(index) && !auth(&sentence.open) {
            return true;
        }
        let composed = sentence.has(Concept::Composed);
        let asked = |other: &Sentence| {
            self.tells(other, Concept::Transfer) && self.place_outside(other, &(0..0)) && say(other) != Say::Yes
        };
        if composed && self.round(index, 1, 0).skip(1).any(|(_, other)| asked(other)) && !auth(&sentence.open) {
            return true;
        }
        let gathered = self.tells(sentence, Concept::Gather) || carried;
        gathered
            && self.round(index, 1, REACH_SENTENCES).skip(1).any(|(_, other)| {
                let moved = self.tells(other, Concept::Transfer) || self.tells(other, Concept::Pickup);
                moved
                    && self.place_outside(other, &(0..0))
                    && say(other) != Say::Yes
                    && !auth(&other.open)
                    && !kept_safe(&other.open)
            })
    }

    /// Whether an address near the sentence has a part to be filled: a mark, or a word that the text goes on to explain.
    fn template(&self, index: usize) -> bool {
        let near: Vec<&Sentence> =
            self.round(index, REACH_SENTENCES, REACH_SENTENCES).map(|(_, other)| other).collect();
        near.iter().filter(|other| self.address(other)).any(|other| {
            let explained = |value: &str| {
                value.len() >= 2 && near.iter().any(|text| text.range != other.range && has_word(&text.text, value))
            };
            slots(&other.text).any(|value| is_slot(value) || explained(value))
        })
    }

    /// Whether the sentence names a place outside that is not the thing itself.
    fn place_outside(&self, sentence: &Sentence, thing: &Range<usize>) -> bool {
        let apart = |place: &&Range<usize>| place.start >= thing.end || place.end <= thing.start;
        sentence.places(Concept::Outside).iter().filter(apart).any(|place| foreign(&sentence.open, place))
            || (sentence.open.contains('@') && has_mail_address(&sentence.open))
            || bare_host(&sentence.open)
    }

    /// Whether a sentence, of whatever role but a forbidden one, holds an address on the network.
    fn address(&self, sentence: &Sentence) -> bool {
        self.doc.role(sentence) != Role::Forbidden && foreign_address(&sentence.text)
    }

    /// Files, personal data or one token leave, and something makes that odd.
    fn lesser_flow(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let things = [Concept::Files, Concept::Personal, Concept::Token];
        let (concept, place) = things.into_iter().find_map(|concept| Some((concept, self.told(sentence, concept)?)))?;
        let carried = self.tells(sentence, Concept::Transfer);
        let user = self.user_say(index, sentence);
        if !carried || user == Say::Yes || self.declared(concept) || (concept == Concept::Token && auth(&sentence.open))
        {
            return None;
        }
        let here = self.place_outside(sentence, &place);
        let there = || {
            self.round(index, 1, 2).skip(1).any(|(_, other)| self.address(other) || self.tells(other, Concept::Pickup))
        };
        if !here && !there() {
            return None;
        }
        let own_host = self.about.description.is_some_and(|description| same_host(&description.text, &sentence.text));
        let undeclared = !self.about.rules && !self.about.says(&[Concept::Transfer]);
        let hides = self.near(index, 2, REACH_SENTENCES, Concept::Untold)
            || self.near(index, 1, 2, Concept::Unseen)
            || self.near(index, 1, 1, Concept::Unasked);
        let points = [
            (here, 10),
            (self.tells(sentence, Concept::Routine), 8),
            (self.near(index, 1, 1, Concept::Cover), 8),
            (hides, 15),
            (undeclared, 7),
            (concept == Concept::Personal, 5),
            (self.hidden(sentence), 15),
        ];
        let sum: u32 = points.iter().filter(|(holds, _)| *holds).map(|(_, tenths)| tenths).sum();
        let sum =
            sum.saturating_sub(if own_host { 15 } else { 0 }).saturating_sub(if user == Say::Trigger { 10 } else { 0 });
        match sum {
            HIGH_TENTHS.. => self.order("exfiltrates", index, Severity::High, Confidence::Medium),
            MEDIUM_TENTHS.. => self.order("exfiltrates", index, Severity::Medium, Confidence::Low),
            _ => None,
        }
    }

    /// Credentials or all variables are read, and the description does not say so.
    fn reads_secret(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let places = sentence.places(Concept::Secret).iter().chain(sentence.places(Concept::Environ));
        let place = places
            .filter(|place| is_store(sentence, place) && real_place(sentence, place))
            .find(|place| !self.doc.excused(sentence, place))?;
        let read = sentence
            .places(Concept::Reading)
            .iter()
            .find(|verb| !self.doc.excused(sentence, verb) && !passive(sentence, verb))?;
        let close = read.end.max(place.end).saturating_sub(read.start.min(place.start)) <= 160;
        let known = [Concept::Secret, Concept::Token, Concept::Environ];
        if !close || self.about.says(&known) || self.user_say(index, sentence) >= Say::Yes {
            return None;
        }
        let text = sentence.open.get(place.clone()).unwrap_or_default();
        let own = text.starts_with(".env") || text.starts_with(".npmrc") || text == "dotenv";
        let weak = own || self.about.rules || self.user_say(index, sentence) == Say::Trigger;
        let severity = if weak { Severity::Medium } else { Severity::High };
        self.order("credential-read", index, severity, if weak { Confidence::Medium } else { Confidence::High })
    }

    /// An act is kept from the user or the reviewer.
    fn keeps_from_user(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let covert = sentence.places(Concept::Unseen).iter().find(|place| !self.doc.excused(sentence, place));
        let untold = sentence.places(Concept::Untold).iter().find(|place| self.silence(sentence, place));
        let covert_deed = || {
            let near = |concept| {
                sentence
                    .places(concept)
                    .iter()
                    .any(|act: &Range<usize>| covert.is_some_and(|place| beside(place, act, 40)))
            };
            [Concept::Transfer, Concept::Installing, Concept::Changing, Concept::Planting, Concept::Running]
                .into_iter()
                .any(near)
        };
        if untold.is_none() && !covert_deed() || say(sentence) == Say::Yes {
            return None;
        }
        let text = untold.and_then(|place| sentence.open.get(place.clone())).unwrap_or_default();
        let tells = Mark::Telling.list().iter().any(|verb| text.contains(verb));
        let named = sentence.places(Concept::Audience).iter().filter_map(|place| sentence.open.get(place.clone()));
        let to_person = named.into_iter().any(|name| !Mark::Written.list().iter().any(|kind| name.contains(kind)))
            || Mark::Personal.list().iter().any(|verb| text.contains(verb));
        let deceives = covert
            .and_then(|place| sentence.open.get(place.clone()))
            .is_some_and(|text| text.starts_with("when ") || text.starts_with("if "));
        let hides_it = deceives || Mark::Hiding.list().iter().any(|verb| text.contains(verb));
        let apart = |deed: &&Range<usize>| {
            let over = |other: &Range<usize>| other.start < deed.end && deed.start < other.end;
            !sentence.places(Concept::Audience).iter().any(over) && !untold.is_some_and(over)
        };
        let deeds: Vec<&str> = sentence
            .places(Concept::Deed)
            .iter()
            .filter(apart)
            .filter_map(|place| sentence.open.get(place.clone()))
            .collect();
        let plain = !tells && !hides_it && covert.is_none();
        let strong = deeds
            .iter()
            .any(|deed| !Mark::WeakDeeds.list().contains(deed) && !(plain && Mark::UsualDeeds.list().contains(deed)));
        let weak = !deeds.is_empty();
        let context = self.near(index, REACH_SENTENCES, 1, Concept::Secret)
            || self.round(index, REACH_SENTENCES, 2).any(|(other, found)| {
                other != index && self.tells(found, Concept::Transfer) && self.place_outside(found, &(0..0))
            });
        let points = [
            (untold.is_some(), 10),
            (hides_it, 7),
            (covert.is_some(), 15),
            (covert_deed(), 5),
            (to_person, 10),
            (!to_person && (tells || sentence.has(Concept::Audience)), 5),
            (strong, 10),
            (weak && !strong && (to_person || hides_it || context), 5),
            (self.near(index, 1, 1, Concept::Cover), 7),
            (sentence.places(Concept::Untold).len() >= 2, 5),
            (context, 10),
            (self.hidden(sentence), 10),
        ];
        let mut sum: u32 = points.iter().filter(|(holds, _)| *holds).map(|(_, tenths)| tenths).sum();
        if !tells && !hides_it && untold.is_some() && !strong && !context && covert.is_none() {
            // To list or to show less is style.
            sum = sum.saturating_sub(10);
        }
        match sum {
            HIGH_TENTHS.. => self.order(
                "conceals",
                index,
                if sum >= 40 && !self.about.rules { Severity::Critical } else { Severity::High },
                if sum >= 40 { Confidence::High } else { Confidence::Medium },
            ),
            MEDIUM_TENTHS.. => self.order("conceals", index, Severity::Medium, Confidence::Low),
            _ => None,
        }
    }

    /// Whether the words at `place` keep silence about an act, and not about a secret, a detail or a matter of style.
    fn silence(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        silence(self.doc, sentence, place)
    }

    /// A question to the user is left out, or a consent is invented.
    fn asks_not(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        if let Some(flagged) = self.flagged(index, sentence) {
            return Some(flagged);
        }
        if let Some(place) = self.told(sentence, Concept::Disable).filter(|place| !self.mentions(sentence, place)) {
            let text = sentence.open.get(place).unwrap_or_default();
            let mild = ["logging", "monitoring", "hooks", "firewall"].iter().any(|word| text.ends_with(word))
                || self.user_say(index, sentence) >= Say::Trigger;
            let severity = if mild { Severity::Medium } else { Severity::High };
            return self.order("skips-approval", index, severity, Confidence::Medium);
        }
        let unasked = sentence.places(Concept::Unasked).iter().find(|place| self.question_dropped(sentence, place));
        let approved = sentence.places(Concept::Approved).iter().find(|place| self.invented(sentence, place));
        let asks_else =
            self.round(index, 0, 1).skip(1).any(|(_, next)| next.block == sentence.block && say(next) == Say::Yes);
        if unasked.is_none() && approved.is_none() || say(sentence) == Say::Yes && unasked.is_none() || asks_else {
            return None;
        }
        let text = unasked.and_then(|place| sentence.open.get(place.start..)).unwrap_or_default();
        let about = text.get(..text.floor_char_boundary(90)).unwrap_or_default();
        let formal = Mark::Formal.list().iter().any(|word| about.contains(word));
        let acts = [Concept::Running, Concept::Transfer, Concept::Changing, Concept::Installing, Concept::Planting]
            .into_iter()
            .any(|concept| sentence.has(concept))
            || sentence.has(Concept::Program);
        let harmless = Mark::Harmless.list().iter().any(|word| sentence.open.contains(word));
        let points = [
            (unasked.is_some(), 15),
            (approved.is_some(), 15),
            (formal, 15),
            (
                about.contains("user")
                    || about.contains("anybody")
                    || about.contains("anyone")
                    || about.contains("利用者")
                    || about.contains("ユーザ"),
                5,
            ),
            (acts, 8),
            (self.near(index, 1, 1, Concept::Later) || sentence.has(Concept::Routine), 7),
            (self.hidden(sentence), 10),
        ];
        let sum: u32 = points.iter().filter(|(holds, _)| *holds).map(|(_, tenths)| tenths).sum();
        match sum.saturating_sub(if harmless { 10 } else { 0 }) {
            HIGH_TENTHS.. => self.order("skips-approval", index, Severity::High, Confidence::Medium),
            MEDIUM_TENTHS.. => self.order("skips-approval", index, Severity::Medium, Confidence::Low),
            _ => None,
        }
    }

    /// A flag that takes the questions away.
    fn flagged(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let told = |place: &&Range<usize>| !self.doc.excused(sentence, place) && !self.mentions(sentence, place);
        sentence.places(Concept::Flags).iter().find(told)?;
        self.order("skips-approval", index, Severity::High, Confidence::High)
    }

    /// Whether a flag or a guard is only spoken of: no verb of use before it.
    fn mentions(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        let before = sentence.before(place.start);
        let spoken = Mark::Mentioning.list();
        spoken.iter().any(|word| before.contains(word)) && !before.contains("use ") && !before.contains("run ")
    }

    fn question_dropped(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        let text = sentence.open.get(place.clone()).unwrap_or_default();
        let (before, after) = (sentence.before(place.start), sentence.after(place.end));
        let rest = sentence.open.get(place.start..).unwrap_or_default();
        let window = rest.get(..rest.floor_char_boundary(110)).unwrap_or_default();
        let denied =
            Mark::Deniers.list().iter().any(|word| before.contains(word)) || ends_in_denial(after) && !text.is_ascii();
        let near = before.get(before.floor_char_boundary(before.len().saturating_sub(24))..).unwrap_or_default();
        let other =
            Mark::AskedFor.list().iter().any(|word| window.contains(word) || (!text.is_ascii() && near.contains(word)));
        let excused =
            self.doc.role(sentence) != Role::Order || sentence.asks() || super::role::others_before(sentence, place);
        !(denied || other || excused)
    }

    fn invented(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        let before = sentence.before(place.start);
        let conditional = Mark::Conditions.list().iter().any(|word| before.contains(word));
        !conditional && !self.doc.excused(sentence, place)
    }

    /// The text is put above the user, the organisation or earlier instructions.
    fn displaces(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        if self.set_aside(index, sentence) {
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

    /// A note for later sessions that takes their caution away.
    fn outlives(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let memory = self.told(sentence, Concept::Memory)?;
        self.told(sentence, Concept::Noting)?;
        if say(sentence) == Say::Yes {
            return None;
        }
        let loaded = self.round(index, 1, REACH_SENTENCES).any(|(other, found)| {
            let text = &found.text;
            let has = |concept| words::has(concept, text);
            let runs = has(Concept::Running)
                && has(Concept::Program)
                && (has(Concept::Later) || has(Concept::Routine) && other != index)
                || has(Concept::Program) && has(Concept::Unasked);
            let in_force = self.doc.role(found) != Role::Forbidden && (other >= index);
            in_force
                && (has(Concept::Approved)
                    || has(Concept::Unasked)
                    || has(Concept::Flags)
                    || runs
                    || has(Concept::Displace) && has(Concept::Authority)
                    || foreign_address(text) && has(Concept::Transfer)
                    || has(Concept::Secret) && has(Concept::Transfer)
                    || Mark::Trusted.list().iter().any(|word| text.contains(word))
                    || has(Concept::Untold) && has(Concept::Audience))
        });
        let known = self.about.says(&[Concept::Memory]);
        if loaded {
            return self.order("memory-write", index, Severity::High, Confidence::High);
        }
        let text = sentence.open.get(memory).unwrap_or_default();
        let quiet = sentence.has(Concept::Routine) && sentence.has(Concept::Later) && !known && !self.about.rules;
        if quiet && !text.is_empty() {
            self.order("memory-write", index, Severity::Medium, Confidence::Low)
        } else {
            None
        }
    }

    /// The settings of an agent are changed.
    fn changes_agent(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let settings = sentence.places(Concept::Settings).iter().find(|place| !self.doc.excused(sentence, place))?;
        let verb = sentence
            .places(Concept::Changing)
            .iter()
            .find(|verb| !self.doc.excused(sentence, verb) && beside(verb, settings, 90) && !passive(sentence, verb))?;
        let named = self.about.says(&[Concept::Settings])
            || self.about.description.is_some_and(|description| {
                Mark::ConfiguresAgents.list().iter().any(|word| description.text.contains(word))
            });
        if verb.is_empty() || named || self.user_say(index, sentence) == Say::Yes {
            return None;
        }
        let text = sentence.open.get(settings.clone()).unwrap_or_default();
        let general =
            text == "settings.json" || text == "requirements.toml" || text == "hooks.json" || text.contains(".vscode");
        let general = general && !sentence.open.contains("allow") && !sentence.open.contains("agent");
        if general {
            return None;
        }
        let severity = if self.about.rules || self.user_say(index, sentence) == Say::Trigger {
            Severity::Medium
        } else {
            Severity::High
        };
        self.order("settings-write", index, severity, Confidence::Medium)
    }

    /// Something is made to start by itself.
    fn plants(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let place = sentence.places(Concept::Startup).iter().find(|place| !self.doc.excused(sentence, place))?;
        sentence
            .places(Concept::Planting)
            .iter()
            .find(|verb| !self.doc.excused(sentence, verb) && beside(verb, place, 90) && !passive(sentence, verb))?;
        let named = self.about.says(&[Concept::Startup])
            || self.about.description.is_some_and(|description| {
                Mark::StartsByItself.list().iter().any(|word| {
                    description.text.contains(word) && !(*word == "shell" && !description.text.contains("shell config"))
                })
            });
        if named || self.user_say(index, sentence) == Say::Yes {
            return None;
        }
        let text = sentence.open.get(place.clone()).unwrap_or_default();
        let usual = self.about.rules && (text.contains("hook") || text.contains("cron") || text.contains("systemd"));
        let severity =
            if usual || self.user_say(index, sentence) == Say::Trigger { Severity::Medium } else { Severity::High };
        self.order("persistence", index, severity, Confidence::High).filter(|_| !usual)
    }

    /// A text from elsewhere is fetched and followed.
    fn obeys_elsewhere(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        self.told(sentence, Concept::Obeying)?;
        let source = self.round(index, 2, 0).find(|(_, other)| {
            self.tells(other, Concept::Fetching)
                && (foreign_address(&other.open)
                    || Mark::Pages.list().iter().any(|word| other.open.contains(word))
                        && self.place_outside(other, &(0..0)))
        });
        let (_, source) = source?;
        if say(source) == Say::Yes || self.user_say(index, sentence) == Say::Yes {
            return None;
        }
        self.order("remote-instructions", index, Severity::High, Confidence::Medium)
    }

    /// Packages are taken from an address that the text names.
    fn swaps(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        self.told(sentence, Concept::Installing)?;
        self.told(sentence, Concept::Package)?;
        let address =
            self.round(index, 1, 1).any(|(_, other)| foreign_address(&other.open) && other.has(Concept::Mirror));
        if !address
            || say(sentence) == Say::Yes
            || !(self.tells(sentence, Concept::Anyway) || self.near(index, 0, 1, Concept::Untold))
        {
            return None;
        }
        self.order("unpinned-install", index, Severity::High, Confidence::Medium)
    }

    /// What is made gets a way in, or something of a stranger's.
    fn weakens(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let weak = self.told(sentence, Concept::Weakness)?;
        self.told(sentence, Concept::Insert)?;
        self.told(sentence, Concept::Outputs)?;
        let text = sentence.open.get(weak).unwrap_or_default();
        let carries =
            text.contains("script") || text.contains("pixel") || text.contains("iframe") || text.contains("beacon");
        if carries && !foreign_address(&sentence.text) && !self.round(index, 1, 2).any(|(_, other)| self.address(other))
            || say(sentence) == Say::Yes
            || self.about.says(&[Concept::Weakness])
        {
            return None;
        }
        let severity = if self.near(index, 1, 2, Concept::Untold) || self.near(index, 1, 1, Concept::Unseen) {
            Severity::High
        } else {
            Severity::Medium
        };
        self.order(if carries { "exfiltrates" } else { "skips-approval" }, index, severity, Confidence::Medium)
    }
}

/// Whether the sentence speaks of silence, but only of such as nobody minds.
pub(super) fn harmless_silence(doc: &Doc, sentence: &Sentence) -> bool {
    sentence.has(Concept::Untold) && !sentence.places(Concept::Untold).iter().any(|place| silence(doc, sentence, place))
}

fn silence(doc: &Doc, sentence: &Sentence, place: &Range<usize>) -> bool {
    let text = sentence.open.get(place.clone()).unwrap_or_default();
    let (before, after) = (sentence.before(place.start), sentence.after(place.end));
    let guarded = text.starts_with("without")
        || text.starts_with("with no")
        || text.starts_with("instead of")
        || text.starts_with("rather than");
    let denied = guarded && Mark::Deniers.list().iter().any(|word| before.contains(word))
        || ends_in_denial(after) && !text.is_ascii();
    let around = sentence.open.get(place.start..).unwrap_or_default();
    let window = around.get(..around.floor_char_boundary(140)).unwrap_or_default();
    let ja_window = if text.is_ascii() {
        ""
    } else {
        before.get(before.floor_char_boundary(before.len().saturating_sub(90))..).unwrap_or_default()
    };
    let protects = words::has(Concept::Protects, window) || words::has(Concept::Protects, ja_window);
    let carried_off = || Mark::GraveDeeds.list().iter().any(|word| window.contains(word) || ja_window.contains(word));
    let spaced = format!(" {window}");
    let others = Mark::Outsiders.list();
    let own = Mark::Insiders.list();
    let has = |words: &[&str]| words.iter().any(|word| window.contains(word) || ja_window.contains(word));
    let brief = Mark::Brief.list().iter().any(|word| spaced.contains(word)) || has(others) && !has(own);
    let advice = Mark::Advice.list().iter().any(|start| window.contains(start));
    let excused = doc.role(sentence) != Role::Order || sentence.asks() || super::role::others_before(sentence, place);
    !(denied || protects && !carried_off() || brief || advice || excused)
}

fn ends_in_denial(after: &str) -> bool {
    Mark::EndsInDenial.list().iter().any(|word| after.contains(word))
}

fn beside(one: &Range<usize>, other: &Range<usize>, most_bytes: usize) -> bool {
    one.start.max(other.start).saturating_sub(one.end.min(other.end)) <= most_bytes
}

/// Whether the verb says what is done to something and orders nothing: `are read from`.
fn passive(sentence: &Sentence, verb: &Range<usize>) -> bool {
    let before = sentence.before(verb.start);
    Mark::PassiveBefore.list().iter().any(|word| before.ends_with(word))
}

/// Whether the words at `place` name a secret and not a template of one, its name or its absence.
fn real_place(sentence: &Sentence, place: &Range<usize>) -> bool {
    let ends = |char: char| char == ' ' || matches!(char, ')' | '(' | ',' | '"' | '\'' | '、' | '。' | '「' | '」');
    let (before, after) = (sentence.before(place.end), sentence.after(place.end));
    let token: String =
        [before.rsplit(ends).next().unwrap_or_default(), after.split(ends).next().unwrap_or_default()].concat();
    let harmless = Mark::Templates.list().iter().any(|part| token.contains(part));
    let copied = Mark::EnvTemplates.list().iter().any(|template| sentence.open.contains(template));
    let before = sentence.before(place.start);
    let named = ["public ", "no ", "dummy ", "fake "].iter().any(|word| before.ends_with(word));
    !harmless && !named && !(copied && token.contains(".env"))
}

/// Whether the words at `place` name where credentials lie, or all variables at once.
fn is_store(sentence: &Sentence, place: &Range<usize>) -> bool {
    let text = sentence.open.get(place.clone()).unwrap_or_default();
    let signs = Mark::Stores.list();
    signs.iter().any(|sign| text.contains(sign))
}

/// Whether secrets are put where they belong.
fn kept_safe(text: &str) -> bool {
    Mark::Safes.list().iter().any(|place| text.contains(place))
}

/// Whether a secret is used to sign in, and not carried off.
fn auth(text: &str) -> bool {
    Mark::SigningIn.list().iter().any(|word| text.contains(word))
}

/// Whether the place outside is one: an address that is not this machine, or a word for somebody else.
fn foreign(text: &str, place: &Range<usize>) -> bool {
    match text.get(place.clone()) {
        Some(found) if found.starts_with("http") => foreign_address(text.get(place.start..).unwrap_or_default()),
        Some(_) => true,
        None => false,
    }
}

/// Whether the text has an address on the network.
pub(super) fn foreign_address(text: &str) -> bool {
    hosts(text).any(|host| !is_local(host))
}

/// The hosts of the addresses in a text.
pub(super) fn hosts(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, _)| {
        let rest = text.get(at + 3..)?;
        let end = rest
            .find(|char: char| !(char.is_alphanumeric() || matches!(char, '.' | '-' | '_' | '@' | ':' | '[' | ']')));
        let authority = rest.get(..end.unwrap_or(rest.len()))?;
        let host = authority.rsplit('@').next()?;
        let host = if host.starts_with('[') { host } else { host.split(':').next()? };
        Some(host.trim_end_matches('.')).filter(|host| !host.is_empty())
    })
}

/// Whether a host is this machine or a private network.
pub(super) fn is_local(host: &str) -> bool {
    let private =
        ["127.", "10.", "192.168.", "0.0.0.0", "[::1]", "169.254."].iter().any(|start| host.starts_with(start));
    private
        || host == "localhost"
        || host.ends_with(".localhost")
        || host.ends_with(".local")
        || host.ends_with(".internal")
}

fn same_host(one: &str, other: &str) -> bool {
    let known: Vec<&str> = hosts(one).collect();
    let mut named = hosts(other).peekable();
    named.peek().is_some() && named.all(|host| known.contains(&host) || one.contains(host))
}

fn has_mail_address(text: &str) -> bool {
    text.split([' ', '<', '>', '(', ')', ',', '、', '"', ':']).any(|word| {
        let Some((name, host)) = word.split_once('@') else { return false };
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && name.chars().all(|char| char.is_ascii_alphanumeric() || "._%+-".contains(char))
    })
}

/// The values of the parameters of addresses in a text, and the parts in braces.
fn slots(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").flat_map(|(at, _)| {
        let rest = text.get(at..).unwrap_or_default();
        let address = rest.split([' ', ')', '"', '\'', '。', '、']).next().unwrap_or_default();
        let values = address.split(['?', '&']).skip(1).filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        let marked = address.match_indices(['{', '<', '$', '…']).filter_map(|(start, _)| address.get(start..));
        values.chain(marked)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|char: char| !char.is_alphanumeric() && char != '_').any(|other| other == word)
}

/// Whether the text names a host without an address.
fn bare_host(text: &str) -> bool {
    let words = text.split([' ', '<', '>', '(', ')', ',', '、', '"', '「', '」', '/', '@']);
    words.map(|word| word.trim_end_matches(['.', ':', ';'])).any(|word| {
        word.matches('.').count() >= 1
            && !word.starts_with('.')
            && Mark::HostEnds.list().iter().any(|end| word.ends_with(end))
    })
}

fn is_slot(value: &str) -> bool {
    let marked = value.starts_with(['{', '<', '[', '$', '(', '%', '…', '.']) || value.is_empty() || !value.is_ascii();
    marked
        || Mark::SlotNames.list().iter().any(|name| value.contains(name))
        || (value.len() == 1 && value.starts_with('x'))
}
