//! What changed since a day.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use http::Method;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::FindingState;
use yata_store::{ChangedFinding, ChangesSince, Paging};
use yata_words::has;

use super::say;
use super::today::{instant, rows_message};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::form::encoded;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Rows of one page, at least.
const PAGE_ROWS: usize = 100;

/// Pages of the store that are looked through for one page of ours.
const MAX_STORE_PAGES: usize = 40;

/// Rows of one page of the store.
const STORE_ROWS: u32 = 250;

/// Which changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// New, or open again.
    Opened,
    /// Accepted, mitigated, false positive.
    Settled,
    /// No longer seen.
    Fixed,
}

impl What {
    const ALL: [What; 3] = [What::Opened, What::Settled, What::Fixed];

    fn word(self) -> &'static str {
        match self {
            What::Opened => "opened",
            What::Settled => "settled",
            What::Fixed => "fixed",
        }
    }

    /// The id of its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            What::Opened => "today-opened",
            What::Settled => "today-settled",
            What::Fixed => "today-fixed",
        }
    }

    fn of(state: &FindingState) -> What {
        match state {
            FindingState::Open => What::Opened,
            FindingState::Accepted { .. } | FindingState::Mitigated { .. } | FindingState::FalsePositive => {
                What::Settled
            }
            FindingState::Fixed => What::Fixed,
        }
    }

    fn total(self, changes: &ChangesSince) -> yata_store::Total {
        match self {
            What::Opened => changes.opened,
            What::Settled => changes.settled,
            What::Fixed => changes.fixed,
        }
    }
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/changes", Need::Right(Right::Read), get(show))
}

/// The last moment before a day, in the service's time zone: what is after it is of that day or later.
pub(crate) fn beginning(console: &Console, day: Date) -> Timestamp {
    let start = instant(day, console);
    start.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(start)
}

/// The address that lists these changes.
pub(crate) fn url(since: Date, what: What) -> String {
    format!("/changes?since={since}&what={}", what.word())
}

#[derive(Deserialize)]
struct Asked {
    since: Option<String>,
    what: Option<String>,
    after: Option<String>,
}

async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let today = console.today();
    let since = asked.since.as_deref().and_then(|day| day.parse().ok());
    let since: Date = since.unwrap_or_else(|| today.yesterday().unwrap_or(today));
    let what = What::ALL.into_iter().find(|what| Some(what.word()) == asked.what.as_deref()).unwrap_or(What::Opened);
    let from = beginning(&console, since);
    let mut rows: Vec<ChangedFinding> = Vec::new();
    let mut after = asked.after.clone();
    let mut totals = None;
    for _ in 0..MAX_STORE_PAGES {
        let page = console.store.changes_since(from, &Paging { after: after.clone(), limit: STORE_ROWS }).await?;
        rows.extend(page.changes.iter().filter(|one| What::of(&one.change.state) == what).cloned());
        after.clone_from(&page.next);
        totals.get_or_insert(page);
        if after.is_none() || rows.len() >= PAGE_ROWS {
            break;
        }
    }
    let Some(totals) = totals else { return Err(Refusal::internal()) };
    let total = what.total(&totals);
    let title = caller.text("today-changes");
    let first = asked.after.is_some().then(|| url(since, what));
    let next = after.map(|after| format!("{}&after={}", url(since, what), encoded(&after)));
    let head = html! {
        (say::crumbs(&caller, &[("/", caller.text("nav-today"))], &title))
        h1 { (title) }
    };
    let body = html! {
        form .bar.no-print method="get" action="/changes" {
            input type="hidden" name="what" value=(what.word());
            label for="since" { (caller.text("today-since")) }
            input #since .short type="date" name="since" value=(since) max=(today);
            button type="submit" { (caller.text("queue-search-do")) }
        }
        ul .tabs {
            @for one in What::ALL {
                li {
                    a href=(url(since, one)) aria-current=[(one == what).then_some("page")] {
                        (caller.text(one.name())) " (" (say::total(one.total(&totals))) ")"
                    }
                }
            }
        }
        @if rows.is_empty() {
            div .empty { p { (caller.text("today-no-changes")) } }
        } @else {
            ul .plain.lines data-rows { @for one in &rows { li { (line(&console, &caller, one)) } } }
        }
        p .quiet { (caller.say(&rows_message("today-changes-total", total))) }
        (say::pager(&caller, rows.len(), total, first.as_deref(), next.as_deref()))
    };
    Ok(layout::page_with_head(&caller, &title, &head, &body))
}

/// One change, in two lines.
pub(crate) fn line(console: &Console, caller: &Caller, one: &ChangedFinding) -> Markup {
    let why = if one.change.why.starts_with("history-") && has(caller.lang, &one.change.why) {
        caller.text(&one.change.why)
    } else {
        say::clean(&one.change.why)
    };
    html! {
        a href={ "/findings/" (one.finding_id) } { (say::clean(&one.rule)) }
        " " span .tag { (say::state(caller, &one.change.state)) }
        " " span .small { (say::clean(&one.title)) }
        div .small.quiet {
            (say::clean(&one.asset_name)) " · " (say::moment(console, one.change.at)) " · " (say::clean(&one.change.by))
            @if !why.is_empty() { " · " (why) }
        }
    }
}
