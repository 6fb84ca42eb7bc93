//! `PUT /api/v1/assets/{asset_id}/snapshots`: what a sensor saw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use yata_model::{FindingState, Message, Report};
use yata_store::{FindingStatus, Ingested, Paging, QueueFilter, Sighted};

use super::Api;
use super::ask::{Ids, Values, content_type};
use super::describe::{Operation, Parameter};
use super::intake::{Encoding, MAX_SENT_BYTES, inflate};
use super::wire::pushed::{Change, Pushed, PushedFinding};
use super::wire::report::read_report;
use crate::access::{Need, Right};
use crate::caller::{Caller, Who};
use crate::problem::Refusal;
use crate::state::Console;

/// How much earlier than the last one a report may claim to be: clocks differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// The most findings of an answer whose priority and last day are looked up.
const MAX_RANKED: usize = 10_000;
/// The most settled findings of an answer that say who settled them.
const MAX_SETTLED: usize = 1_000;

pub(super) fn routes(api: Api) -> Api {
    let path = "/api/v1/assets/{asset_id}/snapshots";
    let push = |book: &mut _| {
        Operation::new(Method::PUT, path, Need::Right(Right::PushSnapshots), "pushReport", "Store what a sensor saw of an asset")
            .docs(
                "Replaces what the same parts of the sensor reported of the asset before: what is new opens, what is \
                 gone closes as fixed, the rest keeps its history. The same body again changes nothing but the time. \
                 The body may be compressed (`Content-Encoding: gzip`): 16 MiB as it is sent, 256 MiB inflated; what is \
                 larger is sent in parts (`startUpload`). The token must be allowed to speak of the asset, by its name.",
            )
            .queries(parameters())
            .takes::<super::wire::report::Report>(book, example())
            .answers::<Pushed>(book, 200, "What it changed.")
            .problems(&[409])
    };
    api.add(push, put(store))
}

/// The query parameters.
pub(super) fn parameters() -> Vec<Parameter> {
    let parameter = |name, docs, schema| Parameter { name, docs, schema, repeats: false };
    vec![
        parameter(
            "at",
            "When the sensor looked; now, if it is absent. What is later than now counts as now.",
            json!({ "type": "string", "format": "date-time" }),
        ),
        parameter(
            "if_known",
            "Store it only if the asset is known; else the answer is 404 with the type `/problems/unknown-asset`.",
            json!({ "type": "boolean" }),
        ),
    ]
}

fn example() -> Value {
    json!({
        "asset": { "kind": "repository", "name": "shop", "exposure": "internet" },
        "looks": [{
            "sensor": "assess",
            "components": [{
                "purl": "pkg:npm/minimist@1.2.5", "ecosystem": "npm", "name": "minimist", "version": "1.2.5",
                "occurrences": [{ "file": "package-lock.json", "line": 12, "scope": "runtime" }],
            }],
            "findings": [],
        }],
    })
}

async fn store(
    State(console): State<Arc<Console>>,
    caller: Caller,
    ids: Ids,
    values: Values,
    request: Request,
) -> Result<Response, Refusal> {
    content_type(request.headers(), "application/json")?;
    let encoding = Encoding::of(request.headers())?;
    let how = How::of(&values)?;
    let (parts, body) = request.into_parts();
    let (body, share) = console.intake.collect(&parts.headers, body, MAX_SENT_BYTES).await?;
    let sent = Sent { asset_id: ids.at(0).to_owned(), how, encoding, body };
    let answer = take(&console, &caller, sent).await;
    drop(share);
    answer
}

/// How a report is to be stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// When the sensor looked.
    at: Option<Timestamp>,
    /// Only if the asset is known.
    if_known: bool,
}

impl How {
    pub(super) fn of(values: &Values) -> Result<How, Refusal> {
        let at = values.parsed("at", "is no time such as 2026-11-22T09:00:00Z")?;
        let if_known = values.parsed("if_known", "is neither `true` nor `false`")?.unwrap_or_default();
        Ok(How { at, if_known })
    }
}

