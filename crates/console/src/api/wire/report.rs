//! One report: what the parts of a sensor saw of one asset, and what its intelligence says about it.

use std::collections::BTreeSet;
use std::io::Read;

use jiff::Timestamp;
use yata_model as model;

use super::asset::{Asset, Component, each};
use super::evidence::{Evidence, Service, Source, VexStatement};
use super::finding::{Finding, Problem, secret_key};
use super::text::Text;
use super::{Limited, LimitedTexts};
use crate::api::schema::wire;

/// The most parts of one sensor.
pub const MAX_LOOKS: usize = 16;
/// The most components of one part; also those of the whole report.
pub const MAX_COMPONENTS: usize = 200_000;
/// The most findings, and the most evidence, of a report.
pub const MAX_FINDINGS: usize = 100_000;
/// The most problems of one part.
pub const MAX_PROBLEMS: usize = 100_000;
/// The most services of a report.
pub const MAX_SERVICES: usize = 10_000;
/// The most sources of a report.
pub const MAX_SOURCES: usize = 200;
/// The longest name of an asset, a sensor or a rule, or id of a service, in bytes.
pub const MAX_NAME_BYTES: usize = yata_store::MAX_KEY_BYTES;

wire! {
    /// One run of a sensor over one asset. It replaces what each of its parts reported of the asset before.
    pub struct Report {
        /// The asset; its id in the path must be that of its kind and name.
        pub asset: Asset,
        /// Where it is said what is known of the asset (`yata.toml:12`).
        #[serde(default)]
        pub said_in: Text,
        /// What each part of the sensor saw, each under its own name.
        pub looks: Limited<Look, MAX_LOOKS>,
        /// What is known of the findings' advisories.
        #[serde(default)]
        pub evidence: Limited<Evidence, MAX_FINDINGS>,
        /// For components (by purl) with several findings: the version that closes them all.
        #[serde(default, skip_serializing_if = "LimitedTexts::is_empty")]
        pub closes_all: LimitedTexts<MAX_COMPONENTS>,
        /// The services that the sensor's estate file names.
        #[serde(default, skip_serializing_if = "Limited::is_empty")]
        pub services: Limited<Service, MAX_SERVICES>,
        /// The sources of intelligence that it rests on.
        #[serde(default, skip_serializing_if = "Limited::is_empty")]
        pub sources: Limited<Source, MAX_SOURCES>,
        /// VEX statements of the asset's own: they hold as long as they come with it.
        #[serde(default, skip_serializing_if = "Limited::is_empty")]
        pub statements: Limited<VexStatement, MAX_PROBLEMS>,
    }

    /// What one part of a sensor saw.
    pub struct Look {
        /// The part (`assess`, `lens`).
        pub sensor: Text,
        /// What the asset has.
        #[serde(default, skip_serializing_if = "Limited::is_empty")]
        pub components: Limited<Component, MAX_COMPONENTS>,
        /// What is wrong with it.
        #[serde(default, skip_serializing_if = "Limited::is_empty")]
        pub findings: Limited<Finding, MAX_FINDINGS>,
        /// What could not be checked: what is missing then stays open.
        #[serde(default, skip_serializing_if = "Limited::is_empty")]
        pub problems: Limited<Problem, MAX_PROBLEMS>,
    }
}

/// Why a report is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// It is not JSON, is cut off, or nests too deep.
    #[error("{0}")]
    Malformed(String),
    /// It is JSON, and not a report.
    #[error("{path}: {what}")]
    Invalid {
        /// Where, as a JSON path.
        path: String,
        /// What is wrong.
        what: String,
    },
}

fn invalid(path: impl Into<String>, what: impl Into<String>) -> ReportError {
    ReportError::Invalid { path: path.into(), what: what.into() }
}

/// Reads a report as a sensor of that time saw it.
///
/// Every list and text has a limit, and JSON may nest 128 deep; how many bytes there may be is for `reader` to say.
///
/// # Errors
/// [`ReportError`]. A failure of `reader` is [`ReportError::Malformed`].
pub fn read_report(reader: impl Read, at: Timestamp) -> Result<model::Report, ReportError> {
    let report: Report = read_json(reader)?;
    into_model(report, at)
}

/// Reads one JSON value, whole; an error says where.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(reader: impl Read) -> Result<T, ReportError> {
    let mut json = serde_json::Deserializer::from_reader(reader);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = format!("$.{}", error.path());
        let path = path.trim_end_matches('.').replace("$.[", "$[");
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => invalid(path, inner.to_string()),
            _ => ReportError::Malformed(format!("{path}: {inner}")),
        }
    })?;
    json.end().map_err(|error| ReportError::Malformed(error.to_string()))?;
    Ok(value)
}

