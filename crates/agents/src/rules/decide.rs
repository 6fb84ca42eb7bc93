//! What comes of all rules together: the one that decides differs from agent to agent.

use super::claude::{self, Call};
use super::{List, Where, parse};
use crate::glob;
use crate::tree::Node;

/// What Claude Code does with a call under the settings in force: deny, then ask, then allow, whatever the mode; then
/// the mode. Devin's and Kiro's order is the same.
#[must_use]
pub fn claude_code(settings: &Node, call: &Call, place: Where<'_>) -> List {
    let hits = |name: &str, list: List| {
        let rules = settings.at(&["permissions", name]).map(Node::texts).unwrap_or_default();
        rules.iter().any(|rule| claude::matches(&parse(rule), list, call, place))
    };
    if hits("deny", List::Deny) {
        return List::Deny;
    }
    if hits("ask", List::Ask) {
        return List::Ask;
    }
    let mode = settings.at(&["permissions", "defaultMode"]).and_then(Node::as_text);
    if hits("allow", List::Allow) || mode == Some("bypassPermissions") { List::Allow } else { List::Ask }
}

/// What Codex does with the words of a command under its `prefix_rule`s: the strictest of all that match; none if no
/// rule matches.
#[must_use]
pub fn codex(rules: &[Node], words: &[&str]) -> Option<List> {
    // A redirection makes it a script, which is judged as a whole.
    if words.iter().any(|word| matches!(*word, ">" | ">>" | "<" | "|" | "&&" | "||" | ";")) {
        return None;
    }
    let decides = |rule: &Node| {
        let pattern = rule.get("pattern").map(Node::items).unwrap_or_default();
        let fits = !pattern.is_empty()
            && pattern.len() <= words.len()
            && pattern.iter().zip(words).all(|(token, word)| token.texts().contains(word));
        let decision = rule.get("decision").and_then(Node::as_text).unwrap_or("allow");
        if fits { List::named(decision) } else { None }
    };
    let strictness = |list: &List| match list {
        List::Allow => 0,
        List::Ask => 1,
        List::Deny => 2,
    };
    rules.iter().filter_map(decides).max_by_key(strictness)
}

/// A policy rule of Gemini CLI with the tier of its file: 1 built in, 2 extension, 4 user, 5 administrator. Those of a
/// repository, tier 3, are switched off.
#[derive(Clone, Copy, Debug)]
pub struct Tiered<'a> {
    /// The tier.
    pub tier: u8,
    /// The rule.
    pub rule: &'a Node,
}

/// What Gemini CLI does with a call of a tool: the rule of the highest tier, then the highest priority. Asking is denying
/// where nobody can be asked.
#[must_use]
pub fn gemini(rules: &[Tiered<'_>], tool: &str, command: &str, terminal: bool) -> Option<List> {
    let fits = |tiered: &&Tiered<'_>| tiered.tier != 3 && gemini_fits(tiered.rule, tool, command);
    let rank = |tiered: &&Tiered<'_>| {
        let priority = match tiered.rule.get("priority").map(|node| &node.value) {
            Some(crate::tree::Value::Number(number)) => *number,
            _ => 0.0,
        };
        // Tier before priority, which is below 1000.
        (f64::from(tiered.tier) * 1000.0 + priority).to_bits()
    };
    let winner = rules.iter().filter(fits).max_by_key(rank)?;
    let list = List::named(winner.rule.get("decision").and_then(Node::as_text).unwrap_or_default())?;
    let redirects = command.contains('>') && winner.rule.get("allowRedirection").and_then(Node::as_bool) != Some(true);
    match (list, terminal) {
        (List::Allow, true) if redirects => Some(List::Ask),
        (List::Ask, false) => Some(List::Deny),
        (List::Allow, false) if redirects => Some(List::Deny),
        (list, _) => Some(list),
    }
}

fn gemini_fits(rule: &Node, tool: &str, command: &str) -> bool {
    // The name of a tool of a server is split at the first underscore.
    let of_server = tool.strip_prefix("mcp_").and_then(|rest| rest.split_once('_'));
    let server = rule.get("mcpName").and_then(Node::as_text);
    if server.is_some_and(|server| of_server.is_none_or(|(found, _)| found != server)) {
        return false;
    }
    let tools = rule.get("toolName").map(Node::texts).unwrap_or_default();
    let named = |pattern: &&str| match pattern.strip_prefix("mcp_").and_then(|rest| rest.strip_suffix("_*")) {
        Some(server) => of_server.is_some_and(|(found, _)| found == server),
        None => glob::text(pattern, tool),
    };
    if !tools.is_empty() && !tools.iter().any(named) {
        return false;
    }
    let prefixes = rule.get("commandPrefix").map(Node::texts).unwrap_or_default();
    let begins = |prefix: &&str| {
        command
            .strip_prefix(*prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') || prefix.ends_with(' '))
    };
    prefixes.is_empty() || prefixes.iter().any(begins)
}

/// What opencode does with the input of a tool: the last entry that matches decides.
#[must_use]
pub fn opencode(permission: &Node, tool: &str, input: &str) -> Option<List> {
    if let Some(word) = permission.as_text() {
        return List::named(word);
    }
    let mut decided = None;
    for entry in permission.entries().iter().filter(|entry| glob::text(&entry.key, tool)) {
        if let Some(word) = entry.value.as_text() {
            decided = List::named(word);
        }
        for pattern in entry.value.entries().iter().filter(|pattern| claude::part_matches(&pattern.key, input)) {
            decided = pattern.value.as_text().and_then(List::named);
        }
    }
    decided
}
