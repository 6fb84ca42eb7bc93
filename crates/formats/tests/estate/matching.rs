use std::collections::BTreeSet;
use std::time::Instant;

use yata_formats::estate::{EstateMatcher, parse};
use yata_model::{Estate, ProblemKind};

fn estate(selectors: &[&str]) -> Estate {
    let text: String = selectors.iter().map(|selector| format!("[[asset]]\n{selector}\n")).collect();
    parse(text.as_bytes(), "yata.toml").unwrap()
}

/// Which rule, by number, and under which name.
fn check(selectors: &[&str], path: &str, expected: Option<(usize, &str)>) {
    let estate = estate(selectors);
    let matcher = EstateMatcher::new(&estate).unwrap();
    let found = matcher.for_path(path).map(|found| (found.index, found.name));
    assert_eq!(found, expected.map(|(index, name)| (index, name.to_owned())), "{selectors:?} for {path}");
}

#[test]
fn a_rule_with_a_name_is_one_asset() {
    let rules = ["path = 'repos/portal/**'\nname = 'Portal'"];
    check(&rules, "repos/portal/package-lock.json", Some((0, "Portal")));
    check(&rules, "repos/portal/a/b/c/yarn.lock", Some((0, "Portal")));
    check(&rules, "repos/portal2/yarn.lock", None);
    check(&rules, "repos/portal", None);
    check(&rules, "x/repos/portal/yarn.lock", None);
}

#[test]
fn a_folder_means_all_below_it() {
    for rule in ["path = 'repos/portal'", "path = 'repos/portal/'"] {
        check(&[rule], "repos/portal/a/yarn.lock", Some((0, "repos/portal")));
        check(&[rule], "repos/portal2/yarn.lock", None);
    }
    check(&["path = '**'"], "yarn.lock", Some((0, ".")));
}

#[test]
fn without_a_name_each_folder_is_an_asset() {
    for rule in ["path = 'repos/*'", "path = 'repos/**'"] {
        check(&[rule], "repos/shop/Cargo.lock", Some((0, "repos/shop")));
        check(&[rule], "repos/shop/web/yarn.lock", Some((0, "repos/shop")));
        check(&[rule], "repos/Cargo.lock", Some((0, "repos")));
    }
    check(&["path = '**/services/*'"], "a/b/services/api/x/go.sum", Some((0, "a/b/services/api")));
    check(&["path = '**/Cargo.lock'"], "a/b/Cargo.lock", Some((0, "a/b")));
    check(&["path = '**/Cargo.lock'"], "Cargo.lock", Some((0, ".")));
}

#[test]
fn the_first_rule_wins() {
    let rules = ["path = 'repos/shop'", "path = 'repos/*'", "path = '**'"];
    check(&rules, "repos/shop/Cargo.lock", Some((0, "repos/shop")));
    check(&rules, "repos/api/Cargo.lock", Some((1, "repos/api")));
    check(&rules, "api/Cargo.lock", Some((2, "api")));
    let rules = ["path = '**'", "path = 'repos/shop'"];
    check(&rules, "repos/shop/Cargo.lock", Some((0, "repos")));
}

#[test]
fn every_wildcard() {
    check(&["path = 'a/**/z'"], "a/z/f", Some((0, "a/z")));
    check(&["path = 'a/**/z'"], "a/b/c/z/f", Some((0, "a/b/c/z")));
    check(&["path = '{apps,libs}/*'"], "libs/x/f", Some((0, "libs/x")));
    check(&["path = 'v[0-9]?/*.lock'"], "v12/a.lock", Some((0, "v12")));
    check(&["path = 'v[!0-9]'"], "v1/f", None);
    check(&["path = 'みなと/配水*'"], "みなと/配水制御/f", Some((0, "みなと/配水制御")));
    check(&["path = '*/f'"], "./a//f", Some((0, "a")));
}

#[test]
fn hosts_and_sboms_by_name() {
    let rules =
        ["host = 'SCADA-GW-01'", "host = 'scada-*'", "sbom = 'vendor/*.cdx.json'", "sbom = 'billing'\nname = 'B'"];
    let estate = estate(&rules);
    let matcher = EstateMatcher::new(&estate).unwrap();
    let host = |name| matcher.for_host(name).map(|found| (found.index, found.name));
    assert_eq!(host("scada-gw-01"), Some((0, "scada-gw-01".to_owned())));
    assert_eq!(host("scada-gw-02"), Some((1, "scada-gw-02".to_owned())));
    assert_eq!(host("historian"), None);
    let sbom = |names: &[&str]| matcher.for_sbom(names).map(|found| (found.index, found.name));
    assert_eq!(sbom(&["pump", "vendor/sub/pump.cdx.json"]), Some((2, "pump".to_owned())));
    assert_eq!(sbom(&["billing", "b.json"]), Some((3, "B".to_owned())));
    assert_eq!(sbom(&["other"]), None);
}

#[test]
fn a_rule_that_matches_nothing_is_a_problem_with_its_line() {
    let estate = estate(&["path = 'repos/old/**'", "host = 'gone'", "sbom = 'here'"]);
    let matcher = EstateMatcher::new(&estate).unwrap();
    let used = BTreeSet::from([matcher.for_sbom(&["here"]).unwrap().index]);
    let problems = matcher.matched_nothing("yata.toml", &used);
    let seen: Vec<_> = problems.iter().map(|own| (own.kind, own.subject.as_str(), own.line, own.waived)).collect();
    assert_eq!(
        seen,
        [(ProblemKind::Estate, "repos/old/**", Some(1), false), (ProblemKind::Estate, "gone", Some(3), false)]
    );
    assert_eq!(problems[0].message.id, "problem-estate-rule-matched-nothing");
}

/// 20,000 rules against 20,000 paths: with a lookup that asked each rule, this would take minutes.
/// (100,000 of each, without optimisation: 0.8 s to compile, 0.4 s to look up.)
#[test]
fn cost_does_not_grow_with_the_rules() {
    let started = Instant::now();
    let mut text = String::new();
    for number in 0..10_000 {
        text.push_str(&format!("[[asset]]\npath = 'repos/app{number}/**'\nname = 'App {number}'\nowner = 'team'\n"));
        text.push_str(&format!("[[asset]]\npath = '*/{{lib,pkg}}{number}/**/src'\nexposure = 'internal'\n"));
    }
    let estate = parse(text.as_bytes(), "yata.toml").unwrap();
    let parsed = started.elapsed();
    let matcher = EstateMatcher::new(&estate).unwrap();
    let built = started.elapsed();
    for number in 0..10_000 {
        let found = matcher.for_path(&format!("repos/app{number}/web/package-lock.json")).unwrap();
        assert_eq!(found.index, 2 * number);
        let found = matcher.for_path(&format!("libs/pkg{number}/a/b/src/x/Cargo.lock")).unwrap();
        assert_eq!((found.index, found.name), (2 * number + 1, format!("libs/pkg{number}/a/b/src")));
    }
    eprintln!("{} bytes parsed in {parsed:?}, compiled after {built:?}, all after {:?}", text.len(), started.elapsed());
}
