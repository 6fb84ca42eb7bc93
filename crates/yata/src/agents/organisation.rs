//! `agents.toml`: what the organisation says of its agents, where it is, and what it makes of a machine.

use std::path::{Path, PathBuf};

use yata_agents::managed::{ISSUED_AGENTS, IssuedFile, Organisation, Setback, default_rules, issue, organisation};
use yata_agents::{Machine, Os};
use yata_model::{Message, Problem, ProblemKind};
use yata_words::Lang;

use super::decided::Policy;
use crate::bounded;

/// The name of the file beside an estate file, and in [`PLACES`].
pub(crate) const FILE_NAME: &str = "agents.toml";
/// The largest file of an organisation that is read, in bytes.
const FILE_MAX_BYTES: u64 = 1 << 20;
/// Where a machine keeps it, below its root and below the home directory.
const PLACES: [&str; 2] = ["etc/yata", ".config/yata"];

/// The file of a machine: the system's, else the person's own. A tree's own file is never asked: whoever wrote the tree
/// would say what is allowed in it.
pub(crate) fn of_machine(root: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let [system, own] = PLACES;
    let places = [Some(root.join(system)), home.map(|home| home.join(own))];
    places.into_iter().flatten().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
}

/// Reads the file.
pub(crate) fn read_organisation(file: &Path, lang: Lang) -> anyhow::Result<Organisation> {
    read(file, lang, organisation)
}

/// Reads a file and says all that is wrong with it.
pub(super) fn read<T>(file: &Path, lang: Lang, parse: impl Fn(&str) -> Result<T, Vec<Setback>>) -> anyhow::Result<T> {
    let text = bounded::text(file, FILE_MAX_BYTES)?;
    parse(&text).map_err(|wrong| told(&wrong, lang).context(format!("cannot use `{}`", file.display())))
}

fn setback(one: &Setback, lang: Lang) -> String {
    let id = match one.kind {
        "syntax" => "managed-wrong-syntax",
        "unknown-key" => "managed-wrong-key",
        "unknown-agent" => "managed-wrong-agent",
        "missing" => "managed-wrong-missing",
        "both" => "managed-wrong-both",
        "not-absolute" => "managed-wrong-path",
        "milder" => "agents-settings-wrong-milder",
        _ => "managed-wrong-value",
    };
    let message = Message::new(id).with("line", i64::from(one.line)).with("what", one.what.as_str());
    yata_words::render(lang, &message)
}

/// Tells a machine what the organisation says: which servers are registered, and, where the machine itself is looked at
/// and not only trees, what was issued to it. What cannot be told of that is a problem.
pub(crate) fn tell(machine: &mut Machine, organisation: &Organisation, root: &Path, lang: Lang) -> Option<Problem> {
    machine.managed = true;
    machine.registered_servers = Some(organisation.servers.iter().map(|server| server.name.clone()).collect());
    if machine.home.is_empty() {
        return None;
    }
    match would_be_issued(organisation, machine.os, root, lang) {
        Ok(files) => {
            machine.issued = files;
            None
        }
        Err(why) => {
            let message = Message::new("agents-settings-unknown").with("why", format!("{why:#}"));
            Some(Problem::new(ProblemKind::Unreadable, "agents.toml", message))
        }
    }
}

fn would_be_issued(organisation: &Organisation, os: Os, root: &Path, lang: Lang) -> anyhow::Result<Vec<IssuedFile>> {
    let (policy, rules) = (Policy::deployed(root)?, default_rules());
    let mut files = Vec::new();
    for agent in ISSUED_AGENTS.into_iter().filter(|agent| organisation.agents.contains(agent)) {
        let settled = policy.settle(agent, organisation, &rules).map_err(|wrong| told(&wrong, lang))?;
        files.extend(issue(agent, organisation, &settled, os).unwrap_or_default());
    }
    Ok(files)
}

/// All that is wrong, a line each.
pub(super) fn told(wrong: &[Setback], lang: Lang) -> anyhow::Error {
    let lines: Vec<String> = wrong.iter().map(|one| setback(one, lang)).collect();
    anyhow::anyhow!("{}", lines.join("\n"))
}
