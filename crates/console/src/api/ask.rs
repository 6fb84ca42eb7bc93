//! What a request may ask: parameters, media types, identifiers, bodies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use yata_model::Message;

use super::intake::{ARRIVAL_TIMEOUT, broken, slow};
use super::wire::report::{ReportError, read_json};
use crate::problem::Refusal;

/// The longest query, in bytes.
const MAX_QUERY_BYTES: usize = 16 * 1024;
/// The most values of a query.
const MAX_VALUES: usize = 1_000;
/// The longest identifier in a path, in bytes.
const MAX_ID_BYTES: usize = 200;
/// The largest body of a request that is not a report.
pub(crate) const MAX_SMALL_BYTES: usize = 256 * 1024;

/// What an operation understands.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Names of query parameters.
    pub(crate) parameters: Vec<&'static str>,
    /// Media types that it answers with.
    pub(crate) answers: Vec<&'static str>,
}

/// The values of the query, each name one of those that the operation knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(BTreeMap<String, Vec<String>>);

impl Values {
    /// All values of a name: given several times, or with commas.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one value of a name.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.all(name) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(bad_value(name, "is there twice")),
        }
    }

    /// The one value of a name, as what it stands for.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str, expected: &str) -> Result<Option<T>, Refusal> {
        let parse = |text: &str| text.parse().map_err(|_| bad_value(name, expected));
        self.one(name)?.map(parse).transpose()
    }

    /// Whether a name is there and `true`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.parsed(name, "is neither `true` nor `false`")?.unwrap_or_default())
    }

    /// The words of a name, as what they stand for.
    pub(crate) fn words<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, Refusal> {
        let word = |text: &String| {
            serde_json::from_value(serde_json::Value::from(text.as_str()))
                .map_err(|error| bad_value(name, &error.to_string()))
        };
        self.all(name).iter().map(word).collect()
    }
}

pub(crate) fn bad_value(name: &str, what: &str) -> Refusal {
    Refusal::bad_request(Message::new("api-parameter-value").with("name", name).with("what", what))
}

/// Before every handler: what the operation does not understand is refused.
pub(crate) async fn check(asked: Arc<Asked>, mut request: Request, next: Next) -> Response {
    match understood(&asked, &request) {
        Ok(values) => {
            request.extensions_mut().insert(values);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

fn understood(asked: &Asked, request: &Request) -> Result<Values, Refusal> {
    accepts(request.headers(), &asked.answers)?;
    if request.uri().query().is_some_and(|query| query.len() > MAX_QUERY_BYTES) {
        return Err(Refusal::new(StatusCode::URI_TOO_LONG, "uri-too-long", Message::new("api-query-too-long")));
    }
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(request.uri())
        .map_err(|error| Refusal::bad_request(Message::new("api-query").with("error", error.body_text())))?;
    let mut values = Values::default();
    if pairs.len() > MAX_VALUES {
        return Err(Refusal::bad_request(Message::new("api-query-too-long")));
    }
    for (name, value) in pairs.0 {
        if !asked.parameters.contains(&name.as_str()) {
            let known = if asked.parameters.is_empty() { "–".to_owned() } else { asked.parameters.join(", ") };
            let message = Message::new("api-parameter-unknown").with("name", name).with("known", known);
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "unknown-parameter", message));
        }
        if value.contains('\0') {
            return Err(bad_value(&name, "a NUL character"));
        }
        values.0.entry(name).or_default().push(value);
    }
    Ok(values)
}

/// Whether the caller takes one of these media types.
fn accepts(headers: &HeaderMap, ours: &[&str]) -> Result<(), Refusal> {
    let mut said = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok()).peekable();
    if said.peek().is_none() || said.any(|value| value.split(',').any(|one| takes(one, ours))) {
        return Ok(());
    }
    let message = Message::new("api-accept").with("known", ours.join(", "));
    Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", message))
}

fn takes(range: &str, ours: &[&str]) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let refused = parts.any(|part| matches!(part.strip_prefix("q=").map(str::parse::<f32>), Some(Ok(0.0))));
    let fits = |our: &&str| {
        kind == "*/*"
            || kind.eq_ignore_ascii_case(our)
            || kind.strip_suffix("/*").is_some_and(|family| our.split('/').next() == Some(family))
    };
    !refused && ours.iter().any(fits)
}

impl<S: Sync> FromRequestParts<S> for Values {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        // INVARIANT: `check` stands around every handler.
        parts.extensions.get::<Values>().cloned().ok_or_else(Refusal::internal)
    }
}

/// The identifiers in the path, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Ids(Vec<String>);

impl Ids {
    /// The n-th identifier.
    pub(crate) fn at(&self, nth: usize) -> &str {
        self.0.get(nth).map(String::as_str).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let bad = || Refusal::bad_request(Message::new("api-id"));
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| bad())?;
        let ids: Vec<String> = params.iter().map(|(_, value)| value.to_owned()).collect();
        if ids.iter().any(|id| id.is_empty() || id.len() > MAX_ID_BYTES || id.contains('\0')) {
            return Err(bad());
        }
        Ok(Ids(ids))
    }
}

/// Whether the body is said to be of that media type; parameters such as `charset` do not count.
pub(crate) fn content_type(headers: &HeaderMap, ours: &'static str) -> Result<(), Refusal> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = said.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case(ours) {
        return Ok(());
    }
    let message = Message::new("api-content-type").with("known", ours);
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", message))
}

/// A small body of JSON.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        content_type(request.headers(), "application/json")?;
        if request.headers().contains_key(header::CONTENT_ENCODING) {
            let message = Message::new("api-encoding").with("given", "?");
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-encoding", message));
        }
        let bytes = tokio::time::timeout(ARRIVAL_TIMEOUT, Bytes::from_request(request, state));
        let bytes = bytes.await.map_err(|_| slow())?.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Refusal::too_large(Message::new("api-small-too-large").with("kib", MAX_SMALL_BYTES / 1024))
            } else {
                broken(&rejection)
            }
        })?;
        read_json(bytes.as_ref()).map(Body).map_err(Refusal::from)
    }
}

impl From<ReportError> for Refusal {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Malformed(what) => {
                Refusal::new(StatusCode::BAD_REQUEST, "malformed", Message::new("api-malformed").with("error", what))
            }
            ReportError::Invalid { path, what } => Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                Message::new("api-invalid").with("path", path).with("error", what),
            ),
        }
    }
}
