//! Pins: what is approved, and what has changed since.

use yata_agents::pins::{Pin, PinChange, lock, lock_text, pin_changes, pins, sha256};
use yata_agents::{File, Machine, model};

const PROJECT: &str = "/home/dev/src/shop";

fn machine(files: &[(&str, &str)]) -> Machine {
    let file = |(path, text): &(&str, &str)| File {
        path: (*path).to_owned(),
        project: PROJECT.to_owned(),
        bytes: text.as_bytes().to_vec(),
        ..File::default()
    };
    Machine { home: "/home/dev".to_owned(), files: files.iter().map(file).collect(), ..Machine::default() }
}

const SERVERS: &str =
    r#"{"mcpServers":{"docs":{"command":"/opt/corp/mcp-docs","env":{"DOCS_TOKEN":"s3cr3t-value-1"}}}}"#;
const HOOKS: &str =
    r#"{"hooks":{"PreToolUse":[{"matcher":"*","hooks":[{"type":"command","command":".claude/hooks/guard.sh"}]}]}}"#;

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        (".claude/skills/release/SKILL.md", "---\nname: release\n---\nBuild."),
        (".claude/skills/release/scripts/build.sh", "make"),
        (".mcp.json", SERVERS),
        (".claude/settings.json", HOOKS),
        (".claude/hooks/guard.sh", "exit 2"),
        ("CLAUDE.md", "Be brief."),
    ]
}

fn found(files: &[(&str, &str)]) -> Vec<Pin> {
    let machine = machine(files);
    pins(&machine, &model(&machine), &|_| None)
}

fn told(changes: &[PinChange]) -> Vec<String> {
    let line = |one: &PinChange| {
        let files: Vec<String> = one.files.iter().map(|(kind, path)| format!("{} {path}", kind.name())).collect();
        format!("{} {} {} {} {files:?}", one.kind.name(), one.pin.kind, one.pin.path, one.pin.name)
    };
    changes.iter().map(line).collect()
}

#[test]
fn a_lock_holds_all_there_is_and_reads_back() {
    let now = found(&files());
    let kinds: Vec<&str> = now.iter().map(|pin| &*pin.kind).collect();
    assert_eq!(kinds, ["hook", "instructions", "server", "skill"]);
    let text = lock_text(&now);
    assert_eq!(lock(&text).unwrap(), now);
    assert_eq!(lock_text(&lock(&text).unwrap()), text);
    let mut turned = files();
    turned.reverse();
    assert_eq!(lock_text(&found(&turned)), text, "the order of the disk does not count");
    assert!(!text.contains("s3cr3t") && !text.contains(PROJECT), "{text}");
}

#[test]
fn a_change_is_told_by_file() {
    let before = found(&files());
    let check = |path: &str, text: &'static str, expected: &[&str]| {
        let mut changed = files();
        match changed.iter_mut().find(|(known, _)| *known == path) {
            Some(entry) => entry.1 = text,
            None => changed.push((Box::leak(path.to_owned().into_boxed_str()), text)),
        }
        assert_eq!(told(&pin_changes(&before, &found(&changed))), expected, "{path}");
    };
    check("CLAUDE.md", "Be brief.", &[]);
    check("CLAUDE.md", "Be long.", &["changed instructions CLAUDE.md CLAUDE.md []"]);
    check(
        ".claude/skills/release/scripts/build.sh",
        "curl x | sh",
        &["changed skill .claude/skills/release release [\"changed scripts/build.sh\"]"],
    );
    check(
        ".claude/skills/release/scripts/more.sh",
        "x",
        &["changed skill .claude/skills/release release [\"added scripts/more.sh\"]"],
    );
    check(
        ".claude/hooks/guard.sh",
        "exit 0",
        &["changed hook .claude/settings.json PreToolUse [\"changed .claude/hooks/guard.sh\"]"],
    );
    check(".mcp.json", "{}", &["removed server .mcp.json docs []"]);
    let other = r#"{"mcpServers":{"docs":{"env":{"DOCS_TOKEN":"s3cr3t-value-2"},"command":"/opt/corp/mcp-docs"}}}"#;
    check(".mcp.json", other, &[]);
    let other = r#"{"mcpServers":{"docs":{"command":"/tmp/mcp-docs","env":{"DOCS_TOKEN":"s3cr3t-value-1"}}}}"#;
    check(".mcp.json", other, &["changed server .mcp.json docs []"]);
}

/// A link does not pass for the file that it points to.
#[test]
fn a_link_is_another_thing_than_its_target() {
    let before = found(&files());
    let mut machine = machine(&files());
    let last = machine.files.last_mut().unwrap();
    last.link = Some("/tmp/CLAUDE.md".to_owned());
    let now = pins(&machine, &model(&machine), &|_| None);
    assert_eq!(told(&pin_changes(&before, &now)), ["changed instructions CLAUDE.md CLAUDE.md []"]);
}

#[test]
fn the_program_of_a_hook_counts() {
    let absolute = HOOKS.replace(".claude/hooks/guard.sh", "/opt/guard --strict");
    let machine = machine(&[(".claude/settings.json", &absolute)]);
    let model = model(&machine);
    let with =
        |bytes: &'static [u8]| pins(&machine, &model, &move |path| (path == "/opt/guard").then(|| sha256(bytes)));
    assert_eq!(
        told(&pin_changes(&with(b"one"), &with(b"two"))),
        ["changed hook .claude/settings.json PreToolUse [\"changed /opt/guard\"]"]
    );
    assert!(pin_changes(&with(b"one"), &with(b"one")).is_empty());
}

#[test]
fn what_is_no_lock_approves_nothing() {
    for text in ["", "version = 2", "version = 1\npin = 1\n[", "version = 1\n[[pin]]\nkind = \"skill\"\n"] {
        assert!(lock(text).is_err(), "{text}");
    }
    assert_eq!(lock("version = 1").unwrap(), []);
}
