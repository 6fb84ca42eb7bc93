//! What intelligence says, on the wire.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yata_model as model;

use super::asset::{strings, texts};
use super::finding::Message;
use super::text::Text;
use crate::api::schema::{Book, Schema, wire, words};

words! {
    /// How a fact is known.
    model::Standing as "Standing": [
        model::Standing::Checked, model::Standing::Derived, model::Standing::Stale, model::Standing::Unknown,
    ];
    /// How far a source of intelligence can be trusted now.
    model::SourceState as "SourceState": [
        model::SourceState::Fresh, model::SourceState::Stale, model::SourceState::Partial, model::SourceState::Missing,
        model::SourceState::Broken,
    ];
    /// The notation of a severity.
    model::SeverityKind as "SeverityKind": [
        model::SeverityKind::CvssV2, model::SeverityKind::CvssV3, model::SeverityKind::CvssV4,
        model::SeverityKind::Word,
    ];
    /// SSVC Exploitation.
    model::Exploitation as "Exploitation": [
        model::Exploitation::None, model::Exploitation::PublicPoc, model::Exploitation::Active,
    ];
    /// SSVC Technical Impact.
    model::TechnicalImpact as "TechnicalImpact": [model::TechnicalImpact::Partial, model::TechnicalImpact::Total];
    /// The status of a VEX statement.
    model::VexStatus as "VexStatus": [
        model::VexStatus::NotAffected, model::VexStatus::Affected, model::VexStatus::Fixed,
        model::VexStatus::UnderInvestigation,
    ];
}

/// A value with where it comes from, when that was said and how far it can be trusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value used.
    pub value: T,
    /// How it is known.
    pub standing: model::Standing,
    /// Who says so.
    pub source: Text,
    /// The day the source said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

impl<T: Schema> Schema for Fact<T> {
    fn schema(book: &mut Book) -> Value {
        let (value, standing, source, date) =
            (book.of::<T>(), book.of::<model::Standing>(), book.of::<Text>(), book.of::<Option<Date>>());
        json!({
            "type": "object",
            "properties": { "value": value, "standing": standing, "source": source, "date": date },
            "required": if T::OPTIONAL { json!(["standing", "source"]) } else { json!(["value", "standing", "source"]) },
        })
    }
}

impl<A> Fact<A> {
    fn from_model<B: Into<A>>(fact: model::Fact<B>) -> Self {
        let model::Fact { value, standing, source, date } = fact;
        Fact { value: value.into(), standing, source: source.into(), date }
    }

    fn into_model<B>(self, value: impl FnOnce(A) -> B) -> model::Fact<B> {
        model::Fact { value: value(self.value), standing: self.standing, source: self.source.into(), date: self.date }
    }
}

