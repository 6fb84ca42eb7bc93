//! What is asked of a judge, and what it says.

use serde_json::Value;

use crate::heard::Heard;

/// What becomes of a call. The order is that of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It may run.
    Allow,
    /// A person has to say so.
    Ask,
    /// It must not run.
    Deny,
}

impl Decision {
    /// Its name in the log and in the protocols: `allow`, `ask`, `deny`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::Ask => "ask",
            Decision::Deny => "deny",
        }
    }
}

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of the call.
    pub decision: Decision,
    /// Why, in the language of the person, without a full stop; empty where there is nothing to say.
    pub reason: String,
    /// The ids of the policies that decided, the first one first.
    pub policies: Vec<String>,
    /// The version of the policy that decided; empty where none did.
    pub version: String,
    /// What was understood of the call: the names of its traits.
    pub traits: Vec<String>,
    /// What it would bring into the session from outside: a page, a file, the name of a server. None where nothing.
    pub brings_in: Option<String>,
    /// The root of the project in which it would happen; empty where nobody looked.
    pub project: String,
    /// Files that it would write, whole paths.
    pub writes: Vec<String>,
    /// The requests that the policy answered, as JSON, their resources redacted: for the log, and for a replay with another
    /// policy.
    pub requests: Vec<Value>,
}

impl Verdict {
    /// A decision with a reason and nothing else.
    #[must_use]
    pub fn new(decision: Decision, reason: &str) -> Self {
        Verdict {
            decision,
            reason: reason.to_owned(),
            policies: Vec::new(),
            version: String::new(),
            traits: Vec::new(),
            brings_in: None,
            project: String::new(),
            writes: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The same, decided by a policy.
    #[must_use]
    pub fn by(mut self, policy: &str) -> Self {
        self.policies.push(policy.to_owned());
        self
    }
}

/// What kind of thing is to be decided.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A call of a tool, in the names of Claude Code (`Bash` with `command`, `Read` with `file_path`, …).
    Call {
        /// The tool.
        tool: &'a str,
        /// Its input.
        input: &'a Value,
    },
    /// What a person types.
    Prompt(&'a str),
    /// A file of settings that changed while the agent runs.
    Settings {
        /// Which settings, in the agent's word.
        source: &'a str,
        /// The file; empty where the agent does not say.
        file: &'a str,
    },
}

/// What is asked of a judge.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The input that it is about.
    pub heard: &'a Heard,
    /// What is to be decided.
    pub subject: Subject<'a>,
    /// Where the person's own files are; empty where unknown.
    pub home: &'a str,
    /// The folder in which the call would run; empty where unknown.
    pub cwd: &'a str,
    /// Whether content from outside has entered the session.
    pub tainted: bool,
    /// Files that the session wrote lately, whole paths.
    pub written: &'a [String],
}

/// Decides. It never fails: what it cannot understand it asks about or denies.
pub trait Judge {
    /// What becomes of what is asked.
    fn judge(&self, asked: &Asked<'_>) -> Verdict;
}
