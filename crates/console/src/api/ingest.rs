//! `PUT /api/v1/assets/{asset_id}/snapshots`: what a sensor saw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::put;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use yata_model::{FindingState, Message, Report};
use yata_store::{FindingStatus, Ingested, LastReport, Paging, Push, Pushed as Stored, QueueFilter, Sighted};

use super::Api;
use super::ask::{Ids, Values, content_type};
use super::describe::{Operation, Parameter};
use super::intake::{Arrived, Encoding, MAX_ASSET_FINDINGS, MAX_SENT_BYTES, Share, inflate};
use super::wire::pushed::{Change, Pushed, PushedFinding};
use super::wire::report::read_report;
use crate::access::{Need, Right};
use crate::caller::{Caller, Who};
use crate::problem::Refusal;
use crate::state::Console;

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
                 The body may be compressed (`Content-Encoding: gzip`): 16 MiB as it is sent, 32 MiB inflated; what is \
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
    let arrived = console.intake.collect(&parts.headers, body, MAX_SENT_BYTES, digest_of(encoding)).await?;
    let Arrived { bytes, digest, share } = arrived;
    let mut sent = Sent { asset_id: ids.at(0).to_owned(), how, encoding, bytes, digest: hex(digest), share };
    if let Some(answer) = again(&console, &caller, &mut sent).await? {
        return Ok(sent.share.answer(text_of(&answer)?));
    }
    let intake = console.intake.clone();
    let work = async move {
        let (answer, share) = take(&console, &caller, sent).await?;
        Ok::<_, Refusal>((text_of(&answer)?, share))
    };
    let (text, share) = intake.work(work).await??;
    Ok(share.answer(text))
}

/// An answer, written.
pub(super) fn text_of(answer: &Pushed) -> Result<String, Refusal> {
    serde_json::to_string(answer).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        Refusal::internal()
    })
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
    pub(super) bytes: Bytes,
    /// Of `bytes`.
    pub(super) digest: String,
    /// What it takes of the room, until it is stored and answered.
    pub(super) share: Share,
}

/// Stores a report that has arrived whole: heavy work. The answer, with what it takes of the room.
pub(super) async fn take(console: &Console, caller: &Caller, sent: Sent) -> Result<(Pushed, Share), Refusal> {
    let Sent { asset_id, how, encoding, bytes, digest, mut share } = sent;
    let now = console.now();
    let at = how.at.unwrap_or(now);
    let mut report = inflate(&console.intake, encoding, &bytes, &mut share, |reader| Ok(read_report(reader, at)?))?;
    drop(bytes);
    console.intake.for_judging(&mut share, report.snapshots.iter().map(|one| one.findings.len()).sum())?;
    let Some(asset) = report.snapshots.first().map(|snapshot| &snapshot.asset) else { return Err(Refusal::internal()) };
    // Before anything that depends on what is stored: nobody learns of assets that are not theirs.
    allowed(caller, &asset.name)?;
    if asset.id != asset_id {
        let message = Message::new("api-asset-path").with("path", asset_id).with("body", asset.id.as_str());
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-asset", message));
    }
    let today = console.today();
    // All findings of an asset are judged together, whoever sees them.
    let beside = console.store.findings_beside(&asset_id, &report).await?;
    console.intake.for_others(&mut share, beside)?;
    let (token_id, if_known, max_findings) = (caller.id(), how.if_known, MAX_ASSET_FINDINGS);
    let push = Push { token_id, digest: &digest, at, now, today, if_known, max_findings };
    match console.store.push_report(&mut report, &push).await? {
        Stored::Stored { at, ingested } => Ok((changed(console, &asset_id, at, &report, ingested).await?, share)),
        Stored::Older { last } => {
            let message = Message::new("api-older").with("at", at.to_string()).with("last", last.to_string());
            Err(Refusal::new(StatusCode::CONFLICT, "older-than-stored", message))
        }
        Stored::UnknownAsset => {
            let message = Message::new("api-asset-unknown");
            Err(Refusal::new(StatusCode::NOT_FOUND, "unknown-asset", message))
        }
    }
}

/// The beginning of a digest of bytes that are so encoded.
pub(super) fn digest_of(encoding: Encoding) -> Sha256 {
    Sha256::new_with_prefix([u8::from(encoding == Encoding::Gzip)])
}

pub(super) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the token may speak of an asset of that name. Who may speak of an asset may speak of its agents and their
/// servers, which are called after it: `claude-code (shop)`.
pub(super) fn allowed(caller: &Caller, name: &str) -> Result<(), Refusal> {
    let Who::Token { assets, .. } = &caller.who else { return Err(Refusal::forbidden()) };
    let whole = |name: &str| {
        assets.iter().any(|own| match own.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == own,
        })
    };
    let base = name.strip_suffix(')').and_then(|name| name.split_once(" (")).map(|(_, base)| base);
    if whole(name) || base.is_some_and(whole) {
        return Ok(());
    }
    let message = Message::new("api-foreign-asset").with("name", name);
    Err(Refusal::new(StatusCode::FORBIDDEN, "foreign-asset", message))
}

/// Where it is the report that came last of an asset of the caller's: only its time is stored.
pub(super) async fn again(console: &Console, caller: &Caller, sent: &mut Sent) -> Result<Option<Pushed>, Refusal> {
    let is_same = |last: &LastReport| last.digest == sent.digest && allowed(caller, &last.asset_name).is_ok();
    let Some(last) = console.store.last_report(&sent.asset_id).await?.filter(is_same) else { return Ok(None) };
    let before = sent.share.bytes();
    console.intake.for_findings(&mut sent.share, last.findings)?;
    let now = console.now();
    let at = sent.how.at.unwrap_or(now).min(now);
    let Some(seen) = console.store.seen_again(&sent.asset_id, &sent.digest, at).await? else {
        // Something else was stored meanwhile: it is read as any other.
        sent.share.shrink(before);
        return Ok(None);
    };
    let still = seen.findings.len() as u64;
    Ok(Some(Pushed {
        asset_id: sent.asset_id.clone().into(),
        unchanged: true,
        at: seen.at,
        previous: Some(seen.previous),
        opened: 0,
        still,
        closed: 0,
        unchecked: 0,
        findings: described(console, &sent.asset_id, seen.findings, &BTreeSet::new()).await?,
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
