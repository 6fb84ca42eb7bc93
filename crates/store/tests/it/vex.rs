//! VEX statements on findings.

use yata_model::{FindingState, Snapshot, VexStatement, VexStatus};
use yata_store::Store;

use crate::support::{World, asset, component, finding, history, noon, on_each, rules, shop, vex, word};

const PRODUCT: &str = "pkg:cargo/a@1.0.0";

async fn state(store: &Store, id: &str) -> String {
    word(&store.history(id).await.unwrap().last().unwrap().state)
}

#[test]
fn a_statement_applies_now_and_to_later_snapshots() {
    on_each(async |World { store, .. }| {
        let id = store.ingest(&shop(1, &[&["A"], &["B"]])).await.unwrap().findings[0].id.clone();
        let statements = [
            vex(VexStatus::NotAffected, &["CVE-1", "A"], "pkg:cargo/a", Some(2)),
            vex(VexStatus::NotAffected, &["C"], "pkg:cargo/c@1.0.0", Some(2)),
            vex(VexStatus::NotAffected, &["B"], "pkg:cargo/b@2.0.0", Some(2)),
        ];
        let applied = store.apply_vex(&statements, noon(3)).await.unwrap();
        assert_eq!(rules(&applied.changed), ["A"]);
        assert_eq!(applied.changed[0].state, FindingState::FalsePositive);
        assert_eq!(applied.unmatched, statements[1..]);

        // Twice is the same as once.
        let again = store.apply_vex(&statements, noon(3)).await.unwrap();
        assert_eq!((again.changed.len(), again.recorded, again.unmatched.len()), (0, 0, 2));

        let later = store.ingest(&shop(4, &[&["A"], &["B"], &["C"]])).await.unwrap();
        assert_eq!(later.opened, [], "C is settled before it opens");
        assert_eq!(later.findings[2].state, FindingState::FalsePositive);
        store.ingest(&shop(5, &[])).await.unwrap();
        let back = store.ingest(&shop(6, &[&["A"]])).await.unwrap();
        assert_eq!((back.opened.len(), back.findings[0].state.clone()), (0, FindingState::FalsePositive));
        assert_eq!(
            history(store, &id).await,
            [
                "open assess: history-first-seen",
                "false-positive vendor.openvex.json: not_affected: vulnerable_code_not_present",
                "fixed assess: history-not-seen",
                "open assess: history-seen-again",
                "false-positive vendor.openvex.json: not_affected: vulnerable_code_not_present",
            ]
        );
    });
}

/// Applies the statements one by one and notes the state after each.
fn check(statements: &[(VexStatus, Option<i64>)], expected: &[&str]) {
    on_each(async |World { store, .. }| {
        let id = store.ingest(&shop(1, &[&["A"]])).await.unwrap().findings[0].id.clone();
        let mut states = Vec::new();
        for (n, (status, day)) in statements.iter().enumerate() {
            store.apply_vex(&[vex(*status, &["A"], PRODUCT, *day)], noon(20 + n as i64)).await.unwrap();
            states.push(state(store, &id).await);
        }
        assert_eq!(states, expected);
    });
}

#[test]
fn the_later_statement_wins() {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    check(&[(UnderInvestigation, Some(2)), (NotAffected, Some(3))], &["open", "false-positive"]);
    check(&[(NotAffected, Some(3)), (UnderInvestigation, Some(2))], &["false-positive", "false-positive"]);
    check(&[(NotAffected, Some(2)), (Affected, Some(3))], &["false-positive", "open"]);
    check(&[(Fixed, Some(2)), (Affected, Some(3))], &["fixed", "open"]);
    check(&[(NotAffected, Some(3)), (Affected, None)], &["false-positive", "open"]);
    check(&[(NotAffected, None), (Affected, None), (NotAffected, None)], &["false-positive", "open", "false-positive"]);
}

#[test]
fn a_fixed_statement_holds_while_the_sensor_still_sees_the_component() {
    on_each(async |World { store, .. }| {
        store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        store.apply_vex(&[vex(VexStatus::Fixed, &["A"], PRODUCT, Some(2))], noon(2)).await.unwrap();
        let later = store.ingest(&shop(3, &[&["A"], &["B"]])).await.unwrap();
        assert_eq!((later.findings[0].state.clone(), rules(&later.opened)), (FindingState::Fixed, vec!["B"]));
    });
}

#[test]
fn a_persons_decision_stays_and_the_statement_is_noted() {
    on_each(async |World { store, .. }| {
        let id = store.ingest(&shop(1, &[&["A"]])).await.unwrap().findings[0].id.clone();
        store.reopen(&id, "it is reachable here", "sato", noon(2)).await.unwrap();
        let statement = vex(VexStatus::NotAffected, &["A"], PRODUCT, Some(3));
        let applied = store.apply_vex(&[statement], noon(3)).await.unwrap();
        assert_eq!((applied.changed.len(), applied.recorded), (0, 1));
        store.ingest(&shop(4, &[&["A"], &["B"]])).await.unwrap();
        assert_eq!(
            history(store, &id).await[1..],
            ["open sato: it is reachable here", "open vendor.openvex.json: not_affected: vulnerable_code_not_present",]
        );
    });
}

