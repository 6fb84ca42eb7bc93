//! What must hold on both engines when programs meet.

use yata_model::{Asset, FindingState, Report, Snapshot, VexStatus};
use yata_store::{Filter, MAX_KEY_BYTES, Rules, Store, StoreError};

use crate::judged::{place, report};
use crate::support::{asset, component, finding, history, noon, on_each, rules, shop, vex};

async fn states(store: &Store) -> Vec<(String, FindingState)> {
    let found = store.findings(&Filter::default(), None, 100).await.unwrap().items;
    found.into_iter().map(|finding| (finding.rule, finding.state)).collect()
}

#[test]
fn two_programs_take_turns() {
    on_each(async |world| {
        let (store, other) = (&world.store, world.other().await);
        let (mut a, mut b) = (shop(1, &[&["A"]]), shop(1, &[&["B"]]));
        a.sensor = "a".to_owned();
        b.sensor = "b".to_owned();
        for _ in 0..10 {
            let (one, two) = tokio::join!(store.ingest(&a), other.ingest(&b));
            one.unwrap();
            two.unwrap();
        }
        assert_eq!(states(store).await.len(), 2);
        other.close().await;
    });
}

/// The asset's findings are those of one of the two, whole, and each history is a row of open and fixed in turn.
#[test]
fn two_programs_that_ingest_the_same_asset_lose_nothing() {
    on_each(async |world| {
        let (store, other) = (&world.store, world.other().await);
        let (one, two) = (shop(1, &[&["A"], &["B"]]), shop(1, &[&["B"], &["C"]]));
        for round in 0..30 {
            let (a, b) = tokio::join!(store.ingest(&one), other.ingest(&two));
            // Whoever came second saw what the first had left.
            let (a, b) = (a.unwrap(), b.unwrap());
            let (first, second) = if rules(&a.closed).is_empty() && round == 0 { (&a, &b) } else { (&b, &a) };
            assert!(first.previous.is_none() || second.previous.is_some());
            let open: Vec<String> = states(store)
                .await
                .into_iter()
                .filter(|(_, s)| *s == FindingState::Open)
                .map(|(rule, _)| rule)
                .collect();
            let mut open: Vec<&str> = open.iter().map(String::as_str).collect();
            open.sort_unstable();
            assert!(open == ["A", "B"] || open == ["B", "C"], "round {round}: {open:?}");
        }
        for finding in store.findings(&Filter::default(), None, 9).await.unwrap().items {
            let lines = history(store, &finding.id).await;
            for (n, line) in lines.iter().enumerate() {
                let wanted = if n % 2 == 0 { "open" } else { "fixed" };
                assert!(line.starts_with(wanted), "{}: {lines:?}", finding.rule);
            }
        }
        other.close().await;
    });
}

#[test]
fn a_decision_beside_an_ingestion_is_not_lost() {
    on_each(async |world| {
        let (store, other) = (&world.store, world.other().await);
        let id = store.ingest(&shop(1, &[&["A"]])).await.unwrap().findings[0].id.clone();
        for round in 0..20 {
            // Another title, so that the row is written each time.
            let mut snapshot = shop(2, &[&["A"]]);
            snapshot.findings[0].title = format!("title {round}");
            let until = "2026-03-01".parse().unwrap();
            let (accepted, ingested) =
                tokio::join!(store.accept(&id, until, "later", "sato", noon(2)), other.ingest(&snapshot));
            accepted.unwrap();
            ingested.unwrap();
            let stored = store.findings(&Filter::default(), None, 9).await.unwrap().items.remove(0);
            assert_eq!((stored.state, stored.title), (FindingState::Accepted { until }, format!("title {round}")));
            store.reopen(&id, "again", "sato", noon(2)).await.unwrap();
        }
        assert_eq!(store.history(&id).await.unwrap().len(), 41);
        other.close().await;
    });
}

