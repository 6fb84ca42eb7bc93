//! The package URL specification's own tests, and laws.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::Deserialize;
use yata_formats::purl::{Identity, Purl, purl_of, to_package};
use yata_model::{Ecosystem, Package};

use super::shared;

#[derive(Deserialize)]
struct Suite {
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    test_type: String,
    input: serde_json::Value,
    #[serde(default)]
    expected_output: serde_json::Value,
    #[serde(default)]
    expected_failure: bool,
}

#[derive(Deserialize)]
struct Parts {
    #[serde(rename = "type")]
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    version: Option<String>,
    qualifiers: Option<BTreeMap<String, String>>,
    subpath: Option<String>,
}

/// Where the parser differs on purpose: (input, why).
const EXPLAINED: [(&str, &str); 2] = [
    (
        "pkg:gem/jruby-launcher@1.1.2?Platform=java",
        "keys of qualifiers are case-insensitive by the specification's text",
    ),
    ("pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25", "the same"),
];

fn outcome(case: &Case) -> Option<Result<(), String>> {
    let input = case.input.as_str();
    match (case.test_type.as_str(), input) {
        ("parse", Some(input)) => Some(match input.parse::<Purl>() {
            Err(error) if case.expected_failure => drop_error(error),
            Err(error) => Err(error.to_string()),
            Ok(purl) if case.expected_failure => Err(format!("read as {purl}")),
            Ok(purl) => {
                let parts: Parts = serde_json::from_value(case.expected_output.clone()).unwrap();
                let same = Some(&purl.kind) == parts.kind.as_ref()
                    && purl.namespace == parts.namespace
                    && Some(&purl.name) == parts.name.as_ref()
                    && purl.version == parts.version
                    && purl.qualifiers == parts.qualifiers.unwrap_or_default()
                    && purl.subpath == parts.subpath;
                if same { Ok(()) } else { Err(format!("{purl:?}")) }
            }
        }),
        ("validate", Some(input)) => Some(match input.parse::<Purl>() {
            Err(error) if case.expected_failure => drop_error(error),
            Err(error) => Err(error.to_string()),
            Ok(purl) if Some(purl.to_string().as_str()) == case.expected_output.as_str() => Ok(()),
            Ok(purl) => Err(format!("written as {purl}")),
        }),
        ("build", None) if !case.expected_failure => {
            let parts: Parts = serde_json::from_value(case.input.clone()).unwrap();
            let (kind, name) = (parts.kind.unwrap_or_default(), parts.name.unwrap_or_default());
            let mut purl = Purl::new(&kind, parts.namespace.as_deref(), &name, parts.version.as_deref());
            purl.qualifiers = parts.qualifiers.unwrap_or_default();
            purl.subpath = parts.subpath;
            // Through text, so that the rules of the type that look at qualifiers are applied.
            let written = purl.to_string().parse::<Purl>().map(|purl| purl.to_string());
            let good = written.as_deref().ok() == case.expected_output.as_str();
            Some(if good { Ok(()) } else { Err(format!("written as {written:?}")) })
        }
        _ => None,
    }
}

fn drop_error(_: yata_formats::purl::PurlError) -> Result<(), String> {
    Ok(())
}

