//! Passwords in addresses.

use super::is_stand_in;
use crate::{Confidence, Found, Window};

/// The longest scheme, with its driver (`postgresql+psycopg2`), in bytes.
const SCHEME_MAX_BYTES: usize = 32;
/// The longest name of a user before the password, in bytes.
const USER_MAX_BYTES: usize = 96;
/// The longest password in an address, in bytes; some hosts take tokens there.
const PASSWORD_MAX_BYTES: usize = 160;
/// Hosts and ends of hosts that exist in documentation only (RFC 2606, RFC 6761).
const EXAMPLE_HOSTS: [&str; 8] =
    ["example.com", "example.org", "example.net", "example.jp", ".example", ".test", ".invalid", "host"];
/// Hosts of one's own machine, where short passwords of development stand.
const OWN_HOSTS: [&str; 5] = ["localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal"];
/// A password for a development machine is worth a word from this length on.
const OWN_PASSWORD_MIN_BYTES: usize = 12;

/// The password of `scheme://user:password@host` (RFC 3986, 3.2.1), where it is one and not the place of one.
pub(crate) fn url_password(window: &Window<'_>, found: &mut Vec<Found>) {
    found.extend(password(window));
}

/// The password of a connection string (`…;Password=…;`), where it is one and not the place of one.
///
/// Source: ADO.NET, ODBC and JDBC connection strings: pairs between semicolons.
pub(crate) fn connection_string_password(window: &Window<'_>, found: &mut Vec<Found>) {
    let Some((_, rest)) = window.text.get(window.at..).and_then(|text| text.split_once('=')) else { return };
    let start = window.text.len() - rest.len();
    let ends =
        |char: char| char.is_whitespace() || !char.is_ascii() || matches!(char, ';' | '"' | '\'' | '`' | '&' | '\\');
    let Some(value) = rest.split(ends).next() else { return };
    let is_code = value.contains(['(', ')', ',', '[', ']']) || value.starts_with(['$', '@', '%', '#']);
    if !(6..=PASSWORD_MAX_BYTES).contains(&value.len()) || is_code || is_stand_in("", value) {
        return;
    }
    let value = start..start + value.len();
    found.push(Found { span: window.at..value.end, value, confidence: Confidence::Likely });
}

fn password(window: &Window<'_>) -> Option<Found> {
    let text = window.text.get(window.at..)?;
    let scheme = text.find("://").filter(|length| *length <= SCHEME_MAX_BYTES)?;
    if !text.get(..scheme)?.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')) {
        return None;
    }
    let authority = text.get(scheme + 3..)?;
    let user_end = authority.find([':', '/', '@', ' ', '"', '\'', '<', '>', '`', '?', '#', '\n', '\r', '\t', '\\'])?;
    if user_end > USER_MAX_BYTES || authority.as_bytes().get(user_end) != Some(&b':') {
        return None;
    }
    let (user, rest) = (authority.get(..user_end)?, authority.get(user_end + 1..)?);
    let end = rest.find(['@', '/', ' ', '"', '\'', '<', '>', '`', '\n', '\r', '\t', '\\', '?', '#'])?;
    if end > PASSWORD_MAX_BYTES || rest.as_bytes().get(end) != Some(&b'@') {
        return None;
    }
    let (password, rest) = (rest.get(..end)?, rest.get(end + 1..)?);
    let host_end =
        rest.find(|char: char| !(char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_' | '[' | ']')));
    let host = rest.get(..host_end.unwrap_or(rest.len()))?;
    if !password.is_ascii() || is_template(user) || is_stand_in(user, password) || !is_real(host, password) {
        return None;
    }
    let start = window.at + scheme + 3 + user_end + 1;
    let span = window.at..start + password.len() + 1 + host.len();
    Some(Found { span, value: start..start + password.len(), confidence: Confidence::Likely })
}

fn is_template(user: &str) -> bool {
    user.contains(['$', '{', '}', '%']) && !user.contains("%40")
}

fn is_real(host: &str, password: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_example = EXAMPLE_HOSTS.iter().any(|example| {
        host == example.trim_start_matches('.')
            || host.strip_suffix(example).is_some_and(|front| example.starts_with('.') || front.ends_with('.'))
    });
    let is_own = OWN_HOSTS.contains(&host.as_str());
    !host.is_empty() && !is_example && (!is_own || password.len() >= OWN_PASSWORD_MIN_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let mut found = Vec::new();
        url_password(&Window { text, at: 0, starts: true, ends: true }, &mut found);
        assert_eq!(found.first().and_then(|found| text.get(found.value.clone())), expected, "{text}");
    }

    #[test]
    fn the_password_is_told_from_its_place() {
        check("postgres://app:tK3v9QzL@db1:5432/x", Some("tK3v9QzL"));
        check("redis://:tK3v9QzL@cache", Some("tK3v9QzL"));
        check("postgres://user:password@db1/x", None);
        check("postgres://app:tK3v9QzL@localhost/x", None);
        check("https://app:tK3v9QzL@api.example.com/x", None);
        check("https://host/path:with@sign", None);
        check("https://host:8080/@scope", None);
        check("postgres://${USER}:${PASS}@db1/x", None);
    }
}
