//! Permission rules: what they say, and which calls they match, as each agent does it.
//!
//! `docs/agents/rule-cases.tsv` holds the cases that the tests go by.

pub mod claude;
pub mod decide;
pub mod hooks;
pub mod limits;
pub(crate) mod pattern;
pub mod prefix;

use crate::agent::Agent;

/// A rule of the form `Tool` or `Tool(what)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The tool.
    pub tool: String,
    /// What stands in the parentheses.
    pub spec: Option<String>,
    /// Whether the parentheses are closed.
    pub closed: bool,
}

/// Which list a rule is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The call runs unasked.
    Allow,
    /// A person is asked.
    Ask,
    /// The call does not run.
    Deny,
}

impl List {
    /// The stricter, the higher.
    #[must_use]
    pub const fn strictness(self) -> u8 {
        match self {
            Self::Allow => 0,
            Self::Ask => 1,
            Self::Deny => 2,
        }
    }

    /// The list of a name: `allow`, `ask`, `deny`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "allow" => Some(Self::Allow),
            "ask" | "prompt" | "confirm" | "ask_user" => Some(Self::Ask),
            "deny" | "forbidden" => Some(Self::Deny),
            _ => None,
        }
    }
}

/// Takes a rule's text apart.
#[must_use]
pub fn parse(text: &str) -> Rule {
    match text.split_once('(') {
        None => Rule { tool: text.trim().to_owned(), spec: None, closed: !text.contains(')') },
        Some((tool, rest)) => {
            let closed = rest.ends_with(')');
            let spec = rest.strip_suffix(')').unwrap_or(rest);
            Rule { tool: tool.trim().to_owned(), spec: Some(spec.to_owned()), closed }
        }
    }
}

/// Where paths of rules and calls begin.
#[derive(Clone, Copy, Debug, Default)]
pub struct Where<'a> {
    /// The home directory; empty where it is not known.
    pub home: &'a str,
    /// The root of the repository, which is the current directory too.
    pub project: &'a str,
    /// What one slash at the start of a rule stands for: the folder of the settings; the project where empty.
    pub base: &'a str,
}

/// Whether one of several rules of a list that refuses or asks matches a call: `Bash rm -rf /`, `Read ~/.ssh/id_rsa`.
pub(crate) fn any_matches(agent: Agent, rules: &[&str], call: &str, home: &str, project: &str) -> bool {
    let place = Where { home, project, base: "" };
    rules.iter().any(|rule| match agent {
        Agent::Devin | Agent::Antigravity => prefix::matches(rule, call, place),
        _ => claude::matches(&parse(rule), List::Deny, &claude::Call::parse(call), place),
    })
}

/// Whether one of several rules matches all that another rule matches.
pub(crate) fn any_covers(agent: Agent, rules: &[&str], rule: &str) -> bool {
    let inner = parse(rule);
    rules.iter().map(|outer| parse(outer)).any(|outer| match agent {
        Agent::Devin | Agent::Antigravity => prefix::covers(&outer, &inner),
        _ => claude::covers(&outer, &inner),
    })
}
