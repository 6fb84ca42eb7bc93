//! Decisions that wait for an approver.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::Method;
use maud::html;
use serde::Deserialize;
use yata_store::Paging;

use super::finding_talk::{answer_form, asked as asked_of};
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

/// The address of those that the caller is asked to answer.
pub(crate) const ASKED_OF_ME: &str = "/proposals?asked=me";

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
    /// `me` for those that the caller is asked to answer.
    asked: Option<String>,
}

async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let only_mine = asked.asked.as_deref() == Some("me");
    let path = if only_mine { ASKED_OF_ME } else { "/proposals" };
    let paging = Paging { after: asked.after.clone(), limit: PAGE_ROWS };
    let page = console.store.waiting_proposals(only_mine.then(|| caller.id()), &paging).await?;
    let services = console.store.services().await?;
    let title = caller.text("today-waiting");
    let first = asked.after.is_some().then_some(path);
    let next = page.next.as_ref().map(|next| {
        let joint = if only_mine { '&' } else { '?' };
        format!("{path}{joint}after={}", encoded(next))
    });
    let tabs = [("/proposals", "proposal-all", false), (ASKED_OF_ME, "proposal-asked-you", true)];
    let body = html! {
        p .lead { (caller.text("proposal-lead")) }
        @if caller.may(Right::Approve) {
            ul .tabs {
                @for (path, name, mine) in tabs {
                    li { a href=(path) aria-current=[(mine == only_mine).then_some("page")] { (caller.text(name)) } }
                }
            }
        }
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
                            (asked_of(&caller, &one.proposal))
                        }
                        (answer_form(&caller, &one.proposal, path))
                    }
                }
            }
            (say::pager(&caller, page.items.len(), page.total, first, next.as_deref()))
        }
    };
    Ok(layout::page(&caller, &title, &body))
}
