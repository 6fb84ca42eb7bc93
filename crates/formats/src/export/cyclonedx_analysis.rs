//! What became of a finding, as CycloneDX `analysis`.

use yata_model::{Applies, Finding, FindingState, Remedy, Risk, StateChange};

use super::Texts;
use super::cyclonedx_wire::Analysis;

/// The analysis of a finding; `change` says who settled it, `risk` why it is open.
///
/// A false positive is `not_affected` where its reason begins with a machine-readable justification, as a VEX
/// statement gives it, and `false_positive` where a person says it in words.
pub(super) fn analysis(
    finding: &Finding,
    change: Option<&StateChange>,
    risk: Option<&Risk>,
    texts: &Texts<'_>,
) -> Analysis {
    let justification = change.and_then(|change| justification(&change.why));
    let (state, response) = match &finding.state {
        FindingState::Accepted { .. } if risk.is_none() => ("exploitable", vec!["will_not_fix"]),
        FindingState::Mitigated { .. } if risk.is_none() => ("exploitable", vec!["workaround_available"]),
        FindingState::FalsePositive if justification.is_some() => ("not_affected", Vec::new()),
        FindingState::FalsePositive => ("false_positive", Vec::new()),
        FindingState::Fixed => ("resolved", Vec::new()),
        // What was accepted until a day that has passed is open again.
        FindingState::Open | FindingState::Accepted { .. } | FindingState::Mitigated { .. } => {
            let state = if matches!(finding.applies, Applies::Affected) { "exploitable" } else { "in_triage" };
            let upgrade = matches!(finding.remedy, Remedy::Upgrade { .. });
            (state, if upgrade { vec!["update"] } else { Vec::new() })
        }
    };
    Analysis {
        state,
        justification: justification.filter(|_| state == "not_affected"),
        response,
        detail: detail(finding, change, risk, texts),
        first_issued: finding.first_seen,
        last_updated: change.map(|change| change.at),
    }
}

fn detail(finding: &Finding, change: Option<&StateChange>, risk: Option<&Risk>, texts: &Texts<'_>) -> Option<String> {
    if let (Some(change), None) = (change, risk) {
        let until = match finding.state {
            FindingState::Accepted { until } | FindingState::Mitigated { until } => format!(", {until}"),
            FindingState::Open | FindingState::FalsePositive | FindingState::Fixed => String::new(),
        };
        return Some(format!("{} ({}{until})", change.why, change.by));
    }
    let why = match &finding.applies {
        Applies::Affected => None,
        Applies::Unknown { why } => Some(texts.say(why)),
    };
    let reasons = risk.iter().flat_map(|risk| &risk.reasons).map(|reason| texts.say(reason));
    let parts: Vec<String> = why.into_iter().chain(reasons).collect();
    (!parts.is_empty()).then(|| parts.join(" / "))
}

/// The CycloneDX justification for a reason that begins with one of CycloneDX or of OpenVEX.
fn justification(why: &str) -> Option<&'static str> {
    let label: String = why.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    Some(match label.as_str() {
        "code_not_present" | "component_not_present" | "vulnerable_code_not_present" => "code_not_present",
        "code_not_reachable" | "vulnerable_code_not_in_execute_path" => "code_not_reachable",
        "requires_configuration" => "requires_configuration",
        "requires_dependency" => "requires_dependency",
        "requires_environment" | "vulnerable_code_cannot_be_controlled_by_adversary" => "requires_environment",
        "protected_by_compiler" => "protected_by_compiler",
        "protected_at_runtime" => "protected_at_runtime",
        "protected_at_perimeter" => "protected_at_perimeter",
        "protected_by_mitigating_control" | "inline_mitigations_already_exist" => "protected_by_mitigating_control",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::justification;

    #[test]
    fn a_label_before_the_words_is_read() {
        assert_eq!(justification("vulnerable_code_not_present: built without it"), Some("code_not_present"));
        assert_eq!(justification("inline_mitigations_already_exist"), Some("protected_by_mitigating_control"));
        assert_eq!(justification("We do not use it"), None);
        assert_eq!(justification("利用していません"), None);
    }
}
