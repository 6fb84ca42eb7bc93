//! One assessment that shows everything: Japanese, hostile text, unknown facts, malware, development scope,
//! settled findings, problems.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use yata_formats::export::Texts;
use yata_model::*;

/// A name that attacks every reader at once.
pub(crate) const HOSTILE: &str = "evil\u{1b}[2J\u{9b}31m\u{202e}gpj|`x`<img src=x onerror=alert(1)>[click](javascript:alert(1))@everyone #1\r\nwww.evil.example {0} \"q\" \\";

pub(crate) fn say(message: &Message) -> String {
    let args: Vec<String> = message
        .args
        .iter()
        .map(|(name, arg)| match arg {
            Arg::Number(number) => format!("{name}={number}"),
            Arg::Text(text) => format!("{name}={text}"),
        })
        .collect();
    if args.is_empty() { message.id.clone() } else { format!("{}({})", message.id, args.join("; ")) }
}

pub(crate) fn texts(lang: &str) -> Texts<'_> {
    Texts::new(lang, &say)
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn occurrence(file: &str, line: Option<u32>, scope: Scope, direct: Option<bool>, path: &[&str]) -> Occurrence {
    Occurrence { file: file.to_owned(), line, scope, direct, path: strings(path) }
}

fn component(purl: &str, family: Family, name: &str, version: Option<&str>, occurrences: Vec<Occurrence>) -> Component {
    Component {
        purl: purl.to_owned(),
        package: Package::new(Ecosystem::plain(family), name),
        version: version.map(str::to_owned),
        source: None,
        occurrences,
    }
}

pub(crate) struct Parts {
    portal: Asset,
    gateway: Asset,
    log4j: Component,
    left: Component,
    evil: Component,
    ssl: Component,
}

fn parts() -> Parts {
    let mut portal = Asset::unknown(AssetKind::Repository, "水道ポータル/web portal");
    portal.service = Some("portal".to_owned());
    portal.owner = Some("情報システム課 <it@minato.example>".to_owned());
    portal.exposure = Exposure::Internet;
    portal.mission_impact = MissionImpact::High;
    portal.data_classes = strings(&["personal"]);
    portal.is_ai = true;
    portal.depends_on = strings(&["scada-gw"]);
    let gateway = Asset::unknown(AssetKind::Host, "scada-gw");
    let way = ["shop-core@1.0", "log4j-core@2.14.1"];
    let mut ssl = component(
        "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12",
        Family::Debian,
        "libssl3",
        Some("3.0.9-1"),
        vec![occurrence("var/lib/dpkg/status", Some(120), Scope::Optional, None, &[])],
    );
    ssl.package.ecosystem.release = Some("12".to_owned());
    ssl.source = Some(SourcePackage { name: "openssl".to_owned(), version: Some("3.0.9".to_owned()) });
    Parts {
        portal,
        gateway,
        log4j: component(
            "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            Family::Maven,
            "org.apache.logging.log4j:log4j-core",
            Some("2.14.1"),
            vec![
                occurrence("backend/設計 書/bom.json", Some(42), Scope::Runtime, Some(false), &way),
                occurrence("backend/bom#2.json", None, Scope::Development, None, &[]),
            ],
        ),
        left: component(
            "pkg:npm/left-pad@1.0.0",
            Family::Npm,
            "left-pad",
            Some("1.0.0"),
            vec![occurrence("frontend/package-lock.json", Some(7), Scope::Development, Some(true), &[])],
        ),
        evil: component(
            "pkg:npm/evil@6.6.6",
            Family::Npm,
            HOSTILE,
            None,
            vec![occurrence("../outside/requirements.txt", None, Scope::Runtime, Some(true), &[])],
        ),
        ssl,
    }
}

fn finding(asset: &Asset, rule: &str, ids: &[&str], title: &str, component: &Component, remedy: Remedy) -> Finding {
    Finding {
        id: fingerprint(&asset.id, rule, &component.purl),
        asset_id: asset.id.clone(),
        rule: rule.to_owned(),
        ids: strings(ids),
        kind: AdvisoryKind::Vulnerability,
        title: title.to_owned(),
        subject: yata_model::Subject::Component(component.clone()),
        applies: Applies::Affected,
        remedy,
        state: FindingState::Open,
        first_seen: Some(at("2026-08-20T00:00:00Z")),
    }
}

