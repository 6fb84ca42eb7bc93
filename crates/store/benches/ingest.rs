//! How long the store takes: `cargo bench -p yata-store`. Prints medians, and the price of surviving a power
//! cut as a ratio within the same run.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench stops at the first surprise and prints"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use yata_model::{
    AdvisoryKind, Applies, Asset, AssetKind, Component, Ecosystem, Family, Finding, FindingState, Occurrence, Package,
    Remedy, Scope, Snapshot, fingerprint,
};
use yata_store::{Durability, Filter, Options, Store};

const COMPONENTS: usize = 10_000;
const FINDINGS: usize = 500;
const ROUNDS: usize = 15;

/// A snapshot of an asset; `edition` changes one component and one finding.
fn snapshot(name: &str, edition: usize, components: usize, findings: usize) -> Snapshot {
    let asset = Asset::unknown(AssetKind::Repository, name);
    let component = |n: usize| {
        let name = format!("some-package-{n}");
        let version = if n == 0 { format!("1.0.{edition}") } else { format!("1.{}.{}", n % 17, n % 5) };
        Component {
            purl: format!("pkg:npm/%40scope/{name}@{version}"),
            package: Package::new(Ecosystem::plain(Family::Npm), &format!("@scope/{name}")),
            version: Some(version.clone()),
            source: None,
            occurrences: vec![Occurrence {
                file: "services/web/package-lock.json".to_owned(),
                line: Some(u32::try_from(n * 9).unwrap()),
                scope: Scope::Runtime,
                direct: Some(n.is_multiple_of(20)),
                path: vec![
                    "some-framework@4.2.1".to_owned(),
                    "its-helper@1.0.0".to_owned(),
                    format!("{name}@{version}"),
                ],
            }],
        }
    };
    let components: Vec<Component> = (0..components).map(component).collect();
    let finding = |n: usize| {
        let component = &components[(n * 19) % components.len()];
        let ids = vec![format!("CVE-2026-{n:05}"), format!("GHSA-aaaa-bbbb-{n:04}")];
        Finding {
            id: fingerprint(&asset.id, &ids[0], &component.purl),
            asset_id: asset.id.clone(),
            rule: ids[0].clone(),
            ids,
            kind: AdvisoryKind::Vulnerability,
            title: "a line of text such as advisories have, neither short nor long".to_owned(),
            subject: yata_model::Subject::Component(component.clone()),
            applies: Applies::Affected,
            remedy: Remedy::Upgrade { to: "9.9.9".to_owned(), compatible: Some(true) },
            state: FindingState::Open,
            first_seen: None,
        }
    };
    let findings = (0..findings).map(finding).collect();
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Snapshot { sensor: "assess".to_owned(), at, components, findings, asset, problems: Vec::new() }
}

/// Medians over [`ROUNDS`].
#[derive(Clone, Copy)]
struct Times {
    /// By the clock on the wall.
    wall: Duration,
    /// Of all threads on a processor (0 where the system does not tell): what a busy machine does not change.
    cpu: Duration,
}

fn cpu_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

async fn median(mut work: impl AsyncFnMut(usize)) -> Times {
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (start, cpu_before) = (Instant::now(), cpu_time());
        work(round).await;
        wall.push(start.elapsed());
        cpu.push(cpu_time().saturating_sub(cpu_before));
    }
    wall.sort_unstable();
    cpu.sort_unstable();
    Times { wall: wall[ROUNDS / 2], cpu: cpu[ROUNDS / 2] }
}

async fn open(path: &Path, durability: Durability) -> Store {
    Store::open_with(path, &Options { durability, ..Options::default() }).await.unwrap()
}

/// Times of: first, changed, unchanged snapshot of [`COMPONENTS`]; a small one; a run of 100 small ones.
async fn ingests(folder: &Path, durability: Durability) -> [(&'static str, Times); 5] {
    let store = open(&folder.join(format!("{durability:?}.db")), durability).await;
    let prepare = |label: &str, count: usize, components, findings| -> Vec<Snapshot> {
        (0..count).map(|n| snapshot(&format!("{label}{n}"), 0, components, findings)).collect()
    };
    let firsts = prepare("big", ROUNDS, COMPONENTS, FINDINGS);
    let first = median(async |n| drop(store.ingest(&firsts[n]).await.unwrap())).await;
    let editions: Vec<Snapshot> = (0..ROUNDS).map(|n| snapshot("big0", n + 1, COMPONENTS, FINDINGS)).collect();
    let changed = median(async |n| drop(store.ingest(&editions[n]).await.unwrap())).await;
    let unchanged = median(async |_| drop(store.ingest(&editions[ROUNDS - 1]).await.unwrap())).await;
    let small: Vec<Snapshot> = prepare("small", ROUNDS, 100, 5);
    let one = median(async |n| drop(store.ingest(&small[n]).await.unwrap())).await;
    let runs: Vec<Vec<Snapshot>> = (0..ROUNDS).map(|n| prepare(&format!("run{n}-"), 100, 100, 5)).collect();
    let run = median(async |n| drop(store.ingest_all(&runs[n]).await.unwrap())).await;
    store.close().await;
    [
        ("first, 10,000 components, 500 findings", first),
        ("changed in one component", changed),
        ("unchanged", unchanged),
        ("first, 100 components, 5 findings", one),
        ("100 of those in one run", run),
    ]
}

async fn bench() {
    let folder = tempfile::tempdir_in(std::env::var_os("YATA_BENCH_DIR").unwrap_or_else(|| ".".into())).unwrap();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("{:<42} {:>10} {:>10} {:>12} {:>6}", "snapshot", "power cut", "its cpu", "process end", "ratio");
    let safe = ingests(folder.path(), Durability::PowerCut).await;
    let loose = ingests(folder.path(), Durability::ProcessEnd).await;
    for ((what, safe), (_, loose)) in safe.into_iter().zip(loose) {
        let (wall, cpu, loose) = (ms(safe.wall), ms(safe.cpu), ms(loose.wall));
        println!("{what:<42} {wall:>7.2} ms {cpu:>7.2} ms {loose:>9.2} ms {:>6.2}", wall / loose);
    }
    let path = folder.path().join("PowerCut.db");
    let warm = median(async |_| drop(open(&path, Durability::PowerCut).await)).await;
    let new = median(async |n| drop(open(&folder.path().join(format!("new{n}.db")), Durability::PowerCut).await)).await;
    let store = open(&path, Durability::PowerCut).await;
    let page = median(async |_| drop(store.findings(&Filter::default(), None, 1000).await.unwrap())).await;
    println!(
        "open, warm {:.2} ms; open, new file {:.2} ms; a page of 1,000 findings {:.2} ms",
        ms(warm.wall),
        ms(new.wall),
        ms(page.wall)
    );
    println!("database {:.1} MiB", std::fs::metadata(&path).unwrap().len() as f64 / 1_048_576.0);
}

fn main() {
    // `cargo test --benches` only checks that it builds.
    if std::env::args().any(|argument| argument == "--bench") {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(bench());
    }
}
