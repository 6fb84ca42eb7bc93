//! The register of assets: how much of it is known, and the assets by name.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderValue, Method, header};
use maud::{Markup, html};
use yata_model::{AssetKind, BusinessService, Message, Priority};
use yata_store::{Act, AssetRow, ByPriority, Coverage, Paging, Total};
use yata_words::{Lang, fact_value};

use super::ask::{Ask, word_of};
use super::asset_ask::{AssetAsk, Gap, KINDS, UNSEEN_DAYS, unseen_since};
use super::{say, sheet};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Rows of one page.
const PAGE_ROWS: u32 = 50;

/// Most rows of an export; what is beyond is said in its last row.
const MAX_EXPORT_ROWS: usize = 100_000;

/// Rows that an export reads at once.
const EXPORT_ROWS: u32 = 500;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/assets", Need::Right(Right::Read), get(page)).add(
        Method::GET,
        "/assets/export",
        Need::Right(Right::Export),
        get(export),
    )
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let ask = AssetAsk::parse(&pairs);
    let now = console.now();
    let filter = ask.filter(now);
    let coverage = console.store.coverage(unseen_since(now)).await?;
    let knows_staff = !console.store.staff_sources().await?.is_empty();
    let paging = Paging { after: ask.after.clone(), limit: PAGE_ROWS };
    let found = console.store.assets_page(&filter, &paging).await?;
    let all = console.store.count_assets(&filter).await?;
    let services = console.store.services().await?;
    let first = ask.after.is_some().then(|| ask.from(None).url());
    let next = found.next.map(|next| ask.from(Some(next)).url());
    let body = html! {
        div .stack {
            p .lead { (caller.text("assets-lead")) }
            (gaps(&caller, &ask, &coverage, knows_staff))
            @if !ask.unread.is_empty() {
                p .note.warn { (caller.text("assets-unread")) " " @for one in &ask.unread { code { (say::clean(one)) } " " } }
            }
            (filters(&caller, &ask, &services))
            @if found.items.is_empty() {
                div .empty {
                    p { (caller.text(if ask.is_narrow() { "assets-none-found" } else { "assets-none" })) }
                    @if ask.is_narrow() { p { a .button href="/assets" { (caller.text("assets-all")) } } }
                }
            } @else {
                (table(&console, &caller, &found.items, &services))
            }
            (say::pager(&caller, found.items.len(), Total { rows: all, is_exact: true }, first.as_deref(), next.as_deref()))
            div .buttons {
                @if caller.may(Right::Export) {
                    a .button href=(ask.from(None).at("/assets/export")) { (caller.text("assets-export")) }
                }
                @if caller.may(Right::ManagePeople) { a .button href="/assets/staff" { (caller.text("assets-staff-title")) } }
            }
        }
    };
    Ok(layout::page(&caller, &caller.text("nav-assets"), &body))
}

/// How much of the register is known: each number leads to its assets. Without a list of people nobody knows who has left.
fn gaps(caller: &Caller, ask: &AssetAsk, coverage: &Coverage, knows_staff: bool) -> Markup {
    let share = |count: u64| {
        let percent = if coverage.assets == 0 { 0 } else { count.saturating_mul(100).div_ceil(coverage.assets) };
        if count == 0 { String::new() } else { format!("{percent}%") }
    };
    let gap = |name: &str, count: u64, gap: Gap| {
        let href = AssetAsk::of_gap(gap).url();
        say::count(
            &caller.text(name),
            exactly(count),
            &share(count),
            &href,
            if ask.gap == Some(gap) { "here soon" } else { "soon" },
        )
    };
    let unseen = caller.say(&Message::new("assets-unseen").with("days", UNSEEN_DAYS));
    html! {
        ul .counts aria-label=(caller.text("assets-coverage")) {
            (say::count(&caller.text("assets-all"), exactly(coverage.assets), "", "/assets", ""))
            (gap("assets-no-owner", coverage.no_owner, Gap::Owner))
            (gap("assets-no-exposure", coverage.no_exposure, Gap::Exposure))
            (say::count(&unseen, exactly(coverage.unseen), &share(coverage.unseen), &AssetAsk::of_gap(Gap::Sensor).url(), "soon"))
            @if knows_staff { (gap("assets-orphaned", coverage.orphaned, Gap::Orphaned)) }
            @else { (say::unknown(caller, "assets-orphaned", &AssetAsk::of_gap(Gap::Orphaned).url())) }
        }
    }
}

