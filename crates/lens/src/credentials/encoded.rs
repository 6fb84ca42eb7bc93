//! Credentials in base64: they are decoded before they are believed.

use super::{decode_base64, is_stand_in};
use crate::{Confidence, Found, Window};

/// How far behind the trigger the base64 of a login may begin, in bytes.
const LOGIN_BEGINS_MAX_BYTES: usize = 48;
/// The base64 of a login, in bytes.
const LOGIN_BYTES: std::ops::RangeInclusive<usize> = 10..=240;
/// The shortest signature of a signed token, in bytes of base64.
const SIGNATURE_MIN_BYTES: usize = 20;
/// How the payload of the token begins that every introduction to the format shows.
const SHOWN_EVERYWHERE: [&str; 2] = ["eyJzdWIiOiIxMjM0NTY3ODkw", "eyJsb2dnZWRJbkFzIjoiYWRtaW4i"];

/// User and password in base64, behind a word such as `Basic` (RFC 7617), `"auth"` or `_auth`.
pub(crate) fn basic_credentials(window: &Window<'_>, found: &mut Vec<Found>) {
    found.extend(login(window));
}

fn login(window: &Window<'_>) -> Option<Found> {
    let text = window.text.get(window.at..)?;
    // The word itself, then what may stand between it and the value.
    let word = text.find(['=', ':', ' '])?;
    let gap = text.get(word..)?.find(|char: char| !matches!(char, '=' | ':' | ' ' | '"' | '\'' | '\\'))?;
    let start = word + gap;
    if start > LOGIN_BEGINS_MAX_BYTES {
        return None;
    }
    let rest = text.get(start..)?;
    let body = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
    let padding = rest.get(body..)?.bytes().take(2).take_while(|byte| *byte == b'=').count();
    if !LOGIN_BYTES.contains(&(body + padding)) {
        return None;
    }
    let decoded = String::from_utf8(decode_base64(rest.get(..body)?)?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    if decoded.chars().any(char::is_control) || is_stand_in(user, password) {
        return None;
    }
    let value = window.at + start..window.at + start + body + padding;
    Some(Found { span: window.at..value.end, value, confidence: Confidence::Likely })
}

/// A signed token (RFC 7519): its header is JSON that names an algorithm, and it carries a signature.
pub(crate) fn json_web_token(window: &Window<'_>, found: &mut Vec<Found>) {
    found.extend(token(window));
}

fn token(window: &Window<'_>) -> Option<Found> {
    let before = window.at.checked_sub(1).and_then(|at| window.text.as_bytes().get(at));
    if before.is_some_and(|byte| is_base64url(*byte) || *byte == b'.') {
        return None;
    }
    let text = window.text.get(window.at..)?;
    let run = |text: &str| text.bytes().take_while(|byte| is_base64url(*byte)).count();
    let header = text.get(..run(text))?;
    let rest = text.get(header.len()..)?.strip_prefix('.')?;
    let payload = rest.get(..run(rest))?;
    let rest = rest.get(payload.len()..)?.strip_prefix('.')?;
    let signature = run(rest);
    if !payload.starts_with("eyJ") || signature < SIGNATURE_MIN_BYTES {
        return None;
    }
    let decoded = decode_base64(header)?;
    let names_algorithm = decoded.starts_with(b"{") && decoded.windows(5).any(|part| part == br#""alg""#);
    if !names_algorithm || SHOWN_EVERYWHERE.iter().any(|shown| payload.starts_with(shown)) {
        return None;
    }
    let span = window.at..window.at + header.len() + payload.len() + 2 + signature;
    Some(Found { span: span.clone(), value: span, confidence: Confidence::Certain })
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
