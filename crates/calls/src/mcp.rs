//! Tools of MCP servers, by what their names and arguments say.

use serde_json::Value as Json;

use crate::machine::Machine;
use crate::tools::text_of;
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

pub(crate) fn mcp(m: &mut Machine<'_>, server: &str, tool: &str, input: &Json) {
    m.act(ActKind::CallTool, format!("{server}/{tool}"), Traits::NONE, "");
    arguments(m, server, tool, input);
}

pub(crate) fn arguments(m: &mut Machine<'_>, _server: &str, _tool: &str, input: &Json) {
    if let Some(text) = text_of(input, &["command"]) {
        crate::tools::command_text(m, text);
    }
    let _ = (Flow::NONE, Value::default());
}
