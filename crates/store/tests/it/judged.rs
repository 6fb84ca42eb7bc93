//! Small estates for the tests of the judged list.

use yata_model::{
    AdvisoryGroup, AdvisoryKind, Asset, BusinessService, Component, Evidence, Exposure, Fact, Finding, KevEntry,
    MissionImpact, Report, Risk, Snapshot, SourceState, SourceStatus,
};
use yata_store::{Paging, QueueFilter, QueueRow, Store};

use crate::support::{asset, component, finding, noon};

pub(crate) const NAMES: [&str; 3] = ["web", "batch", "desk"];

pub(crate) fn service(id: &str, mission_impact: MissionImpact) -> BusinessService {
    BusinessService {
        id: id.to_owned(),
        name: id.to_owned(),
        name_ja: None,
        mission_impact,
        max_tolerable_outage_minutes: None,
        owner: None,
        change_window: None,
    }
}

/// What the intelligence says of one id.
pub(crate) fn evidence(id: &str, epss: f64, listed: bool) -> Evidence {
    let kev = KevEntry {
        cve: id.to_owned(),
        added: Some("2025-12-01".parse().unwrap()),
        due: None,
        ransomware: false,
        name: String::new(),
    };
    Evidence {
        group: AdvisoryGroup {
            id: id.to_owned(),
            ids: vec![id.to_owned()],
            kind: AdvisoryKind::Vulnerability,
            summary: id.to_owned(),
            published: None,
            modified: None,
            severities: Vec::new(),
            cwes: Vec::new(),
            cves: vec![id.to_owned()],
            references: Vec::new(),
            sources: Vec::new(),
        },
        kev: Fact::checked(listed.then_some(kev), "CISA KEV", None),
        epss: Fact::checked(epss, "EPSS", None),
        ssvc: Fact::checked(None, "CISA vulnrichment", None),
    }
}

/// One of the three assets.
pub(crate) fn place(n: usize) -> Asset {
    let mut asset = asset(NAMES[n]);
    asset.service = [Some("shop"), Some("pay"), None][n].map(str::to_owned);
    asset.owner = [Some("sato"), None, Some("suzuki")][n].map(str::to_owned);
    asset.exposure = [Exposure::Internet, Exposure::Internal, Exposure::Unknown][n];
    asset.is_ai = n == 2;
    asset
}

/// The id of an advisory of the n-th asset's packages.
pub(crate) fn advisory(bit: usize) -> String {
    format!("CVE-2026-{:04}", 1000 + bit)
}

/// What is found in an asset: of eight advisories about four packages, those whose bits are set.
pub(crate) fn report(asset: Asset, day: i64, seen: u8, epss: f64, listed: u8) -> Report {
    let components: Vec<Component> = (0..4).map(|n| component(&format!("part{n}"), "1.0.0")).collect();
    let bits = || (0..8_usize).filter(|bit| seen & (1 << bit) != 0);
    let findings: Vec<Finding> =
        bits().map(|bit| finding(&asset, &[advisory(bit).as_str()], &components[bit / 2])).collect();
    let weighed = |bit: usize| (epss * (bit + 1) as f64 / 8.0, listed & (1 << bit) != 0);
    let evidence = bits().map(|bit| evidence(&advisory(bit), weighed(bit).0, weighed(bit).1)).collect();
    let source = SourceStatus {
        name: "EPSS".to_owned(),
        state: SourceState::Fresh,
        date: None,
        imported: None,
        records: 1,
        unreadable: 0,
        max_age_days: 14,
        message: None,
    };
    Report {
        snapshots: vec![Snapshot {
            sensor: "assess".to_owned(),
            asset,
            at: noon(day),
            components,
            findings,
            problems: Vec::new(),
        }],
        said_in: "yata.toml:1".to_owned(),
        evidence,
        closes_all: Default::default(),
        services: vec![service("shop", MissionImpact::High), service("pay", MissionImpact::Low)],
        sources: vec![source],
        statements: Vec::new(),
    }
}

/// All rows, page by page; the total is held against them.
pub(crate) async fn all(store: &Store, filter: &QueueFilter, limit: u32, grouped: bool) -> Vec<QueueRow> {
    let mut rows = Vec::new();
    let mut paging = Paging { after: None, limit };
    loop {
        let page = store.queue(filter, &paging, grouped).await.unwrap();
        assert!(page.rows.len() <= limit as usize);
        rows.extend(page.rows);
        let total = page.total;
        match page.next {
            Some(next) => paging.after = Some(next),
            None => {
                assert_eq!((total.rows, total.is_exact), (rows.len() as u64, true), "{filter:?}");
                return rows;
            }
        }
    }
}

pub(crate) fn ids(rows: &[QueueRow]) -> Vec<&str> {
    rows.iter().map(|row| row.finding.id.as_str()).collect()
}

pub(crate) fn risk_ids(risks: &[Risk]) -> Vec<&str> {
    risks.iter().map(|risk| risk.finding.id.as_str()).collect()
}
