//! One's own account: password, second factors, sessions, language.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method};
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::Message;
use yata_store::{Act, Change, Passkey, Person, Session, Stage};
use yata_words::Lang;

use crate::access::Need;
use crate::attempts::{Attempt, Tried};
use crate::caller::Caller;
use crate::form::{NoFields, Posted};
use crate::identity::LANG_COOKIE;
use crate::pages::factor::show_codes;
use crate::pages::fields::{self, Errors, Field, choice, deed, form, section};
use crate::pages::language::remember;
use crate::pages::say;
use crate::pages::table::cards;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::session::Cookie;
use crate::state::Console;
use crate::{password, recovery};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/account", Need::Person, get(page))
        .add(Method::POST, "/account/password", Need::Person, post(set_password))
        .add(Method::POST, "/account/factor/remove", Need::Person, post(remove_factor))
        .add(Method::POST, "/account/recovery", Need::Person, post(renew_codes))
        .add(Method::POST, "/account/language", Need::Person, post(set_language))
        .add(Method::POST, "/account/sign-out-everywhere", Need::Person, post(sign_out_everywhere))
        .add(Method::POST, "/account/sessions/{session}/end", Need::Person, post(end_session))
}

#[derive(Deserialize)]
struct NewPassword {
    #[serde(default)]
    password: String,
    #[serde(default)]
    new_password: String,
}

#[derive(Deserialize)]
struct Removal {
    #[serde(default)]
    password: String,
    /// The id of a passkey; empty for the one-time codes.
    #[serde(default)]
    passkey: String,
}

/// A form that asks for the password of who is signed in.
#[derive(Deserialize)]
pub(crate) struct OwnPassword {
    #[serde(default)]
    pub(crate) password: String,
}

#[derive(Deserialize)]
struct Language {
    #[serde(default)]
    lang: String,
}

/// The account of the caller.
pub(crate) async fn own(console: &Console, caller: &Caller) -> Result<Person, Refusal> {
    console.store.person(caller.id()).await?.ok_or_else(Refusal::unauthorized)
}

/// Whether it is the caller's password: asked again before anything that opens the account to somebody else.
pub(crate) async fn is_own_password(
    console: &Console,
    caller: &Caller,
    headers: &HeaderMap,
    given: &str,
) -> Result<bool, Refusal> {
    let person = own(console, caller).await?;
    let attempt = Attempt::begin(console, caller, headers, Tried::Again, &person.email).await?;
    let phc = console.store.secrets(&person.id).await?.and_then(|secrets| secrets.password);
    let right = console.passwords.verify(given, phc).await?;
    if right {
        attempt.succeeded(console).await?;
    }
    Ok(right)
}

/// What to answer where it was not the caller's password.
pub(crate) async fn wrong_password(
    console: &Console,
    caller: &Caller,
    headers: &HeaderMap,
    given: &str,
) -> Result<Option<Response>, Refusal> {
    if is_own_password(console, caller, headers, given).await? {
        return Ok(None);
    }
    show(console, caller, &Errors::one("", Message::new("account-password-wrong"))).await.map(Some)
}

async fn page(State(console): State<Arc<Console>>, caller: Caller) -> Result<Response, Refusal> {
    show(&console, &caller, &Errors::default()).await
}

pub(crate) async fn show(console: &Console, caller: &Caller, errors: &Errors) -> Result<Response, Refusal> {
    let person = own(console, caller).await?;
    let passkeys = console.store.passkeys(&person.id).await?;
    let sessions = console.store.sessions(&person.id, console.now()).await?;
    let codes = console.store.recovery_codes_left(&person.id).await?;
    let body = html! {
        (errors.above(caller))
        dl .facts {
            dt { (caller.text("sign-in-name")) } dd { (person.name) }
            dt { (caller.text("sign-in-email")) } dd { (person.email) }
            dt { (caller.text("people-role")) } dd { (role_name(caller, &person.role)) }
        }
        (language_section(caller))
        @if person.has_password {
            (password_section(caller, &person, errors))
            (factor_section(console, caller, &person, &passkeys, codes))
        }
        @if let Some(oidc) = &console.settings.oidc { (sso_section(caller, &oidc.name, &person)) }
        (session_section(console, caller, &sessions))
    };
    Ok(fields::page(caller, &caller.text("account-title"), &body, errors))
}

