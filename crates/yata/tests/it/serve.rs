//! `yata serve` from outside: how it is set, what it listens to, what it cuts off, how it ends.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use yata_testing::postgres::{Disk, Server};

use crate::support::{Place, skipped};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a head may take (10 s), and what a busy machine adds.
const HEAD_LIMIT: Duration = Duration::from_secs(20);
/// How long the body of a form may take (30 s), and what a busy machine adds.
const BODY_LIMIT: Duration = Duration::from_secs(45);
/// Pause between two looks or two bytes.
const PAUSE: Duration = Duration::from_millis(200);

/// A service that runs; it is killed when dropped.
pub(crate) struct Service {
    child: Child,
    address: SocketAddr,
    lines: Receiver<String>,
    said: Arc<Mutex<String>>,
}

impl Service {
    pub(crate) fn start(place: &Place, args: &[&str], env: &[(&str, &str)]) -> Service {
        let mut command = place.command(&[&["serve"], args].concat());
        let mut child = command.envs(env.iter().copied()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        let (stderr, heard) = (child.stderr.take().unwrap(), Arc::clone(&said));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                heard.lock().unwrap().push_str(&format!("{line}\n"));
                let _ = sender.send(line);
            }
        });
        let mut service = Service { child, address: ([127, 0, 0, 1], 0).into(), lines, said };
        // `(listening on 127.0.0.1:40123)`, in every language.
        let line = service.hears("127.0.0.1:");
        let address = line.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ':');
        service.address = address.filter_map(|word| word.parse().ok()).next_back().unwrap();
        service
    }

    fn loopback(place: &Place) -> Service {
        Service::start(place, &["--listen", "127.0.0.1:0"], &[])
    }

    /// Waits for a line with that text.
    #[track_caller]
    fn hears(&self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.contains(text) {
                return line;
            }
        }
        panic!("never said {text:?}:\n{}", self.said.lock().unwrap());
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Status and text of a page.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = self.connect();
        let _ = write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        answer(&mut stream)
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    fn end(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Looks again and again until the page answers with that status.
    #[track_caller]
    fn becomes(&self, path: &str, status: u16) {
        let until = Instant::now() + PATIENCE;
        while self.get(path).0 != status {
            assert!(Instant::now() < until, "{path} never answers {status}");
            std::thread::park_timeout(PAUSE);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads an answer to its end: status, and head with body.
fn answer(stream: &mut impl Read) -> (u16, String) {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        // Who cuts off a sender that still sends resets the connection.
        assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof), "{error}");
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    (status, text)
}

#[test]
fn settings_come_from_file_environment_and_command_line() {
    let place = Place::new();
    let file = place.write("yata.toml", "listen = \"127.0.0.1:1\"\nlang = \"ja\"\ntime_zone = \"Asia/Tokyo\"\n");
    let env = [
        ("YATA_SERVE_CONFIG", file.to_str().unwrap()),
        ("YATA_SERVE_LISTEN", "127.0.0.1:2"),
        ("YATA_SERVE_AS_OF", "2026-11-20"),
        ("YATA_SERVE_LOG", "json"),
    ];
    let service = Service::start(&place, &["--listen", "127.0.0.1:0"], &env);
    let (status, page) = service.get("/sign-in");
    assert_eq!(status, 200);
    assert!(page.contains("<html lang=\"ja\""), "the file's language");
    assert!(page.contains("2026-11-20"), "the environment's day");
    assert_eq!(service.get("/health/live").0, 200);
    assert_eq!(service.get("/health/ready").0, 200);
    assert_eq!(service.get("/metrics").0, 303, "not for everybody");
    let said = service.hears("/join?token=");
    assert!(said.contains(&format!("http://{}/join?token=", service.address)), "{said}");
}

#[test]
fn bad_settings_are_named() {
    let place = Place::new();
    let refused = |text: &str, words: &[&str]| {
        let file = place.write("serve.toml", text);
        place.yata(&["serve", "--config", file.to_str().unwrap()]).error(words);
    };
    refused("listen = 7330", &["serve.toml", "line 1"]);
    refused("listen = \"0.0.0.0:0\"", &["0.0.0.0:0", "tls_certificate"]);
    refused("port = 7330", &["serve.toml", "port"]);
    refused("[oidc]\nissuer = \"https://id.example\"", &["serve.toml", "client_id"]);
    refused("database = \"sqlite:x\"", &["postgres://"]);
    refused("tls_certificate = \"c.pem\"", &["tls_key"]);
    refused("tls_certificate = \"c.pem\"\ntls_key = \"k.pem\"", &["c.pem"]);
    refused("time_zone = \"Mars/Olympus\"", &["Mars/Olympus"]);
    place.yata(&["serve", "--config", "nowhere.toml"]).error(&["nowhere.toml"]);
    place.write("c.pem", "no certificate");
    place.write("k.pem", "no key");
    refused("tls_certificate = \"c.pem\"\ntls_key = \"k.pem\"", &["c.pem", "PEM"]);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let place = Place::new();
    let service = Service::loopback(&place);
    let other = Place::new();
    let address = service.address.to_string();
    other.yata(&["serve", "--listen", &address]).error(&[&address]);
}

/// A certificate for `localhost` and its key in `folder`; `false` where there is no openssl.
fn make_certificate(folder: &Path) -> bool {
    let settings = "[req]\ndistinguished_name = name\nprompt = no\nx509_extensions = more\n[name]\nCN = localhost\n\
                    [more]\nsubjectAltName = DNS:localhost\nbasicConstraints = critical,CA:FALSE\n";
    fs::write(folder.join("openssl.cnf"), settings).unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"])
        .args(["-config", "openssl.cnf", "-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    match made {
        Ok(status) => status.success(),
        Err(_) => {
            skipped("needs openssl");
            false
        }
    }
}

/// What the service answers over TLS to who trusts that certificate only.
fn get_trusting(certificate: &Path, address: SocketAddr) -> Result<u16, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    let request = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request).map_err(|error| error.to_string())?;
    Ok(answer(&mut stream).0)
}

