//! What `texts` finds in skills, rule files, sub-agents, commands and tool manifests, as findings of the audit.

use std::collections::{BTreeMap, BTreeSet};

use super::AgentFinding;
use crate::check::{self, Check, Severity, checks};
use crate::known::{Document, above};
use crate::machine::{File, Machine, is_home};
use crate::places::{PUBLISHED, Role};
use crate::servers::Server;
use crate::subject::Model;
use crate::texts::{self, Artefact, Kind, Likeness, Meeting, TextFinding, look, look_alike};
use crate::tree::{Span, line_and_column};

/// The check on names of skills.
const SKILL_NAME: &str = "agents.skill.lookalike-name";
/// The check on names of servers.
const SERVER_NAME: &str = "agents.mcp.lookalike-name";
/// The check on names of tools.
const TOOL_NAME: &str = "agents.mcp.tool-name-collision";

/// A file of an artefact: its number in the machine and its path below the artefact's folder.
struct Part<'a> {
    file: usize,
    path: &'a str,
    link: Option<&'a str>,
    /// Whether its content is looked at; that of a link to a file that is looked at itself is not.
    content: bool,
}

/// What becomes an artefact.
struct Group<'a> {
    kind: Kind,
    name: &'a str,
    document: &'a Document,
    parts: Vec<Part<'a>>,
}

/// Adds the findings on texts to those that are known; at one place the worse stays.
pub(super) fn add(machine: &Machine, model: &Model, findings: &mut Vec<AgentFinding>) {
    let documents: BTreeMap<usize, &Document> =
        model.known.documents.iter().map(|document| (document.file, document)).collect();
    let mut merged = Merged::of(findings);
    let groups = groups(machine, model, &documents);
    for group in &groups {
        let parts: BTreeMap<&str, &Part<'_>> = group.parts.iter().map(|part| (part.path, part)).collect();
        for found in found(group, machine) {
            let part = parts.get(found.file.as_str());
            if let Some(finding) = part.and_then(|part| finding(group, part, &found, machine, &documents)) {
                merged.put(finding, findings);
            }
        }
    }
    let told: BTreeSet<(usize, &str)> = findings.iter().map(|finding| (finding.span.file, finding.check.id)).collect();
    let mut alike = alike(machine, model, &groups);
    alike.retain(|finding| finding.check.id != SKILL_NAME || !told.contains(&(finding.span.file, SKILL_NAME)));
    for finding in alike.into_iter().chain(collisions(&groups, machine)) {
        merged.put(finding, findings);
    }
}

/// Tools with the name of a tool of another server of the same project.
fn collisions(groups: &[Group<'_>], machine: &Machine) -> Vec<AgentFinding> {
    let mut projects: BTreeMap<&str, Vec<(&Document, &File)>> = BTreeMap::new();
    for group in groups.iter().filter(|group| group.kind == Kind::ToolManifest) {
        if let Some(file) = machine.files.get(group.document.file) {
            projects.entry(&group.document.project).or_default().push((group.document, file));
        }
    }
    let mut out = Vec::new();
    for servers in projects.values().filter(|servers| servers.len() > 1) {
        let tools: Vec<Vec<String>> = servers.iter().map(|(_, file)| texts::tool_names(&file.bytes)).collect();
        for found in texts::tool_collisions(&tools) {
            let Some((document, file)) = servers.get(found.server) else { continue };
            let range = texts::place(&String::from_utf8_lossy(&file.bytes), &found.tool, &found.tool);
            let span = Span { file: document.file, start: range.start, end: range.end };
            let disguised = found.meeting == Meeting::Disguised;
            let severity = if disguised { Severity::Medium } else { Severity::Low };
            out.extend(named(TOOL_NAME, document, span, machine).map(|one| AgentFinding { severity, ..one }));
        }
    }
    out
}

/// The artefacts in the order of the machine's files; each file is part of one at most.
fn groups<'a>(machine: &'a Machine, model: &'a Model, documents: &BTreeMap<usize, &'a Document>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut skills: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (_, document) in model.known.of(Role::Skill) {
        let folder = parent(&document.path);
        skills.insert((&document.project, folder), groups.len());
        let name = if folder.is_empty() { last(&document.project) } else { last(folder) };
        groups.push(Group { kind: Kind::Skill, name, document, parts: Vec::new() });
    }
    let read: BTreeSet<(&str, &str)> = documents
        .values()
        .filter(|document| {
            // Others in a skill's folder are not read as prose.
            let prose = document.role == Role::SkillFile && document.path.ends_with(".md");
            prose || document.role == Role::Skill || alone(document.role).is_some()
        })
        .filter(|document| machine.files.get(document.file).is_some_and(|file| file.link.is_none()))
        .map(|document| (&*document.project, &*document.path))
        .collect();
    for (number, file) in machine.files.iter().enumerate().filter(|(_, file)| !file.unreadable) {
        let part = |path: &'a str| Part {
            file: number,
            path,
            link: file.link.as_deref(),
            content: file.link.as_deref().is_none_or(|target| !leads_to(file, target, machine, &read)),
        };
        // In the folder of a published skill, what an agent reads by itself is looked at by itself.
        let own = |group: usize| {
            let published = groups.get(group).is_some_and(|group| group.document.unit == PUBLISHED);
            published && documents.get(&number).is_some_and(|document| alone(document.role).is_some())
        };
        let inside = above(&file.path)
            .find_map(|folder| skills.get(&(file.project.as_str(), folder)).map(|group| (folder, *group)))
            .filter(|(_, group)| !own(*group));
        if let Some((folder, group)) = inside {
            let path = file.path.get(folder.len()..).unwrap_or_default().trim_start_matches('/');
            if let Some(group) = groups.get_mut(group) {
                group.parts.push(part(path));
            }
            continue;
        }
        let Some(document) = documents.get(&number).copied() else { continue };
        match document.role {
            // Each for itself, so that no number of other rule files keeps one from being looked at.
            Role::Instructions => {
                let link = file.link.as_deref().filter(|target| !in_home(file, target, machine));
                let parts = vec![Part { link, ..part(&file.path) }];
                groups.push(Group { kind: Kind::Rules, name: last(&document.project), document, parts });
            }
            // A link in the place of a skill's folder.
            Role::SkillFile if file.link.is_some() => {
                let parts = vec![part(below(&file.path, &["skills"]))];
                groups.push(Group { kind: Kind::Skill, name: "", document, parts });
            }
            role => {
                let Some(kind) = alone(role) else { continue };
                let path = below(&file.path, &["agents", "commands", "prompts", "workflows", "agent", "command"]);
                let name = last(path).split('.').next().unwrap_or_default();
                let name = if kind == Kind::ToolManifest { "" } else { name };
                groups.push(Group { kind, name, document, parts: vec![part(path)] });
            }
        }
    }
    groups
}

