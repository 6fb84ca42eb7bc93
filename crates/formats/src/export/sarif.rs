//! SARIF 2.1.0, the OASIS standard for results of analysis, with errata 01.
//!
//! Decisions:
//! - One rule is one advisory group; `security-severity` is the highest published CVSS score, and is left out
//!   where nobody published one.
//! - The level says how soon, not how bad: immediate and out-of-cycle are errors, scheduled is a warning, defer a
//!   note. How bad stands in the rule.
//! - A result's fingerprint is the finding's id (`yataFinding/v1`): it survives line moves.
//! - Problems are notifications, and make the execution unsuccessful: a run that could not read everything
//!   must not look like a clean one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use yata_model::{
    AdvisoryGroup, AdvisoryKind, Assessment, Asset, Finding, Message, Occurrence, Priority, Problem, Risk,
};

use super::json_finding::{FactWire, harm};
use super::sarif_wire::{
    ArtifactLocation, AutomationDetails, BaseLocation, Driver, Invocation, Location, Log, Notification,
    NotificationKind, NotificationProperties, NotificationRef, PhysicalLocation, Region, ResultProperties, ResultWire,
    RiskProperties, Rule, RuleProperties, Run, RunProperties, SourceProperties, Suppression, Text, Tool,
};
use super::{ExportError, Texts, is_complete, names, phrases, score, text, uri, writer};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const ROOT: &str = "SRCROOT";
const FINGERPRINT: &str = "yataFinding/v1";
/// Places of one result; the property `occurrences` has the whole count.
const MAX_LOCATIONS_COUNT: usize = 100;
/// Reasons in one result's message.
const MAX_REASONS_COUNT: usize = 3;
/// The longest short description, in characters.
const MAX_SHORT_CHARS: usize = 200;

/// Which findings the results hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SarifContents {
    /// Open ones, settled ones as suppressed, and gone ones as absent: the whole standard.
    All,
    /// Open ones only: for readers that ignore `suppressions` and `baselineState` and would show the rest as
    /// open alerts (code scanning of GitHub).
    OpenOnly,
}

/// The assessment as SARIF 2.1.0, as indented JSON.
///
/// # Errors
/// [`ExportError`] where the serializer refuses; no assessment is known that makes it.
pub fn sarif(assessment: &Assessment, texts: &Texts<'_>, contents: SarifContents) -> Result<String, ExportError> {
    let writer = Writer::new(assessment, texts, contents);
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [writer.run()] };
    writer::to_json(&log)
}

/// A plain text message: brackets would begin a link (§ 3.11.6), braces a placeholder (§ 3.11.5).
fn plain(text: &str) -> Text {
    let cleaned = text::clean(text);
    let mut out = String::with_capacity(cleaned.len());
    for c in cleaned.chars() {
        match c {
            '\\' | '[' | ']' => out.extend(['\\', c]),
            '{' | '}' => out.extend([c, c]),
            c => out.push(c),
        }
    }
    Text { text: out }
}

fn level(priority: Priority) -> &'static str {
    match priority {
        Priority::Immediate | Priority::OutOfCycle => "error",
        Priority::Scheduled => "warning",
        Priority::Defer => "note",
    }
}

struct Writer<'a> {
    assessment: &'a Assessment,
    texts: &'a Texts<'a>,
    contents: SarifContents,
    assets: HashMap<&'a str, &'a Asset>,
    groups: HashMap<&'a str, &'a AdvisoryGroup>,
    new: BTreeSet<&'a str>,
    /// Rule ids in the order of the `rules` array.
    rules: BTreeMap<&'a str, &'a Finding>,
}

impl<'a> Writer<'a> {
    fn new(assessment: &'a Assessment, texts: &'a Texts<'a>, contents: SarifContents) -> Self {
        let mut writer = Writer {
            assessment,
            texts,
            contents,
            assets: assessment.assets.iter().map(|a| (a.asset.id.as_str(), &a.asset)).collect(),
            groups: assessment.advisories.iter().map(|group| (group.id.as_str(), group)).collect(),
            new: assessment.changes.new.iter().map(String::as_str).collect(),
            rules: BTreeMap::new(),
        };
        let open = assessment.risks.iter().map(|risk| &risk.finding);
        for finding in open.chain(writer.settled_findings()).chain(writer.gone_findings()) {
            writer.rules.entry(finding.rule.as_str()).or_insert(finding);
        }
        writer
    }

