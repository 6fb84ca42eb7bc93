//! What an agent's settings cannot express, and whether the hook covers it.

use super::rules::{Decision, What};
use super::{Organisation, Settled, claude, codex, copilot};
use crate::agent::Agent;
use crate::machine::Os;

/// How far settings say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expressed {
    /// Not at all.
    No,
    /// In part: the note says how far.
    Part,
    /// As meant.
    Yes,
}

impl Expressed {
    /// The name that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Part => "part",
            Self::Yes => "yes",
        }
    }
}

/// Whether the hook decides it at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hooked {
    /// No call of the agent shows it.
    No,
    /// Most calls: the agent does not show all of them to a hook, or goes on where the hook fails.
    Part,
    /// Each call.
    Yes,
}

impl Hooked {
    /// The name that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Part => "part",
            Self::Yes => "yes",
        }
    }
}

/// What is meant: a rule, or a wish of the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossItem {
    /// Commands by their first words.
    Command,
    /// Commands by their whole text.
    Text,
    /// Files that are read.
    Read,
    /// Files that are changed.
    Edit,
    /// Hosts that are closed.
    Host,
    /// Tools of MCP servers.
    Tool,
    /// What a call would do.
    Meaning,
    /// The MCP servers that are allowed, and what they start.
    Servers,
    /// Where plugins come from.
    Marketplaces,
    /// The hosts that are open.
    Network,
    /// The models.
    Models,
    /// The account.
    Account,
    /// The lowest version.
    Version,
    /// How long transcripts stay.
    Retention,
    /// Where telemetry goes.
    Telemetry,
    /// No mode without questions.
    Bypass,
    /// Only the organisation's hooks.
    HooksOnly,
    /// Only the organisation's rules.
    RulesOnly,
    /// A hook that fails blocks.
    FailClosed,
    /// Variables with secrets are hidden from commands.
    Variables,
}

impl LossItem {
    /// The name that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Text => "text",
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Host => "host",
            Self::Tool => "tool",
            Self::Meaning => "meaning",
            Self::Servers => "servers",
            Self::Marketplaces => "marketplaces",
            Self::Network => "network",
            Self::Models => "models",
            Self::Account => "account",
            Self::Version => "version",
            Self::Retention => "retention",
            Self::Telemetry => "telemetry",
            Self::Bypass => "bypass",
            Self::HooksOnly => "hooks-only",
            Self::RulesOnly => "rules-only",
            Self::FailClosed => "fail-closed",
            Self::Variables => "variables",
        }
    }
}

/// Why settings that say something do not say all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossNote {
    /// The agent's own tools obey it; its sandbox leaves it out, so a command may pass.
    OutsideSandbox,
    /// It would cost a walk through the home directory at each start.
    Walk,
}

impl LossNote {
    /// The name that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutsideSandbox => "outside-sandbox",
            Self::Walk => "walk",
        }
    }
}

/// Something that an agent's settings do not say as it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The agent.
    pub agent: Agent,
    /// The kind of thing.
    pub item: LossItem,
    /// The rule's id, or empty for a wish of the organisation.
    pub rule: String,
    /// The patterns of the rule, or the values.
    pub what: Vec<String>,
    /// How far settings say it.
    pub expressed: Expressed,
    /// Whether the hook covers it.
    pub hooked: Hooked,
    /// Why, where the kind of thing alone does not tell.
    pub note: Option<LossNote>,
}

/// The losses of an agent: first of the rules, in their order, then of the organisation's wishes.
#[must_use]
pub fn losses(agent: Agent, organisation: &Organisation, rules: &Settled, os: Os) -> Vec<Loss> {
    let mut out: Vec<Loss> = Vec::new();
    for rule in &rules.rules {
        for what in &rule.what {
            let item = kind(what);
            let (expressed, note) = of_rule(agent, rule.decision, what, os);
            if expressed == Expressed::Yes {
                continue;
            }
            let pattern = what.pattern().to_owned();
            let same = |loss: &&mut Loss| {
                (&loss.rule, loss.item, loss.expressed, loss.note) == (&rule.id, item, expressed, note)
            };
            match out.iter_mut().find(same) {
                Some(loss) => loss.what.push(pattern),
                None => out.push(Loss {
                    agent,
                    item,
                    rule: rule.id.clone(),
                    what: vec![pattern],
                    expressed,
                    hooked: of_hook(agent, item),
                    note,
                }),
            }
        }
    }
    for (item, what) in wishes(agent, organisation) {
        let expressed = of_wish(agent, item, organisation);
        if expressed != Expressed::Yes {
            let (rule, hooked) = (String::new(), of_hook(agent, item));
            out.push(Loss { agent, item, rule, what, expressed, hooked, note: None });
        }
    }
    out
}

/// Whether the settings of an agent hold a pattern at all.
#[must_use]
pub fn is_issued(agent: Agent, decision: Decision, what: &What) -> bool {
    of_rule(agent, decision, what, Os::default()).0 != Expressed::No
}

const fn kind(what: &What) -> LossItem {
    match what {
        What::Command(_) => LossItem::Command,
        What::Text(_) => LossItem::Text,
        What::Read(_) => LossItem::Read,
        What::Edit(_) => LossItem::Edit,
        What::Host(_) => LossItem::Host,
        What::Tool(_) => LossItem::Tool,
        What::Meaning(_) => LossItem::Meaning,
    }
}

