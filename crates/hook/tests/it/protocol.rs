//! Every agent's inputs and the exact answers to them: the cases of the facts (`docs/agents/hook-cases.tsv`), and those of
//! `tests/protocol/<agent>.jsonl`, whose first line names the version that they were written for.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use yata_hook::{Agent, Decision, Event, Fault, Verdict, protocol};
use yata_words::Lang;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a case expects.
struct Case {
    place: String,
    agent: Agent,
    event: Option<String>,
    decision: String,
    stdin: String,
    code: u8,
    stdout: String,
    stderr: String,
    note: String,
}

const ASKED: &str = "needs a person: approve it in your own terminal";

/// The verdict whose words the expected answer has.
fn verdict(case: &Case) -> (Verdict, bool) {
    let decision = match case.decision.as_str() {
        "allow" => Decision::Allow,
        "ask" => Decision::Ask,
        "deny" => Decision::Deny,
        other => panic!("{}: {other}", case.place),
    };
    let said = if case.stdout.is_empty() { case.stderr.clone() } else { words_of(&case.stdout) };
    let (reason, policy) = match said.strip_suffix(')').and_then(|said| said.rsplit_once(" (policy ")) {
        Some((reason, policy)) => (reason, Some(policy)),
        None => match said.strip_prefix("policy ") {
            Some(policy) => ("", Some(policy)),
            None => (said.as_str(), None),
        },
    };
    let reason = reason.strip_prefix(ASKED).unwrap_or(reason).trim_start_matches(": ");
    let verdict = Verdict::new(decision, reason);
    let outright = decision == Decision::Allow && case.stdout.contains("permissionDecision");
    (policy.into_iter().fold(verdict, Verdict::by), outright)
}

/// The reason in an answer.
fn words_of(stdout: &str) -> String {
    let json: Value = serde_json::from_str(stdout).unwrap();
    let places = [
        "/hookSpecificOutput/permissionDecisionReason",
        "/hookSpecificOutput/decision/message",
        "/permissionDecisionReason",
        "/message",
        "/user_message",
        "/reason",
    ];
    let found = places.iter().find_map(|place| json.pointer(place)?.as_str().map(str::to_owned));
    found.unwrap_or_default()
}

fn check(case: &Case) {
    let read = protocol::read(case.agent, case.stdin.as_bytes(), case.event.as_deref());
    let answer = match (&read, case.decision.as_str()) {
        (Err(fault), "error") => protocol::fault(case.agent, fault, Lang::En),
        (Ok(heard), expected) if expected != "error" => {
            let (verdict, outright) = verdict(case);
            protocol::answer(heard, &verdict, outright, Lang::En)
        }
        _ => panic!("{} {}: {read:?}", case.place, case.note),
    };
    let got = (answer.code, answer.stdout.as_str(), answer.stderr.as_str());
    assert_eq!(got, (case.code, case.stdout.as_str(), case.stderr.as_str()), "{} {}", case.place, case.note);
}

#[test]
fn the_cases_of_the_facts_are_answered_to_the_byte() {
    let table = std::fs::read_to_string(repository().join("docs/agents/hook-cases.tsv")).unwrap();
    let unescaped = |cell: &str| cell.replace("\\\\", "\\");
    let mut cases = 0;
    for (at, line) in table.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let case = Case {
            place: format!("line {}", at + 1),
            agent: Agent::of(cells[0]).unwrap(),
            event: None,
            decision: cells[3].to_owned(),
            stdin: unescaped(cells[4]),
            code: cells[5].parse().unwrap(),
            stdout: unescaped(cells[6]),
            stderr: unescaped(cells[7]),
            note: cells[8].to_owned(),
        };
        check(&case);
        cases += 1;
    }
    assert_eq!(cases, 60);
}

