//! The provider of single sign-on: where it is, its keys, and the exchange of a code for an ID token.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::form::encoded;
use crate::jwt::{self, Expected, KeySet, Wrong};
use crate::outbound::{self, Failed};
use crate::state::{Console, OidcSettings};

/// How long a request to the provider may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes of an answer of the provider.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// How long what the provider says of itself counts.
const METADATA_AGE: SignedDuration = SignedDuration::from_hours(1);

/// A provider that did not say it anew is asked again after this long.
const METADATA_RETRY: SignedDuration = SignedDuration::from_secs(30);

/// How long what it said counts where it says nothing new.
const MAX_METADATA_AGE: SignedDuration = SignedDuration::from_hours(24);

/// A key that is not known is looked for at most this often.
const KEYS_AGE: SignedDuration = SignedDuration::from_secs(30);

/// Why a single sign-on failed: for the log, and in one word for its user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OidcError {
    #[error("the provider does not answer: {0}")]
    Unreachable(String),
    #[error("the provider answered with {0}")]
    Refused(String),
    #[error("the answer of the provider is wrong: {0}")]
    Wrong(&'static str),
}

impl From<Failed> for OidcError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Unencrypted => OidcError::Wrong("an address without https"),
            Failed::TooLong => OidcError::Wrong("it is too long"),
            Failed::Unreachable(why) => OidcError::Unreachable(why),
        }
    }
}

/// What a provider says of itself (OpenID Connect Discovery, section 3).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Debug, Clone)]
struct Known {
    metadata: Metadata,
    keys: KeySet,
    metadata_at: Timestamp,
    /// When it was asked last for what is newer, in vain.
    failed_at: Option<Timestamp>,
    keys_at: Timestamp,
}

impl Known {
    /// Whether nothing newer is to be asked for just now.
    fn is_fresh(&self, now: Timestamp) -> bool {
        let within = |at: Timestamp, age| now.duration_since(at).abs() < age;
        within(self.metadata_at, METADATA_AGE) || self.failed_at.is_some_and(|at| within(at, METADATA_RETRY))
    }

    /// Whether it is too old to count, whatever the provider does.
    fn is_too_old(&self, now: Timestamp) -> bool {
        now.duration_since(self.metadata_at).abs() >= MAX_METADATA_AGE
    }
}

/// How often a provider of which nothing is known was asked in vain, and why the last time.
type InVain = Option<(u64, OidcError)>;

/// The provider, as it was seen last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provider {
    /// Never held while the provider is asked: one that is slow must not keep those who need nothing new of it.
    known: Arc<Mutex<Option<Known>>>,
    /// Held by whoever asks for what is newer than what is known.
    asking: Arc<tokio::sync::Mutex<()>>,
    /// Whoever waited for somebody who asked in vain does not ask again.
    in_vain: Arc<Mutex<InVain>>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

/// A code, and what must come back with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grant<'a> {
    pub(crate) code: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) redirect_uri: &'a str,
}

impl Provider {
    /// What is known, if anything is. A thread that panicked with it left it whole.
    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_vain(&self) -> MutexGuard<'_, InVain> {
        self.in_vain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the provider says of itself. While somebody asks it anew, what it said before counts for all others, and for
    /// a day where it does not answer. Where nothing is known, one asks and all others wait.
    pub(crate) async fn metadata(&self, console: &Console, oidc: &OidcSettings) -> Result<Metadata, OidcError> {
        let now = console.now();
        let before = self
            .known()
            .as_ref()
            .filter(|known| !known.is_too_old(now))
            .map(|known| (known.metadata.clone(), known.is_fresh(now)));
        let _asking = match &before {
            Some((metadata, true)) => return Ok(metadata.clone()),
            Some((metadata, false)) => match self.asking.try_lock() {
                Ok(asking) => asking,
                Err(_) => return Ok(metadata.clone()),
            },
            None => {
                let times = || self.in_vain().as_ref().map_or(0, |(times, _)| *times);
                let before = times();
                let asking = self.asking.lock().await;
                if let Some(known) = self.known().as_ref().filter(|known| known.is_fresh(now)) {
                    return Ok(known.metadata.clone());
                }
                match &*self.in_vain() {
                    Some((times, error)) if *times != before => return Err(error.clone()),
                    _ => asking,
                }
            }
        };
        match (self.ask(oidc, now).await, before) {
            (Ok(metadata), _) => Ok(metadata),
            (Err(error), Some((metadata, _))) => {
                tracing::warn!(%error, "single sign-on goes on with what its provider said before");
                if let Some(known) = self.known().as_mut() {
                    known.failed_at = Some(now);
                }
                Ok(metadata)
            }
            (Err(error), None) => {
                let mut in_vain = self.in_vain();
                let times = in_vain.as_ref().map_or(0, |(times, _)| *times);
                *in_vain = Some((times.wrapping_add(1), error.clone()));
                Err(error)
            }
        }
    }

