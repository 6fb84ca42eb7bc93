//! Who asks: the session of a person, the token of a program; and in which language.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use yata_store::{Session, Stage};
use yata_words::Lang;

use crate::access::{Role, Scope};
use crate::assets::is_file;
use crate::caller::{Caller, Theme, Who};
use crate::problem::Refusal;
use crate::routes::is_api;
use crate::secret::{Keys, hash, random_text};
use crate::session::{Cookie, MAX_IDLE};
use crate::state::Console;
use crate::{origin, token};

/// The cookie that holds a chosen language.
pub(crate) const LANG_COOKIE: &str = "yata_lang";

/// Pages that have forms for who is not signed in.
const FORMS_OF_NOBODY: [&str; 2] = ["/sign-in", "/join"];

/// No cookie or token of ours is longer.
const MAX_CREDENTIAL_CHARS: usize = 200;

/// The cookie that holds a chosen theme.
pub(crate) const THEME_COOKIE: &str = "yata_theme";

/// Puts a [`Caller`] into every request.
pub(crate) fn around(router: Router, console: &Arc<Console>) -> Router {
    router.layer(from_fn_with_state(Arc::clone(console), identify))
}

async fn identify(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut caller = Caller::nobody(language(&parts.headers, console.settings.lang));
    caller.path = parts.uri.path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_default();
    caller.address = origin::address(&parts, &console.settings).map(|address| address.to_string());
    if let Err(refusal) = recognise(&console, &parts, &mut caller).await {
        let mut response = refusal.into_response();
        response.extensions_mut().insert(caller);
        return response;
    }
    let form = match form_of_nobody(&console, &parts, &mut caller) {
        Ok(form) => form,
        Err(refusal) => return refusal.into_response(),
    };
    parts.extensions.insert(caller.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response.extensions_mut().insert(caller);
    if let Some(value) = form {
        Cookie::Form.put(&mut response, console.is_secure(), &value, None);
    }
    response
}

/// Finds out who it is. A program sends its token, a browser its cookie: where there is a token, or an address for
/// programs, no cookie counts, so that no other site can lend a browser's rights to a request of its own.
async fn recognise(console: &Console, parts: &Parts, caller: &mut Caller) -> Result<(), Refusal> {
    let headers = &parts.headers;
    let path = parts.uri.path();
    if is_file(path) {
        return Ok(());
    }
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        caller.who = token_of(console, value.to_str().unwrap_or_default()).await?.unwrap_or(Who::Nobody);
        return Ok(());
    }
    let value = Cookie::Session.of(headers, console.is_secure()).filter(|value| value.len() <= MAX_CREDENTIAL_CHARS);
    if let Some(value) = value.filter(|_| !is_api(path)) {
        person_of(console, &hash(value), caller, headers).await?;
    }
    Ok(())
}

async fn person_of(console: &Console, hash: &str, caller: &mut Caller, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some((session, person)) = console.store.session(hash, MAX_IDLE, console.now()).await? else { return Ok(()) };
    let Session { csrf, token_hash, stage, .. } = session;
    caller.csrf = csrf;
    caller.session = token_hash;
    if cookie(headers, LANG_COOKIE).is_none() {
        caller.lang = person.lang.parse().unwrap_or(caller.lang);
    }
    caller.who = match (stage, Role::parse(&person.role)) {
        (Stage::Full, Some(role)) => {
            Who::Person { id: person.id, name: person.name, email: person.email, role, services: person.services }
        }
        // A role of a newer version has no rights here.
        (Stage::Full, None) => Who::Nobody,
        (Stage::Password | Stage::Joining, _) => Who::FirstFactor { id: person.id },
    };
    Ok(())
}

async fn token_of(console: &Console, value: &str) -> Result<Option<Who>, Refusal> {
    let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, given)) = token.map(|(scheme, token)| (scheme, token.trim())) else { return Ok(None) };
    let Some(scope) = token::scope_of(given) else { return Ok(None) };
    let Some(found) = console.store.token(&hash(given), console.now()).await? else { return Ok(None) };
    let same = Scope::parse(&found.scope).filter(|found| *found == scope);
    Ok(same.map(|scope| Who::Token { id: found.id, name: found.name, scope, assets: found.assets }))
}

/// Ties the forms of who is not signed in to a cookie of their own; its value, where it is to be set.
fn form_of_nobody(console: &Console, parts: &Parts, caller: &mut Caller) -> Result<Option<String>, Refusal> {
    let path = parts.uri.path();
    let is_form = FORMS_OF_NOBODY.iter().any(|form| path.starts_with(form));
    if caller.who != Who::Nobody || !is_form {
        return Ok(None);
    }
    let keys = Keys(&console.settings.secret);
    let known = Cookie::Form.of(&parts.headers, console.is_secure());
    if let Some(known) = known.filter(|known| known.len() <= MAX_CREDENTIAL_CHARS) {
        caller.csrf = keys.mac("form", &[known]);
        return Ok(None);
    }
    if parts.method != Method::GET {
        return Ok(None);
    }
    let value = random_text()?;
    caller.csrf = keys.mac("form", &[&value]);
    Ok(Some(value))
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
