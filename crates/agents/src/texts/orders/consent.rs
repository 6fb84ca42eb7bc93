//! A question to the user is left out, or a consent is invented.

use std::ops::Range;

use super::{Frames, HIGH_TENTHS, MEDIUM_TENTHS, Order, ends_in_denial, passive};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::markdown::BlockKind;
use crate::texts::marks::Mark;
use crate::texts::role::{Role, Say, others_before, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::Concept;

impl Frames<'_> {
    /// A question to the user is left out, or a consent is invented.
    pub(super) fn asks_not(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        if let Some(flagged) = self.flagged(index, sentence) {
            return Some(flagged);
        }
        if let Some(place) = self.told(sentence, Concept::Disable).filter(|place| !self.mentions(sentence, place)) {
            let before = sentence.before(place.start);
            let option = [
                "enable or ",
                "whether to ",
                "set to ",
                "allows you to ",
                "option to ",
                "flag to ",
                "able to ",
                "possible to ",
                "how to ",
                "to enable/",
            ]
            .iter()
            .any(|word| before.contains(word));
            if option || passive(sentence, &place) {
                return None;
            }
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
    pub(super) fn flagged(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let code = self.doc.block(sentence).is_some_and(|block| matches!(block.kind, BlockKind::Code { .. }));
        let told = |place: &&Range<usize>| {
            let before = sentence.before(place.start);
            let barred = ["disable", "disallow", "forbid", "deny", "block", "reject", "無効", "禁止"]
                .iter()
                .any(|word| before.contains(word));
            let used = code
                || Mark::Uses
                    .list()
                    .iter()
                    .any(|word| before.contains(word) || sentence.after(place.end).contains(word));
            used && !barred
                && !passive(sentence, place)
                && !self.doc.excused(sentence, place)
                && !self.mentions(sentence, place)
        };
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
        let other = other || asked_to_do(window);
        let excused = self.doc.role(sentence) != Role::Order || sentence.asks() || others_before(sentence, place);
        !(denied || other || excused || passive(sentence, place))
    }

    fn invented(&self, sentence: &Sentence, place: &Range<usize>) -> bool {
        let before = sentence.before(place.start);
        let conditional = Mark::Conditions.list().iter().any(|word| before.contains(word));
        !conditional && !self.doc.excused(sentence, place)
    }
}

/// Whether somebody is asked to do something, and not whether something may be done: `ask the user to paste one`.
fn asked_to_do(asking: &str) -> bool {
    let whom = ["user to ", "users to ", "them to ", "person to ", "people to ", "customer to ", "reader to "];
    let says_yes = ["confirm", "approve", "allow", "agree", "decide", "check", "review", "sign", "accept", "permit"];
    let says_yes = |verb: &str| {
        says_yes
            .iter()
            .chain(&["validate", "verify", "ok", "say", "choose", "look", "answer"])
            .any(|yes| verb.starts_with(yes))
    };
    whom.iter().find_map(|word| asking.split_once(word)).is_some_and(|(_, verb)| !says_yes(verb))
}
