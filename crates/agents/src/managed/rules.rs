//! Rules: the part of a policy that settings of agents can express, and what they cannot.

use super::organisation::{Reader, Setback, broken};
use crate::read::{self, Format};
use crate::tree::Node;

/// What a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Never.
    Deny,
    /// After a person has said yes.
    Ask,
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

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What it decides.
    pub decision: Decision,
    /// What it is about; each alone is enough.
    pub what: Vec<What>,
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
    let items = root.get("rule").map(Node::items).unwrap_or_default();
    let rules: Vec<Rule> = items.iter().map(|node| rule(&mut reader, node)).collect();
    if rules.is_empty() {
        reader.wrong(&root, "rule", "missing");
    }
    if reader.setbacks.is_empty() { Ok(Rules { rules }) } else { Err(reader.setbacks) }
}

fn rule(reader: &mut Reader<'_>, node: &Node) -> Rule {
    reader.only(node, &["id", "decision", "command", "read", "edit", "host", "tool", "meaning", "en", "ja"]);
    let id = reader.text(node, "id").unwrap_or_default();
    let decision = match reader.text(node, "decision").as_deref() {
        Some("deny") => Decision::Deny,
        Some("ask") => Decision::Ask,
        _ => {
            reader.wrong(node, "decision", "missing");
            Decision::Deny
        }
    };
    let command = |text: String| if text.contains('*') { What::Text(text) } else { What::Command(text) };
    let kinds: [(&str, &dyn Fn(String) -> What); 6] = [
        ("command", &command),
        ("read", &What::Read),
        ("edit", &What::Edit),
        ("host", &What::Host),
        ("tool", &What::Tool),
        ("meaning", &What::Meaning),
    ];
    let mut what = Vec::new();
    for (key, make) in kinds {
        for text in reader.texts(node, key).unwrap_or_default() {
            // A pattern ends a rule of some agents at its first bracket or new line.
            if text.trim().is_empty() || text.contains(['(', ')', '"', '\n', '\r', '\0']) {
                reader.wrong(node.get(key).unwrap_or(node), &text, "wrong-type");
            }
            what.push(make(text.trim().to_owned()));
        }
    }
    if id.is_empty() || what.is_empty() {
        reader.wrong(node, if id.is_empty() { "id" } else { &id }, "missing");
    }
    let en = reader.text(node, "en").unwrap_or_default();
    let ja = reader.text(node, "ja").unwrap_or_else(|| en.clone());
    Rule { id, decision, what, en, ja }
}
