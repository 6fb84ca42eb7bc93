//! One asset: what is known of it and who says so, its findings, what it is made of and stands between, its history.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{Method, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::{BusinessService, Message};
use yata_store::{AssetChange, AssetRecord, Paging, QueuePage};

use super::ask::Ask;
use super::asset_edit::{self, Form};
use super::assets::{kind_name, open_counts};
use super::{asset_parts, say, sources};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Findings that the page of an asset shows.
const FIRST_FINDINGS: u32 = 20;

/// Changes that the page of an asset shows: the latest.
const SHOWN_CHANGES: usize = 100;

pub(crate) fn routes(routes: Routes) -> Routes {
    asset_edit::routes(routes.add(Method::GET, "/assets/{id}", Need::Right(Right::Read), get(page)))
}

/// What of the components is shown.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Parts {
    /// The sensor.
    pub(crate) sensor: Option<String>,
    /// What their names begin with.
    pub(crate) part: Option<String>,
    /// Where the page begins.
    pub(crate) after: Option<String>,
    /// What was done just now.
    pub(crate) done: Option<String>,
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(parts): Query<Parts>,
) -> Result<Response, Refusal> {
    let record = console.store.asset(&id).await?.ok_or_else(Refusal::not_found)?;
    let form = Form::of(&record);
    show(&console, &caller, &record, &parts, &form, None, StatusCode::OK).await
}

/// The page, with what the form holds and what was wrong with it.
pub(crate) async fn show(
    console: &Console,
    caller: &Caller,
    record: &AssetRecord,
    parts: &Parts,
    form: &Form,
    wrong: Option<&Message>,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let asset = &record.row.asset;
    let services = console.store.services().await?;
    let changes = console.store.asset_changes(&asset.id).await?;
    let ask = Ask { asset: Some(asset.id.clone()), single: true, ..Ask::default() };
    let paging = Paging { after: None, limit: FIRST_FINDINGS };
    let found = console.store.queue(&ask.filter(console.today()), &paging, false).await?;
    let neighbours = console.store.neighbours(asset).await?;
    let components = asset_parts::components(console, caller, record, parts).await?;
    let crumbs = [("/assets", caller.text("nav-assets"))];
    let may_edit = caller.may_on(Right::EditAssets, asset.service.as_deref());
    let head = html! {
        (say::crumbs(caller, &crumbs, &say::clean(&asset.name)))
        div .line {
            h1 { (say::clean(&asset.name)) }
            span .tag { (kind_name(caller.lang, asset.kind)) }
            @if asset.is_ai { span .tag.ai { (caller.text("assets-ai")) } }
        }
    };
    let body = html! {
        @if parts.done.is_some() { p .note.good role="status" { (caller.text("asset-stored")) } }
        div .stack {
        div .grid.wide {
            section .panel { h2 { (caller.text("asset-facts")) } (facts(console, caller, record, &services, &changes)) }
            section .panel { h2 { (caller.text("asset-sensors")) } (looks(console, caller, record)) }
        }
        section { h2 { (caller.text("asset-findings")) } (findings(console, caller, record, &ask, &found)) }
        section { h2 { (caller.text("asset-around")) } (asset_parts::around(caller, asset, &neighbours)) }
        section #components { h2 { (caller.text("asset-components")) } (components) }
        @if may_edit {
            section .panel #edit { h2 { (caller.text("asset-edit")) } (asset_edit::form(caller, record, form, &services, wrong)) }
        }
        section { h2 { (caller.text("asset-history")) } (history(console, caller, &changes)) }
        }
    };
    Ok((status, layout::page_with_head(caller, &say::clean(&asset.name), &head, &body)).into_response())
}

fn facts(
    console: &Console,
    caller: &Caller,
    record: &AssetRecord,
    services: &[BusinessService],
    changes: &[AssetChange],
) -> Markup {
    let (asset, edits) = (&record.row.asset, &record.edits);
    let [exposure, impact] = say::asset_values(caller, asset);
    let said = |is: bool, field: &str| who_says(console, caller, record, changes, is, field);
    let list = |list: &[String], none: &str| {
        let names: Vec<String> = list.iter().map(|one| say::clean(one)).collect();
        if names.is_empty() {
            html! { span .quiet { (caller.text(none)) } }
        } else {
            html! { (names.join(&caller.text("assets-comma"))) }
        }
    };
    html! {
        dl .facts {
            dt { (caller.text("assets-owner")) }
            dd { (say::owner(caller, asset.owner.as_deref())) (said(edits.owner.is_some(), "owner")) }
            dt { (caller.text("assets-service")) }
            dd {
                @match &asset.service {
                    Some(service) => { (say::service_name(caller.lang, services, service)) }
                    None => span .quiet { (caller.text("assets-no-service")) }
                }
                (said(edits.service.is_some(), "service"))
            }
            dt { (exposure.0) } dd { (exposure.1) (said(edits.exposure.is_some(), "exposure")) }
            dt { (impact.0) } dd { (impact.1) (said(edits.mission_impact.is_some(), "mission_impact")) }
            dt { (caller.text("assets-data")) }
            dd { (list(&asset.data_classes, "asset-nothing-said")) @if edits.data_classes.is_some() || !asset.data_classes.is_empty() { (said(edits.data_classes.is_some(), "data_classes")) } }
            dt { (caller.text("assets-ai")) }
            dd { (caller.text(if asset.is_ai { "asset-yes" } else { "asset-no" })) (said(edits.is_ai.is_some(), "is_ai")) }
            dt { (caller.text("assets-depends-on")) }
            dd { (list(&asset.depends_on, "asset-nothing-said")) @if edits.depends_on.is_some() || !asset.depends_on.is_empty() { (said(edits.depends_on.is_some(), "depends_on")) } }
            dt { (caller.text("assets-id")) } dd { code { (asset.id) } }
        }
    }
}

