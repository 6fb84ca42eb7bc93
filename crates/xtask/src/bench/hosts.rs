//! Hosts of one image: what each further one costs.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::measure::{Figures, Program, in_a_row, in_turns, milliseconds};
use super::{Bench, at};

const PACKAGES_PER_HOST: usize = 300;
const FEW_HOSTS: usize = 10;
const MANY_HOSTS: usize = 1_000;
/// Assessments of many hosts are long; this many are enough.
const MAX_ROUNDS: usize = 3;
/// Advisories of the made-up feed; every tenth is about a package of the image.
const ADVISORIES: usize = 600;

/// The same image 10 times and 1,000 times.
pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let folder = bench.folder("hosts")?;
    let feeds = bench.folder("hosts/feeds")?;
    // The shared feeds hold no Debian advisories, so these are made up; KEV and EPSS are the real ones.
    super::some_feeds(bench, &feeds, &["kev", "epss"])?;
    advisories(&feeds.join("osv/Debian"))?;
    println!("\nHosts of one image, {PACKAGES_PER_HOST} packages each");
    let few = trees(bench, &folder, &feeds, FEW_HOSTS)?;
    let many = trees(bench, &folder, &feeds, MANY_HOSTS)?;
    let rounds = bench.runs.min(MAX_ROUNDS);
    let (few_first, many_first) = (few.first()?, many.first()?);
    println!("{}", few_first.line(&format!("{FEW_HOSTS} hosts, first run")));
    println!("{}", many_first.line(&format!("{MANY_HOSTS} hosts, first run")));
    for (name, flag) in [("again, the same", None), ("--no-save", Some("--no-save"))] {
        let with = |program: &Program| flag.iter().fold(program.clone(), |program, flag| program.arg(flag));
        let figures = in_turns(&[&with(&few.program), &with(&many.program)], rounds)?;
        if let [few, many] = figures.as_slice() {
            println!("{}", few.line(&format!("{FEW_HOSTS} hosts, {name}")));
            println!("{}", many.line(&format!("{MANY_HOSTS} hosts, {name}")));
            println!("  each further host: {}", milliseconds(each(many.wall(), few.wall())));
        }
    }
    Ok(())
}

fn each(many: Duration, few: Duration) -> Duration {
    let further = u32::try_from(MANY_HOSTS - FEW_HOSTS).unwrap_or(u32::MAX);
    many.saturating_sub(few) / further
}

/// A folder of hosts and the assessment of it.
struct Trees {
    program: Program,
    database: std::path::PathBuf,
}

impl Trees {
    /// With a database that is made by this run.
    fn first(&self) -> anyhow::Result<Figures> {
        in_a_row(1, || {
            for name in ["yata.db", "yata.db-wal", "yata.db-shm"] {
                let _ = std::fs::remove_file(self.database.with_file_name(name));
            }
            self.program.run()
        })
    }
}

fn trees(bench: &Bench, folder: &Path, feeds: &Path, hosts: usize) -> anyhow::Result<Trees> {
    let data = bench.folder(&format!("hosts/data-{hosts}"))?;
    let root = folder.join(format!("fleet-{hosts}"));
    let status = dpkg_status();
    for number in 0..hosts {
        let host = root.join(format!("host-{number:04}"));
        write(&host.join("var/lib/dpkg/status"), &status)?;
        write(&host.join("etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n")?;
        write(&host.join("etc/hostname"), &format!("host-{number:04}\n"))?;
    }
    bench.yata(&data).args(["intel", "import"]).arg(feeds).or_incomplete().output()?;
    // For people: the JSON of 1,000 hosts is half a gigabyte, and writing it would be all that is measured.
    let program = bench.yata(&data).arg("assess").arg(&root).args(["--as-of", super::AS_OF]).or_incomplete();
    if hosts == FEW_HOSTS {
        let json = bench.assess(&data, &root).arg("--no-save").or_incomplete().output()?;
        let answer: Value = serde_json::from_slice(&json).context("cannot read Yata's answer")?;
        let summary = at(&answer, "/summary");
        println!("  {hosts} hosts: {} components, {} findings", at(summary, "/components"), at(summary, "/risks"));
    }
    Ok(Trees { program, database: data.join("yata.db") })
}

fn dpkg_status() -> String {
    let mut text = String::new();
    for number in 0..PACKAGES_PER_HOST {
        let _ = write!(
            text,
            "Package: package-{number}\nStatus: install ok installed\nPriority: optional\nSection: libs\n\
             Installed-Size: {}\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\n\
             Version: 1.{}.{}-2+deb12u1\nDepends: libc6 (>= 2.34)\nDescription: package {number}\n \
             A description of a line or two, as they have them.\n .\n And a second paragraph.\n\n",
            number * 17,
            number % 30,
            number % 7
        );
    }
    text
}

fn advisories(folder: &Path) -> anyhow::Result<()> {
    for number in 0..ADVISORIES {
        let is_about_the_image = number % 10 == 0;
        let package = if is_about_the_image { format!("package-{}", number / 2) } else { format!("other-{number}") };
        let record = json!({
            "id": format!("DSA-{}-1", 5_000 + number),
            "modified": "2026-08-20T00:00:00Z",
            "published": "2026-08-01T00:00:00Z",
            "upstream": [format!("CVE-2024-{}", 1_000 + number)],
            "summary": "a made-up advisory",
            "affected": [{
                "package": { "ecosystem": "Debian:12", "name": package },
                "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "99.0-1" }] }],
            }],
        });
        write(&folder.join(format!("DSA-{number}.json")), &record.to_string())?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
