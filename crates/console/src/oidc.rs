//! The provider of single sign-on: where it is, its keys, and the exchange of a code for an ID token.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::form::encoded;
use crate::jwt::{self, Expected, KeySet, Wrong};
use crate::origin::host;
use crate::state::{Console, OidcSettings};

/// How long a request to the provider may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes of an answer of the provider.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// How long what the provider says of itself counts.
const METADATA_AGE: SignedDuration = SignedDuration::from_hours(1);

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
    keys_at: Timestamp,
}

/// The provider, as it was seen last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provider {
    known: Arc<Mutex<Option<Known>>>,
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
    /// What the provider says of itself.
    pub(crate) async fn metadata(&self, console: &Console, oidc: &OidcSettings) -> Result<Metadata, OidcError> {
        let now = console.now();
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| now.duration_since(known.metadata_at).abs() < METADATA_AGE) {
            return Ok(known.metadata.clone());
        }
        let url = format!("{}/.well-known/openid-configuration", oidc.issuer.trim_end_matches('/'));
        let metadata: Metadata = get(&url).await?;
        if metadata.issuer != oidc.issuer {
            return Err(OidcError::Wrong("its issuer is another one"));
        }
        let keys = get(&metadata.jwks_uri).await?;
        *known = Some(Known { metadata: metadata.clone(), keys, metadata_at: now, keys_at: now });
        Ok(metadata)
    }

    /// The keys of the provider; read again if one was not among them, but not all the time.
    async fn keys(&self, console: &Console, missing: bool) -> Result<KeySet, OidcError> {
        let now = console.now();
        let mut known = self.known.lock().await;
        let Some(known) = known.as_mut() else { return Err(OidcError::Wrong("nothing is known of it")) };
        if missing && now.duration_since(known.keys_at).abs() >= KEYS_AGE {
            known.keys = get(&known.metadata.jwks_uri).await?;
            known.keys_at = now;
        }
        Ok(known.keys.clone())
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
        let request = client(&metadata.token_endpoint)?
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

/// A client for that address: only https leaves this machine.
fn client(url: &str) -> Result<reqwest::Client, OidcError> {
    let loopback = matches!(host(url), "127.0.0.1" | "::1" | "localhost");
    if !(url.starts_with("https://") || (loopback && url.starts_with("http://"))) {
        return Err(OidcError::Wrong("an address without https"));
    }
    // If the program has chosen a provider of cryptography before, that one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder =
        reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).referer(false);
    if loopback && url.starts_with("http://") {
        builder = builder.no_proxy().tls_certs_only([]);
    }
    builder.build().map_err(|error| OidcError::Unreachable(error.to_string()))
}

async fn get<T: DeserializeOwned>(url: &str) -> Result<T, OidcError> {
    read(client(url)?.get(url)).await
}

/// The JSON of an answer, up to a limit.
async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, OidcError> {
    let unreachable = |error: reqwest::Error| OidcError::Unreachable(error.without_url().to_string());
    let mut response = request.header("accept", "application/json").send().await.map_err(unreachable)?;
    if !response.status().is_success() {
        return Err(OidcError::Refused(response.status().to_string()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(OidcError::Wrong("it is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| OidcError::Wrong("it is not the JSON that was expected"))
}
