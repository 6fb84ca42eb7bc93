//! Signing in: the password first, then the second factor.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method};
use jiff::SignedDuration;
use maud::html;
use serde::Deserialize;
use yata_model::Message;
use yata_store::{Act, Actor, ActorKind, Person, Stage};

use crate::access::Need;
use crate::attempts::{Attempt, Tried};
use crate::caller::{Caller, Who};
use crate::form::{NoFields, Posted, encoded, own_path};
use crate::layout;
use crate::pages::factor;
use crate::pages::fields::{self, Errors, Field};
use crate::pages::passkeys::request_form;
use crate::problem::Refusal;
use crate::recovery;
use crate::routes::Routes;
use crate::secret::{Keys, base64url, hash};
use crate::session::{self, Cookie};
use crate::state::Console;
use crate::totp;

/// Most characters of an address (RFC 5321, section 4.5.3.1.3).
const MAX_EMAIL_CHARS: usize = 254;

/// How long a used one-time code is remembered: longer than any clock is set back.
const CODE_MEMORY: SignedDuration = SignedDuration::from_hours(24 * 30);

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/sign-in", Need::Nothing, get(page))
        .add(Method::POST, "/sign-in", Need::Nothing, post(sign_in))
        .add(Method::GET, "/sign-in/second", Need::FirstFactor, get(second_page))
        .add(Method::POST, "/sign-in/second", Need::FirstFactor, post(second))
        .add(Method::POST, "/sign-out", Need::FirstFactor, post(sign_out))
}

/// Where to go afterwards.
#[derive(Deserialize)]
pub(crate) struct Onward {
    #[serde(default)]
    pub(crate) next: String,
}

#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Second {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// An address as it is compared.
pub(crate) fn folded(email: &str) -> String {
    email.trim().to_lowercase().chars().take(MAX_EMAIL_CHARS).collect()
}

/// Who acts, when it is not the caller yet.
pub(crate) fn actor_of(person: &Person, caller: &Caller) -> Actor {
    let (id, name) = (person.id.clone(), person.name.clone());
    Actor { kind: ActorKind::Person, id, name, address: caller.address.clone() }
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(onward): Query<Onward>,
) -> Result<Response, Refusal> {
    match &caller.who {
        Who::Person { .. } => Ok(Redirect::to(own_path(&onward.next)).into_response()),
        Who::FirstFactor { .. } => Ok(to_second(&onward.next)),
        Who::Nobody | Who::Token { .. } => show(&console, &caller, "", &onward.next, &Errors::default()),
    }
}

fn to_second(next: &str) -> Response {
    Redirect::to(&format!("/sign-in/second?next={}", encoded(own_path(next)))).into_response()
}

pub(crate) fn show(
    console: &Console,
    caller: &Caller,
    email: &str,
    next: &str,
    errors: &Errors,
) -> Result<Response, Refusal> {
    let email_field = Field { autocomplete: "username", ..Field::new("email", "email", caller.text("sign-in-email")) };
    let password = Field::password("password", caller.text("sign-in-password"), "current-password");
    let passkey = request_form(console, caller, &[], next)?;
    let body = html! {
        (errors.above(caller))
        form .stack method="post" action="/sign-in" {
            (layout::csrf(caller))
            input type="hidden" name="next" value=(own_path(next));
            (email_field.holding(email))
            (password)
            button type="submit" { (caller.text("sign-in-do")) }
        }
        (passkey)
        @if let Some(oidc) = &console.settings.oidc {
            p { a .button href={ "/sign-in/sso?next=" (encoded(own_path(next))) } {
                (caller.say(&Message::new("sign-in-sso-do").with("name", oidc.name.as_str())))
            } }
        }
        p .hint { (caller.text("sign-in-lost")) }
    };
    Ok(fields::page(caller, &caller.text("sign-in-title"), &body, errors))
}

async fn sign_in(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<SignIn>,
) -> Result<Response, Refusal> {
    let email = folded(&form.email);
    let attempt = Attempt::begin(&console, &caller, &headers, Tried::Password, &email).await?;
    // The same steps whether there is such an account or not: nobody learns it from answer or time.
    let person = console.store.person_by_email(&email).await?.filter(|person| person.active);
    let id = person.as_ref().map_or("", |person| person.id.as_str());
    let password = console.store.secrets(id).await?.and_then(|secrets| secrets.password);
    let right = console.passwords.verify(&form.password, password).await?;
    let Some(person) = person.as_ref().filter(|_| right) else {
        refused(&console, &caller, person.as_ref(), "password").await?;
        let errors = Errors::one("", Message::new("sign-in-wrong"));
        return show(&console, &caller, &email, &form.next, &errors);
    };
    attempt.succeeded(&console).await?;
    if !person.has_second_factor() {
        let errors = Errors::one("", Message::new("sign-in-unfinished"));
        return show(&console, &caller, &email, &form.next, &errors);
    }
    let mut response = to_second(&form.next);
    let act = Act::new("session.password-shown", &actor_of(person, &caller)).on("person", &person.id, &person.name);
    session::start(&console, &caller, &headers, person, Stage::Password, &act, &mut response).await?;
    Ok(response)
}

