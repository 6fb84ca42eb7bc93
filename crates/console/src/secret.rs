//! Random values, hashes, and what only this service can make or read: everything here rests on `Settings::secret`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use sha2::{Digest as _, Sha256};

use crate::problem::Refusal;

/// The system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes")]
pub struct NoRandom;

impl From<NoRandom> for Refusal {
    fn from(error: NoRandom) -> Self {
        tracing::error!(%error, "no random bytes");
        Refusal::internal()
    }
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

/// 256 random bits, as base64url.
pub(crate) fn random_text() -> Result<String, NoRandom> {
    Ok(base64url(&random::<32>()?))
}

/// Bytes as base64url without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64url without padding.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256 in hexadecimal: how 256 random bits are kept.
pub(crate) fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The service's secret, and what is derived from it: a key of its own for each purpose.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a>(pub(crate) &'a [u8; 32]);

impl Keys<'_> {
    /// HMAC-SHA-256 over the parts, each with its length before it, as base64url.
    pub(crate) fn mac(self, purpose: &str, parts: &[&str]) -> String {
        base64url(self.tag(purpose, parts).as_ref())
    }

    fn tag(self, purpose: &str, parts: &[&str]) -> hmac::Tag {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0);
        let mut context = hmac::Context::with_key(&key);
        for part in std::iter::once(&purpose).chain(parts) {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign()
    }

    fn cipher(self, purpose: &str) -> Result<LessSafeKey, Refusal> {
        let key = self.tag("encryption", &[purpose]);
        let key = UnboundKey::new(&AES_256_GCM, key.as_ref()).map_err(|_| Refusal::internal())?;
        Ok(LessSafeKey::new(key))
    }

    /// Encrypts under AES-256-GCM with a random nonce. Only the same purpose and associated data open it again.
    pub(crate) fn seal(self, purpose: &str, associated: &str, plain: &[u8]) -> Result<String, Refusal> {
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = plain.to_vec();
        self.cipher(purpose)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Refusal::internal())?;
        Ok(base64url(&[nonce.as_slice(), &sealed].concat()))
    }

    /// What [`Keys::seal`] encrypted; `None` for anything else.
    pub(crate) fn open(self, purpose: &str, associated: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = from_base64url(sealed)?;
        let (nonce, body) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = body.to_vec();
        let cipher = self.cipher(purpose).ok()?;
        let plain = cipher.open_in_place(nonce, Aad::from(associated.as_bytes()), &mut body).ok()?;
        Some(plain.to_vec())
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "ASCII")]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_owner_only() {
        let keys = Keys(&[7; 32]);
        let sealed = keys.seal("totp", "pe_1", b"secret").unwrap();
        assert_ne!(sealed, keys.seal("totp", "pe_1", b"secret").unwrap());
        assert_eq!(keys.open("totp", "pe_1", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(keys.open("totp", "pe_2", &sealed), None);
        assert_eq!(keys.open("other", "pe_1", &sealed), None);
        assert_eq!(Keys(&[8; 32]).open("totp", "pe_1", &sealed), None);
        for broken in ["", "AAAA", "%", &sealed[1..], &sealed[..sealed.len() - 2]] {
            assert_eq!(keys.open("totp", "pe_1", broken), None, "{broken}");
        }
    }

    #[test]
    fn parts_of_a_mac_do_not_run_together() {
        let keys = Keys(&[7; 32]);
        assert_ne!(keys.mac("form", &["a", "bc"]), keys.mac("form", &["ab", "c"]));
        assert_ne!(keys.mac("form", &["a"]), keys.mac("device", &["a"]));
    }
}
