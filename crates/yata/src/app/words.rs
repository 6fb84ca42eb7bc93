//! The ids of texts about apps.

use yata_agents::Confidence;
use yata_agents::apps::{AppLevel, EvidenceKind, Kind, RegisterFaultKind, Tier};

/// What is wrong with a register.
pub(super) const fn fault(kind: RegisterFaultKind) -> &'static str {
    match kind {
        RegisterFaultKind::Syntax => "app-fault-syntax",
        RegisterFaultKind::UnknownKey => "app-fault-unknown-key",
        RegisterFaultKind::MissingKey => "app-fault-missing-key",
        RegisterFaultKind::BadValue => "app-fault-bad-value",
        RegisterFaultKind::Duplicate => "app-fault-duplicate",
        RegisterFaultKind::UnknownControl => "app-fault-unknown-control",
        RegisterFaultKind::TooMany => "app-fault-too-many",
    }
}

/// A tier.
pub(super) const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Personal => "app-tier-personal",
        Tier::Internal => "app-tier-internal",
        Tier::Official => "app-tier-official",
        Tier::Public => "app-tier-public",
    }
}

/// How much a finding matters.
pub(super) const fn level(level: AppLevel) -> &'static str {
    match level {
        AppLevel::Note => "app-level-note",
        AppLevel::Warning => "app-level-warning",
        AppLevel::Error => "app-level-error",
    }
}

/// How sure something is, in words.
pub(super) const fn confidence(of: Confidence) -> &'static str {
    match of {
        Confidence::Low => "app-confidence-low",
        Confidence::Medium => "app-confidence-medium",
        Confidence::High => "app-confidence-high",
    }
}

/// A kind of evidence.
pub(super) const fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Author => "app-evidence-author",
        EvidenceKind::Trailer => "app-evidence-trailer",
        EvidenceKind::GeneratedWith => "app-evidence-generated-with",
        EvidenceKind::Mark => "app-evidence-mark",
        EvidenceKind::AgentFile => "app-evidence-agent-file",
    }
}

/// What is wrong, and what is to be done.
pub(super) const fn kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Unregistered => ("app-unregistered", "app-fix-unregistered"),
        Kind::Ownerless => ("app-ownerless", "app-fix-ownerless"),
        Kind::DataUnsaid => ("app-data-unsaid", "app-fix-data-unsaid"),
        Kind::NoReviewDate => ("app-no-review-date", "app-fix-no-review-date"),
        Kind::ReviewOverdue => ("app-review-overdue", "app-fix-review-overdue"),
        Kind::Unmaintained => ("app-unmaintained", "app-fix-unmaintained"),
        Kind::Gone => ("app-gone", "app-fix-gone"),
        Kind::ControlMissing(_) => ("app-control-missing", "app-fix-control-missing"),
    }
}

/// A kind of finding, in general.
pub(super) const fn rule(kind: Kind) -> &'static str {
    match kind {
        Kind::Unregistered => "app-rule-unregistered",
        Kind::Ownerless => "app-rule-ownerless",
        Kind::DataUnsaid => "app-rule-data-unsaid",
        Kind::NoReviewDate => "app-rule-no-review-date",
        Kind::ReviewOverdue => "app-rule-review-overdue",
        Kind::Unmaintained => "app-rule-unmaintained",
        Kind::Gone => "app-rule-gone",
        Kind::ControlMissing(_) => "app-rule-control-missing",
    }
}

/// What a control asks for.
pub(super) fn control(id: &str) -> &'static str {
    match id {
        "security-check" => "app-control-security-check",
        "base-prompt" => "app-control-base-prompt",
        "data-handling" => "app-control-data-handling",
        "updates" => "app-control-updates",
        "skills-policy" => "app-control-skills-policy",
        "approval" => "app-control-approval",
        "ci" => "app-control-ci",
        "staging" => "app-control-staging",
        "sign-in" => "app-control-sign-in",
        "audit-log" => "app-control-audit-log",
        "vulnerability-response" => "app-control-vulnerability-response",
        _ => "app-control-external-test",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use yata_agents::apps::CONTROLS;
    use yata_words::{Lang, has};

    #[test]
    fn each_control_has_its_own_words_in_both_languages() {
        let ids: BTreeSet<&str> = CONTROLS.iter().map(|one| super::control(one.id)).collect();
        assert_eq!(ids.len(), CONTROLS.len());
        for control in &CONTROLS {
            assert_eq!(super::control(control.id), format!("app-control-{}", control.id));
            assert!([Lang::En, Lang::Ja].iter().all(|lang| has(*lang, super::control(control.id))), "{}", control.id);
        }
    }
}
