//! From evidence and context to the facts of a decision.

use jiff::civil::Date;
use yata_model::{
    AdvisoryGroup, AdvisoryKind, Asset, BusinessService, Evidence, Exploitation, Exposure, Fact, Finding,
    MissionImpact, Scope, SsvcAssessment, Standing, TechnicalImpact, is_cve_id,
};

use crate::misconfiguration::Setting;
use crate::secret::Credential;
use crate::vector::{SeverityReading, read_severities};
use crate::{Calendar, Levels, Tables};

/// Why a component of development scope is judged apart, as the source of its facts.
const DEVELOPMENT_SOURCE: &str = "scope: development";
/// Why a group without a CVE id is not in KEV.
const NO_CVE_SOURCE: &str = "no CVE id: KEV lists CVE ids only";
/// Why malware is exploited, automated and total.
const MALWARE_SOURCE: &str = "malware";
/// Who would know what nobody says of a vulnerability.
pub(crate) const VULNRICHMENT: &str = "CISA vulnrichment";

/// Where a finding stands.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The asset.
    pub asset: &'a Asset,
    /// Who says what is known of the asset (`yata.toml:12`); for what is not known, who could have said it.
    pub asset_source: &'a str,
    /// The service that the asset belongs to.
    pub service: Option<&'a BusinessService>,
    /// What the component is needed for.
    pub scope: Scope,
    /// The day to judge as of.
    pub today: Date,
    /// The day Yata first saw the finding; `None` for the first time.
    pub first_seen: Option<Date>,
    /// How days are counted.
    pub calendar: &'a Calendar,
    /// The tables to compute.
    pub tables: &'a Tables,
}

/// What is left to say of a finding whose group the intelligence no longer has.
pub fn no_evidence(finding: &Finding) -> Evidence {
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
            cves: finding.ids.iter().filter(|id| is_cve_id(id)).cloned().collect(),
            references: Vec::new(),
            sources: Vec::new(),
        },
        kev: Fact::unknown(None, unknown),
        epss: Fact::unknown(1.0, unknown),
        ssvc: Fact::unknown(None, unknown),
    }
}

/// The facts of one decision. Each value is what the decision uses: where nobody knows, it is the worst case.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// What the advisory says.
    pub kind: AdvisoryKind,
    /// What the component is needed for.
    pub scope: Scope,
    /// The CVE ids whose evidence counts.
    pub cves: Vec<String>,
    /// Whether KEV lists one of them.
    pub known_exploited: Fact<bool>,
    /// Whether a ransomware campaign uses it.
    pub ransomware: Fact<bool>,
    /// How far it is exploited.
    pub exploitation: Fact<Exploitation>,
    /// The same if KEV did not list it.
    pub exploitation_unlisted: Fact<Exploitation>,
    /// Whether attacks can be automated.
    pub automatable: Fact<bool>,
    /// What an attacker gains.
    pub technical_impact: Fact<TechnicalImpact>,
    /// The probability that it is exploited within 30 days, 0 to 1.
    pub epss: Fact<f64>,
    /// Who can reach the component.
    pub exposure: Fact<Exposure>,
    /// What stops when the asset stops.
    pub mission_impact: Fact<MissionImpact>,
    /// The highest CVSS score with its vector.
    pub score: Option<(f64, String)>,
    /// Of a credential, what its rule says.
    pub credential: Option<Credential>,
    /// Of a configuration, what its check says.
    pub setting: Option<Setting>,
}

