//! What is in force: the settings of all scopes merged as each agent does it.

use crate::agent::{Agent, Scope};
use crate::known::Known;
use crate::rules::limits;
use crate::tree::{Entry, Node, Span, Value};

/// Settings that belong together.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The agent.
    pub agent: Agent,
    /// Which settings of the agent.
    pub unit: &'static str,
    /// Root and folder of the repository where they hold; none for the machine's and the user's own.
    pub project: Option<(String, String)>,
    /// The files, the weakest first: numbers in [`Known::documents`].
    pub documents: Vec<usize>,
    /// The values in force, each with the place where it was decided.
    pub tree: Node,
    /// The values that the organisation sets.
    pub managed: Node,
}

/// Lists of Claude Code that are not joined.
const REPLACED_LISTS: [&str; 2] = ["fallbackModel", "modelOverrides"];
/// Switches of Claude Code that hold if any scope sets them.
const ANY_TRUE: [&str; 2] = ["disableClaudeAiConnectors", "blockReadsOutsideWorkingDirectories"];
/// Keys that Codex does not read from a project.
pub(crate) const CODEX_NOT_IN_PROJECT: [&str; 7] = [
    "openai_base_url",
    "chatgpt_base_url",
    "model_provider",
    "model_providers",
    "profile",
    "profiles",
    "experimental_realtime_ws_base_url",
];
/// Keys that a project may set for Devin.
const DEVIN_IN_PROJECT: [&str; 4] = ["permissions", "mcpServers", "read_config_from", "hooks"];
/// Keys that Claude Code reads from managed settings only.
const CLAUDE_MANAGED_ONLY: [&str; 12] = [
    "allowManagedPermissionRulesOnly",
    "allowManagedHooksOnly",
    "allowManagedMcpServersOnly",
    "strictKnownMarketplaces",
    "disableSideloadFlags",
    "requiredMinimumVersion",
    "requiredMaximumVersion",
    "forceRemoteSettingsRefresh",
    "bwrapPath",
    "socatPath",
    "allowManagedDomainsOnly",
    "allowManagedReadPathsOnly",
];
/// Keys that Claude Code does not read from a project.
const CLAUDE_NOT_IN_PROJECT: [&str; 5] =
    ["strictAllowlist", "allowAppleEvents", "ripgrep", "syncClaudeAiSkills", "processWrapper"];

fn empty() -> Node {
    Node { value: Value::Map(Vec::new()), span: Span { file: usize::MAX, start: 0, end: 0 } }
}

