//! `yata agents list`: which agents there are, and what they keep where.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use serde::Serialize;
use yata_agents::{Agent, Document, Role, Scope};
use yata_model::{Message, Problem};

use super::audit::{problems, scope_word};
use super::authors::authors;
use super::seen::{self, Seen};
use crate::cli::{ListFormatArg, LookArgs};
use crate::view::style::Style;
use crate::view::text::{pad, printable, width};
use crate::{EXIT_CLEAR, EXIT_UNKNOWN, Terminal, output};

/// An agent and all that it reads.
#[derive(Serialize)]
struct AgentWire {
    agent: &'static str,
    installed: Vec<InstalledWire>,
    servers: Vec<ServerWire>,
    hooks: Vec<HookWire>,
    /// Settings, rules, skills and the like, by what they are.
    files: Vec<FileWire>,
}

#[derive(Serialize)]
struct InstalledWire {
    version: Option<String>,
    extension: Option<String>,
}

#[derive(Serialize)]
struct ServerWire {
    name: String,
    /// `local`, `remote` or `plugin`.
    kind: &'static str,
    scope: &'static str,
    file: String,
    line: Option<u32>,
    /// The program, without its arguments: they may hold a secret.
    command: Option<String>,
    /// Scheme and host.
    url: Option<String>,
    package: Option<String>,
    purl: Option<String>,
    pinned: Option<bool>,
}

#[derive(Serialize)]
struct HookWire {
    event: String,
    scope: &'static str,
    file: String,
    line: Option<u32>,
    program: String,
    /// Whether it can stop what the agent is about to do.
    guards: bool,
}

#[derive(Serialize)]
struct FileWire {
    role: &'static str,
    scope: &'static str,
    path: String,
    owner: Option<String>,
    author: Option<String>,
    link: Option<String>,
}

pub(super) fn run(look: &LookArgs, format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let seen = seen::look(look, None, terminal)?;
    let agents = agents(&seen);
    let text = match format {
        ListFormatArg::Human => human(&seen, &agents, terminal),
        ListFormatArg::Json => serde_json::to_string_pretty(&agents)? + "\n",
    };
    output::write(&text, None)?;
    Ok(if seen.problems.iter().any(Problem::is_gap) { EXIT_UNKNOWN } else { EXIT_CLEAR })
}

fn agents(seen: &Seen) -> Vec<AgentWire> {
    let authors = authors(seen);
    let installed = |agent: Agent| {
        let all = seen.sight.machine.installed.iter().filter(move |one| one.agent == agent.name());
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        all.map(|one| InstalledWire { version: some(&one.version), extension: some(&one.extension) }).collect()
    };
    let mut all: Vec<AgentWire> = Vec::new();
    for agent in Agent::all() {
        let one = AgentWire {
            agent: agent.name(),
            installed: installed(agent),
            servers: servers(seen, agent),
            hooks: hooks(seen, agent),
            files: files(seen, agent, &authors),
        };
        if !one.installed.is_empty() || !one.files.is_empty() {
            all.push(one);
        }
    }
    all
}

fn document(seen: &Seen, at: usize) -> Option<(&Document, String)> {
    let document = seen.model.known.documents.get(at)?;
    Some((document, seen.shown(seen.sight.machine.files.get(document.file)?)))
}

fn line(seen: &Seen, span: yata_agents::Span) -> Option<u32> {
    let file = seen.sight.machine.files.get(span.file)?;
    Some(yata_agents::line_and_column(&file.bytes, span.start).0)
}

fn servers(seen: &Seen, agent: Agent) -> Vec<ServerWire> {
    let of_agent = seen.model.servers.iter().filter(|server| server.agent == agent);
    let wire = |server: &yata_agents::Server| {
        let (_, file) = document(seen, server.document)?;
        let kind = match (server.scope == Scope::Plugin, server.remote()) {
            (true, _) => "plugin",
            (false, true) => "remote",
            (false, false) => "local",
        };
        let package = server.package.as_ref();
        Some(ServerWire {
            name: server.name.clone(),
            kind,
            scope: server.scope.name(),
            file,
            line: line(seen, server.span),
            command: server.command.as_ref().and_then(|node| node.as_text()).map(first_word),
            url: server.url.as_ref().and_then(|node| node.as_text()).map(host),
            package: package.map(|package| match package.version.as_str() {
                "" => package.name.clone(),
                version => format!("{}@{version}", package.name),
            }),
            purl: package.and_then(yata_agents::Package::purl),
            pinned: package.map(|package| package.pinned),
        })
    };
    of_agent.filter_map(wire).collect()
}

