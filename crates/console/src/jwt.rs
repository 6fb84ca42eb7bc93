//! ID tokens (OpenID Connect Core, section 3.1.3.7): their signature, and whether they speak of this sign-in.

use jiff::Timestamp;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::form::same;
use crate::secret::from_base64url;

/// How far the clocks of provider and service may be apart.
const MAX_SKEW_S: i64 = 60;

/// Most characters of an ID token.
const MAX_CHARS: usize = 64 * 1024;

/// Most characters of a subject (OpenID Connect Core, section 2).
const MAX_SUBJECT_CHARS: usize = 255;

/// The keys of a provider (RFC 7517).
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug, Clone, Deserialize)]
struct Key {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
}

/// Why an ID token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It is signed with a key that is not in the set: the provider may have a new one.
    UnknownKey,
    /// Anything else; which, for the log.
    Because(&'static str),
}

/// What an ID token must say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) now: Timestamp,
}

/// The claims of an ID token that is signed by a key of the set, and meant for this service and this sign-in.
pub(crate) fn verify(token: &str, keys: &KeySet, expected: Expected<'_>) -> Result<Map<String, Value>, Wrong> {
    let form = Wrong::Because("its form");
    let mut parts = Some(token).filter(|token| token.len() <= MAX_CHARS).ok_or(form)?.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(form);
    };
    let signed = token.rsplit_once('.').ok_or(form)?.0;
    let bytes = from_base64url(header).ok_or(form)?;
    let header: Header = serde_json::from_slice(&bytes).map_err(|_| form)?;
    let signature = from_base64url(signature).ok_or(form)?;
    check_signature(&header, keys, signed.as_bytes(), &signature)?;
    let claims = from_base64url(claims).ok_or(form)?;
    let claims: Map<String, Value> = serde_json::from_slice(&claims).map_err(|_| form)?;
    check_claims(&claims, expected)?;
    Ok(claims)
}

/// The algorithm is that of the key, never only that of the token: so no token chooses how it is checked.
fn check_signature(header: &Header, keys: &KeySet, signed: &[u8], signature: &[u8]) -> Result<(), Wrong> {
    let kty = match header.alg.as_str() {
        "RS256" => "RSA",
        "ES256" => "EC",
        _ => return Err(Wrong::Because("its algorithm")),
    };
    let fits = |key: &&Key| {
        key.kty == kty
            && key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && key.alg.as_deref().is_none_or(|alg| alg == header.alg)
            && (header.kid.is_none() || key.kid == header.kid)
    };
    let mut known = false;
    for key in keys.keys.iter().filter(fits) {
        known = true;
        if key.signed(signed, signature).unwrap_or(false) {
            return Ok(());
        }
    }
    Err(if known { Wrong::Because("its signature") } else { Wrong::UnknownKey })
}

impl Key {
    fn signed(&self, signed: &[u8], signature: &[u8]) -> Option<bool> {
        if self.kty == "RSA" {
            let key = RsaPublicKeyComponents { n: from_base64url(&self.n)?, e: from_base64url(&self.e)? };
            return Some(key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok());
        }
        if self.crv.as_deref() != Some("P-256") {
            return None;
        }
        let (x, y) = (from_base64url(&self.x)?, from_base64url(&self.y)?);
        let point = [[4].as_slice(), &x, &y].concat();
        Some(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok())
    }
}

