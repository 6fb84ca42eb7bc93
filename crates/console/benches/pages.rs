//! How long people wait for pages: `YATA_BENCH=yata.db cargo bench -p yata-console --bench pages`, where `YATA_BENCH` is a
//! database that `cargo xtask bench store --keep` made, a file or `postgres://…`. Over HTTP on loopback, readers and
//! service in one process; each of 50 readers asks for the next page as soon as it has one, and then again with a second
//! of reading between pages.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench stops at the first surprise and prints"
)]

mod support;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use yata_console::{Role, Who};
use yata_store::{Options, Store};

use support::{Client, memory, serve};

const READERS: usize = 50;
const MEASURED: Duration = Duration::from_secs(20);
const READING: Duration = Duration::from_secs(1);

/// The page, which must be one.
async fn read(client: &mut Client, path: &str) -> String {
    let (status, page) = client.ask(&format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n"), b"").await;
    assert_eq!(status, 200, "{path}");
    String::from_utf8_lossy(&page).into_owned()
}

/// What stands between the first of these and the next quote, each once.
fn links(page: &str, begin: &str) -> Vec<String> {
    let mut found: Vec<String> =
        page.split(begin).skip(1).filter_map(|rest| rest.split(['"', '?', '#']).next()).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

/// The pages that are asked for: a name, and the addresses under it.
async fn pages(address: SocketAddr) -> Vec<(&'static str, Vec<String>)> {
    let mut client = Client::new(address).await;
    let queue = read(&mut client, "/queue?group=none").await;
    let findings = links(&queue, "href=\"/findings/");
    let assets = links(&read(&mut client, "/assets").await, "href=\"/assets/");
    let assets: Vec<_> = assets.iter().filter(|id| id.starts_with("as_")).collect();
    assert!(!findings.is_empty() && !assets.is_empty(), "the database holds nothing");
    let service = |n: u32| format!("/queue?service=service-{n:03}");
    vec![
        ("today", vec!["/".to_owned()]),
        ("queue", vec!["/queue".to_owned(), "/queue?group=none".to_owned()]),
        ("queue, a service", (1..20).map(service).collect()),
        ("queue, a priority", vec!["/queue?priority=immediate".to_owned(), "/queue?priority=defer".to_owned()]),
        ("queue, overdue", vec!["/queue?due=overdue".to_owned(), "/queue?due=week&kind=vulnerability".to_owned()]),
        ("finding", findings.iter().map(|id| format!("/findings/{id}")).collect()),
        ("assets", vec!["/assets".to_owned()]),
        ("asset", assets.iter().map(|id| format!("/assets/{id}")).collect()),
        ("risk map", vec!["/risk-map".to_owned()]),
        ("sources", vec!["/sources".to_owned()]),
    ]
}

type Times = BTreeMap<&'static str, Vec<Duration>>;

async fn reader(
    address: SocketAddr,
    nth: usize,
    pause: Duration,
    pages: Arc<Vec<(&'static str, Vec<String>)>>,
) -> Times {
    let (mut times, mut client) = (Times::new(), Client::new(address).await);
    // Not all at once.
    tokio::time::sleep(pause * u32::try_from(nth).unwrap() / u32::try_from(READERS).unwrap()).await;
    let (started, mut round) = (Instant::now(), nth * 7);
    while started.elapsed() < MEASURED {
        let (name, addresses) = &pages[round % pages.len()];
        let begun = Instant::now();
        read(&mut client, &addresses[round / pages.len() % addresses.len()]).await;
        times.entry(name).or_default().push(begun.elapsed());
        round += 1;
        tokio::time::sleep(pause).await;
    }
    times
}

async fn measure(address: SocketAddr, readers: usize, pause: Duration, pages: &Arc<Vec<(&'static str, Vec<String>)>>) {
    let all: Vec<_> = (0..readers).map(|nth| tokio::spawn(reader(address, nth, pause, Arc::clone(pages)))).collect();
    let mut times = Times::new();
    for one in all {
        for (name, more) in one.await.unwrap() {
            times.entry("**all**").or_default().extend(&more);
            times.entry(name).or_default().extend(more);
        }
    }
    let pause = if pause.is_zero() { "no pause" } else { "a second of reading between pages" };
    println!("\n{readers} readers, {pause}\n\n| page | a second | p50 | p99 | longest |\n|---|---|---|---|---|");
    for (name, mut times) in times {
        times.sort();
        let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
        let per_second = times.len() as f64 / MEASURED.as_secs_f64();
        println!("| {name} | {per_second:.1} | {:.1} ms | {:.1} ms | {:.1} ms |", at(50), at(99), at(100));
    }
}

fn main() {
    // `cargo test` runs benches too, and wants to know whether they build.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let Ok(database) = std::env::var("YATA_BENCH") else {
        println!("skipped: needs YATA_BENCH, a database that `cargo xtask bench store --keep` made");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = match database.starts_with("postgres") {
            true => Store::connect(&database, &Options::default()).await.unwrap(),
            false => Store::open(Path::new(&database)).await.unwrap(),
        };
        let who = Who::Person {
            id: "pe_1".to_owned(),
            name: "Reader".to_owned(),
            email: "reader@example.com".to_owned(),
            role: Role::Administrator,
            services: Vec::new(),
        };
        let address = serve(store, who).await;
        let pages = Arc::new(pages(address).await);
        measure(address, 1, Duration::ZERO, &pages).await;
        measure(address, READERS, READING, &pages).await;
        measure(address, READERS, Duration::ZERO, &pages).await;
        println!("\npeak memory of readers and service: {}", memory());
    });
}
