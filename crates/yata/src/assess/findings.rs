//! What is wrong with the assets: components held against the intelligence, each distinct one once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use yata_intel::{Index, Matches, Sources};
use yata_model::{
    AdvisoryGroup, Applies, Component, Fact, Finding, FindingState, Message, Package, Problem, ProblemKind, Reference,
    Remedy, SourcePackage, SourceState, SourceStatus, fingerprint,
};
use yata_ruler::Evidence;
use yata_versions::Scheme;

use super::assets::{Inventory, Taken};
use super::scope::Scope;

/// Assets with their findings, and the evidence to judge them by.
pub(super) struct Found {
    pub(super) assets: Vec<FoundAsset>,
    /// What was looked into without a find.
    pub(super) idle: Vec<Taken>,
    pub(super) evidence: EvidenceBook,
    pub(super) closes_all: ClosesAll,
    pub(super) sources: Vec<SourceStatus>,
    /// Problems that belong to no single asset.
    pub(super) problems: Vec<Problem>,
    /// Those of the history.
    pub(super) history_problems: Vec<Problem>,
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

    fn add_rule(&mut self, rule: &yata_lens::Rule) {
        if !self.by_id.contains_key(rule.id) {
            self.by_id.insert(rule.id.to_owned(), self.all.len());
            self.all.push(rule_evidence(rule));
        }
    }

    fn add_check(&mut self, check: &yata_agents::Check) {
        if !self.by_id.contains_key(check.id) {
            self.by_id.insert(check.id.to_owned(), self.all.len());
            self.all.push(check_evidence(check));
        }
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

/// What is known of a rule of the lens, in the shape of an advisory: no list speaks of it.
fn rule_evidence(rule: &yata_lens::Rule) -> Evidence {
    let none = "rule";
    Evidence {
        group: AdvisoryGroup {
            id: rule.id.to_owned(),
            ids: vec![rule.id.to_owned()],
            kind: yata_model::AdvisoryKind::Secret,
            summary: rule.title("en").to_owned(),
            published: None,
            modified: None,
            severities: Vec::new(),
            cwes: vec![SECRET_CWE.to_owned()],
            cves: Vec::new(),
            references: Vec::new(),
            sources: vec!["Yata".to_owned()],
        },
        kev: Fact::derived(None, none, None),
        epss: Fact::derived(0.0, none, None),
        ssvc: Fact::derived(None, none, None),
    }
}

/// The same of a check of agents.
fn check_evidence(check: &yata_agents::Check) -> Evidence {
    let none = "check";
    Evidence {
        group: AdvisoryGroup {
            id: check.id.to_owned(),
            ids: vec![check.id.to_owned()],
            kind: yata_model::AdvisoryKind::Misconfiguration,
            summary: check.en.title.to_owned(),
            published: None,
            modified: None,
            severities: Vec::new(),
            cwes: Vec::new(),
            cves: Vec::new(),
            references: vec![Reference { kind: "WEB".to_owned(), url: check.source.to_owned() }],
            sources: vec!["Yata".to_owned()],
        },
        kev: Fact::derived(None, none, None),
        epss: Fact::derived(0.0, none, None),
        ssvc: Fact::derived(None, none, None),
    }
}

/// CWE-798, use of hard-coded credentials.
const SECRET_CWE: &str = "CWE-798";

/// For a component with several findings: the version that closes all of them.
#[derive(Default)]
pub(super) struct ClosesAll(HashMap<(String, Package), String>);

impl ClosesAll {
    pub(super) fn of(&self, component: &Component) -> Option<&String> {
        self.0.get(&(component.purl.clone(), component.package.clone()))
    }
}

pub(super) fn find(inventory: Inventory, index: Option<&Index>, scope: &Scope) -> anyhow::Result<Found> {
    let mut found = Found {
        assets: Vec::new(),
        idle: inventory.idle,
        evidence: EvidenceBook::default(),
        closes_all: ClosesAll::default(),
        sources: Vec::new(),
        problems: inventory.problems,
        history_problems: inventory.history_problems,
    };
    if let Some(feeds) = &scope.estate.intel.feeds {
        // A tree that brings its own feeds decides what is known about it: every output says so.
        let message = Message::new("problem-own-feeds").with("file", scope.estate_name());
        let problem = Problem::new(ProblemKind::Estate, feeds.as_str(), message);
        found.problems.push(Problem { waived: true, ..problem });
    }
    let components = distinct(&inventory.assets);
    for found_secret in inventory.assets.iter().flat_map(|taken| &taken.secrets) {
        found.evidence.add_rule(found_secret.rule);
    }
    for weakness in inventory.assets.iter().flat_map(|taken| taken.audited.iter().flatten()) {
        found.evidence.add_check(weakness.check);
    }
    let Some(index) = index else {
        if !components.is_empty() {
            let message = Message::new("source-none").with("count", components.len());
            found.problems.push(Problem::new(ProblemKind::SourceUnchecked, "intelligence", message));
        }
        // The last one is the one above. Where there are no components either, nothing depends on the intelligence.
        let last = found.problems.last().filter(|_| !components.is_empty());
        let without_source: Vec<Problem> = last.cloned().into_iter().collect();
        let blank = |taken: Taken| {
            let findings = own_findings(&taken);
            FoundAsset { taken, findings, without_source: without_source.clone() }
        };
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
            let key = (component.purl.clone(), component.package.clone());
            found.closes_all.0.insert(key, version.clone());
        }
    }
    found.problems.extend(unchecked(&matches, &sources));
    found.sources = sources.all().cloned().collect();
    let places = by_identity(&components, &matches);
    let of_asset = |taken| (findings_of(taken, &matches, &places), without_source(taken, &matches));
    let of_assets: Vec<(Vec<Finding>, Vec<Problem>)> = inventory.assets.iter().map(of_asset).collect();
    let assets = inventory.assets.into_iter().zip(of_assets);
    found.assets.extend(assets.map(|(taken, (findings, without_source))| FoundAsset {
        taken,
        findings,
        without_source,
    }));
    Ok(found)
}

/// All of a component that matching looks at: SBOMs of two releases may write one purl for two packages.
type Identity<'c> = (&'c str, &'c Package, Option<&'c str>, Option<&'c SourcePackage>);

fn identity(component: &Component) -> Identity<'_> {
    (component.purl.as_str(), &component.package, component.version.as_deref(), component.source.as_ref())
}

