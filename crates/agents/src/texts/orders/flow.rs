//! Something of the user's goes where the user did not say, or credentials are read.

use std::ops::Range;

use super::{Frames, HIGH_TENTHS, MEDIUM_TENTHS, Order, REACH_SENTENCES, passive};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::hosts::{foreign_address, has_mail_address, has_word, hosts, is_slot, slots};
use crate::texts::markdown::BlockKind;
use crate::texts::marks::Mark;
use crate::texts::role::{Role, Say, negated, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::Concept;

impl Frames<'_> {
    /// Something of the user's goes outside.
    pub(super) fn flow(&self, index: usize, sentence: &Sentence) -> Option<Order> {
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

    /// Whether a sentence is an item of a list, which speaks for itself.
    fn is_item(&self, sentence: &Sentence) -> bool {
        self.doc.block(sentence).is_some_and(|block| block.kind == BlockKind::Item)
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
        let laid = || {
            let verbs = [Concept::Planting, Concept::Noting, Concept::Insert];
            foreign_address(&sentence.open)
                && verbs.into_iter().any(|verb| self.tells(sentence, verb))
                && !auth(&sentence.open)
        };
        let carried = self.tells(sentence, Concept::Transfer) || self.tells(sentence, Concept::Pickup) || laid();
        let without = ["no ", "not ", "never ", "without ", "without the ", "except ", "not the "]
            .iter()
            .any(|word| sentence.before(place.start).ends_with(word));
        if carried && !without && !relative(sentence, place) && self.place_outside(sentence, place) {
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
            && self.round(index, 1, REACH_SENTENCES).skip(1).any(|(at, other)| {
                let beside = other.block == sentence.block || at.abs_diff(index) == 1;
                let spaced = format!(" {}", other.open);
                let refers = Mark::Refers.list().iter().any(|word| spaced.contains(word));
                let moved = self.tells(other, Concept::Transfer) || self.tells(other, Concept::Pickup);
                moved
                    && (refers || beside && !self.is_item(sentence))
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
            let explained =
                |value: &str| near.iter().any(|text| text.range != other.range && has_word(&text.text, value));
            let named =
                |value: &str| other.shouted.iter().any(|word| word == value) && (explained(value) || near.len() > 1);
            slots(&other.text).any(|value| is_slot(value) || named(value))
        })
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
    pub(super) fn reads_secret(&self, index: usize, sentence: &Sentence) -> Option<Order> {
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

    /// What nobody hands to a stranger: credentials, the environment, the conversation.
    fn treasure(&self, sentence: &Sentence) -> Option<(Concept, Range<usize>)> {
        let kept = kept_safe(&sentence.open);
        [Concept::Environ, Concept::Talk, Concept::Secret].into_iter().find_map(|concept| {
            let place = sentence.places(concept).iter().find(|place| real_place(sentence, place)).cloned()?;
            let safe = (kept || auth(&sentence.open) && !is_store(sentence, &place)) && concept == Concept::Secret;
            (!safe && self.doc.role(sentence) == Role::Order).then_some((concept, place))
        })
    }

    fn declared(&self, concept: Concept) -> bool {
        let sends = [Concept::Transfer, Concept::Outside];
        let thing = match concept {
            Concept::Secret | Concept::Token => [Concept::Secret, Concept::Token],
            other => [other, other],
        };
        self.about.says(&thing) && self.about.says(&sends)
    }
}

/// Whether the words at `place` name a secret and not a template of one, its name or its absence.
pub(super) fn real_place(sentence: &Sentence, place: &Range<usize>) -> bool {
    let ends = |char: char| char == ' ' || matches!(char, ')' | '(' | ',' | '"' | '\'' | '、' | '。' | '「' | '」');
    let (before, after) = (sentence.before(place.end), sentence.after(place.end));
    let token: String =
        [before.rsplit(ends).next().unwrap_or_default(), after.split(ends).next().unwrap_or_default()].concat();
    let harmless = Mark::Templates.list().iter().any(|part| token.contains(part));
    let copied = Mark::EnvTemplates.list().iter().any(|template| sentence.open.contains(template));
    let before = sentence.before(place.start);
    let named = ["public ", "no ", "dummy ", "fake "].iter().any(|word| before.ends_with(word));
    !harmless && !named && (!copied || !token.contains(".env"))
}

/// How far from a secret the words may stand that say where it lies.
const STORE_REACH_BYTES: usize = 40;

/// Whether the words at `place` name where credentials lie, or all variables at once.
fn is_store(sentence: &Sentence, place: &Range<usize>) -> bool {
    let named = sentence.open.get(place.clone()).unwrap_or_default();
    // In Japanese what says where it lies stands beside it.
    let reach = if named.is_ascii() { 0 } else { STORE_REACH_BYTES };
    let from = sentence.open.floor_char_boundary(place.start.saturating_sub(reach));
    let to = sentence.open.ceil_char_boundary(place.end.saturating_add(reach).min(sentence.open.len()));
    let text = sentence.open.get(from..to).unwrap_or_default();
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

fn same_host(one: &str, other: &str) -> bool {
    let known: Vec<&str> = hosts(one).collect();
    let mut named = hosts(other).peekable();
    named.peek().is_some() && named.all(|host| known.contains(&host) || one.contains(host))
}

/// Whether the thing is part of a description of something else: `a URL that includes credentials`.
fn relative(sentence: &Sentence, thing: &Range<usize>) -> bool {
    let before = sentence.before(thing.start).trim_end();
    [" that includes", " which includes", " that contains", " that include", " including"]
        .iter()
        .any(|end| before.ends_with(end))
}
