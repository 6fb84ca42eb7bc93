//! Who works here: lists of people from other systems, and the assets of those who left.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Query, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderValue, Method, StatusCode, header};
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::Message;
use yata_store::{
    Act, AssetEdit, AssetItem, AssetOutcome, AssetRow, Doer, MAX_EDITED_ASSETS, Paging, StaffImported, StaffMember,
    StaffSource, StoreError, Total,
};

use super::asset_ask::{AssetAsk, Gap};
use super::say;
use super::table::cards;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::form::{PostedPairs, encoded, same};
use crate::layout;
use crate::multipart;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::staff_file::{MAX_LIST_BYTES, Problems, parse};
use crate::state::Console;

/// Assets on one page.
const PAGE_ROWS: u32 = 100;

/// The largest form that hands assets over.
const MAX_HAND_OVER_BYTES: usize = 2 * 1024 * 1024;

pub(crate) fn routes(routes: Routes) -> Routes {
    let need = Need::Right(Right::ManagePeople);
    routes
        .add(Method::GET, "/assets/staff", need, get(page))
        .add(Method::POST, "/assets/staff", need, post(import).layer(DefaultBodyLimit::max(MAX_LIST_BYTES)))
        .add(
            Method::POST,
            "/assets/staff/hand-over",
            need,
            post(hand_over).layer(DefaultBodyLimit::max(MAX_HAND_OVER_BYTES)),
        )
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Ask {
    after: Option<String>,
    /// How many people were imported just now.
    imported: Option<u64>,
    /// How many accounts of those who left were blocked by it, and tokens revoked.
    #[serde(default)]
    blocked: u64,
    #[serde(default)]
    revoked: u64,
    /// Whether the last administrator left, whose account stays open.
    #[serde(default)]
    kept: u64,
}

/// What was wrong with what was sent.
enum Wrong {
    /// Lines of a list.
    List(Problems),
    /// Something else.
    Said(Message),
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Refusal> {
    show(&console, &caller, &ask, None).await
}

async fn show(console: &Console, caller: &Caller, ask: &Ask, wrong: Option<&Wrong>) -> Result<Response, Refusal> {
    let sources = console.store.staff_sources().await?;
    let filter = AssetAsk::of_gap(Gap::Orphaned).filter(console.now());
    let found = console.store.assets_page(&filter, &Paging { after: ask.after.clone(), limit: PAGE_ROWS }).await?;
    let all = Total { rows: console.store.count_assets(&filter).await?, is_exact: true };
    let title = caller.text("assets-staff-title");
    let head = html! {
        (say::crumbs(caller, &[("/assets", caller.text("nav-assets"))], &title))
        h1 { (title) }
    };
    let next = found.next.as_ref().map(|next| format!("/assets/staff?after={}", encoded(next)));
    let first = ask.after.is_some().then_some("/assets/staff");
    let body = html! {
        p .lead { (caller.text("assets-staff-lead")) }
        @if let Some(people) = ask.imported {
            div .note.good role="status" {
                p { (caller.say(&Message::new("assets-staff-imported").with("people", say::number(people)))) }
                @if ask.blocked > 0 {
                    p {
                        (caller.say(&Message::new("assets-staff-blocked").with("accounts", say::number(ask.blocked)).with("tokens", say::number(ask.revoked))))
                        " " a href="/people" { (caller.text("people-title")) }
                    }
                }
            }
            @if ask.kept > 0 { p .note.warn role="alert" { (caller.text("assets-staff-kept")) } }
        }
        @match wrong {
            Some(Wrong::List(problems)) => (said_problems(caller, problems)),
            Some(Wrong::Said(message)) => { p .note.bad role="alert" { (caller.say(message)) } },
            None => {},
        }
        section { h2 { (caller.text("assets-staff-sources")) } (sources_table(console, caller, &sources)) }
        section .panel { h2 { (caller.text("assets-staff-import")) } (import_form(caller)) }
        section #orphaned {
            h2 { (caller.text("assets-staff-orphaned")) @if !sources.is_empty() { " (" (say::total(all)) ")" } }
            @if sources.is_empty() { div .empty { p { (caller.text("assets-staff-unknown")) } } }
            @else if found.items.is_empty() { div .empty { p { (caller.text("assets-staff-none-orphaned")) } } }
            @else {
                (hand_over_form(caller, &found.items))
                (say::pager(caller, found.items.len(), all, first, next.as_deref()))
            }
        }
    };
    let status = if wrong.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, layout::page_with_head(caller, &title, &head, &body)).into_response())
}

fn said_problems(caller: &Caller, problems: &Problems) -> Markup {
    html! {
        div .note.bad role="alert" {
            p { strong { (caller.text("assets-staff-nothing-changed")) } }
            ul {
                @for (line, message) in &problems.first {
                    li {
                        @if *line > 0 { (caller.say(&Message::new("assets-staff-line").with("line", *line))) " " }
                        (say::say(caller, message))
                    }
                }
                @if problems.all > problems.first.len() { li { "+" (say::number((problems.all - problems.first.len()) as u64)) } }
            }
        }
    }
}

