//! One finding on the ruler.

use jiff::civil::Date;
use yata_model::{
    AdvisoryKind, Decision, Exploitation, Finding, KevEntry, MissionImpact, Outcome, Priority, Risk, Subject,
    TableResult, TechnicalImpact,
};

use crate::calendar::next_window;
use crate::factors::{Factors, factors, no_weakness_is_claimed};
use crate::facts::Token as _;
use crate::table::urgency;
use crate::{Context, Evidence, Inputs, Levels, Tables, explain, rank_key, stricter};

/// The least probability of something that is being exploited.
const ACTIVE_PROBABILITY: f64 = 0.9;
/// The least probability of something that a ransomware campaign uses.
const RANSOMWARE_PROBABILITY: f64 = 0.95;
/// What is left of an impact that is only partial.
const PARTIAL_WEIGHT: f64 = 0.5;

/// Whether an advisory of that kind is a risk at all: bug-fix and enhancement updates are not.
pub fn is_risk(kind: AdvisoryKind) -> bool {
    kind != AdvisoryKind::Maintenance
}

/// Puts a finding on the ruler. Its rank is 0 until [`crate::rank`] gives it one.
pub fn judge(finding: Finding, evidence: &Evidence, context: &Context<'_>) -> Risk {
    // The stronger word of the two counts: a finding and its group may have been read at different times.
    let kind = finding.kind.min(evidence.group.kind);
    let inputs = match &finding.subject {
        Subject::Component(_) => Inputs::gather(kind, evidence, context),
        Subject::Secret(secret) => Inputs::of_secret(secret, context),
        Subject::Misconfiguration(one) => Inputs::of_misconfiguration(one, context),
    };
    let decision = decide(&inputs, evidence.kev.value.as_ref(), context);
    let Factors { threat, vulnerability, asset, scenario } = factors(&finding, &evidence.group, context.asset, &inputs);
    Risk {
        rank: 0,
        threat,
        vulnerability,
        asset,
        scenario,
        expected_harm: expected_harm(&inputs),
        facts: inputs.facts(),
        reasons: explain::reasons(&finding, &inputs, &decision, evidence.kev.value.as_ref(), context),
        would_change: explain::would_change(&inputs, context.tables),
        decision,
        finding,
    }
}

/// The outcome for plain values. Malware is always immediate, with an investigation, whatever the tables say.
/// Where no weakness is claimed the tables have nothing to decide (SSVC is about vulnerabilities): it waits for the
/// next upgrade, unless it is being exploited after all. Everything else is the stricter of the tables.
pub(crate) fn settle(kind: AdvisoryKind, levels: &Levels, tables: &Tables) -> Outcome {
    if kind == AdvisoryKind::Malware {
        Outcome { priority: Priority::Immediate, investigate: true }
    } else if waits(kind, levels) {
        Outcome { priority: Priority::Defer, investigate: false }
    } else {
        tables.outcome(levels)
    }
}

fn waits(kind: AdvisoryKind, levels: &Levels) -> bool {
    no_weakness_is_claimed(kind) && levels.exploitation != Exploitation::Active
}

fn decide(inputs: &Inputs, kev: Option<&KevEntry>, context: &Context<'_>) -> Decision {
    let levels = inputs.levels();
    let waits = waits(inputs.kind, &levels);
    let tables = if waits { Vec::new() } else { context.tables.results(&levels) };
    let outcome = settle(inputs.kind, &levels, context.tables);
    let (clock_started, due) = clock(inputs, outcome, kev, context);
    let window = context.service.and_then(|service| service.change_window.as_ref());
    let opens = due.and_then(|due| window.and_then(|window| next_window(window, context.today)).filter(|at| *at > due));
    Decision {
        outcome,
        ruled_by: ruled_by(inputs.kind, waits, outcome, &tables),
        due,
        clock_started,
        next_window_after_due: opens,
        tables,
    }
}

