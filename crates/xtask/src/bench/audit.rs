//! Side by side with `cargo audit`: the same `Cargo.lock`, the same advisories, the same run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::feeds;
use super::measure::{Program, compare, in_turns};
use super::{Bench, at};

/// Crates of the larger lockfile.
const CRATES: usize = 1_000;
/// Of these, how many the advisories name; every third of them in a version that one is about.
const NAMED_CRATES: usize = 300;
/// How many differences are printed.
const MAX_DIFFERENCES: usize = 20;

const MISSING: &str = "\nThe comparison needs cargo-audit, which is not there: `cargo install cargo-audit --locked` \
                       (measured with 0.22.2), or name it with --cargo-audit. Skipped.";

/// Times both programs on Yata's own lockfile and on a larger one.
pub(crate) fn run(bench: &Bench, repository: &Path) -> anyhow::Result<()> {
    let Some((audit, version)) = cargo_audit(bench) else {
        println!("{MISSING}");
        return Ok(());
    };
    let data = bench.folder("audit/data")?;
    let feeds = bench.folder("audit/feeds")?;
    super::some_feeds(bench, &feeds, &["osv/crates.io", "kev", "epss"])?;
    bench.yata(&data).args(["intel", "import"]).arg(&feeds).or_incomplete().output()?;
    let database = advisory_database(bench)?;
    let large = bench.folder("audit/large")?.join("Cargo.lock");
    std::fs::write(&large, lockfile(&bench.feeds)?).with_context(|| format!("cannot write `{}`", large.display()))?;

    println!("\nBeside {version}, advisories of RustSec");
    for (name, lock) in [("Yata's own Cargo.lock", repository.join("Cargo.lock")), ("1,000 crates", large)] {
        let rival = Program::new(&audit)
            .args(["audit", "--no-fetch", "--stale", "--json", "--db"])
            .arg(&database)
            .arg("--file")
            .arg(&lock);
        let rival_without = rival.clone().arg("--no-yanked");
        let yata = bench.assess(&data, &lock).or_incomplete();
        let yata_without = yata.clone().arg("--no-save");
        println!("\n {name}");
        same_answers(&rival_without.output()?, &yata_without.output()?)?;
        let programs = [&rival, &rival_without, &yata, &yata_without];
        let figures = in_turns(&programs, bench.runs)?;
        let names = [
            "cargo audit --no-fetch",
            "cargo audit --no-fetch --no-yanked",
            "yata assess (with its database)",
            "yata assess --no-save",
        ];
        for (name, figures) in names.iter().zip(&figures) {
            println!("{}", figures.line(name));
        }
        if let [rival, rival_without, yata, yata_without] = figures.as_slice() {
            println!("  as they come:                  {}", compare(rival, yata));
            println!("  neither yanked nor a database: {}", compare(rival_without, yata_without));
        }
    }
    Ok(())
}

/// The program and its version.
fn cargo_audit(bench: &Bench) -> Option<(PathBuf, String)> {
    let path = bench.cargo_audit.clone().unwrap_or_else(|| PathBuf::from("cargo-audit"));
    let output = Command::new(&path).arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| (path, version.trim().to_owned()))
}

/// The advisories in their own layout, in a git repository as `cargo audit` wants it.
fn advisory_database(bench: &Bench) -> anyhow::Result<PathBuf> {
    let folder = bench.feeds.join("rustsec");
    let archive = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read the folder `{}`", folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(".tar.gz"))
        .with_context(|| format!("there is no archive in `{}`", folder.display()))?;
    let target = bench.folder("audit/advisory-db")?;
    step(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&target))?;
    step(Command::new("git").args(["init", "--quiet"]).current_dir(&target))?;
    step(Command::new("git").args(["add", "--all"]).current_dir(&target))?;
    let name = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"];
    step(Command::new("git").args(name).args(["commit", "--quiet", "--message", "advisories"]).current_dir(&target))?;
    Ok(target)
}

