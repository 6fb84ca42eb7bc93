//! Benches and chores of the repository: `cargo xtask help`.
#![expect(clippy::print_stdout, reason = "what a bench measures goes to standard output")]

mod bench;
mod hook;
mod picture;
mod train;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

/// Benches and chores of the repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Measure; prints numbers and ratios, never fails because of a time.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Build the hook as one file that needs no other, and say where it is.
    Hook,
    /// Draw the pictures of the READMEs from what `target/release/yata` prints.
    Picture,
    /// Train a small model that ships with a crate.
    Train {
        #[command(subcommand)]
        what: Train,
    },
}

#[derive(Debug, Subcommand)]
enum Train {
    /// Credentials by context (`crates/lens/models/generic.bin`).
    Generic(train::generic::Generic),
    /// Instructions to a machine that reads the text (`crates/lens/models/injection.bin`).
    Injection(train::injection::Injection),
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// `yata assess` beside `cargo audit`, the index, a large SBOM, many hosts.
    Assess(AssessBench),
    /// The whole process of the hook beside others: time, memory, recall, false alarms; prints Markdown.
    Hook(bench::HookBench),
    /// How fast Lens looks for secrets, beside Kingfisher and ripsecrets in the same run; prints Markdown.
    Lens(bench::LensBench),
    /// How right Lens is about secrets, on the labelled corpus; prints Markdown.
    LensQuality(bench::LensQuality),
    /// How long the pages of the queue take with millions of findings, on either engine; prints Markdown.
    Store(bench::StoreBench),
}

#[derive(Debug, Args)]
struct AssessBench {
    /// The folder with the feeds [default: `shared` beside the checkout]
    #[arg(long, env = "YATA_SHARED", hide_env = true)]
    shared: Option<PathBuf>,
    /// How often each command is measured
    #[arg(long, default_value_t = 20)]
    runs: usize,
    /// The parts to measure
    #[arg(long, value_delimiter = ',', default_values = ["audit", "index", "sbom", "hosts"])]
    part: Vec<bench::Part>,
    /// The program to measure [default: built now]
    #[arg(long)]
    yata: Option<PathBuf>,
    /// The program to measure against [default: `cargo-audit` of the search path]
    #[arg(long)]
    cargo_audit: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().verb {
        Verb::Bench { what: Bench::Assess(args) } => bench::assess(&args),
        Verb::Bench { what: Bench::Hook(args) } => bench::hook(&args),
        Verb::Bench { what: Bench::Lens(args) } => bench::lens(&args),
        Verb::Bench { what: Bench::LensQuality(args) } => bench::lens_quality(&args),
        Verb::Bench { what: Bench::Store(args) } => bench::store(&args),
        Verb::Hook => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
            println!("{}", hook::build(&root)?.display());
            Ok(())
        }
        Verb::Picture => picture::run(),
        Verb::Train { what: Train::Generic(args) } => args.run(),
        Verb::Train { what: Train::Injection(args) } => train::injection::run(&args),
    }
}
