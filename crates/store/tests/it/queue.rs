//! The judged list: what the pages of the console show.

use jiff::civil::Date;
use yata_model::{MissionImpact, Priority};
use yata_store::{
    Actor, AiFactor, AssetEdit, AssetItem, AssetOutcome, AssetRecord, Doer, Due, FindingStatus, Paging, QueueFilter,
    Rules, Store, StoreError, TableText, Total,
};

use crate::judged::{advisory, all, evidence, ids, place, report, service};
use crate::support::{World, asset, component, finding, noon, on_each};

fn day(n: i64) -> Date {
    noon(n).to_zoned(jiff::tz::TimeZone::UTC).date()
}

async fn settle(store: &Store, today: Date) {
    while store.tick(today).await.unwrap().more {}
}

#[test]
fn a_report_is_judged_and_shown() {
    on_each(async |World { store, .. }: &World| {
        let ingested = store.ingest_report(&report(place(0), 1, 0b111, 0.8, 0b1), day(1)).await.unwrap();
        assert_eq!(ingested[0].opened.len(), 3);
        let page = store.queue(&QueueFilter::default(), &Paging::default(), false).await.unwrap();
        assert_eq!((page.rows.len(), page.next, page.total), (3, None, Total { rows: 3, is_exact: true }));
        let first = &page.rows[0];
        assert_eq!(first.finding.rule, advisory(0));
        assert_eq!((first.priority, first.due), (Priority::Immediate, Some(day(4))));
        assert_eq!((first.asset_name.as_str(), first.service.as_deref()), ("web", Some("shop")));
        assert_eq!((first.owner.as_deref(), first.scenario.number()), (Some("sato"), 3));
        // One upgrade closes both findings of the first package.
        assert_eq!((first.action.id.as_str(), first.action.findings), (first.finding.id.as_str(), 2));
        let grouped = all(store, &QueueFilter::default(), 50, true).await;
        assert_eq!(grouped.len(), 2);
        let act = QueueFilter { action: Some(first.action.id.clone()), ..QueueFilter::default() };
        assert_eq!(all(store, &act, 50, false).await.len(), 2);

        let judged = store.judged(&first.finding.id, day(2)).await.unwrap().unwrap();
        assert_eq!((judged.risk.decision.due, judged.rank_key), (first.due, first.rank_key));
        assert_eq!(judged.risk.decision.outcome.priority, first.priority);
        assert!((judged.risk.expected_harm - first.expected_harm).abs() < 1e-9);
        assert_eq!(judged.action, first.action);
        assert!(!judged.risk.reasons.is_empty() && judged.evidence.is_some() && judged.service.is_some());
        assert_eq!(store.judged("fi_none", day(2)).await.unwrap(), None);
        assert_eq!(store.sources().await.unwrap()[0].status.name, "EPSS");
    });
}

#[test]
fn what_says_the_same_is_not_judged_again_and_what_differs_is() {
    on_each(async |world: &World| {
        let store = &world.store;
        store.ingest_report(&report(place(0), 1, 0b1, 0.01, 0), day(1)).await.unwrap();
        let before = store.queue(&QueueFilter::default(), &Paging::default(), false).await.unwrap().rows;
        // Judging would set it back.
        let spoil = "UPDATE asset SET open_defer = 77 WHERE name = 'web' RETURNING open_defer";
        assert_eq!(world.number(spoil).await, 77);
        store.ingest_report(&report(place(0), 2, 0b1, 0.01, 0), day(2)).await.unwrap();
        assert_eq!(world.number("SELECT open_defer FROM asset WHERE name = 'web'").await, 77);
        // Now KEV lists it: nothing else is new.
        store.ingest_report(&report(place(0), 3, 0b1, 0.01, 0b1), day(3)).await.unwrap();
        assert_eq!(world.number("SELECT open_defer FROM asset WHERE name = 'web'").await, 0);
        let after = store.queue(&QueueFilter::default(), &Paging::default(), false).await.unwrap().rows;
        assert!(after[0].rank_key < before[0].rank_key);
        assert_eq!(world.number("SELECT COUNT(*) FROM evidence WHERE findings = 1").await, 1);
        settle(store, day(3)).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM evidence").await, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM facet WHERE findings <= 0").await, 0);
    });
}

