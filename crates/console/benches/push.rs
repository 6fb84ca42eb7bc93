//! How many reports a service takes: `cargo bench -p yata-console --bench push`. Over HTTP on loopback, client and service
//! in one process, on SQLite that survives a power cut; or on PostgreSQL with `YATA_POSTGRES=postgres://…`.
//!
//! With `-- largest`, `-- tiny` or `-- findings` it pushes reports of the largest size instead, several at once, and says
//! how much memory that takes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench stops at the first surprise and prints"
)]

mod support;

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use yata_console::{Scope, Who};
use yata_model::{AssetKind, asset_id};
use yata_store::{Options, Store};

use support::{Client, memory, serve};

const COMPONENTS: usize = 1_000;
const FINDINGS: usize = 20;
const CLIENTS: usize = 8;
const ASSETS_PER_CLIENT: usize = 16;
const MEASURED: Duration = Duration::from_secs(10);

/// A component as they are.
fn component(n: usize, version: &str) -> Value {
    json!({
        "purl": format!("pkg:npm/%40scope/some-package-{n}@{version}"), "ecosystem": "npm",
        "name": format!("@scope/some-package-{n}"), "version": version,
        "occurrences": [{
            "file": "services/web/package-lock.json", "line": n * 9 + 1, "scope": "runtime", "direct": n.is_multiple_of(20),
            "path": ["some-framework@4.2.1", "its-helper@1.0.0", format!("some-package-{n}@{version}")],
        }],
    })
}

/// A component with nothing that can be left out.
fn tiny(n: usize, edition: usize) -> Value {
    let (purl, name) = (format!("pkg:npm/p{n}@{edition}"), format!("p{n}"));
    json!({ "purl": purl, "ecosystem": "npm", "name": name, "version": edition.to_string() })
}

fn finding(advisory: &str, component: &Value) -> Value {
    json!({
        "rule": advisory, "ids": [advisory], "kind": "vulnerability", "applies": "affected",
        "title": "a line of text such as advisories have, neither short nor long",
        "component": component, "remedy": { "remedy": "upgrade", "to": "9.0.0" },
    })
}

fn evidence(advisory: &str) -> Value {
    json!({
        "advisory": { "id": advisory, "ids": [advisory], "kind": "vulnerability", "summary": "a hole",
            "severities": [{ "kind": "CVSS_V3", "value": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }] },
        "kev": { "value": null, "standing": "checked", "source": "CISA KEV" },
        "epss": { "value": 0.01, "standing": "checked", "source": "EPSS" },
        "ssvc": { "value": null, "standing": "checked", "source": "CISA vulnrichment" },
    })
}

/// A report of 1,000 components with 20 findings; another edition has 20 other versions and 2 other findings.
fn report(name: &str, edition: usize) -> Vec<u8> {
    let component = |n: usize| {
        let changed = n % 50 == edition % 50;
        component(n, &if changed { format!("2.0.{edition}") } else { format!("1.{}.{}", n % 17, n % 5) })
    };
    let components: Vec<Value> = (0..COMPONENTS).map(component).collect();
    let advisory = |n: usize| format!("CVE-2026-{:05}", if n < 2 { n * 1_000 + edition % 1_000 } else { n * 1_000 });
    let finding = |n: usize| finding(&advisory(n), &component(n * 49 + 1));
    let report = json!({
        "asset": { "kind": "repository", "name": name, "exposure": "internet", "owner": "web team" },
        "looks": [{
            "sensor": "assess", "components": components, "findings": (0..FINDINGS).map(finding).collect::<Vec<_>>(),
        }],
        "evidence": (0..FINDINGS).map(|n| evidence(&advisory(n))).collect::<Vec<_>>(),
    });
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(report.to_string().as_bytes()).unwrap();
    gzip.finish().unwrap()
}

/// Sends a report: status and body of the answer.
async fn send(client: &mut Client, name: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let id = asset_id(AssetKind::Repository, name);
    let head = format!(
        "PUT /api/v1/assets/{id}/snapshots HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-encoding: gzip\r\ncontent-length: {}\r\n",
        body.len()
    );
    client.ask(&head, body).await
}

/// Pushes a report; whether it was the one that came last.
async fn push(client: &mut Client, name: &str, body: &[u8]) -> bool {
    let (status, answer) = send(client, name, body).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
    answer.windows(17).any(|part| part == b"\"unchanged\":true,")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Unchanged,
    Changed,
}

async fn client(address: SocketAddr, nth: usize, what: What) -> Vec<Duration> {
    let names: Vec<String> = (0..ASSETS_PER_CLIENT).map(|n| format!("service-{nth}-{n}")).collect();
    // Made before it is measured: what a sensor does is not the service's work.
    let editions = if what == What::Unchanged { 1 } else { 8 };
    let reports: Vec<Vec<Vec<u8>>> =
        names.iter().map(|name| (0..editions).map(|edition| report(name, edition)).collect()).collect();
    let mut client = Client::new(address).await;
    for (name, reports) in names.iter().zip(&reports) {
        push(&mut client, name, &reports[0]).await;
    }
    let started = Instant::now();
    let mut times = Vec::new();
    let mut round = 1;
    while started.elapsed() < MEASURED {
        for (name, reports) in names.iter().zip(&reports) {
            let begun = Instant::now();
            let unchanged = push(&mut client, name, &reports[round % editions]).await;
            times.push(begun.elapsed());
            assert_eq!(unchanged, what == What::Unchanged);
        }
        round += 1;
    }
    times
}

