//! Cursor, 3.23.0. <https://cursor.com/docs/hooks>
//!
//! Silence blocks under `failClosed`, so there is always an answer; an `ask` is not enforced, so it is sent as a deny.

use serde_json::{Value, json};

use super::tools::{self, Row, canonical};
use super::{Answer, Told, folder, inner};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned, required, text, tool_input};
use crate::verdict::Decision;

const NEUTRAL: [&str; 13] = [
    "sessionEnd",
    "postToolUseFailure",
    "subagentStart",
    "subagentStop",
    "afterFileEdit",
    "afterTabFileEdit",
    "preCompact",
    "stop",
    "afterAgentResponse",
    "afterAgentThought",
    "workspaceOpen",
    "afterShellExecution",
    "sessionStart",
];

const TOOLS: &[Row] = &[
    ("Shell", "Bash", &[]),
    ("Read", "Read", &[("path", "file_path"), ("target_file", "file_path")]),
    ("Write", "Write", &[("path", "file_path"), ("contents", "content")]),
    ("Grep", "Grep", &[]),
    ("Task", "Task", &[]),
];

pub(super) fn read(fields: &Fields) -> Result<Heard, Fault> {
    let name = required(fields, "hook_event_name")?;
    let event = match name {
        "preToolUse" => Event::Before(tool(fields)?),
        "beforeShellExecution" => {
            let command = required(fields, "command")?;
            Event::Before(ToolCall { tool: "Bash".to_owned(), input: json!({"command": command}) })
        }
        "beforeMCPExecution" => Event::Before(mcp(fields)?),
        "beforeReadFile" | "beforeTabFileRead" => {
            let path = required(fields, "file_path")?;
            Event::Before(ToolCall { tool: "Read".to_owned(), input: json!({"file_path": path}) })
        }
        "afterMCPExecution" => Event::After(mcp(fields)?),
        "postToolUse" => Event::After(tool(fields)?),
        "beforeSubmitPrompt" => Event::Prompt(owned(fields, "prompt").unwrap_or_default()),
        name if NEUTRAL.contains(&name) => Event::Neutral,
        other => return Err(Fault::unknown_event(other)),
    };
    let mut heard = Heard::new(Agent::Cursor, name, event, fields);
    heard.session = owned(fields, "conversation_id").unwrap_or_default();
    let root = fields.get("workspace_roots").and_then(|roots| roots.get(0)).and_then(Value::as_str).map(str::to_owned);
    let named = fields.get("tool_input").and_then(|input| inner(input, "working_directory"));
    heard.cwd = folder(heard.cwd.or(root), named);
    Ok(heard)
}

fn tool(fields: &Fields) -> Result<ToolCall, Fault> {
    let name = required(fields, "tool_name")?;
    let input = tool_input(fields, "tool_input")?;
    if let Some(tool) = name.strip_prefix("MCP:") {
        return Ok(ToolCall { tool: tools::mcp("cursor", tool).unwrap_or_else(|| name.to_owned()), input });
    }
    if name == "Delete" {
        let path = inner(&input, "file_path").or_else(|| inner(&input, "path")).unwrap_or_default();
        if let Some(input) = tools::deletion(path) {
            return Ok(ToolCall { tool: "apply_patch".to_owned(), input });
        }
    }
    Ok(canonical(name, input, TOOLS))
}

/// The input names the tool, and of the server the address or the program only.
fn mcp(fields: &Fields) -> Result<ToolCall, Fault> {
    let tool = required(fields, "tool_name")?;
    let host = text(fields, "url").and_then(|url| url.split("//").nth(1)?.split(['/', ':', '?', '#']).next());
    let server: String = host.unwrap_or("cursor").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let name = tools::mcp(&server, tool).unwrap_or_else(|| format!("MCP:{tool}"));
    Ok(ToolCall { tool: name, input: tool_input(fields, "tool_input").or_else(|_| without_input(fields))? })
}

/// A tool without parameters may come with an empty text.
fn without_input(fields: &Fields) -> Result<Value, Fault> {
    match fields.get("tool_input") {
        None | Some(Value::Null) => Ok(json!({})),
        Some(Value::String(empty)) if empty.is_empty() => Ok(json!({})),
        _ => Err(Fault::Missing("tool_input")),
    }
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let reason = told.reason;
    let refused = told.decision != Decision::Allow;
    let reads = matches!(heard.name.as_str(), "beforeReadFile" | "beforeTabFileRead");
    Answer::json(&match &heard.event {
        Event::Before(_) if refused && reads => json!({"permission": "deny", "user_message": reason}),
        Event::Before(_) if refused => json!({"permission": "deny", "user_message": reason, "agent_message": reason}),
        Event::Before(_) => json!({"permission": "allow"}),
        Event::Prompt(_) if refused => json!({"continue": false, "user_message": reason}),
        Event::Prompt(_) => json!({"continue": true}),
        _ if heard.name == "subagentStart" => json!({"permission": "allow"}),
        _ if heard.name == "sessionStart" => json!({"continue": true}),
        _ => json!({}),
    })
}
