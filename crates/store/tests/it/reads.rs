//! Reading back.

use yata_model::{ProblemKind, Snapshot};
use yata_store::{Filter, MAX_FILTER_VALUES, Options, Store, StoreError};

use crate::support::{World, asset, noon, on_each, problem, rules, shop};

#[test]
fn a_snapshot_reads_back_as_it_was() {
    on_each(async |World { store, .. }| {
        let mut snapshot = shop(1, &[&["A"], &["B"]]);
        snapshot.problems.push(problem(ProblemKind::BadEntry, "設定.lock"));
        let stored = store.ingest(&snapshot).await.unwrap();
        let mut read = store.last_snapshot(&snapshot.asset.id, "assess").await.unwrap().unwrap();
        snapshot.findings = stored.findings;
        snapshot.findings.sort_by(|a, b| a.id.cmp(&b.id));
        read.findings.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(read, snapshot);
        assert_eq!(store.last_snapshot(&snapshot.asset.id, "other").await.unwrap(), None);
    });
}

#[test]
fn a_gap_is_not_hidden_behind_notes() {
    on_each(async |World { store, .. }| {
        let mut snapshot = shop(1, &[&["A"]]);
        snapshot.problems = (0..150).map(|n| problem(ProblemKind::VersionUnknown, &format!("part {n}"))).collect();
        snapshot.problems.push(problem(ProblemKind::Unreadable, "Cargo.lock"));
        let mut waived = problem(ProblemKind::Unreadable, "waived");
        waived.waived = true;
        snapshot.problems.insert(0, waived);
        store.ingest(&snapshot).await.unwrap();
        let look = store.asset(&snapshot.asset.id).await.unwrap().unwrap().looks.remove(0);
        assert_eq!((look.problems[0].subject.as_str(), look.more_problems), ("Cargo.lock", true));
        // One that is longer than what is read of them.
        snapshot.problems = vec![problem(ProblemKind::Unreadable, &"x".repeat(40_000))];
        store.ingest(&snapshot).await.unwrap();
        let look = store.asset(&snapshot.asset.id).await.unwrap().unwrap().looks.remove(0);
        assert_eq!((look.problems.len(), look.more_problems), (0, true));
    });
}

#[test]
fn assets_with_the_same_components_share_a_set() {
    on_each(async |world| {
        let store = &world.store;
        let host = |name: &str, found: &[&[&str]]| {
            let mut snapshot = shop(1, found);
            snapshot.asset = asset(name);
            Snapshot { findings: Vec::new(), ..snapshot }
        };
        let sets = async || world.number("SELECT COUNT(*) FROM component_set").await;
        store.ingest_all(&[host("h1", &[&["A"]]), host("h2", &[&["A"]]), host("h3", &[&["B"]])]).await.unwrap();
        assert_eq!(sets().await, 2);
        store.ingest(&host("h3", &[&["A"]])).await.unwrap();
        assert_eq!(sets().await, 1, "a set that nobody has goes away");
    });
}

#[test]
fn findings_are_filtered_and_come_in_pages() {
    on_each(async |World { store, .. }| {
        let first = store.ingest(&shop(1, &[&["A", "ALIAS"], &["B"], &["C"], &["D"]])).await.unwrap();
        store.accept(&first.findings[1].id, "2026-01-20".parse().unwrap(), "x", "y", noon(2)).await.unwrap();
        store.false_positive(&first.findings[2].id, "x", "y", noon(2)).await.unwrap();

        let of = async |filter: Filter| {
            let mut found = rules(&store.findings(&filter, None, 100).await.unwrap().items).join("");
            // Ids are digests: put the rules in order for the eye.
            let mut chars: Vec<char> = found.drain(..).collect();
            chars.sort_unstable();
            chars.into_iter().collect::<String>()
        };
        let open_on = |day: &str| Filter { open_on: Some(day.parse().unwrap()), ..Filter::default() };
        assert_eq!(of(Filter::default()).await, "ABCD");
        assert_eq!(of(open_on("2026-01-20")).await, "AD");
        assert_eq!(of(open_on("2026-01-21")).await, "ABD");
        assert_eq!(of(Filter { advisories: vec!["ALIAS".into()], ..Filter::default() }).await, "A");
        assert_eq!(of(Filter { ids: vec![first.findings[3].id.clone()], ..Filter::default() }).await, "D");
        assert_eq!(of(Filter { assets: vec![asset("shop").id], ..open_on("2026-01-20") }).await, "AD");
        assert_eq!(of(Filter { assets: vec!["as_none".into()], ..Filter::default() }).await, "");

        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = store.findings(&Filter::default(), after.as_deref(), 3).await.unwrap();
            seen.push(page.items.len());
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [3, 1]);
        let too_many = Filter { ids: vec![String::new(); MAX_FILTER_VALUES + 1], ..Filter::default() };
        assert!(matches!(store.findings(&too_many, None, 1).await, Err(StoreError::TooMany { .. })));
    });
}

#[test]
fn assets_and_the_last_run_are_known() {
    on_each(async |World { store, .. }| {
        assert_eq!(store.last_run(&[asset("shop").id]).await.unwrap(), None);
        store.ingest(&shop(1, &[])).await.unwrap();
        store.ingest(&shop(5, &[])).await.unwrap();
        assert_eq!(store.last_run(&[asset("shop").id, asset("none").id]).await.unwrap(), Some(noon(5)));
        assert_eq!(store.last_run(&[]).await.unwrap(), None);
        assert_eq!(store.assets(None, 1).await.unwrap().items, [asset("shop")]);
    });
}

/// A server holds these futures on many threads.
#[test]
fn futures_can_move_between_threads() {
    fn check<T: Send>(_: T) {}
    // Only made, never run: it is the compiler that answers.
    check(async {
        let store = Store::open("x".as_ref()).await.unwrap();
        let (snapshot, id) = (shop(1, &[]), "x".to_owned());
        store.ingest(&snapshot).await.unwrap();
        store.ingest_all_with(&[snapshot], &[]).await.unwrap();
        store.reopen(&id, "y", "z", noon(1)).await.unwrap();
        store.apply_vex(&[], noon(1)).await.unwrap();
        store.findings(&Filter::default(), Some(&id), 1).await.unwrap();
        store.assets(Some(&id), 1).await.unwrap();
        store.history(&id).await.unwrap();
        store.last_run(&[id]).await.unwrap();
        store.last_snapshot("x", "y").await.unwrap();
        store.ping().await.unwrap();
        Store::connect("x", &Options::default()).await.unwrap().close().await;
    });
}
