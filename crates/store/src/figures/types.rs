//! What counts and lists for the pages look like.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use yata_model::{Scenario, SourceStatus, StateChange};

use crate::queue::{AiFactor, Total};
use crate::register::ByPriority;

/// Most weeks of [`crate::Store::heat`].
pub const MAX_HEAT_WEEKS: u32 = 104;

/// Most days of [`crate::Store::burn_down`].
pub const MAX_BURN_DAYS: u32 = 1_100;

/// Open findings by scenario and by where AI enters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RiskMap {
    /// One cell for each scenario and AI factor that has findings. A finding is in the cell of every factor that AI
    /// enters, or in that of [`AiFactor::None`].
    pub cells: Vec<RiskMapCell>,
    /// By scenario, each finding once.
    pub scenarios: Vec<(Scenario, ByPriority)>,
}

/// One cell of the risk map: the findings of `QueueFilter { scenarios: [scenario], ai: [ai], .. }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskMapCell {
    /// The scenario.
    pub scenario: Scenario,
    /// Where AI enters.
    pub ai: AiFactor,
    /// How many.
    pub findings: ByPriority,
}

/// Open findings by service and week of their last day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Heat {
    /// The first day of each week.
    pub weeks: Vec<Date>,
    /// The services that have open findings, by id.
    pub services: Vec<HeatRow>,
}

/// One service of the heat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeatRow {
    /// Its id; the empty text stands for assets without a service.
    pub service: String,
    /// Last day before the first week.
    pub earlier: ByPriority,
    /// One for each week.
    pub weeks: Vec<ByPriority>,
    /// Last day after the last week.
    pub later: ByPriority,
    /// Without a last day.
    pub undated: ByPriority,
}

/// One day (UTC) of the burn-down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnDay {
    /// The day.
    pub day: Date,
    /// Opened on that day.
    pub opened: ByPriority,
    /// Closed or settled on that day.
    pub closed: ByPriority,
    /// Open at its end.
    pub open: ByPriority,
    /// Of those open now, those whose last day it is.
    pub due: ByPriority,
}

/// A finding that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFinding {
    /// Its id.
    pub finding_id: String,
    /// Its rule or preferred advisory.
    pub rule: String,
    /// One line, as published.
    pub title: String,
    /// The id of its asset.
    pub asset_id: String,
    /// The name of its asset.
    pub asset_name: String,
    /// The change.
    pub change: StateChange,
}

/// What changed since a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesSince {
    /// The changes, the latest first.
    pub changes: Vec<ChangedFinding>,
    /// What to ask the next page after; `None` on the last page.
    pub next: Option<String>,
    /// How many opened (also: again).
    pub opened: Total,
    /// How many were settled: accepted, mitigated, false positive.
    pub settled: Total,
    /// How many were fixed.
    pub fixed: Total,
}

/// A source of intelligence as sensors of one kind last saw it with this standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceReport {
    /// Its standing.
    pub status: SourceStatus,
    /// The name of the token that says so, or the sensor of this machine.
    pub reported_by: String,
    /// The asset that it looked at then.
    pub asset_id: String,
    /// When.
    pub reported_at: Timestamp,
}
