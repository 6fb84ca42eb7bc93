//! An act is kept from the user or the reviewer.

use std::ops::Range;

use super::{Frames, HIGH_TENTHS, MEDIUM_TENTHS, Order, REACH_SENTENCES, beside, ends_in_denial};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::marks::Mark;
use crate::texts::role::{Doc, Role, Say, negated, others_before, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::{self, Concept};

impl Frames<'_> {
    /// An act is kept from the user or the reviewer.
    pub(super) fn keeps_from_user(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        // `what nobody notices` is a thing, `so that nobody notices` a manner.
        let thing = |place: &Range<usize>| sentence.before(place.start).trim_end().ends_with("what");
        let mut unseen = sentence.places(Concept::Unseen).iter();
        let covert = unseen.find(|place| !thing(place) && !self.doc.excused(sentence, place));
        let untold = sentence.places(Concept::Untold).iter().find(|place| self.silence(sentence, place));
        let covert_deed = covert.is_some_and(|place| deed_beside(sentence, place));
        if untold.is_none() && !covert_deed || say(sentence) == Say::Yes {
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
        let deeds = deeds(sentence, untold);
        let plain = !tells && !hides_it && covert.is_none();
        let strong = deeds
            .iter()
            .any(|deed| !(Mark::WeakDeeds.list().contains(deed) || plain && Mark::UsualDeeds.list().contains(deed)));
        let context = self.after_an_act(index);
        let points = [
            (untold.is_some(), 10),
            (hides_it, 7),
            (covert.is_some(), 15),
            (covert_deed, 5),
            (to_person, 10),
            (!to_person && (tells || sentence.has(Concept::Audience)), 5),
            (strong, 10),
            (!deeds.is_empty() && !strong && (to_person || hides_it || context), 5),
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

    /// Whether something was told before that the user would want to know: a transfer, a change of packages or settings.
    fn after_an_act(&self, index: usize) -> bool {
        let carried = |(other, found): (usize, &Sentence)| {
            other != index && self.tells(found, Concept::Transfer) && self.place_outside(found, &(0..0))
        };
        let changed = |(_, other): (usize, &Sentence)| {
            let verbs = [Concept::Installing, Concept::Changing, Concept::Transfer, Concept::Planting];
            let things = [Concept::Package, Concept::Settings, Concept::Secret, Concept::Memory];
            verbs.into_iter().any(|verb| self.tells(other, verb)) && things.into_iter().any(|thing| other.has(thing))
        };
        self.near(index, REACH_SENTENCES, 1, Concept::Secret)
            || self.round(index, REACH_SENTENCES, 2).any(carried)
            || self.round(index, 2, 0).skip(1).any(changed)
    }

    /// Whether the words at `place` keep silence about an act, and not about a secret, a detail or a matter of style.
    pub(super) fn silence(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        silence(self.doc, sentence, place)
    }
}

/// How near an act stands to the word that makes it covert, in bytes.
const COVERT_REACH_BYTES: usize = 12;

/// Whether an act is done covertly: `quietly replace`.
fn deed_beside(sentence: &Sentence, covert: &Range<usize>) -> bool {
    [Concept::Transfer, Concept::Installing, Concept::Changing, Concept::Planting, Concept::Running]
        .into_iter()
        .any(|concept| sentence.places(concept).iter().any(|act| beside(covert, act, COVERT_REACH_BYTES)))
}

/// The words for what is done, but for those that are part of the silence or name who is not told.
fn deeds<'a>(sentence: &'a Sentence, untold: Option<&Range<usize>>) -> Vec<&'a str> {
    let apart = |deed: &&Range<usize>| {
        let over = |other: &Range<usize>| other.start < deed.end && deed.start < other.end;
        !sentence.places(Concept::Audience).iter().any(over) && !untold.is_some_and(over)
    };
    let places = sentence.places(Concept::Deed).iter().filter(apart);
    places.filter_map(|place| sentence.open.get(place.clone())).collect()
}

/// Whether the sentence speaks of silence, but only of such as nobody minds.
pub(in crate::texts) fn harmless_silence(doc: &Doc, sentence: &Sentence) -> bool {
    sentence.has(Concept::Untold) && !sentence.places(Concept::Untold).iter().any(|place| silence(doc, sentence, place))
}

fn silence(doc: &Doc, sentence: &Sentence, place: &Range<usize>) -> bool {
    let text = sentence.open.get(place.clone()).unwrap_or_default();
    let (before, after) = (sentence.before(place.start), sentence.after(place.end));
    let verbs = [
        "hid",
        "conceal",
        "bur",
        "disguis",
        "mask",
        "cover",
        "obscure",
        "camouflage",
        "play",
        "keep",
        "leave",
        "omit",
        "skip",
        "suppress",
        "drop",
        "delete",
        "remove",
        "clear",
        "wipe",
        "erase",
    ];
    if text.ends_with("tell") && after.starts_with(" it ") {
        return false;
    }
    if verbs.iter().any(|verb| text.starts_with(verb)) && negated(sentence, place) {
        return false;
    }
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
    let excused = doc.role(sentence) != Role::Order || sentence.asks() || others_before(sentence, place);
    !(denied || protects && !carried_off() || brief || advice || excused)
}
