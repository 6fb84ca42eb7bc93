//! What the organisation has: every file that was read, given to its asset.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use yata_collect::{Collected, CollectedFile, Control, Host, Options, collect};
use yata_formats::estate::{Assignment, EstateMatcher};
use yata_model::{
    Asset, AssetKind, AssetRule, Component, Exposure, Message, MissionImpact, Problem, ProblemKind, asset_id,
};

use super::agents;
use super::apps::Tree;
use super::scope::Scope;
use super::secrets::{self, Eye, Secrets};
use crate::Terminal;
use crate::cli::AssessArgs;
use crate::data::DataFolder;

/// Everything that was read.
pub(super) struct Inventory {
    pub(super) assets: Vec<Taken>,
    /// Assets that were looked into and in which nothing was found. Where something was found before, it is gone.
    pub(super) idle: Vec<Taken>,
    /// Problems that belong to no asset.
    pub(super) problems: Vec<Problem>,
    /// What of the history could not be looked into: it may hide what was found there before.
    pub(super) history_problems: Vec<Problem>,
}

/// One asset and what it has.
pub(super) struct Taken {
    pub(super) asset: Asset,
    /// Who says what is known of the asset, or could have said it (`yata.toml:12`).
    pub(super) source: String,
    /// Each purl once, sorted.
    pub(super) components: Vec<Component>,
    /// Each credential once.
    pub(super) secrets: Vec<secrets::Found>,
    /// What is wrong with its agents, or with it where an AI made it, where that was looked at.
    pub(super) audited: Option<Vec<agents::Weakness>>,
    pub(super) problems: Vec<Problem>,
}

impl Taken {
    pub(super) fn nothing(asset: Asset, source: String) -> Self {
        Taken { asset, source, components: Vec::new(), secrets: Vec::new(), audited: None, problems: Vec::new() }
    }
}

/// Where a file belongs, before the estate has its say.
pub(super) enum Home<'a> {
    Host(&'a Host),
    Sbom { names: Vec<&'a str>, has_subject: bool },
    Folder,
}

pub(super) struct Draft {
    pub(super) taken: Taken,
    secrets: Secrets,
    by_purl: BTreeMap<String, Component>,
}

pub(super) struct Sorter<'a> {
    pub(super) scope: &'a Scope,
    pub(super) matcher: EstateMatcher<'a>,
    pub(super) drafts: BTreeMap<String, Draft>,
    /// What was looked into, by the id of the asset.
    pub(super) idle: BTreeMap<String, Taken>,
    pub(super) used: BTreeSet<usize>,
    /// How many files each glob of `leave_out` took away.
    pub(super) left_out: BTreeMap<String, usize>,
    problems: Vec<Problem>,
    history_problems: Vec<Problem>,
}