/// How far the settings of an agent say a rule. Rules of commands go by text, whoever enforces them: that they are
/// written in the agent's own words counts as said; what they miss is the rule of meaning.
fn of_rule(agent: Agent, decision: Decision, what: &What, os: Os) -> (Expressed, Option<LossNote>) {
    let whole = |said: bool| (if said { Expressed::Yes } else { Expressed::No }, None);
    match agent {
        Agent::ClaudeCode if claude::is_outside_sandbox(what, decision, os) => {
            (Expressed::Part, Some(LossNote::OutsideSandbox))
        }
        Agent::ClaudeCode => whole(claude::rule(what).is_some()),
        // A rule of files covers the tools of the agent and its sandbox, but no MCP server.
        Agent::Copilot => whole(copilot::rule(what).is_some()),
        Agent::Codex => match (what, decision) {
            (What::Command(_), _) | (What::Host(_), Decision::Deny) => whole(true),
            (What::Read(pattern), Decision::Deny) => match codex::closed_place(pattern) {
                Some((_, true)) => whole(true),
                Some((_, false)) => (Expressed::Part, Some(LossNote::Walk)),
                None => (Expressed::No, Some(LossNote::Walk)),
            },
            _ => whole(false),
        },
        Agent::GeminiCli => match what {
            What::Command(_) | What::Tool(_) => whole(true),
            What::Text(_) | What::Read(_) | What::Edit(_) => (Expressed::Part, None),
            What::Host(_) | What::Meaning(_) => whole(false),
        },
        _ => whole(false),
    }
}

/// What the organisation wishes, with the values that a report names.
fn wishes(agent: Agent, organisation: &Organisation) -> Vec<(LossItem, Vec<String>)> {
    use LossItem as I;
    let one = |text: &Option<String>| text.clone().into_iter().collect::<Vec<_>>();
    let name = agent.name();
    let account = match agent {
        Agent::ClaudeCode => one(&organisation.claude_organisation),
        Agent::Codex => organisation.codex_workspaces.clone(),
        Agent::GeminiCli => one(&organisation.gemini_sign_in),
        _ => Vec::new(),
    };
    let places =
        organisation.marketplaces.iter().filter_map(|place| place.github.clone().or_else(|| place.git.clone()));
    vec![
        (I::Servers, organisation.servers.iter().map(|server| server.name.clone()).collect()),
        (I::Marketplaces, places.collect()),
        (I::Network, organisation.hosts.clone()),
        (I::Models, organisation.models.get(name).cloned().unwrap_or_default()),
        (I::Account, account),
        (I::Version, organisation.versions.get(name).cloned().into_iter().collect()),
        (I::Retention, vec![organisation.retention_days.to_string()]),
        (I::Telemetry, one(&organisation.telemetry)),
        (I::Bypass, Vec::new()),
        (I::HooksOnly, Vec::new()),
        (I::RulesOnly, Vec::new()),
        (I::FailClosed, Vec::new()),
        (I::Variables, organisation.secret_variables.clone()),
    ]
}

/// How far settings say a wish. Source: `docs/agents/managed.md`, the tables of each agent and the last one.
fn of_wish(agent: Agent, item: LossItem, organisation: &Organisation) -> Expressed {
    use Expressed::{No, Part, Yes};
    use LossItem as I;
    let name = agent.name();
    // Nothing wished, nothing lost.
    let silent = match item {
        I::Models => !organisation.models.contains_key(name),
        I::Version => !organisation.versions.contains_key(name),
        I::Telemetry => organisation.telemetry.is_none(),
        I::Variables => organisation.secret_variables.is_empty(),
        _ => false,
    };
    if silent {
        return Yes;
    }
    match (agent, item) {
        (Agent::ClaudeCode, I::Account) if organisation.claude_organisation.is_none() => No,
        (Agent::Codex, I::Account) if organisation.codex_workspaces.is_empty() => No,
        (Agent::GeminiCli, I::Account) => {
            if organisation.gemini_sign_in.is_some() {
                Part
            } else {
                No
            }
        }
        (Agent::ClaudeCode, _) => Yes,
        (Agent::Codex, I::Marketplaces | I::Network | I::Account | I::Bypass | I::HooksOnly) => Yes,
        // Only the program of a server is bound, not its arguments.
        (Agent::Codex, I::Servers) if organisation.servers.iter().all(|one| one.command.len() < 2) => Yes,
        (Agent::Codex, I::Servers | I::RulesOnly) => Part,
        (Agent::GeminiCli, I::Servers | I::Retention | I::Telemetry | I::Bypass) => Yes,
        (Agent::GeminiCli, I::Marketplaces | I::Network | I::Variables | I::RulesOnly) => Part,
        (Agent::Copilot, I::Servers | I::Network) => Part,
        (Agent::Copilot, I::Marketplaces | I::Telemetry | I::Bypass | I::RulesOnly) => Yes,
        (Agent::Copilot, I::Models) => {
            if organisation.models.get(name).is_some_and(|models| models.len() == 1) {
                Yes
            } else {
                No
            }
        }
        // Every failure of the hook blocks, but a time-out does not.
        (Agent::Copilot, I::FailClosed) => Part,
        (Agent::Cursor, I::FailClosed) => Yes,
        _ => No,
    }
}

/// Whether the hook sees it. Source: `docs/agents/hooks.md`.
const fn of_hook(agent: Agent, item: LossItem) -> Hooked {
    use LossItem as I;
    let of_call = matches!(
        item,
        I::Command
            | I::Text
            | I::Read
            | I::Edit
            | I::Host
            | I::Tool
            | I::Meaning
            | I::Servers
            | I::Network
            | I::RulesOnly
    );
    match (of_call, agent) {
        (false, _) => Hooked::No,
        // Fails closed, and each call is shown.
        (true, Agent::ClaudeCode | Agent::Cursor) => Hooked::Yes,
        (true, _) => Hooked::Part,
    }
}
