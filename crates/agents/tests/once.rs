//! What holds for the settings of machine and user already is not told again of each repository.

use yata_agents::{File, Machine, audit};

fn file(path: &str, text: &str) -> File {
    let project = if path.starts_with('~') { "" } else { "/home/dev/src/shop" };
    File { path: path.to_owned(), project: project.to_owned(), bytes: text.as_bytes().to_vec(), ..File::default() }
}

/// The files in which nothing keeps private keys from being read.
fn found(project: &str) -> Vec<String> {
    let files = vec![
        file("~/.claude/settings.json", r#"{"permissions":{"allow":["Bash(npm test)"]}}"#),
        file(
            project.split_once(' ').map_or("", |(path, _)| path),
            project.split_once(' ').map_or("", |(_, text)| text),
        ),
    ];
    let machine = Machine { home: "/home/dev".to_owned(), files, ..Machine::default() };
    let findings = audit(&machine);
    findings.into_iter().filter(|it| it.check.id == "agents.claude.missing-deny-ssh").map(|it| it.path).collect()
}

#[test]
fn a_repository_that_decides_nothing_is_not_told() {
    let user = ["~/.claude/settings.json"];
    assert_eq!(found(r#".claude/settings.json {"permissions":{"allow":["Bash(make)"]}}"#), user);
    assert_eq!(found(r#".claude/settings.local.json {"permissions":{"allow":["Bash(make)"]}}"#), user);
}

#[test]
fn a_repository_with_deny_rules_of_its_own_is_told() {
    let found = found(r#".claude/settings.json {"permissions":{"deny":["Bash(sudo *)"]}}"#);
    assert_eq!(found, ["~/.claude/settings.json", ".claude/settings.json"]);
}
