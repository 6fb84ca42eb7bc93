//! Addresses and paths as URIs (RFC 3986).

use std::fmt::Write as _;

/// Longest address that is passed on, in bytes.
const MAX_URL_BYTES: usize = 2_048;

fn push_encoded(out: &mut String, byte: u8) {
    // INVARIANT: writing to a String cannot fail.
    let _ = write!(out, "%{byte:02X}");
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// An `http` or `https` address, safe to make a link of: what RFC 3986 does not allow is percent-encoded, and
/// so are quotes and brackets. `None` for every other scheme, for an address without a host, and for one
/// that hides its host behind user information (`https://trusted@evil.example`).
pub(super) fn web_address(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if url.len() > MAX_URL_BYTES || !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let (host, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let host_is_plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'_'));
    if host.is_empty() || !host_is_plain || host.starts_with(':') {
        return None;
    }
    let mut out = format!("{scheme}://{host}");
    let bytes = path.as_bytes();
    let mut fragment = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let hex_follows = bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        match byte {
            b'%' if hex_follows => out.push('%'),
            b'#' if !fragment => {
                fragment = true;
                out.push('#');
            }
            b'/' | b'?' | b':' | b'@' | b'!' | b'$' | b'&' | b'+' | b',' | b';' | b'=' => out.push(char::from(byte)),
            byte if is_unreserved(byte) => out.push(char::from(byte)),
            byte => push_encoded(&mut out, byte),
        }
    }
    Some(out)
}

/// A relative path with `/` separators as a relative URI reference; `None` for an empty path and for one that
/// leaves its root by `..`.
pub(super) fn relative_path(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty() && *segment != ".") {
        if segment == ".." {
            return None;
        }
        if !out.is_empty() {
            out.push('/');
        }
        for byte in segment.bytes() {
            match byte {
                b'@' | b'+' | b'=' | b',' => out.push(char::from(byte)),
                byte if is_unreserved(byte) => out.push(char::from(byte)),
                byte => push_encoded(&mut out, byte),
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check_address(input: &str, expected: Option<&str>) {
        assert_eq!(web_address(input).as_deref(), expected, "{input}");
    }

    #[test]
    fn only_plain_web_addresses_become_links() {
        check_address("https://example.org/a?b=c#d", Some("https://example.org/a?b=c#d"));
        check_address("HTTPS://example.org", Some("https://example.org"));
        check_address("https://example.org/日", Some("https://example.org/%E6%97%A5"));
        check_address("https://example.org/a b)<x>\"'`|%zz%20", {
            Some("https://example.org/a%20b%29%3Cx%3E%22%27%60%7C%25zz%20")
        });
        check_address("https://example.org/#a#b", Some("https://example.org/#a%23b"));
        for bad in [
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "data:text/html,x",
            "ftp://example.org",
            "//example.org",
            "https://",
            "https:///x",
            "https://trusted.example@evil.example/",
            "https://exa mple.org",
            "",
        ] {
            check_address(bad, None);
        }
    }

    #[test]
    fn paths_are_encoded_by_segment() {
        assert_eq!(
            relative_path("a b/設計#1/c:d%.lock").as_deref(),
            Some("a%20b/%E8%A8%AD%E8%A8%88%231/c%3Ad%25.lock")
        );
        assert_eq!(relative_path("/etc//x/./y").as_deref(), Some("etc/x/y"));
        assert_eq!(relative_path("../secret"), None);
        assert_eq!(relative_path(""), None);
    }

    proptest! {
        #[test]
        fn nothing_that_breaks_out_of_markup_is_left(url in ".*") {
            for bad in web_address(&format!("https://h/{url}")).into_iter().chain(relative_path(&url)) {
                prop_assert!(bad.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'`()[]{}|\\^".contains(&b)), "{}", bad);
            }
        }
    }
}