#[test]
fn an_acceptance_ends_by_itself() {
    on_each(async |World { store, .. }: &World| {
        store.ingest_report(&report(place(0), 1, 0b1, 0.5, 0), day(1)).await.unwrap();
        let id = all(store, &QueueFilter::default(), 9, false).await[0].finding.id.clone();
        store.accept(&id, day(3), "later", "sato", noon(1)).await.unwrap();
        let accepted = QueueFilter { states: vec![FindingStatus::Accepted], ..QueueFilter::default() };
        settle(store, day(3)).await;
        assert_eq!(all(store, &QueueFilter::default(), 9, false).await.len(), 0);
        assert_eq!(all(store, &accepted, 9, true).await.len(), 1);
        let ticked = store.tick(day(4)).await.unwrap();
        assert_eq!((ticked.assets, ticked.more), (1, false));
        assert_eq!(store.tick(day(4)).await.unwrap().assets, 0);
        assert_eq!(all(store, &QueueFilter::default(), 9, false).await.len(), 1);
        assert_eq!(all(store, &accepted, 9, false).await.len(), 0);
    });
}

#[test]
fn rules_and_services_are_judged_by_from_then_on() {
    on_each(async |World { store, .. }: &World| {
        assert_eq!(store.rules().await.unwrap(), Rules::default());
        store.ingest_report(&report(place(0), 1, 0b1, 0.5, 0b1), day(1)).await.unwrap();
        assert_eq!(store.services().await.unwrap().len(), 2);
        let mut rules = store.rules().await.unwrap();
        rules.deadlines.days.insert(Priority::Immediate, 30);
        store.set_rules(&rules, noon(1)).await.unwrap();
        assert_eq!(store.rules().await.unwrap(), rules);
        settle(store, day(1)).await;
        assert_eq!(all(store, &QueueFilter::default(), 9, false).await[0].due, Some(day(31)));
        // A sensor does not overwrite what is known of a service; a person does.
        let harm = all(store, &QueueFilter::default(), 9, false).await[0].expected_harm;
        store.set_service(&service("shop", MissionImpact::Low), noon(2)).await.unwrap();
        settle(store, day(2)).await;
        assert!(all(store, &QueueFilter::default(), 9, false).await[0].expected_harm < harm);
        store.ingest_report(&report(place(0), 3, 0b11, 0.5, 0b1), day(3)).await.unwrap();
        assert!(all(store, &QueueFilter::default(), 9, false).await[0].expected_harm < harm);
        let table = TableText { file: "own.json".to_owned(), json: "{}".to_owned() };
        let error = store.set_rules(&Rules { tables: vec![table], ..rules }, noon(3)).await.unwrap_err();
        assert!(matches!(error, StoreError::BadRules { .. }), "{error}");
    });
}

#[test]
fn plain_snapshots_are_judged_at_their_worst() {
    on_each(async |World { store, .. }: &World| {
        let report = report(place(0), 1, 0b1, 0.001, 0);
        store.ingest_all(&report.snapshots).await.unwrap();
        let row = all(store, &QueueFilter::default(), 9, false).await.remove(0);
        assert_eq!(row.priority, Priority::Immediate);
        assert!(row.expected_harm > 0.9);
        assert!(store.judged(&row.finding.id, day(1)).await.unwrap().unwrap().evidence.is_none());
    });
}

#[test]
fn a_report_speaks_of_one_asset() {
    on_each(async |World { store, .. }: &World| {
        let mut both = report(place(0), 1, 0b1, 0.5, 0);
        both.snapshots.extend(report(place(1), 1, 0b1, 0.5, 0).snapshots);
        let error = store.ingest_report(&both, day(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::BadReport { .. }), "{error}");
        both.snapshots.clear();
        assert_eq!(store.ingest_report(&both, day(1)).await.unwrap(), vec![]);
    });
}

#[test]
fn marks_of_other_lists_and_long_filters_are_refused() {
    on_each(async |World { store, .. }: &World| {
        for mark in ["", "x", "12", "-1.fi_a", "12.", "12.fi a", "zz.fi_a", "12.'; --", &"1".repeat(300)] {
            let paging = Paging { after: Some(mark.to_owned()), limit: 1 };
            let error = store.queue(&QueueFilter::default(), &paging, false).await.unwrap_err();
            assert!(matches!(error, StoreError::BadCursor), "{mark}: {error}");
        }
        let filter = QueueFilter { owners: vec![String::new(); 1_000], ..QueueFilter::default() };
        let error = store.facet_counts(&filter, false).await.unwrap_err();
        assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
        let nothing = QueueFilter { owners: vec!["'; DROP TABLE finding; --".to_owned()], ..QueueFilter::default() };
        assert_eq!(all(store, &nothing, 9, false).await, vec![]);
    });
}

