//! What is wrong with the assets: components held against the intelligence, each distinct one once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use yata_intel::{Index, Matches, Sources};
use yata_model::{
    AdvisoryGroup, Applies, Component, Fact, Finding, FindingState, Message, Problem, ProblemKind, Remedy, SourceState,
    SourceStatus, fingerprint,
};
use yata_ruler::Evidence;
use yata_versions::Scheme;

use super::assets::{Inventory, Taken};
use super::scope::Scope;

/// Assets with their findings, and the evidence to judge them by.
pub(super) struct Found {
    pub(super) assets: Vec<FoundAsset>,
    pub(super) evidence: EvidenceBook,
    pub(super) closes_all: ClosesAll,
    pub(super) sources: Vec<SourceStatus>,
    /// Problems that belong to no single asset.
    pub(super) problems: Vec<Problem>,
}

/// An asset, what it has, and what is wrong with it.
pub(super) struct FoundAsset {
    pub(super) taken: Taken,
    pub(super) findings: Vec<Finding>,
    /// Sources that this asset rests on and that are not there at all: findings of theirs must not close.
    pub(super) without_source: Vec<Problem>,
}

/// The evidence for each group, found by any id of the group.
#[derive(Default)]
pub(super) struct EvidenceBook {
    all: Vec<Evidence>,
    by_id: HashMap<String, usize>,
}

impl EvidenceBook {
    /// The evidence for a finding; nothing but worst cases if the intelligence no longer knows it.
    pub(super) fn of(&self, finding: &Finding) -> Option<&Evidence> {
        let index = finding.ids.iter().chain([&finding.rule]).find_map(|id| self.by_id.get(id))?;
        self.all.get(*index)
    }

    /// The groups that findings name, sorted by id.
    pub(super) fn groups<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> Vec<AdvisoryGroup> {
        let groups = findings.filter_map(|finding| self.of(finding)).map(|evidence| &evidence.group);
        let by_id: BTreeMap<&str, &AdvisoryGroup> = groups.map(|group| (group.id.as_str(), group)).collect();
        by_id.into_values().cloned().collect()
    }

    fn add(&mut self, index: &Index, sources: &Sources, group: &Arc<AdvisoryGroup>) -> anyhow::Result<()> {
        if self.by_id.contains_key(&group.id) {
            return Ok(());
        }
        let signals = index.signals(group, sources)?;
        for id in &group.ids {
            self.by_id.insert(id.clone(), self.all.len());
        }
        self.all.push(Evidence {
            group: AdvisoryGroup::clone(group),
            kev: signals.kev,
            epss: signals.epss,
            ssvc: signals.ssvc,
        });
        Ok(())
    }
}

/// For a purl with several findings: the version that closes all of them.
pub(super) type ClosesAll = HashMap<String, String>;

pub(super) fn find(inventory: Inventory, index: Option<&Index>, scope: &Scope) -> anyhow::Result<Found> {
    let mut found = Found {
        assets: Vec::new(),
        evidence: EvidenceBook::default(),
        closes_all: ClosesAll::new(),
        sources: Vec::new(),
        problems: inventory.problems,
    };
    let components = distinct(&inventory.assets);
    let Some(index) = index else {
        if !components.is_empty() {
            let message = Message::new("source-none").with("count", components.len());
            found.problems.push(Problem::new(ProblemKind::SourceUnchecked, "intelligence", message));
        }
        let without_source = found.problems.last().cloned().into_iter().collect::<Vec<_>>();
        let blank = |taken| FoundAsset { taken, findings: Vec::new(), without_source: without_source.clone() };
        found.assets = inventory.assets.into_iter().map(blank).collect();
        return Ok(found);
    };
    let sources = index.sources(scope.today, &scope.max_ages);
    let matches = index.matches(&components, &sources)?;
    for one in &matches.matches {
        found.evidence.add(index, &sources, &one.group)?;
    }
    for (at, version) in &matches.closes_all {
        if let Some(component) = components.get(*at) {
            found.closes_all.insert(component.purl.clone(), version.clone());
        }
    }
    found.problems.extend(unchecked(&matches, &sources));
    found.sources = sources.all().cloned().collect();
    let by_purl = by_purl(&components, &matches);
    let of_asset = |taken| (findings_of(taken, &matches, &by_purl), without_source(taken, &matches));
    let of_assets: Vec<(Vec<Finding>, Vec<Problem>)> = inventory.assets.iter().map(of_asset).collect();
    let assets = inventory.assets.into_iter().zip(of_assets);
    found.assets.extend(assets.map(|(taken, (findings, without_source))| FoundAsset {
        taken,
        findings,
        without_source,
    }));
    Ok(found)
}