/// The settings in force: for each agent and unit those of machine and user, and those of each repository.
#[must_use]
pub(crate) fn effective(known: &Known) -> Vec<Effective> {
    let mut groups: Vec<(Agent, &'static str)> =
        known.settings().map(|(_, document)| (document.agent, document.unit)).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut out = Vec::new();
    for (agent, unit) in groups {
        let of_group = || known.settings().filter(|(_, document)| document.agent == agent && document.unit == unit);
        let base: Vec<usize> =
            of_group().filter(|(_, document)| !document.scope.of_project()).map(|(at, _)| at).collect();
        if !base.is_empty() {
            out.push(merged(known, agent, unit, None, base.clone()));
        }
        let mut projects: Vec<(String, String)> = of_group()
            .filter(|(_, document)| document.scope.of_project())
            .map(|(_, document)| document.home_of())
            .collect();
        projects.sort_unstable();
        projects.dedup();
        for project in projects {
            let own = of_group().filter(|(_, document)| document.scope.of_project() && document.home_of() == project);
            let user = || out.iter().find(|found: &&Effective| found.agent == agent && found.unit == unit);
            if agent == Agent::Codex && user().is_some_and(|user| limits::codex_distrusts(&user.tree, &project.0)) {
                continue;
            }
            let documents = base.iter().copied().chain(own.map(|(at, _)| at)).collect();
            out.push(merged(known, agent, unit, Some(project), documents));
        }
    }
    let of_codex = |unit: &'static str| move |found: &&mut Effective| found.agent == Agent::Codex && found.unit == unit;
    let required = out.iter_mut().find(of_codex("requirements")).map(|found| found.tree.clone());
    if let Some(required) = required {
        for found in out.iter_mut().filter(of_codex("settings")) {
            found.tree = limits::codex(&found.tree, &required);
        }
    }
    out
}

fn merged(
    known: &Known,
    agent: Agent,
    unit: &'static str,
    project: Option<(String, String)>,
    mut documents: Vec<usize>,
) -> Effective {
    documents.sort_by_key(|at| known.documents.get(*at).map_or(Scope::System, |document| document.scope));
    let mut tree = empty();
    let mut managed = empty();
    for document in documents.iter().filter_map(|at| known.documents.get(*at)) {
        let Some(root) = &document.root else { continue };
        let root = filtered(agent, document.scope, root, 0);
        if document.scope == Scope::Managed {
            managed = merge(agent, &managed, &root);
        }
        tree = merge(agent, &tree, &root);
    }
    if agent == Agent::ClaudeCode
        && managed.get("allowManagedPermissionRulesOnly").and_then(Node::as_bool) == Some(true)
    {
        managed_rules_only(&mut tree, &managed);
    }
    Effective { agent, unit, project, documents, tree, managed }
}

/// Puts the rules of the managed settings in place of the joined ones.
fn managed_rules_only(tree: &mut Node, managed: &Node) {
    let Value::Map(entries) = &mut tree.value else { return };
    let Some(permissions) = entries.iter_mut().find(|entry| entry.key == "permissions") else { return };
    let Value::Map(inner) = &mut permissions.value.value else { return };
    inner.retain(|entry| !matches!(entry.key.as_str(), "allow" | "ask" | "deny"));
    for list in ["allow", "ask", "deny"] {
        inner.extend(managed.get("permissions").and_then(|node| node.entry(list)).cloned());
    }
}

/// Without what the agent does not read in a scope.
fn filtered(agent: Agent, scope: Scope, node: &Node, depth: usize) -> Node {
    let Value::Map(entries) = &node.value else { return node.clone() };
    let keep = |entry: &&Entry| match agent {
        Agent::ClaudeCode if scope.of_project() => {
            let mode = entry.value.as_text().unwrap_or_default();
            let escalates = entry.key == "defaultMode" && matches!(mode, "bypassPermissions" | "auto");
            let named = CLAUDE_MANAGED_ONLY.contains(&&*entry.key) || CLAUDE_NOT_IN_PROJECT.contains(&&*entry.key);
            !(escalates || named)
        }
        Agent::ClaudeCode if scope != Scope::Managed => !CLAUDE_MANAGED_ONLY.contains(&&*entry.key),
        Agent::Codex if scope.of_project() && depth == 0 => !CODEX_NOT_IN_PROJECT.contains(&&*entry.key),
        Agent::Devin if scope.of_project() && depth == 0 => DEVIN_IN_PROJECT.contains(&&*entry.key),
        _ => true,
    };
    let deep = depth < 3;
    let inner = |entry: &Entry| Entry {
        value: if deep { filtered(agent, scope, &entry.value, depth + 1) } else { entry.value.clone() },
        ..entry.clone()
    };
    Node { value: Value::Map(entries.iter().filter(keep).map(inner).collect()), span: node.span }
}

/// Lays stronger settings over weaker ones.
#[must_use]
pub fn merge(agent: Agent, weak: &Node, strong: &Node) -> Node {
    let (Value::Map(below), Value::Map(above)) = (&weak.value, &strong.value) else { return strong.clone() };
    let mut entries: Vec<Entry> = below.clone();
    for entry in above {
        let Some(at) = entries.iter().position(|known| known.key == entry.key) else {
            entries.push(entry.clone());
            continue;
        };
        // What is set again stands where it was set last, so that order counts where an agent goes by order.
        let old = entries.remove(at);
        entries.push(over(agent, old, entry));
    }
    Node { value: Value::Map(entries), span: strong.span }
}

fn over(agent: Agent, old: Entry, new: &Entry) -> Entry {
    let joined = matches!(agent, Agent::ClaudeCode | Agent::GeminiCli | Agent::Devin | Agent::Kiro)
        && !REPLACED_LISTS.contains(&&*new.key);
    match (&old.value.value, &new.value.value) {
        (Value::Map(_), Value::Map(_)) => Entry { value: merge(agent, &old.value, &new.value), ..new.clone() },
        (Value::List(weak), Value::List(strong)) if joined => {
            let mut items = weak.clone();
            items.extend(strong.iter().filter(|item| !weak.iter().any(|known| known.same(item))).cloned());
            Entry { value: Node::list(items, new.value.span), ..new.clone() }
        }
        (Value::Bool(true), Value::Bool(false)) if agent == Agent::ClaudeCode && ANY_TRUE.contains(&&*new.key) => old,
        _ => new.clone(),
    }
}