/// The kind of an artefact that is one file.
fn alone(role: Role) -> Option<Kind> {
    match role {
        Role::Subagent => Some(Kind::SubAgent),
        Role::Command => Some(Kind::Command),
        Role::Tools => Some(Kind::ToolManifest),
        Role::Instructions => Some(Kind::Rules),
        _ => None,
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The part of a path below the last folder of one of these names; its last part where there is none.
fn below<'a>(path: &'a str, folders: &[&str]) -> &'a str {
    let found = above(path).find(|folder| folders.contains(&last(folder))).unwrap_or_else(|| parent(path));
    path.get(found.len()..).unwrap_or_default().trim_start_matches('/')
}

/// Where a link of a file leads, as a path of the same root: parts that go up are taken out.
fn target_of(file: &File, target: &str, machine: &Machine) -> Option<String> {
    let inside = |root: &str| target.strip_prefix(root).filter(|_| !root.is_empty())?.strip_prefix('/');
    if target.starts_with('/') {
        let of_project = inside(&file.project).map(str::to_owned);
        return of_project.or_else(|| inside(&machine.home).map(|rest| format!("~/{rest}")));
    }
    let mut parts: Vec<&str> = parent(&file.path).split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn leads_to(file: &File, target: &str, machine: &Machine, read: &BTreeSet<(&str, &str)>) -> bool {
    target_of(file, target, machine).is_some_and(|path| {
        let project = if is_home(&path) { "" } else { file.project.as_str() };
        read.contains(&(project, path.as_str()))
    })
}

/// Whether a link from the home directory stays in it: the user's own rules often do.
fn in_home(file: &File, target: &str, machine: &Machine) -> bool {
    is_home(&file.path) && (is_home(target) || target_of(file, target, machine).is_some_and(|path| is_home(&path)))
}

/// What is found in an artefact.
fn found(group: &Group<'_>, machine: &Machine) -> Vec<TextFinding> {
    let mut files = Vec::new();
    for part in &group.parts {
        let bytes = machine.files.get(part.file).map(|file| &*file.bytes).unwrap_or_default();
        if part.link.is_some() {
            files.push(texts::File { path: part.path, bytes: &[], link: part.link });
        }
        if part.content && (part.link.is_none() || !bytes.is_empty()) {
            files.push(texts::File { path: part.path, bytes, link: None });
        }
    }
    look(&Artefact { kind: group.kind, name: group.name, description: None, files: &files })
}

fn check_of(id: &str) -> Option<&'static Check> {
    let all = checks();
    all.binary_search_by(|check| check.id.cmp(id)).ok().and_then(|at| all.get(at))
}

