//! `cargo xtask bench assess`: how long and how much memory, beside `cargo audit` in the same run.
//!
//! Nothing here asserts a time: a loaded machine is no defect. What it prints is written up in `docs/benchmarks.md`.

mod audit;
mod feeds;
mod hook;
mod hosts;
mod index;
mod lens;
mod lens_quality;
mod measure;
mod sbom;
mod store;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::AssessBench;
pub(crate) use hook::{HookBench, run as hook};
pub(crate) use lens::{LensBench, run as lens};
pub(crate) use lens_quality::{LensQuality, run as lens_quality};
use measure::Program;
pub(crate) use store::{StoreBench, run as store};

/// The day that every assessment judges as of: the feeds are of that week.
pub(crate) const AS_OF: &str = "2026-08-22";

/// One part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// The same `Cargo.lock` and advisories as `cargo audit`.
    Audit,
    /// Import and opening of all feeds.
    Index,
    /// A bill of materials with 10,000 components.
    Sbom,
    /// 1,000 hosts of one image.
    Hosts,
}

/// What every part needs.
pub(crate) struct Bench {
    /// The folder with the feeds.
    pub(crate) feeds: PathBuf,
    /// The release build.
    pub(crate) yata: PathBuf,
    /// What was named instead of `cargo-audit` of the search path.
    pub(crate) cargo_audit: Option<PathBuf>,
    pub(crate) runs: usize,
    /// Removed at the end.
    pub(crate) scratch: Scratch,
}

/// A folder that goes when the bench does.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("yata-bench-{}", std::process::id()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make `{}`", path.display()))?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs the parts that were asked for.
pub(crate) fn assess(args: &AssessBench) -> anyhow::Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let shared = args.shared.clone().unwrap_or_else(|| repository.join("../shared"));
    let feeds = shared.join("feeds");
    if !feeds.is_dir() {
        bail!("there are no feeds in `{}`: name the folder that holds `feeds` with --shared", shared.display());
    }
    let yata = match &args.yata {
        Some(path) => path.clone(),
        None => build(&repository)?,
    };
    let bench =
        Bench { feeds, yata, cargo_audit: args.cargo_audit.clone(), runs: args.runs.max(1), scratch: Scratch::new()? };
    machine();
    for part in [Part::Audit, Part::Index, Part::Sbom, Part::Hosts] {
        if !args.part.contains(&part) {
            continue;
        }
        match part {
            Part::Audit => audit::run(&bench, &repository)?,
            Part::Index => index::run(&bench)?,
            Part::Sbom => sbom::run(&bench)?,
            Part::Hosts => hosts::run(&bench)?,
        }
    }
    machine();
    Ok(())
}

impl Bench {
    /// A command of the program that is measured, on a data folder.
    pub(crate) fn yata(&self, data: &Path) -> Program {
        Program::new(&self.yata).arg("--data").arg(data)
    }

    /// An assessment as of the day of the feeds, with its answer as JSON.
    pub(crate) fn assess(&self, data: &Path, target: &Path) -> Program {
        self.yata(data).arg("assess").arg(target).args(["--as-of", AS_OF, "--format", "json"])
    }

    /// A new folder for one part.
    pub(crate) fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.scratch.0.join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make `{}`", path.display()))?;
        Ok(path)
    }
}

fn build(repository: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--package", "yata"])
        .current_dir(repository)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the release build failed");
    }
    // INVARIANT: this program and the one that is measured come from the same target folder.
    let here = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(here.with_file_name(format!("yata{}", std::env::consts::EXE_SUFFIX)))
}

/// What the numbers depend on.
fn machine() {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().filter(|text| !text.is_empty()).unwrap_or("unknown").to_owned();
    println!("machine: {cores} cores, load {load}");
}

/// Copies a part of the feeds to a folder.
pub(crate) fn some_feeds(bench: &Bench, folder: &Path, names: &[&str]) -> anyhow::Result<()> {
    for name in names {
        let (from, to) = (bench.feeds.join(name), folder.join(name));
        std::fs::create_dir_all(&to).with_context(|| format!("cannot make `{}`", to.display()))?;
        let files = std::fs::read_dir(&from).with_context(|| format!("cannot read the folder `{}`", from.display()))?;
        for file in files {
            let file = file?;
            std::fs::copy(file.path(), to.join(file.file_name()))
                .with_context(|| format!("cannot copy `{}`", file.path().display()))?;
        }
    }
    Ok(())
}

/// A member of a JSON document by its path (RFC 6901); `null` where there is none.
pub(crate) fn at<'v>(value: &'v serde_json::Value, path: &str) -> &'v serde_json::Value {
    value.pointer(path).unwrap_or(&serde_json::Value::Null)
}

/// Bytes as text.
pub(crate) fn mebibytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let mebibytes = bytes as f64 / (1024.0 * 1024.0);
    format!("{mebibytes:.1} MiB")
}
