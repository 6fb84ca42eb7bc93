//! The life of a finding over a row of snapshots.

use yata_model::{FindingState, ProblemKind, Snapshot};

use crate::support::{World, asset, component, finding, history, noon, on_each, problem, rules, shop, unreadable};

/// Ingests each snapshot and notes what it changed as `+opened -closed ?unchecked =still`.
fn check(snapshots: &[Snapshot], expected: &[&str]) {
    on_each(async |World { store, .. }| {
        let mut lines = Vec::new();
        for snapshot in snapshots {
            let result = store.ingest(snapshot).await.unwrap();
            assert_eq!(result.findings.len(), snapshot.findings.len());
            let mut line: Vec<String> = Vec::new();
            line.extend(rules(&result.opened).iter().map(|rule| format!("+{rule}")));
            line.extend(rules(&result.closed).iter().map(|rule| format!("-{rule}")));
            line.extend(rules(&result.unchecked).iter().map(|rule| format!("?{rule}")));
            line.push(format!("={}", result.still));
            lines.push(line.join(" "));
        }
        assert_eq!(lines, expected);
    });
}

fn with(mut snapshot: Snapshot, problem: yata_model::Problem) -> Snapshot {
    snapshot.problems.push(problem);
    snapshot
}

#[test]
fn what_is_new_opens_and_what_is_missing_closes() {
    check(
        &[shop(1, &[&["A"], &["B"]]), shop(2, &[&["B"], &["C"]]), shop(3, &[])],
        &["+A +B =0", "+C -A =1", "-B -C =0"],
    );
}

#[test]
fn the_same_again_changes_nothing() {
    check(&[shop(1, &[&["A"]]), shop(2, &[&["A"]]), shop(2, &[&["A"]])], &["+A =0", "=1", "=1"]);
}

#[test]
fn what_comes_back_opens_again() {
    check(&[shop(1, &[&["A"]]), shop(2, &[]), shop(3, &[&["A"]])], &["+A =0", "-A =0", "+A =0"]);
}

#[test]
fn what_could_not_be_read_closes_nothing() {
    check(
        &[
            shop(1, &[&["A"], &["B"]]),
            with(shop(2, &[&["B"]]), unreadable("Cargo.lock")),
            with(shop(3, &[&["B"]]), unreadable("Cargo.lock")),
            shop(4, &[&["B"]]),
        ],
        &["+A +B =0", "?A =1", "?A =1", "-A =1"],
    );
}

#[test]
fn every_kind_of_unread_place_counts() {
    for kind in [ProblemKind::Unreadable, ProblemKind::Unparsable, ProblemKind::TooLarge, ProblemKind::SourceUnchecked]
    {
        check(&[shop(1, &[&["A"]]), with(shop(2, &[]), problem(kind, "x"))], &["+A =0", "?A =0"]);
    }
    for kind in [ProblemKind::Estate, ProblemKind::VersionUnknown] {
        check(&[shop(1, &[&["A"]]), with(shop(2, &[]), problem(kind, "Cargo.lock"))], &["+A =0", "-A =0"]);
    }
}

#[test]
fn a_bad_entry_counts_for_its_file_alone() {
    for (file, expected) in [("Cargo.lock", "?A =0"), ("web/package-lock.json", "-A =0")] {
        let second = with(shop(2, &[]), problem(ProblemKind::BadEntry, file));
        check(&[shop(1, &[&["A"]]), second], &["+A =0", expected]);
    }
}

#[test]
fn a_waived_problem_hides_nothing() {
    let mut waived = unreadable("old/Cargo.lock");
    waived.waived = true;
    check(&[shop(1, &[&["A"]]), with(shop(2, &[]), waived)], &["+A =0", "-A =0"]);
}

