//! The tools of an agent in the names of Claude Code, which the judge knows.

use serde_json::Value;

use crate::heard::ToolCall;

/// A tool of an agent: its name there, the name here, and the fields that are called otherwise there.
pub(crate) type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// A call in the names of Claude Code; a tool that the table does not have keeps its name, and is asked about unless the
/// judge knows it.
pub(crate) fn canonical(tool: &str, input: Value, table: &[Row]) -> ToolCall {
    let Some((_, ours, fields)) = table.iter().find(|(theirs, _, _)| *theirs == tool) else {
        return ToolCall { tool: tool.to_owned(), input };
    };
    ToolCall { tool: (*ours).to_owned(), input: renamed(input, fields) }
}

/// The input with its fields renamed. A field that is there under the wanted name too is kept under both: the judge then
/// sees one that it does not expect, and nothing is hidden behind a second spelling.
fn renamed(input: Value, fields: &[(&str, &str)]) -> Value {
    let Value::Object(mut input) = input else { return input };
    for (theirs, ours) in fields {
        if !input.contains_key(*ours)
            && let Some(value) = input.remove(*theirs)
        {
            input.insert((*ours).to_owned(), value);
        }
    }
    Value::Object(input)
}

/// The name of a tool of a server; none where the parts could be cut in another way, which the caller asks about.
pub(crate) fn mcp(server: &str, tool: &str) -> Option<String> {
    let name = format!("mcp__{server}__{tool}");
    let part = |text: &str| !text.is_empty() && !text.contains("__") && !text.starts_with('_') && !text.ends_with('_');
    (part(server) && part(tool)).then_some(name)
}

/// Whether the name of a tool of a server can be cut in one way only: `mcp__a__b__c` may be `b__c` of the server `a` or
/// `c` of `a__b`.
pub(crate) fn is_ambiguous(tool: &str) -> bool {
    let Some(rest) = tool.strip_prefix("mcp__") else { return false };
    rest.split_once("__").is_none_or(|(server, name)| mcp(server, name).is_none())
}

/// The patch that deletes a file; none where the path would end the line.
pub(crate) fn deletion(path: &str) -> Option<Value> {
    let plain = !path.is_empty() && !path.chars().any(char::is_control);
    plain.then(|| serde_json::json!({ "command": format!("*** Begin Patch\n*** Delete File: {path}\n*** End Patch") }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_gets_its_name_and_no_value_is_lost() {
        let check = |input, expected| {
            let table: &[Row] = &[("view", "Read", &[("path", "file_path")])];
            assert_eq!(canonical("view", input, table), ToolCall { tool: "Read".to_owned(), input: expected });
        };
        check(json!({"path": "a"}), json!({"file_path": "a"}));
        check(json!({"path": "a", "file_path": "b"}), json!({"path": "a", "file_path": "b"}));
        check(json!({"x": 1}), json!({"x": 1}));
    }

    #[test]
    fn names_that_can_be_cut_in_two_ways_are_known() {
        let check = |tool, expected| assert_eq!(is_ambiguous(tool), expected, "{tool}");
        check("mcp__a__b", false);
        check("mcp__a_b__c_d", false);
        check("Bash", false);
        for tool in
            ["mcp__a__b__c", "mcp__a___b", "mcp__a__", "mcp____b", "mcp__a", "mcp__", "mcp___a__b", "mcp__a__b_"]
        {
            check(tool, true);
        }
        assert_eq!(mcp("a__b", "c"), None);
        assert_eq!(mcp("a", "b").as_deref(), Some("mcp__a__b"));
    }

    #[test]
    fn a_deletion_is_one_line() {
        assert!(deletion("a\n*** Add File: b").is_none());
        assert!(deletion("src/a.rs").is_some());
    }
}
