//! Reports that are pushed: time goes forward, whoever stores first; uploads keep to their limits whoever counts.

use jiff::{SignedDuration, Timestamp};
use yata_model::{Report, SourceState, SourceStatus};
use yata_store::{MAX_TOKEN_UPLOAD_BYTES, MAX_UPLOADS, PartStored, Push, Pushed, Store, StoreError, UploadPart};

use crate::judged::{place, report};
use crate::support::{World, noon, on_each, unreadable};

fn push(digest: &str, at: Timestamp, now: Timestamp) -> Push<'_> {
    let today = "2026-01-09".parse().unwrap();
    Push { token_id: "to_1", digest, at, now, today, if_known: false, max_findings: u64::MAX }
}

async fn stored(store: &Store, mut report: Report, push: &Push<'_>) -> Timestamp {
    match store.push_report(&mut report, push).await.unwrap() {
        Pushed::Stored { at, .. } => at,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_older_report_does_not_take_the_place_of_a_newer_one() {
    on_each(async |World { store, .. }: &World| {
        let (first, second) = (report(place(0), 1, 0b1, 0.5, 0), report(place(0), 2, 0b11, 0.5, 0));
        assert_eq!(stored(store, second, &push("b", noon(2), noon(3))).await, noon(2));
        // Taken earlier by another replica, and stored later.
        let outcome = store.push_report(&mut first.clone(), &push("a", noon(1), noon(3))).await.unwrap();
        assert_eq!(outcome, Pushed::Older { last: noon(2) });
        let last = store.last_report(&place(0).id).await.unwrap().unwrap();
        assert_eq!(last.digest, "b", "what is remembered is what is stored");
        assert!(store.seen_again(&place(0).id, "b", noon(3)).await.unwrap().is_some());
        // Another part of the sensor, whose clock is behind, tells of itself.
        let mut other = first;
        other.snapshots[0].sensor = "lens".to_owned();
        assert_eq!(stored(store, other, &push("c", noon(1), noon(4))).await, noon(3), "time goes forward");
    });
}

#[test]
fn the_same_again_says_nothing_of_other_sensors() {
    on_each(async |World { store, .. }: &World| {
        let of = |sensor: &str, seen| {
            let mut one = report(place(0), 1, seen, 0.5, 0);
            one.snapshots[0].sensor = sensor.to_owned();
            one
        };
        assert_eq!(stored(store, of("history", 0b1), &push("h", noon(1), noon(1))).await, noon(1));
        assert_eq!(stored(store, of("files", 0b10), &push("f", noon(2), noon(2))).await, noon(2));
        let again = store.seen_again(&place(0).id, "f", noon(4)).await.unwrap().unwrap();
        assert_eq!((again.at, again.previous), (noon(4), noon(2)));
        assert_eq!(again.findings.len(), 1, "its own alone");
        let looks = store.asset(&place(0).id).await.unwrap().unwrap().looks;
        let looks: Vec<_> = looks.iter().map(|look| (look.sensor.as_str(), look.seen_at)).collect();
        assert_eq!(looks, [("files", noon(4)), ("history", noon(1))]);
        // It began before, and took long.
        assert_eq!(stored(store, of("history", 0b11), &push("i", noon(3), noon(5))).await, noon(4));
    });
}

#[test]
fn a_clock_that_was_ahead_refuses_nothing() {
    on_each(async |World { store, .. }: &World| {
        assert_eq!(stored(store, report(place(0), 1, 0b1, 0.5, 0), &push("a", noon(9), noon(9))).await, noon(9));
        // The clock of the service is right again: all of it counts as of the time that is stored, until that is reached.
        for (day, seen, digest) in [(2, 0b10, "b"), (3, 0b11, "c"), (2, 0b100, "d")] {
            let at = stored(store, report(place(0), 1, seen, 0.5, 0), &push(digest, noon(day), noon(day))).await;
            assert_eq!(at, noon(9));
            assert_eq!(store.last_report(&place(0).id).await.unwrap().unwrap().digest, digest);
        }
        let again = store.seen_again(&place(0).id, "d", noon(4)).await.unwrap().unwrap();
        assert_eq!((again.at, again.previous), (noon(9), noon(9)));
        assert_eq!(stored(store, report(place(0), 1, 0b1, 0.5, 0), &push("e", noon(10), noon(10))).await, noon(10));
        // What claims to be of the future is of now.
        assert_eq!(stored(store, report(place(0), 1, 0b11, 0.5, 0), &push("f", noon(99), noon(11))).await, noon(11));
    });
}

#[test]
fn a_replica_whose_clock_is_a_little_behind_keeps_the_newer_report() {
    on_each(async |World { store, .. }: &World| {
        stored(store, report(place(0), 1, 0b11, 0.5, 0), &push("new", noon(2), noon(2))).await;
        let before = |seconds| noon(2) - SignedDuration::from_secs(seconds);
        let old = push("old", before(3_600), before(1));
        let outcome = store.push_report(&mut report(place(0), 1, 0b1, 0.5, 0), &old).await.unwrap();
        assert_eq!(outcome, Pushed::Older { last: noon(2) });
    });
}

#[test]
fn what_is_to_be_known_is_stored_only_if_it_is() {
    on_each(async |World { store, .. }: &World| {
        let push = Push { if_known: true, ..push("a", noon(1), noon(1)) };
        let one = report(place(0), 1, 0b1, 0.5, 0);
        assert_eq!(store.push_report(&mut one.clone(), &push).await.unwrap(), Pushed::UnknownAsset);
        assert_eq!(store.last_report(&place(0).id).await.unwrap(), None);
        store.ingest_report(&one, push.today).await.unwrap();
        assert_eq!(stored(store, one, &push).await, noon(1));
    });
}

#[test]
fn an_asset_never_has_more_findings_than_can_be_judged() {
    on_each(async |world: &World| {
        let store = &world.store;
        let of = |sensor: &str, day, seen| {
            let mut one = report(place(0), day, seen, 0.5, 0);
            one.snapshots[0].sensor = sensor.to_owned();
            one
        };
        let at = |day| Push { max_findings: 4, ..push("a", noon(day), noon(day)) };
        stored(store, of("files", 1, 0b111), &at(1)).await;
        stored(store, of("history", 2, 0b1001), &at(2)).await;
        let refused = async |mut report: Report| match store.push_report(&mut report, &at(3)).await {
            Err(StoreError::TooManyFindings { given, limit }) => assert_eq!((given, limit), (5, 4)),
            other => panic!("{other:?}"),
        };
        // Under another name.
        refused(of("other", 3, 0b1_0000)).await;
        // The same one, each time others, that never close because it cannot read all.
        let mut partial = of("files", 3, 0b1_0000);
        partial.snapshots[0].problems.push(unreadable("Cargo.lock"));
        refused(partial).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM finding WHERE state <> 'fixed'").await, 4, "nothing was stored");
        assert_eq!(store.findings_beside(&place(0).id, &of("files", 3, 0)).await.unwrap(), 2);
        // What was seen makes room for what is.
        stored(store, of("files", 4, 0b1_0001), &at(4)).await;
    });
}

#[test]
fn two_replicas_store_one_after_the_other() {
    on_each(async |world: &World| {
        let (store, other) = (&world.store, &world.other().await);
        for round in 1..6 {
            let (now, early) = (noon(round), noon(round) - SignedDuration::from_hours(1));
            let (mut a, mut b) = (report(place(0), 1, 0b1, 0.5, 0), report(place(0), 1, 0b10, 0.5, 0));
            let (late, soon) = (push("late", now, now), push("early", early, now));
            let (one, two) = tokio::join!(store.push_report(&mut a, &late), other.push_report(&mut b, &soon));
            one.unwrap();
            two.unwrap();
            assert_eq!(store.last_report(&place(0).id).await.unwrap().unwrap().digest, "late");
            assert!(store.seen_again(&place(0).id, "late", now).await.unwrap().is_some());
        }
    });
}

#[test]
fn nobody_speaks_for_another_about_sources() {
    on_each(async |World { store, .. }: &World| {
        let of = |date: &str| {
            let mut one = report(place(0), 1, 0b1, 0.5, 0);
            one.sources[0].date = Some(date.parse().unwrap());
            one
        };
        store.ingest_report(&of("2025-12-01"), "2026-01-09".parse().unwrap()).await.unwrap();
        let from = |token_id| Push { token_id, ..push("a", noon(1), noon(1)) };
        stored(store, of("2025-12-02"), &from("to_1")).await;
        stored(store, of("2025-12-03"), &from("to_2")).await;
        let said = store.sources().await.unwrap();
        let said: Vec<_> = said.iter().map(|one| (one.reported_by.as_str(), one.status.date.unwrap())).collect();
        let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
        assert_eq!(said, [("assess", day("2025-12-01")), ("to_1", day("2025-12-02")), ("to_2", day("2025-12-03"))]);
    });
}

#[test]
fn what_one_sensor_says_of_sources_ends() {
    on_each(async |world: &World| {
        for round in 0..4 {
            let mut one = report(place(0), 1, 0b1, 0.5, 0);
            let name = |n| yata_model::SourceStatus { name: format!("made up {round} {n}"), ..one.sources[0].clone() };
            one.sources = (0..150).map(name).collect();
            stored(&world.store, one, &push("a", noon(round + 1), noon(round + 1))).await;
        }
        assert!(world.number("SELECT COUNT(*) FROM source").await <= 350);
        assert!(world.store.sources().await.unwrap().iter().any(|one| one.status.name == "made up 3 149"));
    });
}

#[test]
fn what_sensors_make_up_hides_no_stale_source() {
    on_each(async |world: &World| {
        let of = |name: &dyn Fn(usize) -> String, state| {
            let mut one = report(place(0), 1, 0b1, 0.5, 0);
            one.sources = (0..150).map(|n| SourceStatus { name: name(n), state, ..one.sources[0].clone() }).collect();
            one
        };
        let from = |token_id| Push { token_id, ..push("a", noon(1), noon(1)) };
        let stale = of(&|n| format!("z {n}"), SourceState::Stale);
        stored(&world.store, stale, &from("to_0")).await;
        for token in ["to_1", "to_2", "to_3", "to_4", "to_5", "to_6"] {
            for round in 0..2 {
                // All at the same time.
                let many = of(&|n| format!("a {token} {round} {n}"), SourceState::Fresh);
                stored(&world.store, many, &from(token)).await;
            }
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM source").await, 150 + 6 * 200);
        let sources = world.store.sources().await.unwrap();
        assert_eq!(sources.len(), 1_000);
        assert!(sources[..150].iter().all(|one| one.status.state == SourceState::Stale), "{:?}", sources[0]);
    });
}

#[test]
fn uploads_of_one_token_are_counted_by_all_replicas_together() {
    on_each(async |world: &World| {
        let (store, other) = (&world.store, &world.other().await);
        let mut begun = 0;
        for _ in 0..MAX_UPLOADS {
            let start = |store: &Store| {
                let store = store.clone();
                async move { store.start_upload("to_1", "as_1", "gzip", 10, noon(1)).await.unwrap() }
            };
            let (a, b) = tokio::join!(start(store), start(other));
            begun += i64::from(a.is_some()) + i64::from(b.is_some());
        }
        assert_eq!(begun, MAX_UPLOADS);
        // So are their bytes.
        let half = MAX_TOKEN_UPLOAD_BYTES / 2;
        let start = async |bytes| store.start_upload("to_2", "as_1", "gzip", bytes, noon(1)).await.unwrap().is_some();
        assert!(start(half).await && start(half).await && !start(1).await);
    });
}

#[test]
fn an_upload_takes_no_more_than_it_said() {
    on_each(async |world: &World| {
        let (store, other) = (&world.store, &world.other().await);
        for _ in 0..8 {
            let id = store.start_upload("to_1", "as_1", "gzip", 10, noon(1)).await.unwrap().unwrap().id;
            let part = |part, bytes| UploadPart { part, digest: format!("of {part}"), bytes };
            let (zero, one) = (part(0, 6), part(1, 6));
            let (a, b) =
                tokio::join!(store.store_part(&id, &zero, "", noon(1)), other.store_part(&id, &one, "", noon(1)));
            let taken = [a.unwrap(), b.unwrap()].iter().filter(|one| matches!(one, PartStored::Done(_))).count();
            let upload = store.upload(&id, noon(1)).await.unwrap().unwrap();
            assert_eq!((taken, upload.received()), (1, 6));
            assert_eq!(store.finish_upload(&id, "first").await.unwrap(), "first");
            assert_eq!(other.finish_upload(&id, "second").await.unwrap(), "first", "the answer stays");
            assert_eq!(store.store_part(&id, &zero, "", noon(1)).await.unwrap(), PartStored::Gone);
            assert_eq!(store.part(&id, 0).await.unwrap(), None, "its parts are forgotten");
        }
    });
}
