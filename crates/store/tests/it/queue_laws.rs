//! Any row of reports, decisions, edits and days: the list is what the ruler says, and the counts are what is there.

use std::collections::BTreeMap;

use jiff::civil::Date;
use proptest::prelude::*;
use yata_model::{Exposure, MissionImpact, Priority, Risk};
use yata_ruler::{actions, highest_fix, rank};
use yata_store::{
    Actor, AiFactor, AssetEdit, AssetItem, Doer, Due, Filter, FindingStatus, QueueFilter, QueueRow, Store, StoreError,
};

use crate::judged::{all, ids, place, report, risk_ids, service};
use crate::queue::check_counts;
use crate::support::{World, noon, on_postgres, run, world};

#[derive(Debug, Clone)]
enum Step {
    /// Asset, what is seen, EPSS, what KEV lists.
    Report(usize, u8, f64, u8),
    /// The same without evidence.
    Plain(usize, u8),
    Accept(usize, u8),
    FalsePositive(usize),
    Reopen(usize),
    Owner(usize, Option<Option<String>>),
    Service(usize, Option<Option<String>>),
    Exposure(usize, Exposure),
    Impact(bool),
    /// So many days go by.
    Sleep(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let asset = || 0..3_usize;
    let text = || {
        prop_oneof![
            Just(Some(None)),
            Just(Some(Some(String::new()))),
            Just(Some(Some("pay".to_owned()))),
            Just(Some(Some("new".to_owned())))
        ]
    };
    let epss = prop_oneof![Just(0.0001), Just(0.3), Just(0.95)];
    let exposure = prop_oneof![Just(Exposure::None), Just(Exposure::Internet)];
    prop_oneof![
        6 => (asset(), any::<u8>(), epss, any::<u8>()).prop_map(|(n, seen, epss, kev)| Step::Report(n, seen, epss, kev)),
        1 => (asset(), any::<u8>()).prop_map(|(n, seen)| Step::Plain(n, seen)),
        2 => (0..24_usize, 0..4_u8).prop_map(|(n, days)| Step::Accept(n, days)),
        1 => (0..24_usize).prop_map(Step::FalsePositive),
        1 => (0..24_usize).prop_map(Step::Reopen),
        1 => (asset(), text()).prop_map(|(n, owner)| Step::Owner(n, owner)),
        1 => (asset(), text()).prop_map(|(n, service)| Step::Service(n, service)),
        1 => (asset(), exposure).prop_map(|(n, exposure)| Step::Exposure(n, exposure)),
        1 => any::<bool>().prop_map(Step::Impact),
        2 => (1..4_u8).prop_map(Step::Sleep),
    ]
}

fn date(day: i64) -> Date {
    noon(day).to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Findings that are fixed cannot be decided about.
fn allowed<T>(result: Result<T, StoreError>) {
    match result {
        Ok(_) | Err(StoreError::AlreadyFixed { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}

async fn take(store: &Store, step: &Step, now: &mut i64) {
    let (at, today) = (noon(*now), date(*now));
    let stored = store.findings(&Filter::default(), None, 100).await.unwrap().items;
    let nth = |n: usize| stored.get(n % stored.len().max(1)).map(|finding| finding.id.clone());
    let edit = async |n: usize, edit: AssetEdit| {
        let by = Actor::local("who");
        let doer = Doer { by: &by, why: "why", may: &|_| true, now: at, today };
        store.edit_assets(&[AssetItem { id: place(n).id, seen: None }], &edit, &doer).await.unwrap();
    };
    match step {
        Step::Report(n, seen, epss, listed) => {
            store.ingest_report(&report(place(*n), *now, *seen, *epss, *listed), date(*now)).await.unwrap();
        }
        Step::Plain(n, seen) => {
            store.ingest_all(&report(place(*n), *now, *seen, 0.0, 0).snapshots).await.unwrap();
        }
        Step::Accept(n, days) => {
            if let Some(id) = nth(*n) {
                allowed(store.accept(&id, date(*now + i64::from(*days)), "why", "who", at).await);
            }
        }
        Step::FalsePositive(n) => {
            if let Some(id) = nth(*n) {
                allowed(store.false_positive(&id, "why", "who", at).await);
            }
        }
        Step::Reopen(n) => {
            if let Some(id) = nth(*n) {
                allowed(store.reopen(&id, "why", "who", at).await);
            }
        }
        Step::Owner(n, owner) => edit(*n, AssetEdit { owner: owner.clone(), ..AssetEdit::default() }).await,
        Step::Service(n, service) => edit(*n, AssetEdit { service: service.clone(), ..AssetEdit::default() }).await,
        Step::Exposure(n, exposure) => {
            edit(*n, AssetEdit { exposure: Some(Some(*exposure)), ..AssetEdit::default() }).await;
        }
        Step::Impact(high) => {
            let impact = if *high { MissionImpact::VeryHigh } else { MissionImpact::Low };
            store.set_service(&service("pay", impact), at).await.unwrap();
        }
        Step::Sleep(days) => *now += i64::from(*days),
    }
    while store.tick(date(*now)).await.unwrap().more {}
}

/// The open findings as the ruler orders them.
async fn ranked(store: &Store, today: Date) -> Vec<Risk> {
    let mut risks = Vec::new();
    for finding in store.findings(&Filter { open_on: Some(today), ..Filter::default() }, None, 100).await.unwrap().items
    {
        risks.push(store.judged(&finding.id, today).await.unwrap().unwrap().risk);
    }
    rank(risks)
}

async fn check_list(store: &Store, today: Date) {
    let risks = ranked(store, today).await;
    let rows = all(store, &QueueFilter::default(), 3, false).await;
    assert_eq!(ids(&rows), risk_ids(&risks));
    for (row, risk) in rows.iter().zip(&risks) {
        assert_eq!((row.due, row.priority), (risk.decision.due, risk.decision.outcome.priority));
        assert_eq!((row.scenario, row.status), (risk.scenario, FindingStatus::Open));
        assert_eq!((row.ai.threat, row.ai.asset), (risk.threat.ai, risk.asset.ai));
    }
    let acts = actions(&risks, &|findings| highest_fix(findings, &|_, a, b| a.cmp(b)));
    let mut leaders: Vec<(u32, usize)> = acts.iter().map(|act| (act.risks[0], act.risks.len())).collect();
    leaders.sort_unstable();
    let grouped = all(store, &QueueFilter::default(), 3, true).await;
    let expected: Vec<&str> = leaders.iter().map(|(n, _)| risks[*n as usize - 1].finding.id.as_str()).collect();
    assert_eq!(ids(&grouped), expected);
    let closes: Vec<u64> = grouped.iter().map(|row| row.action.findings).collect();
    assert_eq!(closes, leaders.iter().map(|(_, closes)| *closes as u64).collect::<Vec<_>>());
    let burned = store.burn_down(today, today, None).await.unwrap().remove(0);
    assert_eq!(burned.open.sum(), rows.len() as u64);
    let heat = store.heat(today, 3).await.unwrap();
    let hot = heat.services.iter().map(|row| {
        row.earlier.sum() + row.later.sum() + row.undated.sum() + row.weeks.iter().map(|week| week.sum()).sum::<u64>()
    });
    assert_eq!(hot.sum::<u64>(), rows.len() as u64);
    let map = store.risk_map().await.unwrap();
    assert_eq!(map.scenarios.iter().map(|(_, counts)| counts.sum()).sum::<u64>(), rows.len() as u64);
    for cell in map.cells {
        let filter = QueueFilter { scenarios: vec![cell.scenario], ai: vec![cell.ai], ..QueueFilter::default() };
        assert_eq!(all(store, &filter, 9, false).await.len() as u64, cell.findings.sum());
    }
}

fn factors(row: &QueueRow) -> Vec<AiFactor> {
    let flags = [
        (row.ai.threat, AiFactor::Threat),
        (row.ai.vulnerability, AiFactor::Vulnerability),
        (row.ai.asset, AiFactor::Asset),
    ];
    let some: Vec<AiFactor> = flags.into_iter().filter(|(is, _)| *is).map(|(_, factor)| factor).collect();
    if some.is_empty() { vec![AiFactor::None] } else { some }
}

/// Each value of each dimension: its count is the number of its rows.
async fn check_values(store: &Store, states: Vec<FindingStatus>, today: Date) {
    let base = QueueFilter { states, ..QueueFilter::default() };
    let rows = all(store, &base, 50, false).await;
    let counts = store.facet_counts(&base, false).await.unwrap();
    let count = |keys: Vec<String>| {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        keys.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
        counts
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let owners = count(rows.iter().map(|row| text(&row.owner)).collect());
    assert_eq!(counts.owners.into_iter().collect::<BTreeMap<_, _>>(), owners);
    let services = count(rows.iter().map(|row| text(&row.service)).collect());
    assert_eq!(counts.services.into_iter().collect::<BTreeMap<_, _>>(), services);
    let of = |priority: Priority| rows.iter().filter(|row| row.priority == priority).count() as u64;
    assert!(counts.priorities.iter().all(|(priority, count)| *count == of(*priority)));
    let of = |factor: AiFactor| rows.iter().filter(|row| factors(row).contains(&factor)).count() as u64;
    assert!(counts.ai.iter().all(|(factor, count)| *count == of(*factor)));
    for (owner, expected) in &owners {
        let filter = QueueFilter { owners: vec![owner.clone()], ..base.clone() };
        assert_eq!(all(store, &filter, 2, false).await.len() as u64, *expected, "{owner}");
        // The other dimensions count within the owner; the owners do not.
        let within = store.facet_counts(&filter, false).await.unwrap();
        assert_eq!(within.priorities.iter().map(|(_, count)| count).sum::<u64>(), *expected);
        assert_eq!(within.owners.iter().map(|(_, count)| count).sum::<u64>(), rows.len() as u64);
    }
    for due in [Due::overdue(today), Due::by(today), Due::Undated] {
        let matches = |row: &&QueueRow| match due {
            Due::Undated => row.due.is_none(),
            Due::Between { to, .. } => row.due.is_some_and(|day| Some(day) <= to),
        };
        for priorities in [vec![], vec![Priority::Immediate], vec![Priority::Defer, Priority::Scheduled]] {
            for ai in [vec![], vec![AiFactor::Threat]] {
                let filter =
                    QueueFilter { due: Some(due), priorities: priorities.clone(), ai: ai.clone(), ..base.clone() };
                let expected = rows.iter().filter(matches).filter(|row| {
                    (priorities.is_empty() || priorities.contains(&row.priority)) && (ai.is_empty() || row.ai.threat)
                });
                let expected: Vec<QueueRow> = expected.cloned().collect();
                assert_eq!(ids(&all(store, &filter, 4, false).await), ids(&expected), "{filter:?}");
            }
        }
    }
}

async fn law(world: &World, steps: &[Step]) {
    let mut now = 1;
    for step in steps {
        take(&world.store, step, &mut now).await;
        check_counts(world).await;
    }
    let today = date(now);
    check_list(&world.store, today).await;
    check_values(&world.store, vec![], today).await;
    check_values(&world.store, FindingStatus::ALL.to_vec(), today).await;
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn the_list_is_what_the_ruler_says(steps in prop::collection::vec(step(), 1..16)) {
        run(async { law(&world().await, &steps).await });
    }
}

proptest! {
    #![proptest_config(config(6))]

    #[test]
    fn the_list_on_a_server_is_what_the_ruler_says(steps in prop::collection::vec(step(), 1..16)) {
        on_postgres(async |world| law(world, &steps).await);
    }
}
