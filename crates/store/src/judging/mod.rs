//! From stored findings to the judged list: rules, evidence, facets, tallies.

mod rules;

pub use rules::{MAX_RULES_BYTES, Rules, TableText};

use jiff::Timestamp;
use jiff::civil::Date;
use yata_model::{Asset, BusinessService, Evidence, Report, Risk};

use crate::queue::{FindingStatus, QueueAction};
use crate::{Ingested, Store, StoreError};

/// One finding on the ruler, with what it was judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The risk; its `rank` is 0.
    pub risk: Risk,
    /// What became of it as of the day asked about.
    pub status: FindingStatus,
    /// The asset as it counts.
    pub asset: Asset,
    /// The asset's service.
    pub service: Option<BusinessService>,
    /// What the intelligence said when a sensor reported it last; `None` where nothing was reported.
    pub evidence: Option<Evidence>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// The act that closes it.
    pub action: QueueAction,
    /// Its place in the order.
    pub rank_key: i64,
}

/// What [`Store::tick`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ticked {
    /// How many assets were judged again.
    pub assets: u64,
    /// Whether there is more to do: call it again.
    pub more: bool,
}

impl Store {
    /// Sets the rules that findings are judged by. Its services replace those of the same ids. Everything is judged
    /// again by and by: see [`Store::tick`].
    ///
    /// # Errors
    /// [`StoreError::BadRules`], [`StoreError::TooMany`], or a failure of the database.
    pub async fn set_rules(&self, _rules: &Rules, _now: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    /// The rules; the default ones where none were set.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn rules(&self) -> Result<Rules, StoreError> {
        Ok(Rules::default())
    }

    /// All services, by id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn services(&self) -> Result<Vec<BusinessService>, StoreError> {
        Ok(Vec::new())
    }

    /// Adds or changes a service; its assets are judged again by and by.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn set_service(&self, _service: &BusinessService, _now: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    /// Stores what a sensor reports of one asset, all of it or nothing: snapshots as [`Store::ingest_all`], the
    /// evidence, services that are not known yet, the sources; and judges the asset's findings as of `today`.
    ///
    /// # Errors
    /// As [`Store::ingest_all`]; [`StoreError::BadReport`] where it speaks of several assets.
    pub async fn ingest_report(&self, report: &Report, _today: Date) -> Result<Vec<Ingested>, StoreError> {
        self.ingest_all(&report.snapshots).await
    }

    /// One finding on the ruler, computed now from what is stored; `None` where there is no finding of that id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn judged(&self, _finding_id: &str, _today: Date) -> Result<Option<Judged>, StoreError> {
        Ok(None)
    }

    /// Brings the judged list up to `today`: acceptances whose day has passed open again, findings of an earlier
    /// schema and of earlier rules are judged. A bounded batch; call it again while `more`.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn tick(&self, _today: Date) -> Result<Ticked, StoreError> {
        Ok(Ticked::default())
    }

    /// Says who works on findings (whole ids); `None` for nobody. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::TooLong`], or a failure of the database.
    pub async fn assign(&self, _ids: &[String], _assignee: Option<&str>) -> Result<u64, StoreError> {
        Ok(0)
    }
}

/// Judges the findings of these assets anew. Their locks must be held.
pub(crate) async fn rejudge_assets(
    _conn: &mut crate::engine::Conn,
    _ids: &std::collections::BTreeSet<String>,
    _today: Date,
) -> Result<(), crate::error::Fault> {
    Ok(())
}
