//! Where a request comes from: the address of its sender, and whether one of our own pages sent it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::header::{self, HeaderName};
use http::request::Parts;
use http::{HeaderMap, Method, Uri};

use crate::state::Settings;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The address of whoever sent the request, if the server told it. Behind proxies of the operator's it is the last one in
/// `X-Forwarded-For` that is not theirs; from anybody else that header is a claim, and does not count.
pub(crate) fn address(request: &Parts, settings: &Settings) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let peer = peer.ip().to_canonical();
    let trusted = |address: &IpAddr| settings.trusted_proxies.contains(address);
    if !trusted(&peer) {
        return Some(peer);
    }
    let values: Vec<&str> =
        request.headers.get_all(FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok()).collect();
    for claimed in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        match claimed.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(address) if trusted(&address) => {}
            Ok(address) => return Some(address),
            Err(_) => break,
        }
    }
    Some(peer)
}

/// What attempts from an address are counted under: one network of IPv6 belongs to one customer.
pub(crate) fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// An address as browsers write their origin: scheme and host in lower case, without the port that the scheme has anyway,
/// without a slash at the end.
pub(crate) fn normal(public_url: &str) -> String {
    let url = public_url.trim_end_matches('/').to_ascii_lowercase();
    let port = if url.starts_with("https://") { ":443" } else { ":80" };
    url.strip_suffix(port).unwrap_or(&url).to_owned()
}

/// The name of the host in an address such as `https://yata.example.jp:8443`.
pub(crate) fn host(public_url: &str) -> &str {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a request that changes something comes from elsewhere. Browsers say so by themselves: all new ones by
/// `Sec-Fetch-Site`, all others by `Origin`. Who sends neither is no browser, and carries no cookie unknowingly.
pub(crate) fn is_cross_site(method: &Method, headers: &HeaderMap, public_url: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(FETCH_SITE) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let authority = origin.parse::<Uri>().ok().and_then(|origin| origin.authority().map(ToString::to_string));
    let asked = text(header::HOST);
    origin != public_url && (authority.is_none() || authority.as_deref() != asked)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn an_address_is_as_browsers_write_it() {
        for (given, expected) in [
            ("https://Yata.Example.JP:443/", "https://yata.example.jp"),
            ("HTTP://yata.example.jp:80", "http://yata.example.jp"),
            ("https://yata.example.jp:80", "https://yata.example.jp:80"),
            ("http://[::1]:7330", "http://[::1]:7330"),
            ("http://[::80]", "http://[::80]"),
        ] {
            assert_eq!(normal(given), expected);
        }
    }

    #[test]
    fn the_host_of_an_address() {
        for (given, expected) in [
            ("https://yata.example.jp", "yata.example.jp"),
            ("http://127.0.0.1:7330", "127.0.0.1"),
            ("http://[::1]:7330", "::1"),
            ("https://yata.example.jp:8443/x", "yata.example.jp"),
        ] {
            assert_eq!(host(given), expected);
        }
    }

    #[test]
    fn requests_from_elsewhere_are_known() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_cross_site(&Method::POST, &headers, "https://yata.example.jp")
        };
        for own in [
            vec![],
            vec![("sec-fetch-site", "same-origin")],
            vec![("sec-fetch-site", "none"), ("origin", "null")],
            vec![("origin", "https://yata.example.jp")],
            vec![("origin", "http://localhost:7330"), ("host", "localhost:7330")],
        ] {
            assert!(!check(&own), "{own:?}");
        }
        for other in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site"), ("origin", "https://yata.example.jp")],
            vec![("origin", "https://evil.example"), ("host", "yata.example.jp")],
            vec![("origin", "null"), ("host", "yata.example.jp")],
            vec![("origin", "https://yata.example.jp.evil.example"), ("host", "yata.example.jp")],
        ] {
            assert!(check(&other), "{other:?}");
        }
    }
}
