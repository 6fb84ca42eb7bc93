//! Findings, credentials and problems, on the wire.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yata_model as model;

use super::asset::{Component, Occurrence, each, strings, texts};
use super::text::Text;
use crate::api::schema::{Book, Schema, wire, words};

words! {
    /// What an advisory says of a package, or a rule of what it found.
    model::AdvisoryKind as "FindingKind": [
        model::AdvisoryKind::Malware, model::AdvisoryKind::Secret, model::AdvisoryKind::Vulnerability,
        model::AdvisoryKind::Unsound, model::AdvisoryKind::Unmaintained, model::AdvisoryKind::Notice,
        model::AdvisoryKind::Misconfiguration, model::AdvisoryKind::Maintenance,
    ];
    /// How bad a rule says that what it found is.
    model::RuleSeverity as "RuleSeverity": [
        model::RuleSeverity::Low, model::RuleSeverity::Medium, model::RuleSeverity::High,
        model::RuleSeverity::Critical,
    ];
    /// How sure a rule is of what it found.
    model::Confidence as "Confidence": [
        model::Confidence::Possible, model::Confidence::Likely, model::Confidence::Certain,
    ];
    /// For what a credential was issued.
    model::Environment as "Environment": [model::Environment::Live, model::Environment::Test];
    /// What could not be read or checked.
    model::ProblemKind as "ProblemKind": [
        model::ProblemKind::Unreadable, model::ProblemKind::Unparsable, model::ProblemKind::BadEntry,
        model::ProblemKind::TooLarge, model::ProblemKind::SourceUnchecked, model::ProblemKind::Estate,
        model::ProblemKind::VersionUnknown,
    ];
    /// Whether an advisory applies; `unknown` counts as affected.
    AppliesWord as "Applies": [AppliesWord::Affected, AppliesWord::Unknown];
    /// What mends a finding.
    RemedyWord as "RemedyWord": [
        RemedyWord::Upgrade, RemedyWord::Remove, RemedyWord::Replace, RemedyWord::NoneKnown, RemedyWord::Rotate,
        RemedyWord::Reconfigure,
    ];
    /// What became of a finding.
    StateWord as "StateWord": [
        StateWord::Open, StateWord::Accepted, StateWord::Mitigated, StateWord::FalsePositive, StateWord::Fixed,
    ];
}

/// The word of [`model::Applies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesWord {
    /// A range or a version list says so.
    Affected,
    /// It could not be told.
    Unknown,
}

/// The word of [`model::Remedy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemedyWord {
    /// Go to a version.
    Upgrade,
    /// Take the package out.
    Remove,
    /// Replace it.
    Replace,
    /// No fixed version is known.
    NoneKnown,
    /// Revoke the credential.
    Rotate,
    /// Change the configuration.
    Reconfigure,
}

/// The word of [`model::FindingState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateWord {
    /// To be dealt with.
    Open,
    /// Accepted until a day.
    Accepted,
    /// Mitigated until a day.
    Mitigated,
    /// It does not apply.
    FalsePositive,
    /// No sensor sees it any more.
    Fixed,
}

/// An argument of a [`Message`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// A count.
    Number(i64),
    /// Anything else.
    Text(Text),
}

impl Schema for Arg {
    fn schema(_: &mut Book) -> Value {
        json!({ "type": ["integer", "string"] })
    }
}

