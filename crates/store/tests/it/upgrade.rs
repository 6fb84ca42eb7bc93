//! A database of an older program comes to the schema of this one and keeps what it holds.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection as _};
use yata_model::FindingState;
use yata_store::{Filter, FindingStatus, Paging, QueueFilter, Store};
use yata_testing::postgres::Database;

use crate::support::{noon, quick, run, shop};

/// As it was released; see `MIGRATIONS`.
const SCHEMA_1: &str = include_str!("../../migrations/0001_snapshots_and_findings.sql");

/// What a program of version 1 wrote.
const ROWS_1: &str = include_str!("version_1.sql");

async fn check(store: &Store) {
    let found = store.findings(&Filter::default(), None, 9).await.unwrap().items;
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(one.title, "入力の検証が足りない");
    assert_eq!(one.state, FindingState::Accepted { until: "2026-03-01".parse().unwrap() });
    assert_eq!(store.history(&one.id).await.unwrap().len(), 2);
    let snapshot = store.last_snapshot(&one.asset_id, "assess").await.unwrap().unwrap();
    assert_eq!((snapshot.at, snapshot.components.len()), (noon(1), 1));
    // It comes to its place in the list.
    let accepted = QueueFilter { states: vec![FindingStatus::Accepted], ..QueueFilter::default() };
    for (today, filter) in [("2026-03-01", &accepted), ("2026-03-02", &QueueFilter::default())] {
        while store.tick(today.parse().unwrap()).await.unwrap().more {}
        let page = store.queue(filter, &Paging::default(), false).await.unwrap();
        assert_eq!((page.rows[0].finding.id.as_str(), page.total.rows), (one.id.as_str(), 1));
    }
    // And it goes on.
    let next = store.ingest(&shop(2, &[&["A"]])).await.unwrap();
    assert_eq!((next.still, next.previous), (1, Some(noon(1))));
    assert_eq!(next.findings[0].id, one.id);
}

async fn make_file(path: &Path) {
    std::fs::write(path, "").unwrap();
    let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    let marks = "PRAGMA journal_mode = WAL; PRAGMA application_id = 1497453633; PRAGMA user_version = 1;";
    for sql in [SCHEMA_1, ROWS_1, marks] {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
}

#[test]
fn a_file_of_version_1_keeps_its_rows() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("yata.db");
        make_file(&path).await;
        check(&Store::open_with(&path, &quick()).await.unwrap()).await;
    });
}

#[test]
fn a_server_of_version_1_keeps_its_rows() {
    let Some(database) = Database::empty() else { return };
    database.run(&SCHEMA_1.replace("TEXT", "TEXT COLLATE \"C\""));
    database.run(ROWS_1);
    database.run("CREATE TABLE yata_schema (version BIGINT NOT NULL PRIMARY KEY); INSERT INTO yata_schema VALUES (1)");
    run(async {
        let store = Store::connect(&database.url(), &quick()).await.unwrap();
        check(&store).await;
        store.close().await;
    });
}
