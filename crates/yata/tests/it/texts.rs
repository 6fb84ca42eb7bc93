//! Words: both languages everywhere, and the right one chosen.

use std::process::Command;

use crate::support::{Place, Run, TODAY, package_lock, unrendered};

const COMMANDS: [&[&str]; 13] = [
    &[],
    &["assess"],
    &["intel"],
    &["intel", "import"],
    &["intel", "sync"],
    &["intel", "status"],
    &["finding"],
    &["finding", "list"],
    &["finding", "history"],
    &["finding", "accept"],
    &["finding", "false-positive"],
    &["vex"],
    &["vex", "import"],
];

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c))
}

#[test]
fn what_counts_as_not_in_words() {
    let found = |text: &str| unrendered(text).into_iter().collect::<Vec<_>>();
    assert_eq!(found("a [help-assess] b [possible values: en, ja] [new] [OPTIONS] [\"a-b\"] [1-2]"), ["help-assess"]);
    assert_eq!(found("x {$count} y").len(), 1);
}

#[test]
fn every_command_has_help_in_both_languages() {
    let place = Place::new();
    for command in COMMANDS {
        // Running it looks for ids without words, too.
        let english = place.yata(&[command, &["--help"]].concat()).code(0).out;
        assert!(!is_japanese(&english), "{english}");
        let japanese = place.yata(&[command, &["--help", "--lang", "ja"]].concat()).code(0).out;
        assert!(is_japanese(&japanese), "{command:?}\n{japanese}");
        let options = |text: &str| text.matches("--").count();
        assert_eq!(options(&english), options(&japanese), "{command:?}");
    }
    let version = place.yata(&["--version"]).code(0).out;
    assert_eq!(version.trim(), concat!("yata ", env!("CARGO_PKG_VERSION")));
    place.yata(&[]).code(2);
    place.yata(&["asess"]).error(&["asess", "assess"]);
}

#[test]
fn the_language_is_that_of_the_locale_unless_one_is_named() {
    let place = Place::new();
    let run = |env: &[(&str, &str)], args: &[&str]| {
        let mut command: Command = place.command(&[&["finding", "list"], args].concat());
        command.envs(env.iter().copied());
        is_japanese(&Run::new(&command.output().unwrap()).code(0).out)
    };
    assert!(!run(&[], &[]));
    assert!(run(&[("LANG", "ja_JP.UTF-8")], &[]));
    assert!(!run(&[("LANG", "ja_JP.UTF-8")], &["--lang", "en"]));
    assert!(!run(&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")], &[]));
    assert!(run(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "ja_JP.UTF-8")], &[]));
    assert!(!run(&[("LANG", "de_DE.UTF-8")], &[]));
    assert!(run(&[("LANG", "C")], &["--lang", "ja"]));
}

#[test]
fn every_command_answers_in_japanese() {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0")]));
    for args in [
        &["assess", "shop", "--as-of", TODAY][..],
        &["assess", "shop", "--as-of", TODAY, "--all"],
        &["assess", "shop", "--as-of", TODAY, "--explain", "CVE-2026-1001"],
        &["assess", "shop", "--as-of", "2031-01-01"],
        &["intel", "status", "--as-of", TODAY],
        &["intel", "import", "feeds"],
        &["finding", "list"],
    ] {
        let run = place.yata(&[args, &["--lang", "ja"]].concat());
        assert!(is_japanese(&run.out), "{args:?}\n{}\n{}", run.out, run.err);
    }
}

#[test]
fn lines_fit_the_width_and_colours_only_where_they_are_wanted() {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0"), ("right", "1.0.0")]));
    let run = |env: &[(&str, &str)], args: &[&str]| {
        let mut command = place.command(&[&["assess", "shop", "--as-of", TODAY], args].concat());
        command.envs(env.iter().copied());
        Run::new(&command.output().unwrap()).out
    };
    assert!(!run(&[], &[]).contains('\u{1b}'), "standard output is no terminal");
    assert!(run(&[], &["--color", "always"]).contains('\u{1b}'));
    assert!(!run(&[("NO_COLOR", "1")], &[]).contains('\u{1b}'));
    for lang in ["en", "ja"] {
        for columns in [60, 100] {
            let text = run(&[("COLUMNS", &columns.to_string())], &["--lang", lang, "--all"]);
            // Head and foot are one sentence each, which the terminal itself may wrap.
            let lines: Vec<&str> = text.trim_end().lines().collect();
            for line in &lines[1..lines.len() - 1] {
                // Japanese characters take two columns.
                let width: usize = line.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum();
                assert!(width <= columns, "{width} > {columns}: {line}");
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0")]));
    let mut child = place
        .command(&["assess", "shop", "--as-of", TODAY, "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
