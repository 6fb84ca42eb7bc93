//! Requests: where they may go, how long they may take, and what a failure means.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{ACCEPT_ENCODING, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};

use super::config::{SyncConfig, is_loopback};
use crate::IntelError;

const MAX_REDIRECTS_COUNT: usize = 5;
/// How soon the user's wish to stop is heeded.
const CANCEL_TICK: Duration = Duration::from_millis(50);

/// Why a file was not fetched.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The user asked to stop.
    Cancelled,
    /// It may pass; the service may have said after which time.
    Passing(String, Option<Duration>),
    /// What lies here cannot be continued: begin anew.
    Stale(String),
    /// Repeating it would not help.
    Lasting(String),
}

impl From<IntelError> for Trouble {
    fn from(error: IntelError) -> Self {
        match error {
            IntelError::Cancelled => Trouble::Cancelled,
            other => Trouble::Lasting(chain(&other)),
        }
    }
}

/// Makes requests within the limits of the configuration.
pub(crate) struct Requests<'a> {
    pub(crate) config: &'a SyncConfig,
    pub(crate) now: Timestamp,
    pub(crate) cancel: &'a AtomicBool,
    secure: Option<Client>,
    loopback: Option<Client>,
}

impl<'a> Requests<'a> {
    pub(crate) fn new(config: &'a SyncConfig, now: Timestamp, cancel: &'a AtomicBool) -> Self {
        // If the program has chosen a provider before, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Requests { config, now, cancel, secure: None, loopback: None }
    }

    /// The answer to a GET, redirects followed; any status but a redirect and an error.
    pub(crate) async fn get(&mut self, url: &Url, headers: &HeaderMap, deadline: Instant) -> Result<Response, Trouble> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS_COUNT {
            self.config.permits(&url).map_err(|why| Trouble::Lasting(why.to_owned()))?;
            let request = self.client(&url)?.get(url.clone()).headers(headers.clone()).send();
            let response = self.guard(request, self.config.idle_timeout, deadline).await?.map_err(passing)?;
            let Some(next) = redirect(&url, &response)? else { return self.judge(response) };
            url = next;
        }
        Err(Trouble::Lasting(format!("it redirects more than {MAX_REDIRECTS_COUNT} times")))
    }

    fn client(&mut self, url: &Url) -> Result<Client, Trouble> {
        let loopback = url.scheme() == "http" && is_loopback(url);
        let slot = if loopback { &mut self.loopback } else { &mut self.secure };
        if let Some(client) = slot {
            return Ok(client.clone());
        }
        let mut builder = Client::builder()
            .user_agent(self.config.user_agent.as_str())
            .connect_timeout(self.config.connect_timeout)
            .redirect(redirect::Policy::none())
            .referer(false)
            .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]));
        if loopback {
            // A proxy is elsewhere; and plain HTTP needs no certificates of the system.
            builder = builder.no_proxy().tls_certs_only([]);
        } else if !self.config.use_proxy {
            builder = builder.no_proxy();
        }
        let client =
            builder.build().map_err(|e| Trouble::Lasting(format!("cannot make connections: {}", chain(&e))))?;
        *slot = Some(client.clone());
        Ok(client)
    }

    fn judge(&self, response: Response) -> Result<Response, Trouble> {
        let status = response.status();
        let passing =
            status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
        match status {
            StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT => Ok(response),
            StatusCode::RANGE_NOT_SATISFIABLE => Err(Trouble::Stale("it has no such part".to_owned())),
            _ if passing => {
                let wait = retry_after(response.headers(), self.now);
                Err(Trouble::Passing(format!("it answered {status}"), wait))
            }
            _ => Err(Trouble::Lasting(format!("it answered {status}"))),
        }
    }

    /// Waits for something, but no longer than `idle`, nor beyond the deadline, nor after the user asked to stop.
    pub(crate) async fn guard<T>(
        &self,
        future: impl Future<Output = T>,
        idle: Duration,
        deadline: Instant,
    ) -> Result<T, Trouble> {
        let mut future = pin!(future);
        let started = Instant::now();
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Trouble::Cancelled);
            }
            let now = Instant::now();
            if now >= deadline {
                let limit = self.config.total_timeout.as_secs_f64();
                return Err(Trouble::Lasting(format!("it took longer than {limit} seconds in all")));
            }
            let quiet = now.duration_since(started);
            if quiet >= idle {
                let limit = idle.as_secs_f64();
                return Err(Trouble::Passing(format!("it sent nothing for {limit} seconds"), None));
            }
            let tick = CANCEL_TICK.min(idle.saturating_sub(quiet)).min(deadline.duration_since(now));
            if let Ok(value) = tokio::time::timeout(tick, &mut future).await {
                return Ok(value);
            }
        }
    }

    /// Pauses before a repetition.
    pub(crate) async fn pause(&self, wait: Duration, deadline: Instant) -> Result<(), Trouble> {
        let longer = wait.saturating_add(Duration::from_secs(1));
        self.guard(tokio::time::sleep(wait), longer, deadline).await
    }
}

