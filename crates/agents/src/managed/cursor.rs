//! Cursor: the enterprise `hooks.json`. All else is set in the team's dashboard, not in a file.
//!
//! Source: <https://cursor.com/docs/hooks>, <https://cursor.com/docs/enterprise>.

use super::{Given, IssuedFile, list, map, number, text, truth, write};
use crate::agent::Agent;
use crate::read::Format;

/// Events before a deed; a shell command fires the first of them too.
const EVENTS: [&str; 3] = ["preToolUse", "beforeMCPExecution", "beforeReadFile"];

pub(super) fn files(given: &Given<'_>) -> Vec<IssuedFile> {
    let path = given.path(
        "/etc/cursor/hooks.json",
        "/Library/Application Support/Cursor/hooks.json",
        "C:/ProgramData/Cursor/hooks.json",
    );
    let handler = map(vec![
        ("command", text(given.hook_line(Agent::Cursor))),
        ("timeout", number(given.organisation.hook_timeout_seconds)),
        ("failClosed", truth(true)),
    ]);
    let hooks = EVENTS.iter().map(|event| (*event, list(vec![handler.clone()]))).collect();
    let tree = map(vec![("version", number(1)), ("hooks", map(hooks))]);
    vec![IssuedFile { agent: Agent::Cursor, path, text: write::json(&tree), format: Format::Json }]
}
