//! Laws that hold for every input.

use proptest::prelude::*;
use yata_model::{Exploitation, Exposure, Fact, MissionImpact, Outcome, Priority, Risk, TechnicalImpact};
use yata_ruler::{rank, stricter};

use crate::support::{Case, LOCAL, TODAY, WORMABLE, assessment, kev};

fn priorities() -> impl Strategy<Value = Priority> {
    prop::sample::select(vec![Priority::Immediate, Priority::OutOfCycle, Priority::Scheduled, Priority::Defer])
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    (priorities(), any::<bool>()).prop_map(|(priority, investigate)| Outcome { priority, investigate })
}

prop_compose! {
    fn cases()(
        exposure in prop::sample::select(vec![
            Exposure::None, Exposure::Internal, Exposure::Partner, Exposure::Internet, Exposure::Unknown
        ]),
        impact in prop::sample::select(vec![
            MissionImpact::Low, MissionImpact::Medium, MissionImpact::High, MissionImpact::VeryHigh,
            MissionImpact::Unknown
        ]),
        vector in prop::sample::select(vec!["", WORMABLE, LOCAL]),
        listed in prop::option::of(any::<bool>()),
        assessed in prop::option::of((0..3_u8, any::<bool>(), any::<bool>())),
        epss in 0.0..1.0_f64,
        development: bool,
        number in 0..1000_u32,
    ) -> Case {
        let mut case = Case::new().at(exposure, impact);
        if !vector.is_empty() {
            case = case.vector(vector);
        }
        if let Some(ransomware) = listed {
            case = case.listed(TODAY, ransomware);
        }
        if let Some((exploitation, automatable, total)) = assessed {
            let exploitation = match exploitation {
                0 => Exploitation::None,
                1 => Exploitation::PublicPoc,
                _ => Exploitation::Active,
            };
            let impact = if total { TechnicalImpact::Total } else { TechnicalImpact::Partial };
            case = case.assessed(exploitation, automatable, impact);
        }
        if development {
            case = case.development();
        }
        case.evidence.epss = Fact::checked(epss, "EPSS", None);
        case.finding.id = format!("fi_{number}");
        case
    }
}

/// Smaller is more urgent.
fn urgency(risk: &Risk) -> (Priority, bool) {
    (risk.decision.outcome.priority, !risk.decision.outcome.investigate)
}

/// What is not known is never less urgent than the same with the fact known.
fn check_unknown(known: &Case, forget: impl Fn(&mut Case)) -> Result<(), TestCaseError> {
    let before = known.judge();
    let mut unknown = known.clone();
    forget(&mut unknown);
    let after = unknown.judge();
    prop_assert!(urgency(&after) <= urgency(&before), "{:?} -> {:?}", before.decision, after.decision);
    prop_assert!(after.expected_harm >= before.expected_harm - 1e-12);
    Ok(())
}

