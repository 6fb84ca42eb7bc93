//! Rules: patterns in the words of agents, with the calls that each stands for. What they decide, the policy is asked:
//! [`super::settle`].

use super::organisation::{Reader, Setback, broken};
use crate::read::{self, Format};
use crate::tree::{Node, Value, line_and_column};

/// What a rule decides. The order is that of strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// After a person has said yes.
    Ask,
    /// Never.
    Deny,
}

impl Decision {
    /// The name that files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Ask => "ask",
        }
    }
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Commands that begin with these words.
    Command(String),
    /// Commands whose whole text this fits, `*` for any text.
    Text(String),
    /// Files that are read, as `.gitignore` writes them; `~/` for the home directory.
    Read(String),
    /// Files that are changed.
    Edit(String),
    /// A host, `*.` for all below it.
    Host(String),
    /// A tool of an MCP server: `server/tool`, `*` for all tools.
    Tool(String),
    /// What a call would do, by the names of the hook: `sends-out`.
    Meaning(String),
}

impl What {
    /// The pattern as written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        match self {
            Self::Command(text)
            | Self::Text(text)
            | Self::Read(text)
            | Self::Edit(text)
            | Self::Host(text)
            | Self::Tool(text)
            | Self::Meaning(text) => text,
        }
    }
}

/// A call that a pattern stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// A command line.
    Command(String),
    /// A file that is read: from the project, `~/` or whole.
    Read(String),
    /// A file that is changed.
    Edit(String),
    /// An address that is asked.
    Url(String),
    /// A tool of an MCP server: `server/tool`.
    Tool(String),
}

impl Probe {
    /// The call as a report shows it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Command(text) | Self::Read(text) | Self::Edit(text) | Self::Url(text) | Self::Tool(text) => text,
        }
    }
}

/// A pattern with the calls that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// What it fits.
    pub what: What,
    /// Calls that it would stop: those that should be, and everyday ones.
    pub stands_for: Vec<Probe>,
}

/// A rule, which the policy has not been asked about yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The line of its file, from 1.
    pub line: u32,
    /// What is decided at least, whatever the policy says: an organisation's own, stricter rule.
    pub least: Option<Decision>,
    /// What the policy asks about is denied.
    pub denies_asked: bool,
    /// What it is about; each alone is enough.
    pub patterns: Vec<Pattern>,
    /// The reason in English.
    pub en: String,
    /// The reason in Japanese.
    pub ja: String,
}

/// The rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// In the file's order.
    pub rules: Vec<Rule>,
}

/// The rules that hold where no others are given.
#[must_use]
pub fn default_rules() -> Rules {
    // INVARIANT: a test reads the same text and finds nothing wrong with it.
    rules(include_str!("../../managed/rules.toml")).unwrap_or_default()
}

/// Reads a file of rules. Nothing is taken where anything is wrong with it.
///
/// # Errors
/// All that is wrong with it.
pub fn rules(text: &str) -> Result<Rules, Vec<Setback>> {
    let read = read::read(Format::Toml, text.as_bytes(), 0);
    let Some(root) = read.root else { return Err(broken(text, &read.faults)) };
    let mut reader = Reader { text: text.as_bytes(), setbacks: Vec::new() };
    reader.only(&root, &["rule"]);
    let rules = listed(&mut reader, &root);
    if rules.is_empty() {
        reader.wrong(&root, "rule", "missing");
    }
    if reader.setbacks.is_empty() { Ok(Rules { rules }) } else { Err(reader.setbacks) }
}

/// The rules of a file, under `rule`.
pub(super) fn listed(reader: &mut Reader<'_>, root: &Node) -> Vec<Rule> {
    root.get("rule").map(Node::items).unwrap_or_default().iter().map(|node| rule(reader, node)).collect()
}

const KINDS: [&str; 6] = ["command", "read", "edit", "host", "tool", "meaning"];

fn rule(reader: &mut Reader<'_>, node: &Node) -> Rule {
    let known: Vec<&str> = ["id", "asked", "decision", "en", "ja"].into_iter().chain(KINDS).collect();
    reader.only(node, &known);
    let id = reader.text(node, "id").unwrap_or_default();
    let one_of = |reader: &mut Reader<'_>, key: &str| match (node.get(key), reader.text(node, key).as_deref()) {
        (None, _) => None,
        (_, Some("deny")) => Some(Decision::Deny),
        (_, Some("ask")) if key == "decision" => Some(Decision::Ask),
        (Some(value), _) => {
            reader.wrong(value, key, "wrong-type");
            None
        }
    };
    let least = one_of(reader, "decision");
    let denies_asked = one_of(reader, "asked").is_some();
    let patterns: Vec<Pattern> = KINDS.into_iter().flat_map(|kind| patterns(reader, node, kind)).collect();
    if id.is_empty() || patterns.is_empty() {
        reader.wrong(node, if id.is_empty() { "id" } else { &id }, "missing");
    }
    let en = reader.text(node, "en").unwrap_or_default();
    let ja = reader.text(node, "ja").unwrap_or_else(|| en.clone());
    let line = line_and_column(reader.text, node.span.start).0;
    Rule { id, line, least, denies_asked, patterns, en, ja }
}

/// The patterns of a kind: a table of patterns with calls, or a list of patterns that are calls themselves.
fn patterns(reader: &mut Reader<'_>, rule: &Node, kind: &str) -> Vec<Pattern> {
    let Some(node) = rule.get(kind) else { return Vec::new() };
    let mut out = Vec::new();
    let written: Vec<(String, Option<Vec<String>>)> = if let Value::Map(entries) = &node.value {
        let calls = |key: &String| (key.clone(), Some(reader.texts(node, key).unwrap_or_default()));
        entries.iter().map(|entry| &entry.key).map(calls).collect()
    } else {
        reader.texts(rule, kind).unwrap_or_default().into_iter().map(|text| (text, None)).collect()
    };
    for (text, calls) in written {
        let text = text.trim();
        // A pattern ends a rule of some agents at its first bracket or new line.
        if text.is_empty() || text.contains(['(', ')', '"', '\n', '\r', '\0']) {
            reader.wrong(node, text, "wrong-type");
        }
        let what = what(kind, text);
        // What a trait means, nobody can tell from its name.
        let own = || Vec::from_iter((kind != "meaning").then(|| example(&what)));
        let calls = calls.unwrap_or_else(own);
        if calls.is_empty() || calls.iter().any(|call| call.trim().is_empty()) {
            reader.wrong(node, text, "missing");
        }
        let stands_for = calls.into_iter().map(|call| probe(kind, call)).collect();
        out.push(Pattern { what, stands_for });
    }
    out
}

fn what(kind: &str, text: &str) -> What {
    let text = text.to_owned();
    match kind {
        "command" if text.contains('*') => What::Text(text),
        "command" => What::Command(text),
        "read" => What::Read(text),
        "edit" => What::Edit(text),
        "host" => What::Host(text),
        "tool" => What::Tool(text),
        _ => What::Meaning(text),
    }
}

fn probe(kind: &str, call: String) -> Probe {
    match kind {
        "read" => Probe::Read(call),
        "edit" => Probe::Edit(call),
        "host" => Probe::Url(call),
        "tool" => Probe::Tool(call),
        _ => Probe::Command(call),
    }
}

/// A call that a pattern fits, where none is given.
fn example(what: &What) -> String {
    let plain = what.pattern().trim_start_matches("**/").replace("**", "x").replace('*', "x");
    match what {
        What::Host(_) => format!("https://{plain}/"),
        _ => plain,
    }
}
