//! Each check on its own cases, and all of them on the examples of `corpus/agents`.
#![expect(clippy::disallowed_methods, reason = "tests read the checks and the examples from disk")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod policy;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use yata_agents::apps::{App, AppFacts, CommitFacts, Detection, FoundApp, Register, Rules, findings};
use yata_agents::managed::{IssuedFile, default_rules, issue, organisation};
use yata_agents::{Agent, AgentFinding, File, Installed, Machine, Os, apply, audit, checks};

/// The cases of a check's file; `checks/README.md` describes them.
#[derive(Deserialize)]
struct Cases {
    #[serde(default)]
    fix: Vec<toml::Value>,
    case: Vec<Case>,
}

/// What is no key of the case itself is one of its file.
#[derive(Deserialize)]
struct Case {
    fires: bool,
    #[serde(default)]
    line: Option<u32>,
    #[serde(default)]
    managed: bool,
    #[serde(default)]
    managed_sources: Vec<String>,
    #[serde(default)]
    os: String,
    #[serde(default)]
    installed: Vec<String>,
    #[serde(default)]
    registered: Option<Vec<String>>,
    /// The text of the organisation's `agents.toml`.
    #[serde(default)]
    issued: String,
    #[serde(default)]
    today: Option<String>,
    #[serde(default)]
    mended: Option<bool>,
    /// The text of `apps.toml`, the day of the agent's commit and of the last one, where the system is, and whether the
    /// folders of the register are gone.
    #[serde(default)]
    register: String,
    #[serde(default)]
    agent_commit: Option<String>,
    #[serde(default)]
    last_commit: Option<String>,
    #[serde(default)]
    system: Option<String>,
    #[serde(default)]
    gone: bool,
    #[serde(default)]
    files: Vec<CaseFile>,
    #[serde(flatten)]
    file: std::collections::BTreeMap<String, toml::Value>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    path: String,
    #[serde(default)]
    text: String,
    /// How often the text stands in the file; 1 where it is left out.
    repeat: Option<usize>,
    mode: Option<u32>,
    owner: Option<String>,
    link: Option<String>,
    tracked: Option<bool>,
    ignored: Option<bool>,
    #[serde(default)]
    unreadable: bool,
    #[serde(default)]
    folder_writable: bool,
}

fn file(case: &CaseFile) -> File {
    let relative = !case.path.starts_with('~') && !case.path.starts_with('/');
    File {
        path: case.path.clone(),
        project: if relative { "/home/dev/src/shop".to_owned() } else { String::new() },
        bytes: case.text.repeat(case.repeat.unwrap_or(1)).into_bytes(),
        unreadable: case.unreadable,
        owner: case.owner.clone(),
        mode: case.mode,
        folder_writable: case.folder_writable,
        link: case.link.clone(),
        tracked: case.tracked,
        ignored: case.ignored,
    }
}

/// What is issued to all agents of an organisation; nothing where the case has none.
fn issued(text: &str) -> Vec<IssuedFile> {
    if text.is_empty() {
        return Vec::new();
    }
    let organisation = organisation(text).unwrap();
    let settled = |agent: &Agent| policy::settled(*agent, &organisation, &default_rules());
    let issue = |agent: &Agent| issue(*agent, &organisation, &settled(agent), Os::Linux).unwrap();
    organisation.agents.iter().flat_map(issue).collect()
}

fn machine(case: &Case) -> Machine {
    let mut files = case.files.clone();
    if !case.file.is_empty() {
        let table: toml::Table = case.file.clone().into_iter().collect();
        files.insert(0, table.try_into().unwrap());
    }
    let installed = case.installed.iter().map(|words| {
        let mut words = words.split(' ');
        let mut next = || words.next().unwrap_or_default().to_owned();
        Installed { agent: next(), version: next(), extension: next() }
    });
    Machine {
        home: "/home/dev".to_owned(),
        os: if case.os == "macos" { Os::Macos } else { Os::Linux },
        managed: case.managed,
        managed_sources: case.managed_sources.clone(),
        files: files.iter().map(file).collect(),
        installed: installed.collect(),
        registered_servers: case.registered.clone(),
        issued: issued(&case.issued),
        today: case.today.clone(),
    }
}

