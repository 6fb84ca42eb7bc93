//! Weaknesses of a configuration on the ruler.
//!
//! The decision tables ask of a setting what they ask of a vulnerability. *Exploitation*: nobody counts attacks on a
//! setting, so it is unknown and counts as a public proof of concept, because to use it takes no more than a text that
//! the agent reads; what weighs little or is only a sign counts as not exploitable. *Automatable*: where one setting is
//! the whole way in. *Technical impact*: total where the check calls it a way in. *Exposure*: that of what is needed only
//! to build; but where one setting is the whole way in, whoever writes what the agent reads reaches it.

use yata_model::{
    AdvisoryKind, Confidence, Exploitation, Exposure, Fact, Message, Misconfiguration, RuleSeverity, Scope,
    TechnicalImpact,
};

use crate::inputs::{exposure, mission_impact};
use crate::{Context, Inputs, Levels};

/// Who says what is known of a setting.
const CHECK_SOURCE: &str = "check";
/// Who would know whether it is attacked.
const NOBODY: &str = "no list speaks of settings";
/// Who reaches a setting that is the whole way in.
const ANYONE: &str = "an agent reads what anyone writes";
/// How the ids of checks begin that speak of the register of systems that an AI made: their evidence ends in a day.
const REGISTER_RULES: &str = "agents.app.";
/// How probable it is that somebody uses it within 30 days, by how bad it is …
const BY_SEVERITY: [(RuleSeverity, f64); 4] =
    [(RuleSeverity::Low, 0.02), (RuleSeverity::Medium, 0.1), (RuleSeverity::High, 0.3), (RuleSeverity::Critical, 0.6)];
/// … and what is left of that, by how sure the check is.
const BY_CONFIDENCE: [(Confidence, f64); 3] =
    [(Confidence::Possible, 0.3), (Confidence::Likely, 0.7), (Confidence::Certain, 1.0)];

/// What a check says of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// How bad it is.
    pub severity: RuleSeverity,
    /// How sure the check is.
    pub confidence: Confidence,
}

impl Setting {
    /// Whether it is a weakness by itself, as far as the check can tell.
    fn is_usable(self) -> bool {
        self.severity > RuleSeverity::Low && self.confidence > Confidence::Possible
    }

    /// How probable it is that somebody uses it, 0 to 1.
    fn probability(self) -> f64 {
        let bad = BY_SEVERITY.iter().find(|(known, _)| *known == self.severity).map_or(1.0, |(_, value)| *value);
        let sure = BY_CONFIDENCE.iter().find(|(known, _)| *known == self.confidence).map_or(1.0, |(_, value)| *value);
        bad * sure
    }

    /// What the tables would be asked if nobody could use it.
    pub(crate) fn at_best(levels: &mut Levels) {
        levels.exploitation = Exploitation::None;
        levels.automatable = false;
        levels.technical_impact = TechnicalImpact::Partial;
    }

    /// Why it is urgent, or is not.
    pub(crate) fn reasons(self, one: &Misconfiguration, rule: &str, reasons: &mut Vec<Message>) {
        reasons.push(Message::new("agents-reason-why").with("rule", rule));
        if self.confidence == Confidence::Possible {
            reasons.push(Message::new("agents-reason-possible"));
        }
        if rule.starts_with(REGISTER_RULES) {
            reasons.push(Message::new("agents-reason-end").with("evidence", one.evidence.as_str()));
        } else if one.layer == "project" {
            reasons.push(Message::new("agents-reason-project"));
        }
    }
}

impl Inputs {
    /// The facts of a configuration.
    pub fn of_misconfiguration(one: &Misconfiguration, context: &Context<'_>) -> Self {
        let setting = Setting { severity: one.severity, confidence: one.confidence };
        let exploitation = if setting.is_usable() {
            Fact::unknown(Exploitation::PublicPoc, NOBODY)
        } else {
            Fact::derived(Exploitation::None, CHECK_SOURCE, None)
        };
        let total = setting.severity >= RuleSeverity::High;
        let impact = if total { TechnicalImpact::Total } else { TechnicalImpact::Partial };
        let mut inputs = Inputs {
            kind: AdvisoryKind::Misconfiguration,
            scope: context.scope,
            cves: Vec::new(),
            known_exploited: Fact::derived(false, CHECK_SOURCE, None),
            ransomware: Fact::derived(false, CHECK_SOURCE, None),
            exploitation_unlisted: exploitation.clone(),
            exploitation,
            automatable: Fact::derived(setting.severity == RuleSeverity::Critical, CHECK_SOURCE, None),
            technical_impact: Fact::derived(impact, CHECK_SOURCE, None),
            epss: Fact::derived(setting.probability(), CHECK_SOURCE, None),
            exposure: exposure(context),
            mission_impact: mission_impact(context),
            score: None,
            credential: None,
            setting: Some(setting),
        };
        if context.scope == Scope::Development {
            inputs.cap_by_development();
        }
        if setting.severity == RuleSeverity::Critical && setting.is_usable() {
            inputs.exposure = Fact::derived(Exposure::Internet, ANYONE, None);
        }
        inputs
    }
}
