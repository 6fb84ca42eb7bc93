//! Gemini CLI: the system's `settings.json` and a policy of the admin tier.
//!
//! Source: `docs/reference/configuration.md` and `docs/reference/policy-engine.md` of Gemini CLI 0.61.

use super::rules::{Decision, What};
use super::{Given, IssuedFile, SettledRule, list, map, number, table, text, texts, truth, write};
use crate::agent::Agent;
use crate::read::Format;
use crate::tree::Node;

/// The highest priority wins here, not deny: denials stand above questions.
const DENY_PRIORITY: u32 = 900;
/// The priority of questions.
const ASK_PRIORITY: u32 = 500;

pub(super) fn files(given: &Given<'_>) -> Vec<IssuedFile> {
    let folder = given.path("/etc/gemini-cli", "/Library/Application Support/GeminiCli", "C:/ProgramData/gemini-cli");
    let file = |name: &str, text: String, format| IssuedFile {
        agent: Agent::GeminiCli,
        path: format!("{folder}/{name}"),
        text,
        format,
    };
    vec![
        file("settings.json", write::json(&settings(given)), Format::Jsonc),
        file("policies/yata.toml", write::toml(&policy(given)), Format::Toml),
    ]
}

fn settings(given: &Given<'_>) -> Node {
    let organisation = given.organisation;
    let mut security = vec![
        ("disableYoloMode", truth(true)),
        ("disableAlwaysAllow", truth(true)),
        ("enablePermanentToolApproval", truth(false)),
        ("blockGitExtensions", truth(true)),
        ("folderTrust", map(vec![("enabled", truth(true))])),
        ("environmentVariableRedaction", map(vec![("enabled", truth(true))])),
    ];
    if let Some(kind) = &organisation.gemini_sign_in {
        security.push(("auth", map(vec![("enforcedType", text(kind))])));
    }
    let mut fields = vec![
        ("security", map(security)),
        ("tools", map(vec![("sandbox", truth(true)), ("sandboxNetworkAccess", truth(false))])),
        ("mcp", map(vec![("allowed", texts(organisation.servers.iter().map(|server| &*server.name)))])),
        ("mcpServers", servers(given)),
        ("hooksConfig", map(vec![("enabled", truth(true))])),
        ("hooks", hooks(given)),
        ("privacy", map(vec![("usageStatisticsEnabled", truth(false))])),
        (
            "general",
            map(vec![(
                "sessionRetention",
                map(vec![("enabled", truth(true)), ("maxAge", text(format!("{}d", organisation.retention_days)))]),
            )]),
        ),
    ];
    if let Some(endpoint) = &organisation.telemetry {
        fields.push((
            "telemetry",
            map(vec![
                ("enabled", truth(true)),
                ("target", text("local")),
                ("otlpEndpoint", text(endpoint)),
                ("logPrompts", truth(false)),
            ]),
        ));
    }
    map(fields)
}

/// The allow list goes by name, so the names are bound to programs here.
fn servers(given: &Given<'_>) -> Node {
    let one = |server: &super::ServerEntry| {
        let fields = match &server.url {
            Some(url) => vec![("httpUrl", text(url.trim_end_matches('*')))],
            None => {
                let mut words = server.command.iter();
                let program = words.next().map_or("", String::as_str);
                let mut fields = vec![("command", text(program))];
                let args: Vec<&String> = words.collect();
                if !args.is_empty() {
                    fields.push(("args", texts(args)));
                }
                fields
            }
        };
        (server.name.clone(), map(fields))
    };
    table(given.organisation.servers.iter().map(one))
}

fn hooks(given: &Given<'_>) -> Node {
    let milliseconds = given.organisation.hook_timeout_seconds.saturating_mul(1_000);
    let handler = map(vec![
        ("type", text("command")),
        ("name", text("yata")),
        ("command", text(given.hook_line(Agent::GeminiCli))),
        ("timeout", number(milliseconds)),
    ]);
    let group = || {
        let handlers = list(vec![handler.clone()]);
        list(vec![map(vec![("matcher", text(".*")), ("sequential", truth(true)), ("hooks", handlers)])])
    };
    // For events without a tool a matcher is no pattern: `.*` never matches there.
    let always = list(vec![map(vec![("hooks", list(vec![handler.clone()]))])]);
    map(vec![("BeforeTool", group()), ("AfterTool", group()), ("SessionStart", always)])
}

/// For each rule one entry for its commands, and one for each tool that takes a path.
fn policy(given: &Given<'_>) -> Node {
    let mut out = Vec::new();
    for rule in &given.rules.rules {
        let commands: Vec<String> = pick(rule, |what| match what {
            What::Command(words) => Some(words.clone()),
            _ => None,
        });
        if !commands.is_empty() {
            out.push(entry(given, rule, "run_shell_command", ("commandPrefix", texts(commands))));
        }
        let patterns: Vec<String> = pick(rule, |what| match what {
            What::Text(text) => Some(expression(text, ".*")),
            _ => None,
        });
        if !patterns.is_empty() {
            out.push(entry(
                given,
                rule,
                "run_shell_command",
                ("commandRegex", text(format!("({})$", patterns.join("|")))),
            ));
        }
        let reads: Vec<String> = pick(rule, |what| match what {
            What::Read(pattern) => Some(path_expression(pattern)),
            _ => None,
        });
        let edits: Vec<String> = pick(rule, |what| match what {
            What::Edit(pattern) => Some(path_expression(pattern)),
            _ => None,
        });
        for (tools, found) in [(&["read_file", "read_many_files"], reads), (&["write_file", "replace"], edits)] {
            if !found.is_empty() {
                let pattern = format!("({})", found.join("|"));
                out.extend(tools.iter().map(|tool| entry(given, rule, tool, ("argsPattern", text(&*pattern)))));
            }
        }
        for tool in pick(rule, |what| match what {
            What::Tool(tool) => Some(tool.clone()),
            _ => None,
        }) {
            let Some((server, name)) = tool.split_once('/') else { continue };
            out.push(entry(given, rule, name, ("mcpName", text(server))));
        }
    }
    map(vec![("rule", list(out))])
}

fn pick(rule: &SettledRule, of: impl Fn(&What) -> Option<String>) -> Vec<String> {
    rule.what.iter().filter_map(of).collect()
}

fn entry(given: &Given<'_>, rule: &SettledRule, tool: &str, matches: (&str, Node)) -> Node {
    let mut fields = vec![("toolName", text(tool)), matches];
    match rule.decision {
        Decision::Deny => {
            fields.extend([("decision", text("deny")), ("priority", number(DENY_PRIORITY))]);
            fields.push(("denyMessage", text(given.reason(rule))));
        }
        Decision::Ask => fields.extend([("decision", text("ask_user")), ("priority", number(ASK_PRIORITY))]),
    }
    map(fields)
}

/// A pattern as a regular expression.
fn expression(pattern: &str, star: &str) -> String {
    let mut out = String::new();
    for letter in pattern.chars() {
        match letter {
            '*' => out.push_str(star),
            letter if letter.is_alphanumeric() || "/-_ ".contains(letter) => out.push(letter),
            letter => out.extend(['\\', letter]),
        }
    }
    out
}

/// A path as it stands in the arguments' JSON, whatever is before it. A folder is left open at its end.
fn path_expression(pattern: &str) -> String {
    let bare = pattern.trim_start_matches("~/").trim_start_matches("**/");
    match bare.strip_suffix("**") {
        Some(folder) => format!("[/\"]{}", expression(folder, "[^/\"]*")),
        None => format!("[/\"]{}\"", expression(bare, "[^/\"]*")),
    }
}
