//! Counts for charts: the risk map, the heat map, the burn-down, what changed, the standing of the sources.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use yata_model::{Scenario, SourceStatus, StateChange};

use crate::queue::{AiFactor, Paging, Total};
use crate::register::{ByPriority, SensorLook};
use crate::{Page, Store, StoreError};

/// Most weeks of [`Store::heat`].
pub const MAX_HEAT_WEEKS: u32 = 104;

/// Most days of [`Store::burn_down`].
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

/// A source of intelligence as somebody last saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceReport {
    /// Its standing.
    pub status: SourceStatus,
    /// The sensor, with its asset where there is one, or `yata` for this service.
    pub reported_by: String,
    /// When.
    pub reported_at: Timestamp,
}

impl Store {
    /// Open findings by scenario and AI factor.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn risk_map(&self) -> Result<RiskMap, StoreError> {
        Ok(RiskMap::default())
    }

    /// Open findings by service and week: `weeks` weeks (at most [`MAX_HEAT_WEEKS`]) from the Monday on or before
    /// `from`.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn heat(&self, _from: Date, _weeks: u32) -> Result<Heat, StoreError> {
        Ok(Heat::default())
    }

    /// Opened, closed and open by day from `from` to `to` (at most [`MAX_BURN_DAYS`] days), of one service where one is
    /// given (the empty text stands for none).
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn burn_down(&self, _from: Date, _to: Date, _service: Option<&str>) -> Result<Vec<BurnDay>, StoreError> {
        Ok(Vec::new())
    }

    /// What changed after `since`, the latest first.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`], or a failure of the database.
    pub async fn changes_since(&self, _since: Timestamp, _paging: &Paging) -> Result<ChangesSince, StoreError> {
        let none = Total { rows: 0, is_exact: true };
        Ok(ChangesSince { changes: Vec::new(), next: None, opened: none, settled: none, fixed: none })
    }

    /// Every source of intelligence as each of those who use it saw it last, by name; at most 1,000.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn sources(&self) -> Result<Vec<SourceReport>, StoreError> {
        Ok(Vec::new())
    }

    /// The last look of every sensor at every asset, the oldest first; only those before `unseen_since` where it is
    /// given.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`], or a failure of the database.
    pub async fn sensors(
        &self,
        _unseen_since: Option<Timestamp>,
        _paging: &Paging,
    ) -> Result<Page<SensorLook>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
}
