//! Yata's own format: `docs/schemas/assessment.schema.json`.
//!
//! The structs here are the wire format; the model may change without them. A field is never left out: what is
//! not known is `null`. Within one `schema_version` fields are only added.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use yata_model::{
    Action, AdvisoryGroup, Arg, AssessedAsset, Assessment, Message, Priority, Problem, Question, Remedy, ServiceName,
    SourceStatus,
};

use super::json_finding::{Finding, Risk, Settled};
use super::{ExportError, Texts, is_complete, names, score, writer};

/// The version of the format: it changes when a reader of the old one would misread the new one.
pub const SCHEMA_VERSION: &str = "1";

/// The assessment in Yata's own format, as indented JSON.
///
/// # Errors
/// [`ExportError`] where the serializer refuses; no assessment is known that makes it.
pub fn json(assessment: &Assessment, texts: &Texts<'_>) -> Result<String, ExportError> {
    writer::to_json(&Document::new(assessment, texts))
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    tool: Tool<'a>,
    language: &'a str,
    targets: &'a [String],
    run_at: Timestamp,
    as_of: Date,
    as_of_is_set: bool,
    organisation: Option<Organisation<'a>>,
    complete: bool,
    summary: Summary,
    services: Vec<Service<'a>>,
    assets: Vec<Asset<'a>>,
    actions: Vec<ActionWire<'a>>,
    risks: Vec<Risk<'a>>,
    settled: Vec<Settled<'a>>,
    changes: Changes<'a>,
    advisories: Vec<Advisory<'a>>,
    sources: Vec<Source<'a>>,
    problems: Vec<ProblemWire<'a>>,
    questions: Vec<QuestionWire<'a>>,
}

impl<'a> Document<'a> {
    fn new(a: &'a Assessment, texts: &Texts<'a>) -> Self {
        let new: BTreeSet<&str> = a.changes.new.iter().map(String::as_str).collect();
        Document {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: "yata", version: &a.yata_version },
            language: texts.lang(),
            targets: &a.targets,
            run_at: a.at,
            as_of: a.as_of,
            as_of_is_set: a.as_of_is_set,
            organisation: a
                .organisation
                .as_deref()
                .map(|name| Organisation { name, name_ja: a.organisation_ja.as_deref() }),
            complete: is_complete(a),
            summary: Summary::new(a),
            services: a.services.iter().map(Service::new).collect(),
            assets: a.assets.iter().map(Asset::new).collect(),
            actions: a.actions.iter().map(ActionWire::new).collect(),
            risks: a.risks.iter().map(|risk| Risk::new(risk, &new, texts)).collect(),
            settled: a.settled.iter().map(|f| Settled::new(f, a.settlements.get(&f.id), &new, texts)).collect(),
            changes: Changes {
                since: a.changes.since,
                new: &a.changes.new,
                gone: a.changes.gone.iter().map(|f| Finding::new(f, &new, texts)).collect(),
            },
            advisories: a.advisories.iter().map(Advisory::new).collect(),
            sources: a.sources.iter().map(|source| Source::new(source, texts)).collect(),
            problems: a.problems.iter().map(|problem| ProblemWire::new(problem, texts)).collect(),
            questions: a.questions.iter().map(|question| QuestionWire::new(question, texts)).collect(),
        }
    }
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Organisation<'a> {
    name: &'a str,
    name_ja: Option<&'a str>,
}

#[derive(Serialize)]
struct Summary {
    assets: usize,
    components: usize,
    actions: usize,
    risks: usize,
    risks_by_priority: ByPriority,
    settled: usize,
    new: usize,
    gone: usize,
    problems: usize,
    problems_waived: usize,
}

#[derive(Serialize)]
struct ByPriority {
    immediate: usize,
    out_of_cycle: usize,
    scheduled: usize,
    defer: usize,
}

impl Summary {
    fn new(a: &Assessment) -> Self {
        let of = |priority: Priority| a.risks.iter().filter(|r| r.decision.outcome.priority == priority).count();
        let waived = a.problems.iter().filter(|problem| problem.waived).count();
        Summary {
            assets: a.assets.len(),
            components: a.assets.iter().map(|asset| asset.components.len()).sum(),
            actions: a.actions.len(),
            risks: a.risks.len(),
            risks_by_priority: ByPriority {
                immediate: of(Priority::Immediate),
                out_of_cycle: of(Priority::OutOfCycle),
                scheduled: of(Priority::Scheduled),
                defer: of(Priority::Defer),
            },
            settled: a.settled.len(),
            new: a.changes.new.len(),
            gone: a.changes.gone.len(),
            problems: a.problems.len() - waived,
            problems_waived: waived,
        }
    }
}

/// A message by id and arguments, and in words.
#[derive(Serialize)]
pub(super) struct MessageWire<'a> {
    id: &'a str,
    args: BTreeMap<&'a str, ArgWire<'a>>,
    text: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ArgWire<'a> {
    Number(i64),
    Text(&'a str),
}

impl<'a> MessageWire<'a> {
    pub(super) fn new(message: &'a Message, texts: &Texts<'_>) -> Self {
        let args = message.args.iter().map(|(name, arg)| {
            let arg = match arg {
                Arg::Number(number) => ArgWire::Number(*number),
                Arg::Text(text) => ArgWire::Text(text),
            };
            (name.as_str(), arg)
        });
        MessageWire { id: &message.id, args: args.collect(), text: texts.say(message) }
    }
}

#[derive(Serialize)]
struct Service<'a> {
    id: &'a str,
    name: &'a str,
    name_ja: Option<&'a str>,
}

