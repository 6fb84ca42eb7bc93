//! What was looked at, and what the audit says of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use yata_agents::managed::Organisation;
use yata_agents::{AgentFinding, FaultKind, File, Model, line_and_column};
use yata_collect::{Collected, Control, Look, Options, Sight, collect};
use yata_model::{Message, Problem, ProblemKind};
use yata_words::Lang;

use super::organisation::{of_machine, read_organisation, tell};
use crate::Terminal;
use crate::cli::LookArgs;

/// A machine, or a tree alone, with what is wrong with its agents.
pub(crate) struct Seen {
    pub(crate) sight: Sight,
    pub(crate) model: Model,
    /// By file, then by place.
    pub(crate) findings: Vec<AgentFinding>,
    /// What could not be read.
    pub(crate) problems: Vec<Problem>,
    /// The tree from whose root paths are shown, where there is one tree.
    pub(crate) base: Option<PathBuf>,
}

/// What an organisation says, the root of the machine of which it says it, and the language of its faults.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) organisation: &'a Organisation,
    pub(crate) root: &'a Path,
    pub(crate) lang: Lang,
}

/// Looks where the person asked: at the given trees alone, or at the home directory, the system and the current project.
///
/// `organisation` names the organisation's file; without it the machine's is read where the machine is looked at.
pub(crate) fn look(args: &LookArgs, organisation: Option<&Path>, terminal: &Terminal) -> anyhow::Result<Seen> {
    let own = home();
    let trees: Vec<PathBuf> = if args.paths.is_empty() { current(own.as_deref())? } else { args.paths.clone() };
    for tree in &trees {
        if !tree.is_dir() {
            bail!("`{}` is no folder: name a project or a home directory", tree.display());
        }
    }
    let trees: Vec<PathBuf> = trees
        .into_iter()
        .map(|tree| tree.canonicalize().context("cannot resolve the folder"))
        .collect::<Result<_, _>>()?;
    let home = match (&args.home, own) {
        (Some(home), _) if !home.is_dir() => bail!("`{}` is no folder: name a home directory", home.display()),
        (Some(home), _) => Some(home.canonicalize().context("cannot resolve the home directory")?),
        (None, Some(own)) if args.paths.is_empty() || trees.iter().any(|tree| own.starts_with(tree)) => Some(own),
        (None, _) => None,
    };
    let show =
        |step: yata_collect::Progress| terminal.progress.step(&Message::new("progress-walking"), step.files_seen, None);
    let control = Control { progress: Some(&show), cancel: None };
    let collected: Vec<Collected> =
        trees.iter().map(|tree| collect(tree, &Options { names_only: true, ..Options::default() }, &control)).collect();
    terminal.progress.clear();
    let looked: Vec<(&Path, &Collected)> = trees.iter().map(PathBuf::as_path).zip(&collected).collect();
    let root = args.root.clone().unwrap_or_else(|| PathBuf::from("/"));
    let sight = yata_collect::machine(&Look { root: &root, home: home.as_deref(), trees: &looked, projects: &[] });
    let mut problems: Vec<Problem> = collected.iter().flat_map(|one| one.problems.clone()).collect();
    problems.extend(sight.problems.iter().cloned());
    let base = match trees.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    };
    let organisation = match organisation {
        Some(file) => Some(file.to_owned()),
        None => home.as_deref().and_then(|home| of_machine(&root, Some(home))),
    };
    let organisation = organisation.map(|file| read_organisation(&file, terminal.lang)).transpose()?;
    let said = organisation.as_ref().map(|organisation| Said { organisation, root: &root, lang: terminal.lang });
    Ok(Seen::new(sight, problems, base, said))
}

/// The home directory of whoever runs this.
pub(crate) fn home() -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let home = std::env::var_os(name).filter(|home| !home.is_empty()).map(PathBuf::from)?;
    home.canonicalize().ok().filter(|home| home.is_dir())
}

/// The current project: the repository around the current folder, else that folder; none straight in a home directory
/// or above one, which would be every project there is.
fn current(home: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let folder = std::env::current_dir().context("cannot tell the current folder")?;
    let repository = folder.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok());
    let project = repository.unwrap_or(&folder);
    Ok(if home.is_some_and(|home| home.starts_with(project)) { Vec::new() } else { vec![project.to_owned()] })
}

impl Seen {
    pub(crate) fn new(
        mut sight: Sight,
        mut problems: Vec<Problem>,
        base: Option<PathBuf>,
        said: Option<Said<'_>>,
    ) -> Self {
        problems.extend(said.and_then(|said| tell(&mut sight.machine, said.organisation, said.root, said.lang)));
        sight.machine.today = Some(jiff::Zoned::now().date().to_string());
        let model = yata_agents::model(&sight.machine);
        let mut findings = yata_agents::audit_model(&sight.machine, &model);
        let key = |one: &AgentFinding| (one.project.clone(), one.path.clone(), one.line, one.column, one.check.id);
        findings.sort_by_key(key);
        let mut seen = Seen { sight, model, findings, problems: Vec::new(), base };
        problems.extend(seen.faults());
        problems.sort_by(|a, b| (&a.subject, a.line, &a.message.id).cmp(&(&b.subject, b.line, &b.message.id)));
        problems.dedup();
        seen.problems = problems;
        seen
    }

    /// What keeps a file from being judged: the first fault of each.
    pub(crate) fn faults(&self) -> Vec<Problem> {
        let mut last = usize::MAX;
        let mut out = Vec::new();
        for (at, fault) in &self.model.known.problems {
            let odd_only = matches!(
                fault.kind,
                FaultKind::Comment | FaultKind::TrailingComma | FaultKind::Duplicate | FaultKind::Unreadable
            );
            let document = self.model.known.documents.get(*at);
            let Some(file) = document.and_then(|document| self.sight.machine.files.get(document.file)) else {
                continue;
            };
            if odd_only || last == *at {
                continue;
            }
            last = *at;
            let (kind, id) = match fault.kind {
                FaultKind::Deep | FaultKind::Large => (ProblemKind::TooLarge, "agents-problem-large"),
                FaultKind::Encoding => (ProblemKind::Unparsable, "agents-problem-encoding"),
                FaultKind::Unsupported => (ProblemKind::BadEntry, "agents-problem-unsupported"),
                _ => (ProblemKind::Unparsable, "agents-problem-syntax"),
            };
            let subject = self.shown(file);
            let (line, _) = line_and_column(&file.bytes, fault.span.start);
            let message = Message::new(id).with("file", subject.as_str());
            out.push(Problem::new(kind, subject, message).at_line(line));
        }
        out
    }

    /// How a file's path is shown: from the root of the tree, `~/…`, or in full.
    pub(crate) fn shown(&self, file: &File) -> String {
        if !file.in_project() {
            return file.path.clone();
        }
        let path = self.sight.on_disk(file);
        match self.base.as_deref().map(|base| path.strip_prefix(base)) {
            Some(Ok(inside)) => yata_collect::relative_name(inside),
            _ => format!("{}/{}", file.project.trim_end_matches('/'), file.path),
        }
    }

    /// The file of a finding; none for the machine as a whole.
    pub(crate) fn file(&self, finding: &AgentFinding) -> Option<&File> {
        self.sight.machine.files.iter().find(|file| file.path == finding.path && file.project == finding.project)
    }

    /// The path of a finding as it is shown; empty for the machine as a whole.
    pub(crate) fn place(&self, finding: &AgentFinding) -> String {
        self.file(finding).map(|file| self.shown(file)).unwrap_or_default()
    }
}
