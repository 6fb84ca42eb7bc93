//! A bill of materials with 10,000 components of five ecosystems, some of them with known advisories.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::feeds::{self, Named};
use super::measure::{in_a_row, in_turns};
use super::{Bench, at};

const COMPONENTS_PER_ECOSYSTEM: usize = 2_000;
/// Components of each ecosystem that advisories are about.
const AFFECTED_PER_ECOSYSTEM: usize = 60;
/// Components of each ecosystem that advisories name, in a version that none is about.
const SAFE_PER_ECOSYSTEM: usize = 500;
/// A package that more records name stands for no usual component.
const MAX_RECORDS: usize = 5;

/// Folder of the feed, OSV ecosystem, start of the purl, qualifiers, a version far after every advisory.
const ECOSYSTEMS: [(&str, &str, &str, &str, &str); 5] = [
    ("npm", "npm", "pkg:npm/", "", "9999.0.0"),
    ("PyPI", "PyPI", "pkg:pypi/", "", "9999.0.0"),
    ("crates.io", "crates.io", "pkg:cargo/", "", "9999.0.0"),
    ("Go", "Go", "pkg:golang/", "", "v9999.0.0"),
    ("AlmaLinux", "AlmaLinux:8", "pkg:rpm/almalinux/", "?distro=almalinux-8", "9999.0.0-1.el8"),
];

/// First and second assessment, with and without the database.
pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let folder = bench.folder("sbom")?;
    let data = bench.folder("sbom/data")?;
    let sbom = folder.join("bom.cdx.json");
    let text = document(&bench.feeds)?;
    std::fs::write(&sbom, &text).with_context(|| format!("cannot write `{}`", sbom.display()))?;
    bench.yata(&data).args(["intel", "import"]).arg(&bench.feeds).or_incomplete().output()?;

    let first = bench.assess(&data, &sbom).or_incomplete();
    let unsaved = first.clone().arg("--no-save");
    let terminal =
        bench.yata(&data).arg("assess").arg(&sbom).args(["--as-of", super::AS_OF, "--no-save"]).or_incomplete();
    let answer: Value = serde_json::from_slice(&unsaved.output()?).context("cannot read Yata's answer")?;
    println!(
        "\nA CycloneDX 1.6 document of {} with {} components and {} findings (targets: 150 ms, 100 MB)",
        super::mebibytes(text.len() as u64),
        at(&answer, "/summary/components"),
        at(&answer, "/summary/risks")
    );
    let database = data.join("yata.db");
    let fresh = in_a_row(bench.runs.min(10), || {
        for name in ["yata.db", "yata.db-wal", "yata.db-shm"] {
            let _ = std::fs::remove_file(database.with_file_name(name));
        }
        first.run()
    })?;
    println!("{}", fresh.line("first run, database made"));
    let figures = in_turns(&[&first, &unsaved, &terminal], bench.runs)?;
    let names = ["again, the same", "--no-save", "--no-save, for people instead of JSON"];
    for (name, figures) in names.iter().zip(&figures) {
        println!("{}", figures.line(name));
    }
    Ok(())
}

fn document(feeds: &Path) -> anyhow::Result<String> {
    let mut components = String::new();
    let mut add = |purl: &str, name: &str, version: &str| {
        let comma = if components.is_empty() { "" } else { ",\n" };
        let _ = write!(
            components,
            "{comma}{{\"type\":\"library\",\"bom-ref\":\"{purl}\",\"name\":\"{name}\",\"version\":\"{version}\",\
             \"purl\":\"{purl}\",\"licenses\":[{{\"license\":{{\"id\":\"MIT\"}}}}]}}"
        );
    };
    for (folder, ecosystem, start, qualifiers, safe) in ECOSYSTEMS {
        let known = feeds::packages(feeds, folder, ecosystem)?;
        let usual: Vec<&Named> = known.iter().filter(|one| one.records <= MAX_RECORDS && is_plain(&one.name)).collect();
        let step = (usual.len() / (AFFECTED_PER_ECOSYSTEM + SAFE_PER_ECOSYSTEM)).max(1);
        let picked: Vec<&Named> = usual.into_iter().step_by(step).collect();
        let mut count = 0;
        for (at, named) in picked.iter().take(AFFECTED_PER_ECOSYSTEM + SAFE_PER_ECOSYSTEM).enumerate() {
            // Spread over the alphabet: every few packages one that is affected.
            let is_affected = at % 9 == 0 && at / 9 < AFFECTED_PER_ECOSYSTEM;
            let version = if is_affected { named.affected.as_str() } else { safe };
            let name = named.name.replace('@', "%40");
            add(&format!("{start}{name}@{}{qualifiers}", version.replace('+', "%2B")), &named.name, version);
            count += 1;
        }
        for number in count..COMPONENTS_PER_ECOSYSTEM {
            let name =
                if folder == "Go" { format!("example.org/made/up-{number}") } else { format!("made-up-{number}") };
            add(&format!("{start}{name}@1.{}.{}{qualifiers}", number % 40, number % 7), &name, "1.0.0");
        }
    }
    Ok(format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"metadata\":{{\"component\":\
         {{\"type\":\"application\",\"name\":\"bench\",\"version\":\"1\"}}}},\"components\":[\n{components}\n]}}\n"
    ))
}

/// Names that need no escaping in a purl or in JSON.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@".contains(&byte))
}
