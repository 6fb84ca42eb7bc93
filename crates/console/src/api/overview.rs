//! Services, sources, sensors, counts, and the description of the API.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, Method};
use jiff::SignedDuration;
use serde_json::json;
use yata_store::{Due, FindingStatus, QueueFilter};

use super::ask::Values;
use super::describe::{Operation, openapi};
use super::etag::tagged;
use super::shown::counts;
use super::wire::asset::each;
use super::wire::list::{SensorsPage, Services, Sources, Summary};
use super::{Api, paging};
use crate::access::{Need, Right};
use crate::problem::Refusal;
use crate::state::Console;

/// After how long an asset that no sensor has seen counts as unseen.
const UNSEEN_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) fn routes(api: Api) -> Api {
    let read = Need::Right(Right::Read);
    let service = move |book: &mut _| {
        Operation::new(Method::GET, "/api/v1/services", read, "listServices", "The services to the business")
            .answers::<Services>(book, 200, "All of them.")
            .tagged()
    };
    let source = move |book: &mut _| {
        Operation::new(
            Method::GET,
            "/api/v1/sources",
            read,
            "listSources",
            "The sources of intelligence and their standing",
        )
        .answers::<Sources>(book, 200, "All of them.")
        .tagged()
    };
    let sensor = move |book: &mut _| {
        let unseen = json!({ "type": "string", "format": "date-time" });
        Operation::new(
            Method::GET,
            "/api/v1/sensors",
            read,
            "listSensors",
            "When each sensor looked at each asset, the oldest first",
        )
        .query("unseen_since", "Only those that have not looked since then.", unseen)
        .queries(paging::parameters())
        .answers::<SensorsPage>(book, 200, "One page.")
        .tagged()
    };
    let sum = move |book: &mut _| {
        Operation::new(Method::GET, "/api/v1/summary", read, "getSummary", "Counts")
            .answers::<Summary>(book, 200, "Counts as of now.")
            .tagged()
    };
    let description = move |book: &mut _| {
        Operation::new(Method::GET, "/api/v1/openapi.json", Need::Nothing, "getDescription", "This description")
            .answers::<serde_json::Value>(book, 200, "OpenAPI 3.1.")
            .tagged()
    };
    api.add(service, get(services))
        .add(source, get(sources))
        .add(sensor, get(sensors))
        .add(sum, get(summary))
        .add(description, get(describe))
}

async fn services(State(console): State<Arc<Console>>, headers: HeaderMap) -> Result<Response, Refusal> {
    tagged(&headers, &Services { items: each(console.store.services().await?) })
}

async fn sources(State(console): State<Arc<Console>>, headers: HeaderMap) -> Result<Response, Refusal> {
    tagged(&headers, &Sources { items: each(console.store.sources().await?) })
}

async fn sensors(State(console): State<Arc<Console>>, headers: HeaderMap, values: Values) -> Result<Response, Refusal> {
    let unseen = values.parsed("unseen_since", "is no time such as 2026-11-22T09:00:00Z")?;
    let page = console.store.sensors(unseen, &paging::paging(&values)?).await?;
    tagged(&headers, &SensorsPage { items: each(page.items), next: page.next.map(Into::into) })
}

async fn summary(State(console): State<Arc<Console>>, headers: HeaderMap) -> Result<Response, Refusal> {
    let today = console.today();
    let open = console.store.facet_counts(&QueueFilter::default(), false).await?;
    let late = QueueFilter { due: Some(Due::overdue(today)), ..QueueFilter::default() };
    let overdue = console.store.queue_total(&late, false).await?;
    let every = QueueFilter { states: FindingStatus::ALL.to_vec(), ..QueueFilter::default() };
    let states = console.store.facet_counts(&every, false).await?.states;
    let coverage = console.store.coverage(console.now() - UNSEEN_AFTER).await?;
    let summary = Summary {
        today,
        priorities: counts(open.priorities),
        kinds: counts(open.kinds),
        services: counts(open.services),
        scenarios: counts(open.scenarios),
        ai: counts(open.ai),
        states: counts(states),
        overdue: overdue.into(),
        coverage: coverage.into(),
    };
    tagged(&headers, &summary)
}

async fn describe(headers: HeaderMap) -> Result<Response, Refusal> {
    tagged(&headers, &openapi())
}
