//! Hooks: which events they hang on and what they run.

use crate::agent::{Agent, Scope};
use crate::known::{Document, Known};
use crate::lang::words;
use crate::places::Role;
use crate::tree::{Entry, Node, Span, Value};

/// A hook as a file declares it.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The number of its document in [`Known::documents`].
    pub document: usize,
    /// The agent.
    pub agent: Agent,
    /// Whose word it has.
    pub scope: Scope,
    /// The event, as written.
    pub event: String,
    /// The handler.
    pub raw: Node,
    /// What surrounds the handler: its matcher.
    pub group: Node,
    /// The handler's place.
    pub span: Span,
    /// The place of the event's name.
    pub event_span: Span,
}

/// Events whose hooks can stop what an agent is about to do, without blanks, dashes and capitals.
const GUARDS: [&str; 12] = [
    "pretooluse",
    "permissionrequest",
    "userpromptsubmit",
    "beforetool",
    "beforeshellexecution",
    "beforemcpexecution",
    "beforereadfile",
    "beforesubmitprompt",
    "preruncommand",
    "prereadcode",
    "prewritecode",
    "premcptooluse",
];

/// Every declared hook.
#[must_use]
pub(crate) fn hooks(known: &Known) -> Vec<Hook> {
    let mut out = Vec::new();
    for (at, document) in known.documents.iter().enumerate() {
        let Some(root) = &document.root else { continue };
        match document.role {
            Role::Settings | Role::Skill | Role::Subagent | Role::Command | Role::Plugin => {
                events(at, document, root.get("hooks"), &mut out);
            }
            Role::Hooks => {
                events(at, document, Some(root.get("hooks").unwrap_or(root)), &mut out);
                // Antigravity: events under names of one's own.
                let named = root
                    .entries()
                    .iter()
                    .filter(|entry| matches!(entry.value.value, Value::Map(_)) && entry.key != "hooks");
                named.for_each(|entry| events(at, document, Some(&entry.value), &mut out));
            }
            _ => {}
        }
    }
    out
}

fn events(at: usize, document: &Document, events: Option<&Node>, out: &mut Vec<Hook>) {
    for event in events.map(Node::entries).unwrap_or_default() {
        for group in event.value.items() {
            let handlers: Vec<&Node> =
                group.get("hooks").map_or_else(|| vec![group], |inner| inner.items().iter().collect());
            out.extend(
                handlers
                    .into_iter()
                    .filter(|node| !node.entries().is_empty())
                    .map(|raw| hook(at, document, event, group, raw)),
            );
        }
    }
}

fn hook(at: usize, document: &Document, event: &Entry, group: &Node, raw: &Node) -> Hook {
    Hook {
        document: at,
        agent: document.agent,
        scope: document.scope,
        event: event.key.clone(),
        raw: raw.clone(),
        group: group.clone(),
        span: raw.span,
        event_span: event.key_span,
    }
}

impl Hook {
    /// The command: a program, or a line for a shell.
    #[must_use]
    pub fn command(&self) -> Option<&Node> {
        ["command", "bash", "exec", "powershell", "commandWindows"].iter().find_map(|key| self.raw.get(key))
    }

    /// Command and arguments as one line.
    #[must_use]
    pub fn line(&self) -> String {
        let command = self.command().and_then(Node::as_text).into_iter();
        let args = self.raw.get("args").map(Node::texts).unwrap_or_default();
        command.chain(args).collect::<Vec<_>>().join(" ")
    }

    /// The program with its path, as written.
    #[must_use]
    pub fn program(&self) -> String {
        let command = self.command().and_then(Node::as_text).unwrap_or_default();
        if self.raw.get("args").is_some() {
            return command.to_owned();
        }
        words::split(command).into_iter().next().unwrap_or_default()
    }

    /// Whether it can stop what the agent is about to do.
    #[must_use]
    pub fn guards(&self) -> bool {
        let event: String =
            self.event.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        GUARDS.contains(&&*event)
    }

    /// The kind of handler; `command` where nothing is said.
    #[must_use]
    pub fn kind(&self) -> &str {
        let url = self.raw.get("url").is_some() && self.command().is_none();
        self.raw.get("type").and_then(Node::as_text).unwrap_or(if url { "http" } else { "command" })
    }
}
