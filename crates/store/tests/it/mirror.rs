//! Counts in memory, and databases that others change.

use yata_store::{FacetCounts, FindingStatus, Paging, QueueFilter, Store};

use crate::judged::{place, report};
use crate::support::{World, noon, on_each};

fn every() -> QueueFilter {
    QueueFilter { states: FindingStatus::ALL.to_vec(), ..QueueFilter::default() }
}

/// What a store says of all findings, and what another that was opened only now says.
async fn both(world: &World, store: &Store) -> (FacetCounts, FacetCounts) {
    let fresh = world.other().await;
    (store.facet_counts(&every(), false).await.unwrap(), fresh.facet_counts(&every(), false).await.unwrap())
}

#[test]
fn a_replica_counts_what_another_changed() {
    on_each(async |world: &World| {
        let replica = world.other().await;
        assert_eq!(replica.facet_counts(&every(), false).await.unwrap(), FacetCounts::default());
        for (n, advisories) in [(1, 0b111), (2, 0b1), (3, 0b10), (4, 0)] {
            let today = noon(n).to_zoned(jiff::tz::TimeZone::UTC).date();
            world.store.ingest_report(&report(place(0), n, advisories, 0.8, 0b1), today).await.unwrap();
            let (known, fresh) = both(world, &replica).await;
            assert_eq!(known, fresh, "after report {n}");
            let open = QueueFilter::default();
            let page = replica.queue(&open, &Paging::default(), false).await.unwrap();
            assert_eq!(page.total, replica.queue_total(&open, false).await.unwrap());
            assert_eq!(page.total.rows, u64::from(advisories.count_ones()), "after report {n}");
        }
    });
}

#[test]
fn a_replica_forgets_facets_that_were_swept_while_it_did_not_look() {
    on_each(async |world: &World| {
        let today = noon(1).to_zoned(jiff::tz::TimeZone::UTC).date();
        world.store.ingest_report(&report(place(0), 1, 0b111, 0.8, 0b1), today).await.unwrap();
        let replica = world.other().await;
        let before = replica.facet_counts(&every(), false).await.unwrap();
        assert_eq!(before.states, [(FindingStatus::Open, 3)]);
        // All are closed, and what they were counted under is taken away, before the replica is asked again.
        let later = noon(2).to_zoned(jiff::tz::TimeZone::UTC).date();
        world.store.ingest_report(&report(place(0), 2, 0, 0.8, 0), later).await.unwrap();
        while world.store.tick(later).await.unwrap().more {}
        assert_eq!(world.number("SELECT COUNT(*) FROM facet WHERE state = 'open'").await, 0);
        let (known, fresh) = both(world, &replica).await;
        assert_eq!(known, fresh);
        assert_eq!(known.states, [(FindingStatus::Fixed, 3)]);
    });
}

#[test]
fn revisions_that_another_database_gave_out_hide_no_change() {
    on_each(async |world: &World| {
        let today = noon(1).to_zoned(jiff::tz::TimeZone::UTC).date();
        world.store.ingest_report(&report(place(0), 1, 0b111, 0.8, 0b1), today).await.unwrap();
        world.number("UPDATE facet SET revision = 4000000000000 RETURNING revision").await;
        let restored = world.other().await;
        assert_eq!(restored.facet_counts(&every(), false).await.unwrap().states, [(FindingStatus::Open, 3)]);
        world.store.ingest_report(&report(place(0), 2, 0b1, 0.8, 0b1), today).await.unwrap();
        let (known, fresh) = both(world, &restored).await;
        assert_eq!(known, fresh);
        assert_eq!(known.states, [(FindingStatus::Open, 1), (FindingStatus::Fixed, 2)]);
    });
}
