//! Transcripts beside the log.

use std::fs;

use serde_json::json;
use yata_hook::{Agent, Happened, Log, Outcome, coverage, entry};

const FIRST_MS: i64 = 1_795_140_245_000; // 2026-11-20T02:04:05Z

fn decide(log: &Log, agent: Agent, call: &str) {
    let happened = Happened {
        time_ms: FIRST_MS,
        agent,
        outcome: Outcome::Asked,
        kind: "Bash".to_owned(),
        target: String::new(),
        call: call.to_owned(),
        why: String::new(),
        facts: vec![],
        replay: None,
    };
    log.append(&entry(&happened), FIRST_MS).unwrap();
}

#[test]
fn calls_that_went_past_the_hook_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    decide(&log, Agent::ClaudeCode, "toolu_1");
    decide(&log, Agent::Codex, "call_1");

    let claude = folder.path().join(".claude/projects/-p");
    fs::create_dir_all(&claude).unwrap();
    let message = |time: &str, id: &str, tool: &str, input: serde_json::Value| {
        let content =
            json!([{"type": "text", "text": "I will."}, {"type": "tool_use", "id": id, "name": tool, "input": input}]);
        json!({"type": "assistant", "timestamp": time, "sessionId": "s", "message": {"role": "assistant", "content": content}})
    };
    let lines = [
        json!({"type": "user", "message": {"role": "user", "content": "hello"}}).to_string(),
        message("2026-11-19T00:00:00.000Z", "toolu_0", "Bash", json!({"command": "ls"})).to_string(),
        message("2026-11-20T02:04:05.000Z", "toolu_1", "Bash", json!({"command": "ls"})).to_string(),
        message("2026-11-20T02:05:00.000Z", "toolu_2", "Bash", json!({"command": "export TOKEN=kumquat"})).to_string(),
        "{torn".to_owned(),
    ];
    fs::write(claude.join("s.jsonl"), lines.join("\n")).unwrap();
    // A fork repeats what came before it.
    fs::write(claude.join("t.jsonl"), lines[2].clone() + "\n").unwrap();

    let codex = folder.path().join(".codex/sessions/2026/11/20");
    fs::create_dir_all(&codex).unwrap();
    let item =
        |payload| json!({"timestamp": "2026-11-20T02:06:00Z", "type": "response_item", "payload": payload}).to_string();
    let lines = [
        item(
            json!({"type": "function_call", "name": "shell", "call_id": "call_1", "arguments": "{\"command\":[\"ls\"]}"}),
        ),
        item(
            json!({"type": "function_call", "name": "shell", "call_id": "call_2", "arguments": "{\"command\":[\"rm\",\"-rf\",\"x\"]}"}),
        ),
        item(
            json!({"type": "custom_tool_call", "name": "apply_patch", "call_id": "call_3", "input": "*** Begin Patch\n*** Add File: a\n+TOKEN=kumquat\n*** End Patch"}),
        ),
        item(json!({"type": "web_search_call", "id": "ws_1", "action": {"type": "search", "query": "x"}})),
        item(json!({"type": "function_call_output", "call_id": "call_1", "output": "x"})),
    ];
    fs::write(codex.join("rollout-1.jsonl"), lines.join("\n")).unwrap();

    let found = coverage(folder.path(), &log).unwrap();
    let claude = &found[0];
    assert_eq!((claude.transcripts, claude.calls, claude.decided, claude.before), (2, 3, 1, 1));
    assert_eq!(claude.unread.len(), 1);
    let missed: Vec<_> = claude.missed.iter().map(|call| (call.call.as_str(), call.target.as_str())).collect();
    assert_eq!(missed, [("toolu_2", "export TOKEN=[…]")]);
    let missed: Vec<_> =
        found[1].missed.iter().map(|call| (call.call.as_str(), call.tool.as_str(), call.target.as_str())).collect();
    let expected =
        [("call_2", "shell", "rm -rf x"), ("call_3", "apply_patch", "Add File: a"), ("ws_1", "web_search", "x")];
    assert_eq!(missed, expected);
    assert_eq!(found[1].decided, 1);
}

#[test]
fn where_the_hook_never_ran_everything_was_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    let sessions = folder.path().join(".codex/sessions");
    fs::create_dir_all(&sessions).unwrap();
    let line =
        json!({"payload": {"type": "function_call", "name": "shell", "call_id": "c", "arguments": "{}"}}).to_string();
    fs::write(sessions.join("r.jsonl"), line).unwrap();
    let found = coverage(folder.path(), &log).unwrap();
    assert_eq!((found[1].calls, found[1].before, found[1].missed.len()), (1, 1, 0));
}
