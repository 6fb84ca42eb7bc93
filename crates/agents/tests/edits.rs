//! Edits keep comments, order and everything else of a file.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use yata_agents::{AgentFinding, File, Machine, apply, audit};

/// The file after the edits of one check.
fn mended(path: &str, text: &str, id: &str) -> String {
    let project = if path.starts_with('.') { "/home/dev/src/shop" } else { "" };
    let file =
        File { path: path.to_owned(), project: project.to_owned(), bytes: text.as_bytes().to_vec(), ..File::default() };
    let machine = Machine { home: "/home/dev".to_owned(), files: vec![file], ..Machine::default() };
    let findings = audit(&machine);
    let named = |finding: &&AgentFinding| finding.check.id == id;
    let finding = findings.iter().find(named).unwrap();
    String::from_utf8(apply(text.as_bytes(), &finding.edits)).unwrap()
}

#[test]
fn values_are_exchanged_in_their_place() {
    let text = "{\n  \"permissions\": {\n    \"defaultMode\": \"bypassPermissions\", // why\n    \"x\": 1\n  }\n}\n";
    let wanted = text.replace("\"bypassPermissions\"", "\"default\"");
    assert_eq!(mended("~/.claude/settings.json", text, "agents.claude.bypass-mode"), wanted);
}

#[test]
fn keys_go_with_their_comma() {
    let cases = [
        (
            "{\"permissions\": {\"defaultMode\": \"bypassPermissions\", \"allow\": []}}",
            "{\"permissions\": {\"allow\": []}}",
        ),
        (
            "{\"permissions\": {\"allow\": [], \"defaultMode\": \"bypassPermissions\"}}",
            "{\"permissions\": {\"allow\": []}}",
        ),
        ("{\"permissions\": {\"defaultMode\": \"bypassPermissions\"}}", "{\"permissions\": {}}"),
    ];
    for (text, wanted) in cases {
        assert_eq!(mended(".claude/settings.json", text, "agents.claude.bypass-mode-project"), wanted);
    }
    let text = "{\"permissions\": {\"allow\": [\"Bash(ls)\", \"Bash(python3 *)\"]}}";
    let wanted = "{\"permissions\": {\"allow\": [\"Bash(ls)\"]}}";
    assert_eq!(mended(".claude/settings.json", text, "agents.claude.allow-interpreter"), wanted);
}

#[test]
fn lists_grow_as_they_are_written() {
    let text = "{\n  \"permissions\": {\n    \"deny\": [\n      \"Bash(true)\",\n      \"Read(**/.env)\" // the main one\n    ]\n  }\n}\n";
    let wanted = text.replace("\"Read(**/.env)\"", "\"Read(**/.env)\",\n      \"Read(**/.env.*)\"");
    assert_eq!(mended("~/.claude/settings.json", text, "agents.claude.missing-deny-env"), wanted);
    let made = mended("~/.claude/settings.json", "{\n  \"a\": 1\n}\n", "agents.claude.missing-deny-env");
    assert_eq!(made, "{\n  \"a\": 1,\n  \"permissions\": {\"deny\": [\"Read(**/.env)\", \"Read(**/.env.*)\"]}\n}\n");
    let made = mended("~/.claude/settings.json", "{}", "agents.claude.missing-deny-env");
    assert_eq!(made, "{\"permissions\": {\"deny\": [\"Read(**/.env)\", \"Read(**/.env.*)\"]}}");
}

#[test]
fn several_keys_are_put_in_at_once() {
    let managed = "/etc/github-copilot/managed-settings.json";
    let made = mended(managed, "{\"a\": 1}", "agents.copilot.sandbox-open");
    let sandbox = "\"sandbox\": {\"enabled\": true, \"allowBypass\": false, \"sandboxMcpServers\": true}";
    assert_eq!(made, format!("{{\"a\": 1, {sandbox}}}"));
    let made = mended("/etc/vscode/policy.json", "{}", "agents.vscode.policy-auto-approve");
    assert_eq!(made, "{\"ChatToolsAutoApprove\": false, \"ChatToolsTerminalEnableAutoApprove\": false}");
}

