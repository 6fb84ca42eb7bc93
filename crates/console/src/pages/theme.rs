//! Choosing light or dark.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use http::Method;
use serde::Deserialize;

use super::language::remember;
use crate::access::Need;
use crate::caller::Theme;
use crate::form::{Chosen, own_path};
use crate::identity::THEME_COOKIE;
use crate::routes::Routes;
use crate::state::Console;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::POST, "/theme", Need::Nothing, post(choose))
}

#[derive(Deserialize)]
struct Choice {
    theme: String,
    #[serde(default)]
    next: String,
}

async fn choose(State(console): State<Arc<Console>>, Chosen(choice): Chosen<Choice>) -> Response {
    let mut response = Redirect::to(own_path(&choice.next)).into_response();
    remember(&console, &mut response, THEME_COOKIE, Theme::parse(&choice.theme).as_str());
    response
}