    fn settled_findings(&self) -> &'a [Finding] {
        if self.contents == SarifContents::All { &self.assessment.settled } else { &[] }
    }

    fn gone_findings(&self) -> &'a [Finding] {
        if self.contents == SarifContents::All { &self.assessment.changes.gone } else { &[] }
    }

    fn run(&self) -> Run<'a> {
        let a = self.assessment;
        let indices: HashMap<&str, usize> = self.rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
        let kinds: BTreeSet<&'static str> = a.problems.iter().map(|p| names::problem_kind(p.kind)).collect();
        let kinds: Vec<&'static str> = kinds.into_iter().collect();
        let language = text_tag(self.texts.lang());
        let root = self.texts.say(&Message::new("export-sarif-root"));
        Run {
            tool: Tool {
                driver: Driver {
                    name: "Yata",
                    version: &a.yata_version,
                    language,
                    rules: self.rules.iter().map(|(id, finding)| self.rule(id, finding)).collect(),
                    notifications: kinds.iter().map(|kind| NotificationKind { id: notification_id(kind) }).collect(),
                },
            },
            automation_details: AutomationDetails { id: "yata/assess/" },
            invocations: [Invocation {
                execution_successful: is_complete(a),
                start_time_utc: a.at,
                tool_execution_notifications: a.problems.iter().map(|p| self.notification(p, &kinds)).collect(),
            }],
            original_uri_base_ids: BTreeMap::from([(ROOT, BaseLocation { description: plain(&root) })]),
            column_kind: "unicodeCodePoints",
            results: self.results(&indices),
            properties: RunProperties {
                targets: &a.targets,
                as_of: a.as_of,
                organisation: a.organisation.as_deref().map(|name| self.texts.name(name, a.organisation_ja.as_deref())),
                sources: a
                    .sources
                    .iter()
                    .map(|source| SourceProperties {
                        name: &source.name,
                        state: names::source_state(source.state),
                        date: source.date,
                        records: source.records,
                    })
                    .collect(),
            },
        }
    }

    fn rule(&self, id: &'a str, finding: &'a Finding) -> Rule<'a> {
        let group = self.groups.get(id).copied();
        let summary = match group {
            Some(group) if !group.summary.is_empty() => group.summary.as_str(),
            _ if !finding.title.is_empty() => finding.title.as_str(),
            _ => id,
        };
        let help_uri = group.and_then(|g| g.references.iter().find_map(|reference| uri::web_address(&reference.url)));
        let kind = group.map_or(finding.kind, |g| g.kind);
        let mut tags = vec!["security", names::advisory_kind(kind)];
        if let Some(group) = group {
            tags.extend(group.cwes.iter().map(String::as_str));
        }
        // What a check says is in the catalogue, in the reader's language.
        let said = (kind == AdvisoryKind::Misconfiguration).then(|| {
            let say = |of: &str| self.texts.say(&Message::new(of).with("rule", id));
            (say("queue-rule-title"), say("agents-reason-why"), say("agents-advice"))
        });
        let (summary, full, advice) = match &said {
            Some((title, why, advice)) => (title.as_str(), why.as_str(), format!("{why} {advice}")),
            None => (summary, summary, summary.to_owned()),
        };
        let help = match &help_uri {
            Some(address) => format!("{advice} {address}"),
            None => advice,
        };
        Rule {
            id,
            short_description: plain(&text::cut(&format!("{id}: {summary}"), MAX_SHORT_CHARS)),
            full_description: plain(full),
            help: plain(&help),
            help_uri,
            properties: RuleProperties {
                tags,
                security_severity: group.and_then(score::highest).filter(|s| *s > 0.0).map(|s| format!("{s:.1}")),
                aliases: group.map_or(&finding.ids, |g| &g.ids),
            },
        }
    }

    fn results(&self, indices: &HashMap<&str, usize>) -> Vec<ResultWire<'a>> {
        let open = self.assessment.risks.iter().map(|risk| self.open(risk));
        let settled = self.settled_findings().iter().map(|finding| self.settled(finding));
        let gone = self.gone_findings().iter().map(|finding| self.gone(finding));
        open.chain(settled)
            .chain(gone)
            .map(|mut result| {
                result.rule_index = indices.get(result.rule_id).copied();
                result
            })
            .collect()
    }

    fn open(&self, risk: &'a Risk) -> ResultWire<'a> {
        let finding = &risk.finding;
        let decision = &risk.decision;
        let mut parts = vec![self.texts.say(&phrases::remedy_of(finding)), self.texts.say(&phrases::due(decision.due))];
        if decision.outcome.investigate {
            parts.push(self.texts.say(&Message::new("export-investigate")));
        }
        parts.extend(risk.reasons.iter().take(MAX_REASONS_COUNT).map(|reason| self.texts.say(reason)));
        let mut result = self.result(finding, level(decision.outcome.priority), &parts.join(" / "));
        result.rank = Some((harm(risk) * 1000.0).round() / 10.0);
        result.baseline_state = self.assessment.changes.since.map(|_| self.baseline(finding));
        result.properties.risk = Some(RiskProperties {
            priority: names::priority(decision.outcome.priority),
            due: decision.due,
            investigate: decision.outcome.investigate,
            rank: risk.rank,
            scenario: risk.scenario.number(),
            ruled_by: &decision.ruled_by,
            facts: risk.facts.iter().map(|(name, fact)| FactWire::new(name, fact)).collect(),
        });
        result
    }

    fn settled(&self, finding: &'a Finding) -> ResultWire<'a> {
        let mut result = self.result(finding, "note", &self.texts.say(&phrases::remedy_of(finding)));
        result.baseline_state = self.assessment.changes.since.map(|_| self.baseline(finding));
        let justification = match self.assessment.settlements.get(&finding.id) {
            Some(change) => format!("{} ({}, {})", change.why, change.by, change.at),
            None => names::finding_state(&finding.state).to_owned(),
        };
        result.suppressions = Some([Suppression { kind: "external", status: "accepted", justification }]);
        result
    }

    fn gone(&self, finding: &'a Finding) -> ResultWire<'a> {
        let mut result = self.result(finding, "none", &self.texts.say(&Message::new("export-gone")));
        result.baseline_state = Some("absent");
        result
    }

    fn baseline(&self, finding: &Finding) -> &'static str {
        if self.new.contains(finding.id.as_str()) { "new" } else { "unchanged" }
    }

    fn result(&self, finding: &'a Finding, level: &'static str, message: &str) -> ResultWire<'a> {
        let asset = self.assets.get(finding.asset_id.as_str()).copied();
        let service = asset.and_then(|a| a.service.as_deref());
        let occurrences = finding.subject.occurrences();
        let label = finding.subject.label();
        ResultWire {
            rule_id: &finding.rule,
            rule_index: None,
            level,
            message: plain(&format!("{label}: {message}")),
            locations: occurrences.iter().filter_map(location).take(MAX_LOCATIONS_COUNT).collect(),
            partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.id.as_str())]),
            baseline_state: None,
            suppressions: None,
            rank: None,
            properties: ResultProperties {
                state: names::finding_state(&finding.state),
                kind: names::advisory_kind(finding.kind),
                purl: finding.subject.component().map(|component| component.purl.as_str()),
                scope: names::scope(finding.subject.scope()),
                applies: names::applies(&finding.applies),
                asset: asset.map_or(&finding.asset_id, |a| &a.name),
                service: service.map(|id| match self.assessment.service(id) {
                    Some(service) => self.texts.name(&service.name, service.name_ja.as_deref()),
                    None => id,
                }),
                owner: asset.and_then(|a| a.owner.as_deref()),
                occurrences: occurrences.len(),
                risk: None,
            },
        }
    }

    fn notification(&self, problem: &Problem, kinds: &[&'static str]) -> Notification {
        let kind = names::problem_kind(problem.kind);
        let is_file = !matches!(problem.kind, yata_model::ProblemKind::SourceUnchecked);
        let place = is_file.then(|| place(&problem.subject, problem.line)).flatten();
        let words = self.texts.say(&problem.message);
        Notification {
            descriptor: NotificationRef {
                id: notification_id(kind),
                index: kinds.binary_search(&kind).unwrap_or_default(),
            },
            level: if problem.waived { "note" } else { "error" },
            message: plain(&format!("{}: {words}", problem.subject)),
            locations: place.into_iter().collect(),
            properties: NotificationProperties { subject: problem.subject.clone(), waived: problem.waived },
        }
    }
}

fn notification_id(kind: &str) -> String {
    format!("problem/{kind}")
}

/// The language as SARIF allows it (§ 3.19.21: `en` or `en-US`); `None` for other tags.
fn text_tag(tag: &str) -> Option<&str> {
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let fits = match tag.split_once('-') {
        Some((language, region)) => two(language) && two(region),
        None => two(tag),
    };
    fits.then_some(tag)
}

fn place(path: &str, line: Option<u32>) -> Option<Location> {
    let uri = uri::relative_path(path)?;
    let region = line.filter(|line| *line > 0).map(|start_line| Region { start_line });
    let artifact_location = ArtifactLocation { uri, uri_base_id: ROOT };
    Some(Location { physical_location: PhysicalLocation { artifact_location, region } })
}

fn location(occurrence: &Occurrence) -> Option<Location> {
    place(&occurrence.file, occurrence.line)
}
