//! Entity tags (RFC 9110, section 8.8.3): strong, from the content.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use yata_model::Message;

use crate::problem::Refusal;

/// The entity tag of these bytes.
fn tag_of(bytes: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(bytes).iter().take(16) {
        // INVARIANT: writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether a list of entity tags names this one. A weak one counts as the strong one where `weak` says so.
fn names(headers: &HeaderMap, name: &HeaderName, tag: &str, weak: bool) -> Option<bool> {
    let mut said = headers.get_all(name).into_iter().peekable();
    said.peek()?;
    let fits = |one: &str| {
        let one = one.trim();
        one == "*" || one == tag || (weak && one.strip_prefix("W/") == Some(tag))
    };
    Some(said.any(|value| value.to_str().unwrap_or_default().split(',').any(fits)))
}

/// A value with its entity tag; only the tag, where the caller has the value.
pub(crate) fn tagged<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<Response, Refusal> {
    let bytes = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        Refusal::internal()
    })?;
    tagged_bytes(headers, bytes, "application/json")
}

/// Bytes with their entity tag; only the tag, where the caller has them.
pub(crate) fn tagged_bytes(headers: &HeaderMap, bytes: Vec<u8>, media_type: &'static str) -> Result<Response, Refusal> {
    let tag = tag_of(&bytes);
    let mut response = if names(headers, &header::IF_NONE_MATCH, &tag, true) == Some(true) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, media_type)], bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(|_| Refusal::internal())?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization, Cookie"));
    Ok(response)
}

/// Refuses to change what is no longer as the caller saw it.
pub(crate) fn check_match<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<(), Refusal> {
    let tag = tag_of(&serde_json::to_vec(value).map_err(|_| Refusal::internal())?);
    if names(headers, &header::IF_MATCH, &tag, false) == Some(false) {
        return Err(changed());
    }
    Ok(())
}

/// It is no longer as the caller saw it.
pub(crate) fn changed() -> Refusal {
    Refusal::new(StatusCode::PRECONDITION_FAILED, "changed", Message::new("api-changed"))
}

/// Whether the caller changes only what is as it was seen.
pub(crate) fn is_guarded(headers: &HeaderMap) -> bool {
    // No tag is empty: the only value that names it is the star, which stands for any.
    names(headers, &header::IF_MATCH, "", false) == Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list() {
        let check = |said: &'static str, weak: bool, expected: Option<bool>| {
            let mut headers = HeaderMap::new();
            if !said.is_empty() {
                headers.insert(header::IF_MATCH, HeaderValue::from_static(said));
            }
            assert_eq!(names(&headers, &header::IF_MATCH, "\"a\"", weak), expected, "{said}");
        };
        check("", false, None);
        check("*", false, Some(true));
        check("\"b\", \"a\"", false, Some(true));
        check("\"b\"", false, Some(false));
        check("W/\"a\"", false, Some(false));
        check("W/\"a\"", true, Some(true));
    }

    #[test]
    fn a_star_guards_nothing() {
        for (said, expected) in [("", false), ("*", false), ("\"a\"", true), ("\"a\", \"b\"", true)] {
            let mut headers = HeaderMap::new();
            if !said.is_empty() {
                headers.insert(header::IF_MATCH, HeaderValue::from_static(said));
            }
            assert_eq!(is_guarded(&headers), expected, "{said}");
        }
    }
}
