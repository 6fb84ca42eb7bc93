//! Which of the files that have the name of an inventory count.

use std::collections::HashSet;

use yata_formats::inventory::Unsupported;
use yata_model::{Message, Problem, ProblemKind};

use crate::Wanted;

/// Formats that say what is there, wherever they stand; the others say what a project wants.
const STATES_OF_FACT: [&str; 4] = ["CycloneDX JSON", "SPDX JSON", "dpkg status", "installed Python package"];

/// Whether a path is inside a folder of installed npm packages.
pub(crate) fn in_node_modules(name: &str) -> bool {
    name.starts_with("node_modules/") || name.contains("/node_modules/")
}

/// Whether an inventory counts as far as its path can tell: see the list at the top of the crate.
pub(crate) fn counts(name: &str, format: &str) -> bool {
    if !in_node_modules(name) {
        // npm's hidden lockfile means nothing outside `node_modules`.
        return !name.ends_with(".package-lock.json");
    }
    STATES_OF_FACT.contains(&format) || project_of_hidden_lockfile(name).is_some()
}

/// The project folder of an outermost `node_modules/.package-lock.json`, with its `/`.
fn project_of_hidden_lockfile(name: &str) -> Option<&str> {
    let project = name.strip_suffix("node_modules/.package-lock.json")?;
    let outermost = !in_node_modules(project) && (project.is_empty() || project.ends_with('/'));
    outermost.then_some(project)
}

/// The files to read, sorted; npm's hidden lockfile only where no lockfile stands beside its `node_modules`.
pub(crate) fn select(mut wanted: Vec<Wanted>) -> Vec<Wanted> {
    let names: HashSet<String> = wanted
        .iter()
        .filter(|file| matches!(file.format.name, "package-lock.json" | "yarn.lock"))
        .map(|file| file.name.clone())
        .collect();
    wanted.retain(|file| match project_of_hidden_lockfile(&file.name) {
        Some(project) => ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock"]
            .iter()
            .all(|lockfile| !names.contains(&format!("{project}{lockfile}"))),
        None => true,
    });
    wanted.sort_by(|a, b| a.name.cmp(&b.name));
    wanted
}

/// The problem of an inventory that cannot be read yet.
pub(crate) fn unsupported_problem(name: &str, unsupported: Unsupported) -> Problem {
    let message = Message::new("problem-format-unsupported").with("file", name).with("format", unsupported.name);
    Problem::new(ProblemKind::Unparsable, name, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lockfiles_of_dependencies_do_not_count() {
        for (name, format, expected) in [
            ("a/package-lock.json", "package-lock.json", true),
            ("node_modules/a/package-lock.json", "package-lock.json", false),
            ("x/node_modules/a/requirements.txt", "pip requirements", false),
            ("x/node_modules/a/bom.json", "CycloneDX JSON", true),
            ("x/node_modules/.package-lock.json", "package-lock.json", true),
            ("x/node_modules/a/node_modules/.package-lock.json", "package-lock.json", false),
            ("my_node_modules/package-lock.json", "package-lock.json", true),
            ("x/.package-lock.json", "package-lock.json", false),
        ] {
            assert_eq!(counts(name, format), expected, "{name}");
        }
    }
}
