//! Single sign-on: to the provider (authorization code with PKCE), and back.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use maud::html;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use yata_model::Message;
use yata_store::{Act, Actor, ActorKind, Change, NewPerson, Person, Standing};

use crate::access::{Need, Role};
use crate::attempts::Attempt;
use crate::caller::{Caller, Who};
use crate::form::{Posted, encoded, own_path, same};
use crate::layout;
use crate::oidc::{Grant, OidcError};
use crate::pages::account::{OwnPassword, own, show, wrong_password};
use crate::pages::fields::Errors;
use crate::pages::join::{clean_name, is_email};
use crate::pages::sign_in::{Onward, complete, folded, refused};
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::secret::{Keys, base64url, hash, random_text};
use crate::session::Cookie;
use crate::state::{Console, OidcSettings};

/// How long somebody may stay at the provider.
const MAX_AWAY: SignedDuration = SignedDuration::from_mins(10);

/// Most characters of where to go afterwards: browsers keep no cookie that is much longer.
const MAX_NEXT_CHARS: usize = 2_000;

const CALLBACK: &str = "/sign-in/sso/callback";

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/sign-in/sso", Need::Nothing, get(begin))
        .add(Method::GET, CALLBACK, Need::Nothing, get(back))
        .add(Method::POST, "/account/sso", Need::Person, post(begin_to_connect))
        .add(Method::POST, "/account/sso/disconnect", Need::Person, post(disconnect))
}

/// What is remembered in a sealed cookie while somebody is at the provider.
#[derive(Serialize, Deserialize)]
struct Away {
    state: String,
    nonce: String,
    verifier: String,
    next: String,
    until: i64,
    /// The session that wants to connect its account, instead of signing in.
    connects: String,
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    iss: String,
}

/// Why nobody was signed in.
enum Failed {
    /// Something that a page says, and the ledger keeps.
    Said(Message),
    /// The same for what anybody can send any number of times: the ledger does not keep it.
    Idle(Message),
    /// Anything else.
    Refused(Refusal),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Failed::Refused(refusal)
    }
}

impl From<yata_store::StoreError> for Failed {
    fn from(error: yata_store::StoreError) -> Self {
        Failed::Refused(error.into())
    }
}

fn message(why: &'static str) -> Message {
    Message::new("sign-in-sso-failed").with("why", why)
}

fn failed(why: &'static str) -> Failed {
    Failed::Said(message(why))
}

impl From<OidcError> for Failed {
    fn from(error: OidcError) -> Self {
        tracing::warn!(%error, "single sign-on");
        match error {
            OidcError::Unreachable(_) => Failed::Idle(message("provider-unreachable")),
            OidcError::Refused(_) => failed("provider-refused"),
            OidcError::Wrong(_) => failed("token-wrong"),
        }
    }
}

async fn begin(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(onward): Query<Onward>,
) -> Result<Response, Refusal> {
    let oidc = console.settings.oidc.as_ref().ok_or_else(Refusal::not_found)?;
    let next = Some(own_path(&onward.next)).filter(|next| next.len() <= MAX_NEXT_CHARS).unwrap_or("/");
    if matches!(caller.who, Who::Person { .. }) {
        return Ok(Redirect::to(next).into_response());
    }
    Attempt::at_provider(&console, &caller).await?;
    match way_to_provider(&console, oidc, next, "").await {
        Ok((place, sealed)) => Ok(remembering(&console, &sealed, Redirect::to(&place).into_response())),
        Err(why) => said(&console, &caller, why).await,
    }
}

