//! The part of SARIF 2.1.0 that Yata writes. Field names and sections are the standard's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::json_finding::FactWire;

/// § 3.13.
#[derive(Serialize)]
pub(super) struct Log<'a> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: [Run<'a>; 1],
}

/// § 3.14.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run<'a> {
    pub(super) tool: Tool<'a>,
    pub(super) automation_details: AutomationDetails,
    pub(super) invocations: [Invocation; 1],
    pub(super) original_uri_base_ids: BTreeMap<&'static str, BaseLocation>,
    pub(super) column_kind: &'static str,
    pub(super) results: Vec<ResultWire<'a>>,
    pub(super) properties: RunProperties<'a>,
}

#[derive(Serialize)]
pub(super) struct RunProperties<'a> {
    pub(super) targets: &'a [String],
    #[serde(rename = "asOf")]
    pub(super) as_of: Date,
    pub(super) organisation: Option<&'a str>,
    pub(super) sources: Vec<SourceProperties<'a>>,
}

#[derive(Serialize)]
pub(super) struct SourceProperties<'a> {
    pub(super) name: &'a str,
    pub(super) state: &'static str,
    pub(super) date: Option<Date>,
    pub(super) records: u64,
}

/// § 3.17: the category under which results of several runs are kept apart.
#[derive(Serialize)]
pub(super) struct AutomationDetails {
    pub(super) id: &'static str,
}

/// § 3.14.14: where relative addresses begin; which folder that is, the reader knows.
#[derive(Serialize)]
pub(super) struct BaseLocation {
    pub(super) description: Text,
}

/// § 3.11 and § 3.12.
#[derive(Serialize)]
pub(super) struct Text {
    pub(super) text: String,
}

/// § 3.18.
#[derive(Serialize)]
pub(super) struct Tool<'a> {
    pub(super) driver: Driver<'a>,
}

/// § 3.19.
#[derive(Serialize)]
pub(super) struct Driver<'a> {
    pub(super) name: &'static str,
    pub(super) version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<&'a str>,
    pub(super) rules: Vec<Rule<'a>>,
    pub(super) notifications: Vec<NotificationKind>,
}

/// § 3.49, a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule<'a> {
    pub(super) id: &'a str,
    pub(super) short_description: Text,
    pub(super) full_description: Text,
    pub(super) help: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help_uri: Option<String>,
    pub(super) properties: RuleProperties<'a>,
}

/// The names that code scanning of GitHub reads.
#[derive(Serialize)]
pub(super) struct RuleProperties<'a> {
    pub(super) tags: Vec<&'a str>,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub(super) security_severity: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) aliases: &'a [String],
}

/// § 3.49, a notification.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationKind {
    pub(super) id: String,
}

/// § 3.20.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: bool,
    pub(super) start_time_utc: Timestamp,
    pub(super) tool_execution_notifications: Vec<Notification>,
}

/// § 3.58.
#[derive(Serialize)]
pub(super) struct Notification {
    pub(super) descriptor: NotificationRef,
    pub(super) level: &'static str,
    pub(super) message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<Location>,
    pub(super) properties: NotificationProperties,
}

#[derive(Serialize)]
pub(super) struct NotificationProperties {
    pub(super) subject: String,
    pub(super) waived: bool,
}

/// § 3.52.
#[derive(Serialize)]
pub(super) struct NotificationRef {
    pub(super) id: String,
    pub(super) index: usize,
}

/// § 3.27.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultWire<'a> {
    pub(super) rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule_index: Option<usize>,
    pub(super) level: &'static str,
    pub(super) message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<Location>,
    pub(super) partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suppressions: Option<[Suppression; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rank: Option<f64>,
    pub(super) properties: ResultProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultProperties<'a> {
    pub(super) state: &'static str,
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purl: Option<&'a str>,
    pub(super) scope: &'static str,
    pub(super) applies: &'static str,
    pub(super) asset: &'a str,
    pub(super) service: Option<&'a str>,
    pub(super) owner: Option<&'a str>,
    pub(super) occurrences: usize,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) risk: Option<RiskProperties<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RiskProperties<'a> {
    pub(super) priority: &'static str,
    pub(super) due: Option<Date>,
    pub(super) investigate: bool,
    pub(super) rank: u32,
    pub(super) scenario: u8,
    pub(super) ruled_by: &'a str,
    pub(super) facts: Vec<FactWire<'a>>,
}

/// § 3.28.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: PhysicalLocation,
}

/// § 3.29.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<Region>,
}

/// § 3.4.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
    pub(super) uri_base_id: &'static str,
}

/// § 3.30.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: u32,
}

/// § 3.35.
#[derive(Serialize)]
pub(super) struct Suppression {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) justification: String,
}
