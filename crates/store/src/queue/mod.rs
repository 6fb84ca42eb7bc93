//! The judged list: every finding of every asset in one order, filtered and paged.

mod facets;
mod filter;
mod mirror;
mod narrow;
mod page;
mod rows;
mod sql;

pub use filter::{
    AiFactor, AiFlags, Due, FacetCounts, FindingStatus, MAX_QUEUE_ROWS, MAX_QUEUE_VALUES, Paging, QueueAction,
    QueueFilter, QueuePage, QueueRow, Total,
};
pub(crate) use mirror::{Answer, Facets, Mirror, Question};
pub(crate) use rows::action_of;
pub(crate) use sql::{Sql, ai_factors};

use crate::{Store, StoreError};

impl Store {
    /// Findings in the order of `rank` of the ruler, one page. `grouped` leaves of each act only the most urgent
    /// finding; what is not open stands for itself.
    ///
    /// The total is exact, but for some filters with `due`, `advisory`, `asset`, `assignee` or `action` that match more
    /// than 10,000 findings: see [`Total::is_exact`].
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::BadCursor`], or a failure of the database.
    pub async fn queue(&self, filter: &QueueFilter, paging: &Paging, grouped: bool) -> Result<QueuePage, StoreError> {
        filter.check()?;
        let doing = "reading the queue";
        let mirror = self.mirror(doing).await?;
        self.read_together(doing, async |conn| page::read_page(conn, mirror, filter, paging, grouped).await).await
    }

    /// How many rows [`Store::queue`] has on all pages.
    ///
    /// # Errors
    /// As [`Store::queue`].
    pub async fn queue_total(&self, filter: &QueueFilter, grouped: bool) -> Result<Total, StoreError> {
        filter.check()?;
        let doing = "counting the queue";
        let mirror = self.mirror(doing).await?;
        self.read_together(doing, async |conn| page::read_total(conn, mirror, filter, grouped).await).await
    }

    /// For each dimension the count of each value, given the filter's other dimensions. Of the filter, `due`,
    /// `advisory`, `asset`, `assignee` and `action` do not count. At most 500 services and owners, those with the most
    /// findings.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], or a failure of the database.
    pub async fn facet_counts(&self, filter: &QueueFilter, grouped: bool) -> Result<FacetCounts, StoreError> {
        filter.check()?;
        let doing = "counting the queue";
        let counts = self.mirror(doing).await?.read(|facets| facets::facet_counts(facets, filter, grouped));
        counts.map_err(|fault| self.explain(doing, fault))
    }
}