/// Every component once, whatever the number of assets that have it, by purl.
fn distinct(assets: &[Taken]) -> Vec<&Component> {
    let all = assets.iter().flat_map(|taken| &taken.components);
    let by_purl: BTreeMap<&str, &Component> = all.map(|component| (component.purl.as_str(), component)).collect();
    by_purl.into_values().collect()
}

/// The matches of each purl, as ranges of the list, which is sorted by component.
fn by_purl<'c>(components: &[&'c Component], matches: &Matches) -> HashMap<&'c str, Vec<usize>> {
    let mut out: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, one) in matches.matches.iter().enumerate() {
        if let Some(component) = components.get(one.component) {
            out.entry(component.purl.as_str()).or_default().push(at);
        }
    }
    out
}

fn findings_of(taken: &Taken, matches: &Matches, by_purl: &HashMap<&str, Vec<usize>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for component in &taken.components {
        let places = by_purl.get(component.purl.as_str()).map(Vec::as_slice).unwrap_or_default();
        for one in places.iter().filter_map(|at| matches.matches.get(*at)) {
            if !yata_ruler::is_risk(one.group.kind) {
                continue;
            }
            findings.push(finding(taken, component, &one.group, one.applies.clone(), one.remedy.clone()));
        }
    }
    findings
}

fn finding(taken: &Taken, component: &Component, group: &AdvisoryGroup, applies: Applies, remedy: Remedy) -> Finding {
    Finding {
        id: fingerprint(&taken.asset.id, &group.id, &component.purl),
        asset_id: taken.asset.id.clone(),
        rule: group.id.clone(),
        ids: group.ids.clone(),
        kind: group.kind,
        title: group.summary.clone(),
        component: component.clone(),
        applies,
        remedy,
        state: FindingState::Open,
        first_seen: None,
    }
}

/// A problem for each source that these components rest on and that cannot be trusted: those of their ecosystems,
/// and, where there is anything to judge, those of exploitation.
fn unchecked(matches: &Matches, sources: &Sources) -> Vec<Problem> {
    let mut problems: BTreeMap<String, Problem> = BTreeMap::new();
    let mut add = |status: &SourceStatus| {
        let problem = problem_of(status);
        let key = format!("{}\0{}", status.name, problem.message.id);
        problems.entry(key).or_insert(problem);
    };
    for (status, _, _) in &matches.unchecked {
        add(status);
    }
    if !matches.matches.is_empty() {
        let of_exploitation = |status: &&SourceStatus| !status.name.starts_with("OSV ");
        for status in sources.all().filter(of_exploitation).filter(|status| status.state != SourceState::Fresh) {
            add(status);
        }
    }
    problems.into_values().collect()
}

/// Of the ecosystems that Yata can compare, those of this asset that no source speaks of now.
fn without_source(taken: &Taken, matches: &Matches) -> Vec<Problem> {
    let lost = matches.unchecked.iter().filter(|(status, ecosystem, _)| {
        status.state == SourceState::Missing
            && Scheme::of(ecosystem).is_some()
            && taken.components.iter().any(|component| component.package.ecosystem == *ecosystem)
    });
    lost.map(|(status, _, _)| problem_of(status)).collect()
}

fn problem_of(status: &SourceStatus) -> Problem {
    let missing = || Message::new("source-missing").with("source", status.name.as_str());
    let message = status.message.clone().unwrap_or_else(missing);
    Problem::new(ProblemKind::SourceUnchecked, status.name.as_str(), message)
}

/// What is left to say of a finding whose group the intelligence no longer has.
pub(super) fn no_evidence(finding: &Finding) -> Evidence {
    let unknown = "no source speaks of it any more";
    Evidence {
        group: AdvisoryGroup {
            id: finding.rule.clone(),
            ids: finding.ids.clone(),
            kind: finding.kind,
            summary: finding.title.clone(),
            published: None,
            modified: None,
            severities: Vec::new(),
            cwes: Vec::new(),
            cves: finding.ids.iter().filter(|id| yata_model::is_cve_id(id)).cloned().collect(),
            references: Vec::new(),
            sources: Vec::new(),
        },
        kev: Fact::unknown(None, unknown),
        epss: Fact::unknown(1.0, unknown),
        ssvc: Fact::unknown(None, unknown),
    }
}
