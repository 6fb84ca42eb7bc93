//! `cargo xtask bench lens`: how fast secrets are looked for, beside Kingfisher and ripsecrets in the same run, on the
//! same files and the same cores.
//!
//! The files are made here: sources of published crates with planted credentials, which the firing cases of the rules
//! describe and none of which opens anything; and a git repository whose history holds such files. That the planted
//! credentials follow Yata's own rules says nothing about who finds more; `lens-quality` measures that.

mod engine;
mod history;
mod tree;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use super::measure::{Program, Run, median};
use super::{Scratch, at};

/// Kingfisher's exit code when it has found something.
const KINGFISHER_FOUND: i32 = 200;
const BYTES_PER_MB: u64 = 1_000_000;

/// One part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// A folder of files.
    Tree,
    /// The history of a git repository.
    History,
    /// The engine alone, within this process.
    Engine,
}

/// What is measured, and on how much.
#[derive(Debug, clap::Args)]
pub(crate) struct LensBench {
    /// The program to measure [default: built now]
    #[arg(long)]
    yata: Option<PathBuf>,
    /// Kingfisher's program itself, not the script that starts it
    #[arg(long)]
    kingfisher: Option<PathBuf>,
    /// The program `ripsecrets`
    #[arg(long)]
    ripsecrets: Option<PathBuf>,
    /// The folder of the sources [default: `registry/src` in cargo's home]
    #[arg(long)]
    sources: Option<PathBuf>,
    /// The size of the tree in MB
    #[arg(long, default_value_t = 300)]
    tree_mb: u64,
    /// The size of all blobs of the history in MB
    #[arg(long, default_value_t = 300)]
    history_mb: u64,
    /// The size of each text for the engine in MB
    #[arg(long, default_value_t = 64)]
    engine_mb: u64,
    /// How many commits the history has
    #[arg(long, default_value_t = 300)]
    commits: u64,
    /// How many credentials are planted, each in a file of its own
    #[arg(long, default_value_t = 500)]
    planted: usize,
    /// How often each is measured
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// The parts to measure
    #[arg(long, value_delimiter = ',', default_values = ["tree", "history", "engine"])]
    part: Vec<Part>,
}

/// Prints the tables as Markdown.
pub(crate) fn run(args: &LensBench) -> anyhow::Result<()> {
    let sources = match &args.sources {
        Some(folder) => folder.clone(),
        None => cargo_home()?.join("registry/src"),
    };
    let bytes = |mb: u64| mb.saturating_mul(BYTES_PER_MB);
    let scratch = Scratch::new()?;
    super::machine();
    let peers = if args.part == [Part::Engine] { Vec::new() } else { peers(args, &scratch.0)? };
    for peer in &peers {
        println!("{}: {}", peer.name, peer.version);
    }
    if args.part.contains(&Part::Tree) {
        let folder = scratch.0.join("tree");
        let made = tree::make(&sources, &folder, bytes(args.tree_mb), args.planted)?;
        println!("\n### A working tree: {} files, {} planted credentials\n", made.files, made.planted);
        table(&peers, &folder, made.bytes, false, args.runs)?;
    }
    if args.part.contains(&Part::History) {
        let folder = scratch.0.join("repository");
        let made = history::make(&sources, &folder, bytes(args.history_mb), args.commits, args.planted)?;
        println!(
            "\n### A git history: {} commits, {} blobs in a pack of {}, {} planted credentials\n",
            made.commits,
            made.blobs,
            super::mebibytes(made.pack_bytes),
            made.planted
        );
        println!("MB counts every blob once; the checked-out files are among them. ripsecrets reads files only.\n");
        table(&peers, &folder, made.blob_bytes, true, args.runs)?;
    }
    if args.part.contains(&Part::Engine) {
        engine::run(&sources, bytes(args.engine_mb), args.runs.max(1))?;
    }
    println!();
    super::machine();
    Ok(())
}

fn cargo_home() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    home.context("cannot tell where cargo's home is: name the sources with --sources")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Yata,
    Kingfisher,
    Ripsecrets,
}

/// A program that looks for secrets.
struct Peer {
    kind: Kind,
    name: &'static str,
    path: PathBuf,
    version: String,
    /// A folder of its own for what it keeps: Yata's data, which stay empty, and Kingfisher's compiled rules.
    keeps: PathBuf,
}

/// The programs that are there; a line for each that is not.
fn peers(args: &LensBench, scratch: &Path) -> anyhow::Result<Vec<Peer>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let yata = match &args.yata {
        Some(path) => path.clone(),
        None => super::build(&repository)?,
    };
    let named = [
        (Kind::Yata, "yata", Some(yata)),
        (Kind::Kingfisher, "kingfisher", args.kingfisher.clone()),
        (Kind::Ripsecrets, "ripsecrets", args.ripsecrets.clone()),
    ];
    let mut peers = Vec::new();
    for (kind, name, path) in named {
        let Some(path) = path else {
            println!("skipped: needs --{name} PATH");
            continue;
        };
        let path = path.canonicalize().with_context(|| format!("there is no `{}`", path.display()))?;
        if std::fs::read(&path)?.starts_with(b"#!") {
            println!(
                "skipped: `{}` is a script, whose own start would be measured too: name the program",
                path.display()
            );
            continue;
        }
        let keeps = scratch.join(format!("kept-by-{name}"));
        std::fs::create_dir_all(&keeps).with_context(|| format!("cannot make `{}`", keeps.display()))?;
        let version = Program::new(&path).args(["--version"]).output()?;
        let version = String::from_utf8_lossy(&version).trim().to_owned();
        peers.push(Peer { kind, name, path, version, keeps });
    }
    Ok(peers)
}

