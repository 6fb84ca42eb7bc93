//! For those who run the service: is it alive, can it work, what does it do (Prometheus).

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, Method, StatusCode, header};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::access::{Need, Right};
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;
use crate::witness::Witnessed;

/// The text format of OpenMetrics 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// What the service counts.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter<u64, AtomicU64>>,
    seconds: Family<RouteLabels, Histogram>,
    witnessed: Gauge,
    witness_failures: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let requests = Family::<RequestLabels, Counter<u64, AtomicU64>>::default();
        // From a millisecond to eight seconds.
        let seconds =
            Family::new_with_constructor((|| Histogram::new(exponential_buckets(0.001, 2.0, 14))) as fn() -> _);
        let mut registry = Registry::with_prefix("yata");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, seconds.clone());
        let (witnessed, witness_failures) = (Gauge::default(), Counter::default());
        let help = "Entries of the ledger that the newest countersigned checkpoint covers";
        registry.register("ledger_witnessed_entries", help, witnessed.clone());
        let help = "Checkpoints of the ledger that the witness did not countersign";
        registry.register("ledger_witness_failures", help, witness_failures.clone());
        Metrics { registry, requests, seconds, witnessed, witness_failures }
    }

    /// The witness countersigned.
    pub(crate) fn witnessed(&self, shown: Witnessed) {
        if let Witnessed::Size(size) = shown {
            self.witnessed.set(i64::try_from(size).unwrap_or(i64::MAX));
        }
    }

    /// It did not.
    pub(crate) fn witness_failed(&self) {
        self.witness_failures.inc();
    }
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/health/live", Need::Nothing, get(|| async { "alive\n" }))
        .add(Method::GET, "/health/ready", Need::Nothing, get(ready))
        .add(Method::GET, "/metrics", Need::Right(Right::Read), get(metrics))
}

/// Ready: the database answers.
async fn ready(State(console): State<Arc<Console>>) -> Response {
    match console.store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn metrics(State(console): State<Arc<Console>>) -> Result<Response, Refusal> {
    let mut text = String::new();
    encode(&mut text, &console.metrics.registry).map_err(|_| Refusal::internal())?;
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS));
    Ok(response)
}

/// Counts every request under its route, never under its path: a path may be anything.
pub(crate) async fn count(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = match *request.method() {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE => {
            request.method().as_str().to_owned()
        }
        _ => "other".to_owned(),
    };
    let started = Instant::now();
    let response = next.run(request).await;
    let metrics = &console.metrics;
    metrics.seconds.get_or_create(&RouteLabels { route: route.clone() }).observe(started.elapsed().as_secs_f64());
    let status = response.status().as_u16();
    metrics.requests.get_or_create(&RequestLabels { method, route, status }).inc();
    response
}
