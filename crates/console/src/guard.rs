//! Around every request: limits, security headers, refusals in the right form.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};
use maud::html;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::caller::{Caller, View};
use crate::health;
use crate::layout;
use crate::origin;
use crate::problem::Refusal;
use crate::routes::is_api;
use crate::slow;
use crate::state::Console;

/// The largest body of a form. Routes that take more say so themselves.
pub(crate) const MAX_FORM_BYTES: usize = 256 * 1024;

/// How long a body may stand still while it arrives.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// No third party is ever asked for anything, nothing inline runs, nobody frames a page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";

/// What every answer carries.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Puts the guard around the routes.
pub(crate) fn around(router: Router, console: &Arc<Console>) -> Router {
    router
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .layer(from_fn_with_state(Arc::clone(console), guard))
        .layer(from_fn_with_state(Arc::clone(console), health::count))
}

async fn guard(State(console): State<Arc<Console>>, mut request: Request, next: Next) -> Response {
    let api = is_api(request.uri().path());
    let view = View { theme: crate::identity::theme(request.headers()), as_of: console.settings.as_of };
    request.extensions_mut().insert(view);
    if !api {
        // Routes of the API take more, and more time; they say how much themselves.
        request = request.map(slow::in_time);
    }
    let caller = Caller::nobody(crate::identity::language(request.headers(), console.settings.lang));
    let public_url = &console.settings.public_url;
    let cross_site = !api && origin::is_cross_site(request.method(), request.headers(), public_url);
    let mut response = if cross_site { Refusal::cross_site().into_response() } else { next.run(request).await };
    // A refusal that knew its caller carries the caller with it.
    let mut caller = response.extensions_mut().remove::<Caller>().unwrap_or(caller);
    caller.view = view;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let kept = response.headers().clone();
        response = if api { refusal.problem(caller.lang) } else { refusal_page(&caller, &refusal) };
        keep(response.headers_mut(), &kept);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if console.settings.public_url.starts_with("https://") {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
    response
}

fn keep(headers: &mut HeaderMap, kept: &HeaderMap) {
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::SET_COOKIE] {
        for value in kept.get_all(&name) {
            headers.append(&name, value.clone());
        }
    }
}

fn refusal_page(caller: &Caller, refusal: &Refusal) -> Response {
    let words = caller.say(&refusal.message);
    let body = html! {
        p { (words) }
        p { a href="/" { (caller.text("page-to-start")) } }
    };
    let title = caller.text("page-refused");
    (refusal.status, layout::page(caller, &title, &body)).into_response()
}
