//! `agents.toml`: what an organisation says of its agents.

use std::collections::BTreeMap;

use super::Tongue;
use super::rules::{Rule, listed};
use crate::agent::Agent;
use crate::read::{self, Format};
use crate::tree::{Node, Value, line_and_column};

/// What an organisation allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// The language of the reasons that agents show.
    pub tongue: Tongue,
    /// The agents that may be used.
    pub agents: Vec<Agent>,
    /// The hook's program, a whole path, with the words before the agent's name.
    pub hook_command: Vec<String>,
    /// How long a hook may take, in seconds.
    pub hook_timeout_seconds: u32,
    /// The folder of the hook's program, which only root may write.
    pub hook_folder: String,
    /// The MCP servers that may be used.
    pub servers: Vec<ServerEntry>,
    /// Where plugins may come from; none at all where empty.
    pub marketplaces: Vec<Marketplace>,
    /// The hosts that agents may reach.
    pub hosts: Vec<String>,
    /// The line of the hosts in the file; 0 where none are named.
    pub hosts_line: u32,
    /// Rules of its own, beside those that are given.
    pub rules: Vec<Rule>,
    /// The models of each agent that may be used; any where an agent is absent.
    pub models: BTreeMap<String, Vec<String>>,
    /// The lowest version of each agent.
    pub versions: BTreeMap<String, String>,
    /// The organisation's id at Anthropic.
    pub claude_organisation: Option<String>,
    /// The workspaces at OpenAI.
    pub codex_workspaces: Vec<String>,
    /// How Gemini CLI signs in: `oauth-personal`, `vertex-ai` and the like.
    pub gemini_sign_in: Option<String>,
    /// How long transcripts stay on the machine, in days.
    pub retention_days: u32,
    /// Where agents send their telemetry.
    pub telemetry: Option<String>,
    /// Variables that commands do not see.
    pub secret_variables: Vec<String>,
}

/// An MCP server that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerEntry {
    /// Its name.
    pub name: String,
    /// Its program and arguments, for a local one.
    pub command: Vec<String>,
    /// Its address, `*` for any text, for a remote one.
    pub url: Option<String>,
}

/// A list of plugins that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marketplace {
    /// `owner/name` at GitHub.
    pub github: Option<String>,
    /// The address of a git repository.
    pub git: Option<String>,
    /// The commit that was approved.
    pub commit: Option<String>,
}

/// Something wrong in a file, with its line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setback {
    /// The line; 0 for the file as a whole.
    pub line: u32,
    /// The key or the value that is meant.
    pub what: String,
    /// What is wrong: `syntax`, `unknown-key`, `wrong-type`, `unknown-agent`, `missing`, `both`, `not-absolute`,
    /// `milder` (than the policy).
    pub kind: &'static str,
}

/// The most entries of a list that are read.
const ENTRIES_MAX: usize = 1_000;
/// Days that transcripts stay where nothing is said.
const RETENTION_DEFAULT_DAYS: u32 = 30;
/// Seconds that a hook may take where nothing is said.
const TIMEOUT_DEFAULT_SECONDS: u32 = 10;
/// Variables that commands do not see where nothing is said.
const SECRET_VARIABLES: [&str; 8] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITLAB_TOKEN",
    "NPM_TOKEN",
    "PYPI_TOKEN",
];

/// Reads a file whose every key is asked for once; what was not asked for is unknown.
pub(super) struct Reader<'a> {
    pub(super) text: &'a [u8],
    pub(super) setbacks: Vec<Setback>,
}

