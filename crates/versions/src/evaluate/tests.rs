use super::*;
use yata_model::{Ecosystem, Family, Package};

/// Events as `i0 f1.2 l1.4 m2` (introduced, fixed, last affected, limit), by white space.
fn events(text: &str) -> Vec<Event> {
    text.split_whitespace()
        .map(|word| match word.split_at(1) {
            ("i", at) => Event::Introduced(at.to_owned()),
            ("f", at) => Event::Fixed(at.to_owned()),
            ("l", at) => Event::LastAffected(at.to_owned()),
            ("m", at) => Event::Limit(at.to_owned()),
            (other, _) => panic!("no event `{other}`"),
        })
        .collect()
}

fn entry(ranges: &[(RangeKind, &str)], versions: &[&str]) -> Affected {
    Affected {
        package: Package::new(Ecosystem::plain(Family::CratesIo), "x"),
        ranges: ranges.iter().map(|(kind, text)| Range { kind: *kind, events: events(text) }).collect(),
        versions: versions.iter().map(|v| (*v).to_owned()).collect(),
    }
}

fn check(scheme: Scheme, entry: &Affected, affected: &str, not_affected: &str) {
    for version in affected.split_whitespace() {
        assert_eq!(affects(entry, Some(scheme), version), Verdict::Affected, "{version}");
    }
    for version in not_affected.split_whitespace() {
        assert_eq!(affects(entry, Some(scheme), version), Verdict::NotAffected, "{version}");
    }
}

fn check_unknown(scheme: Option<Scheme>, entry: &Affected, version: &str, reason: UnknownReason) {
    assert_eq!(affects(entry, scheme, version), Verdict::Unknown(reason), "{version}");
}

use RangeKind::{Ecosystem as Own, Git, Semver};

#[test]
fn a_range_holds_its_beginning_and_not_its_fix() {
    check(
        Scheme::SemVer,
        &entry(&[(Semver, "i1.0.0 f1.2.0")], &[]),
        "1.0.0 1.1.9 1.2.0-rc.1",
        "0.9.0 1.0.0-rc.1 1.2.0 2.0.0",
    );
    check(Scheme::SemVer, &entry(&[(Semver, "i0.0.0-0 f0.9.4")], &[]), "0.0.0-0 0.0.0-alpha 0.1.0", "0.9.4");
    check(Scheme::SemVer, &entry(&[(Semver, "i0 l1.2.0")], &[]), "0.0.0-0 1.2.0 1.2.0+build", "1.2.1");
    check(Scheme::SemVer, &entry(&[(Semver, "i1.0.0 l1.0.0")], &[]), "1.0.0", "0.9.0 1.0.1");
}

#[test]
fn the_order_of_the_events_does_not_matter() {
    for text in ["i0 f1.2 i2.0 f2.3", "f2.3 i2.0 f1.2 i0", "i2.0 f2.3 i0 f1.2"] {
        check(Scheme::SemVer, &entry(&[(Semver, text)], &[]), "0.1 1.1.9 2.0 2.2", "1.2 1.9 2.3 3.0");
    }
}

#[test]
fn a_range_that_ends_and_begins_at_one_version_goes_on() {
    // As PYSEC-2022-236 and RUSTSEC-2022-0012 write them.
    let goes_on = entry(&[(Own, "i0 f3.1.1 i3.2.0 f3.2.2 i3.1.1 f3.1.3")], &[]);
    check(Scheme::Pep440, &goes_on, "3.0 3.1.1 3.1.2 3.2.0 3.2.1", "3.1.3 3.1.9 3.2.2 4");
    let empty = entry(&[(Semver, "i0.9.0 f0.9.2 i0.10.0 f0.10.0")], &[]);
    check(Scheme::SemVer, &empty, "0.9.0", "0.9.2 0.10.0 0.11.0");
    let single = entry(&[(Semver, "i1.0.0 l1.2.0 i1.2.0 f1.3.0")], &[]);
    check(Scheme::SemVer, &single, "1.0.0 1.2.0 1.2.1", "1.3.0");
}

