//! What only a server can do: be away, be slow, hold something else.

use std::sync::OnceLock;
use std::time::Duration;

use sqlx::Connection as _;
use yata_model::MissionImpact;
use yata_store::{Durability, Options, QueueFilter, Rules, Store, StoreError};
use yata_testing::postgres::{Database, Disk, Server};

use crate::judged::{all, place, report, service};
use crate::support::{World, noon, on_postgres, quick, run, shop};

#[test]
fn many_may_make_the_schema_at_once() {
    let Some(database) = Database::empty() else { return };
    let url = database.url();
    std::thread::scope(|scope| {
        for n in 0..6 {
            let url = &url;
            scope.spawn(move || {
                run(async {
                    let store = Store::connect(url, &quick()).await.unwrap();
                    let mut snapshot = shop(1, &[&["A"]]);
                    snapshot.sensor = format!("sensor {n}");
                    store.ingest(&snapshot).await.unwrap();
                    store.close().await;
                });
            });
        }
    });
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    on_postgres(async |world| {
        world.database().run("INSERT INTO yata_schema (version) VALUES (99)");
        let error = Store::connect(&world.database().url(), &quick()).await.unwrap_err();
        assert!(matches!(error, StoreError::NewerSchema { found: 99, .. }), "{error:?}");
    });
}

#[test]
fn a_database_with_other_tables_is_left_alone() {
    let Some(database) = Database::empty() else { return };
    database.run("CREATE TABLE cookies (x TEXT)");
    run(async {
        let error = Store::connect(&database.url(), &quick()).await.unwrap_err();
        assert!(matches!(error, StoreError::NotOurs { .. }), "{error:?}");
        let mut conn = sqlx::PgConnection::connect(&database.url()).await.unwrap();
        let text = "SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
        let relations: i64 = sqlx::query_scalar(text).fetch_one(&mut conn).await.unwrap();
        assert_eq!(relations, 1);
    });
}

#[test]
fn every_text_sorts_by_bytes() {
    on_postgres(async |world| {
        let texts =
            "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'";
        assert!(world.number(texts).await > 20);
        let others = "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'public' \
                      AND data_type NOT IN ('bigint', 'double precision') \
                      AND NOT (data_type = 'text' AND collation_name = 'C')";
        assert_eq!(world.number(others).await, 0, "TEXT, BIGINT and DOUBLE PRECISION are all that both engines have");
    });
}

#[test]
fn the_password_is_never_shown() {
    run(async {
        for url in
            ["postgres://sato:geheim@127.0.0.1:1/yata", "postgres://sato:geheim@[::1/yata", "mysql://a:geheim@b/c"]
        {
            let error = Store::connect(url, &quick()).await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("geheim"), "{shown}");
            match error {
                StoreError::Unavailable { place, .. } => {
                    assert_eq!(place.to_string(), "postgres://sato@127.0.0.1:1/yata")
                }
                StoreError::BadUrl { .. } => assert!(!url.contains("127.0.0.1")),
                error => panic!("{error:?}"),
            }
        }
    });
}

#[test]
fn whoever_is_not_let_in_is_told() {
    on_postgres(async |world| {
        let url = world.database().url();
        let (server, _) = url.rsplit_once('/').unwrap();
        let error = Store::connect(&format!("{server}/nowhere"), &quick()).await.unwrap_err();
        assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
    });
}

#[test]
fn whoever_waits_too_long_is_told() {
    on_postgres(async |world| {
        let mut conn = sqlx::PgConnection::connect(&world.database().url()).await.unwrap();
        let mut lock = conn.begin().await.unwrap();
        sqlx::query("LOCK TABLE snapshot IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
        let open = async |options| Store::connect(&world.database().url(), &options).await.unwrap();
        let hasty = open(Options { busy_timeout: Duration::from_millis(500), ..quick() }).await;
        let error = hasty.ingest(&shop(1, &[&["A"]])).await.unwrap_err();
        assert!(matches!(error, StoreError::Busy { waited_ms: 500, .. }), "{error:?}");
        let slow = open(Options { statement_timeout: Duration::from_millis(500), ..quick() }).await;
        let error = slow.last_run(&["x".to_owned()]).await.unwrap_err();
        assert!(matches!(error, StoreError::TooSlow { .. }), "{error:?}");
        lock.rollback().await.unwrap();
        hasty.ingest(&shop(1, &[&["A"]])).await.unwrap();
        // All connections are taken: busy, and not away.
        let options = Options { max_connections: 1, busy_timeout: Duration::from_millis(500), ..quick() };
        let narrow = open(options).await;
        let mut held = Box::pin(narrow.ingest_all(&[]));
        let _ = std::future::poll_fn(|context| std::task::Poll::Ready(held.as_mut().poll(context))).await;
        let error = narrow.ping().await.unwrap_err();
        assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
        drop(held);
        narrow.ping().await.unwrap();
        for store in [hasty, slow, narrow] {
            store.close().await;
        }
    });
}

/// Whoever judges while a service changes has read it as it was, and then says that the asset is up to date.
#[test]
fn a_service_that_changes_waits_for_those_who_judge() {
    on_postgres(async |world| {
        let mut shop = shop(1, &[&["A"]]);
        shop.asset.service = Some("shop".to_owned());
        world.store.ingest(&shop).await.unwrap();
        let mut conn = sqlx::PgConnection::connect(&world.database().url()).await.unwrap();
        let mut other = sqlx::PgConnection::connect(&world.database().url()).await.unwrap();
        let mut judging = conn.begin().await.unwrap();
        // `locks::ALL_ASSETS`, as `lock_assets` takes it.
        sqlx::query("SELECT pg_advisory_xact_lock_shared((1497453633::bigint << 32) + 1)")
            .execute(&mut *judging)
            .await
            .unwrap();
        let store = world.store.clone();
        let changed = service("shop", MissionImpact::High);
        let changing = tokio::spawn(async move { store.set_service(&changed, noon(2)).await });
        loop {
            let waiting = "SELECT COUNT(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                           WHERE NOT l.granted AND d.datname = current_database()";
            let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&mut other).await.unwrap();
            if waiting > 0 || changing.is_finished() {
                break;
            }
        }
        sqlx::query("UPDATE asset SET judged_by = 7").execute(&mut *judging).await.unwrap();
        judging.commit().await.unwrap();
        changing.await.unwrap().unwrap();
        assert_eq!(world.number("SELECT judged_by FROM asset").await, -1, "it is to be judged again");
    });
}

