//! `scheme://user:password@host`.

use super::text::{byte, cut};
use crate::placeholder::is_placeholder;
use crate::rule::{Confidence, Found, Window};

/// Users and passwords that documents write where the reader's own belong.
const WRITTEN_FOR_READERS: [&str; 14] = [
    "user",
    "username",
    "usr",
    "name",
    "login",
    "pass",
    "password",
    "passwd",
    "pwd",
    "pw",
    "secret",
    "token",
    "userpass",
    "mypassword",
];

/// The password of a URL; the trigger is `://`.
pub(crate) fn generic_url_password(window: &Window<'_>, found: &mut Vec<Found>) {
    const USER_MAX_BYTES: usize = 64;
    const PASSWORD_MAX_BYTES: usize = 128;
    let (text, at) = (window.text, window.at);
    let bytes = text.as_bytes();
    let start = at + 3;
    let inner = |&&byte: &&u8| {
        byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'@' | b' ' | b'\\' | b',' | b')' | b';'
            )
    };
    let user =
        bytes.iter().skip(start).take(USER_MAX_BYTES).take_while(inner).take_while(|&&byte| byte != b':').count();
    if byte(text, start + user) != b':' {
        return;
    }
    let from = start + user + 1;
    let length = bytes.iter().skip(from).take(PASSWORD_MAX_BYTES).take_while(inner).count();
    let to = from + length;
    if length < 3
        || byte(text, to) != b'@'
        || !(byte(text, to + 1).is_ascii_alphanumeric()
            || matches!(byte(text, to + 1), b'[' | b'$' | b'{' | b'%' | b'<'))
    {
        return;
    }
    let (name, value) = (cut(text, start, start + user), cut(text, from, to));
    let scheme = bytes
        .iter()
        .take(at)
        .rev()
        .take(24)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        .count();
    let variable = value.contains(['{', '}', '$', '%', '*', '[', ']', '(', '|'])
        && !value.bytes().any(|byte| byte.is_ascii_digit());
    let lower = value.to_ascii_lowercase();
    let host_end = bytes
        .iter()
        .skip(to + 1)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        .count();
    let host = cut(text, to + 1, to + 1 + host_end);
    let readers = WRITTEN_FOR_READERS.contains(&lower.as_str())
        && (name.is_empty()
            || WRITTEN_FOR_READERS.contains(&name.to_ascii_lowercase().as_str())
            || host.contains("example")
            || matches!(host, "host" | "hostname" | "server"));
    if scheme == 0 || variable || value.starts_with(['$', '{', '%', '<']) || readers || is_placeholder(value) {
        return;
    }
    let rare = value.len() >= 8
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let confidence = if rare { Confidence::Likely } else { Confidence::Possible };
    found.push(Found { span: at - scheme..to + 1, value: from..to, confidence });
}
