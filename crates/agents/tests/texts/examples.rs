//! The examples of `docs/agents/checks.tsv`: each check fires on its own and is silent on the other.

use std::collections::BTreeSet;

use yata_agents::texts::{Kind, TextFinding, ids};

use crate::support::{Stored, found, repository, told, written_out};

/// Checks on texts that need what a text does not have: pins.
const ELSEWHERE: [&str; 1] = ["agents.skill.no-record"];

fn unescaped(cell: &str) -> String {
    written_out(&cell.replace("\\\\", "\u{1}").replace("\\n", "\n").replace("\\t", "\t").replace('\u{1}', "\\"))
}

fn rows() -> Vec<Vec<String>> {
    let table = std::fs::read_to_string(repository().join("docs/agents/checks.tsv")).unwrap();
    table.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn texts_of(id: &str) -> bool {
    ["agents.skill.", "agents.rules.", "agents.mcp.tool-"].iter().any(|start| id.starts_with(start))
}

fn look_at(id: &str, path: &str, example: &str) -> Vec<TextFinding> {
    let file = |path: &str, text: String| Stored { path: path.to_owned(), bytes: text.into_bytes(), link: None };
    let plain = || {
        file("SKILL.md", "---\nname: report\ndescription: Makes the weekly report from the CSV files in data/\n---\nRun `python3 scripts/report.py`.\n".to_owned())
    };
    let (kind, files) = match id {
        "agents.skill.undeclared-network" | "agents.skill.undeclared-process" => {
            (Kind::Skill, vec![plain(), file("scripts/report.py", example.to_owned())])
        }
        "agents.skill.binary" => (Kind::Skill, vec![plain(), file(example.trim(), String::new())]),
        "agents.skill.unread" => {
            let (bytes, _) = example.split_once(' ').unwrap();
            let text = "The week. ".repeat(bytes.parse::<usize>().unwrap() / 10);
            (Kind::Skill, vec![plain(), file("reference/notes.md", text)])
        }
        "agents.skill.symlink-out" | "agents.rules.symlink-out" => {
            let (from, to) = example.trim().split_once(" -> ").unwrap();
            let link = Stored { path: from.to_owned(), bytes: Vec::new(), link: Some(to.to_owned()) };
            (if id.contains("rules") { Kind::Rules } else { Kind::Skill }, vec![plain(), link])
        }
        _ if id.starts_with("agents.rules.") => (Kind::Rules, vec![file("AGENTS.md", example.to_owned())]),
        _ if id.starts_with("agents.mcp.") => (Kind::ToolManifest, vec![file("tools.json", example.to_owned())]),
        _ => (Kind::Skill, vec![file(path.rsplit('/').next().unwrap(), example.to_owned())]),
    };
    let name = if id == "agents.skill.lookalike-name" { "" } else { "report" };
    found(kind, name, &files)
}

fn names(found: &[TextFinding], id: &str) -> bool {
    found.iter().any(|one| one.check == id || one.also.contains(&id))
}

#[test]
fn each_check_fires_on_its_example_and_is_silent_on_the_other() {
    let mut wrong = String::new();
    for row in rows().iter().filter(|row| texts_of(&row[0]) && !ELSEWHERE.contains(&row[0].as_str())) {
        let fires = look_at(&row[0], &row[2], &unescaped(&row[4]));
        if !names(&fires, &row[0]) {
            wrong += &format!("{} does not fire:\n{}", row[0], told(&fires));
        }
        let silent = look_at(&row[0], &row[2], &unescaped(&row[5]));
        let allowed =
            |one: &TextFinding| row[0] == "agents.skill.lookalike-name" && one.check == "agents.skill.front-matter";
        if silent.iter().any(|one| !allowed(one)) {
            wrong += &format!("{} is not silent:\n{}", row[0], told(&silent));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_id_is_a_row_of_the_table() {
    let table: BTreeSet<String> = rows().into_iter().map(|row| row[0].clone()).collect();
    let known: BTreeSet<String> = ids().map(str::to_owned).collect();
    let unknown: Vec<&String> = known.difference(&table).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let missing: Vec<&String> =
        table.iter().filter(|id| texts_of(id) && !known.contains(*id) && !ELSEWHERE.contains(&id.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