impl Inputs {
    /// The facts of a finding of `kind`.
    pub fn gather(kind: AdvisoryKind, evidence: &Evidence, context: &Context<'_>) -> Self {
        let severities = read_severities(&evidence.group.severities);
        let malware = kind == AdvisoryKind::Malware;
        let known_exploited = known_exploited(evidence);
        let exploitation_unlisted =
            if malware { Fact::derived(Exploitation::Active, MALWARE_SOURCE, None) } else { unlisted(&evidence.ssvc) };
        let mut inputs = Inputs {
            kind,
            scope: context.scope,
            cves: evidence.group.cves.clone(),
            ransomware: ransomware(evidence, &known_exploited),
            exploitation: with_listing(&known_exploited, &exploitation_unlisted),
            known_exploited,
            exploitation_unlisted,
            automatable: automatable(kind, &evidence.ssvc, &severities),
            technical_impact: technical_impact(kind, &evidence.ssvc, &severities),
            epss: probability(&evidence.epss),
            exposure: exposure(context),
            mission_impact: mission_impact(context),
            score: severities.score,
            credential: None,
            setting: None,
        };
        if context.scope == Scope::Development && !malware {
            inputs.cap_by_development();
        }
        inputs
    }

    /// The plain values.
    pub fn levels(&self) -> Levels {
        Levels {
            exploitation: self.exploitation.value,
            known_exploited: self.known_exploited.value,
            exposure: self.exposure.value,
            automatable: self.automatable.value,
            technical_impact: self.technical_impact.value,
            mission_impact: self.mission_impact.value,
        }
    }

    /// The plain values if KEV did not list it.
    pub fn levels_unlisted(&self) -> Levels {
        Levels { known_exploited: false, exploitation: self.exploitation_unlisted.value, ..self.levels() }
    }

    /// What is needed only to build is reached from where things are built, not from where they run: the
    /// organisation's own network at most. But build machines hold credentials and write what ships, so the impact
    /// stays the asset's own, up to high: for the mission itself to fail, the harm must first be shipped.
    pub(crate) fn cap_by_development(&mut self) {
        if self.exposure.value > Exposure::Internal {
            self.exposure = Fact::derived(Exposure::Internal, DEVELOPMENT_SOURCE, None);
        }
        if self.mission_impact.value > MissionImpact::High {
            self.mission_impact = Fact::derived(MissionImpact::High, DEVELOPMENT_SOURCE, None);
        }
    }
}

fn known_exploited(evidence: &Evidence) -> Fact<bool> {
    let kev = &evidence.kev;
    match (&kev.value, kev.is_assumed()) {
        (Some(entry), assumed) => Fact {
            value: true,
            standing: if assumed { kev.standing } else { Standing::Checked },
            source: kev.source.clone(),
            date: entry.added.or(kev.date),
        },
        (None, _) if evidence.group.cves.is_empty() => Fact::derived(false, NO_CVE_SOURCE, None),
        (None, false) => Fact::checked(false, kev.source.clone(), kev.date),
        // A catalogue that is missing or too old could list it by now.
        (None, true) => kev.clone().map(|_| true),
    }
}

fn ransomware(evidence: &Evidence, known_exploited: &Fact<bool>) -> Fact<bool> {
    let value = match &evidence.kev.value {
        Some(entry) => entry.ransomware || known_exploited.is_assumed(),
        None => known_exploited.value,
    };
    known_exploited.clone().map(|_| value)
}

/// Exploitation by vulnrichment. Without it nobody says whether a proof of concept is public: it counts as public.
fn unlisted(ssvc: &Fact<Option<SsvcAssessment>>) -> Fact<Exploitation> {
    let assessment = ssvc.value.as_ref();
    match assessment.and_then(|found| Some((found.exploitation?, found.date))) {
        Some((exploitation, date)) if !ssvc.is_assumed() => {
            Fact::checked(exploitation, ssvc.source.clone(), date.or(ssvc.date))
        }
        Some((exploitation, date)) => assumed(exploitation.max(Exploitation::PublicPoc), ssvc, date),
        None => Fact::unknown(Exploitation::PublicPoc, VULNRICHMENT),
    }
}

/// What an assessment that cannot be relied on leaves: as stale, or as unknown, as the assessment itself.
fn assumed<T>(worst: T, ssvc: &Fact<Option<SsvcAssessment>>, date: Option<Date>) -> Fact<T> {
    Fact { value: worst, standing: ssvc.standing, source: ssvc.source.clone(), date: date.or(ssvc.date) }
}

