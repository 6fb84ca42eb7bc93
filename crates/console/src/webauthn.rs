//! Passkeys: the parts of WebAuthn (W3C, level 2, sections 7.1 and 7.2) that a service without attestation needs.
//!
//! Keys sign with ES256, EdDSA or RS256 (which the keys of some older machines have only), and always after they verified their user. A challenge is signed, tied to the form that
//! it was made for, and works for some minutes and once.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
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

/// Bytes of the modulus of an RSA key: 2,048 to 4,096 bits.
const RSA_MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// Most bytes of its exponent.
const MAX_EXPONENT_BYTES: usize = 8;

/// Flags of authenticator data (section 6.1).
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 4;
const HAS_CREDENTIAL: u8 = 0x40;

/// Algorithms (IANA, "COSE Algorithms").
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

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
    // In the order in which they are wanted.
    let algorithms = [ES256, EDDSA, RS256].map(|alg| json!({ "type": "public-key", "alg": alg }));
    Ok(json!({
        "challenge": challenge(console, Ceremony::Create, csrf)?,
        "rp": { "id": host(&console.settings.public_url), "name": "Yata" },
        "user": { "id": base64url(person.id.as_bytes()), "name": person.email, "displayName": person.name },
        "pubKeyCredParams": algorithms,
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

/// A COSE key (RFC 9053, section 7; RFC 8230, section 4) as it is stored: algorithm, and point or modulus and exponent.
fn public_key(key: &cbor::Value) -> Option<String> {
    let (kty, alg) = (key.at(1)?.int()?, key.at(3)?.int()?);
    let curve = || key.at(-1)?.int();
    let x = key.at(-2)?.bytes()?;
    match (kty, alg) {
        (2, ES256) if curve() == Some(1) => {
            let y = key.at(-3)?.bytes()?;
            let point = [&[4], x, y].concat();
            (x.len() == 32 && y.len() == 32).then(|| format!("es256:{}", base64url(&point)))
        }
        (1, EDDSA) if curve() == Some(6) => (x.len() == 32).then(|| format!("eddsa:{}", base64url(x))),
        (3, RS256) => {
            let modulus = key.at(-1)?.bytes()?;
            let fits = RSA_MODULUS_BYTES.contains(&modulus.len()) && (1..=MAX_EXPONENT_BYTES).contains(&x.len());
            fits.then(|| format!("rs256:{}.{}", base64url(modulus), base64url(x)))
        }
        _ => None,
    }
}

/// Whether the key, as it is stored, made the signature; `None` for what is no such key.
fn verifies(public_key: &str, signed: &[u8], signature: &[u8]) -> Option<bool> {
    let (algorithm, key) = public_key.split_once(':')?;
    let verified = match algorithm {
        "es256" => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, from_base64url(key)?).verify(signed, signature),
        "eddsa" => UnparsedPublicKey::new(&ED25519, from_base64url(key)?).verify(signed, signature),
        "rs256" => {
            let (modulus, exponent) = key.split_once('.')?;
            let key = RsaPublicKeyComponents { n: from_base64url(modulus)?, e: from_base64url(exponent)? };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
        }
        _ => return None,
    };
    Some(verified.is_ok())
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
    let verified = verifies(&passkey.public_key, &signed, &signature)?;
    // A counter that does not grow: the key was copied. Keys that do not count always say 0.
    let grows = counter > passkey.counter || (counter == 0 && passkey.counter == 0);
    (verified && grows).then_some(counter)
}

#[cfg(test)]
mod tests {
    use super::cbor::Value;
    use super::*;

    const MESSAGE: &[u8] = b"authenticator data and hash";

    /// An RSA key of 2,048 bits (its modulus), and what it signed; both made with OpenSSL.
    const MODULUS: &str = "x8Xc_ClEDWBYbRNvA2K0RZNVmZxDLxvL3bCvqxxg1NbINM5Tml91lphTaT-C4doz63_gpHSaxj-gViUrZbgfwxvOrDdbSo7k4X\
         iM-Oi0A1iEnwWYgMb4JGhAsUYn65ALa21UpN_8U2n_GvPB_inpWpC35lqKpk3SPC1QkOgb-NJg0E0ALOEljGsvJrRuG078vrxZ\
         yDAGGfFm3B3b4_JjgZf8P3D0bJKTteH6ECA7ZTwx3BlCgmvtYynkwkZka_Mhr7b8CkgivKZXu616tAPprH8NPPLiwayiTVwbWO\
         4HBzaOWWPporq32N-0x_sLYOH1v7KTkTlfWh6GZ0s0uoibbQ";
    const SIGNATURE: &str = "NTNyV_uGNHCtcJTLmF4CKO1Yqx9pzX-Y1-tG_OWndH76h-bmd03r38SUD7ro9-hgOp-Vs2_6qCqvBoQ_au76bP8IdHjDx7fxpy\
         QeDh5sP_hB8oETxT9PwoyBhWaNHGRQNWxkRl5kAnLU62IGYdX7XlC6x_2iOZiH_hhreB1ySJY0yugQxK7m5A7DqmCGKU8itnll\
         sLUXpjIyxFV0Z9Exejo8F9X_pQjeSszXPLt_uytTQoZ2hgsxSM9ggQ2J6kyDGhrijGWaxf2IeY6TbI4x2vh9qIeJeiMe4jkUVZ\
         oifC7Xz70EJrbe6FuRl-pFNUcvGmAscJk9Jacda0tDw1QHWw";

    fn rsa(modulus: &[u8], exponent: &[u8], alg: i64) -> Value {
        let pair = |key, value| (Value::Int(key), value);
        let (modulus, exponent) = (Value::Bytes(modulus.to_vec()), Value::Bytes(exponent.to_vec()));
        Value::Map(vec![pair(1, Value::Int(3)), pair(3, Value::Int(alg)), pair(-1, modulus), pair(-2, exponent)])
    }

    #[test]
    fn a_key_that_only_has_rsa_signs_in() {
        let (modulus, signature) = (from_base64url(MODULUS).unwrap(), from_base64url(SIGNATURE).unwrap());
        let key = public_key(&rsa(&modulus, &[1, 0, 1], RS256)).unwrap();
        assert_eq!(verifies(&key, MESSAGE, &signature), Some(true));
        assert_eq!(verifies(&key, b"another", &signature), Some(false));
        assert_eq!(verifies(&key, MESSAGE, &signature[1..]), Some(false));
        assert_eq!(verifies(&key, MESSAGE, &[]), Some(false));
        // Too short, no exponent, another algorithm than the one that was asked for.
        assert_eq!(public_key(&rsa(&modulus[..255], &[1, 0, 1], RS256)), None);
        assert_eq!(public_key(&rsa(&modulus, &[], RS256)), None);
        assert_eq!(public_key(&rsa(&modulus, &[1, 0, 1], -65_535)), None);
        for broken in ["rs256:", "rs256:AA", "rs384:AA.AA", "AA.AA", ""] {
            assert_eq!(verifies(broken, MESSAGE, &signature), None, "{broken}");
        }
    }
}