/// Where an answer redirects to; `None` if it does not.
fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, Trouble> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let lasting = |why: &str| Trouble::Lasting(why.to_owned());
    let location =
        text(response.headers(), &LOCATION).ok_or_else(|| lasting("it redirects without saying where to"))?;
    target(from, location).map(Some).map_err(|why| lasting(&why))
}

/// The address that a redirect names, unless it must not be followed.
fn target(from: &Url, location: &str) -> Result<Url, String> {
    let next = from.join(location).map_err(|_| "it redirects to something that is not an address".to_owned())?;
    if from.scheme() == "https" && next.scheme() != "https" {
        let host = next.host_str().unwrap_or_default();
        return Err(format!("it redirects from https to {} ({host}): refused", next.scheme()));
    }
    Ok(next)
}

/// A header as text, if it is there, short and printable.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    const MAX_HEADER_BYTES: usize = 2048;
    headers.get(name)?.to_str().ok().filter(|text| text.len() <= MAX_HEADER_BYTES)
}

/// A date in a header (RFC 9110 section 5.6.7).
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|time| time.timestamp())
}

/// How long the service asks to wait (RFC 9110 section 10.2.3): seconds, or a date, reckoned by its own clock.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let now = text(headers, &DATE).and_then(date).unwrap_or(now);
    let seconds = date(value)?.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// What a failed connection means: it may be different the next time.
pub(crate) fn passing(error: reqwest::Error) -> Trouble {
    // An address may hold a password.
    Trouble::Passing(chain(&error.without_url()), None)
}

/// An error with all its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_never_leave_https() {
        #[track_caller]
        fn check(from: &str, location: &str, expected: Result<&str, &str>) {
            let got = target(&from.parse().unwrap(), location).map(String::from);
            assert_eq!(got.as_deref().map_err(String::as_str), expected);
        }
        check("https://a.example/x/y", "/z", Ok("https://a.example/z"));
        check("https://a.example/x/y", "https://b.example/z", Ok("https://b.example/z"));
        check("http://127.0.0.1/x", "https://b.example/z", Ok("https://b.example/z"));
        let no = "it redirects from https to http (b.example): refused";
        check("https://a.example/x", "http://b.example/z", Err(no));
        let no = "it redirects from https to http (127.0.0.1): refused";
        check("https://a.example/x", "http://127.0.0.1/z", Err(no));
        check("https://a.example/x", "https://", Err("it redirects to something that is not an address"));
    }

    #[test]
    fn waiting_times_are_read() {
        #[track_caller]
        fn check(value: &str, expected: Option<u64>) {
            let headers = HeaderMap::from_iter([
                (RETRY_AFTER, HeaderValue::from_str(value).unwrap()),
                (DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT")),
            ]);
            assert_eq!(retry_after(&headers, Timestamp::UNIX_EPOCH), expected.map(Duration::from_secs));
        }
        check("120", Some(120));
        check("Sun, 06 Nov 1994 08:50:07 GMT", Some(30));
        check("Sun, 06 Nov 1994 08:00:00 GMT", Some(0));
        check("soon", None);
        check("-5", None);
    }
}
