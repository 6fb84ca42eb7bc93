//! Devin CLI and Desktop, documentation of November 2026. <https://docs.devin.ai/cli/extensibility/hooks/overview>
//!
//! Whether the decision of Claude Code's form is understood is not known, so that both forms are sent in one object.

use serde_json::json;

use super::tools::{Row, canonical};
use super::{Answer, Told, claude};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, required};
use crate::verdict::Decision;

const NEUTRAL: [&str; 3] = ["Stop", "PostCompaction", "SessionEnd"];

const DECIDED: [&str; 5] = ["PreToolUse", "PostToolUse", "PermissionRequest", "UserPromptSubmit", "SessionStart"];

const TOOLS: &[Row] = &[
    ("exec", "Bash", &[]),
    ("read", "Read", &[("path", "file_path")]),
    ("edit", "Edit", &[("path", "file_path")]),
    ("write", "Write", &[("path", "file_path")]),
    ("notebook_edit", "NotebookEdit", &[]),
    ("grep", "Grep", &[]),
    ("glob", "Glob", &[]),
    ("webfetch", "WebFetch", &[]),
    ("run_subagent", "Task", &[]),
    ("apply_patch", "apply_patch", &[("patch", "command"), ("input", "command")]),
];

/// Whether the event is one of Devin's.
pub(super) fn knows(name: &str) -> bool {
    DECIDED.contains(&name) || NEUTRAL.contains(&name)
}

pub(super) fn read(fields: &Fields) -> Result<Heard, Fault> {
    let name = required(fields, "hook_event_name")?;
    if NEUTRAL.contains(&name) {
        return Ok(Heard::new(Agent::Devin, name, Event::Neutral, fields));
    }
    if !knows(name) {
        return Err(Fault::unknown_event(name));
    }
    let mut heard = claude::read(fields, name, Agent::Devin)?;
    if let Event::Before(call) | Event::Permission(call) | Event::After(call) = &mut heard.event {
        let input = std::mem::take(&mut call.input);
        *call = canonical(&call.tool, input, TOOLS);
    }
    Ok(heard)
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let reason = told.reason;
    match (&heard.event, told.decision) {
        (Event::Before(_), Decision::Ask | Decision::Deny) => Answer::json(&json!({
            "decision": "block",
            "reason": reason,
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": reason,
            },
        })),
        (Event::Permission(_), Decision::Deny) => Answer::json(&json!({"decision": "block", "reason": reason})),
        (Event::Prompt(_), Decision::Ask | Decision::Deny) => Answer::block(reason),
        _ => Answer::silence(),
    }
}
