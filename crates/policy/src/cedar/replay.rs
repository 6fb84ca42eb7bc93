//! What a new policy set would have decided: past decisions against it, before it goes live.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Compiled;
use crate::decision::Decision;
use crate::request::Request;

/// The longest line of a file of events, in bytes.
pub const MAX_EVENT_BYTES: usize = 1 << 20;
/// The most moved events that are kept one by one.
const MAX_MOVED: usize = 10_000;

/// A past decision, as a line of JSON. Other fields are left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// The requests of the acts of one call, where there were several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// What was decided.
    pub decision: Decision,
    /// The policies that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The version of the policy set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Event {
    /// Reads a line: the event itself, or a record of the Open Cybersecurity Schema Framework that carries it under
    /// `unmapped.yata`.
    ///
    /// # Errors
    ///
    /// Why it is no event.
    pub fn read(line: &str) -> Result<Self, String> {
        if line.len() > MAX_EVENT_BYTES {
            return Err(format!("the line is longer than {MAX_EVENT_BYTES} bytes"));
        }
        let mut value: serde_json::Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if let Some(carried) = value.pointer_mut("/unmapped/yata") {
            value = carried.take();
        }
        let event: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if event.request.is_none() && event.requests.is_empty() {
            return Err("it has neither `request` nor `requests`".to_owned());
        }
        Ok(event)
    }

    fn requests(&self) -> impl Iterator<Item = &Request> {
        self.request.iter().chain(&self.requests)
    }
}

/// Whether a line is a record without a request.
fn decides_nothing(line: &str) -> bool {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(line) else { return false };
    let carried = value.pointer("/unmapped/yata").unwrap_or(&value);
    value.get("class_uid").is_some() && carried.get("request").is_none() && carried.get("requests").is_none()
}

/// An event that would be decided differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The line of the file.
    pub line: usize,
    /// What was decided.
    pub before: Decision,
    /// What would be decided.
    pub after: Decision,
    /// What was asked for, of the act that decides.
    pub action: String,
    /// To which thing.
    pub resource: String,
    /// The policies that decided.
    pub policies_before: Vec<String>,
    /// The policies that would decide.
    pub policies_after: Vec<String>,
}

/// The sums of a replay, and what moved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Replay {
    /// The events that were decided again.
    pub events: usize,
    /// How many moved, by what they were and would be: `("allow", "ask")`.
    #[serde(serialize_with = "pairs")]
    pub moves: BTreeMap<(Decision, Decision), usize>,
    /// How many were allowed, asked and denied, and would be.
    pub before: Sums,
    /// The same under the new set.
    pub after: Sums,
    /// How often each policy would decide an event that moved.
    pub by_policy: BTreeMap<String, usize>,
    /// The events that moved, the first of them.
    pub moved: Vec<Moved>,
    /// Records that decided nothing: a session that began, an input that could not be read. They are skipped.
    pub skipped: usize,
    /// Lines that are no event, with the reason; the first of them.
    pub unread: Vec<(usize, String)>,
    /// How many lines are no event.
    pub unread_count: usize,
    /// How many events of each version of the policy set; empty where the event does not say.
    pub versions: BTreeMap<String, usize>,
}

/// How many of each decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sums {
    /// Allowed.
    pub allow: usize,
    /// Asked.
    pub ask: usize,
    /// Denied.
    pub deny: usize,
}

impl Sums {
    fn add(&mut self, decision: Decision) {
        match decision {
            Decision::Allow => self.allow += 1,
            Decision::Ask => self.ask += 1,
            Decision::Deny => self.deny += 1,
        }
    }
}

fn pairs<S: serde::Serializer>(
    moves: &BTreeMap<(Decision, Decision), usize>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Move {
        before: Decision,
        after: Decision,
        count: usize,
    }
    serializer.collect_seq(moves.iter().map(|((before, after), count)| Move {
        before: *before,
        after: *after,
        count: *count,
    }))
}

impl Replay {
    /// Takes a line of the file.
    pub fn take(&mut self, compiled: &Compiled<'_>, line: usize, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match Event::read(text) {
            Ok(event) => self.event(compiled, line, &event),
            Err(_) if decides_nothing(text) => self.skipped += 1,
            Err(error) => {
                self.unread_count += 1;
                if self.unread.len() < MAX_MOVED {
                    self.unread.push((line, error));
                }
            }
        }
    }

    fn event(&mut self, compiled: &Compiled<'_>, line: usize, event: &Event) {
        let decided = event.requests().map(|request| (compiled.decide(request), request));
        let Some((decided, request)) =
            decided.reduce(|worst, next| if next.0.decision > worst.0.decision { next } else { worst })
        else {
            return;
        };
        let (before, after) = (event.decision, decided.decision);
        self.events += 1;
        self.before.add(before);
        self.after.add(after);
        *self.versions.entry(event.version.clone().unwrap_or_default()).or_default() += 1;
        if before == after {
            return;
        }
        *self.moves.entry((before, after)).or_default() += 1;
        for policy in &decided.policies {
            *self.by_policy.entry(policy.clone()).or_default() += 1;
        }
        if self.moved.len() < MAX_MOVED {
            self.moved.push(Moved {
                line,
                before,
                after,
                action: request.action.name().to_owned(),
                resource: request.resource.clone(),
                policies_before: event.policies.clone(),
                policies_after: decided.policies,
            });
        }
    }
}
