//! Who asks: the session of a person, the token of a program; and in which language.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderMap, header};
use yata_words::Lang;

use crate::caller::{Caller, Theme};
use crate::state::Console;

/// The cookie that holds a chosen language.
pub(crate) const LANG_COOKIE: &str = "yata_lang";

/// The cookie that holds a chosen theme.
pub(crate) const THEME_COOKIE: &str = "yata_theme";

/// Puts a [`Caller`] into every request.
pub(crate) fn around(router: Router, console: &Arc<Console>) -> Router {
    router.layer(from_fn_with_state(Arc::clone(console), identify))
}

async fn identify(State(console): State<Arc<Console>>, mut request: Request, next: Next) -> Response {
    let lang = language(request.headers(), console.settings.lang);
    let mut caller = Caller::nobody(lang);
    caller.path = request.uri().path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_default();
    request.extensions_mut().insert(caller.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(caller);
    response
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// The chosen theme.
pub(crate) fn theme(headers: &HeaderMap) -> Theme {
    cookie(headers, THEME_COOKIE).map(Theme::parse).unwrap_or_default()
}

/// The chosen language, else the first that the browser asks for and we have, else the service's.
pub(crate) fn language(headers: &HeaderMap, default: Lang) -> Lang {
    if let Some(lang) = cookie(headers, LANG_COOKIE).and_then(|value| value.parse().ok()) {
        return lang;
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted = wanted.split(',').filter_map(|part| part.split([';', '-']).next());
    wanted.find_map(|lang| lang.trim().parse().ok()).unwrap_or(default)
}