/// The name of a role in the caller's language.
pub(crate) fn role_name(caller: &Caller, role: &str) -> String {
    match role {
        "viewer" => caller.text("people-role-viewer"),
        "owner" => caller.text("people-role-owner"),
        "analyst" => caller.text("people-role-analyst"),
        "approver" => caller.text("people-role-approver"),
        "administrator" => caller.text("people-role-administrator"),
        other => other.to_owned(),
    }
}

fn language_section(caller: &Caller) -> Markup {
    let languages = [(Lang::Ja.as_str(), "日本語".to_owned()), (Lang::En.as_str(), "English".to_owned())];
    let fields = choice("lang", &caller.text("account-language"), &languages, caller.lang.as_str());
    section(caller, "account-language", "/account/language", &fields, "account-language-do")
}

fn password_section(caller: &Caller, person: &Person, errors: &Errors) -> Markup {
    let old = Field::password("password", caller.text("account-current-password"), "current-password");
    let new = Field::password("new_password", caller.text("sign-in-new-password"), "new-password");
    let fields = html! {
        input type="hidden" autocomplete="username" value=(person.email);
        (old.checked(caller, errors))
        (new.hint(caller.text("sign-in-new-password-hint")).checked(caller, errors))
    };
    section(caller, "account-password", "/account/password", &fields, "account-password-do")
}

fn factor_section(console: &Console, caller: &Caller, person: &Person, passkeys: &[Passkey], codes: i64) -> Markup {
    let codes_left = caller.say(&Message::new("account-codes-left").with("count", codes));
    let title = caller.text("account-factors");
    let columns =
        [("account-factor", false), ("account-added", false), ("account-used", false), ("account-remove", false)];
    let totp = caller.text("account-totp");
    let app = person.has_totp.then(|| [html! { (totp) }, html! {}, html! {}, removal(caller, "", &totp)]);
    let key = |key: &Passkey| {
        [
            html! { (say::clean(&key.name)) },
            say::moment(console, key.created_at),
            html! { @if let Some(at) = key.used_at { (say::moment(console, at)) } },
            removal(caller, &key.id, &key.name),
        ]
    };
    html! {
        section {
            h2 { (title) }
            (cards(caller, &title, columns, app.into_iter().chain(passkeys.iter().map(key))))
            p { a href="/account/factor" { (caller.text("account-factor-add")) } }
            p { (codes_left) }
            (form(caller, "/account/recovery", &own_password(caller, "codes-password"), &caller.text("account-codes-do")))
        }
    }
}

/// The field that asks for the caller's password again.
fn own_password(caller: &Caller, id: &str) -> Markup {
    html! {
        div .field {
            label for=(id) { (caller.text("account-current-password")) }
            input id=(id) name="password" type="password" autocomplete="current-password" required;
        }
    }
}

fn sso_section(caller: &Caller, provider: &str, person: &Person) -> Markup {
    let named = |id: &'static str| caller.say(&Message::new(id).with("name", provider));
    let (action, button) = match person.has_oidc {
        true => ("/account/sso/disconnect", caller.text("account-sso-disconnect")),
        false => ("/account/sso", named("account-sso-do")),
    };
    html! {
        section {
            h2 { (caller.text("account-sso")) }
            p { (named(if person.has_oidc { "account-sso-connected" } else { "account-sso-intro" })) }
            // Without a password single sign-on is the only way in: it stays.
            @if person.has_password {
                (form(caller, action, &own_password(caller, "sso-password"), &button))
            }
        }
    }
}

fn removal(caller: &Caller, passkey: &str, name: &str) -> Markup {
    let fields = html! {
        input type="hidden" name="passkey" value=(passkey);
        (own_password(caller, &format!("remove-{passkey}")))
    };
    html! {
        details {
            summary { (caller.text("account-remove")) }
            (form(caller, "/account/factor/remove", &fields, &caller.say(&Message::new("account-remove-do").with("name", name))))
        }
    }
}

