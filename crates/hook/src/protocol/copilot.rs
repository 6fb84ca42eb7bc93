//! GitHub Copilot (CLI 1.0.102, cloud agent, VS Code). <https://docs.github.com/en/copilot/reference/hooks-reference>
//!
//! The spelling of the event at registration chooses the input: camelCase inputs do not name their event, PascalCase ones
//! do and have the fields of Claude Code.

use serde_json::{Value, json};

use super::tools::{Row, canonical};
use super::{Answer, Told};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned, required, text, tool_input};
use crate::verdict::Decision;

const NEUTRAL: [&str; 20] = [
    "sessionEnd",
    "userPromptTransformed",
    "postToolUseFailure",
    "preCompact",
    "agentStop",
    "subagentStart",
    "subagentStop",
    "notification",
    "errorOccurred",
    "SessionEnd",
    "UserPromptTransformed",
    "PostToolUseFailure",
    "PreCompact",
    "AgentStop",
    "Stop",
    "SubagentStart",
    "SubagentStop",
    "Notification",
    "ErrorOccurred",
    "PostCompact",
];

/// The tools of the CLI, and those of the older harness of VS Code.
const TOOLS: &[Row] = &[
    ("bash", "Bash", &[]),
    ("powershell", "Bash", &[]),
    ("run_in_terminal", "Bash", &[]),
    ("view", "Read", &[("path", "file_path")]),
    ("read_file", "Read", &[("filePath", "file_path")]),
    ("create", "Write", &[("path", "file_path"), ("file_text", "content")]),
    ("create_file", "Write", &[("filePath", "file_path")]),
    ("edit", "Edit", &[("path", "file_path"), ("old_str", "old_string"), ("new_str", "new_string")]),
    (
        "replace_string_in_file",
        "Edit",
        &[("filePath", "file_path"), ("oldString", "old_string"), ("newString", "new_string")],
    ),
    ("Write", "Write", &[("path", "file_path"), ("file_text", "content")]),
    ("Read", "Read", &[("path", "file_path")]),
    ("Edit", "Edit", &[("path", "file_path"), ("old_str", "old_string"), ("new_str", "new_string")]),
    ("apply_patch", "apply_patch", &[("input", "command"), ("patch", "command")]),
    ("grep", "Grep", &[]),
    ("rg", "Grep", &[]),
    ("glob", "Glob", &[]),
    ("list_dir", "LS", &[]),
    ("web_fetch", "WebFetch", &[]),
    ("web_search", "WebSearch", &[]),
    ("task", "Task", &[]),
    ("read_bash", "BashOutput", &[]),
    ("stop_bash", "KillShell", &[]),
    ("update_todo", "TodoWrite", &[]),
];

pub(super) fn read(fields: &Fields, named: Option<&str>) -> Result<Heard, Fault> {
    let name = match text(fields, "hook_event_name").or(named).or_else(|| told_by_fields(fields)) {
        Some(name) => name,
        None => return Err(Fault::Missing("hook_event_name")),
    };
    let event = match name {
        "preToolUse" | "PreToolUse" => Event::Before(tool(fields)?),
        "permissionRequest" | "PermissionRequest" => Event::Permission(tool(fields)?),
        "postToolUse" | "PostToolUse" => Event::After(tool(fields)?),
        "userPromptSubmitted" | "UserPromptSubmit" => Event::Prompt(owned(fields, "prompt").unwrap_or_default()),
        "sessionStart" | "SessionStart" => Event::Started,
        name if NEUTRAL.contains(&name) => Event::Neutral,
        other => return Err(Fault::unknown_event(other)),
    };
    let mut heard = Heard::new(Agent::Copilot, name, event, fields);
    if heard.session.is_empty() {
        heard.session = owned(fields, "sessionId").unwrap_or_default();
    }
    Ok(heard)
}

/// The event of an input that does not name it.
fn told_by_fields(fields: &Fields) -> Option<&'static str> {
    let has = |name: &str| fields.contains_key(name);
    match (has("toolName"), has("toolArgs"), has("toolInput"), has("toolResult")) {
        (true, _, _, true) => Some("postToolUse"),
        (true, true, _, false) => Some("preToolUse"),
        (true, false, true, false) => Some("permissionRequest"),
        (false, ..) if has("error") => Some("errorOccurred"),
        (false, ..) if has("prompt") => Some("userPromptSubmitted"),
        _ => None,
    }
}

fn tool(fields: &Fields) -> Result<ToolCall, Fault> {
    let name = match text(fields, "toolName") {
        Some(name) => name,
        None => required(fields, "tool_name")?,
    };
    let of = ["toolArgs", "toolInput", "tool_input"].into_iter().find(|of| fields.contains_key(*of));
    let input = match of {
        Some(of) => tool_input(fields, of)?,
        None => return Err(Fault::Missing("toolArgs")),
    };
    // Several addresses in one call: one is understood, more are asked about under the tool's own name.
    if name == "fetch_webpage"
        && let Some([Value::String(url)]) = input.get("urls").and_then(Value::as_array).map(Vec::as_slice)
    {
        return Ok(ToolCall { tool: "WebFetch".to_owned(), input: json!({"url": url}) });
    }
    Ok(canonical(name, input, TOOLS))
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let reason = told.reason;
    match (&heard.event, told.decision) {
        (Event::Before(_), Decision::Allow) if !told.outright => Answer::json(&json!({})),
        (Event::Before(_), decision) => {
            Answer::json(&json!({"permissionDecision": decision.as_str(), "permissionDecisionReason": reason}))
        }
        (Event::Permission(_), Decision::Deny) => Answer::json(&json!({"behavior": "deny", "message": reason})),
        _ => Answer::json(&json!({})),
    }
}
