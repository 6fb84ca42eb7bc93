//! Checks of agents other than Claude Code and Codex that look at several files at once.

use crate::agent::{Agent, Scope};
use crate::audit::Sight;
use crate::glob;
use crate::hooks::Hook;
use crate::permissions::Permission;
use crate::places::Role;
use crate::rules::hooks::devin_sees;
use crate::tree::{Entry, Node, Span, Value};

/// The tools of Devin that a guard has to see.
const DEVIN_TOOLS: [&str; 4] = ["exec", "edit", "write", "read"];
/// The names that Claude Code has for them.
const CLAUDE_NAMES: [&str; 6] = ["Bash", "Edit", "Write", "Read", "MultiEdit", "NotebookEdit"];

/// `disableAllHooks` in settings of a repository, of Copilot or of Claude Code where Copilot reads them too, and in hook
/// files of Copilot.
pub(crate) fn copilot_hooks_disabled(sight: &Sight<'_, '_>) -> Vec<Span> {
    let documents = &sight.model.known.documents;
    let Some(document) = documents.iter().find(|document| document.file == sight.subject.file) else {
        return Vec::new();
    };
    let copilot = documents.iter().any(|document| document.agent == Agent::Copilot);
    let concerned = match document.role {
        Role::Settings => document.scope.of_project() && copilot,
        Role::Hooks => document.agent == Agent::Copilot && document.scope != Scope::Managed,
        _ => false,
    };
    let entry = document.root.as_ref().and_then(|root| root.entry("disableAllHooks"));
    entry.filter(|entry| concerned && entry.value.as_bool() == Some(true)).map(Entry::span).into_iter().collect()
}

/// Whether a hook's matcher lets it see a tool of Devin.
fn sees_devin(hook: &Hook) -> bool {
    let matcher = hook.group.get("matcher").and_then(Node::as_text).unwrap_or_default().trim();
    matcher == "*" || DEVIN_TOOLS.iter().any(|tool| devin_sees(matcher, tool))
}

/// A guard for Claude Code alone, in a place where Devin reads it and calls its tools by other names.
pub(crate) fn claude_names_under_devin(sight: &Sight<'_, '_>) -> Vec<Span> {
    let model = sight.model;
    let subject = sight.subject;
    let Some(own) = model.hooks.iter().find(|hook| hook.span == subject.span) else { return Vec::new() };
    let project = |document: usize| model.known.documents.get(document).map_or("", |document| &*document.project);
    let reaches = |document: usize| project(document).is_empty() || project(document) == subject.project;
    let present = model.known.documents.iter().any(|document| {
        let around = document.project.is_empty() || subject.project.is_empty() || document.project == subject.project;
        document.agent == Agent::Devin && around
    });
    let imports = !model.effective.iter().any(|effective| {
        effective.agent == Agent::Devin
            && effective.tree.at(&["read_config_from", "claude"]).and_then(Node::as_bool) == Some(false)
    });
    let seen = model
        .hooks
        .iter()
        .filter(|hook| hook.event == "PreToolUse" && reaches(hook.document))
        .any(|hook| hook.agent == Agent::Devin || (hook.agent == Agent::ClaudeCode && sees_devin(hook)));
    let matcher = own.group.get("matcher").and_then(Node::as_text).unwrap_or_default();
    let of_claude = matcher.split('|').any(|part| CLAUDE_NAMES.contains(&part.trim_matches(['^', '$', '(', ')', ' '])));
    let fires = own.event == "PreToolUse" && of_claude && present && imports && !seen;
    let place = own.group.entry("matcher").map_or(own.span, Entry::span);
    if fires { vec![place] } else { Vec::new() }
}