/// Sets of components come and go while others look at them.
#[test]
fn programs_that_share_components_do_not_trip_over_each_other() {
    on_each(async |world| {
        let (store, other) = (&world.store, world.other().await);
        let host = |name: &str, version: &str| {
            let mut snapshot = shop(1, &[]);
            snapshot.asset = asset(name);
            snapshot.components = vec![component("shared", version)];
            snapshot
        };
        for round in 0..30 {
            let (new, next) = (format!("1.{round}.0"), format!("1.{}.0", round + 1));
            let (one, two) = ([host("h1", &new), host("h2", &next)], [host("h3", &next), host("h4", &new)]);
            let (a, b) = tokio::join!(store.ingest_all(&one), other.ingest_all(&two));
            a.unwrap();
            b.unwrap();
            for snapshot in one.iter().chain(&two) {
                let stored = store.last_snapshot(&snapshot.asset.id, "assess").await.unwrap().unwrap();
                assert_eq!(stored.components, snapshot.components);
            }
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM component_set").await, 2);
        other.close().await;
    });
}

#[test]
fn a_write_that_is_given_up_leaves_nothing() {
    on_each(async |world| {
        let store = &world.store;
        let snapshot = shop(1, &[&["A"]]);
        // Polled a few times, then dropped somewhere in the middle.
        for polls in 0..40 {
            let mut ingest = Box::pin(store.ingest(&snapshot));
            for _ in 0..polls {
                let done = std::future::poll_fn(|context| std::task::Poll::Ready(ingest.as_mut().poll(context))).await;
                if done.is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        store.ingest(&snapshot).await.unwrap();
        assert_eq!(states(store).await, [("A".to_owned(), FindingState::Open)]);
    });
}

#[test]
fn pages_go_by_the_order_of_bytes() {
    on_each(async |world| {
        let store = &world.store;
        let asset = asset("shop");
        let mut snapshot = Snapshot { asset: asset.clone(), ..shop(1, &[]) };
        // A dictionary would put them in another order.
        for id in ["fi_B", "fi_a", "fi_é", "fi_-", "fi_Z", "fi_0", "fi_あ"] {
            let component = component(id, "1.0.0");
            snapshot.findings.push(yata_model::Finding { id: id.to_owned(), ..finding(&asset, &[id], &component) });
            snapshot.components.push(component);
        }
        store.ingest(&snapshot).await.unwrap();
        let mut ids: Vec<String> = snapshot.findings.iter().map(|finding| finding.id.clone()).collect();
        ids.sort_unstable();
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let page = store.findings(&Filter::default(), after.as_deref(), 2).await.unwrap();
            read.extend(page.items.into_iter().map(|finding| finding.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(read, ids);
        let error = store.reopen("fi_z", "x", "y", noon(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::UnknownFinding { .. }), "{error:?}");
    });
}

#[test]
fn texts_with_a_nul_do_no_harm() {
    on_each(async |world| {
        let store = &world.store;
        let mut snapshot = shop(1, &[&["A"]]);
        snapshot.asset.name = "sh\0op".to_owned();
        snapshot.findings[0].title = "a\0b".to_owned();
        snapshot.findings[0].rule = "A\0".to_owned();
        let id = store.ingest(&snapshot).await.unwrap().findings[0].id.clone();
        store.ingest(&snapshot).await.unwrap();
        store.reopen(&id, "a\0b", "c\0d", noon(1)).await.unwrap();
        assert_eq!(store.history(&id).await.unwrap().len(), 2);
        snapshot.findings[0].id.push('\0');
        let error = store.ingest(&snapshot).await.unwrap_err();
        assert!(matches!(error, StoreError::BadSnapshot { .. }), "{error:?}");
    });
}

/// Random enough that nothing compresses it: as long as it may be, it fits into every index; longer, it is refused.
#[test]
fn keys_have_a_limit() {
    let long = |seed: u64, bytes: usize| -> String {
        let next = |x: &u64| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        let numbers = std::iter::successors(Some(seed), next);
        numbers.map(|x| char::from(b'!' + u8::try_from((x >> 40) % 90).unwrap())).take(bytes).collect()
    };
    on_each(async |world| {
        let made = |bytes: usize| {
            let mut snapshot = shop(1, &[&["A"]]);
            snapshot.sensor = long(1, bytes);
            snapshot.asset.id = long(2, bytes);
            snapshot.asset.name = long(3, bytes);
            snapshot.asset.owner = Some(long(8, bytes));
            snapshot.asset.service = Some(long(9, bytes));
            let (asset, finding) = (snapshot.asset.id.clone(), &mut snapshot.findings[0]);
            finding.asset_id = asset;
            finding.id = long(4, bytes);
            finding.rule = long(5, bytes);
            finding.ids = vec![long(6, bytes)];
            snapshot
        };
        world.store.ingest(&made(MAX_KEY_BYTES)).await.unwrap();
        let error = world.store.ingest(&made(MAX_KEY_BYTES + 1)).await.unwrap_err();
        assert!(matches!(error, StoreError::BadSnapshot { .. }), "{error:?}");
        let of = |change: fn(&mut Asset, String)| {
            let mut snapshot = shop(1, &[]);
            change(&mut snapshot.asset, long(8, MAX_KEY_BYTES + 1));
            snapshot
        };
        for wrong in [of(|asset, text| asset.owner = Some(text)), of(|asset, text| asset.service = Some(text))] {
            let error = world.store.ingest(&wrong).await.unwrap_err();
            assert!(matches!(error, StoreError::BadSnapshot { .. }), "{error:?}");
        }
        let reported = |bytes: usize| {
            let mut whole = report(place(0), 1, 0b1, 0.5, 0);
            whole.sources[0].name = long(10, bytes);
            whole.services[0].id = long(11, bytes);
            whole
        };
        let today = noon(1).to_zoned(jiff::tz::TimeZone::UTC).date();
        world.store.ingest_report(&reported(MAX_KEY_BYTES), today).await.unwrap();
        let whole = report(place(0), 2, 0b1, 0.5, 0);
        let long_ones = reported(MAX_KEY_BYTES + 1);
        let (sources, services) = (long_ones.sources.clone(), long_ones.services);
        for wrong in [Report { sources, ..whole.clone() }, Report { services: services.clone(), ..whole }] {
            let error = world.store.ingest_report(&wrong, today).await.unwrap_err();
            assert!(matches!(error, StoreError::BadReport { .. }), "{error:?}");
        }
        let error = world.store.set_service(&services[0], noon(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::BadRules { .. }), "{error:?}");
        let error = world.store.set_rules(&Rules { services, ..Rules::default() }, noon(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::BadRules { .. }), "{error:?}");
        let wrong = vex(VexStatus::Fixed, &[&long(7, MAX_KEY_BYTES + 1)], "pkg:cargo/a", None);
        let error = world.store.apply_vex(&[wrong], noon(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::TooLong { .. }), "{error:?}");
    });
}

/// An id is given by a sensor, which may only speak of its own assets.
#[test]
fn a_sensor_cannot_take_the_finding_of_another_asset() {
    on_each(async |world| {
        let store = &world.store;
        let id = store.ingest(&shop(1, &[&["A"]])).await.unwrap().findings[0].id.clone();
        store.false_positive(&id, "not called", "sato", noon(1)).await.unwrap();
        let mut foreign = shop(2, &[&["A"]]);
        foreign.asset = asset("elsewhere");
        foreign.findings[0].asset_id.clone_from(&foreign.asset.id);
        let error = store.ingest(&foreign).await.unwrap_err();
        assert!(matches!(error, StoreError::BadSnapshot { .. }), "{error:?}");
        assert_eq!(states(store).await, [("A".to_owned(), FindingState::FalsePositive)]);
        assert_eq!(store.assets(None, 9).await.unwrap().items.len(), 1);
    });
}