#[test]
fn the_specification_tests_pass() {
    let Some(folder) = shared("conformance/purl") else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("types")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(folder.join("spec/specification-test.json"));
    files.sort();
    let (mut passed, mut failures) = (0, Vec::new());
    for file in files {
        let suite: Suite = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for case in &suite.tests {
            let explained = EXPLAINED.iter().any(|(input, _)| case.input.as_str() == Some(input));
            match outcome(case) {
                Some(Err(why)) if !explained => {
                    failures
                        .push(format!("{} {}: {why}, expected {}", case.test_type, case.input, case.expected_output));
                }
                Some(Ok(())) => passed += 1,
                _ => {}
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(passed > 400, "{passed}");
}

fn check(purl: &str, expected: &str) {
    let identity = to_package(&purl.parse::<Purl>().unwrap());
    let actual = identity.map(|identity| {
        let source = identity.source.map(|s| format!(" from {} {}", s.name, s.version.unwrap_or_default()));
        let version = identity.version.unwrap_or_default();
        format!("{} {version}{}", identity.package, source.unwrap_or_default())
    });
    assert_eq!(actual.as_deref().unwrap_or("nothing"), expected, "{purl}");
}

#[test]
fn purls_name_the_packages_of_advisories() {
    check("pkg:cargo/rand@0.7.2", "crates.io/rand 0.7.2");
    check("pkg:npm/%40angular/animation@12.3.1", "npm/@angular/animation 12.3.1");
    check("pkg:pypi/Zope.Interface@5", "PyPI/zope-interface 5");
    check("pkg:golang/github.com/BurntSushi/toml@v1.0.0", "Go/github.com/BurntSushi/toml 1.0.0");
    check("pkg:golang/stdlib@1.22.3", "Go/stdlib 1.22.3");
    check("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "Maven/org.apache.logging.log4j:log4j-core 2.14.1");
    check("pkg:nuget/Newtonsoft.Json@13.0.1", "NuGet/newtonsoft.json 13.0.1");
    check("pkg:gem/rails@7.0.0", "RubyGems/rails 7.0.0");
    check("pkg:composer/Laravel/framework@9.0.0", "Packagist/laravel/framework 9.0.0");
    check("pkg:deb/debian/libc6@2.36-9?distro=debian-12&upstream=glibc", "Debian:12/libc6 2.36-9 from glibc ");
    check("pkg:deb/debian/libc6@2.36-9?distro=bookworm&upstream=a%402", "Debian:12/libc6 2.36-9 from a 2");
    check("pkg:deb/ubuntu/curl@7.81.0-1?distro=ubuntu-22.04", "Ubuntu:22.04:LTS/curl 7.81.0-1");
    check("pkg:rpm/almalinux/openssl@3.0.7-24.el9?distro=almalinux-9.4&epoch=1", "AlmaLinux:9/openssl 1:3.0.7-24.el9");
    check("pkg:rpm/almalinux/bash@5.1.8-6.el9?epoch=0", "AlmaLinux:9/bash 5.1.8-6.el9");
    check(
        "pkg:rpm/rocky/curl@7.76.1-29.el9_4?distro=rocky-9.4&upstream=curl-7.76.1-29.el9_4.src.rpm",
        "Rocky Linux:9/curl 7.76.1-29.el9_4 from curl ",
    );
    check("pkg:apk/alpine/curl@7.83.0-r0?distro=alpine-3.20.1", "Alpine:v3.20/curl 7.83.0-r0");
    check("pkg:generic/openssl@1.1.1", "nothing");
    check("pkg:docker/library/debian@sha256:0", "nothing");
}

#[test]
fn packages_come_back_from_their_purls() {
    for (ecosystem, name, version) in [
        ("crates.io", "rand", "0.7.2"),
        ("npm", "@s/n", "1.0.0"),
        ("PyPI", "zope-interface", "5.0"),
        ("Go", "github.com/BurntSushi/toml", "1.0.0"),
        ("Go", "stdlib", "1.22.3"),
        ("Maven", "g.h:a", "1"),
        ("NuGet", "a.b", "1"),
        ("RubyGems", "rails", "7"),
        ("Packagist", "a/b", "1"),
        ("Debian:12", "curl", "1:7.88.1-10+deb12u5"),
        ("Ubuntu:22.04:LTS", "curl", "7.81"),
        ("AlmaLinux:9", "openssl", "1:3.0.7"),
        ("Rocky Linux:8", "a", "1"),
        ("Alpine:v3.20", "a", "1-r0"),
        ("Hex", "phoenix", "1"),
        ("generic", "a/b", "1"),
    ] {
        let Ok(ecosystem) = ecosystem.parse::<Ecosystem>();
        let package = Package::new(ecosystem, name);
        let purl = purl_of(&package, Some(version));
        let identity = Identity::try_from(purl.as_str()).unwrap();
        assert_eq!((identity.package, identity.version.as_deref()), (package, Some(version)), "{purl}");
    }
}

/// Found by the fuzz target `purl`: PEP 503 leaves nothing of such a name, and what was written had none.
#[test]
fn a_name_of_separators_alone_is_no_name() {
    assert!("pkg:pypi/a/_._".parse::<Purl>().is_err());
    assert!("pkg:npm/_._".parse::<Purl>().is_ok());
}

/// Found by the fuzz target `purl`: what was written was read as another namespace.
#[test]
fn an_encoded_slash_makes_no_other_namespace() {
    let purl: Purl = "pkg:npm/%2Fa%2F/%2Fb/c#x/%2E%2F..%2Fy".parse().unwrap();
    assert_eq!((purl.namespace.as_deref(), purl.subpath.as_deref()), (Some("a/b"), Some("x/y")));
    assert_eq!(purl.to_string().parse::<Purl>().unwrap(), purl);
}

proptest! {
    #[test]
    fn parsing_never_panics_and_canonical_form_is_stable(text in "(pkg:)?\\PC{0,60}", kind in "[a-z]{2,8}", rest in "[a-zA-Z@/?#&=%:.+_0-9 -]{0,40}") {
        let _ = text.parse::<Purl>();
        if let Ok(purl) = format!("pkg:{kind}/{rest}").parse::<Purl>() {
            let canonical = purl.to_string();
            let again = canonical.parse::<Purl>();
            prop_assert_eq!(again.as_ref().map(Purl::to_string), Ok(canonical));
        }
    }
}
