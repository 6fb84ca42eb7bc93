//! Files: made, refused, full, locked.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sqlx::Connection as _;
use yata_store::{Filter, Options, Store, StoreError};

use crate::support::{component, noon, quick, rules, run, shop, world};

async fn raw(path: &Path, sql: impl Into<String>) {
    let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.into())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

#[cfg(unix)]
#[test]
fn folder_and_file_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    run(async {
        let world = world().await;
        let (store, path) = (world.store.clone(), world.path().to_owned());
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    });
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    run(async {
        let world = world().await;
        let (store, path) = (world.store.clone(), world.path().to_owned());
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        store.close().await;
        raw(&path, "PRAGMA user_version = 99").await;
        let before = fs::read(&path).unwrap();
        let error = Store::open(&path).await.unwrap_err();
        let text = error.to_string();
        let StoreError::NewerSchema { found: 99, known, .. } = error else { panic!("{error:?}") };
        assert!(text.contains("schema version 99") && text.contains(&format!("up to {known}")), "{text}");
        assert_eq!(fs::read(&path).unwrap(), before);
        raw(&path, format!("PRAGMA user_version = {known}")).await;
        assert_eq!(Store::open(&path).await.unwrap().assets(None, 9).await.unwrap().items.len(), 1);
    });
}

#[test]
fn any_other_file_is_refused_and_left_alone() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other.db");
        raw_new(&other).await;
        let text = folder.path().join("text.db");
        fs::write(&text, "これはデータベースではない\n".repeat(1000)).unwrap();
        for path in [&other, &text] {
            let before = fs::read(path).unwrap();
            let error = Store::open(path).await.unwrap_err();
            assert!(matches!(error, StoreError::NotOurs { .. }), "{error:?}");
            assert_eq!(fs::read(path).unwrap(), before);
        }
        let error = Store::open(folder.path()).await.unwrap_err();
        assert!(matches!(error, StoreError::NotAFile { .. }), "{error:?}");
    });
}

async fn raw_new(path: &Path) {
    fs::write(path, "").unwrap();
    raw(path, "CREATE TABLE cookies (x)").await;
}

#[test]
fn a_damaged_file_is_told() {
    run(async {
        let world = world().await;
        let (store, path) = (world.store.clone(), world.path().to_owned());
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        store.close().await;
        let whole = fs::read(&path).unwrap();
        // The header stays; everything after it is noise, or is missing.
        let mut noise = whole.clone();
        noise[200..].fill(0xa5);
        for damaged in [noise, whole[..8192].to_vec()] {
            fs::write(&path, damaged).unwrap();
            let error = match Store::open(&path).await {
                Ok(store) => store.ingest(&shop(2, &[&["B"]])).await.unwrap_err(),
                Err(error) => error,
            };
            assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        }
    });
}

#[test]
fn a_full_disk_leaves_the_state_from_before() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("yata.db");
        let store = Store::open_with(&path, &Options { max_size_mib: 1, ..quick() }).await.unwrap();
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();

        let mut big = shop(2, &[&["B"]]);
        big.components = (0..10_000).map(|n| component(&format!("c{n}"), "1.0.0")).collect();
        for _ in 0..3 {
            let error = store.ingest(&big).await.unwrap_err();
            assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
            assert!(error.to_string().contains("free some space"), "{error}");
        }
        // The same handle goes on, and so does a new one.
        for store in [store, Store::open(&path).await.unwrap()] {
            assert_eq!(rules(&store.findings(&Filter::default(), None, 9).await.unwrap().items), ["A"]);
            assert_eq!(store.ingest(&shop(3, &[&["A"]])).await.unwrap().still, 1);
        }
    });
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Store::open(&file.join("yata.db")).await.unwrap_err();
        assert!(matches!(error, StoreError::Create { .. }), "{error:?}");

        let closed = folder.path().join("closed");
        fs::create_dir(&closed).unwrap();
        let mut rights = fs::metadata(&closed).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(&closed, rights).unwrap();
        if fs::write(closed.join("probe"), "").is_ok() {
            eprintln!("skipped: needs a user whom a read-only folder stops");
            return;
        }
        let error = Store::open(&closed.join("yata.db")).await.unwrap_err();
        assert!(matches!(error, StoreError::Create { .. }), "{error:?}");
    });
}

#[test]
fn a_write_that_fails_leaves_the_state_from_before() {
    run(async {
        let world = world().await;
        let (store, path) = (world.store.clone(), world.path().to_owned());
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        raw(&path, "CREATE TRIGGER t BEFORE UPDATE ON snapshot BEGIN SELECT RAISE(ABORT, 'no'); END").await;
        let error = store.ingest(&shop(2, &[&["A"]])).await.unwrap_err();
        assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
        assert_eq!(store.last_run(&[shop(1, &[]).asset.id]).await.unwrap(), Some(noon(1)));
    });
}

#[test]
fn whoever_waits_too_long_is_told() {
    run(async {
        let world = world().await;
        let (store, path) = (world.store.clone(), world.path().to_owned());
        store.close().await;
        let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
        let lock = conn.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let options = Options { busy_timeout: Duration::from_millis(20), ..quick() };
        let store = Store::open_with(&path, &options).await.unwrap();
        let error = store.ingest(&shop(1, &[&["A"]])).await.unwrap_err();
        assert!(matches!(error, StoreError::Busy { waited_ms: 20, .. }), "{error:?}");
        assert_eq!(store.assets(None, 9).await.unwrap().items, [], "reading does not wait");
        lock.rollback().await.unwrap();
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();
    });
}

#[test]
fn many_may_make_the_same_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("yata.db");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| run(async { Store::open(&path).await.unwrap().close().await }));
        }
    });
}
