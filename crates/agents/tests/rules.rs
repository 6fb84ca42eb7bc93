//! Permission rules by the cases of `docs/agents/rule-cases.tsv`.
#![expect(clippy::disallowed_methods, reason = "tests read the cases from disk")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use yata_agents::rules::claude::{Call, matches};
use yata_agents::rules::{List, Where, parse, prefix};

/// A row: agent, list, rule, call, expected.
fn rows() -> Vec<[String; 5]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/agents/rule-cases.tsv");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(|cell| cell.replace("\\\\", "\\")).collect();
        let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
        [cell(0), cell(1), cell(2), cell(3), cell(4)]
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn rules_of_claude_code() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for [agent, list, rule, call, expected] in rows() {
        let Some(kind) = List::named(&list).filter(|_| agent == "claude-code") else { continue };
        seen += 1;
        let (rule_text, base) = match rule.split_once(" [") {
            Some((text, "user settings]")) => (text, "/home/dev/.claude"),
            Some((text, _)) => (text, ""),
            None => (&*rule, ""),
        };
        let place = Where { home: "/home/dev", project: "/home/dev/src/shop", base };
        let found = matches(&parse(rule_text), kind, &Call::parse(&call), place);
        if found != (expected == "match") {
            wrong.push(format!("{list} {rule} | {call}: {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {seen} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(seen, 51, "rows of Claude Code");
}

#[test]
fn rules_of_devin() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for [agent, list, rule, call, expected] in rows() {
        if agent != "devin" || List::named(&list).is_none() {
            continue;
        }
        seen += 1;
        let call = match call.split_once(' ').map(|(tool, _)| tool) {
            Some("read") => call,
            _ if call.starts_with("mcp__") => call,
            _ if call.starts_with("https://") => format!("fetch {call}"),
            _ => format!("exec {call}"),
        };
        let place = Where { home: "/home/dev", project: "/home/dev/src/shop", base: "" };
        if prefix::matches(&rule, &call, place) != (expected == "match") {
            wrong.push(format!("{list} {rule} | {call}: {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {seen} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(seen, 7, "rows of Devin");
}

/// Paths and texts.
type Files<'a> = &'a [(&'a str, &'a str)];

/// The settings in force of some files.
fn in_force(files: Files<'_>) -> yata_agents::Node {
    let file = |(path, text): &(&str, &str)| yata_agents::File {
        path: (*path).to_owned(),
        project: if path.starts_with('.') { "/home/dev/src/shop".to_owned() } else { String::new() },
        bytes: text.as_bytes().to_vec(),
        ..yata_agents::File::default()
    };
    let machine = yata_agents::Machine {
        home: "/home/dev".to_owned(),
        files: files.iter().map(file).collect(),
        ..yata_agents::Machine::default()
    };
    yata_agents::model(&machine).effective.last().map(|effective| effective.tree.clone()).unwrap()
}

/// The rows `set` of Claude Code: several rules, several scopes, modes.
#[test]
fn rules_of_claude_code_together() {
    use yata_agents::rules::decide::claude_code;
    let user = "~/.claude/settings.json";
    let cases: [(Files<'_>, &str, List); 5] = [
        (
            &[(user, r#"{"permissions":{"deny":["Bash(aws *)"],"allow":["Bash(aws s3 ls)"]}}"#)],
            "Bash aws s3 ls",
            List::Deny,
        ),
        (
            &[(user, r#"{"permissions":{"ask":["Bash(git push *)"],"allow":["Bash(git push origin dev)"]}}"#)],
            "Bash git push origin dev",
            List::Ask,
        ),
        (
            &[
                (user, r#"{"permissions":{"allow":["Bash(npm test)"]}}"#),
                (".claude/settings.json", r#"{"permissions":{"deny":["Bash(npm *)"]}}"#),
            ],
            "Bash npm test",
            List::Deny,
        ),
        (
            &[
                ("/etc/claude-code/managed-settings.json", r#"{"allowManagedPermissionRulesOnly":true}"#),
                (user, r#"{"permissions":{"allow":["Bash(npm test)"]}}"#),
            ],
            "Bash npm test",
            List::Ask,
        ),
        (
            &[(user, r#"{"permissions":{"defaultMode":"bypassPermissions","deny":["Bash(rm *)"]}}"#)],
            "Bash rm -rf x",
            List::Deny,
        ),
    ];
    assert_eq!(rows().iter().filter(|row| row[0] == "claude-code" && row[1] == "set").count(), cases.len());
    for (files, call, expected) in cases {
        let place = Where { home: "/home/dev", project: "/home/dev/src/shop", base: "" };
        assert_eq!(claude_code(&in_force(files), &Call::parse(call), place), expected, "{call}");
    }
}

fn tree(format: yata_agents::Format, text: &str) -> yata_agents::Node {
    yata_agents::read(format, text.as_bytes(), 0).root.unwrap()
}

/// The rows `rules` of Codex.
#[test]
fn rules_of_codex() {
    use yata_agents::rules::decide::codex;
    let mut seen = 0;
    for [agent, list, rule, call, expected] in rows() {
        if agent != "codex" || list != "rules" {
            continue;
        }
        seen += 1;
        let calls: Vec<String> =
            rule.split(" + ").map(|rule| format!("prefix_rule({})", rule.replace(" decision", ", decision"))).collect();
        let root = tree(yata_agents::Format::Starlark, &calls.join("\n"));
        let words: Vec<&str> = call.split(' ').collect();
        let found = codex(root.get("rule").unwrap().items(), &words);
        let wanted = List::named(&expected);
        assert_eq!(found, wanted, "{rule} | {call}");
    }
    assert_eq!(seen, 6);
}

/// The rows `policy` of Gemini CLI.
#[test]
fn policies_of_gemini_cli() {
    use yata_agents::rules::decide::{Tiered, gemini};
    let mut seen = 0;
    for [agent, list, rule, call, expected] in rows() {
        if agent != "gemini-cli" || list != "policy" {
            continue;
        }
        seen += 1;
        let terminal = !rule.contains("(no terminal)");
        let parts: Vec<(u8, yata_agents::Node)> = rule
            .split(" + ")
            .map(|part| {
                let (part, _) = part.split_once(" (").unwrap_or((part, ""));
                let (tier, part) = match part.split_once(' ').unwrap() {
                    ("user", rest) => (4, rest),
                    ("admin", rest) => (5, rest),
                    ("workspace", rest) => (3, rest.trim_start_matches(".gemini/policies ")),
                    _ => (4, part),
                };
                let (decision, keys) = part.split_once(' ').unwrap();
                let keys = keys.replace("\" ", "\"\n");
                (tier, tree(yata_agents::Format::Toml, &format!("decision = \"{decision}\"\n{keys}\n")))
            })
            .collect();
        let rules: Vec<Tiered<'_>> = parts.iter().map(|(tier, rule)| Tiered { tier: *tier, rule }).collect();
        let (tool, command) = if call.starts_with("mcp_") { (&*call, "") } else { ("run_shell_command", &*call) };
        assert_eq!(gemini(&rules, tool, command, terminal), List::named(&expected), "{rule} | {call}");
    }
    assert_eq!(seen, 7);
}

/// The rows `merge` of Gemini CLI, and `layers` of Codex.
#[test]
fn settings_in_force() {
    let user = ("~/.gemini/settings.json", r#"{"context":{"includeDirectories":["a"]}}"#);
    let system = ("/etc/gemini-cli/settings.json", r#"{"context":{"includeDirectories":["b"]}}"#);
    let joined = in_force(&[user, system]);
    assert_eq!(joined.at(&["context", "includeDirectories"]).unwrap().texts(), ["a", "b"]);
    let project = (".gemini/settings.json", r#"{"security":{"folderTrust":{"enabled":false}}}"#);
    let system = ("/etc/gemini-cli/settings.json", r#"{"security":{"folderTrust":{"enabled":true}}}"#);
    let joined = in_force(&[project, system]);
    assert_eq!(joined.at(&["security", "folderTrust", "enabled"]).unwrap().as_bool(), Some(true));
    let codex = in_force(&[
        ("~/.codex/config.toml", "model = \"a\"\n"),
        (".codex/config.toml", "model_provider = \"x\"\nmodel = \"b\"\n"),
    ]);
    assert!(codex.get("model_provider").is_none(), "routing keys are not read from a repository");
    assert_eq!(codex.get("model").unwrap().as_text(), Some("b"));
}

/// The rows of opencode.
#[test]
fn permissions_of_opencode() {
    use yata_agents::rules::decide::opencode;
    for [agent, _, rule, call, expected] in rows() {
        if agent != "opencode" {
            continue;
        }
        let text = match rule.split_once(" {") {
            Some((tool, map)) => format!("{{\"{tool}\":{{{map}}}"),
            None => "\"allow\"".to_owned(),
        };
        let permission = tree(yata_agents::Format::Json, &text);
        assert_eq!(opencode(&permission, "bash", &call), List::named(&expected), "{rule} | {call}");
    }
}
