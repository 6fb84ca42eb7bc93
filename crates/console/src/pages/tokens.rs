//! Tokens of sensors and other programs.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::Method;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;
use yata_model::Message;
use yata_store::{Act, Token};

use crate::access::{Need, Right, Scope};
use crate::caller::Caller;
use crate::form::{NoFields, Posted};
use crate::layout;
use crate::pages::fields::{self, Errors, Field, choice, deed, section};
use crate::pages::join::clean_name;
use crate::pages::say;
use crate::pages::table::cards;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::secret::hash;
use crate::state::Console;
use crate::token::new_token;

/// The longest life of a token.
const MAX_DAYS: i64 = 365;

/// What the form proposes.
const USUAL_DAYS: &str = "90";

/// Most assets or beginnings of names that one sensor may speak of.
const MAX_ASSETS: usize = 200;

/// Most characters of the name of an asset.
const MAX_ASSET_CHARS: usize = 300;

pub(crate) fn routes(routes: Routes) -> Routes {
    let need = Need::Right(Right::ManageTokens);
    routes.add(Method::GET, "/tokens", need, get(page)).add(Method::POST, "/tokens", need, post(make)).add(
        Method::POST,
        "/tokens/{token}/revoke",
        need,
        post(revoke),
    )
}

#[derive(Deserialize, Default)]
struct Make {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    assets: String,
    #[serde(default)]
    days: String,
}

fn scope_name(caller: &Caller, scope: &str) -> String {
    match scope {
        "sensor" => caller.text("tokens-scope-sensor"),
        "reader" => caller.text("tokens-scope-reader"),
        "operator" => caller.text("tokens-scope-operator"),
        other => other.to_owned(),
    }
}

async fn page(State(console): State<Arc<Console>>, caller: Caller) -> Result<Response, Refusal> {
    let form = Make { days: USUAL_DAYS.to_owned(), ..Make::default() };
    show(&console, &caller, &form, &Errors::default()).await
}

async fn show(console: &Console, caller: &Caller, form: &Make, errors: &Errors) -> Result<Response, Refusal> {
    let tokens = console.store.tokens(console.now()).await?;
    let scopes: Vec<(&str, String)> =
        Scope::ALL.iter().map(|scope| (scope.as_str(), scope_name(caller, scope.as_str()))).collect();
    let name = Field::new("text", "name", caller.text("tokens-name")).holding(&form.name);
    let days = Field::new("number", "days", caller.text("tokens-days")).holding(&form.days);
    let assets_error = errors.of("assets").map(|message| caller.say(message));
    let fields = html! {
        (name.hint(caller.text("tokens-name-hint")).checked(caller, errors))
        (choice("scope", &caller.text("tokens-scope"), &scopes, &form.scope))
        div .field {
            label for="assets" { (caller.text("tokens-assets")) }
            p .hint id="assets-hint" { (caller.text("tokens-assets-hint")) }
            @if let Some(text) = &assets_error { p .error id="assets-error" role="alert" { (text) } }
            textarea id="assets" name="assets" rows="4" aria-describedby="assets-hint assets-error"
                aria-invalid=[assets_error.is_some().then_some("true")] { (form.assets) }
        }
        (days.hint(caller.text("tokens-days-hint")).checked(caller, errors))
    };
    let body = html! {
        (table(console, caller, &tokens))
        (section(caller, "tokens-make", "/tokens", &fields, "tokens-make-do"))
    };
    Ok(fields::page(caller, &caller.text("tokens-title"), &body, errors))
}

fn table(console: &Console, caller: &Caller, tokens: &[Token]) -> Markup {
    let columns = [
        ("tokens-name", false),
        ("tokens-scope", false),
        ("tokens-assets", false),
        ("tokens-made-by", false),
        ("tokens-until", false),
        ("account-used", false),
        ("tokens-standing", false),
    ];
    let row = |token: &Token| {
        [
            html! { (say::clean(&token.name)) },
            html! { (scope_name(caller, &token.scope)) },
            html! { (token.assets.join(", ")) },
            html! { (say::clean(&token.made_by)) },
            say::moment(console, token.expires_at),
            html! { @if let Some(at) = token.used_at { (say::moment(console, at)) } @else { (caller.text("tokens-unused")) } },
            standing(caller, token, console.now()),
        ]
    };
    cards(caller, &caller.text("tokens-title"), columns, tokens.iter().map(row))
}

/// Whether a token works, and the way to end it.
fn standing(caller: &Caller, token: &Token, now: Timestamp) -> Markup {
    if token.works(now) {
        let label = caller.say(&Message::new("tokens-revoke-named").with("name", token.name.as_str()));
        return deed(caller, &format!("/tokens/{}/revoke", token.id), &caller.text("tokens-revoke"), Some(&label));
    }
    html! { (caller.text(if token.revoked_at.is_some() { "tokens-revoked" } else { "tokens-expired" })) }
}

/// What a sensor may speak of, one a line: names, or beginnings of names that end in `*`.
fn assets_of(text: &str) -> Option<Vec<String>> {
    let assets: Vec<String> = text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let good = |asset: &String| {
        let stem = asset.strip_suffix('*').unwrap_or(asset);
        asset.chars().count() <= MAX_ASSET_CHARS && !stem.contains('*') && !asset.chars().any(char::is_control)
    };
    ((1..=MAX_ASSETS).contains(&assets.len()) && assets.iter().all(good)).then_some(assets)
}

async fn make(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Posted(form): Posted<Make>,
) -> Result<Response, Refusal> {
    let scope = Scope::parse(&form.scope).ok_or_else(Refusal::not_found)?;
    let mut errors = Errors::default();
    let name = clean_name(&form.name);
    if name.is_none() {
        errors.add("name", Message::new("sign-in-name-wrong"));
    }
    let days = form.days.trim().parse::<i64>().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    if days.is_none() {
        errors.add("days", Message::new("tokens-days-wrong"));
    }
    let assets = if scope == Scope::Sensor { assets_of(&form.assets) } else { Some(Vec::new()) };
    if assets.is_none() {
        errors.add("assets", Message::new("tokens-assets-wrong"));
    }
    let (Some(name), Some(days), Some(assets)) = (name, days, assets) else {
        return show(&console, &caller, &form, &errors).await;
    };
    let now = console.now();
    let secret = new_token(scope)?;
    let token = Token {
        id: format!("tk_{}", Uuid::now_v7().simple()),
        name,
        scope: scope.as_str().to_owned(),
        assets,
        maker_id: caller.id().to_owned(),
        made_by: caller.name().to_owned(),
        made_at: now,
        expires_at: now + SignedDuration::from_hours(24 * days),
        revoked_at: None,
        used_at: None,
    };
    let act = Act::new("token.made", &caller.actor())
        .on("token", &token.id, &token.name)
        .fact("scope", &token.scope)
        .fact("assets", token.assets.join(", "))
        .fact("expires", token.expires_at.to_string());
    console.store.add_token(&token, &hash(&secret), &act, now).await?;
    let body = html! {
        p { (caller.text("tokens-shown-once")) }
        p { code #token { (secret) } }
        p { (caller.text("tokens-until")) " " (say::moment(&console, token.expires_at)) }
        p { a href="/tokens" { (caller.text("tokens-title")) } }
    };
    Ok(layout::page(&caller, &token.name, &body))
}

async fn revoke(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let act = Act::new("token.revoked", &caller.actor()).on("token", &id, "");
    if !console.store.revoke_token(&id, &act, console.now()).await? {
        return Err(Refusal::not_found());
    }
    Ok(Redirect::to("/tokens").into_response())
}
