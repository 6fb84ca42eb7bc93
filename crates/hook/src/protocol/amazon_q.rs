//! Amazon Q CLI and Kiro, documentation of 2026.
//! <https://github.com/aws/amazon-q-developer-cli/blob/main/docs/hooks.md>

use serde_json::{Value, json};

use super::tools::{self, Row, canonical};
use super::{Answer, Told};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned, required, tool_input};

const NEUTRAL: [&str; 2] = ["agentSpawn", "stop"];

const TOOLS: &[Row] = &[
    ("execute_bash", "Bash", &[]),
    ("shell", "Bash", &[]),
    ("fs_write", "Write", &[("path", "file_path"), ("file_text", "content")]),
    ("write", "Write", &[("path", "file_path"), ("file_text", "content")]),
];

pub(super) fn read(fields: &Fields) -> Result<Heard, Fault> {
    let name = required(fields, "hook_event_name")?;
    let event = match name {
        "preToolUse" => Event::Before(tool(fields)?),
        "postToolUse" => Event::After(tool(fields)?),
        "userPromptSubmit" => Event::Prompt(owned(fields, "prompt").unwrap_or_default()),
        name if NEUTRAL.contains(&name) => Event::Neutral,
        other => return Err(Fault::unknown_event(other)),
    };
    Ok(Heard::new(Agent::AmazonQ, name, event, fields))
}

fn tool(fields: &Fields) -> Result<ToolCall, Fault> {
    let name = required(fields, "tool_name")?;
    let input = tool_input(fields, "tool_input")?;
    if let Some((server, tool)) = name.strip_prefix('@').and_then(|name| name.split_once('/')) {
        return Ok(ToolCall { tool: tools::mcp(server, tool).unwrap_or_else(|| name.to_owned()), input });
    }
    // One file in one call is understood; several are asked about under the tool's own name.
    if matches!(name, "fs_read" | "read")
        && let Some([one]) = input.get("operations").and_then(Value::as_array).map(Vec::as_slice)
        && let Some(path) = super::inner(one, "path")
    {
        return Ok(ToolCall { tool: "Read".to_owned(), input: json!({"file_path": path}) });
    }
    Ok(canonical(name, input, TOOLS))
}

/// Only exit code 2 means something, and only before a tool.
pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let decides = matches!(heard.event, Event::Before(_));
    if decides && !told.allows() { Answer::block(told.reason) } else { Answer::silence() }
}
