//! Claude Code: `managed-settings.json`.
//!
//! Source: <https://code.claude.com/docs/en/settings>, <https://code.claude.com/docs/en/hooks>.

use super::rules::{Decision, What};
use super::{Given, IssuedFile, list, map, number, text, texts, truth, write};
use crate::agent::Agent;
use crate::machine::Os;
use crate::read::Format;
use crate::tree::Node;

/// The version from which a hook that fails can block, and the sandbox reads its paths as written.
const VERSION_MIN: &str = "2.1.330";

pub(super) fn files(given: &Given<'_>) -> Vec<IssuedFile> {
    let path = given.path(
        "/etc/claude-code/managed-settings.json",
        "/Library/Application Support/ClaudeCode/managed-settings.json",
        "C:/Program Files/ClaudeCode/managed-settings.json",
    );
    vec![IssuedFile { agent: Agent::ClaudeCode, path, text: write::json(&settings(given)), format: Format::Json }]
}

fn settings(given: &Given<'_>) -> Node {
    let organisation = given.organisation;
    let mut fields = vec![
        ("permissions", permissions(given)),
        ("allowManagedPermissionRulesOnly", truth(true)),
        ("disableAutoMode", text("disable")),
        ("hooks", hooks(given)),
        ("allowManagedHooksOnly", truth(true)),
        ("allowedHttpHookUrls", list(Vec::new())),
        ("allowManagedMcpServersOnly", truth(true)),
        ("allowedMcpServers", servers(given)),
        ("disableClaudeAiConnectors", truth(true)),
        ("strictKnownMarketplaces", list(marketplaces(given))),
        ("strictPluginOnlyCustomization", texts(["skills", "agents", "hooks", "mcp"])),
        ("disableSideloadFlags", truth(true)),
        ("disableCommandPluginSources", truth(true)),
        ("disableSkillShellExecution", truth(true)),
        ("syncClaudeAiSkills", truth(false)),
        ("syncClaudeAiPlugins", truth(false)),
        ("sandbox", sandbox(given)),
        ("allowedProviders", texts(["anthropic"])),
        ("requiredMinimumVersion", text(version(given))),
        ("disableRemoteControl", truth(true)),
        ("crossSessionInbound", text("hold")),
        ("autoUploadSessions", truth(false)),
        ("cleanupPeriodDays", number(organisation.retention_days)),
        ("env", environment(given)),
    ];
    if let Some(id) = &organisation.claude_organisation {
        fields.push(("forceLoginMethod", text("claudeai")));
        fields.push(("forceLoginOrgUUID", text(id)));
    }
    if let Some(models) = organisation.models.get(Agent::ClaudeCode.name()) {
        fields.push(("availableModels", texts(models)));
        fields.push(("enforceAvailableModels", truth(true)));
    }
    map(fields)
}

fn version(given: &Given<'_>) -> String {
    given.organisation.versions.get(Agent::ClaudeCode.name()).cloned().unwrap_or_else(|| VERSION_MIN.to_owned())
}

fn permissions(given: &Given<'_>) -> Node {
    map(vec![
        ("defaultMode", text("default")),
        ("disableBypassPermissionsMode", text("disable")),
        ("disableAutoMode", text("disable")),
        ("blockReadsOutsideWorkingDirectories", truth(true)),
        ("blockWritesOutsideWorkingDirectories", truth(true)),
        ("deny", texts(given.each(Decision::Deny).filter_map(|(_, what)| rule(what)))),
        ("ask", texts(given.each(Decision::Ask).filter_map(|(_, what)| rule(what)))),
    ])
}

/// A rule in the agent's words; none where it has none.
pub(super) fn rule(what: &What) -> Option<String> {
    match what {
        What::Command(words) => Some(format!("Bash({words} *)")),
        What::Text(text) => Some(format!("Bash({text})")),
        What::Read(pattern) => Some(format!("Read({pattern})")),
        What::Edit(pattern) => Some(format!("Edit({pattern})")),
        What::Host(host) => Some(format!("WebFetch(domain:{host})")),
        What::Tool(tool) => tool.split_once('/').map(|(server, tool)| format!("mcp__{server}__{tool}")),
        What::Meaning(_) => None,
    }
}

/// Whether the sandbox leaves a rule out, so that only the agent's own tools obey it. On Linux it takes no pattern with `**`,
/// other than a folder below the home, which [`sandbox`] names.
pub(super) fn is_outside_sandbox(what: &What, decision: Decision, os: Os) -> bool {
    let (What::Read(pattern) | What::Edit(pattern)) = what else { return false };
    let named = pattern.strip_suffix("/**").unwrap_or(pattern);
    let is_folder = pattern.starts_with("~/") && !named.contains("**");
    // What is asked about, the sandbox does not know at all.
    decision == Decision::Ask || (os != Os::Macos && pattern.contains("**") && !is_folder)
}

