//! Configurations of coding agents on the ruler.

use yata_model::{
    AdvisoryKind, Confidence, Exposure, Misconfiguration, MissionImpact, Occurrence, Priority, Remedy, Risk,
    RuleSeverity, Scope, Standing, Subject,
};
use yata_ruler::facts::name;

use crate::support::{Case, fact};

fn judged(severity: RuleSeverity, confidence: Confidence, exposure: Exposure, impact: MissionImpact) -> Risk {
    let mut case = Case::new().at(exposure, impact);
    case.finding.rule = "agents.claude.bypass-mode".to_owned();
    case.finding.kind = AdvisoryKind::Misconfiguration;
    case.evidence.group.kind = AdvisoryKind::Misconfiguration;
    case.finding.remedy = Remedy::Reconfigure;
    case.scope = Scope::Development;
    case.asset.is_ai = true;
    case.finding.subject = Subject::Misconfiguration(Misconfiguration {
        product: "claude-code".to_owned(),
        layer: "project".to_owned(),
        evidence: String::new(),
        digest: "00".to_owned(),
        severity,
        confidence,
        fixable: true,
        owner: None,
        author: None,
        occurrences: vec![Occurrence {
            file: ".claude/settings.json".to_owned(),
            line: None,
            scope: Scope::Development,
            direct: None,
            path: Vec::new(),
        }],
    });
    case.judge()
}

#[test]
fn nobody_counts_attacks_on_settings() {
    let risk = judged(RuleSeverity::High, Confidence::Certain, Exposure::Internet, MissionImpact::VeryHigh);
    let exploitation = fact(&risk, name::EXPLOITATION);
    assert_eq!((exploitation.value.as_str(), exploitation.standing), ("public-poc", Standing::Unknown));
    assert_eq!(fact(&risk, name::TECHNICAL_IMPACT).value, "total");
    assert_eq!(fact(&risk, name::WEIGHT).value, "high");
    // Agents work where things are built.
    assert_eq!(
        (fact(&risk, name::EXPOSURE).value.as_str(), fact(&risk, name::MISSION_IMPACT).value.as_str()),
        ("internal", "high")
    );
    assert!(risk.threat.ai && risk.vulnerability.ai && risk.asset.ai);
    assert_eq!(risk.scenario.number(), 1);
    assert!(risk.reasons.iter().any(|reason| reason.id == "agents-reason-project"), "{:?}", risk.reasons);
    assert!(risk.would_change.iter().all(|change| !change.id.starts_with("change-kev")), "{:?}", risk.would_change);
}

#[test]
fn what_is_worse_or_surer_is_never_less_urgent() {
    use Confidence::{Certain, Likely, Possible};
    use RuleSeverity::{Critical, High, Low, Medium};
    // The bits of numbers that are not negative are in their order.
    let order = |risk: &Risk| (std::cmp::Reverse(risk.decision.outcome.priority), risk.expected_harm.to_bits());
    for (exposure, impact) in [(Exposure::Unknown, MissionImpact::Unknown), (Exposure::None, MissionImpact::Low)] {
        for confidence in [Possible, Likely, Certain] {
            let all = [Low, Medium, High, Critical].map(|severity| judged(severity, confidence, exposure, impact));
            assert!(all.windows(2).all(|pair| order(&pair[0]) <= order(&pair[1])), "{confidence:?} {exposure:?}");
        }
        for severity in [Low, Medium, High, Critical] {
            let all = [Possible, Likely, Certain].map(|confidence| judged(severity, confidence, exposure, impact));
            assert!(all.windows(2).all(|pair| order(&pair[0]) <= order(&pair[1])), "{severity:?} {exposure:?}");
        }
    }
    let critical = judged(Critical, Certain, Exposure::Unknown, MissionImpact::Unknown);
    assert!(critical.decision.outcome.priority <= Priority::OutOfCycle, "{:?}", critical.decision);
    let sign = judged(Low, Possible, Exposure::Unknown, MissionImpact::Unknown);
    assert!(sign.decision.outcome.priority >= Priority::Scheduled, "{:?}", sign.decision);
}