fn exactly(rows: u64) -> Total {
    Total { rows, is_exact: true }
}

fn filters(caller: &Caller, ask: &AssetAsk, services: &[BusinessService]) -> Markup {
    let chosen_service = ask.service.as_deref().unwrap_or_default();
    let known = services.iter().any(|service| service.id == chosen_service);
    html! {
        form .panel method="get" action="/assets" role="search" aria-label=(caller.text("assets-filter")) {
            div .fields {
                div .field {
                    label for="name" { (caller.text("assets-name-begins")) }
                    input #name type="search" name="name" value=(ask.name.as_deref().unwrap_or_default()) maxlength="300";
                }
                div .field {
                    label for="service" { (caller.text("assets-service")) }
                    select #service name="service" {
                        option value="" { (caller.text("assets-any")) }
                        @for service in services {
                            option value=(service.id) selected[service.id == chosen_service] {
                                (say::service_name(caller.lang, services, &service.id))
                            }
                        }
                        @if !chosen_service.is_empty() && !known { option value=(chosen_service) selected { (say::clean(chosen_service)) } }
                    }
                }
                div .field {
                    label for="owner" { (caller.text("assets-owner")) }
                    input #owner type="text" name="owner" value=(ask.owner.as_deref().unwrap_or_default()) maxlength="300";
                }
                div .field.short {
                    label for="kind" { (caller.text("assets-kind")) }
                    select #kind name="kind" {
                        option value="" { (caller.text("assets-any")) }
                        @for kind in KINDS {
                            option value=(word_of(&kind)) selected[ask.kind == Some(kind)] { (kind_name(caller.lang, kind)) }
                        }
                    }
                }
                div .field.short { button .primary type="submit" { (caller.text("assets-filter-do")) } }
            }
            @if let Some(gap) = ask.gap {
                input type="hidden" name="gap" value=(ask.gap_word());
                p { span .chip.on { (gap_name(caller, gap)) " " a href=(ask.with_gap(None).url()) { (caller.text("assets-without-filter")) } } }
            }
        }
    }
}

fn gap_name(caller: &Caller, gap: Gap) -> String {
    match gap {
        Gap::Owner => caller.text("assets-no-owner"),
        Gap::Exposure => caller.text("assets-no-exposure"),
        Gap::Sensor => caller.say(&Message::new("assets-unseen").with("days", UNSEEN_DAYS)),
        Gap::Orphaned => caller.text("assets-orphaned"),
        Gap::Service => caller.text("assets-no-service"),
    }
}

/// The name of a kind of asset.
pub(crate) fn kind_name(lang: Lang, kind: AssetKind) -> String {
    let id = match kind {
        AssetKind::Repository => "assets-kind-repository",
        AssetKind::Host => "assets-kind-host",
        AssetKind::Sbom => "assets-kind-sbom",
        AssetKind::AiService => "assets-kind-ai-service",
        AssetKind::Agent => "assets-kind-agent",
        AssetKind::AiMadeApp => "assets-kind-ai-made-app",
        AssetKind::Model => "assets-kind-model",
        AssetKind::Data => "assets-kind-data",
    };
    yata_words::text(lang, id)
}

fn table(console: &Console, caller: &Caller, rows: &[AssetRow], services: &[BusinessService]) -> Markup {
    let label = caller.text("nav-assets");
    let text = |id: &str| caller.text(id);
    html! {
        div .scroll role="region" tabindex="0" aria-label=(label) {
            table .cards {
                thead { tr {
                    @for head in ["assets-name", "assets-kind", "assets-service", "assets-owner", "fact-exposure", "fact-mission-impact", "assets-open", "assets-seen"] {
                        th scope="col" { (text(head)) }
                    }
                } }
                tbody {
                    @for row in rows {
                        @let asset = &row.asset;
                        @let [exposure, impact] = say::asset_values(caller, asset);
                        tr {
                            th scope="row" {
                                (say::asset_link(&asset.id, &asset.name))
                                @if asset.is_ai { " " span .tag.ai { (text("assets-ai")) } }
                            }
                            td data-label=(text("assets-kind")) { (kind_name(caller.lang, asset.kind)) }
                            td data-label=(text("assets-service")) {
                                @match &asset.service {
                                    Some(service) => { (say::service_name(caller.lang, services, service)) }
                                    None => span .quiet { (text("assets-no-service")) }
                                }
                            }
                            td data-label=(text("assets-owner")) { (say::owner(caller, asset.owner.as_deref())) }
                            td data-label=(exposure.0) { (exposure.1) }
                            td data-label=(impact.0) { (impact.1) }
                            td data-label=(text("assets-open")) { (open_counts(caller, &asset.id, &row.open)) }
                            td data-label=(text("assets-seen")) { (say::moment(console, row.seen_at)) }
                        }
                    }
                }
            }
        }
    }
}