proptest! {
    #[test]
    fn the_stricter_of_two_is_a_semilattice(a in outcomes(), b in outcomes(), c in outcomes()) {
        prop_assert_eq!(stricter(a, b), stricter(b, a));
        prop_assert_eq!(stricter(a, a), a);
        prop_assert_eq!(stricter(stricter(a, b), c), stricter(a, stricter(b, c)));
        prop_assert!(stricter(a, b).priority <= a.priority && (stricter(a, b).investigate || !a.investigate));
    }

    #[test]
    fn the_outcome_is_the_stricter_of_all_tables(case in cases()) {
        let decision = case.judge().decision;
        let all = decision.tables.iter().map(|result| result.outcome).reduce(stricter);
        prop_assert_eq!(Some(decision.outcome), all);
        prop_assert!(!decision.ruled_by.is_empty());
    }

    #[test]
    fn unknown_is_never_less_urgent(case in cases()) {
        check_unknown(&case, |case| case.asset.exposure = Exposure::Unknown)?;
        check_unknown(&case, |case| case.asset.mission_impact = MissionImpact::Unknown)?;
        check_unknown(&case, |case| case.evidence.kev = Fact::unknown(None, "CISA KEV"))?;
        check_unknown(&case, |case| case.evidence.kev = Fact::stale(case.evidence.kev.value.clone(), "CISA KEV", None))?;
        check_unknown(&case, |case| case.evidence.epss = Fact::unknown(0.0, "EPSS"))?;
    }

    /// Without an assessment nothing is known of a proof of concept, automation and impact: never less urgent than
    /// with one, except that exploitation that only the assessment tells of is not guessed (a fresh KEV is the word on
    /// that). Derivations from a vector are knowledge, so the vector goes too.
    #[test]
    fn no_assessment_is_never_less_urgent_than_one_that_saw_no_exploitation(case in cases()) {
        let active = case.evidence.ssvc.value.as_ref().is_some_and(|a| a.exploitation == Some(Exploitation::Active));
        prop_assume!(!active);
        check_unknown(&case, |case| {
            case.evidence.ssvc = Fact::unknown(None, "CISA vulnrichment");
            case.evidence.group.severities.clear();
        })?;
    }

    /// A vector is read only where no assessment answers, and then nothing derived from it is worse than not knowing.
    #[test]
    fn a_vector_is_never_worse_than_none(case in cases()) {
        check_unknown(&case, |case| case.evidence.group.severities.clear())?;
    }

    #[test]
    fn the_rank_is_a_total_order_whatever_order_they_come_in(mut cases in prop::collection::vec(cases(), 0..20), at: usize) {
        cases.sort_by(|a, b| a.finding.id.cmp(&b.finding.id));
        cases.dedup_by(|a, b| a.finding.id == b.finding.id);
        let risks: Vec<Risk> = cases.iter().map(Case::judge).collect();
        let mut turned = risks.clone();
        let by = at % turned.len().max(1);
        turned.rotate_left(by);
        turned.reverse();
        let (one, two) = (rank(risks), rank(turned));
        prop_assert_eq!(&one, &two);
        for (risk, expected) in one.iter().zip(1..) {
            prop_assert_eq!(risk.rank, expected);
        }
        for pair in one.windows(2) {
            let [a, b] = pair else { continue };
            let due = |risk: &Risk| (risk.decision.due.is_none(), risk.decision.due);
            prop_assert!(due(a) <= due(b));
            prop_assert!(due(a) < due(b) || a.expected_harm >= b.expected_harm);
        }
    }

    #[test]
    fn a_listing_never_moves_a_deadline_back(case in cases(), seen in 0..200_i64, added in 0..200_i64) {
        let day = |ago: i64| TODAY.saturating_sub(jiff::Span::new().days(ago));
        let with = |listed: bool| {
            let mut case = case.clone();
            case.first_seen = Some(day(seen));
            let entry = listed.then(|| kev(day(added), false));
            case.evidence.kev = Fact::checked(entry, "CISA KEV", None);
            case.judge().decision.due
        };
        let (before, after) = (with(false), with(true));
        prop_assert!(after.is_some());
        prop_assert!(before.is_none() || after <= before, "{before:?} -> {after:?}");
    }

    #[test]
    fn harm_is_between_nothing_and_all(case in cases()) {
        prop_assert!((0.0..=1.0).contains(&case.judge().expected_harm));
    }
}

#[test]
fn an_assessment_in_parts_answers_in_parts() {
    let mut case = Case::new();
    let mut parts = assessment(Exploitation::None, false, TechnicalImpact::Partial);
    parts.automatable = None;
    case.evidence.ssvc = Fact::checked(Some(parts), "CISA vulnrichment", None);
    let risk = case.judge();
    let standing = |name: &str| crate::support::fact(&risk, name).standing;
    assert_eq!(standing("exploitation"), yata_model::Standing::Checked);
    assert_eq!(standing("automatable"), yata_model::Standing::Unknown);
}