fn finding(
    group: &Group<'_>,
    part: &Part<'_>,
    found: &TextFinding,
    machine: &Machine,
    documents: &BTreeMap<usize, &Document>,
) -> Option<AgentFinding> {
    let check = check_of(found.check)?;
    let file = machine.files.get(part.file)?;
    let document = documents.get(&part.file).copied().unwrap_or(group.document);
    // A link and a program are found as a whole.
    let whole = found.range.is_empty() || found.check.ends_with(".symlink-out") || found.check.ends_with(".binary");
    let (start, end) = if whole { (0, 0) } else { (found.range.start, found.range.end) };
    Some(AgentFinding {
        check,
        agent: Some(document.agent),
        scope: document.scope,
        path: file.path.clone(),
        project: file.project.clone(),
        span: Span { file: part.file, start, end },
        line: if whole { 0 } else { found.line },
        column: if whole { 0 } else { found.column },
        evidence: found.evidence.clone(),
        severity: found.severity,
        confidence: found.confidence,
        edits: Vec::new(),
        also: found.also.clone(),
    })
}

/// Skills and servers whose name passes for that of another on the machine.
fn alike(machine: &Machine, model: &Model, groups: &[Group<'_>]) -> Vec<AgentFinding> {
    let skills: Vec<&Group<'_>> =
        groups.iter().filter(|group| group.kind == Kind::Skill && !group.name.is_empty()).collect();
    let names: Vec<&str> = skills.iter().map(|group| group.name).collect();
    let mut out = Vec::new();
    for index in like_another(&names) {
        let Some(group) = skills.get(index) else { continue };
        let span = Span { file: group.document.file, start: 0, end: 0 };
        out.extend(named(SKILL_NAME, group.document, span, machine));
    }
    let servers: Vec<&Server> = model.servers.iter().collect();
    let names: Vec<&str> = servers.iter().map(|server| &*server.name).collect();
    for index in like_another(&names) {
        let Some(server) = servers.get(index) else { continue };
        let document = model.known.documents.get(server.document);
        out.extend(document.and_then(|document| named(SERVER_NAME, document, server.span, machine)));
    }
    out
}

/// The numbers of the names that look to the eye like an earlier one. One letter more or less is no sign among one's
/// own names: `orders-a`, `orders-b`.
fn like_another(names: &[&str]) -> Vec<usize> {
    let all: BTreeSet<&str> = names.iter().copied().collect();
    let found = look_alike(names, &[]).into_iter();
    found
        .filter(|alike| alike.likeness == Likeness::LookAlike && all.contains(alike.like.as_str()))
        .map(|alike| alike.index)
        .collect()
}

fn named(id: &str, document: &Document, span: Span, machine: &Machine) -> Option<AgentFinding> {
    let check = check::check(id)?;
    let bytes = machine.files.get(document.file).map(|file| &*file.bytes).unwrap_or_default();
    let (line, column) = if span.start < span.end { line_and_column(bytes, span.start) } else { (0, 0) };
    Some(AgentFinding {
        check,
        agent: Some(document.agent),
        scope: document.scope,
        path: document.path.clone(),
        project: document.project.clone(),
        span,
        line,
        column,
        evidence: super::evidence::evidence(bytes, span, document.root.as_ref()),
        severity: check.severity,
        confidence: check.confidence,
        edits: Vec::new(),
        also: Vec::new(),
    })
}

/// Where findings stand, so that a second one of the same place is put together with the first.
struct Merged {
    by_span: BTreeMap<Span, usize>,
    /// Of the checks on other things alone: a text may break one check twice on a line.
    by_line: BTreeMap<(usize, u32, &'static str), usize>,
}

impl Merged {
    fn of(findings: &[AgentFinding]) -> Self {
        let mut merged = Self { by_span: BTreeMap::new(), by_line: BTreeMap::new() };
        for (at, finding) in findings.iter().enumerate() {
            merged.note(finding, at);
            for id in std::iter::once(finding.check.id).chain(finding.also.iter().copied()) {
                merged.by_line.entry((finding.span.file, finding.line, id)).or_insert(at);
            }
        }
        merged
    }

    fn note(&mut self, finding: &AgentFinding, at: usize) {
        if finding.span.start < finding.span.end {
            self.by_span.entry(finding.span).or_insert(at);
        }
    }

    fn put(&mut self, finding: AgentFinding, findings: &mut Vec<AgentFinding>) {
        let same = self.by_span.get(&finding.span).copied();
        let told = || self.by_line.get(&(finding.span.file, finding.line, finding.check.id)).copied();
        match same.or_else(told).and_then(|at| findings.get_mut(at)) {
            Some(known) => join(known, finding),
            None => {
                self.note(&finding, findings.len());
                findings.push(finding);
            }
        }
    }
}

/// The worse of two findings of one place stays and names the other.
fn join(known: &mut AgentFinding, mut other: AgentFinding) {
    let worse = (other.severity, other.confidence) > (known.severity, known.confidence);
    if worse && other.check.id != known.check.id {
        std::mem::swap(known, &mut other);
    }
    for id in std::iter::once(other.check.id).chain(other.also) {
        if id != known.check.id && !known.also.contains(&id) {
            known.also.push(id);
        }
    }
}
