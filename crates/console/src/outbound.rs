//! Requests of the service itself: to the provider of single sign-on, to the witness of the ledger.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Client, Response, Url, redirect};

/// Why nobody answered, or not as they should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failed {
    /// The address would let what is sent leave this machine unencrypted.
    #[error("an address without https")]
    Unencrypted,
    /// No answer, or not in time.
    #[error("{0}")]
    Unreachable(String),
    /// More than is read.
    #[error("the answer is too long")]
    TooLong,
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        // An address may hold a password.
        let error = error.without_url();
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        Failed::Unreachable(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// A client for that address: only https leaves this machine, and no redirection is followed. `timeout` is for a whole
/// request.
pub(crate) fn client(url: &str, timeout: Duration) -> Result<Client, Failed> {
    let url = Url::parse(url).map_err(|_| Failed::Unencrypted)?;
    let plain = url.scheme() == "http" && is_loopback(&url);
    if url.scheme() != "https" && !plain {
        return Err(Failed::Unencrypted);
    }
    // If the program has chosen a provider of cryptography before, that one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().timeout(timeout).redirect(redirect::Policy::none()).referer(false);
    if plain {
        // A proxy is elsewhere; and plain HTTP needs no certificates of the system.
        builder = builder.no_proxy().tls_certs_only([]);
    }
    Ok(builder.build()?)
}

/// The body of an answer, up to a limit.
pub(crate) async fn body(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, Failed> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Failed::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_encrypted_leaves_this_machine() {
        for url in
            ["https://id.example", "http://localhost:1/x", "http://127.0.0.1", "http://[::1]:1", "HTTP://LOCALHOST"]
        {
            assert!(client(url, Duration::from_secs(1)).is_ok(), "{url}");
        }
        for url in [
            "http://id.example",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "http://localhost:x@evil.example",
            "http://127.0.0.1:1@evil.example",
            "ftp://localhost",
            "localhost",
        ] {
            assert_eq!(client(url, Duration::from_secs(1)).err(), Some(Failed::Unencrypted), "{url}");
        }
    }
}
