//! The compiled form of policies: any bytes behind a sound head. What is read must also decide.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_policy::cedar::seal;
use yata_policy::{Action, Compiled, DEFAULT, Facts, Principal, PrincipalKind, Request, TRAITS, Traits};

fuzz_target!(|data: &[u8]| {
    let _ = Compiled::load(data);
    let mut bytes = DEFAULT[..56].to_vec();
    bytes.extend_from_slice(data);
    seal(&mut bytes);
    let Ok(compiled) = Compiled::load(&bytes) else { return };
    for action in Action::ALL {
        let principal = Principal { kind: PrincipalKind::Agent, id: "a".into(), groups: vec!["g".into()] };
        let context = Facts { traits: Traits::from_names(TRAITS), now_ms: Some(-1), ..Facts::default() };
        let request = Request { principal, action, resource: "npm:a@1".into(), context };
        let _ = compiled.decide(&request);
    }
});