#[test]
fn an_alias_finds_what_is_kept_under_another_id() {
    on_each(async |World { store, .. }: &World| {
        let mut report = report(place(0), 1, 0b1, 0.5, 0);
        report.snapshots[0].findings[0].ids.insert(0, "GHSA-aaaa-bbbb-cccc".to_owned());
        store.ingest_report(&report, day(1)).await.unwrap();
        let by = async |id: &str| {
            let filter = QueueFilter { advisory: Some(id.to_owned()), ..QueueFilter::default() };
            all(store, &filter, 9, false).await.len()
        };
        assert_eq!([by("GHSA-aaaa-bbbb-cccc").await, by(&advisory(0)).await, by("CVE-2020-0001").await], [1, 1, 0]);
    });
}

#[test]
fn work_is_assigned() {
    on_each(async |World { store, .. }: &World| {
        store.ingest_report(&report(place(0), 1, 0b111, 0.5, 0), day(1)).await.unwrap();
        let rows = all(store, &QueueFilter::default(), 9, false).await;
        let two: Vec<String> = rows[1..].iter().map(|row| row.finding.id.clone()).collect();
        assert_eq!(store.assign(&two, Some(" kato ")).await.unwrap(), 2);
        let filter = QueueFilter { assignee: Some("kato".to_owned()), ..QueueFilter::default() };
        let mine = all(store, &filter, 1, false).await;
        assert_eq!((ids(&mine), mine[0].assignee.as_deref()), (ids(&rows)[1..].to_vec(), Some("kato")));
        // A new snapshot leaves it as it is.
        store.ingest_report(&report(place(0), 2, 0b1111, 0.5, 0), day(2)).await.unwrap();
        assert_eq!(store.assign(&two[..1], None).await.unwrap(), 1);
        assert_eq!(all(store, &filter, 9, false).await.len(), 1);
    });
}

/// Enough facets that the order is walked, and pages that are merged beside it.
#[test]
fn many_facets_are_walked_and_merged_alike() {
    on_each(async |World { store, .. }: &World| {
        for n in 0..90_usize {
            let mut asset = asset(&format!("host{n}"));
            asset.service = Some(format!("service{n}"));
            asset.owner = Some(format!("owner{}", n % 7));
            asset.is_ai = n % 3 == 0;
            let mut one = report(asset, 1 + (n % 5) as i64, 0b11, (n % 11) as f64 / 11.0, u8::from(n % 4 == 0));
            one.services.clear();
            store.ingest_report(&one, day(6)).await.unwrap();
        }
        let rows = all(store, &QueueFilter::default(), 500, false).await;
        assert_eq!(rows.len(), 180);
        assert!(rows.windows(2).all(|two| two[0].rank_key <= two[1].rank_key));
        let due = Due::by(rows[60].due.unwrap());
        let filters = [
            QueueFilter::default(),
            QueueFilter { owners: vec!["owner1".to_owned(), "owner2".to_owned()], ..QueueFilter::default() },
            QueueFilter { ai: vec![AiFactor::Asset], ..QueueFilter::default() },
            QueueFilter { priorities: vec![rows[179].priority], ..QueueFilter::default() },
            QueueFilter { due: Some(due), ..QueueFilter::default() },
            QueueFilter { due: Some(due), ai: vec![AiFactor::Asset], ..QueueFilter::default() },
            QueueFilter { due: Some(Due::Undated), ..QueueFilter::default() },
            QueueFilter { states: FindingStatus::ALL.to_vec(), ..QueueFilter::default() },
        ];
        for filter in filters {
            let matches = |row: &&yata_store::QueueRow| {
                (filter.owners.is_empty() || filter.owners.contains(row.owner.as_ref().unwrap()))
                    && (filter.ai.is_empty() || row.ai.asset)
                    && (filter.priorities.is_empty() || filter.priorities.contains(&row.priority))
                    && match filter.due {
                        None => true,
                        Some(Due::Undated) => row.due.is_none(),
                        Some(Due::Between { to, .. }) => row.due.is_some_and(|due| Some(due) <= to),
                    }
            };
            let expected: Vec<_> = rows.iter().filter(matches).cloned().collect();
            for limit in [1, 7, 100] {
                assert_eq!(ids(&all(store, &filter, limit, false).await), ids(&expected), "{filter:?} by {limit}");
            }
        }
    });
}

