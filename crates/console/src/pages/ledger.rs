//! The ledger: who did what, and whether anybody rewrote it. Also its public form for programs (C2SP tlog-tiles).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{Method, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use yata_ledger::Resource;
use yata_ledger::entry::Entry;
use yata_model::Message;
use yata_store::{LedgerFilter, LedgerHead, LedgerPage, LedgerReport, LedgerRow};

use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::form::{NoFields, Posted, encoded};
use crate::layout;
use crate::pages::say::{self, clean};
use crate::pages::table::cards;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Entries of one page.
const PAGE_ROWS: u32 = 50;

/// Most findings of a verification that the page lists.
const MAX_LISTED: usize = 100;

/// What begins the words of acts that can be chosen.
const KINDS: [&str; 8] = ["session.", "person.", "token.", "snapshot.", "finding.", "asset.", "rules.", "backup."];

pub(crate) fn routes(routes: Routes) -> Routes {
    let need = Need::Right(Right::Read);
    routes
        .add(Method::GET, "/ledger", need, get(list))
        .add(Method::POST, "/ledger/verify", need, post(verify))
        .add(Method::GET, "/ledger/entries/{seq}", need, get(entry))
        .add(Method::GET, "/ledger/entries/{seq}/proof", need, get(proof))
        .add(Method::GET, "/ledger/checkpoint", need, get(checkpoint))
        .add(Method::GET, "/ledger/tile/{*path}", need, get(tile))
}

/// What the list is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
struct Ask {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    thing: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    before: String,
}

impl Ask {
    fn filter(&self) -> LedgerFilter {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        LedgerFilter {
            actor: text(&self.actor),
            resource: text(&self.thing),
            what: text(&self.kind),
            from: None,
            before: self.before.parse().ok(),
        }
    }

    fn older(&self, before: u64) -> String {
        let (actor, thing, kind) = (encoded(&self.actor), encoded(&self.thing), encoded(&self.kind));
        format!("/ledger?actor={actor}&thing={thing}&kind={kind}&before={before}")
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Refusal> {
    let page = console.store.ledger_entries(&ask.filter(), PAGE_ROWS).await?;
    let head = console.store.ledger_head().await?;
    let body = html! {
        p .lead { (caller.text("ledger-page-lead")) }
        (standing(&console, &caller, head.as_ref()))
        (search(&caller, &ask))
        (table(&console, &caller, &page))
        nav .pager aria-label=(caller.text("ledger-page-pages")) {
            @if !ask.before.is_empty() { a .button.slim href="/ledger" { (caller.text("ledger-page-newest")) } }
            @if let Some(next) = page.next { a .button.slim rel="next" href=(ask.older(next)) { (caller.text("ledger-page-older")) } }
        }
    };
    Ok(layout::page(&caller, &caller.text("nav-ledger"), &body))
}

/// Where the log stands, and the button that verifies it.
fn standing(console: &Console, caller: &Caller, head: Option<&LedgerHead>) -> Markup {
    html! {
        div .bar {
            @match head {
                Some(head) => {
                    p role="status" {
                        (caller.say(&Message::new("ledger-page-size").with("entries", number(head.size))
                            .with("pending", number(head.pending))))
                        " " span .quiet { (caller.text("ledger-page-signed")) " " (say::moment(console, head.signed_at)) }
                    }
                }
                None => p role="status" { (caller.text("ledger-page-none")) },
            }
            form .push method="post" action="/ledger/verify" {
                (layout::csrf(caller))
                button type="submit" { (caller.text("ledger-page-verify")) }
            }
            a .button.slim href="/ledger/checkpoint" download="ledger.checkpoint" { (caller.text("ledger-page-checkpoint")) }
        }
    }
}

fn search(caller: &Caller, ask: &Ask) -> Markup {
    html! {
        form .bar method="get" action="/ledger" role="search" {
            label { (caller.text("ledger-page-actor")) " " input type="search" name="actor" maxlength="200" value=(ask.actor); }
            label { (caller.text("ledger-page-thing")) " " input type="search" name="thing" maxlength="200" value=(ask.thing); }
            label {
                (caller.text("ledger-page-kind")) " "
                select name="kind" {
                    option value="" { (caller.text("ledger-page-all")) }
                    @for kind in KINDS { option value=(kind) selected[ask.kind == kind] { (kind.trim_end_matches('.')) } }
                }
            }
            button type="submit" { (caller.text("ledger-page-search")) }
        }
    }
}

fn table(console: &Console, caller: &Caller, page: &LedgerPage) -> Markup {
    if page.rows.is_empty() {
        return html! { p .quiet { (caller.text("ledger-page-nothing")) } };
    }
    let columns = [
        ("ledger-page-entry", false),
        ("ledger-page-time", false),
        ("ledger-page-actor", false),
        ("ledger-page-what", false),
        ("ledger-page-thing", false),
        ("ledger-page-why", false),
    ];
    let row = |row: &LedgerRow| {
        let place = html! { a href={ "/ledger/entries/" (row.seq) } { (row.seq) } };
        let nothing = || html! {};
        let Some(entry) = &row.entry else {
            let unreadable = html! { (caller.text("ledger-page-unreadable")) };
            return [place, nothing(), nothing(), unreadable, nothing(), nothing()];
        };
        [
            place,
            time(console, entry),
            html! { span .whole { (clean(&entry.actor.user.name)) } },
            html! { (what(caller, entry)) },
            html! { @for thing in things(entry) { div { (thing) } } },
            html! { (clean(entry.unmapped.why.as_deref().unwrap_or_default())) },
        ]
    };
    cards(caller, &caller.text("nav-ledger"), columns, page.rows.iter().map(row))
}

fn time(console: &Console, entry: &Entry) -> Markup {
    html! { @if let Ok(at) = Timestamp::from_millisecond(entry.time) { (say::moment(console, at)) } }
}

/// What was done, in words where there are some.
fn what(caller: &Caller, entry: &Entry) -> String {
    let word = entry.activity_name.as_deref().unwrap_or_default();
    let is_known = entry.message.starts_with("audit-") && entry.message != "audit-other";
    clean(&if is_known { caller.text(&entry.message) } else { word.to_owned() })
}

fn things(entry: &Entry) -> Vec<String> {
    let user = entry.user.iter().map(|user| clean(&user.name));
    let things = entry.entity.iter().chain(&entry.resources).map(|thing| {
        let name = if thing.name.is_empty() { &thing.uid } else { &thing.name };
        format!("{} {}", clean(&thing.kind), clean(name))
    });
    user.chain(things).collect()
}

async fn entry(State(console): State<Arc<Console>>, caller: Caller, Path(seq): Path<u64>) -> Result<Response, Refusal> {
    let row = console.store.ledger_entry(seq).await?.ok_or_else(Refusal::not_found)?;
    let pretty = serde_json::from_str::<serde_json::Value>(&row.body)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| row.body.clone());
    let pretty: String = pretty.lines().map(|line| clean(line) + "\n").collect();
    let body = html! {
        @if let Some(entry) = &row.entry {
            dl .facts {
                dt { (caller.text("ledger-page-time")) } dd { (time(&console, entry)) }
                dt { (caller.text("ledger-page-actor")) } dd { (clean(&entry.actor.user.name)) }
                dt { (caller.text("ledger-page-what")) } dd { (what(&caller, entry)) }
                dt { (caller.text("ledger-page-thing")) } dd { @for thing in things(entry) { div { (thing) } } }
                @if let Some(why) = &entry.unmapped.why { dt { (caller.text("ledger-page-why")) } dd { (clean(why)) } }
            }
        }
        p {
            a .button href={ "/ledger/entries/" (seq) "/proof" } download={ "entry-" (seq) ".tlog-proof" } { (caller.text("ledger-page-proof")) }
        }
        p .hint { (caller.text("ledger-page-proof-hint")) }
        pre tabindex="0" { (pretty) }
        p { a href="/ledger" { (caller.text("nav-ledger")) } }
    };
    let title = caller.say(&Message::new("ledger-page-entry-title").with("index", number(seq)));
    Ok(layout::page(&caller, &title, &body))
}

async fn proof(State(console): State<Arc<Console>>, Path(seq): Path<u64>) -> Result<Response, Refusal> {
    let proof = console.store.ledger_proof(seq).await?.ok_or_else(Refusal::not_found)?;
    let name = format!("attachment; filename=\"entry-{seq}.tlog-proof\"");
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, proof.to_string()).into_response())
}

