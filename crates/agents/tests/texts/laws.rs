//! Any bytes are looked through without a panic, and places are places of the file.

use proptest::prelude::*;
use yata_agents::texts::{Artefact, File, Kind, look, skipped};

const KINDS: [(Kind, &str); 5] = [
    (Kind::Skill, "SKILL.md"),
    (Kind::Rules, "AGENTS.md"),
    (Kind::Skill, "run.py"),
    (Kind::Command, "a.md"),
    (Kind::ToolManifest, "tools.json"),
];

fn check(bytes: &[u8]) {
    for (kind, path) in KINDS {
        let files = [File { path, bytes, link: None }];
        let artefact = Artefact { kind, name: "x", description: None, files: &files };
        let found = look(&artefact);
        for one in &found {
            assert!(one.range.start <= one.range.end && one.range.end <= bytes.len(), "{one:?}");
            assert!(one.line >= 1 && one.column >= 1 && !one.evidence.contains('\u{202e}'));
        }
        assert_eq!(found, look(&artefact));
        let _ = skipped(&artefact);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn any_text(text in "(send |the |\\.env |to https://x\\.example |do not |tell |user |\\PC|[-#>|`~\n*<!\\[\\]:.。「」\"]|これを|送信し|<!-- | -->|---\n|name: a\n){0,60}") {
        check(text.as_bytes());
    }

    #[test]
    fn any_manifest(text in "\\PC{0,80}", name in "[a-zA-Z_é]{0,12}") {
        let manifest = serde_json::json!({"tools": [{"name": name, "description": text, "inputSchema": {"properties": {text.clone(): {"description": text}}}}]});
        check(manifest.to_string().as_bytes());
    }
}

#[test]
fn what_is_too_large_is_said() {
    let large = vec![b'a'; (512 << 10) + 1];
    let long = "- go\n".repeat(10_001);
    let files = [
        File { path: "SKILL.md", bytes: &large, link: None },
        File { path: "a.md", bytes: b"\xff\xfe", link: None },
        File { path: "b.md", bytes: long.as_bytes(), link: None },
    ];
    let artefact = Artefact { kind: Kind::Skill, name: "x", description: None, files: &files };
    let ids: Vec<String> = skipped(&artefact).into_iter().map(|skipped| skipped.why.id).collect();
    assert_eq!(ids, ["texts-skipped-large", "texts-skipped-encoding", "texts-skipped-long"]);
}