#[test]
fn two_replicas_count_as_one() {
    on_each(async |world: &World| {
        let (store, other) = (&world.store, world.other().await);
        for round in 0..12_u8 {
            let one = report(place(0), i64::from(round) + 1, 0b1011_0111_u8.rotate_left(round.into()), 0.3, round);
            let two = report(place(1), i64::from(round) + 1, 0b0111_0101_u8.rotate_right(round.into()), 0.3, round);
            let three = report(place(0), i64::from(round) + 1, 0b0101_0111, 0.4, 0);
            let today = day(i64::from(round) + 1);
            let (a, b, c, d) = tokio::join!(
                store.ingest_report(&one, today),
                other.ingest_report(&two, today),
                other.ingest_report(&three, today),
                store.tick(today)
            );
            d.unwrap();
            [a, b, c].into_iter().for_each(|stored| drop(stored.unwrap()));
        }
        check_counts(world).await;
        other.close().await;
    });
}

/// What is counted is what is there.
pub(crate) async fn check_counts(world: &World) {
    for (what, sql) in [
        (
            "facets",
            "SELECT COUNT(*) FROM facet x WHERE x.findings <> (SELECT COUNT(*) FROM finding f WHERE f.facet_id = x.id)",
        ),
        ("places", "SELECT COUNT(*) FROM finding f LEFT JOIN facet x ON x.id = f.facet_id WHERE x.id IS NULL"),
        (
            "first keys",
            "SELECT COUNT(*) FROM finding f JOIN facet x ON x.id = f.facet_id WHERE f.rank_key < x.first_key",
        ),
        (
            "open",
            "SELECT COUNT(*) FROM finding f JOIN facet x ON x.id = f.facet_id WHERE (f.is_open = 1) <> (x.state = 'open')",
        ),
        (
            "evidence",
            "SELECT COUNT(*) FROM evidence e WHERE e.findings <> (SELECT COUNT(*) FROM finding f WHERE f.evidence_id = e.id)",
        ),
        (
            "assets",
            "SELECT COUNT(*) FROM asset a WHERE a.open_immediate + a.open_out_of_cycle + a.open_scheduled + a.open_defer \
             <> (SELECT COUNT(*) FROM finding f WHERE f.asset_id = a.id AND f.is_open = 1)",
        ),
        (
            "last days",
            "SELECT (SELECT COALESCE(SUM(findings), 0) FROM tally WHERE metric = 'due') \
             - (SELECT COUNT(*) FROM finding WHERE is_open = 1)",
        ),
        (
            "opened and closed",
            "SELECT (SELECT COALESCE(SUM(CASE metric WHEN 'opened' THEN findings WHEN 'closed' THEN -findings ELSE 0 END), 0) \
             FROM tally) - (SELECT COUNT(*) FROM finding WHERE is_open = 1)",
        ),
        ("moved", "SELECT COALESCE(SUM(findings), 0) FROM tally WHERE metric = 'moved'"),
    ] {
        let sql: &'static str = sql;
        assert_eq!(number(world, sql).await, 0, "{what}");
    }
}

/// PostgreSQL sums into decimals.
async fn number(world: &World, sql: &'static str) -> i64 {
    let text: &'static str = Box::leak(format!("SELECT CAST(({sql}) AS BIGINT)").into_boxed_str());
    world.number(text).await
}

/// Two parts of a sensor see one finding, and name it differently: what it rests on is counted once.
#[test]
fn a_finding_that_two_see_rests_on_one_piece_of_evidence() {
    on_each(async |world: &World| {
        let mut twice = report(place(0), 1, 0b11, 0.5, 0);
        let mut second = twice.snapshots[0].clone();
        second.sensor = "files".to_owned();
        second.findings.truncate(1);
        second.findings[0].ids = vec![advisory(1)];
        twice.snapshots[0].findings.truncate(1);
        twice.snapshots.push(second);
        world.store.ingest_report(&twice, day(1)).await.unwrap();
        check_counts(world).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM evidence WHERE findings > 0").await, 1);
    });
}

/// What tanaka says of an asset on the n-th day; the asset as it is then.
async fn edited(store: &Store, id: &str, edit: &AssetEdit, why: &str, n: i64) -> Result<AssetRecord, AssetOutcome> {
    let by = Actor::local("tanaka");
    let doer = Doer { by: &by, why, may: &|_| true, now: noon(n), today: day(n) };
    let items = [AssetItem { id: id.to_owned(), seen: None }];
    match store.edit_assets(&items, edit, &doer).await.unwrap()[0] {
        AssetOutcome::Done => Ok(store.asset(id).await.unwrap().unwrap()),
        refused => Err(refused),
    }
}

