//! Services that write to people in the name of the user.

use crate::agent::Agent;
use crate::audit::Sight;
use crate::tree::{Node, Span};

/// The services, as the names of servers say them.
const SERVICES: [&str; 4] = ["slack", "teams", "mail", "discord"];
/// Words in the names of tools that send.
const SENDING: [&str; 7] = ["send", "post", "schedule", "reply", "forward", "write", "create"];

/// Settings in force under which a configured service can send, and no deny or ask rule names its sending tools.
pub(crate) fn sends_unasked(sight: &Sight<'_, '_>) -> Vec<Span> {
    let rules = |field: &str, list: &str| -> Vec<String> {
        let found = sight.field(field).and_then(|node| node.at(&["permissions", list]));
        found.map(Node::texts).unwrap_or_default().iter().map(|rule| rule.to_lowercase()).collect()
    };
    // What a repository brings is its own; the rest is told of the settings of machine and user.
    let base = sight.subject.base;
    let allowed = rules(if base { "effective" } else { "here" }, "allow");
    let servers = sight.model.servers.iter().filter(|server| {
        let own = sight.model.known.documents.get(server.document).is_some_and(|document| {
            if base {
                !document.scope.of_project()
            } else {
                document.scope.of_project() && document.project == sight.subject.project
            }
        });
        own && server.agent == Agent::ClaudeCode
    });
    let mut names: Vec<String> = servers.map(|server| server.name.to_lowercase()).collect();
    names.extend(allowed.iter().filter_map(|rule| parts(rule)).map(|(server, _)| server.to_owned()));
    let mut held = rules("effective", "deny");
    held.extend(rules("effective", "ask"));
    let open = SERVICES.iter().any(|service| {
        let stops = |rule: &String| {
            parts(rule).is_some_and(|(server, tool)| {
                (server.contains(service) || server == "*")
                    && (tool.is_empty() || tool.starts_with('*') || SENDING.iter().any(|word| tool.contains(word)))
            })
        };
        names.iter().any(|name| name.contains(service)) && !held.iter().any(stops)
    });
    if !open {
        return Vec::new();
    }
    let at = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        sight.field("effective").and_then(|node| node.entry_at(&path)).map(crate::tree::Entry::span)
    };
    let place = at(&["permissions", "deny"]).or_else(|| at(&["permissions"])).unwrap_or(sight.subject.span);
    vec![place]
}

/// Server and tool of a rule `mcp__server__tool`.
fn parts(rule: &str) -> Option<(&str, &str)> {
    let rest = rule.strip_prefix("mcp__")?;
    Some(rest.split_once("__").unwrap_or((rest, "")))
}
