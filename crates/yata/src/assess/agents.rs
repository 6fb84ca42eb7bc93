//! Coding agents among the assets: each agent of a project or home directory is one, with what is wrong with it and with
//! the packages that its MCP servers fetch; each server is one that it depends on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use yata_agents::{Agent, AgentFinding, Check, File, Role, Severity};
use yata_collect::{Collected, Host, Look};
use yata_history::Repository;
use yata_model::{
    Asset, AssetKind, Author, Component, Confidence, Misconfiguration, Occurrence, Package, RuleSeverity,
    Scope as Reach, Selector, asset_id, digest_hex,
};

use super::assets::{Home, Sorter, Taken, is_below};
use crate::agents::seen::{self, Seen};

/// The most files whose history is followed.
const BLAMED_FILES_MAX: usize = 200;
/// Characters of the digest of a place: 48 bits.
pub(super) const DIGEST_CHARS: usize = 12;

/// Something that is wrong with an agent, or with a system that one made.
pub(super) struct Weakness {
    pub(super) check: &'static Check,
    pub(super) found: Misconfiguration,
}

/// An agent of an asset, or of a home directory, which belongs to none.
type Whose = (Option<String>, Agent);

impl Sorter<'_> {
    /// Reads what agents keep below a root, and around it where it holds the home directory of whoever runs this.
    pub(super) fn look(&self, root: &Path, collected: &Collected) -> Option<Seen> {
        if !root.is_dir() {
            return None;
        }
        let wanted = collected.agent_files.iter().filter(|name| self.matcher.left_out(name).is_none());
        let kept = Collected {
            agent_files: wanted.cloned().collect(),
            repositories: collected.repositories.clone(),
            ..Collected::default()
        };
        let home = seen::home().filter(|home| home.starts_with(root));
        let projects = self.projects();
        let trees = [(root, &kept)];
        let look = Look { root: Path::new("/"), home: home.as_deref(), trees: &trees, projects: &projects };
        let sight = yata_collect::machine(&look);
        if sight.machine.files.is_empty() && sight.machine.installed.is_empty() && sight.problems.is_empty() {
            return None;
        }
        let problems = sight.problems.clone();
        let (machine, lang) = (Path::new("/"), self.scope.lang);
        let said =
            self.scope.organisation.as_ref().map(|organisation| seen::Said { organisation, root: machine, lang });
        Some(Seen::new(sight, problems, Some(root.to_owned()), said))
    }

    /// Folders that the estate speaks of as one asset: `repos/portal/**`.
    fn projects(&self) -> Vec<String> {
        let folders = self.scope.estate.assets.iter().filter_map(|rule| match &rule.selector {
            Selector::Path(path) => path.strip_suffix("/**"),
            Selector::Host(_) | Selector::Sbom(_) => None,
        });
        folders.filter(|folder| !folder.contains(['*', '?', '[', '{'])).map(str::to_owned).collect()
    }

    /// Gives each agent what was seen of it.
    pub(super) fn agents(&mut self, seen: Option<&Seen>, repositories: &[String], hosts: &[Host], root: &Path) {
        let mut found: BTreeMap<Whose, Found> = BTreeMap::new();
        let mut owners: BTreeMap<Option<String>, (Asset, String)> = BTreeMap::new();
        if let Some(seen) = seen {
            for (at, document) in seen.model.known.documents.iter().enumerate() {
                let Some(file) = seen.sight.machine.files.get(document.file) else { continue };
                let whose = self.whose(file, seen, repositories, hosts, root, &mut owners);
                let counts = !matches!(document.role, Role::Ignore | Role::Profile | Role::Script | Role::Pins);
                let one = found.entry((whose, document.agent)).or_default();
                one.counts |= counts;
                one.documents.insert(at);
                // Whoever cloned a repository does not answer for it.
                one.owner = one.owner.take().or_else(|| file.owner.clone().filter(|_| !file.in_project()));
            }
            self.installed(seen, &mut found, &mut owners);
            weaknesses(seen, &owners, root, &mut found);
        }
        self.could_have(repositories, hosts, root, &mut found, &mut owners);
        let mut told = BTreeSet::new();
        for ((whose, agent), one) in found {
            let Some((base, source)) = owners.get(&whose).cloned() else { continue };
            self.agent(seen, agent, &base, &source, one, &mut told);
        }
        // What no agent answers for belongs to the asset of its place, or to none.
        for problem in seen.iter().flat_map(|seen| &seen.problems).filter(|one| !told.contains(&one.subject)) {
            self.problem(problem.clone(), repositories, hosts, root);
        }
    }

    /// The asset that a file belongs to.
    fn whose(
        &mut self,
        file: &File,
        seen: &Seen,
        repositories: &[String],
        hosts: &[Host],
        root: &Path,
        owners: &mut BTreeMap<Option<String>, (Asset, String)>,
    ) -> Option<String> {
        if !file.in_project() {
            owners.entry(None).or_insert_with(|| (of_home(seen), self.scope.estate_name()));
            return None;
        }
        let path = seen.shown(file);
        let host = hosts.iter().rfind(|host| is_below(&path, &host.folder));
        let (asset, source, rule) = self.asset(&host.map_or(Home::Folder, Home::Host), &path, repositories, root);
        self.used.extend(rule);
        let id = Some(asset.id.clone());
        owners.entry(id.clone()).or_insert((asset, source));
        id
    }

    /// Programs and extensions without any file are agents, too.
    fn installed(
        &self,
        seen: &Seen,
        found: &mut BTreeMap<Whose, Found>,
        owners: &mut BTreeMap<Option<String>, (Asset, String)>,
    ) {
        for agent in seen.sight.machine.installed.iter().filter_map(|one| Agent::named(&one.agent)) {
            owners.entry(None).or_insert_with(|| (of_home(seen), self.scope.estate_name()));
            found.entry((None, agent)).or_default().counts = true;
        }
    }

    /// Every repository could have every agent: where one is gone, what was wrong with it is gone.
    fn could_have(
        &self,
        repositories: &[String],
        hosts: &[Host],
        root: &Path,
        found: &mut BTreeMap<Whose, Found>,
        owners: &mut BTreeMap<Option<String>, (Asset, String)>,
    ) {
        if !root.is_dir() {
            return;
        }
        let projects = self.projects();
        for folder in repositories.iter().chain(&projects) {
            let path = if folder.is_empty() { "AGENTS.md".to_owned() } else { format!("{folder}/AGENTS.md") };
            let host = hosts.iter().rfind(|host| is_below(&path, &host.folder));
            if !root.join(folder).is_dir() || self.matcher.left_out(&path).is_some() {
                continue;
            }
            let (asset, source, _) = self.asset(&host.map_or(Home::Folder, Home::Host), &path, repositories, root);
            let id = Some(asset.id.clone());
            owners.entry(id.clone()).or_insert((asset, source));
            for agent in Agent::all() {
                found.entry((id.clone(), agent)).or_default();
            }
        }
    }

    /// One agent and its servers as assets.
    fn agent(
        &mut self,
        seen: Option<&Seen>,
        agent: Agent,
        base: &Asset,
        source: &str,
        one: Found,
        told: &mut BTreeSet<String>,
    ) {
        let asset = derived(AssetKind::Agent, agent.name(), base, one.owner.clone());
        let Some(seen) = seen.filter(|_| one.counts || !one.weaknesses.is_empty()) else {
            let idle = Taken { audited: Some(Vec::new()), ..Taken::nothing(asset, source.to_owned()) };
            self.idle.entry(idle.asset.id.clone()).or_insert(idle);
            return;
        };
        let mut depends_on = BTreeSet::new();
        let mut components = Vec::new();
        for server in seen.model.servers.iter().filter(|server| one.documents.contains(&server.document)) {
            let mcp = derived(AssetKind::AiService, &format!("MCP {}", server.name), base, one.owner.clone());
            depends_on.insert(mcp.name.clone());
            components.extend(component(seen, server));
            self.draft_of(mcp, source);
        }
        if base.kind != AssetKind::Agent {
            depends_on.insert(base.name.clone());
        }
        let asset = Asset { depends_on: depends_on.into_iter().collect(), ..asset };
        let draft = self.draft_of(asset, source);
        for component in components {
            draft.add(component);
        }
        draft.taken.audited.get_or_insert_default().extend(one.weaknesses);
        let places: BTreeSet<String> = one
            .documents
            .iter()
            .filter_map(|at| seen.sight.machine.files.get(seen.model.known.documents.get(*at)?.file))
            .map(|file| seen.shown(file))
            .collect();
        let own = seen.problems.iter().filter(|problem| places.contains(&problem.subject));
        draft.taken.problems.extend(own.cloned());
        told.extend(places);
    }
}

