//! Setting up a second factor: with the first sign-up, or later from the account.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method};
use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use yata_model::Message;
use yata_store::{Act, Change, Person, Stage};

use crate::access::Need;
use crate::caller::{Caller, Who};
use crate::form::Posted;
use crate::layout;
use crate::origin::host;
use crate::pages::account::is_own_password;
use crate::pages::fields::{self, Errors, Field};
use crate::pages::passkeys::creation_form;
use crate::pages::sign_in::{actor_of, complete, use_code};
use crate::problem::Refusal;
use crate::recovery;
use crate::routes::Routes;
use crate::secret::Keys;
use crate::session::MAX_IDLE;
use crate::state::Console;
use crate::totp;

/// Modules of white around a QR code (ISO/IEC 18004, section 9.1).
const QUIET_ZONE: usize = 4;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/account/factor", Need::FirstFactor, get(page)).add(
        Method::POST,
        "/account/totp",
        Need::FirstFactor,
        post(set_totp),
    )
}

#[derive(Deserialize)]
struct SetTotp {
    #[serde(default)]
    sealed: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
}

/// Who sets up a factor: somebody who is signed in, or who came in by a one-time link just now. A password alone is not
/// enough, or it would be both factors.
pub(crate) async fn owner(console: &Console, caller: &Caller) -> Result<Option<Person>, Refusal> {
    if matches!(caller.who, Who::FirstFactor { .. }) {
        let session = console.store.session(&caller.session, MAX_IDLE, console.now()).await?;
        let joining = session.filter(|(session, _)| session.stage == Stage::Joining);
        return Ok(joining.map(|(_, person)| person).filter(|person| !person.has_second_factor()));
    }
    let person = console.store.person(caller.id()).await?;
    Ok(person.filter(|person| person.has_password))
}

async fn page(State(console): State<Arc<Console>>, caller: Caller) -> Result<Response, Refusal> {
    match owner(&console, &caller).await? {
        Some(person) => show(&console, &caller, &person, None, &Errors::default()).await,
        None => not_now(&caller),
    }
}

/// What whoever may not set up a factor gets: half-way the one that is there comes first.
pub(crate) fn not_now(caller: &Caller) -> Result<Response, Refusal> {
    match caller.who {
        Who::FirstFactor { .. } => Ok(Redirect::to("/sign-in/second").into_response()),
        _ => Ok(Redirect::to("/account").into_response()),
    }
}

/// What a secret that is being set up is sealed for: this person in this session.
fn setup_of(caller: &Caller, person: &Person) -> String {
    format!("{} {}", person.id, caller.session)
}

pub(crate) async fn show(
    console: &Console,
    caller: &Caller,
    person: &Person,
    secret: Option<&[u8]>,
    errors: &Errors,
) -> Result<Response, Refusal> {
    let secret =
        secret.map_or_else(|| totp::new_secret().map(|secret| secret.to_vec()), |secret| Ok(secret.to_vec()))?;
    let sealed = Keys(&console.settings.secret).seal("totp-setup", &setup_of(caller, person), &secret)?;
    let address = totp::address(&secret, &person.email, host(&console.settings.public_url));
    let code = Field::code("code", caller.text("sign-in-code")).hint(caller.text("account-totp-code-hint"));
    let signed_in = matches!(caller.who, Who::Person { .. });
    let password = Field::password("password", caller.text("account-current-password"), "current-password");
    let passkey = creation_form(console, caller, person, errors).await?;
    let body = html! {
        p { (caller.text("account-factor-intro")) }
        (errors.above(caller))
        section {
            h2 { (caller.text("account-passkey")) }
            p { (caller.text("account-passkey-intro")) }
            (passkey)
        }
        section {
            h2 { (caller.text("account-totp")) }
            p { (caller.text("account-totp-intro")) }
            (qr_code(&caller.text("account-totp-qr"), &address))
            p { (caller.text("account-totp-secret")) " " code { (totp::base32(&secret)) } }
            form .stack method="post" action="/account/totp" {
                (layout::csrf(caller))
                input type="hidden" name="sealed" value=(sealed);
                (code.checked(caller, errors))
                @if signed_in { (password.checked(caller, errors)) }
                button type="submit" { (caller.text("account-totp-do")) }
            }
        }
    };
    Ok(fields::page(caller, &caller.text("account-factor-title"), &body, errors))
}

/// A text as a QR code, drawn with one path; dark on white in both colour schemes, as readers want it.
fn qr_code(title: &str, text: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return html! {} };
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{} {}h{}v1h-{}z", x + QUIET_ZONE, y + QUIET_ZONE, run.len(), run.len()));
            }
            x += run.len();
        }
    }
    let side = width + 2 * QUIET_ZONE;
    html! {
        svg .qr role="img" aria-label=(title) viewBox={ "0 0 " (side) " " (side) } width="240" height="240" xmlns="http://www.w3.org/2000/svg" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

async fn set_totp(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<SetTotp>,
) -> Result<Response, Refusal> {
    let Some(person) = owner(&console, &caller).await? else { return not_now(&caller) };
    let keys = Keys(&console.settings.secret);
    let Some(secret) = keys.open("totp-setup", &setup_of(&caller, &person), &form.sealed) else {
        return Ok(Redirect::to("/account/factor").into_response());
    };
    let mut errors = Errors::default();
    if matches!(caller.who, Who::Person { .. }) && !is_own_password(&console, &caller, &headers, &form.password).await?
    {
        errors.add("password", Message::new("account-password-wrong"));
    } else if !use_code(&console, &person.id, &secret, &form.code).await? {
        errors.add("code", Message::new("sign-in-code-wrong"));
    }
    if !errors.is_empty() {
        return show(&console, &caller, &person, Some(&secret), &errors).await;
    }
    let sealed = keys.seal("totp", &person.id, &secret)?;
    let act = Act::new("person.factor-added", &actor_of(&person, &caller));
    let act = act.on("person", &person.id, &person.name).fact("factor", "totp");
    if console.store.set_totp(&person.id, &sealed, &act, console.now()).await? != Change::Done {
        return Err(Refusal::forbidden());
    }
    added(&console, &caller, &headers, &person, "password+totp").await
}

/// What follows on a new factor: with the first one, the session becomes full and the recovery codes are shown.
pub(crate) async fn added(
    console: &Console,
    caller: &Caller,
    headers: &HeaderMap,
    person: &Person,
    with: &'static str,
) -> Result<Response, Refusal> {
    if matches!(caller.who, Who::Person { .. }) {
        return Ok(Redirect::to("/account").into_response());
    }
    let codes = recovery::renew(console, person, &actor_of(person, caller)).await?;
    let mut response = show_codes(caller, &codes);
    complete(console, caller, headers, person, with, &mut response).await?;
    Ok(response)
}

/// The recovery codes, this once.
pub(crate) fn show_codes(caller: &Caller, codes: &[String]) -> Response {
    let body = html! {
        p { (caller.text("account-codes-intro")) }
        ul .codes { @for code in codes { li { code { (code) } } } }
        p { a href="/" { (caller.text("account-codes-kept")) } }
    };
    layout::page(caller, &caller.text("account-codes-title"), &body)
}
