//! A service over a database of its own, and browsers and programs that use it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tower::ServiceExt as _;
use yata_console::{Clock, Console, Role, Scope, Settings};
use yata_store::{Act, Actor, Change, Durability, Invitation, NewPerson, NewSession, Options, Stage, Store, Token};

/// Where the clocks of the tests begin.
pub(crate) const BEGINNING: &str = "2026-11-22T00:00:00Z";

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "violet kettle on the roof";

/// A service with its database, and a clock that only the test moves.
pub(crate) struct House {
    pub(crate) console: Arc<Console>,
    pub(crate) app: Router,
    clock: Arc<AtomicI64>,
    numbers: AtomicI64,
    folder: TempDir,
}

/// An account of a test: what its owner knows.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) totp: Vec<u8>,
    pub(crate) codes: Vec<String>,
}

impl House {
    /// A service at `http://127.0.0.1:7330`.
    pub(crate) async fn new() -> House {
        House::with(|_| ()).await
    }

    /// A service that goes by the clock of the system, moved by what the test lets pass.
    pub(crate) async fn of_today(change: impl FnOnce(&mut Settings)) -> House {
        let mut house = House::with(change).await;
        let (settings, hand) = (house.console.settings.clone(), Arc::new(AtomicI64::new(0)));
        house.clock = Arc::clone(&hand);
        let now = move || Timestamp::now() + SignedDuration::from_secs(hand.load(Ordering::Relaxed));
        house.console = Console::new(house.console.store.clone(), settings, Clock::new(now));
        house.app = yata_console::app(Arc::clone(&house.console));
        house
    }

    /// A service with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> House {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(BEGINNING.parse::<Timestamp>().unwrap().as_second()));
        House::over(folder, clock, change).await
    }

    async fn over(folder: TempDir, clock: Arc<AtomicI64>, change: impl FnOnce(&mut Settings)) -> House {
        let options = Options { durability: Durability::ProcessEnd, ..Options::default() };
        let store = Store::open_with(&folder.path().join("yata.db"), &options).await.unwrap();
        let mut settings = Settings::new("http://127.0.0.1:7330", [42; 32]);
        change(&mut settings);
        let hand = Arc::clone(&clock);
        let now = move || Timestamp::from_second(hand.load(Ordering::Relaxed)).unwrap();
        let console = Console::new(store, settings, Clock::new(now));
        let app = yata_console::app(Arc::clone(&console));
        House { console, app, clock, numbers: AtomicI64::new(0), folder }
    }

    /// The same database under a service that was started again.
    pub(crate) async fn restarted(self) -> House {
        let House { console, app, clock, folder, .. } = self;
        drop((console, app));
        House::over(folder, clock, |_| ()).await
    }

    /// What the files of the database hold: whatever is written changes it.
    pub(crate) fn stored(&self) -> Vec<Vec<u8>> {
        ["yata.db", "yata.db-wal"].iter().map(|name| std::fs::read(self.folder.path().join(name)).unwrap()).collect()
    }

    /// Moves the clock, also back.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser { app: self.app.clone(), cookies: BTreeMap::new(), csrf: String::new(), address: None }
    }

    /// Makes an account of that role by its one-time link, and signs in with it: `(browser, what its owner knows)`.
    pub(crate) async fn join(&self, role: Role, email: &str) -> (Browser, Owner) {
        let token = format!("link for {email}");
        let invitation = Invitation {
            purpose: "join".to_owned(),
            person_id: None,
            email: email.to_owned(),
            role: role.as_str().to_owned(),
            services: Vec::new(),
            made_by: "test".to_owned(),
            expires_at: self.console.now() + SignedDuration::from_hours(1),
        };
        let act = Act::new("person.invited", &Actor::system());
        self.console.store.invite(&sha256(&token), &invitation, &act, self.console.now()).await.unwrap();
        let mut browser = self.browser();
        browser.get(&format!("/join?token={}", token.replace(' ', "%20"))).await.expect(StatusCode::OK);
        let fields = [("token", token.as_str()), ("name", &name_of(email)), ("email", email), ("password", PASSWORD)];
        browser.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
        let owner = browser.set_up_totp(self, email).await;
        (browser, owner)
    }

    /// A browser in which somebody of that role is signed in, without the way through the pages.
    pub(crate) async fn signed_in(&self, role: Role) -> Browser {
        self.session_of(role, Stage::Full).await
    }

    /// A browser with a session of a new account of that role.
    pub(crate) async fn session_of(&self, role: Role, stage: Stage) -> Browser {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let (id, email) = (format!("pe_{number}"), format!("{}-{number}@example.com", role.as_str()));
        let person = NewPerson {
            id: &id,
            email: &email,
            name: &name_of(&email),
            role: role.as_str(),
            services: &["harbour".to_owned()],
            password: None,
            oidc_subject: None,
            lang: "en",
        };
        let (act, now) = (Act::new("person.joined", &Actor::system()), self.console.now());
        assert_eq!(self.console.store.add_person(&person, &act, now).await.unwrap(), Change::Done);
        let token = format!("session of {number}").replace(' ', "-");
        let session = NewSession {
            token_hash: &sha256(&token),
            person_id: &id,
            stage,
            csrf: "the-token-of-its-forms",
            expires_at: now + SignedDuration::from_hours(12),
            user_agent: "test",
            address: "127.0.0.1",
            replaces: None,
        };
        self.console.store.start_session(&session, &act, now).await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("yata_session".to_owned(), token);
        browser.csrf = session.csrf.to_owned();
        browser
    }

    /// A token of that scope, for 90 days; a sensor's may speak of everything.
    pub(crate) async fn token(&self, browser: &mut Browser, scope: Scope) -> String {
        browser.get("/tokens").await.expect(StatusCode::OK);
        let fields = [("name", "test"), ("scope", scope.as_str()), ("assets", "*"), ("days", "90")];
        let made = browser.post("/tokens", &fields).await;
        made.expect(StatusCode::OK);
        between(&made.body, "<code id=\"token\">", "</code>").unwrap()
    }

    /// A token, stored without a page.
    pub(crate) async fn stored_token(&self, token: &Token, secret: &str) {
        let act = Act::new("token.made", &Actor::system());
        self.console.store.add_token(token, &sha256(secret), &act, self.console.now()).await.unwrap();
    }

    /// The one-time code of now.
    pub(crate) fn code(&self, secret: &[u8]) -> String {
        totp(secret, self.console.now().as_second() / 30)
    }
}