/// What was seen of one agent.
#[derive(Default)]
struct Found {
    /// Whether anything makes it an agent that is there: no more than a shell profile does not.
    counts: bool,
    /// Numbers of its documents.
    documents: BTreeSet<usize>,
    /// Who owns the first of its files.
    owner: Option<String>,
    weaknesses: Vec<Weakness>,
}

/// What stands for a home directory: `dev@web-1`.
fn of_home(seen: &Seen) -> Asset {
    let home = &seen.sight.machine.home;
    let user = home.rsplit('/').next().unwrap_or_default();
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host = host.lines().next().map(str::trim).filter(|name| !name.is_empty());
    let name = host.map_or_else(|| user.to_owned(), |host| format!("{user}@{host}"));
    Asset { id: asset_id(AssetKind::Agent, home), ..Asset::unknown(AssetKind::Agent, name) }
}

/// An asset that belongs to another one: reached by the same people, as important, and AI.
fn derived(kind: AssetKind, what: &str, base: &Asset, owner: Option<String>) -> Asset {
    let name = format!("{what} ({})", base.name);
    // An asset that the estate names has the id of its name; any other one that of its place.
    let named = base.id == asset_id(base.kind, &base.name);
    let id = if named { asset_id(kind, &name) } else { asset_id(kind, &format!("{}\0{what}", base.id)) };
    Asset {
        id,
        kind,
        name,
        service: base.service.clone(),
        owner: base.owner.clone().or(owner),
        exposure: base.exposure,
        mission_impact: base.mission_impact,
        data_classes: base.data_classes.clone(),
        is_ai: true,
        depends_on: Vec::new(),
    }
}