/// Walks every target and gives each file to its asset.
pub(super) fn take(
    scope: &Scope,
    args: &AssessArgs,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<Inventory> {
    let eye = if args.no_secrets { None } else { Some(Eye::open(data, args.no_save)?) };
    let kept = (!args.no_save).then_some(data);
    let matcher = EstateMatcher::new(&scope.estate)?;
    let mut sorter = Sorter {
        scope,
        matcher,
        drafts: BTreeMap::new(),
        idle: BTreeMap::new(),
        used: BTreeSet::new(),
        left_out: BTreeMap::new(),
        problems: Vec::new(),
        history_problems: Vec::new(),
    };
    let options = Options { gitignore: args.gitignore, ..Options::default() };
    let show = |step: yata_collect::Progress| {
        terminal.progress.step(&Message::new("progress-collecting"), step.files_read, step.files_to_read);
    };
    for target in &scope.targets {
        let collected = collect(target, &options, &Control { progress: Some(&show), cancel: None });
        let root = target.canonicalize().with_context(|| format!("cannot resolve `{}`", target.display()))?;
        let (repositories, hosts) = (collected.repositories.clone(), collected.hosts.clone());
        let seen = sorter.look(&root, &collected);
        let Some(eye) = &eye else {
            sorter.sort(collected, &root, target, seen.is_some());
            sorter.agents(seen.as_ref(), &repositories, &hosts, &root);
            sorter.apps(&Tree { root: &root, repositories: &repositories, hosts: &hosts })?;
            continue;
        };
        let looked = eye.tree(&root, &options, &sorter.matcher, terminal);
        sorter.looked_into(&looked, &repositories, &hosts, &root);
        sorter.sort(collected, &root, target, looked.files > 0);
        sorter.secrets(looked, &repositories, &hosts, &root);
        sorter.agents(seen.as_ref(), &repositories, &hosts, &root);
        sorter.apps(&Tree { root: &root, repositories: &repositories, hosts: &hosts })?;
        if args.history {
            for folder in &repositories {
                sorter.history(eye, folder, &repositories, &root, kept, terminal);
            }
        }
        sorter.blame(&repositories, &root);
    }
    Ok(sorter.finish())
}

impl Sorter<'_> {
    fn sort(&mut self, collected: Collected, root: &Path, target: &Path, looked_into: bool) {
        let Collected { files, repositories, hosts, problems, .. } = collected;
        // Where everything is left out, nothing was checked either.
        let is_wanted = |path: &str| self.matcher.left_out(path).is_none();
        let any = files.iter().any(|file| is_wanted(&file.path)) || problems.iter().any(|one| is_wanted(&one.subject));
        if !any && !looked_into {
            let message = Message::new("problem-no-inventory")
                .with("target", target.display().to_string())
                .with("formats", yata_formats::inventory::format_names());
            self.problems.push(Problem::new(ProblemKind::Unreadable, target.display().to_string(), message));
        }
        for file in files {
            if let Some(glob) = self.matcher.left_out(&file.path) {
                *self.left_out.entry(glob.to_owned()).or_default() += 1;
                continue;
            }
            let home = home(&file, &hosts);
            let empty = matches!(home, Home::Sbom { .. })
                && file.parsed.components.is_empty()
                && file.parsed.problems.is_empty();
            if empty {
                let message = Message::new("problem-no-components").with("file", file.path.as_str());
                self.problems.push(Problem::new(ProblemKind::BadEntry, file.path.as_str(), message));
            }
            let key = self.draft(&home, &file.path, &repositories, root);
            if let Some(draft) = self.drafts.get_mut(&key) {
                for component in file.parsed.components {
                    draft.add(component);
                }
                draft.taken.problems.extend(file.parsed.problems);
            }
        }
        for problem in problems {
            self.problem(problem, &repositories, &hosts, root);
        }
    }

    /// Remembers the assets of every folder that was looked into, whether or not something is found there.
    fn looked_into(&mut self, looked: &secrets::Looked, repositories: &[String], hosts: &[Host], root: &Path) {
        for path in looked.folders.values() {
            let host = hosts.iter().rfind(|host| is_below(path, &host.folder));
            let (asset, source, _) = self.asset(&host.map_or(Home::Folder, Home::Host), path, repositories, root);
            self.idle.entry(asset.id.clone()).or_insert_with(|| Taken::nothing(asset, source));
        }
    }

    /// Gives what was found in files to their assets.
    fn secrets(&mut self, looked: secrets::Looked, repositories: &[String], hosts: &[Host], root: &Path) {
        for (glob, count) in looked.left_out {
            // The inventories among them were counted already.
            let known = self.left_out.entry(glob).or_default();
            *known = (*known).max(count);
        }
        for sighting in looked.sightings {
            let path = sighting.path().to_owned();
            let host = hosts.iter().rfind(|host| is_below(&path, &host.folder));
            let key = self.draft(&host.map_or(Home::Folder, Home::Host), &path, repositories, root);
            if let Some(draft) = self.drafts.get_mut(&key) {
                draft.secrets.add(sighting);
            }
        }
        // What could not be looked into may hide what was found before, so its asset must be there to say so.
        for problem in looked.problems {
            let path = problem.subject.split("!/").next().unwrap_or_default().to_owned();
            let host = hosts.iter().rfind(|host| is_below(&path, &host.folder));
            if problem.is_gap() && !problem.waived && self.matcher.left_out(&path).is_none() {
                self.draft(&host.map_or(Home::Folder, Home::Host), &path, repositories, root);
            }
            self.problem(problem, repositories, hosts, root);
        }
    }

    /// Looks into the history of one repository, and gives what was found to its assets.
    fn history(
        &mut self,
        eye: &Eye,
        folder: &str,
        repositories: &[String],
        root: &Path,
        kept: Option<&DataFolder>,
        terminal: &Terminal,
    ) {
        let (looked, past) = match eye.history(root, folder, kept, terminal) {
            Ok(found) => found,
            Err(error) => {
                let subject = if folder.is_empty() { ".git".to_owned() } else { format!("{folder}/.git") };
                let message =
                    Message::new("problem-unreadable").with("file", subject.as_str()).with("why", format!("{error:#}"));
                self.history_problems.push(Problem::new(ProblemKind::Unreadable, subject, message));
                return;
            }
        };
        self.history_problems.extend(looked.problems);
        for (sighting, place) in past {
            let path = if place.file.is_empty() { folder.to_owned() } else { place.file.clone() };
            if let Some(glob) = self.matcher.left_out(&path) {
                *self.left_out.entry(glob.to_owned()).or_default() += 1;
                continue;
            }
            let key = self.draft(&Home::Folder, &path, repositories, root);
            if let Some(draft) = self.drafts.get_mut(&key) {
                draft.secrets.add_past(sighting, place);
            }
        }
    }

    fn blame(&mut self, repositories: &[String], root: &Path) {
        for draft in self.drafts.values_mut() {
            draft.secrets.blame(root, repositories);
        }
    }

    /// Gives a problem to the asset of its file, or to none.
    pub(super) fn problem(&mut self, problem: Problem, repositories: &[String], hosts: &[Host], root: &Path) {
        if let Some(glob) = self.matcher.left_out(&problem.subject) {
            *self.left_out.entry(glob.to_owned()).or_default() += 1;
            return;
        }
        let host = hosts.iter().find(|host| is_below(&problem.subject, &host.folder));
        let home = host.map_or(Home::Folder, Home::Host);
        let (asset, _, _) = self.asset(&home, &problem.subject, repositories, root);
        let taken = self.drafts.get_mut(&asset.id).map(|draft| &mut draft.taken);
        match taken.or_else(|| self.idle.get_mut(&asset.id)) {
            Some(taken) => taken.problems.push(problem),
            None => self.problems.push(problem),
        }
    }

    /// The draft of an asset that is known already.
    pub(super) fn draft_of(&mut self, asset: Asset, source: &str) -> &mut Draft {
        self.drafts.entry(asset.id.clone()).or_insert_with(|| Draft {
            taken: Taken::nothing(asset, source.to_owned()),
            secrets: Secrets::default(),
            by_purl: BTreeMap::new(),
        })
    }

    /// The draft that a file belongs to, by the id of its asset.
    fn draft(&mut self, home: &Home<'_>, path: &str, repositories: &[String], root: &Path) -> String {
        let (asset, source, rule) = self.asset(home, path, repositories, root);
        self.used.extend(rule);
        let id = asset.id.clone();
        self.drafts.entry(id.clone()).or_insert_with(|| Draft {
            taken: Taken::nothing(asset, source),
            secrets: Secrets::default(),
            by_purl: BTreeMap::new(),
        });
        id
    }

    /// The asset of a file, who says so, and the rule of the estate that did.
    pub(super) fn asset(
        &self,
        home: &Home<'_>,
        path: &str,
        repositories: &[String],
        root: &Path,
    ) -> (Asset, String, Option<usize>) {
        let kind = match home {
            Home::Host(_) => AssetKind::Host,
            Home::Sbom { .. } => AssetKind::Sbom,
            Home::Folder => AssetKind::Repository,
        };
        let by_home = match home {
            Home::Host(host) => host.name.as_deref().and_then(|name| self.matcher.for_host(name)),
            Home::Sbom { names, .. } => self.matcher.for_sbom(names),
            Home::Folder => None,
        };
        match by_home.or_else(|| self.matcher.for_path(path)) {
            Some(assignment) => {
                let source = format!("{}:{}", self.scope.estate_name(), assignment.rule.line);
                let index = assignment.index;
                (self.declared(kind, assignment), source, Some(index))
            }
            None => (undeclared(kind, home, path, repositories, root), self.scope.estate_name(), None),
        }
    }

    fn declared(&self, kind: AssetKind, assignment: Assignment<'_>) -> Asset {
        let Assignment { rule, name, .. } = assignment;
        let kind = rule.kind.unwrap_or(kind);
        let service = rule.service.as_deref().and_then(|id| self.scope.estate.service(id));
        let AssetRule { owner, exposure, mission_impact, data_classes, ai, depends_on, .. } = rule;
        let is_ai = *ai || matches!(kind, AssetKind::AiService | AssetKind::Agent | AssetKind::Model);
        Asset {
            id: asset_id(kind, &name),
            kind,
            name,
            service: service.map(|service| service.id.clone()),
            owner: owner.clone().or_else(|| service.and_then(|service| service.owner.clone())),
            exposure: exposure.unwrap_or(Exposure::Unknown),
            mission_impact: mission_impact
                .or(service.map(|service| service.mission_impact))
                .unwrap_or(MissionImpact::Unknown),
            data_classes: data_classes.clone(),
            is_ai,
            depends_on: depends_on.clone(),
        }
    }

    fn finish(mut self) -> Inventory {
        if self.scope.estate_file.is_some() {
            self.problems.extend(self.matcher.matched_nothing(&self.scope.estate_name(), &self.used));
        }
        for (glob, count) in &self.left_out {
            // What is left out is a gap that the estate file waives itself: every output shows it.
            let message = Message::new("problem-left-out").with("file", self.scope.estate_name()).with("count", *count);
            self.problems.push(Problem { waived: true, ..Problem::new(ProblemKind::Estate, glob.as_str(), message) });
        }
        for (id, draft) in &mut self.drafts {
            if let Some(idle) = self.idle.remove(id) {
                draft.taken.problems.extend(idle.problems);
                draft.taken.audited = draft.taken.audited.take().or(idle.audited);
            }
        }
        let assets = self.drafts.into_values().map(Draft::finish).collect();
        Inventory {
            assets,
            idle: self.idle.into_values().collect(),
            problems: self.problems,
            history_problems: self.history_problems,
        }
    }
}

