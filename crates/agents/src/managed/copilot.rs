//! GitHub Copilot CLI: `managed-settings.json`, and the hooks in a file of their own.
//!
//! Source: <https://docs.github.com/en/copilot/reference/enterprise-administrators/enterprise-managed-settings>.

use super::rules::{Decision, What};
use super::{Given, IssuedFile, claude, list, map, number, text, texts, truth, write};
use crate::agent::Agent;
use crate::machine::Os;
use crate::read::Format;
use crate::tree::Node;

pub(super) fn files(given: &Given<'_>) -> Vec<IssuedFile> {
    let settings_path = given.path(
        "/etc/github-copilot/managed-settings.json",
        "/Library/Application Support/GitHubCopilot/managed-settings.json",
        "C:/Program Files/GitHubCopilot/managed-settings.json",
    );
    let hooks_path = match given.os {
        Os::Windows => "C:/ProgramData/GitHub/Copilot/policy.d/yata.json",
        Os::Linux | Os::Macos => "/etc/github-copilot/policy.d/yata.json",
    };
    let file = |path: String, tree: &Node| IssuedFile {
        agent: Agent::Copilot,
        path,
        text: write::json(tree),
        format: Format::Json,
    };
    vec![file(settings_path, &settings(given)), file(hooks_path.to_owned(), &hooks(given))]
}

fn settings(given: &Given<'_>) -> Node {
    let organisation = given.organisation;
    let server = |server: &super::ServerEntry| match &server.url {
        Some(url) => map(vec![("serverUrl", text(url))]),
        None => map(vec![("serverCommand", texts(&server.command))]),
    };
    let mut fields = vec![
        (
            "permissions",
            map(vec![
                ("disableBypassPermissionsMode", text("disable")),
                ("deny", texts(given.each(Decision::Deny).filter_map(|(_, what)| rule(what)))),
                ("ask", texts(given.each(Decision::Ask).filter_map(|(_, what)| rule(what)))),
            ]),
        ),
        ("allowedMcpServers", list(organisation.servers.iter().map(server).collect())),
        ("strictKnownMarketplaces", list(claude::marketplaces(given))),
        (
            "sandbox",
            map(vec![
                ("enabled", truth(true)),
                ("allowBypass", truth(false)),
                ("sandboxMcpServers", truth(true)),
                ("userPolicy", map(vec![("network", map(vec![("allowLocalNetwork", truth(false))]))])),
            ]),
        ),
        ("remoteControl", map(vec![("mode", text("disabled"))])),
    ];
    // One model can be set, not a list of them.
    if let Some([model]) = organisation.models.get(Agent::Copilot.name()).map(Vec::as_slice) {
        fields.push(("model", text(model)));
    }
    if let Some(endpoint) = &organisation.telemetry {
        fields.push((
            "telemetry",
            map(vec![
                ("enabled", truth(true)),
                ("endpoint", text(endpoint)),
                ("protocol", text("http/protobuf")),
                ("captureContent", truth(false)),
                ("lockCaptureContent", truth(true)),
            ]),
        ));
    }
    map(fields)
}

/// A rule in the agent's words; none where it has none. A star in the middle of a command is not documented.
pub(super) fn rule(what: &What) -> Option<String> {
    match what {
        What::Command(words) => Some(format!("Shell({words} *)")),
        What::Read(pattern) => Some(format!("Read({pattern})")),
        What::Edit(pattern) => Some(format!("Edit({pattern})")),
        What::Host(host) => Some(format!("Domain({host})")),
        What::Text(_) | What::Tool(_) | What::Meaning(_) => None,
    }
}

fn hooks(given: &Given<'_>) -> Node {
    let (program, args) = given.hook(Agent::Copilot);
    let handler = |event: &str| {
        list(vec![map(vec![
            ("type", text("command")),
            ("exec", text(&program)),
            ("args", texts(args.iter().map(String::as_str).chain([event]))),
            ("timeoutSec", number(given.organisation.hook_timeout_seconds)),
        ])])
    };
    let events = ["preToolUse", "postToolUse", "sessionStart"].map(|event| (event, handler(event)));
    map(vec![("version", number(1)), ("hooks", map(events.into()))])
}
