//! What was done is written down once and for all: nothing is lost, and every rewriting shows.

use std::path::Path;

use jiff::Timestamp;
use sqlx::Connection as _;
use yata_ledger::{Checkpoint, EntryProof, Finding, Frontier, Key, Refused, Resource, Tile, leaf_hash};
use yata_store::{Act, Actor, LedgerFilter, LedgerReport, MAX_SEALED, Options, Sealed, Store, StoreError, Trust};

use crate::support::{Home, World, noon, on_each, quick, run, shop, world};

pub(crate) fn key() -> Key {
    Key::from_seed("example.org/ledger", &[7; 32]).unwrap()
}

pub(crate) fn trust() -> Trust {
    Trust::new(vec![key().verifier()])
}

/// Acts `first..end`, each named after its number.
async fn act(store: &Store, numbers: std::ops::Range<usize>) {
    for n in numbers {
        let act = Act::new("finding.accepted", &Actor::local(format!("sato-{}", n % 3)))
            .on("finding", format!("fi_{n}"), format!("CVE-{n} 部品"))
            .because(format!("reason {n}"));
        store.note_act(&act, noon(1)).await.unwrap();
    }
}

async fn seal(store: &Store) -> Sealed {
    loop {
        let sealed = store.seal(&key(), &trust(), noon(2)).await.unwrap();
        if !sealed.more {
            return sealed;
        }
    }
}

async fn verify(store: &Store, trust: &Trust) -> LedgerReport {
    store.verify_ledger(trust, &mut |_, _| {}).await.unwrap()
}

