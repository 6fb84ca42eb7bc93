//! Facts as a risk carries them: every input by name, its value as a word, with source, date and standing.

use yata_model::{
    AdvisoryKind, Confidence, Environment, Exploitation, Exposure, Fact, MissionImpact, Priority, RuleSeverity, Scope,
    Standing, TechnicalImpact,
};

use crate::misconfiguration::Setting;
use crate::secret::Credential;
use crate::{Inputs, Levels};

/// Names of the facts; the catalogue has a label for each (`fact-…`).
pub mod name {
    /// What the advisory says: [`yata_model::AdvisoryKind`].
    pub const KIND: &str = "kind";
    /// The CVE ids whose evidence counts, with commas; `none`.
    pub const CVES: &str = "cves";
    /// Whether KEV lists it: `yes`, `no`.
    pub const KNOWN_EXPLOITED: &str = "known-exploited";
    /// Whether a ransomware campaign uses it: `yes`, `no`.
    pub const RANSOMWARE: &str = "ransomware";
    /// `none`, `public-poc`, `active`.
    pub const EXPLOITATION: &str = "exploitation";
    /// The same if KEV did not list it.
    pub const EXPLOITATION_UNLISTED: &str = "exploitation-unlisted";
    /// `yes`, `no`.
    pub const AUTOMATABLE: &str = "automatable";
    /// `partial`, `total`.
    pub const TECHNICAL_IMPACT: &str = "technical-impact";
    /// 0 to 1, five digits.
    pub const EPSS: &str = "epss";
    /// `none`, `internal`, `partner`, `internet`.
    pub const EXPOSURE: &str = "exposure";
    /// `low`, `medium`, `high`, `very-high`.
    pub const MISSION_IMPACT: &str = "mission-impact";
    /// `runtime`, `optional`, `development`.
    pub const SCOPE: &str = "scope";
    /// The highest CVSS score; only where there is a readable vector.
    pub const CVSS: &str = "cvss";
    /// What a credential opens: `low`, `medium`, `high`, `critical`.
    pub const SEVERITY: &str = "severity";
    /// How bad a check says that a configuration is: `low`, `medium`, `high`, `critical`.
    pub const WEIGHT: &str = "weight";
    /// How sure the rule is of what it found: `possible`, `likely`, `certain`.
    pub const CONFIDENCE: &str = "confidence";
    /// For what a credential was issued: `live`, `test`, `unknown`.
    pub const ENVIRONMENT: &str = "environment";
    /// Whether a credential stands in the files now, or only in the history: `yes`, `no`.
    pub const PRESENT: &str = "present";
}

/// The word of a value, and the value of a word.
pub trait Token: Sized + Copy + PartialEq + 'static {
    /// All values with their words.
    const WORDS: &'static [(Self, &'static str)];

    /// The word.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    /// The value of a word.
    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
    }
}

impl Token for bool {
    const WORDS: &'static [(Self, &'static str)] = &[(false, "no"), (true, "yes")];
}

impl Token for Exploitation {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Exploitation::None, "none"), (Exploitation::PublicPoc, "public-poc"), (Exploitation::Active, "active")];
}

impl Token for TechnicalImpact {
    const WORDS: &'static [(Self, &'static str)] =
        &[(TechnicalImpact::Partial, "partial"), (TechnicalImpact::Total, "total")];
}

impl Token for Exposure {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Exposure::None, "none"),
        (Exposure::Internal, "internal"),
        (Exposure::Partner, "partner"),
        (Exposure::Internet, "internet"),
        (Exposure::Unknown, "unknown"),
    ];
}

impl Token for MissionImpact {
    const WORDS: &'static [(Self, &'static str)] = &[
        (MissionImpact::Low, "low"),
        (MissionImpact::Medium, "medium"),
        (MissionImpact::High, "high"),
        (MissionImpact::VeryHigh, "very-high"),
        (MissionImpact::Unknown, "unknown"),
    ];
}

impl Token for Scope {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Scope::Runtime, "runtime"), (Scope::Optional, "optional"), (Scope::Development, "development")];
}

impl Token for AdvisoryKind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (AdvisoryKind::Malware, "malware"),
        (AdvisoryKind::Secret, "secret"),
        (AdvisoryKind::Vulnerability, "vulnerability"),
        (AdvisoryKind::Misconfiguration, "misconfiguration"),
        (AdvisoryKind::Unsound, "unsound"),
        (AdvisoryKind::Unmaintained, "unmaintained"),
        (AdvisoryKind::Notice, "notice"),
        (AdvisoryKind::Maintenance, "maintenance"),
    ];
}

impl Token for RuleSeverity {
    const WORDS: &'static [(Self, &'static str)] = &[
        (RuleSeverity::Low, "low"),
        (RuleSeverity::Medium, "medium"),
        (RuleSeverity::High, "high"),
        (RuleSeverity::Critical, "critical"),
    ];
}

impl Token for Confidence {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Confidence::Possible, "possible"), (Confidence::Likely, "likely"), (Confidence::Certain, "certain")];
}

impl Token for Environment {
    const WORDS: &'static [(Self, &'static str)] = &[(Environment::Live, "live"), (Environment::Test, "test")];
}

impl Token for Priority {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Priority::Immediate, "immediate"),
        (Priority::OutOfCycle, "out-of-cycle"),
        (Priority::Scheduled, "scheduled"),
        (Priority::Defer, "defer"),
    ];
}

