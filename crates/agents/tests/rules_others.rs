//! The rows of `docs/agents/rule-cases.tsv` where several rules, files, modes or hooks decide together.
#![expect(clippy::disallowed_methods, reason = "tests read the cases from disk")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use yata_agents::rules::claude::Call;
use yata_agents::rules::{List, Where, decide, hooks, limits, prefix};
use yata_agents::{File, Format, Machine, Model, Node, Scope, model, read};

const PLACE: Where<'_> = Where { home: "/home/dev", project: "/home/dev/src/shop", base: "" };

/// What the row of an agent, a list and a call expects; the rule has to begin so.
fn expected(agent: &str, list: &str, rule: &str, call: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/agents/rule-cases.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let start = format!("{agent}\t{list}\t{rule}");
    let row = text.lines().find(|line| line.starts_with(&start) && line.split('\t').nth(3) == Some(call));
    row.and_then(|line| line.split('\t').nth(4)).map(str::to_owned).unwrap()
}

fn word(list: List) -> &'static str {
    match list {
        List::Allow => "allow",
        List::Ask => "ask",
        List::Deny => "deny",
    }
}

fn toml(text: &str) -> Node {
    read(Format::Toml, text.as_bytes(), 0).root.unwrap()
}

fn json(text: &str) -> Node {
    read(Format::Json, text.as_bytes(), 0).root.unwrap()
}

fn of(files: &[(&str, &str)]) -> Model {
    let file = |(path, text): &(&str, &str)| File {
        path: (*path).to_owned(),
        project: if path.starts_with('.') { "/home/dev/src/shop".to_owned() } else { String::new() },
        bytes: text.as_bytes().to_vec(),
        ..File::default()
    };
    model(&Machine { home: "/home/dev".to_owned(), files: files.iter().map(file).collect(), ..Machine::default() })
}

/// The settings in force of a unit, of the repository where it has its own.
fn in_force(files: &[(&str, &str)], unit: &str) -> Node {
    let model = of(files);
    model.effective.iter().rev().find(|found| found.unit == unit).unwrap().tree.clone()
}

#[test]
fn requirements_of_codex() {
    let files = [
        (
            "/etc/codex/requirements.toml",
            "allowed_approval_policies = [\"on-request\"]\nallowed_web_search_modes = []\n",
        ),
        ("~/.codex/config.toml", "approval_policy = \"never\"\nsandbox_mode = \"read-only\"\n"),
    ];
    let settings = in_force(&files, "settings");
    let value = |key: &str| settings.get(key).unwrap().as_text().unwrap().to_owned();
    let rule = "allowed_approval_policies";
    assert_eq!(value("approval_policy"), expected("codex", "requirements", rule, "start"));
    assert_eq!(value("web_search"), expected("codex", "requirements", "allowed_web_search_modes", "start"));
    assert_eq!(value("sandbox_mode"), "read-only", "nothing limits it");
    assert_eq!(settings.get("approval_policy").unwrap().span.file, 0, "the requirement decides");
    let free = limits::codex(&toml("web_search = \"live\""), &toml("allowed_web_search_modes = [\"live\"]"));
    assert_eq!(free.get("web_search").unwrap().as_text(), Some("live"));

    assert_eq!(expected("codex", "requirements", "prefix_rules", "load"), "error");
    for (rule, refused) in [("decision = \"allow\"", true), ("x = 1", true), ("decision = \"prompt\"", false)] {
        assert_eq!(limits::codex_refuses(&toml(rule)), refused, "{rule}");
    }
}

#[test]
fn layers_of_codex() {
    let project = (".codex/config.toml", "sandbox_mode = \"danger-full-access\"\n");
    let level = |level: &str| {
        format!("sandbox_mode = \"read-only\"\n[projects.\"/home/dev/src/shop\"]\ntrust_level = \"{level}\"\n")
    };
    assert_eq!(expected("codex", "layers", "untrusted project", "start"), "ignored");
    for (trust, wanted) in [("untrusted", "read-only"), ("trusted", "danger-full-access")] {
        let settings = in_force(&[("~/.codex/config.toml", &level(trust)), project], "settings");
        assert_eq!(settings.get("sandbox_mode").unwrap().as_text(), Some(wanted), "{trust}");
    }
}

