use jiff::civil::{Weekday, date, time};
use yata_formats::estate::parse;
use yata_model::{AssetKind, AssetRule, ChangeWindow, Deadlines, Estate, Exposure, MissionImpact, Priority, Selector};

/// Every key of every table, each with a value that is not its default.
pub(crate) const EVERY_KEY: &str = r#"
[organisation]
name = "Minato Water Utility"
name_ja = "みなと水道企業団"

[[service]]
id = "supply-control"
name = "Water supply control"
name_ja = "配水制御"
mission_impact = "very-high"
max_tolerable_outage = "30m"
owner = "ot-team"
change_window = { weekday = "sunday", weeks = [3, 1], from = "01:00", to = "05:00" }

[[service]]
id = "portal"
name = "Customer portal"

[[asset]]
path = "repos/portal/**"
name = "Portal"
kind = "repository"
service = "portal"
owner = "web-team"
exposure = "internet"
mission_impact = "medium"
data_classes = ["personal", "personal"]
ai = true
depends_on = ["scada-gw", "repos/lib"]

[[asset]]
host = "scada-gw"

[[asset]]
sbom = "vendor-*"

[[asset]]
path = "repos/*"

[deadlines]
immediate_days = 1
out_of_cycle_days = 7
scheduled_days = 30
defer_days = 180
count = "business"
holidays = [2026-11-23, "2026-01-01"]

[intel]
feeds = "intel"
max_age_days = { osv = 7, kev = 6, epss = 5, vulnrichment = 14 }

[assess]
as_of = "2026-11-20"
decision_tables = ["tables/own.json"]
vex = ["vex/portal.json"]
leave_out = ["repos/**/testdata"]
waive = ["repos/old/package-lock.json"]
"#;

#[test]
fn every_key_says_what_it_means() {
    let estate = parse(EVERY_KEY.as_bytes(), "yata.toml").unwrap();
    assert_eq!(estate.organisation.name_ja.as_deref(), Some("みなと水道企業団"));
    let service = estate.service("supply-control").unwrap();
    assert_eq!(service.mission_impact, MissionImpact::VeryHigh);
    assert_eq!(service.max_tolerable_outage_minutes, Some(30));
    let window = ChangeWindow {
        weekday: Weekday::Sunday,
        weeks: vec![1, 3],
        from: Some(time(1, 0, 0, 0)),
        to: Some(time(5, 0, 0, 0)),
    };
    assert_eq!(service.change_window, Some(window));
    let portal = AssetRule {
        selector: Selector::Path("repos/portal/**".to_owned()),
        name: Some("Portal".to_owned()),
        kind: Some(AssetKind::Repository),
        service: Some("portal".to_owned()),
        owner: Some("web-team".to_owned()),
        exposure: Some(Exposure::Internet),
        mission_impact: Some(MissionImpact::Medium),
        data_classes: vec!["personal".to_owned()],
        ai: true,
        depends_on: vec!["scada-gw".to_owned(), "repos/lib".to_owned()],
        line: 19,
    };
    assert_eq!(estate.assets[0], portal);
    assert_eq!(estate.assets[1].selector, Selector::Host("scada-gw".to_owned()));
    assert_eq!(estate.assets[2].selector, Selector::Sbom("vendor-*".to_owned()));
    let days = [(Priority::Immediate, 1), (Priority::OutOfCycle, 7), (Priority::Scheduled, 30), (Priority::Defer, 180)];
    let deadlines =
        Deadlines { days: days.into(), business_days: true, holidays: vec![date(2026, 1, 1), date(2026, 11, 23)] };
    assert_eq!(estate.deadlines, deadlines);
    assert_eq!(estate.intel.feeds.as_deref(), Some("intel"));
    assert_eq!(estate.intel.max_age_days["vulnrichment"], 14);
    assert_eq!(estate.as_of, Some(date(2026, 11, 20)));
    assert_eq!(estate.decision_tables, ["tables/own.json"]);
    assert_eq!(estate.vex, ["vex/portal.json"]);
    assert_eq!(estate.waive, ["repos/old/package-lock.json"]);
}

#[test]
fn what_is_not_said_is_unknown() {
    assert_eq!(parse(b"", "yata.toml").unwrap(), Estate::default());
    let estate = parse(b"[[asset]]\nhost = \"a\"\n", "yata.toml").unwrap();
    assert_eq!((estate.assets[0].exposure, estate.assets[0].mission_impact), (None, None));
}
