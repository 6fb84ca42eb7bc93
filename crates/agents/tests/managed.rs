//! Managed settings: what is issued passes the audit, says what the organisation says, and is compared with a machine.
#![expect(clippy::disallowed_methods, reason = "tests read the example from disk")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod policy;

use std::path::PathBuf;

use yata_agents::managed::{
    Decision, Drift, Expressed, Hooked, ISSUED_AGENTS, IssuedFile, LossItem, LossNote, Organisation, Probe, Refusal,
    Settled, Tongue, What, as_machine, default_rules, drift, is_issued, issue, losses, organisation, rules, settle,
};
use yata_agents::rules::{List, Where, claude, parse};
use yata_agents::{Agent, Machine, Os, Severity, audit, read};

fn minato() -> Organisation {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/minato/agents.toml");
    organisation(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What the policy that comes with the product makes of the rules that do.
fn settled(agent: Agent) -> Settled {
    policy::settled(agent, &minato(), &default_rules())
}

fn all(os: Os) -> Vec<IssuedFile> {
    ISSUED_AGENTS.into_iter().flat_map(|agent| issue(agent, &minato(), &settled(agent), os).unwrap()).collect()
}

#[test]
fn what_is_issued_passes_the_audit() {
    for os in [Os::Linux, Os::Macos] {
        for agent in ISSUED_AGENTS {
            let files = issue(agent, &minato(), &settled(agent), os).unwrap();
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
        issue(agent, &minato(), &settled(agent), Os::Linux).unwrap().into_iter().map(|file| file.text).collect()
    };
    let check = |agent: Agent, piece: &str| assert!(text(agent).contains(piece), "{} lacks {piece}", agent.name());
    check(Agent::ClaudeCode, "\"Bash(git push --force *)\"");
    check(Agent::ClaudeCode, "\"onFailure\": \"block\"");
    check(Agent::ClaudeCode, "\"Read(**/.env)\"");
    check(Agent::Codex, "pattern = [{ token = \"git\" }, { token = \"push\" }, { token = \"--force\" }]");
    // The program expands `~`, does not start with a pattern that begins at the root, and walks for one that may lie anywhere.
    check(Agent::Codex, "\"~/.ssh/**\"");
    check(Agent::Codex, "\"~/.env\"");
    assert!(!text(Agent::Codex).contains("~/**") && !text(Agent::Codex).contains("~/*"));
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
    assert_eq!(issue(Agent::Cursor, &given, &Settled::default(), Os::Linux), Err(Refusal::NotAllowed));
    assert_eq!(issue(Agent::Zed, &given, &Settled::default(), Os::Linux), Err(Refusal::NoSettings));
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
    assert!(rule("command.\"rm -rf\" = [\"rm -rf ~\"]").is_ok());
    assert!(rule("command.\"rm -rf\" = []").is_err(), "a pattern stands for something");
    assert!(rule("meaning = [\"evades\"]").is_err(), "what a trait means, its name does not tell");
    assert!(rule("asked = \"allow\"\ncommand = [\"rm\"]").is_err());
    assert!(rule("command = [\"rm -rf\"]").is_ok());
    assert!(rule("command = [\"rm) Bash(*\"]").is_err(), "a bracket ends the agent's rule");
    assert!(rule("").is_err());
    assert!(rules("").is_err());
}

#[test]
fn losses_name_what_is_not_said() {
    let given = minato();
    let of = |agent| losses(agent, &given, &settled(agent), Os::Linux);
    let find = |agent, item: LossItem, rule: &str| {
        of(agent)
            .into_iter()
            .find(|loss| loss.item == item && loss.rule == rule)
            .map(|loss| (loss.expressed, loss.hooked))
    };
    assert_eq!(find(Agent::ClaudeCode, LossItem::Meaning, "meaning"), Some((Expressed::No, Hooked::Yes)));
    // Besides what it means: files anywhere, and what is asked about, are left out by its sandbox.
    let noted: Vec<_> = of(Agent::ClaudeCode).into_iter().filter(|loss| loss.item != LossItem::Meaning).collect();
    let sandbox = |loss: &yata_agents::managed::Loss| loss.note == Some(LossNote::OutsideSandbox);
    assert!(noted.len() == 2 && noted.iter().all(sandbox), "{noted:?}");
    assert_eq!(noted[0].what, ["**/.env", "**/.env.*", "**/*.pem", "**/*.key", "**/credentials*"]);
    let walk: Vec<_> = of(Agent::Codex).into_iter().filter(|loss| loss.note == Some(LossNote::Walk)).collect();
    let walk: Vec<_> = walk.iter().map(|loss| (loss.expressed, loss.what.join(" "))).collect();
    assert_eq!(
        walk,
        [
            (Expressed::Part, "**/.env".to_owned()),
            (Expressed::No, "**/.env.* **/*.pem **/*.key **/credentials*".to_owned())
        ]
    );
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
    let files = issue(Agent::ClaudeCode, &minato(), &settled(Agent::ClaudeCode), Os::Linux).unwrap();
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

/// A pattern stops each call that it stands for, and those of meaning have that meaning.
#[test]
fn each_pattern_stands_for_calls_that_it_fits() {
    let real = policy::default_policy();
    let place = Where { home: "/home/person", project: "/home/person/project", base: "" };
    let mut patterns = 0;
    for rule in default_rules().rules {
        for pattern in &rule.patterns {
            patterns += 1;
            assert!(!pattern.stands_for.is_empty(), "{}", pattern.what.pattern());
            for probe in &pattern.stands_for {
                let (tool, spec) = match &pattern.what {
                    What::Command(words) => ("Bash", format!("{words} *")),
                    What::Text(text) => ("Bash", text.clone()),
                    What::Read(file) => ("Read", file.clone()),
                    What::Edit(file) => ("Edit", file.clone()),
                    What::Meaning(name) => {
                        let traits = policy::verdict(&real, Agent::ClaudeCode, probe).traits;
                        assert!(traits.contains(name), "{name}: {}: {traits:?}", probe.text());
                        continue;
                    }
                    other => panic!("{other:?}"),
                };
                let call = claude::Call { tool: tool.to_owned(), main: probe.text().to_owned(), params: Vec::new() };
                let written = format!("{tool}({spec})");
                assert!(claude::matches(&parse(&written), List::Deny, &call, place), "{written}: {}", probe.text());
            }
        }
    }
    assert!(patterns > 90, "{patterns}");
}

/// The strictest of the calls decides, and what is milder is told.
#[test]
fn the_policy_decides() {
    let told = settled(Agent::ClaudeCode);
    let decision = |pattern: &str| {
        let fits = |what: &&What| what.pattern() == pattern;
        told.rules.iter().find_map(|rule| rule.what.iter().find(fits).map(|_| rule.decision))
    };
    assert_eq!(decision("rm -rf"), Some(Decision::Deny));
    assert_eq!(decision("git reset --hard"), Some(Decision::Deny), "asked about, which its rule makes a denial");
    assert_eq!(decision("npm install"), Some(Decision::Ask));
    assert_eq!(decision(".git/config"), Some(Decision::Ask));
    assert_eq!(decision("git commit --no-verify"), Some(Decision::Ask));
    assert_eq!(decision("git commit"), None, "the policy allows it");
    let mild = told.stricter.iter().find(|one| one.what.pattern() == "rm -rf").unwrap();
    let calls: Vec<_> = mild.calls.iter().map(|(probe, says)| (probe.text(), *says)).collect();
    assert_eq!(calls, [("rm -rf src", Some(Decision::Ask)), ("rm -rf node_modules", None)]);
    assert!(is_issued(Agent::Codex, mild.decision, &mild.what) && !is_issued(Agent::Cursor, mild.decision, &mild.what));
}

#[test]
fn an_organisation_is_stricter_than_the_policy_or_is_refused() {
    let head = "agents = [\"codex\"]\nhook.command = [\"/opt/yata-hook\"]\n";
    let given = |rest: &str| organisation(&format!("{head}{rest}")).unwrap();
    let ask = |probe: &Probe| match probe.text() {
        "rm x" => Some(Decision::Deny),
        "nmap" | "https://closed.example/" => Some(Decision::Ask),
        "https://bad.example/" => Some(Decision::Deny),
        _ => None,
    };
    let check = |rest: &str| settle(&given(rest), &Default::default(), &ask);
    let rule = |decision: &str, command: &str| {
        check(&format!("[[rule]]\nid = \"own\"\ndecision = \"{decision}\"\ncommand = [\"{command}\"]\n"))
    };
    let decided = |settled: Settled| settled.rules.iter().map(|rule| rule.decision).collect::<Vec<_>>();
    assert_eq!(rule("deny", "nmap").map(decided), Ok(vec![Decision::Deny]));
    assert_eq!(rule("ask", "ls").map(decided), Ok(vec![Decision::Ask]), "stricter than allowed");
    let wrong = rule("ask", "rm x").unwrap_err();
    assert_eq!((wrong[0].line, &*wrong[0].what, wrong[0].kind), (3, "rm x", "milder"));
    assert!(check("network.hosts = [\"open.example\", \"closed.example\"]\n").is_ok());
    let wrong = check("network.hosts = [\"open.example\", \"bad.example\"]\n").unwrap_err();
    assert_eq!((wrong[0].line, &*wrong[0].what, wrong[0].kind), (3, "bad.example", "milder"));
}
