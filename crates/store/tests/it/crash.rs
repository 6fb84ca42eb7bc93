//! A process that is killed in the middle of its work loses nothing that it reported as stored.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use sqlx::Connection as _;
use yata_model::Snapshot;
use yata_store::{Options, Store};
use yata_testing::postgres::Database;

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

/// A file, or a database of a server by its URL.
async fn opened(place: &str) -> Store {
    if Store::is_url(place) {
        Store::connect(place, &Options::default()).await.unwrap()
    } else {
        Store::open(Path::new(place)).await.unwrap()
    }
}

/// Kills a child in the middle of its work; all that it reported as stored is there.
fn kill_and_look(round: usize, place: &str) {
    let stored = kill_after(round % 7 + 1, "crash::child", CHILD, &format!("{round} {place}"));
    let last: usize = stored.last().unwrap().parse().unwrap();
    run(async {
        let store = opened(place).await;
        for n in 0..=last {
            let wanted = snapshot(round, n);
            let stored = store.last_snapshot(&wanted.asset.id, "assess").await.unwrap().unwrap();
            assert_eq!((stored.components.len(), stored.findings.len()), (202, 2), "round {round}, {n}");
        }
        store.close().await;
    });
}

/// Runs in the child only: stores snapshot after snapshot, and says so each time.
#[test]
fn child() {
    let Ok(job) = std::env::var(CHILD) else { return };
    let (round, place) = job.split_once(' ').unwrap();
    let round = round.parse().unwrap();
    run(async {
        let store = opened(place).await;
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
        kill_and_look(round, path.to_str().unwrap());
        run(async {
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

/// On a server: what the child began and did not end is taken back, and keeps nobody waiting.
#[test]
fn a_killed_client_of_a_server_loses_nothing_that_it_reported() {
    let Some(database) = Database::empty() else { return };
    for round in 0..ROUNDS {
        kill_and_look(round, &database.url());
    }
    run(async {
        let store = opened(&database.url()).await;
        store.ingest(&snapshot(0, 0)).await.unwrap();
        store.close().await;
    });
}
