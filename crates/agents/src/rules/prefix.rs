//! Rules whose commands are prefixes: Devin's `Exec(git push)` and Antigravity's `command(git push)`.

use super::{List, Rule, Where, claude};
use crate::glob;
use crate::lang::paths;

/// Whether a rule matches a call: `exec git push`, `read ~/.env`, `fetch https://…`, `mcp__a__b`.
#[must_use]
pub fn matches(rule: &str, call: &str, place: Where<'_>) -> bool {
    let rule = super::parse(rule);
    let (tool, what) = call.split_once(' ').unwrap_or((call, ""));
    if rule.tool.starts_with("mcp__") {
        return rule.spec.is_none() && glob::text(&rule.tool, tool);
    }
    let family = family(&rule.tool);
    if family != self::family(tool) || !rule.closed {
        return false;
    }
    let Some(spec) = rule.spec else { return true };
    match family {
        "exec" => prefix(&spec, what) || (rule.tool == "command" && spec == "*"),
        "read" | "write" => claude::matches_path(&spec, List::Deny, what, place),
        "fetch" => match spec.strip_prefix("domain:") {
            Some(domain) => glob::text(domain, &paths::host(what)),
            None => glob::text(&spec, what),
        },
        _ => glob::text(&spec, what),
    }
}

/// The tool that a name stands for.
fn family(tool: &str) -> &str {
    match tool {
        "Exec" | "exec" | "command" | "Bash" => "exec",
        "Read" | "read" | "read_file" | "grep" | "glob" => "read",
        "Write" | "edit" | "write" | "write_file" | "Edit" => "write",
        "Fetch" | "fetch" | "read_url" => "fetch",
        other => other,
    }
}

/// Whether a command begins with the words of a rule.
fn prefix(spec: &str, command: &str) -> bool {
    command == spec || command.strip_prefix(spec).is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Whether all that `inner` matches is matched by `outer` too.
#[must_use]
pub fn covers(outer: &Rule, inner: &Rule) -> bool {
    family(&outer.tool) == family(&inner.tool)
        && match (&outer.spec, &inner.spec) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(outer_spec), Some(inner_spec)) => match family(&outer.tool) {
                "exec" => prefix(outer_spec, inner_spec),
                _ => glob::path(outer_spec, inner_spec),
            },
        }
}
