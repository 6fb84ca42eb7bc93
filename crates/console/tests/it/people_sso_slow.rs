//! Single sign-on while the provider is slow or away.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use http::StatusCode;
use serde_json::json;
use tokio::sync::Notify;
use yata_console::OidcSettings;

use crate::support::House;

/// How long what the provider says of itself counts, in seconds, and a little more.
const METADATA_AGE_S: i64 = 3_601;

/// How long it counts where the provider says nothing new, in seconds.
const MAX_METADATA_AGE_S: i64 = 24 * 3_600;

/// A provider that says what it is, until it is told to hang or to fail.
struct Provider {
    issuer: String,
    hangs: Arc<AtomicBool>,
    fails: Arc<AtomicBool>,
    /// How often it was asked what it is.
    asked: Arc<AtomicUsize>,
    /// Somebody waits for an answer.
    kept_waiting: Arc<Notify>,
}

fn provider() -> Provider {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let (hangs, kept_waiting) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
    let (fails, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    let (is_hanging, waiting) = (Arc::clone(&hangs), Arc::clone(&kept_waiting));
    let (is_failing, count) = (Arc::clone(&fails), Arc::clone(&asked));
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let asked = lines.next().unwrap_or_default();
            lines.find(String::is_empty);
            count.fetch_add(usize::from(asked.contains("openid-configuration")), Ordering::SeqCst);
            if is_hanging.load(Ordering::SeqCst) {
                held.push(stream);
                waiting.notify_one();
                continue;
            }
            let body = if asked.contains("/keys") { json!({ "keys": [] }) } else { metadata.clone() }.to_string();
            let length = body.len();
            let status = if is_failing.load(Ordering::SeqCst) { 503 } else { 200 };
            let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    Provider { issuer, hangs, fails, asked, kept_waiting }
}

impl Provider {
    async fn house(&self) -> House {
        let oidc = OidcSettings {
            issuer: self.issuer.clone(),
            client_id: "yata".to_owned(),
            client_secret: "secret".to_owned(),
            name: "Minato ID".to_owned(),
            extra_scopes: Vec::new(),
            groups_claim: "groups".to_owned(),
            role_by_group: [].into(),
        };
        House::with(|settings| settings.oidc = Some(oidc)).await
    }

    /// How often it was asked since the last time.
    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[tokio::test]
async fn who_waits_for_a_slow_provider_keeps_nobody_else_waiting() {
    let provider = provider();
    let house = provider.house().await;
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

/// Whether each of three who sign in at once is sent to the provider.
async fn three_are_sent(house: &House, provider: &Provider) -> Vec<bool> {
    let place = format!("{}/auth", provider.issuer);
    let (mut one, mut two, mut three) = (house.browser(), house.browser(), house.browser());
    let answers = tokio::join!(one.get("/sign-in/sso"), two.get("/sign-in/sso"), three.get("/sign-in/sso"));
    let is_sent = |answer: crate::support::Answer| {
        answer.status == StatusCode::SEE_OTHER && answer.location().starts_with(&place)
    };
    vec![is_sent(answers.0), is_sent(answers.1), is_sent(answers.2)]
}

#[tokio::test]
async fn of_those_who_come_first_one_asks_the_provider() {
    let provider = provider();
    let house = provider.house().await;
    provider.fails.store(true, Ordering::SeqCst);
    assert_eq!(three_are_sent(&house, &provider).await, [false; 3]);
    assert_eq!(provider.asked(), 1, "in vain for all");
    provider.fails.store(false, Ordering::SeqCst);
    assert_eq!(three_are_sent(&house, &provider).await, [true; 3]);
    assert_eq!(provider.asked(), 1, "for all");
}

#[tokio::test]
async fn what_a_provider_said_counts_on_while_it_is_away_but_not_for_ever() {
    let provider = provider();
    let house = provider.house().await;
    assert_eq!(three_are_sent(&house, &provider).await, [true; 3]);
    provider.asked();
    provider.fails.store(true, Ordering::SeqCst);
    house.pass(METADATA_AGE_S);
    assert_eq!(three_are_sent(&house, &provider).await, [true; 3]);
    assert_eq!(three_are_sent(&house, &provider).await, [true; 3]);
    assert_eq!(provider.asked(), 1, "not all the time");
    house.pass(60);
    assert_eq!(three_are_sent(&house, &provider).await, [true; 3]);
    assert_eq!(provider.asked(), 1);
    house.pass(MAX_METADATA_AGE_S);
    assert_eq!(three_are_sent(&house, &provider).await, [false; 3]);
    provider.fails.store(false, Ordering::SeqCst);
    assert_eq!(three_are_sent(&house, &provider).await, [true; 3]);
}
