//! `yata serve` with a witness of its ledger, and a verification that demands it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use yata_ledger::witness::Witness;
use yata_ledger::{Hash, Key, VerifierKey};

use crate::serve::Service;
use crate::support::{Place, package_lock};

const TIME_S: u64 = 1_795_000_000;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A witness on loopback: it checks the signature of the log and each proof, and tells the sizes that it countersigned.
fn witness(key: Key, log: VerifierKey) -> (String, Receiver<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, sizes) = channel();
    std::thread::spawn(move || {
        let mut last = (0, Hash::empty());
        for mut stream in listener.incoming().map_while(Result::ok) {
            let body = body(&stream);
            let rules = Witness { key: &key, origin: log.name(), log_keys: std::slice::from_ref(&log), last };
            let response = rules.answer(&body, TIME_S);
            let (status, length) = (response.status, response.body.len());
            let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(format!("{head}{}", response.body).as_bytes());
            if let Some(stored) = response.store {
                last = stored;
                let _ = sender.send(last.0);
            }
        }
    });
    (url, sizes)
}

fn body(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = ("-".to_owned(), 0);
    while !line.trim().is_empty() {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

#[test]
fn a_witness_countersigns_what_the_service_does() {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0")]));
    place.answer(&["shop"]);
    let log: VerifierKey = place.yata(&["ledger", "key"]).code(0).out.trim().parse().unwrap();
    let key = |seed: u8| Key::from_seed("witness.example/w", &[seed; 32]).unwrap();
    let (ours, other) = (key(8).cosignature_verifier().to_string(), key(9).cosignature_verifier().to_string());
    let (url, sizes) = witness(key(8), log.clone());
    let never = place.yata(&["ledger", "verify", "--witness-key", &ours]).code(2);
    never.says(&["The ledger is whole", "The witness has not countersigned"]);
    let config = place.write("serve.toml", format!("[ledger]\nwitness = {{ url = \"{url}\", key = \"{ours}\" }}\n"));
    let service = Service::start(&place, &["--listen", "127.0.0.1:0", "--config", config.to_str().unwrap()], &[]);
    let size = sizes.recv_timeout(PATIENCE).unwrap();
    // It has countersigned; a moment later that is stored.
    let until = Instant::now() + PATIENCE;
    let run = loop {
        let run = place.yata(&["ledger", "verify", "--witness-key", &ours]);
        if run.code == Some(0) || Instant::now() > until {
            break run.code(0);
        }
    };
    drop(service);
    run.says(&["The ledger is whole", &format!("The witness countersigned {size} of "), "UTC"]);
    place.yata(&["ledger", "verify", "--witness-key", &ours, "--lang", "ja"]).code(0).says(&["連署しています"]);
    place.yata(&["ledger", "verify", "--witness-key", &other]).code(2).says(&["has not countersigned"]);
    place.yata(&["ledger", "verify", "--witness-key", &log.to_string()]).error(&["kind 04"]);
    place.yata(&["ledger", "verify", "--witness-key", "x"]).error(&["--witness-key"]);
    place.yata(&["ledger", "verify"]).code(0).is_silent_about(&["witness"]);
}