/// Malware or the kind that claims no weakness; else the tables whose answer is the outcome.
fn ruled_by(kind: AdvisoryKind, waits: bool, outcome: Outcome, tables: &[TableResult]) -> String {
    if waits || kind == AdvisoryKind::Malware {
        return kind.word().to_owned();
    }
    let strictest: Vec<&str> =
        tables.iter().filter(|result| result.outcome == outcome).map(|result| result.table.as_str()).collect();
    if !strictest.is_empty() {
        return strictest.join(", ");
    }
    // The priority of one table with the investigation of another.
    let part = |result: &&TableResult| result.outcome.priority == outcome.priority || result.outcome.investigate;
    tables.iter().filter(part).map(|result| result.table.as_str()).collect::<Vec<_>>().join(", ")
}

/// The day the clock started, and the last day.
///
/// The clock starts on the day the finding could be known: the day it was first seen here. Where a later listing in
/// KEV makes it more urgent, a second clock starts on the day of the listing, and the earlier last day counts: a
/// listing never moves a deadline back.
fn clock(inputs: &Inputs, outcome: Outcome, kev: Option<&KevEntry>, context: &Context<'_>) -> (Date, Option<Date>) {
    let seen = context.first_seen.unwrap_or(context.today).min(context.today);
    let due = |start: Date, outcome: Outcome| context.calendar.due(start, outcome.priority);
    let from_seen = (seen, due(seen, outcome));
    let Some(listed) = kev.and_then(|entry| entry.added).filter(|added| *added > seen) else { return from_seen };
    let before = settle(inputs.kind, &inputs.levels_unlisted(), context.tables);
    if urgency(before) <= urgency(outcome) {
        return from_seen;
    }
    let listed = listed.min(context.today);
    match (due(seen, before), due(listed, outcome)) {
        (Some(earlier), Some(later)) if earlier <= later => (seen, Some(earlier)),
        (_, later) => (listed, later),
    }
}

/// Probability × impact, 0 to 1.
///
/// Probability: EPSS (not known: 1), at least 0.9 where it is exploited and 0.95 where ransomware uses it; 1 for
/// malware; 0 where no weakness is claimed; of a credential how sure it is, and little where it was issued for
/// tests; of a configuration how bad and how sure its check is. Impact: the mission impact in quarters (low ¼ … very high 1), halved
/// where the technical impact is partial.
pub fn expected_harm(inputs: &Inputs) -> f64 {
    let active = inputs.exploitation.value == Exploitation::Active;
    let probability = if inputs.kind == AdvisoryKind::Malware {
        1.0
    } else if let Some(credential) = &inputs.credential {
        credential.probability()
    } else if waits(inputs.kind, &inputs.levels()) {
        0.0
    } else {
        let floor = match (active, inputs.ransomware.value) {
            (true, true) => RANSOMWARE_PROBABILITY,
            (true, false) => ACTIVE_PROBABILITY,
            (false, _) => 0.0,
        };
        inputs.epss.value.max(floor)
    };
    let mission = match inputs.mission_impact.value {
        MissionImpact::Low => 0.25,
        MissionImpact::Medium => 0.5,
        MissionImpact::High => 0.75,
        MissionImpact::VeryHigh | MissionImpact::Unknown => 1.0,
    };
    let technical = match inputs.technical_impact.value {
        TechnicalImpact::Partial => PARTIAL_WEIGHT,
        TechnicalImpact::Total => 1.0,
    };
    probability * mission * technical
}

/// The order of risks: by [`rank_key`], which is the last day (none is last), then expected harm; then by the finding's
/// id. Ranks from 1.
pub fn rank(mut risks: Vec<Risk>) -> Vec<Risk> {
    risks.sort_by(|a, b| {
        let key = |risk: &Risk| rank_key(risk.decision.due, risk.expected_harm);
        key(a).cmp(&key(b)).then_with(|| a.finding.id.cmp(&b.finding.id))
    });
    for (risk, rank) in risks.iter_mut().zip(1..) {
        risk.rank = rank;
    }
    risks
}

/// Whether `a` is more urgent than `b`.
pub(crate) fn more_urgent(a: Outcome, b: Outcome) -> bool {
    urgency(a) < urgency(b) && stricter(a, b) == a
}
