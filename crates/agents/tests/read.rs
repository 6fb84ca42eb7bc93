//! The readers: exact places, tolerance, limits, no panic.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use proptest::prelude::*;
use yata_agents::{Agent, FaultKind, File, Format, Machine, Node, Value, apply, audit, line_and_column, merge, read};

const FORMATS: [Format; 7] =
    [Format::Json, Format::Jsonc, Format::Toml, Format::Yaml, Format::Markdown, Format::Starlark, Format::Lines];

/// The text at the place of a value.
fn cut<'a>(text: &'a str, node: &Node) -> &'a str {
    text.get(node.span.start..node.span.end).unwrap()
}

#[test]
fn json_with_comments_and_commas() {
    let text = "\u{feff}{ // first\n  \"a\\u00e9\": [1, -2.5, \"x\\\"y\",], /* all */ \"b\": {\"c\": null,},\n}";
    let found = read(Format::Jsonc, text.as_bytes(), 7);
    let root = found.root.unwrap();
    let list = root.get("aé").unwrap();
    assert_eq!(cut(text, list), "[1, -2.5, \"x\\\"y\",]");
    assert_eq!(list.items()[2].as_text(), Some("x\"y"));
    assert_eq!(cut(text, &list.items()[1]), "-2.5");
    assert_eq!(list.span.file, 7);
    assert_eq!(root.at(&["b", "c"]).unwrap().value, Value::Null);
    let notes: Vec<FaultKind> = found.notes.iter().map(|note| note.kind).collect();
    use FaultKind::{Comment, TrailingComma};
    assert_eq!(notes, [Comment, TrailingComma, Comment, TrailingComma, TrailingComma]);
    assert_eq!(line_and_column(text.as_bytes(), list.span.start), (2, 14));
}

#[test]
fn faults_have_places() {
    let cases = [
        (Format::Json, "{\"a\":}", FaultKind::Syntax, 5),
        (Format::Json, "{\"a\": [1, 2", FaultKind::Ends, 11),
        (Format::Json, "{\"a\": 'x'}", FaultKind::Syntax, 6),
        (Format::Json, "{} x", FaultKind::Syntax, 3),
        (Format::Json, "", FaultKind::Ends, 0),
        (Format::Yaml, "a: &x 1\n", FaultKind::Unsupported, 3),
        (Format::Yaml, "a:\n  b: 2\n c: 3\n", FaultKind::Syntax, 11),
        (Format::Markdown, "---\nname: x\n", FaultKind::Ends, 12),
        (Format::Starlark, "prefix_rule(pattern = [\"a\"", FaultKind::Ends, 26),
    ];
    for (format, text, kind, at) in cases {
        let found = read(format, text.as_bytes(), 0);
        let fault = found.faults.first().unwrap_or_else(|| panic!("{text}"));
        assert_eq!((fault.kind, fault.span.start), (kind, at), "{text}");
        assert!(found.root.is_none(), "{text}");
    }
    let fault = read(Format::Json, b"{\"a\": \"\xff\"}", 0).faults[0];
    assert_eq!((fault.kind, fault.span.start), (FaultKind::Encoding, 7));
    let toml = read(Format::Toml, b"a = 1\nb = [\n", 0);
    assert!(!toml.faults.is_empty() && toml.root.is_none());
}

#[test]
fn keys_that_stand_twice() {
    for (format, text) in [(Format::Json, "{\"a\": 1, \"a\": 2}"), (Format::Yaml, "a: 1\na: 2\n")] {
        let found = read(format, text.as_bytes(), 0);
        assert_eq!(found.notes[0].kind, FaultKind::Duplicate);
        assert_eq!(found.root.unwrap().get("a").unwrap().value, Value::Number(2.0), "the later one counts");
    }
}

#[test]
fn yaml_blocks() {
    let text = "# top\nrules:\n  - capability: shell # here\n    match:\n      - npm run test\n      - \"**/.env*\"\n    on: [a, 'b c', {d: 1}]\n  - x\nlong: >\n  one\n  two\nurl: https://a.example/x#y\nempty:\n";
    let root = read(Format::Yaml, text.as_bytes(), 0).root.unwrap();
    let rule = &root.get("rules").unwrap().items()[0];
    assert_eq!(rule.get("capability").unwrap().as_text(), Some("shell"));
    assert_eq!(rule.get("match").unwrap().texts(), ["npm run test", "**/.env*"]);
    assert_eq!(cut(text, &rule.get("match").unwrap().items()[1]), "\"**/.env*\"");
    assert_eq!(rule.get("on").unwrap().items()[1].as_text(), Some("b c"));
    assert_eq!(rule.get("on").unwrap().items()[2].get("d").unwrap().value, Value::Number(1.0));
    assert_eq!(root.get("rules").unwrap().items()[1].as_text(), Some("x"));
    assert_eq!(root.get("long").unwrap().as_text(), Some("one two"));
    assert_eq!(root.get("url").unwrap().as_text(), Some("https://a.example/x#y"));
    assert_eq!(root.get("empty").unwrap().value, Value::Null);
}

