//! What a choke point asks: who wants to do what, to which thing, under which circumstances.

use serde::{Deserialize, Serialize};

use crate::traits::Traits;

/// The types of entities that the schema names (`src/schema.cedarschema`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Person,
    Group,
    Agent,
    CiJob,
    Action,
    Command,
    File,
    Url,
    Tool,
    Package,
    Prompt,
    Document,
}

impl Kind {
    pub(crate) const ALL: [Self; 12] = [
        Self::Person,
        Self::Group,
        Self::Agent,
        Self::CiJob,
        Self::Action,
        Self::Command,
        Self::File,
        Self::Url,
        Self::Tool,
        Self::Package,
        Self::Prompt,
        Self::Document,
    ];

    /// The name in the schema.
    #[cfg(feature = "cedar")]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Group => "Group",
            Self::Agent => "Agent",
            Self::CiJob => "CiJob",
            Self::Action => "Action",
            Self::Command => "Command",
            Self::File => "File",
            Self::Url => "Url",
            Self::Tool => "Tool",
            Self::Package => "Package",
            Self::Prompt => "Prompt",
            Self::Document => "Document",
        }
    }
}

/// What kind of principal asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrincipalKind {
    /// Somebody at a keyboard.
    Person,
    /// A coding agent; its groups are those of the person for whom it works.
    Agent,
    /// A job of a build service.
    CiJob,
}

impl PrincipalKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Person, Self::Agent, Self::CiJob];

    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Person => Kind::Person,
            Self::Agent => Kind::Agent,
            Self::CiJob => Kind::CiJob,
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// What kind of principal.
    #[serde(rename = "type")]
    pub kind: PrincipalKind,
    /// Its name, unique within the kind.
    pub id: String,
    /// The groups it is in, those of its groups included: `principal in Group::"release-managers"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A program runs; the resource is a `Command`, its text.
    RunCommand,
    /// A file is read; the resource is a `File`, its path.
    ReadFile,
    /// A file is written, moved or removed; the resource is a `File`, its path.
    WriteFile,
    /// An address is fetched; the resource is a `Url`.
    FetchUrl,
    /// A tool is called that is none of these, such as one of an MCP server; the resource is a `Tool`.
    CallTool,
    /// A package is installed; the resource is a `Package`: `npm:left-pad@1.3.0`.
    InstallPackage,
    /// A text goes to an AI service; the resource is a `Prompt`, the name of the service.
    Prompt,
    /// Documents are looked up for an AI service; the resource is a `Document`.
    Retrieve,
    /// Data leaves for another system; the resource is a `Document`.
    Export,
}

impl Action {
    /// All of them, in the order of their bit in the compiled form.
    pub const ALL: [Self; 9] = [
        Self::RunCommand,
        Self::ReadFile,
        Self::WriteFile,
        Self::FetchUrl,
        Self::CallTool,
        Self::InstallPackage,
        Self::Prompt,
        Self::Retrieve,
        Self::Export,
    ];

    /// The name in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::RunCommand => "run_command",
            Self::ReadFile => "read_file",
            Self::WriteFile => "write_file",
            Self::FetchUrl => "fetch_url",
            Self::CallTool => "call_tool",
            Self::InstallPackage => "install_package",
            Self::Prompt => "prompt",
            Self::Retrieve => "retrieve",
            Self::Export => "export",
        }
    }

    /// The type of its resource.
    pub(crate) fn resource(self) -> Kind {
        match self {
            Self::RunCommand => Kind::Command,
            Self::ReadFile | Self::WriteFile => Kind::File,
            Self::FetchUrl => Kind::Url,
            Self::CallTool => Kind::Tool,
            Self::InstallPackage => Kind::Package,
            Self::Prompt => Kind::Prompt,
            Self::Retrieve | Self::Export => Kind::Document,
        }
    }

    /// Its bit in a set of actions.
    pub(crate) fn bit(self) -> u16 {
        Self::ALL.iter().zip(0u32..).find(|(action, _)| **action == self).map_or(0, |(_, bit)| 1 << bit)
    }
}

