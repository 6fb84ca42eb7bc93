//! Findings, evidence and assets for the tests, and the shared data where it is there.

use std::path::PathBuf;

use jiff::civil::{Date, date};
use yata_model::{
    AdvisoryGroup, AdvisoryKind, Applies, Asset, AssetKind, Component, Ecosystem, Exploitation, Exposure, Fact, Family,
    Finding, FindingState, KevEntry, MissionImpact, Occurrence, Package, Remedy, Risk, Scope, Severity, SeverityKind,
    SsvcAssessment, Subject, TechnicalImpact, fingerprint,
};
use yata_ruler::{Calendar, Context, Evidence, Tables, judge};

pub(crate) const TODAY: Date = date(2026, 8, 20);
pub(crate) const WORMABLE: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H";
pub(crate) const LOCAL: &str = "CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:L/I:N/A:N";

/// A file of the shared data; `None`, and a visible line, where it is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("YATA_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("skipped: needs ../shared/{path}");
    None
}

/// One case: a vulnerability in a package of an asset, to be changed by the test.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) evidence: Evidence,
    pub(crate) finding: Finding,
    pub(crate) asset: Asset,
    pub(crate) scope: Scope,
    pub(crate) first_seen: Option<Date>,
    pub(crate) today: Date,
    pub(crate) service: Option<yata_model::BusinessService>,
    pub(crate) calendar: Calendar,
    pub(crate) tables: Tables,
}

impl Case {
    /// CVE-2099-0001 in `lib 1.0.0`, fixed in 1.0.1, on an asset of which nothing is known, with fresh feeds that do
    /// not list it.
    pub(crate) fn new() -> Self {
        let asset = Asset::unknown(AssetKind::Repository, "shop");
        let package = Package::new(Ecosystem::plain(Family::Npm), "lib");
        let occurrence = |scope| Occurrence {
            file: "package-lock.json".to_owned(),
            line: None,
            scope,
            direct: Some(true),
            path: Vec::new(),
        };
        let finding = Finding {
            id: fingerprint(&asset.id, "CVE-2099-0001", "lib"),
            asset_id: asset.id.clone(),
            rule: "CVE-2099-0001".to_owned(),
            ids: vec!["CVE-2099-0001".to_owned()],
            kind: AdvisoryKind::Vulnerability,
            title: "it breaks".to_owned(),
            subject: Subject::Component(Component {
                purl: "pkg:npm/lib@1.0.0".to_owned(),
                package,
                version: Some("1.0.0".to_owned()),
                source: None,
                occurrences: vec![occurrence(Scope::Runtime)],
            }),
            applies: Applies::Affected,
            remedy: Remedy::Upgrade { to: "1.0.1".to_owned(), compatible: Some(true) },
            state: FindingState::Open,
            first_seen: None,
        };
        Case {
            evidence: Evidence {
                group: group(),
                kev: Fact::checked(None, "CISA KEV 2026.08.19", Some(date(2026, 8, 19))),
                epss: Fact::checked(0.02, "EPSS", Some(date(2026, 8, 19))),
                ssvc: Fact::unknown(None, "CISA vulnrichment"),
            },
            finding,
            asset,
            scope: Scope::Runtime,
            first_seen: None,
            today: TODAY,
            service: None,
            calendar: Calendar::default(),
            tables: Tables::standard(),
        }
    }

    pub(crate) fn kind(mut self, kind: AdvisoryKind) -> Self {
        self.evidence.group.kind = kind;
        self.finding.kind = kind;
        self
    }

    pub(crate) fn vector(mut self, vector: &str) -> Self {
        self.evidence.group.severities = vec![Severity { kind: SeverityKind::CvssV3, value: vector.to_owned() }];
        self
    }

    pub(crate) fn at(mut self, exposure: Exposure, impact: MissionImpact) -> Self {
        self.asset.exposure = exposure;
        self.asset.mission_impact = impact;
        self
    }

    pub(crate) fn component(&mut self) -> &mut Component {
        let Subject::Component(component) = &mut self.finding.subject else {
            unreachable!("the case is about a package")
        };
        component
    }

    pub(crate) fn development(mut self) -> Self {
        self.scope = Scope::Development;
        for occurrence in &mut self.component().occurrences {
            occurrence.scope = Scope::Development;
        }
        self
    }

    pub(crate) fn listed(mut self, added: Date, ransomware: bool) -> Self {
        self.evidence.kev = Fact::checked(Some(kev(added, ransomware)), "CISA KEV 2026.08.19", Some(TODAY));
        self
    }

    pub(crate) fn assessed(mut self, exploitation: Exploitation, automatable: bool, impact: TechnicalImpact) -> Self {
        let assessment = assessment(exploitation, automatable, impact);
        self.evidence.ssvc = Fact::checked(Some(assessment), "CISA vulnrichment", Some(date(2026, 8, 1)));
        self
    }

    pub(crate) fn without_cve(mut self) -> Self {
        self.evidence.group.cves.clear();
        self
    }

    pub(crate) fn judge(&self) -> Risk {
        let context = Context {
            asset: &self.asset,
            asset_source: "yata.toml:3",
            service: self.service.as_ref(),
            scope: self.scope,
            today: self.today,
            first_seen: self.first_seen,
            calendar: &self.calendar,
            tables: &self.tables,
        };
        judge(self.finding.clone(), &self.evidence, &context)
    }
}

fn group() -> AdvisoryGroup {
    AdvisoryGroup {
        id: "CVE-2099-0001".to_owned(),
        ids: vec!["CVE-2099-0001".to_owned()],
        kind: AdvisoryKind::Vulnerability,
        summary: "it breaks".to_owned(),
        published: None,
        modified: None,
        severities: Vec::new(),
        cwes: Vec::new(),
        cves: vec!["CVE-2099-0001".to_owned()],
        references: Vec::new(),
        sources: vec!["OSV npm".to_owned()],
    }
}

pub(crate) fn kev(added: Date, ransomware: bool) -> KevEntry {
    KevEntry { cve: "CVE-2099-0001".to_owned(), added: Some(added), due: None, ransomware, name: "Lib".to_owned() }
}

pub(crate) fn assessment(exploitation: Exploitation, automatable: bool, impact: TechnicalImpact) -> SsvcAssessment {
    SsvcAssessment {
        cve: "CVE-2099-0001".to_owned(),
        exploitation: Some(exploitation),
        automatable: Some(automatable),
        technical_impact: Some(impact),
        date: Some(date(2026, 8, 1)),
    }
}

pub(crate) fn fact(risk: &Risk, name: &str) -> Fact<String> {
    risk.facts.iter().find(|(known, _)| known == name).map(|(_, fact)| fact.clone()).expect("a known fact")
}
