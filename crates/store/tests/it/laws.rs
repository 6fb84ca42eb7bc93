//! Any row of snapshots, decisions and VEX statements against a model of the life cycle in a few lines.

use jiff::civil::Date;
use proptest::prelude::*;
use yata_model::{FindingState, VexStatus};
use yata_store::{Filter, Store, StoreError};

use crate::support::{noon, on_postgres, run, shop, unreadable, vex, world};

const NAMES: [&str; 4] = ["A", "B", "C", "D"];

#[derive(Debug, Clone)]
enum Step {
    /// Which of the four are seen, and whether everything could be read.
    Snapshot(u8, bool),
    Accept(usize),
    FalsePositive(usize),
    Reopen(usize),
    Vex(usize, VexStatus),
}

fn step() -> impl Strategy<Value = Step> {
    let status = prop_oneof![
        Just(VexStatus::NotAffected),
        Just(VexStatus::Affected),
        Just(VexStatus::Fixed),
        Just(VexStatus::UnderInvestigation)
    ];
    prop_oneof![
        4 => (0..16_u8, prop::bool::weighted(0.8)).prop_map(|(seen, whole)| Step::Snapshot(seen, whole)),
        1 => (0..4_usize).prop_map(Step::Accept),
        1 => (0..4_usize).prop_map(Step::FalsePositive),
        1 => (0..4_usize).prop_map(Step::Reopen),
        2 => (0..4_usize, status).prop_map(|(n, status)| Step::Vex(n, status)),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Sensor,
    Person,
    Vex,
}

/// The model: one finding.
#[derive(Debug, Clone, Default)]
struct Life {
    now: Option<(FindingState, By)>,
    statement: Option<VexStatus>,
}

impl Life {
    fn is_gone(&self) -> bool {
        self.now.as_ref().is_none_or(|(state, by)| *state == FindingState::Fixed && *by != By::Vex)
    }

    fn seen(&mut self) {
        if self.is_gone() {
            self.now = Some((FindingState::Open, By::Sensor));
            self.obey();
        }
    }

    fn missing(&mut self) {
        if self.now.is_some() {
            self.now = Some((FindingState::Fixed, By::Sensor));
        }
    }

    fn decide(&mut self, state: FindingState) -> bool {
        let may = !self.is_gone();
        if may {
            self.now = Some((state, By::Person));
        }
        may
    }

    fn obey(&mut self) {
        if self.is_gone() || matches!(self.now, Some((_, By::Person))) {
            return;
        }
        match self.statement {
            None => {}
            Some(VexStatus::NotAffected) => self.now = Some((FindingState::FalsePositive, By::Vex)),
            Some(VexStatus::Fixed) => self.now = Some((FindingState::Fixed, By::Vex)),
            Some(_) => self.now = Some((FindingState::Open, By::Sensor)),
        }
    }
}

async fn take(store: &Store, lives: &mut [Life; 4], ids: &[String], day: i64, step: &Step) {
    let until: Date = "2027-01-01".parse().unwrap();
    let decided = |result: Result<yata_model::Finding, StoreError>, may: bool| match result {
        Ok(_) => assert!(may),
        Err(StoreError::AlreadyFixed { .. } | StoreError::UnknownFinding { .. }) => assert!(!may),
        Err(error) => panic!("{error}"),
    };
    match step {
        Step::Snapshot(seen, whole) => {
            let is_seen = |n: usize| seen & (1 << n) != 0;
            let found: Vec<&[&str]> = (0..4).filter(|n| is_seen(*n)).map(|n| &NAMES[n..=n]).collect();
            let mut snapshot = shop(day, &found);
            if !whole {
                snapshot.problems.push(unreadable("Cargo.lock"));
            }
            let first = store.ingest(&snapshot).await.unwrap();
            for (n, life) in lives.iter_mut().enumerate() {
                if is_seen(n) {
                    life.seen();
                } else if *whole {
                    life.missing();
                }
            }
            // Once more is the same as once.
            let again = store.ingest(&snapshot).await.unwrap();
            assert_eq!((again.opened, again.closed, again.still), (vec![], vec![], found.len()));
            assert_eq!((again.findings, again.unchecked), (first.findings, first.unchecked));
        }
        Step::Accept(n) => {
            let may = lives[*n].decide(FindingState::Accepted { until });
            decided(store.accept(&ids[*n], until, "why", "who", noon(day)).await, may);
        }
        Step::FalsePositive(n) => {
            let may = lives[*n].decide(FindingState::FalsePositive);
            decided(store.false_positive(&ids[*n], "why", "who", noon(day)).await, may);
        }
        Step::Reopen(n) => {
            let may = lives[*n].decide(FindingState::Open);
            decided(store.reopen(&ids[*n], "why", "who", noon(day)).await, may);
        }
        Step::Vex(n, status) => {
            let product = format!("pkg:cargo/{}", NAMES[*n].to_lowercase());
            let statement = vex(*status, &NAMES[*n..=*n], &product, Some(day));
            let applied = store.apply_vex(&[statement], noon(day)).await.unwrap();
            assert_eq!(applied.unmatched.is_empty(), lives[*n].now.is_some());
            lives[*n].statement = Some(*status);
            lives[*n].obey();
        }
    }
}

async fn law(store: &Store, steps: &[Step]) {
    let ids: Vec<String> = NAMES.iter().map(|name| shop(1, &[&[*name]]).findings[0].id.clone()).collect();
    let mut lives: [Life; 4] = Default::default();
    for (n, step) in steps.iter().enumerate() {
        take(store, &mut lives, &ids, n as i64 + 1, step).await;
        let stored = store.findings(&Filter::default(), None, 100).await.unwrap().items;
        for (life, id) in lives.iter().zip(&ids) {
            let state = stored.iter().find(|finding| finding.id == *id).map(|finding| &finding.state);
            assert_eq!(state, life.now.as_ref().map(|(state, _)| state), "after {n}: {step:?}");
            if let Some(state) = state {
                let history = store.history(id).await.unwrap();
                assert_eq!(&history.last().unwrap().state, state, "the history ends where it is");
            }
        }
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn the_database_and_the_model_agree(steps in prop::collection::vec(step(), 1..24)) {
        run(async { law(&world().await.store, &steps).await });
    }
}

proptest! {
    // Each case needs a database of its own, which takes a while.
    #![proptest_config(config(8))]

    #[test]
    fn the_database_on_a_server_and_the_model_agree(steps in prop::collection::vec(step(), 1..24)) {
        on_postgres(async |world| law(&world.store, &steps).await);
    }
}
