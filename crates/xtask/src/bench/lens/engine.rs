//! The engine alone: texts in memory, one thread, no files and no reports.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use yata_lens::cases::Random;
use yata_lens::{Class, Lens};

use super::super::measure::{median, thread_cpu};
use super::{megabytes, tree};

const SEED: u64 = 15_485_863;
/// Texts come in documents of this length, as files do.
const DOCUMENT_BYTES: usize = 1_000_000;
/// The length of the pieces of a stream, as a model writes them.
const PIECE_BYTES: usize = 16;
const WORDS_PER_LINE: u32 = 12;
/// As many documents are looked at as this allows in the run before.
const BEFORE_MAX: Duration = Duration::from_secs(4);

const NOUNS: [&str; 16] = [
    "会議",
    "資料",
    "確認",
    "予定",
    "報告",
    "担当",
    "部署",
    "お客様",
    "サービス",
    "システム",
    "メール",
    "スケジュール",
    "見積もり",
    "手続き",
    "打ち合わせ",
    "ご連絡",
];
const ENDINGS: [&str; 8] = [
    "をお願いします。",
    "について説明します。",
    "の準備ができました。",
    "を進めています。",
    "が変わりました。",
    "に関する質問です。",
    "を来週までに送ります。",
    "は予定どおりです。",
];

/// Prints how much of each text a core looks at in a second.
pub(super) fn run(sources: &Path, bytes: u64, runs: usize) -> anyhow::Result<()> {
    let bytes = usize::try_from(bytes)?;
    let secrets = Lens::new(|rule| rule.class == Class::Secret);
    let all = Lens::new(|_| true);
    println!("\n### The engine alone: {} and {} rules, one thread\n", secrets.rules().count(), all.rules().count());
    if cfg!(debug_assertions) {
        println!("**This is a debug build: its figures say nothing.**\n");
    }
    println!(
        "GB per processor second (hits, in as much of the text as {} s allow); a stream arrives in \
         pieces of {PIECE_BYTES} bytes.\n",
        BEFORE_MAX.as_secs()
    );
    println!("| | MB | secrets | all classes | secrets, stream | all classes, stream |");
    println!("|---|---|---|---|---|---|");
    let texts = [
        ("ASCII words", english(bytes)),
        ("Japanese sentences", japanese(bytes)),
        ("Rust sources", rust(sources, bytes)?),
    ];
    for (name, documents) in &texts {
        let cells = [(&secrets, whole as Look), (&all, whole), (&secrets, stream), (&all, stream)]
            .map(|(lens, look)| speed(lens, documents, look, runs));
        println!("| {name} | {:.1} | {} |", megabytes(length(documents)), cells.join(" | "));
    }
    Ok(())
}

fn length(documents: &[Vec<u8>]) -> u64 {
    documents.iter().map(Vec::len).sum::<usize>() as u64
}

/// Looks at a document and counts the hits.
type Look = fn(&Lens, &[u8]) -> usize;

/// The median of several runs, after one that compiles what the texts need.
fn speed(lens: &Lens, documents: &[Vec<u8>], look: Look, runs: usize) -> String {
    let (start, mut hits, mut count) = (Instant::now(), 0, 0);
    for document in documents {
        hits += look(lens, document);
        count += 1;
        if start.elapsed() >= BEFORE_MAX {
            break;
        }
    }
    let documents = documents.get(..count).unwrap_or(documents);
    let times: Vec<Duration> = (0..runs)
        .map(|_| {
            let (before, start) = (thread_cpu(), Instant::now());
            for document in documents {
                black_box(look(lens, black_box(document)));
            }
            let wall = start.elapsed();
            thread_cpu().zip(before).map_or(wall, |(after, before)| after.saturating_sub(before))
        })
        .collect();
    let read = megabytes(length(documents));
    format!("{:.4} ({hits} in {read:.0} MB)", read / 1000.0 / median(&times).as_secs_f64())
}

fn whole(lens: &Lens, document: &[u8]) -> usize {
    lens.scan(document).len()
}

fn stream(lens: &Lens, document: &[u8]) -> usize {
    let mut stream = lens.stream();
    let hits: usize = document.chunks(PIECE_BYTES).map(|piece| stream.push(piece).len()).sum();
    hits + stream.finish().len()
}

/// Documents of at most [`DOCUMENT_BYTES`] and a little, until there are enough bytes.
fn documents(bytes: usize, mut more: impl FnMut(&mut String)) -> Vec<Vec<u8>> {
    let (mut all, mut length) = (Vec::new(), 0);
    while length < bytes {
        let mut document = String::new();
        while document.len() < DOCUMENT_BYTES.min(bytes - length) {
            more(&mut document);
        }
        length += document.len();
        all.push(document.into_bytes());
    }
    all
}

/// Made-up words of small letters.
fn english(bytes: usize) -> Vec<Vec<u8>> {
    let mut random = Random::new(SEED);
    documents(bytes, |text| {
        for _ in 0..2 + random.below(8) {
            let letter = u8::try_from(random.below(26)).unwrap_or(0);
            text.push(char::from(b'a' + letter));
        }
        text.push(if random.below(WORDS_PER_LINE) == 0 { '\n' } else { ' ' });
    })
}

/// Sentences as they stand in letters between offices.
fn japanese(bytes: usize) -> Vec<Vec<u8>> {
    let mut random = Random::new(SEED);
    let mut pick = move |from: &'static [&'static str]| {
        let bound = u32::try_from(from.len()).unwrap_or(0);
        usize::try_from(random.below(bound)).ok().and_then(|at| from.get(at)).copied().unwrap_or_default()
    };
    documents(bytes, |text| {
        for part in [pick(&NOUNS), "の", pick(&NOUNS), pick(&ENDINGS)] {
            text.push_str(part);
        }
        if text.len() % 4 == 0 {
            text.push('\n');
        }
    })
}

/// Files of published crates, joined.
fn rust(sources: &Path, bytes: usize) -> anyhow::Result<Vec<Vec<u8>>> {
    let (mut all, mut length) = (Vec::new(), 0);
    for path in tree::text_files(sources)? {
        if length >= bytes {
            break;
        }
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let Some(text) = tree::read_text(&path)? else { continue };
        length += text.len();
        all.push(text);
    }
    Ok(all)
}
