//! The queue: all risks in one order, filtered by its address.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::Method;
use maud::{Markup, html};
use yata_model::Message;
use yata_store::{MAX_DEED_ITEMS, Paging, Person, QueuePage};

use super::ask::Ask;
use super::deed_form::{self, Choice, Fields};
use super::filters;
use super::rows::{self, Rows};
use super::say;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Rows of one page.
const PAGE_ROWS: u32 = 50;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/queue", Need::Right(Right::Read), get(show)).add(
        Method::POST,
        "/queue/act",
        Need::Right(Right::Decide),
        post(super::deeds::act),
    )
}

async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let ask = Ask::parse(&pairs);
    let today = console.today();
    let filter = ask.filter(today);
    let paging = Paging { after: ask.after.clone(), limit: PAGE_ROWS };
    let page = console.store.queue(&filter, &paging, !ask.single).await?;
    let judged = rows::judged(&console, &page.rows, today).await?;
    let services = console.store.services().await?;
    let approvers = deed_form::approvers(&console, &caller).await?;
    let facets = filters::Facets::read(&console, &ask, today).await?;
    let selectable = caller.may(Right::Decide) && !page.rows.is_empty();
    let table =
        Rows { rows: &page.rows, judged: &judged, services: &services, today, selectable, grouped: !ask.single };
    let title = caller.text("nav-queue");
    let head = head(&caller, &ask);
    let body = html! {
        div data-region tabindex="-1" {
            (unread(&caller, &ask))
            (filters::search(&caller, &ask))
            (filters::chips(&caller, &ask, &services))
            (filters::panel(&caller, &ask, &facets, &services))
            (summary(&caller, &ask, &page))
            @if page.rows.is_empty() {
                (empty(&caller, &ask))
            } @else if selectable {
                form #act method="post" action="/queue/act" {
                    (layout::csrf(&caller))
                    input type="hidden" name="next" value=(ask.url());
                    (table.table(&caller, &title))
                    (pager(&caller, &ask, &page))
                    (bulk(&caller, today, &approvers))
                }
            } @else {
                (table.table(&caller, &title))
                (pager(&caller, &ask, &page))
            }
        }
        p #say .unseen role="status" {}
    };
    Ok(layout::page_with_head(&caller, &title, &head, &body))
}

fn head(caller: &Caller, ask: &Ask) -> Markup {
    let export = |format: &str| ask.but(|_| {}).at("/queue/export", &format!("format={format}"));
    html! {
        div .line.spread {
            h1 { (caller.text("nav-queue")) }
            @if caller.may(Right::Export) {
                div .line.no-print {
                    span .small.quiet { (caller.text("queue-export")) }
                    @for (format, name) in [("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON")] {
                        a .button.slim href=(export(format)) download { (name) }
                    }
                }
            }
        }
        p .lead { (caller.text("queue-lead")) }
    }
}

fn unread(caller: &Caller, ask: &Ask) -> Markup {
    html! {
        @if !ask.unread.is_empty() {
            div .note.warn role="alert" {
                p { (caller.text("queue-unread")) }
                ul { @for (key, value) in &ask.unread { li { code { (say::clean(key)) "=" (say::clean(value)) } } } }
            }
        }
    }
}

fn summary(caller: &Caller, ask: &Ask, page: &QueuePage) -> Markup {
    let grouped = ask.but(|ask| ask.single = false);
    let single = ask.but(|ask| ask.single = true);
    let message = Message::new(if ask.single { "queue-total-findings" } else { "queue-total-actions" });
    let count = i64::try_from(page.total.rows).unwrap_or(i64::MAX);
    html! {
        div .bar {
            strong role="status" { (caller.say(&message.with("count", count).with("total", say::total(page.total)))) }
            ul .chips.push data-part aria-label=(caller.text("queue-grouping")) {
                li { a .chip href=(grouped.url()) aria-current=[(!ask.single).then_some("true")] { (caller.text("queue-by-action")) } }
                li { a .chip href=(single.url()) aria-current=[ask.single.then_some("true")] { (caller.text("queue-by-finding")) } }
            }
        }
    }
}

fn pager(caller: &Caller, ask: &Ask, page: &QueuePage) -> Markup {
    let first = ask.after.is_some().then(|| ask.but(|_| {}).url());
    let next = page.next.clone().map(|next| ask.but(|ask| ask.after = Some(next)).url());
    say::pager(caller, page.rows.len(), page.total, first.as_deref(), next.as_deref())
}

fn empty(caller: &Caller, ask: &Ask) -> Markup {
    html! {
        div .empty {
            @if ask.is_narrow() || ask.after.is_some() {
                p { (caller.text("queue-empty-filtered")) }
                p { a .button href="/queue" { (caller.text("queue-clear")) } }
            } @else {
                p { (caller.text("queue-empty")) }
                p { a href="/sources" { (caller.text("queue-empty-sources")) } }
            }
        }
    }
}

fn bulk(caller: &Caller, today: jiff::civil::Date, approvers: &[Person]) -> Markup {
    let limit = Message::new("deed-limit").with("limit", MAX_DEED_ITEMS);
    let said = Choice::default();
    let form = Fields { id: "bulk", today, without: &[], approvers, said: &said };
    html! {
        details .panel.sticky.no-print {
            summary { (caller.text("deed-selected")) " " span .tag { span data-selected { "–" } } }
            (deed_form::fields(caller, &form))
            div .buttons {
                button .primary type="submit" { (caller.text("deed-do")) }
                span .small.quiet { (caller.say(&limit)) }
            }
        }
    }
}
