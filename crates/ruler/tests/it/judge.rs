//! Every rule of the ruler, one line each.

use jiff::civil::{Date, Weekday, date};
use yata_model::{
    AdvisoryKind, Applies, AssetKind, BusinessService, ChangeWindow, Deadlines, Exploitation, Exposure, Fact, Message,
    MissionImpact, Priority, Standing, TechnicalImpact,
};
use yata_ruler::facts::name;
use yata_ruler::{Calendar, is_risk};

use crate::support::{Case, LOCAL, TODAY, WORMABLE, assessment, fact, kev};

fn check(what: &str, case: &Case, priority: Priority, investigate: bool, ruled_by: &str, due: Option<Date>) {
    let risk = case.judge();
    let found = (risk.decision.outcome.priority, risk.decision.outcome.investigate, risk.decision.ruled_by.as_str());
    assert_eq!((found, risk.decision.due), ((priority, investigate, ruled_by), due), "{what}");
}

#[test]
fn the_stricter_rules() {
    use Priority::{Defer, Immediate, OutOfCycle, Scheduled};
    let (bod, deployer) = ("CISA BOD 26-04 1.0.0", "SSVC Deployer 1.0.0");
    let both = "SSVC Deployer 1.0.0, CISA BOD 26-04 1.0.0";
    let in_days = |days| Some(date(2026, 8, 20).checked_add(jiff::Span::new().days(days)).unwrap());
    let low = |case: Case| case.at(Exposure::Internal, MissionImpact::Low);
    let high = |case: Case| case.at(Exposure::Internet, MissionImpact::VeryHigh);
    let new = Case::new;
    check("nothing known", &new(), Immediate, false, bod, in_days(3));
    check("local, low", &low(new().vector(LOCAL)), Defer, false, both, None);
    check("wormable, low, inside", &low(new().vector(WORMABLE)), Scheduled, false, both, in_days(60));
    check("wormable, open", &high(new().vector(WORMABLE)), Immediate, false, bod, in_days(3));
    let listed = || new().vector(WORMABLE).listed(date(2026, 1, 1), false);
    check("listed, open", &high(listed()), Immediate, true, bod, in_days(3));
    check("listed, inside", &low(listed()), Immediate, true, bod, in_days(3));
    let listed = new().vector(LOCAL).listed(date(2026, 1, 1), true);
    check("listed, local", &low(listed), OutOfCycle, false, bod, in_days(14));
    let active = || new().assessed(Exploitation::Active, false, TechnicalImpact::Partial);
    check("seen, not listed", &high(active()), Immediate, false, deployer, in_days(3));
    let none = || new().assessed(Exploitation::None, false, TechnicalImpact::Partial);
    check("none, inside", &low(none()), Defer, false, both, None);
    check("none, open", &high(none()), Scheduled, false, both, in_days(60));
}

#[test]
fn malware_is_never_softened() {
    use Priority::Immediate;
    let due = Some(date(2026, 8, 23));
    let malware = || Case::new().kind(AdvisoryKind::Malware).without_cve();
    check("plain", &malware(), Immediate, true, "malware", due);
    check("development", &malware().development(), Immediate, true, "malware", due);
    let hidden = malware().development().at(Exposure::None, MissionImpact::Low);
    check("hidden", &hidden, Immediate, true, "malware", due);
    let risk = malware().development().at(Exposure::Internet, MissionImpact::VeryHigh).judge();
    assert_eq!((fact(&risk, name::EXPOSURE).value, risk.expected_harm), ("internet".to_owned(), 1.0));
    // A group that has become malware since the finding was made.
    let mut turned = Case::new();
    turned.evidence.group.kind = AdvisoryKind::Malware;
    check("turned", &turned, Immediate, true, "malware", due);
}