impl Reader<'_> {
    pub(super) fn wrong(&mut self, node: &Node, what: &str, kind: &'static str) {
        let line = line_and_column(self.text, node.span.start).0;
        self.setbacks.push(Setback { line, what: what.to_owned(), kind });
    }

    pub(super) fn text(&mut self, at: &Node, key: &str) -> Option<String> {
        let node = at.get(key)?;
        if node.as_text().is_none() {
            self.wrong(node, key, "wrong-type");
        }
        node.as_text().map(str::to_owned)
    }

    pub(super) fn texts(&mut self, at: &Node, key: &str) -> Option<Vec<String>> {
        let node = at.get(key)?;
        let whole = matches!(node.value, Value::List(_)) && node.items().iter().all(|item| item.as_text().is_some());
        if !whole || node.items().len() > ENTRIES_MAX {
            self.wrong(node, key, "wrong-type");
        }
        Some(node.items().iter().take(ENTRIES_MAX).filter_map(Node::as_text).map(str::to_owned).collect())
    }

    fn count(&mut self, at: &Node, key: &str) -> Option<u32> {
        let node = at.get(key)?;
        let found = match node.value {
            Value::Number(number) => (1_u32..=3_650).find(|whole| (f64::from(*whole) - number).abs() < f64::EPSILON),
            _ => None,
        };
        if found.is_none() {
            self.wrong(node, key, "wrong-type");
        }
        found
    }

    pub(super) fn only(&mut self, at: &Node, keys: &[&str]) {
        for entry in at.entries().iter().filter(|entry| !keys.contains(&&*entry.key)) {
            let line = line_and_column(self.text, entry.key_span.start).0;
            self.setbacks.push(Setback { line, what: entry.key.clone(), kind: "unknown-key" });
        }
    }
}

/// Reads the text of an organisation's file. Nothing is taken where anything is wrong with it.
///
/// # Errors
/// All that is wrong with it.
pub fn organisation(text: &str) -> Result<Organisation, Vec<Setback>> {
    let read = read::read(Format::Toml, text.as_bytes(), 0);
    let Some(root) = read.root else { return Err(broken(text, &read.faults)) };
    let mut reader = Reader { text: text.as_bytes(), setbacks: Vec::new() };
    let nothing = super::map(Vec::new());
    let part = |key: &str| root.get(key).unwrap_or(&nothing).clone();
    let (hook, network, account) = (part("hook"), part("network"), part("account"));
    let (retention, telemetry, secrets) = (part("retention"), part("telemetry"), part("secrets"));
    reader.only(&root, &KEYS);
    reader.only(&hook, &["command", "timeout_seconds", "folder"]);
    reader.only(&network, &["hosts"]);
    reader.only(&account, &["claude_organisation", "codex_workspaces", "gemini_sign_in"]);
    reader.only(&retention, &["days"]);
    reader.only(&telemetry, &["endpoint"]);
    reader.only(&secrets, &["variables"]);
    let hook_command = reader.texts(&hook, "command").unwrap_or_default();
    let program = hook_command.first().cloned().unwrap_or_default();
    if !crate::machine::is_absolute(&program) {
        reader.wrong(&hook, "hook.command", if program.is_empty() { "missing" } else { "not-absolute" });
    }
    let folder = program.replace('\\', "/").rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
    let made = Organisation {
        tongue: tongue(&mut reader, &root),
        agents: agents(&mut reader, &root),
        hook_command,
        hook_timeout_seconds: reader.count(&hook, "timeout_seconds").unwrap_or(TIMEOUT_DEFAULT_SECONDS),
        hook_folder: reader.text(&hook, "folder").unwrap_or(folder),
        servers: servers(&mut reader, &root),
        marketplaces: marketplaces(&mut reader, &root),
        hosts: reader.texts(&network, "hosts").unwrap_or_default(),
        hosts_line: network.get("hosts").map_or(0, |node| line_and_column(text.as_bytes(), node.span.start).0),
        rules: listed(&mut reader, &root),
        models: lists(&mut reader, &part("models")),
        versions: versions(&mut reader, &part("versions")),
        claude_organisation: reader.text(&account, "claude_organisation"),
        codex_workspaces: reader.texts(&account, "codex_workspaces").unwrap_or_default(),
        gemini_sign_in: reader.text(&account, "gemini_sign_in"),
        retention_days: reader.count(&retention, "days").unwrap_or(RETENTION_DEFAULT_DAYS),
        telemetry: reader.text(&telemetry, "endpoint"),
        secret_variables: reader
            .texts(&secrets, "variables")
            .unwrap_or_else(|| SECRET_VARIABLES.map(str::to_owned).to_vec()),
    };
    if reader.setbacks.is_empty() { Ok(made) } else { Err(reader.setbacks) }
}