fn table(name: &str, inputs: &[(&str, &str)], outcome_name: &str, outcome: Outcome) -> TableResult {
    let inputs = inputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    TableResult { table: name.to_owned(), inputs, outcome_name: outcome_name.to_owned(), outcome }
}

fn decision(priority: Priority, due: Option<&str>, investigate: bool) -> Decision {
    let outcome = Outcome { priority, investigate };
    let deployer = [
        ("Exploitation", "Active"),
        ("System Exposure", "Open"),
        ("Automatable", "Yes"),
        ("Human Impact", "Very High"),
    ];
    let own = [("自社の重要度", "高")];
    Decision {
        outcome,
        ruled_by: "SSVC Deployer 1.0.0".to_owned(),
        due: due.map(date),
        clock_started: date("2026-08-20"),
        next_window_after_due: due.map(|_| date("2026-09-01")),
        tables: vec![
            table("SSVC Deployer 1.0.0", &deployer, "Immediate", outcome),
            table("自社の表", &own, "今すぐ", outcome),
        ],
    }
}

fn factor(ai: bool, id: &str) -> Factor {
    Factor { ai, why: Message::new(id) }
}

fn risk(rank: u32, finding: Finding, decision: Decision) -> Risk {
    let known = Fact::checked("listed".to_owned(), "CISA KEV 2026.07.23", Some(date("2026-07-23")));
    let derived = Fact::derived("total".to_owned(), "CVSS", None);
    let stale = Fact::stale("0.97".to_owned(), "EPSS", Some(date("2026-01-01")));
    let unknown = Fact::unknown("internet".to_owned(), "yata.toml");
    Risk {
        rank,
        threat: factor(true, "factor-threat"),
        vulnerability: factor(false, "factor-vulnerability"),
        asset: factor(true, "factor-asset"),
        scenario: Scenario::new(3).unwrap(),
        decision,
        expected_harm: if rank == 1 { f64::NAN } else { 0.25 },
        facts: [("exploitation", known), ("technical-impact", derived), ("epss", stale), ("exposure", unknown)]
            .into_iter()
            .map(|(name, fact)| (name.to_owned(), fact))
            .collect(),
        reasons: vec![Message::new("reason-kev").with("package", finding.subject.name())],
        would_change: vec![Message::new("change-exposure").with("days", 14_i64)],
        finding,
    }
}

fn group(id: &str, ids: &[&str], kind: AdvisoryKind, severities: &[(SeverityKind, &str)]) -> AdvisoryGroup {
    AdvisoryGroup {
        id: id.to_owned(),
        ids: strings(ids),
        kind,
        summary: format!("{id} を悪用する <b>欠陥</b>"),
        published: Some(at("2021-12-10T00:00:00Z")),
        modified: Some(at("2025-01-02T03:04:05Z")),
        severities: severities
            .iter()
            .map(|(kind, value)| Severity { kind: *kind, value: (*value).to_owned() })
            .collect(),
        cwes: strings(&["CWE-502", "CWE-x"]),
        cves: ids.iter().filter(|id| is_cve_id(id)).map(|id| (*id).to_owned()).collect(),
        references: vec![
            Reference { kind: "WEB".to_owned(), url: "javascript:alert(1)".to_owned() },
            Reference { kind: "ADVISORY".to_owned(), url: format!("https://advisories.example/{id}?a=(1)&b=<x>") },
        ],
        sources: strings(&["OSV Maven"]),
    }
}