fn check_claims(claims: &Map<String, Value>, expected: Expected<'_>) -> Result<(), Wrong> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let second = |name: &str| claims.get(name).and_then(Value::as_f64);
    let now = expected.now.as_second();
    let is = |is: bool, what: &'static str| if is { Ok(()) } else { Err(Wrong::Because(what)) };
    is(text("iss") == Some(expected.issuer), "its issuer")?;
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    is(audience.contains(&expected.client_id), "its audience")?;
    is(audience.len() == 1 || text("azp") == Some(expected.client_id), "its authorized party")?;
    is(text("azp").is_none_or(|party| party == expected.client_id), "its authorized party")?;
    #[expect(clippy::cast_precision_loss, reason = "seconds of this millennium are exact in a double")]
    let (early, late) = ((now - MAX_SKEW_S) as f64, (now + MAX_SKEW_S) as f64);
    is(second("exp").is_some_and(|exp| exp > early), "its end")?;
    is(second("nbf").is_none_or(|nbf| nbf <= late), "its beginning")?;
    is(second("iat").is_some_and(|iat| iat <= late), "its time")?;
    is(text("nonce").is_some_and(|nonce| same(nonce, expected.nonce)), "its nonce")?;
    is(text("sub").is_some_and(|sub| (1..=MAX_SUBJECT_CHARS).contains(&sub.len())), "its subject")
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::json;

    use super::*;
    use crate::secret::base64url;

    struct Provider(EcdsaKeyPair);

    impl Provider {
        fn new() -> Self {
            let random = SystemRandom::new();
            let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
            Provider(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap())
        }

        fn keys(&self) -> KeySet {
            let point = self.0.public_key().as_ref();
            let key = json!({ "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256",
                "x": base64url(&point[1..33]), "y": base64url(&point[33..]) });
            serde_json::from_value(json!({ "keys": [key] })).unwrap()
        }

        fn token(&self, header: &Value, claims: &Value) -> String {
            let text = |value: &Value| base64url(value.to_string().as_bytes());
            let signed = format!("{}.{}", text(header), text(claims));
            let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
            format!("{signed}.{}", base64url(signature.as_ref()))
        }
    }

    const NOW: i64 = 1_800_000_000;

    fn check(token: &str, keys: &KeySet) -> Result<(), Wrong> {
        let now = Timestamp::from_second(NOW).unwrap();
        let expected = Expected { issuer: "https://id.example", client_id: "yata", nonce: "n", now };
        verify(token, keys, expected).map(drop)
    }

    fn claims(change: &[(&str, Value)]) -> Value {
        let mut claims = json!({ "iss": "https://id.example", "aud": "yata", "sub": "1", "nonce": "n",
            "iat": NOW, "exp": NOW + 300 });
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        claims
    }

    #[test]
    fn only_what_was_said_to_this_service_now_counts() {
        let provider = Provider::new();
        let keys = provider.keys();
        let header = json!({ "alg": "ES256", "kid": "1" });
        let check = |change: &[(&str, Value)]| check(&provider.token(&header, &claims(change)), &keys);
        for good in [
            vec![],
            vec![("aud", json!(["yata"]))],
            vec![("aud", json!(["yata", "other"])), ("azp", json!("yata"))],
            vec![("exp", json!(NOW - 59))],
            vec![("nbf", json!(NOW + 60)), ("iat", json!(NOW + 60))],
        ] {
            assert_eq!(check(&good), Ok(()), "{good:?}");
        }
        for (name, value, why) in [
            ("iss", json!("https://evil.example"), "its issuer"),
            ("iss", json!(null), "its issuer"),
            ("aud", json!("other"), "its audience"),
            ("aud", json!(["yata", "other"]), "its authorized party"),
            ("azp", json!("other"), "its authorized party"),
            ("exp", json!(NOW - 60), "its end"),
            ("exp", json!(null), "its end"),
            ("nbf", json!(NOW + 61), "its beginning"),
            ("iat", json!(NOW + 61), "its time"),
            ("nonce", json!("m"), "its nonce"),
            ("nonce", json!(null), "its nonce"),
            ("sub", json!(""), "its subject"),
            ("sub", json!("s".repeat(256)), "its subject"),
        ] {
            assert_eq!(check(&[(name, value.clone())]), Err(Wrong::Because(why)), "{name} {value}");
        }
    }

    #[test]
    fn no_token_chooses_how_it_is_checked() {
        let (provider, other) = (Provider::new(), Provider::new());
        let keys = provider.keys();
        let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
        let claims = claims(&[]);
        let good = provider.token(&header("ES256", "1"), &claims);
        assert_eq!(check(&good, &keys), Ok(()));
        assert_eq!(check(&other.token(&header("ES256", "1"), &claims), &keys), Err(Wrong::Because("its signature")));
        assert_eq!(check(&provider.token(&header("ES256", "2"), &claims), &keys), Err(Wrong::UnknownKey));
        assert_eq!(check(&provider.token(&header("RS256", "1"), &claims), &keys), Err(Wrong::UnknownKey));
        for alg in ["none", "None", "HS256", "ES384", ""] {
            assert_eq!(check(&provider.token(&header(alg, "1"), &claims), &keys), Err(Wrong::Because("its algorithm")));
        }
        let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);
        assert_eq!(check(&unsigned, &keys), Err(Wrong::Because("its signature")));
        for broken in ["", "a.b", "a.b.c.d", "..", &format!("{good}.x")] {
            assert_eq!(check(broken, &keys), Err(Wrong::Because("its form")), "{broken}");
        }
        // Other claims under the same signature.
        let forged: Vec<&str> = good.split('.').collect();
        let admin = base64url(json!({ "sub": "admin" }).to_string().as_bytes());
        assert_eq!(check(&[forged[0], &admin, forged[2]].join("."), &keys), Err(Wrong::Because("its signature")));
    }
}
