//! Findings and risks in Yata's own format.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use yata_model::{Applies, Component, Fact, Factor, FindingState, Message, Occurrence, StateChange, TableResult};

use super::json::{MessageWire, RemedyWire};
use super::{Texts, names};

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    id: &'a str,
    asset_id: &'a str,
    rule: &'a str,
    ids: &'a [String],
    kind: &'static str,
    title: &'a str,
    component: Option<ComponentWire<'a>>,
    secret: Option<&'a yata_model::Secret>,
    misconfiguration: Option<&'a yata_model::Misconfiguration>,
    applies: AppliesWire<'a>,
    remedy: RemedyWire<'a>,
    state: StateWire,
    first_seen: Option<Timestamp>,
    is_new: bool,
}

impl<'a> Finding<'a> {
    pub(super) fn new(finding: &'a yata_model::Finding, new: &BTreeSet<&str>, texts: &Texts<'_>) -> Self {
        let why = match &finding.applies {
            Applies::Affected => None,
            Applies::Unknown { why } => Some(MessageWire::new(why, texts)),
        };
        Finding {
            id: &finding.id,
            asset_id: &finding.asset_id,
            rule: &finding.rule,
            ids: &finding.ids,
            kind: names::advisory_kind(finding.kind),
            title: &finding.title,
            component: finding.subject.component().map(ComponentWire::new),
            secret: finding.subject.secret(),
            misconfiguration: finding.subject.misconfiguration(),
            applies: AppliesWire { status: names::applies(&finding.applies), why },
            remedy: RemedyWire::new(&finding.remedy),
            state: StateWire::new(&finding.state),
            first_seen: finding.first_seen,
            is_new: new.contains(finding.id.as_str()),
        }
    }
}

#[derive(Serialize)]
struct AppliesWire<'a> {
    status: &'static str,
    why: Option<MessageWire<'a>>,
}

#[derive(Serialize)]
struct StateWire {
    status: &'static str,
    until: Option<Date>,
}

impl StateWire {
    fn new(state: &FindingState) -> Self {
        let until = match state {
            FindingState::Accepted { until } | FindingState::Mitigated { until } => Some(*until),
            FindingState::Open | FindingState::FalsePositive | FindingState::Fixed => None,
        };
        StateWire { status: names::finding_state(state), until }
    }
}

#[derive(Serialize)]
struct ComponentWire<'a> {
    purl: &'a str,
    ecosystem: String,
    name: &'a str,
    version: Option<&'a str>,
    source: Option<SourcePackageWire<'a>>,
    scope: &'static str,
    occurrences: Vec<OccurrenceWire<'a>>,
}

#[derive(Serialize)]
struct SourcePackageWire<'a> {
    name: &'a str,
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct OccurrenceWire<'a> {
    file: &'a str,
    line: Option<u32>,
    scope: &'static str,
    direct: Option<bool>,
    path: &'a [String],
}

impl<'a> ComponentWire<'a> {
    fn new(component: &'a Component) -> Self {
        ComponentWire {
            purl: &component.purl,
            ecosystem: component.package.ecosystem.to_string(),
            name: &component.package.name,
            version: component.version.as_deref(),
            source: component
                .source
                .as_ref()
                .map(|source| SourcePackageWire { name: &source.name, version: source.version.as_deref() }),
            scope: names::scope(component.scope()),
            occurrences: component.occurrences.iter().map(OccurrenceWire::new).collect(),
        }
    }
}

