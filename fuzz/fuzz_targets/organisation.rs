//! What an organisation writes of its agents, the register of systems that an AI made, and logs of agents. What is sound is
//! issued; what an entry of the register says is read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_agents::apps::{Register, entry};
use yata_agents::fatigue::{Log, Session};
use yata_agents::managed::{Decision, ISSUED_AGENTS, Probe, issue, losses, organisation, rules, settle};
use yata_agents::Os;

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    match first % 4 {
        0 => {
            let Ok(organisation) = organisation(&text) else { return };
            let rules = yata_agents::managed::default_rules();
            // Any policy will do here: what is long is denied, what is short is asked about.
            let ask = |probe: &Probe| Some(if probe.text().len() > 9 { Decision::Deny } else { Decision::Ask });
            let Ok(settled) = settle(&organisation, &rules, &ask) else { return };
            for agent in ISSUED_AGENTS {
                let _ = issue(agent, &organisation, &settled, Os::Linux);
                let _ = losses(agent, &organisation, &settled, Os::Linux);
            }
        }
        1 => drop(rules(&text)),
        2 => {
            for app in &Register::read(bytes).apps {
                let again = Register::read(entry(app).as_bytes());
                assert_eq!(again.apps.len(), 1);
            }
        }
        _ => {
            for log in [Log::ClaudeCode, Log::Codex] {
                let mut session = Session::new(log);
                bytes.split(|byte| *byte == b'\n').for_each(|line| session.line(line));
            }
        }
    }
});
