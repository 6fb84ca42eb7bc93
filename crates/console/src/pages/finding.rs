//! One finding: what it is, why it stands where it stands, what would change that, what to do, what was said and decided.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{Method, StatusCode};
use jiff::civil::Date;
use maud::{Markup, html};
use yata_model::{Applies, BusinessService, FindingState, Message, StateChange};
use yata_store::{Comment, FindingStatus, Judged, Person, Proposal};
use yata_words::has;

use super::deed_form::{self, Choice, Fields, item_value};
use super::{deeds, finding_facts, finding_talk, say};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/findings/{id}", Need::Right(Right::Read), get(show))
        .add(Method::POST, "/findings/{id}/act", Need::Right(Right::Decide), post(deeds::act_on_one))
        .add(Method::POST, "/findings/{id}/comment", Need::Right(Right::Comment), post(deeds::comment))
}

/// What became of a form that was not simply done, with what it said.
pub(crate) struct Notice {
    pub(crate) class: &'static str,
    pub(crate) text: String,
    pub(crate) choice: Choice,
}

/// A finding with all that its page shows.
pub(crate) struct Shown {
    pub(crate) judged: Judged,
    pub(crate) history: Vec<StateChange>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) proposals: Vec<Proposal>,
    pub(crate) approvers: Vec<Person>,
    pub(crate) services: Vec<BusinessService>,
    pub(crate) today: Date,
}

async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    page(&console, &caller, &id, None, StatusCode::OK).await
}

/// The page of a finding, with a notice where something was not done.
pub(crate) async fn page(
    console: &Console,
    caller: &Caller,
    id: &str,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let today = console.today();
    let judged = console.store.judged(id, today).await?.ok_or_else(Refusal::not_found)?;
    let shown = Shown {
        judged,
        history: console.store.history(id).await?,
        comments: console.store.comments(id).await?,
        proposals: console.store.proposals(id).await?,
        approvers: deed_form::approvers(console, caller).await?,
        services: console.store.services().await?,
        today,
    };
    let title = format!("{} – {}", say::label(&shown.judged.risk.finding), say::clean(&shown.judged.risk.finding.rule));
    let body = html! {
        @if let Some(notice) = &notice { div.note.(notice.class) role="alert" { p { (notice.text) } } }
        div .split {
            div {
                (finding_facts::why(caller, &shown))
                (finding_facts::fix(caller, &shown))
                (finding_facts::factors(caller, &shown))
                (finding_facts::facts(caller, &shown))
                (finding_facts::places(caller, &shown))
                (finding_facts::configuration(caller, &shown))
                @if shown.judged.risk.finding.subject.misconfiguration().is_none() {
                    (finding_facts::advisory(caller, &shown))
                }
                (finding_talk::discussion(console, caller, &shown))
            }
            div {
                (standing(console, caller, &shown, notice.as_ref()))
                (asset(caller, &shown))
                (finding_talk::history(console, caller, &shown))
            }
        }
        p #say .unseen role="status" {}
    };
    Ok((status, layout::page_with_head(caller, &title, &head(caller, &shown), &body)).into_response())
}

fn head(caller: &Caller, shown: &Shown) -> Markup {
    let risk = &shown.judged.risk;
    let finding = &risk.finding;
    let flags =
        yata_store::AiFlags { threat: risk.threat.ai, vulnerability: risk.vulnerability.ai, asset: risk.asset.ai };
    let is_open = shown.judged.status == FindingStatus::Open;
    html! {
        (say::crumbs(caller, &[("/queue", caller.text("nav-queue"))], &say::label(finding)))
        h1 { (say::label(finding)) }
        p .lead { (say::title(caller.lang, finding)) }
        p .line {
            (say::priority(caller, risk.decision.outcome.priority))
            (say::state_tag(caller, &finding.state, shown.judged.status))
            (say::ai(caller, flags))
            @if is_open && risk.decision.outcome.investigate { span .tag.bad { (caller.text("queue-investigate")) } }
            @if is_open { span { (caller.text("queue-col-due")) ": " (say::due(caller, risk.decision.due, shown.today)) } }
            span .mono.quiet { (say::clean(&finding.rule)) }
            span .small.quiet { "ID " code { (finding.id) } }
            button .slim.bare.no-print type="button" hidden data-copy=(finding.id) data-done=(caller.text("finding-copied")) {
                (caller.text("finding-copy"))
            }
        }
        @if let Applies::Unknown { why } = &finding.applies {
            div .note.warn { p { (say::say(caller, why)) } }
        }
    }
}

