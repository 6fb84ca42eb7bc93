//! The index of all shared feeds: import, size, opening.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Context as _;
use jiff::civil::date;
use yata_intel::{Index, MaxAges};

use super::Bench;
use super::measure::{in_a_row, in_turns, milliseconds};

/// Imports are long; this many are enough.
const IMPORTS: usize = 3;

/// Import cold and unchanged, size, time to open from outside and inside a process.
pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    println!("\nThe index of all feeds (target: opens in less than 20 ms)");
    let data = bench.folder("index/data")?;
    let file = data.join("intel.redb");
    let import = bench.yata(&data).args(["intel", "import"]).arg(&bench.feeds).or_incomplete();
    let cold = in_a_row(IMPORTS.min(bench.runs), || {
        let _ = std::fs::remove_file(&file);
        import.run()
    })?;
    println!("{}", cold.line("import, nothing there"));
    for figures in in_turns(&[&import], IMPORTS.min(bench.runs))? {
        println!("{}", figures.line("import, nothing new"));
    }
    let size = std::fs::metadata(&file).with_context(|| format!("cannot look at `{}`", file.display()))?.len();
    println!("  size of the file: {}", super::mebibytes(size));

    let status = bench.yata(&data).args(["intel", "status", "--as-of", super::AS_OF]).or_incomplete();
    let version = bench.yata(&data).arg("--version");
    let figures = in_turns(&[&status, &version], bench.runs)?;
    for (name, figures) in ["yata intel status", "yata --version (what starting a process costs)"].iter().zip(&figures)
    {
        println!("{}", figures.line(name));
    }
    let opened = in_a_row(bench.runs, || {
        let start = Instant::now();
        let index = Index::open(&file)?;
        black_box(index.sources(date(2026, 8, 22), &MaxAges::default()));
        Ok(start.elapsed())
    })?;
    println!("  opened within a process, with the standing of its sources: {}", milliseconds(opened.wall()));
    Ok(())
}