#[test]
fn the_fixtures_of_each_agent_are_answered_to_the_byte() {
    let mut agents = 0;
    for agent in Agent::ALL {
        let path = repository().join(format!("crates/hook/tests/protocol/{agent}.jsonl"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut lines = text.lines();
        let head: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(head["agent"], agent.as_str());
        assert!(head["version"].is_string() && head["source"].is_string(), "{agent}");
        for (at, line) in lines.enumerate() {
            let json: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{agent} {}: {error}", at + 2));
            let text = |name: &str| json[name].as_str().map(str::to_owned);
            let raw = |name: &str| match &json[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let case = Case {
                place: format!("{agent}.jsonl:{}", at + 2),
                agent,
                event: text("event"),
                decision: text("decision").unwrap(),
                stdin: raw("stdin"),
                code: u8::try_from(json["exit"].as_u64().unwrap()).unwrap(),
                stdout: raw("stdout"),
                stderr: raw("stderr"),
                note: text("note").unwrap_or_default(),
            };
            check(&case);
            if let (Some(tool), Ok(heard)) =
                (text("tool"), protocol::read(agent, case.stdin.as_bytes(), case.event.as_deref()))
            {
                let call = heard.call().unwrap_or_else(|| panic!("{}: no call", case.place));
                assert_eq!(call.tool, tool, "{}", case.place);
                assert_eq!(call.input, json["input"], "{}", case.place);
            }
        }
        agents += 1;
    }
    assert_eq!(agents, 9);
}

/// Inputs that nobody can answer, and what each agent must do with them.
#[test]
fn what_cannot_be_read_is_blocked_for_every_agent() {
    let deep =
        format!("{{\"hook_event_name\":\"PreToolUse\",\"tool_input\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    let inputs: [(&str, &[u8]); 22] = [
        ("empty", b""),
        ("blank", b" \n\t"),
        ("cut short", br#"{"hook_event_name":"PreToolUse","tool_name":"Ba"#),
        ("no JSON", b"not json"),
        ("null", b"null"),
        ("array", b"[]"),
        ("text", b"\"PreToolUse\""),
        ("number", b"1e999"),
        ("two documents", br#"{"hook_event_name":"SessionStart"}{"hook_event_name":"SessionStart"}"#),
        ("text behind", br#"{"hook_event_name":"SessionStart"} x"#),
        ("deep", deep.as_bytes()),
        (
            "not UTF-8",
            b"{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"\xff\xfe\"}}",
        ),
        ("lone surrogate", br#"{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"\ud800"}}"#),
        ("byte order mark", b"\xef\xbb\xbf{\"hook_event_name\":\"SessionStart\"}"),
        ("raw control", b"{\"hook_event_name\":\"Pre\x00ToolUse\"}"),
        ("no event", br#"{"cwd":"/p","tool_name":"Bash","tool_input":{"command":"ls"}}"#),
        ("event of another type", br#"{"hook_event_name":7,"cwd":"/p"}"#),
        ("other spelling", br#"{"hook_event_name":"PRETOOLUSE","cwd":"/p","tool_name":"Bash","tool_input":{}}"#),
        ("event to come", br#"{"hook_event_name":"PreToolUse2","agent_action_name":"pre_new","cwd":"/p"}"#),
        ("no tool", br#"{"hook_event_name":"PreToolUse","cwd":"/p","tool_input":{}}"#),
        ("no input", br#"{"hook_event_name":"PreToolUse","cwd":"/p","tool_name":"Bash"}"#),
        (
            "input of another type",
            br#"{"hook_event_name":"PreToolUse","cwd":"/p","tool_name":"Bash","tool_input":[1]}"#,
        ),
    ];
    for agent in Agent::ALL {
        for (name, input) in inputs {
            let fault = match protocol::read(agent, input, None) {
                Err(fault) => fault,
                Ok(heard) => panic!("{agent}, {name}: {heard:?}"),
            };
            for lang in Lang::ALL {
                let answer = protocol::fault(agent, &fault, lang);
                match agent {
                    Agent::Antigravity => assert!(answer.stdout.contains(r#""decision":"deny""#), "{name}"),
                    Agent::Cursor => assert_eq!((answer.code, answer.stdout.as_str()), (2, ""), "{name}"),
                    _ => assert!(answer.code == 2 && !answer.stderr.trim().is_empty(), "{agent}, {name}: {answer:?}"),
                }
            }
        }
    }
    let words = protocol::fault(Agent::ClaudeCode, &Fault::UnknownEvent("X".to_owned()), Lang::Ja).stderr;
    assert_eq!(words, "未知のイベント X です");
}

/// A hook that is registered for Claude Code is called by others too.
#[test]
fn who_calls_the_hook_of_claude_code_gets_the_answer_that_it_understands() {
    let check = |input: &str, expected: Agent| {
        let heard = protocol::read(Agent::ClaudeCode, input.as_bytes(), None).unwrap();
        assert_eq!(heard.agent, expected, "{input}");
        assert!(matches!(heard.event, Event::Before(_)));
    };
    let rest = r#""tool_name":"Bash","tool_input":{"command":"ls"}"#;
    let name = r#""hook_event_name":"PreToolUse""#;
    check(&format!(r#"{{{name},"session_id":"s","transcript_path":"/t","cwd":"/p",{rest}}}"#), Agent::ClaudeCode);
    check(&format!(r#"{{{name},"session_id":"s",{rest}}}"#), Agent::Devin);
    check(
        &format!(r#"{{{name},"session_id":"s","timestamp":"2026-11-20T03:04:05Z","cwd":"/p",{rest}}}"#),
        Agent::Copilot,
    );
    check(&format!(r#"{{{name},"session_id":"s","turn_id":"t","model":"m","cwd":"/p",{rest}}}"#), Agent::Codex);
    let cursor = r#"{"hook_event_name":"preToolUse","cursor_version":"3.23.0","tool_name":"Shell","tool_input":{"command":"ls"}}"#;
    check(cursor, Agent::Cursor);
}

/// An answer that an agent would not understand lets the call run, so that none may be empty or without a reason.
#[test]
fn no_refusal_is_without_a_reason_or_in_a_form_that_lets_the_call_run() {
    let inputs = [
        (
            Agent::ClaudeCode,
            r#"{"hook_event_name":"PreToolUse","session_id":"s","transcript_path":"/t","cwd":"/p","tool_name":"Bash","tool_input":{"command":"x"}}"#,
        ),
        (
            Agent::Codex,
            r#"{"hook_event_name":"PreToolUse","session_id":"s","cwd":"/p","tool_name":"Bash","tool_input":{"command":"x"}}"#,
        ),
        (Agent::Cursor, r#"{"hook_event_name":"beforeShellExecution","command":"x"}"#),
        (
            Agent::Gemini,
            r#"{"hook_event_name":"BeforeTool","tool_name":"run_shell_command","tool_input":{"command":"x"}}"#,
        ),
        (Agent::Copilot, r#"{"toolName":"bash","toolArgs":"{\"command\":\"x\"}"}"#),
        (Agent::Windsurf, r#"{"agent_action_name":"pre_run_command","tool_info":{"command_line":"x"}}"#),
        (Agent::Devin, r#"{"hook_event_name":"PreToolUse","tool_name":"exec","tool_input":{"command":"x"}}"#),
        (Agent::Antigravity, r#"{"toolCall":{"name":"run_command","args":{"CommandLine":"x"}}}"#),
        (Agent::AmazonQ, r#"{"hook_event_name":"preToolUse","tool_name":"execute_bash","tool_input":{"command":"x"}}"#),
    ];
    for (agent, input) in inputs {
        let heard = protocol::read(agent, input.as_bytes(), None).unwrap();
        assert_eq!(heard.call().unwrap().tool, "Bash");
        for decision in [Decision::Ask, Decision::Deny] {
            for reason in ["", " ", "\u{200b}", "why"] {
                let answer = protocol::answer(&heard, &Verdict::new(decision, reason), true, Lang::En);
                let said = if answer.code == 2 { answer.stderr.clone() } else { words_of(&answer.stdout) };
                assert!(said.chars().any(char::is_alphanumeric) || said.contains('\u{fffd}'), "{agent}: {answer:?}");
                let lets_run = ["\"allow\"", "\"ask\""].iter().any(|word| answer.stdout.contains(word));
                assert!(!lets_run || (agent.can_ask() && decision == Decision::Ask), "{agent}: {answer:?}");
                assert!(answer.code == 2 || !answer.stdout.is_empty(), "{agent}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_input_makes_an_adapter_fail(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        event in "[A-Za-z_]{0,20}",
        tool in "\\PC{0,20}",
        input in "\\PC{0,30}",
    ) {
        for agent in Agent::ALL {
            let _ = protocol::read(agent, &bytes, None);
            let json = serde_json::json!({
                "hook_event_name": event, "tool_name": tool, "tool_input": {"command": input}, "toolName": tool,
                "toolArgs": input, "toolCall": {"name": tool, "args": {}}, "cwd": input, "session_id": input,
            });
            if let Ok(heard) = protocol::read(agent, json.to_string().as_bytes(), Some(&event)) {
                let answer = protocol::answer(&heard, &Verdict::new(Decision::Deny, &input), false, Lang::Ja);
                prop_assert!(answer.stdout.is_empty() || serde_json::from_str::<Value>(&answer.stdout).is_ok());
            }
        }
    }
}