fn first_word(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Scheme and host of an address: paths, queries and user names may hold secrets.
fn host(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return String::new() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

fn hooks(seen: &Seen, agent: Agent) -> Vec<HookWire> {
    let of_agent = seen.model.hooks.iter().filter(|hook| hook.agent == agent);
    let wire = |hook: &yata_agents::Hook| {
        let (_, file) = document(seen, hook.document)?;
        Some(HookWire {
            event: hook.event.clone(),
            scope: hook.scope.name(),
            file,
            line: line(seen, hook.span),
            program: if hook.kind() == "command" { hook.program() } else { hook.kind().to_owned() },
            guards: hook.guards(),
        })
    };
    of_agent.filter_map(wire).collect()
}

fn files(seen: &Seen, agent: Agent, authors: &HashMap<PathBuf, String>) -> Vec<FileWire> {
    // The inside of a skill is the skill's; scripts and profiles are no configuration of an agent.
    let counts =
        |role: Role| !matches!(role, Role::SkillFile | Role::Script | Role::Profile | Role::Ignore | Role::Pins);
    let of_agent = seen.model.known.documents.iter().filter(|one| one.agent == agent && counts(one.role));
    let mut files: Vec<FileWire> = of_agent
        .filter_map(|one| {
            let file = seen.sight.machine.files.get(one.file)?;
            Some(FileWire {
                role: one.role.name(),
                scope: one.scope.name(),
                path: seen.shown(file),
                owner: file.owner.clone(),
                author: authors.get(&seen.sight.on_disk(file)).cloned(),
                link: file.link.clone(),
            })
        })
        .collect();
    files.sort_by(|a, b| (order(a.role), &a.path).cmp(&(order(b.role), &b.path)));
    files
}

/// The roles in the order in which they are listed, with the words for them.
const ROLES: [(&str, &str); 11] = [
    ("settings", "agents-role-settings"),
    ("servers", "agents-role-servers"),
    ("hooks", "agents-role-hooks"),
    ("rules", "agents-role-rules"),
    ("instructions", "agents-role-instructions"),
    ("skill", "agents-role-skill"),
    ("command", "agents-role-command"),
    ("subagent", "agents-role-subagent"),
    ("plugin", "agents-role-plugin"),
    ("marketplace", "agents-role-marketplace"),
    ("tools", "agents-role-tools"),
];

fn order(role: &str) -> usize {
    ROLES.iter().position(|(known, _)| *known == role).unwrap_or(ROLES.len())
}

/// A row of the list: what it is, whose word, what, and more.
type Row = [String; 4];

fn human(seen: &Seen, agents: &[AgentWire], terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let mut out = String::new();
    for one in agents {
        let versions: BTreeMap<String, ()> = one
            .installed
            .iter()
            .map(|one| {
                let parts = [one.extension.clone(), one.version.clone()];
                (parts.into_iter().flatten().collect::<Vec<_>>().join(" "), ())
            })
            .collect();
        let versions: Vec<String> = versions.into_keys().collect();
        let versions = if versions.is_empty() { word("agents-version-unknown") } else { versions.join(", ") };
        out.push_str(&format!("{}  {}\n", style.bold(one.agent), style.dim(&printable(versions))));
        let rows = rows(one, terminal);
        let columns: Vec<usize> = (0..3)
            .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        for row in &rows {
            let cells = row.iter().enumerate().map(|(at, cell)| pad(cell, columns.get(at).copied().unwrap_or(0)));
            out.push_str(&format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end()));
        }
        out.push('\n');
    }
    problems(&mut out, &seen.problems, terminal);
    let files = seen.model.known.documents.len();
    let message = Message::new("agents-looked-at").with("files", files).with("agents", agents.len());
    out.push_str(&format!("{}\n", yata_words::render(terminal.lang, &message)));
    out
}

fn rows(one: &AgentWire, terminal: &Terminal) -> Vec<Row> {
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let mut rows = Vec::new();
    for server in &one.servers {
        let kind = match server.kind {
            "plugin" => word("agents-server-plugin"),
            "remote" => word("agents-server-remote"),
            _ => word("agents-server-local"),
        };
        let what = server.package.clone().or_else(|| server.url.clone()).or_else(|| server.command.clone());
        let pin = match server.pinned {
            Some(false) => word("agents-unpinned"),
            _ => String::new(),
        };
        let place = format!("{}{}", server.file, server.line.map(|line| format!(":{line}")).unwrap_or_default());
        let what = format!("{} = {} {pin}", server.name, what.unwrap_or_default());
        rows.push([kind, scope_word(server.scope, terminal), printable(what.trim_end()), printable(place)]);
    }
    for hook in &one.hooks {
        let place = format!("{}{}", hook.file, hook.line.map(|line| format!(":{line}")).unwrap_or_default());
        let what = format!("{} → {}", hook.event, hook.program);
        rows.push([word("agents-hook"), scope_word(hook.scope, terminal), printable(what), printable(place)]);
    }
    for file in &one.files {
        let role = ROLES.iter().find(|(known, _)| *known == file.role).map_or_else(String::new, |(_, id)| word(id));
        let mut people: Vec<String> = file.owner.clone().into_iter().collect();
        people.extend(file.author.as_ref().map(|author| {
            yata_words::render(terminal.lang, &Message::new("agents-written-by").with("author", author.as_str()))
        }));
        let link = file.link.as_ref().map(|target| format!(" → {target}")).unwrap_or_default();
        let path = format!("{}{link}", file.path);
        rows.push([role, scope_word(file.scope, terminal), printable(path), printable(people.join(", "))]);
    }
    rows
}