#[test]
fn where_no_weakness_is_claimed_it_waits_unless_exploited() {
    use Priority::{Defer, Immediate};
    for (kind, word) in [(AdvisoryKind::Unmaintained, "unmaintained"), (AdvisoryKind::Notice, "notice")] {
        check(word, &Case::new().kind(kind).without_cve(), Defer, false, word, None);
        let risk = Case::new().kind(kind).without_cve().judge();
        assert!(risk.decision.tables.is_empty() && risk.expected_harm == 0.0 && !risk.threat.ai, "{word}");
        let listed = Case::new().kind(kind).listed(date(2026, 8, 1), false);
        check(word, &listed, Immediate, true, "CISA BOD 26-04 1.0.0", Some(date(2026, 8, 23)));
    }
    assert!(!is_risk(AdvisoryKind::Maintenance) && is_risk(AdvisoryKind::Notice));
    let unsound = Case::new().kind(AdvisoryKind::Unsound).without_cve().at(Exposure::Internal, MissionImpact::Low);
    let risk = unsound.judge();
    assert_eq!(fact(&risk, name::AUTOMATABLE).standing, Standing::Derived);
    assert_eq!(risk.decision.outcome.priority, Defer);
}

fn check_fact(what: &str, case: &Case, name: &str, value: &str, standing: Standing) {
    let found = fact(&case.judge(), name);
    assert_eq!((found.value.as_str(), found.standing), (value, standing), "{what}: {}", found.source);
}

#[test]
fn exploitation_is_known_or_assumed() {
    use Standing::{Checked, Derived, Stale, Unknown};
    let (known, exploitation) = (name::KNOWN_EXPLOITED, name::EXPLOITATION);
    let new = Case::new;
    check_fact("fresh, not listed", &new(), known, "no", Checked);
    check_fact("fresh, not listed", &new(), exploitation, "public-poc", Unknown);
    check_fact("no CVE", &new().without_cve(), known, "no", Derived);
    let listed = new().listed(date(2026, 1, 1), true);
    check_fact("listed", &listed, exploitation, "active", Checked);
    check_fact("listed", &listed, name::RANSOMWARE, "yes", Checked);
    let assessed = new().assessed(Exploitation::None, true, TechnicalImpact::Total);
    check_fact("assessed", &assessed, exploitation, "none", Checked);
    let mut stale = new().assessed(Exploitation::None, true, TechnicalImpact::Total);
    stale.evidence.kev = Fact::stale(None, "CISA KEV 2025.01.01", Some(date(2025, 1, 1)));
    check_fact("stale KEV", &stale, known, "yes", Stale);
    check_fact("stale KEV", &stale, exploitation, "active", Stale);
    stale.evidence.kev = Fact::unknown(None, "CISA KEV");
    check_fact("no KEV", &stale, exploitation, "active", Unknown);
    check_fact("no KEV", &stale, name::EXPLOITATION_UNLISTED, "none", Checked);
    stale.evidence.kev = Fact::stale(Some(kev(date(2024, 1, 1), false)), "CISA KEV 2025.01.01", None);
    check_fact("listed in a stale KEV", &stale, exploitation, "active", Stale);
    let mut old = new().vector(LOCAL);
    let of_then = assessment(Exploitation::None, false, TechnicalImpact::Partial);
    old.evidence.ssvc = Fact::stale(Some(of_then), "CISA vulnrichment", None);
    check_fact("stale assessment", &old, exploitation, "public-poc", Stale);
    check_fact("stale assessment, vector", &old, name::AUTOMATABLE, "no", Derived);
    old.evidence.group.severities.clear();
    check_fact("stale assessment, no vector", &old, name::AUTOMATABLE, "yes", Stale);
    check_fact("stale assessment, no vector", &old, name::TECHNICAL_IMPACT, "total", Stale);
}