impl<'a> OccurrenceWire<'a> {
    fn new(occurrence: &'a Occurrence) -> Self {
        OccurrenceWire {
            file: &occurrence.file,
            line: occurrence.line,
            scope: names::scope(occurrence.scope),
            direct: occurrence.direct,
            path: &occurrence.path,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Settled<'a> {
    finding: Finding<'a>,
    settlement: Option<Settlement<'a>>,
}

#[derive(Serialize)]
struct Settlement<'a> {
    by: &'a str,
    why: &'a str,
    at: Timestamp,
}

impl<'a> Settled<'a> {
    pub(super) fn new(
        finding: &'a yata_model::Finding,
        change: Option<&'a StateChange>,
        new: &BTreeSet<&str>,
        texts: &Texts<'_>,
    ) -> Self {
        Settled {
            finding: Finding::new(finding, new, texts),
            settlement: change.map(|change| Settlement { by: &change.by, why: &change.why, at: change.at }),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Risk<'a> {
    rank: u32,
    finding: Finding<'a>,
    factors: Factors<'a>,
    scenario: u8,
    decision: DecisionWire<'a>,
    expected_harm: f64,
    facts: Vec<FactWire<'a>>,
    reasons: Vec<MessageWire<'a>>,
    would_change: Vec<MessageWire<'a>>,
}

impl<'a> Risk<'a> {
    pub(super) fn new(risk: &'a yata_model::Risk, new: &BTreeSet<&str>, texts: &Texts<'_>) -> Self {
        let say = |messages: &'a [Message]| messages.iter().map(|m| MessageWire::new(m, texts)).collect();
        Risk {
            rank: risk.rank,
            finding: Finding::new(&risk.finding, new, texts),
            factors: Factors {
                threat: FactorWire::new(&risk.threat, texts),
                vulnerability: FactorWire::new(&risk.vulnerability, texts),
                asset: FactorWire::new(&risk.asset, texts),
            },
            scenario: risk.scenario.number(),
            decision: DecisionWire::new(&risk.decision),
            expected_harm: harm(risk),
            facts: risk.facts.iter().map(|(name, fact)| FactWire::new(name, fact)).collect(),
            reasons: say(&risk.reasons),
            would_change: say(&risk.would_change),
        }
    }
}

/// The expected harm between 0 and 1; what is not a number counts as the worst.
pub(super) fn harm(risk: &yata_model::Risk) -> f64 {
    if risk.expected_harm.is_finite() { risk.expected_harm.clamp(0.0, 1.0) } else { 1.0 }
}

#[derive(Serialize)]
struct Factors<'a> {
    threat: FactorWire<'a>,
    vulnerability: FactorWire<'a>,
    asset: FactorWire<'a>,
}

#[derive(Serialize)]
struct FactorWire<'a> {
    ai: bool,
    why: MessageWire<'a>,
}

impl<'a> FactorWire<'a> {
    fn new(factor: &'a Factor, texts: &Texts<'_>) -> Self {
        FactorWire { ai: factor.ai, why: MessageWire::new(&factor.why, texts) }
    }
}

#[derive(Serialize)]
struct DecisionWire<'a> {
    priority: &'static str,
    investigate: bool,
    ruled_by: &'a str,
    due: Option<Date>,
    clock_started: Date,
    next_window_after_due: Option<Date>,
    tables: Vec<TableWire<'a>>,
}

#[derive(Serialize)]
struct TableWire<'a> {
    table: &'a str,
    inputs: Vec<InputWire<'a>>,
    outcome_name: &'a str,
    priority: &'static str,
    investigate: bool,
}

#[derive(Serialize)]
struct InputWire<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> DecisionWire<'a> {
    fn new(decision: &'a yata_model::Decision) -> Self {
        DecisionWire {
            priority: names::priority(decision.outcome.priority),
            investigate: decision.outcome.investigate,
            ruled_by: &decision.ruled_by,
            due: decision.due,
            clock_started: decision.clock_started,
            next_window_after_due: decision.next_window_after_due,
            tables: decision.tables.iter().map(TableWire::new).collect(),
        }
    }
}

impl<'a> TableWire<'a> {
    fn new(result: &'a TableResult) -> Self {
        TableWire {
            table: &result.table,
            inputs: result.inputs.iter().map(|(name, value)| InputWire { name, value }).collect(),
            outcome_name: &result.outcome_name,
            priority: names::priority(result.outcome.priority),
            investigate: result.outcome.investigate,
        }
    }
}

/// One input of the decision, with how it is known.
#[derive(Serialize)]
pub(super) struct FactWire<'a> {
    name: &'a str,
    value: &'a str,
    standing: &'static str,
    source: &'a str,
    date: Option<Date>,
}

impl<'a> FactWire<'a> {
    pub(super) fn new(name: &'a str, fact: &'a Fact<String>) -> Self {
        FactWire {
            name,
            value: &fact.value,
            standing: names::standing(fact.standing),
            source: &fact.source,
            date: fact.date,
        }
    }
}