/// The package that a server's command fetches, where advisories speak of its kind. One that is not pinned has no
/// version: any may come.
fn component(seen: &Seen, server: &yata_agents::Server) -> Option<Component> {
    let package = server.package.as_ref()?;
    let ecosystem = match package.ecosystem {
        "npm" => "npm",
        "pypi" => "PyPI",
        _ => return None,
    };
    let Ok(ecosystem) = ecosystem.parse::<yata_model::Ecosystem>();
    let purl = package.purl()?;
    let document = seen.model.known.documents.get(server.document)?;
    let file = seen.sight.machine.files.get(document.file)?;
    let (line, _) = yata_agents::line_and_column(&file.bytes, package.span.start);
    let version = package.pinned.then(|| package.version.trim_start_matches('=').to_owned());
    Some(Component {
        purl,
        package: Package::new(ecosystem, &package.name),
        version: version.filter(|version| !version.is_empty()),
        source: None,
        occurrences: vec![Occurrence {
            file: seen.shown(file),
            line: Some(line),
            scope: Reach::Development,
            direct: Some(true),
            path: Vec::new(),
        }],
    })
}

/// Gives each finding to its agent; what the machine as a whole lacks to the first one of the home directory.
fn weaknesses(
    seen: &Seen,
    owners: &BTreeMap<Option<String>, (Asset, String)>,
    root: &Path,
    found: &mut BTreeMap<Whose, Found>,
) {
    let mut same: HashMap<(&str, String), usize> = HashMap::new();
    let mut blamer = Blamer { seen, opened: HashMap::new(), asked: 0 };
    let documents: HashMap<(&str, &str), usize> = (seen.model.known.documents.iter().enumerate())
        .map(|(at, document)| ((document.project.as_str(), document.path.as_str()), at))
        .collect();
    for finding in &seen.findings {
        let at = documents.get(&(finding.project.as_str(), finding.path.as_str())).copied();
        let whose =
            at.and_then(|at| found.iter().find(|(_, one)| one.documents.contains(&at)).map(|(key, _)| key.clone()));
        let machine = || found.keys().find(|(owner, _)| owner.is_none()).cloned();
        let Some(whose) = whose.or_else(machine).filter(|(owner, _)| owners.contains_key(owner)) else { continue };
        let place = seen.place(finding);
        let nth = same.entry((finding.check.id, format!("{place}\0{}", finding.evidence))).or_default();
        *nth += 1;
        let mut digest = digest_hex(&["misconfiguration", &place, &finding.evidence, &nth.to_string()]);
        digest.truncate(DIGEST_CHARS);
        let one = Misconfiguration {
            product: finding.agent.map_or("", Agent::name).to_owned(),
            layer: finding.scope.name().to_owned(),
            evidence: finding.evidence.clone(),
            digest,
            severity: severity(finding.severity),
            confidence: confidence(finding.confidence),
            fixable: !finding.edits.is_empty(),
            owner: seen.file(finding).filter(|file| !file.in_project()).and_then(|file| file.owner.clone()),
            author: blamer.author(finding, root),
            occurrences: occurrences(finding, place),
        };
        if let Some(entry) = found.get_mut(&whose) {
            entry.weaknesses.push(Weakness { check: finding.check, found: one });
        }
    }
}