#[test]
fn the_nature_of_a_weakness_is_assessed_derived_or_assumed() {
    use Standing::{Checked, Derived, Unknown};
    let (automatable, impact) = (name::AUTOMATABLE, name::TECHNICAL_IMPACT);
    check_fact("nobody says", &Case::new(), automatable, "yes", Unknown);
    check_fact("nobody says", &Case::new(), impact, "total", Unknown);
    check_fact("vector", &Case::new().vector(WORMABLE), automatable, "yes", Derived);
    check_fact("vector", &Case::new().vector(LOCAL), impact, "partial", Derived);
    let both = Case::new().vector(WORMABLE).assessed(Exploitation::None, false, TechnicalImpact::Partial);
    check_fact("assessed", &both, automatable, "no", Checked);
    check_fact("assessed", &both, impact, "partial", Checked);
    check_fact("unreadable", &Case::new().vector("CVSS:3.1/AV:N"), automatable, "yes", Unknown);
}

#[test]
fn the_place_is_stated_assumed_or_derived() {
    use Standing::{Checked, Derived, Unknown};
    let (exposure, impact) = (name::EXPOSURE, name::MISSION_IMPACT);
    check_fact("nobody says", &Case::new(), exposure, "internet", Unknown);
    check_fact("nobody says", &Case::new(), impact, "very-high", Unknown);
    let stated = Case::new().at(Exposure::Partner, MissionImpact::Medium);
    check_fact("stated", &stated, exposure, "partner", Checked);
    check_fact("stated", &stated, impact, "medium", Checked);
    let built = Case::new().development();
    check_fact("development", &built, exposure, "internal", Derived);
    check_fact("development", &built, impact, "high", Derived);
    let lower = Case::new().at(Exposure::None, MissionImpact::Low).development();
    check_fact("development, lower", &lower, exposure, "none", Checked);
    check_fact("development, lower", &lower, impact, "low", Checked);
    let mut of_service = Case::new();
    of_service.service = Some(service(None));
    check_fact("the service's", &of_service, impact, "high", Checked);
}

#[test]
fn epss_is_a_probability_or_certain() {
    let check = |epss: Fact<f64>, expected: &str, standing| {
        let mut case = Case::new();
        case.evidence.epss = epss;
        check_fact("epss", &case, name::EPSS, expected, standing);
    };
    check(Fact::checked(0.25, "EPSS", None), "0.25000", Standing::Checked);
    check(Fact::stale(0.25, "EPSS", None), "1.00000", Standing::Stale);
    check(Fact::unknown(0.0, "EPSS"), "1.00000", Standing::Unknown);
    check(Fact::checked(f64::NAN, "EPSS", None), "1.00000", Standing::Unknown);
    check(Fact::checked(7.0, "EPSS", None), "1.00000", Standing::Checked);
}

#[test]
fn harm_is_probability_times_impact() {
    let check = |case: Case, expected: f64| {
        let harm = case.judge().expected_harm;
        assert!((harm - expected).abs() < 1e-9, "{harm} instead of {expected}");
    };
    let at = |case: Case| case.at(Exposure::Internet, MissionImpact::Medium);
    check(at(Case::new().vector(WORMABLE)), 0.02 * 0.5);
    check(at(Case::new().vector(LOCAL)), 0.02 * 0.5 * 0.5);
    check(at(Case::new().vector(WORMABLE).listed(TODAY, false)), 0.9 * 0.5);
    check(at(Case::new().vector(WORMABLE).listed(TODAY, true)), 0.95 * 0.5);
    let mut unknown = Case::new();
    unknown.evidence.epss = Fact::unknown(1.0, "EPSS");
    check(unknown, 1.0);
}

fn service(window: Option<ChangeWindow>) -> BusinessService {
    BusinessService {
        id: "billing".to_owned(),
        name: "Billing".to_owned(),
        name_ja: Some("料金".to_owned()),
        mission_impact: MissionImpact::High,
        max_tolerable_outage_minutes: None,
        owner: None,
        change_window: window,
    }
}

