//! Today: what must be decided or done now and by whom, what changed, how the sources stand.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::Method;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use yata_model::{Message, Priority, SourceState};
use yata_store::{ChangesSince, Paging, QueuePage, SourceReport, StoreError, Total, WaitingPage, WaitingProposal};

use super::ask::{Ask, DueAsk};
use super::changes::{self, What};
use super::finding_talk::asked as asked_of;
use super::proposals::ASKED_OF_ME;
use super::rows::{self, Rows};
use super::say;
use super::table::cards;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Rows that are shown of what is to be done now.
const SHOWN_ROWS: u32 = 10;

/// Changes, proposals and sources that are shown.
const SHOWN_LINES: u32 = 8;

/// The most urgent findings that are looked through for investigations.
const LOOKED_THROUGH_ROWS: u32 = 100;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/", Need::Right(Right::Read), get(show))
}

async fn show(State(console): State<Arc<Console>>, caller: Caller) -> Result<Response, Refusal> {
    let today = console.today();
    let yesterday = today.yesterday().unwrap_or(today);
    let since = changes::beginning(&console, yesterday);
    let counts = Counts::read(&console, &caller, today).await?;
    let (now_ask, now) = next_rows(&console, today).await?;
    let judged = rows::judged(&console, &now.rows, today).await?;
    let services = console.store.services().await?;
    let lines = Paging { after: None, limit: SHOWN_LINES };
    let waiting = console.store.waiting_proposals(None, &lines).await?;
    let asked = console.store.waiting_proposals(Some(caller.id()), &lines).await?;
    let changes = console.store.changes_since(since, &lines).await?;
    let anew = console.store.ranked_anew(yesterday).await?;
    let sources = console.store.sources().await?;
    let title = caller.text("nav-today");
    let table = Rows { rows: &now.rows, judged: &judged, services: &services, today, selectable: false, grouped: true };
    let head = html! {
        div .line.spread { h1 { (title) } p .lead { (say::day(today)) } }
    };
    let body = html! {
        section aria-labelledby="today-counts" {
            h2 #today-counts .unseen { (caller.text("today-counts")) }
            (counts.list(&caller, waiting.total, asked.total))
        }
        section {
            div .line.spread {
                h2 { (caller.text(if now_ask.due.is_some() { "today-now" } else { "today-next" })) }
                a href=(now_ask.url()) { (caller.text("today-all")) }
            }
            @if now.rows.is_empty() {
                div .empty { p { (caller.text("today-nothing")) } }
            } @else {
                (table.table(&caller, &caller.text("today-now")))
            }
        }
        div .grid.wide.below {
            (who(&console, &caller, today).await?)
            (proposals(&console, &caller, &waiting, &asked))
            (investigations(&console, &caller, today).await?)
            (changed(&console, &caller, &changes, &anew, yesterday))
        }
        (standing(&caller, &sources))
    };
    Ok(layout::page_with_head(&caller, &title, &head, &body))
}

/// The questions whose numbers stand on top.
struct Counts {
    overdue: (Ask, Total),
    soon: (Ask, Total),
    immediate: (Ask, Total),
    mine: Option<(Ask, Total)>,
}

impl Counts {
    async fn read(console: &Console, caller: &Caller, today: Date) -> Result<Self, Refusal> {
        let mine = Ask { assignee: Some(caller.name().to_owned()), ..Ask::default() };
        Ok(Counts {
            overdue: counted(console, Ask { due: Some(DueAsk::Overdue), ..Ask::default() }, today).await?,
            soon: counted(console, Ask { due: Some(DueAsk::Soon), ..Ask::default() }, today).await?,
            immediate: counted(console, Ask { priorities: vec![Priority::Immediate], ..Ask::default() }, today).await?,
            mine: if caller.name().is_empty() { None } else { Some(counted(console, mine, today).await?) },
        })
    }

    fn list(&self, caller: &Caller, waiting: Total, asked: Total) -> Markup {
        let one = |name: &str, (ask, total): &(Ask, Total), hint: &str, class: &str| {
            say::count(&caller.text(name), *total, &caller.text(hint), &ask.url(), class)
        };
        html! {
            ul .counts {
                (one("queue-overdue", &self.overdue, "today-overdue-hint", "immediate"))
                (one("queue-due-soon", &self.soon, "today-soon-hint", "soon"))
                (one("priority-immediate", &self.immediate, "today-immediate-hint", "immediate"))
                (say::count(&caller.text("today-waiting"), waiting, &caller.text("today-waiting-hint"), "/proposals", "soon"))
                @if asked.rows > 0 {
                    (say::count(&caller.text("proposal-asked-you"), asked, &caller.text("today-asked-hint"), ASKED_OF_ME, "immediate"))
                }
                @if let Some(mine) = &self.mine { (one("today-mine", mine, "today-mine-hint", "")) }
            }
        }
    }
}

