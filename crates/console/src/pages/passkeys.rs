//! Passkeys: adding one, and signing in with one.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response as HttpResponse};
use axum::routing::post;
use http::{HeaderMap, Method};
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::Message;
use yata_store::{Act, Change, Passkey, Person};

use crate::access::Need;
use crate::assets::VERSION;
use crate::attempts::{Attempt, Tried};
use crate::caller::{Caller, Who};
use crate::form::{Posted, own_path};
use crate::layout;
use crate::pages::account::is_own_password;
use crate::pages::factor::{added, not_now, owner, show};
use crate::pages::fields::{Errors, Field};
use crate::pages::join::clean_name;
use crate::pages::sign_in::{self, actor_of, complete, refused};
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;
use crate::webauthn::{self, Response};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::POST, "/account/passkeys", Need::FirstFactor, post(add)).add(
        Method::POST,
        "/sign-in/passkey",
        Need::Nothing,
        post(sign_in),
    )
}

#[derive(Deserialize)]
struct Add {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(flatten)]
    response: Response,
}

#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    next: String,
    #[serde(flatten)]
    response: Response,
}

/// The script of both forms; they are hidden until it runs, because nothing else can do their work.
fn script() -> Markup {
    html! { script src={ "/assets/passkey.js?v=" (VERSION) } defer {} }
}

/// The form that adds a passkey; empty where browsers do not let this service.
pub(crate) async fn creation_form(
    console: &Console,
    caller: &Caller,
    person: &Person,
    errors: &Errors,
) -> Result<Markup, Refusal> {
    if !webauthn::is_possible(console) {
        return Ok(html! { p .hint { (caller.text("account-passkey-impossible")) } });
    }
    let known = console.store.passkeys(&person.id).await?;
    let options = webauthn::creation_options(console, &caller.csrf, person, &known)?;
    let name = Field::new("text", "name", caller.text("account-passkey-name"));
    let own = Field::password("passkey-password", caller.text("account-current-password"), "current-password");
    Ok(html! {
        form .stack method="post" action="/account/passkeys" data-passkey="create" data-options=(options) hidden {
            (layout::csrf(caller))
            @for field in ["id", "client_data", "attestation"] { input type="hidden" name=(field); }
            (name.hint(caller.text("account-passkey-name-hint")).checked(caller, errors))
            @if matches!(caller.who, Who::Person { .. }) { (own.named("password").checked(caller, errors)) }
            p .error role="alert" hidden { (caller.text("account-passkey-failed")) }
            button type="submit" { (caller.text("account-passkey-do")) }
        }
        (script())
    })
}

/// The form that signs in with a passkey: any that the browser has, or one of `known`.
pub(crate) fn request_form(
    console: &Console,
    caller: &Caller,
    known: &[Passkey],
    next: &str,
) -> Result<Markup, Refusal> {
    if !webauthn::is_possible(console) {
        return Ok(html! {});
    }
    let options = webauthn::request_options(console, &caller.csrf, known)?;
    Ok(html! {
        form .stack method="post" action="/sign-in/passkey" data-passkey="get" data-options=(options) hidden {
            (layout::csrf(caller))
            input type="hidden" name="next" value=(own_path(next));
            @for field in ["id", "client_data", "authenticator_data", "signature", "user_handle"] {
                input type="hidden" name=(field);
            }
            p .error role="alert" hidden { (caller.text("sign-in-passkey-failed")) }
            button type="submit" { (caller.text("sign-in-passkey-do")) }
        }
        (script())
    })
}

async fn add(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<Add>,
) -> Result<HttpResponse, Refusal> {
    let Some(person) = owner(&console, &caller).await? else { return not_now(&caller) };
    let mut errors = Errors::default();
    let name = clean_name(&form.name);
    if name.is_none() {
        errors.add("name", Message::new("sign-in-name-wrong"));
    }
    if matches!(caller.who, Who::Person { .. }) && !is_own_password(&console, &caller, &headers, &form.password).await?
    {
        errors.add("password", Message::new("account-password-wrong"));
    }
    let created = match errors.is_empty() {
        true => webauthn::created(&console, &caller.csrf, &form.response).await?,
        false => None,
    };
    if errors.is_empty() && created.is_none() {
        errors.add("", Message::new("account-passkey-failed"));
    }
    let (Some(created), Some(name)) = (created, name) else {
        return show(&console, &caller, &person, None, &errors).await;
    };
    let passkey = Passkey {
        id: created.id,
        person_id: person.id.clone(),
        name,
        public_key: created.public_key,
        counter: created.counter,
        created_at: console.now(),
        used_at: None,
    };
    let act = Act::new("person.factor-added", &actor_of(&person, &caller));
    let act = act.on("person", &person.id, &person.name).fact("factor", "passkey").fact("name", &passkey.name);
    match console.store.add_passkey(&passkey, &act, console.now()).await? {
        Change::Done => added(&console, &caller, &headers, &person, "passkey").await,
        Change::Taken => {
            let errors = Errors::one("", Message::new("account-passkey-taken"));
            show(&console, &caller, &person, None, &errors).await
        }
        Change::NotThere | Change::LastAdministrator => Err(Refusal::forbidden()),
    }
}

async fn sign_in(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<SignIn>,
) -> Result<HttpResponse, Refusal> {
    let attempt = Attempt::begin(&console, &caller, &headers, Tried::Passkey, &form.response.id).await?;
    let passkey = console.store.passkey(&form.response.id).await?;
    let person = match &passkey {
        Some(passkey) => console.store.person(&passkey.person_id).await?,
        None => None,
    };
    // After a password it must be a passkey of the same person.
    let fits = |person: &Person| matches!(caller.who, Who::Nobody) || caller.id() == person.id;
    let person = person.filter(|person| person.active && person.signed_in_at.is_some() && fits(person));
    let (Some(passkey), Some(person)) = (passkey, person) else {
        return failed(&console, &caller, None, &form.next).await;
    };
    let Some(counter) = webauthn::shown(&console, &caller.csrf, &passkey, &form.response).await? else {
        return failed(&console, &caller, Some(&person), &form.next).await;
    };
    if !console.store.use_passkey(&passkey.id, passkey.counter, counter, console.now()).await? {
        return failed(&console, &caller, Some(&person), &form.next).await;
    }
    attempt.succeeded(&console).await?;
    let mut response = Redirect::to(own_path(&form.next)).into_response();
    complete(&console, &caller, &headers, &person, "passkey", &mut response).await?;
    Ok(response)
}

async fn failed(
    console: &Console,
    caller: &Caller,
    person: Option<&Person>,
    next: &str,
) -> Result<HttpResponse, Refusal> {
    refused(console, caller, person, "passkey").await?;
    let errors = Errors::one("", Message::new("sign-in-passkey-failed"));
    sign_in::show(console, caller, "", next, &errors)
}