/// The checks that fire on a register and a system beside it.
fn of_register(case: &Case) -> Vec<&'static str> {
    let register = Register::read(case.register.as_bytes());
    assert!(register.faults.is_empty(), "{:?}", register.faults);
    let seconds = |day: &str| format!("{day}T09:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
    let detected = |day: Option<&String>, by: &'static str| {
        let mut detection = Detection::default();
        if let Some(day) = day {
            detection.commit(&CommitFacts { email: by, seconds: seconds(day), ..CommitFacts::default() });
        }
        detection.finish()
    };
    let of_app = AppFacts {
        present: !case.gone,
        files: Vec::new(),
        detected: detected(case.last_commit.as_ref(), "aki@example.test"),
    };
    let looked: Vec<(&App, AppFacts)> = register.apps.iter().map(|app| (app, of_app.clone())).collect();
    let path = case.system.clone().unwrap_or_else(|| "tools/leave".to_owned());
    let found = [FoundApp { path, detected: detected(case.agent_commit.as_ref(), "noreply@anthropic.com") }];
    let rules = Rules { today: case.today.as_deref().unwrap().parse().unwrap(), unmaintained_after_days: None };
    findings(&register, &looked, &found, rules).iter().map(|one| one.kind.check().unwrap().id).collect()
}

fn named(finding: &AgentFinding, id: &str) -> bool {
    finding.check.id == id || finding.also.contains(&id)
}

