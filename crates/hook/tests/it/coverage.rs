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

#[test]
fn calls_of_scripts_are_found_among_the_items() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    decide(&log, Agent::Codex, "exec-1");
    let sessions = folder.path().join(".codex/sessions");
    fs::create_dir_all(&sessions).unwrap();
    let line = |kind: &str, payload: serde_json::Value| {
        json!({"timestamp": "2026-11-20T02:06:00Z", "type": kind, "payload": payload}).to_string()
    };
    let script = |id: &str, text: &str| {
        line("response_item", json!({"type": "custom_tool_call", "name": "exec", "call_id": id, "input": text}))
    };
    let item = |item: serde_json::Value| line("event_msg", json!({"type": "item_completed", "item": item}));
    let lines = [
        script("call_1", "text(await tools.exec_command({cmd: \"ls\"})); text(mytools + toolset)"),
        item(json!({"type": "CommandExecution", "id": "exec-1", "command": ["/bin/bash", "-lc", "ls"]})),
        item(json!({"type": "CommandExecution", "id": "exec-2", "command": ["/bin/bash", "-lc", "rm x"]})),
        item(json!({"type": "FileChange", "id": "exec-3", "changes": {"/p/a.txt": {"type": "add"}}})),
        item(json!({"type": "McpToolCall", "id": "exec-4", "server": "tickets", "tool": "delete"})),
        item(json!({"type": "AgentMessage", "id": "msg_1"})),
        line("response_item", json!({"type": "function_call", "name": "wait", "call_id": "call_2", "arguments": "{}"})),
        script("call_3", "await tools.write_stdin({session_id: 1, chars: \"rm x\\n\"})"),
        script("call_4", "const {exec_command} = tools"),
        script("call_5", "await globalThis[\"to\" + \"ols\"].x()"),
    ];
    fs::write(sessions.join("rollout-1.jsonl"), lines.join("\n")).unwrap();
    let found = &coverage(folder.path(), &log).unwrap()[1];
    let missed: Vec<_> =
        found.missed.iter().map(|call| (call.call.as_str(), call.tool.as_str(), call.target.as_str())).collect();
    let expected = [
        ("exec-2", "exec_command", "/bin/bash -lc rm x"),
        ("exec-3", "apply_patch", "/p/a.txt"),
        ("exec-4", "mcp__tickets__delete", ""),
        ("call_3", "exec", "write_stdin"),
        ("call_4", "exec", "…"),
        ("call_5", "exec", "…"),
    ];
    assert_eq!(missed, expected);
    assert_eq!((found.calls, found.decided), (7, 1));
}

#[test]
fn what_the_agent_refused_by_itself_did_not_go_past_the_hook() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    decide(&log, Agent::ClaudeCode, "toolu_1");
    let claude = folder.path().join(".claude/projects/-p");
    fs::create_dir_all(&claude).unwrap();
    let line = |role: &str, part: serde_json::Value| {
        json!({"type": role, "timestamp": "2026-11-20T02:06:00Z", "message": {"role": role, "content": [part]}})
            .to_string()
    };
    let call = |id: &str| line("assistant", json!({"type": "tool_use", "id": id, "name": "Bash", "input": {}}));
    let result = |id: &str, text: &str, failed: bool| {
        line("user", json!({"type": "tool_result", "tool_use_id": id, "content": text, "is_error": failed}))
    };
    let refused = "<tool_use_error>InputValidationError: Bash failed</tool_use_error>";
    let lines = [
        call("toolu_2"),
        result("toolu_2", refused, true),
        call("toolu_3"),
        result("toolu_3", &format!("Exit code 1\n{refused}"), true),
        call("toolu_4"),
        result("toolu_4", refused, false),
    ];
    fs::write(claude.join("s.jsonl"), lines.join("\n")).unwrap();
    let found = &coverage(folder.path(), &log).unwrap()[0];
    let missed: Vec<_> = found.missed.iter().map(|call| call.call.as_str()).collect();
    assert_eq!((found.calls, found.unrun, missed), (3, 1, vec!["toolu_3", "toolu_4"]));
}

#[test]
fn a_hook_that_stands_in_the_settings_and_never_ran_is_gone_past() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    let sessions = folder.path().join(".codex/sessions");
    fs::create_dir_all(&sessions).unwrap();
    fs::write(folder.path().join(".codex/hooks.json"), r#"{"hooks":{"x":[{"command":"/opt/yata-hook codex"}]}}"#)
        .unwrap();
    let line = |time: &str, id: &str| {
        let payload = json!({"type": "function_call", "name": "shell", "call_id": id, "arguments": "{}"});
        json!({"timestamp": time, "payload": payload}).to_string()
    };
    let lines = [line("2001-01-01T00:00:00Z", "call_1"), line("9999-01-01T00:00:00Z", "call_2")];
    fs::write(sessions.join("r.jsonl"), lines.join("\n")).unwrap();
    let found = &coverage(folder.path(), &log).unwrap()[1];
    assert_eq!((found.before, found.missed.len()), (1, 1));
    assert_eq!(found.missed[0].call, "call_2");
}
