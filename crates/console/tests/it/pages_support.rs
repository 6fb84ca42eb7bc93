//! A service over a database in a folder of its own, an estate in it, and readers of what it answers.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tempfile::TempDir;
use tower::ServiceExt as _;
use yata_console::{Caller, Clock, Console, Role, Settings, Who, app_as};
use yata_model::{
    AdvisoryGroup, AdvisoryKind, Applies, Asset, AssetKind, BusinessService, Component, Confidence, Ecosystem,
    Environment, Evidence, Exploitation, Exposure, Fact, Family, Finding, FindingState, KevEntry, MissionImpact,
    Occurrence, Package, Reference, Remedy, Report, RuleSeverity, Scope, Secret, Severity, SeverityKind, Snapshot,
    SourceState, SourceStatus, SsvcAssessment, Subject, TechnicalImpact, fingerprint,
};
use yata_store::Store;
use yata_words::Lang;

/// The day of the tests.
pub(crate) const TODAY: Date = Date::constant(2026, 11, 22);

/// What a form of the tests' session carries.
pub(crate) const CSRF: &str = "csrf-of-the-test";

/// A service with its database.
pub(crate) struct World {
    pub(crate) console: Arc<Console>,
    _folder: TempDir,
}

/// Noon of a day so many days after [`TODAY`].
pub(crate) fn noon(days: i64) -> Timestamp {
    let day = TODAY.checked_add(days.days()).unwrap();
    day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
}

impl World {
    pub(crate) async fn empty() -> World {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&folder.path().join("yata.db")).await.unwrap();
        let settings = Settings::new("http://127.0.0.1:7330", [7; 32]);
        World { console: Console::new(store, settings, Clock::new(|| noon(0))), _folder: folder }
    }

    /// With a small estate in it.
    pub(crate) async fn estate() -> World {
        let world = World::empty().await;
        for report in reports() {
            world.ingest(&report).await;
        }
        world
    }

    pub(crate) async fn ingest(&self, report: &Report) {
        self.console.store.ingest_report(report, TODAY).await.unwrap();
    }

    /// The routes as this caller meets them.
    pub(crate) fn app(&self, caller: &Caller) -> Router {
        app_as(Arc::clone(&self.console), caller.clone())
    }

    pub(crate) async fn get(&self, caller: &Caller, path: &str) -> (StatusCode, String) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        answer(self.app(caller), request).await
    }

    /// The page at a path, which must be there.
    pub(crate) async fn page(&self, caller: &Caller, path: &str) -> String {
        let (status, body) = self.get(caller, path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub(crate) async fn bytes(&self, caller: &Caller, path: &str) -> Vec<u8> {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = self.app(caller).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.into_body().collect().await.unwrap().to_bytes().to_vec()
    }

    /// Posts a form of the session.
    pub(crate) async fn post(&self, caller: &Caller, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let mut fields = fields.to_vec();
        fields.push(("csrf", CSRF));
        let body =
            fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect::<Vec<_>>().join("&");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        answer(self.app(caller), request).await
    }

    /// The ids of all open findings, the most urgent first.
    pub(crate) async fn findings(&self) -> Vec<String> {
        let (all, paging) = (yata_store::QueueFilter::default(), yata_store::Paging { after: None, limit: 500 });
        let page = self.console.store.queue(&all, &paging, false).await.unwrap();
        page.rows.into_iter().map(|row| row.finding.id).collect()
    }
}

async fn answer(app: Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.oneshot(request).await.unwrap();
    let (status, body) = (response.status(), response.into_body().collect().await.unwrap().to_bytes());
    (status, String::from_utf8_lossy(&body).into_owned())
}

pub(crate) fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A signed-in person.
pub(crate) fn person(name: &str, role: Role, services: &[&str], lang: Lang) -> Caller {
    let who = Who::Person {
        id: format!("id-of-{name}"),
        name: name.to_owned(),
        email: format!("{name}@example.jp"),
        role,
        services: services.iter().map(|id| (*id).to_owned()).collect(),
    };
    Caller { who, csrf: CSRF.to_owned(), session: "session".to_owned(), ..Caller::nobody(lang) }
}

fn service(id: &str, name: &str, name_ja: &str, mission_impact: MissionImpact) -> BusinessService {
    BusinessService {
        id: id.to_owned(),
        name: name.to_owned(),
        name_ja: Some(name_ja.to_owned()),
        mission_impact,
        max_tolerable_outage_minutes: Some(60),
        owner: None,
        change_window: None,
    }
}

fn services() -> Vec<BusinessService> {
    vec![
        service("billing", "Water billing", "水道料金", MissionImpact::High),
        service("scada", "Plant control", "浄水場監視制御", MissionImpact::VeryHigh),
        service("portal", "Citizens' portal", "市民ポータル", MissionImpact::Medium),
    ]
}

fn sources() -> Vec<SourceStatus> {
    let one = |name: &str, state, days: i64, records| SourceStatus {
        name: name.to_owned(),
        state,
        date: Some(TODAY.checked_sub(days.days()).unwrap()),
        imported: Some(noon(-days)),
        records,
        unreadable: 0,
        max_age_days: 7,
        message: None,
    };
    vec![
        one("CISA KEV", SourceState::Fresh, 1, 1_484),
        one("EPSS", SourceState::Stale, 12, 312_004),
        one("OSV PyPI", SourceState::Fresh, 2, 18_220),
        SourceStatus { date: None, imported: None, records: 0, ..one("OSV npm", SourceState::Missing, 0, 0) },
    ]
}

/// An asset of the estate.
pub(crate) fn asset(name: &str, service: Option<&str>, owner: Option<&str>, exposure: Exposure) -> Asset {
    Asset {
        service: service.map(str::to_owned),
        owner: owner.map(str::to_owned),
        exposure,
        mission_impact: MissionImpact::High,
        ..Asset::unknown(AssetKind::Repository, name)
    }
}

/// What is known of a vulnerability.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) exploited: bool,
    pub(crate) epss: f64,
    pub(crate) kind: AdvisoryKind,
}