/// Every component once, whatever the number of assets that have it.
fn distinct(assets: &[Taken]) -> Vec<&Component> {
    let all = assets.iter().flat_map(|taken| &taken.components);
    let distinct: BTreeMap<Identity<'_>, &Component> = all.map(|component| (identity(component), component)).collect();
    distinct.into_values().collect()
}

/// The matches of each component, as places in the list.
fn by_identity<'c>(components: &[&'c Component], matches: &Matches) -> HashMap<Identity<'c>, Vec<usize>> {
    let mut out: HashMap<Identity<'_>, Vec<usize>> = HashMap::new();
    for (at, one) in matches.matches.iter().enumerate() {
        if let Some(component) = components.get(one.component) {
            out.entry(identity(component)).or_default().push(at);
        }
    }
    out
}

fn findings_of(taken: &Taken, matches: &Matches, places: &HashMap<Identity<'_>, Vec<usize>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for component in &taken.components {
        let places = places.get(&identity(component)).map(Vec::as_slice).unwrap_or_default();
        for one in places.iter().filter_map(|at| matches.matches.get(*at)) {
            if !yata_ruler::is_risk(one.group.kind) {
                continue;
            }
            findings.push(finding(taken, component, &one.group, one.applies.clone(), one.remedy.clone()));
        }
    }
    findings.extend(own_findings(taken));
    findings
}

/// What is wrong with an asset whatever its packages are.
fn own_findings(taken: &Taken) -> Vec<Finding> {
    let mut findings = secret_findings(taken);
    findings.extend(taken.audited.iter().flatten().map(|weakness| weakness_finding(taken, weakness)));
    findings
}

fn weakness_finding(taken: &Taken, weakness: &super::agents::Weakness) -> Finding {
    let (check, found) = (weakness.check, &weakness.found);
    let mut ids = vec![check.id.to_owned()];
    ids.extend(
        [check.owasp_llm, check.owasp_agentic, check.owasp_mcp, check.atlas]
            .into_iter()
            .flatten()
            .map(|id| (*id).to_owned()),
    );
    ids.sort();
    ids.dedup();
    Finding {
        id: fingerprint(&taken.asset.id, check.id, &found.digest),
        asset_id: taken.asset.id.clone(),
        rule: check.id.to_owned(),
        ids,
        kind: yata_model::AdvisoryKind::Misconfiguration,
        title: check.en.title.to_owned(),
        subject: yata_model::Subject::Misconfiguration(found.clone()),
        applies: Applies::Affected,
        remedy: Remedy::Reconfigure,
        state: FindingState::Open,
        first_seen: None,
    }
}