/// Changes the database behind the program's back.
async fn raw(world: &World, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &world.home {
        Home::File { path, .. } => {
            let url = format!("sqlite:{}", path.display());
            let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
        Home::Server(database) => {
            let mut conn = sqlx::PgConnection::connect(&database.url()).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        }
    }
}

#[test]
fn acts_get_their_places_in_order_and_once() {
    on_each(async |world| {
        let store = &world.store;
        assert!(store.ledger_head().await.unwrap().is_none());
        let sealed = seal(store).await;
        assert_eq!((sealed.size, sealed.added), (0, 0), "a log begins with a checkpoint of nothing");
        act(store, 0..5).await;
        assert_eq!(store.ledger_head().await.unwrap().unwrap().pending, 5);
        assert_eq!(seal(store).await.size, 5);
        let again = seal(store).await;
        assert_eq!((again.size, again.added), (5, 0));
        let page = store.ledger_entries(&LedgerFilter::default(), 10).await.unwrap();
        let reasons: Vec<String> =
            page.rows.iter().map(|row| row.entry.clone().unwrap().unmapped.why.unwrap()).collect();
        assert_eq!(reasons, ["reason 4", "reason 3", "reason 2", "reason 1", "reason 0"]);
        let report = verify(store, &trust()).await;
        assert!(report.holds(), "{report:?}");
        assert_eq!((report.report.proven, report.pending), (5, 0));
        // The whole is the tree of its entries.
        let mut frontier = Frontier::new();
        page.rows.iter().rev().for_each(|row| frontier.push(leaf_hash(row.body.as_bytes())));
        let head = store.ledger_head().await.unwrap().unwrap();
        let opened = Checkpoint::open(&head.checkpoint, "example.org/ledger", &[key().verifier()]).unwrap();
        assert_eq!((opened.checkpoint.size, opened.checkpoint.root), (5, frontier.root()));
    });
}

#[test]
fn what_is_done_is_written_down_with_it() {
    on_each(async |world| {
        let store = &world.store;
        let id = store.ingest(&shop(1, &[&["A"]])).await.unwrap().findings[0].id.clone();
        // The same again: once a day.
        for day in [1, 1, 2, 2, 3] {
            store.ingest(&shop(day, &[&["A"]])).await.unwrap();
        }
        store.accept(&id, "2026-03-01".parse().unwrap(), "later", "sato", noon(3)).await.unwrap();
        store.accept(&id, "2025-03-01".parse().unwrap(), "too late", "sato", noon(3)).await.unwrap_err();
        store.set_rules(&store.rules().await.unwrap(), noon(3)).await.unwrap();
        seal(store).await;
        let page = store.ledger_entries(&LedgerFilter::default(), 10).await.unwrap();
        let what: Vec<String> =
            page.rows.iter().rev().map(|row| row.entry.clone().unwrap().activity_name.unwrap()).collect();
        assert_eq!(
            what,
            ["snapshot.imported", "snapshot.imported", "snapshot.imported", "finding.accepted", "rules.changed"]
        );
    });
}

#[test]
fn entries_are_found_by_who_what_and_which() {
    on_each(async |world| {
        let store = &world.store;
        act(store, 0..30).await;
        store.note_act(&Act::new("session.started", &Actor::local("田中_%")), noon(1)).await.unwrap();
        seal(store).await;
        let find = async |filter: LedgerFilter| {
            let page = store.ledger_entries(&filter, 50).await.unwrap();
            page.rows.into_iter().map(|row| row.seq).collect::<Vec<_>>()
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(find(LedgerFilter { actor: text("SATO-1"), ..LedgerFilter::default() }).await.len(), 10);
        assert_eq!(find(LedgerFilter { actor: text("_%"), ..LedgerFilter::default() }).await, [30]);
        assert_eq!(find(LedgerFilter { actor: text("%"), ..LedgerFilter::default() }).await, [30]);
        assert_eq!(find(LedgerFilter { resource: text("fi_29"), ..LedgerFilter::default() }).await, [29]);
        assert_eq!(find(LedgerFilter { what: text("session."), ..LedgerFilter::default() }).await, [30]);
        assert_eq!(find(LedgerFilter { from: Some(3), before: Some(5), ..LedgerFilter::default() }).await, [4, 3]);
        let mut filter = LedgerFilter::default();
        let mut seen = Vec::new();
        loop {
            let page = store.ledger_entries(&filter, 7).await.unwrap();
            seen.extend(page.rows.into_iter().map(|row| row.seq));
            filter.before = page.next;
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..31).rev().collect::<Vec<u64>>());
    });
}

/// Beside the tiles, which say the same again.
fn findings(report: &LedgerReport) -> Vec<&Finding> {
    report.report.findings.iter().filter(|finding| !matches!(finding, Finding::Tile { .. })).collect()
}

/// Enough for whole tiles; a change, and what the verification must say.
#[test]
fn whatever_is_rewritten_shows() {
    type Expected = fn(&LedgerReport) -> bool;
    let cases: [(&str, Expected); 12] = [
        ("UPDATE ledger_entry SET body = replace(body, 'reason 300', 'reason 301') WHERE seq = 300", |report| {
            findings(report) == [&Finding::Edited { index: 300 }]
        }),
        ("DELETE FROM ledger_entry WHERE seq = 17", |report| {
            report.report.findings.contains(&Finding::Gap { expected: 17, found: 18 })
        }),
        ("DELETE FROM ledger_entry WHERE seq >= 500", |report| {
            matches!(&report.report.findings[..], [Finding::Truncated { size: 600, entries: 500, .. }])
        }),
        (
            "UPDATE ledger_entry SET body = (SELECT e.body FROM e WHERE e.seq = 41 - ledger_entry.seq) \
             WHERE seq IN (20, 21)",
            |report| {
                findings(report)
                    == [
                        &Finding::Reordered { index: 20, logged_at: 21 },
                        &Finding::Reordered { index: 21, logged_at: 20 },
                    ]
            },
        ),
        // With their hashes: the newest checkpoint knows better.
        (
            "UPDATE ledger_entry SET seq = -1 WHERE seq = 20; UPDATE ledger_entry SET seq = 20 WHERE seq = 21; \
             UPDATE ledger_entry SET seq = 21 WHERE seq = -1",
            |report| matches!(findings(report)[..], [Finding::Rewritten { size: 600, proven: 0, .. }]),
        ),
        ("UPDATE ledger_entry SET leaf = 'ff' WHERE seq = 5", |report| {
            report.report.findings == [Finding::StoredHash { index: 5 }]
        }),
        ("UPDATE ledger_entry SET actor = 'nobody' WHERE seq = 9", |report| report.mislabelled == [9]),
        ("DELETE FROM ledger_tile WHERE tile = 1", |report| {
            report.report.findings == [Finding::Tile { tile: Tile { level: 0, index: 1, width: 256 } }]
        }),
        // One character of its signature, whatever it is, by another.
        (
            "UPDATE ledger_checkpoint SET note = substr(note, 1, length(note) - 10) || \
             CASE substr(note, length(note) - 9, 1) WHEN 'A' THEN 'B' ELSE 'A' END || \
             substr(note, length(note) - 8) WHERE size = 600",
            |report| report.report.findings.iter().any(|finding| matches!(finding, Finding::Checkpoint { .. })),
        ),
        ("DELETE FROM ledger_checkpoint", |report| report.report.findings.contains(&Finding::NoCheckpoint)),
        ("UPDATE ledger_entry SET seq = -1 WHERE seq = 3", |report| {
            report.report.findings.contains(&Finding::Repeated { index: 0 })
        }),
        ("DELETE FROM ledger_entry; DELETE FROM ledger_tile", |report| {
            report.report.findings.iter().any(|finding| matches!(finding, Finding::Truncated { entries: 0, .. }))
        }),
    ];
    // One log for all cases: each is put back.
    on_each(async |world| {
        let store = &world.store;
        act(store, 0..600).await;
        seal(store).await;
        assert!(verify(store, &trust()).await.holds());
        raw(
            world,
            "CREATE TABLE e AS SELECT * FROM ledger_entry; CREATE TABLE t AS SELECT * FROM ledger_tile; \
                    CREATE TABLE c AS SELECT * FROM ledger_checkpoint",
        )
        .await;
        for (sql, expected) in &cases {
            raw(world, sql).await;
            let report = verify(store, &trust()).await;
            assert!(!report.holds() && expected(&report), "{sql}: {report:?}");
            raw(
                world,
                "DELETE FROM ledger_entry; DELETE FROM ledger_tile; DELETE FROM ledger_checkpoint; \
                        INSERT INTO ledger_entry SELECT * FROM e; INSERT INTO ledger_tile SELECT * FROM t; \
                        INSERT INTO ledger_checkpoint SELECT * FROM c",
            )
            .await;
            assert!(verify(store, &trust()).await.holds(), "{sql}: put back");
        }
    });
}

/// With the key, a whole new log can be made; whoever kept a checkpoint sees it.
#[test]
fn a_log_that_was_built_anew_shows_against_an_earlier_checkpoint() {
    on_each(async |world| {
        let store = &world.store;
        act(store, 0..300).await;
        let kept = seal(store).await.checkpoint;
        raw(world, "DELETE FROM ledger_entry; DELETE FROM ledger_tile; DELETE FROM ledger_checkpoint").await;
        act(store, 1..400).await;
        seal(store).await;
        assert!(verify(store, &trust()).await.holds(), "by itself it is in order");
        let trust = trust().with_kept("kept.note", kept);
        let report = verify(store, &trust).await;
        assert!(matches!(&report.report.findings[..], [Finding::Rebuilt { size: 300, .. }]), "{report:?}");
        // Nothing is built upon it.
        act(store, 400..401).await;
        let error = store.seal(&key(), &trust, noon(3)).await.unwrap_err();
        assert!(matches!(error, StoreError::Ledger { .. }), "{error:?}");
        assert_eq!(store.ledger_head().await.unwrap().unwrap().pending, 1, "the act waits on");
    });
}

#[test]
fn a_database_that_was_put_back_shows_against_the_checkpoint_beside_the_key() {
    run(async {
        let world = world().await;
        act(&world.store, 0..10).await;
        seal(&world.store).await;
        let path = world.path().to_owned();
        raw(&world, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        let old = std::fs::read(&path).unwrap();
        act(&world.store, 10..20).await;
        let kept = seal(&world.store).await.checkpoint;
        world.store.clone().close().await;
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
        std::fs::write(&path, old).unwrap();
        let store = Store::open(&path).await.unwrap();
        assert!(verify(&store, &trust()).await.holds(), "by itself it is in order");
        let trust = trust().with_kept("ledger.checkpoint", kept);
        let report = verify(&store, &trust).await;
        assert!(
            matches!(&report.report.findings[..], [Finding::Truncated { size: 20, entries: 10, .. }]),
            "{report:?}"
        );
        act(&store, 20..21).await;
        let error = store.seal(&key(), &trust, noon(3)).await.unwrap_err();
        assert!(error.to_string().contains("ledger.checkpoint covers 20"), "{error}");
    });
}

#[test]
fn what_somebody_tampered_with_is_not_built_upon() {
    on_each(async |world| {
        let store = &world.store;
        act(store, 0..10).await;
        seal(store).await;
        act(store, 10..11).await;
        for (sql, back) in [
            (
                "UPDATE ledger_checkpoint SET frontier = '0' WHERE size = 10",
                "UPDATE ledger_checkpoint SET frontier = (SELECT frontier FROM c WHERE c.size = 10) WHERE size = 10",
            ),
            ("UPDATE ledger_entry SET seq = 99 WHERE seq = 9", "UPDATE ledger_entry SET seq = 9 WHERE seq = 99"),
        ] {
            raw(world, "DROP TABLE IF EXISTS c; CREATE TABLE c AS SELECT * FROM ledger_checkpoint").await;
            raw(world, sql).await;
            let error = store.seal(&key(), &trust(), noon(3)).await.unwrap_err();
            assert!(matches!(error, StoreError::Ledger { .. }), "{error:?}");
            raw(world, back).await;
        }
        let other = Key::from_seed("example.org/ledger", &[8; 32]).unwrap();
        let error = store.seal(&other, &Trust::new(vec![other.verifier()]), noon(3)).await.unwrap_err();
        assert!(matches!(error, StoreError::LedgerKey { .. }), "{error:?}");
        // With the key before it, the log goes on.
        let both = Trust::new(vec![other.verifier(), key().verifier()]);
        assert_eq!(store.seal(&other, &both, noon(3)).await.unwrap().size, 11);
        assert!(verify(store, &both).await.holds());
        let report = verify(store, &trust()).await;
        let unknown = |finding: &Finding| matches!(finding, Finding::Checkpoint { refused: Refused::UnknownKey, .. });
        assert!(report.report.findings.iter().any(unknown), "{report:?}");
    });
}

#[test]
fn replicas_that_seal_at_once_make_one_log() {
    on_each(async |world| {
        let (store, other) = (&world.store, world.other().await);
        for round in 0..10 {
            act(store, round * 20..round * 20 + 10).await;
            let (one, two, _) = tokio::join!(
                async { store.seal(&key(), &trust(), noon(2)).await },
                async { other.seal(&key(), &trust(), noon(2)).await },
                act(&other, round * 20 + 10..round * 20 + 20),
            );
            one.unwrap();
            two.unwrap();
        }
        seal(store).await;
        let report = verify(store, &trust()).await;
        assert!(report.holds() && report.report.entries == 200, "{report:?}");
        let ids = world.number("SELECT COUNT(DISTINCT id) FROM ledger_entry").await;
        assert_eq!((ids, report.pending), (200, 0));
        other.close().await;
    });
}

#[test]
fn every_entry_can_be_proven_and_every_tile_read() {
    on_each(async |world| {
        let store = &world.store;
        act(store, 0..600).await;
        seal(store).await;
        for seq in [0, 255, 256, 511, 512, 599] {
            let proof = store.ledger_proof(seq).await.unwrap().unwrap();
            let text = proof.to_string();
            let read: EntryProof = text.parse().unwrap();
            let proven = read.verify("example.org/ledger", &[key().verifier()]).unwrap();
            assert_eq!((proven.index, proven.opened.checkpoint.size), (seq, 600));
        }
        assert!(store.ledger_proof(600).await.unwrap().is_none());
        let read = async |path: &str| store.ledger_resource(&Resource::parse(path).unwrap()).await.unwrap();
        assert_eq!(read("tile/0/001").await.unwrap().len(), 256 * 32);
        assert_eq!(read("tile/0/002.p/88").await.unwrap().len(), 88 * 32);
        assert_eq!(read("tile/1/000.p/2").await.unwrap().len(), 2 * 32);
        assert!(read("tile/1/000.p/3").await.is_none() && read("tile/0/002").await.is_none());
        assert!(read("tile/entries/002.p/88").await.is_some() && read("tile/entries/002.p/89").await.is_none());
        assert!(read("checkpoint").await.unwrap().starts_with(b"example.org/ledger\n600\n"));
    });
}

#[test]
fn a_flood_is_sealed_in_batches() {
    run(async {
        let world = world().await;
        let many = MAX_SEALED as usize + 10;
        raw(
            &world,
            &format!(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {many}) \
                 INSERT INTO ledger_pending SELECT printf('%08d', x), 'not an entry' FROM n"
            ),
        )
        .await;
        let error = world.store.seal(&key(), &trust(), noon(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Ledger { .. }), "{error:?}");
        raw(&world, "DELETE FROM ledger_pending").await;
        act(&world.store, 0..many).await;
        let first = world.store.seal(&key(), &trust(), noon(1)).await.unwrap();
        assert!(first.more && first.added == MAX_SEALED);
        assert_eq!(seal(&world.store).await.size, many as u64);
        assert!(verify(&world.store, &trust()).await.holds());
    });
}

/// The size at which the disk is full, in MiB.
const FULL_MIB: u32 = 1;

#[test]
fn a_full_disk_while_sealing_loses_nothing() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("yata.db");
        let open = async |mib| Store::open_with(&path, &Options { max_size_mib: mib, ..quick() }).await.unwrap();
        let store = open(FULL_MIB).await;
        let (mut noted, mut sealed) = (0, 0);
        let why = "w".repeat(3_000);
        let refused = loop {
            let act = Act::new("finding.accepted", &Actor::system()).because(&why);
            match store.note_act(&act, noon(1)).await {
                Ok(()) => noted += 1,
                Err(error) => break error,
            }
            if noted % 50 == 0 {
                match store.seal(&key(), &trust(), noon(1)).await {
                    Ok(done) => sealed = done.size,
                    Err(error) => break error,
                }
            }
        };
        assert!(matches!(refused, StoreError::Full { .. }), "{refused:?}");
        assert!(refused.to_string().contains("free some space"), "{refused}");
        store.close().await;
        let store = open(FULL_MIB * 64).await;
        assert!(store.ledger_head().await.unwrap().is_none_or(|head| head.size == sealed));
        assert_eq!(seal(&store).await.size, noted, "each act that was reported as stored is there");
        assert!(verify(&store, &trust()).await.holds());
    });
}

