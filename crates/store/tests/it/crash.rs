//! A process that is killed in the middle of its work loses nothing that it reported as stored.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use sqlx::Connection as _;
use yata_model::Snapshot;
use yata_store::Store;

use crate::support::{asset, component, run, shop};

const CHILD: &str = "YATA_STORE_CRASH_CHILD";
const ROUNDS: usize = 20;

fn snapshot(round: usize, n: usize) -> Snapshot {
    let mut snapshot = shop(1, &[&["A"], &["B"]]);
    snapshot.asset = asset(&format!("asset-{round}-{n}"));
    snapshot.components.extend((0..200).map(|c| component(&format!("c{c}-{n}"), "1.0.0")));
    for finding in &mut snapshot.findings {
        finding.asset_id.clone_from(&snapshot.asset.id);
        finding.id = yata_model::fingerprint(&snapshot.asset.id, &finding.rule, finding.subject.key());
    }
    snapshot
}

/// Runs in the child only: stores snapshot after snapshot, and says so each time.
#[test]
fn child() {
    let Ok(job) = std::env::var(CHILD) else { return };
    let (round, path) = job.split_once(' ').unwrap();
    let round = round.parse().unwrap();
    run(async {
        let store = Store::open(Path::new(path)).await.unwrap();
        for n in 0.. {
            store.ingest(&snapshot(round, n)).await.unwrap();
            println!("stored {n}");
        }
    });
}

/// Runs a test as a process of its own with this variable, and kills it after it said `stored …` so often; all that it
/// said was stored.
pub(crate) fn kill_after(reports: usize, test: &str, name: &str, value: &str) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(name, value)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| Some(line.rsplit_once("stored ")?.1.to_owned()));
    let mut all: Vec<String> = said.by_ref().take(reports).collect();
    child.kill().unwrap();
    // What was in the pipe already counts as said.
    all.extend(said);
    child.wait().unwrap();
    assert!(!all.is_empty(), "the child says something");
    all
}

#[test]
fn a_killed_process_loses_nothing_that_it_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yata.db");
    for round in 0..ROUNDS {
        let job = format!("{round} {}", path.display());
        let stored = kill_after(round % 7 + 1, "crash::child", CHILD, &job);
        let last: usize = stored.last().unwrap().parse().unwrap();
        run(async {
            let store = Store::open(&path).await.unwrap();
            for n in 0..=last {
                let wanted = snapshot(round, n);
                let stored = store.last_snapshot(&wanted.asset.id, "assess").await.unwrap().expect("stored");
                assert_eq!((stored.components.len(), stored.findings.len()), (202, 2), "round {round}, {n}");
            }
            store.close().await;
            let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
            let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap();
            assert_eq!(check, "ok");
            let orphans: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check")
                .fetch_all(&mut conn)
                .await
                .unwrap();
            assert_eq!(orphans, Vec::<String>::new());
        });
    }
}