fn sources_table(console: &Console, caller: &Caller, sources: &[StaffSource]) -> Markup {
    if sources.is_empty() {
        return html! { div .empty { p { (caller.text("assets-staff-no-sources")) } } };
    }
    let columns = [
        ("assets-staff-source", false),
        ("assets-staff-people", true),
        ("assets-staff-active-people", true),
        ("assets-staff-at", false),
    ];
    let row = |source: &StaffSource| {
        [
            html! { (say::clean(&source.source)) },
            html! { (say::number(source.people)) },
            html! { (say::number(source.active)) },
            say::moment(console, source.imported_at),
        ]
    };
    cards(caller, &caller.text("assets-staff-sources"), columns, sources.iter().map(row))
}

fn import_form(caller: &Caller) -> Markup {
    html! {
        p { (caller.text("assets-staff-formats")) }
        form method="post" action="/assets/staff" enctype="multipart/form-data" {
            (layout::csrf(caller))
            div .fields {
                div .field {
                    label for="source" { (caller.text("assets-staff-source")) }
                    p .hint #source-hint { (caller.text("assets-staff-source-hint")) }
                    input #source type="text" name="source" required maxlength="200" aria-describedby="source-hint";
                }
                div .field {
                    label for="file" { (caller.text("assets-staff-file")) }
                    input #file type="file" name="file" accept=".csv,.json,text/csv,application/json";
                }
            }
            div .field {
                label for="text" { (caller.text("assets-staff-paste")) }
                textarea #text name="text" rows="5" placeholder="id,name,email,team,active" {}
            }
            button .primary type="submit" { (caller.text("assets-staff-import-do")) }
        }
    }
}

fn hand_over_form(caller: &Caller, rows: &[AssetRow]) -> Markup {
    html! {
        form method="post" action="/assets/staff/hand-over" {
            (layout::csrf(caller))
            div .scroll role="region" tabindex="0" aria-label=(caller.text("assets-staff-orphaned")) {
                table .cards {
                    thead { tr {
                        th scope="col" { span .unseen { (caller.text("assets-staff-pick")) } }
                        @for head in ["assets-name", "assets-owner", "assets-service"] { th scope="col" { (caller.text(head)) } }
                        th .num scope="col" { (caller.text("assets-open")) }
                    } }
                    tbody {
                        @for row in rows {
                            @let asset = &row.asset;
                            @let owner = asset.owner.as_deref().unwrap_or_default();
                            tr {
                                td { label .pick {
                                    input type="checkbox" name="item" value={ (asset.id) " " (owner) } aria-label=(say::clean(&asset.name));
                                } }
                                th scope="row" { (say::asset_link(&asset.id, &asset.name)) }
                                td data-label=(caller.text("assets-owner")) { (say::clean(owner)) }
                                td data-label=(caller.text("assets-service")) { (say::clean(asset.service.as_deref().unwrap_or("–"))) }
                                td .num data-label=(caller.text("assets-open")) { (say::number(row.open.sum())) }
                            }
                        }
                    }
                }
            }
            div .fields {
                div .field {
                    label for="owner" { (caller.text("assets-staff-new-owner")) }
                    input #owner type="text" name="owner" required maxlength="200";
                }
                div .field {
                    label for="why" { (caller.text("asset-why")) }
                    input #why type="text" name="why" required maxlength="2000";
                }
                div .field.short { button .primary type="submit" { (caller.text("assets-staff-hand-over")) } }
            }
        }
    }
}

async fn import(State(console): State<Arc<Console>>, caller: Caller, request: Request) -> Result<Response, Refusal> {
    let given = read_form(&caller, request).await?;
    let people = match given.people {
        Ok(people) => people,
        Err(problems) => return show(&console, &caller, &Ask::default(), Some(&Wrong::List(problems))).await,
    };
    let source = given.source.trim();
    let act = Act::new("people.imported", &caller.actor()).on("staff", source, source);
    match console.store.import_staff(source, &people, &act, console.now()).await {
        Ok(done) => {
            let StaffImported { people, blocked, revoked, kept, .. } = done;
            let counts = format!("imported={people}&blocked={blocked}&revoked={revoked}&kept={kept}");
            Ok(Redirect::to(&format!("/assets/staff?{counts}")).into_response())
        }
        Err(StoreError::NoName | StoreError::TooLong { .. }) => {
            let wrong = Wrong::Said(Message::new("assets-staff-no-source"));
            show(&console, &caller, &Ask::default(), Some(&wrong)).await
        }
        Err(error) => Err(error.into()),
    }
}

struct Given {
    source: String,
    people: Result<Vec<StaffMember>, Problems>,
}

