//! What people post about findings: decisions about one or several, comments, answers to proposals.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::Message;
use yata_store::{Deed, DeedItem, Doer, MAX_COMMENT_CHARS, MAX_DEED_ITEMS, Outcome, StoreError};

use super::deed_form::{Choice, approvers, item};
use super::finding::{self, Notice};
use super::say;
use crate::access::Right;
use crate::caller::Caller;
use crate::form::{Posted, PostedPairs, own_path};
use crate::layout;
use crate::problem::Refusal;
use crate::state::Console;

/// Does what the form says with all selected findings, and says what became of each.
pub(crate) async fn act(
    State(console): State<Arc<Console>>,
    caller: Caller,
    PostedPairs(pairs): PostedPairs,
) -> Result<Response, Refusal> {
    let choice = Choice::of(pairs);
    let items: Option<Vec<DeedItem>> = choice.items.iter().map(|value| item(value)).collect();
    let items = items.ok_or_else(|| Refusal::bad_request(Message::new("deed-bad-item")))?;
    if items.is_empty() {
        return Err(Refusal::bad_request(Message::new("deed-none-selected")));
    }
    if items.len() > MAX_DEED_ITEMS {
        return Err(Refusal::bad_request(Message::new("deed-limit").with("limit", MAX_DEED_ITEMS)));
    }
    let approvers = approvers(&console, &caller).await?;
    let deed = choice.read(&caller, console.today(), &approvers).map_err(Refusal::bad_request)?;
    let outcomes = run(&console, &caller, &items, &deed, &choice.why).await?;
    let back = own_path(&choice.next);
    let title = caller.text("deed-result");
    let done = outcomes.iter().filter(|outcome| **outcome == Outcome::Done).count();
    let message = Message::new("deed-result-count").with("done", done).with("count", outcomes.len());
    let class = if done == outcomes.len() { "good" } else { "warn" };
    let body = html! {
        div.note.(class) role="status" { p { (caller.say(&message)) } }
        div .scroll role="region" tabindex="0" aria-label=(title) {
            table {
                thead { tr { th scope="col" { (caller.text("queue-col-what")) } th scope="col" { (caller.text("deed-outcome")) } } }
                tbody {
                    @for (one, outcome) in items.iter().zip(&outcomes) {
                        tr {
                            th scope="row" { a .mono href={ "/findings/" (one.id) } { (one.id) } }
                            td { (outcome_tag(&caller, outcome, &deed)) }
                        }
                    }
                }
            }
        }
        p .bar { a .button.primary href=(back) { (caller.text("deed-back")) } }
    };
    Ok(layout::page(&caller, &title, &body))
}

/// Does what the form says with one finding.
pub(crate) async fn act_on_one(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    PostedPairs(pairs): PostedPairs,
) -> Result<Response, Refusal> {
    let choice = Choice::of(pairs);
    let one = choice.items.first().and_then(|value| item(value)).filter(|one| one.id == id);
    let one = one.ok_or_else(|| Refusal::bad_request(Message::new("deed-bad-item")))?;
    let approvers = approvers(&console, &caller).await?;
    let deed = match choice.read(&caller, console.today(), &approvers) {
        Ok(deed) => deed,
        Err(missing) => {
            let notice = Notice { class: "bad", text: caller.say(&missing), choice };
            return finding::page(&console, &caller, &id, Some(notice), StatusCode::BAD_REQUEST).await;
        }
    };
    let outcomes = run(&console, &caller, &[one], &deed, &choice.why).await?;
    let status = match outcomes.first() {
        None | Some(Outcome::Done) => return Ok(Redirect::to(&format!("/findings/{id}#state")).into_response()),
        Some(Outcome::Unknown) => return Err(Refusal::not_found()),
        Some(Outcome::NotAllowed) => return Err(Refusal::forbidden()),
        Some(_) => StatusCode::CONFLICT,
    };
    let text = outcomes.first().map(|outcome| outcome_text(&caller, outcome, &deed)).unwrap_or_default();
    finding::page(&console, &caller, &id, Some(Notice { class: "warn", text, choice }), status).await
}