/// Open findings of an asset by priority: each number leads to exactly its rows.
pub(crate) fn open_counts(caller: &Caller, id: &str, open: &ByPriority) -> Markup {
    html! {
        @if open.sum() == 0 { span .quiet { "0" } } @else {
            span .line {
                @for (priority, count) in by_priority(open) {
                    @if count > 0 {
                        @let ask = Ask { asset: Some(id.to_owned()), priorities: vec![priority], single: true, ..Ask::default() };
                        a .nowrap href=(ask.url()) {
                            span.tag.(say::priority_class(priority)) {
                                (say::priority_name(caller.lang, priority)) " " (say::number(count))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Counts with their priorities, the most urgent first.
pub(crate) fn by_priority(counts: &ByPriority) -> [(Priority, u64); 4] {
    [
        (Priority::Immediate, counts.immediate),
        (Priority::OutOfCycle, counts.out_of_cycle),
        (Priority::Scheduled, counts.scheduled),
        (Priority::Defer, counts.defer),
    ]
}

/// The columns of the export, by the ids of their names.
const COLUMNS: [&str; 13] = [
    "assets-name",
    "assets-kind",
    "assets-service",
    "assets-owner",
    "fact-exposure",
    "fact-mission-impact",
    "assets-data",
    "assets-ai",
    "assets-depends-on",
    "assets-open",
    "assets-open-immediate",
    "assets-seen",
    "assets-id",
];

async fn export(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let ask = AssetAsk::parse(&pairs);
    if !ask.unread.is_empty() {
        return Err(Refusal::bad_request(Message::new("assets-unread")));
    }
    let now = console.now();
    let filter = ask.filter(now);
    let names: Vec<String> = COLUMNS.iter().map(|id| caller.text(id)).collect();
    // A spreadsheet takes the file for UTF-8 only with the mark in front.
    let mut text = format!("\u{feff}{}", sheet::csv_row(&names));
    let mut written = 0;
    let mut paging = Paging { after: None, limit: EXPORT_ROWS };
    loop {
        let found = console.store.assets_page(&filter, &paging).await?;
        for row in found.items.iter().take(MAX_EXPORT_ROWS - written) {
            text.push_str(&sheet::csv_row(&cells(&caller, row)));
        }
        written += found.items.len().min(MAX_EXPORT_ROWS - written);
        paging.after = found.next;
        if paging.after.is_none() || written >= MAX_EXPORT_ROWS {
            break;
        }
    }
    if paging.after.is_some() {
        text.push_str(&sheet::csv_row(
            &[caller.say(&Message::new("assets-export-cut").with("limit", MAX_EXPORT_ROWS))],
        ));
    }
    let act = Act::new("export.made", &caller.actor())
        .on("list", "assets", "assets")
        .fact("query", ask.at("/assets"))
        .fact("rows", written.to_string());
    console.store.note_act(&act, now).await?;
    let day = console.today();
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"yata-assets-{day}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn cells(caller: &Caller, row: &AssetRow) -> Vec<String> {
    let asset = &row.asset;
    let text = |text: &Option<String>| say::clean(text.as_deref().unwrap_or_default());
    let value = |word: String| fact_value(caller.lang, &word);
    let list = |list: &[String]| list.iter().map(|one| say::clean(one)).collect::<Vec<_>>().join("; ");
    vec![
        say::clean(&asset.name),
        kind_name(caller.lang, asset.kind),
        text(&asset.service),
        text(&asset.owner),
        value(word_of(&asset.exposure)),
        value(word_of(&asset.mission_impact)),
        list(&asset.data_classes),
        value(if asset.is_ai { "yes" } else { "no" }.to_owned()),
        list(&asset.depends_on),
        row.open.sum().to_string(),
        row.open.immediate.to_string(),
        row.seen_at.to_string(),
        asset.id.clone(),
    ]
}
