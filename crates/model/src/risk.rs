//! Risks: findings on the ruler.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Fact, Finding, Message};

/// SSVC "Exploitation" (`ssvc:E:1.1.0`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exploitation {
    /// No evidence and no public proof of concept.
    None,
    /// A proof of concept is public.
    PublicPoc,
    /// It is being exploited.
    Active,
}

/// SSVC "Technical Impact" (`ssvc:TI:1.0.0`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TechnicalImpact {
    /// Limited control or disclosure.
    Partial,
    /// Total control or disclosure.
    Total,
}

/// How soon to act. The order is by urgency: immediate first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Now: SSVC `Immediate`, BOD 26-04 `3 days`.
    Immediate,
    /// Before the next regular change: SSVC `Out-of-Cycle`, BOD 26-04 `14 days`.
    OutOfCycle,
    /// With the regular changes: SSVC `Scheduled`, BOD 26-04 `60 days`.
    Scheduled,
    /// With the next upgrade: SSVC `Defer`, BOD 26-04 `Fix on system upgrade`.
    Defer,
}

/// What a table decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Outcome {
    /// How soon.
    pub priority: Priority,
    /// Whether to look for signs that it was already used against us.
    pub investigate: bool,
}

/// The answer of one decision table, with the row that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableResult {
    /// The table (`SSVC Deployer 1.0.0`).
    pub table: String,
    /// The inputs as (decision point name, value name).
    pub inputs: Vec<(String, String)>,
    /// The name of the outcome value in the table's own words.
    pub outcome_name: String,
    /// The same as Yata counts it.
    pub outcome: Outcome,
}

/// What to do by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The stricter of all tables.
    pub outcome: Outcome,
    /// Which table (or rule, for malware) was the stricter one.
    pub ruled_by: String,
    /// The last day; `None` for "with the next upgrade".
    pub due: Option<Date>,
    /// The day the clock started.
    pub clock_started: Date,
    /// The next change window of the service, where it opens after `due`.
    pub next_window_after_due: Option<Date>,
    /// Every table's answer.
    pub tables: Vec<TableResult>,
}

/// One of the three factors of a risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Whether AI enters it.
    pub ai: bool,
    /// Why, in words.
    pub why: Message,
}

/// One of the nine scenarios of AI security risk: 1 to 9.
///
/// Source: JCIC, table 1 (representative AI risk scenarios by risk factor).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Scenario(u8);

impl Scenario {
    /// All nine, in the order of the table.
    pub const ALL: [Scenario; 9] = [
        Scenario(1),
        Scenario(2),
        Scenario(3),
        Scenario(4),
        Scenario(5),
        Scenario(6),
        Scenario(7),
        Scenario(8),
        Scenario(9),
    ];

    /// The scenario of that number, 1 to 9.
    pub fn new(number: u8) -> Option<Self> {
        (1..=9).contains(&number).then_some(Scenario(number))
    }

    /// Its number in the table.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Scenario {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Scenario::new(number).ok_or_else(|| format!("no scenario {number}: expected 1 to 9"))
    }
}

impl From<Scenario> for u8 {
    fn from(scenario: Scenario) -> u8 {
        scenario.0
    }
}

/// A finding on the ruler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// 1 for the first thing to do.
    pub rank: u32,
    /// The finding.
    pub finding: Finding,
    /// The threat: who would use it, and with what.
    pub threat: Factor,
    /// The vulnerability.
    pub vulnerability: Factor,
    /// The asset and its value.
    pub asset: Factor,
    /// Which of the nine scenarios.
    pub scenario: Scenario,
    /// What to do by when.
    pub decision: Decision,
    /// Probability × impact, 0 to 1, the unknown at its worst.
    pub expected_harm: f64,
    /// Every input by name, with value, source, date, standing.
    pub facts: Vec<(String, Fact<String>)>,
    /// Why, in words, the strongest first.
    pub reasons: Vec<Message>,
    /// What would change it: "it would move to X if …".
    pub would_change: Vec<Message>,
}
