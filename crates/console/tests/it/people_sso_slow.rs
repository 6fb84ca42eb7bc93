//! Single sign-on while the provider is slow.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use serde_json::json;
use tokio::sync::Notify;
use yata_console::OidcSettings;

use crate::support::House;

/// How long what the provider says of itself counts, in seconds, and a little more.
const METADATA_AGE_S: i64 = 3_601;

/// A provider that says what it is, until it is told to hang.
struct Provider {
    issuer: String,
    hangs: Arc<AtomicBool>,
    /// Somebody waits for an answer.
    kept_waiting: Arc<Notify>,
}

fn provider() -> Provider {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let (hangs, kept_waiting) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    let (is_hanging, waiting) = (Arc::clone(&hangs), Arc::clone(&kept_waiting));
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let asked = lines.next().unwrap_or_default();
            lines.find(String::is_empty);
            if is_hanging.load(Ordering::SeqCst) {
                held.push(stream);
                waiting.notify_one();
                continue;
            }
            let body = if asked.contains("/keys") { json!({ "keys": [] }) } else { metadata.clone() }.to_string();
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    Provider { issuer, hangs, kept_waiting }
}

#[tokio::test]
async fn who_waits_for_a_slow_provider_keeps_nobody_else_waiting() {
    let provider = provider();
    let oidc = OidcSettings {
        issuer: provider.issuer.clone(),
        client_id: "yata".to_owned(),
        client_secret: "secret".to_owned(),
        name: "Minato ID".to_owned(),
        extra_scopes: Vec::new(),
        groups_claim: "groups".to_owned(),
        role_by_group: [].into(),
    };
    let house = House::with(|settings| settings.oidc = Some(oidc)).await;
    let (mut one, mut two) = (house.browser(), house.browser());
    one.get("/sign-in/sso").await.expect(StatusCode::SEE_OTHER);
    house.pass(METADATA_AGE_S);
    provider.hangs.store(true, Ordering::SeqCst);
    let mut first = Box::pin(one.get("/sign-in/sso"));
    tokio::select! {
        biased;
        () = provider.kept_waiting.notified() => {}
        _ = &mut first => panic!("nobody was kept waiting"),
    }
    let second = tokio::select! {
        biased;
        second = two.get("/sign-in/sso") => second,
        _ = &mut first => panic!("the second waits for the first"),
    };
    assert!(second.expect(StatusCode::SEE_OTHER).location().starts_with(&format!("{}/auth", provider.issuer)));
}
