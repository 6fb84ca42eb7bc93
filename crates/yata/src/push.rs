//! `yata assess … --server`: what was found goes to a service, and what people decided there comes back.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url, redirect};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use yata_console::api::{MAX_PART_BYTES, Pushed, write_report};
use yata_model::{Message, Report};

use crate::Terminal;
use crate::estate::read_side_file;

/// Larger bodies are sent in parts.
const MAX_WHOLE_BYTES: usize = 8 * 1024 * 1024;
/// How often a request is tried.
const MAX_TRIES: u32 = 6;
/// How long the first pause between two tries is; it doubles from time to time.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause, also where the server asks for a longer one.
const MAX_PAUSE: Duration = Duration::from_secs(60);
/// How long all tries of one report may take.
const PATIENCE: Duration = Duration::from_secs(600);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long the server may be silent.
const READ_TIMEOUT: Duration = Duration::from_secs(120);
/// The longest answer that is read.
const MAX_ANSWER_BYTES: usize = 256 * 1024 * 1024;
/// The longest token.
const MAX_TOKEN_BYTES: usize = 4096;

/// A service that takes reports.
pub(crate) struct Server {
    url: Url,
    token: String,
    client: Client,
}

impl Server {
    /// The server of that address, spoken to with the token of that file.
    pub(crate) fn new(address: &str, token_file: &Path, ca: Option<&Path>) -> anyhow::Result<Server> {
        let mut url = Url::parse(address).with_context(|| format!("`{address}` is no address of a server"))?;
        let is_loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => bail!("`{address}` would send the token unencrypted: use https"),
            _ => bail!("`{address}` is no address of a server: give https://…"),
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            bail!("`{address}` is no address of a server: leave out names, passwords and queries");
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        // If the program has chosen a provider before, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("yata/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // A token is for one server.
            .redirect(redirect::Policy::none())
            .referer(false);
        if is_loopback && url.scheme() == "http" {
            builder = builder.no_proxy().tls_certs_only([]);
        } else if let Some(file) = ca {
            let certificates = reqwest::Certificate::from_pem_bundle(&read_side_file(file)?)
                .with_context(|| format!("`{}` holds no certificates (PEM)", file.display()))?;
            builder = builder.tls_certs_only(certificates);
        }
        let client = builder.build().context("cannot make connections")?;
        Ok(Server { url, token: read_token(token_file)?, client })
    }

    /// Stores a report; `None` where it was only to be stored for an asset that the server knows, and it knows none.
    pub(crate) async fn push(
        &self,
        report: Report,
        at: Timestamp,
        if_known: bool,
        terminal: &Terminal,
    ) -> anyhow::Result<Option<Pushed>> {
        let Some(asset) = report.snapshots.first().map(|snapshot| snapshot.asset.clone()) else {
            return Ok(None);
        };
        let doing = || format!("`{}` could not be pushed to {}", asset.name, self.url);
        let body = packed(report).with_context(doing)?;
        let mut url = self.path(&["assets", &asset.id, "snapshots"])?;
        url.query_pairs_mut().append_pair("at", &at.to_string());
        if if_known {
            url.query_pairs_mut().append_pair("if_known", "true");
        }
        let deadline = Instant::now() + PATIENCE;
        let answer = if body.len() <= MAX_WHOLE_BYTES {
            self.send(&mut || self.whole(url.clone(), &body), deadline, terminal).await
        } else {
            self.in_parts(&asset.id, at, if_known, &body, deadline, terminal).await
        };
        match answer.with_context(doing)? {
            Answer::Done(value) => {
                let pushed = serde_json::from_value(value)
                    .map_err(|error| anyhow!("the answer is not one of Yata, or of another version: {error}"))
                    .with_context(doing)?;
                Ok(Some(pushed))
            }
            Answer::Refused(StatusCode::NOT_FOUND, problem) if if_known && problem.kind == "unknown-asset" => Ok(None),
            Answer::Refused(status, problem) => Err(refused(status, problem)).with_context(doing),
        }
    }