impl Peer {
    /// The command that looks at a folder, and at its history if asked to; `None` where it cannot.
    fn program(&self, target: &Path, history: bool) -> Option<Program> {
        let program = Program::new(&self.path);
        match self.kind {
            Kind::Yata => {
                let program = program.arg("--data").arg(&self.keeps).arg("assess").arg(target).or_incomplete();
                let program = program.args(["--quiet", "--no-save", "--format", "json"]);
                Some(if history { program.arg("--history") } else { program })
            }
            Kind::Kingfisher => {
                let program = program.arg("scan").arg(target).or_exit_code(KINGFISHER_FOUND);
                let program = program.args(["--no-validate", "--no-update-check", "--quiet", "--format", "json"]);
                let program = program.arg("--rule-cache-dir").arg(&self.keeps).arg("--output").arg(self.report());
                Some(program.args(["--git-history", if history { "full" } else { "none" }]))
            }
            Kind::Ripsecrets if history => None,
            Kind::Ripsecrets => Some(program.arg(target)),
        }
    }

    fn report(&self) -> PathBuf {
        self.keeps.join("report.json")
    }

    /// How many findings a run has told of, and how many of the planted files it names.
    fn answer(&self, program: &Program) -> anyhow::Result<(usize, usize)> {
        let printed = program.output()?;
        let answer = match self.kind {
            Kind::Kingfisher => std::fs::read(self.report()).context("cannot read Kingfisher's report")?,
            Kind::Yata | Kind::Ripsecrets => printed,
        };
        let json =
            || serde_json::from_slice::<Value>(&answer).with_context(|| format!("cannot read {}'s answer", self.name));
        let findings = match self.kind {
            Kind::Yata => {
                let json = json()?;
                let risks = at(&json, "/risks").as_array().map(Vec::as_slice).unwrap_or_default();
                risks.iter().filter(|risk| at(risk, "/finding/kind") == "secret").count()
            }
            Kind::Kingfisher => at(&json()?, "/findings").as_array().map_or(0, Vec::len),
            Kind::Ripsecrets => answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count(),
        };
        Ok((findings, planted_named(&answer)))
    }
}

/// The number of different planted files that an answer names.
fn planted_named(answer: &[u8]) -> usize {
    let text = String::from_utf8_lossy(answer);
    let names = text.split(tree::PLANTED_FOLDER).skip(1);
    names.filter_map(|rest| rest.strip_prefix('/')?.get(..tree::PLANTED_NAME_BYTES)).collect::<BTreeSet<_>>().len()
}

/// What one program did with a folder.
struct Row<'a> {
    name: &'a str,
    program: Program,
    findings: usize,
    planted: usize,
    runs: Vec<Run>,
}

/// Measures all in turns, so that a change of the machine's load meets them all; each runs once before, so that files
/// are in memory, and tells what it finds.
fn table(peers: &[Peer], target: &Path, bytes: u64, history: bool, runs: usize) -> anyhow::Result<()> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for peer in peers {
        let Some(program) = peer.program(target, history) else { continue };
        let (findings, planted) = peer.answer(&program)?;
        rows.push(Row { name: peer.name, program, findings, planted, runs: Vec::new() });
    }
    for _ in 0..runs.max(1) {
        for row in &mut rows {
            row.runs.push(row.program.once()?);
        }
    }
    println!("| | MB | wall | processor | MB per processor second | peak memory | findings | planted files named |");
    println!("|---|---|---|---|---|---|---|---|");
    for row in &rows {
        row.print(bytes);
    }
    Ok(())
}

impl Row<'_> {
    fn print(&self, bytes: u64) {
        let middle = |of: fn(&Run) -> Duration| median(&self.runs.iter().map(of).collect::<Vec<_>>());
        let (wall, cpu) = (middle(|run| run.wall), middle(|run| run.cpu));
        let speed = megabytes(bytes) / cpu.as_secs_f64();
        let mut peaks: Vec<u64> = self.runs.iter().filter_map(|run| run.peak_kib).collect();
        peaks.sort_unstable();
        let peak = peaks.get(peaks.len() / 2).map(|kib| super::mebibytes(kib * 1024));
        println!(
            "| {} | {:.1} | {:.2} s | {:.2} s | {} | {} | {} | {} |",
            self.name,
            megabytes(bytes),
            wall.as_secs_f64(),
            cpu.as_secs_f64(),
            if cpu.is_zero() { "unknown".to_owned() } else { format!("{speed:.1}") },
            peak.unwrap_or_else(|| "unknown".to_owned()),
            self.findings,
            self.planted,
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / BYTES_PER_MB as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_files_are_counted_once_each() {
        let answer = b"/x/deploy/0001.conf:1:a\n/x/deploy/0001.conf:2:b\n{\"file\":\"deploy/0002.conf\"} deploy/";
        assert_eq!(planted_named(answer), 2);
        assert_eq!(planted_named(b"deployed"), 0);
    }
}
