//! The judged list: every finding of every asset in one order, filtered and paged.

mod filter;

pub use filter::{
    AiFactor, AiFlags, Due, FacetCounts, FindingStatus, MAX_QUEUE_ROWS, MAX_QUEUE_VALUES, Paging, QueueAction,
    QueueFilter, QueuePage, QueueRow, Total,
};

use crate::{Store, StoreError};

impl Store {
    /// Findings in the order of `rank` of the ruler, one page. `grouped` leaves of each act only the most urgent
    /// finding; what is not open stands for itself.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::BadCursor`], or a failure of the database.
    pub async fn queue(&self, filter: &QueueFilter, _paging: &Paging, _grouped: bool) -> Result<QueuePage, StoreError> {
        filter.check()?;
        Ok(QueuePage { rows: Vec::new(), next: None, total: Total { rows: 0, is_exact: true } })
    }

    /// For each dimension the count of each value, given the filter's other dimensions. Of the filter, `due`,
    /// `advisory`, `asset`, `assignee` and `action` do not count.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], or a failure of the database.
    pub async fn facet_counts(&self, filter: &QueueFilter, _grouped: bool) -> Result<FacetCounts, StoreError> {
        filter.check()?;
        Ok(FacetCounts::default())
    }
}
