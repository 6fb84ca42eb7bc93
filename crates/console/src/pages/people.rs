//! People: who has an account, what they may do, who is invited.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use yata_model::Message;
use yata_store::{Act, Change, Invitation, MAX_PEOPLE, Person, Standing};

use crate::access::{Need, Right, Role};
use crate::caller::Caller;
use crate::form::{After, NoFields, Posted, encoded};
use crate::invite::INVITATION_AGE;
use crate::layout;
use crate::pages::account::role_name;
use crate::pages::fields::{self, Errors, Field, choice, deed, form, section};
use crate::pages::join::is_email;
use crate::pages::say;
use crate::pages::sign_in::folded;
use crate::pages::table::cards;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Most services that one owner answers for.
const MAX_SERVICES: usize = 100;

/// Most characters of the id of a service.
const MAX_SERVICE_CHARS: usize = 200;

pub(crate) fn routes(routes: Routes) -> Routes {
    let need = Need::Right(Right::ManagePeople);
    routes
        .add(Method::GET, "/people", need, get(page))
        .add(Method::POST, "/people/invite", need, post(invite))
        .add(Method::POST, "/people/invitations/{invitation}/revoke", need, post(revoke))
        .add(Method::GET, "/people/{person}", need, get(person_page))
        .add(Method::POST, "/people/{person}", need, post(change))
        .add(Method::POST, "/people/{person}/reset", need, post(reset))
}

#[derive(Deserialize, Default)]
struct Invite {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    services: String,
}

#[derive(Deserialize)]
struct Changed {
    #[serde(default)]
    role: String,
    #[serde(default)]
    services: String,
    #[serde(default)]
    active: String,
}

/// Ids of services from a text: one a line, or with commas between them.
fn services_of(text: &str) -> Result<Vec<String>, Message> {
    let ids: Vec<String> =
        text.split([',', '\n', '、']).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect();
    let long = ids.iter().any(|id| id.chars().count() > MAX_SERVICE_CHARS || id.chars().any(char::is_control));
    if ids.len() > MAX_SERVICES || long { Err(Message::new("people-services-wrong")) } else { Ok(ids) }
}

fn roles(caller: &Caller) -> Vec<(&'static str, String)> {
    Role::ALL.iter().map(|role| (role.as_str(), role_name(caller, role.as_str()))).collect()
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(after): Query<After>,
) -> Result<Response, Refusal> {
    show(&console, &caller, after.after.as_deref().unwrap_or_default(), &Invite::default(), &Errors::default()).await
}

async fn show(
    console: &Console,
    caller: &Caller,
    after: &str,
    form: &Invite,
    errors: &Errors,
) -> Result<Response, Refusal> {
    let people = console.store.people(after).await?;
    let full = i64::try_from(people.len()).unwrap_or(i64::MAX) >= MAX_PEOPLE;
    let next = people.last().filter(|_| full).map(|person| format!("/people?after={}", encoded(&person.email)));
    let email = Field::new("email", "email", caller.text("sign-in-email")).holding(&form.email);
    let open = console.store.open_invitations(console.now()).await?;
    let fields = html! {
        (email.checked(caller, errors))
        (choice("role", &caller.text("people-role"), &roles(caller), &form.role))
        (services_field(caller, &form.services, errors))
    };
    let body = html! {
        (table(console, caller, &people))
        @if let Some(next) = next { p { a href=(next) rel="next" { (caller.text("people-more")) } } }
        (section(caller, "people-invite", "/people/invite", &fields, "people-invite-do"))
        @if !open.is_empty() { (open_links(console, caller, &open)) }
    };
    Ok(fields::page(caller, &caller.text("people-title"), &body, errors))
}

fn services_field(caller: &Caller, value: &str, errors: &Errors) -> Markup {
    let field = Field { optional: true, ..Field::new("text", "services", caller.text("people-services")) };
    html! { (field.holding(value).hint(caller.text("people-services-hint")).checked(caller, errors)) }
}

