//! `cargo xtask train generic`: the model behind the rules `generic-*`.
//!
//! It reads source code (folders given by argument), takes the assignments in it that are no credentials as negatives,
//! puts made values into the same places and into templates as positives, and writes `crates/lens/models/generic.bin`.
//! Nothing of what it reads is kept but counts and weights. The same input gives the same file.

mod code;
mod labels;
mod made;
mod random;
mod trees;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use yata_lens::generic::{Candidate, Language, Wrap};

use code::Counts;
use labels::Label;
use random::Random;
use trees::Example;

/// Where the numbers of chance begin.
const SEED: u64 = 20_240_613;
/// As many real negatives of one kind at most.
const REAL_MAX: usize = 26_000;
/// As many of one file at most.
const FILE_MAX: usize = 25;
/// Made examples of what is no secret though it is rare.
const OPEN: usize = 2_500;
/// Made examples for each template.
const WRITTEN: usize = 420;

/// On what to train.
#[derive(Debug, clap::Args)]
pub(crate) struct Generic {
    /// Folders with source code; each folder in them is one package
    #[arg(required = true)]
    code: Vec<PathBuf>,
    /// Where the model goes
    #[arg(long, default_value = "crates/lens/models/generic.bin")]
    out: PathBuf,
}

impl Generic {
    /// Trains on the folders and writes the model.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        train(&self.code, &self.out)
    }
}

fn train(roots: &[PathBuf], out: &Path) -> anyhow::Result<()> {
    let mut files = Vec::new();
    let mut counts = Counts::default();
    code::files(roots, |file| {
        counts.add(&file, package(&file.package));
        files.push(file);
    })?;
    let (trigrams, set, words) = counts.language();
    println!("{} files, {} words", files.len(), words.len());
    let language = code::language(&trigrams, &set);
    let mut set_of = Sets::default();
    let mut random = Random(SEED);
    real(&files, &language, &words, &mut random, &mut set_of);
    let texts = std::mem::take(&mut set_of.texts);
    for template in 0..made::TEMPLATES.len() {
        for turn in 0..WRITTEN {
            let positive = turn % 2 == 0;
            let Some((text, value)) = made::written(template, positive, &words, &texts, &mut random) else { continue };
            let held = template % 7 == 3;
            add_written(&text, &value, positive, held, &language, &mut set_of);
        }
    }
    for turn in 0..OPEN {
        let (text, value) = made::open(&words, &mut random);
        add_written(&text, &value, false, turn % 7 == 3, &language, &mut set_of);
    }
    println!("examples: {} for training, {} held out", set_of.train.len(), set_of.held.len());
    let trees = trees::train(&set_of.train);
    let mut bytes = trigrams;
    bytes.extend(set);
    bytes.extend(trees);
    std::fs::write(out, &bytes)?;
    println!("wrote {} bytes", bytes.len());
    measure(&bytes, &set_of.held);
    Ok(())
}

#[derive(Default)]
struct Sets {
    train: Vec<Example>,
    held: Vec<Example>,
    /// Values of real negatives that stood in quotes.
    texts: Vec<String>,
}

fn package(name: &str) -> u64 {
    // Versions of one package are one package.
    let name = name.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn real(files: &[code::File], language: &Language, words: &[String], random: &mut Random, sets: &mut Sets) {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut counts = [0_usize; 6];
    // In an order that does not favour the first packages.
    let mut order: Vec<&code::File> = files.iter().collect();
    order.sort_by_key(|file| package(&file.path.display().to_string()));
    for file in order {
        let held = package(&file.package).is_multiple_of(5);
        let mut here = 0;
        let path = file.path.display().to_string();
        let translated = ["locale", "i18n", "/lang", "translations"].iter().any(|part| path.contains(part));
        code::candidates(&file.text, |window, candidate| {
            let value = window.text.get(candidate.value()).unwrap_or_default();
            let name = window.text.get(candidate.name()).unwrap_or_default();
            let Some(count) = counts.get_mut(candidate.kind() as usize) else { return };
            if here >= FILE_MAX || *count >= REAL_MAX || !seen.insert((name.to_owned(), value.to_owned())) {
                return;
            }
            let label = labels::label(value, candidate, file.tongue, translated, language);
            let set = if held { &mut sets.held } else { &mut sets.train };
            if matches!(label, Label::Negative) {
                here += 1;
                *count += 1;
                set.push(Example { row: candidate.features(window.text, language), label: false, weight: 1.0 });
                if value.len() < 40 {
                    sets.texts.push(value.to_owned());
                }
            }
            let (head, tail) = candidate.name_words();
            let fits = candidate.wrap() != Wrap::Call
                && tail.is_empty()
                && !head.iter().any(|word| labels::ABOUT.contains(&word.as_str()));
            if fits && random.percent(80) {
                let new = made::value(candidate.kind(), head.is_empty(), words, random);
                let text = made::transplant(window, candidate, file.tongue, &new, random);
                if let Some(row) = text.and_then(|text| row_at(&text, window.at, &new, language)) {
                    set.push(Example { row, label: true, weight: 1.0 });
                }
            } else if !fits && candidate.wrap() != Wrap::Call && random.percent(25) {
                // A rare value under a name that tells something else: identifiers, digests, addresses.
                let new = random.token();
                let text = made::transplant(window, candidate, file.tongue, &new, random);
                if let Some(row) = text.and_then(|text| row_at(&text, window.at, &new, language)) {
                    set.push(Example { row, label: false, weight: 0.5 });
                }
            }
        });
    }
    println!("real negatives by kind: {counts:?}");
}

/// The row of the candidate whose value was put there.
fn row_at(text: &str, at: usize, value: &str, language: &Language) -> Option<[f32; yata_lens::generic::FEATURES]> {
    let window = yata_lens::Window { text, at, starts: false, ends: false };
    let candidate = Candidate::at(&window)?;
    (text.get(candidate.value())? == value).then(|| candidate.features(text, language))
}

fn add_written(text: &str, value: &str, positive: bool, held: bool, language: &Language, sets: &mut Sets) {
    let set = if held { &mut sets.held } else { &mut sets.train };
    code::candidates(text, |window, candidate| {
        let found = window.text.get(candidate.value()).unwrap_or_default();
        if positive && found != value || !positive && !value.contains(found) {
            return;
        }
        set.push(Example { row: candidate.features(window.text, language), label: positive, weight: 0.7 });
    });
}

fn measure(bytes: &[u8], held: &[Example]) {
    let score = yata_lens::generic::scorer(bytes);
    for threshold in [-2.0, -1.0, 0.0, 1.0, 2.0] {
        let (mut tp, mut fp, mut missed) = (0_u32, 0_u32, 0_u32);
        for example in held {
            match (score(&example.row) >= threshold, example.label) {
                (true, true) => tp += 1,
                (true, false) => fp += 1,
                (false, true) => missed += 1,
                (false, false) => {}
            }
        }
        let (tp, fp, missed) = (f64::from(tp), f64::from(fp), f64::from(missed));
        println!(
            "at {threshold:>4}: precision {:.4} recall {:.4}  ({tp} {fp} {missed})",
            tp / (tp + fp),
            tp / (tp + missed)
        );
    }
}