wire! {
    /// A severity as published.
    pub struct Severity {
        /// The notation.
        pub kind: model::SeverityKind,
        /// The vector or word.
        pub value: Text,
    }

    /// Where to read more.
    pub struct Reference {
        /// OSV reference type.
        pub kind: Text,
        /// The address.
        pub url: Text,
    }

    /// Everything known under one set of aliases.
    pub struct Advisory {
        /// The id to show.
        pub id: Text,
        /// All ids and aliases.
        #[serde(default)]
        pub ids: Vec<Text>,
        /// The strongest kind among its records.
        pub kind: model::AdvisoryKind,
        /// One line.
        pub summary: Text,
        /// When it was published.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub published: Option<Timestamp>,
        /// When it was last changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub modified: Option<Timestamp>,
        /// All published severities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub severities: Vec<Severity>,
        /// CWE ids.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub cwes: Vec<Text>,
        /// CVE ids whose exploitation counts for it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub cves: Vec<Text>,
        /// Where to read more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub references: Vec<Reference>,
        /// The sources of its records.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub sources: Vec<Text>,
    }

    /// An entry of the CISA catalogue of Known Exploited Vulnerabilities.
    pub struct Kev {
        /// The CVE id.
        pub cve: Text,
        /// The day it was added.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub added: Option<Date>,
        /// The day CISA asks for.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub due: Option<Date>,
        /// Whether a ransomware campaign is known to use it.
        #[serde(default)]
        pub ransomware: bool,
        /// The catalogue's name for it.
        pub name: Text,
    }

    /// The SSVC decision points that CISA publishes for a CVE.
    pub struct Ssvc {
        /// The CVE id.
        pub cve: Text,
        /// Exploitation.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub exploitation: Option<model::Exploitation>,
        /// Automatable.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub automatable: Option<bool>,
        /// Technical impact.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub technical_impact: Option<model::TechnicalImpact>,
        /// When it was assessed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub date: Option<Date>,
    }

    /// What the intelligence says of one advisory, for the findings that have one of its ids.
    pub struct Evidence {
        /// The advisory.
        pub advisory: Advisory,
        /// The KEV entry; a null value where KEV does not list it.
        pub kev: Fact<Option<Kev>>,
        /// The highest EPSS probability, 0 to 1.
        pub epss: Fact<f64>,
        /// CISA's SSVC assessment; a null value where there is none.
        pub ssvc: Fact<Option<Ssvc>>,
    }

    /// When changes may be made to a service.
    pub struct ChangeWindow {
        /// The day of the week: 1 is Monday, 7 Sunday.
        pub weekday: u8,
        /// Which weeks of the month; empty means every week.
        #[serde(default)]
        pub weeks: Vec<u8>,
        /// When it opens, local time (`22:00:00`).
        #[serde(skip_serializing_if = "Option::is_none")]
        pub from: Option<Time>,
        /// When it closes, local time.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub to: Option<Time>,
    }

    /// A service to the business.
    pub struct Service {
        /// Its id.
        pub id: Text,
        /// Its English name.
        pub name: Text,
        /// Its Japanese name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name_ja: Option<Text>,
        /// What stops when it stops.
        #[serde(default)]
        pub mission_impact: model::MissionImpact,
        /// How long it may be down, in minutes.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub max_tolerable_outage_minutes: Option<u32>,
        /// Who answers for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub owner: Option<Text>,
        /// When changes may be made.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub change_window: Option<ChangeWindow>,
    }

    /// One source of intelligence and its standing.
    pub struct Source {
        /// Its name (`OSV npm`, `CISA KEV`).
        pub name: Text,
        /// How far it can be trusted.
        pub state: model::SourceState,
        /// The day up to which it speaks.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub date: Option<Date>,
        /// When it was imported.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub imported: Option<Timestamp>,
        /// How many records it gave.
        #[serde(default)]
        pub records: u64,
        /// How many of its records could not be read.
        #[serde(default)]
        pub unreadable: u64,
        /// The age in days above which it is stale.
        pub max_age_days: u32,
        /// What is the matter, and what to do.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub message: Option<Message>,
    }

    /// What a VEX document of the asset's own says of vulnerabilities in its packages.
    pub struct VexStatement {
        /// Vulnerability ids, with aliases.
        pub ids: Vec<Text>,
        /// Package URLs.
        pub products: Vec<Text>,
        /// The larger products within which it speaks of them; empty for wherever they are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub within: Vec<Text>,
        /// The status.
        pub status: model::VexStatus,
        /// The machine-readable justification.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub justification: Option<Text>,
        /// The author's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub statement: Option<Text>,
        /// The document.
        pub source: Text,
        /// Who wrote it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub author: Option<Text>,
        /// When it was stated.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub at: Option<Timestamp>,
    }
}

impl Schema for Time {
    fn schema(_: &mut Book) -> Value {
        json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$" })
    }
}

impl From<model::AdvisoryGroup> for Advisory {
    fn from(group: model::AdvisoryGroup) -> Self {
        let severity = |one: model::Severity| Severity { kind: one.kind, value: one.value.into() };
        let reference = |one: model::Reference| Reference { kind: one.kind.into(), url: one.url.into() };
        Advisory {
            id: group.id.into(),
            ids: texts(group.ids),
            kind: group.kind,
            summary: group.summary.into(),
            published: group.published,
            modified: group.modified,
            severities: group.severities.into_iter().map(severity).collect(),
            cwes: texts(group.cwes),
            cves: texts(group.cves),
            references: group.references.into_iter().map(reference).collect(),
            sources: texts(group.sources),
        }
    }
}

impl From<Advisory> for model::AdvisoryGroup {
    fn from(group: Advisory) -> Self {
        let severity = |one: Severity| model::Severity { kind: one.kind, value: one.value.into() };
        let reference = |one: Reference| model::Reference { kind: one.kind.into(), url: one.url.into() };
        model::AdvisoryGroup {
            id: group.id.into(),
            ids: strings(group.ids),
            kind: group.kind,
            summary: group.summary.into(),
            published: group.published,
            modified: group.modified,
            severities: group.severities.into_iter().map(severity).collect(),
            cwes: strings(group.cwes),
            cves: strings(group.cves),
            references: group.references.into_iter().map(reference).collect(),
            sources: strings(group.sources),
        }
    }
}

impl From<model::KevEntry> for Kev {
    fn from(kev: model::KevEntry) -> Self {
        let model::KevEntry { cve, added, due, ransomware, name } = kev;
        Kev { cve: cve.into(), added, due, ransomware, name: name.into() }
    }
}

