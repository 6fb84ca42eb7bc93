//! `/api/v1/assets`: the register, and what an asset has.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, patch};
use http::{HeaderMap, Method, header};
use jiff::Timestamp;
use serde_json::json;
use yata_formats::export::{Texts, cyclonedx};
use yata_model::{AssessedAsset, Assessment, Component};
use yata_store::{AssetEdit, AssetFilter, AssetItem, AssetOutcome, AssetRecord, Doer};

use super::Api;
use super::ask::{Body, Ids, Values, bad_value};
use super::describe::{Operation, Parameter};
use super::etag::{changed, check_match, is_guarded, tagged, tagged_bytes};
use super::intake::{PASSED_COST_BYTES, WRITTEN_COST_BYTES};
use super::paging;
use super::wire::asset::each;
use super::wire::list::{AssetDetail, AssetsPage, ComponentsPage};
use super::wire::patch::AssetPatch;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::state::Console;

const CYCLONEDX: &str = "application/vnd.cyclonedx+json";

pub(super) fn routes(api: Api) -> Api {
    let read = Need::Right(Right::Read);
    let path = "/api/v1/assets/{asset_id}";
    let list = move |book: &mut _| {
        Operation::new(Method::GET, "/api/v1/assets", read, "listAssets", "The register of assets, by name")
            .queries(filters())
            .queries(paging::parameters())
            .answers::<AssetsPage>(book, 200, "One page.")
            .tagged()
    };
    let one = move |book: &mut _| {
        Operation::new(Method::GET, path, read, "getAsset", "All that is known of one asset")
            .answers::<AssetDetail>(book, 200, "The asset.")
            .tagged()
    };
    let change = move |book: &mut _| {
        Operation::new(Method::PATCH, path, Need::Right(Right::EditAssets), "editAsset", "Say something of an asset")
            .docs("What people say wins over what sensors report; `null` takes it back. Its findings are judged again.")
            .takes::<AssetPatch>(
                book,
                json!({ "owner": "web team", "exposure": "internal", "why": "Moved behind the proxy." }),
            )
            .guarded()
            .answers::<AssetDetail>(book, 200, "The asset.")
    };
    let parts = move |book: &mut _| {
        let path = "/api/v1/assets/{asset_id}/components";
        Operation::new(Method::GET, path, read, "listComponents", "What an asset has")
            .docs("Sensor after sensor, each by package URL. As CycloneDX, whole, with `Accept: application/vnd.cyclonedx+json`.")
            .queries(paging::parameters())
            .answers::<ComponentsPage>(book, 200, "One page.")
            .or_answers(CYCLONEDX, "All of them.")
            .tagged()
    };
    api.add(list, get(all)).add(one, get(asset)).add(change, patch(edit)).add(parts, get(components))
}

fn filters() -> Vec<Parameter> {
    let one = |name, docs, schema| Parameter { name, docs, schema, repeats: false };
    let text = || json!({ "type": "string" });
    let flag = || json!({ "type": "boolean" });
    let kinds = json!({ "type": "string", "enum": ["repository", "host", "sbom", "ai-service", "agent", "ai-made-app", "model", "data"] });
    vec![
        one("name_prefix", "The name begins so.", text()),
        one("service", "The id of its service; empty for assets without one.", text()),
        one("owner", "Who answers for it.", text()),
        Parameter { name: "kind", docs: "The kind of asset.", schema: kinds, repeats: true },
        one("no_owner", "Only those without an owner.", flag()),
        one("no_exposure", "Only those whose exposure nobody has said.", flag()),
        one(
            "unseen_since",
            "Only those that no sensor has seen since then.",
            json!({ "type": "string", "format": "date-time" }),
        ),
        one("orphaned", "Only those whose owner does not work here any more.", flag()),
    ]
}

async fn all(State(console): State<Arc<Console>>, headers: HeaderMap, values: Values) -> Result<Response, Refusal> {
    let own = |name| values.one(name).map(|value| value.map(str::to_owned));
    let filter = AssetFilter {
        name_prefix: own("name_prefix")?,
        service: own("service")?,
        owner: own("owner")?,
        kinds: values.words("kind")?,
        no_owner: values.flag("no_owner")?,
        no_exposure: values.flag("no_exposure")?,
        unseen_since: values.parsed("unseen_since", "is no time such as 2026-11-22T09:00:00Z")?,
        orphaned: values.flag("orphaned")?,
    };
    let page = console.store.assets_page(&filter, &paging::paging(&values)?).await?;
    tagged(&headers, &AssetsPage { items: each(page.items), next: page.next.map(Into::into) })
}

async fn known(console: &Console, id: &str) -> Result<AssetRecord, Refusal> {
    console.store.asset(id).await?.ok_or_else(Refusal::not_found)
}

async fn asset(State(console): State<Arc<Console>>, headers: HeaderMap, ids: Ids) -> Result<Response, Refusal> {
    tagged(&headers, &AssetDetail::from(known(&console, ids.at(0)).await?))
}

