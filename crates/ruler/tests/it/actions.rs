//! From risks to things to do.

use std::cmp::Ordering;

use yata_model::{
    Action, AdvisoryKind, Ecosystem, Exposure, Family, Finding, MissionImpact, Package, Priority, Remedy, Risk,
};
use yata_ruler::{actions, highest_fix, rank};

use crate::support::{Case, LOCAL, TODAY, WORMABLE};

fn by_number(_: &Ecosystem, a: &str, b: &str) -> Ordering {
    let numbers = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    numbers(a).cmp(&numbers(b))
}

fn highest(findings: &[&Finding]) -> Option<Remedy> {
    highest_fix(findings, &by_number)
}

fn case(rule: &str, package: &str, from: &str, to: &str) -> Case {
    let mut case = Case::new().vector(WORMABLE);
    case.finding.id = format!("fi_{rule}");
    case.finding.rule = rule.to_owned();
    case.component().package = Package::new(Ecosystem::plain(Family::Npm), package);
    case.component().version = Some(from.to_owned());
    case.finding.remedy = Remedy::Upgrade { to: to.to_owned(), compatible: Some(true) };
    case
}

fn act(cases: &[Case]) -> (Vec<Risk>, Vec<Action>) {
    let risks = rank(cases.iter().map(Case::judge).collect());
    let actions = actions(&risks, &highest);
    (risks, actions)
}

fn line(action: &Action) -> String {
    let remedy = match &action.remedy {
        Remedy::Upgrade { to, compatible } => format!("-> {to} {compatible:?}"),
        other => format!("{other:?}"),
    };
    let due = action.due.map_or_else(|| "-".to_owned(), |due| due.to_string());
    let tags = match (action.investigate, action.development_only) {
        (true, true) => " investigate, development",
        (true, false) => " investigate",
        (false, true) => " development",
        (false, false) => "",
    };
    format!("{due} {} {:?} {remedy} closes {:?}{tags}", action.package, action.from, action.risks)
}

#[test]
fn one_upgrade_that_closes_several_findings_is_one_line() {
    let mut breaking = case("F", "lib", "1.0.0", "1.0.9");
    breaking.finding.remedy = Remedy::Upgrade { to: "1.0.9".to_owned(), compatible: Some(false) };
    let mut no_fix = case("D", "lib", "1.0.0", "");
    no_fix.finding.remedy = Remedy::NoneKnown;
    let mut malware = case("M", "evil", "6.6.6", "").kind(AdvisoryKind::Malware).development();
    malware.finding.remedy = Remedy::Remove;
    let quiet = |case: Case| case.vector(LOCAL).at(Exposure::None, MissionImpact::Low);
    let cases = [
        case("A", "lib", "1.0.0", "1.0.10"),
        case("B", "lib", "1.0.0", "1.0.9"),
        case("C", "lib", "1.0.5", "1.0.10"),
        no_fix,
        case("E", "lib", "0.9.0", "0.9.7").listed(TODAY, false),
        breaking,
        malware,
        quiet(case("G", "dev", "1.0.0", "2.0.0")).development(),
        quiet(case("H", "run", "1.0.0", "2.0.0")),
    ];
    let (risks, actions) = act(&cases);
    let lines: Vec<String> = actions.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    2026-08-23 evil ["6.6.6"] Remove closes [1] investigate, development
    2026-08-23 lib ["0.9.0"] -> 0.9.7 Some(true) closes [2] investigate
    2026-08-23 lib ["1.0.0", "1.0.5"] -> 1.0.10 Some(false) closes [3, 4, 5, 7]
    2026-08-23 lib ["1.0.0"] NoneKnown closes [6]
    - dev ["1.0.0"] -> 2.0.0 Some(true) closes [8] development
    - run ["1.0.0"] -> 2.0.0 Some(true) closes [9]
    "#);
    let mut closed: Vec<u32> = actions.iter().flat_map(|action| action.risks.clone()).collect();
    closed.sort_unstable();
    assert_eq!(closed, (1..=u32::try_from(risks.len()).unwrap()).collect::<Vec<_>>());
    assert!(actions.iter().all(|action| action.priority <= Priority::Defer));
}

#[test]
fn without_a_common_fix_each_fix_is_an_action() {
    let risks = rank(vec![case("A", "lib", "1.0.0", "1.0.1").judge(), case("B", "lib", "1.0.0", "1.0.2").judge()]);
    assert_eq!(actions(&risks, &highest).len(), 1);
    assert_eq!(actions(&risks, &|_| None).len(), 2);
    assert_eq!(actions(&[], &highest), []);
}

#[test]
fn the_highest_fix_needs_all_to_have_one() {
    let one = case("A", "lib", "1.0.0", "1.0.1").finding;
    let mut none = case("B", "lib", "1.0.0", "").finding;
    none.remedy = Remedy::NoneKnown;
    assert_eq!(highest(&[&one, &none]), None);
    assert_eq!(highest(&[]), None);
}

#[test]
fn actions_do_not_depend_on_the_order_of_findings() {
    let cases = ["A", "B", "C", "D"].map(|rule| case(rule, if rule < "C" { "x" } else { "y" }, "1.0.0", "1.1.0"));
    let forwards = act(&cases).1;
    let mut turned = cases;
    turned.reverse();
    assert_eq!(forwards, act(&turned).1);
}