/// The form, with a file or without; a file goes before what was pasted.
async fn read_form(caller: &Caller, request: Request) -> Result<Given, Refusal> {
    let headers = request.headers().clone();
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let fields = if kind.starts_with(b"multipart/form-data") {
        let body = Bytes::from_request(request, &()).await.map_err(|error| bad_form(&error.body_text()))?;
        let fields = multipart::fields(&headers, &body).ok_or_else(|| bad_form("multipart/form-data"))?;
        let csrf =
            fields.iter().find(|(name, _)| name == "csrf").and_then(|(_, value)| std::str::from_utf8(value).ok());
        if caller.csrf.is_empty() || !csrf.is_some_and(|csrf| same(csrf, &caller.csrf)) {
            return Err(Refusal::cross_site());
        }
        fields
    } else {
        let PostedPairs(pairs) = PostedPairs::from_request(request, &()).await?;
        pairs.into_iter().map(|(name, value)| (name, Bytes::from(value))).collect()
    };
    let read = move || {
        let find = |name: &str| fields.iter().find(|(one, _)| one == name);
        let field = |name: &str| find(name).map(|(_, value)| value.as_ref()).unwrap_or_default();
        let list = if field("file").is_empty() { field("text") } else { field("file") };
        Given { source: String::from_utf8_lossy(field("source")).into_owned(), people: parse(list) }
    };
    tokio::task::spawn_blocking(read).await.map_err(|_| Refusal::internal())
}

fn bad_form(error: &str) -> Refusal {
    Refusal::bad_request(Message::new("refusal-form").with("error", error))
}

async fn hand_over(
    State(console): State<Arc<Console>>,
    caller: Caller,
    PostedPairs(pairs): PostedPairs,
) -> Result<Response, Refusal> {
    let field = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim());
    let chosen: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|(name, _)| name == "item")
        .map(|(_, value)| value.split_once(' ').unwrap_or((value, "")))
        .collect();
    let (owner, why) = (field("owner"), field("why"));
    let wrong = match chosen.len() {
        0 => Some(Message::new("assets-staff-none-picked")),
        given if given > MAX_EDITED_ASSETS => {
            Some(Message::new("assets-staff-too-many").with("limit", MAX_EDITED_ASSETS))
        }
        _ if owner.is_empty() || why.is_empty() => Some(Message::new("assets-staff-incomplete")),
        _ => None,
    };
    if let Some(wrong) = wrong {
        return show(&console, &caller, &Ask::default(), Some(&Wrong::Said(wrong))).await;
    }
    let (mut items, mut names) = (Vec::new(), Vec::new());
    for (id, old) in &chosen {
        let record = console.store.asset(id).await?;
        // Who has another owner by now is not touched: no version is ever empty.
        let seen = record.as_ref().map(|record| {
            let same_owner = record.row.asset.owner.as_deref() == Some(*old);
            if same_owner { record.version() } else { String::new() }
        });
        names.push(record.map_or_else(|| (*id).to_owned(), |record| record.row.asset.name));
        items.push(AssetItem { id: (*id).to_owned(), seen });
    }
    let actor = caller.actor();
    let may = |service: Option<&str>| caller.may_on(Right::EditAssets, service);
    let doer = Doer { by: &actor, why, may: &may, now: console.now(), today: console.today() };
    let edit = AssetEdit { owner: Some(Some(owner.to_owned())), ..AssetEdit::default() };
    let outcomes = console.store.edit_assets(&items, &edit, &doer).await?;
    let done = outcomes.iter().filter(|outcome| **outcome == AssetOutcome::Done).count();
    let said = Message::new("assets-staff-handed")
        .with("done", done)
        .with("all", items.len())
        .with("owner", say::clean(owner));
    let title = caller.text("assets-staff-hand-over");
    let body = html! {
        p.note.(if done == items.len() { "good" } else { "warn" }) role="status" { (caller.say(&said)) }
        table .cards {
            thead { tr { th scope="col" { (caller.text("assets-name")) } th scope="col" { (caller.text("assets-staff-outcome")) } } }
            tbody {
                @for ((item, name), outcome) in items.iter().zip(&names).zip(&outcomes) {
                    tr { th scope="row" { (say::asset_link(&item.id, name)) } td { (outcome_tag(&caller, *outcome)) } }
                }
            }
        }
        p { a .button href="/assets/staff" { (caller.text("assets-staff-title")) } }
    };
    Ok(layout::page(&caller, &title, &body))
}

fn outcome_tag(caller: &Caller, outcome: AssetOutcome) -> Markup {
    let (class, id) = match outcome {
        AssetOutcome::Done => ("good", "assets-outcome-done"),
        AssetOutcome::Same => ("", "assets-outcome-same"),
        AssetOutcome::Unknown => ("bad", "assets-outcome-unknown"),
        AssetOutcome::NotAllowed => ("bad", "assets-outcome-not-allowed"),
        AssetOutcome::Changed => ("warn", "assets-outcome-changed"),
    };
    html! { span.tag.(class) { (caller.text(id)) } }
}