#[test]
fn front_matter_and_toml_have_places() {
    let text = "---\nname: fixer\nmode: bypass\n---\nText.\n";
    let found = read(Format::Markdown, text.as_bytes(), 0);
    let root = found.root.unwrap();
    assert_eq!(cut(text, root.get("mode").unwrap()), "bypass");
    assert_eq!(text.get(found.body_start..).unwrap(), "Text.\n");
    assert!(read(Format::Markdown, b"# Title\n", 0).faults.is_empty());
    let text = "a = 1\n[b.\"c d\"]\ne = [\"x\"]\n";
    let root = read(Format::Toml, text.as_bytes(), 0).root.unwrap();
    assert_eq!(cut(text, root.at(&["b", "c d", "e"]).unwrap()), "[\"x\"]");
}

#[test]
fn limits() {
    let deep = format!("{}1{}", "[".repeat(2_000), "]".repeat(2_000));
    assert_eq!(read(Format::Json, deep.as_bytes(), 0).faults[0].kind, FaultKind::Deep);
    let wide = format!("[{}1]", "1,".repeat(200_000));
    assert_eq!(read(Format::Json, wide.as_bytes(), 0).faults[0].kind, FaultKind::Large);
    let large = vec![b' '; 5 << 20];
    assert_eq!(read(Format::Json, &large, 0).faults[0].kind, FaultKind::Large);
    let yaml: String = (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(read(Format::Yaml, yaml.as_bytes(), 0).faults[0].kind, FaultKind::Deep);
}

/// Settings files at their usual places, whatever is in them.
fn machine(texts: &[Vec<u8>]) -> Machine {
    let paths = [
        ".claude/settings.json",
        ".mcp.json",
        ".codex/config.toml",
        ".codex/rules/a.rules",
        "~/.kiro/settings/permissions.yaml",
        ".claude/commands/x.md",
        "~/.bashrc",
        "opencode.json",
    ];
    let file =
        |(path, text): (&&str, &Vec<u8>)| File { path: (*path).to_owned(), bytes: text.clone(), ..File::default() };
    Machine { home: "/home/dev".to_owned(), files: paths.iter().zip(texts).map(file).collect(), ..Machine::default() }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in FORMATS {
            let _ = read(format, &bytes, 0);
        }
    }

    #[test]
    fn no_text_makes_the_audit_panic(texts in proptest::collection::vec("[ \\n\\{\\}\\[\\]\":,#a-c'|>!`$()=*-]{0,80}", 8)) {
        let texts: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
        for finding in audit(&machine(&texts)) {
            let _ = finding.edits.first().map(|edit| apply(&texts[edit.span.file], &finding.edits));
        }
    }

    #[test]
    fn spans_lie_in_the_text(text in "[ \\n\\{\\}\\[\\]\":,#a-c0-9'|-]{0,120}") {
        fn inside(node: &Node, length: usize) -> bool {
            let own = node.span.start <= node.span.end && node.span.end <= length;
            own && node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)).all(|node| inside(node, length))
        }
        for format in FORMATS {
            if let Some(root) = read(format, text.as_bytes(), 0).root {
                prop_assert!(inside(&root, text.len()), "{format:?} {text:?}");
            }
        }
    }

    #[test]
    fn settings_laid_over_themselves_stay(text in "\\{(\"[a-c]\":(1|true|\"x\"|\\[\"y\"\\]),){0,4}\"d\":\\{\"e\":2\\}\\}") {
        let root = read(Format::Jsonc, text.as_bytes(), 0).root.unwrap();
        let twice = merge(Agent::ClaudeCode, &root, &root);
        let mut keys: Vec<&str> = root.entries().iter().map(|entry| entry.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert!(keys.iter().all(|key| twice.get(key).unwrap().same(root.get(key).unwrap())));
    }
}

#[test]
fn a_group_without_handlers_is_no_hook() {
    let hooks = |text: &str| {
        let bytes = text.as_bytes().to_vec();
        let file = yata_agents::File { path: ".claude/settings.json".to_owned(), bytes, ..Default::default() };
        yata_agents::model(&yata_agents::Machine { files: vec![file], ..Default::default() }).hooks.len()
    };
    assert_eq!(hooks(r#"{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[]}]}}"#), 0);
    assert_eq!(hooks(r#"{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"command":"a"},{"command":"b"}]}]}}"#), 2);
}
