//! What an agent said to the hook, in one form for all agents.

use serde_json::{Map, Value};

use crate::agent::Agent;

/// Most characters of a text that an input names and an answer repeats.
const MAX_NAMED_CHARS: usize = 80;

/// One input of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The agent whose answers are understood: not always the one that the hook was registered for.
    pub agent: Agent,
    /// The event in the agent's own word.
    pub name: String,
    /// What it means.
    pub event: Event,
    /// The session; empty where the agent names none.
    pub session: String,
    /// The sub-agent in whose name it is done.
    pub sub_agent: Option<String>,
    /// The folder in which the agent works.
    pub cwd: Option<String>,
    /// How far the agent may go by itself, in its own word (`bypassPermissions`).
    pub mode: Option<String>,
    /// The id of the call in the agent's transcript.
    pub call_id: Option<String>,
}

/// What an event means to the hook.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A tool is about to run.
    Before(ToolCall),
    /// The agent is about to ask a person about a tool.
    Permission(ToolCall),
    /// A tool has run.
    After(ToolCall),
    /// A person wrote something.
    Prompt(String),
    /// Settings changed while the agent runs.
    Settings {
        /// Which ones, in the agent's word.
        source: String,
        /// The file; empty where it is not named.
        file: String,
    },
    /// A session begins.
    Started,
    /// Known, and nothing to decide.
    Neutral,
}

/// A call of a tool, in the names of Claude Code wherever the agent has an equivalent.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// The tool.
    pub tool: String,
    /// Its input.
    pub input: Value,
}

/// Why an input cannot be answered: the call is blocked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing came.
    #[error("no input")]
    Empty,
    /// More than the limit.
    #[error("input of more than {0} bytes")]
    TooLarge(u64),
    /// It could not be read from standard input, or is no JSON, or is cut short.
    #[error("input is not readable")]
    Unreadable,
    /// JSON, and no object.
    #[error("input is not an object")]
    NotAnObject,
    /// A field is missing, or is of another type.
    #[error("no {0}")]
    Missing(&'static str),
    /// An event that this version does not know.
    #[error("unknown event {0}")]
    UnknownEvent(String),
    /// The settings of the hook cannot be read.
    #[error("settings of the hook that cannot be read: {0}")]
    Settings(String),
    /// The hook itself failed.
    #[error("internal error")]
    Internal,
    /// The answer took longer than [`crate::ANSWER_LIMIT`].
    #[error("no answer in time")]
    Slow,
}

impl Fault {
    /// An event that is not known, its name made fit for a person's eyes.
    #[must_use]
    pub fn unknown_event(name: &str) -> Self {
        Fault::UnknownEvent(crate::say::short(name, MAX_NAMED_CHARS))
    }
}

/// The fields of an input.
pub(crate) type Fields = Map<String, Value>;

/// A text of an input; none where it is missing, empty or no text.
pub(crate) fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The same, owned.
pub(crate) fn owned(fields: &Fields, name: &str) -> Option<String> {
    text(fields, name).map(str::to_owned)
}

/// A text that has to be there.
pub(crate) fn required<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a str, Fault> {
    text(fields, name).ok_or(Fault::Missing(name))
}

/// The input of a tool: an object, or the JSON of one as a text.
///
/// # Errors
/// [`Fault::Missing`] where it is neither: a tool without its input is not understood.
pub(crate) fn tool_input(fields: &Fields, name: &'static str) -> Result<Value, Fault> {
    match fields.get(name) {
        Some(Value::Object(input)) => Ok(Value::Object(input.clone())),
        Some(Value::String(json)) => match serde_json::from_str::<Value>(json) {
            Ok(input @ Value::Object(_)) => Ok(input),
            _ => Err(Fault::Missing(name)),
        },
        _ => Err(Fault::Missing(name)),
    }
}

impl Heard {
    /// An input whose event is `name`, with the fields that most agents call alike.
    pub(crate) fn new(agent: Agent, name: &str, event: Event, fields: &Fields) -> Self {
        Heard {
            agent,
            name: name.to_owned(),
            event,
            session: owned(fields, "session_id").unwrap_or_default(),
            sub_agent: owned(fields, "agent_id"),
            cwd: owned(fields, "cwd"),
            mode: owned(fields, "permission_mode"),
            call_id: owned(fields, "tool_use_id"),
        }
    }

    /// The call that it is about, if it is about one.
    #[must_use]
    pub fn call(&self) -> Option<&ToolCall> {
        match &self.event {
            Event::Before(call) | Event::Permission(call) | Event::After(call) => Some(call),
            _ => None,
        }
    }
}
