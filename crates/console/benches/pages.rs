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

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use yata_console::{Caller, Clock, Console, Listener, Role, Settings, Who, app_as};
use yata_store::{Options, Store};
use yata_words::Lang;

const READERS: usize = 50;
const MEASURED: Duration = Duration::from_secs(20);
const READING: Duration = Duration::from_secs(1);

/// A connection that is kept.
struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Reader {
    async fn new(address: SocketAddr) -> Reader {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Reader { stream, buffer: Vec::new() }
    }

    /// The page, which must be one.
    async fn read(&mut self, path: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
        self.stream.write_all(head.as_bytes()).await.unwrap();
        self.buffer.clear();
        loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the connection broke");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let length: usize = length.parse().unwrap();
            if self.buffer.len() >= end + 4 + length {
                assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
                return String::from_utf8_lossy(&self.buffer[end + 4..]).into_owned();
            }
        }
    }
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
    let mut reader = Reader::new(address).await;
    let queue = reader.read("/queue?group=none").await;
    let findings = links(&queue, "href=\"/findings/");
    let assets = links(&reader.read("/assets").await, "href=\"/assets/");
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
    let (mut times, mut reader) = (Times::new(), Reader::new(address).await);
    // Not all at once.
    tokio::time::sleep(pause * u32::try_from(nth).unwrap() / u32::try_from(READERS).unwrap()).await;
    let (started, mut round) = (Instant::now(), nth * 7);
    while started.elapsed() < MEASURED {
        let (name, addresses) = &pages[round % pages.len()];
        let begun = Instant::now();
        reader.read(&addresses[round / pages.len() % addresses.len()]).await;
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

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")).unwrap_or_default()
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
        let console = Console::new(store, Settings::new("http://127.0.0.1", [7; 32]), Clock::system());
        let who = Who::Person {
            id: "pe_1".to_owned(),
            name: "Reader".to_owned(),
            email: "reader@example.com".to_owned(),
            role: Role::Administrator,
            services: Vec::new(),
        };
        let app = app_as(Arc::clone(&console), Caller { who, ..Caller::nobody(Lang::En) });
        let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).await.unwrap();
        let address = listener.address().unwrap();
        tokio::spawn(listener.serve(app, std::future::pending()));
        let pages = Arc::new(pages(address).await);
        measure(address, 1, Duration::ZERO, &pages).await;
        measure(address, READERS, READING, &pages).await;
        measure(address, READERS, Duration::ZERO, &pages).await;
        println!("\npeak memory of readers and service: {}", memory());
    });
}