impl From<Kev> for model::KevEntry {
    fn from(kev: Kev) -> Self {
        let Kev { cve, added, due, ransomware, name } = kev;
        model::KevEntry { cve: cve.into(), added, due, ransomware, name: name.into() }
    }
}

impl From<model::SsvcAssessment> for Ssvc {
    fn from(ssvc: model::SsvcAssessment) -> Self {
        let model::SsvcAssessment { cve, exploitation, automatable, technical_impact, date } = ssvc;
        Ssvc { cve: cve.into(), exploitation, automatable, technical_impact, date }
    }
}

impl From<Ssvc> for model::SsvcAssessment {
    fn from(ssvc: Ssvc) -> Self {
        let Ssvc { cve, exploitation, automatable, technical_impact, date } = ssvc;
        model::SsvcAssessment { cve: cve.into(), exploitation, automatable, technical_impact, date }
    }
}

impl From<model::Evidence> for Evidence {
    fn from(evidence: model::Evidence) -> Self {
        Evidence {
            advisory: evidence.group.into(),
            kev: Fact::from_model(evidence.kev.map(|kev| kev.map(Kev::from))),
            epss: Fact::from_model(evidence.epss),
            ssvc: Fact::from_model(evidence.ssvc.map(|ssvc| ssvc.map(Ssvc::from))),
        }
    }
}

impl From<Evidence> for model::Evidence {
    fn from(evidence: Evidence) -> Self {
        model::Evidence {
            group: evidence.advisory.into(),
            kev: evidence.kev.into_model(|kev| kev.map(Into::into)),
            // What is no probability is at its worst.
            epss: evidence.epss.into_model(|epss| if epss.is_nan() { 1.0 } else { epss.clamp(0.0, 1.0) }),
            ssvc: evidence.ssvc.into_model(|ssvc| ssvc.map(Into::into)),
        }
    }
}

impl From<model::BusinessService> for Service {
    fn from(service: model::BusinessService) -> Self {
        let window = service.change_window.map(|window| ChangeWindow {
            weekday: window.weekday.to_monday_one_offset().unsigned_abs(),
            weeks: window.weeks,
            from: window.from,
            to: window.to,
        });
        Service {
            id: service.id.into(),
            name: service.name.into(),
            name_ja: service.name_ja.map(Text::from),
            mission_impact: service.mission_impact,
            max_tolerable_outage_minutes: service.max_tolerable_outage_minutes,
            owner: service.owner.map(Text::from),
            change_window: window,
        }
    }
}

impl From<Service> for model::BusinessService {
    fn from(service: Service) -> Self {
        let window = service.change_window.and_then(|window| {
            // A day that is none opens no window.
            let weekday =
                i8::try_from(window.weekday).ok().and_then(|day| Weekday::from_monday_one_offset(day).ok())?;
            Some(model::ChangeWindow { weekday, weeks: window.weeks, from: window.from, to: window.to })
        });
        model::BusinessService {
            id: service.id.into(),
            name: service.name.into(),
            name_ja: service.name_ja.map(Text::into_string),
            mission_impact: service.mission_impact,
            max_tolerable_outage_minutes: service.max_tolerable_outage_minutes,
            owner: service.owner.map(Text::into_string),
            change_window: window,
        }
    }
}

impl From<model::SourceStatus> for Source {
    fn from(source: model::SourceStatus) -> Self {
        let model::SourceStatus { name, state, date, imported, records, unreadable, max_age_days, message } = source;
        let message = message.map(Message::from);
        Source { name: name.into(), state, date, imported, records, unreadable, max_age_days, message }
    }
}

impl From<Source> for model::SourceStatus {
    fn from(source: Source) -> Self {
        let Source { name, state, date, imported, records, unreadable, max_age_days, message } = source;
        let message = message.map(model::Message::from);
        model::SourceStatus { name: name.into(), state, date, imported, records, unreadable, max_age_days, message }
    }
}

impl From<model::VexStatement> for VexStatement {
    fn from(statement: model::VexStatement) -> Self {
        VexStatement {
            ids: texts(statement.ids),
            products: texts(statement.products),
            within: texts(statement.within),
            status: statement.status,
            justification: statement.justification.map(Text::from),
            statement: statement.statement.map(Text::from),
            source: statement.source.into(),
            author: statement.author.map(Text::from),
            at: statement.at,
        }
    }
}

impl From<VexStatement> for model::VexStatement {
    fn from(statement: VexStatement) -> Self {
        model::VexStatement {
            ids: strings(statement.ids),
            products: strings(statement.products),
            within: strings(statement.within),
            status: statement.status,
            justification: statement.justification.map(Text::into_string),
            statement: statement.statement.map(Text::into_string),
            source: statement.source.into(),
            author: statement.author.map(Text::into_string),
            at: statement.at,
        }
    }
}
