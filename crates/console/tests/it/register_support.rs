//! A service over the small estate, and callers of any role.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use yata_console::{Caller, Clock, Console, Paper, Role, Settings, Who};
use yata_words::Lang;

use crate::register_world::{now, store};

/// What every form carries.
const CSRF: &str = "a token of forms";

/// The service.
pub(crate) struct Desk {
    pub(crate) console: Arc<Console>,
    _folder: Arc<tempfile::TempDir>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Answer {
        assert!(self.body.contains(text), "no `{text}` in\n{}", self.body);
        self
    }

    /// Nothing from outside stands in it as markup.
    #[track_caller]
    pub(crate) fn stays_text(self) -> Answer {
        for bad in ["<script>alert", "<img src=x", "<b>unknown"] {
            assert!(!self.body.contains(bad), "`{bad}` in\n{}", self.body);
        }
        self
    }
}

/// A typesetter that shows what it was given.
#[derive(Debug)]
struct Echo;

impl Paper for Echo {
    fn pdf(&self, document: &yata_report::Document) -> Result<Vec<u8>, String> {
        Ok(format!("%PDF {document:#?}").into_bytes())
    }
}

impl Desk {
    pub(crate) async fn new() -> Desk {
        Desk::with(false).await
    }

    pub(crate) async fn with(paper: bool) -> Desk {
        let (folder, store) = store().await;
        let mut settings = Settings::new("https://yata.example.jp", [7; 32]);
        settings.paper = paper.then(|| Arc::new(Echo) as Arc<dyn Paper>);
        let console = Console::new(store, settings, Clock::new(now));
        Desk { console, _folder: folder }
    }

    pub(crate) async fn get(&self, role: Role, path: &str) -> Answer {
        self.send(caller(role, &[]), Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, who: Caller, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = fields.iter().chain(&[("csrf", CSRF)]);
        let body = fields.map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(who, request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form with a file.
    pub(crate) async fn upload(&self, role: Role, csrf: bool, source: &str, file: &[u8]) -> Answer {
        let mut body = Vec::new();
        let csrf = if csrf { CSRF.as_bytes() } else { b"wrong" };
        for (name, value) in [("csrf", csrf), ("source", source.as_bytes()), ("file", file), ("text", b"")] {
            body.extend(format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").into_bytes());
            body.extend(value);
            body.extend(b"\r\n");
        }
        body.extend(b"--X--\r\n");
        let request = Request::post("/assets/staff").header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        self.send(caller(role, &[]), request.body(Body::from(body)).unwrap()).await
    }

    async fn send(&self, who: Caller, mut request: Request<Body>) -> Answer {
        request.headers_mut().insert(header::ORIGIN, "https://yata.example.jp".parse().unwrap());
        let app = yata_console::app_as(Arc::clone(&self.console), who);
        let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
        let body = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Somebody of that role; an owner answers for those services.
pub(crate) fn caller(role: Role, services: &[&str]) -> Caller {
    let who = Who::Person {
        id: "pe_1".to_owned(),
        name: "Hanako".to_owned(),
        email: "hanako@example.jp".to_owned(),
        role,
        services: services.iter().map(|id| (*id).to_owned()).collect(),
    };
    Caller { who, csrf: CSRF.to_owned(), ..Caller::nobody(Lang::En) }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
