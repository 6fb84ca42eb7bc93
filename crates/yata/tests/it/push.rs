//! `yata assess … --server`: against a real service on loopback, and against servers that are none.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use yata_console::{Caller, Clock, Console, Listener, Scope, Settings, Who};
use yata_store::Store;
use yata_testing::server::Server;
use yata_words::Lang;

use crate::support::{Place, component, finding, package_lock, text};

/// A service on loopback that takes every request as one of the same caller.
struct Service {
    address: SocketAddr,
    console: Arc<Console>,
    runtime: tokio::runtime::Runtime,
    _stop: oneshot::Sender<()>,
}

impl Service {
    fn start(folder: &Path, who: Who) -> Service {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let settings = Settings::new("http://127.0.0.1", [7; 32]);
        let (stop, stopped) = oneshot::channel();
        let (address, console) = runtime.block_on(async {
            let store = Store::open(&folder.join("server.db")).await.unwrap();
            let console = Console::new(store, settings, Clock::system());
            let app = yata_console::app_as(Arc::clone(&console), Caller { who, ..Caller::nobody(Lang::En) });
            let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).await.unwrap();
            let address = listener.address().unwrap();
            tokio::spawn(listener.serve(app, async {
                let _ = stopped.await;
            }));
            (address, console)
        });
        Service { address, console, runtime, _stop: stop }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn sensor(assets: &[&str]) -> Who {
    let assets = assets.iter().map(|name| (*name).to_owned()).collect();
    Who::Token { id: "to_1".to_owned(), name: "ci".to_owned(), scope: Scope::Sensor, assets }
}

/// A place with a lockfile and the file of a token.
fn place() -> Place {
    let place = Place::with_intel();
    place.write("app/package-lock.json", package_lock(&[("left", "1.0.0")]));
    token(&place, 0o600);
    place
}

fn token(place: &Place, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = place.write("token", "yata_sensor_x\n");
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

fn to(url: &str) -> [&str; 5] {
    ["app", "--server", url, "--token-file", "token"]
}

#[test]
fn what_is_pushed_is_judged_as_it_is_here_and_decisions_come_back() {
    let place = place();
    let service = Service::start(&place.path(""), sensor(&["*"]));
    let url = service.url();
    let here = place.answer(&["app", "--no-save"]);
    let first = place.answer(&to(&url));
    assert_eq!(first["risks"].as_array().unwrap().len(), here["risks"].as_array().unwrap().len());
    let (ours, theirs) = (&here["risks"][0], &first["risks"][0]);
    assert_eq!((&theirs["finding"]["rule"], &theirs["decision"]), (&ours["finding"]["rule"], &ours["decision"]));
    assert!(!place.path("data/yata.db").exists(), "nothing is stored here");
    // What the service knows is what was sent.
    let id = text(&theirs["finding"]["id"]).to_owned();
    let store = service.console.store.clone();
    let day: jiff::civil::Date = crate::support::TODAY.parse().unwrap();
    let judged = service.runtime.block_on(store.judged(&id, day)).unwrap().unwrap();
    assert_eq!(json!(judged.risk.decision.outcome.priority), ours["decision"]["priority"], "{ours}");
    // A decision there counts here.
    let now = jiff::Timestamp::now();
    service.runtime.block_on(store.false_positive(&id, "not reachable", "kim", now)).unwrap();
    let run = place.assess(&[&to(&url)[..], &["--format", "json", "--fail-on", "defer"]].concat()).code(0);
    let answer = run.json();
    assert_eq!(answer["risks"], json!([]));
    assert_eq!(component(finding(&answer, "left")), "left 1.0.0");
    // What is gone is said to be gone.
    place.write("app/package-lock.json", package_lock(&[("left", "9.0.0")]));
    let answer = place.answer(&to(&url));
    assert_eq!(answer["settled"], json!([]), "{answer}");
}

#[test]
fn a_token_file_that_others_may_read_is_refused() {
    let place = place();
    for mode in [0o644, 0o640, 0o602] {
        token(&place, mode);
        place.assess(&to("https://yata.example")).error(&["token", "chmod 600"]);
    }
    let no_file = ["app", "--server", "https://yata.example", "--token-file", "none"];
    place.assess(&no_file).error(&["token file `none`"]);
    place.yata(&["assess", "app", "--server", "https://yata.example"]).code(2);
}

#[test]
fn a_token_is_not_sent_in_the_clear() {
    let place = place();
    for (url, words) in [
        ("http://yata.example", "use https"),
        ("http://localhost.example:80", "use https"),
        ("ftp://127.0.0.1", "https://"),
        ("https://kim:secret@yata.example", "leave out names"),
        ("yata.example", "no address"),
    ] {
        place.assess(&to(url)).error(&[words]);
    }
}

#[test]
fn a_refusal_says_what_to_do() {
    let place = place();
    let foreign = Service::start(&place.path(""), sensor(&["billing"]));
    place.assess(&to(&foreign.url())).error(&["may not speak of this asset"]);
    drop(foreign);
    let nobody = Service::start(&place.path(""), Who::Nobody);
    place.assess(&to(&nobody.url())).error(&["refuses the token"]);
    drop(nobody);
    let assets = Vec::new();
    let reader = Who::Token { id: "to_2".to_owned(), name: "ci".to_owned(), scope: Scope::Reader, assets };
    let reader = Service::start(&place.path(""), reader);
    place.assess(&to(&reader.url())).error(&["scope `sensor`"]);
    let other = Server::start();
    place.assess(&to(&other.url(""))).error(&["too old, or this is not a Yata service"]);
}

/// A server that answers each connection with the next of these answers.
fn answers(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let mut heads = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(&stream);
            let mut length = 0;
            let mut head = String::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            std::io::copy(&mut reader.take(length), &mut std::io::sink()).unwrap();
            heads.push(head);
            stream.write_all(answer.as_bytes()).unwrap();
        }
        heads
    });
    (url, thread)
}

fn answer(status: &str, headers: &str, body: &Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[test]
fn what_may_pass_is_tried_again() {
    let place = place();
    let done = json!({ "asset_id": "as_x", "unchanged": false, "at": "2026-11-20T00:00:00Z", "opened": 1, "still": 0,
                       "closed": 0, "unchecked": 0, "findings": [] });
    let (url, server) = answers(vec![
        answer("503 Service Unavailable", "retry-after: 0\r\n", &json!({})),
        answer("429 Too Many Requests", "retry-after: 0\r\n", &json!({ "type": "/problems/too-many-requests" })),
        // The connection breaks.
        String::new(),
        answer("200 OK", "", &done),
    ]);
    let answered = place.answer(&to(&url));
    assert_eq!(answered["risks"].as_array().unwrap().len(), 1);
    let heads = server.join().unwrap();
    assert_eq!(heads.len(), 4);
    for head in &heads {
        let head = head.to_lowercase();
        for line in ["authorization: bearer yata_sensor_x", "content-encoding: gzip"] {
            assert!(head.contains(line), "no {line:?} in {head}");
        }
    }
}

#[test]
fn a_token_follows_no_redirection() {
    let place = place();
    let (url, server) = answers(vec![answer("302 Found", "location: http://127.0.0.1:9/x\r\n", &json!({}))]);
    place.assess(&to(&url)).error(&["redirects", "its own address"]);
    assert_eq!(server.join().unwrap().len(), 1);
}