impl Draft {
    pub(super) fn add(&mut self, component: Component) {
        match self.by_purl.get_mut(&component.purl) {
            Some(known) => known.occurrences.extend(component.occurrences),
            None => {
                self.by_purl.insert(component.purl.clone(), component);
            }
        }
    }

    fn finish(self) -> Taken {
        let mut components: Vec<Component> = self.by_purl.into_values().collect();
        for component in &mut components {
            component.occurrences.sort();
            component.occurrences.dedup();
        }
        Taken { components, secrets: self.secrets.into_found(), ..self.taken }
    }
}

fn home<'a>(file: &'a CollectedFile, hosts: &'a [Host]) -> Home<'a> {
    if file.format.starts_with("CycloneDX") || file.format.starts_with("SPDX") {
        let base = file.path.rsplit('/').next().unwrap_or(&file.path);
        let subject = file.parsed.subject.as_ref().map(|subject| subject.name.as_str());
        let has_subject = subject.is_some();
        return Home::Sbom { names: subject.into_iter().chain([base, file.path.as_str()]).collect(), has_subject };
    }
    // INVARIANT: hosts are sorted by folder, so the last one that holds the file is the innermost.
    match hosts.iter().rfind(|host| is_below(&file.path, &host.folder)) {
        Some(host) => Home::Host(host),
        None => Home::Folder,
    }
}