fn session_section(console: &Console, caller: &Caller, sessions: &[Session]) -> Markup {
    let title = caller.text("account-sessions");
    let columns = [
        ("account-session-browser", false),
        ("account-session-address", false),
        ("account-added", false),
        ("account-used", false),
        ("account-session-end", false),
    ];
    let end = |session: &Session| {
        if session.token_hash == caller.session {
            return html! { (caller.text("account-session-this")) };
        }
        let action = format!("/account/sessions/{}/end", session.token_hash);
        deed(caller, &action, &caller.text("account-session-end"), None)
    };
    let row = |session: &Session| {
        [
            html! { (say::clean(&session.user_agent)) },
            html! { (session.address) },
            say::moment(console, session.made_at),
            say::moment(console, session.used_at),
            end(session),
        ]
    };
    let full = sessions.iter().filter(|session| session.stage == Stage::Full);
    html! {
        section {
            h2 { (title) }
            (cards(caller, &title, columns, full.map(row)))
            (deed(caller, "/account/sign-out-everywhere", &caller.text("account-sign-out-everywhere"), None))
        }
    }
}

async fn set_password(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<NewPassword>,
) -> Result<Response, Refusal> {
    let person = own(&console, &caller).await?;
    let mut errors = Errors::default();
    if !person.has_password || !is_own_password(&console, &caller, &headers, &form.password).await? {
        errors.add("password", Message::new("account-password-wrong"));
    }
    if let Err(id) = password::check(&form.new_password, &person.email, &person.name) {
        errors.add("new_password", Message::new(id));
    }
    if !errors.is_empty() {
        return show(&console, &caller, &errors).await;
    }
    let phc = console.passwords.hash(&form.new_password).await?;
    let act = Act::new("person.password-changed", &caller.actor()).on("person", &person.id, &person.name);
    console.store.set_password(&person.id, &phc, &caller.session, &act, console.now()).await?;
    Ok(Redirect::to("/account").into_response())
}

async fn remove_factor(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<Removal>,
) -> Result<Response, Refusal> {
    if let Some(answer) = wrong_password(&console, &caller, &headers, &form.password).await? {
        return Ok(answer);
    }
    let passkey = Some(form.passkey.as_str()).filter(|id| !id.is_empty());
    let act = Act::new("person.factor-removed", &caller.actor()).on("person", caller.id(), caller.name());
    let act = act.fact("factor", if passkey.is_some() { "passkey" } else { "totp" });
    match console.store.remove_factor(caller.id(), passkey, &act, console.now()).await? {
        Change::Taken => show(&console, &caller, &Errors::one("", Message::new("account-factor-last"))).await,
        _ => Ok(Redirect::to("/account").into_response()),
    }
}

async fn renew_codes(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<OwnPassword>,
) -> Result<Response, Refusal> {
    if let Some(answer) = wrong_password(&console, &caller, &headers, &form.password).await? {
        return Ok(answer);
    }
    let person = own(&console, &caller).await?;
    let codes = recovery::renew(&console, &person, &caller.actor()).await?;
    Ok(show_codes(&caller, &codes))
}

async fn set_language(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Posted(form): Posted<Language>,
) -> Result<Response, Refusal> {
    let mut response = Redirect::to("/account").into_response();
    if let Ok(lang) = form.lang.parse::<Lang>() {
        console.store.set_lang(caller.id(), lang.as_str()).await?;
        remember(&console, &mut response, LANG_COOKIE, lang.as_str());
    }
    Ok(response)
}

async fn end_session(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(session): Path<String>,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let act = Act::new("session.ended", &caller.actor());
    if !console.store.end_session(caller.id(), &session, &act, console.now()).await? {
        return Err(Refusal::not_found());
    }
    Ok(Redirect::to("/account").into_response())
}

async fn sign_out_everywhere(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let act = Act::new("session.all-ended", &caller.actor()).on("person", caller.id(), caller.name());
    console.store.end_sessions(caller.id(), None, &act, console.now()).await?;
    let mut response = Redirect::to("/sign-in").into_response();
    Cookie::Session.remove(&mut response, console.is_secure());
    Ok(response)
}
