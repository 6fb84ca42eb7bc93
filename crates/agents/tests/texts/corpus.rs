//! The corpus: plain skills, quiet attacks, the faulty repository, the hardened machine. `docs/agents/seeded.md` says what
//! must happen.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use yata_agents::texts::{Kind, Severity, TextFinding, known_skills, look_alike};

use crate::support::{Stored, found, repository, stored, told};

fn corpus() -> PathBuf {
    repository().join("corpus/agents")
}

/// The artefacts of a tree of files: skills by folder, sub-agents, commands, the rest of the Markdown as rules.
fn artefacts(files: Vec<Stored>) -> Vec<(Kind, String, String, Vec<Stored>)> {
    let mut groups: BTreeMap<(Kind, String), Vec<Stored>> = BTreeMap::new();
    for mut file in files {
        let parts: Vec<&str> = file.path.split('/').collect();
        let at = |name: &str| parts.iter().position(|part| *part == name);
        let (kind, folder) = if let Some(index) = at("skills") {
            (Kind::Skill, parts[..index + 2].join("/"))
        } else if at("agents").is_some() && file.path.ends_with(".md") {
            (Kind::SubAgent, parts[..parts.len() - 1].join("/"))
        } else if at("commands").is_some() {
            (Kind::Command, parts[..parts.len() - 1].join("/"))
        } else if ["AGENTS.md", "CLAUDE.md"].contains(parts.last().unwrap()) {
            (Kind::Rules, String::new())
        } else {
            continue;
        };
        file.path = file.path.strip_prefix(&format!("{folder}/")).unwrap_or(&file.path).to_owned();
        groups.entry((kind, folder)).or_default().push(file);
    }
    let name = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
    groups.into_iter().map(|((kind, folder), files)| (kind, name(&folder), folder, files)).collect()
}

/// All that is found below a folder, with paths from there.
fn all(files: Vec<Stored>) -> Vec<TextFinding> {
    let mut list = Vec::new();
    for (kind, name, folder, files) in artefacts(files) {
        for mut one in found(kind, &name, &files) {
            if !folder.is_empty() {
                one.file = format!("{folder}/{}", one.file);
            }
            list.push(one);
        }
    }
    list
}

#[test]
fn plain_skills_are_left_alone() {
    let mut high = Vec::new();
    let mut medium = Vec::new();
    let mut count = 0;
    for folder in fs::read_dir(corpus().join("skills")).unwrap().map(|entry| entry.unwrap().path()) {
        count += 1;
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for one in found(Kind::Skill, &name, &stored(&folder)) {
            let list = if one.severity >= Severity::High { &mut high } else { &mut medium };
            list.push(TextFinding { file: format!("{name}/{}", one.file), ..one });
        }
    }
    assert_eq!(count, 17);
    assert!(high.is_empty(), "{}", told(&high));
    assert!(medium.len() <= 2, "{}", told(&medium));
}

#[test]
fn quiet_attacks_are_found() {
    let table = fs::read_to_string(corpus().join("attacks.tsv")).unwrap();
    let mut missed = String::new();
    for row in table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()) {
        let (name, file) = row[0].split_once('/').unwrap();
        let kind = if file == "AGENTS.md" { Kind::Rules } else { Kind::Skill };
        let list = found(kind, name, &stored(&corpus().join("attacks").join(name)));
        let hit = list.iter().any(|one| {
            row[1].split('|').any(|check| one.check == check || one.also.contains(&check))
                && one.severity >= Severity::High
        });
        if !hit {
            missed += &format!("{name}:\n{}", told(&list));
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

#[test]
fn seeded_faults_of_texts_are_found_and_nothing_else() {
    let mut files = stored(&corpus().join("seeded"));
    let links = fs::read_to_string(corpus().join("seeded.links.tsv")).unwrap();
    for (path, target) in links.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        files.push(Stored { path: path.to_owned(), bytes: Vec::new(), link: Some(target.to_owned()) });
    }
    let texts: BTreeMap<String, String> =
        files.iter().map(|file| (file.path.clone(), String::from_utf8_lossy(&file.bytes).into_owned())).collect();
    let mut list = all(files);
    let table = fs::read_to_string(corpus().join("seeded.tsv")).unwrap();
    let mut missed = Vec::new();
    let mine = ["agents.skill.", "agents.rules.", "agents.claude.command-dynamic"];
    for row in table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()) {
        if !mine.iter().any(|start| row[3].starts_with(start)) {
            continue;
        }
        let line = texts[row[1]]
            .lines()
            .position(|line| !row[2].is_empty() && line.contains(row[2]))
            .map_or(1, |line| line + 1);
        let line = u32::try_from(line).unwrap();
        let there = |one: &TextFinding| one.file == row[1] && (row[2].is_empty() || one.line == line);
        if !list.iter().any(|one| there(one) && (one.check == row[3] || one.also.contains(&row[3]))) {
            missed.push(format!("{row:?}"));
        }
        let right: Vec<&str> = row.get(4).into_iter().flat_map(|also| also.split('|')).chain([row[3]]).collect();
        list.retain(|one| !(there(one) && right.contains(&one.check)));
    }
    assert!(missed.is_empty(), "{missed:#?}\nleft:\n{}", told(&list));
    assert!(list.is_empty(), "{}", told(&list));
}

#[test]
fn the_hardened_machine_is_silent() {
    let list = all(stored(&corpus().join("hardened/home/dev/src/shop")));
    assert!(list.is_empty(), "{}", told(&list));
}

#[test]
fn the_names_of_plain_skills_are_no_look_alikes() {
    let names: Vec<String> = fs::read_dir(corpus().join("skills"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let known: Vec<&str> = known_skills().collect();
    assert!(look_alike(&names, &known).is_empty());
}
