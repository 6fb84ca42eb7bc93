//! Choosing a language.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use http::{HeaderValue, Method, header};
use serde::Deserialize;
use yata_words::Lang;

use crate::access::Need;
use crate::form::{Chosen, own_path};
use crate::identity::LANG_COOKIE;
use crate::routes::Routes;
use crate::state::Console;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::POST, "/language", Need::Nothing, post(choose))
}

#[derive(Deserialize)]
struct Choice {
    lang: String,
    #[serde(default)]
    next: String,
}

async fn choose(State(console): State<Arc<Console>>, Chosen(choice): Chosen<Choice>) -> Response {
    let mut response = Redirect::to(own_path(&choice.next)).into_response();
    if let Ok(lang) = choice.lang.parse::<Lang>() {
        remember(&console, &mut response, LANG_COOKIE, lang.as_str());
    }
    response
}

/// Sets a cookie that keeps a choice for a year. `value` must be a word of ours.
pub(super) fn remember(console: &Console, response: &mut Response, name: &str, value: &str) {
    let secure = if console.is_secure() { "; Secure" } else { "" };
    let year_s = 365 * 24 * 60 * 60;
    let value = format!("{name}={value}; Path=/; SameSite=Lax; HttpOnly; Max-Age={year_s}{secure}");
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
