//! A small estate for the register and the report, with names that attack whoever shows them.

use std::sync::Arc;

use jiff::Timestamp;
use yata_model::{
    AdvisoryKind, Applies, Asset, AssetKind, Component, Ecosystem, Exposure, Family, Finding, FindingState,
    MissionImpact, Occurrence, Package, Remedy, Scope, Snapshot, Subject, fingerprint,
};
use yata_store::{Durability, Options, Store};

/// When these tests happen.
pub(crate) const NOW: &str = "2026-11-22T09:00:00Z";

/// A name that runs as a script where it is not escaped.
pub(crate) const NASTY: &str = "web\"><script>alert(1)</script>";

/// An owner that a spreadsheet would take for a formula.
pub(crate) const FORMULA: &str = "=HYPERLINK(\"http://evil.example\")";

/// A name of a component that runs as a script where it is not escaped.
pub(crate) const IMAGE: &str = "<img src=x onerror=alert(1)>";

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn component(name: &str) -> Component {
    Component {
        purl: format!("pkg:cargo/{}@1.0.0", name.replace(['<', '>', ' '], "-")),
        package: Package::new(Ecosystem::plain(Family::CratesIo), name),
        version: Some("1.0.0".to_owned()),
        source: None,
        occurrences: vec![Occurrence {
            file: "Cargo.lock".to_owned(),
            line: Some(7),
            scope: Scope::Runtime,
            direct: Some(true),
            path: Vec::new(),
        }],
    }
}

fn finding(asset: &Asset, rule: &str, component: &Component) -> Finding {
    Finding {
        id: fingerprint(&asset.id, rule, &component.purl),
        asset_id: asset.id.clone(),
        rule: rule.to_owned(),
        ids: vec![rule.to_owned()],
        kind: AdvisoryKind::Vulnerability,
        title: format!("{IMAGE} in a title"),
        subject: Subject::Component(component.clone()),
        applies: Applies::Affected,
        remedy: Remedy::Upgrade { to: "2.0.0".to_owned(), compatible: Some(true) },
        state: FindingState::Open,
        first_seen: None,
    }
}

/// What a sensor saw of an asset: some components, of which the first `bad` have a finding.
pub(crate) fn look(asset: &Asset, names: &[&str], bad: usize, at: &str) -> Snapshot {
    let components: Vec<Component> = names.iter().map(|name| component(name)).collect();
    let found = components.iter().take(bad).enumerate();
    let findings = found.map(|(n, one)| finding(asset, &format!("CVE-2026-{n:04}"), one)).collect();
    let asset = asset.clone();
    Snapshot { sensor: "assess".to_owned(), asset, at: at.parse().unwrap(), components, findings, problems: Vec::new() }
}

pub(crate) fn web() -> Asset {
    Asset {
        service: Some("billing".to_owned()),
        owner: Some(FORMULA.to_owned()),
        exposure: Exposure::Internet,
        mission_impact: MissionImpact::High,
        depends_on: vec!["db".to_owned(), "<b>unknown".to_owned()],
        ..Asset::unknown(AssetKind::Repository, NASTY)
    }
}

pub(crate) fn database() -> Asset {
    Asset { service: Some("core".to_owned()), owner: Some("sato".to_owned()), ..Asset::unknown(AssetKind::Host, "db") }
}

pub(crate) fn lonely() -> Asset {
    Asset { is_ai: true, ..Asset::unknown(AssetKind::Model, "lonely") }
}

/// A store of its own with three assets and their findings; the folder goes away with it.
pub(crate) async fn store() -> (Arc<tempfile::TempDir>, Store) {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let options = Options { durability: Durability::ProcessEnd, ..Options::default() };
    let store = Store::open_with(&folder.path().join("yata.db"), &options).await.unwrap();
    let snapshots = [
        look(&web(), &[IMAGE, "serde", "tokio"], 2, "2026-11-20T12:00:00Z"),
        look(&database(), &["openssl"], 1, "2026-11-21T12:00:00Z"),
        look(&lonely(), &["torch"], 1, "2026-09-01T12:00:00Z"),
    ];
    for snapshot in &snapshots {
        store.ingest(snapshot).await.unwrap();
    }
    (folder, store)
}
