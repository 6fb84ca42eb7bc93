//! Passkeys: the parts of WebAuthn (W3C, level 2, sections 7.1 and 7.2) that a service without attestation needs.
//!
//! Keys sign with ES256 or EdDSA, and always after they verified their user. A challenge is signed, tied to the form that
//! it was made for, and works for some minutes and once.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use yata_store::{Passkey, Person};

use crate::cbor;
use crate::form::same;
use crate::origin::host;
use crate::problem::Refusal;
use crate::secret::{Keys, base64url, from_base64url, hash, random_text};
use crate::state::Console;

/// How long a challenge works.
const CHALLENGE_AGE: SignedDuration = SignedDuration::from_mins(10);

/// Most bytes of the id of a credential (section 6.5.1).
const MAX_ID_BYTES: usize = 1023;

/// Most characters of any field that a browser sends.
const MAX_FIELD_CHARS: usize = 16 * 1024;

/// Flags of authenticator data (section 6.1).
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 4;
const HAS_CREDENTIAL: u8 = 0x40;

/// Algorithms (IANA, "COSE Algorithms").
const ES256: i64 = -7;
const EDDSA: i64 = -8;

/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ceremony {
    /// Adding a passkey.
    Create,
    /// Showing one.
    Get,
}

impl Ceremony {
    /// The `type` of its client data (section 5.8.1).
    fn kind(self) -> &'static str {
        match self {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        }
    }
}

/// What a browser sends back.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Response {
    /// The id of the credential, as base64url.
    #[serde(default)]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) client_data: String,
    /// The attestation object of a new passkey.
    #[serde(default)]
    pub(crate) attestation: String,
    #[serde(default)]
    pub(crate) authenticator_data: String,
    #[serde(default)]
    pub(crate) signature: String,
    #[serde(default)]
    pub(crate) user_handle: String,
}

/// A new passkey, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Created {
    pub(crate) id: String,
    pub(crate) public_key: String,
    pub(crate) counter: i64,
}

/// Whether browsers let this service use passkeys: they need the name of a host, an address of numbers will not do.
pub(crate) fn is_possible(console: &Console) -> bool {
    host(&console.settings.public_url).parse::<IpAddr>().is_err()
}

/// A challenge, tied to the form that carries `csrf`.
fn challenge(console: &Console, ceremony: Ceremony, csrf: &str) -> Result<String, Refusal> {
    let nonce = random_text()?;
    let made = console.now().as_second().to_string();
    let mac = Keys(&console.settings.secret).mac("passkey", &[ceremony.kind(), csrf, &nonce, &made]);
    Ok(base64url(format!("{nonce}.{made}.{mac}").as_bytes()))
}

/// Uses a challenge up: whether it is one of ours for this form, and neither old nor used.
async fn use_challenge(console: &Console, ceremony: Ceremony, csrf: &str, given: &str) -> Result<bool, Refusal> {
    let text = from_base64url(given).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut parts = text.split('.');
    let (Some(nonce), Some(made), Some(mac)) = (parts.next(), parts.next(), parts.next()) else { return Ok(false) };
    let expected = Keys(&console.settings.secret).mac("passkey", &[ceremony.kind(), csrf, nonce, made]);
    let made = made.parse::<i64>().ok().and_then(|made| Timestamp::from_second(made).ok());
    let now = console.now();
    let young = made.is_some_and(|made| now.duration_since(made).abs() <= CHALLENGE_AGE);
    if !young || csrf.is_empty() || !same(mac, &expected) {
        return Ok(false);
    }
    let until = now + CHALLENGE_AGE + CHALLENGE_AGE;
    Ok(console.store.use_once(&hash(&format!("passkey {nonce}")), until, now).await?)
}

/// What the script gives to `navigator.credentials.create`; bytes as base64url.
pub(crate) fn creation_options(
    console: &Console,
    csrf: &str,
    person: &Person,
    known: &[Passkey],
) -> Result<Json, Refusal> {
    let known: Vec<Json> = known.iter().map(|key| json!({ "type": "public-key", "id": key.id })).collect();
    Ok(json!({
        "challenge": challenge(console, Ceremony::Create, csrf)?,
        "rp": { "id": host(&console.settings.public_url), "name": "Yata" },
        "user": { "id": base64url(person.id.as_bytes()), "name": person.email, "displayName": person.name },
        "pubKeyCredParams": [{ "type": "public-key", "alg": ES256 }, { "type": "public-key", "alg": EDDSA }],
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
        "excludeCredentials": known,
        "timeout": CHALLENGE_AGE.as_millis(),
    }))
}

