//! Texts for agents: any bytes as any kind of artefact give findings within the file, and the same ones twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_agents::texts::{Artefact, File, Kind, look, skipped};

const KINDS: [(Kind, &str); 6] = [
    (Kind::Skill, "SKILL.md"),
    (Kind::Skill, "run.py"),
    (Kind::Rules, "AGENTS.md"),
    (Kind::SubAgent, "agent.md"),
    (Kind::Command, "command.md"),
    (Kind::ToolManifest, "tools.json"),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let (kind, path) = KINDS[usize::from(*first) % KINDS.len()];
    let files = [File { path, bytes, link: None }];
    let artefact = Artefact { kind, name: "x", description: None, files: &files };
    let found = look(&artefact);
    assert!(found.iter().all(|one| one.range.start <= one.range.end && one.range.end <= bytes.len()));
    assert_eq!(found, look(&artefact));
    let _ = skipped(&artefact);
});
