//! What the list is asked for. One filter serves the page, the API, the export and the report, so that every number is
//! a link to exactly its rows.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use yata_model::{AdvisoryKind, Finding, FindingState, Priority, Remedy, Scenario};

use crate::error::StoreError;

/// Most values of one dimension of a [`QueueFilter`].
pub const MAX_QUEUE_VALUES: usize = 200;

/// Most rows of one page of the queue.
pub const MAX_QUEUE_ROWS: u32 = 500;

/// What became of a finding, as of today: an acceptance whose day has passed is [`FindingStatus::Open`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingStatus {
    /// It asks for action.
    Open,
    /// Accepted until a day that has not passed.
    Accepted,
    /// Mitigated until a day that has not passed.
    Mitigated,
    /// It does not apply.
    FalsePositive,
    /// No sensor sees it any more.
    Fixed,
}

impl FindingStatus {
    /// All of them.
    pub const ALL: [FindingStatus; 5] = [
        FindingStatus::Open,
        FindingStatus::Accepted,
        FindingStatus::Mitigated,
        FindingStatus::FalsePositive,
        FindingStatus::Fixed,
    ];

    /// How a state counts on that day.
    pub fn of(state: &FindingState, today: Date) -> Self {
        match state {
            _ if state.is_open(today) => FindingStatus::Open,
            FindingState::Open => FindingStatus::Open,
            FindingState::Accepted { .. } => FindingStatus::Accepted,
            FindingState::Mitigated { .. } => FindingStatus::Mitigated,
            FindingState::FalsePositive => FindingStatus::FalsePositive,
            FindingState::Fixed => FindingStatus::Fixed,
        }
    }
}

/// Which of the three factors of a risk AI enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct AiFlags {
    /// The threat.
    pub threat: bool,
    /// The vulnerability.
    pub vulnerability: bool,
    /// The asset.
    pub asset: bool,
}

/// A value of the filter on AI. The first three are not exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AiFactor {
    /// AI enters the threat.
    Threat,
    /// AI enters the vulnerability.
    Vulnerability,
    /// AI enters the asset.
    Asset,
    /// AI enters none of the three.
    None,
}

impl AiFactor {
    /// All of them.
    pub const ALL: [AiFactor; 4] = [AiFactor::Threat, AiFactor::Vulnerability, AiFactor::Asset, AiFactor::None];
}

/// Which last days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// From a day to a day, both included; without one of them, without that bound. Findings without a last day are not
    /// among them.
    Between {
        /// The first of these days.
        from: Option<Date>,
        /// The last of these days.
        to: Option<Date>,
    },
    /// Without a last day.
    Undated,
}

impl Due {
    /// Those whose last day has passed.
    pub fn overdue(today: Date) -> Self {
        Due::Between { from: None, to: Some(today.yesterday().unwrap_or(Date::MIN)) }
    }

    /// Those whose last day is `day` or earlier.
    pub fn by(day: Date) -> Self {
        Due::Between { from: None, to: Some(day) }
    }
}

/// Which findings. An empty list asks for nothing in particular (but see `states`); values of one list are alternatives,
/// the lists must all hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueFilter {
    /// Ids of services; the empty text stands for assets without one.
    pub services: Vec<String>,
    /// Owners; the empty text stands for assets without one.
    pub owners: Vec<String>,
    /// Kinds of findings.
    pub kinds: Vec<AdvisoryKind>,
    /// Priorities.
    pub priorities: Vec<Priority>,
    /// Scenarios.
    pub scenarios: Vec<Scenario>,
    /// Where AI enters.
    pub ai: Vec<AiFactor>,
    /// What became of them; empty means [`FindingStatus::Open`].
    pub states: Vec<FindingStatus>,
    /// The last day.
    pub due: Option<Due>,
    /// An id under which they are known: of an advisory, an alias or a rule.
    pub advisory: Option<String>,
    /// The id of their asset.
    pub asset: Option<String>,
    /// Who works on them.
    pub assignee: Option<String>,
    /// Those that one act closes: the [`QueueAction::id`].
    pub action: Option<String>,
}

impl QueueFilter {
    /// The states that it asks for.
    pub fn statuses(&self) -> Vec<FindingStatus> {
        if self.states.is_empty() { vec![FindingStatus::Open] } else { self.states.clone() }
    }

    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let lists = [
            ("services", self.services.len()),
            ("owners", self.owners.len()),
            ("kinds", self.kinds.len()),
            ("priorities", self.priorities.len()),
            ("scenarios", self.scenarios.len()),
            ("AI factors", self.ai.len()),
            ("states", self.states.len()),
        ];
        match lists.into_iter().find(|(_, given)| *given > MAX_QUEUE_VALUES) {
            Some((what, given)) => Err(StoreError::TooMany { what, given, limit: MAX_QUEUE_VALUES }),
            None => Ok(()),
        }
    }
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Paging {
    /// The `next` of the page before; `None` for the first page. One that was not made here gives an error.
    pub after: Option<String>,
    /// How many rows, at least 1; more than the list's maximum counts as that.
    pub limit: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Paging { after: None, limit: 50 }
    }
}

/// How many rows there are in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Total {
    /// The number …
    pub rows: u64,
    /// … or, where this is false, a number that there are at least.
    pub is_exact: bool,
}

/// The act that closes a finding, perhaps with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueAction {
    /// Its id: that of its most urgent finding.
    pub id: String,
    /// How many findings it closes.
    pub findings: u64,
    /// What to do so that all of them are closed.
    pub remedy: Remedy,
}

/// One finding as the queue shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueRow {
    /// The finding.
    pub finding: Finding,
    /// What became of it, as of the last judgement.
    pub status: FindingStatus,
    /// The name of its asset.
    pub asset_name: String,
    /// The kind of its asset.
    pub asset_kind: yata_model::AssetKind,
    /// The id of the asset's service.
    pub service: Option<String>,
    /// Who answers for the asset.
    pub owner: Option<String>,
    /// How soon.
    pub priority: Priority,
    /// The last day.
    pub due: Option<Date>,
    /// Probability × impact, 0 to 1.
    pub expected_harm: f64,
    /// Which of the nine scenarios.
    pub scenario: Scenario,
    /// Where AI enters.
    pub ai: AiFlags,
    /// Who works on it.
    pub assignee: Option<String>,
    /// The act that closes it.
    pub action: QueueAction,
    /// Its place in the order: `rank_key` of the ruler.
    pub rank_key: i64,
}

/// A part of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuePage {
    /// The rows, most urgent first.
    pub rows: Vec<QueueRow>,
    /// What to ask the next page after; `None` on the last page.
    pub next: Option<String>,
    /// How many rows all pages have.
    pub total: Total,
}

/// How many findings each value of each dimension has, given the filter's other dimensions. Values without findings are
/// left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FacetCounts {
    /// By service; the empty text stands for none.
    pub services: Vec<(String, u64)>,
    /// By owner; the empty text stands for none.
    pub owners: Vec<(String, u64)>,
    /// By kind.
    pub kinds: Vec<(AdvisoryKind, u64)>,
    /// By priority, immediate first.
    pub priorities: Vec<(Priority, u64)>,
    /// By scenario.
    pub scenarios: Vec<(Scenario, u64)>,
    /// By where AI enters; one finding may count for several.
    pub ai: Vec<(AiFactor, u64)>,
    /// By state.
    pub states: Vec<(FindingStatus, u64)>,
}