impl Inputs {
    /// The facts by name, those that weigh most first.
    pub fn facts(&self) -> Vec<(String, Fact<String>)> {
        if let Some(credential) = &self.credential {
            return self.credential_facts(credential);
        }
        if let Some(setting) = &self.setting {
            return self.setting_facts(setting);
        }
        let mut facts = vec![
            plain(name::KIND, self.kind.word()),
            plain(name::CVES, if self.cves.is_empty() { "none".to_owned() } else { self.cves.join(", ") }),
            worded(name::KNOWN_EXPLOITED, &self.known_exploited),
            worded(name::RANSOMWARE, &self.ransomware),
            worded(name::EXPLOITATION, &self.exploitation),
            worded(name::EXPLOITATION_UNLISTED, &self.exploitation_unlisted),
            worded(name::AUTOMATABLE, &self.automatable),
            worded(name::TECHNICAL_IMPACT, &self.technical_impact),
            (name::EPSS.to_owned(), self.epss.clone().map(|value| format!("{value:.5}"))),
            worded(name::EXPOSURE, &self.exposure),
            worded(name::MISSION_IMPACT, &self.mission_impact),
            plain(name::SCOPE, self.scope.word()),
        ];
        if let Some((score, vector)) = &self.score {
            facts.push((name::CVSS.to_owned(), Fact::derived(format!("{score:.1}"), vector.clone(), None)));
        }
        facts
    }
}

/// What the questions need of a risk's facts, read without copying: the values, and which of them are assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) kind: AdvisoryKind,
    pub(crate) levels: Levels,
    pub(crate) unlisted: Exploitation,
    pub(crate) has_cve: bool,
    pub(crate) kev_is_assumed: bool,
    pub(crate) unlisted_is_assumed: bool,
    pub(crate) automatable_is_assumed: bool,
    pub(crate) technical_impact_is_assumed: bool,
    pub(crate) exposure_is_assumed: bool,
    pub(crate) mission_impact_is_assumed: bool,
}

impl Summary {
    pub(crate) fn of(facts: &[(String, Fact<String>)]) -> Option<Self> {
        let find = |name: &str| facts.iter().find(|(known, _)| known == name).map(|(_, fact)| fact);
        let word = |name: &str| find(name).map(|fact| fact.value.as_str());
        let assumed = |name: &str| find(name).is_some_and(Fact::is_assumed);
        Some(Summary {
            kind: Token::from_word(word(name::KIND)?)?,
            levels: Levels {
                exploitation: Token::from_word(word(name::EXPLOITATION)?)?,
                // A credential has none of what lists of vulnerabilities say.
                known_exploited: word(name::KNOWN_EXPLOITED).map_or(Some(false), Token::from_word)?,
                exposure: Token::from_word(word(name::EXPOSURE)?)?,
                automatable: Token::from_word(word(name::AUTOMATABLE)?)?,
                technical_impact: Token::from_word(word(name::TECHNICAL_IMPACT)?)?,
                mission_impact: Token::from_word(word(name::MISSION_IMPACT)?)?,
            },
            unlisted: Token::from_word(word(name::EXPLOITATION_UNLISTED).or_else(|| word(name::EXPLOITATION))?)?,
            has_cve: word(name::CVES).is_some_and(|cves| cves != "none"),
            kev_is_assumed: assumed(name::KNOWN_EXPLOITED),
            unlisted_is_assumed: assumed(name::EXPLOITATION_UNLISTED),
            automatable_is_assumed: assumed(name::AUTOMATABLE),
            technical_impact_is_assumed: assumed(name::TECHNICAL_IMPACT),
            exposure_is_assumed: assumed(name::EXPOSURE),
            mission_impact_is_assumed: assumed(name::MISSION_IMPACT),
        })
    }
}

impl Inputs {
    /// The facts of a credential: no list of vulnerabilities speaks of it.
    fn credential_facts(&self, credential: &Credential) -> Vec<(String, Fact<String>)> {
        let environment = credential.environment.map_or("unknown", Token::word);
        vec![
            plain(name::KIND, self.kind.word()),
            plain(name::SEVERITY, credential.severity.word()),
            plain(name::CONFIDENCE, credential.confidence.word()),
            plain(name::ENVIRONMENT, environment),
            plain(name::PRESENT, (!credential.past).word()),
            worded(name::EXPLOITATION, &self.exploitation),
            worded(name::AUTOMATABLE, &self.automatable),
            worded(name::TECHNICAL_IMPACT, &self.technical_impact),
            worded(name::EXPOSURE, &self.exposure),
            worded(name::MISSION_IMPACT, &self.mission_impact),
        ]
    }
}

impl Inputs {
    /// The facts of a configuration: no list of vulnerabilities speaks of it.
    fn setting_facts(&self, setting: &Setting) -> Vec<(String, Fact<String>)> {
        vec![
            plain(name::KIND, self.kind.word()),
            plain(name::WEIGHT, setting.severity.word()),
            plain(name::CONFIDENCE, setting.confidence.word()),
            worded(name::EXPLOITATION, &self.exploitation),
            worded(name::AUTOMATABLE, &self.automatable),
            worded(name::TECHNICAL_IMPACT, &self.technical_impact),
            worded(name::EXPOSURE, &self.exposure),
            worded(name::MISSION_IMPACT, &self.mission_impact),
            plain(name::SCOPE, self.scope.word()),
        ]
    }
}

fn worded<T: Token>(name: &str, fact: &Fact<T>) -> (String, Fact<String>) {
    (name.to_owned(), fact.clone().map(|value| value.word().to_owned()))
}

/// A fact that is part of the finding itself.
fn plain(name: &str, value: impl Into<String>) -> (String, Fact<String>) {
    let fact = Fact { value: value.into(), standing: Standing::Checked, source: "finding".to_owned(), date: None };
    (name.to_owned(), fact)
}