pub(super) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// An asset of which nobody has said anything. An SBOM is what it says it is about; everything else is known by where
/// it stands, so that two folders of one name are two assets, and a single file is not the folder it lies in: what it
/// does not name is not gone from there.
fn undeclared(kind: AssetKind, home: &Home<'_>, path: &str, repositories: &[String], root: &Path) -> Asset {
    let is_file = root.is_file();
    let (place, name) = match home {
        Home::Sbom { names, has_subject } => {
            let name = names.first().copied().unwrap_or(path).to_owned();
            if *has_subject {
                return Asset::unknown(kind, name);
            }
            (if is_file { root.to_owned() } else { root.join(path) }, Some(name))
        }
        Home::Folder if is_file => (root.to_owned(), file_name_in_folder(root)),
        Home::Host(host) => (root.join(&host.folder), host.name.clone()),
        Home::Folder => {
            let holds = |folder: &&String| is_below(path, folder);
            let folder = repositories.iter().filter(holds).max_by_key(|folder| folder.len());
            (root.join(folder.map(String::as_str).unwrap_or_default()), None)
        }
    };
    let last = || place.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.or_else(last).unwrap_or_else(|| place.display().to_string());
    Asset { id: asset_id(kind, &place.to_string_lossy()), ..Asset::unknown(kind, name) }
}

/// `shop/Cargo.lock`.
fn file_name_in_folder(file: &Path) -> Option<String> {
    let folder = file.parent()?.file_name()?.to_string_lossy().into_owned();
    Some(format!("{folder}/{}", file.file_name()?.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(home: &Home<'_>, path: &str, root: &Path) -> Asset {
        undeclared(AssetKind::Repository, home, path, &[], root)
    }

    #[test]
    fn a_single_file_is_not_the_folder_it_lies_in() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let file = root.join("Cargo.lock");
        std::fs::write(&file, "").unwrap();
        let of_folder = asset(&Home::Folder, "Cargo.lock", &root);
        let of_file = asset(&Home::Folder, "Cargo.lock", &file);
        assert_ne!(of_folder.id, of_file.id);
        assert!(of_file.name.ends_with("/Cargo.lock"), "{}", of_file.name);
    }

    #[test]
    fn sboms_without_a_subject_are_told_apart_by_their_place() {
        let unnamed = Home::Sbom { names: vec!["bom.json", "a/bom.json"], has_subject: false };
        let (one, other) = (Path::new("/srv/one"), Path::new("/srv/other"));
        assert_ne!(asset(&unnamed, "a/bom.json", one).id, asset(&unnamed, "a/bom.json", other).id);
        assert_ne!(asset(&unnamed, "a/bom.json", one).id, asset(&unnamed, "b/bom.json", one).id);
        let named = Home::Sbom { names: vec!["billing", "bom.json"], has_subject: true };
        assert_eq!(asset(&named, "a/bom.json", one).id, asset(&named, "b/bom.json", other).id);
    }
}