/// A browser: keeps cookies, and carries the token of the last page's forms.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    /// What the forms of the last page carry.
    pub(crate) csrf: String,
    /// The address it comes from.
    pub(crate) address: Option<SocketAddr>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Fails with the page if the status is another.
    #[track_caller]
    pub(crate) fn expect(&self, status: StatusCode) -> &Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.headers, self.body);
        self
    }

    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// Fails if the page does not have the text.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "no `{text}` in\n{}", self.body);
        self
    }
}

impl Browser {
    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let answer = self.send(Request::get(path).body(Body::empty()).unwrap()).await;
        if let Some(csrf) = between(&answer.body, "name=\"csrf\" value=\"", "\"") {
            self.csrf = csrf;
        }
        answer
    }

    /// Sends a form of the last page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        let answer = self.post_bare(path, &fields).await;
        if let Some(csrf) = between(&answer.body, "name=\"csrf\" value=\"", "\"") {
            self.csrf = csrf;
        }
        answer
    }

    /// Sends a form as it is, without the token of the last page.
    pub(crate) async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(Method::POST, path, fields)).await
    }

    /// Sends a request with the browser's cookies.
    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        let answer = answer(&self.app, request).await;
        for value in answer.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = value.to_str().unwrap().split_once('=').unwrap();
            match rest.split(';').next().unwrap() {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    /// Shows address and password.
    pub(crate) async fn show_password(&mut self, email: &str, password: &str) -> Answer {
        self.get("/sign-in").await.expect(StatusCode::OK);
        self.post("/sign-in", &[("email", email), ("password", password)]).await
    }

    /// Signs in with password and one-time code; the clock moves on by a step, so that the code is a new one.
    pub(crate) async fn sign_in(&mut self, house: &House, owner: &Owner) -> Answer {
        house.pass(30);
        self.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
        self.get("/sign-in/second").await.expect(StatusCode::OK);
        self.post("/sign-in/second", &[("code", &house.code(&owner.totp))]).await
    }

    /// Sets up one-time codes, half-way through joining.
    pub(crate) async fn set_up_totp(&mut self, house: &House, email: &str) -> Owner {
        let page = self.get("/account/factor").await;
        page.expect(StatusCode::OK);
        let totp = from_base32(&between(&page.body, "<code>", "</code>").unwrap());
        let sealed = between(&page.body, "name=\"sealed\" value=\"", "\"").unwrap();
        let done = self.post("/account/totp", &[("sealed", &sealed), ("code", &house.code(&totp))]).await;
        done.expect(StatusCode::OK);
        let codes = done.body.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        let id = house.console.store.person_by_email(email).await.unwrap().unwrap().id;
        Owner { id, email: email.to_owned(), totp, codes }
    }
}

/// A request of a program with a token.
pub(crate) fn with_token(method: Method, path: &str, token: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap()
}

/// A form as a request.
pub(crate) fn form(method: Method, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let request = Request::builder().method(method).uri(path);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(pairs.join("&"))).unwrap()
}

/// Sends a request to the service.
pub(crate) async fn answer(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// The text between two others, the first such.
pub(crate) fn between(text: &str, before: &str, after: &str) -> Option<String> {
    Some(text.split_once(before)?.1.split_once(after)?.0.to_owned())
}

/// A name that shares no word with the test's password.
pub(crate) fn name_of(email: &str) -> String {
    format!("Tester {}", email.split('@').next().unwrap())
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code of a step (RFC 6238), written a second time.
pub(crate) fn totp(secret: &[u8], step: i64) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = ring::hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes([tag[at] & 127, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

fn from_base32(text: &str) -> Vec<u8> {
    let digits = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'2'..=b'7' => byte - b'2' + 26,
        other => panic!("not base32: {other}"),
    });
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in digits {
        bits = bits << 5 | u32::from(digit);
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 255).unwrap());
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
