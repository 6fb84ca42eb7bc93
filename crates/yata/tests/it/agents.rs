//! `yata agents`, and agents in `yata assess`: on a home directory, on repositories, and on the examples of the audit.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Place, Run, problems, repository, text};

/// A folder of the examples, put together as `docs/agents/seeded.md` says.
fn example(place: &Place, folder: &str, to: &str) {
    let from = repository().join("corpus/agents").join(folder);
    let mut folders = vec![from.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&from).unwrap().to_str().unwrap();
            let inside = format!("/{inside}").replace("/dot-", "/.");
            let inside = inside.strip_suffix(".txt").filter(|bare| bare.ends_with(".md")).unwrap_or(&inside);
            let text = fs::read_to_string(&path).unwrap().replace("\\u{200b}", "\u{200b}");
            place.write(&format!("{to}{inside}"), text);
        }
    }
}

fn git(folder: &Path, args: &[&str]) {
    let fixed = ["-c", "user.name=Sora", "-c", "user.email=sora@minato.example", "-c", "init.defaultBranch=main"];
    let status = Command::new("git").current_dir(folder).args(fixed).args(args).status().unwrap();
    assert!(status.success(), "git {args:?}");
}

#[cfg(unix)]
fn link(target: &str, at: &Path) {
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, at).unwrap();
}

/// The command at home in `home`, in the folder that it is started in.
fn at_home(place: &Place, args: &[&str]) -> Run {
    Run::new(&place.command(args).env("HOME", place.path("home")).output().unwrap())
}

fn findings(run: &Run) -> Vec<Value> {
    run.json()["findings"].as_array().unwrap().clone()
}

/// `check file` of every finding.
fn lines(run: &Run) -> BTreeSet<String> {
    findings(run).iter().map(|one| format!("{} {}", text(&one["check"]), text(&one["file"]))).collect()
}

fn named(finding: &Value, id: &str) -> bool {
    finding["check"] == id || finding["also"].as_array().unwrap().iter().any(|also| also == id)
}

#[cfg(unix)]
#[test]
fn the_seeded_repository() {
    let place = Place::new();
    example(&place, "seeded", "repo");
    let folder = repository().join("corpus/agents");
    for row in fs::read_to_string(folder.join("seeded.links.tsv")).unwrap().lines().skip(1) {
        let (path, target) = row.split_once('\t').unwrap();
        link(target, &place.path("repo").join(path));
    }
    git(&place.path("repo"), &["init", "-q"]);
    git(&place.path("repo"), &["add", "--all", "--force"]);
    let run = place.yata(&["agents", "audit", "repo", "--format", "json"]).code(1);
    assert_eq!(run.json()["problems"], json!([]), "a link out of a skill is a finding, no gap");
    let found = findings(&run);
    let known = place.yata(&["agents", "checks", "--format", "json"]).code(0).json();
    let known: BTreeSet<String> = known.as_array().unwrap().iter().map(|one| text(&one["id"]).to_owned()).collect();
    let mut right = vec![false; found.len()];
    let (mut wanted, mut missed) = (0, Vec::new());
    for row in fs::read_to_string(folder.join("seeded.tsv")).unwrap().lines().skip(1) {
        let row: Vec<&str> = row.split('\t').collect();
        let (path, piece, id, also) = (row[1], row[2], row[3], row.get(4).copied().unwrap_or_default());
        let body = fs::read_to_string(place.path("repo").join(path)).unwrap_or_default();
        let line = body.lines().position(|line| line.contains(piece)).map(|at| at as u64 + 1);
        let here = |one: &Value| one["file"] == path && (piece.is_empty() || one["line"].as_u64() == line);
        for (slot, one) in right.iter_mut().zip(&found) {
            let fits = named(one, id) || also.split('|').any(|other| !other.is_empty() && named(one, other));
            *slot |= here(one) && fits;
        }
        if known.contains(id) {
            wanted += 1;
            if !found.iter().any(|one| here(one) && named(one, id)) {
                missed.push(format!("{path} {piece} {id}"));
            }
        }
    }
    let false_ones: Vec<&Value> = found.iter().zip(&right).filter(|(_, right)| !**right).map(|(one, _)| one).collect();
    assert!(wanted >= 18, "{wanted}");
    assert_eq!(missed, Vec::<String>::new());
    assert!(false_ones.len() <= 3, "{false_ones:#?}");
}

