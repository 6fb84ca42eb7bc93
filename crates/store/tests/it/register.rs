//! The register of assets, what changed, and who looked when.

use yata_model::{Asset, AssetKind, Exposure};
use yata_store::{AssetFilter, ByPriority, Paging, Store};

use crate::judged::{place, report};
use crate::support::{World, noon, on_each};

async fn names(store: &Store, filter: AssetFilter) -> Vec<String> {
    let mut names = Vec::new();
    let mut paging = Paging { after: None, limit: 2 };
    loop {
        let page = store.assets_page(&filter, &paging).await.unwrap();
        names.extend(page.items.into_iter().map(|row| row.asset.name));
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return names,
        }
    }
}

async fn three(store: &Store) {
    for n in 0..3 {
        let day = n as i64 + 1;
        let today = noon(day).to_zoned(jiff::tz::TimeZone::UTC).date();
        store.ingest_report(&report(place(n), day, 0b111, 0.5, 0b1), today).await.unwrap();
    }
}

#[test]
fn assets_are_filtered_and_come_in_pages() {
    on_each(async |World { store, .. }: &World| {
        three(store).await;
        let all = AssetFilter::default();
        assert_eq!(names(store, all.clone()).await, ["batch", "desk", "web"]);
        let check = async |filter: AssetFilter, expected: &[&str]| {
            assert_eq!(names(store, filter.clone()).await, expected, "{filter:?}");
        };
        check(AssetFilter { name_prefix: Some("de".to_owned()), ..all.clone() }, &["desk"]).await;
        check(AssetFilter { name_prefix: Some("%".to_owned()), ..all.clone() }, &[]).await;
        check(AssetFilter { service: Some("pay".to_owned()), ..all.clone() }, &["batch"]).await;
        check(AssetFilter { service: Some(String::new()), ..all.clone() }, &["desk"]).await;
        check(AssetFilter { owner: Some("sato".to_owned()), ..all.clone() }, &["web"]).await;
        check(AssetFilter { no_owner: true, ..all.clone() }, &["batch"]).await;
        check(AssetFilter { no_exposure: true, ..all.clone() }, &["desk"]).await;
        check(AssetFilter { unseen_since: Some(noon(3)), ..all.clone() }, &["batch", "web"]).await;
        check(AssetFilter { kinds: vec![AssetKind::Host], ..all.clone() }, &[]).await;
        check(AssetFilter { orphaned: true, ..all.clone() }, &[]).await;
        let coverage = store.coverage(noon(3)).await.unwrap();
        assert_eq!((coverage.assets, coverage.no_owner, coverage.no_exposure), (3, 1, 1));
        assert_eq!((coverage.unseen, coverage.orphaned), (2, 0));
    });
}

#[test]
fn an_owner_who_left_leaves_assets_behind() {
    on_each(async |world: &World| {
        three(&world.store).await;
        // One works here, one left, one is not known.
        let add = "INSERT INTO staff (id, name, email, address, team, active, source, imported_at) \
                   VALUES ('1', 'sato', 's@example.jp', 's@example.jp', 'web', 0, 'csv', 0), \
                          ('2', 'suzuki', 'u@example.jp', 'u@example.jp', '', 1, 'csv', 0) \
                   RETURNING active";
        world.number(add).await;
        let orphaned = AssetFilter { orphaned: true, ..AssetFilter::default() };
        assert_eq!(names(&world.store, orphaned).await, ["web"]);
        assert_eq!(world.store.coverage(noon(1)).await.unwrap().orphaned, 1);
    });
}

#[test]
fn one_asset_is_shown_whole() {
    on_each(async |World { store, .. }: &World| {
        three(store).await;
        let record = store.asset(&place(0).id).await.unwrap().unwrap();
        assert_eq!((record.row.asset.clone(), record.row.seen_at), (place(0), noon(1)));
        assert_eq!(record.row.open.sum(), 3);
        assert_ne!(record.row.open, ByPriority::default());
        assert_eq!((record.said_in.as_str(), record.looks.len()), ("yata.toml:1", 1));
        assert_eq!((record.looks[0].sensor.as_str(), record.looks[0].components), ("assess", 4));
        assert_eq!(store.asset("as_none").await.unwrap(), None);
    });
}