wire! {
    /// A text by its id in the catalogue of Yata, with its arguments.
    pub struct Message {
        /// The id.
        pub id: Text,
        /// The arguments by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub args: BTreeMap<String, Arg>,
    }

    /// What mends a finding.
    pub struct Remedy {
        /// What to do.
        pub remedy: RemedyWord,
        /// For an upgrade: the smallest version that no record affects.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub to: Option<Text>,
        /// For an upgrade: whether the ecosystem's convention promises that nothing breaks.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub compatible: Option<bool>,
    }

    /// What became of a finding.
    pub struct State {
        /// The state.
        pub state: StateWord,
        /// The last day of an acceptance or a mitigation (UTC).
        #[serde(skip_serializing_if = "Option::is_none")]
        pub until: Option<Date>,
    }

    /// Who wrote a line.
    pub struct Author {
        /// The name, as the commit has it.
        pub name: Text,
        /// The address, as the commit has it.
        pub email: Text,
    }

    /// A commit that brought a credential in.
    pub struct PastPlace {
        /// The commit's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub commit: Option<Text>,
        /// Who wrote it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub author: Option<Author>,
        /// When it was written.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub at: Option<Timestamp>,
        /// The file, relative to the repository.
        pub file: Text,
        /// The line, from 1, in that version of the file.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u32>,
        /// Whether that version of the file is still checked out.
        #[serde(default)]
        pub present: bool,
    }

    /// A credential, without its value.
    pub struct Secret {
        /// What may be shown of the value.
        pub redacted: Text,
        /// A hash of the value under the sensor's own key.
        pub hash: Text,
        /// A few bits of a hash without a key: the finding's id rests on it.
        pub digest: Text,
        /// Which one it is of those of the asset with the same rule and digest, from 1: a few bits may meet.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub nth: Option<u32>,
        /// Who issued it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub service: Option<Text>,
        /// What it opens.
        pub severity: model::RuleSeverity,
        /// How sure the rule is.
        pub confidence: model::Confidence,
        /// For what it was issued.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub environment: Option<model::Environment>,
        /// Where it stands now.
        #[serde(default)]
        pub occurrences: Vec<Occurrence>,
        /// Who wrote the first of those lines.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub author: Option<Author>,
        /// The commits that brought it in, the oldest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub past: Vec<PastPlace>,
    }

    /// A weakness of a configuration. What it means is said by the check that the finding's rule names.
    pub struct Misconfiguration {
        /// The product whose configuration it is; empty where it is the machine's.
        pub product: Text,
        /// Whose word it has: `managed`, `system`, `user`, `plugin`, `project`, `local`.
        pub layer: Text,
        /// What stands there, on one line, secrets replaced.
        #[serde(default)]
        pub evidence: Text,
        /// Some bits of a hash of place and evidence: the finding's id rests on it.
        pub digest: Text,
        /// How bad the check says it is.
        pub severity: model::RuleSeverity,
        /// How sure the check is.
        pub confidence: model::Confidence,
        /// Whether the sensor can write the edit that mends it.
        #[serde(default)]
        pub fixable: bool,
        /// Who owns the file.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub owner: Option<Text>,
        /// Who changed the line last.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub author: Option<Author>,
        /// Where it stands.
        #[serde(default)]
        pub occurrences: Vec<Occurrence>,
    }

    /// One thing that is wrong with the asset. It has no id: the service computes it from asset, rule and subject.
    pub struct Finding {
        /// The preferred advisory id, or the id of a rule.
        pub rule: Text,
        /// All ids under which the same thing is known; with `rule` or without it.
        #[serde(default)]
        pub ids: Vec<Text>,
        /// What the advisory says.
        pub kind: model::AdvisoryKind,
        /// One line, as published.
        pub title: Text,
        /// The package version it is about; one of the three.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub component: Option<Component>,
        /// The credential it is about; one of the three.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub secret: Option<Secret>,
        /// The weakness of a configuration that it is about; one of the three.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub misconfiguration: Option<Misconfiguration>,
        /// Whether it applies.
        pub applies: AppliesWord,
        /// Where `applies` is `unknown`: why.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub why_unknown: Option<Message>,
        /// What mends it.
        pub remedy: Remedy,
    }

    /// One thing that could not be checked.
    pub struct Problem {
        /// What went wrong.
        pub kind: model::ProblemKind,
        /// The file, folder or source.
        pub subject: Text,
        /// The line, from 1.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u32>,
        /// What happened and what to do.
        pub message: Message,
        /// Whether the user waived it by name.
        #[serde(default)]
        pub waived: bool,
    }
}

impl From<model::Message> for Message {
    fn from(message: model::Message) -> Self {
        let arg = |arg| match arg {
            model::Arg::Number(number) => Arg::Number(number),
            model::Arg::Text(text) => Arg::Text(text.into()),
        };
        let args = message.args.into_iter().map(|(name, value)| (name, arg(value))).collect();
        Message { id: message.id.into(), args }
    }
}

impl From<Message> for model::Message {
    fn from(message: Message) -> Self {
        let arg = |arg| match arg {
            Arg::Number(number) => model::Arg::Number(number),
            Arg::Text(text) => model::Arg::Text(text.into()),
        };
        let args = message.args.into_iter().map(|(name, value)| (name.replace('\0', "\u{fffd}"), arg(value))).collect();
        model::Message { id: message.id.into(), args }
    }
}

