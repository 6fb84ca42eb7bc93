//! CVE 5 records: the SSVC decision points that CISA adds to them ("vulnrichment").

use std::borrow::Cow;

use serde::Deserialize;
use yata_model::{Exploitation, SsvcAssessment, TechnicalImpact, is_cve_id};

/// Why a record was refused.
#[derive(Debug, thiserror::Error)]
pub enum Cve5Error {
    /// Not the JSON of a CVE 5 record.
    #[error("it is not a CVE 5 record: {0}")]
    NotARecord(#[from] serde_json::Error),
    /// Its id is not a CVE id.
    #[error("`{0}` is not a CVE id")]
    BadId(String),
    /// A decision point has a value that the standard does not know.
    #[error("its SSVC `{point}` has the unknown value `{value}`")]
    BadValue {
        /// The decision point.
        point: &'static str,
        /// What was found.
        value: String,
    },
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(rename = "cveMetadata", borrow)]
    metadata: WireMetadata<'a>,
    #[serde(default, borrow)]
    containers: WireContainers<'a>,
}

#[derive(Deserialize)]
struct WireMetadata<'a> {
    #[serde(rename = "cveId", borrow)]
    cve_id: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
struct WireContainers<'a> {
    #[serde(default, borrow)]
    adp: Vec<WireAdp<'a>>,
}

#[derive(Deserialize)]
struct WireAdp<'a> {
    #[serde(default, borrow)]
    metrics: Vec<WireMetric<'a>>,
}

#[derive(Deserialize)]
struct WireMetric<'a> {
    #[serde(default, borrow)]
    other: Option<WireOther<'a>>,
}

#[derive(Deserialize)]
struct WireOther<'a> {
    #[serde(default, borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default, borrow)]
    content: WireContent<'a>,
}

#[derive(Deserialize, Default)]
struct WireContent<'a> {
    #[serde(default, borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    options: Vec<WireOption<'a>>,
}

#[derive(Deserialize)]
struct WireOption<'a> {
    #[serde(default, borrow, rename = "Exploitation")]
    exploitation: Option<Cow<'a, str>>,
    #[serde(default, borrow, rename = "Automatable")]
    automatable: Option<Cow<'a, str>>,
    #[serde(default, borrow, rename = "Technical Impact")]
    technical_impact: Option<Cow<'a, str>>,
}

/// Reads the SSVC decision points of a CVE 5 record; `None` if nobody has added any.
///
/// Source: CVE record format 5, `containers.adp[].metrics[].other` of type `ssvc`.
///
/// # Errors
/// See [`Cve5Error`].
pub fn parse_cve5(bytes: &[u8]) -> Result<Option<SsvcAssessment>, Cve5Error> {
    let wire: Wire<'_> = serde_json::from_slice(bytes)?;
    let cve = wire.metadata.cve_id;
    if !is_cve_id(&cve) {
        return Err(Cve5Error::BadId(cve.into_owned()));
    }
    let ssvc = wire
        .containers
        .adp
        .iter()
        .flat_map(|adp| &adp.metrics)
        .filter_map(|metric| metric.other.as_ref())
        .find(|other| other.kind == "ssvc");
    let Some(ssvc) = ssvc else { return Ok(None) };
    let mut read = SsvcAssessment {
        cve: cve.into_owned(),
        exploitation: None,
        automatable: None,
        technical_impact: None,
        date: ssvc.content.timestamp.as_deref().and_then(|t| t.get(..10)).and_then(|t| t.parse().ok()),
    };
    for option in &ssvc.content.options {
        if let Some(value) = &option.exploitation {
            read.exploitation = Some(match value.to_ascii_lowercase().as_str() {
                "none" => Exploitation::None,
                "poc" | "public poc" => Exploitation::PublicPoc,
                "active" => Exploitation::Active,
                _ => return Err(bad("Exploitation", value)),
            });
        }
        if let Some(value) = &option.automatable {
            read.automatable = Some(match value.to_ascii_lowercase().as_str() {
                "yes" => true,
                "no" => false,
                _ => return Err(bad("Automatable", value)),
            });
        }
        if let Some(value) = &option.technical_impact {
            read.technical_impact = Some(match value.to_ascii_lowercase().as_str() {
                "partial" => TechnicalImpact::Partial,
                "total" => TechnicalImpact::Total,
                _ => return Err(bad("Technical Impact", value)),
            });
        }
    }
    Ok(Some(read))
}

fn bad(point: &'static str, value: &str) -> Cve5Error {
    Cve5Error::BadValue { point, value: value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(options: &str) -> String {
        format!(
            r#"{{"cveMetadata":{{"cveId":"CVE-2024-0001"}},"containers":{{"cna":{{}},"adp":[{{"title":"CISA ADP Vulnrichment",
            "metrics":[{{"other":{{"type":"ssvc","content":{{"timestamp":"2024-05-01T12:00:00.000000Z","options":[{options}]}}}}}}]}}]}}}}"#
        )
    }

    #[test]
    fn decision_points_are_read() {
        let json = record(r#"{"Exploitation":"poc"},{"Automatable":"yes"},{"Technical Impact":"total"}"#);
        let read = parse_cve5(json.as_bytes()).unwrap().unwrap();
        assert_eq!(read.exploitation, Some(Exploitation::PublicPoc));
        assert_eq!(read.automatable, Some(true));
        assert_eq!(read.technical_impact, Some(TechnicalImpact::Total));
        assert_eq!(read.date.unwrap().to_string(), "2024-05-01");
    }

    #[test]
    fn a_record_nobody_assessed_says_nothing() {
        assert_eq!(parse_cve5(br#"{"cveMetadata":{"cveId":"CVE-2024-0001"},"containers":{}}"#).unwrap(), None);
    }

    #[test]
    fn an_unknown_value_is_refused() {
        let json = record(r#"{"Exploitation":"maybe"}"#);
        let error = parse_cve5(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "its SSVC `Exploitation` has the unknown value `maybe`");
    }
}