async fn edit(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    ids: Ids,
    Body(new): Body<AssetPatch>,
) -> Result<Response, Refusal> {
    let record = known(&console, ids.at(0)).await?;
    if !caller.may_on(Right::EditAssets, record.row.asset.service.as_deref()) {
        return Err(Refusal::forbidden());
    }
    // Looked at again where it is changed: two may have seen the same.
    let seen = is_guarded(&headers).then(|| record.version());
    check_match(&headers, &AssetDetail::from(record))?;
    let (actor, why) = (caller.actor(), new.why.clone());
    let may = |service: Option<&str>| caller.may_on(Right::EditAssets, service);
    let doer = Doer { by: &actor, why: &why, may: &may, now: console.now(), today: console.today() };
    let items = [AssetItem { id: ids.at(0).to_owned(), seen }];
    match console.store.edit_assets(&items, &AssetEdit::from(new), &doer).await?.pop() {
        Some(AssetOutcome::NotAllowed) => return Err(Refusal::forbidden()),
        Some(AssetOutcome::Changed) => return Err(changed()),
        _ => {}
    }
    let record = known(&console, ids.at(0)).await?;
    // What it was does not count any more.
    let mut headers = headers;
    headers.remove(header::IF_NONE_MATCH);
    tagged(&headers, &AssetDetail::from(record))
}

/// What all sensors see of an asset, by package URL.
async fn all_components(console: &Console, record: &AssetRecord) -> Result<Vec<Component>, Refusal> {
    let mut all = Vec::new();
    for look in record.looks.iter().filter(|look| look.components > 0) {
        let snapshot = console.store.last_snapshot(&record.row.asset.id, &look.sensor).await?;
        all.extend(snapshot.into_iter().flat_map(|snapshot| snapshot.components));
    }
    all.sort_by(|a: &Component, b| a.purl.cmp(&b.purl));
    Ok(all)
}

/// Components from the n-th on, sensor after sensor.
async fn components_from(
    console: &Console,
    record: &AssetRecord,
    mut start: usize,
    limit: usize,
) -> Result<Vec<Component>, Refusal> {
    let mut page = Vec::new();
    for look in &record.looks {
        let count = usize::try_from(look.components).unwrap_or(usize::MAX);
        if start < count && page.len() < limit {
            let id = &record.row.asset.id;
            page.extend(console.store.components_from(id, &look.sensor, start, limit - page.len()).await?);
        }
        start = start.saturating_sub(count);
    }
    Ok(page)
}

async fn components(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    ids: Ids,
    values: Values,
) -> Result<Response, Refusal> {
    let paging = paging::paging(&values)?;
    let start = paging.after.as_deref().map_or(Ok(0), str::parse::<usize>);
    let start = start.map_err(|_| bad_value("cursor", "is not one of this list"))?;
    let record = known(&console, ids.at(0)).await?;
    let all: u64 = record.looks.iter().map(|look| look.components).sum();
    let intake = console.intake.clone();
    let wants = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if wants.is_some_and(|wants| wants.contains(CYCLONEDX)) {
        let share = intake.room_for(all.saturating_mul(WRITTEN_COST_BYTES))?;
        let work = async move { bom(all_components(&console, &record).await?, record) };
        let text = intake.work(work).await??;
        drop(share);
        return tagged_bytes(&headers, text.into_bytes(), CYCLONEDX);
    }
    let share = intake.room_for(all.saturating_mul(PASSED_COST_BYTES))?;
    let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
    let work = async move { components_from(&console, &record, start, limit).await };
    let page = intake.work(work).await??;
    drop(share);
    let end = start.saturating_add(limit);
    let next = (all > end as u64).then(|| end.to_string().into());
    tagged(&headers, &ComponentsPage { items: each(page), next })
}

/// The asset and its components as CycloneDX: the same export as that of an assessment.
fn bom(components: Vec<Component>, record: AssetRecord) -> Result<String, Refusal> {
    let at: Timestamp = record.row.seen_at;
    let asset = record.row.asset;
    let assessment = Assessment {
        yata_version: env!("CARGO_PKG_VERSION").to_owned(),
        targets: vec![asset.name.clone()],
        at,
        as_of: at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        as_of_is_set: false,
        organisation: None,
        organisation_ja: None,
        services: Vec::new(),
        assets: vec![AssessedAsset { asset, components }],
        risks: Vec::new(),
        actions: Vec::new(),
        settled: Vec::new(),
        settlements: Default::default(),
        advisories: Vec::new(),
        changes: Default::default(),
        sources: Vec::new(),
        problems: Vec::new(),
        questions: Vec::new(),
    };
    let text = |message: &_| yata_words::render(yata_words::Lang::En, message);
    cyclonedx(&assessment, &Texts::new("en", &text)).map_err(|error| {
        tracing::error!(%error, "a CycloneDX document cannot be written");
        Refusal::internal()
    })
}