/// A power cut can leave the end of the write-ahead log torn. What was there before stays, and the log is whole.
#[test]
fn a_torn_write_is_repaired() {
    run(async {
        let world = world().await;
        let path = world.path().to_owned();
        act(&world.store, 0..20).await;
        seal(&world.store).await;
        raw(&world, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        let before = std::fs::read(&path).unwrap();
        act(&world.store, 20..40).await;
        seal(&world.store).await;
        let wal = std::fs::read(format!("{}-wal", path.display())).unwrap();
        assert!(wal.len() > 10_000);
        let folder = tempfile::tempdir().unwrap();
        let mut sizes = Vec::new();
        let mut at: u64 = 12_345;
        for round in 0..40 {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let cut = if round == 0 { wal.len() } else { usize::try_from(at >> 33).unwrap() % wal.len() };
            let copy = folder.path().join(format!("{round}.db"));
            std::fs::write(&copy, &before).unwrap();
            let mut torn = wal[..cut].to_vec();
            // Half a sector of something else at the end, as disks leave it.
            torn.extend_from_slice(&[0xa5; 200]);
            std::fs::write(format!("{}-wal", copy.display()), torn).unwrap();
            sizes.push(opens_whole(&copy).await);
        }
        assert_eq!(sizes[0], 40, "nothing is lost of a log that is whole");
        assert!(sizes.iter().all(|size| (20..=40).contains(size)), "{sizes:?}");
        assert!(sizes.contains(&20), "{sizes:?}");
    });
}

/// Entries of the log, with what still waited for its place.
async fn opens_whole(path: &Path) -> u64 {
    let store = Store::open(path).await.unwrap();
    let report = verify(&store, &trust()).await;
    assert!(report.holds(), "{report:?}");
    let size = seal(&store).await.size;
    assert!(verify(&store, &trust()).await.holds());
    store.close().await;
    size
}

#[test]
fn the_clock_may_go_backwards() {
    on_each(async |world| {
        let store = &world.store;
        let early: Timestamp = "2001-01-01T00:00:00Z".parse().unwrap();
        for at in [noon(5), early, noon(3)] {
            store.note_act(&Act::new("session.started", &Actor::system()), at).await.unwrap();
            store.seal(&key(), &trust(), at).await.unwrap();
        }
        assert!(verify(store, &trust()).await.holds());
    });
}