fn occurrences(finding: &AgentFinding, place: String) -> Vec<Occurrence> {
    if place.is_empty() {
        return Vec::new();
    }
    let line = (finding.line > 0).then_some(finding.line);
    vec![Occurrence { file: place, line, scope: Reach::Development, direct: None, path: Vec::new() }]
}

/// Asks repositories who wrote a line.
struct Blamer<'a> {
    seen: &'a Seen,
    opened: HashMap<String, Option<Repository>>,
    asked: usize,
}

impl Blamer<'_> {
    fn author(&mut self, finding: &AgentFinding, root: &Path) -> Option<Author> {
        let file = self.seen.file(finding).filter(|file| file.tracked == Some(true))?;
        if finding.line == 0 || self.asked >= BLAMED_FILES_MAX {
            return None;
        }
        self.asked += 1;
        let path = self.seen.sight.on_disk(file);
        let repository = self.opened.entry(file.project.clone()).or_insert_with(|| {
            let folder = path.ancestors().nth(file.path.split('/').count()).unwrap_or(root);
            Repository::open(folder).ok()
        });
        let blamed = yata_history::blame(repository.as_ref()?, file.path.as_bytes(), &[finding.line as usize]);
        let blame = blamed.into_iter().flatten().next()?;
        Some(Author { name: blame.commit.author.clone(), email: blame.commit.email.clone() })
    }
}

pub(super) const fn severity(of: Severity) -> RuleSeverity {
    match of {
        Severity::Low => RuleSeverity::Low,
        Severity::Medium => RuleSeverity::Medium,
        Severity::High => RuleSeverity::High,
        Severity::Critical => RuleSeverity::Critical,
    }
}

pub(super) const fn confidence(of: yata_agents::Confidence) -> Confidence {
    match of {
        yata_agents::Confidence::Low => Confidence::Possible,
        yata_agents::Confidence::Medium => Confidence::Likely,
        yata_agents::Confidence::High => Confidence::Certain,
    }
}