fn servers(given: &Given<'_>) -> Node {
    let one = |server: &super::ServerEntry| match &server.url {
        Some(url) => map(vec![("serverUrl", text(url))]),
        None => map(vec![("serverCommand", texts(&server.command))]),
    };
    list(given.organisation.servers.iter().map(one).collect())
}

/// Sources of plugins, as Claude Code and Copilot name them.
pub(super) fn marketplaces(given: &Given<'_>) -> Vec<Node> {
    let one = |place: &super::Marketplace| {
        let mut fields = match (&place.github, &place.git) {
            (Some(name), _) => vec![("source", text("github")), ("repo", text(name))],
            (None, Some(url)) => vec![("source", text("git")), ("url", text(url))],
            (None, None) => return None,
        };
        fields.extend(place.commit.as_ref().map(|commit| ("ref", text(commit))));
        Some(map(fields))
    };
    given.organisation.marketplaces.iter().filter_map(one).collect()
}

fn hooks(given: &Given<'_>) -> Node {
    let (program, args) = given.hook(Agent::ClaudeCode);
    let timeout = given.organisation.hook_timeout_seconds;
    let handler = |blocks: bool| {
        let mut fields = vec![
            ("type", text("command")),
            ("command", text(&program)),
            ("args", texts(&args)),
            ("timeout", number(timeout)),
        ];
        // What cannot be decided is blocked; what is only told goes on.
        fields.extend(blocks.then(|| ("onFailure", text("block"))));
        list(vec![map(fields)])
    };
    let group = |matcher: Option<&str>, blocks: bool| {
        let mut fields: Vec<(&str, Node)> = matcher.map(|matcher| ("matcher", text(matcher))).into_iter().collect();
        fields.push(("hooks", handler(blocks)));
        list(vec![map(fields)])
    };
    map(vec![
        ("PreToolUse", group(Some("*"), true)),
        ("PostToolUse", group(Some("*"), false)),
        ("ConfigChange", group(None, true)),
        ("SessionStart", group(None, false)),
    ])
}

fn sandbox(given: &Given<'_>) -> Node {
    let organisation = given.organisation;
    let paths = |edits: bool| {
        let denied = given.each(Decision::Deny).filter_map(move |(_, what)| match what {
            What::Read(pattern) if !edits => Some(pattern),
            What::Edit(pattern) if edits => Some(pattern),
            _ => None,
        });
        // Patterns below no folder mean other places to the sandbox than to rules.
        texts(denied.filter(|path| path.starts_with("~/")).map(|path| path.trim_end_matches("/**")))
    };
    let hosts = given.each(Decision::Deny).filter_map(|(_, what)| match what {
        What::Host(host) => Some(host),
        _ => None,
    });
    let variable = |name: &String| map(vec![("name", text(name)), ("mode", text("deny"))]);
    map(vec![
        ("enabled", truth(true)),
        ("failIfUnavailable", truth(true)),
        ("allowUnsandboxedCommands", truth(false)),
        ("excludedCommands", list(Vec::new())),
        (
            "filesystem",
            map(vec![
                ("denyRead", paths(false)),
                ("denyWrite", paths(true)),
                ("allowManagedReadPathsOnly", truth(true)),
            ]),
        ),
        (
            "network",
            map(vec![
                ("allowedDomains", texts(&organisation.hosts)),
                ("deniedDomains", texts(hosts)),
                ("allowManagedDomainsOnly", truth(true)),
                ("allowAllUnixSockets", truth(false)),
                ("allowLocalBinding", truth(false)),
            ]),
        ),
        ("credentials", map(vec![("envVars", list(organisation.secret_variables.iter().map(variable).collect()))])),
    ])
}

fn environment(given: &Given<'_>) -> Node {
    let mut fields = vec![
        ("DISABLE_TELEMETRY", text("1")),
        ("DISABLE_ERROR_REPORTING", text("1")),
        ("CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY", text("1")),
    ];
    if let Some(endpoint) = &given.organisation.telemetry {
        fields.extend([
            ("CLAUDE_CODE_ENABLE_TELEMETRY", text("1")),
            ("OTEL_METRICS_EXPORTER", text("otlp")),
            ("OTEL_LOGS_EXPORTER", text("otlp")),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", text(endpoint)),
        ]);
    }
    map(fields)
}