/// The facts of the circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// What the act does.
    pub traits: Traits,
    /// Whether untrusted content entered the session before.
    pub tainted: bool,
    /// The program that runs, without its folder; empty where none does.
    pub program: String,
    /// The agent: `claude-code`, `codex` …; empty where none is at work.
    pub agent: String,
    /// The agent's own mode of permission, as it says it (`default`, `plan`, `bypassPermissions` …).
    pub mode: String,
    /// The project in which it happens, such as the name of its repository.
    pub project: String,
    /// What the content holds: `secret`, `personal`, `marking`, `injection`.
    pub classes: Vec<String>,
    /// Milliseconds since 1970-01-01 UTC, where the asker knows the time (`context has now`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now_ms: Option<i64>,
}

/// A question to the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Who.
    pub principal: Principal,
    /// What is to be done.
    pub action: Action,
    /// To which thing: the command's text, a path, an address, a tool's name; its type follows from the action.
    pub resource: String,
    /// Under which circumstances.
    #[serde(default)]
    pub context: Facts,
}

/// The attributes of a resource, read out of its text.
pub(crate) type Attributes<'r> = Vec<(&'static str, &'r str)>;

impl Request {
    /// The attributes of the resource that the schema promises for its type.
    pub(crate) fn attributes(&self) -> Attributes<'_> {
        let text = self.resource.as_str();
        match self.action.resource() {
            Kind::File => vec![("name", base(text)), ("path", text)],
            Kind::Url => {
                let (scheme, host) = address(text);
                vec![("host", host), ("scheme", scheme), ("url", text)]
            }
            Kind::Tool => vec![("name", text), ("server", server(text))],
            Kind::Package => {
                let (ecosystem, name, version) = package(text);
                vec![("ecosystem", ecosystem), ("name", name), ("version", version)]
            }
            Kind::Prompt => vec![("service", text)],
            Kind::Document => vec![("name", text)],
            _ => vec![("text", text)],
        }
    }
}

/// The last part of a path, of either system.
fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default()
}

/// Scheme and host of an address (RFC 3986, section 3), each as it is written; empty where there is none.
fn address(url: &str) -> (&str, &str) {
    let Some((scheme, rest)) = url.split_once("://") else { return ("", "") };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    (scheme, host)
}

/// The server of a tool that is named `mcp__server__tool`; empty for others.
fn server(tool: &str) -> &str {
    tool.strip_prefix("mcp__").and_then(|rest| rest.split_once("__")).map_or("", |(server, _)| server)
}

/// Ecosystem, name and version of `npm:@scope/name@1.2.3`; what is missing is empty.
fn package(text: &str) -> (&str, &str, &str) {
    let (ecosystem, rest) = match text.split_once(':') {
        Some((ecosystem, rest)) if ecosystem.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
            (ecosystem, rest)
        }
        _ => ("", text),
    };
    match rest.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => (ecosystem, name, version),
        _ => (ecosystem, rest, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_out_of_the_text() {
        let check = |action, text: &str, expected: &[(&str, &str)]| {
            let principal = Principal { kind: PrincipalKind::Agent, id: "a".into(), groups: vec![] };
            let request = Request { principal, action, resource: text.into(), context: Facts::default() };
            assert_eq!(request.attributes(), expected, "{text}");
        };
        check(Action::RunCommand, "ls -l", &[("text", "ls -l")]);
        check(Action::ReadFile, "/home/mio/.env", &[("name", ".env"), ("path", "/home/mio/.env")]);
        check(Action::WriteFile, "C:\\x\\y\\", &[("name", "y"), ("path", "C:\\x\\y\\")]);
        let url = "https://a@b.example:8443/x";
        check(Action::FetchUrl, url, &[("host", "b.example"), ("scheme", "https"), ("url", url)]);
        let url = "http://[::1]:80/";
        check(Action::FetchUrl, url, &[("host", "::1"), ("scheme", "http"), ("url", url)]);
        check(Action::FetchUrl, "nonsense", &[("host", ""), ("scheme", ""), ("url", "nonsense")]);
        check(Action::CallTool, "mcp__wiki__read", &[("name", "mcp__wiki__read"), ("server", "wiki")]);
        check(Action::CallTool, "Task", &[("name", "Task"), ("server", "")]);
        let parts = [("ecosystem", "npm"), ("name", "@a/b"), ("version", "1.0")];
        check(Action::InstallPackage, "npm:@a/b@1.0", &parts);
        check(Action::InstallPackage, "@a/b", &[("ecosystem", ""), ("name", "@a/b"), ("version", "")]);
        check(Action::Prompt, "assistant", &[("service", "assistant")]);
        check(Action::Export, "orders.csv", &[("name", "orders.csv")]);
    }
}
