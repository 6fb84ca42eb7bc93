//! Every line of the shared comparison tables of osv-scalibr.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use yata_versions::{Scheme, Version};

/// The tables and the schemes that must agree with them.
const TABLES: [(&str, &[Scheme]); 15] = [
    ("semver-versions.txt", &[Scheme::SemVer, Scheme::Npm, Scheme::Go]),
    ("pypi-versions.txt", &[Scheme::Pep440]),
    ("pypi-versions-generated.txt", &[Scheme::Pep440]),
    ("debian-versions.txt", &[Scheme::Debian]),
    ("debian-versions-generated.txt", &[Scheme::Debian]),
    ("redhat-versions.txt", &[Scheme::Rpm]),
    ("alpine-versions.txt", &[Scheme::Apk]),
    ("alpine-versions-generated.txt", &[Scheme::Apk]),
    ("maven-versions.txt", &[Scheme::Maven]),
    ("maven-versions-generated.txt", &[Scheme::Maven]),
    ("rubygems-versions.txt", &[Scheme::RubyGems]),
    ("rubygems-versions-generated.txt", &[Scheme::RubyGems]),
    ("nuget-versions.txt", &[Scheme::NuGet]),
    ("packagist-versions.txt", &[Scheme::Packagist]),
    ("packagist-versions-generated.txt", &[Scheme::Packagist]),
];

/// Lines that are not kept, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 4] = [
    ("packagist-versions.txt", "1.2.3.# = 1.2.3.1", "with `1.2.3.# = 1.2.3` this makes 1.2.3 equal to 1.2.3.1"),
    ("maven-versions-generated.txt", "2.9.0-1 < 2.9.0.RC1", "a circle: 2.9.0.RC1 < 2.9.0 < 2.9.0-1"),
    ("maven-versions-generated.txt", "1.1.0-01-glassfish < 1.1.0.Beta1", "a circle: 1.1.0.Beta1 < 1.1.0 < 1.1.0-01"),
    (
        "maven-versions-generated.txt",
        "1.0.0-gradle-rework-beta3 < 1.0.0.RC7-3",
        "a circle: 1.0.0.RC7 < 1.0.0 < 1.0.0-gradle",
    ),
];

fn shared() -> PathBuf {
    std::env::var_os("YATA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from)
}

/// `a < b` as its parts; `None` for comments and blank lines.
fn comparison(line: &str) -> Option<(&str, Ordering, &str)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
        return None;
    }
    let (sign, order) = [(" < ", Ordering::Less), (" = ", Ordering::Equal), (" > ", Ordering::Greater)]
        .into_iter()
        .find(|(sign, _)| line.contains(sign))
        .expect("a line compares");
    let (left, right) = line.split_once(sign).expect("a line has two sides");
    Some((left.trim(), order, right.trim()))
}

/// What a scheme makes of a line, where it is not what the line says.
fn disagreement(scheme: Scheme, line: &str) -> Option<String> {
    let (left, expected, right) = comparison(line)?;
    match (Version::parse(scheme, left), Version::parse(scheme, right)) {
        (Ok(a), Ok(b)) if a.cmp(&b) == expected && b.cmp(&a) == expected.reverse() => None,
        (Ok(a), Ok(b)) => Some(format!("{scheme}: `{line}`: got {:?}", a.cmp(&b))),
        (Err(e), _) | (_, Err(e)) => Some(format!("{scheme}: `{line}`: {e}")),
    }
}

#[test]
fn every_line_of_the_tables() {
    let folder = shared().join("conformance/versions");
    if !folder.is_dir() {
        eprintln!("skipped: needs ../shared/conformance/versions");
        return;
    }
    let mut lines = 0;
    let mut differences = Vec::new();
    let mut excepted = BTreeSet::new();
    for (table, schemes) in TABLES {
        let text = std::fs::read_to_string(folder.join(table)).expect("a table can be read");
        for line in text.lines().filter(|line| comparison(line).is_some()) {
            lines += 1;
            for scheme in schemes {
                if let Some(difference) = disagreement(*scheme, line) {
                    match EXCEPTIONS.iter().find(|(file, exact, _)| *file == table && *exact == line) {
                        Some((_, exact, _)) => {
                            excepted.insert(*exact);
                        }
                        None => differences.push(format!("{table}: {difference}")),
                    }
                }
            }
        }
    }
    differences.sort();
    assert!(differences.is_empty(), "{} of {lines} lines:\n{}", differences.len(), differences.join("\n"));
    assert!(lines > 70_000, "only {lines} lines");
    let unused: Vec<_> = EXCEPTIONS.iter().filter(|(_, line, _)| !excepted.contains(line)).collect();
    assert!(unused.is_empty(), "exceptions that are none: {unused:?}");
}
