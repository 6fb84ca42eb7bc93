//! Refusals: RFC 9457 problems for programs, a page for people.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use yata_model::Message;
use yata_store::StoreError;
use yata_words::Lang;

/// Why a request was not done.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// A word for programs: the end of the problem's `type` (`/problems/too-large`).
    pub code: &'static str,
    /// What happened and what to do, in words.
    pub message: Message,
    /// After how many seconds to try again.
    pub retry_after_s: Option<u64>,
}

/// The body of a problem (RFC 9457, section 3.1).
#[derive(Debug, Serialize)]
pub(crate) struct ProblemBody {
    /// A relative reference that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
}

impl Refusal {
    /// A refusal with that status, code and message.
    pub fn new(status: StatusCode, code: &'static str, message: Message) -> Self {
        Refusal { status, code, message, retry_after_s: None }
    }

    /// A request that cannot be understood; `message` says which part and what to send instead.
    pub fn bad_request(message: Message) -> Self {
        Refusal::new(StatusCode::BAD_REQUEST, "bad-request", message)
    }

    /// What was asked for is not there (or not for this caller to know of).
    pub fn not_found() -> Self {
        Refusal::new(StatusCode::NOT_FOUND, "not-found", Message::new("refusal-not-found"))
    }

    /// The address is there, and not for this method.
    pub fn wrong_method() -> Self {
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", Message::new("api-method"))
    }

    /// The caller is known and may not.
    pub fn forbidden() -> Self {
        Refusal::new(StatusCode::FORBIDDEN, "forbidden", Message::new("refusal-forbidden"))
    }

    /// The caller must say who they are.
    pub fn unauthorized() -> Self {
        Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", Message::new("refusal-unauthorized"))
    }

    /// The form did not come from our own page.
    pub fn cross_site() -> Self {
        Refusal::new(StatusCode::FORBIDDEN, "cross-site", Message::new("refusal-cross-site"))
    }

    /// Too much of something.
    pub fn too_large(message: Message) -> Self {
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message)
    }

    /// Too often.
    pub fn too_many(retry_after_s: u64) -> Self {
        let message =
            Message::new("refusal-too-many").with("seconds", i64::try_from(retry_after_s).unwrap_or(i64::MAX));
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", message);
        Refusal { retry_after_s: Some(retry_after_s), ..refusal }
    }

    /// A fault of ours; the log has the details.
    pub fn internal() -> Self {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Message::new("refusal-internal"))
    }

    /// The problem document of this refusal.
    pub fn problem(&self, lang: Lang) -> Response {
        let body = ProblemBody {
            kind: format!("/problems/{}", self.code),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            detail: yata_words::render(lang, &self.message),
        };
        let mut response = (self.status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let message = || Message::new("refusal-store").with("error", error.to_string());
        match &error {
            StoreError::UnknownFinding { .. } | StoreError::UnknownProposal { .. } => Refusal::not_found(),
            StoreError::AmbiguousFinding { .. }
            | StoreError::PastDate { .. }
            | StoreError::NoReason
            | StoreError::NoName
            | StoreError::TooLong { .. }
            | StoreError::TooMany { .. }
            | StoreError::BadSnapshot { .. }
            | StoreError::BadReport { .. }
            | StoreError::BadRules { .. }
            | StoreError::NotByPeople
            | StoreError::BadCursor => Refusal::bad_request(message()),
            StoreError::TooManyFindings { limit, .. } => {
                let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
                Refusal::too_large(Message::new("api-too-many-findings").with("limit", limit))
            }
            StoreError::AlreadyFixed { .. } | StoreError::ProposalAnswered { .. } | StoreError::OwnProposal { .. } => {
                Refusal::new(StatusCode::CONFLICT, "conflict", message())
            }
            StoreError::Busy { .. }
            | StoreError::Full { .. }
            | StoreError::Unavailable { .. }
            | StoreError::TooSlow { .. } => {
                tracing::error!(%error, "the database cannot take it");
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let refusal = Refusal::new(status, "unavailable", Message::new("refusal-unavailable"));
                Refusal { retry_after_s: Some(5), ..refusal }
            }
            // All of them are named, so that a new one is not taken for a failure of ours.
            StoreError::Create { .. }
            | StoreError::NotAFile { .. }
            | StoreError::Open { .. }
            | StoreError::NotOurs { .. }
            | StoreError::Damaged { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::BadUrl { .. }
            | StoreError::Database { .. }
            | StoreError::BadValue { .. }
            | StoreError::Encode(_)
            | StoreError::Ledger { .. }
            | StoreError::LedgerKey { .. } => {
                tracing::error!(%error, "the database failed");
                Refusal::internal()
            }
        }
    }
}

/// A refusal as a handler gives it back: `guard` turns it into a problem document or a page, in the caller's language.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_refuses_has_a_status_of_its_own() {
        let check = |error: StoreError, status: u16| assert_eq!(Refusal::from(error).status.as_u16(), status);
        let id = || "pr_1".to_owned();
        check(StoreError::UnknownProposal { id: id() }, 404);
        check(StoreError::ProposalAnswered { id: id() }, 409);
        check(StoreError::OwnProposal { id: id() }, 409);
        check(StoreError::TooManyFindings { given: 2, limit: 1 }, 413);
        check(StoreError::BadCursor, 400);
        check(StoreError::BadUrl { source: None }, 500);
    }
}
