//! Codex CLI, 0.169.0. <https://developers.openai.com/codex/hooks>
//!
//! An `ask`, an `allow` that changes nothing and a `deny` without a reason are invalid there, and the call runs: an ask is
//! sent as a deny, an allow as silence.

use serde_json::json;

use super::{Answer, Told, claude};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, required};
use crate::verdict::Decision;

/// The events of Codex that ask for no decision.
const NEUTRAL: [&str; 9] = [
    "PreCompact",
    "PostCompact",
    "SubagentStop",
    "Stop",
    "Interrupt",
    "SubagentStart",
    "SessionEnd",
    "PreModelRequest",
    "StopFailure",
];

pub(super) fn read(fields: &Fields) -> Result<Heard, Fault> {
    let name = required(fields, "hook_event_name")?;
    match name {
        "PreToolUse" | "PermissionRequest" | "PostToolUse" | "UserPromptSubmit" | "SessionStart" => {
            claude::read(fields, name, Agent::Codex)
        }
        name if NEUTRAL.contains(&name) => Ok(Heard::new(Agent::Codex, name, Event::Neutral, fields)),
        other => Err(Fault::unknown_event(other)),
    }
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let reason = told.reason;
    match (&heard.event, told.decision) {
        (Event::Before(_), Decision::Ask | Decision::Deny) => Answer::json(&json!({"hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": reason,
        }})),
        (Event::Permission(_), Decision::Deny) => claude::permission_denied(reason),
        (Event::Prompt(_), Decision::Ask | Decision::Deny) => Answer::block(reason),
        _ => Answer::silence(),
    }
}
