//! Coming in by a one-time link: name, address and password; the second factor follows.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode};
use maud::html;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;
use yata_model::Message;
use yata_store::{Act, Change, Invitation, NewPerson, Person, Stage};

use crate::access::Need;
use crate::caller::Caller;
use crate::form::Posted;
use crate::layout;
use crate::pages::fields::{self, Errors, Field};
use crate::pages::sign_in::{actor_of, folded};
use crate::password;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::secret::hash;
use crate::session;
use crate::state::Console;

/// Most characters of a name.
const MAX_NAME_CHARS: usize = 200;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/join", Need::Nothing, get(page)).add(Method::POST, "/join", Need::Nothing, post(join))
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize, Default)]
struct Join {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// Whether it can be an address: one `@` with something on both sides, nothing that no address has.
pub(crate) fn is_email(text: &str) -> bool {
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>\"'(),;:\\[]".contains(c));
    let parts: Vec<&str> = text.split('@').collect();
    plain && text.len() <= 254 && matches!(parts.as_slice(), [local, domain] if !local.is_empty() && !domain.is_empty())
}

/// A name as it is kept; `None` for what is no name: empty, too long, or with characters that nobody sees.
pub(crate) fn clean_name(text: &str) -> Option<String> {
    let name: String = text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let count = name.chars().count();
    ((1..=MAX_NAME_CHARS).contains(&count) && !name.chars().any(unseen)).then_some(name)
}

/// The invitation of a link, and the account that it is for, if it gives a new way to sign in.
async fn find(console: &Console, token: &str) -> Result<Option<(Invitation, Option<Person>)>, Refusal> {
    let Some(invitation) = console.store.invitation(&hash(token), console.now()).await? else { return Ok(None) };
    let person = match &invitation.person_id {
        Some(id) if invitation.purpose == "reset" => console.store.person(id).await?.filter(|person| person.active),
        _ => None,
    };
    Ok((invitation.purpose != "reset" || person.is_some()).then_some((invitation, person)))
}

fn gone(caller: &Caller) -> Response {
    let body =
        html! { p { (caller.text("sign-in-join-gone")) } p { a href="/sign-in" { (caller.text("sign-in-title")) } } };
    (StatusCode::NOT_FOUND, layout::page(caller, &caller.text("sign-in-join-title"), &body)).into_response()
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(link): Query<Link>,
) -> Result<Response, Refusal> {
    let Some((invitation, person)) = find(&console, &link.token).await? else { return Ok(gone(&caller)) };
    let form = Join { token: link.token, ..Join::default() };
    Ok(show(&caller, &invitation, person.as_ref(), &form, &Errors::default()))
}

fn show(caller: &Caller, invitation: &Invitation, person: Option<&Person>, form: &Join, errors: &Errors) -> Response {
    let known = person.map(|person| (person.name.as_str(), person.email.as_str()));
    let (name, email) =
        known.unwrap_or((&form.name, if invitation.email.is_empty() { &form.email } else { &invitation.email }));
    let name_field = Field {
        autocomplete: "name",
        fixed: person.is_some(),
        ..Field::new("text", "name", caller.text("sign-in-name"))
    };
    let fixed = person.is_some() || !invitation.email.is_empty();
    let email_field =
        Field { autocomplete: "username", fixed, ..Field::new("email", "email", caller.text("sign-in-email")) };
    let password = Field::password("password", caller.text("sign-in-new-password"), "new-password");
    let body = html! {
        p { @if person.is_some() { (caller.text("sign-in-reset-intro")) } @else { (caller.text("sign-in-join-intro")) } }
        (errors.above(caller))
        form .stack method="post" action="/join" {
            (layout::csrf(caller))
            input type="hidden" name="token" value=(form.token);
            (name_field.holding(name).hint(caller.text("sign-in-name-hint")).checked(caller, errors))
            (email_field.holding(email).checked(caller, errors))
            (password.hint(caller.text("sign-in-new-password-hint")).checked(caller, errors))
            button type="submit" { (caller.text("sign-in-join-do")) }
        }
    };
    fields::page(caller, &caller.text("sign-in-join-title"), &body, errors)
}

async fn join(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<Join>,
) -> Result<Response, Refusal> {
    let Some((invitation, known)) = find(&console, &form.token).await? else { return Ok(gone(&caller)) };
    let (name, email) = match &known {
        Some(person) => (Some(person.name.clone()), person.email.clone()),
        None if invitation.email.is_empty() => (clean_name(&form.name), folded(&form.email)),
        None => (clean_name(&form.name), invitation.email.clone()),
    };
    let mut errors = Errors::default();
    if name.is_none() {
        errors.add("name", Message::new("sign-in-name-wrong"));
    }
    if !is_email(&email) {
        errors.add("email", Message::new("sign-in-email-wrong"));
    }
    let name = name.unwrap_or_default();
    if let Err(id) = password::check(&form.password, &email, &name) {
        errors.add("password", Message::new(id));
    }
    if !errors.is_empty() {
        return Ok(show(&caller, &invitation, known.as_ref(), &form, &errors));
    }
    let phc = console.passwords.hash(&form.password).await?;
    let id = known.as_ref().map_or_else(|| format!("pe_{}", Uuid::now_v7().simple()), |person| person.id.clone());
    let new = NewPerson {
        id: &id,
        email: &email,
        name: &name,
        role: &invitation.role,
        services: &invitation.services,
        password: Some(&phc),
        oidc_subject: None,
        lang: caller.lang.as_str(),
    };
    let what = if known.is_some() { "person.password-changed" } else { "person.joined" };
    let by = yata_store::Actor { id: id.clone(), name: name.clone(), ..caller.actor() };
    let act = Act::new(what, &by)
        .on("person", &id, &name)
        .fact("role", &invitation.role)
        .fact("purpose", &invitation.purpose);
    match console.store.join(&hash(&form.token), &new, &act, console.now()).await? {
        Change::Done => {}
        Change::Taken => {
            let errors = Errors::one("email", Message::new("sign-in-email-taken"));
            return Ok(show(&caller, &invitation, known.as_ref(), &form, &errors));
        }
        Change::NotThere | Change::LastAdministrator => return Ok(gone(&caller)),
    }
    let person = console.store.person(&id).await?.ok_or_else(Refusal::internal)?;
    let mut response = Redirect::to("/account/factor").into_response();
    let act = Act::new("session.password-shown", &actor_of(&person, &caller)).on("person", &person.id, &person.name);
    session::start(&console, &caller, &headers, &person, Stage::Joining, &act, &mut response).await?;
    Ok(response)
}
