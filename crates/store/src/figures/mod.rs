//! Counts for charts, what changed, and the standing of sources and sensors.

mod charts;
mod lately;
mod types;

pub use types::{
    BurnDay, ChangedFinding, ChangesSince, Heat, HeatRow, MAX_BURN_DAYS, MAX_HEAT_WEEKS, RiskMap, RiskMapCell,
    SourceReport,
};
