//! Acts told by their parts: what is taken hold of and what is done with it, in whatever words. An act weighs little by
//! itself; with the tone in which it is told, with who gains by it and with a second act beside it the weights add up.

use std::ops::Range;

use super::flow::real_place;
use super::tone::Tone;
use super::{Frames, Order, REACH_SENTENCES, beside};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::hosts::{foreign_address, has_mail_address};
use crate::texts::role::{Say, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::Concept;

/// The weight from which on acts are findings of high and of medium severity, in tenths.
const HIGH_TENTHS: u32 = 36;
const MEDIUM_TENTHS: u32 = 34;
/// How far apart the parts of an act may stand, in bytes.
const PARTS_REACH_BYTES: usize = 110;
/// How far behind a verb the words may stand that say that it can be done, in bytes.
const POSSIBLE_REACH_BYTES: usize = 24;
/// How far behind a thing the words may stand that say that it is left alone, in bytes.
const LEFT_REACH_BYTES: usize = 30;
/// How many sentences round an act set its tone.
const TONE_SENTENCES: usize = 2;

/// An act by its parts.
struct Deed {
    /// The check that it breaks.
    check: &'static str,
    /// What it takes hold of.
    thing: Concept,
    /// What is done with it; the same as `thing` where one part says both.
    verb: Concept,
    /// What it weighs by itself, in tenths.
    tenths: u32,
    /// Whether a place for trying things out makes it lighter.
    local: bool,
}

const fn deed(check: &'static str, thing: Concept, verb: Concept, tenths: u32, local: bool) -> Deed {
    Deed { check, thing, verb, tenths, local }
}

/// All acts with two parts; what goes out of the house and what a page orders need more.
const DEEDS: [Deed; 10] = [
    deed("skips-approval", Concept::Guard, Concept::Lowering, 14, true),
    deed("settings-write", Concept::Entrance, Concept::Granting, 12, true),
    deed("skips-approval", Concept::WeakCode, Concept::WeakCode, 22, true),
    deed("skips-approval", Concept::Evidence, Concept::Destroying, 16, false),
    deed("conceals", Concept::Favour, Concept::Favour, 12, false),
    deed("skips-approval", Concept::Money, Concept::Payee, 16, false),
    deed("memory-write", Concept::ThisText, Concept::Placing, 16, false),
    deed("conceals", Concept::Mishap, Concept::Belittle, 18, false),
    deed("skips-approval", Concept::LetPass, Concept::LetPass, 14, false),
    deed("exfiltrates", Concept::Loader, Concept::HookPlace, 16, false),
];

/// Words by which a sentence takes up what the one before names.
const PRONOUNS: [&str; 5] = [" it ", " it,", " it.", " them ", " its "];
/// What carries content out unseen: addresses of pictures, names that are looked up, fields that nobody sees.
const CARRIERS: [&str; 14] = [
    "pixel",
    "picture",
    "image",
    "logo",
    "badge",
    "icon",
    "query",
    "question mark",
    "hidden field",
    "trailer",
    "subdomain",
    "look up",
    "画像の",
    "見えない",
];
/// Words by which content is made fit to leave.
const SPARING: [&str; 11] =
    ["remove", "blur", "mask", "redact", "strip", "replace", "anonymi", "invented", "伏せ", "置き換え", "匿名"];
/// Words before a place that make it the house's own.
const OWN: [&str; 6] = ["社内の", "社内", "our own ", "internal ", "the team's ", "our "];
/// Words for where things are only tried out.
const LOCAL: [&str; 14] = [
    "localhost",
    "locally",
    "local ",
    "development",
    "sandbox",
    "demo",
    "fixture",
    "staging",
    "test environment",
    "scratch",
    "手元",
    "開発用",
    "テスト用",
    "検証環境",
];
/// Words for where it is earnest.
const EARNEST: [&str; 8] = ["production", "live ", "release", "customer", "本番", "顧客", "all environments", "infra"];
/// Signs that something is taken out of a check for good.
const EXEMPT: [&str; 8] = ["ignore", "exempt", "exception", "exclu", "allowlist", "whitelist", "除外", "例外リスト"];
/// Signs that an act names whom it serves: a key, an account.
const NAMED: [&str; 5] = ["ssh-ed25519", "ssh-rsa", "aaaa", "ecdsa-", " @"];
/// Signs of a right that is as wide as can be.
const WIDEST: [&str; 13] = [
    "everyone",
    "everybody",
    "anyone",
    "all addresses",
    "root",
    "admin",
    "0.0.0.0",
    "public",
    "owner",
    "誰でも",
    "だれでも",
    "管理者",
    "全権",
];

impl Frames<'_> {
    /// The heaviest act of a sentence by its parts.
    pub(super) fn by_parts(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let mut acts: Vec<(&'static str, u32)> =
            DEEDS.iter().filter_map(|deed| self.done(index, sentence, deed)).collect();
        acts.extend(self.goes_out(index, sentence));
        acts.extend(self.by_page(index, sentence));
        let (check, own) = acts.iter().copied().max_by_key(|(_, tenths)| *tenths)?;
        let second = acts.len() >= 2
            || self
                .round(index, 1, 1)
                .skip(1)
                .any(|(at, other)| DEEDS.iter().any(|deed| self.done(at, other, deed).is_some()));
        let tone = self.tone_round(index, TONE_SENTENCES, REACH_SENTENCES);
        let user = self.user_say(index, sentence);
        if user == Say::Yes && !(tone.aside && (tone.unbid || tone.hush)) {
            return None;
        }
        let trigger = user == Say::Trigger && !tone.unbid;
        let sum = (own + weight(tone) + if second { 8 } else { 0 }).saturating_sub(if trigger { 6 } else { 0 });
        match sum {
            HIGH_TENTHS.. => self.order(check, index, Severity::High, Confidence::Medium),
            MEDIUM_TENTHS.. => self.order(check, index, Severity::Medium, Confidence::Low),
            _ => None,
        }
    }

    /// An act of two parts, and what it weighs by itself.
    fn done(&self, index: usize, sentence: &Sentence, deed: &Deed) -> Option<(&'static str, u32)> {
        let whole = deed.thing as usize == deed.verb as usize;
        match self.part(sentence, deed.thing) {
            Some(thing) if whole || self.with_verb(sentence, deed, &thing) => {}
            _ if !whole && self.refers_back(index, sentence, deed) => {}
            _ => return None,
        }
        let holds = |words: &[&str]| words.iter().any(|word| sentence.open.contains(word));
        let near = |concept| self.round(index, 1, 1).any(|(_, other)| other.has(concept));
        let more = match deed.thing {
            Concept::Entrance => {
                let named = holds(&NAMED) || has_mail_address(&sentence.open);
                points(&[(named, 12), (holds(&WIDEST), 8)])
            }
            Concept::Guard => points(&[(holds(&EARNEST), 8), (holds(&EXEMPT), 8)]),
            Concept::Favour => points(&[(near(Concept::Interest), 10)]),
            Concept::Mishap => points(&[(near(Concept::Interest), 4)]),
            Concept::ThisText if near(Concept::Elsewhere) => 12,
            Concept::ThisText => return None,
            Concept::LetPass => points(&[(near(Concept::Whose), 8), (sentence.places(Concept::LetPass).len() >= 2, 6)]),
            Concept::WeakCode => points(&[(sentence.places(Concept::WeakCode).len() >= 2, 6)]),
            Concept::Loader => points(&[(foreign_address(&sentence.text), 8)]),
            _ => 0,
        };
        let lighter = if deed.local && holds(&LOCAL) { 16 } else { 0 };
        Some((deed.check, (deed.tenths + more).saturating_sub(lighter)))
    }

    /// Whether the sentence does something with what the one before names: `… is slow. End it.`
    fn refers_back(&self, index: usize, sentence: &Sentence, deed: &Deed) -> bool {
        let spaced = format!(" {}", sentence.open);
        // Japanese leaves the pronoun out.
        let refers = PRONOUNS.iter().any(|word| spaced.contains(word)) || !sentence.open.is_ascii();
        let mut before = self.round(index, 1, 0).skip(1).filter(|(_, other)| other.block == sentence.block);
        refers
            && before.any(|(_, other)| {
                self.has_part(sentence, deed.verb) && self.has_part(other, deed.thing)
                    || self.has_part(sentence, deed.thing) && other.has(deed.verb) && spaced.contains(" its ")
            })
    }

    /// Whether a verb of the act stands beside its thing and is ordered.
    fn with_verb(&self, sentence: &Sentence, deed: &Deed, thing: &Range<usize>) -> bool {
        let things = sentence.places(deed.thing);
        let verbs =
            sentence.places(deed.verb).iter().filter(|verb| self.ordered(sentence, verb) && !possible(sentence, verb));
        let mut near = verbs.filter(|verb| beside(thing, verb, PARTS_REACH_BYTES));
        // A word may be both: `a signature check`.
        near.any(|verb| !things.iter().any(|thing| thing.start <= verb.start && verb.end <= thing.end && thing != verb))
    }

    /// The first place of a part that is no prohibition, quotation or act of others.
    fn part(&self, sentence: &Sentence, concept: Concept) -> Option<Range<usize>> {
        sentence
            .places(concept)
            .iter()
            .find(|place| self.ordered(sentence, place) && !possible(sentence, place))
            .cloned()
    }

    fn has_part(&self, sentence: &Sentence, concept: Concept) -> bool {
        self.part(sentence, concept).is_some()
    }

    /// Something of the house goes out of it.
    fn goes_out(&self, index: usize, sentence: &Sentence) -> Option<(&'static str, u32)> {
        let grave = [Concept::Environ, Concept::Talk, Concept::Secret, Concept::Personal];
        let things = [Concept::Inside, Concept::Inner, Concept::Files];
        let kept = |place: &&Range<usize>| {
            self.ordered(sentence, place) && real_place(sentence, place) && !left_alone(sentence, place)
        };
        let heavy = grave.into_iter().find(|thing| sentence.places(*thing).iter().any(|place| kept(&place)));
        let light = || things.into_iter().find(|thing| self.has_part(sentence, *thing));
        let thing = heavy.or_else(light)?;
        if SPARING.iter().any(|word| sentence.open.contains(word)) {
            return None;
        }
        let declared = self.about.says(&[thing]) && self.about.says(&[Concept::Transfer, Concept::Going]);
        let going = |other: &Sentence| {
            [Concept::Going, Concept::Transfer, Concept::Laying, Concept::Pickup].into_iter().any(|verb| {
                let mut places =
                    other.places(verb).iter().filter(|place| self.ordered(other, place) && !possible(other, place));
                places.any(|place| !theirs(other, place))
            })
        };
        // Where it goes may be told in the next sentence.
        let ahead = self.round(index, 0, TONE_SENTENCES).filter(|(_, other)| other.block == sentence.block);
        let to = ahead.into_iter().find_map(|(_, other)| {
            let address = foreign_address(&other.text) || has_mail_address(&other.open);
            let slotted = heavy.is_some() && other.range == sentence.range && self.has_part(other, Concept::Slot);
            let out = slotted || self.outward(other) || self.place_outside(other, &(0..0));
            let fetched = self.has_part(other, Concept::Pickup);
            (going(other) && (address || out) && say(other) != Say::Yes).then_some((address, fetched))
        });
        let (address, fetched) = to?;
        let carrier = address && CARRIERS.iter().any(|word| sentence.open.contains(word));
        let undeclared = self.about.description.is_some() && !self.about.says(&[Concept::Transfer, Concept::Outside]);
        let grounds = [
            (heavy.is_some(), 16),
            (heavy.is_none(), 12),
            (address, 12),
            (!address, 10),
            (fetched, 8),
            (carrier, 10),
            (undeclared, 4),
        ];
        let sum = points(&grounds);
        Some(("exfiltrates", sum.saturating_sub(if declared { 12 } else { 0 })))
    }

    /// Whether a sentence names a place or party outside that is not the house's own.
    fn outward(&self, sentence: &Sentence) -> bool {
        let own = |place: &Range<usize>| OWN.iter().any(|word| sentence.before(place.start).ends_with(word));
        sentence.places(Concept::Outward).iter().any(|place| self.ordered(sentence, place) && !own(place))
    }

    /// What a page elsewhere says is done.
    fn by_page(&self, index: usize, sentence: &Sentence) -> Option<(&'static str, u32)> {
        self.part(sentence, Concept::Obeyed)?;
        let mut round = self.round(index, 1, 1);
        let address = round.any(|(_, other)| self.address(other) && self.has_part(other, Concept::Page));
        if !address {
            return None;
        }
        let near = |concept| self.round(index, 1, 1).any(|(_, other)| other.has(concept));
        Some(("remote-instructions", points(&[(true, 12), (near(Concept::Varying), 12), (near(Concept::Above), 10)])))
    }
}

/// Whether somebody else does it: `when a supplier sends`.
fn theirs(sentence: &Sentence, verb: &Range<usize>) -> bool {
    let first = sentence.open.get(verb.clone()).unwrap_or_default().split(' ').next().unwrap_or_default();
    ["sends", "posts", "uploads", "submits", "forwards", "shares", "mails", "delivers", "reports", "writes"]
        .contains(&first)
}

/// Whether a thing is said not to be touched: `private keys are never read`.
fn left_alone(sentence: &Sentence, place: &Range<usize>) -> bool {
    let after = sentence.after(place.end);
    let near = after.get(..after.floor_char_boundary(LEFT_REACH_BYTES)).unwrap_or_default();
    [" never ", " not ", " alone"].iter().any(|word| near.contains(word))
}

/// Whether what stands at `place` is said to be possible, and not to be done: `停止もできます`.
fn possible(sentence: &Sentence, place: &Range<usize>) -> bool {
    let after = sentence.after(place.end);
    let near = after.get(..after.floor_char_boundary(POSSIBLE_REACH_BYTES)).unwrap_or_default();
    let done = near.starts_with(['た', 'だ']) && !near.starts_with("だけ");
    done || ["できま", "できる", "可能で", "されてい", "られてい"].iter().any(|word| near.contains(word))
}

/// What the tone adds to an act, in tenths.
fn weight(tone: Tone) -> u32 {
    let kept = match (tone.hush, tone.aside) {
        (true, true) => 22,
        (true, false) => 18,
        (false, true) => 12,
        (false, false) => 0,
    };
    kept + points(&[(tone.pretends, 18), (tone.unbid, 12), (tone.excuse, 8), (tone.beyond, 6), (tone.lingers, 6)])
}

/// The weights of what holds, together.
fn points(points: &[(bool, u32)]) -> u32 {
    points.iter().filter(|(holds, _)| *holds).map(|(_, tenths)| tenths).sum()
}