impl From<model::Remedy> for Remedy {
    fn from(remedy: model::Remedy) -> Self {
        let plain = |remedy| Remedy { remedy, to: None, compatible: None };
        match remedy {
            model::Remedy::Upgrade { to, compatible } => {
                Remedy { remedy: RemedyWord::Upgrade, to: Some(to.into()), compatible }
            }
            model::Remedy::Remove => plain(RemedyWord::Remove),
            model::Remedy::Replace => plain(RemedyWord::Replace),
            model::Remedy::NoneKnown => plain(RemedyWord::NoneKnown),
            model::Remedy::Rotate => plain(RemedyWord::Rotate),
            model::Remedy::Reconfigure => plain(RemedyWord::Reconfigure),
        }
    }
}

impl From<Remedy> for model::Remedy {
    fn from(remedy: Remedy) -> Self {
        match (remedy.remedy, remedy.to) {
            (RemedyWord::Upgrade, Some(to)) => model::Remedy::Upgrade { to: to.into(), compatible: remedy.compatible },
            // An upgrade to nowhere names no version.
            (RemedyWord::Upgrade | RemedyWord::NoneKnown, _) => model::Remedy::NoneKnown,
            (RemedyWord::Remove, _) => model::Remedy::Remove,
            (RemedyWord::Replace, _) => model::Remedy::Replace,
            (RemedyWord::Rotate, _) => model::Remedy::Rotate,
            (RemedyWord::Reconfigure, _) => model::Remedy::Reconfigure,
        }
    }
}

impl From<model::FindingState> for State {
    fn from(state: model::FindingState) -> Self {
        let plain = |state| State { state, until: None };
        match state {
            model::FindingState::Open => plain(StateWord::Open),
            model::FindingState::Accepted { until } => State { state: StateWord::Accepted, until: Some(until) },
            model::FindingState::Mitigated { until } => State { state: StateWord::Mitigated, until: Some(until) },
            model::FindingState::FalsePositive => plain(StateWord::FalsePositive),
            model::FindingState::Fixed => plain(StateWord::Fixed),
        }
    }
}

impl From<State> for model::FindingState {
    fn from(state: State) -> Self {
        match (state.state, state.until) {
            (StateWord::Accepted, Some(until)) => model::FindingState::Accepted { until },
            (StateWord::Mitigated, Some(until)) => model::FindingState::Mitigated { until },
            // Without a day nothing is settled.
            (StateWord::Open | StateWord::Accepted | StateWord::Mitigated, _) => model::FindingState::Open,
            (StateWord::FalsePositive, _) => model::FindingState::FalsePositive,
            (StateWord::Fixed, _) => model::FindingState::Fixed,
        }
    }
}

impl From<model::Author> for Author {
    fn from(author: model::Author) -> Self {
        Author { name: author.name.into(), email: author.email.into() }
    }
}

impl From<Author> for model::Author {
    fn from(author: Author) -> Self {
        model::Author { name: author.name.into(), email: author.email.into() }
    }
}

impl From<model::PastPlace> for PastPlace {
    fn from(place: model::PastPlace) -> Self {
        let model::PastPlace { commit, author, at, file, line, present } = place;
        let (commit, author) = (commit.map(Text::from), author.map(Author::from));
        PastPlace { commit, author, at, file: file.into(), line, present }
    }
}

impl From<PastPlace> for model::PastPlace {
    fn from(place: PastPlace) -> Self {
        let PastPlace { commit, author, at, file, line, present } = place;
        let (commit, author) = (commit.map(Text::into_string), author.map(model::Author::from));
        model::PastPlace { commit, author, at, file: file.into(), line, present }
    }
}

impl From<model::Secret> for Secret {
    fn from(secret: model::Secret) -> Self {
        Secret {
            redacted: secret.redacted.into(),
            hash: secret.hash.into(),
            digest: secret.digest.into(),
            nth: None,
            service: secret.service.map(Text::from),
            severity: secret.severity,
            confidence: secret.confidence,
            environment: secret.environment,
            occurrences: each(secret.occurrences),
            author: secret.author.map(Author::from),
            past: each(secret.past),
        }
    }
}

impl From<Secret> for model::Secret {
    fn from(secret: Secret) -> Self {
        model::Secret {
            redacted: secret.redacted.into(),
            hash: secret.hash.into(),
            digest: secret.digest.into(),
            service: secret.service.map(Text::into_string),
            severity: secret.severity,
            confidence: secret.confidence,
            environment: secret.environment,
            occurrences: each(secret.occurrences),
            author: secret.author.map(model::Author::from),
            past: each(secret.past),
        }
    }
}

