//! What of a finding and of a component set no query asks for: kept as JSON.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use yata_model::{AdvisoryKind, Applies, Component, Finding, FindingState, Package, Remedy, SourcePackage, Subject};

use crate::error::Fault;
use crate::sql::{json, time};

/// The column `finding.body`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FindingBody<'a> {
    pub(crate) ids: Cow<'a, [String]>,
    pub(crate) kind: AdvisoryKind,
    pub(crate) title: Cow<'a, str>,
    /// One key: `component`, `secret` or `misconfiguration`.
    #[serde(flatten)]
    pub(crate) subject: Cow<'a, Subject>,
    pub(crate) applies: Cow<'a, Applies>,
    pub(crate) remedy: Cow<'a, Remedy>,
}

/// The ids alone, where the rest of the body is not needed.
#[derive(Debug, Deserialize)]
pub(crate) struct FindingIds {
    pub(crate) ids: Vec<String>,
}

impl<'a> FindingBody<'a> {
    pub(crate) fn of(finding: &'a Finding) -> Self {
        // Every field is named, so that a new one is not forgotten here.
        let Finding {
            id: _,
            asset_id: _,
            rule: _,
            ids,
            kind,
            title,
            subject,
            applies,
            remedy,
            state: _,
            first_seen: _,
        } = finding;
        FindingBody {
            ids: Cow::Borrowed(ids),
            kind: *kind,
            title: Cow::Borrowed(title),
            subject: Cow::Borrowed(subject),
            applies: Cow::Borrowed(applies),
            remedy: Cow::Borrowed(remedy),
        }
    }
}

/// The finding of a row.
pub(crate) fn finding(
    id: String,
    asset_id: String,
    rule: String,
    state: FindingState,
    first_seen: i64,
    body: &str,
) -> Result<Finding, Fault> {
    let body: FindingBody<'_> = json("a finding", body)?;
    Ok(Finding {
        id,
        asset_id,
        rule,
        ids: body.ids.into_owned(),
        kind: body.kind,
        title: body.title.into_owned(),
        subject: body.subject.into_owned(),
        applies: body.applies.into_owned(),
        remedy: body.remedy.into_owned(),
        state,
        first_seen: Some(time(first_seen)?),
    })
}

/// One component in the column `component_set.body`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SetComponent<'a> {
    purl: Cow<'a, str>,
    package: Cow<'a, Package>,
    version: Option<Cow<'a, str>>,
    source: Option<Cow<'a, SourcePackage>>,
}

impl<'a> SetComponent<'a> {
    pub(crate) fn of(component: &'a Component) -> Self {
        let Component { purl, package, version, source, occurrences: _ } = component;
        SetComponent {
            purl: Cow::Borrowed(purl),
            package: Cow::Borrowed(package),
            version: version.as_deref().map(Cow::Borrowed),
            source: source.as_ref().map(Cow::Borrowed),
        }
    }

    pub(crate) fn with(self, occurrences: Vec<yata_model::Occurrence>) -> Component {
        Component {
            purl: self.purl.into_owned(),
            package: self.package.into_owned(),
            version: self.version.map(Cow::into_owned),
            source: self.source.map(Cow::into_owned),
            occurrences,
        }
    }
}