#[test]
fn edits_win_over_sensors_until_they_are_taken_back() {
    on_each(async |world: &World| {
        let store = &world.store;
        store.ingest_report(&report(place(0), 1, 0b11, 0.5, 0), day(1)).await.unwrap();
        let id = place(0).id;
        let edit = AssetEdit { owner: Some(Some("kato".to_owned())), ..AssetEdit::default() };
        let record = edited(store, &id, &edit, "she took over", 1).await.unwrap();
        assert_eq!(record.row.asset.owner.as_deref(), Some("kato"));
        assert_eq!(record.reported.owner.as_deref(), Some("sato"));
        store.ingest_report(&report(place(0), 2, 0b111, 0.5, 0), day(2)).await.unwrap();
        let kato = QueueFilter { owners: vec!["kato".to_owned()], ..QueueFilter::default() };
        assert_eq!(all(store, &kato, 9, false).await.len(), 3);
        let back = AssetEdit { owner: Some(None), ..AssetEdit::default() };
        edited(store, &id, &back, "a mistake", 3).await.unwrap();
        assert_eq!(all(store, &kato, 9, false).await.len(), 0);
        let nobody = AssetEdit { owner: Some(Some(String::new())), ..AssetEdit::default() };
        let record = edited(store, &id, &nobody, "left", 4).await.unwrap();
        assert_eq!(record.row.asset.owner, None);
        let none = QueueFilter { owners: vec![String::new()], ..QueueFilter::default() };
        assert_eq!(all(store, &none, 9, false).await.len(), 3);
        let changes = store.asset_changes(&id).await.unwrap();
        let told: Vec<_> = changes.iter().map(|c| (c.field.as_str(), c.old.as_str(), c.new.as_str())).collect();
        let owner = |old, new| ("owner", old, new);
        let expected = [owner("\"sato\"", "\"kato\""), owner("\"kato\"", "\"sato\""), owner("\"sato\"", "null")];
        assert_eq!(told, expected);
        assert_eq!((changes[0].by.as_str(), changes[0].why.as_str()), ("tanaka", "she took over"));
        assert_eq!(edited(store, "as_none", &back, "why", 4).await.unwrap_err(), AssetOutcome::Unknown);
        check_counts(world).await;
    });
}

#[test]
fn evidence_of_a_newer_day_replaces_the_old() {
    on_each(async |world: &World| {
        let store = &world.store;
        let mut first = report(place(0), 1, 0b1, 0.5, 0);
        store.ingest_report(&first, day(1)).await.unwrap();
        first.evidence = vec![evidence(&advisory(0), 0.9, false)];
        store.ingest_report(&first, day(2)).await.unwrap();
        // A sensor that knows nothing of it takes nothing away.
        first.evidence.clear();
        first.snapshots[0].findings.push(finding(&place(0), &["CVE-2026-9999"], &component("other", "1")));
        store.ingest_report(&first, day(3)).await.unwrap();
        let rows = all(store, &QueueFilter::default(), 9, false).await;
        let known = rows.iter().find(|row| row.finding.rule == advisory(0)).unwrap();
        let judged = store.judged(&known.finding.id, day(3)).await.unwrap().unwrap();
        assert!((judged.evidence.unwrap().epss.value - 0.9).abs() < 1e-9);
        check_counts(world).await;
    });
}

/// A server holds these futures on many threads.
#[test]
fn futures_can_move_between_threads() {
    fn check<T: Send>(_: T) {}
    // Only made, never run: it is the compiler that answers.
    check(async {
        let store = Store::open("x".as_ref()).await.unwrap();
        let (filter, paging, today) = (QueueFilter::default(), Paging::default(), day(1));
        store.ingest_report(&report(place(0), 1, 0, 0.0, 0), today).await.unwrap();
        store.queue(&filter, &paging, true).await.unwrap();
        store.facet_counts(&filter, true).await.unwrap();
        store.judged("x", today).await.unwrap();
        store.tick(today).await.unwrap();
        store.assign(&[], None).await.unwrap();
        store.set_rules(&store.rules().await.unwrap(), noon(1)).await.unwrap();
        store.set_service(&store.services().await.unwrap()[0], noon(1)).await.unwrap();
        edited(&store, "x", &AssetEdit::default(), "z", 1).await.unwrap();
        store.asset_changes("x").await.unwrap();
        store.assets_page(&Default::default(), &paging).await.unwrap();
        store.asset("x").await.unwrap();
        store.coverage(noon(1)).await.unwrap();
        store.risk_map().await.unwrap();
        store.heat(today, 1).await.unwrap();
        store.burn_down(today, today, Some("x")).await.unwrap();
        store.changes_since(noon(1), &paging).await.unwrap();
        store.sources().await.unwrap();
        store.sensors(None, &paging).await.unwrap();
    });
}