    async fn ask(&self, oidc: &OidcSettings, now: Timestamp) -> Result<Metadata, OidcError> {
        let url = format!("{}/.well-known/openid-configuration", oidc.issuer.trim_end_matches('/'));
        let metadata: Metadata = get(&url).await?;
        if metadata.issuer != oidc.issuer {
            return Err(OidcError::Wrong("its issuer is another one"));
        }
        let keys = get(&metadata.jwks_uri).await?;
        let known = Known { metadata: metadata.clone(), keys, metadata_at: now, failed_at: None, keys_at: now };
        *self.known() = Some(known);
        Ok(metadata)
    }

    /// The keys of the provider; read again if one was not among them, but not all the time. Who misses one waits for
    /// whoever asks already.
    async fn keys(&self, console: &Console, missing: bool) -> Result<KeySet, OidcError> {
        let _asking = if missing { Some(self.asking.lock().await) } else { None };
        let now = console.now();
        let url = {
            let mut known = self.known();
            let Some(known) = known.as_mut() else { return Err(OidcError::Wrong("nothing is known of it")) };
            if !missing || now.duration_since(known.keys_at).abs() < KEYS_AGE {
                return Ok(known.keys.clone());
            }
            known.keys_at = now;
            known.metadata.jwks_uri.clone()
        };
        let keys: KeySet = get(&url).await?;
        if let Some(known) = self.known().as_mut() {
            known.keys = keys.clone();
        }
        Ok(keys)
    }

    /// Exchanges a code for the claims of an ID token.
    pub(crate) async fn claims(
        &self,
        console: &Console,
        oidc: &OidcSettings,
        grant: Grant<'_>,
    ) -> Result<Map<String, Value>, OidcError> {
        let metadata = self.metadata(console, oidc).await?;
        let body = [
            ("grant_type", "authorization_code"),
            ("code", grant.code),
            ("redirect_uri", grant.redirect_uri),
            ("code_verifier", grant.verifier),
        ];
        let body: Vec<String> = body.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = outbound::client(&metadata.token_endpoint, TIMEOUT)?
            .post(&metadata.token_endpoint)
            // RFC 6749, section 2.3.1: both are form-encoded first.
            .basic_auth(encoded(&oidc.client_id), Some(encoded(&oidc.client_secret)))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        let answer: TokenAnswer = read(request).await?;
        let expected =
            Expected { issuer: &oidc.issuer, client_id: &oidc.client_id, nonce: grant.nonce, now: console.now() };
        let mut verified = jwt::verify(&answer.id_token, &self.keys(console, false).await?, expected);
        if verified == Err(Wrong::UnknownKey) {
            verified = jwt::verify(&answer.id_token, &self.keys(console, true).await?, expected);
        }
        verified.map_err(|wrong| match wrong {
            Wrong::UnknownKey => OidcError::Wrong("its key"),
            Wrong::Because(what) => OidcError::Wrong(what),
        })
    }
}

async fn get<T: DeserializeOwned>(url: &str) -> Result<T, OidcError> {
    read(outbound::client(url, TIMEOUT)?.get(url)).await
}

/// The JSON of an answer, up to a limit.
async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, OidcError> {
    let response = request.header("accept", "application/json").send().await.map_err(Failed::from)?;
    if !response.status().is_success() {
        return Err(OidcError::Refused(response.status().to_string()));
    }
    let body = outbound::body(response, MAX_ANSWER_BYTES).await?;
    serde_json::from_slice(&body).map_err(|_| OidcError::Wrong("it is not the JSON that was expected"))
}