    fn path(&self, parts: &[&str]) -> anyhow::Result<Url> {
        let mut url = self.url.clone();
        let mut path = url.path_segments_mut().map_err(|()| anyhow!("`{}` is no address of a server", self.url))?;
        path.pop_if_empty().extend(["api", "v1"]).extend(parts);
        drop(path);
        Ok(url)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url).bearer_auth(&self.token)
    }

    fn whole(&self, url: Url, body: &[u8]) -> RequestBuilder {
        let request = self.request(Method::PUT, url).header(CONTENT_TYPE, "application/json");
        request.header(CONTENT_ENCODING, "gzip").body(body.to_vec())
    }

    /// Sends a large body in parts; those that are there already are not sent again.
    async fn in_parts(
        &self,
        asset_id: &str,
        at: Timestamp,
        if_known: bool,
        body: &[u8],
        deadline: Instant,
        terminal: &Terminal,
    ) -> anyhow::Result<Answer> {
        let parts: Vec<&[u8]> = body.chunks(MAX_PART_BYTES).collect();
        let uploads = self.path(&["uploads"])?;
        let start = || {
            let body = serde_json::json!({ "asset_id": asset_id, "encoding": "gzip", "bytes": body.len() });
            self.request(Method::POST, uploads.clone()).header(CONTENT_TYPE, "application/json").body(body.to_string())
        };
        let id = match self.send(&mut { start }, deadline, terminal).await? {
            Answer::Done(value) => value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
            refused => return Ok(refused),
        };
        for (n, part) in parts.iter().enumerate() {
            let url = self.path(&["uploads", &id, "parts", &n.to_string()])?;
            let digest = format!("sha-256=:{}:", base64(&Sha256::digest(part)));
            let put = || {
                let request = self.request(Method::PUT, url.clone()).header("content-digest", &digest);
                request.header(CONTENT_TYPE, "application/octet-stream").body(part.to_vec())
            };
            if let refused @ Answer::Refused(..) = self.send(&mut { put }, deadline, terminal).await? {
                return Ok(refused);
            }
            let sent = u64::try_from(n + 1).unwrap_or(u64::MAX);
            terminal.progress.step(&Message::new("push-parts"), sent, u64::try_from(parts.len()).ok());
        }
        let mut url = self.path(&["uploads", &id, "complete"])?;
        url.query_pairs_mut().append_pair("at", &at.to_string());
        if if_known {
            url.query_pairs_mut().append_pair("if_known", "true");
        }
        self.send(&mut || self.request(Method::POST, url.clone()), deadline, terminal).await
    }

    /// Sends a request, again where that may help.
    async fn send(
        &self,
        make: &mut (dyn FnMut() -> RequestBuilder + Send),
        deadline: Instant,
        terminal: &Terminal,
    ) -> anyhow::Result<Answer> {
        let mut pause = FIRST_PAUSE;
        for tries in 1.. {
            let (error, wanted) = match make().send().await {
                Ok(response) => {
                    let (status, wanted) = (response.status(), retry_after(response.headers()));
                    let answer = read(response).await;
                    let again = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
                        || status.is_server_error();
                    match answer {
                        Ok(Answer::Refused(status, problem)) if again => (refused(status, problem), wanted),
                        Ok(answer) => return Ok(answer),
                        Err(error) => (error, wanted),
                    }
                }
                Err(error) if error.is_builder() => return Err(error.without_url().into()),
                Err(error) => {
                    let lasting = is_lasting(&error);
                    let error = anyhow::Error::new(error.without_url()).context("the server cannot be reached");
                    if lasting {
                        return Err(error);
                    }
                    (error, None)
                }
            };
            let wait = wanted.unwrap_or_else(|| jittered(pause)).min(MAX_PAUSE);
            if tries >= MAX_TRIES || Instant::now() + wait > deadline {
                return Err(error.context(format!("tried {tries} times")));
            }
            let message = Message::new("push-again")
                .with("seconds", i64::try_from(wait.as_secs().max(1)).unwrap_or(i64::MAX))
                .with("error", format!("{error:#}"));
            terminal.progress.note(&yata_words::render(terminal.lang, &message));
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
        Err(anyhow!("no try was made"))
    }
}

/// What a server answers.
enum Answer {
    Done(Value),
    Refused(StatusCode, Problem),
}

/// What a server says of a refusal.
#[derive(Default)]
struct Problem {
    /// The end of its type; empty where it is not one of Yata's.
    kind: String,
    detail: String,
}

async fn read(mut response: reqwest::Response) -> anyhow::Result<Answer> {
    let status = response.status();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.context("the answer broke off")? {
        if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
            bail!("the answer is larger than {MAX_ANSWER_BYTES} bytes");
        }
        bytes.extend_from_slice(&chunk);
    }
    let value: Option<Value> = serde_json::from_slice(&bytes).ok();
    if status.is_success() {
        let value = value.ok_or_else(|| anyhow!("the answer is no JSON: is this the address of a Yata service?"))?;
        return Ok(Answer::Done(value));
    }
    let text = |name: &str| value.as_ref().and_then(|value| value.get(name)?.as_str().map(str::to_owned));
    let kind = text("type").and_then(|kind| kind.strip_prefix("/problems/").map(str::to_owned)).unwrap_or_default();
    Ok(Answer::Refused(status, Problem { kind, detail: text("detail").unwrap_or_default() }))
}