#[test]
fn what_rests_on_a_statement_that_no_longer_matches_opens_again() {
    on_each(async |World { store, .. }| {
        let id = store.ingest(&shop(1, &[&["A", "WRONG", "LIB"]])).await.unwrap().findings[0].id.clone();
        let statement = vex(VexStatus::NotAffected, &["WRONG"], "pkg:cargo/lib", Some(2));
        assert_eq!(store.apply_vex(&[statement], noon(2)).await.unwrap().changed.len(), 1);
        let corrected = store.ingest(&shop(3, &[&["A", "LIB"]])).await.unwrap();
        assert_eq!((corrected.findings[0].state.clone(), corrected.findings[0].id.clone()), (FindingState::Open, id));
    });
}

#[test]
fn a_statement_about_a_part_inside_a_product_holds_in_that_product_only() {
    #[track_caller]
    fn check(within: &[&str], shop_has: &str, expected: &str) {
        on_each(async |World { store, .. }| {
            let inside = VexStatement {
                within: within.iter().map(|product| (*product).to_owned()).collect(),
                ..vex(VexStatus::NotAffected, &["A"], "pkg:cargo/a", Some(2))
            };
            let seen = |day| {
                let mut snapshot = shop(day, &[&["A"]]);
                snapshot.components.push(component(shop_has, "3.0.0"));
                snapshot
            };
            let id = store.ingest(&seen(1)).await.unwrap().findings[0].id.clone();
            let applied = store.apply_vex(std::slice::from_ref(&inside), noon(2)).await.unwrap();
            assert_eq!(state(store, &id).await, expected, "{within:?} {shop_has}");
            assert_eq!(applied.unmatched.is_empty(), expected != "open");
            // The same at the next snapshot, where nothing has changed and where something has.
            store.ingest(&seen(3)).await.unwrap();
            let mut changed = seen(4);
            changed.components.push(component("more", "1.0.0"));
            store.ingest(&changed).await.unwrap();
            assert_eq!(state(store, &id).await, expected, "{within:?} {shop_has}, later");
        });
    }
    check(&["pkg:cargo/product"], "product", "false-positive");
    check(&["pkg:cargo/product@3.0.0", "pkg:cargo/other"], "product", "false-positive");
    check(&["pkg:cargo/product@2.0.0"], "product", "open");
    check(&["pkg:cargo/product"], "other", "open");
    check(&["shop"], "other", "false-positive");
    check(&["Shop"], "other", "open");
    check(&["https://example.org/appliance"], "product", "open");
}

#[test]
fn a_statement_that_comes_with_snapshots_holds_for_them_alone() {
    on_each(async |World { store, .. }| {
        let mine = shop(1, &[&["A"]]);
        let mut theirs = mine.clone();
        theirs.asset = asset("cloned");
        theirs.findings = vec![finding(&theirs.asset, &["A"], &theirs.components[0])];
        store.ingest(&mine).await.unwrap();
        let told = [vex(VexStatus::NotAffected, &["A"], "pkg:cargo/a", Some(2))];
        let first = store.ingest_all_with(std::slice::from_ref(&theirs), &told).await.unwrap();
        assert_eq!(first[0].findings[0].state, FindingState::FalsePositive);

        let mine = Snapshot { at: noon(3), ..mine };
        assert_eq!(store.ingest(&mine).await.unwrap().findings[0].state, FindingState::Open);
        let mut more = shop(4, &[&["A"], &["B"]]);
        more.at = noon(4);
        assert_eq!(store.ingest(&more).await.unwrap().findings[0].state, FindingState::Open);

        // It stays as long as it is said, and no longer.
        let theirs = Snapshot { at: noon(5), ..theirs };
        let again = store.ingest_all_with(std::slice::from_ref(&theirs), &told).await.unwrap();
        assert_eq!(again[0].findings[0].state, FindingState::FalsePositive);
        let theirs = Snapshot { at: noon(6), ..theirs };
        assert_eq!(store.ingest(&theirs).await.unwrap().findings[0].state, FindingState::Open);
    });
}

#[test]
fn a_statement_that_comes_with_snapshots_is_weighed_against_imported_ones() {
    on_each(async |World { store, .. }| {
        let told = [vex(VexStatus::Affected, &["A"], PRODUCT, Some(5))];
        let id = store.ingest_all_with(&[shop(6, &[&["A"]])], &told).await.unwrap()[0].findings[0].id.clone();
        store.apply_vex(&[vex(VexStatus::NotAffected, &["A"], PRODUCT, Some(2))], noon(7)).await.unwrap();
        store.ingest_all_with(&[shop(8, &[&["A"]])], &told).await.unwrap();
        assert_eq!(state(store, &id).await, "open");
    });
}