/// The checks whose id begins with what `YATA_CHECK` says; all without it.
fn wanted(id: &str) -> bool {
    std::env::var("YATA_CHECK").map_or(true, |start| id.starts_with(&start))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_check_on_its_cases() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for check in checks().iter().filter(|check| wanted(check.id)) {
        let (folder, name) = check.id.strip_prefix("agents.").unwrap().split_once('.').unwrap();
        let path = root().join(format!("checks/{folder}/{name}.toml"));
        let cases: Cases = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for (number, case) in cases.case.iter().enumerate() {
            seen += 1;
            if check.subject == "app" {
                let ids = of_register(case);
                if case.fires != ids.contains(&check.id) {
                    wrong.push(format!("{} case {number}: fires = {}, found {ids:?}", check.id, case.fires));
                }
                continue;
            }
            let machine = machine(case);
            let findings = audit(&machine);
            let of_check: Vec<&AgentFinding> = findings.iter().filter(|finding| named(finding, check.id)).collect();
            if case.fires == of_check.is_empty() {
                let ids: Vec<&str> = findings.iter().map(|finding| finding.check.id).collect();
                wrong.push(format!("{} case {number}: fires = {}, found {ids:?}", check.id, case.fires));
                continue;
            }
            if let Some(line) = case.line.filter(|line| !of_check.iter().any(|finding| finding.line == *line)) {
                let lines: Vec<u32> = of_check.iter().map(|finding| finding.line).collect();
                wrong.push(format!("{} case {number}: line {line} expected, found {lines:?}", check.id));
            }
            let first = of_check.first().filter(|_| !cases.fix.is_empty() && case.mended != Some(false));
            wrong.extend(
                first
                    .and_then(|_| unmended(check.id, &machine))
                    .map(|text| format!("{} case {number}: {text}", check.id)),
            );
        }
    }
    assert!(wrong.is_empty(), "{} wrong of {seen} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > 0, "no check begins so");
}

/// Whether a check still fires after its edits, one finding after the other, or the edits break the file.
fn unmended(id: &str, machine: &Machine) -> Option<String> {
    let broken =
        |findings: &[AgentFinding]| findings.iter().filter(|one| named(one, "agents.settings.unparsed")).count();
    let before = broken(&audit(machine));
    let mut machine = machine.clone();
    for _ in 0..8 {
        let findings = audit(&machine);
        if broken(&findings) > before {
            return Some("its edit breaks the file".to_owned());
        }
        let finding = findings.iter().find(|finding| named(finding, id))?;
        if finding.check.id != id {
            return None;
        }
        let Some(edit) = finding.edits.first() else { return Some("no edit".to_owned()) };
        let file = machine.files.get_mut(edit.span.file)?;
        file.bytes = apply(&file.bytes, &finding.edits);
    }
    let texts: Vec<String> =
        machine.files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
    Some(format!("fires after its edit:\n{}", texts.join("\n")))
}

/// Every place that the facts name is one that an agent's file is looked for at.
#[test]
fn every_example_path_is_a_place() {
    let rows = fs::read_to_string(root().join("../../docs/agents/checks.tsv")).unwrap();
    let paths: std::collections::BTreeSet<&str> =
        rows.lines().skip(1).filter_map(|row| row.split('\t').nth(2)).collect();
    assert!(paths.len() > 40);
    let unknown: Vec<&str> = paths
        .into_iter()
        .filter(|path| *path != "inventory" && !path.ends_with('/'))
        .filter(|path| yata_agents::place_of(&File { path: (*path).to_owned(), ..File::default() }).is_none())
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// A folder of the corpus as files of a machine; `place` turns its path there into the path on the machine.
fn corpus(folder: &Path, place: &dyn Fn(&str) -> (String, String)) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            let inside = format!("/{inside}").replace("/dot-", "/.");
            let inside = inside.strip_suffix(".txt").filter(|bare| bare.ends_with(".md")).unwrap_or(&inside).to_owned();
            let (path_there, project) = place(&inside);
            let text = fs::read_to_string(&path).unwrap().replace("\\u{200b}", "\u{200b}");
            files.push(File {
                path: path_there,
                project,
                bytes: text.into_bytes(),
                mode: Some(0o644),
                tracked: Some(true),
                ..File::default()
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn shown(findings: &[AgentFinding]) -> String {
    let line = |finding: &AgentFinding| {
        format!(
            "{}:{}:{} {} [{}] {:?}",
            finding.path, finding.line, finding.column, finding.check.id, finding.evidence, finding.also
        )
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn silent_on_the_hardened_machine() {
    let place = |path: &str| match path.strip_prefix("/home/dev/src/shop/") {
        Some(rest) => (rest.to_owned(), "/home/dev/src/shop".to_owned()),
        None => {
            (path.strip_prefix("/home/dev").map_or_else(|| path.to_owned(), |rest| format!("~{rest}")), String::new())
        }
    };
    let mut files = corpus(&root().join("../../corpus/agents/hardened"), &place);
    for file in &mut files {
        file.owner = Some(if file.path.starts_with('/') { "root" } else { "dev" }.to_owned());
    }
    assert!(files.len() > 20, "{}", files.len());
    let machine = Machine { home: "/home/dev".to_owned(), managed: true, files, ..Machine::default() };
    let findings = audit(&machine);
    assert!(findings.is_empty(), "{}", shown(&findings));
}

/// The rows of the seeded repository are found at their lines, and nothing much else.
#[test]
fn the_seeded_repository() {
    let folder = root().join("../../corpus/agents");
    let mut files = corpus(&folder.join("seeded"), &|path| (path.trim_start_matches('/').to_owned(), String::new()));
    let links = fs::read_to_string(folder.join("seeded.links.tsv")).unwrap();
    for row in links.lines().skip(1) {
        let (path, target) = row.split_once('\t').unwrap();
        files.push(File {
            path: path.to_owned(),
            link: Some(target.to_owned()),
            tracked: Some(true),
            ..File::default()
        });
    }
    let machine = Machine { files, ..Machine::default() };
    let findings = audit(&machine);
    let rows = fs::read_to_string(folder.join("seeded.tsv")).unwrap();
    let rows: Vec<Vec<&str>> = rows.lines().skip(1).map(|row| row.split('\t').collect()).collect();
    let mut missed = Vec::new();
    let mut right = vec![false; findings.len()];
    for row in &rows {
        let (path, text, id, also) = (row[1], row[2], row[3], row.get(4).copied().unwrap_or_default());
        let file = machine.files.iter().find(|file| file.path == path).unwrap();
        let body = String::from_utf8_lossy(&file.bytes).into_owned();
        let line = body.lines().zip(1_u32..).find(|(line, _)| line.contains(text)).map(|(_, number)| number);
        let at_place = |finding: &AgentFinding| finding.path == path && (text.is_empty() || Some(finding.line) == line);
        let found = findings.iter().any(|finding| at_place(finding) && named(finding, id));
        for (slot, finding) in right.iter_mut().zip(&findings) {
            let known = named(finding, id) || also.split('|').any(|other| !other.is_empty() && named(finding, other));
            *slot |= at_place(finding) && known;
        }
        if !found {
            missed.push(format!("{path} {text} {id}"));
        }
    }
    let others: Vec<AgentFinding> =
        findings.iter().zip(&right).filter(|(_, right)| !**right).map(|(finding, _)| finding.clone()).collect();
    assert_eq!(rows.len(), 45);
    assert!(missed.is_empty(), "missed:\n{}\nall:\n{}", missed.join("\n"), shown(&findings));
    assert!(others.len() <= 3, "{} findings that are none:\n{}", others.len(), shown(&others));
}