#[test]
fn toml_is_edited_too() {
    let text = "# mine\napproval_policy = 'never' # fast\n\n[otel]\nlog_user_prompt = false\n";
    let wanted = text.replace("'never'", "\"on-request\"");
    assert_eq!(mended("~/.codex/config.toml", text, "agents.codex.never-ask"), wanted);
}

#[test]
fn tables_of_toml_are_edited_however_they_are_written() {
    let trusted = |name: &str| format!("[projects.\"{name}\"]\ntrust_level = \"trusted\"\n\n");
    let text = format!("a = 1\n\n{}# kept\n{}[tui]\nb = 1\n", trusted("/home/dev"), trusted("/home/dev/src/shop"));
    let wanted = format!("a = 1\n\n# kept\n{}[tui]\nb = 1\n", trusted("/home/dev/src/shop"));
    assert_eq!(mended("~/.codex/config.toml", &text, "agents.codex.trust-wide"), wanted);

    let requirements = "/etc/codex/requirements.toml";
    let cases = [
        ("features = { web = true }\n", "features = { web = true, hooks = true }\n"),
        ("features = {}\n", "features = { hooks = true }\n"),
        ("[features]\n[features.more]\nx = 1", "[features]\nhooks = true\n[features.more]\nx = 1"),
        ("a = 1\n[features]", "a = 1\n[features]\nhooks = true\n"),
        ("[features.more]\nx = 1\n", "features.hooks = true\n[features.more]\nx = 1\n"),
        ("features.hooks = false\n", "features.hooks = true\n"),
    ];
    for (text, wanted) in cases {
        assert_eq!(mended(requirements, text, "agents.codex.requirements-hooks-switch"), wanted);
    }
    let text = "model_provider = \"gate\"\nmodel = \"a\"\n[model_providers.gate]\nurl = \"b\"\n\n[model_providers.gate.headers]\nx = \"y\"\n[tui]\nz = 1\n";
    let wanted = "model = \"a\"\n[tui]\nz = 1\n";
    assert_eq!(mended(".codex/config.toml", text, "agents.codex.project-ignored-key"), wanted);
    let text = "[rules]\nprefix_rules = [{ pattern = [{ token = \"git\" }] }]\n";
    let wanted = text.replace("}] }]", "}], decision = \"prompt\" }]");
    assert_eq!(mended(requirements, text, "agents.codex.requirements-rule-allow"), wanted);
}

#[test]
fn evidence_holds_no_secret() {
    let text = "{\"mcpServers\":{\"a\":{\"command\":\"/opt/a\",\"args\":[\"--token\",\"kumquat-ladder-39-violet\"],\"env\":{\"A_KEY\":\"kumquat-ladder-40\"}},\"A\":{\"command\":\"b\",\"url\":\"https://u:kumquat-x@h.example/\"}}}";
    let file = File { path: ".mcp.json".to_owned(), bytes: text.as_bytes().to_vec(), ..File::default() };
    let findings = audit(&Machine { files: vec![file], ..Machine::default() });
    assert!(findings.len() >= 2, "{findings:?}");
    assert!(findings.iter().any(|finding| finding.evidence.contains("[redacted]")));
    assert!(findings.iter().all(|finding| !finding.evidence.contains("kumquat")), "{findings:?}");
}

#[test]
fn a_table_of_a_list_is_edited_in_its_place() {
    let rule = |decision: &str| format!("[[rule]]\ntoolName = \"*\"\ndecision = \"{decision}\"\n");
    let text = format!("# mine\n{}", rule("allow"));
    let wanted = format!("# mine\n{}", rule("ask_user"));
    assert_eq!(mended("~/.gemini/policies/dev.toml", &text, "agents.gemini.policy-allow-any"), wanted);
}
