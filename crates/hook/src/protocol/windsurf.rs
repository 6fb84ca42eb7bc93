//! Windsurf (Cascade), documentation of November 2026. <https://docs.windsurf.com/windsurf/cascade/hooks>
//!
//! Only exit code 2 blocks, and only before; there is no ask.

use serde_json::{Value, json};

use super::{Answer, Told, below, folder, tools};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned, required, text};

const NEUTRAL: [&str; 6] = [
    "post_write_code",
    "post_run_command",
    "post_cascade_response",
    "post_cascade_response_with_transcript",
    "post_setup_worktree",
    "post_user_prompt",
];

pub(super) fn read(fields: &Fields) -> Result<Heard, Fault> {
    let name = required(fields, "agent_action_name")?;
    let event = match name {
        "pre_run_command" => Event::Before(command(below(fields, "tool_info")?)?),
        "pre_read_code" => Event::Before(reading(below(fields, "tool_info")?)?),
        "post_read_code" => Event::After(reading(below(fields, "tool_info")?)?),
        "pre_write_code" => Event::Before(writing(below(fields, "tool_info")?)?),
        "pre_mcp_tool_use" => Event::Before(mcp(below(fields, "tool_info")?)?),
        "post_mcp_tool_use" => Event::After(mcp(below(fields, "tool_info")?)?),
        "pre_user_prompt" => Event::Prompt(owned(below(fields, "tool_info")?, "user_prompt").unwrap_or_default()),
        name if NEUTRAL.contains(&name) => Event::Neutral,
        other => return Err(Fault::unknown_event(other)),
    };
    let mut heard = Heard::new(Agent::Windsurf, name, event, fields);
    heard.session = owned(fields, "trajectory_id").unwrap_or_default();
    let named = fields.get("tool_info").and_then(Value::as_object).and_then(|info| text(info, "cwd"));
    heard.cwd = folder(heard.cwd, named);
    Ok(heard)
}

fn command(info: &Fields) -> Result<ToolCall, Fault> {
    let command = required(info, "command_line")?;
    Ok(ToolCall { tool: "Bash".to_owned(), input: json!({"command": command}) })
}

fn reading(info: &Fields) -> Result<ToolCall, Fault> {
    Ok(ToolCall { tool: "Read".to_owned(), input: json!({"file_path": required(info, "file_path")?}) })
}

fn writing(info: &Fields) -> Result<ToolCall, Fault> {
    let path = required(info, "file_path")?;
    let edits = info.get("edits").filter(|edits| edits.is_array()).cloned().unwrap_or_else(|| json!([]));
    Ok(ToolCall { tool: "MultiEdit".to_owned(), input: json!({"file_path": path, "edits": edits}) })
}

fn mcp(info: &Fields) -> Result<ToolCall, Fault> {
    let (server, tool) = (required(info, "mcp_server_name")?, required(info, "mcp_tool_name")?);
    let name = tools::mcp(server, tool).unwrap_or_else(|| format!("mcp__{server}__{tool}"));
    let input = info.get("mcp_tool_arguments").filter(|input| input.is_object()).cloned();
    Ok(ToolCall { tool: name, input: input.unwrap_or_else(|| json!({})) })
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let decides = matches!(heard.event, Event::Before(_) | Event::Prompt(_));
    if decides && !told.allows() { Answer::block(told.reason) } else { Answer::silence() }
}