impl From<model::Misconfiguration> for Misconfiguration {
    fn from(one: model::Misconfiguration) -> Self {
        Misconfiguration {
            product: one.product.into(),
            layer: one.layer.into(),
            evidence: one.evidence.into(),
            digest: one.digest.into(),
            severity: one.severity,
            confidence: one.confidence,
            fixable: one.fixable,
            owner: one.owner.map(Text::from),
            author: one.author.map(Author::from),
            occurrences: each(one.occurrences),
        }
    }
}

impl From<Misconfiguration> for model::Misconfiguration {
    fn from(one: Misconfiguration) -> Self {
        model::Misconfiguration {
            product: one.product.into(),
            layer: one.layer.into(),
            evidence: one.evidence.into(),
            digest: one.digest.into(),
            severity: one.severity,
            confidence: one.confidence,
            fixable: one.fixable,
            owner: one.owner.map(Text::into_string),
            author: one.author.map(model::Author::from),
            occurrences: each(one.occurrences),
        }
    }
}

/// Of how many credentials with the same rule and digest the numbers are told.
const MAX_NTH: u32 = 1_000;

/// What the id of a finding rests on beside asset and rule.
pub(crate) fn secret_key(digest: &str, nth: u32) -> String {
    if nth <= 1 { digest.to_owned() } else { format!("{digest} {nth}") }
}

impl From<model::Finding> for Finding {
    fn from(finding: model::Finding) -> Self {
        let is_nth = |digest: &str, nth: u32| {
            model::fingerprint(&finding.asset_id, &finding.rule, &secret_key(digest, nth)) == finding.id
        };
        let (component, secret, misconfiguration) = match finding.subject {
            model::Subject::Component(component) => (Some(component.into()), None, None),
            model::Subject::Secret(secret) => {
                let nth = (1..=MAX_NTH).find(|nth| is_nth(&secret.digest, *nth)).filter(|nth| *nth > 1);
                (None, Some(Secret { nth, ..secret.into() }), None)
            }
            model::Subject::Misconfiguration(one) => (None, None, Some(one.into())),
        };
        let (applies, why_unknown) = match finding.applies {
            model::Applies::Affected => (AppliesWord::Affected, None),
            model::Applies::Unknown { why } => (AppliesWord::Unknown, Some(why.into())),
        };
        Finding {
            rule: finding.rule.into(),
            ids: texts(finding.ids),
            kind: finding.kind,
            title: finding.title.into(),
            component,
            secret,
            misconfiguration,
            applies,
            why_unknown,
            remedy: finding.remedy.into(),
        }
    }
}

impl Finding {
    /// The finding of the model, under an id that the caller has computed; `None` where it is not about exactly one
    /// thing.
    pub(crate) fn into_model(self, id: String, asset_id: &str) -> Option<model::Finding> {
        let subject = match (self.component, self.secret, self.misconfiguration) {
            (Some(component), None, None) => model::Subject::Component(component.into()),
            (None, Some(secret), None) => model::Subject::Secret(secret.into()),
            (None, None, Some(one)) => model::Subject::Misconfiguration(one.into()),
            _ => return None,
        };
        let applies = match (self.applies, self.why_unknown) {
            (AppliesWord::Affected, _) => model::Applies::Affected,
            (AppliesWord::Unknown, Some(why)) => model::Applies::Unknown { why: why.into() },
            (AppliesWord::Unknown, None) => model::Applies::Unknown { why: model::Message::new("api-applies-unknown") },
        };
        let rule = self.rule.into_string();
        let mut ids = strings(self.ids);
        ids.push(rule.clone());
        ids.sort();
        ids.dedup();
        Some(model::Finding {
            id,
            asset_id: asset_id.to_owned(),
            rule,
            ids,
            kind: self.kind,
            title: self.title.into(),
            subject,
            applies,
            remedy: self.remedy.into(),
            state: model::FindingState::Open,
            first_seen: None,
        })
    }
}

impl From<model::Problem> for Problem {
    fn from(problem: model::Problem) -> Self {
        let model::Problem { kind, subject, line, message, waived } = problem;
        Problem { kind, subject: subject.into(), line, message: message.into(), waived }
    }
}

impl From<Problem> for model::Problem {
    fn from(problem: Problem) -> Self {
        let Problem { kind, subject, line, message, waived } = problem;
        model::Problem { kind, subject: subject.into(), line, message: message.into(), waived }
    }
}
