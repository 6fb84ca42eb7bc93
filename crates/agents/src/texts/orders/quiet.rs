//! Acts in plain and polite language: internal content where outsiders read, soft judgement, a package beyond the task,
//! another way through the network, more rights. Each is told by what it does and weighed by what makes it odd; what is
//! weak alone counts where the text also wants it unmentioned.

use std::ops::Range;

use super::{Frames, Order, REACH_SENTENCES};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::hosts::{foreign_address, hosts, is_local};
use crate::texts::role::{Role, Say, negated, others_before, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::{self, Concept};

/// An act: the check that it breaks, and its weight in tenths.
type Act = (&'static str, u32);

/// The weight from which an act is a finding of high and of medium severity, and from which on it is one of high severity
/// where the text wants it unmentioned.
const HIGH_TENTHS: u32 = 40;
const MEDIUM_TENTHS: u32 = 30;
const UNMENTIONED_TENTHS: u32 = 20;

impl Frames<'_> {
    /// The heaviest act of a sentence.
    pub(super) fn quiet_act(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let (check, tenths) = self.act(index, sentence)?;
        let unmentioned =
            || self.round(index, REACH_SENTENCES, REACH_SENTENCES).any(|(_, other)| self.unmentioned(other));
        match tenths {
            HIGH_TENTHS.. => self.order(check, index, Severity::High, Confidence::Medium),
            UNMENTIONED_TENTHS.. if unmentioned() => self.order(check, index, Severity::High, Confidence::Medium),
            MEDIUM_TENTHS.. => self.order(check, index, Severity::Medium, Confidence::Low),
            _ => None,
        }
    }

    /// An act is to be passed over in polite words: `there is no need to mention it`.
    pub(super) fn softly_untold(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        if !self.softly(sentence) {
            return None;
        }
        let near = self.round(index, REACH_SENTENCES, 1);
        let heavy = |(at, other): (usize, &Sentence)| {
            self.act(at, other).is_some_and(|(_, tenths)| tenths >= UNMENTIONED_TENTHS)
        };
        let acts = near.into_iter().any(heavy);
        if acts { self.order("conceals", index, Severity::High, Confidence::Medium) } else { None }
    }

    pub(super) fn unmentioned(&self, sentence: &Sentence) -> bool {
        self.softly(sentence) || sentence.places(Concept::Untold).iter().any(|place| self.silence(sentence, place))
    }

    /// Whether something is to be passed over, and not a secret or a matter of form.
    fn softly(&self, sentence: &Sentence) -> bool {
        sentence.places(Concept::Soft).iter().filter(|place| self.ordered(sentence, place)).any(|place| {
            let text = sentence.open.get(place.clone()).unwrap_or_default();
            let after = sentence.after(place.start);
            let near = after.get(..after.floor_char_boundary(NEAR_BYTES)).unwrap_or_default();
            // What is to be said in its place may well be a matter of form.
            let instead = INSTEAD.iter().any(|word| text.contains(word));
            instead || !words::has(Concept::Protects, near) || words::has(Concept::Guarded, near)
        })
    }

    /// Whether what stands at `place`, which may be what a person or a thing does, is no prohibition, quotation or sign of an
    /// attack.
    pub(super) fn ordered(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        let japanese = !sentence.open.get(place.clone()).unwrap_or_default().is_ascii();
        let others = if japanese {
            sentence.has(Concept::Others)
                || self.attack_named(sentence)
                || SOUGHT.iter().any(|word| sentence.open.replace("のではないか", "").contains(word))
        } else {
            others_before(sentence, place)
        };
        self.doc.role(sentence) == Role::Order && !sentence.asks() && !negated(sentence, place) && !others
    }

    /// Whether a word for an attack stands there that is not what a review is about.
    fn attack_named(&self, sentence: &Sentence) -> bool {
        let guarded = sentence.places(Concept::Guarded);
        let about =
            |place: &Range<usize>| guarded.iter().any(|other| other.start <= place.start && place.start < other.end);
        sentence.places(Concept::Attack).iter().any(|place| !about(place))
    }

    fn act(&self, index: usize, sentence: &Sentence) -> Option<Act> {
        if self.user_say(index, sentence) == Say::Yes || say(sentence) == Say::Yes {
            return None;
        }
        let acts = [
            ("exfiltrates", self.lays_open(index, sentence)),
            ("skips-approval", self.judges_softly(index, sentence)),
            ("unpinned-install", self.brings_in(index, sentence)),
            ("reroutes", self.reroutes(index, sentence)),
            ("settings-write", self.widens(index, sentence)),
        ];
        acts.into_iter().filter(|(_, tenths)| *tenths > 0).max_by_key(|(_, tenths)| *tenths)
    }

    /// Content of the team is put where others read it.
    fn lays_open(&self, index: usize, sentence: &Sentence) -> u32 {
        let things = [Concept::Inner, Concept::Environ, Concept::Secret];
        let told: Vec<Concept> = things
            .into_iter()
            .filter(|thing| sentence.places(*thing).iter().any(|place| !self.doc.excused(sentence, place)))
            .collect();
        let strange = || self.round(index, 2, 2).any(|(_, other)| other.has(Concept::Strangers));
        if told.is_empty()
            || !self.tells(sentence, Concept::Laying)
            || !sentence.has(Concept::Board)
            || self.about.says(&things)
        {
            return 0;
        }
        20 + weigh(&[(strange(), 20), (told.len() >= 2, 5), (self.address(sentence), 10)])
    }

    /// Somebody's work is to be judged softly, or what matters to be taken as judged.
    fn judges_softly(&self, index: usize, sentence: &Sentence) -> u32 {
        let places: Vec<&Range<usize>> =
            sentence.places(Concept::Lenient).iter().filter(|place| self.ordered(sentence, place)).collect();
        if places.is_empty() {
            return 0;
        }
        let more = self.round(index, 1, 1).skip(1).map(|(_, other)| self.soft_words(other)).sum::<usize>();
        let told = places.len().saturating_add(more);
        let text = |place: &Range<usize>| sentence.open.get(place.clone()).unwrap_or_default();
        let untrue = places.iter().any(|place| UNTRUE.iter().any(|word| text(place).ends_with(word)));
        let whose = self.round(index, 1, 0).any(|(_, other)| other.has(Concept::Whose));
        let guarded = sentence.has(Concept::Guarded);
        10 + weigh(&[(whose, 10), (guarded, 10), (told >= 2, 10), (untrue, 20)])
    }

    /// How many words of soft judgement a sentence orders.
    fn soft_words(&self, sentence: &Sentence) -> usize {
        sentence.places(Concept::Lenient).iter().filter(|place| self.ordered(sentence, place)).count()
    }

    /// A package comes in beside the task, in no version that anybody chose.
    fn brings_in(&self, index: usize, sentence: &Sentence) -> u32 {
        let refers = [" it", " them", " this", " these"].iter().any(|word| sentence.open.contains(word));
        let before = || self.round(index, 1, 0).skip(1).any(|(_, other)| self.tells(other, Concept::Package));
        let package = self.tells(sentence, Concept::Package) || refers && before();
        if !package || !self.tells(sentence, Concept::Gains) {
            return 0;
        }
        let near = |concept| self.round(index, 1, 2).any(|(_, other)| self.tells(other, concept));
        let besides = near(Concept::Besides) || near(Concept::Anyway);
        let loose = near(Concept::Loose);
        let told = [(loose, 15), (near(Concept::Scripted), 15), (besides, 10), (loose && besides, 10)];
        if told.iter().any(|(holds, _)| *holds) { weigh(&told) + 5 } else { 0 }
    }

    /// Another way through the network, or another whom the machine believes, for more than the task.
    fn reroutes(&self, index: usize, sentence: &Sentence) -> u32 {
        // `Aに設定し、戻さない` denies only what comes last.
        let rewired = self.tells(sentence, Concept::Rewire) || self.lingers(sentence) && sentence.has(Concept::Rewire);
        if !rewired || !self.tells(sentence, Concept::Route) {
            return 0;
        }
        let near = |concept| self.round(index, 1, 2).any(|(_, other)| self.tells(other, concept));
        let lingers = self.round(index, 0, 2).any(|(_, other)| self.lingers(other));
        let unsafe_now = CHECKS_OFF.iter().any(|word| sentence.open.contains(word));
        let plain = sentence.open.contains("http://") && hosts(&sentence.open).any(|host| !is_local(host));
        let widely = near(Concept::Widely);
        let told = [
            (widely, 10),
            (widely && (lingers || unsafe_now), 10),
            (lingers, 10),
            (unsafe_now, 10),
            (plain, 10),
            (foreign_address(&sentence.open), 5),
        ];
        // One of these alone is how networks are set up.
        let odd = lingers || unsafe_now || plain;
        if odd { weigh(&told) + 10 } else { weigh(&told).min(10) + 5 }
    }

    fn lingers(&self, sentence: &Sentence) -> bool {
        sentence.places(Concept::Lingering).iter().any(|place| self.ordered(sentence, place))
    }

    /// More rights than the task has, so that nobody is asked.
    fn widens(&self, index: usize, sentence: &Sentence) -> u32 {
        let configures = self.about.says(&[Concept::Settings, Concept::Widen]);
        if !self.tells(sentence, Concept::Widen) || configures {
            return 0;
        }
        let spares = self.round(index, 1, 1).any(|(_, other)| other.has(Concept::Spares));
        let lingers = self.round(index, 0, 2).any(|(_, other)| self.lingers(other) || other.has(Concept::Later));
        20 + weigh(&[(spares, 15), (lingers, 10), (self.near(index, 1, 1, Concept::Besides), 5)])
    }
}

/// Words behind a result that is not the true one.
const UNTRUE: [&str; 6] = ["even", "although", "though", "whatever", "regardless", "anyway"];
/// Words by which something else is to be said.
const INSTEAD: [&str; 16] = [
    "simply",
    "just",
    "only",
    "merely",
    "enough",
    "sufficient",
    "fine",
    " as ",
    "heading",
    "title",
    "だけ",
    "程度",
    "として",
    "扱い",
    "label",
    "under ",
];
/// Words by which Japanese sentences tell to look for something.
const SOUGHT: [&str; 7] = ["ないか", "かどうか", "検知", "検出", "見つけ", "警告", "拒否"];
/// How far behind a soft word its subject may stand, in bytes.
const NEAR_BYTES: usize = 110;
/// Ways to say that certificates and keys are not looked at any more.
const CHECKS_OFF: [&str; 24] = [
    "strict-ssl",
    "sslverify",
    "reject_unauthorized",
    "stricthostkeychecking",
    "trusted-host",
    "accept its certificate",
    "accept the certificate",
    "accept any certificate",
    "ignore certificate",
    "ignore the certificate",
    "certificate checks off",
    "certificate check off",
    "certificate verification off",
    "certificate errors",
    "certificate warnings",
    "without certificate",
    "verify=false",
    "new host key",
    "changed host key",
    "検証を無効",
    "検証をオフ",
    "検証を外",
    "検証を切",
    "検証は不要",
];

/// The weights of what holds, together.
fn weigh(points: &[(bool, u32)]) -> u32 {
    points.iter().filter(|(holds, _)| *holds).map(|(_, tenths)| tenths).sum()
}
