//! The register of systems that an AI made, on the one list: what `yata app check` says, given to the asset of each system.

use std::collections::BTreeSet;
use std::path::Path;

use yata_agents::apps::{AppFinding, Rules};
use yata_collect::{Host, relative_name};
use yata_model::{Misconfiguration, Occurrence, Problem, Scope as Reach, digest_hex};

use super::agents::{DIGEST_CHARS, Weakness, confidence, severity};
use super::assets::{Home, Sorter, Taken, is_below};
use crate::agents::organisation::FILE_NAME;
use crate::app::{self, Checked, Registered};

/// Where the systems of a tree belong.
pub(super) struct Tree<'a> {
    pub(super) root: &'a Path,
    pub(super) repositories: &'a [String],
    pub(super) hosts: &'a [Host],
}

impl Sorter<'_> {
    /// Compares the register with the systems of a tree, where the organisation keeps one or says what its agents may do.
    /// Elsewhere that an agent had a part in something is no weakness, and nothing is looked at.
    pub(super) fn apps(&mut self, tree: &Tree<'_>) -> anyhow::Result<()> {
        if !tree.root.is_dir() {
            return Ok(());
        }
        let registered = app::open(tree.root, None)?;
        let beside = self.scope.estate_file.as_deref().map(|file| file.with_file_name(FILE_NAME));
        let says = beside.is_some_and(|file| file.is_file()) || tree.root.join(FILE_NAME).is_file();
        if registered.text.is_none() && !says {
            self.nothing_wrong(tree, &[]);
            return Ok(());
        }
        let rules = Rules { today: self.scope.today, unmaintained_after_days: None };
        let checked = app::checked(registered, tree.root, rules);
        let apps = checked.registered.register.apps.iter().map(|app| &app.path);
        let folders: BTreeSet<String> = apps.chain(checked.found.iter().map(|found| &found.path)).cloned().collect();
        let folders: Vec<String> = folders.iter().map(|path| inside(&checked.registered, path, tree.root)).collect();
        self.nothing_wrong(tree, &folders);
        self.findings(tree, &checked);
        Ok(())
    }

    /// Each asset could have had such a finding: where it has none now, what it had is gone. `folders` are those of the
    /// systems that were looked at; of the rest only what is an asset already.
    fn nothing_wrong(&mut self, tree: &Tree<'_>, folders: &[String]) {
        let root = [String::new()];
        for folder in folders.iter().chain(tree.repositories).chain(&root) {
            let (path, home) = place(tree, folder);
            let (asset, source, _) = self.asset(&home, &path, tree.repositories, tree.root);
            if let Some(draft) = self.drafts.get_mut(&asset.id) {
                draft.taken.audited.get_or_insert_default();
            } else if let Some(idle) = self.idle.get_mut(&asset.id) {
                idle.audited.get_or_insert_default();
            } else if folders.contains(folder) {
                let idle = Taken { audited: Some(Vec::new()), ..Taken::nothing(asset, source) };
                self.idle.insert(idle.asset.id.clone(), idle);
            }
        }
    }

    fn findings(&mut self, tree: &Tree<'_>, checked: &Checked) {
        let register = shown_register(&checked.registered, tree.root);
        for one in &checked.findings {
            let folder = inside(&checked.registered, &one.path, tree.root);
            let (path, home) = place(tree, &folder);
            let (Some(check), None) = (one.kind.check(), self.matcher.left_out(&path)) else { continue };
            let (asset, source, rule) = self.asset(&home, &path, tree.repositories, tree.root);
            self.used.extend(rule);
            let draft = self.draft_of(asset, &source);
            let found = misconfiguration(one, &register, &folder);
            draft.taken.audited.get_or_insert_default().push(Weakness { check, found });
        }
        for (of, problem) in &checked.problems {
            let folder = of.as_deref().map(|of| inside(&checked.registered, of, tree.root)).unwrap_or_default();
            let (path, home) = place(tree, &folder);
            if self.matcher.left_out(&path).is_some() {
                continue;
            }
            let (asset, source, _) = self.asset(&home, &path, tree.repositories, tree.root);
            let subject = of.as_deref().map_or_else(|| register.clone(), |of| named(&problem.subject, of, &folder));
            let problem = Problem { subject, ..problem.clone() };
            // It may hide what was found before, so its asset must be there to say so.
            self.draft_of(asset, &source).taken.problems.push(problem);
        }
    }
}

/// The subject of a problem from the root of the tree. It is the system's folder `of` as the register names it, something
/// below that, or a file as it is called in that folder.
fn named(subject: &str, of: &str, folder: &str) -> String {
    let inner = match subject.strip_prefix(of) {
        Some("") => "",
        Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/'),
        _ => subject,
    };
    let parts: Vec<&str> = [folder, inner].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// A path in a folder by which its asset is told, and what is around it.
fn place<'a>(tree: &Tree<'a>, folder: &str) -> (String, Home<'a>) {
    let path = if folder.is_empty() { "apps.toml".to_owned() } else { format!("{folder}/apps.toml") };
    let host = tree.hosts.iter().rfind(|host| is_below(&path, &host.folder));
    (path, host.map_or(Home::Folder, Home::Host))
}

/// A folder of the register from the root of the tree; the root itself for one around it.
fn inside(registered: &Registered, path: &str, root: &Path) -> String {
    let folder = if path == "." { registered.base.clone() } else { registered.base.join(path) };
    folder.strip_prefix(root).map(relative_name).unwrap_or_default()
}

/// The register's file from the root of the tree, or in full where it lies around it.
fn shown_register(registered: &Registered, root: &Path) -> String {
    let name = registered.file.file_name().unwrap_or_default();
    let file = registered.base.join(name);
    file.strip_prefix(root).map_or_else(|_| file.display().to_string(), relative_name)
}

fn misconfiguration(one: &AppFinding, register: &str, folder: &str) -> Misconfiguration {
    let [app, path, control] = one.key();
    let mut digest = digest_hex(&["app", app, path, control]);
    digest.truncate(DIGEST_CHARS);
    // What is not in the register has its folder for a place.
    let file = if one.line > 0 || folder.is_empty() { register } else { folder };
    Misconfiguration {
        product: String::new(),
        layer: "project".to_owned(),
        evidence: one.evidence(),
        digest,
        severity: severity(one.severity()),
        confidence: confidence(one.confidence),
        fixable: false,
        owner: None,
        author: None,
        occurrences: vec![Occurrence {
            file: file.to_owned(),
            line: (one.line > 0).then_some(one.line),
            scope: Reach::Runtime,
            direct: None,
            path: Vec::new(),
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn problems_are_named_from_the_root_of_the_tree() {
        let check = |subject: &str, of: &str, folder: &str, expected: &str| {
            assert_eq!(named(subject, of, folder), expected, "{subject} of {of}");
        };
        check(".", ".", "", ".");
        check("./.git", ".", "", ".git");
        check(".env", ".", "", ".env");
        check("repos/a", "repos/a", "repos/a", "repos/a");
        check("repos/a/.git", "repos/a", "repos/a", "repos/a/.git");
        check("src/x.py", "repos/a", "repos/a", "repos/a/src/x.py");
        // Assessed from the system's own folder.
        check("repos/a", "repos/a", "", ".");
        check("repos/a/.git", "repos/a", "", ".git");
    }
}