#[test]
fn limits_close_what_no_fix_closes() {
    check(Scheme::SemVer, &entry(&[(Semver, "i1.0 m2.0")], &[]), "1.0 1.9", "0.9 2.0 2.1");
    check(Scheme::SemVer, &entry(&[(Semver, "i1.0 m2.0 m*")], &[]), "1.0 2.0 2.1", "0.9");
}

#[test]
fn lists_match_by_text_and_by_value() {
    check(Scheme::Pep440, &entry(&[], &["1.0.0", "2.0rc1"]), "1.0 1.0.0 v1 2.0.0-RC.1 0!1", "1.0.1 2.0 1.0.post1");
    check(Scheme::Go, &entry(&[], &["v1.2.3"]), "1.2.3 v1.2.3 v1.2.3+incompatible", "v1.2.4");
    check(Scheme::Debian, &entry(&[], &["1.2-0"]), "0:1.2 1.2-0 1.2", "1:1.2 1.20");
    check(Scheme::SemVer, &entry(&[(Semver, "i2.0.0 f2.1.0")], &["1.5.0"]), "1.5.0 2.0.5", "1.6.0");
}

#[test]
fn local_builds_are_held_for_their_public_version() {
    let torch = entry(&[(Own, "i0 l2.0.0")], &["2.0.0"]);
    check(Scheme::Pep440, &torch, "2.0.0+cu118 1.13+cpu", "2.0.1+cu118");
    check(Scheme::Pep440, &entry(&[], &["2.0.0"]), "2.0.0+cu118", "2.0.1+cu118");
    check(Scheme::Pep440, &entry(&[(Own, "i0 f2.0.0")], &[]), "1.9+cu118", "2.0.0+cu118");
    check(Scheme::Pep440, &entry(&[(Own, "i0 f2.0.0+cu2")], &[]), "2.0.0+cu1", "2.0.0+cu3");
}

#[test]
fn semver_ranges_use_semver_order_everywhere() {
    // In Maven's order 1.0-x is after 1.0.
    check(Scheme::Maven, &entry(&[(Semver, "i0 f1.0.0")], &[]), "1.0.0-x 0.9.0", "1.0.0");
    check(Scheme::Maven, &entry(&[(Own, "i0 f1.0.0")], &[]), "0.9.0", "1.0.0-x 1.0.0");
    check_unknown(
        Some(Scheme::Maven),
        &entry(&[(Semver, "i0 f1.0.0")], &[]),
        "1.0.x",
        UnknownReason::VersionUnreadable,
    );
    assert_eq!(affects(&entry(&[(Semver, "i0 f1.0.0")], &[]), None, "0.5.0"), Verdict::Affected);
    check_unknown(None, &entry(&[(Own, "i0 f1.0.0")], &[]), "0.5.0", UnknownReason::NoOrder);
}

#[test]
fn real_distribution_versions() {
    let alma = entry(&[(Own, "i0 f1:0.1.15-2.git2d0b8a3.module_el8.5.0+119+9a9ec082")], &[]);
    check(
        Scheme::Rpm,
        &alma,
        "0.1.15-9 1:0.1.15-1.git2d0b8a3.module_el8.5.0+119+9a9ec082 1:0.1.15-2.git2d0b8a3.module_el8.4.0+2496+12421f43",
        "1:0.1.15-2.git2d0b8a3.module_el8.5.0+119+9a9ec082 1:0.1.16-1 2:0.1-1",
    );
    check(
        Scheme::Rpm,
        &entry(&[(Own, "i0 f1:2.2.6-62.el8_10")], &[]),
        "1:2.2.6-60.el8_10",
        "1:2.2.6-62.el8_10 1:2.2.6-62.el8_10.1",
    );
    check(
        Scheme::Debian,
        &entry(&[(Own, "i0 f1.1.1n-0+deb11u5")], &[]),
        "1.1.1n-0+deb11u4 1.1.1n-0~",
        "1.1.1n-0+deb11u5 3.0.0-1",
    );
}

#[test]
fn go_versions_with_and_without_v() {
    let entry = entry(&[(Semver, "i0 f0.0.0-20200131131040-063a3fb69896 i1.5.0 f1.6.0")], &[]);
    check(
        Scheme::Go,
        &entry,
        "v0.0.0-20160722212129-ac0cc4484ad4 v1.5.2 go1.5.9",
        "v0.0.0-20210101000000-abcdef v1.4.0 v1.6.0 v1.6.0+incompatible",
    );
}