fn groups() -> Vec<AdvisoryGroup> {
    use SeverityKind::{CvssV2, CvssV3, CvssV4, Word};
    let v31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H";
    let v40 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    vec![
        group(
            "CVE-2021-44228",
            &["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"],
            AdvisoryKind::Vulnerability,
            &[
                (CvssV4, v40),
                (CvssV3, v31),
                (CvssV2, "AV:N/AC:M/Au:N/C:C/I:C/A:C"),
                (Word, "Important"),
                (CvssV3, "bad"),
            ],
        ),
        group("GHSA-zzzz-zzzz-zzzz", &["GHSA-zzzz-zzzz-zzzz"], AdvisoryKind::Vulnerability, &[(Word, "?")]),
        group("MAL-2026-0001", &["MAL-2026-0001"], AdvisoryKind::Malware, &[]),
    ]
}

fn problems() -> Vec<Problem> {
    let message = Message::new("problem-json").with("detail", HOSTILE);
    let mut waived = Problem::new(ProblemKind::Unreadable, "secret/設定.lock", Message::new("problem-unreadable"));
    waived.waived = true;
    vec![
        Problem::new(ProblemKind::Unparsable, "broken/package-lock.json", message).at_line(3),
        Problem::new(ProblemKind::SourceUnchecked, "EPSS", Message::new("problem-source")),
        waived,
    ]
}

fn sources() -> Vec<SourceStatus> {
    let source = |name: &str, state, message| SourceStatus {
        name: name.to_owned(),
        state,
        date: Some(date("2026-07-23")),
        imported: Some(at("2026-08-20T01:02:03Z")),
        records: 1653,
        unreadable: 2,
        max_age_days: 14,
        message,
    };
    vec![
        source("CISA KEV", SourceState::Fresh, None),
        source("EPSS", SourceState::Stale, Some(Message::new("source-stale"))),
    ]
}

fn settled(p: &Parts) -> (Vec<Finding>, BTreeMap<String, StateChange>) {
    let upgrade = Remedy::Upgrade { to: "3.0.11-1".to_owned(), compatible: None };
    let mut findings = Vec::new();
    let mut changes = BTreeMap::new();
    let until = date("2026-12-31");
    let cases = [
        ("CVE-2023-0001", FindingState::Accepted { until }, "更新は年末まで待ちます"),
        ("CVE-2023-0002", FindingState::Mitigated { until }, "behind the WAF"),
        ("CVE-2023-0003", FindingState::FalsePositive, "vulnerable_code_not_present: 使っていません"),
        ("CVE-2023-0004", FindingState::FalsePositive, HOSTILE),
        ("CVE-2023-0005", FindingState::Fixed, ""),
    ];
    for (rule, state, why) in cases {
        let mut one = finding(&p.gateway, rule, &[rule], "an old one", &p.ssl, upgrade.clone());
        one.state = state.clone();
        if !why.is_empty() {
            let (by, why) = ("佐藤".to_owned(), why.to_owned());
            changes.insert(one.id.clone(), StateChange { state, by, why, at: at("2026-08-01T00:00:00Z") });
        }
        findings.push(one);
    }
    (findings, changes)
}

fn risks(p: &Parts) -> Vec<Risk> {
    let upgrade = Remedy::Upgrade { to: "2.17.1".to_owned(), compatible: Some(true) };
    let ids = ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"];
    let log4j = finding(&p.portal, "CVE-2021-44228", &ids, "Log4Shell", &p.log4j, upgrade);
    let mut malware = finding(&p.portal, "MAL-2026-0001", &["MAL-2026-0001"], HOSTILE, &p.evil, Remedy::Remove);
    malware.kind = AdvisoryKind::Malware;
    malware.applies = Applies::Unknown { why: Message::new("applies-no-version").with("package", HOSTILE) };
    let ghsa = "GHSA-zzzz-zzzz-zzzz";
    let left = finding(&p.portal, ghsa, &[ghsa], "", &p.left, Remedy::NoneKnown);
    let mut ssl = finding(&p.gateway, "rule-old", &["rule-old"], "nobody maintains it", &p.ssl, Remedy::Replace);
    ssl.kind = AdvisoryKind::Unmaintained;
    ssl.first_seen = None;
    vec![
        risk(1, malware, decision(Priority::Immediate, Some("2026-08-23"), true)),
        risk(2, log4j, decision(Priority::OutOfCycle, Some("2026-09-03"), false)),
        risk(3, left, decision(Priority::Scheduled, Some("2026-10-19"), false)),
        risk(4, ssl, decision(Priority::Defer, None, false)),
        risk(5, credential(p), decision(Priority::Defer, None, false)),
    ]
}