async fn counted(console: &Console, ask: Ask, today: Date) -> Result<(Ask, Total), StoreError> {
    let total = console.store.queue_total(&ask.filter(today), !ask.single).await?;
    Ok((ask, total))
}

/// What is due within three days or was before; where there is nothing, what comes next.
async fn next_rows(console: &Console, today: Date) -> Result<(Ask, QueuePage), StoreError> {
    use jiff::ToSpan as _;
    let soon = today.saturating_add(3.days());
    let paging = Paging { after: None, limit: SHOWN_ROWS };
    let now = Ask { due: Some(DueAsk::Days(None, Some(soon))), ..Ask::default() };
    let page = console.store.queue(&now.filter(today), &paging, true).await?;
    if !page.rows.is_empty() {
        return Ok((now, page));
    }
    let all = Ask::default();
    let page = console.store.queue(&all.filter(today), &paging, true).await?;
    Ok((all, page))
}

/// Who has to act: owners by what is to be done before the next regular change.
async fn who(console: &Console, caller: &Caller, today: Date) -> Result<Markup, Refusal> {
    let urgent = Ask { priorities: vec![Priority::Immediate, Priority::OutOfCycle], ..Ask::default() };
    let mut owners = console.store.facet_counts(&urgent.filter(today), true).await?.owners;
    owners.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let shown = usize::try_from(SHOWN_LINES).unwrap_or_default();
    Ok(html! {
        section .panel {
            h2 { (caller.text("today-who")) }
            p .small.quiet { (caller.text("today-who-hint")) }
            @if owners.is_empty() { p .quiet { (caller.text("today-nothing")) } }
            table .plain {
                tbody {
                    @for (owner, count) in owners.iter().take(shown) {
                        @let ask = urgent.but(|ask| ask.owners.push(owner.clone()));
                        tr {
                            th scope="row" { (say::owner(caller, Some(owner))) }
                            td .num { a href=(ask.url()) { (say::number(*count)) } }
                        }
                    }
                }
            }
            @if owners.len() > shown { p { a href=(urgent.url()) { (caller.text("today-all")) } } }
        }
    })
}

/// What waits for an answer: first what the caller is asked to answer, then the rest.
fn proposals(console: &Console, caller: &Caller, waiting: &WaitingPage, asked: &WaitingPage) -> Markup {
    let is_mine = |one: &&WaitingProposal| one.proposal.asked.as_ref().is_some_and(|(id, _)| id == caller.id());
    let others = waiting.items.iter().filter(|one| !is_mine(one));
    let shown = usize::try_from(SHOWN_LINES).unwrap_or_default();
    html! {
        section .panel {
            div .line.spread {
                h2 { (caller.text("today-waiting")) }
                @if !waiting.items.is_empty() { a href="/proposals" { (caller.text("today-all")) } }
            }
            @if waiting.items.is_empty() { p .quiet { (caller.text("proposal-none")) } }
            ul .plain.lines {
                @for one in asked.items.iter().chain(others).take(shown) {
                    li {
                        a href={ "/findings/" (one.proposal.finding_id) "#state" } { (say::clean(&one.rule)) }
                        " " (say::state(caller, &one.proposal.state))
                        div .small.quiet {
                            (say::clean(&one.asset_name)) " · " (say::clean(&one.proposal.by)) " · " (say::moment(console, one.proposal.at))
                            (asked_of(caller, &one.proposal))
                        }
                    }
                }
            }
        }
    }
}

