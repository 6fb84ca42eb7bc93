//! The hook: any bytes as the input of every agent, and as a text that the log is to name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_hook::{Agent, Decision, Verdict, protocol, redacted};
use yata_words::Lang;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for agent in Agent::ALL {
        match protocol::read(agent, data, None) {
            Ok(heard) => {
                for decision in [Decision::Allow, Decision::Ask, Decision::Deny] {
                    let answer = protocol::answer(&heard, &Verdict::new(decision, &text), true, Lang::En);
                    assert!(answer.code == 0 || answer.code == 2);
                }
            }
            Err(fault) => assert!(protocol::fault(agent, &fault, Lang::Ja).code == 2 || agent == Agent::Antigravity),
        }
    }
    let _ = redacted(&text);
});