#[test]
fn a_certificate_is_renewed_without_a_restart() {
    let place = Place::new();
    if !make_certificate(place.path("").as_path()) {
        return;
    }
    let (certificate, key) = (place.path("certificate.pem"), place.path("key.pem"));
    let args = ["--tls-certificate", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let service = Service::start(&place, &[&["--listen", "127.0.0.1:0"][..], &args].concat(), &[]);
    let old = place.path("old.pem");
    fs::copy(&certificate, &old).unwrap();
    assert_eq!(get_trusting(&old, service.address), Ok(200));
    assert_eq!(service.get("/health/live").0, 0, "nothing is said in the clear");

    assert!(make_certificate(place.path("").as_path()));
    service.signal("HUP");
    service.hears("read again");
    assert_eq!(get_trusting(&certificate, service.address), Ok(200));
    assert!(get_trusting(&old, service.address).is_err(), "the old one is not shown any more");

    place.write("key.pem", "half a file");
    service.signal("HUP");
    service.hears("stays");
    assert_eq!(get_trusting(&certificate, service.address), Ok(200), "what cannot be read changes nothing");
}

/// The head of a form of `length` bytes, sent; the body follows.
fn begin_form(stream: &mut TcpStream, length: usize) {
    let head = "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    write!(stream, "{head}connection: close\r\ncontent-length: {length}\r\n\r\n").unwrap();
}

#[test]
fn what_runs_may_end_when_the_service_is_told_to_stop() {
    let place = Place::new();
    let mut service = Service::loopback(&place);
    let mut running = service.connect();
    let body = "email=a%40b.example&password=x";
    begin_form(&mut running, body.len());
    running.write_all(&body.as_bytes()[..5]).unwrap();
    // Whoever connects later is served after the head above was read.
    assert_eq!(service.get("/health/live").0, 200);
    service.signal("TERM");
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(service.address).is_ok() {
        assert!(Instant::now() < until, "it takes new connections still");
        std::thread::park_timeout(PAUSE);
    }
    running.write_all(&body.as_bytes()[5..]).unwrap();
    assert_eq!(answer(&mut running).0, 403, "answered: a form of no session");
    assert_eq!(service.end().code(), Some(0));
}

/// Sends one byte after the other until the service cuts the connection; how long it held.
fn drip(mut stream: TcpStream, byte: &[u8]) -> Duration {
    let started = Instant::now();
    stream.set_read_timeout(Some(PAUSE)).unwrap();
    while started.elapsed() < PATIENCE {
        if stream.write_all(byte).is_err() {
            break;
        }
        match stream.read(&mut [0; 4096]) {
            // An answer; the end comes.
            Ok(1..) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Ok(0) | Err(_) => break,
        }
    }
    started.elapsed()
}

#[test]
fn who_sends_slowly_is_cut_off() {
    let place = Place::new();
    let service = Service::loopback(&place);
    let head = std::thread::spawn({
        let mut stream = service.connect();
        stream.write_all(b"GET / HTTP/1.1\r\nx-slow: ").unwrap();
        move || drip(stream, b"a")
    });
    let body = std::thread::spawn({
        let mut stream = service.connect();
        begin_form(&mut stream, 100_000);
        move || drip(stream, b"a")
    });
    let silent = std::thread::spawn({
        let mut stream = service.connect();
        begin_form(&mut stream, 100);
        stream.write_all(b"email=").unwrap();
        let started = Instant::now();
        move || {
            answer(&mut stream);
            started.elapsed()
        }
    });
    // Others are served meanwhile.
    assert_eq!(service.get("/health/ready").0, 200);
    let (head, body, silent) = (head.join().unwrap(), body.join().unwrap(), silent.join().unwrap());
    assert!(head < HEAD_LIMIT, "a slow head held for {head:?}");
    assert!(body < BODY_LIMIT, "a slow body held for {body:?}");
    assert!(silent < BODY_LIMIT, "a silent body held for {silent:?}");
}

#[test]
fn oversized_heads_and_bodies_are_refused() {
    let place = Place::new();
    let service = Service::loopback(&place);
    // Whatever is refused is told so: the connection is not reset under the answer.
    let told = |mut stream: TcpStream| {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text.split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };
    let ask = |more: &str| {
        let mut stream = service.connect();
        let head = format!("GET /sign-in HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        told(stream)
    };
    assert_eq!(ask(""), 200);
    assert_eq!(ask(&format!("cookie: {}\r\n", "a".repeat(200_000))), 431);
    assert_eq!(ask(&"x-one: 1\r\n".repeat(100)), 431);
    let mut stream = service.connect();
    begin_form(&mut stream, 10_000_000);
    assert_eq!(told(stream), 413, "refused by its length, before it is sent");
    let mut stream = service.connect();
    begin_form(&mut stream, 10_000_000);
    stream.write_all(&vec![b'a'; 10_000_000]).unwrap();
    assert_eq!(told(stream), 413, "and told so while it is sent");
    for nonsense in ["GET\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = service.connect();
        stream.write_all(nonsense.as_bytes()).unwrap();
        assert_eq!(told(stream), 400, "{nonsense:?}");
    }
    assert_eq!(service.get("/health/ready").0, 200, "and it lives");
}

#[test]
fn a_database_that_is_gone_and_back_needs_no_restart() {
    let Some(server) = Server::start(Disk::Fast) else { return };
    let place = Place::new();
    let url = server.url("postgres");
    let service = Service::start(&place, &["--listen", "127.0.0.1:0", "--database", &url], &[]);
    assert_eq!(service.get("/health/ready").0, 200);
    server.stop();
    service.becomes("/health/ready", 503);
    assert_eq!(service.get("/health/live").0, 200, "the service itself lives");
    let (status, page) = service.get("/sign-in");
    assert!([200, 500, 503].contains(&status) && !page.contains("postgres"), "{status} {page}");
    server.restart();
    service.becomes("/health/ready", 200);
    assert_eq!(service.get("/sign-in").0, 200);
}
