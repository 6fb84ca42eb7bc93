//! The policies that come with the product.

use yata_policy::cedar::PolicySet;
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