const KEYS: [&str; 13] = [
    "language",
    "agents",
    "hook",
    "network",
    "account",
    "retention",
    "telemetry",
    "secrets",
    "models",
    "versions",
    "server",
    "marketplace",
    "rule",
];

pub(super) fn broken(text: &str, faults: &[read::Fault]) -> Vec<Setback> {
    let line = faults.first().map_or(0, |fault| line_and_column(text.as_bytes(), fault.span.start).0);
    vec![Setback { line, what: String::new(), kind: "syntax" }]
}

fn tongue(reader: &mut Reader<'_>, root: &Node) -> Tongue {
    match (root.get("language"), reader.text(root, "language").as_deref()) {
        (None, _) | (_, Some("en")) => Tongue::En,
        (_, Some("ja")) => Tongue::Ja,
        (Some(node), _) => {
            reader.wrong(node, "language", "wrong-type");
            Tongue::En
        }
    }
}

fn agents(reader: &mut Reader<'_>, root: &Node) -> Vec<Agent> {
    let mut out = Vec::new();
    let Some(node) = root.get("agents") else {
        reader.wrong(root, "agents", "missing");
        return out;
    };
    for name in reader.texts(root, "agents").unwrap_or_default() {
        match Agent::named(&name) {
            Some(agent) => out.push(agent),
            None => reader.wrong(node, &name, "unknown-agent"),
        }
    }
    out
}

fn servers(reader: &mut Reader<'_>, root: &Node) -> Vec<ServerEntry> {
    let mut out = Vec::new();
    for node in root.get("server").map(Node::items).unwrap_or_default().iter().take(ENTRIES_MAX) {
        reader.only(node, &["name", "command", "url"]);
        let name = reader.text(node, "name").unwrap_or_default();
        let command = reader.texts(node, "command").unwrap_or_default();
        let url = reader.text(node, "url");
        if name.is_empty() {
            reader.wrong(node, "name", "missing");
        }
        match (command.is_empty(), &url) {
            (true, None) => reader.wrong(node, &name, "missing"),
            (false, Some(_)) => reader.wrong(node, &name, "both"),
            _ => out.push(ServerEntry { name, command, url }),
        }
    }
    out
}

fn marketplaces(reader: &mut Reader<'_>, root: &Node) -> Vec<Marketplace> {
    let mut out = Vec::new();
    for node in root.get("marketplace").map(Node::items).unwrap_or_default().iter().take(ENTRIES_MAX) {
        reader.only(node, &["github", "git", "commit"]);
        let one = Marketplace {
            github: reader.text(node, "github"),
            git: reader.text(node, "git"),
            commit: reader.text(node, "commit"),
        };
        match (&one.github, &one.git) {
            (None, None) => reader.wrong(node, "marketplace", "missing"),
            (Some(_), Some(_)) => reader.wrong(node, "marketplace", "both"),
            _ => out.push(one),
        }
    }
    out
}

fn lists(reader: &mut Reader<'_>, at: &Node) -> BTreeMap<String, Vec<String>> {
    known_agents(reader, at);
    at.entries().iter().filter_map(|entry| Some((entry.key.clone(), reader.texts(at, &entry.key)?))).collect()
}

fn versions(reader: &mut Reader<'_>, at: &Node) -> BTreeMap<String, String> {
    known_agents(reader, at);
    at.entries().iter().filter_map(|entry| Some((entry.key.clone(), reader.text(at, &entry.key)?))).collect()
}

fn known_agents(reader: &mut Reader<'_>, at: &Node) {
    for entry in at.entries().iter().filter(|entry| Agent::named(&entry.key).is_none()) {
        reader.wrong(&entry.value, &entry.key, "unknown-agent");
    }
}