impl<'a> Service<'a> {
    fn new(service: &'a ServiceName) -> Self {
        Service { id: &service.id, name: &service.name, name_ja: service.name_ja.as_deref() }
    }
}

#[derive(Serialize)]
struct Asset<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    service: Option<&'a str>,
    owner: Option<&'a str>,
    exposure: &'static str,
    mission_impact: &'static str,
    data_classes: &'a [String],
    is_ai: bool,
    depends_on: &'a [String],
    components: usize,
}

impl<'a> Asset<'a> {
    fn new(assessed: &'a AssessedAsset) -> Self {
        let asset = &assessed.asset;
        Asset {
            id: &asset.id,
            kind: names::asset_kind(asset.kind),
            name: &asset.name,
            service: asset.service.as_deref(),
            owner: asset.owner.as_deref(),
            exposure: names::exposure(asset.exposure),
            mission_impact: names::mission_impact(asset.mission_impact),
            data_classes: &asset.data_classes,
            is_ai: asset.is_ai,
            depends_on: &asset.depends_on,
            components: assessed.components.len(),
        }
    }
}

/// What mends it.
#[derive(Serialize)]
pub(super) struct RemedyWire<'a> {
    kind: &'static str,
    to: Option<&'a str>,
    compatible: Option<bool>,
}

impl<'a> RemedyWire<'a> {
    pub(super) fn new(remedy: &'a Remedy) -> Self {
        let (to, compatible) = match remedy {
            Remedy::Upgrade { to, compatible } => (Some(to.as_str()), *compatible),
            Remedy::Remove | Remedy::Replace | Remedy::NoneKnown | Remedy::Rotate | Remedy::Reconfigure => (None, None),
        };
        RemedyWire { kind: names::remedy(remedy), to, compatible }
    }
}

#[derive(Serialize)]
struct ActionWire<'a> {
    asset_id: &'a str,
    package: &'a str,
    from: &'a [String],
    remedy: RemedyWire<'a>,
    priority: &'static str,
    due: Option<Date>,
    investigate: bool,
    development_only: bool,
    risks: &'a [u32],
}

impl<'a> ActionWire<'a> {
    fn new(action: &'a Action) -> Self {
        ActionWire {
            asset_id: &action.asset_id,
            package: &action.package,
            from: &action.from,
            remedy: RemedyWire::new(&action.remedy),
            priority: names::priority(action.priority),
            due: action.due,
            investigate: action.investigate,
            development_only: action.development_only,
            risks: &action.risks,
        }
    }
}

#[derive(Serialize)]
struct Changes<'a> {
    since: Option<Timestamp>,
    new: &'a [String],
    gone: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Advisory<'a> {
    id: &'a str,
    ids: &'a [String],
    kind: &'static str,
    summary: &'a str,
    published: Option<Timestamp>,
    modified: Option<Timestamp>,
    severities: Vec<SeverityWire<'a>>,
    cwes: &'a [String],
    cves: &'a [String],
    references: Vec<ReferenceWire<'a>>,
    sources: &'a [String],
}

#[derive(Serialize)]
struct SeverityWire<'a> {
    kind: &'static str,
    value: &'a str,
    score: Option<f64>,
}

#[derive(Serialize)]
struct ReferenceWire<'a> {
    kind: &'a str,
    url: &'a str,
}

impl<'a> Advisory<'a> {
    fn new(group: &'a AdvisoryGroup) -> Self {
        let severities = group.severities.iter().map(|severity| SeverityWire {
            kind: names::severity_kind(severity.kind),
            value: &severity.value,
            score: score::score(severity).map(|s| s.score),
        });
        Advisory {
            id: &group.id,
            ids: &group.ids,
            kind: names::advisory_kind(group.kind),
            summary: &group.summary,
            published: group.published,
            modified: group.modified,
            severities: severities.collect(),
            cwes: &group.cwes,
            cves: &group.cves,
            references: group.references.iter().map(|r| ReferenceWire { kind: &r.kind, url: &r.url }).collect(),
            sources: &group.sources,
        }
    }
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    state: &'static str,
    date: Option<Date>,
    imported: Option<Timestamp>,
    records: u64,
    unreadable: u64,
    max_age_days: Option<u32>,
    message: Option<MessageWire<'a>>,
}

impl<'a> Source<'a> {
    fn new(source: &'a SourceStatus, texts: &Texts<'_>) -> Self {
        Source {
            name: &source.name,
            state: names::source_state(source.state),
            date: source.date,
            imported: source.imported,
            records: source.records,
            unreadable: source.unreadable,
            max_age_days: Some(source.max_age_days).filter(|days| *days != u32::MAX),
            message: source.message.as_ref().map(|message| MessageWire::new(message, texts)),
        }
    }
}

#[derive(Serialize)]
struct ProblemWire<'a> {
    kind: &'static str,
    subject: &'a str,
    line: Option<u32>,
    message: MessageWire<'a>,
    waived: bool,
}

impl<'a> ProblemWire<'a> {
    fn new(problem: &'a Problem, texts: &Texts<'_>) -> Self {
        ProblemWire {
            kind: names::problem_kind(problem.kind),
            subject: &problem.subject,
            line: problem.line,
            message: MessageWire::new(&problem.message, texts),
            waived: problem.waived,
        }
    }
}

#[derive(Serialize)]
struct QuestionWire<'a> {
    ask: MessageWire<'a>,
    would_move: u32,
}

impl<'a> QuestionWire<'a> {
    fn new(question: &'a Question, texts: &Texts<'_>) -> Self {
        QuestionWire { ask: MessageWire::new(&question.ask, texts), would_move: question.would_move }
    }
}