#[test]
fn what_cannot_be_judged_is_unknown() {
    let semver = Some(Scheme::SemVer);
    check_unknown(semver, &entry(&[], &[]), "1.0.0", UnknownReason::NothingToCompare);
    check_unknown(semver, &entry(&[(Git, "i0 fdeadbeef")], &[]), "1.0.0", UnknownReason::GitOnly);
    check_unknown(semver, &entry(&[(Semver, "i0 fbroken")], &[]), "1.0.0", UnknownReason::EventUnreadable);
    check_unknown(semver, &entry(&[(Semver, "f1.0.0")], &[]), "0.9.0", UnknownReason::NoIntroduced);
    check_unknown(semver, &entry(&[(Semver, "i0 f1.0.0")], &["2.0.0"]), "file:../x", UnknownReason::VersionUnreadable);
    check_unknown(semver, &entry(&[(Semver, "i0 f1.0.0")], &[]), "", UnknownReason::VersionUnreadable);
    check_unknown(Some(Scheme::Npm), &entry(&[], &["1.0.0"]), "latest", UnknownReason::VersionUnreadable);
    check_unknown(Some(Scheme::Rpm), &entry(&[(Own, "i0 f1.0")], &[]), "unknown", UnknownReason::VersionUnreadable);
    // Another range or the list still decides.
    check(Scheme::SemVer, &entry(&[(Semver, "i0 fbroken"), (Semver, "i1.0.0 f1.1.0")], &["3.0.0"]), "1.0.5 3.0.0", "");
    check(Scheme::SemVer, &entry(&[(Semver, "f1.0.0")], &[]), "", "1.0.0 1.1.0");
    check(Scheme::SemVer, &entry(&[(Git, "i0")], &["1.0.0"]), "1.0.0", "1.1.0");
}

#[test]
fn an_unreadable_version_matches_what_holds_everything() {
    let all = entry(&[(Semver, "i0")], &[]);
    for scheme in [Some(Scheme::Npm), None] {
        for version in ["", "latest", "1.0.0", "git+ssh://example.org/x"] {
            assert_eq!(affects(&all, scheme, version), Verdict::Affected, "{version}");
        }
    }
    let listed = entry(&[(Semver, "i0 f1.0.0")], &["not-a-version"]);
    assert_eq!(affects(&listed, Some(Scheme::Npm), "not-a-version"), Verdict::Affected);
    let list_only = entry(&[], &["1.0.0"]);
    assert_eq!(affects(&list_only, Some(Scheme::SemVer), "1.0.x"), Verdict::NotAffected);
}

#[test]
fn legacy_python_versions_are_never_called_safe() {
    let pep440 = Some(Scheme::Pep440);
    let range = entry(&[(Own, "i1.0 f2.0")], &["2004d-x"]);
    check_unknown(pep440, &range, "1.0-bulbasaur", UnknownReason::LegacyVersion);
    check_unknown(pep440, &entry(&[(Own, "i0 f2019-09-12")], &[]), "1.0", UnknownReason::LegacyVersion);
    check(Scheme::Pep440, &range, "2004d-x 1.5", "2.0");
    check(Scheme::Pep440, &entry(&[(Own, "i0 f1.0")], &[]), "0.9-bulbasaur", "");
}

#[test]
fn too_many_events_are_not_evaluated() {
    let mut many = entry(&[(Semver, "i0")], &[]);
    many.ranges[0].events = vec![Event::Fixed("1.0.0".to_owned()); MAX_EVENTS_PER_RANGE + 1];
    check_unknown(Some(Scheme::SemVer), &many, "1.0.0", UnknownReason::TooManyEvents);
}

#[test]
fn a_short_version_with_a_suffix_is_no_pre_release() {
    let entry = entry(&[(RangeKind::Semver, "i0 f6.2.4 i6.9.0 f6.9.7")], &[]);
    check_unknown(Some(Scheme::Npm), &entry, "6.9-vendor3", UnknownReason::VersionUnreadable);
    check(Scheme::Npm, &entry, "6.9.0 6.9.1", "6.9.0-rc1 6.9.7");
}
