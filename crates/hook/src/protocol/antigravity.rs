//! Antigravity CLI, 1.2.3, as measured by others.
//! <https://github.com/michaeldhopkins/safe-chains/blob/main/src/targets/agy.rs>
//!
//! `{}` and silence may refuse, `allow` takes a prompt away; "no objection" is `ask`.

use serde_json::{Value, json};

use super::tools::{self, Row, canonical};
use super::{Answer, Told, inner};
use crate::agent::Agent;
use crate::heard::{Event, Fault, Fields, Heard, ToolCall, owned};
use crate::verdict::Decision;

const TOOLS: &[Row] = &[
    ("run_command", "Bash", &[("CommandLine", "command")]),
    ("view_file", "Read", &[("AbsolutePath", "file_path")]),
    ("write_to_file", "Write", &[("TargetFile", "file_path"), ("CodeContent", "content")]),
    ("replace_file_content", "Edit", &[("TargetFile", "file_path")]),
];

pub(super) fn read(fields: &Fields, named: Option<&str>) -> Result<Heard, Fault> {
    let name = named.unwrap_or("pre");
    let event = match name {
        "pre" | "PreToolUse" => Event::Before(tool(fields)?),
        "post" | "PostToolUse" => tool(fields).map_or(Event::Neutral, Event::After),
        "PreInvocation" | "PostInvocation" | "Stop" => Event::Neutral,
        other => return Err(Fault::unknown_event(other)),
    };
    let mut heard = Heard::new(Agent::Antigravity, name, event, fields);
    heard.session = owned(fields, "conversationId").unwrap_or_default();
    let first = fields.get("workspacePaths").and_then(|paths| paths.get(0)).and_then(Value::as_str);
    let args = fields.get("toolCall").and_then(|call| call.get("args"));
    heard.cwd = args.and_then(|args| inner(args, "Cwd")).or(first).map(str::to_owned);
    Ok(heard)
}

fn tool(fields: &Fields) -> Result<ToolCall, Fault> {
    let call = fields.get("toolCall").ok_or(Fault::Missing("toolCall"))?;
    let name = inner(call, "name").ok_or(Fault::Missing("toolCall.name"))?;
    let input = call.get("args").filter(|args| args.is_object()).cloned().ok_or(Fault::Missing("toolCall.args"))?;
    if name == "call_mcp_tool" {
        let named = inner(&input, "ServerName").zip(inner(&input, "ToolName"));
        let tool = named.and_then(|(server, tool)| tools::mcp(server, tool)).unwrap_or_else(|| name.to_owned());
        let arguments = input.get("Arguments").filter(|input| input.is_object()).cloned();
        return Ok(ToolCall { tool, input: arguments.unwrap_or(input) });
    }
    Ok(canonical(name, input, TOOLS))
}

pub(super) fn answer(heard: &Heard, told: &Told<'_>) -> Answer {
    let reason = told.reason;
    Answer::json(&match (&heard.event, told.decision) {
        (Event::Before(_), Decision::Deny) => json!({"decision": "deny", "reason": reason}),
        (Event::Before(_), Decision::Ask) => json!({"decision": "force_ask", "reason": reason}),
        (Event::Before(_), Decision::Allow) => json!({"decision": "ask"}),
        _ => json!({}),
    })
}

pub(super) fn fault(reason: &str) -> Answer {
    Answer::json(&json!({"decision": "deny", "reason": reason}))
}
