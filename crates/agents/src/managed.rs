//! Managed settings: what an organisation says once, written in the words of each agent, with what an agent has no
//! words for.
//!
//! Three inputs: a short file of the organisation ([`Organisation`]), rules ([`Rules`]: patterns in the words of agents, with
//! calls that they stand for), and the one policy, which [`settle`] asks about each of the calls. [`issue`] gives the files
//! of one agent, [`losses`] what they do not say; [`drift`] compares a machine with what was issued. The facts are in `docs/agents/managed.md` and `docs/agents/hooks.md`.

mod claude;
mod codex;
mod copilot;
mod cursor;
mod drift;
mod gemini;
mod loss;
mod organisation;
mod rules;
mod settle;
mod write;

pub use drift::{Drift, DriftKind, drift};
pub use loss::{Expressed, Hooked, Loss, LossItem, LossNote, is_issued, losses};
pub use organisation::{Marketplace, Organisation, ServerEntry, Setback, organisation};
pub use rules::{Decision, Pattern, Probe, Rule, Rules, What, default_rules, rules};
pub use settle::{Ask, Settled, SettledRule, Stricter, settle};

pub(crate) use write::quote;

use crate::agent::Agent;
use crate::lang::words;
use crate::machine::{Machine, Os};
use crate::read::Format;
use crate::tree::{Entry, Node, Span, Value};

/// The agents that managed settings are written for.
pub const ISSUED_AGENTS: [Agent; 5] =
    [Agent::ClaudeCode, Agent::Codex, Agent::Cursor, Agent::GeminiCli, Agent::Copilot];

/// The language of the reasons that agents show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

/// A file to put on each machine, owned by root and writable by nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedFile {
    /// The agent that reads it.
    pub agent: Agent,
    /// Its absolute path on the machine, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// How it is written.
    pub format: Format,
}

/// Why nothing is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is known of managed settings of the agent, or it has none.
    NoSettings,
    /// The organisation does not allow the agent.
    NotAllowed,
}

/// What a file is made from.
struct Given<'a> {
    organisation: &'a Organisation,
    rules: &'a Settled,
    os: Os,
}

/// Writes the managed settings of an agent for a system.
///
/// # Errors
/// [`Refusal`] where there is nothing to write.
pub fn issue(agent: Agent, organisation: &Organisation, rules: &Settled, os: Os) -> Result<Vec<IssuedFile>, Refusal> {
    if !ISSUED_AGENTS.contains(&agent) {
        return Err(Refusal::NoSettings);
    }
    if !organisation.agents.contains(&agent) {
        return Err(Refusal::NotAllowed);
    }
    let given = Given { organisation, rules, os };
    Ok(match agent {
        Agent::ClaudeCode => claude::files(&given),
        Agent::Codex => codex::files(&given),
        Agent::Cursor => cursor::files(&given),
        Agent::GeminiCli => gemini::files(&given),
        _ => copilot::files(&given),
    })
}

impl Given<'_> {
    /// One of three paths, by system.
    fn path(&self, linux: &str, macos: &str, windows: &str) -> String {
        match self.os {
            Os::Linux => linux.to_owned(),
            Os::Macos => macos.to_owned(),
            Os::Windows => windows.to_owned(),
        }
    }

    /// The hook program with its arguments.
    fn hook(&self, agent: Agent) -> (String, Vec<String>) {
        let mut words = self.organisation.hook_command.iter().cloned();
        let program = words.next().unwrap_or_default();
        (program, words.chain([agent.name().to_owned()]).collect())
    }

    /// The hook as one line of a shell.
    fn hook_line(&self, agent: Agent) -> String {
        let (program, args) = self.hook(agent);
        std::iter::once(program).chain(args).map(|word| quoted(&word)).collect::<Vec<_>>().join(" ")
    }

    /// What rules of a decision name.
    fn each(&self, decision: Decision) -> impl Iterator<Item = (&SettledRule, &What)> {
        let all = self.rules.rules.iter().filter(move |rule| rule.decision == decision);
        all.flat_map(|rule| rule.what.iter().map(move |what| (rule, what)))
    }

    /// The reason of a rule in the organisation's language.
    fn reason(&self, rule: &SettledRule) -> String {
        let text = match self.organisation.tongue {
            Tongue::En => &rule.en,
            Tongue::Ja => &rule.ja,
        };
        format!("{text} ({})", rule.id)
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-:=@+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The place of what stands in no file.
pub(crate) const NOWHERE: Span = Span { file: usize::MAX, start: 0, end: 0 };

fn text(value: impl Into<String>) -> Node {
    Node::text(value, NOWHERE)
}

fn truth(value: bool) -> Node {
    Node::bool(value, NOWHERE)
}

fn number(value: u32) -> Node {
    Node { value: Value::Number(f64::from(value)), span: NOWHERE }
}

fn list(items: Vec<Node>) -> Node {
    Node::list(items, NOWHERE)
}

fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Node {
    list(items.into_iter().map(text).collect())
}

fn map(fields: Vec<(&str, Node)>) -> Node {
    Node::map(fields, NOWHERE)
}

/// A map of entries whose keys are known only now.
fn table(fields: impl IntoIterator<Item = (String, Node)>) -> Node {
    let entry = |(key, value)| Entry { key, key_span: NOWHERE, value };
    Node { value: Value::Map(fields.into_iter().map(entry).collect()), span: NOWHERE }
}

/// The issued files as files of a machine, as the audit takes them.
#[must_use]
pub fn as_machine(files: &[IssuedFile], os: Os) -> Machine {
    let file = |file: &IssuedFile| crate::File {
        path: file.path.clone(),
        bytes: file.text.clone().into_bytes(),
        owner: Some("root".to_owned()),
        mode: Some(0o644),
        ..crate::File::default()
    };
    let home = if os == Os::Macos { "/Users/dev" } else { "/home/dev" };
    Machine { home: home.to_owned(), os, managed: true, files: files.iter().map(file).collect(), ..Machine::default() }
}

/// A text of a settings file as a person is shown it: no secret in it.
fn shown(key: &str, text: &str) -> String {
    let assigned = text.split_once('=').or_else(|| text.split_once(": "));
    let named = assigned.is_some_and(|(name, value)| words::secret_name(name) && words::literal(value));
    let secret = (words::secret_name(key) && words::literal(text)) || words::url_secret(text) || named;
    let cut: String = text.chars().take(SHOWN_MAX_CHARS).collect();
    if secret { "[redacted]".to_owned() } else { cut }
}

/// The longest value that is shown, in characters.
const SHOWN_MAX_CHARS: usize = 120;

/// The address of the JSON schema that is published for a file; none where nobody publishes one. Issued files are not
/// checked against it here: no copy of it is kept, and that of Claude Code lags behind (it lacks `onFailure`).
#[must_use]
pub fn published_schema(file: &IssuedFile) -> Option<&'static str> {
    match (file.agent, file.format) {
        (Agent::ClaudeCode, _) => Some("https://json.schemastore.org/claude-code-settings.json"),
        (Agent::GeminiCli, Format::Jsonc) => {
            Some("https://raw.githubusercontent.com/google-gemini/gemini-cli/main/schemas/settings.schema.json")
        }
        _ => None,
    }
}
