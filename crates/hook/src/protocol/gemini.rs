//! Gemini CLI, 0.61.0. <https://github.com/google-gemini/gemini-cli/blob/main/docs/hooks/reference.md>
//!
//! There is no ask; exit code 1 lets the call run, so that only 0 and 2 are used.

use serde_json::{Value, json};

use super::tools::{self, Row, canonical};
use super::{Answer, Told, folder, inner};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned, required, tool_input};
use crate::verdict::Decision;

const NEUTRAL: [&str; 7] =
    ["SessionEnd", "AfterAgent", "BeforeModel", "AfterModel", "BeforeToolSelection", "PreCompress", "Notification"];

const TOOLS: &[Row] = &[
    ("run_shell_command", "Bash", &[]),
    ("read_file", "Read", &[("absolute_path", "file_path"), ("path", "file_path")]),
    ("write_file", "Write", &[]),
    ("replace", "Edit", &[]),
    ("search_file_content", "Grep", &[("dir_path", "path")]),
    ("grep_search", "Grep", &[("dir_path", "path")]),
    ("glob", "Glob", &[("dir_path", "path")]),
    ("list_directory", "LS", &[("dir_path", "path")]),
    ("google_web_search", "WebSearch", &[]),
    ("write_todos", "TodoWrite", &[]),
];

pub(super) fn read(fields: &Fields) -> Result<Heard, Fault> {
    let name = required(fields, "hook_event_name")?;
    let event = match name {
        "BeforeTool" => Event::Before(tool(fields)?),
        "AfterTool" => Event::After(tool(fields)?),
        "BeforeAgent" => Event::Prompt(owned(fields, "prompt").unwrap_or_default()),
        "SessionStart" => Event::Started,
        name if NEUTRAL.contains(&name) => Event::Neutral,
        other => return Err(Fault::unknown_event(other)),
    };
    let mut heard = Heard::new(Agent::Gemini, name, event, fields);
    let input = fields.get("tool_input");
    let named = input.and_then(|input| inner(input, "directory").or_else(|| inner(input, "dir_path")));
    if heard.call().is_some_and(|call| call.tool == "Bash") {
        heard.cwd = folder(heard.cwd, named);
    }
    Ok(heard)
}

fn tool(fields: &Fields) -> Result<ToolCall, Fault> {
    let name = required(fields, "tool_name")?;
    let input = tool_input(fields, "tool_input")?;
    if let Some(context) = fields.get("mcp_context") {
        let part = |names: [&str; 3]| names.into_iter().find_map(|name| inner(context, name));
        let server = part(["server_name", "serverName", "server"]);
        let tool = part(["tool_name", "toolName", "tool"]);
        let mcp = server.zip(tool).and_then(|(server, tool)| tools::mcp(server, tool));
        return Ok(ToolCall { tool: mcp.unwrap_or_else(|| name.to_owned()), input });
    }
    match (name, one_address(&input)) {
        // The addresses stand in the prompt.
        ("web_fetch", Some(url)) => Ok(ToolCall { tool: "WebFetch".to_owned(), input: json!({"url": url}) }),
        _ => Ok(canonical(name, input, TOOLS)),
    }
}

fn one_address(input: &Value) -> Option<String> {
    let prompt = inner(input, "prompt").or_else(|| inner(input, "url"))?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let mut addresses = prompt.split(is_end).filter(|word| word.contains("://"));
    let first = addresses.next()?;
    addresses.next().is_none().then(|| first.to_owned())
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let decides = matches!(heard.event, Event::Before(_) | Event::Prompt(_));
    match told.decision {
        Decision::Ask | Decision::Deny if decides => Answer::json(&json!({"decision": "deny", "reason": told.reason})),
        _ => Answer::json(&json!({})),
    }
}
