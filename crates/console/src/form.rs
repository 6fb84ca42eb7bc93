//! Forms that people post, and addresses within the service.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::{Form, RequestExt as _};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use yata_model::Message;

use crate::caller::Caller;
use crate::guard::MAX_FORM_BYTES;
use crate::problem::Refusal;

/// A form of the caller's own session: its field `csrf` was checked.
#[derive(Debug, Clone)]
pub(crate) struct Posted<T>(pub(crate) T);

/// Where a page of a list begins, as its address says it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    /// What the page before ended with; `None` on the first one.
    pub(crate) after: Option<String>,
}

/// A form without fields of its own.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct NoFields {}

#[derive(Deserialize)]
struct Protected<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: T,
}

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> FromRequest<S> for Posted<T> {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refusal> {
        let caller: Caller = request.extract_parts_with_state(state).await?;
        check_length(request.headers())?;
        let form = Form::<Protected<T>>::from_request(request, state).await;
        let Form(form) = form.map_err(|error| unread(&error))?;
        if caller.csrf.is_empty() || !same(&form.csrf, &caller.csrf) {
            return Err(Refusal::cross_site());
        }
        Ok(Posted(form.fields))
    }
}

/// The fields of a form of the caller's own session, in their order, where a name may come again.
#[derive(Debug, Clone)]
pub(crate) struct PostedPairs(pub(crate) Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for PostedPairs {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refusal> {
        let caller: Caller = request.extract_parts_with_state(state).await?;
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Form(mut pairs) = form.map_err(|error| unread(&error))?;
        let given = pairs.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
        if caller.csrf.is_empty() || !given.is_some_and(|given| same(given, &caller.csrf)) {
            return Err(Refusal::cross_site());
        }
        pairs.retain(|(name, _)| name != "csrf");
        Ok(PostedPairs(pairs))
    }
}

/// Refuses a form that says itself that it is too large, before it is sent.
fn check_length(headers: &HeaderMap) -> Result<(), Refusal> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|said| said > MAX_FORM_BYTES) { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> Refusal {
    Refusal::too_large(Message::new("refusal-form-large"))
}

/// A form that could not be read: it is too large, or is none.
fn unread(error: &FormRejection) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Refusal::bad_request(Message::new("refusal-form").with("error", error.body_text())),
    }
}

/// A form that is not tied to a session: a choice of how pages look.
#[derive(Debug, Clone)]
pub(crate) struct Chosen<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> FromRequest<S> for Chosen<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        check_length(request.headers())?;
        let form = Form::<T>::from_request(request, state).await;
        form.map(|Form(chosen)| Chosen(chosen)).map_err(|error| unread(&error))
    }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// An address as the value of a query parameter (RFC 3986: all but unreserved characters escaped).
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Where to go next, if it is a path of our own; else the start. A `//host` or `/\host` is not one.
pub(crate) fn own_path(next: &str) -> &str {
    let mut bytes = next.bytes();
    let own = bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_to() {
        for path in ["/", "/queue?service=a", "/findings/fi_1#why"] {
            assert_eq!(own_path(path), path);
        }
        for path in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "queue"] {
            assert_eq!(own_path(path), "/", "{path:?}");
        }
    }
}
