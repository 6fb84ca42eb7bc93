//! Cookies, and the sessions they stand for.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use jiff::SignedDuration;
use yata_store::{Act, NewSession, Person, Stage};

use crate::caller::Caller;
use crate::identity::cookie;
use crate::problem::Refusal;
use crate::secret::{Keys, hash, random_text};
use crate::state::Console;

/// A session that was not used for this long is over.
pub(crate) const MAX_IDLE: SignedDuration = SignedDuration::from_mins(30);

/// A session is over after this, however much it is used.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(12);

/// How long somebody has to show or set up the second factor.
const MAX_HALF_WAY: SignedDuration = SignedDuration::from_mins(15);

/// How long a browser is remembered as one that its owner signed in with.
const DEVICE_AGE_S: i64 = 365 * 24 * 60 * 60;

/// Characters of the browser's name that are kept.
const MAX_AGENT_CHARS: usize = 200;

/// The cookies of the service. Under https their names begin with `__Host-`, so that no other host can set them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The token of a session.
    Session,
    /// What forms outside of a session are tied to.
    Form,
    /// That somebody signed in with this browser before.
    Device,
    /// What a single sign-on on its way must remember.
    SingleSignOn,
}

impl Cookie {
    /// Its name.
    pub(crate) fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Cookie::Session, true) => "__Host-yata",
            (Cookie::Session, false) => "yata_session",
            (Cookie::Form, true) => "__Host-yata_form",
            (Cookie::Form, false) => "yata_form",
            (Cookie::Device, true) => "__Host-yata_device",
            (Cookie::Device, false) => "yata_device",
            (Cookie::SingleSignOn, true) => "__Host-yata_sso",
            (Cookie::SingleSignOn, false) => "yata_sso",
        }
    }

    /// Its value in a request.
    pub(crate) fn of(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        cookie(headers, self.name(secure)).filter(|value| !value.is_empty())
    }

    /// Puts it into a response, for so many seconds; without a number for as long as the browser runs.
    pub(crate) fn put(self, response: &mut Response, secure: bool, value: &str, age_s: Option<i64>) {
        let name = self.name(secure);
        let age = age_s.map(|age_s| format!("; Max-Age={age_s}")).unwrap_or_default();
        let secure = if secure { "; Secure" } else { "" };
        // Lax: a link in a mail finds its reader signed in. What changes something needs more than the cookie.
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }

    /// Takes it away.
    pub(crate) fn remove(self, response: &mut Response, secure: bool) {
        self.put(response, secure, "", Some(0));
    }
}

/// What a request tells of its sender beside who it is.
pub(crate) fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().take(MAX_AGENT_CHARS).collect()
}

/// Starts a session with a new token, which takes the place of the caller's own, and puts its cookie into the response.
///
/// INVARIANT: whoever comes further gets a new token, so that one that somebody planted before is worth nothing.
pub(crate) async fn start(
    console: &Console,
    caller: &Caller,
    headers: &HeaderMap,
    person: &Person,
    stage: Stage,
    act: &Act,
    response: &mut Response,
) -> Result<(), Refusal> {
    let now = console.now();
    let token = random_text()?;
    let age = if stage == Stage::Full { MAX_AGE } else { MAX_HALF_WAY };
    let session = NewSession {
        token_hash: &hash(&token),
        person_id: &person.id,
        stage,
        csrf: &random_text()?,
        expires_at: now + age,
        user_agent: &agent(headers),
        address: caller.address.as_deref().unwrap_or_default(),
        replaces: Some(caller.session.as_str()).filter(|session| !session.is_empty()),
    };
    console.store.start_session(&session, act, now).await?;
    let secure = console.is_secure();
    Cookie::Session.put(response, secure, &token, None);
    if stage == Stage::Full {
        Cookie::Form.remove(response, secure);
        let value = device(Keys(&console.settings.secret), &person.email)?;
        Cookie::Device.put(response, secure, &value, Some(DEVICE_AGE_S));
    }
    Ok(())
}

/// A cookie that says that the owner of that account signed in with this browser before.
fn device(keys: Keys<'_>, email: &str) -> Result<String, Refusal> {
    let nonce = random_text()?;
    let mac = keys.mac("device", &[email, &nonce]);
    Ok(format!("{nonce}.{mac}"))
}

/// The number of the browser, if the owner of that account signed in with it before: what others do to the account from
/// elsewhere does not delay it (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
pub(crate) fn known_device<'a>(console: &Console, headers: &'a HeaderMap, email: &str) -> Option<&'a str> {
    let value = Cookie::Device.of(headers, console.is_secure())?;
    let (nonce, mac) = value.split_once('.')?;
    let expected = Keys(&console.settings.secret).mac("device", &[email, nonce]);
    crate::form::same(mac, &expected).then_some(nonce)
}