/// Findings that ask to look for signs of use, among the most urgent.
async fn investigations(console: &Console, caller: &Caller, today: Date) -> Result<Markup, Refusal> {
    let ask = Ask { priorities: vec![Priority::Immediate], single: true, ..Ask::default() };
    let paging = Paging { after: None, limit: LOOKED_THROUGH_ROWS };
    let page = console.store.queue(&ask.filter(today), &paging, false).await?;
    let judged = rows::judged(console, &page.rows, today).await?;
    let asks = |id: &String| judged.get(id).is_some_and(|one| one.risk.decision.outcome.investigate);
    let shown = usize::try_from(SHOWN_LINES).unwrap_or_default();
    let found: Vec<_> = page.rows.iter().filter(|row| asks(&row.finding.id)).take(shown).collect();
    Ok(html! {
        section .panel {
            h2 { (caller.text("today-investigate")) }
            p .small.quiet { (caller.text("today-investigate-hint")) }
            @if found.is_empty() { p .quiet { (caller.text("today-nothing")) } }
            ul .plain.lines {
                @for row in found {
                    li {
                        a href={ "/findings/" (row.finding.id) } { (say::label(&row.finding)) }
                        " " span .small.mono.quiet { (say::clean(&row.finding.rule)) }
                        div .small.quiet { (say::clean(&row.asset_name)) " · " (say::owner(caller, row.owner.as_deref())) }
                    }
                }
            }
        }
    })
}

/// What changed: of findings whose facts were weighed anew the store knows how many, not which.
fn changed(
    console: &Console,
    caller: &Caller,
    changes: &ChangesSince,
    anew: &[(Priority, i64)],
    since: Date,
) -> Markup {
    let totals = [(What::Opened, changes.opened), (What::Settled, changes.settled), (What::Fixed, changes.fixed)];
    html! {
        section .panel {
            h2 { (caller.text("today-changed")) }
            ul .chips {
                @for (what, total) in totals {
                    li {
                        a .chip href=(changes::url(since, what)) {
                            (caller.text(what.name())) " " strong .num { (say::total(total)) }
                        }
                    }
                }
            }
            @if !anew.is_empty() {
                p .line {
                    span .small.quiet { (caller.text("today-ranked-anew")) }
                    @for (priority, findings) in anew {
                        span .small { (say::priority(caller, *priority)) " " strong { (format!("{findings:+}")) } }
                    }
                }
            }
            @if changes.changes.is_empty() { p .quiet { (caller.text("today-no-changes")) } }
            ul .plain.lines { @for one in &changes.changes { li { (changes::line(console, caller, one)) } } }
        }
    }
}

fn standing(caller: &Caller, sources: &[SourceReport]) -> Markup {
    let mut sources: Vec<&SourceReport> = sources.iter().collect();
    sources.sort_by_key(|one| (one.status.state == SourceState::Fresh, one.status.name.clone()));
    let title = caller.text("today-sources");
    let columns = [
        ("export-md-col-source", false),
        ("queue-col-state", false),
        ("today-speaks-up-to", false),
        ("today-reported-by", false),
        ("export-md-col-records", true),
    ];
    let wrong = sources.iter().any(|one| one.status.state != SourceState::Fresh);
    html! {
        section {
            div .line.spread { h2 { (title) } a href="/sources" { (caller.text("today-all")) } }
            @if sources.is_empty() {
                div .empty { p { (caller.text("today-no-sources")) } }
            } @else {
                @if wrong { p .small.quiet { (caller.text("today-sources-wrong")) } }
                (cards(caller, &title, columns, sources.into_iter().map(|one| source(caller, one))))
            }
        }
    }
}

fn source(caller: &Caller, one: &SourceReport) -> [Markup; 5] {
    let (id, class) = match one.status.state {
        SourceState::Fresh => ("export-source-fresh", "good"),
        SourceState::Stale => ("export-source-stale", "warn"),
        SourceState::Partial => ("export-source-partial", "warn"),
        SourceState::Missing => ("export-source-missing", "bad"),
        SourceState::Broken => ("export-source-broken", "bad"),
    };
    [
        html! { (say::clean(&one.status.name)) },
        html! {
            span.tag.(class) { (caller.text(id)) }
            @if let Some(message) = &one.status.message { div .small.quiet { (say::say(caller, message)) } }
        },
        html! {
            @match one.status.date {
                Some(date) => (say::day(date)),
                None => span .quiet { (caller.text("today-undated")) },
            }
        },
        html! { (say::clean(&one.reported_by)) },
        html! { (say::number(one.status.records)) },
    ]
}

/// The time now as the store writes times, for pages that ask what changed since.
pub(crate) fn instant(day: Date, console: &Console) -> Timestamp {
    let zone = console.settings.time_zone.clone();
    day.to_zoned(zone).map(|start| start.timestamp()).unwrap_or_else(|_| console.now())
}

/// How many rows a message counts.
pub(crate) fn rows_message(id: &str, total: Total) -> Message {
    let count = i64::try_from(total.rows).unwrap_or(i64::MAX);
    Message::new(id).with("count", count).with("total", say::total(total))
}
