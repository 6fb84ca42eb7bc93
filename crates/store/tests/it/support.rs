//! Small worlds for the tests.

use std::path::PathBuf;

use jiff::Timestamp;
use tempfile::TempDir;
use yata_model::{
    AdvisoryKind, Applies, Asset, AssetKind, Component, Ecosystem, Family, Finding, FindingState, Message, Occurrence,
    Package, Problem, ProblemKind, Remedy, Scope, Snapshot, VexStatement, VexStatus, fingerprint,
};
use yata_store::{Durability, Options, Store};

/// A database in a folder of its own that goes away with it.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
    pub(crate) store: Store,
}

pub(crate) fn quick() -> Options {
    Options { durability: Durability::ProcessEnd, ..Options::default() }
}

pub(crate) async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("yata.db");
    let store = Store::open_with(&path, &quick()).await.unwrap();
    World { folder, path, store }
}

/// Runs on a runtime like that of the command line: one thread.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Noon UTC of the n-th day of 2026.
pub(crate) fn noon(day: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    first + jiff::SignedDuration::from_hours(24 * (day - 1))
}

pub(crate) fn asset(name: &str) -> Asset {
    Asset::unknown(AssetKind::Repository, name)
}

pub(crate) fn component(name: &str, version: &str) -> Component {
    Component {
        purl: format!("pkg:cargo/{name}@{version}"),
        package: Package::new(Ecosystem::plain(Family::CratesIo), name),
        version: Some(version.to_owned()),
        source: None,
        occurrences: vec![Occurrence {
            file: "Cargo.lock".to_owned(),
            line: Some(7),
            scope: Scope::Runtime,
            direct: Some(false),
            path: vec!["部品@1.0.0".to_owned(), format!("{name}@{version}")],
        }],
    }
}

/// A finding of an advisory known under `ids`, the preferred one first.
pub(crate) fn finding(asset: &Asset, ids: &[&str], component: &Component) -> Finding {
    let rule = ids[0].to_owned();
    let mut sorted: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    sorted.sort();
    Finding {
        id: fingerprint(&asset.id, &rule, &component.purl),
        asset_id: asset.id.clone(),
        rule,
        ids: sorted,
        kind: AdvisoryKind::Vulnerability,
        title: "入力の検証が足りない".to_owned(),
        subject: yata_model::Subject::Component(component.clone()),
        applies: Applies::Affected,
        remedy: Remedy::Upgrade { to: "9.9.9".to_owned(), compatible: Some(false) },
        state: FindingState::Open,
        first_seen: None,
    }
}

/// A snapshot of `shop` by `assess` with one finding per list of ids, each in a component of its own that
/// is named after the last id.
pub(crate) fn shop(day: i64, found: &[&[&str]]) -> Snapshot {
    let asset = asset("shop");
    let components: Vec<Component> =
        found.iter().map(|ids| component(&ids[ids.len() - 1].to_lowercase(), "1.0.0")).collect();
    let findings = found.iter().zip(&components).map(|(ids, component)| finding(&asset, ids, component)).collect();
    Snapshot { sensor: "assess".to_owned(), asset, at: noon(day), components, findings, problems: Vec::new() }
}

pub(crate) fn unreadable(subject: &str) -> Problem {
    problem(ProblemKind::Unreadable, subject)
}

pub(crate) fn problem(kind: ProblemKind, subject: &str) -> Problem {
    Problem::new(kind, subject, Message::new("problem-test"))
}

pub(crate) fn vex(status: VexStatus, ids: &[&str], product: &str, day: Option<i64>) -> VexStatement {
    VexStatement {
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        products: vec![product.to_owned()],
        within: Vec::new(),
        status,
        justification: Some("vulnerable_code_not_present".to_owned()),
        statement: None,
        source: "vendor.openvex.json".to_owned(),
        author: None,
        at: day.map(noon),
    }
}

pub(crate) fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// The history as `state by: why` lines.
pub(crate) async fn history(store: &Store, id: &str) -> Vec<String> {
    let changes = store.history(id).await.unwrap();
    changes.iter().map(|change| format!("{} {}: {}", word(&change.state), change.by, change.why)).collect()
}

pub(crate) fn word(state: &FindingState) -> String {
    match state {
        FindingState::Open => "open".to_owned(),
        FindingState::Accepted { until } => format!("accepted {until}"),
        FindingState::Mitigated { until } => format!("mitigated {until}"),
        FindingState::FalsePositive => "false-positive".to_owned(),
        FindingState::Fixed => "fixed".to_owned(),
    }
}