/// The state, what waits for an answer, and the form to change it.
fn standing(console: &Console, caller: &Caller, shown: &Shown, notice: Option<&Notice>) -> Markup {
    let judged = &shown.judged;
    let finding = &judged.risk.finding;
    let service = judged.asset.service.as_deref();
    let is_fixed = finding.state == FindingState::Fixed && judged.status == FindingStatus::Fixed;
    let nothing = Choice::default();
    let said = notice.map_or(&nothing, |notice| &notice.choice);
    let mut without = Vec::new();
    if finding.state == FindingState::Open {
        without.push("reopen");
    }
    if finding.state == FindingState::FalsePositive {
        without.push("false-positive");
    }
    let form = Fields { id: "one", today: shown.today, without: &without, approvers: &shown.approvers, said };
    html! {
        section #state .panel {
            h2 { (caller.text("finding-standing")) }
            dl .facts {
                dt { (caller.text("queue-col-state")) } dd { (say::state_tag(caller, &finding.state, judged.status)) }
                dt { (caller.text("deed-assignee")) }
                dd {
                    @match judged.assignee.as_deref() {
                        Some(name) => (say::clean(name)),
                        None => span .quiet { (caller.text("queue-unassigned")) },
                    }
                }
                @if let Some(first) = finding.first_seen {
                    dt { (caller.text("finding-first-seen")) } dd { (say::moment(console, first)) }
                }
            }
            (finding_talk::waiting(console, caller, shown))
            @if is_fixed {
                p .quiet { (caller.text("finding-fixed")) }
            } @else if caller.may_on(Right::Decide, service) {
                details .no-print open[notice.is_some()] {
                    summary .strong { (caller.text("finding-decide")) }
                    form method="post" action={ "/findings/" (finding.id) "/act" } {
                        (layout::csrf(caller))
                        input type="hidden" name="item" value=(item_value(finding));
                        (deed_form::fields(caller, &form))
                        button .primary type="submit" { (caller.text("deed-do-one")) }
                    }
                }
            } @else if caller.may(Right::Decide) {
                p .small.quiet { (caller.text("finding-not-yours")) }
            }
        }
    }
}

fn asset(caller: &Caller, shown: &Shown) -> Markup {
    let asset = &shown.judged.asset;
    html! {
        section .panel {
            h2 { (caller.text("queue-col-asset")) }
            dl .facts {
                dt { (caller.text("finding-asset-name")) } dd { (say::asset_link(&asset.id, &asset.name)) }
                @if let Some(service) = asset.service.as_deref() {
                    dt { (caller.text("queue-by-service")) } dd { (say::service_name(caller.lang, &shown.services, service)) }
                }
                dt { (caller.text("queue-by-owner")) } dd { (say::owner(caller, asset.owner.as_deref())) }
                @for (name, value) in say::asset_values(caller, asset) { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// What ruled a decision: a table's name, or a rule in words.
pub(crate) fn ruled_by(caller: &Caller, name: &str) -> String {
    let id = format!("ruled-by-{name}");
    if has(caller.lang, &id) { caller.text(&id) } else { say::clean(name) }
}

/// The window of changes, where it opens after the last day.
pub(crate) fn window(caller: &Caller, shown: &Shown) -> Option<String> {
    let window = shown.judged.risk.decision.next_window_after_due?;
    Some(caller.say(&Message::new("ui-window-after-due").with("date", window.to_string())))
}