/// What the script gives to `navigator.credentials.get`; without `known` the browser offers what it has.
pub(crate) fn request_options(console: &Console, csrf: &str, known: &[Passkey]) -> Result<Json, Refusal> {
    let known: Vec<Json> = known.iter().map(|key| json!({ "type": "public-key", "id": key.id })).collect();
    Ok(json!({
        "challenge": challenge(console, Ceremony::Get, csrf)?,
        "rpId": host(&console.settings.public_url),
        "userVerification": "required",
        "allowCredentials": known,
        "timeout": CHALLENGE_AGE.as_millis(),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// The client data, if it belongs to this ceremony at this service (section 7.1, steps 5 to 10).
async fn client_data(
    console: &Console,
    ceremony: Ceremony,
    csrf: &str,
    response: &Response,
) -> Result<Option<Vec<u8>>, Refusal> {
    if response.client_data.len() > MAX_FIELD_CHARS {
        return Ok(None);
    }
    let Some(bytes) = from_base64url(&response.client_data) else { return Ok(None) };
    let Ok(data) = serde_json::from_slice::<ClientData>(&bytes) else { return Ok(None) };
    let ours = data.kind == ceremony.kind() && data.origin == console.settings.public_url && !data.cross_origin;
    let counts = ours && use_challenge(console, ceremony, csrf, &data.challenge).await?;
    Ok(counts.then_some(bytes))
}

/// Flags, counter and what follows of authenticator data for this service, of a key that verified its user.
fn authenticator_data<'a>(console: &Console, data: &'a [u8]) -> Option<(u8, i64, &'a [u8])> {
    let (service, rest) = data.split_at_checked(32)?;
    let (flags, rest) = rest.split_first()?;
    let (counter, rest) = rest.split_at_checked(4)?;
    let counter = counter.iter().fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
    let verified = USER_PRESENT | USER_VERIFIED;
    let expected = Sha256::digest(host(&console.settings.public_url).as_bytes());
    (service == expected.as_slice() && flags & verified == verified).then_some((*flags, counter, rest))
}

/// The new passkey that a browser sends, if all of it is right (section 7.1).
pub(crate) async fn created(console: &Console, csrf: &str, response: &Response) -> Result<Option<Created>, Refusal> {
    if client_data(console, Ceremony::Create, csrf, response).await?.is_none() {
        return Ok(None);
    }
    Ok(read_attestation(console, &response.attestation))
}

fn read_attestation(console: &Console, attestation: &str) -> Option<Created> {
    let bytes = Some(attestation).filter(|text| text.len() <= MAX_FIELD_CHARS).and_then(from_base64url)?;
    let (object, rest) = cbor::read(&bytes)?;
    // Which model of key it is, nobody asked: the statement about it does not count.
    let data = object.named("authData")?.bytes()?;
    let (flags, counter, credential) = authenticator_data(console, data)?;
    if !rest.is_empty() || flags & HAS_CREDENTIAL == 0 {
        return None;
    }
    let (_model, credential) = credential.split_at_checked(16)?;
    let (length, credential) = credential.split_at_checked(2)?;
    let length = length.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    let (id, key) = credential.split_at_checked(length)?;
    let (key, _extensions) = cbor::read(key)?;
    let public_key = public_key(&key)?;
    (1..=MAX_ID_BYTES).contains(&id.len()).then(|| Created { id: base64url(id), public_key, counter })
}

/// A COSE key (RFC 9053, section 7) as it is stored: algorithm and point.
fn public_key(key: &cbor::Value) -> Option<String> {
    let (kty, alg, crv) = (key.at(1)?.int()?, key.at(3)?.int()?, key.at(-1)?.int()?);
    let x = key.at(-2)?.bytes()?;
    match (kty, alg, crv) {
        (2, ES256, 1) => {
            let y = key.at(-3)?.bytes()?;
            let point = [&[4], x, y].concat();
            (x.len() == 32 && y.len() == 32).then(|| format!("es256:{}", base64url(&point)))
        }
        (1, EDDSA, 6) => (x.len() == 32).then(|| format!("eddsa:{}", base64url(x))),
        _ => None,
    }
}

/// The new counter of a passkey, if the browser showed that it holds the key (section 7.2).
pub(crate) async fn shown(
    console: &Console,
    csrf: &str,
    passkey: &Passkey,
    response: &Response,
) -> Result<Option<i64>, Refusal> {
    let Some(client_data) = client_data(console, Ceremony::Get, csrf, response).await? else { return Ok(None) };
    let owner = from_base64url(&response.user_handle).unwrap_or_default();
    if !owner.is_empty() && owner != passkey.person_id.as_bytes() {
        return Ok(None);
    }
    Ok(signed_counter(console, passkey, response, &client_data))
}

fn signed_counter(console: &Console, passkey: &Passkey, response: &Response, client_data: &[u8]) -> Option<i64> {
    let fits = response.authenticator_data.len() <= MAX_FIELD_CHARS && response.signature.len() <= MAX_FIELD_CHARS;
    let data = fits.then(|| from_base64url(&response.authenticator_data)).flatten()?;
    let signature = from_base64url(&response.signature)?;
    let (_, counter, _) = authenticator_data(console, &data)?;
    let signed = [data.as_slice(), &Sha256::digest(client_data)].concat();
    let (algorithm, key) = passkey.public_key.split_once(':')?;
    let key = from_base64url(key)?;
    let verified = match algorithm {
        "es256" => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key).verify(&signed, &signature),
        "eddsa" => UnparsedPublicKey::new(&ED25519, &key).verify(&signed, &signature),
        _ => return None,
    };
    // A counter that does not grow: the key was copied. Keys that do not count always say 0.
    let grows = counter > passkey.counter || (counter == 0 && passkey.counter == 0);
    (verified.is_ok() && grows).then_some(counter)
}