/// Who says a fact: the person who said it last, or where the sensor read it.
fn who_says(
    console: &Console,
    caller: &Caller,
    record: &AssetRecord,
    changes: &[AssetChange],
    by_people: bool,
    field: &str,
) -> Markup {
    let last = changes.iter().rev().find(|change| change.field == field).filter(|_| by_people);
    html! {
        " " span .quiet.small {
            @match last {
                Some(change) => {
                    (caller.say(&Message::new("asset-said-by").with("name", say::clean(&change.by))))
                    " " (say::moment(console, change.at))
                }
                None if by_people => (caller.text("asset-said-by-people")),
                None if record.said_in.is_empty() => (caller.text("asset-said-by-sensor")),
                None => (caller.say(&Message::new("asset-said-in").with("place", say::clean(&record.said_in)))),
            }
        }
    }
}

fn looks(console: &Console, caller: &Caller, record: &AssetRecord) -> Markup {
    html! {
        @if record.looks.is_empty() { p .quiet { (caller.text("asset-no-sensor")) } } @else {
            dl .facts {
                @for look in &record.looks {
                    dt { (say::clean(&look.sensor)) }
                    dd {
                        (say::moment(console, look.seen_at)) " " span .quiet { (age(console, caller, look.seen_at)) }
                        div { (caller.say(&Message::new("asset-saw").with("components", say::number(look.components)))) }
                        (sources::problems(caller, look))
                    }
                }
            }
        }
    }
}

/// How long ago, in days.
fn age(console: &Console, caller: &Caller, at: jiff::Timestamp) -> String {
    let days = console.now().duration_since(at).as_hours() / 24;
    caller.say(&match days {
        ..1 => Message::new("asset-seen-today"),
        days => Message::new("asset-seen-ago").with("days", days),
    })
}

fn findings(console: &Console, caller: &Caller, record: &AssetRecord, ask: &Ask, found: &QueuePage) -> Markup {
    let id = &record.row.asset.id;
    html! {
        div .line {
            (open_counts(caller, id, &record.row.open))
            a href=(ask.url()) { (caller.text("asset-in-queue")) }
        }
        @if found.rows.is_empty() { div .empty { p { (caller.text("asset-no-findings")) } } } @else {
            div .scroll role="region" tabindex="0" aria-label=(caller.text("asset-findings")) {
                table .cards {
                    thead { tr {
                        @for head in ["asset-priority", "asset-what", "asset-title", "asset-due"] { th scope="col" { (caller.text(head)) } }
                    } }
                    tbody {
                        @for row in &found.rows {
                            tr {
                                td data-label=(caller.text("asset-priority")) { (say::priority(caller, row.priority)) }
                                th scope="row" { a href={ "/findings/" (row.finding.id) } { (say::label(&row.finding)) } }
                                td data-label=(caller.text("asset-title")) {
                                    (say::title(caller.lang, &row.finding)) " " (say::ai(caller, row.ai))
                                }
                                td data-label=(caller.text("asset-due")) { (say::due(caller, row.due, console.today())) }
                            }
                        }
                    }
                }
            }
            p .quiet {
                (caller.say(&Message::new("assets-shown").with("shown", found.rows.len()).with("total", say::total(found.total))))
            }
        }
    }
}

fn history(console: &Console, caller: &Caller, changes: &[AssetChange]) -> Markup {
    html! {
        @if changes.is_empty() { p .quiet { (caller.text("asset-no-history")) } } @else {
            ol .log {
                @for change in changes.iter().rev().take(SHOWN_CHANGES) {
                    li {
                        p {
                            strong { (field_name(caller, &change.field)) } ": "
                            (value_name(caller, &change.old)) " → " (value_name(caller, &change.new))
                        }
                        p .said { (say::clean_lines(&change.why)) }
                        p .when { (say::clean(&change.by)) " · " (say::moment(console, change.at)) }
                    }
                }
            }
        }
    }
}

fn field_name(caller: &Caller, field: &str) -> String {
    let id = match field {
        "owner" => "assets-owner",
        "service" => "assets-service",
        "exposure" => "fact-exposure",
        "mission_impact" => "fact-mission-impact",
        "data_classes" => "assets-data",
        "is_ai" => "assets-ai",
        "depends_on" => "assets-depends-on",
        _ => return say::clean(field),
    };
    caller.text(id)
}

/// A value of the history, which is kept as JSON, in words.
fn value_name(caller: &Caller, json: &str) -> String {
    use serde_json::Value;
    let word = |text: &str| say::clean(&yata_words::fact_value(caller.lang, text));
    match serde_json::from_str::<Value>(json) {
        Ok(Value::Bool(is)) => caller.text(if is { "asset-yes" } else { "asset-no" }),
        Ok(Value::String(text)) if !text.is_empty() => word(&text),
        Ok(Value::Array(list)) if !list.is_empty() => {
            let names: Vec<String> = list.iter().filter_map(Value::as_str).map(say::clean).collect();
            names.join(&caller.text("assets-comma"))
        }
        _ => caller.text("asset-nothing-said"),
    }
}
