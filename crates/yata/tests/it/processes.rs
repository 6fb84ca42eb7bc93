//! Several processes at once, and processes that are killed.

use std::process::Stdio;
use std::time::Duration;

use crate::support::{Place, Run, TODAY, package_lock, problems, risks};

/// Moments at which a process is killed, in milliseconds from its start.
const MOMENTS_MS: [u64; 10] = [2, 5, 10, 15, 20, 30, 45, 60, 90, 140];

fn place() -> Place {
    let place = Place::with_intel();
    let packages: Vec<String> = (0..200).map(|n| format!("package-{n}")).collect();
    let mut packages: Vec<(&str, &str)> = packages.iter().map(|name| (name.as_str(), "1.0.0")).collect();
    packages.extend([("left", "1.0.0"), ("right", "1.0.0")]);
    place.write("shop/package-lock.json", package_lock(&packages));
    place
}

#[test]
fn two_processes_share_one_data_folder() {
    let place = place();
    for _ in 0..3 {
        let start = |args: &[&str]| place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let assess = ["assess", "shop", "--as-of", TODAY];
        let running = [start(&assess), start(&assess), start(&["intel", "import", "feeds"]), start(&assess)];
        for (child, code) in running.into_iter().zip([1, 1, 0, 1]) {
            Run::new(&child.wait_with_output().unwrap()).code(code);
        }
    }
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
}

/// Runs the command again and again, killing it a little later each time; the last one may finish.
fn kill_in_the_middle(place: &Place, args: &[&str]) {
    for moment in MOMENTS_MS {
        let mut child = place.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // No test outcome rests on this pause: it only spreads the kills over the run.
        std::thread::park_timeout(Duration::from_millis(moment));
        child.kill().unwrap();
        child.wait().unwrap();
        let answer = place.answer(&["shop"]);
        assert_eq!((risks(&answer).len(), problems(&answer)), (2, Vec::new()), "killed after {moment} ms");
    }
}

#[test]
fn a_killed_import_leaves_a_whole_index() {
    let place = place();
    for round in 0..2 {
        // Something to take over each time.
        let records: Vec<(String, String)> = (0..300)
            .map(|n| {
                let id = format!("GHSA-{round}-{n}");
                (
                    format!("{id}.json"),
                    crate::support::osv(&id, "PyPI", &format!("p{n}"), &format!("CVE-2025-{round}{n:04}"), "1.0"),
                )
            })
            .collect();
        let records: Vec<(&str, String)> = records.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        place.write("feeds/osv/PyPI/all.zip", crate::support::zip(&records));
        if round == 0 {
            kill_in_the_middle(&place, &["intel", "import", "feeds"]);
        }
    }
    place.yata(&["intel", "import", "feeds"]).code(0);
    place.yata(&["intel", "status", "--as-of", TODAY]).code(0).says(&["300 records"]);
}

#[test]
fn a_killed_assessment_loses_nothing_that_was_stored() {
    let place = place();
    let answer = place.answer(&["shop"]);
    let id = crate::support::text(&answer["risks"][0]["finding"]["id"]).to_owned();
    place.yata(&["finding", "mitigate", &id, "--until", "2999-01-01", "--why", "behind a filter"]).code(0);
    place.yata(&["finding", "reopen", &id, "--why", "the filter is gone"]).code(0);
    kill_in_the_middle(&place, &["assess", "shop", "--as-of", TODAY]);
    place.yata(&["finding", "history", &id]).code(0).says(&["behind a filter", "the filter is gone"]);
    let last = place.answer(&["shop"]);
    assert_eq!((last["summary"]["new"].as_u64(), last["summary"]["gone"].as_u64()), (Some(0), Some(0)));
}