fn with_listing(known_exploited: &Fact<bool>, unlisted: &Fact<Exploitation>) -> Fact<Exploitation> {
    let known = unlisted.value == Exploitation::Active && !unlisted.is_assumed();
    if known_exploited.value && !known {
        known_exploited.clone().map(|_| Exploitation::Active)
    } else {
        unlisted.clone()
    }
}

/// Vulnrichment, else the CVSS vector, else yes. What a stale assessment says counts only where it is the worst.
fn automatable(kind: AdvisoryKind, ssvc: &Fact<Option<SsvcAssessment>>, severities: &SeverityReading) -> Fact<bool> {
    if kind == AdvisoryKind::Malware {
        return Fact::derived(true, MALWARE_SOURCE, None);
    }
    let assessed = ssvc.value.as_ref().and_then(|found| Some((found.automatable?, found.date)));
    match (assessed, &severities.automatable) {
        (Some((value, date)), _) if !ssvc.is_assumed() => Fact::checked(value, ssvc.source.clone(), date.or(ssvc.date)),
        (Some((true, date)), _) => assumed(true, ssvc, date),
        (_, Some((value, vector))) => Fact::derived(*value, vector.clone(), None),
        (Some((false, date)), None) => assumed(true, ssvc, date),
        // The advisory claims broken guarantees, not an attack: nobody can sketch one that automates itself.
        (None, None) if kind == AdvisoryKind::Unsound => Fact::derived(false, "kind: unsound", None),
        (None, None) => Fact::unknown(true, VULNRICHMENT),
    }
}

/// Vulnrichment, else the CVSS vector, else total. What a stale assessment says counts only where it is the worst.
fn technical_impact(
    kind: AdvisoryKind,
    ssvc: &Fact<Option<SsvcAssessment>>,
    severities: &SeverityReading,
) -> Fact<TechnicalImpact> {
    use TechnicalImpact::Total;
    if kind == AdvisoryKind::Malware {
        return Fact::derived(Total, MALWARE_SOURCE, None);
    }
    let assessed = ssvc.value.as_ref().and_then(|found| Some((found.technical_impact?, found.date)));
    match (assessed, &severities.technical_impact) {
        (Some((value, date)), _) if !ssvc.is_assumed() => Fact::checked(value, ssvc.source.clone(), date.or(ssvc.date)),
        (Some((Total, date)), _) => assumed(Total, ssvc, date),
        (_, Some((value, vector))) => Fact::derived(*value, vector.clone(), None),
        (Some((_, date)), None) => assumed(Total, ssvc, date),
        (None, None) => Fact::unknown(Total, VULNRICHMENT),
    }
}

/// A probability in 0 to 1; what is assumed, or is no number, counts as certain.
fn probability(epss: &Fact<f64>) -> Fact<f64> {
    let assumed = epss.is_assumed() || epss.value.is_nan();
    let value = if assumed { 1.0 } else { epss.value.clamp(0.0, 1.0) };
    let standing = if assumed && !epss.is_assumed() { Standing::Unknown } else { epss.standing };
    Fact { value, standing, source: epss.source.clone(), date: epss.date }
}

pub(crate) fn exposure(context: &Context<'_>) -> Fact<Exposure> {
    match context.asset.exposure {
        Exposure::Unknown => Fact::unknown(Exposure::Internet, context.asset_source),
        known => Fact::checked(known, context.asset_source, None),
    }
}

pub(crate) fn mission_impact(context: &Context<'_>) -> Fact<MissionImpact> {
    let of_service = context.service.map_or(MissionImpact::Unknown, |service| service.mission_impact);
    match (context.asset.mission_impact, of_service) {
        (MissionImpact::Unknown, MissionImpact::Unknown) => {
            Fact::unknown(MissionImpact::VeryHigh, context.asset_source)
        }
        (MissionImpact::Unknown, known) | (known, _) => Fact::checked(known, context.asset_source, None),
    }
}