/// A credential that stands in a file and in the history.
fn credential(p: &Parts) -> Finding {
    let mut found = finding(&p.portal, "some-token", &["some-token"], "A token", &p.left, Remedy::Rotate);
    found.kind = AdvisoryKind::Secret;
    let author = Author { name: HOSTILE.to_owned(), email: "a@b.example".to_owned() };
    found.subject = Subject::Secret(Secret {
        redacted: "tok_…9xQz".to_owned(),
        hash: "00ff".to_owned(),
        digest: "abc123".to_owned(),
        service: Some("Example".to_owned()),
        severity: RuleSeverity::High,
        confidence: Confidence::Certain,
        environment: Some(Environment::Live),
        occurrences: vec![occurrence("config/設定.env", Some(3), Scope::Runtime, None, &[])],
        author: Some(author.clone()),
        past: vec![PastPlace {
            commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
            author: Some(author),
            at: Some(at("2026-08-01T00:00:00Z")),
            file: "config/old.env".to_owned(),
            line: Some(1),
            present: false,
        }],
    });
    found
}

fn actions(risks: &[Risk]) -> Vec<Action> {
    let action = |risk: &Risk| Action {
        asset_id: risk.finding.asset_id.clone(),
        package: risk.finding.subject.name().to_owned(),
        from: risk.finding.subject.version().map(str::to_owned).into_iter().collect(),
        remedy: risk.finding.remedy.clone(),
        priority: risk.decision.outcome.priority,
        due: risk.decision.due,
        investigate: risk.decision.outcome.investigate,
        development_only: risk.finding.subject.scope() == Scope::Development,
        risks: vec![risk.rank],
    };
    risks.iter().map(action).collect()
}

/// The whole sample.
pub(crate) fn assessment() -> Assessment {
    let p = parts();
    let (settled, settlements) = settled(&p);
    let risks = risks(&p);
    let gone = finding(&p.gateway, "CVE-2020-0001", &["CVE-2020-0001"], "gone", &p.ssl, Remedy::NoneKnown);
    Assessment {
        yata_version: "0.1.0".to_owned(),
        targets: strings(&["examples/minato", HOSTILE]),
        at: at("2026-08-20T03:04:05Z"),
        as_of: date("2026-08-20"),
        as_of_is_set: true,
        organisation: Some("Minato Water".to_owned()),
        organisation_ja: Some("みなと水道".to_owned()),
        services: vec![ServiceName {
            id: "portal".to_owned(),
            name: "Customer portal".to_owned(),
            name_ja: Some("お客さまポータル".to_owned()),
        }],
        assets: vec![
            AssessedAsset { asset: p.gateway, components: vec![p.ssl] },
            AssessedAsset { asset: p.portal, components: vec![p.log4j, p.evil, p.left] },
        ],
        actions: actions(&risks),
        changes: Changes {
            since: Some(at("2026-08-13T00:00:00Z")),
            new: vec![risks[0].finding.id.clone()],
            gone: vec![gone],
        },
        risks,
        settled,
        settlements,
        advisories: groups(),
        sources: sources(),
        problems: problems(),
        questions: vec![Question { ask: Message::new("ask-exposure").with("asset", "scada-gw"), would_move: 12 }],
    }
}

/// An assessment of nothing: no estate file, no asset, no finding.
pub(crate) fn empty() -> Assessment {
    Assessment {
        organisation: None,
        organisation_ja: None,
        services: Vec::new(),
        assets: Vec::new(),
        risks: Vec::new(),
        actions: Vec::new(),
        settled: Vec::new(),
        settlements: BTreeMap::new(),
        advisories: Vec::new(),
        changes: Changes::default(),
        sources: Vec::new(),
        problems: Vec::new(),
        questions: Vec::new(),
        ..assessment()
    }
}
