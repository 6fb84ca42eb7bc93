//! The analysis: what it finds, and that it finds nothing where nothing is.

use proptest::prelude::*;
use yata_policy::cedar::{Finding, PolicySet};
use yata_policy::{Action, Compiled, Outcome, TRAITS};

use crate::support::{request, set};

/// Kind, policy, and those because of which, of each finding.
fn findings(text: &str) -> Vec<String> {
    let one = |finding: &Finding| {
        format!("{:?} {}:{} {}", finding.kind, finding.policy, finding.place.line, finding.by.join(","))
    };
    set(text).unwrap().analyse().iter().map(one).collect()
}

/// A policy of one line.
fn policy(id: &str, effect: &str, condition: &str) -> String {
    let (effect, decision) = match effect {
        "ask" => ("forbid", "@decision(\"ask\") "),
        other => (other, ""),
    };
    format!(
        "@id(\"{id}\") {decision}@reason_en(\"r\") {effect} (principal, action, resource) when {{ {condition} }};\n"
    )
}

#[test]
fn the_builtin_set_has_no_finding() {
    assert_eq!(PolicySet::builtin().unwrap().analyse(), []);
}

#[test]
fn policies_that_never_apply_are_named() {
    let check = |condition: &str, expected: bool| {
        let found = findings(&policy("p", "forbid", condition));
        let expected: Vec<String> = if expected { vec!["NeverApplies p:1 ".into()] } else { vec![] };
        assert_eq!(found, expected, "{condition}");
    };
    check("context.tainted && !context.tainted", true);
    check("context.program == \"a\" && context.program == \"b\"", true);
    check("context.program == \"a\" && context.mode == \"b\"", false);
    check("[\"a\", \"b\"].contains(context.program) && context.program != \"a\" && !(context.program == \"b\")", true);
    check("context.program == \"rm\" && context.program like \"g*\"", true);
    check("context.program == \"git\" && context.program like \"g*\"", false);
    check("context.traits.isEmpty() && context.traits.contains(\"evades\")", true);
    check("[\"outward\"].containsAll(context.traits) && context.traits.contains(\"evades\")", true);
    check("[\"outward\"].containsAll(context.traits) && context.traits.contains(\"outward\")", false);
    check("if context.tainted then context.traits.contains(\"evades\") && !context.tainted else false", true);
    check("principal is CiJob && principal is Agent", true);
    check("principal is Agent && principal in Group::\"a\" && !(principal in Group::\"b\")", false);
    check("action == Action::\"prompt\" && resource is File", true);
    check("principal == Agent::\"a\" && principal == Agent::\"b\"", true);
    // Not understood, so never a finding.
    check("1 + 1 == 3", false);
    check("context.classes.contains(\"a\") && context.classes.isEmpty()", false);
}

#[test]
fn policies_that_others_make_idle_are_named() {
    let check = |policies: &[(&str, &str, &str)], expected: &[&str]| {
        let text: String = policies.iter().map(|(id, effect, condition)| policy(id, effect, condition)).collect();
        assert_eq!(findings(&text), expected, "{text}");
    };
    let evades = "context.traits.contains(\"evades\")";
    let both = "context.traits.containsAll([\"evades\", \"outward\"])";
    check(&[("a", "permit", both), ("b", "forbid", evades)], &["Contradicted a:1 b"]);
    check(&[("a", "permit", both), ("b", "ask", evades)], &["Contradicted a:1 b"]);
    check(&[("a", "permit", evades), ("b", "forbid", both)], &[]);
    check(&[("a", "ask", both), ("b", "forbid", evades)], &["Shadowed a:1 b"]);
    check(&[("a", "ask", evades), ("b", "forbid", both)], &[]);
    // A permit or an ask takes nothing from a forbid.
    check(&[("a", "forbid", both), ("b", "ask", evades)], &[]);
    check(&[("a", "forbid", evades), ("b", "forbid", both)], &[]);
    check(&[("a", "forbid", evades), ("b", "forbid", "[\"evades\"].containsAny(context.traits)")], &[]);
    check(
        &[("a", "forbid", evades), ("b", "forbid", "context.traits.containsAny([\"evades\"])")],
        &["Duplicate b:2 a"],
    );
    // Together they cover it, none alone; a third is not needed.
    let tainted = ("b", "forbid", "context.tainted");
    let untainted = ("d", "forbid", "!context.tainted");
    check(
        &[("a", "permit", evades), tainted, ("c", "forbid", "context.mode == \"x\""), untainted],
        &["Contradicted a:1 b,d"],
    );
    // It may fail, and then it forbids nothing.
    let fails =
        "context.traits.contains(\"evades\") && 9223372036854775807 + 1 > 0 || context.traits.contains(\"evades\")";
    check(&[("a", "permit", evades), ("b", "forbid", fails)], &[]);
}

/// A condition over a few facts.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0..4usize).prop_map(|one| format!("context.traits.contains(\"{}\")", TRAITS[one])),
        Just("context.tainted".to_owned()),
        Just("context.traits.isEmpty()".to_owned()),
        Just("[\"destroys-files\", \"destroys-disk\"].containsAll(context.traits)".to_owned()),
        prop_oneof![Just("a"), Just("ab"), Just("b")].prop_map(|name| format!("context.program == \"{name}\"")),
        prop_oneof![Just("a*"), Just("*b")].prop_map(|pattern| format!("context.program like \"{pattern}\"")),
        Just("[\"a\", \"b\"].contains(context.program)".to_owned()),
        Just("action == Action::\"prompt\"".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// No request shows a finding wrong.
    #[test]
    fn findings_hold_for_every_request(conditions in proptest::collection::vec((condition(), 0..3usize), 2..4)) {
        let effects = ["permit", "ask", "forbid"];
        let named = conditions.iter().zip(["a", "b", "c"]);
        let text: String = named.map(|((condition, effect), id)| policy(id, effects[*effect], condition)).collect();
        let set = set(&text).unwrap();
        let bytes = set.compile().unwrap();
        let compiled = Compiled::load(&bytes).unwrap();
        let findings = set.analyse();
        for bits in 0..256u32 {
            let traits: Vec<&str> = TRAITS.into_iter().take(4).zip(0..).filter(|(_, bit)| bits >> bit & 1 == 1).map(|(name, _)| name).collect();
            let action = if bits & 16 == 0 { Action::RunCommand } else { Action::Prompt };
            let mut request = request(action, "x", &traits);
            request.context.tainted = bits & 32 != 0;
            request.context.program = ["", "a", "ab", "b"][(bits >> 6) as usize].to_owned();
            let outcomes = compiled.outcomes(&request);
            let applies = |id: &String| outcomes.iter().any(|(known, outcome)| known == id && *outcome == Outcome::Applies);
            for finding in &findings {
                let others = finding.by.iter().any(applies);
                prop_assert!(!applies(&finding.policy) || others, "{}\n{:?}\n{:?}", text, finding, request);
            }
        }
    }
}