/// A finding for each credential of an asset. Its id holds a few bits of the value without a key, so that it is the
/// same on every machine.
fn secret_findings(taken: &Taken) -> Vec<Finding> {
    let mut same: HashMap<(&str, &str), usize> = HashMap::new();
    let finding = |found| secret_finding(taken, found, &mut same);
    taken.secrets.iter().map(finding).collect()
}

/// `same` counts the credentials of one rule and digest: 24 bits may meet twice.
fn secret_finding<'t>(
    taken: &'t Taken,
    found: &'t super::secrets::Found,
    same: &mut HashMap<(&'t str, &'t str), usize>,
) -> Finding {
    let nth = same.entry((found.rule.id, &found.secret.digest)).or_default();
    *nth += 1;
    let digest = if *nth == 1 { found.secret.digest.clone() } else { format!("{} {nth}", found.secret.digest) };
    Finding {
        id: fingerprint(&taken.asset.id, found.rule.id, &digest),
        asset_id: taken.asset.id.clone(),
        rule: found.rule.id.to_owned(),
        ids: vec![found.rule.id.to_owned()],
        kind: yata_model::AdvisoryKind::Secret,
        title: found.rule.title("en").to_owned(),
        subject: yata_model::Subject::Secret(found.secret.clone()),
        applies: Applies::Affected,
        remedy: Remedy::Rotate,
        state: FindingState::Open,
        first_seen: None,
    }
}

fn finding(taken: &Taken, component: &Component, group: &AdvisoryGroup, applies: Applies, remedy: Remedy) -> Finding {
    Finding {
        id: fingerprint(&taken.asset.id, &group.id, &component.purl),
        asset_id: taken.asset.id.clone(),
        rule: group.id.clone(),
        ids: group.ids.clone(),
        kind: group.kind,
        title: group.summary.clone(),
        subject: yata_model::Subject::Component(component.clone()),
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

/// Of the ecosystems that Yata can compare, those of this asset that no source speaks of now: none is there, or one
/// was refused and nothing of an earlier state is left.
fn without_source(taken: &Taken, matches: &Matches) -> Vec<Problem> {
    let lost = matches.unchecked.iter().filter(|(status, ecosystem, _)| {
        (status.state == SourceState::Missing || status.records == 0)
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

#[cfg(test)]
mod tests {
    use super::*;
    use yata_model::{Asset, AssetKind, Ecosystem};

    /// An asset with one package of that ecosystem, always under the same purl.
    fn taken(ecosystem: &str) -> Taken {
        let Ok(ecosystem) = ecosystem.parse::<Ecosystem>();
        let component = Component {
            purl: "pkg:deb/debian/curl@7.88".to_owned(),
            package: Package::new(ecosystem, "curl"),
            version: Some("7.88".to_owned()),
            source: None,
            occurrences: Vec::new(),
        };
        let asset = Asset::unknown(AssetKind::Sbom, "image");
        Taken { components: vec![component], ..Taken::nothing(asset, String::new()) }
    }

    #[test]
    fn one_purl_in_two_releases_is_two_components() {
        assert_eq!(distinct(&[taken("Debian:11"), taken("Debian:12")]).len(), 2);
        assert_eq!(distinct(&[taken("Debian:12"), taken("Debian:12")]).len(), 1);
    }

    #[test]
    fn findings_stay_where_a_refused_source_left_nothing() {
        let check = |state: SourceState, records: u64, expected: usize| {
            let taken = taken("Debian:12");
            let ecosystem = taken.components[0].package.ecosystem.clone();
            let status = SourceStatus {
                name: "OSV Debian".to_owned(),
                state,
                date: None,
                imported: None,
                records,
                unreadable: 0,
                max_age_days: 14,
                message: None,
            };
            let matches = Matches { unchecked: vec![(status, ecosystem, 1)], ..Matches::default() };
            assert_eq!(without_source(&taken, &matches).len(), expected, "{state:?} {records}");
        };
        check(SourceState::Missing, 0, 1);
        check(SourceState::Missing, 9, 1);
        check(SourceState::Broken, 0, 1);
        check(SourceState::Broken, 9, 0);
        check(SourceState::Stale, 9, 0);
    }
}
