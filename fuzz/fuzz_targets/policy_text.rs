//! Policies as text: a name of a statement's id before it, so that more of them are valid. What is valid compiles or says
//! what it cannot say, and both engines decide alike.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_policy::cedar::{PolicySet, STACK_BYTES, Source};
use yata_policy::{Action, Compiled, Facts, Principal, PrincipalKind, Request, TRAITS, Traits};

fn read(text: String) {
    let head = "@id(\"a\") @reason_en(\"r\")\n";
    for text in [format!("{head}forbid (principal, action, resource) when {{ {text} }};"), text] {
        let Ok(set) = PolicySet::load(&[Source { name: "a.cedar".into(), text }]) else { continue };
        set.analyse();
        let Ok(bytes) = set.compile() else { continue };
        let compiled = Compiled::load(&bytes).expect("it was just written");
        for action in Action::ALL {
            let principal = Principal { kind: PrincipalKind::Agent, id: "a".into(), groups: vec!["g".into()] };
            let context = Facts { traits: Traits::from_names(TRAITS), now_ms: Some(-1), ..Facts::default() };
            let request = Request { principal, action, resource: "npm:a@1".into(), context };
            assert_eq!(compiled.decide(&request), set.decide(&request).expect("a sound request"));
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = text.to_owned();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || read(text));
    thread.expect("a thread").join().expect("no panic");
});