async fn measure(address: SocketAddr, what: What) {
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS).map(|nth| tokio::spawn(client(address, nth, what))).collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.unwrap());
    }
    times.sort();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let per_second = times.len() as f64 / MEASURED.as_secs_f64();
    println!(
        "{what:?}: {per_second:.0} a second ({} in 10 s; {:.1} s with the first of each), median {:.1} ms, p99 {:.1} ms",
        times.len(),
        started.elapsed().as_secs_f64(),
        at(0.5),
        at(0.99)
    );
}

/// A report of about that many bytes, written as it is made: of components as they are, of the smallest ones, or of
/// findings with their evidence. How many of them, how many bytes, and the report.
fn largest(shape: &str, name: &str, edition: usize, bytes: usize) -> (usize, usize, Vec<u8>) {
    let advisory = |n: usize| format!("CVE-2026-{n:06}");
    let version = format!("1.0.{edition}");
    let of_findings = shape == "findings";
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let (mut written, mut count) = (0, 0);
    let mut write = |text: &str| {
        written += text.len();
        gzip.write_all(text.as_bytes()).unwrap();
        written
    };
    write(&format!("{{\"asset\":{{\"kind\":\"repository\",\"name\":\"{name}\"}},\"looks\":[{{\"sensor\":\"assess\","));
    write(if of_findings { "\"findings\":[" } else { "\"components\":[" });
    let most = if of_findings { bytes * 5 / 9 } else { bytes };
    for n in 0.. {
        let item = match shape {
            "findings" => finding(&advisory(n), &component(n, &version)),
            "tiny" => tiny(n, edition),
            _ => component(n, &version),
        };
        let written = write(&format!("{}{item}", if n == 0 { "" } else { "," }));
        count += 1;
        if written > most - 600 || count == 200_000 {
            break;
        }
    }
    write("]}]");
    if of_findings {
        write(",\"evidence\":[");
        for n in 0..count {
            write(&format!("{}{}", if n == 0 { "" } else { "," }, evidence(&advisory(n))));
        }
        write("]");
    }
    let written = write("}");
    (count, written, gzip.finish().unwrap())
}

/// Clients that push large reports at once, of assets of their own, and come back when they are told to.
async fn push_largest(address: SocketAddr, shape: &str) {
    let bytes = std::env::var("BYTES").map_or(33_500_000, |bytes| bytes.parse().unwrap());
    println!("the service at rest: {}", memory());
    for clients in [1, 1, 4] {
        let reports: Vec<_> = (0..clients)
            .map(|n| (format!("service-large-{n}"), largest(shape, &format!("service-large-{n}"), clients, bytes)))
            .collect();
        let (count, size, body) = &reports[0].1;
        println!("{clients} at once: {count} items, {size} bytes, {} KiB compressed", body.len() / 1024);
        let started = Instant::now();
        let pushes: Vec<_> = reports
            .into_iter()
            .map(|(name, (_, _, body))| {
                tokio::spawn(async move {
                    let mut client = Client::new(address).await;
                    let mut refused = 0;
                    loop {
                        match send(&mut client, &name, &body).await {
                            (200, _) => return refused,
                            (503, _) => refused += 1,
                            (status, answer) => panic!("{status} {}", String::from_utf8_lossy(&answer)),
                        }
                        tokio::time::sleep(Duration::from_millis(500)).await;
                    }
                })
            })
            .collect();
        let mut refused = 0;
        for push in pushes {
            refused += push.await.unwrap();
        }
        println!("  {:.1} s, told to come back {refused} times; peak {}", started.elapsed().as_secs_f64(), memory());
    }
}

fn main() {
    // `cargo test` runs benches too, and wants to know whether they build.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = match std::env::var("YATA_POSTGRES") {
            Ok(url) => Store::connect(&url, &Options::default()).await.unwrap(),
            Err(_) => Store::open(&folder.path().join("yata.db")).await.unwrap(),
        };
        let assets = vec!["service-*".to_owned()];
        let who = Who::Token { id: "to_1".to_owned(), name: "bench".to_owned(), scope: Scope::Sensor, assets };
        let address = serve(store, who).await;
        let shape = std::env::args().find(|argument| ["largest", "tiny", "findings"].contains(&argument.as_str()));
        if let Some(shape) = shape {
            return push_largest(address, &shape).await;
        }
        let body = report("service-0-0", 0).len();
        println!("{COMPONENTS} components, {FINDINGS} findings, {} KiB compressed; {CLIENTS} connections", body / 1024);
        measure(address, What::Unchanged).await;
        measure(address, What::Changed).await;
        println!("peak memory of client and service: {}", memory());
    });
}