#[test]
fn a_hardened_machine_is_silent() {
    let place = Place::new();
    example(&place, "hardened", "disk");
    let home = place.path("disk/home/dev");
    let home = home.to_str().unwrap();
    let run = place.yata(&["agents", "audit", home, "--home", home, "--root", "disk", "--format", "json"]).code(0);
    assert_eq!((findings(&run), &run.json()["problems"]), (Vec::new(), &json!([])));
    assert!(run.json()["files"].as_u64().unwrap() > 20, "{}", run.out);
    place.yata(&["agents", "list", home, "--home", home, "--root", "disk"]).code(0).says(&[
        "/etc/claude-code/managed-settings.json",
        "~/.claude/settings.json",
        "src/shop/.mcp.json",
    ]);
}

/// A home directory with two projects, links, and files that cannot be read.
#[cfg(unix)]
#[test]
fn a_home_directory_with_two_projects() {
    let place = Place::new();
    place.write("home/.claude/settings.json", r#"{"permissions":{"defaultMode":"bypassPermissions"}}"#);
    place.write("home/.gemini/settings.json", "{ // mine\n \"security\": ");
    place.write("home/src/one/.mcp.json", r#"{"mcpServers":{"docs":{"command":"npx","args":["-y","docs-server"]}}}"#);
    place.write("home/src/two/.vscode/settings.json", "{\n // tools\n \"chat.tools.global.autoApprove\": true,\n}\n");
    place.write("home/.cache/tool/.mcp.json", r#"{"mcpServers":{"x":{"command":"npx","args":["x"]}}}"#);
    place.write("outside/settings.json", r#"{"permissions":{"defaultMode":"bypassPermissions"}}"#);
    git(&place.path("home/src/one"), &["init", "-q"]);
    git(&place.path("home/src/two"), &["init", "-q"]);
    link("skills", &place.path("home/.claude/skills"));
    link("AGENTS.md", &place.path("home/src/two/loop/AGENTS.md"));
    link("../../../../outside/settings.json", &place.path("home/src/two/.claude/settings.json"));
    let _socket = std::os::unix::net::UnixListener::bind({
        fs::create_dir_all(place.path("home/.codex")).unwrap();
        place.path("home/.codex/config.toml")
    });
    let run = at_home(&place, &["agents", "audit", "home", "--format", "json"]).code(2);
    let found = lines(&run);
    for line in [
        "agents.claude.bypass-mode ~/.claude/settings.json",
        "agents.mcp.unpinned-npx src/one/.mcp.json",
        "agents.vscode.auto-approve-all src/two/.vscode/settings.json",
    ] {
        assert!(found.contains(line), "{line} is not in {found:#?}");
    }
    assert!(!run.out.contains(".cache"), "the data of programs is no project");
    let answer = run.json();
    let gaps: BTreeSet<String> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", text(&one["subject"]), text(&one["id"])))
        .collect();
    let expected = [
        "src/two/.claude/settings.json problem-link-out-of-tree",
        "src/two/loop/AGENTS.md problem-link-broken",
        "~/.claude/skills problem-unreadable",
        "~/.codex/config.toml problem-special-file",
        "~/.gemini/settings.json agents-problem-syntax",
    ];
    assert_eq!(gaps, expected.map(str::to_owned).into());
    // A project alone knows nothing of the home directory around it.
    let alone = at_home(&place, &["agents", "audit", "home/src/one", "--format", "json"]).code(1);
    assert_eq!(lines(&alone), ["agents.mcp.unpinned-npx .mcp.json".to_owned()].into());
    // Without a path: the home directory, and the project around the folder.
    let mut command = place.command(&["agents", "audit", "--format", "json"]);
    let here = command.env("HOME", place.path("home")).current_dir(place.path("home/src/two/.vscode"));
    let here = lines(&Run::new(&here.output().unwrap()).code(2));
    assert!(here.iter().any(|line| line.ends_with(" .vscode/settings.json")), "{here:#?}");
    assert!(!here.iter().any(|line| line.contains("one")), "{here:#?}");
}

#[test]
fn only_the_agent_that_was_asked_for() {
    let place = Place::new();
    place.write("app/.vscode/settings.json", r#"{"chat.tools.global.autoApprove": true}"#);
    place.write("app/.gemini/settings.json", r#"{"mcpServers":{"a":{"command":"/a","trust":true}}}"#);
    let run = place.yata(&["agents", "audit", "app", "--agent", "gemini-cli", "--format", "json"]).code(1);
    assert!(findings(&run).iter().all(|one| one["agent"] == "gemini-cli") && !findings(&run).is_empty());
    place.yata(&["agents", "audit", "app", "--fail-on", "never"]).code(0).says(&["agents.gemini.mcp-trust"]);
    place.yata(&["agents", "audit", "app", "--agent", "gemini"]).error(&["no agent `gemini`", "gemini-cli"]);
    place.yata(&["agents", "audit", "nowhere"]).error(&["`nowhere` is no folder"]);
}

#[test]
fn edits_keep_the_rest_of_a_file() {
    let place = Place::new();
    let vscode =
        "{\n  // formatting\n  \"editor.formatOnSave\": true,\n  \"chat.tools.global.autoApprove\": true,\n}\n";
    let path = place.write("app/.vscode/settings.json", vscode);
    let before = lines(&place.yata(&["agents", "audit", "app", "--format", "json"]).code(1));
    let shown = place.yata(&["agents", "audit", "app", "--fix"]).code(1);
    shown.says_on_error(&["-  \"chat.tools.global.autoApprove\": true,", "Nothing was written"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), vscode, "nobody said yes");
    let run = place.yata(&["agents", "audit", "app", "--fix", "--yes", "--format", "json"]);
    let after = lines(&run);
    assert!(before.contains("agents.vscode.auto-approve-all .vscode/settings.json"), "{before:#?}");
    assert!(!after.contains("agents.vscode.auto-approve-all .vscode/settings.json"), "{after:#?}");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "{\n  // formatting\n  \"editor.formatOnSave\": true,\n}\n");
    assert_eq!(fs::read_dir(place.path("app/.vscode")).unwrap().count(), 1, "nothing is left beside the file");
}

#[test]
fn every_edit_of_the_seeded_repository_mends_its_finding() {
    let place = Place::new();
    example(&place, "seeded", "repo");
    let fixable = |run: &Run| {
        let all = findings(run);
        all.iter()
            .filter(|one| !one["edits"].as_array().unwrap().is_empty())
            .map(|one| text(&one["check"]).to_owned())
            .collect::<Vec<_>>()
    };
    let before = fixable(&place.yata(&["agents", "audit", "repo", "--format", "json"]).code(1));
    let run = place.yata(&["agents", "audit", "repo", "--fix", "--yes", "--format", "json"]);
    let after = fixable(&run);
    assert!(before.len() >= 8, "{before:?}");
    assert_eq!(after, Vec::<String>::new());
    assert!(!run.out.contains("agents-problem-syntax"), "every file can still be read");
    let again = place.yata(&["agents", "audit", "repo", "--fix", "--yes", "--format", "json"]);
    assert_eq!(lines(&again), lines(&run), "a second run has nothing to write");
}

#[test]
fn sarif_names_rules_places_and_edits() {
    let place = Place::new();
    example(&place, "seeded", "repo");
    let log = place.yata(&["agents", "audit", "repo", "--format", "sarif"]).code(1).json();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 15, "{}", results.len());
    let mut prints = BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(text(&rule["help"]["text"]).len() > 20 && text(&rule["helpUri"]).starts_with("https://"));
        assert!(prints.insert(text(&result["partialFingerprints"]["yata/v1"]).to_owned()), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        assert!(!text(&place["artifactLocation"]["uri"]).starts_with('/'), "{place}");
        for fix in result["fixes"].as_array().into_iter().flatten() {
            assert!(fix["artifactChanges"][0]["replacements"][0]["deletedRegion"]["byteOffset"].is_u64(), "{fix}");
        }
    }
    let markdown = place.yata(&["--lang", "ja", "agents", "audit", "repo", "--format", "markdown"]).code(1);
    markdown.says(&["# コーディングエージェントの問題", "| 緊急 |"]);
}

#[test]
fn a_check_speaks_both_languages() {
    let place = Place::new();
    place.yata(&["agents", "checks", "agents.claude.bypass-mode"]).code(0).says(&["Why:", "理由：", "LLM06:2025"]);
    place.yata(&["agents", "checks", "claude.bypas-mode"]).error(&["did you mean `agents.claude.bypass-mode`?"]);
}

/// A repository with an agent that starts every server.
fn shop(place: &Place) {
    git(place.write("shop/package.json", "{}").parent().unwrap(), &["init", "-q"]);
    place.write("shop/package-lock.json", crate::support::package_lock(&[("left", "2.0.0")]));
    place.write("shop/.vscode/settings.json", r#"{"chat.tools.global.autoApprove": true}"#);
    place.write("shop/.mcp.json", r#"{"mcpServers":{"docs":{"command":"npx","args":["-y","left@1.0.0"]}}}"#);
}

/// `asset rule` of every finding about a configuration.
fn weaknesses(answer: &Value) -> BTreeSet<String> {
    let name = |id: &Value| {
        let mut assets = answer["assets"].as_array().unwrap().iter();
        assets.find(|asset| asset["id"] == *id).map_or("?", |asset| text(&asset["name"])).to_owned()
    };
    let findings = answer["risks"].as_array().unwrap().iter().map(|risk| &risk["finding"]);
    findings
        .filter(|finding| !finding["misconfiguration"].is_null())
        .map(|finding| format!("{} {}", name(&finding["asset_id"]), text(&finding["rule"])))
        .collect()
}

#[test]
fn agents_and_servers_are_assets_and_their_findings_come_and_go() {
    let place = Place::with_intel();
    shop(&place);
    let first = place.answer(&["shop"]);
    let asset = |answer: &Value, name: &str| {
        let mut all = answer["assets"].as_array().unwrap().iter();
        all.find(|asset| asset["name"] == name).cloned().unwrap_or_else(|| panic!("no asset {name}"))
    };
    let claude = asset(&first, "claude-code (shop)");
    assert_eq!((&claude["kind"], &claude["is_ai"]), (&json!("agent"), &json!(true)));
    assert_eq!(claude["depends_on"], json!(["MCP docs (shop)", "shop"]));
    assert_eq!(asset(&first, "MCP docs (shop)")["kind"], "ai_service");
    let approves = "copilot-vscode (shop) agents.vscode.auto-approve-all".to_owned();
    assert!(weaknesses(&first).contains(&approves), "{:#?}", weaknesses(&first));
    // The package of the server is matched like any other.
    let left = crate::support::finding(&first, "left");
    assert_eq!((&left["component"]["version"], &left["asset_id"]), (&json!("1.0.0"), &claude["id"]));
    // The same again: nothing is new.
    let second = place.answer(&["shop"]);
    assert_eq!((&second["changes"]["new"], &second["changes"]["gone"]), (&json!([]), &json!([])));
    // Unreadable is not gone; mended is.
    place.write("shop/.vscode/settings.json", "{ \"chat");
    let unread = place.answer(&["shop"]);
    assert!(weaknesses(&unread).contains(&approves), "{:#?}", weaknesses(&unread));
    assert!(problems(&unread).contains(&".vscode/settings.json: agents-problem-syntax".to_owned()), "{unread}");
    fs::remove_dir_all(place.path("shop/.vscode")).unwrap();
    let mended = place.answer(&["shop"]);
    assert!(!weaknesses(&mended).contains(&approves));
    let gone: Vec<&str> = mended["changes"]["gone"].as_array().unwrap().iter().map(|one| text(&one["rule"])).collect();
    assert!(gone.contains(&"agents.vscode.auto-approve-all"), "{gone:?}");
}

#[test]
fn findings_of_the_audit_are_in_every_format() {
    let place = Place::with_intel();
    shop(&place);
    let sarif = place.assess(&["shop", "--format", "sarif", "--no-save"]).json();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "agents.vscode.auto-approve-all").unwrap();
    assert!(text(&rule["helpUri"]).starts_with("https://code.visualstudio.com/"), "{rule}");
    place
        .assess(&["shop", "--no-save", "--all"])
        .says(&["VS Code approves every tool: .vscode/settings.json", "yata agents audit --fix writes it"]);
    let japanese = place.yata(&["--lang", "ja", "assess", "shop", "--no-save", "--all"]);
    japanese.says(&["yata agents audit --fix で書き込めます"]);
    place.assess(&["shop", "--no-save", "--format", "markdown"]).says(&["agents.vscode.auto-approve-all"]);
}

/// An empty answer is not a clean one.
#[test]
fn where_nothing_was_looked_at_it_is_said() {
    let place = Place::new();
    place.write("shop/src/main.py", "print(1)\n");
    let folder = place.path("shop").display().to_string();
    let run = Run::new(&place.command(&["agents", "audit", &folder]).output().unwrap());
    assert!(run.out.contains("Nothing was looked at"), "{}", run.out);
    assert!(!run.out.contains("Nothing is wrong"), "{}", run.out);
    let run = Run::new(&place.command(&["agents", "audit", "--format", "markdown", &folder]).output().unwrap());
    assert!(run.out.contains("Nothing was looked at"), "{}", run.out);
    let run = Run::new(&place.command(&["agents", "audit", "--format", "json", &folder]).output().unwrap());
    assert_eq!(run.json()["nothing_looked_at"], true);
    place.write("shop/skills/letters/SKILL.md", "---\nname: letters\ndescription: Writes letters.\n---\nBe kind.\n");
    let run = Run::new(&place.command(&["agents", "audit", "--format", "json", &folder]).output().unwrap());
    assert_eq!((&run.json()["nothing_looked_at"], &run.json()["files"]), (&json!(false), &json!(1)));
}