#[test]
fn permissions_of_zed() {
    let settings = |inner: &str| json(&format!("{{\"agent\":{{\"tool_permissions\":{{{inner}}}}}}}"));
    let denies = settings(r#""default":"allow","tools":{"terminal":{"always_deny":[{"pattern":"rm\\s+-rf"}]}}"#);
    assert_eq!(word(decide::zed(&denies, "rm -rf x")), expected("zed", "tool_permissions", "default", "rm -rf x"));
    assert_eq!(decide::zed(&denies, "ls"), List::Allow);
    let allows = settings(r#""default":"confirm","tools":{"terminal":{"always_allow":[{"pattern":"cargo test"}]}}"#);
    let chained = "rm x; cargo test";
    assert_eq!(expected("zed", "tool_permissions", "always_allow", chained), "part");
    assert_eq!(decide::zed(&allows, chained), List::Ask, "each part has to match");
    assert_eq!(decide::zed(&allows, "cargo TEST; echo x && cargo test"), List::Ask);
    assert_eq!(decide::zed(&allows, "env X=1 Cargo Test --all; cargo test"), List::Allow, "anywhere in a part");
}

#[test]
fn several_hooks() {
    let row = expected("cursor", "hooks", "enterprise allow + project deny", "beforeShellExecution");
    assert_eq!(row, "enterprise");
    let answers = [(Scope::Project, List::Deny), (Scope::Managed, List::Allow)];
    assert_eq!(hooks::cursor(&answers), Some(List::Allow));
    assert_eq!(hooks::cursor(&[(Scope::User, List::Allow), (Scope::User, List::Deny)]), Some(List::Deny));
    assert_eq!(hooks::cursor(&[]), None);

    assert_eq!(expected("windsurf", "hooks", "system exit 0 + workspace exit 2", "pre_run_command"), "block");
    assert_eq!((hooks::cascade(&[0, 2]), hooks::cascade(&[0, 1])), (List::Deny, List::Allow));

    assert_eq!(expected("amazon-q", "hooks", "matcher", "tool @git/status"), "match");
    for (matcher, tool, sees) in [
        ("@git/status", "@git/status", true),
        ("@git", "@git/status", true),
        ("@git", "@gitea/status", false),
        ("@builtin", "@git/status", false),
        ("@builtin", "fs_read", true),
        ("fs_*", "fs_write", true),
        ("fs_read", "fs_write", false),
    ] {
        assert_eq!(hooks::amazon_q_sees(matcher, tool), sees, "{matcher} {tool}");
    }
    assert_eq!(expected("devin", "hooks", "matcher Bash", "exec"), "no");
    assert!(
        !hooks::devin_sees("Bash", "exec") && hooks::devin_sees("Bash|exec", "exec") && hooks::devin_sees("", "read")
    );
}

#[test]
fn devin_over_scopes_and_modes() {
    let user = "~/.config/devin/config.json";
    let project = ".devin/config.json";
    let allow_ask = r#"{"permissions":{"allow":["Exec(git)"],"ask":["Exec(git push)"]}}"#;
    let settings = in_force(&[(user, allow_ask)], "settings");
    let row = expected("devin", "allow + ask", "Exec(git)", "git push");
    assert_eq!(word(decide::devin(&settings, false, "exec git push", PLACE)), row);
    assert_eq!(decide::devin(&settings, false, "exec git status", PLACE), List::Allow);

    let files =
        [(user, r#"{"permissions":{"deny":["Exec(rm)"]}}"#), (project, r#"{"permissions":{"allow":["Exec(rm)"]}}"#)];
    let row = expected("devin", "project allow + user deny", "Exec(rm)", "rm x");
    assert_eq!(word(decide::devin(&in_force(&files, "settings"), false, "exec rm x", PLACE)), row);

    let team = json(r#"{"permissions":{"deny":["Exec(sudo)"]}}"#);
    let row = expected("devin", "mode", "bypass", "sudo ls");
    assert_eq!(word(decide::devin(&team, true, "exec sudo ls", PLACE)), row);
    assert_eq!(decide::devin(&team, true, "exec ls", PLACE), List::Allow);

    let env = "read /home/dev/src/shop/.env";
    let row = expected("devin", "mode", "normal, no rule", env);
    assert_eq!(word(decide::devin(&json("{}"), false, env, PLACE)), row);
    assert_eq!(decide::devin(&json("{}"), false, "exec ls", PLACE), List::Ask);
}

#[test]
fn organisations_stand_above_users() {
    let managed = json(r#"{"permissions":{"deny":["Shell(rm -rf *)"]}}"#);
    let user = json(r#"{"permissions":{"allow":["Bash(rm *)","Shell(ls)"]}}"#);
    let decided = |command: &str| decide::copilot(&[&managed, &user], &Call::parse(&format!("Shell {command}")), PLACE);
    assert_eq!(word(decided("rm -rf x")), expected("copilot", "managed", "user allow + managed deny", "rm -rf x"));
    assert_eq!((decided("rm x"), decided("ls"), decided("make")), (List::Allow, List::Allow, List::Ask));

    let on = json(r#"{"chat.tools.global.autoApprove":true}"#);
    let row = expected("copilot-vscode", "policy", "ChatToolsAutoApprove false", "any tool");
    assert_eq!(word(decide::vscode(&json(r#"{"ChatToolsAutoApprove":false}"#), &on)), row);
    assert_eq!(decide::vscode(&json("{}"), &on), List::Allow);
}

#[test]
fn permissions_of_kiro() {
    let rule = |effect: &str, pattern: &str| {
        format!("rules:\n  - capability: shell\n    effect: {effect}\n    match:\n      - {pattern}\n")
    };
    let (allow, deny) = (rule("allow", "npm *"), rule("deny", "npm publish*"));
    let both =
        of(&[("~/.kiro/settings/permissions.yaml", &allow), ("~/.kiro/workspace-roots/1f/permissions.yaml", &deny)]);
    let row = expected("kiro", "permissions", "user allow shell", "npm publish");
    assert_eq!(word(decide::kiro(&both.permissions, "shell", "npm publish").unwrap()), row);
    assert_eq!(decide::kiro(&both.permissions, "shell", "npm test"), Some(List::Allow));
    assert_eq!(decide::kiro(&both.permissions, "fs_write", "npm test"), None);

    assert_eq!(expected("kiro", "permissions", "repository file", "any"), "no");
    let repository = of(&[(".kiro/settings/permissions.yaml", &allow)]);
    assert_eq!(repository.permissions.len(), 1);
    assert_eq!(decide::kiro(&repository.permissions, "shell", "npm test"), None, "not read");
}

#[test]
fn permissions_of_antigravity() {
    assert_eq!(expected("antigravity", "permissions", "allow command(git)", "git push --force"), "match");
    assert!(prefix::matches("command(git)", "exec git push --force", PLACE));
    assert!(!prefix::matches("command(git)", "exec gitk", PLACE));
}
