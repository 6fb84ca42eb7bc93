//! The policies that come with the product.

use yata_policy::cedar::{BUILTIN_CASES, Case, PolicySet};
use yata_policy::{Action, Compiled, DEFAULT, Decision};

use crate::support::request;

/// `policies/default.compiled` is what the texts beside it say. `YATA_UPDATE=1` writes it anew.
#[test]
fn the_compiled_form_is_fresh() {
    let set = PolicySet::builtin().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let bytes = set.compile().unwrap();
    if std::env::var_os("YATA_UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/default.compiled"), &bytes).unwrap();
    } else {
        assert!(bytes == DEFAULT, "run `YATA_UPDATE=1 cargo test -p yata-policy fresh`");
        assert_eq!(Compiled::builtin().unwrap().version(), set.version());
    }
}

#[test]
fn it_decides() {
    let (set, compiled) = (PolicySet::builtin().unwrap(), Compiled::builtin().unwrap());
    let check = |action, traits: &[&str], decision, policies: &[&str]| {
        let request = request(action, "x", traits);
        let decided = compiled.decide(&request);
        assert_eq!(
            (decided.decision, decided.policies.iter().map(String::as_str).collect()),
            (decision, policies.to_vec())
        );
        assert_eq!(set.decide(&request).unwrap(), decided);
    };
    check(Action::RunCommand, &[], Decision::Allow, &["everyday-commands"]);
    check(Action::RunCommand, &["destroys-disk"], Decision::Deny, &["destroy-disk"]);
    check(Action::RunCommand, &["publishes"], Decision::Ask, &["publish"]);
    check(Action::Export, &[], Decision::Ask, &[]);
}

/// The cases, by file; each file of `cases/` is among them.
fn cases() -> Vec<(&'static str, Vec<Case>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), BUILTIN_CASES.len());
    BUILTIN_CASES.into_iter().map(|(name, text)| (name, Case::read(text).unwrap())).collect()
}

#[test]
fn every_case_holds() {
    let set = PolicySet::builtin().unwrap();
    let mut count = 0;
    for (file, cases) in cases() {
        count += cases.len();
        assert_eq!(set.test(&cases).unwrap(), [], "cases/{file}");
    }
    assert!(count >= 150, "{count}");
}

#[test]
fn every_policy_has_a_case_in_which_it_decides_and_one_in_which_it_is_silent() {
    let cases: Vec<Case> = cases().into_iter().flat_map(|(_, cases)| cases).collect();
    for policy in PolicySet::builtin().unwrap().policies() {
        let named = |ids: &[String]| ids.contains(&policy.id);
        assert!(cases.iter().any(|case| case.policies.as_deref().is_some_and(named)), "{} decides nowhere", policy.id);
        assert!(cases.iter().any(|case| named(&case.silent)), "{} is silent nowhere", policy.id);
    }
}

#[test]
fn every_policy_speaks_both_languages_and_says_its_decision() {
    let set = PolicySet::builtin().unwrap();
    assert!(set.policies().len() >= 30);
    for policy in set.policies() {
        let reason = policy.reason();
        let japanese = |text: &str| text.chars().any(|c| ('\u{3041}'..='\u{9fff}').contains(&c));
        assert!(!japanese(&reason.en) && japanese(&reason.ja), "{}", policy.id);
        assert_eq!(reason.advice_en.is_empty(), reason.advice_ja.is_empty(), "{}", policy.id);
        assert!(policy.decision() == Decision::Allow || policy.text.contains("@decision("), "{}", policy.id);
    }
}
