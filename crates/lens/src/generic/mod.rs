//! Credentials by context: a name that says "password", an assignment, and a value that looks like one.
//!
//! A trigger is a word in a name. What follows is cheap first: is there an assignment at all? Only then the name is
//! taken apart, the value is cut out, and a small trained model weighs both with what stands round them. Everything is
//! decided inside the window, so that the verdict does not depend on how the text arrived.

mod assign;
mod features;
mod key;
mod lists;
mod model;
mod text;
mod url;
mod value;

use std::ops::Range;

pub use assign::{Join, Quote, Wrap};
pub use features::FEATURES;
pub use key::Kind;
pub use model::{LEAF, Language, TRIGRAMS, WORD_BYTES, trigram, word_bits};
pub(crate) use url::generic_url_password;

use crate::placeholder::{is_filler, is_template};
use crate::rule::{Confidence, Found, Window};
use model::Model;

/// Shorter ones are passwords that people do choose: `12345678`.
const FILLER_MIN_BYTES: usize = 12;
/// From these log-odds on a candidate is reported.
const POSSIBLE_LOG_ODDS: f32 = 0.0;
/// From these on it is likely.
const LIKELY_LOG_ODDS: f32 = 2.0;

/// The words of a name or a value, in lower case: split at everything but letters and digits, at humps and at digits.
pub fn words(text: &str) -> Vec<String> {
    text::words(text)
}

/// A name with a value that might be a credential.
#[derive(Debug, Clone)]
pub struct Candidate {
    key: key::Key,
    assign: assign::Assign,
}

impl Candidate {
    /// What stands at the trigger, if it is an assignment to such a name.
    pub fn at(window: &Window<'_>) -> Option<Candidate> {
        let (text, at) = (window.text, window.at);
        let key = key::key(text, at)?;
        let assign = assign::assign(text, &key)?;
        Some(Candidate { key, assign })
    }

    /// What the name says the value is.
    pub fn kind(&self) -> Kind {
        self.key.kind
    }

    /// Where the name stands in the window's text.
    pub fn name(&self) -> Range<usize> {
        self.key.start..self.key.end
    }

    /// The words of the name after the one that tells the kind, and those before it.
    pub fn name_words(&self) -> (&[String], &[String]) {
        (&self.key.head, &self.key.tail)
    }

    /// Where the value stands in the window's text.
    pub fn value(&self) -> Range<usize> {
        self.assign.start..self.assign.end
    }

    /// How name and value are joined.
    pub fn join(&self) -> Join {
        self.assign.join
    }

    /// What stands round the value.
    pub fn quote(&self) -> Quote {
        self.assign.quote
    }

    /// What stands before the value's quote.
    pub fn wrap(&self) -> Wrap {
        self.assign.wrap
    }

    /// The numbers that the model weighs.
    pub fn features(&self, text: &str, language: &Language) -> [f32; FEATURES] {
        features::features(text, self, language)
    }

    /// The log-odds that the shipped model gives.
    pub fn score(&self, text: &str) -> f32 {
        let model = Model::shipped();
        model.score(&self.features(text, &model.language))
    }
}

/// What gives log-odds by the bytes of a model: for measuring one before it is shipped.
pub fn scorer(bytes: &[u8]) -> impl Fn(&[f32; FEATURES]) -> f32 + use<> {
    let model = Model::read(bytes);
    move |row| model.score(row)
}

/// Whether the value cannot be a credential, whatever stands round it.
fn hopeless(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_control())
        || !value.is_ascii()
        || value.contains("\\u")
        || is_hash(value)
        || is_template(value)
        || is_sealed(value)
        || value.len() >= FILLER_MIN_BYTES && is_filler(value)
}

/// What is encrypted already: Maven's `{…}`, Jasypt's `ENC(…)`, Ansible's `!vault`.
fn is_sealed(value: &str) -> bool {
    value.starts_with('{') && value.ends_with('}')
        || ["ENC(", "{cipher}", "!vault", "$ANSIBLE_VAULT", "enc:"].iter().any(|mark| value.starts_with(mark))
}

/// What crypt(3) and its kin make of a password.
fn is_hash(value: &str) -> bool {
    let marks = [
        "$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$argon2", "$pbkdf2", "pbkdf2_", "pbkdf2:", "scrypt:",
        "{SSHA", "{SHA", "sha256:", "sha512-", "sha256-", "sha1-",
    ];
    marks.iter().any(|mark| value.starts_with(mark))
}