fn table(console: &Console, caller: &Caller, people: &[Person]) -> Markup {
    let columns = [
        ("sign-in-name", false),
        ("sign-in-email", false),
        ("people-role", false),
        ("people-standing", false),
        ("people-signed-in", false),
    ];
    let row = |person: &Person| {
        [
            html! { a href={ "/people/" (person.id) } { (say::clean(&person.name)) } },
            html! { (person.email) },
            html! { (role_name(caller, &person.role)) },
            html! { (standing(caller, person)) },
            html! { @if let Some(at) = person.signed_in_at { (say::moment(console, at)) } },
        ]
    };
    cards(caller, &caller.text("people-title"), columns, people.iter().map(row))
}

/// The one-time links that still work, each with a way to end it.
fn open_links(console: &Console, caller: &Caller, open: &[(String, Invitation)]) -> Markup {
    let columns = [
        ("sign-in-email", false),
        ("people-link-purpose", false),
        ("people-role", false),
        ("people-link-made-by", false),
        ("people-link-ends", false),
        ("people-link-revoke", false),
    ];
    let row = |(id, invitation): &(String, Invitation)| {
        [
            html! { (invitation.email) },
            html! { (purpose(caller, &invitation.purpose)) },
            html! { (role_name(caller, &invitation.role)) },
            html! { (say::clean(&invitation.made_by)) },
            say::moment(console, invitation.expires_at),
            deed(caller, &format!("/people/invitations/{id}/revoke"), &caller.text("people-link-revoke"), None),
        ]
    };
    let title = caller.text("people-open-links");
    html! {
        section {
            h2 { (title) }
            (cards(caller, &title, columns, open.iter().map(row)))
        }
    }
}

fn purpose(caller: &Caller, word: &str) -> String {
    caller.text(match word {
        "reset" => "people-link-reset",
        "first" => "people-link-first",
        _ => "people-link-join",
    })
}

async fn revoke(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let open = console.store.open_invitations(console.now()).await?;
    let (_, invitation) = open.into_iter().find(|(known, _)| *known == id).ok_or_else(Refusal::not_found)?;
    let person = invitation.person_id.as_deref().unwrap_or_default();
    let act = Act::new("person.invitation-revoked", &caller.actor()).on("person", person, &invitation.email);
    let act = act.fact("role", &invitation.role).fact("purpose", &invitation.purpose);
    if !console.store.revoke_invitation(&id, &act, console.now()).await? {
        return Err(Refusal::not_found());
    }
    Ok(Redirect::to("/people").into_response())
}

fn standing(caller: &Caller, person: &Person) -> String {
    match (person.active, person.signed_in_at) {
        (false, _) => caller.text("people-disabled"),
        (true, None) => caller.text("people-unfinished"),
        (true, Some(_)) => caller.text("people-active"),
    }
}

async fn invite(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Posted(form): Posted<Invite>,
) -> Result<Response, Refusal> {
    let email = folded(&form.email);
    let mut errors = Errors::default();
    if !is_email(&email) {
        errors.add("email", Message::new("sign-in-email-wrong"));
    } else if console.store.person_by_email(&email).await?.is_some_and(|person| person.signed_in_at.is_some()) {
        errors.add("email", Message::new("people-email-taken"));
    }
    let services = services_of(&form.services).unwrap_or_else(|message| {
        errors.add("services", message);
        Vec::new()
    });
    let role = Role::parse(&form.role).ok_or_else(Refusal::not_found);
    if !errors.is_empty() {
        return show(&console, &caller, "", &form, &errors).await;
    }
    let invitation = Invitation {
        purpose: "join".to_owned(),
        person_id: None,
        email,
        role: role?.as_str().to_owned(),
        services,
        made_by: caller.name().to_owned(),
        expires_at: console.now() + INVITATION_AGE,
    };
    let act = Act::new("person.invited", &caller.actor()).on("person", "", &invitation.email);
    let act = act.fact("role", &invitation.role).fact("purpose", "join");
    let link = console.link(&invitation, &act).await?;
    Ok(show_link(&console, &caller, &link, &invitation))
}