#[test]
fn the_clock_starts_when_it_could_be_known() {
    let check = |seen: Option<Date>, added: Option<Date>, started: Date, due: Option<Date>| {
        let mut case = Case::new().vector(WORMABLE).at(Exposure::Internal, MissionImpact::Low);
        if let Some(added) = added {
            case = case.listed(added, false);
        }
        case.first_seen = seen;
        let decision = case.judge().decision;
        assert_eq!((decision.clock_started, decision.due), (started, due), "seen {seen:?}, listed {added:?}");
    };
    let (june, july, august) = (date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1));
    check(None, None, TODAY, Some(date(2026, 10, 19)));
    check(Some(august), None, august, Some(date(2026, 9, 30)));
    // Listed before it was seen: the clock starts when it was seen.
    check(Some(august), Some(july), august, Some(date(2026, 8, 4)));
    // Listed after it was seen: from the listing.
    check(Some(august), Some(date(2026, 8, 10)), date(2026, 8, 10), Some(date(2026, 8, 13)));
    // … but the deadline that ran already is not moved back (60 days from June are over before the listing).
    check(Some(june), Some(date(2026, 8, 19)), june, Some(date(2026, 7, 31)));
    // A listing or a sighting after the day to judge as of counts as today's.
    check(Some(august), Some(date(2026, 9, 9)), TODAY, Some(date(2026, 8, 23)));
    check(Some(date(2027, 1, 1)), None, TODAY, Some(date(2026, 10, 19)));
}

#[test]
fn a_window_after_the_deadline_is_said() {
    let check = |weeks: &[u8], expected: Option<Date>| {
        let mut case = Case::new();
        let window = ChangeWindow { weekday: Weekday::Saturday, weeks: weeks.to_vec(), from: None, to: None };
        case.service = Some(service(Some(window)));
        let risk = case.judge();
        assert_eq!(risk.decision.due, Some(date(2026, 8, 23)));
        assert_eq!(risk.decision.next_window_after_due, expected);
        assert_eq!(risk.reasons.iter().any(|reason| reason.id == "reason-window"), expected.is_some());
    };
    check(&[], None);
    check(&[5], Some(date(2026, 8, 29)));
    check(&[1], Some(date(2026, 9, 5)));
}

#[test]
fn deadlines_are_the_organisations_own() {
    let mut case = Case::new();
    case.calendar = Calendar::new(&Deadlines {
        days: [(Priority::Immediate, 1)].into(),
        business_days: true,
        holidays: vec![date(2026, 8, 21)],
    });
    assert_eq!(case.judge().decision.due, Some(date(2026, 8, 24)));
}

#[test]
fn factors_and_scenarios() {
    let check = |what: &str, case: &Case, flags: (bool, bool, bool), scenario: u8| {
        let risk = case.judge();
        let found = (risk.threat.ai, risk.vulnerability.ai, risk.asset.ai);
        assert_eq!((found, risk.scenario.number()), (flags, scenario), "{what}");
    };
    check("unknown", &Case::new(), (true, false, false), 3);
    let quiet = Case::new().assessed(Exploitation::None, false, TechnicalImpact::Partial);
    check("quiet", &quiet, (false, false, false), 3);
    let mut ai = Case::new();
    ai.asset.is_ai = true;
    check("AI asset", &ai, (true, false, true), 5);
    ai.evidence.group.cwes = vec!["CWE-1427".to_owned(), "CWE-20".to_owned()];
    check("prompt injection", &ai, (true, true, true), 1);
    ai.asset.is_ai = false;
    check("prompt injection elsewhere", &ai, (true, true, false), 2);
    let mut agent = Case::new().kind(AdvisoryKind::Malware);
    agent.asset.kind = AssetKind::Agent;
    check("malware in an agent", &agent, (true, false, true), 5);
    agent.asset.kind = AssetKind::AiMadeApp;
    check("malware in an app made with AI", &agent, (true, false, false), 3);
}

#[test]
fn what_could_not_be_told_is_a_reason() {
    let mut case = Case::new();
    case.finding.applies = Applies::Unknown { why: Message::new("change-malware") };
    let reasons: Vec<String> = case.judge().reasons.into_iter().map(|reason| reason.id).collect();
    let at = reasons.iter().position(|id| id == "reason-applies-unknown").unwrap();
    assert_eq!(reasons.get(at + 1).map(String::as_str), Some("change-malware"));
}
