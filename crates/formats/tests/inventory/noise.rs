//! No parser panics, whatever the bytes.

use proptest::prelude::*;
use yata_formats::inventory::{
    FILE_MAX_PROBLEMS, FORMATS, Input, OsRelease, format_of_content, format_of_path, unsupported,
};

/// Good files, short, one or more for each format.
const GOOD: [&str; 12] = [
    "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b 1.0.0\"]\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+https://example.org/b#0\"\n",
    r#"{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0","dependencies":{"b":"1"}},"node_modules/a/node_modules/b":{"version":"npm:c@1"}}}"#,
    r#"{"lockfileVersion":1,"dependencies":{"a":{"version":"1","requires":{"b":"1"},"dependencies":{"b":{"version":"1","dev":true}}}}}"#,
    "# yarn lockfile v1\n\"@a/b@^1\", c@npm:d@1:\n  version \"1.0.0\"\n  dependencies:\n    e \"^1\"\n",
    "__metadata:\n  version: 8\n\"a@npm:1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    b: \"npm:1\"\n",
    "a==1.0 --hash=sha256:0 \\\n  --x # c\nb[c] @ https://u:p@example.org/b-1-py3-none-any.whl ; x\n-r o.txt\n-e git+https://example.org/x#egg=y\n",
    "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"b\" }]\n[[package]]\nname = \"b\"\nversion = \"1\"\n",
    "module m\ngo 1.22\nrequire (\n\ta.b/c v1.0.0 // indirect\n)\nreplace a.b/c => ../x\n",
    "a.b/c v1.0.0 h1:x=\na.b/c v1.0.0/go.mod h1:x=\n",
    r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"name":"a","bom-ref":"r"}},"components":[{"type":"library","name":"b","purl":"pkg:npm/%40s/b@1?x=y","bom-ref":"b","components":[{"name":"c","cpe":"cpe:2.3:a:v:p:1"}]}],"dependencies":[{"ref":"r","dependsOn":["b"]}]}"#,
    r#"{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"a","name":"a","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:deb/debian/a@1?distro=debian-12"}]}],"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relatedSpdxElement":"a","relationshipType":"DESCRIBES"}]}"#,
    "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nSource: b (4)\nDescription: x\n y\n\nMetadata-Version: 2.1\nName: a\nVersion: 1\n",
];

fn all(bytes: &[u8]) {
    let os = OsRelease::parse(bytes);
    let _ = format_of_content(bytes);
    let companions = [("go.mod", bytes)];
    for format in FORMATS {
        let input = Input { path: "x", bytes, os: os.as_ref(), companions: &companions };
        let parsed = (format.parse)(&input);
        assert!(parsed.problems.len() <= FILE_MAX_PROBLEMS + 2);
        assert!(parsed.components.iter().all(|component| !component.occurrences.is_empty()));
        assert!(parsed.components.windows(2).all(|pair| pair[0].purl < pair[1].purl));
        assert_eq!(parsed, (format.parse)(&input), "the same bytes give the same answer");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        all(&bytes);
    }

    #[test]
    fn arbitrary_paths(path in "\\PC{0,60}") {
        let _ = (format_of_path(&path), unsupported(&path));
    }

    #[test]
    fn good_files_with_changes(
        which in 0..GOOD.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..6),
        pieces in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!["\n", "\"", "{", "}", "[", "@", ":", " ", "版", "\\", "="])), 0..3),
    ) {
        let mut bytes = GOOD[which].as_bytes().to_vec();
        for (index, byte, what) in changes {
            let at = index.index(bytes.len().max(1));
            match what {
                _ if bytes.is_empty() => {}
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        for (index, piece) in pieces {
            let at = index.index(bytes.len() + 1);
            bytes.splice(at..at, piece.bytes());
        }
        all(&bytes);
    }
}

#[test]
fn good_files_are_good() {
    for text in GOOD {
        all(text.as_bytes());
    }
}
