//! What stays after the task: notes, settings, programs that start, packages and what is made.

use super::{Frames, Order, REACH_SENTENCES, beside, passive};
use crate::texts::finding::{Confidence, Severity};
use crate::texts::hosts::foreign_address;
use crate::texts::marks::Mark;
use crate::texts::role::{Role, Say, say};
use crate::texts::sentence::Sentence;
use crate::texts::words::{self, Concept};

impl Frames<'_> {
    /// A note for later sessions that takes their caution away.
    pub(super) fn outlives(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let memory = self.told(sentence, Concept::Memory)?;
        self.told(sentence, Concept::Noting)?;
        if say(sentence) == Say::Yes {
            return None;
        }
        let loaded = self.round(index, 1, REACH_SENTENCES).any(|(other, found)| {
            let text = &found.text;
            let has = |concept| words::has(concept, text);
            let runs = has(Concept::Running) && has(Concept::Program) && (has(Concept::Later) || has(Concept::Routine))
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
                    || has(Concept::Untold) && has(Concept::Audience)
                    || has(Concept::Lenient)
                    || has(Concept::Widen)
                    || has(Concept::Route) && (has(Concept::Widely) || has(Concept::Lingering)))
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
    pub(super) fn changes_agent(&self, index: usize, sentence: &Sentence) -> Option<Order> {
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
    pub(super) fn plants(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        let place = sentence.places(Concept::Startup).iter().find(|place| !self.doc.excused(sentence, place))?;
        sentence
            .places(Concept::Planting)
            .iter()
            .find(|verb| !self.doc.excused(sentence, verb) && beside(verb, place, 90) && !passive(sentence, verb))?;
        let named = self.about.says(&[Concept::Startup])
            || self.about.description.is_some_and(|description| {
                Mark::StartsByItself.list().iter().any(|word| description.text.contains(word))
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
    pub(super) fn obeys_elsewhere(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        self.told(sentence, Concept::Obeying)?;
        let source = self.round(index, 1, 0).find(|(_, other)| {
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

    /// A program is fetched and run, in words: `get the archive, unpack it, let its script do the work`.
    pub(super) fn runs_fetched(&self, index: usize, sentence: &Sentence) -> Option<Order> {
        self.told(sentence, Concept::Fetching)?;
        let ends = sentence.open.match_indices("://").any(|(at, _)| {
            let (before, rest) = (sentence.before(at), sentence.after(at + 3));
            let address = rest.split([' ', ')', '>', '"', '、', '。']).next().unwrap_or_default();
            let path =
                address.split_once('/').map(|(_, path)| path.trim_end_matches(['.', ',', ';'])).unwrap_or_default();
            let refers = before.trim_end_matches(char::is_alphabetic).ends_with("](");
            !refers && Mark::ProgramEnds.list().iter().any(|end| path.ends_with(end))
        });
        let checked = Mark::Verifies.list().iter().any(|word| sentence.open.contains(word));
        let run = |found: &Sentence| {
            self.tells(found, Concept::Running) || Mark::DoesItsWork.list().iter().any(|word| found.open.contains(word))
        };
        let runs = self.round(index, 0, 1).any(|(_, found)| run(found));
        if !foreign_address(&sentence.open) || !ends || !runs || checked || self.user_say(index, sentence) == Say::Yes {
            return None;
        }
        self.order("pipe-shell", index, Severity::High, Confidence::Medium)
    }

    /// Packages are taken from an address that the text names.
    pub(super) fn swaps(&self, index: usize, sentence: &Sentence) -> Option<Order> {
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
    pub(super) fn weakens(&self, index: usize, sentence: &Sentence) -> Option<Order> {
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
