//! What programs read: findings on the ruler, the register, sources, sensors, counts.

use jiff::Timestamp;
use jiff::civil::Date;
use yata_model as model;
use yata_store as store;

use super::asset::{Asset, Component};
use super::evidence::{Evidence, Service, Source};
use super::finding::{Finding, Problem, Remedy, State, StateWord};
use super::pushed::Change;
use super::text::Text;
use crate::api::schema::{wire, words};

words! {
    /// Where AI enters a risk.
    store::AiFactor as "AiFactor": [
        store::AiFactor::Threat, store::AiFactor::Vulnerability, store::AiFactor::Asset, store::AiFactor::None,
    ];
    /// What became of a finding as of today: an acceptance whose day has passed is `open`.
    store::FindingStatus as "FindingStatus": [
        store::FindingStatus::Open, store::FindingStatus::Accepted, store::FindingStatus::Mitigated,
        store::FindingStatus::FalsePositive, store::FindingStatus::Fixed,
    ];
}

wire! {
    /// A text in both languages.
    pub struct Words {
        /// The id of the text.
        pub id: Text,
        /// English.
        pub en: Text,
        /// Japanese.
        pub ja: Text,
    }

    /// Which of the three factors of a risk AI enters.
    pub struct AiFlags {
        /// The threat.
        pub threat: bool,
        /// The vulnerability.
        pub vulnerability: bool,
        /// The asset.
        pub asset: bool,
    }

    /// The act that closes a finding, perhaps with others.
    pub struct Action {
        /// Its id: filter by `action` to see all that it closes.
        pub id: Text,
        /// How many findings it closes.
        pub findings: u64,
        /// What to do so that all of them are closed.
        pub remedy: Remedy,
    }

    /// One finding in the list.
    pub struct FindingRow {
        /// Its id.
        pub id: Text,
        /// The finding.
        pub finding: Finding,
        /// What became of it, as of today.
        pub status: store::FindingStatus,
        /// Its state as it was decided.
        pub state: State,
        /// When it was first seen.
        pub first_seen: Option<Timestamp>,
        /// The id of its asset.
        pub asset_id: Text,
        /// The name of its asset.
        pub asset_name: Text,
        /// The kind of its asset.
        pub asset_kind: model::AssetKind,
        /// The id of the asset's service.
        pub service: Option<Text>,
        /// Who answers for the asset.
        pub owner: Option<Text>,
        /// How soon.
        pub priority: model::Priority,
        /// The last day.
        pub due: Option<Date>,
        /// Probability × impact, 0 to 1.
        pub expected_harm: f64,
        /// Which of the nine scenarios.
        pub scenario: u8,
        /// Where AI enters.
        pub ai: AiFlags,
        /// Who works on it.
        pub assignee: Option<Text>,
        /// The act that closes it.
        pub action: Action,
    }

    /// How many rows all pages have.
    pub struct Total {
        /// The number, or one that there are at least.
        pub rows: u64,
        /// Whether it is exact.
        pub is_exact: bool,
    }

    /// Findings, the most urgent first.
    pub struct FindingsPage {
        /// The findings.
        pub items: Vec<FindingRow>,
        /// The `cursor` of the next page; absent on the last one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub next: Option<Text>,
        /// How many there are.
        pub total: Total,
    }

    /// One of the three factors of a risk.
    pub struct Factor {
        /// Whether AI enters it.
        pub ai: bool,
        /// Why.
        pub why: Words,
    }

    /// An input of the decision.
    pub struct NamedFact {
        /// Its name.
        pub name: Text,
        /// The value used; the worst case where the standing is `stale` or `unknown`.
        pub value: Text,
        /// How it is known.
        pub standing: model::Standing,
        /// Who says so.
        pub source: Text,
        /// The day the source said so.
        pub date: Option<Date>,
    }

    /// An input of a decision table.
    pub struct TableInput {
        /// The decision point.
        pub point: Text,
        /// The value.
        pub value: Text,
    }

    /// The answer of a decision table.
    pub struct TableResult {
        /// The table.
        pub table: Text,
        /// Its inputs.
        pub inputs: Vec<TableInput>,
        /// Its outcome, in its own words.
        pub outcome: Text,
        /// The same as Yata counts it.
        pub priority: model::Priority,
    }

    /// What to do by when.
    pub struct Decision {
        /// How soon.
        pub priority: model::Priority,
        /// Whether to look for signs that it was used.
        pub investigate: bool,
        /// The last day.
        pub due: Option<Date>,
        /// The day the clock started.
        pub clock_started: Date,
        /// The next change window, where it opens after `due`.
        pub next_window_after_due: Option<Date>,
        /// Which table or rule was the strictest.
        pub ruled_by: Text,
        /// Every table's answer.
        pub tables: Vec<TableResult>,
    }

    /// What somebody said about a finding.
    pub struct Comment {
        /// Its id.
        pub id: Text,
        /// Who said it.
        pub by: Text,
        /// When.
        pub at: Timestamp,
        /// The words.
        pub text: Text,
    }

    /// All that is known of one finding.
    pub struct FindingDetail {
        /// Its id.
        pub id: Text,
        /// The finding.
        pub finding: Finding,
        /// What became of it, as of today.
        pub status: store::FindingStatus,
        /// Its state as it was decided.
        pub state: State,
        /// When it was first seen.
        pub first_seen: Option<Timestamp>,
        /// Its asset as it counts.
        pub asset: Asset,
        /// The asset's service.
        pub service: Option<Service>,
        /// What to do by when.
        pub decision: Decision,
        /// Probability × impact, 0 to 1.
        pub expected_harm: f64,
        /// Which of the nine scenarios.
        pub scenario: u8,
        /// The threat.
        pub threat: Factor,
        /// The vulnerability.
        pub vulnerability: Factor,
        /// The asset and its value.
        pub asset_value: Factor,
        /// Every input of the decision.
        pub facts: Vec<NamedFact>,
        /// Why it is this urgent, the strongest reason first.
        pub reasons: Vec<Words>,
        /// What would change it.
        pub would_change: Vec<Words>,
        /// What the intelligence said when a sensor reported it last.
        pub evidence: Option<Evidence>,
        /// Who works on it.
        pub assignee: Option<Text>,
        /// The act that closes it.
        pub action: Action,
        /// What became of it, the oldest change first.
        pub history: Vec<Change>,
        /// What was said about it, the oldest first.
        pub comments: Vec<Comment>,
    }

    /// What shall become of a finding.
    #[serde(deny_unknown_fields)]
    pub struct NewDecision {
        /// `false-positive` and `open` are done at once; `accepted` and `mitigated` wait for an approver.
        pub state: StateWord,
        /// The last day of an acceptance or a mitigation (UTC).
        pub until: Option<Date>,
        /// Why.
        pub why: Text,
    }

    /// What became of a decision.
    pub struct DecisionOutcome {
        /// `done`, `proposed`, or `same` where it was so already.
        pub outcome: Text,
        /// What the finding's state is now.
        pub state: State,
    }

    /// Something to say about a finding.
    #[serde(deny_unknown_fields)]
    pub struct NewComment {
        /// The words.
        pub text: Text,
    }

    /// What was said about a finding.
    pub struct Comments {
        /// The oldest first.
        pub items: Vec<Comment>,
    }

    /// Counts by priority.
    pub struct ByPriority {
        /// `immediate`.
        pub immediate: u64,
        /// `out-of-cycle`.
        pub out_of_cycle: u64,
        /// `scheduled`.
        pub scheduled: u64,
        /// `defer`.
        pub defer: u64,
    }

    /// One asset in the register.
    pub struct AssetRow {
        /// The asset as it counts: what sensors report, with what people said on top.
        pub asset: Asset,
        /// When a sensor saw it last.
        pub seen_at: Timestamp,
        /// Its open findings.
        pub open: ByPriority,
    }

    /// Assets by name.
    pub struct AssetsPage {
        /// The assets.
        pub items: Vec<AssetRow>,
        /// The `cursor` of the next page; absent on the last one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub next: Option<Text>,
    }

    /// A sensor's last look at an asset.
    pub struct SensorLook {
        /// The asset's id.
        pub asset_id: Text,
        /// The asset's name.
        pub asset_name: Text,
        /// The sensor.
        pub sensor: Text,
        /// When it looked.
        pub seen_at: Timestamp,
        /// How many components it saw.
        pub components: u64,
        /// What it could not check, at most 100 of it.
        pub problems: Vec<Problem>,
        /// Whether there is more of that.
        pub more_problems: bool,
    }

    /// Looks of sensors, the oldest first.
    pub struct SensorsPage {
        /// The looks.
        pub items: Vec<SensorLook>,
        /// The `cursor` of the next page; absent on the last one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub next: Option<Text>,
    }

    /// All that is known of one asset.
    pub struct AssetDetail {
        /// The asset as it counts.
        pub asset: Asset,
        /// What its sensor reported last.
        pub reported: Asset,
        /// Where its sensor says what is known of it.
        pub said_in: Text,
        /// When a sensor saw it last.
        pub seen_at: Timestamp,
        /// Its open findings.
        pub open: ByPriority,
        /// Who looked at it, and when.
        pub looks: Vec<SensorLook>,
    }

    /// Components of an asset, by package URL.
    pub struct ComponentsPage {
        /// The components.
        pub items: Vec<Component>,
        /// The `cursor` of the next page; absent on the last one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub next: Option<Text>,
    }

    /// All services.
    pub struct Services {
        /// By id.
        pub items: Vec<Service>,
    }

    /// A source of intelligence as somebody last saw it.
    pub struct SourceReport {
        /// Its standing.
        pub source: Source,
        /// Who says so: a sensor, or `yata` for this service.
        pub reported_by: Text,
        /// When.
        pub reported_at: Timestamp,
    }

    /// The sources of intelligence.
    pub struct Sources {
        /// By name.
        pub items: Vec<SourceReport>,
    }

    /// How many findings have a value.
    pub struct Count {
        /// The value; empty for none.
        pub value: Text,
        /// How many.
        pub findings: u64,
    }

    /// How much of the register is known.
    pub struct Coverage {
        /// All assets.
        pub assets: u64,
        /// Without an owner.
        pub no_owner: u64,
        /// Whose exposure nobody has said.
        pub no_exposure: u64,
        /// That no sensor has seen for 30 days.
        pub unseen: u64,
        /// Whose owner does not work here any more.
        pub orphaned: u64,
    }

    /// Counts. Each is the number of rows of `listFindings` with that filter.
    pub struct Summary {
        /// The day that is judged as of.
        pub today: Date,
        /// Open findings by priority.
        pub priorities: Vec<Count>,
        /// Open findings by kind.
        pub kinds: Vec<Count>,
        /// Open findings by service.
        pub services: Vec<Count>,
        /// Open findings by scenario.
        pub scenarios: Vec<Count>,
        /// Open findings by where AI enters.
        pub ai: Vec<Count>,
        /// All findings by what became of them.
        pub states: Vec<Count>,
        /// Open findings whose last day has passed.
        pub overdue: Total,
        /// The register.
        pub coverage: Coverage,
    }
}
