//! The words that the formats use for the model's values.
//!
//! They stand here and not in `derive`s of the model, so that renaming a variant cannot change what others read.

use yata_model::{
    AdvisoryKind, Applies, AssetKind, Exposure, FindingState, MissionImpact, Priority, ProblemKind, Remedy, Scope,
    SeverityKind, SourceState, Standing,
};

pub(super) fn asset_kind(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Repository => "repository",
        AssetKind::Host => "host",
        AssetKind::Sbom => "sbom",
        AssetKind::AiService => "ai_service",
        AssetKind::Agent => "agent",
        AssetKind::AiMadeApp => "ai_made_app",
        AssetKind::Model => "model",
        AssetKind::Data => "data",
    }
}

pub(super) fn exposure(exposure: Exposure) -> &'static str {
    match exposure {
        Exposure::None => "none",
        Exposure::Internal => "internal",
        Exposure::Partner => "partner",
        Exposure::Internet => "internet",
        Exposure::Unknown => "unknown",
    }
}

pub(super) fn mission_impact(impact: MissionImpact) -> &'static str {
    match impact {
        MissionImpact::Low => "low",
        MissionImpact::Medium => "medium",
        MissionImpact::High => "high",
        MissionImpact::VeryHigh => "very_high",
        MissionImpact::Unknown => "unknown",
    }
}

pub(super) fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Immediate => "immediate",
        Priority::OutOfCycle => "out_of_cycle",
        Priority::Scheduled => "scheduled",
        Priority::Defer => "defer",
    }
}

pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Checked => "checked",
        Standing::Derived => "derived",
        Standing::Stale => "stale",
        Standing::Unknown => "unknown",
    }
}

pub(super) fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Runtime => "runtime",
        Scope::Optional => "optional",
        Scope::Development => "development",
    }
}

pub(super) fn advisory_kind(kind: AdvisoryKind) -> &'static str {
    match kind {
        AdvisoryKind::Malware => "malware",
        AdvisoryKind::Secret => "secret",
        AdvisoryKind::Vulnerability => "vulnerability",
        AdvisoryKind::Misconfiguration => "misconfiguration",
        AdvisoryKind::Unsound => "unsound",
        AdvisoryKind::Unmaintained => "unmaintained",
        AdvisoryKind::Notice => "notice",
        AdvisoryKind::Maintenance => "maintenance",
    }
}

pub(super) fn severity_kind(kind: SeverityKind) -> &'static str {
    match kind {
        SeverityKind::CvssV2 => "cvss_v2",
        SeverityKind::CvssV3 => "cvss_v3",
        SeverityKind::CvssV4 => "cvss_v4",
        SeverityKind::Word => "word",
    }
}

pub(super) fn applies(applies: &Applies) -> &'static str {
    match applies {
        Applies::Affected => "affected",
        Applies::Unknown { .. } => "unknown",
    }
}

pub(super) fn remedy(remedy: &Remedy) -> &'static str {
    match remedy {
        Remedy::Upgrade { .. } => "upgrade",
        Remedy::Remove => "remove",
        Remedy::Replace => "replace",
        Remedy::NoneKnown => "none_known",
        Remedy::Rotate => "rotate",
        Remedy::Reconfigure => "reconfigure",
    }
}

pub(super) fn finding_state(state: &FindingState) -> &'static str {
    match state {
        FindingState::Open => "open",
        FindingState::Accepted { .. } => "accepted",
        FindingState::Mitigated { .. } => "mitigated",
        FindingState::FalsePositive => "false_positive",
        FindingState::Fixed => "fixed",
    }
}

pub(super) fn source_state(state: SourceState) -> &'static str {
    match state {
        SourceState::Fresh => "fresh",
        SourceState::Stale => "stale",
        SourceState::Partial => "partial",
        SourceState::Missing => "missing",
        SourceState::Broken => "broken",
    }
}

pub(super) fn problem_kind(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Unreadable => "unreadable",
        ProblemKind::Unparsable => "unparsable",
        ProblemKind::BadEntry => "bad_entry",
        ProblemKind::TooLarge => "too_large",
        ProblemKind::SourceUnchecked => "source_unchecked",
        ProblemKind::Estate => "estate",
        ProblemKind::VersionUnknown => "version_unknown",
    }
}
