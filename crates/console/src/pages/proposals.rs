//! Decisions that wait for an approver.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::Method;
use maud::html;
use serde::Deserialize;
use yata_store::Paging;

use super::finding_talk::answer_form;
use super::{deeds, say};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::form::encoded;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Rows of one page.
const PAGE_ROWS: u32 = 100;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/proposals", Need::Right(Right::Read), get(show)).add(
        Method::POST,
        "/proposals/{id}",
        Need::Right(Right::Approve),
        post(deeds::answer),
    )
}

#[derive(Deserialize)]
struct Asked {
    after: Option<String>,
}

async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let page = console.store.waiting_proposals(&Paging { after: asked.after.clone(), limit: PAGE_ROWS }).await?;
    let services = console.store.services().await?;
    let title = caller.text("today-waiting");
    let first = asked.after.is_some().then_some("/proposals");
    let next = page.next.as_ref().map(|next| format!("/proposals?after={}", encoded(next)));
    let body = html! {
        p .lead { (caller.text("proposal-lead")) }
        @if page.items.is_empty() {
            div .empty { p { (caller.text("proposal-none")) } }
        } @else {
            ul .plain.stack data-rows {
                @for one in &page.items {
                    li .panel {
                        h2 {
                            a href={ "/findings/" (one.proposal.finding_id) "#state" } { (say::clean(&one.rule)) }
                            " → " (say::state(&caller, &one.proposal.state))
                        }
                        p .said { (say::clean_lines(&one.proposal.why)) }
                        p .small.quiet {
                            (say::clean(&one.asset_name))
                            @if let Some(service) = one.service.as_deref() { " · " (say::service_name(caller.lang, &services, service)) }
                            " · " (say::clean(&one.proposal.by)) " · " (say::moment(&console, one.proposal.at))
                        }
                        (answer_form(&caller, &one.proposal, "/proposals"))
                    }
                }
            }
            (say::pager(&caller, page.items.len(), page.total, first, next.as_deref()))
        }
    };
    Ok(layout::page(&caller, &title, &body))
}
