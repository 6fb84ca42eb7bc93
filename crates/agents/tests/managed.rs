//! Managed settings: what is issued passes the audit, says what the organisation says, and is compared with a machine.
#![expect(clippy::disallowed_methods, reason = "tests read the example from disk")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::PathBuf;

use yata_agents::managed::{
    Drift, Expressed, Hooked, ISSUED_AGENTS, IssuedFile, LossItem, Organisation, Refusal, Tongue, as_machine,
    default_rules, drift, issue, losses, organisation, rules,
};
use yata_agents::{Agent, Machine, Os, Severity, audit, read};

fn minato() -> Organisation {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/minato/agents.toml");
    organisation(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn all(os: Os) -> Vec<IssuedFile> {
    ISSUED_AGENTS.into_iter().flat_map(|agent| issue(agent, &minato(), &default_rules(), os).unwrap()).collect()
}

#[test]
fn what_is_issued_passes_the_audit() {
    for os in [Os::Linux, Os::Macos] {
        for agent in ISSUED_AGENTS {
            let files = issue(agent, &minato(), &default_rules(), os).unwrap();
            let findings = audit(&as_machine(&files, os));
            let bad: Vec<String> = findings
                .iter()
                .filter(|finding| finding.severity >= Severity::Medium)
                .map(|finding| format!("{} {}:{} {}", finding.check.id, finding.path, finding.line, finding.evidence))
                .collect();
            assert!(bad.is_empty(), "{}:\n{}", agent.name(), bad.join("\n"));
        }
    }
}

#[test]
fn each_file_reads_back_without_a_fault() {
    for os in [Os::Linux, Os::Macos, Os::Windows] {
        for file in all(os) {
            let back = read(file.format, file.text.as_bytes(), 0);
            assert!(back.faults.is_empty() && back.notes.is_empty(), "{}: {:?}", file.path, back.faults);
            let known = yata_agents::place_of(&yata_agents::File { path: file.path.clone(), ..Default::default() });
            let unlisted = os != Os::Linux && file.agent == Agent::Copilot;
            assert!(unlisted || known.is_some_and(|place| place.agent == file.agent), "{}", file.path);
        }
    }
}

/// The same input gives the same bytes; no list of the rules is empty.
#[test]
fn the_rules_arrive() {
    let text = |agent: Agent| -> String {
        issue(agent, &minato(), &default_rules(), Os::Linux).unwrap().into_iter().map(|file| file.text).collect()
    };
    let check = |agent: Agent, piece: &str| assert!(text(agent).contains(piece), "{} lacks {piece}", agent.name());
    check(Agent::ClaudeCode, "\"Bash(git push --force *)\"");
    check(Agent::ClaudeCode, "\"onFailure\": \"block\"");
    check(Agent::ClaudeCode, "\"Read(**/.env)\"");
    check(Agent::Codex, "pattern = [{ token = \"git\" }, { token = \"push\" }, { token = \"--force\" }]");
    // The program expands `~`, and does not start with a pattern that begins at the root.
    check(Agent::Codex, "\"~/.ssh/**\"");
    check(Agent::Codex, "\"~/**/.env\"");
    check(Agent::Codex, "[marketplaces.allowed_sources.source-1]\nsource = \"git\"");
    check(Agent::Codex, "作業内容と履歴は破棄せず");
    check(Agent::Codex, "\"packages.minato.example\" = \"allow\"");
    check(Agent::Cursor, "\"failClosed\": true");
    check(Agent::GeminiCli, "decision = \"ask_user\"");
    check(Agent::GeminiCli, "\\\\.ssh/");
    check(Agent::Copilot, "\"Shell(sudo *)\"");
    check(Agent::Copilot, "\"exec\": \"/usr/local/bin/yata-hook\"");
    assert_eq!(text(Agent::Codex), text(Agent::Codex));
}

#[test]
fn the_default_rules_are_whole() {
    let found = default_rules();
    assert!(found.rules.len() >= 12, "{}", found.rules.len());
    assert!(found.rules.iter().all(|rule| !rule.en.is_empty() && rule.ja != rule.en));
}

#[test]
fn nothing_is_issued_where_nothing_may_be() {
    let mut given = minato();
    given.agents.retain(|agent| *agent != Agent::Cursor);
    assert_eq!(issue(Agent::Cursor, &given, &default_rules(), Os::Linux), Err(Refusal::NotAllowed));
    assert_eq!(issue(Agent::Zed, &given, &default_rules(), Os::Linux), Err(Refusal::NoSettings));
}

#[test]
fn a_file_of_the_organisation_with_a_fault_gives_nothing() {
    let check = |text: &str, expected: &[(u32, &str, &str)]| {
        let found = organisation(text).unwrap_err();
        let found: Vec<(u32, &str, &str)> = found.iter().map(|one| (one.line, &*one.what, one.kind)).collect();
        assert_eq!(found, expected, "{text}");
    };
    let head = "agents = [\"codex\"]\nhook.command = [\"/opt/yata-hook\"]\n";
    assert!(organisation(head).is_ok());
    check("agents = [", &[(1, "", "syntax")]);
    check(&format!("{head}agent = 1\n"), &[(3, "agent", "unknown-key")]);
    check("agents = [\"codxe\"]\nhook.command = [\"/opt/yata-hook\"]\n", &[(1, "codxe", "unknown-agent")]);
    check("agents = []\nhook.command = [\"yata-hook\"]\n", &[(2, "hook.command", "not-absolute")]);
    check(&format!("{head}retention.days = 0.5\n"), &[(3, "days", "wrong-type")]);
    check(&format!("language = \"fr\"\n{head}"), &[(1, "language", "wrong-type")]);
    check(&format!("{head}[[server]]\nname = \"docs\"\n"), &[(3, "docs", "missing")]);
    let rule = |what: &str| rules(&format!("[[rule]]\nid = \"x\"\ndecision = \"deny\"\n{what}\n"));
    assert!(rule("command = [\"rm -rf\"]").is_ok());
    assert!(rule("command = [\"rm) Bash(*\"]").is_err(), "a bracket ends the agent's rule");
    assert!(rule("").is_err());
    assert!(rules("").is_err());
}

#[test]
fn losses_name_what_is_not_said() {
    let given = minato();
    let of = |agent| losses(agent, &given, &default_rules());
    let find = |agent, item: LossItem, rule: &str| {
        of(agent)
            .into_iter()
            .find(|loss| loss.item == item && loss.rule == rule)
            .map(|loss| (loss.expressed, loss.hooked))
    };
    assert_eq!(find(Agent::ClaudeCode, LossItem::Meaning, "meaning"), Some((Expressed::No, Hooked::Yes)));
    assert_eq!(of(Agent::ClaudeCode).len(), 1, "{:?}", of(Agent::ClaudeCode));
    assert_eq!(find(Agent::Codex, LossItem::Edit, "secrets-edit"), Some((Expressed::No, Hooked::Part)));
    assert_eq!(find(Agent::Codex, LossItem::FailClosed, ""), Some((Expressed::No, Hooked::No)));
    assert_eq!(find(Agent::Codex, LossItem::Command, "destroys"), None);
    assert_eq!(find(Agent::Cursor, LossItem::Command, "destroys"), Some((Expressed::No, Hooked::Yes)));
    assert_eq!(find(Agent::GeminiCli, LossItem::Read, "secrets-read"), Some((Expressed::Part, Hooked::Part)));
    assert_eq!(find(Agent::Copilot, LossItem::Text, "runs-download"), Some((Expressed::No, Hooked::Part)));
    assert_eq!(find(Agent::Copilot, LossItem::Account, ""), Some((Expressed::No, Hooked::No)));
    let pipes = of(Agent::Codex).into_iter().find(|loss| loss.rule == "runs-download").unwrap();
    assert_eq!(pipes.what.len(), 3);
    assert_eq!(minato().tongue, Tongue::Ja);
}

fn told(found: &[Drift]) -> Vec<String> {
    let line = |one: &Drift| {
        format!("{} {}:{} {} [{}] [{}]", one.kind.name(), one.path, one.line, one.key, one.issued, one.found)
    };
    found.iter().map(line).collect()
}

#[test]
fn drift_tells_file_line_and_key() {
    let files = issue(Agent::ClaudeCode, &minato(), &default_rules(), Os::Linux).unwrap();
    let machine = as_machine(&files, Os::Linux);
    assert_eq!(told(&drift(&files, &machine)), Vec::<String>::new());

    let mut changed = machine.clone();
    let text = String::from_utf8(changed.files[0].bytes.clone()).unwrap();
    let text = text.replace("\"defaultMode\": \"default\"", "\"defaultMode\": \"bypassPermissions\"");
    let text = text.replace("      \"Read(**/.env)\",\n", "      \"Read(**/.envx)\",\n");
    let text = text.replace("  \"disableRemoteControl\": true,\n", "");
    let text = text.replacen("{\n", "{\n  \"apiKey\": \"k-1234567890\",\n", 1);
    changed.files[0].bytes = text.into_bytes();
    let path = "/etc/claude-code/managed-settings.json";
    assert_eq!(
        told(&drift(&files, &changed)),
        [
            format!("missing {path}:1 disableRemoteControl [true] []"),
            format!("added {path}:2 apiKey [] [[redacted]]"),
            format!("changed {path}:4 permissions.defaultMode [default] [bypassPermissions]"),
            format!("missing {path}:9 permissions.deny [Read(**/.env)] []"),
            format!("added {path}:10 permissions.deny [] [Read(**/.envx)]"),
        ]
    );

    let mut broken = machine.clone();
    broken.files[0].bytes.truncate(40);
    assert_eq!(told(&drift(&files, &broken)), [format!("file-unread {path}:0  [] []")]);
    assert_eq!(told(&drift(&files, &Machine::default())), [format!("file-missing {path}:0  [] []")]);

    let mut more = machine;
    let path = "/etc/claude-code/managed-settings.d/zz.json".to_owned();
    more.files.push(yata_agents::File { path: path.clone(), bytes: b"{}".to_vec(), ..Default::default() });
    assert_eq!(told(&drift(&files, &more)), [format!("file-added {path}:0  [] []")]);
}
