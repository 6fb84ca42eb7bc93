//! Components against the advisories: which of them an answer names, and under how many names.

use yata_intel::{Match, MaxAges};
use yata_model::{Applies, Component, Ecosystem, Package, SourcePackage, SourceState};

use crate::feeds::{Place, TODAY, osv};

fn component(ecosystem: &str, name: &str, version: &str) -> Component {
    let Ok(ecosystem) = ecosystem.parse::<Ecosystem>();
    Component {
        purl: format!("pkg:generic/{name}@{version}"),
        package: Package::new(ecosystem, name),
        version: Some(version.to_owned()),
        source: None,
        occurrences: Vec::new(),
    }
}

/// A record of one package of that ecosystem, fixed in 2.0.0.
fn record(id: &str, ecosystem: &str, package: &str, more: &str) -> String {
    osv(id, package, more)
        .replace(r#""ecosystem":"npm""#, &format!(r#""ecosystem":"{ecosystem}""#))
        .replace("SEMVER", "ECOSYSTEM")
}

fn place(ecosystem: &str, records: &[String]) -> Place {
    let place = Place::new();
    for (number, record) in records.iter().enumerate() {
        place.put(&format!("osv/{ecosystem}/{number}.json"), record);
    }
    place.import();
    place
}

fn matches(place: &Place, component: &Component) -> Vec<Match> {
    let index = place.index();
    let sources = index.sources(TODAY, &MaxAges::default());
    index.matches(std::slice::from_ref(component), &sources).unwrap().matches
}

#[track_caller]
fn check(place: &Place, component: &Component, expected: &[&str]) {
    let found: Vec<String> = matches(place, component)
        .into_iter()
        .map(|one| match one.applies {
            Applies::Affected => one.group.id.clone(),
            Applies::Unknown { why } => format!("{} {}", one.group.id, why.id),
        })
        .collect();
    assert_eq!(found, expected, "{component:?}");
}

#[test]
fn a_group_that_is_in_several_releases_is_one_match_where_the_release_is_not_known() {
    let records = [
        record("DSA-1", "Debian:11", "curl", r#","aliases":["CVE-2026-0001"]"#),
        record("DSA-2", "Debian:12", "curl", r#","aliases":["CVE-2026-0001"]"#),
        record("DSA-3", "Debian", "curl", ""),
    ];
    let place = place("Debian", &records);
    let both = ["CVE-2026-0001 unknown-release", "DSA-3 unknown-release"];
    check(&place, &component("Debian", "curl", "1.0.0"), &both);
    check(&place, &component("Debian", "curl", "2.0.0"), &[]);
}

#[test]
fn an_advisory_for_a_distribution_as_a_whole_is_for_each_of_its_releases() {
    let place = place("Debian", &[record("DSA-1", "Debian", "curl", ""), record("DSA-2", "Debian:12", "tar", "")]);
    check(&place, &component("Debian:12", "curl", "1.0.0"), &["DSA-1"]);
    check(&place, &component("Debian:11", "tar", "1.0.0"), &[]);
}

#[test]
fn distributions_that_name_source_packages_are_asked_by_the_source_package() {
    for ecosystem in ["Debian:12", "Ubuntu:24.04:LTS", "Alpine:v3.20"] {
        let family = ecosystem.split(':').next().unwrap();
        let place = place(family, &[record("X-1", ecosystem, "openssl", "")]);
        let library = Component {
            source: Some(SourcePackage { name: "openssl".to_owned(), version: None }),
            ..component(ecosystem, "libssl3", "1.0.0")
        };
        check(&place, &library, &["X-1"]);
    }
}

#[test]
fn more_aliases_than_are_followed_still_make_one_match() {
    let aliases: Vec<String> = (0..400).map(|n| format!("\"Z-{n:03}\"")).collect();
    let mut records =
        vec![record("A-1", "npm", "left", &format!(r#","aliases":["CVE-2026-0001",{}]"#, aliases.join(",")))];
    records.extend((0..400).map(|n| record(&format!("Z-{n:03}"), "npm", "left", r#","aliases":["CVE-2026-0001"]"#)));
    let found = matches(&place("npm", &records), &component("npm", "left", "1.0.0"));
    let mut ids: Vec<&str> = found.iter().map(|one| one.group.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), found.len(), "no group is there twice");
    assert!(ids.contains(&"CVE-2026-0001"));
}

#[test]
fn a_feed_without_a_record_of_its_ecosystem_says_nothing_of_it() {
    let place = place("npm", &[record("A-1", "PyPI", "left", "")]);
    let sources = place.index().sources(TODAY, &MaxAges::default());
    let Ok(npm) = "npm".parse::<Ecosystem>();
    assert_eq!(sources.of_ecosystem(&npm).state, SourceState::Missing);
}
