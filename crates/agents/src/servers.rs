//! MCP servers: where they are declared and what they start.

use crate::agent::{Agent, Scope};
use crate::known::{Document, Known};
use crate::lang::words;
use crate::package::{self, Package};
use crate::places::Role;
use crate::tree::{Node, Span};

/// An MCP server as a file declares it.
#[derive(Clone, Debug)]
pub struct Server {
    /// The number of its document in [`Known::documents`].
    pub document: usize,
    /// The agent.
    pub agent: Agent,
    /// Whose word it has.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// The program, for a local one.
    pub command: Option<Node>,
    /// Its arguments.
    pub args: Vec<Node>,
    /// The address, for a remote one.
    pub url: Option<Node>,
    /// The package that the command fetches.
    pub package: Option<Package>,
    /// The declaration.
    pub raw: Node,
    /// From the name to the end of the declaration.
    pub span: Span,
}

/// Keys under which files declare servers.
const KEYS: [&str; 6] = ["mcpServers", "mcp_servers", "context_servers", "managedMcpServers", "servers", "mcp"];

/// Every declared server.
#[must_use]
pub(crate) fn servers(known: &Known) -> Vec<Server> {
    let mut out = Vec::new();
    for (at, document) in known.documents.iter().enumerate() {
        let Some(root) = &document.root else { continue };
        let declares = matches!(document.role, Role::Servers | Role::Settings | Role::Subagent | Role::Plugin);
        if !declares || document.unit == "requirements" {
            continue;
        }
        let mut groups: Vec<&Node> = KEYS.iter().filter_map(|key| root.get(key)).collect();
        groups.extend(root.at(&["mcp", "servers"]));
        let projects = root.get("projects").map(Node::entries).unwrap_or_default();
        groups.extend(projects.iter().filter_map(|project| project.value.get("mcpServers")));
        for group in groups {
            collect(at, document, group, &mut out);
        }
    }
    out
}

fn collect(at: usize, document: &Document, group: &Node, out: &mut Vec<Server>) {
    for entry in group.entries() {
        out.extend(server(at, document, &entry.key, entry.span(), &entry.value));
    }
    for item in group.items() {
        let name = item.get("name").and_then(Node::as_text).unwrap_or_default();
        out.extend(server(at, document, name, item.span, item));
    }
}

fn server(at: usize, document: &Document, name: &str, span: Span, raw: &Node) -> Option<Server> {
    let place = raw.get("transport").filter(|inner| inner.get("url").is_some()).unwrap_or(raw);
    let url = ["url", "httpUrl", "serverUrl"].iter().find_map(|key| place.get(key)).cloned();
    let command = raw.get("command").or_else(|| raw.at(&["transport", "command"]));
    // Zed's older form: `command: { path, args }`; opencode's: a list.
    let (program, mut args): (Option<Node>, Vec<Node>) = match command {
        Some(node) if !node.items().is_empty() => {
            (node.items().first().cloned(), node.items().iter().skip(1).cloned().collect())
        }
        Some(node) if node.get("path").is_some() => {
            (node.get("path").cloned(), node.get("args").map(|args| args.items().to_vec()).unwrap_or_default())
        }
        other => (other.filter(|node| node.as_text().is_some()).cloned(), Vec::new()),
    };
    args.extend(
        raw.get("args").or_else(|| raw.at(&["transport", "args"])).map(Node::items).unwrap_or_default().iter().cloned(),
    );
    if program.is_none() && url.is_none() {
        return None;
    }
    let texts: Vec<(&str, Span)> = args.iter().filter_map(|arg| Some((arg.as_text()?, arg.span))).collect();
    let line = program.as_ref().and_then(Node::as_text).unwrap_or_default();
    let found = if line.contains(' ') && texts.is_empty() {
        let words = words::split(line);
        let here = program.as_ref().map_or(span, |node| node.span);
        let args: Vec<(&str, Span)> = words.iter().skip(1).map(|word| (word.as_str(), here)).collect();
        words.first().and_then(|first| package::package(first, &args))
    } else {
        package::package(line, &texts)
    };
    Some(Server {
        document: at,
        agent: document.agent,
        scope: document.scope,
        name: name.to_owned(),
        command: program,
        args,
        url,
        package: found,
        raw: raw.clone(),
        span,
    })
}

impl Server {
    /// Command and arguments as one line.
    #[must_use]
    pub fn line(&self) -> String {
        let command = self.command.as_ref().and_then(Node::as_text).into_iter();
        command.chain(self.args.iter().filter_map(Node::as_text)).collect::<Vec<_>>().join(" ")
    }

    /// Whether it is reached over the network.
    #[must_use]
    pub const fn remote(&self) -> bool {
        self.url.is_some() && self.command.is_none()
    }
}
