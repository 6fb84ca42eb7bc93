//! `cargo xtask bench lens-quality`: how much of what is labelled is found, and how much of what is found is right.
//!
//! The corpus is made from `crates/lens/corpus/secrets` with a fixed seed; with `--creddata` a checkout of that set with
//! its downloaded data is measured as well, line by line as its own benchmark does.

mod corpus;
mod creddata;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use yata_lens::{Class, Lens};

/// The folder of the templates, seen from the repository.
const CORPUS: &str = "crates/lens/corpus/secrets";

/// What is measured, and what is written.
#[derive(Debug, clap::Args)]
pub(crate) struct LensQuality {
    /// Write the expanded corpus and its labels to this folder, for other programs
    #[arg(long)]
    pub(crate) write: Option<PathBuf>,
    /// A checkout of CredData with its downloaded data
    #[arg(long)]
    pub(crate) creddata: Option<PathBuf>,
    /// Print each line that was judged wrongly
    #[arg(long)]
    pub(crate) misses: bool,
}

/// Prints the tables as Markdown.
pub(crate) fn run(args: &LensQuality) -> anyhow::Result<()> {
    let (write, creddata, misses) = (args.write.as_deref(), args.creddata.as_deref(), args.misses);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let lens = Lens::new(|rule| rule.class == Class::Secret);
    let files = corpus::files(&repository.join(CORPUS))?;
    if let Some(folder) = write {
        corpus::write(&files, folder)?;
    }
    let mut tallies = report::Tallies::default();
    for file in &files {
        judge(&lens, file, misses, &mut tallies);
    }
    let kinds: std::collections::BTreeSet<&str> = files.iter().map(|file| file.ending.as_str()).collect();
    let labels: usize = files.iter().map(|file| file.labels.len()).sum();
    println!("### Own corpus: {labels} labels in {} files of {} kinds\n", files.len(), kinds.len());
    tallies.print();
    if let Some(folder) = creddata {
        println!("\n### CredData\n");
        creddata::run(&lens, folder)?.print();
    }
    Ok(())
}

fn judge(lens: &Lens, file: &corpus::File, misses: bool, tallies: &mut report::Tallies) {
    let hits = lens.scan(file.text.as_bytes());
    let spans: Vec<std::ops::Range<usize>> = hits
        .iter()
        .map(|hit| usize::try_from(hit.value.start).unwrap_or(0)..usize::try_from(hit.value.end).unwrap_or(0))
        .collect();
    let meets = |a: &std::ops::Range<usize>, b: &std::ops::Range<usize>| a.start < b.end && b.start < a.end;
    for label in &file.labels {
        let found = spans.iter().any(|span| meets(span, &label.span));
        tallies.add(&file.family, &label.class, label.credential, found);
        if misses && found != label.credential {
            let word = if found { "wrong " } else { "missed" };
            println!("{word} {} {:10} {}", file.name, label.class, line(&file.text, &label.span));
        }
    }
    for (span, hit) in spans.iter().zip(&hits) {
        if !file.labels.iter().any(|label| meets(span, &label.span)) {
            tallies.add(&file.family, class_of(hit.rule.id), false, true);
            if misses {
                println!("extra  {} {:10} {}", file.name, hit.rule.id, line(&file.text, span));
            }
        }
    }
}

/// The class of the table to which a hit that is labelled nowhere is counted.
fn class_of(id: &str) -> &str {
    match id.strip_prefix("generic-") {
        Some("url-password") => "url",
        Some(kind) => kind,
        None => "predefined",
    }
}

fn line<'t>(text: &'t str, span: &std::ops::Range<usize>) -> &'t str {
    let start = text.get(..span.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(span.start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| span.start + at);
    text.get(start..end).unwrap_or_default().trim()
}

/// A small table of counts by key.
type Counts = BTreeMap<String, [u64; 4]>;
/// Where something lies.
type Place = PathBuf;
