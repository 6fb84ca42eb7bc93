//! The hook in the settings of each agent and out again.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use yata_hook::Agent;
use yata_hook::install::{InstallError, Program, Roots, Scope, Standing, install, standing, uninstall};

fn roots(folder: &Path) -> Roots {
    Roots { home: folder.join("home"), project: folder.join("project"), machine: folder.join("etc") }
}

fn program() -> Program {
    Program { path: PathBuf::from("/usr/local/bin/yata-hook"), before: vec![] }
}

#[test]
fn what_is_installed_is_there_once_and_goes_again() {
    let folder = tempfile::tempdir().unwrap();
    let roots = roots(folder.path());
    let mut files = 0;
    for agent in Agent::ALL {
        for scope in [Scope::User, Scope::Project, Scope::Managed] {
            let change = match install(agent, scope, &roots, &program()) {
                Ok(change) => change,
                Err(InstallError::NoSuchScope { .. }) => continue,
                Err(error) => panic!("{agent}: {error}"),
            };
            assert!(change.is_needed() && change.before.is_none());
            assert_eq!(standing(agent, scope, &roots, &program()).unwrap(), Standing::Absent);
            assert_eq!(change.write().unwrap(), None);
            assert!(!install(agent, scope, &roots, &program()).unwrap().is_needed(), "{agent}: twice");
            assert_eq!(standing(agent, scope, &roots, &program()).unwrap(), Standing::Installed);
            let text = fs::read_to_string(&change.path).unwrap();
            assert!(text.contains("yata-hook") && text.contains(agent.as_str()), "{text}");
            if change.path.extension().is_some_and(|extension| extension == "json") {
                serde_json::from_str::<Value>(&text).unwrap();
            }
            // A newer place of the program takes the place of the old one.
            let moved = Program { path: PathBuf::from("/opt/yata"), before: vec!["hook".to_owned()] };
            assert_eq!(standing(agent, scope, &roots, &moved).unwrap(), Standing::Partly);
            install(agent, scope, &roots, &moved).unwrap().write().unwrap();
            let text = fs::read_to_string(&change.path).unwrap();
            assert!(!text.contains("/usr/local/bin/yata-hook") && text.contains("/opt/yata"), "{text}");
            uninstall(agent, scope, &roots).unwrap().write().unwrap();
            let text = fs::read_to_string(&change.path).unwrap();
            assert!(!text.contains("yata") || agent == Agent::Antigravity, "{text}");
            assert_eq!(standing(agent, scope, &roots, &program()).unwrap(), Standing::Absent);
            files += 1;
        }
    }
    assert_eq!(files, 22);
}

#[test]
fn claude_code_gets_the_exec_form_that_blocks_when_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let change = install(Agent::ClaudeCode, Scope::User, &roots(folder.path()), &program()).unwrap();
    let json: Value = serde_json::from_str(&change.after).unwrap();
    let hook = &json["hooks"]["PreToolUse"][0];
    assert_eq!(hook["matcher"], "*");
    let expected = serde_json::json!({
        "type": "command", "command": "/usr/local/bin/yata-hook", "args": ["claude-code"], "timeout": 10,
        "onFailure": "block",
    });
    assert_eq!(hook["hooks"][0], expected);
    let cursor = install(Agent::Cursor, Scope::User, &roots(folder.path()), &program()).unwrap();
    let json: Value = serde_json::from_str(&cursor.after).unwrap();
    assert_eq!(json["hooks"]["preToolUse"][0]["failClosed"], true);
}

const THEIRS: &str = r#"{
	// The team's settings. Do not reorder.
	"permissions": {"deny": ["Read(./.env)"]}, // one line on purpose
	"hooks": {
		"PreToolUse": [
			{"matcher": "Bash", "hooks": [{"type": "command", "command": "/opt/lint.sh"}]}, /* ours */
		],
	},
	"zebra": 1,
	"apple": 2
}
"#;

#[test]
fn comments_order_and_foreign_hooks_stay() {
    let folder = tempfile::tempdir().unwrap();
    let roots = roots(folder.path());
    let path = roots.home.join(".claude/settings.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, THEIRS).unwrap();
    let change = install(Agent::ClaudeCode, Scope::User, &roots, &program()).unwrap();
    // Every line of theirs is still there, in its order; only a comma may have joined it.
    let mut lines = change.after.lines();
    for theirs in THEIRS.lines() {
        assert!(
            lines.any(|line| line.trim_end_matches(',') == theirs.trim_end_matches(',')),
            "{theirs}\n{}",
            change.after
        );
    }
    let backup = change.write().unwrap().unwrap();
    assert_eq!(fs::read_to_string(backup).unwrap(), THEIRS);
    let without = uninstall(Agent::ClaudeCode, Scope::User, &roots).unwrap();
    assert!(without.after.contains("/opt/lint.sh") && without.after.contains("/* ours */"));
    assert!(!without.after.contains("yata-hook") && !without.after.contains("ConfigChange"), "{}", without.after);
    without.write().unwrap();
    assert!(!uninstall(Agent::ClaudeCode, Scope::User, &roots).unwrap().is_needed());
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let roots = roots(folder.path());
    let path = roots.home.join(".claude/settings.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for wrong in ["{", "[]", r#"{"hooks": []}"#, r#"{"hooks": {"PreToolUse": {}}}"#, "{} {}"] {
        fs::write(&path, wrong).unwrap();
        assert!(install(Agent::ClaudeCode, Scope::User, &roots, &program()).is_err(), "{wrong}");
        assert_eq!(fs::read_to_string(&path).unwrap(), wrong);
    }
    let toml = roots.machine.join("codex/requirements.toml");
    fs::create_dir_all(toml.parent().unwrap()).unwrap();
    fs::write(&toml, "[[hooks.PreToolUse]]\nmatcher = \"x\"\n").unwrap();
    assert!(install(Agent::Codex, Scope::Managed, &roots, &program()).is_err());
    fs::write(&toml, "allowed_sandbox_modes = [\"read-only\"]").unwrap();
    let change = install(Agent::Codex, Scope::Managed, &roots, &program()).unwrap();
    assert!(
        change.after.starts_with("allowed_sandbox_modes = [\"read-only\"]\n# yata hook: begin\n[hooks]\n"),
        "{}",
        change.after
    );
}

#[cfg(unix)]
#[test]
fn a_settings_file_that_is_a_link_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let roots = roots(folder.path());
    let real = folder.path().join("dotfiles.json");
    fs::write(&real, "{}\n").unwrap();
    let path = roots.home.join(".gemini/settings.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&real, &path).unwrap();
    install(Agent::Gemini, Scope::User, &roots, &program()).unwrap().write().unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("BeforeTool"));
}