pub(crate) fn evidence(known: &Known<'_>) -> Evidence {
    let kev = known.exploited.then(|| KevEntry {
        cve: known.id.to_owned(),
        added: Some(TODAY.checked_sub(9.days()).unwrap()),
        due: None,
        ransomware: false,
        name: known.title.to_owned(),
    });
    let ssvc = SsvcAssessment {
        cve: known.id.to_owned(),
        exploitation: Some(if known.exploited { Exploitation::Active } else { Exploitation::None }),
        automatable: Some(known.epss > 0.3),
        technical_impact: Some(if known.epss > 0.3 { TechnicalImpact::Total } else { TechnicalImpact::Partial }),
        date: Some(TODAY),
    };
    Evidence {
        group: AdvisoryGroup {
            id: known.id.to_owned(),
            ids: vec![known.id.to_owned()],
            kind: known.kind,
            summary: known.title.to_owned(),
            published: Some(noon(-30)),
            modified: None,
            severities: vec![Severity {
                kind: SeverityKind::CvssV3,
                value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned(),
            }],
            cwes: vec!["CWE-502".to_owned()],
            cves: vec![known.id.to_owned()],
            references: vec![Reference {
                kind: "ADVISORY".to_owned(),
                url: format!("https://example.org/{}", known.id),
            }],
            sources: vec!["OSV PyPI".to_owned()],
        },
        kev: Fact::checked(kev, "CISA KEV 2026.11.21", Some(TODAY)),
        epss: Fact::checked(known.epss, "EPSS", Some(TODAY)),
        ssvc: Fact::checked(Some(ssvc), "CISA vulnrichment", Some(TODAY)),
    }
}

pub(crate) fn component(name: &str, version: &str, file: &str, path: &[&str]) -> Component {
    Component {
        purl: format!("pkg:pypi/{}@{version}", percent(name)),
        package: Package { ecosystem: Ecosystem::plain(Family::PyPi), name: name.to_owned() },
        version: Some(version.to_owned()),
        source: None,
        occurrences: vec![Occurrence {
            file: file.to_owned(),
            line: Some(12),
            scope: Scope::Runtime,
            direct: Some(path.len() < 2),
            path: path.iter().map(|step| (*step).to_owned()).collect(),
        }],
    }
}

pub(crate) fn finding(asset: &Asset, known: &Known<'_>, component: &Component, to: &str) -> Finding {
    let remedy = match known.kind {
        AdvisoryKind::Malware => Remedy::Remove,
        _ if to.is_empty() => Remedy::NoneKnown,
        _ => Remedy::Upgrade { to: to.to_owned(), compatible: Some(true) },
    };
    Finding {
        id: fingerprint(&asset.id, known.id, &component.purl),
        asset_id: asset.id.clone(),
        rule: known.id.to_owned(),
        ids: vec![known.id.to_owned()],
        kind: known.kind,
        title: known.title.to_owned(),
        subject: Subject::Component(component.clone()),
        applies: Applies::Affected,
        remedy,
        state: FindingState::Open,
        first_seen: None,
    }
}

