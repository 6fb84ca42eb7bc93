//! What an entry of the log says: an OCSF event of the crate `ledger`, with texts that a redactor has seen.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use yata_ledger::entry::{Act, Entry, Thing, Who};

use super::MAX_ENTRY_BYTES;

use crate::agent::Agent;

/// Counts the entries of this process, so that no two have one id.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The call may run.
    Allowed,
    /// A person is asked.
    Asked,
    /// The call was refused.
    Denied,
    /// The input could not be answered, and the call was refused.
    Failed,
    /// A session began.
    Started,
}

impl Outcome {
    /// The name of the act in the log.
    #[must_use]
    pub fn act(self) -> &'static str {
        match self {
            Outcome::Allowed => "hook.allowed",
            Outcome::Asked => "hook.asked",
            Outcome::Denied => "hook.denied",
            Outcome::Failed => "hook.failed",
            Outcome::Started => "hook.started",
        }
    }
}

/// What is to be logged. Its texts are redacted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Milliseconds since 1970.
    pub time_ms: i64,
    /// The agent.
    pub agent: Agent,
    /// How it ended.
    pub outcome: Outcome,
    /// The kind of what it was about: the name of the tool, or `prompt`, `settings`.
    pub kind: String,
    /// What it was about: the command, the file, the address.
    pub target: String,
    /// The id of the call in the transcript of the agent; empty where it has none.
    pub call: String,
    /// Why.
    pub why: String,
    /// Further facts by name; those without a value are left out.
    pub facts: Vec<(&'static str, String)>,
    /// What a replay with another policy needs (`unmapped.yata`); nothing where no policy decided.
    pub replay: Option<Value>,
}

/// The bytes of the entry, one line.
#[must_use]
pub fn entry(happened: &Happened) -> Vec<u8> {
    let refused = matches!(happened.outcome, Outcome::Denied | Outcome::Failed);
    let who = Who::token(happened.agent.as_str(), happened.agent.as_str());
    let thing = Thing::new(&happened.kind, &happened.call, &happened.target);
    let facts = happened.facts.iter().filter(|(_, value)| !value.is_empty());
    let facts: Vec<(&str, &str)> = facts.map(|(name, value)| (*name, value.as_str())).collect();
    let act = Act::new(&uid(happened.time_ms), happened.time_ms, who).because(&happened.why);
    let entry = act.told(happened.outcome.act(), !refused, &[thing], &facts);
    let carried = happened.replay.as_ref().and_then(|replay| carrying(&entry, replay));
    carried.unwrap_or_else(|| bytes(&entry))
}

/// The entry with what OCSF has no place for, where that fits.
fn carrying(entry: &Entry, replay: &Value) -> Option<Vec<u8>> {
    let mut value = serde_json::to_value(entry).ok()?;
    let unmapped = value.as_object_mut()?.entry("unmapped").or_insert_with(|| json!({}));
    unmapped.as_object_mut()?.insert("yata".to_owned(), replay.clone());
    serde_json::to_vec(&value).ok().filter(|bytes| bytes.len() <= MAX_ENTRY_BYTES)
}

/// An entry about the log itself.
pub(super) fn of_the_log(what: &str, time_ms: i64, facts: &[(&str, &str)]) -> Vec<u8> {
    bytes(&Act::new(&uid(time_ms), time_ms, Who::system("yata-hook")).told(what, true, &[], facts))
}

fn bytes(entry: &Entry) -> Vec<u8> {
    // INVARIANT: what `Act` makes is below the limit; were it not, an entry without words is better than none.
    entry.to_bytes().unwrap_or_else(|_| b"{}".to_vec())
}

/// Unique on the machine: time, process, count.
fn uid(time_ms: i64) -> String {
    format!("{time_ms:x}-{:x}-{:x}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
