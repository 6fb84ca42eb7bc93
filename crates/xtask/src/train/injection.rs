//! `cargo xtask train injection`: the model for instructions to a machine that reads the text.
//!
//! Attacks and hard benign sentences come from the grammars under `crates/lens/corpus/injection/train`; plain benign
//! sentences from folders of documentation, which are read and not kept. One family in five and one file in five are
//! held out for the report; the shipped weights then learn from all of it.

mod benign;
mod fit;
mod grammar;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use yata_lens::training::{MAGIC, features_of, sentences};

use fit::{Fit, Sample};
use grammar::{Grammar, Random};

/// What to read and where to write.
#[derive(Debug, Args)]
pub(crate) struct Injection {
    /// Folders of benign text (.txt, .html, .man, .page); without any, only the grammars are learnt from
    #[arg(long)]
    benign: Vec<PathBuf>,
    /// The crate whose model is trained
    #[arg(long, default_value = "crates/lens")]
    lens: PathBuf,
    /// Print the sentences that are judged wrongly
    #[arg(long)]
    wrong: bool,
}

/// The seed of everything that is drawn.
const SEED: u64 = 20_261_122;
/// Different sentences of one line of attacks, and of benign ones.
const ATTACKS_OF_A_LINE: usize = 80;
const BENIGN_OF_A_LINE: usize = 100;
/// Of the real text's sentences that the model would judge, at most so many are learnt from.
const REAL_MAX: usize = 120_000;
/// The share of all benign sentences held out (judged or not) that may be above the threshold.
const FALSE_SHARE: f64 = 0.000_5;

/// A sentence, where it comes from and what it is.
struct Text {
    text: String,
    attack: bool,
    held: bool,
    japanese: bool,
    real: bool,
}

/// Trains, reports and writes `models/injection.bin`.
pub(crate) fn run(args: &Injection) -> anyhow::Result<()> {
    let mut random = Random(SEED);
    let mut texts = Vec::new();
    for (file, attack) in [("attacks.txt", true), ("benign.txt", false)] {
        grammar(&args.lens.join("corpus/injection/train").join(file), attack, &mut random, &mut texts)?;
    }
    let before = texts.len();
    for folder in &args.benign {
        real(folder, &mut random, &mut texts)?;
    }
    println!("sentences: {before} from grammars, {} from real text", texts.len() - before);
    let samples: Vec<Option<Sample>> = texts.iter().map(sample).collect();
    let asked = texts.iter().zip(&samples).filter(|(text, sample)| text.real && sample.is_some()).count();
    println!("of the real sentences the model is asked about {}", share(asked, texts.len() - before));
    let learn = |held: bool| -> Vec<Sample> {
        let pairs = texts.iter().zip(&samples).filter(|(text, _)| held || !text.held);
        balanced(pairs.filter_map(|(_, sample)| sample.clone()).collect())
    };
    let mut fit = Fit::learn(&learn(false), SEED);
    fit.round();
    let scored: Vec<(&Text, Option<f32>)> = texts
        .iter()
        .zip(&samples)
        .map(|(text, sample)| (text, sample.as_ref().map(|sample| fit.score(&sample.features))))
        .collect();
    let threshold = threshold(&scored);
    println!("held-out families and files, threshold {threshold:.2}:");
    report(&scored, threshold, args.wrong);
    let mut fit = Fit::learn(&learn(true), SEED);
    let (step, bytes) = fit.round();
    let mut file = MAGIC.to_vec();
    for number in [fit.bias, step, threshold] {
        file.extend(number.to_le_bytes());
    }
    file.extend(bytes);
    let path = args.lens.join("models/injection.bin");
    std::fs::write(&path, &file).with_context(|| format!("writing `{}`", path.display()))?;
    println!("wrote {} bytes; the committed evaluation set with these weights:", file.len());
    evaluate(&args.lens.join("corpus/injection"), &fit, threshold, args.wrong)
}

fn grammar(path: &Path, attack: bool, random: &mut Random, out: &mut Vec<Text>) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading `{}`", path.display()))?;
    let grammar = Grammar::parse(&text).with_context(|| format!("reading `{}`", path.display()))?;
    let count = if attack { ATTACKS_OF_A_LINE } else { BENIGN_OF_A_LINE };
    for (number, family) in grammar.families.iter().enumerate() {
        for line in &family.lines {
            let expanded = grammar.expand(line, count, random).with_context(|| format!("family `{}`", family.name))?;
            for text in expanded {
                let text = if attack { dressed(&text, random) } else { text };
                let japanese = is_japanese(&text);
                out.push(Text { text, attack, held: number % 5 == 4, japanese, real: false });
            }
        }
    }
    Ok(())
}

/// An attack as it may stand in a file: behind a leader, in capitals, without its full stop.
fn dressed(text: &str, random: &mut Random) -> String {
    const LEADERS: [&str; 16] = [
        "// ",
        "# ",
        "<!-- ",
        "* ",
        "- ",
        "> ",
        "1. ",
        "\"description\": \"",
        "Note: ",
        "P.S. ",
        "【重要】",
        "※",
        "注意: ",
        "TODO: ",
        "/* ",
        "    ",
    ];
    let mut text = text.to_owned();
    match random.below(10) {
        0 => text = text.to_uppercase(),
        1 => text = text.to_lowercase(),
        2 => text = text.trim_end_matches(['.', '。', '!']).to_owned(),
        _ => {}
    }
    if random.below(4) == 0 {
        text = format!("{}{text}", random.pick(&LEADERS).copied().unwrap_or_default());
    }
    text
}