/// Begins to connect the account of who is signed in and knows its password: whoever is known at the provider by the
/// browser's sessions there will be able to open the account.
async fn begin_to_connect(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<OwnPassword>,
) -> Result<Response, Refusal> {
    let oidc = console.settings.oidc.as_ref().ok_or_else(Refusal::not_found)?;
    let person = own(&console, &caller).await?;
    if person.has_oidc {
        return show(&console, &caller, &Errors::one("", Message::new("account-sso-already"))).await;
    }
    if let Some(answer) = wrong_password(&console, &caller, &headers, &form.password).await? {
        return Ok(answer);
    }
    let (place, sealed) = match way_to_provider(&console, oidc, "/account", &caller.session).await {
        Ok(way) => way,
        Err(why) => return said(&console, &caller, why).await,
    };
    // A link and not a redirection: a form may lead only to our own pages.
    let onward = caller.say(&Message::new("account-sso-onward").with("name", oidc.name.as_str()));
    let button = caller.say(&Message::new("account-sso-do").with("name", oidc.name.as_str()));
    let body = html! { p { (onward) } p { a .button #provider href=(place) { (button) } } };
    Ok(remembering(&console, &sealed, layout::page(&caller, &caller.text("account-sso"), &body)))
}

async fn disconnect(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Posted(form): Posted<OwnPassword>,
) -> Result<Response, Refusal> {
    if let Some(answer) = wrong_password(&console, &caller, &headers, &form.password).await? {
        return Ok(answer);
    }
    let act = Act::new("person.disconnected", &caller.actor()).on("person", caller.id(), caller.name());
    console.store.clear_subject(caller.id(), &act, console.now()).await?;
    Ok(Redirect::to("/account").into_response())
}

/// The response with the sealed cookie of somebody who goes to the provider.
fn remembering(console: &Console, sealed: &str, mut response: Response) -> Response {
    Cookie::SingleSignOn.put(&mut response, console.is_secure(), sealed, Some(MAX_AWAY.as_secs()));
    response
}

/// The address at the provider, and what is to be remembered meanwhile, sealed.
async fn way_to_provider(
    console: &Console,
    oidc: &OidcSettings,
    next: &str,
    connects: &str,
) -> Result<(String, String), Failed> {
    let metadata = console.provider.metadata(console, oidc).await?;
    let away = Away {
        state: random_text().map_err(Refusal::from)?,
        nonce: random_text().map_err(Refusal::from)?,
        verifier: random_text().map_err(Refusal::from)?,
        next: next.to_owned(),
        until: (console.now() + MAX_AWAY).as_second(),
        connects: connects.to_owned(),
    };
    let challenge = base64url(&Sha256::digest(away.verifier.as_bytes()));
    let scope = ["openid", "profile", "email"].into_iter().chain(oidc.extra_scopes.iter().map(String::as_str));
    let query = [
        ("response_type", "code"),
        ("client_id", oidc.client_id.as_str()),
        ("redirect_uri", &format!("{}{CALLBACK}", console.settings.public_url)),
        ("scope", &scope.collect::<Vec<_>>().join(" ")),
        ("state", &away.state),
        ("nonce", &away.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let join = if metadata.authorization_endpoint.contains('?') { '&' } else { '?' };
    let place = format!("{}{join}{}", metadata.authorization_endpoint, query.join("&"));
    let away = serde_json::to_vec(&away).map_err(|_| Refusal::internal())?;
    Ok((place, Keys(&console.settings.secret).seal("sso", "", &away)?))
}

async fn back(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Refusal> {
    let oidc = console.settings.oidc.as_ref().ok_or_else(Refusal::not_found)?;
    let attempt = Attempt::at_provider(&console, &caller).await?;
    let mut response = match arrive(&console, oidc, &caller, &headers, &back).await {
        Ok(response) => {
            if let Some(attempt) = attempt {
                attempt.succeeded(&console).await?;
            }
            response
        }
        Err(why) => said(&console, &caller, why).await?,
    };
    Cookie::SingleSignOn.remove(&mut response, console.is_secure());
    Ok(response)
}

/// The page that says why nobody was signed in; the ledger keeps it too, where it is worth it.
async fn said(console: &Console, caller: &Caller, why: Failed) -> Result<Response, Refusal> {
    let message = match why {
        Failed::Said(message) => {
            refused(console, caller, None, "sso").await?;
            message
        }
        Failed::Idle(message) => message,
        Failed::Refused(refusal) => return Err(refusal),
    };
    let body = html! {
        p .error role="alert" { (caller.say(&message)) }
        p { a href="/sign-in" { (caller.text("sign-in-title")) } }
    };
    Ok((StatusCode::FORBIDDEN, layout::page(caller, &caller.text("sign-in-sso-title"), &body)).into_response())
}

async fn arrive(
    console: &Console,
    oidc: &OidcSettings,
    caller: &Caller,
    headers: &HeaderMap,
    back: &Back,
) -> Result<Response, Failed> {
    let away = away_of(console, headers, back).await?;
    if !back.error.is_empty() || back.code.is_empty() {
        return Err(failed("provider-refused"));
    }
    if !back.iss.is_empty() && back.iss != oidc.issuer {
        return Err(failed("issuer-wrong"));
    }
    let redirect_uri = format!("{}{CALLBACK}", console.settings.public_url);
    let grant = Grant { code: &back.code, verifier: &away.verifier, nonce: &away.nonce, redirect_uri: &redirect_uri };
    let claims = console.provider.claims(console, oidc, grant).await?;
    // INVARIANT: checked with the token, it is there.
    let subject = format!("{} {}", oidc.issuer, claims.get("sub").and_then(Value::as_str).unwrap_or_default());
    if !away.connects.is_empty() {
        return connect(console, caller, &away, &subject).await;
    }
    let role = role_of(oidc, &claims);
    let Some(role) = role else {
        let message = Message::new("sign-in-sso-no-group").with("name", oidc.name.as_str());
        return Err(Failed::Said(message));
    };
    let person = person_of(console, oidc, caller, &claims, &subject, role).await?;
    let mut response = Redirect::to(own_path(&away.next)).into_response();
    complete(console, caller, headers, &person, "sso", &mut response).await?;
    Ok(response)
}

/// What was remembered, if this answer belongs to it; it works once.
async fn away_of(console: &Console, headers: &HeaderMap, back: &Back) -> Result<Away, Failed> {
    let sealed = Cookie::SingleSignOn.of(headers, console.is_secure()).unwrap_or_default();
    let away = Keys(&console.settings.secret).open("sso", "", sealed);
    let away: Option<Away> = away.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let now = console.now();
    // Without a cookie of ours it is nobody that we sent: that is no sign-in, and costs no line in the ledger.
    let away = away.ok_or_else(|| Failed::Idle(message("state-wrong")))?;
    if now.as_second() >= away.until {
        return Err(Failed::Idle(message("state-wrong")));
    }
    if !same(&away.state, &back.state) {
        return Err(failed("state-wrong"));
    }
    let until = Timestamp::from_second(away.until).unwrap_or(now) + MAX_AWAY;
    if !console.store.use_once(&hash(&format!("sso {}", away.state)), until, now).await? {
        return Err(failed("state-used"));
    }
    Ok(away)
}

/// The strongest role that the groups in the claims give.
fn role_of(oidc: &OidcSettings, claims: &Map<String, Value>) -> Option<Role> {
    let groups: Vec<&str> = match claims.get(&oidc.groups_claim) {
        Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(group)) => vec![group],
        _ => Vec::new(),
    };
    groups.iter().filter_map(|group| oidc.role_by_group.get(*group)).max().copied()
}

/// The account of the subject with the role of today, made where there is none.
async fn person_of(
    console: &Console,
    oidc: &OidcSettings,
    caller: &Caller,
    claims: &Map<String, Value>,
    subject: &str,
    role: Role,
) -> Result<Person, Failed> {
    let now = console.now();
    let by = |id: &str, name: &str| Actor {
        kind: ActorKind::Person,
        id: id.to_owned(),
        name: name.to_owned(),
        address: caller.address.clone(),
    };
    if let Some(person) = console.store.person_by_subject(subject).await? {
        if !person.active {
            return Err(Failed::Said(Message::new("sign-in-sso-disabled")));
        }
        if person.role != role.as_str() {
            let standing = Standing { role: role.as_str(), services: &person.services, active: true };
            let act = Act::new("person.changed", &by(&person.id, &person.name)).on("person", &person.id, &person.name);
            let act = act.fact("role", role.as_str()).fact("role-before", &person.role).because("groups");
            match console.store.set_standing(&person.id, &standing, &act, now).await? {
                Change::Done => {}
                Change::LastAdministrator => {
                    let message = Message::new("sign-in-sso-last-administrator").with("name", oidc.name.as_str());
                    return Err(Failed::Said(message));
                }
                Change::NotThere | Change::Taken => return Err(failed("account-gone")),
            }
        }
        return Ok(console.store.person(&person.id).await?.ok_or_else(Refusal::internal)?);
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let email = folded(text("email").unwrap_or_default());
    let verified = claims.get("email_verified").and_then(Value::as_bool).unwrap_or(true);
    if !is_email(&email) || !verified {
        return Err(failed("no-address"));
    }
    let name = ["name", "preferred_username", "email"].into_iter().filter_map(text).find_map(clean_name);
    let name = name.ok_or_else(|| failed("no-name"))?;
    let id = format!("pe_{}", Uuid::now_v7().simple());
    let new = NewPerson {
        id: &id,
        email: &email,
        name: &name,
        role: role.as_str(),
        services: &[],
        password: None,
        oidc_subject: Some(subject),
        lang: caller.lang.as_str(),
    };
    let act = Act::new("person.joined", &by(&id, &name)).on("person", &id, &name);
    let act = act.fact("role", role.as_str()).fact("purpose", "sso");
    match console.store.add_person(&new, &act, now).await? {
        Change::Done => Ok(console.store.person(&id).await?.ok_or_else(Refusal::internal)?),
        _ => Err(Failed::Said(Message::new("sign-in-sso-taken"))),
    }
}

/// Lets the provider lead to the account of who is signed in; only in the session that asked for it.
async fn connect(console: &Console, caller: &Caller, away: &Away, subject: &str) -> Result<Response, Failed> {
    if !matches!(caller.who, Who::Person { .. }) || !same(&caller.session, &away.connects) {
        return Err(failed("session-ended"));
    }
    let act = Act::new("person.connected", &caller.actor()).on("person", caller.id(), caller.name());
    match console.store.set_subject(caller.id(), subject, &act, console.now()).await? {
        Change::Done => Ok(Redirect::to("/account").into_response()),
        _ => Err(failed("subject-taken")),
    }
}