/// A report as it arrived.
pub(super) struct Sent {
    pub(super) asset_id: String,
    pub(super) how: How,
    pub(super) encoding: Encoding,
    pub(super) body: Bytes,
}

/// Stores a report that has arrived whole.
pub(super) async fn take(console: &Arc<Console>, caller: &Caller, sent: Sent) -> Result<Response, Refusal> {
    let Sent { asset_id, how, encoding, body } = sent;
    let at = moment(console, &asset_id, how).await?;
    let digest = digest(encoding, &body);
    if let Some(answer) = again(console, caller, &asset_id, &digest, at).await? {
        return Ok(Json(answer).into_response());
    }
    let intake = console.intake.clone();
    let read = move || inflate(&intake, encoding, &body, |reader| Ok(read_report(reader, at)?));
    let report = console.intake.work(read).await??;
    let Some(asset) = report.snapshots.first().map(|snapshot| &snapshot.asset) else { return Err(Refusal::internal()) };
    allowed(caller, &asset.name)?;
    if asset.id != asset_id {
        let message = Message::new("api-asset-path").with("path", asset_id).with("body", asset.id.as_str());
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-asset", message));
    }
    let ingested = console.store.ingest_report(&report, console.today()).await?;
    // What was not checked is known of the report alone: without it, it is read again.
    if ingested.iter().all(|one| one.unchecked.is_empty()) {
        console.store.remember_report(&asset_id, &digest, at).await?;
    }
    let answer = changed(console, &asset_id, at, &report, ingested).await?;
    Ok(Json(answer).into_response())
}

fn digest(encoding: Encoding, body: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update([u8::from(encoding == Encoding::Gzip)]);
    hasher.update(body);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the token may speak of an asset of that name.
pub(super) fn allowed(caller: &Caller, name: &str) -> Result<(), Refusal> {
    let Who::Token { assets, .. } = &caller.who else { return Err(Refusal::forbidden()) };
    let is_own = |own: &String| match own.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == own,
    };
    if assets.iter().any(is_own) {
        return Ok(());
    }
    let message = Message::new("api-foreign-asset").with("name", name);
    Err(Refusal::new(StatusCode::FORBIDDEN, "foreign-asset", message))
}

/// The time under which the report is stored: never later than now, never before the last one.
async fn moment(console: &Console, asset_id: &str, how: How) -> Result<Timestamp, Refusal> {
    let now = console.now();
    let at = how.at.unwrap_or(now).min(now);
    let Some(last) = console.store.last_run(&[asset_id.to_owned()]).await? else {
        if how.if_known {
            let message = Message::new("api-asset-unknown");
            return Err(Refusal::new(StatusCode::NOT_FOUND, "unknown-asset", message));
        }
        return Ok(at);
    };
    if at + CLOCK_TOLERANCE < last {
        let message = Message::new("api-older").with("at", at.to_string()).with("last", last.to_string());
        return Err(Refusal::new(StatusCode::CONFLICT, "older-than-stored", message));
    }
    Ok(at.max(last))
}

/// Where it is the report that came last: only its time is stored.
async fn again(
    console: &Console,
    caller: &Caller,
    asset_id: &str,
    digest: &str,
    at: Timestamp,
) -> Result<Option<Pushed>, Refusal> {
    let last = console.store.last_report(asset_id).await?;
    let Some(last) = last.filter(|last| last.digest == digest) else { return Ok(None) };
    allowed(caller, &last.asset_name)?;
    let Some(seen) = console.store.seen_again(asset_id, digest, at).await? else { return Ok(None) };
    let still = seen.findings.len() as u64;
    Ok(Some(Pushed {
        asset_id: asset_id.to_owned().into(),
        unchanged: true,
        at,
        previous: Some(seen.previous),
        opened: 0,
        still,
        closed: 0,
        unchecked: 0,
        findings: described(console, asset_id, seen.findings, &BTreeSet::new()).await?,
        closed_findings: Vec::new(),
        unchecked_findings: Vec::new(),
    }))
}

