//! The protocols of the agents: one module each, JSON in, exact bytes out. Nothing here touches the world.
//!
//! Source: `docs/agents/hooks.md`, which names the version that each was checked against.

mod amazon_q;
mod antigravity;
mod claude;
mod codex;
mod copilot;
mod cursor;
mod devin;
mod gemini;
pub(crate) mod tools;
mod windsurf;

use serde_json::Value;
use yata_words::Lang;

use crate::agent::Agent;
use crate::heard::{Fault, Fields, Heard};
use crate::say::say;
use crate::verdict::{Decision, Verdict};

/// The exit code that every agent but one takes for a block.
pub const EXIT_BLOCK: u8 = 2;

/// Most characters of a reason that an agent is told.
const MAX_REASON_CHARS: usize = 1000;

/// What the hook prints, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// For standard output.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
    /// The exit code.
    pub code: u8,
}

impl Answer {
    /// Exit code 0 and not a word.
    pub(crate) fn silence() -> Self {
        Answer::default()
    }

    /// Exit code 0 and a document on standard output.
    pub(crate) fn json(document: &Value) -> Self {
        Answer { stdout: document.to_string(), ..Answer::default() }
    }

    /// Exit code 2 with a reason on standard error.
    pub(crate) fn block(reason: &str) -> Self {
        Answer { stderr: reason.to_owned(), code: EXIT_BLOCK, ..Answer::default() }
    }
}

/// A verdict in words: the decision and the reason as the agent is told it.
pub(crate) struct Told<'a> {
    pub(crate) decision: Decision,
    /// Never empty.
    pub(crate) reason: &'a str,
    /// An allow is to save the person the agent's own question.
    pub(crate) outright: bool,
}

impl Told<'_> {
    pub(crate) fn allows(&self) -> bool {
        self.decision == Decision::Allow
    }
}

/// Reads an input. `event` is the event named on the command line, for agents whose input does not name it.
///
/// # Errors
/// All of [`Fault`] but [`Fault::TooLarge`]: the call has to be blocked.
pub fn read(agent: Agent, input: &[u8], event: Option<&str>) -> Result<Heard, Fault> {
    if input.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    // INVARIANT: serde_json refuses more than 128 levels, invalid UTF-8, lone surrogates and anything behind the value.
    let value: Value = serde_json::from_slice(input).map_err(|_| Fault::Unreadable)?;
    let Value::Object(fields) = value else { return Err(Fault::NotAnObject) };
    match agent {
        Agent::ClaudeCode => claude::read_any(&fields),
        Agent::Codex => codex::read(&fields),
        Agent::Cursor => cursor::read(&fields),
        Agent::Gemini => gemini::read(&fields),
        Agent::Copilot => copilot::read(&fields, event),
        Agent::Windsurf => windsurf::read(&fields),
        Agent::Devin => devin::read(&fields),
        Agent::Antigravity => antigravity::read(&fields, event),
        Agent::AmazonQ => amazon_q::read(&fields),
    }
}

/// The answer to an input. `outright`: an allow also saves the person the agent's own question, where the agent can.
#[must_use]
pub fn answer(heard: &Heard, verdict: &Verdict, outright: bool, lang: Lang) -> Answer {
    let reason = reason(heard.agent, verdict, lang);
    let told = Told { decision: verdict.decision, reason: &reason, outright };
    match heard.agent {
        Agent::ClaudeCode => claude::answer(heard, &told),
        Agent::Codex => codex::answer(heard, &told),
        Agent::Cursor => cursor::answer(heard, &told),
        Agent::Gemini => gemini::answer(heard, &told),
        Agent::Copilot => copilot::answer(heard, &told),
        Agent::Windsurf => windsurf::answer(heard, &told),
        Agent::Devin => devin::answer(heard, &told),
        Agent::Antigravity => antigravity::answer(heard, &told),
        Agent::AmazonQ => amazon_q::answer(heard, &told),
    }
}

/// The answer to what could not be answered: a block, in the form that the agent surely understands.
#[must_use]
pub fn fault(agent: Agent, fault: &Fault, lang: Lang) -> Answer {
    let reason = words(fault, lang);
    match agent {
        Agent::Cursor => Answer { code: EXIT_BLOCK, ..Answer::default() },
        Agent::Antigravity => antigravity::fault(&reason),
        _ => Answer::block(&reason),
    }
}

/// A fault in words.
pub(crate) fn words(fault: &Fault, lang: Lang) -> String {
    match fault {
        Fault::Empty => say(lang, "hook-say-empty", &[]),
        Fault::TooLarge(bytes) => say(lang, "hook-say-too-large", &[("bytes", &bytes.to_string())]),
        Fault::Unreadable => say(lang, "hook-say-unreadable", &[]),
        Fault::NotAnObject => say(lang, "hook-say-not-an-object", &[]),
        Fault::Missing(field) => say(lang, "hook-say-missing", &[("field", field)]),
        Fault::UnknownEvent(event) => say(lang, "hook-say-unknown-event", &[("event", event)]),
        Fault::Settings(problem) => {
            let problem = crate::say::short(problem, MAX_REASON_CHARS);
            say(lang, "hook-say-settings", &[("problem", &problem)])
        }
        Fault::Internal => say(lang, "hook-say-internal", &[]),
        Fault::Slow => say(lang, "hook-say-slow", &[]),
    }
}

/// Why, for the agent and the person: never empty, since some agents run a call that is refused without a reason.
fn reason(agent: Agent, verdict: &Verdict, lang: Lang) -> String {
    let why = crate::say::short(verdict.reason.trim(), MAX_REASON_CHARS);
    let policies = crate::say::short(&verdict.policies.join(", "), MAX_REASON_CHARS);
    let why = match (verdict.decision == Decision::Ask && !agent.can_ask(), why.is_empty()) {
        (true, true) => say(lang, "hook-say-needs-person", &[]),
        (true, false) => say(lang, "hook-say-needs-person-because", &[("why", &why)]),
        (false, _) => why,
    };
    match (why.is_empty(), policies.is_empty()) {
        (false, true) => why,
        (false, false) => say(lang, "hook-say-by-policy", &[("why", &why), ("policy", &policies)]),
        (true, false) => say(lang, "hook-say-policy", &[("policy", &policies)]),
        (true, true) => say(lang, "hook-say-not-allowed", &[]),
    }
}

/// The folder of a call: a folder that its input names, under the one that the agent works in where it is relative.
pub(crate) fn folder(cwd: Option<String>, named: Option<&str>) -> Option<String> {
    match (cwd, named) {
        (cwd, None) => cwd,
        (_, Some(named)) if named.starts_with('/') => Some(named.to_owned()),
        (Some(cwd), Some(named)) => Some(format!("{}/{named}", cwd.trim_end_matches('/'))),
        (None, Some(_)) => None,
    }
}

/// A text among the fields of a JSON value.
pub(crate) fn inner<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The fields below a name; empty where there are none.
pub(crate) fn below<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a Fields, Fault> {
    fields.get(name).and_then(Value::as_object).ok_or(Fault::Missing(name))
}