/// Writes down a sign-in that failed. What was typed is not: people type passwords into the wrong field.
pub(crate) async fn refused(
    console: &Console,
    caller: &Caller,
    person: Option<&Person>,
    by: &'static str,
) -> Result<(), Refusal> {
    let actor = match person {
        Some(person) => actor_of(person, caller),
        None => Actor { address: caller.address.clone(), ..Actor::local("") },
    };
    let mut act = Act::new("session.started", &actor).fact("with", by).refused();
    if let Some(person) = person {
        act = act.on("person", &person.id, &person.name);
    }
    Ok(console.store.note_act(&act, console.now()).await?)
}

async fn second_page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(onward): Query<Onward>,
) -> Result<Response, Refusal> {
    if matches!(caller.who, Who::Person { .. }) {
        return Ok(Redirect::to(own_path(&onward.next)).into_response());
    }
    if factor::owner(&console, &caller).await?.is_some() {
        return Ok(Redirect::to("/account/factor").into_response());
    }
    let person = console.store.person(caller.id()).await?.ok_or_else(Refusal::unauthorized)?;
    show_second(&console, &caller, &person, &onward.next, &Errors::default()).await
}

async fn show_second(
    console: &Console,
    caller: &Caller,
    person: &Person,
    next: &str,
    errors: &Errors,
) -> Result<Response, Refusal> {
    let code = Field::code("code", caller.text("sign-in-code")).hint(caller.text("sign-in-code-hint"));
    let passkeys = console.store.passkeys(&person.id).await?;
    let passkey = if passkeys.is_empty() {
        html! {}
    } else {
        request_form(console, caller, &passkeys, next)?
    };
    let body = html! {
        (passkey)
        @if person.has_totp || !passkeys.is_empty() {
            form .stack method="post" action="/sign-in/second" {
                (layout::csrf(caller))
                input type="hidden" name="next" value=(own_path(next));
                (code.checked(caller, errors))
                button type="submit" { (caller.text("sign-in-do")) }
            }
        }
        form method="post" action="/sign-out" {
            (layout::csrf(caller))
            button type="submit" { (caller.text("sign-in-other-account")) }
        }
    };
    Ok(fields::page(caller, &caller.text("sign-in-second-title"), &body, errors))
}

async fn second(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<Second>,
) -> Result<Response, Refusal> {
    // A session that is full has nothing to show here.
    if matches!(caller.who, Who::Person { .. }) {
        return Ok(Redirect::to(own_path(&form.next)).into_response());
    }
    let person = console.store.person(caller.id()).await?.ok_or_else(Refusal::unauthorized)?;
    let attempt = Attempt::begin(&console, &caller, &headers, Tried::Second, &person.email).await?;
    let with = if is_code(&console, &person, &form.code).await? {
        "password+totp"
    } else if recovery::use_up(&console, &person, &form.code).await? {
        "password+recovery-code"
    } else {
        refused(&console, &caller, Some(&person), "totp").await?;
        let errors = Errors::one("code", Message::new("sign-in-code-wrong"));
        return show_second(&console, &caller, &person, &form.next, &errors).await;
    };
    attempt.succeeded(&console).await?;
    let mut response = Redirect::to(own_path(&form.next)).into_response();
    complete(&console, &caller, &headers, &person, with, &mut response).await?;
    Ok(response)
}

/// Makes the caller a person who is signed in.
pub(crate) async fn complete(
    console: &Console,
    caller: &Caller,
    headers: &HeaderMap,
    person: &Person,
    with: &'static str,
    response: &mut Response,
) -> Result<(), Refusal> {
    let act = Act::new("session.started", &actor_of(person, caller))
        .on("person", &person.id, &person.name)
        .fact("with", with);
    session::start(console, caller, headers, person, Stage::Full, &act, response).await
}

/// Whether it is a one-time code of the person that counts now and was not used before.
async fn is_code(console: &Console, person: &Person, given: &str) -> Result<bool, Refusal> {
    let sealed = console.store.secrets(&person.id).await?.and_then(|secrets| secrets.totp);
    let secret = sealed.and_then(|sealed| Keys(&console.settings.secret).open("totp", &person.id, &sealed));
    match secret {
        Some(secret) => use_code(console, &person.id, &secret, given).await,
        None => Ok(false),
    }
}

/// Whether the code is right for the secret and was not used before; it is used up.
pub(crate) async fn use_code(console: &Console, person_id: &str, secret: &[u8], given: &str) -> Result<bool, Refusal> {
    let now = console.now();
    let Some(step) = totp::matching(secret, given, now) else { return Ok(false) };
    let which = Keys(&console.settings.secret).mac("totp-used", &[person_id, &base64url(secret)]);
    let key = hash(&format!("totp {which} {step}"));
    Ok(console.store.use_once(&key, now + CODE_MEMORY, now).await?)
}

async fn sign_out(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let act = Act::new("session.ended", &caller.actor());
    console.store.end_session(caller.id(), &caller.session, &act, console.now()).await?;
    let mut response = Redirect::to("/sign-in").into_response();
    Cookie::Session.remove(&mut response, console.is_secure());
    Ok(response)
}
