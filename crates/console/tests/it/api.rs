//! What tests of the API share: a service in this process, and requests to it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yata_console::{Caller, Clock, Console, Scope, Settings, Who};
use yata_model::{AssetKind, asset_id};
use yata_store::{Durability, Options, Store};
use yata_words::Lang;

/// When these tests happen.
pub(crate) const NOW: &str = "2026-11-22T09:00:00Z";

/// A service with a database of its own.
pub(crate) struct Service {
    pub(crate) console: Arc<Console>,
    seconds: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// It is a problem of that status and kind, whose words hold these.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str, words: &[&str]) {
        assert_eq!(self.status.as_u16(), status, "{:?}", self.body);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["type"], format!("/problems/{kind}"), "{:?}", self.body);
        assert_eq!(self.body["status"], status);
        for word in words {
            assert!(self.body["detail"].as_str().unwrap().contains(word), "no {word:?} in {}", self.body["detail"]);
        }
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {:?}", self.status, self.body);
        self.body
    }
}

impl Service {
    pub(crate) async fn new() -> Service {
        Service::with(|_| ()).await
    }

    /// A service with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Service {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { durability: Durability::ProcessEnd, ..Options::default() };
        let store = Store::open_with(&folder.path().join("yata.db"), &options).await.unwrap();
        let seconds = Arc::new(AtomicI64::new(0));
        let passed = Arc::clone(&seconds);
        let start: Timestamp = NOW.parse().unwrap();
        let clock = Clock::new(move || start + SignedDuration::from_secs(passed.load(Ordering::SeqCst)));
        let mut settings = settings();
        change(&mut settings);
        Service { console: Console::new(store, settings, clock), seconds, _folder: folder }
    }

    /// Lets time pass; backwards too.
    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) async fn ask(&self, who: Who, request: Request<Body>) -> Answer {
        let lang = Lang::En;
        let caller = Caller { who, ..Caller::nobody(lang) };
        let app = yata_console::app_as(Arc::clone(&self.console), caller);
        let response = app.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Pushes a report of the repository `shop`, as JSON.
    pub(crate) async fn push(&self, report: &Value) -> Answer {
        self.ask(sensor(&["*"]), put(&snapshots("shop"), report)).await
    }

    /// A GET of a reader.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(token(Scope::Reader, &[]), get(path)).await
    }
}

pub(crate) fn settings() -> Settings {
    Settings::new("http://127.0.0.1:7330", [7; 32])
}

pub(crate) fn token(scope: Scope, assets: &[&str]) -> Who {
    Who::Token {
        id: "to_1".to_owned(),
        name: "scanner".to_owned(),
        scope,
        assets: assets.iter().map(|name| (*name).to_owned()).collect(),
    }
}

pub(crate) fn sensor(assets: &[&str]) -> Who {
    token(Scope::Sensor, assets)
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

pub(crate) fn send(method: Method, path: &str, body: &Value) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

pub(crate) fn put(path: &str, body: &Value) -> Request<Body> {
    send(Method::PUT, path, body)
}

pub(crate) fn put_gzip(path: &str, body: Vec<u8>) -> Request<Body> {
    let request = Request::put(path).header(header::CONTENT_TYPE, "application/json");
    request.header(header::CONTENT_ENCODING, "gzip").body(Body::from(body)).unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

pub(crate) fn snapshots(name: &str) -> String {
    format!("/api/v1/assets/{}/snapshots", asset_id(AssetKind::Repository, name))
}

/// A report of a repository with these npm packages, each with one finding about it where `advisory` is given.
pub(crate) fn report(name: &str, packages: &[(&str, Option<&str>)]) -> Value {
    let component = |package: &str| {
        json!({
            "purl": format!("pkg:npm/{package}@1.0.0"), "ecosystem": "npm", "name": package, "version": "1.0.0",
            "occurrences": [{ "file": "package-lock.json", "line": 3, "scope": "runtime", "direct": true }],
        })
    };
    let findings = packages.iter().filter_map(|(package, advisory)| {
        let advisory = (*advisory)?;
        Some(json!({
            "rule": advisory, "ids": [advisory], "kind": "vulnerability", "title": format!("a hole in {package}"),
            "component": component(package), "applies": "affected",
            "remedy": { "remedy": "upgrade", "to": "1.0.1", "compatible": true },
        }))
    });
    let evidence = packages.iter().filter_map(|(_, advisory)| {
        let advisory = (*advisory)?;
        Some(json!({
            "advisory": { "id": advisory, "ids": [advisory], "kind": "vulnerability", "summary": "a hole" },
            "kev": { "value": null, "standing": "checked", "source": "CISA KEV" },
            "epss": { "value": 0.1, "standing": "checked", "source": "EPSS" },
            "ssvc": { "value": null, "standing": "checked", "source": "CISA vulnrichment" },
        }))
    });
    json!({
        "asset": { "kind": "repository", "name": name, "exposure": "internet", "owner": "web team" },
        "said_in": "yata.toml:3",
        "looks": [{
            "sensor": "assess",
            "components": packages.iter().map(|(package, _)| component(package)).collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
        }],
        "evidence": evidence.collect::<Vec<_>>(),
        "sources": [{ "name": "CISA KEV", "state": "fresh", "date": "2026-11-20", "max_age_days": 14 }],
    })
}
