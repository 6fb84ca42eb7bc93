//! What the store and the ruler say, as it goes over the wire.

use serde::Serialize;
use yata_model as model;
use yata_store as store;
use yata_words::Lang;

use super::wire::asset::each;
use super::wire::list::{
    Action, AiFlags, AssetDetail, AssetRow, ByPriority, Count, Coverage, Decision, Factor, FindingDetail, FindingRow,
    NamedFact, SensorLook, SourceReport, TableInput, TableResult, Total, Words,
};
use super::wire::pushed::Change;
use super::wire::text::Text;

impl From<&model::Message> for Words {
    fn from(message: &model::Message) -> Self {
        let say = |lang| Text::from(yata_words::render(lang, message));
        Words { id: message.id.clone().into(), en: say(Lang::En), ja: say(Lang::Ja) }
    }
}

impl From<model::Factor> for Factor {
    fn from(factor: model::Factor) -> Self {
        Factor { ai: factor.ai, why: Words::from(&factor.why) }
    }
}

impl From<store::QueueAction> for Action {
    fn from(action: store::QueueAction) -> Self {
        Action { id: action.id.into(), findings: action.findings, remedy: action.remedy.into() }
    }
}

impl From<store::Total> for Total {
    fn from(total: store::Total) -> Self {
        Total { rows: total.rows, is_exact: total.is_exact }
    }
}

impl From<store::QueueRow> for FindingRow {
    fn from(row: store::QueueRow) -> Self {
        let finding = row.finding;
        FindingRow {
            id: finding.id.clone().into(),
            status: row.status,
            state: finding.state.clone().into(),
            first_seen: finding.first_seen,
            asset_id: finding.asset_id.clone().into(),
            asset_name: row.asset_name.into(),
            asset_kind: row.asset_kind,
            service: row.service.map(Text::from),
            owner: row.owner.map(Text::from),
            priority: row.priority,
            due: row.due,
            expected_harm: row.expected_harm,
            scenario: row.scenario.number(),
            ai: AiFlags { threat: row.ai.threat, vulnerability: row.ai.vulnerability, asset: row.ai.asset },
            assignee: row.assignee.map(Text::from),
            action: row.action.into(),
            finding: finding.into(),
        }
    }
}

impl From<model::TableResult> for TableResult {
    fn from(result: model::TableResult) -> Self {
        let input = |(point, value): (String, String)| TableInput { point: point.into(), value: value.into() };
        TableResult {
            table: result.table.into(),
            inputs: result.inputs.into_iter().map(input).collect(),
            outcome: result.outcome_name.into(),
            priority: result.outcome.priority,
        }
    }
}

impl From<model::Decision> for Decision {
    fn from(decision: model::Decision) -> Self {
        Decision {
            priority: decision.outcome.priority,
            investigate: decision.outcome.investigate,
            due: decision.due,
            clock_started: decision.clock_started,
            next_window_after_due: decision.next_window_after_due,
            ruled_by: decision.ruled_by.into(),
            tables: each(decision.tables),
        }
    }
}

fn fact((name, fact): (String, model::Fact<String>)) -> NamedFact {
    NamedFact {
        name: name.into(),
        value: fact.value.into(),
        standing: fact.standing,
        source: fact.source.into(),
        date: fact.date,
    }
}

/// A change in the language of the caller: what a sensor did has no words of its own.
fn change(change: model::StateChange, lang: Lang) -> Change {
    let is_ours = change.why.starts_with("history-") && yata_words::has(lang, &change.why);
    let why = if is_ours { yata_words::text(lang, &change.why) } else { change.why };
    Change::from(model::StateChange { why, ..change })
}

/// All that is known of a finding.
pub(crate) fn detail(
    judged: store::Judged,
    history: Vec<model::StateChange>,
    comments: Vec<super::wire::list::Comment>,
    lang: Lang,
) -> FindingDetail {
    let risk = judged.risk;
    let finding = risk.finding;
    FindingDetail {
        id: finding.id.clone().into(),
        status: judged.status,
        state: finding.state.clone().into(),
        first_seen: finding.first_seen,
        asset: judged.asset.into(),
        service: judged.service.map(Into::into),
        decision: risk.decision.into(),
        expected_harm: risk.expected_harm,
        scenario: risk.scenario.number(),
        threat: risk.threat.into(),
        vulnerability: risk.vulnerability.into(),
        asset_value: risk.asset.into(),
        facts: risk.facts.into_iter().map(fact).collect(),
        reasons: risk.reasons.iter().map(Words::from).collect(),
        would_change: risk.would_change.iter().map(Words::from).collect(),
        evidence: judged.evidence.map(Into::into),
        assignee: judged.assignee.map(Text::from),
        action: judged.action.into(),
        history: history.into_iter().map(|one| change(one, lang)).collect(),
        comments,
        finding: finding.into(),
    }
}

impl From<store::ByPriority> for ByPriority {
    fn from(counts: store::ByPriority) -> Self {
        let store::ByPriority { immediate, out_of_cycle, scheduled, defer } = counts;
        ByPriority { immediate, out_of_cycle, scheduled, defer }
    }
}

impl From<store::AssetRow> for AssetRow {
    fn from(row: store::AssetRow) -> Self {
        AssetRow { asset: row.asset.into(), seen_at: row.seen_at, open: row.open.into() }
    }
}

impl From<store::SensorLook> for SensorLook {
    fn from(look: store::SensorLook) -> Self {
        SensorLook {
            asset_id: look.asset_id.into(),
            asset_name: look.asset_name.into(),
            sensor: look.sensor.into(),
            seen_at: look.seen_at,
            components: look.components,
            problems: each(look.problems),
            more_problems: look.more_problems,
        }
    }
}

impl From<store::AssetRecord> for AssetDetail {
    fn from(record: store::AssetRecord) -> Self {
        AssetDetail {
            asset: record.row.asset.into(),
            reported: record.reported.into(),
            said_in: record.said_in.into(),
            seen_at: record.row.seen_at,
            open: record.row.open.into(),
            looks: each(record.looks),
        }
    }
}

impl From<store::SourceReport> for SourceReport {
    fn from(report: store::SourceReport) -> Self {
        SourceReport {
            source: report.status.into(),
            reported_by: report.reported_by.into(),
            reported_at: report.reported_at,
        }
    }
}

impl From<store::Coverage> for Coverage {
    fn from(coverage: store::Coverage) -> Self {
        let store::Coverage { assets, no_owner, no_exposure, unseen, orphaned, .. } = coverage;
        Coverage { assets, no_owner, no_exposure, unseen, orphaned }
    }
}

/// Counts by value.
pub(crate) fn counts<T: Serialize>(counts: Vec<(T, u64)>) -> Vec<Count> {
    let count = |(value, findings): (T, u64)| {
        let value = match serde_json::to_value(value) {
            Ok(serde_json::Value::String(text)) => text,
            Ok(other) => other.to_string(),
            Err(_) => String::new(),
        };
        Count { value: value.into(), findings }
    };
    counts.into_iter().map(count).collect()
}
