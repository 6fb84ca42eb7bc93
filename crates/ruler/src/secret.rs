//! Credentials on the ruler.
//!
//! The decision tables ask of a credential what they ask of a vulnerability. *Exploitation*: whoever reads a usable
//! credential can use it, no exploit is needed, which is what a public proof of concept means; where the whole Internet
//! reads it, it is used within minutes. One that was issued for tests, opens little or only looks like a credential
//! counts as not exploitable. *Automatable*: yes, looking for credentials is done by machines. *Technical impact*: what
//! it opens.

use yata_model::{
    AdvisoryKind, Confidence, Environment, Exploitation, Exposure, Fact, Message, RuleSeverity, Secret, TechnicalImpact,
};

use crate::inputs::{exposure, mission_impact};
use crate::{Context, Inputs, Levels};

/// Who says what is known of a credential.
const RULE_SOURCE: &str = "rule";
/// How probable it is that a credential is real and used, by how sure its rule is.
const PROBABILITY: [(Confidence, f64); 3] =
    [(Confidence::Possible, 0.2), (Confidence::Likely, 0.7), (Confidence::Certain, 0.95)];
/// What is left of that for a credential that was issued for tests.
const TEST_WEIGHT: f64 = 0.05;

/// What a rule says of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credential {
    /// What it opens.
    pub severity: RuleSeverity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// For what it was issued.
    pub environment: Option<Environment>,
    /// Whether it stands in the history only.
    pub past: bool,
}

impl Credential {
    /// Whether it opens something, as far as the rule can tell.
    fn is_usable(&self) -> bool {
        self.environment != Some(Environment::Test)
            && self.severity > RuleSeverity::Low
            && self.confidence > Confidence::Possible
    }

    /// How probable it is that somebody uses it, 0 to 1.
    pub(crate) fn probability(&self) -> f64 {
        let sure = PROBABILITY.iter().find(|(known, _)| *known == self.confidence).map_or(1.0, |(_, value)| *value);
        if self.environment == Some(Environment::Test) { sure * TEST_WEIGHT } else { sure }
    }

    /// What the tables would be asked if it opened nothing.
    pub(crate) fn at_best(levels: &mut Levels) {
        levels.exploitation = Exploitation::None;
        levels.technical_impact = TechnicalImpact::Partial;
    }

    /// Why it is urgent, or is not.
    pub(crate) fn reasons(&self, secret: &Secret, rule: &str, reasons: &mut Vec<Message>) {
        let places = secret.occurrences.len();
        let id = match self.environment {
            Some(Environment::Test) => "reason-secret-test",
            _ if self.confidence == Confidence::Possible => "reason-secret-possible",
            Some(Environment::Live) => "reason-secret-live",
            None => "reason-secret",
        };
        reasons.push(Message::new(id).with("rule", rule).with("places", places));
        if self.past {
            reasons.push(Message::new("reason-secret-past"));
        }
    }
}

impl Inputs {
    /// The facts of a credential.
    pub fn of_secret(secret: &Secret, context: &Context<'_>) -> Self {
        let credential = Credential {
            severity: secret.severity,
            confidence: secret.confidence,
            environment: secret.environment,
            past: secret.is_past(),
        };
        let exposure = exposure(context);
        let exploitation = match (credential.is_usable(), exposure.value) {
            (false, _) => Fact::derived(Exploitation::None, RULE_SOURCE, None),
            (true, Exposure::Internet | Exposure::Unknown) if secret.service.is_some() => {
                exposure.clone().map(|_| Exploitation::Active)
            }
            (true, _) => Fact::derived(Exploitation::PublicPoc, RULE_SOURCE, None),
        };
        let total = credential.severity >= RuleSeverity::High;
        let impact = if total { TechnicalImpact::Total } else { TechnicalImpact::Partial };
        Inputs {
            kind: AdvisoryKind::Secret,
            scope: context.scope,
            cves: Vec::new(),
            known_exploited: Fact::derived(false, RULE_SOURCE, None),
            ransomware: Fact::derived(false, RULE_SOURCE, None),
            exploitation_unlisted: exploitation.clone(),
            exploitation,
            automatable: Fact::derived(true, RULE_SOURCE, None),
            technical_impact: Fact::derived(impact, RULE_SOURCE, None),
            epss: Fact::derived(credential.probability(), RULE_SOURCE, None),
            exposure,
            mission_impact: mission_impact(context),
            score: None,
            credential: Some(credential),
            setting: None,
        }
    }
}
