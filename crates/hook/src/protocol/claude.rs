//! Claude Code, 2.1.330. <https://code.claude.com/docs/en/hooks>

use serde_json::json;

use super::{Answer, Told, codex, copilot, cursor, devin};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned, required, text, tool_input};
use crate::verdict::Decision;

/// Events that are known and ask for no decision.
const NEUTRAL: [&str; 27] = [
    "PostToolBatch",
    "Notification",
    "UserPromptExpansion",
    "SessionEnd",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "PreModelSwitch",
    "PostModelSwitch",
    "PermissionDenied",
    "Setup",
    "TeammateIdle",
    "TaskCreated",
    "TaskCompleted",
    "Elicitation",
    "ElicitationResult",
    "WorktreeCreate",
    "WorktreeRemove",
    "InstructionsLoaded",
    "CwdChanged",
    "FileChanged",
    "DirectoryAdded",
    "MessageDisplay",
    "PostToolUseFailure",
];

/// Reads an input of a hook that is registered for Claude Code. Other agents call such hooks too: each is told by its
/// fields, and gets the answer that it understands.
pub(super) fn read_any(fields: &Fields) -> Result<Heard, Fault> {
    if fields.contains_key("cursor_version") {
        return cursor::read(fields);
    }
    if fields.contains_key("turn_id") && fields.contains_key("model") {
        return codex::read(fields);
    }
    let name = required(fields, "hook_event_name")?;
    if fields.contains_key("timestamp") && !fields.contains_key("transcript_path") {
        return copilot::read(fields, None);
    }
    if text(fields, "cwd").is_none() && devin::knows(name) {
        return devin::read(fields);
    }
    read(fields, name, Agent::ClaudeCode)
}

/// The events that Claude Code, Codex and Devin call alike.
pub(super) fn read(fields: &Fields, name: &str, agent: Agent) -> Result<Heard, Fault> {
    let call = || -> Result<ToolCall, Fault> {
        Ok(ToolCall { tool: required(fields, "tool_name")?.to_owned(), input: tool_input(fields, "tool_input")? })
    };
    let event =
        match name {
            "PreToolUse" => Event::Before(call()?),
            "PermissionRequest" => Event::Permission(call()?),
            // What came in matters, even where the input is not repeated.
            "PostToolUse" => Event::After(call().unwrap_or_else(|_| ToolCall {
                tool: owned(fields, "tool_name").unwrap_or_default(),
                input: json!({}),
            })),
            "UserPromptSubmit" => Event::Prompt(owned(fields, "prompt").unwrap_or_default()),
            "ConfigChange" => Event::Settings {
                source: owned(fields, "source").unwrap_or_default(),
                file: owned(fields, "file_path").unwrap_or_default(),
            },
            "SessionStart" => Event::Started,
            name if NEUTRAL.contains(&name) => Event::Neutral,
            other => return Err(Fault::unknown_event(other)),
        };
    Ok(Heard::new(agent, name, event, fields))
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let reason = told.reason;
    match (&heard.event, told.decision) {
        (Event::Before(_), Decision::Allow) if !told.outright => Answer::silence(),
        (Event::Before(_), decision) => Answer::json(&json!({"hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": decision.as_str(),
            "permissionDecisionReason": reason,
        }})),
        (Event::Permission(_), Decision::Deny) => permission_denied(reason),
        // Settings cannot be asked about; what the organisation's own policy sets cannot be kept out.
        (Event::Settings { source, .. }, Decision::Ask | Decision::Deny) if source != "policy_settings" => {
            Answer::json(&json!({"decision": "block", "reason": reason}))
        }
        (Event::Prompt(_), Decision::Ask | Decision::Deny) => Answer::json(&json!({
            "decision": "block",
            "reason": reason,
            "hookSpecificOutput": {"hookEventName": "UserPromptSubmit", "suppressOriginalPrompt": true},
        })),
        _ => Answer::silence(),
    }
}

/// The refusal of a question to a person, in the words that Codex shares.
pub(super) fn permission_denied(reason: &str) -> Answer {
    Answer::json(&json!({"hookSpecificOutput": {
        "hookEventName": "PermissionRequest",
        "decision": {"behavior": "deny", "message": reason},
    }}))
}