#[test]
fn what_changed_is_listed_the_latest_first() {
    on_each(async |World { store, .. }: &World| {
        three(store).await;
        let id = store.last_snapshot(&place(1).id, "assess").await.unwrap().unwrap().findings[0].id.clone();
        store.false_positive(&id, "not used", "sato", noon(4)).await.unwrap();
        store.ingest_report(&report(place(2), 5, 0b110, 0.5, 0), "2026-01-05".parse().unwrap()).await.unwrap();
        let mut seen = Vec::new();
        let mut paging = Paging { after: None, limit: 2 };
        loop {
            let page = store.changes_since(noon(1), &paging).await.unwrap();
            assert_eq!((page.opened.rows, page.settled.rows, page.fixed.rows), (6, 1, 1));
            seen.extend(page.changes);
            match page.next {
                Some(next) => paging.after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen.len(), 8);
        assert!(seen.windows(2).all(|two| two[0].change.at >= two[1].change.at));
        assert_eq!((seen[1].finding_id.as_str(), seen[1].change.by.as_str()), (id.as_str(), "sato"));
        assert_eq!((seen[0].asset_name.as_str(), seen[0].title.is_empty()), ("desk", false));
    });
}

#[test]
fn sensors_are_listed_the_oldest_look_first() {
    on_each(async |World { store, .. }: &World| {
        three(store).await;
        let first = store.sensors(None, &Paging { after: None, limit: 2 }).await.unwrap();
        let second = store.sensors(None, &Paging { after: first.next.clone(), limit: 2 }).await.unwrap();
        let names: Vec<&str> = first.items.iter().chain(&second.items).map(|look| look.asset_name.as_str()).collect();
        assert_eq!((names, second.next), (vec!["web", "batch", "desk"], None));
        assert_eq!(store.sensors(Some(noon(2)), &Paging::default()).await.unwrap().items.len(), 1);
    });
}

#[test]
fn the_burn_down_runs_back_from_today() {
    on_each(async |World { store, .. }: &World| {
        assert_eq!(store.first_day().await.unwrap(), None);
        three(store).await;
        let day = |n: i64| noon(n).to_zoned(jiff::tz::TimeZone::UTC).date();
        store.ingest_report(&report(place(0), 4, 0b001, 0.5, 0b1), day(4)).await.unwrap();
        let days = store.burn_down(day(1), day(5), None).await.unwrap();
        let row = |n: usize| (days[n].opened.sum(), days[n].closed.sum(), days[n].open.sum());
        assert_eq!([row(0), row(1), row(2), row(3), row(4)], [(3, 0, 3), (3, 0, 6), (3, 0, 9), (0, 2, 7), (0, 0, 7)]);
        let pay = store.burn_down(day(1), day(2), Some("pay")).await.unwrap();
        assert_eq!((pay[0].open.sum(), pay[1].open.sum()), (0, 3));
        assert_eq!(store.burn_down(day(2), day(1), None).await.unwrap(), vec![]);
        assert_eq!(store.first_day().await.unwrap(), Some(day(1)), "before that day nothing is known");
    });
}

#[test]
fn what_is_ranked_anew_is_counted_by_priority() {
    on_each(async |World { store, .. }: &World| {
        let day = |n: i64| noon(n).to_zoned(jiff::tz::TimeZone::UTC).date();
        let quiet = Asset { exposure: Exposure::None, ..place(1) };
        store.ingest_report(&report(quiet, 1, 0b001, 0.0, 0), day(1)).await.unwrap();
        assert_eq!(store.ranked_anew(day(1)).await.unwrap(), []);
        // It turns out to be open to the internet and exploited.
        let open = Asset { exposure: Exposure::Internet, ..place(1) };
        store.ingest_report(&report(open, 2, 0b001, 0.9, 0b1), day(2)).await.unwrap();
        let anew = store.ranked_anew(day(2)).await.unwrap();
        assert_eq!(anew.iter().map(|(_, findings)| *findings).collect::<Vec<_>>(), [1, -1], "{anew:?}");
        assert!(anew[0].0 < anew[1].0, "the more urgent first: {anew:?}");
        assert_eq!(store.ranked_anew(day(3)).await.unwrap(), []);
    });
}
