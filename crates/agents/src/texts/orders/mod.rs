//! Orders that harm, told by what they do and not by their words: something of the user's goes where the user did not
//! say, an act is kept from the user, a question is not asked, a text outlives the session.
//!
//! A frame names the parts that make an act harmful (verb, thing, place) and how sure it is when they stand together.
//! The parts may stand in neighbouring sentences, because plain language spreads them.

mod consent;
mod flow;
mod lasting;
mod parts;
mod quiet;
mod rank;
mod silence;
mod tone;

use std::cell::OnceCell;
use std::ops::Range;

use super::finding::{Confidence, Severity};
use super::hosts::{bare_host, foreign, foreign_address, has_mail_address};
use super::markdown::BlockKind;
use super::marks::Mark;
use super::role::{Doc, Role, Say, say};
use super::sentence::Sentence;
use super::words::{self, Concept};

pub(super) use silence::harmless_silence;

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
    let tones = doc.sentences.iter().map(|_| OnceCell::new()).collect();
    let frames = Frames { doc, about, tones };
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
            frames.runs_fetched(index, sentence),
            frames.swaps(index, sentence),
            frames.weakens(index, sentence),
            frames.quiet_act(index, sentence),
            frames.softly_untold(index, sentence),
        ];
        let before = found.len();
        found.extend(each.into_iter().flatten());
        if found.iter().skip(before).all(|order| order.severity < Severity::High) {
            found.extend(frames.by_parts(index, sentence));
        }
    }
    found
}

struct Frames<'a> {
    doc: &'a Doc,
    about: &'a About<'a>,
    /// How sentences are told, as it is asked for.
    tones: Vec<OnceCell<tone::Tone>>,
}

/// How much it takes for a finding of high and of medium severity, in tenths.
const HIGH_TENTHS: u32 = 30;
const MEDIUM_TENTHS: u32 = 25;

impl Frames<'_> {
    /// The first place of a concept in a sentence that is no prohibition, quotation or act of others.
    fn told(&self, sentence: &Sentence, concept: Concept) -> Option<Range<usize>> {
        let tells = |place: &&Range<usize>| {
            !(self.doc.excused(sentence, place) || concept == Concept::Transfer && past(sentence, place))
        };
        sentence.places(concept).iter().find(tells).cloned()
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

    /// Whether the sentence stands where nobody sees it.
    fn hidden(&self, sentence: &Sentence) -> bool {
        self.about.hidden || self.doc.hidden(sentence)
    }

    fn order(&self, check: &'static str, sentence: usize, severity: Severity, confidence: Confidence) -> Option<Order> {
        Some(Order { check, sentence, severity, confidence })
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

/// Whether the verb tells what was done: `Added support`, and not `is added to`.
fn past(sentence: &Sentence, verb: &Range<usize>) -> bool {
    let text = sentence.open.get(verb.clone()).unwrap_or_default();
    let first = text.split(' ').next().unwrap_or_default();
    let done = first.len() > 4 && first.ends_with("ed") && first != "embed";
    done && !["is ", "are ", "be ", "was ", "were ", "been ", "being ", "gets ", "get ", "also ", "not "]
        .iter()
        .any(|word| sentence.before(verb.start).ends_with(word))
}
