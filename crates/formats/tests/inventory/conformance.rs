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
    check("language/rust/cargolock", "Cargo.lock", &[]);
}

#[test]
fn package_lock() {
    check("language/javascript/packagelockjson", "package-lock.json", &[]);
}

#[test]
fn yarn_lock() {
    check("language/javascript/yarnlock", "yarn.lock", &[]);
}

#[test]
fn requirements() {
    check("language/python/requirements", "pip requirements", &[]);
}

#[test]
fn poetry_lock() {
    check("language/python/poetrylock", "poetry.lock", &[]);
}

#[test]
fn uv_lock() {
    check("language/python/uvlock", "uv.lock", &[]);
}

#[test]
fn dpkg() {
    check("os/dpkg/dpkg", "dpkg status", &[]);
}

#[test]
fn spdx() {
    check("sbom/spdx", "SPDX JSON", &[]);
    check("sbom/spdx/dhi", "SPDX JSON", &[]);
}

#[test]
fn go() {
    let Some(folder) = shared("conformance/lockfiles/language/golang/gomod") else { return };
    let lines: Vec<String> = files(&folder)
        .iter()
        .map(|file| summary(format(if file.extension().unwrap() == "sum" { "go.sum" } else { "go.mod" }), file))
        .collect();
    let expected: [&str; 0] = [];
    assert_eq!(lines, expected, "\nactual: {lines:#?}");
}

#[test]
fn valid_cyclonedx_documents_are_read_and_invalid_ones_do_no_harm() {
    let Some(folder) = shared("conformance/cyclonedx") else { return };
    let cyclonedx = format("CycloneDX JSON");
    let (mut valid, mut noticed, mut tolerated) = (0, Vec::new(), Vec::new());
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
            } else if parsed.problems.is_empty() {
                tolerated.push(name);
            } else {
                noticed.push(name);
            }
        }
    }
    assert!(valid > 150, "{valid}");
    let _ = tolerated;
    let expected: [&str; 0] = [];
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
