//! `yata hook`: answers an agent, puts itself into settings, shows and verifies its log, names what went past it.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{Place, Run};

/// The binary as somebody whose home is here.
fn command(place: &Place, args: &[&str]) -> Command {
    let mut command = place.command(args);
    fs::create_dir_all(place.path("home")).unwrap();
    command.env("HOME", place.path("home")).env("YATA_HOOK_DIR", place.path("hook"));
    command
}

fn hook(place: &Place, args: &[&str]) -> Run {
    Run::new(&command(place, &[&["hook"], args].concat()).output().unwrap())
}

fn decide(place: &Place, call: &str, line: &str) -> Run {
    let input = json!({
        "session_id": "s", "transcript_path": "/t", "cwd": place.path(""), "hook_event_name": "PreToolUse",
        "tool_name": "Bash", "tool_input": {"command": line}, "tool_use_id": call,
    });
    let mut command = command(place, &["hook", "claude-code"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    Run::new(&child.wait_with_output().unwrap())
}

#[test]
fn the_large_program_answers_agents_too_and_shows_what_it_answered() {
    let place = Place::new();
    assert_eq!(hook(&place, &["log", "verify"]).code(2).out, "The log holds: 0 entries are as they were written.\n");
    assert_eq!(decide(&place, "toolu_1", "git status").code(0).out, "");
    let refused = decide(&place, "toolu_2", "cat ~/.ssh/id_ed25519").code(0);
    assert!(refused.out.contains(r#""permissionDecision":"deny""#), "{}", refused.out);
    let log = hook(&place, &["log"]).code(0);
    log.says(&[
        "claude-code an agent's call may run Bash git status",
        "refused an agent's call Bash cat ~/.ssh/id_ed25519",
    ]);
    assert_eq!(hook(&place, &["log", "--last", "1", "--format", "json"]).code(0).json()["status_id"], 2);
    hook(&place, &["log", "verify"])
        .code(0)
        .says(&["2 entries are as they were written", "No checkpoint was signed yet"]);
    hook(&place, &["log", "checkpoint"]).code(0).says(&["yata.local/hook/"]);
    let verified = hook(&place, &["log", "verify"]).code(0);
    verified.is_silent_about(&["No checkpoint"]);

    let file = place.path("hook/state/log/0000-000000.jsonl");
    // The same policy decides the same again.
    let replayed = place.yata(&["policy", "replay", "--events", file.to_str().unwrap(), "--format", "json"]).code(0);
    assert_eq!(replayed.json()["events"], 2);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("git status", "git stotus")).unwrap();
    let broken = hook(&place, &["log", "verify"]).code(1);
    broken.says(&["the entries do not lead to what its head says", "Entry 0 was changed", "does not hold"]);
    assert_eq!(
        hook(&place, &["--lang", "ja", "status"]).code(0).out.lines().next(),
        Some("どのエージェントの設定にもフックは登録されていません。")
    );
}

#[test]
fn it_is_installed_shown_and_taken_out() {
    let place = Place::new();
    let settings = place.write("home/.claude/settings.json", "{\n  // mine\n  \"model\": \"x\"\n}\n");
    let before = fs::read_to_string(&settings).unwrap();
    let shown = hook(&place, &["install", "--agent", "claude-code", "--dry-run"]).code(0);
    shown.says(&["+ \"PreToolUse\": [", "claude-code: only shown, not written"]);
    assert_eq!(fs::read_to_string(&settings).unwrap(), before);
    hook(&place, &["install", "--agent", "claude-code", "--agent", "codex"])
        .code(0)
        .says(&["claude-code: written", "/hooks"]);
    let after = fs::read_to_string(&settings).unwrap();
    assert!(after.contains("// mine") && after.contains("\"onFailure\": \"block\""), "{after}");
    hook(&place, &["status"]).code(0).says(&["claude-code user installed", "codex user installed", "Policy: default"]);
    hook(&place, &["install", "--agent", "claude-code"]).code(0).says(&["nothing to change"]);
    hook(&place, &["uninstall", "--agent", "claude-code"]).code(0).says(&["written"]);
    let json = hook(&place, &["status", "--format", "json"]).code(0).json();
    assert_eq!(json["agents"], json!([{"agent": "codex", "scope": "user", "standing": "installed"}]));
    place.write("home/.claude/settings.json", "{");
    hook(&place, &["install", "--agent", "claude-code"]).error(&["no JSON at line 1"]);
    hook(&place, &["install", "--agent", "emacs"]).error(&["emacs"]);
}

#[test]
fn what_went_past_it_is_named() {
    let place = Place::new();
    decide(&place, "toolu_1", "git status").code(0);
    let line = |id: &str, command: &str| {
        let content = json!([{"type": "tool_use", "id": id, "name": "Bash", "input": {"command": command}}]);
        json!({"type": "assistant", "timestamp": "2999-01-01T00:00:00Z", "message": {"content": content}}).to_string()
    };
    place.write("home/.claude/projects/p/s.jsonl", line("toolu_1", "git status") + "\n");
    hook(&place, &["coverage"])
        .code(0)
        .says(&["claude-code: 1 transcripts, 1 calls, 1 decided by the hook", "0 went past it"]);
    place.write("home/.claude/projects/p/t.jsonl", line("toolu_9", "git push --force") + "\n");
    hook(&place, &["coverage"]).code(1).says(&["1 went past it", "Bash git push --force"]);
    place.write("home/.claude/projects/p/u.jsonl", "{torn\n");
    assert_eq!(hook(&place, &["coverage", "--format", "json"]).code(2).json()[0]["missed"][0]["call"], "toolu_9");
}