pub(crate) fn report(asset: Asset, at: Timestamp, found: Vec<(Component, Known<'_>, &str)>) -> Report {
    let findings = found.iter().map(|(component, known, to)| finding(&asset, known, component, to)).collect();
    let evidence = found.iter().map(|(_, known, _)| evidence(known)).collect();
    let mut components: Vec<Component> = found.into_iter().map(|(component, ..)| component).collect();
    components.sort_by(|a, b| a.purl.cmp(&b.purl));
    components.dedup_by(|a, b| a.purl == b.purl);
    Report {
        snapshots: vec![Snapshot {
            sensor: "assess".to_owned(),
            asset,
            at,
            components,
            findings,
            problems: Vec::new(),
        }],
        said_in: "yata.toml:12".to_owned(),
        evidence,
        closes_all: std::collections::BTreeMap::new(),
        services: services(),
        sources: sources(),
        statements: Vec::new(),
    }
}

fn credential(asset: &Asset) -> Finding {
    let secret = Secret {
        redacted: "AKIA…7QPL".to_owned(),
        hash: "00ff".to_owned(),
        digest: "a1b2c3".to_owned(),
        service: Some("AWS".to_owned()),
        severity: RuleSeverity::Critical,
        confidence: Confidence::Certain,
        environment: Some(Environment::Live),
        occurrences: vec![Occurrence {
            file: "deploy/settings.env".to_owned(),
            line: Some(3),
            scope: Scope::Runtime,
            direct: None,
            path: Vec::new(),
        }],
        author: None,
        past: Vec::new(),
    };
    Finding {
        id: fingerprint(&asset.id, "aws-access-key-id", &secret.digest),
        asset_id: asset.id.clone(),
        rule: "aws-access-key-id".to_owned(),
        ids: vec!["aws-access-key-id".to_owned()],
        kind: AdvisoryKind::Secret,
        title: "AWS access key".to_owned(),
        subject: Subject::Secret(secret),
        applies: Applies::Affected,
        remedy: Remedy::Rotate,
        state: FindingState::Open,
        first_seen: None,
    }
}

/// The estate of a small waterworks.
pub(crate) fn reports() -> Vec<Report> {
    let vulnerability =
        |id, title, exploited, epss| Known { id, title, exploited, epss, kind: AdvisoryKind::Vulnerability };
    let django = component("django", "3.2.1", "services/billing/poetry.lock", &[]);
    let pillow = component("pillow", "9.0.0", "services/billing/poetry.lock", &["reportlab@3.6.12", "pillow@9.0.0"]);
    let torch = component("torch", "1.13.0", "ml/forecast/requirements.txt", &[]);
    let requests = component("requests", "2.19.0", "portal/requirements.txt", &["portal-sdk@1.2.0", "requests@2.19.0"]);
    let bad = component("reqests", "1.0.0", "portal/requirements.txt", &[]);
    let sql = vulnerability("CVE-2022-28346", "SQL injection in QuerySet.annotate()", true, 0.91);
    let dos = vulnerability("CVE-2021-45115", "Denial of service in UserAttributeSimilarityValidator", false, 0.02);
    let overflow = vulnerability("CVE-2022-22817", "Arbitrary expressions in PIL.ImageMath.eval", false, 0.35);
    let pickle = vulnerability("CVE-2025-32434", "Remote code execution in torch.load with weights_only", false, 0.44);
    let leak = vulnerability("CVE-2018-18074", "Credentials are sent to another host after a redirect", false, 0.01);
    let malware = Known {
        id: "MAL-2024-0815",
        title: "Malicious package takes tokens away",
        exploited: false,
        epss: 0.0,
        kind: AdvisoryKind::Malware,
    };
    let billing = asset("services/billing", Some("billing"), Some("佐藤 花子"), Exposure::Internet);
    let forecast =
        Asset { is_ai: true, ..asset("ml/forecast", Some("scada"), Some("Plant IT team"), Exposure::Internal) };
    let portal = asset("portal", Some("portal"), None, Exposure::Internet);
    let mut first = report(
        billing,
        noon(-6),
        vec![(django.clone(), sql, "3.2.13"), (django, dos, "3.2.13"), (pillow, overflow, "9.0.1")],
    );
    let key = credential(&first.snapshots[0].asset);
    first.snapshots[0].findings.push(key);
    vec![
        first,
        report(forecast, noon(-1), vec![(torch, pickle, "2.6.0")]),
        report(portal, noon(-2), vec![(requests, leak, ""), (bad, malware, "")]),
    ]
}
