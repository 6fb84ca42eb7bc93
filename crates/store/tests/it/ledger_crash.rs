//! A process that is killed while it writes acts and gives them their place loses none that it reported.

use std::path::Path;

use yata_store::{Act, Actor, LedgerFilter, Store};

use crate::crash::kill_after;
use crate::ledger::{key, trust};
use crate::support::{noon, run, shop};

const CHILD: &str = "YATA_STORE_LEDGER_CHILD";

/// How often it is killed; `YATA_CRASH_ROUNDS` for more.
const ROUNDS: usize = 40;

/// Runs in the child only: writes acts and seals at the same time, and says each act that was stored.
#[test]
fn child() {
    let Ok(job) = std::env::var(CHILD) else { return };
    let (round, path) = job.split_once(' ').unwrap();
    run(async {
        let store = Store::open(Path::new(path)).await.unwrap();
        let write = async {
            for n in 0.. {
                let name = format!("{round}-{n}");
                let act = Act::new("finding.accepted", &Actor::local("sato")).on("finding", &name, "");
                if n % 5 == 0 {
                    store.ingest(&shop(i64::from(n) + 1, &[&["A"]])).await.unwrap();
                }
                store.note_act(&act, noon(1)).await.unwrap();
                println!("stored {name}");
            }
        };
        let seal = async {
            loop {
                store.seal(&key(), &trust(), noon(1)).await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(write, seal);
    });
}

#[test]
fn a_killed_process_loses_no_act_that_it_reported() {
    let rounds = std::env::var("YATA_CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yata.db");
    let mut newest = None;
    for round in 0..rounds {
        let job = format!("{round} {}", path.display());
        let reported = kill_after(round % 13 + 1, "ledger_crash::child", CHILD, &job);
        newest = Some(run(check(&path, round, &reported, newest)));
    }
}

/// Everything that was reported is there once, and the log leads to the checkpoint of the round before.
async fn check(path: &Path, round: usize, reported: &[String], before: Option<String>) -> String {
    let store = Store::open(path).await.unwrap();
    let trust = before.into_iter().fold(trust(), |trust, note| trust.with_kept("before", note));
    let report = store.verify_ledger(&trust, &mut |_, _| {}).await.unwrap();
    assert!(report.holds() || (round == 0 && report.report.entries == 0), "round {round}: {report:?}");
    let sealed = store.seal(&key(), &trust, noon(1)).await.unwrap();
    assert!(!sealed.more);
    let report = store.verify_ledger(&trust, &mut |_, _| {}).await.unwrap();
    assert!(report.holds() && report.pending == 0, "round {round}: {report:?}");
    for name in reported {
        let filter = LedgerFilter { resource: Some(format!("finding {name}")), ..LedgerFilter::default() };
        let page = store.ledger_entries(&filter, 500).await.unwrap();
        let named = |row: &yata_store::LedgerRow| row.body.contains(&format!("\"uid\":\"{name}\""));
        assert_eq!(page.rows.iter().filter(|row| named(row)).count(), 1, "round {round}: {name}");
    }
    store.close().await;
    sealed.checkpoint
}