/// A one-time link, this once.
fn show_link(console: &Console, caller: &Caller, link: &str, invitation: &Invitation) -> Response {
    let body = html! {
        p { (caller.say(&Message::new("people-link-intro").with("email", invitation.email.as_str()))) }
        p { code { (link) } }
        p { (caller.text("people-link-until")) " " (say::moment(console, invitation.expires_at)) }
        p { a href="/people" { (caller.text("people-title")) } }
    };
    layout::page(caller, &caller.text("people-link-title"), &body)
}

async fn find(console: &Console, id: &str) -> Result<Person, Refusal> {
    console.store.person(id).await?.ok_or_else(Refusal::not_found)
}

async fn person_page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let person = find(&console, &id).await?;
    Ok(show_person(&caller, &person, &Errors::default()))
}

fn show_person(caller: &Caller, person: &Person, errors: &Errors) -> Response {
    let active = [("1", caller.text("people-active")), ("0", caller.text("people-disabled"))];
    let services = person.services.join(", ");
    let fields = html! {
        (choice("role", &caller.text("people-role"), &roles(caller), &person.role))
        (services_field(caller, &services, errors))
        (choice("active", &caller.text("people-standing"), &active, if person.active { "1" } else { "0" }))
        p .hint { (caller.text("people-change-hint")) }
    };
    let body = html! {
        (errors.above(caller))
        dl .facts {
            dt { (caller.text("sign-in-email")) } dd { (person.email) }
            dt { (caller.text("people-standing")) } dd { (standing(caller, person)) }
        }
        (form(caller, &format!("/people/{}", person.id), &fields, &caller.text("people-change-do")))
        @if person.has_password {
            section {
                h2 { (caller.text("people-reset")) }
                p { (caller.text("people-reset-intro")) }
                (deed(caller, &format!("/people/{}/reset", person.id), &caller.text("people-reset-do"), None))
            }
        }
        p { a href="/people" { (caller.text("people-title")) } }
    };
    fields::page(caller, &person.name, &body, errors)
}

async fn change(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(form): Posted<Changed>,
) -> Result<Response, Refusal> {
    let person = find(&console, &id).await?;
    let role = Role::parse(&form.role).ok_or_else(Refusal::not_found)?;
    let services = match services_of(&form.services) {
        Ok(services) => services,
        Err(message) => return Ok(show_person(&caller, &person, &Errors::one("services", message))),
    };
    let standing = Standing { role: role.as_str(), services: &services, active: form.active == "1" };
    let act = Act::new("person.changed", &caller.actor())
        .on("person", &person.id, &person.name)
        .fact("role", standing.role)
        .fact("role-before", &person.role)
        .fact("services", services.join(", "))
        .fact("active", if standing.active { "yes" } else { "no" });
    match console.store.set_standing(&person.id, &standing, &act, console.now()).await? {
        Change::Done => Ok(Redirect::to("/people").into_response()),
        Change::LastAdministrator => {
            let errors = Errors::one("", Message::new("people-last-administrator"));
            Ok(show_person(&caller, &person, &errors))
        }
        Change::NotThere | Change::Taken => Err(Refusal::not_found()),
    }
}

async fn reset(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(NoFields {}): Posted<NoFields>,
) -> Result<Response, Refusal> {
    let person = find(&console, &id).await?;
    if !person.has_password || !person.active || person.signed_in_at.is_none() {
        return Err(Refusal::not_found());
    }
    let invitation = Invitation {
        purpose: "reset".to_owned(),
        person_id: Some(person.id.clone()),
        email: person.email.clone(),
        role: person.role.clone(),
        services: person.services.clone(),
        made_by: caller.name().to_owned(),
        expires_at: console.now() + INVITATION_AGE,
    };
    let act = Act::new("person.invited", &caller.actor()).on("person", &person.id, &person.name);
    let act = act.fact("purpose", "reset");
    let link = console.link(&invitation, &act).await?;
    Ok(show_link(&console, &caller, &link, &invitation))
}
