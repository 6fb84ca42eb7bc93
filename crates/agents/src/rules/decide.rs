//! What comes of all rules together: the one that decides differs from agent to agent.

use super::claude::{self, Call};
use super::{List, Where, parse, pattern, prefix};
use crate::agent::{Agent, Scope};
use crate::glob;
use crate::permissions::Permission;
use crate::tree::Node;

/// What Claude Code does with a call under the settings in force: deny, then ask, then allow, whatever the mode; then
/// the mode.
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
    rules.iter().filter_map(decides).max_by_key(|list| list.strictness())
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

/// What Devin does with a call (`exec git push`, `read /home/dev/.env`, `mcp__a__b`) under the settings in force: deny,
/// then ask, then allow, in every mode; reading needs no approval; then the mode.
#[must_use]
pub fn devin(settings: &Node, bypass: bool, call: &str, place: Where<'_>) -> List {
    let hits = |name: &str| {
        let rules = settings.at(&["permissions", name]).map(Node::texts).unwrap_or_default();
        rules.iter().any(|rule| prefix::matches(rule, call, place))
    };
    let reads = matches!(call.split_once(' '), Some(("read" | "grep" | "glob", _)));
    if hits("deny") {
        List::Deny
    } else if hits("ask") {
        List::Ask
    } else if hits("allow") || reads || bypass {
        List::Allow
    } else {
        List::Ask
    }
}

/// What Copilot CLI does with a call (`Shell rm -rf x`, `Read .env`) under the settings of several sources: deny of any
/// of them, then ask, then allow; what matches nothing is asked.
#[must_use]
pub fn copilot(sources: &[&Node], call: &Call, place: Where<'_>) -> List {
    let rules = |settings: &Node, name: &str| -> Vec<String> {
        let texts = settings.at(&["permissions", name]).map(Node::texts).unwrap_or_default();
        // `Bash` and `Write` are other names of `Shell` and `Edit`.
        let same = |text: &str| match text.split_once('(') {
            Some(("Bash", rest)) => format!("Shell({rest}"),
            Some(("Write", rest)) => format!("Edit({rest}"),
            _ => text.to_owned(),
        };
        texts.into_iter().map(same).collect()
    };
    let hits = |name: &str, list: List| {
        let hit = |text: &String| claude::matches(&parse(text), list, call, place);
        sources.iter().any(|settings| rules(settings, name).iter().any(hit))
    };
    let decided = [("deny", List::Deny), ("ask", List::Ask), ("allow", List::Allow)];
    decided.into_iter().find(|(name, list)| hits(name, *list)).map_or(List::Ask, |(_, list)| list)
}

/// What Kiro does with an input of a capability (`shell`, `fs_read`): deny, then ask, then allow, over all scopes.
/// Rules of a repository are not read. None where no rule matches: Kiro then reads below the project and asks for the rest.
#[must_use]
pub fn kiro(rules: &[Permission], capability: &str, input: &str) -> Option<List> {
    let covers = |named: &str| match named {
        "all" | "builtin" => true,
        "filesystem" => capability.starts_with("fs_"),
        other => other == capability,
    };
    let hits = |rule: &&Permission| {
        let spec = |spec: &String| match capability {
            "shell" => claude::part_matches(spec, input),
            _ => glob::path(spec, input) || glob::text(spec, input),
        };
        let read = rule.agent == Agent::Kiro && !matches!(rule.scope, Scope::Project | Scope::Local);
        read && covers(&rule.tool) && rule.spec.as_ref().is_none_or(spec)
    };
    let lists = rules.iter().filter(hits).filter_map(|rule| List::named(&rule.list));
    lists.max_by_key(|list| list.strictness())
}

/// What VS Code does with a tool: the policy stands above the settings.
#[must_use]
pub fn vscode(policy: &Node, settings: &Node) -> List {
    let set = policy.get("ChatToolsAutoApprove").or_else(|| settings.get("chat.tools.global.autoApprove"));
    if set.and_then(Node::as_bool) == Some(true) { List::Allow } else { List::Ask }
}

/// What Zed does with a command in its terminal: deny, then confirm, then allow, then the default. Expressions are found
/// anywhere, without regard to capitals; a chain is denied or asked for one of its commands, and allowed for all of them.
#[must_use]
pub fn zed(settings: &Node, command: &str) -> List {
    let permissions = settings.at(&["agent", "tool_permissions"]);
    let terminal = permissions.and_then(|node| node.at(&["tools", "terminal"]));
    let patterns = |name: &str| -> Vec<&str> {
        let list = terminal.and_then(|node| node.get(name)).map(Node::items).unwrap_or_default();
        list.iter().filter_map(|item| item.get("pattern").and_then(Node::as_text)).collect()
    };
    let found = |name: &str, text: &str| patterns(name).iter().any(|regex| pattern::found_in_any_case(regex, text));
    let parts = claude::parts(command);
    let one_of = |name: &str| found(name, command) || parts.iter().any(|part| found(name, part));
    let default = terminal.and_then(|node| node.get("default")).or_else(|| permissions?.get("default"));
    if one_of("always_deny") {
        List::Deny
    } else if one_of("always_confirm") {
        List::Ask
    } else if !parts.is_empty() && parts.iter().all(|part| found("always_allow", part)) {
        List::Allow
    } else {
        default.and_then(Node::as_text).and_then(List::named).unwrap_or(List::Ask)
    }
}