fn step(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("cannot start `{command:?}`"))?;
    if !output.status.success() {
        bail!("`{command:?}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn lockfile(feeds: &Path) -> anyhow::Result<String> {
    let named = feeds::packages(feeds, "crates.io", "crates.io")?;
    let mut text = String::from("version = 4\n");
    let mut add = |name: &str, version: &str| {
        let _ = write!(
            text,
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\
             source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
             checksum = \"{:064x}\"\n",
            name.len()
        );
    };
    for (at, named) in named.iter().take(NAMED_CRATES).enumerate() {
        add(&named.name, if at % 3 == 0 { &named.affected } else { "9999.0.0" });
    }
    for number in NAMED_CRATES..CRATES {
        add(&format!("zz-made-up-{number}"), &format!("1.{}.{}", number % 40, number % 7));
    }
    Ok(text)
}

/// An advisory and the component it is about.
type Hit = (String, String);

/// What a program says of an advisory and a component.
struct Said {
    kind: String,
    /// All ids of the finding.
    ids: BTreeSet<String>,
}

/// Prints what only one of them found.
fn same_answers(rival: &[u8], yata: &[u8]) -> anyhow::Result<()> {
    let rival = rival_hits(&serde_json::from_slice(rival).context("cannot read the answer of cargo audit")?);
    let yata = yata_hits(&serde_json::from_slice(yata).context("cannot read Yata's answer")?);
    let both = rival.keys().filter(|hit| yata.contains_key(*hit)).count();
    println!("  answers: {} of cargo audit, {} of Yata, {both} the same", rival.len(), yata.len());
    let print = |whose: &str, ((id, component), said): (&Hit, &Said)| {
        println!("  only {whose}: {id} on {component} ({})", said.kind);
    };
    for hit in rival.iter().filter(|(hit, _)| !yata.contains_key(*hit)).take(MAX_DIFFERENCES) {
        print("cargo audit", hit);
    }
    let only_yata = yata.iter().filter(|(hit, _)| !rival.contains_key(*hit));
    let shares_a_finding = |((_, component), said): &(&Hit, &Said)| {
        said.ids.iter().any(|id| rival.contains_key(&(id.clone(), component.clone())))
    };
    let (aliases, others): (Vec<_>, Vec<_>) = only_yata.partition(shares_a_finding);
    for ((id, component), _) in aliases.iter().take(MAX_DIFFERENCES) {
        println!("  same finding, one more id: {id} on {component}, the record of its CVE for a sibling crate");
    }
    for hit in others.into_iter().take(MAX_DIFFERENCES) {
        print("Yata", hit);
    }
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn rival_hits(answer: &Value) -> BTreeMap<Hit, Said> {
    let warnings = at(answer, "/warnings").as_object();
    let warnings = warnings.into_iter().flat_map(|kinds| kinds.iter()).map(|(kind, all)| (kind.as_str(), all));
    let all = std::iter::once(("vulnerability", at(answer, "/vulnerabilities/list"))).chain(warnings);
    let mut hits = BTreeMap::new();
    for (kind, one) in all.flat_map(|(kind, all)| list(all).iter().map(move |one| (kind, one))) {
        let component = format!("{} {}", text(at(one, "/package/name")), text(at(one, "/package/version")));
        let id = text(at(one, "/advisory/id")).to_owned();
        hits.insert((id.clone(), component), Said { kind: kind.to_owned(), ids: BTreeSet::from([id]) });
    }
    hits
}

fn yata_hits(answer: &Value) -> BTreeMap<Hit, Said> {
    let mut hits = BTreeMap::new();
    for finding in list(at(answer, "/risks")).iter().map(|risk| risk.get("finding").unwrap_or(risk)) {
        let component = at(finding, "/component");
        let label = format!("{} {}", text(at(component, "/name")), text(at(component, "/version")));
        let kind = format!("{}, {}", text(at(finding, "/kind")), text(at(finding, "/applies/status")));
        let ids = list(at(finding, "/ids")).iter().map(text).filter(|id| id.starts_with("RUSTSEC-")).map(str::to_owned);
        let ids: BTreeSet<String> = ids.collect();
        for id in &ids {
            hits.insert((id.clone(), label.clone()), Said { kind: kind.clone(), ids: ids.clone() });
        }
    }
    hits
}
