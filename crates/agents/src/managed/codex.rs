//! Codex: `requirements.toml`.
//!
//! Source: <https://developers.openai.com/codex/enterprise/managed-configuration>. Keys of the released program; those
//! whose shape nobody documents (`otel`, `models`) are not written.

use super::rules::{Decision, What};
use super::{Given, IssuedFile, SettledRule, list, map, number, table, text, texts, truth, write};
use crate::agent::Agent;
use crate::lang::words;
use crate::machine::Os;
use crate::read::Format;
use crate::tree::Node;

pub(super) fn files(given: &Given<'_>) -> Vec<IssuedFile> {
    let unix = "/etc/codex/requirements.toml";
    let path = given.path(unix, unix, "C:/ProgramData/OpenAI/Codex/requirements.toml");
    vec![IssuedFile { agent: Agent::Codex, path, text: write::toml(&requirements(given)), format: Format::Toml }]
}

fn requirements(given: &Given<'_>) -> Node {
    let organisation = given.organisation;
    let mut fields = vec![
        ("allowed_approval_policies", texts(["on-request"])),
        ("allowed_sandbox_modes", texts(["read-only", "workspace-write"])),
        ("allowed_web_search_modes", texts(["cached"])),
        ("allow_managed_hooks_only", truth(true)),
        ("allow_remote_control", truth(false)),
    ];
    if !organisation.codex_workspaces.is_empty() {
        fields.push(("allowed_login_methods", texts(["chatgpt"])));
        fields.push(("allowed_chatgpt_workspaces", texts(&organisation.codex_workspaces)));
    }
    fields.extend([
        ("features", map(vec![("hooks", truth(true))])),
        ("hooks", hooks(given)),
        ("permissions", map(vec![("filesystem", map(vec![("deny_read", closed(given))]))])),
        ("experimental_network", network(given)),
        ("marketplaces", marketplaces(given)),
        ("mcp_servers", servers(given)),
        ("rules", map(vec![("prefix_rules", prefix_rules(given))])),
    ]);
    map(fields)
}

fn hooks(given: &Given<'_>) -> Node {
    let organisation = given.organisation;
    let folder = if given.os == Os::Windows { "windows_managed_dir" } else { "managed_dir" };
    let handler = map(vec![
        ("type", text("command")),
        ("command", text(given.hook_line(Agent::Codex))),
        ("timeout", number(organisation.hook_timeout_seconds)),
    ]);
    let group = || list(vec![map(vec![("matcher", text(".*")), ("hooks", list(vec![handler.clone()]))])]);
    map(vec![
        (folder, text(&organisation.hook_folder)),
        ("PreToolUse", group()),
        ("PostToolUse", group()),
        ("SessionStart", group()),
    ])
}

/// Files that no command reads, from the home of whoever works (`~`).
fn closed(given: &Given<'_>) -> Node {
    let closed = given.each(Decision::Deny).filter_map(|(_, what)| match what {
        What::Read(pattern) => closed_place(pattern).map(|(place, _)| place),
        _ => None,
    });
    texts(closed)
}

/// The place that a pattern of files closes, and whether that is all that the pattern means. Codex 0.169 on Linux looks for
/// all that a pattern means before it starts, and does not start with one that begins at the root: what may lie anywhere
/// would cost a walk through the home each time, so of that only the file straight in the home is named.
pub(super) fn closed_place(pattern: &str) -> Option<(String, bool)> {
    let (place, whole) = match pattern.strip_prefix("**/") {
        Some(rest) => (format!("~/{rest}"), false),
        None if pattern.starts_with("~/") || pattern.starts_with('/') => (pattern.to_owned(), true),
        None => return None,
    };
    // All below one folder is a folder, which is no walk.
    let folder = place.strip_suffix("/**").unwrap_or(&place);
    let named = folder.trim_start_matches("~/").trim_start_matches('/');
    (!named.is_empty() && named != "~" && !named.contains(['*', '?', '[', '{'])).then_some((place, whole))
}

fn network(given: &Given<'_>) -> Node {
    let allowed = given.organisation.hosts.iter().map(|host| (host.clone(), text("allow")));
    let denied = given.each(Decision::Deny).filter_map(|(_, what)| match what {
        What::Host(host) => Some((host.clone(), text("deny"))),
        _ => None,
    });
    let mut domains: Vec<(String, Node)> = Vec::new();
    // What stands twice is denied.
    for (host, value) in denied.chain(allowed) {
        if !domains.iter().any(|(known, _)| *known == host) {
            domains.push((host, value));
        }
    }
    map(vec![
        ("enabled", truth(true)),
        ("managed_allowed_domains_only", truth(true)),
        ("allow_local_binding", truth(false)),
        ("domains", table(domains)),
    ])
}

fn marketplaces(given: &Given<'_>) -> Node {
    let one = |(at, place): (usize, &super::Marketplace)| {
        let github = place.github.as_ref().map(|name| format!("https://github.com/{name}"));
        let url = github.or_else(|| place.git.clone())?;
        let mut rule = vec![("source", text("git")), ("url", text(url))];
        rule.extend(place.commit.as_ref().map(|commit| ("ref", text(commit))));
        // The names of the rules are free.
        Some((format!("source-{}", at + 1), map(rule)))
    };
    let sources = table(given.organisation.marketplaces.iter().enumerate().filter_map(one));
    map(vec![("restrict_to_allowed_sources", truth(true)), ("allowed_sources", sources)])
}

fn servers(given: &Given<'_>) -> Node {
    let one = |server: &super::ServerEntry| {
        let identity = match &server.url {
            // The address of a server is one address here: what stands before the star.
            Some(url) => ("url", text(url.trim_end_matches('*'))),
            None => ("command", text(server.command.first().map_or("", String::as_str))),
        };
        (server.name.clone(), map(vec![("identity", map(vec![identity]))]))
    };
    table(given.organisation.servers.iter().map(one))
}

fn prefix_rules(given: &Given<'_>) -> Node {
    let one = |rule: &SettledRule, words: &str, decision: &str| {
        let token = |word: String| map(vec![("token", text(word))]);
        map(vec![
            ("pattern", list(words::split(words).into_iter().map(token).collect())),
            ("decision", text(decision)),
            ("justification", text(given.reason(rule))),
        ])
    };
    let mut out = Vec::new();
    for (decision, name) in [(Decision::Deny, "forbidden"), (Decision::Ask, "prompt")] {
        out.extend(given.each(decision).filter_map(|(rule, what)| match what {
            What::Command(words) => Some(one(rule, words, name)),
            _ => None,
        }));
    }
    list(out)
}