async fn checkpoint(State(console): State<Arc<Console>>) -> Result<Response, Refusal> {
    public(&console, "checkpoint", "text/plain; charset=utf-8", "no-cache").await
}

async fn tile(State(console): State<Arc<Console>>, Path(path): Path<String>) -> Result<Response, Refusal> {
    // A tile that is there never changes.
    let keep = "private, max-age=31536000, immutable";
    public(&console, &format!("tile/{path}"), "application/octet-stream", keep).await
}

async fn public(console: &Console, path: &str, kind: &'static str, keep: &'static str) -> Result<Response, Refusal> {
    let resource = Resource::parse(path).ok_or_else(Refusal::not_found)?;
    let bytes = console.store.ledger_resource(&resource).await?.ok_or_else(Refusal::not_found)?;
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, keep)], bytes).into_response())
}

async fn verify(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let Some(sealer) = &console.settings.ledger else { return Err(Refusal::not_found()) };
    // The whole log is read: one reader at a time is enough.
    let Ok(_turn) = sealer.verifying.try_lock() else {
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", Message::new("ledger-page-busy")));
    };
    let trust = sealer.trust().map_err(|error| {
        tracing::error!(%error, "the ledger cannot be verified");
        Refusal::internal()
    })?;
    let report = console.store.verify_ledger(&trust, &mut |_, _| {}).await?;
    let body = html! {
        (told(&caller, &report))
        p { a .button href="/ledger" { (caller.text("nav-ledger")) } }
    };
    Ok(layout::page(&caller, &caller.text("ledger-page-verified"), &body))
}

/// What a verification found.
fn told(caller: &Caller, report: &LedgerReport) -> Markup {
    let log = &report.report;
    if report.holds() {
        let message = Message::new("ledger-page-whole").with("entries", number(log.entries));
        return html! {
            p .note.good role="status" { (caller.say(&message.with("checkpoints", log.checkpoints.len()))) }
        };
    }
    let count = log.findings.len() as u64 + log.more + report.mislabelled.len() as u64;
    let mislabelled =
        report.mislabelled.iter().map(|seq| Message::new("ledger-page-mislabelled").with("index", number(*seq)));
    let messages: Vec<Message> =
        log.findings.iter().map(yata_ledger::Finding::message).chain(mislabelled).take(MAX_LISTED).collect();
    let rest = count.saturating_sub(messages.len() as u64);
    html! {
        div .note.bad role="alert" {
            p { (caller.say(&Message::new("ledger-page-broken").with("count", number(count)))) }
            ul { @for message in &messages { li { (clean(&caller.say(message))) } } }
            @if rest > 0 { p { (caller.say(&Message::new("ledger-page-more").with("count", number(rest)))) } }
        }
    }
}
