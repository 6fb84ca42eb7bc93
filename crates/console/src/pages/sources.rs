//! Sources: what the judgements rest on, and who looks at the assets: their age and their problems.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use http::Method;
use maud::{Markup, html};
use yata_model::SourceState;
use yata_store::{Paging, SensorLook, SourceReport};

use super::say;
use super::table::cards;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::form::{After, encoded};
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Problems of one look that are shown.
const MAX_PROBLEMS: usize = 20;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/sources", Need::Right(Right::Read), get(page))
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(ask): Query<After>,
) -> Result<Response, Refusal> {
    let sources = console.store.sources().await?;
    let paging = Paging { after: ask.after, ..Paging::default() };
    let looks = console.store.sensors(None, &paging).await?;
    let body = html! {
        p .lead { (caller.text("sources-lead")) }
        section { h2 { (caller.text("sources-intelligence")) } (intelligence(&console, &caller, &sources)) }
        section {
            h2 { (caller.text("sources-sensors")) }
            (sensors(&console, &caller, &looks.items))
            @if let Some(next) = &looks.next {
                nav .pager aria-label=(caller.text("queue-pages")) {
                    a .button.slim rel="next" href={ "/sources?after=" (encoded(next)) } { (caller.text("queue-next-page")) }
                }
            }
        }
    };
    Ok(layout::page(&caller, &caller.text("nav-sources"), &body))
}

fn intelligence(console: &Console, caller: &Caller, sources: &[SourceReport]) -> Markup {
    if sources.is_empty() {
        return html! { div .empty { p { (caller.text("sources-no-intelligence")) } } };
    }
    let columns = [
        ("sources-name", false),
        ("sources-standing", false),
        ("sources-date", false),
        ("sources-records", true),
        ("sources-said-by", false),
    ];
    let row = |source: &SourceReport| {
        let status = &source.status;
        [
            html! { (say::clean(&status.name)) },
            html! {
                (state_tag(caller, status.state))
                @if let Some(message) = &status.message { p .small { (say::say(caller, message)) } }
            },
            html! { @if let Some(date) = status.date { (say::day(date)) } @else { "–" } },
            html! {
                (say::number(status.records))
                @if status.unreadable > 0 {
                    " " span .soon-text { "(" (say::number(status.unreadable)) " " (caller.text("sources-unreadable")) ")" }
                }
            },
            html! { (say::clean(&source.reported_by)) " " (say::moment(console, source.reported_at)) },
        ]
    };
    cards(caller, &caller.text("sources-intelligence"), columns, sources.iter().map(row))
}

/// The standing of a source, as a sign.
pub(crate) fn state_tag(caller: &Caller, state: SourceState) -> Markup {
    let (class, name) = match state {
        SourceState::Fresh => ("good", "sources-fresh"),
        SourceState::Stale => ("warn", "sources-stale"),
        SourceState::Partial => ("warn", "sources-partial"),
        SourceState::Missing => ("bad", "sources-missing"),
        SourceState::Broken => ("bad", "sources-broken"),
    };
    html! { span.tag.(class) { (caller.text(name)) } }
}

fn sensors(console: &Console, caller: &Caller, looks: &[SensorLook]) -> Markup {
    if looks.is_empty() {
        return html! { div .empty { p { (caller.text("sources-no-sensors")) } } };
    }
    let columns = [
        ("sources-asset", false),
        ("sources-sensor", false),
        ("sources-seen", false),
        ("sources-components", true),
        ("sources-problems", false),
    ];
    let row = |look: &SensorLook| {
        [
            say::asset_link(&look.asset_id, &look.asset_name),
            html! { (say::clean(&look.sensor)) },
            say::moment(console, look.seen_at),
            html! { (say::number(look.components)) },
            problems(caller, look),
        ]
    };
    cards(caller, &caller.text("sources-sensors"), columns, looks.iter().map(row))
}

/// What a sensor could not check, the ones that leave a gap first.
pub(crate) fn problems(caller: &Caller, look: &SensorLook) -> Markup {
    let problems = &look.problems;
    let more = if look.more_problems { "+" } else { "" };
    let gaps = problems.iter().filter(|problem| problem.is_gap() && !problem.waived).count();
    html! {
        @if problems.is_empty() && look.more_problems {
            span .tag.bad { (caller.text("sources-long-problems")) }
        } @else if problems.is_empty() { span .tag.good { (caller.text("sources-all-checked")) } } @else {
            details {
                summary {
                    @if gaps > 0 { span .tag.bad { (say::number(gaps as u64)) (more) " " (caller.text("sources-gaps")) } }
                    @else { span .tag { (say::number(problems.len() as u64)) (more) " " (caller.text("sources-notes")) } }
                }
                ul {
                    @for problem in problems.iter().take(MAX_PROBLEMS) {
                        li {
                            code { (say::clean(&problem.subject)) @if let Some(line) = problem.line { ":" (line) } }
                            " " (say::say(caller, &problem.message))
                            @if problem.waived { " " span .tag { (caller.text("sources-waived")) } }
                        }
                    }
                    @if problems.len() > MAX_PROBLEMS { li .quiet { "+" (problems.len() - MAX_PROBLEMS) (more) } }
                }
            }
        }
    }
}
