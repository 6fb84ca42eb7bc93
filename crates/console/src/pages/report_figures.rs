//! The figures of the management report, read at once.

use jiff::ToSpan as _;
use jiff::civil::Date;
use yata_model::BusinessService;
use yata_store::{BurnDay, Coverage, FacetCounts, FindingStatus, Heat, Paging, QueueRow, RiskMap, SourceReport, Total};

use super::ask::{Ask, DueAsk};
use super::asset_ask::unseen_since;
use crate::problem::Refusal;
use crate::state::Console;

/// Days ahead that the report looks.
pub(crate) const AHEAD_DAYS: i64 = 30;

/// Actions in the annex.
const ACTIONS: u32 = 20;

/// Accepted and mitigated findings in the annex.
pub(crate) const SETTLED: u32 = 100;

/// Weeks of the table by service.
const WEEKS: u32 = 6;

/// What the report is made from.
pub(crate) struct Figures {
    pub(crate) today: Date,
    /// The first day of the period.
    pub(crate) from: Date,
    pub(crate) open: FacetCounts,
    pub(crate) total: Total,
    pub(crate) overdue: Total,
    pub(crate) soon: Total,
    pub(crate) coverage: Coverage,
    /// Whether anybody was imported: else nobody knows which owners have left.
    pub(crate) knows_staff: bool,
    pub(crate) sources: Vec<SourceReport>,
    /// From the first day of the period on; also what is due in the days ahead.
    pub(crate) days: Vec<BurnDay>,
    /// The first day on which anything was found.
    pub(crate) first_day: Option<Date>,
    pub(crate) map: RiskMap,
    pub(crate) heat: Heat,
    pub(crate) services: Vec<BusinessService>,
    pub(crate) organisation: yata_model::Organisation,
    pub(crate) actions: Vec<QueueRow>,
    pub(crate) actions_total: Total,
    /// What was settled, with who said so last.
    pub(crate) settled: Vec<(QueueRow, Option<String>)>,
    pub(crate) settled_total: Total,
}

/// Everything that asks for action.
pub(crate) fn all_open() -> Ask {
    Ask { single: true, ..Ask::default() }
}

/// What should have been done before that day.
pub(crate) fn overdue(today: Date) -> Ask {
    let last = today.yesterday().unwrap_or(today);
    Ask { due: Some(DueAsk::Days(None, Some(last))), ..all_open() }
}

/// What is to be done in the days ahead.
pub(crate) fn soon(today: Date) -> Ask {
    let last = today.saturating_add(AHEAD_DAYS.days());
    Ask { due: Some(DueAsk::Days(Some(today), Some(last))), ..all_open() }
}

/// What is accepted or mitigated.
pub(crate) fn settled() -> Ask {
    Ask { states: vec![FindingStatus::Accepted, FindingStatus::Mitigated], ..all_open() }
}

/// Reads the figures.
pub(crate) async fn read(console: &Console, from: Date) -> Result<Figures, Refusal> {
    let (store, today) = (&console.store, console.today());
    let total = async |ask: &Ask| store.queue_total(&ask.filter(today), false).await;
    let first_actions = Paging { after: None, limit: ACTIONS };
    let actions = store.queue(&Ask::default().filter(today), &first_actions, true).await?;
    let first_settled = Paging { after: None, limit: SETTLED };
    let found = store.queue(&settled().filter(today), &first_settled, false).await?;
    let mut settled_rows = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        let last = store.history(&row.finding.id).await?.into_iter().next_back();
        settled_rows.push((row, last.map(|change| change.by)));
    }
    let rules = store.rules().await?;
    Ok(Figures {
        today,
        from,
        open: store.facet_counts(&all_open().filter(today), false).await?,
        total: total(&all_open()).await?,
        overdue: total(&overdue(today)).await?,
        soon: total(&soon(today)).await?,
        coverage: store.coverage(unseen_since(console.now())).await?,
        knows_staff: !store.staff_sources().await?.is_empty(),
        sources: store.sources().await?,
        days: store.burn_down(from, today.saturating_add(AHEAD_DAYS.days()), None).await?,
        first_day: store.first_day().await?,
        map: store.risk_map().await?,
        heat: store.heat(today, WEEKS).await?,
        services: rules.services,
        organisation: rules.organisation,
        actions: actions.rows,
        actions_total: actions.total,
        settled: settled_rows,
        settled_total: found.total,
    })
}
