//! Real lockfiles and bills of materials, good and broken.

use std::path::{Path, PathBuf};

use yata_formats::inventory::{FORMATS, Format, Input, Parsed, format_of_content, format_of_path};
use yata_model::ProblemKind;

use super::shared;

fn format(name: &str) -> &'static Format {
    FORMATS.iter().find(|format| format.name == name).unwrap()
}

fn parse(format: &Format, path: &Path) -> Parsed {
    let bytes = std::fs::read(path).unwrap();
    (format.parse)(&Input::new(path.file_name().unwrap().to_str().unwrap(), &bytes))
}

/// One line per file: how many components, and the problems by kind.
fn summary(format: &Format, file: &Path) -> String {
    let parsed = parse(format, file);
    let problems: Vec<String> = parsed.problems.iter().map(|p| format!("{:?}", p.kind)).collect();
    let name = file.file_name().unwrap().to_str().unwrap();
    format!("{name} {} {}", parsed.components.len(), problems.join(" ")).trim_end().to_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn check(folder: &str, format_name: &str, expected: &[&str]) {
    let Some(folder) = shared(&format!("conformance/lockfiles/{folder}")) else { return };
    let lines: Vec<String> = files(&folder).iter().map(|file| summary(format(format_name), file)).collect();
    assert_eq!(lines, expected, "\nactual: {lines:#?}");
}

#[test]
fn cargo_lock() {
    check(
        "language/rust/cargolock",
        "Cargo.lock",
        &[
            "many-packages.lock 6",
            "not-toml.txt 0 Unparsable",
            "package-with-comments.lock 2",
            "two-packages-with-local.lock 1 BadEntry",
        ],
    );
}

#[test]
fn package_lock() {
    check(
        "language/javascript/packagelockjson",
        "package-lock.json",
        &[
            "commits.v1.json 15 VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown",
            "empty.v1.json 0",
            "empty.v2.json 0",
            "files.v2.json 2",
            "nested-dependencies-dup.v2.json 2",
            "nested-dependencies.v2.json 5",
            "one-package-dev.v1.json 1",
            "one-package.v1.json 1",
            "optional-package.v2.json 2",
            "same-package-different-groups.v1.json 3",
            "scoped-packages.v1.json 2",
        ],
    );
}

#[test]
fn yarn_lock() {
    check(
        "language/javascript/yarnlock",
        "yarn.lock",
        &[
            "commits.v2.lock 7",
            "empty.v1.lock 0",
            "empty.v2.lock 0",
            "exclude-root.v2.lock 1",
            "files.v2.lock 0",
            "metadata-only.v2.lock 0",
            "multiple-versions.v1.lock 4",
            "multiple-versions.v2.lock 3",
            "one-package.v2.lock 1",
            "two-packages.v1.lock 2",
            "with-aliases.v2.lock 3",
            "with-build-string.v2.lock 2",
            "with-prerelease.v1.lock 5",
            "with-prerelease.v2.lock 2",
            "with-quotes.v1.lock 2",
            "with-quotes.v2.lock 2",
        ],
    );
}

#[test]
fn requirements() {
    check(
        "language/python/requirements",
        "pip requirements",
        &[
            "comments.txt 5",
            "env_var.txt 3 VersionUnknown",
            "example.txt 11 VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown VersionUnknown BadEntry",
            "extras.txt 2",
            "invalid.txt 1 BadEntry BadEntry BadEntry VersionUnknown BadEntry",
            "no_version.txt 3 VersionUnknown VersionUnknown VersionUnknown",
            "other-loop.txt 0 BadEntry",
            "per_req_options.txt 15 BadEntry BadEntry BadEntry",
            "trailing_backslash.txt 1",
            "with_versions.txt 11 VersionUnknown VersionUnknown VersionUnknown VersionUnknown",
        ],
    );
}

#[test]
fn poetry_lock() {
    check(
        "language/python/poetrylock",
        "poetry.lock",
        &[
            "empty.lock 0",
            "multiple-packages.v2.lock 11",
            "names-outside-package-block.lock 2",
            "one-package.lock 1",
            "optional-package.lock 1",
            "source-git.lock 1",
            "source-legacy.lock 1",
        ],
    );
}

#[test]
fn uv_lock() {
    check("language/python/uvlock", "uv.lock", &["empty.lock 0", "names-outside-package-block.lock 2"]);
}

#[test]
fn dpkg() {
    check(
        "os/dpkg/dpkg",
        "dpkg status",
        &[
            "single 1 Unreadable",
            "statusfield 3 BadEntry Unreadable",
            "transitional 1 Unreadable",
            "transitional_dummy 1 Unreadable",
        ],
    );
}

#[test]
fn spdx() {
    check(
        "sbom/spdx",
        "SPDX JSON",
        &[
            "ancestor_of.spdx.json 2 BadEntry",
            "invalid_sbom.spdx 0 Unparsable",
            "minimal.spdx.json 0 BadEntry BadEntry",
            "random_file.ext 0 Unparsable",
            "sbom.spdx 0 Unparsable",
            "sbom.spdx.foo.ext 0 Unparsable",
            "sbom.spdx.yml 0 Unparsable",
        ],
    );
    check("sbom/spdx/dhi", "SPDX JSON", &[".spdx.dhi-python.json 1", ".spdx.python.json 1"]);
}

#[test]
fn go() {
    let Some(folder) = shared("conformance/lockfiles/language/golang/gomod") else { return };
    let lines: Vec<String> = files(&folder)
        .iter()
        .map(|file| summary(format(if file.extension().unwrap() == "sum" { "go.sum" } else { "go.mod" }), file))
        .collect();
    let expected = [
        "indirect-1.16.sum 6",
        "indirect-1.23.mod 3",
        "indirect-1.23.sum 0 Unparsable",
        "indirect-packages.mod 6",
        "not-go-mod.mod 0 Unparsable",
        "replace-different.mod 2",
        "replace-mixed.mod 2",
        "replace-no-version.mod 1",
        "replace-not-required.mod 2",
    ];
    assert_eq!(lines, expected, "\nactual: {lines:#?}");
}

#[test]
fn valid_cyclonedx_documents_are_read_and_invalid_ones_do_no_harm() {
    let Some(folder) = shared("conformance/cyclonedx") else { return };
    let cyclonedx = format("CycloneDX JSON");
    let (mut valid, mut noticed) = (0, Vec::new());
    for version in ["1.4", "1.5", "1.6", "1.7"] {
        for file in files(&folder.join(version)) {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            let parsed = parse(cyclonedx, &file);
            if name.starts_with("valid") {
                valid += 1;
                let refused = parsed.problems.iter().any(|p| p.kind == ProblemKind::Unparsable);
                assert!(!refused, "{name}: {:?}", parsed.problems);
                assert!(
                    parsed.problems.iter().all(|p| p.message.id != "problem-bad-entry"),
                    "{name}: {:?}",
                    parsed.problems
                );
            } else if parsed.problems.iter().any(|p| p.message.id != "problem-components-without-purl") {
                noticed.push(name);
            }
        }
    }
    assert!(valid > 150, "{valid}");
    // The rest break rules about fields that no assessment looks at (hashes, licences, time stamps).
    let expected = [
        "invalid-bomformat-1.4.json",
        "invalid-component-ref-1.4.json",
        "invalid-dependency-1.4.json",
        "invalid-empty-component-1.4.json",
        "invalid-scope-1.4.json",
        "invalid-bomformat-1.5.json",
        "invalid-component-ref-1.5.json",
        "invalid-dependency-1.5.json",
        "invalid-empty-component-1.5.json",
        "invalid-scope-1.5.json",
        "invalid-bomformat-1.6.json",
        "invalid-dependency-1.6.json",
        "invalid-empty-component-1.6.json",
        "invalid-scope-1.6.json",
        "invalid-bomformat-1.7.json",
        "invalid-dependency-1.7.json",
        "invalid-empty-component-1.7.json",
        "invalid-scope-1.7.json",
    ];
    assert_eq!(noticed, expected);
}

#[test]
fn every_file_through_every_parser_without_a_panic() {
    let Some(folder) = shared("conformance/lockfiles") else { return };
    let (mut open, mut count) = (vec![folder], 0);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            count += 1;
            let bytes = std::fs::read(&path).unwrap();
            let _ = (format_of_path(path.to_str().unwrap()), format_of_content(&bytes));
            for format in FORMATS {
                let _ = (format.parse)(&Input::new("x", &bytes));
            }
        }
    }
    assert!(count > 100, "{count}");
}