/// A managed machine with Devin where nothing says whose account it has to be.
pub(crate) fn devin_system_absent(sight: &Sight<'_, '_>) -> Vec<Span> {
    let documents = || sight.model.known.documents.iter().filter(|document| document.agent == Agent::Devin);
    let managed = sight.field("machine").and_then(|about| about.get("managed")).and_then(Node::as_bool) == Some(true);
    let listed = sight.field("installed").map(Node::items).unwrap_or_default();
    let installed = listed.iter().any(|one| one.get("agent").and_then(Node::as_text) == Some(Agent::Devin.name()))
        || documents().any(|document| matches!(document.scope, Scope::User | Scope::Managed));
    let system = || documents().filter(|document| document.unit == "system");
    let bound = system().filter_map(|document| document.root.as_ref()).any(|root| {
        let given = |key: &str| root.get(key).and_then(Node::as_text).is_some_and(|text| !text.trim().is_empty());
        given("enterprise_host") || given("account_id")
    });
    if !managed || !installed || bound {
        return Vec::new();
    }
    vec![system().find_map(|document| document.root.as_ref()).map_or(sight.subject.span, |root| root.span)]
}

/// Deny rules of Gemini CLI that an allow rule of the same tier with a higher priority makes void.
pub(crate) fn gemini_shadowed(sight: &Sight<'_, '_>) -> Vec<Span> {
    let rules = &sight.model.permissions;
    let Some(own) = rules.iter().find(|rule| rule.span == sight.subject.span && rule.list == "deny") else {
        return Vec::new();
    };
    let in_rules = |rule: &&Permission| {
        let document = sight.model.known.documents.get(rule.document);
        document.is_some_and(|document| document.role == Role::Rules && document.agent == Agent::GeminiCli)
    };
    let voided = rules.iter().filter(in_rules).any(|rule| {
        rule.list == "allow"
            && rule.scope == own.scope
            && priority(&rule.raw) > priority(&own.raw)
            && gemini_covers(&rule.raw, &own.raw)
    });
    if voided && in_rules(&own) && own.scope != Scope::Project { vec![own.span] } else { Vec::new() }
}

fn priority(rule: &Node) -> f64 {
    match rule.get("priority").map(|node| &node.value) {
        Some(Value::Number(number)) => *number,
        _ => 0.0,
    }
}

/// Whether a rule matches every call that another matches, as far as their texts tell.
fn gemini_covers(outer: &Node, inner: &Node) -> bool {
    let texts = |rule: &Node, key: &str| -> Vec<String> {
        rule.get(key).map(Node::texts).unwrap_or_default().into_iter().map(str::to_owned).collect()
    };
    let (outer_tools, inner_tools) = (texts(outer, "toolName"), texts(inner, "toolName"));
    let tool = |name: &String| outer_tools.iter().any(|pattern| glob::text(pattern, name));
    let tools = outer_tools.is_empty() || (!inner_tools.is_empty() && inner_tools.iter().all(tool));
    // What narrows the outer rule must narrow the inner one in the same way.
    let narrows = ["mcpName", "commandRegex", "argsPattern", "modes", "interactive", "subagent"];
    let as_narrow = narrows.iter().all(|key| match (outer.get(key), inner.get(key)) {
        (None, _) => true,
        (Some(outer), Some(inner)) => outer.same(inner),
        (Some(_), None) => false,
    });
    let (outer_prefixes, inner_prefixes) = (texts(outer, "commandPrefix"), texts(inner, "commandPrefix"));
    let begins = |prefix: &String| {
        outer_prefixes.iter().any(|outer| {
            prefix
                .strip_prefix(&**outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') || outer.ends_with(' '))
        })
    };
    let prefixes = outer_prefixes.is_empty() || (!inner_prefixes.is_empty() && inner_prefixes.iter().all(begins));
    tools && as_narrow && prefixes
}

/// Guards of Cascade, the first of each file, where Devin has none of its own.
pub(crate) fn windsurf_only(sight: &Sight<'_, '_>) -> Vec<Span> {
    let model = sight.model;
    let Some(own) = model.hooks.iter().find(|hook| hook.span == sight.subject.span && hook.guards()) else {
        return Vec::new();
    };
    let first = model.hooks.iter().find(|hook| hook.document == own.document && hook.guards());
    if first.is_none_or(|first| first.span != own.span) {
        return Vec::new();
    }
    let project = &sight.subject.project;
    let known = model.hooks.iter().any(|hook| {
        let root = model.known.documents.get(hook.document).map_or("", |document| &*document.project);
        hook.agent == Agent::Devin && hook.guards() && (root.is_empty() || root == project)
    });
    if known { Vec::new() } else { vec![own.event_span] }
}