/// Whether the name and the value together cannot be a credential: digests, and names of entries in place of keys.
fn unfit(candidate: &Candidate, value: &str, text: &str) -> bool {
    const DIGESTS: [&str; 12] = [
        "public",
        "pubkey",
        "publishable",
        "hash",
        "hashed",
        "hashes",
        "digest",
        "checksum",
        "fingerprint",
        "sha256",
        "md5",
        "sha",
    ];
    const OPENERS: [&str; 24] = [
        "api",
        "access",
        "secret",
        "private",
        "encryption",
        "encrypt",
        "crypt",
        "crypto",
        "signing",
        "sign",
        "auth",
        "master",
        "license",
        "account",
        "app",
        "aes",
        "des",
        "hmac",
        "jwt",
        "session",
        "cipher",
        "subscription",
        "ssh",
        "security",
    ];
    let key = &candidate.key;
    let any = |list: &[&str]| key.head.iter().chain(&key.tail).any(|word| list.contains(&word.as_str()));
    if key.kind != Kind::Salt && any(&DIGESTS) {
        return true;
    }
    let digit = value.bytes().any(|byte| byte.is_ascii_digit());
    if key.kind == Kind::Key {
        const NAMED_MIN_BYTES: usize = 8;
        const BARE_MIN_BYTES: usize = 12;
        const SHORT_MAX_BYTES: usize = 16;
        const PATH_MAX_BYTES: usize = 40;
        let named = any(&OPENERS) || key.noun.len() > "keys".len() || !key.noun.is_ascii();
        let upper = value.bytes().any(|byte| byte.is_ascii_uppercase());
        let separated = value.bytes().any(|byte| matches!(byte, b'_' | b'.' | b'/' | b':' | b'-')) && !upper;
        let constant = value.contains('_') && !value.bytes().any(|byte| byte.is_ascii_lowercase());
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        return constant
            || if named {
                value.len() < NAMED_MIN_BYTES || digits < 2 && value.len() < SHORT_MAX_BYTES
            } else {
                value.len() < BARE_MIN_BYTES
                    || !digit
                    || separated
                    || value.contains('/') && value.len() < PATH_MAX_BYTES
            };
    }
    // One capitalised word among texts for people: a translation.
    let mut rest = value.bytes();
    let capitalised =
        rest.next().is_some_and(|byte| byte.is_ascii_uppercase()) && rest.all(|byte| byte.is_ascii_lowercase());
    capitalised
        && (!text.is_ascii() || text.contains("\\u0") || text.contains("%{") || text.contains("{{"))
        && candidate.assign.join == Join::Colon
}

fn recognise(window: &Window<'_>, found: &mut Vec<Found>, kind: Kind) {
    let Some(candidate) = Candidate::at(window) else { return };
    if candidate.kind() != kind || !key::triggers_first(window.text, window.at, &candidate.key) {
        return;
    }
    let value = candidate.value();
    if hopeless(text::cut(window.text, value.start, value.end)) {
        return;
    }
    if unfit(&candidate, text::cut(window.text, value.start, value.end), window.text) {
        return;
    }
    let score = candidate.score(window.text);
    if score < POSSIBLE_LOG_ODDS {
        return;
    }
    let confidence = if score >= LIKELY_LOG_ODDS { Confidence::Likely } else { Confidence::Possible };
    found.push(Found { span: candidate.key.start..candidate.assign.after.max(value.end), value, confidence });
}

pub(crate) fn generic_password(window: &Window<'_>, found: &mut Vec<Found>) {
    recognise(window, found, Kind::Password);
}

pub(crate) fn generic_secret(window: &Window<'_>, found: &mut Vec<Found>) {
    recognise(window, found, Kind::Secret);
}

pub(crate) fn generic_token(window: &Window<'_>, found: &mut Vec<Found>) {
    recognise(window, found, Kind::Token);
}

pub(crate) fn generic_key(window: &Window<'_>, found: &mut Vec<Found>) {
    recognise(window, found, Kind::Key);
}

pub(crate) fn generic_auth(window: &Window<'_>, found: &mut Vec<Found>) {
    recognise(window, found, Kind::Auth);
}

pub(crate) fn generic_salt(window: &Window<'_>, found: &mut Vec<Found>) {
    recognise(window, found, Kind::Salt);
}

#[cfg(test)]
mod tests;