async fn run(
    console: &Console,
    caller: &Caller,
    items: &[DeedItem],
    deed: &Deed,
    why: &str,
) -> Result<Vec<Outcome>, Refusal> {
    let by = caller.actor();
    let may = |service: Option<&str>| caller.may_on(Right::Decide, service);
    let doer = Doer { by: &by, why, may: &may, now: console.now(), today: console.today() };
    console.store.act(items, deed, &doer).await.map_err(refusal)
}

fn outcome_tag(caller: &Caller, outcome: &Outcome, deed: &Deed) -> Markup {
    let class = if *outcome == Outcome::Done { "good" } else { "warn" };
    html! { span.tag.(class) { (outcome_text(caller, outcome, deed)) } }
}

fn outcome_text(caller: &Caller, outcome: &Outcome, deed: &Deed) -> String {
    caller.text(match outcome {
        Outcome::Done if matches!(deed, Deed::Propose(..)) => "deed-proposed",
        Outcome::Done => "deed-done",
        Outcome::Unknown => "deed-unknown",
        Outcome::NotAllowed => "deed-not-allowed",
        Outcome::AlreadyFixed => "deed-already-fixed",
        Outcome::Waiting => "deed-waiting",
        Outcome::Same => "deed-same",
        Outcome::Changed(now) => {
            let message = Message::new("deed-changed").with("state", say::state(caller, now));
            return caller.say(&message);
        }
    })
}

/// What a form of the discussion says.
#[derive(Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    text: String,
}

/// Adds to the discussion.
pub(crate) async fn comment(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(said): Posted<Said>,
) -> Result<Response, Refusal> {
    if said.text.trim().is_empty() {
        return Err(Refusal::bad_request(Message::new("finding-comment-empty")));
    }
    if said.text.trim().chars().count() > MAX_COMMENT_CHARS {
        return Err(Refusal::bad_request(Message::new("deed-too-long").with("limit", MAX_COMMENT_CHARS)));
    }
    console.store.comment(&id, &said.text, &caller.actor(), console.now()).await?;
    Ok(Redirect::to(&format!("/findings/{id}#discussion")).into_response())
}

/// An approver's answer.
#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    next: String,
}

/// Approves or refuses a proposal.
pub(crate) async fn answer(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(form): Posted<AnswerForm>,
) -> Result<Response, Refusal> {
    let approved = match form.answer.as_str() {
        "approve" => true,
        "refuse" => false,
        _ => return Err(Refusal::bad_request(Message::new("deed-needs-choice"))),
    };
    let by = caller.actor();
    let may = |service: Option<&str>| caller.may_on(Right::Approve, service);
    let doer = Doer { by: &by, why: &form.why, may: &may, now: console.now(), today: console.today() };
    let proposal = console.store.answer(&id, approved, &doer).await.map_err(refusal)?;
    let next = if form.next.is_empty() { format!("/findings/{}#state", proposal.finding_id) } else { form.next };
    Ok(Redirect::to(own_path(&next)).into_response())
}

/// What the store says of a deed, in words for people.
fn refusal(error: StoreError) -> Refusal {
    let conflict = |id: &str| Refusal::new(StatusCode::CONFLICT, "conflict", Message::new(id));
    match error {
        StoreError::NoReason => Refusal::bad_request(Message::new("deed-needs-why")),
        StoreError::PastDate { until, .. } => {
            Refusal::bad_request(Message::new("deed-until-past").with("day", until.to_string()))
        }
        StoreError::TooLong { limit, .. } => Refusal::bad_request(Message::new("deed-too-long").with("limit", limit)),
        StoreError::OwnProposal { .. } => {
            Refusal::new(StatusCode::FORBIDDEN, "own-proposal", Message::new("proposal-own"))
        }
        StoreError::ProposalAnswered { .. } => conflict("proposal-answered"),
        StoreError::AlreadyFixed { .. } => conflict("deed-already-fixed"),
        StoreError::UnknownProposal { .. } => Refusal::not_found(),
        other => other.into(),
    }
}