/// What it changed.
async fn changed(
    console: &Console,
    asset_id: &str,
    at: Timestamp,
    report: &Report,
    ingested: Vec<Ingested>,
) -> Result<Pushed, Refusal> {
    let previous = ingested.iter().filter_map(|one| one.previous).max();
    let mut opened = BTreeSet::new();
    let mut sighted: BTreeMap<String, Sighted> = BTreeMap::new();
    let (mut closed, mut unchecked) = (Vec::new(), Vec::new());
    for (snapshot, one) in report.snapshots.iter().zip(ingested) {
        opened.extend(one.opened.into_iter().map(|finding| finding.id));
        for (sent, finding) in snapshot.findings.iter().zip(one.findings) {
            let first_seen = finding.first_seen.unwrap_or(at);
            let one = Sighted { reported: sent.id.clone(), id: finding.id, state: finding.state, first_seen };
            sighted.insert(one.reported.clone(), one);
        }
        closed.extend(one.closed);
        unchecked.extend(one.unchecked);
    }
    let stored: BTreeSet<&str> = sighted.values().map(|one| one.id.as_str()).collect();
    // What another part of the sensor still sees is neither gone nor unchecked.
    closed.retain(|finding| !stored.contains(finding.id.as_str()));
    unchecked.retain(|finding| !stored.contains(finding.id.as_str()));
    let new = stored.iter().filter(|id| opened.contains(**id)).count() as u64;
    let still = stored.len() as u64 - new;
    Ok(Pushed {
        asset_id: asset_id.to_owned().into(),
        unchanged: false,
        at,
        previous,
        opened: new,
        still,
        closed: closed.len() as u64,
        unchecked: unchecked.len() as u64,
        findings: described(console, asset_id, sighted.into_values().collect(), &opened).await?,
        closed_findings: closed.into_iter().map(Into::into).collect(),
        unchecked_findings: unchecked.into_iter().map(Into::into).collect(),
    })
}

/// Findings with how soon to act, and who settled them.
async fn described(
    console: &Console,
    asset_id: &str,
    sighted: Vec<Sighted>,
    opened: &BTreeSet<String>,
) -> Result<Vec<PushedFinding>, Refusal> {
    if sighted.is_empty() {
        return Ok(Vec::new());
    }
    let today = console.today();
    let mut ranked = BTreeMap::new();
    let filter = QueueFilter {
        asset: Some(asset_id.to_owned()),
        states: FindingStatus::ALL.into_iter().filter(|status| *status != FindingStatus::Fixed).collect(),
        ..QueueFilter::default()
    };
    let mut paging = Paging { after: None, limit: yata_store::MAX_QUEUE_ROWS };
    while ranked.len() < MAX_RANKED {
        let page = console.store.queue(&filter, &paging, false).await?;
        ranked.extend(page.rows.into_iter().map(|row| (row.finding.id, (row.priority, row.due))));
        match page.next {
            Some(next) => paging.after = Some(next),
            None => break,
        }
    }
    let mut findings = Vec::with_capacity(sighted.len());
    let mut settled = 0;
    for one in sighted {
        let mut last = None;
        if !one.state.is_open(today) && one.state != FindingState::Fixed && settled < MAX_SETTLED {
            settled += 1;
            last = console.store.history(&one.id).await?.pop();
        }
        let rank = ranked.get(&one.id);
        findings.push(PushedFinding {
            opened: opened.contains(&one.id),
            reported: one.reported.into(),
            id: one.id.into(),
            state: one.state.into(),
            first_seen: Some(one.first_seen),
            priority: rank.map(|(priority, _)| *priority),
            due: rank.and_then(|(_, due)| *due),
            settled: last.map(Change::from),
        });
    }
    Ok(findings)
}
