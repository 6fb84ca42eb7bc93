//! The API on loopback for tests from outside, with a database of its own: the tokens are the words `sensor`, `reader`
//! and `operator`. Prints its address, and runs until its standard input ends.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program for tests")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::header;
use tower::ServiceExt as _;
use yata_console::api::read_report;
use yata_console::{Caller, Clock, Console, Listener, Scope, Settings, Who, app_as};
use yata_store::Store;
use yata_words::Lang;

/// What the database holds: so that there is something to find.
const REPORT: &str = r#"{
  "asset": { "kind": "repository", "name": "shop", "exposure": "internet", "owner": "web team" },
  "looks": [{ "sensor": "assess", "components": [
    { "purl": "pkg:npm/a@1.0.0", "ecosystem": "npm", "name": "a", "version": "1.0.0",
      "occurrences": [{ "file": "package-lock.json", "line": 3, "scope": "runtime" }] }
  ], "findings": [
    { "rule": "CVE-2026-1001", "kind": "vulnerability", "title": "a hole", "applies": "affected",
      "component": { "purl": "pkg:npm/a@1.0.0", "ecosystem": "npm", "name": "a", "version": "1.0.0" },
      "remedy": { "remedy": "upgrade", "to": "1.0.1" } }
  ] }]
}"#;

fn caller(scope: Scope) -> Caller {
    let who = Who::Token {
        id: format!("to_{}", scope.as_str()),
        name: "tester".to_owned(),
        scope,
        assets: vec!["*".to_owned()],
    };
    Caller { who, ..Caller::nobody(Lang::En) }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("yata.db")).await.unwrap();
    let settings = Settings::new("http://127.0.0.1", [7; 32]);
    let console = Console::new(store, settings, Clock::system());
    let report = read_report(REPORT.as_bytes(), console.now()).unwrap();
    console.store.ingest_report(&report, console.today()).await.unwrap();
    let apps = Scope::ALL.map(|scope| (scope.as_str(), app_as(Arc::clone(&console), caller(scope))));
    let nobody = app_as(Arc::clone(&console), Caller::nobody(Lang::En));
    let app = Router::new().fallback(move |request: Request<Body>| {
        let said = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = said.and_then(|said| said.strip_prefix("Bearer ")).unwrap_or_default();
        let app = apps.iter().find(|(word, _)| *word == token).map_or(&nobody, |(_, app)| app).clone();
        async move { app.oneshot(request).await }
    });
    let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).await.unwrap();
    println!("http://{}", listener.address().unwrap());
    listener
        .serve(app, async {
            let _ = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await;
        })
        .await;
}
