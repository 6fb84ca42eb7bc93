//! What people decide.

use yata_model::FindingState;
use yata_store::{MAX_REASON_CHARS, Store, StoreError};

use crate::support::{World, history, noon, on_each, shop};

async fn one_finding(store: &Store) -> String {
    store.ingest(&shop(10, &[&["A"]])).await.unwrap().findings[0].id.clone()
}

#[test]
fn decisions_are_kept_with_who_and_why() {
    on_each(async |World { store, .. }| {
        let id = one_finding(store).await;
        let until = "2026-02-01".parse().unwrap();
        let accepted = store.accept(&id, until, " no budget ", "佐藤", noon(11)).await.unwrap();
        assert!(!accepted.state.is_open(until));
        assert!(accepted.state.is_open("2026-02-02".parse().unwrap()), "it expires by itself");
        store.mitigate(&id, until, "WAF rule 7", "suzuki", noon(12)).await.unwrap();
        store.false_positive(&id, "not called", "suzuki", noon(13)).await.unwrap();
        let open = store.reopen(&id, "it is called", "suzuki", noon(14)).await.unwrap();
        assert_eq!(open.state, FindingState::Open);
        assert_eq!(
            history(store, &id).await,
            [
                "open assess: history-first-seen",
                "accepted 2026-02-01 佐藤: no budget",
                "mitigated 2026-02-01 suzuki: WAF rule 7",
                "false-positive suzuki: not called",
                "open suzuki: it is called",
            ]
        );
        assert_eq!(store.history(&id).await.unwrap()[1].at, noon(11));
    });
}

#[test]
fn a_decision_outlives_snapshots_and_opening_again() {
    on_each(async |world| {
        let store = &world.store;
        let id = one_finding(store).await;
        let until = "2026-03-01".parse().unwrap();
        store.accept(&id, until, "later", "sato", noon(11)).await.unwrap();
        let result = world.other().await.ingest(&shop(12, &[&["A"], &["B"]])).await.unwrap();
        assert_eq!(result.findings[0].state, FindingState::Accepted { until });
    });
}

#[test]
fn bad_decisions_are_refused() {
    on_each(async |World { store, .. }| {
        let id = one_finding(store).await;
        let day = |text: &str| text.parse().unwrap();
        let past = store.accept(&id, day("2026-01-10"), "x", "y", noon(11)).await.unwrap_err();
        assert_eq!(past.to_string(), "`2026-01-10` is in the past (today is 2026-01-11): give today or a later day");
        assert!(store.accept(&id, day("2026-01-11"), "x", "y", noon(11)).await.is_ok());
        let no_reason = store.accept(&id, day("2026-02-01"), " \u{3000}", "y", noon(11)).await;
        assert!(matches!(no_reason, Err(StoreError::NoReason)));
        assert!(matches!(store.reopen(&id, "x", "", noon(11)).await, Err(StoreError::NoName)));
        let long = "長".repeat(MAX_REASON_CHARS + 1);
        assert!(matches!(store.reopen(&id, &long, "y", noon(11)).await, Err(StoreError::TooLong { .. })));
        store.ingest(&shop(12, &[])).await.unwrap();
        assert!(matches!(store.reopen(&id, "x", "y", noon(13)).await, Err(StoreError::AlreadyFixed { .. })));
    });
}

#[test]
fn the_beginning_of_an_id_is_enough_where_it_is_clear() {
    on_each(async |World { store, .. }| {
        let ids: Vec<String> = (0..40).map(|n| format!("CVE-2026-{n:04}")).collect();
        let found: Vec<[&str; 1]> = ids.iter().map(|id| [id.as_str()]).collect();
        let found: Vec<&[&str]> = found.iter().map(|ids| &ids[..]).collect();
        let result = store.ingest(&shop(1, &found)).await.unwrap();
        let id = &result.findings[0].id;
        assert_eq!(store.false_positive(id.get(..15).unwrap(), "x", "y", noon(2)).await.unwrap().id, *id);
        assert_eq!(store.history(id.get(3..15).unwrap()).await.unwrap().len(), 2);

        let Err(StoreError::AmbiguousFinding { matches, more, .. }) = store.history("fi_").await else {
            // `fi_` alone names nothing.
            assert!(matches!(store.history("fi_").await, Err(StoreError::UnknownFinding { .. })));
            return unknown_ids(store, id).await;
        };
        panic!("`fi_` is no id: {matches:?} {more}");
    });
}

async fn unknown_ids(store: &Store, id: &str) {
    // 40 ids over 16 first digits: some digit has at least two.
    let mut ambiguous = 0;
    for digit in "0123456789abcdef".chars() {
        if let Err(StoreError::AmbiguousFinding { matches, .. }) = store.history(&digit.to_string()).await {
            assert!((2..=5).contains(&matches.len()));
            ambiguous += 1;
        }
    }
    assert!(ambiguous > 0);

    let near = format!("{}zz", id.get(..id.len() - 2).unwrap());
    let error = store.history(&near).await.unwrap_err();
    assert_eq!(error.to_string(), format!("no finding `{near}`; the nearest: `{id}`"));
    let by_advisory = store.history("CVE-2026-0000").await.unwrap_err();
    assert_eq!(by_advisory.to_string(), format!("no finding `CVE-2026-0000`; the nearest: `{id}`"));
    for nonsense in ["", "日本語", "fi_日本", "%", "_", "' OR 1=1 --", &"f".repeat(10_000)] {
        assert!(matches!(store.history(nonsense).await, Err(StoreError::UnknownFinding { .. })), "{nonsense}");
    }
}