fn real(folder: &Path, random: &mut Random, out: &mut Vec<Text>) -> anyhow::Result<()> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (path, text) in benign::texts(folder)? {
        // By name and not by order, so that another file in the folder moves none.
        let held = path.file_name().map_or(0, |name| {
            name.len() + name.as_encoded_bytes().iter().map(|byte| usize::from(*byte)).sum::<usize>()
        }) % 5
            == 4;
        for sentence in sentences(&text) {
            if sentence.chars().count() >= 8 && seen.insert(sentence.to_owned()) {
                found.push(Text {
                    text: sentence.to_owned(),
                    attack: false,
                    held,
                    japanese: is_japanese(sentence),
                    real: true,
                });
            }
        }
    }
    random.shuffle(&mut found);
    out.extend(found);
    Ok(())
}

fn is_japanese(text: &str) -> bool {
    text.chars().any(|char| matches!(char, 'ぁ'..='ヿ'))
}

fn sample(text: &Text) -> Option<Sample> {
    let weight = if text.real {
        1.0
    } else if text.attack {
        1.5
    } else {
        2.5
    };
    features_of(&text.text).map(|features| Sample { features, attack: text.attack, weight })
}

/// At most [`REAL_MAX`] of the plain sentences, which come last and in random order.
fn balanced(mut samples: Vec<Sample>) -> Vec<Sample> {
    let plain = samples.iter().filter(|sample| (sample.weight - 1.0).abs() < f32::EPSILON).count();
    samples.truncate(samples.len() - plain.saturating_sub(REAL_MAX));
    samples
}

/// The score that only [`FALSE_SHARE`] of the benign sentences held out reach.
fn threshold(scored: &[(&Text, Option<f32>)]) -> f32 {
    let benign: Vec<Option<f32>> =
        scored.iter().filter(|(text, _)| text.held && !text.attack && text.real).map(|(_, score)| *score).collect();
    let mut scores: Vec<f32> = benign.iter().copied().flatten().collect();
    scores.sort_by(|one, other| other.total_cmp(one));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a small count"
    )]
    let allowed = (benign.len() as f64 * FALSE_SHARE) as usize;
    scores.get(allowed).copied().unwrap_or(0.0).max(0.0)
}

fn report(scored: &[(&Text, Option<f32>)], threshold: f32, wrong: bool) {
    for (name, attack, japanese, real) in [
        ("recall, Japanese attacks", true, true, false),
        ("recall, other attacks", true, false, false),
        ("false positives, Japanese real text", false, true, true),
        ("false positives, other real text", false, false, true),
        ("false positives, Japanese hard cases", false, true, false),
        ("false positives, other hard cases", false, false, false),
    ] {
        let of: Vec<_> = scored
            .iter()
            .filter(|(text, _)| text.held && text.attack == attack && text.japanese == japanese && text.real == real)
            .collect();
        let is_hit = |score: Option<f32>| score.is_some_and(|score| score > threshold);
        let hits = of.iter().filter(|(_, score)| is_hit(*score)).count();
        println!("  {name}: {}", share(hits, of.len()));
        if wrong {
            for (text, score) in of.iter().filter(|(text, score)| is_hit(*score) != text.attack).take(60) {
                println!("    {score:?} {}", text.text);
            }
        }
    }
}

/// The committed set, which nothing was learnt from: a sentence a line.
fn evaluate(folder: &Path, fit: &Fit, threshold: f32, wrong: bool) -> anyhow::Result<()> {
    for kind in ["attacks", "benign"] {
        for language in ["en", "ja"] {
            let path = folder.join(format!("{kind}.{language}.txt"));
            let text = std::fs::read_to_string(&path).with_context(|| format!("reading `{}`", path.display()))?;
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            ensure!(!lines.is_empty(), "`{}` is empty", path.display());
            let best = |line: &str| {
                sentences(line)
                    .filter_map(|sentence| features_of(sentence).map(|features| fit.score(&features)))
                    .fold(f32::MIN, f32::max)
            };
            let scored: Vec<(&str, f32)> = lines.iter().map(|line| (*line, best(line))).collect();
            let hits = scored.iter().filter(|(_, score)| *score > threshold).count();
            println!("  {kind}.{language}: above the threshold {}", share(hits, lines.len()));
            for (line, score) in scored.iter().filter(|(_, score)| wrong && (*score > threshold) != (kind == "attacks"))
            {
                println!("    {score:.2} {line}");
            }
        }
    }
    Ok(())
}

/// A share with its 95 % interval (Wilson).
#[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
fn share(hits: usize, of: usize) -> String {
    let (hits_f, count, z) = (hits as f64, of.max(1) as f64, 1.96);
    let (p, zz) = (hits_f / count, z * z);
    let middle = (p + zz / (2.0 * count)) / (1.0 + zz / count);
    let half = z / (1.0 + zz / count) * (p * (1.0 - p) / count + zz / (4.0 * count * count)).sqrt();
    format!(
        "{hits} of {of}, {:.2} % ({:.2}–{:.2})",
        p * 100.0,
        (middle - half).max(0.0) * 100.0,
        (middle + half) * 100.0
    )
}