#[test]
fn an_id_that_is_assigned_later_keeps_the_history() {
    on_each(async |World { store, .. }| {
        let component = component("time", "0.1.0");
        let snapshot = |day, ids: &[&str]| {
            let mut snapshot = shop(day, &[]);
            snapshot.components = vec![component.clone()];
            snapshot.findings = vec![finding(&asset("shop"), ids, &component)];
            snapshot
        };
        let first = store.ingest(&snapshot(1, &["RUSTSEC-1"])).await.unwrap();
        let id = first.findings[0].id.clone();
        store.false_positive(&id, "not called", "佐藤", noon(1)).await.unwrap();

        let renamed = snapshot(2, &["CVE-1", "RUSTSEC-1"]);
        for ids in [&["CVE-1", "RUSTSEC-1"][..], &["CVE-1"], &["CVE-1"], &["MAL-1"], &["RUSTSEC-1"]] {
            let result = store.ingest(&snapshot(3, ids)).await.unwrap();
            if ids == ["MAL-1"] {
                // Nothing in common: another finding.
                assert_ne!(result.findings[0].id, id);
                assert_eq!((result.opened.len(), result.closed.len()), (1, 0));
                continue;
            }
            assert_eq!(result.findings[0].id, id, "{ids:?}");
            assert_eq!(result.findings[0].rule, ids[0]);
            assert_eq!(result.findings[0].first_seen, Some(noon(1)));
        }
        assert_ne!(renamed.findings[0].id, id);
        assert_eq!(
            history(store, &id).await,
            [
                "open assess: history-first-seen",
                "false-positive 佐藤: not called",
                "fixed assess: history-not-seen",
                "open assess: history-seen-again",
            ]
        );
    });
}

#[test]
fn two_findings_that_turn_out_to_be_one_are_not_reported_as_mended() {
    on_each(async |World { store, .. }| {
        let component = component("time", "0.1.0");
        let asset = asset("shop");
        let mut snapshot = shop(1, &[]);
        snapshot.components = vec![component.clone()];
        snapshot.findings = vec![finding(&asset, &["CVE-1"], &component), finding(&asset, &["GHSA-1"], &component)];
        let first = store.ingest(&snapshot).await.unwrap();
        snapshot.at = noon(2);
        snapshot.findings = vec![finding(&asset, &["CVE-1", "GHSA-1"], &component)];
        let second = store.ingest(&snapshot).await.unwrap();
        assert_eq!((second.opened.len(), second.closed.len(), second.still), (0, 0, 1));
        assert_eq!(history(store, &first.findings[1].id).await[1], "fixed assess: history-merged");
    });
}

#[test]
fn a_finding_that_another_sensor_still_sees_stays() {
    on_each(async |World { store, .. }| {
        let by = |sensor: &str, snapshot: Snapshot| Snapshot { sensor: sensor.to_owned(), ..snapshot };
        store.ingest(&by("assess", shop(1, &[&["A"]]))).await.unwrap();
        let other = store.ingest(&by("host", shop(1, &[&["A"]]))).await.unwrap();
        assert_eq!((other.opened.len(), other.still, other.previous), (0, 1, None));
        assert_eq!(store.ingest(&by("assess", shop(2, &[]))).await.unwrap().closed.len(), 0);
        assert_eq!(rules(&store.ingest(&by("host", shop(3, &[]))).await.unwrap().closed), ["A"]);
    });
}

#[test]
fn several_snapshots_are_stored_together_or_not_at_all() {
    on_each(async |World { store, .. }| {
        let mut wrong = shop(1, &[&["B"]]);
        wrong.findings.push(wrong.findings[0].clone());
        let error = store.ingest_all(&[shop(1, &[&["A"]]), wrong]).await.unwrap_err();
        assert!(error.to_string().contains("is there twice"), "{error}");
        assert_eq!(store.assets(None, 10).await.unwrap().items, []);

        let all = store.ingest_all(&[shop(1, &[&["A"]]), shop(2, &[&["B"]])]).await.unwrap();
        assert_eq!(all[1].previous, Some(noon(1)));
        assert_eq!((rules(&all[1].opened), rules(&all[1].closed)), (vec!["B"], vec!["A"]));
    });
}

#[test]
fn the_results_carry_state_and_first_sight() {
    on_each(async |World { store, .. }| {
        let first = store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        assert_eq!((first.previous, first.findings[0].first_seen), (None, Some(noon(1))));
        store.false_positive(&first.findings[0].id, "tests only", "sato", noon(1)).await.unwrap();
        // Once on the short way (nothing changed), once on the long one.
        for found in [&[&["A"][..]][..], &[&["A"], &["B"]]] {
            let result = store.ingest(&shop(2, found)).await.unwrap();
            assert_eq!(result.findings[0].state, FindingState::FalsePositive);
            assert_eq!(result.findings[0].first_seen, Some(noon(1)));
        }
        let gone = store.ingest(&shop(3, &[])).await.unwrap();
        assert_eq!(rules(&gone.closed), ["B"], "a false positive was nothing to mend");
    });
}