#[test]
fn a_connection_that_was_cut_is_made_anew() {
    on_postgres(async |world| {
        for day in 1..5 {
            world.store.ingest(&shop(day, &[&["A"]])).await.unwrap();
            world.database().disconnect_all();
            world.store.ping().await.unwrap();
        }
    });
}

#[test]
fn a_server_that_crashes_is_told_and_loses_nothing() {
    let Some(server) = Server::start(Disk::Safe) else { return };
    run(async {
        let options = Options {
            durability: Durability::PowerCut,
            busy_timeout: Duration::from_millis(300),
            ..Options::default()
        };
        let store = Store::connect(&server.url("postgres"), &options).await.unwrap();
        for day in 1..4 {
            store.ingest(&shop(day, &[&["A"]])).await.unwrap();
            server.stop();
            let error = store.ingest(&shop(day, &[&["B"]])).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            assert!(error.to_string().contains("connects again by itself"), "{error}");
            let error = Store::connect(&server.url("postgres"), &options).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            server.restart();
            let id = shop(1, &[]).asset.id;
            assert_eq!(store.last_run(&[id]).await.unwrap(), Some(noon(day)));
        }
        assert_eq!(store.ingest(&shop(4, &[&["A"]])).await.unwrap().still, 1);
        store.close().await;
    });
}

/// A copy of a filled database, where there is a server: for the speed of all other tests.
#[test]
fn a_copy_is_a_database_of_its_own() {
    static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
    let copy =
        || Database::like(&TEMPLATE, |url| run(async { Store::connect(url, &quick()).await.unwrap().close().await }));
    let (Some(one), Some(two)) = (copy(), copy()) else { return };
    one.run("INSERT INTO yata_schema (version) VALUES (99)");
    run(async {
        assert!(Store::connect(&one.url(), &quick()).await.is_err());
        Store::connect(&two.url(), &quick()).await.unwrap().close().await;
    });
}

#[test]
fn a_service_that_is_added_while_its_asset_is_judged_counts() {
    on_postgres(async |world: &World| {
        let (store, day) = (&world.store, "2026-01-02".parse().unwrap());
        let mut one = report(place(0), 1, 0b1, 0.5, 0b1);
        one.services.clear();
        store.ingest_report(&one, day).await.unwrap();
        let harm = async || all(store, &QueueFilter::default(), 9, false).await[0].expected_harm;
        let before = harm().await;
        store.set_rules(&Rules::default(), noon(2)).await.unwrap();
        // Somebody else adds the service, as a sensor of another asset does …
        let mut conn = sqlx::PgConnection::connect(&world.database().url()).await.unwrap();
        let mut adding = conn.begin().await.unwrap();
        let body = serde_json::to_string(&service("shop", MissionImpact::Low)).unwrap();
        let text = "INSERT INTO service (id, body, updated_at) VALUES ('shop', $1, 1)";
        sqlx::query(text).bind(body).execute(&mut *adding).await.unwrap();
        let text = "UPDATE asset SET judged_by = -1 WHERE service = 'shop'";
        sqlx::query(text).execute(&mut *adding).await.unwrap();
        // … and is done when the one who judges waits for the row.
        let waits = "SELECT COUNT(*) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let added = async {
            while world.number(waits).await == 0 {}
            adding.commit().await.unwrap();
        };
        let (ticked, ()) = tokio::join!(store.tick(day), added);
        ticked.unwrap();
        while store.tick(day).await.unwrap().more {}
        assert!(harm().await < before);
    });
}