fn into_model(report: Report, at: Timestamp) -> Result<model::Report, ReportError> {
    check_name("$.asset.name", &report.asset.name)?;
    let given = report.asset.id.clone();
    let asset = model::Asset::from(report.asset);
    if let Some(given) = given.filter(|given| **given != *asset.id) {
        return Err(invalid(
            "$.asset.id",
            format!("`{}` is not the id of this kind and name: `{}`", &*given, asset.id),
        ));
    }
    if report.looks.is_empty() {
        return Err(invalid("$.looks", "an empty list: at least one part of a sensor must have looked"));
    }
    let mut sensors = BTreeSet::new();
    let (mut components, mut findings) = (0, 0);
    let mut snapshots = Vec::with_capacity(report.looks.0.len());
    for (at_look, look) in report.looks.0.into_iter().enumerate() {
        let path = format!("$.looks[{at_look}]");
        check_name(&format!("{path}.sensor"), &look.sensor)?;
        if !sensors.insert(look.sensor.clone()) {
            return Err(invalid(format!("{path}.sensor"), format!("`{}` is there twice", &*look.sensor)));
        }
        components += look.components.0.len();
        findings += look.findings.0.len();
        if components > MAX_COMPONENTS || findings > MAX_FINDINGS {
            return Err(invalid(path, format!("more than {MAX_COMPONENTS} components or {MAX_FINDINGS} findings")));
        }
        snapshots.push(model::Snapshot {
            sensor: look.sensor.into(),
            asset: asset.clone(),
            at,
            components: each(look.components.0),
            findings: findings_of(look.findings.0, &asset.id, &path)?,
            problems: each(look.problems.0),
        });
    }
    for (nth, service) in report.services.0.iter().enumerate() {
        check_name(&format!("$.services[{nth}].id"), &service.id)?;
    }
    Ok(model::Report {
        snapshots,
        said_in: report.said_in.into(),
        evidence: each(report.evidence.0),
        closes_all: report.closes_all.0.into_iter().map(|(purl, to)| (purl.into(), to.into())).collect(),
        services: each(report.services.0),
        sources: each(report.sources.0),
        statements: each(report.statements.0),
    })
}

fn check_name(path: &str, name: &str) -> Result<(), ReportError> {
    if name.trim().is_empty() {
        return Err(invalid(path, "an empty text"));
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(invalid(path, format!("{} bytes, and at most {MAX_NAME_BYTES} are allowed", name.len())));
    }
    Ok(())
}

/// Findings with their ids, which no sensor chooses: one of another asset cannot be named.
fn findings_of(findings: Vec<Finding>, asset_id: &str, path: &str) -> Result<Vec<model::Finding>, ReportError> {
    let mut ids = BTreeSet::new();
    let mut all = Vec::with_capacity(findings.len());
    for (nth, finding) in findings.into_iter().enumerate() {
        let here = || format!("{path}.findings[{nth}]");
        let subject = match (&finding.component, &finding.secret, &finding.misconfiguration) {
            (Some(component), None, None) => component.purl.to_string(),
            (None, Some(secret), None) => secret_key(&secret.digest, secret.nth.unwrap_or(1)),
            (None, None, Some(one)) => one.digest.to_string(),
            _ => return Err(invalid(here(), "give one of `component`, `secret` and `misconfiguration`")),
        };
        check_name(&format!("{path}.findings[{nth}].rule"), &finding.rule)?;
        let id = model::fingerprint(asset_id, &finding.rule, &subject);
        if !ids.insert(id.clone()) {
            return Err(invalid(here(), format!("`{}` of the same component is there twice", &*finding.rule)));
        }
        let finding = finding.into_model(id, asset_id).ok_or_else(|| invalid(here(), "not about one thing"))?;
        all.push(finding);
    }
    Ok(all)
}

/// The report as it goes over the wire. Its time does not go with it, so that the same sight is the same bytes.
pub fn write_report(report: model::Report) -> Option<Report> {
    let mut asset = None;
    let mut looks = Vec::with_capacity(report.snapshots.len());
    for snapshot in report.snapshots {
        asset.get_or_insert(snapshot.asset);
        looks.push(Look {
            sensor: snapshot.sensor.into(),
            components: Limited(each(snapshot.components)),
            findings: Limited(each(snapshot.findings)),
            problems: Limited(each(snapshot.problems)),
        });
    }
    Some(Report {
        asset: asset?.into(),
        said_in: report.said_in.into(),
        looks: Limited(looks),
        evidence: Limited(each(report.evidence)),
        closes_all: LimitedTexts(report.closes_all.into_iter().map(|(purl, to)| (purl.into(), to.into())).collect()),
        services: Limited(each(report.services)),
        sources: Limited(each(report.sources)),
        statements: Limited(each(report.statements)),
    })
}