fn refused(status: StatusCode, problem: Problem) -> anyhow::Error {
    let Problem { kind, detail } = problem;
    match status {
        StatusCode::UNAUTHORIZED => {
            anyhow!("the server refuses the token: it is wrong, has expired or was revoked")
        }
        StatusCode::FORBIDDEN if kind == "foreign-asset" => {
            anyhow!("the token may not speak of this asset: {detail}")
        }
        StatusCode::FORBIDDEN if kind == "forbidden" => {
            anyhow!("the token may not push: it needs the scope `sensor`")
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if kind.is_empty() || kind == "not-found" => {
            anyhow!("the server has no such address ({status}): it is too old, or this is not a Yata service")
        }
        status if status.is_redirection() => {
            anyhow!("the server redirects ({status}), and a token follows no redirection: give its own address")
        }
        _ if detail.is_empty() => anyhow!("the server answered {status}"),
        _ => anyhow!("the server answered {status}: {detail}"),
    }
}

/// Whether trying again cannot help: the certificate is not one that is trusted, or there is no such host.
fn is_lasting(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(tls) = one.downcast_ref::<rustls::Error>() {
            return matches!(tls, rustls::Error::InvalidCertificate(_) | rustls::Error::AlertReceived(_));
        }
        // An I/O error holds the one of TLS inside, not as its source.
        let inner = one.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref());
        cause = match inner {
            Some(inner) => Some(inner),
            None => one.source(),
        };
    }
    false
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// A pause of half to one and a half times that length, so that many sensors do not come back together.
fn jittered(pause: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    pause.mul_f64(0.5 + f64::from(random) / f64::from(u32::MAX))
}

fn packed(report: Report) -> anyhow::Result<Vec<u8>> {
    let report = write_report(report).ok_or_else(|| anyhow!("nothing was looked at"))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    serde_json::to_writer(&mut gzip, &report)?;
    Ok(gzip.finish()?)
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// The token of a file that nobody else may read.
fn read_token(file: &Path) -> anyhow::Result<String> {
    let metadata =
        std::fs::metadata(file).with_context(|| format!("cannot read the token file `{}`", file.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            bail!(
                "the token file `{}` may be read or written by others (mode {mode:03o}): run `chmod 600 {}`, and make \
                 another token if somebody may have read it",
                file.display(),
                file.display()
            );
        }
    }
    if !metadata.is_file() || metadata.len() > MAX_TOKEN_BYTES as u64 {
        bail!("`{}` is no token file: it holds one line, the token", file.display());
    }
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read the token file `{}`", file.display()))?;
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!("`{}` is no token file: it holds one line, the token", file.display());
    }
    Ok(token.to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;

    use yata_console::{Caller, Clock, Console, Listener, Scope, Settings, Who, app_as};
    use yata_model::{Asset, AssetKind, Problem, ProblemKind, Snapshot};
    use yata_store::Store;
    use yata_words::Lang;

    use super::*;
    use crate::progress::Reporter;

    #[test]
    fn what_is_large_arrives_in_parts() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(push_large());
    }

    async fn push_large() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("yata.db")).await.unwrap();
        let console = Console::new(store, Settings::new("http://127.0.0.1", [7; 32]), Clock::system());
        let assets = vec!["shop".to_owned()];
        let who = Who::Token { id: "to_1".to_owned(), name: "ci".to_owned(), scope: Scope::Sensor, assets };
        let app = app_as(Arc::clone(&console), Caller { who, ..Caller::nobody(Lang::En) });
        let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).await.unwrap();
        let url = format!("http://{}", listener.address().unwrap());
        tokio::spawn(listener.serve(app, std::future::pending()));
        let token = folder.path().join("token");
        std::fs::write(&token, "x").unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&token, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let server = Server::new(&url, &token, None).unwrap();

        let asset = Asset::unknown(AssetKind::Repository, "shop");
        let problem = |n: usize| {
            let message = Message::new("problem").with("text", format!("{n}").repeat(30_000));
            Problem::new(ProblemKind::Unreadable, format!("file-{n}"), message)
        };
        let snapshot = Snapshot {
            sensor: "assess".to_owned(),
            asset: asset.clone(),
            at: Timestamp::now(),
            components: Vec::new(),
            findings: Vec::new(),
            problems: (100..260).map(problem).collect(),
        };
        let report = Report {
            snapshots: vec![snapshot],
            said_in: String::new(),
            evidence: Vec::new(),
            closes_all: Default::default(),
            services: Vec::new(),
            sources: Vec::new(),
            statements: Vec::new(),
        };
        let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
        serde_json::to_writer(&mut gzip, &write_report(report).unwrap()).unwrap();
        let body = gzip.finish().unwrap();
        assert!(body.len() > MAX_PART_BYTES, "{}", body.len());
        let terminal = Terminal { lang: Lang::En, color: false, columns: 80, progress: Reporter::new(true, Lang::En) };
        let deadline = Instant::now() + PATIENCE;
        let answer = server.in_parts(&asset.id, Timestamp::now(), false, &body, deadline, &terminal).await.unwrap();
        let Answer::Done(answer) = answer else { panic!("refused") };
        assert_eq!(answer.get("unchanged"), Some(&Value::Bool(false)));
        let stored = console.store.last_snapshot(&asset.id, "assess").await.unwrap().unwrap();
        assert_eq!(stored.problems.len(), 160);
    }
}
