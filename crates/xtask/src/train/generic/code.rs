//! Source code on this machine: its files, its words, and the assignments in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use yata_lens::generic::{Candidate, Language, TRIGRAMS, WORD_BYTES, trigram, word_bits, words};
use yata_lens::{How, RULES, Rule, Window};

/// What a file is written in, as far as it matters for a value without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tongue {
    /// A value without quotes is code.
    Code,
    /// A value without quotes is text.
    Setting,
    /// Prose with examples.
    Prose,
}

/// A file of a package.
pub(super) struct File {
    pub(super) package: String,
    pub(super) tongue: Tongue,
    pub(super) text: String,
    pub(super) path: PathBuf,
}

const FILE_MAX_BYTES: u64 = 300 * 1024;
const FILES_A_PACKAGE_MAX: usize = 1_500;

fn tongue(path: &Path) -> Option<Tongue> {
    let end = path.extension()?.to_str()?;
    Some(match end {
        "rs" | "py" | "js" | "mjs" | "cjs" | "ts" | "tsx" | "jsx" | "go" | "java" | "php" | "rb" | "c" | "h"
        | "cpp" | "cc" | "hpp" | "cs" | "pl" | "pm" | "kt" | "scala" | "swift" | "lua" | "vue" | "erb" | "html"
        | "sql" | "t" | "pyi" | "groovy" | "gradle" | "ps1" => Tongue::Code,
        "yml" | "yaml" | "ini" | "conf" | "cfg" | "properties" | "env" | "toml" | "json" | "xml" | "cnf" | "sh"
        | "bash" | "tf" | "po" | "pp" => Tongue::Setting,
        "md" | "rst" | "txt" | "adoc" | "pod" => Tongue::Prose,
        _ => return None,
    })
}

/// All files below the folders, in the order of their paths; a package is the first folder below a root.
pub(super) fn files(roots: &[PathBuf], mut each: impl FnMut(File)) -> anyhow::Result<()> {
    for root in roots {
        let mut packages: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(root).with_context(|| format!("cannot read the folder `{}`", root.display()))? {
            packages.push(entry?.path());
        }
        packages.sort();
        for package in packages {
            let mut paths = Vec::new();
            walk(&package, &mut paths);
            paths.sort();
            let step = paths.len().div_ceil(FILES_A_PACKAGE_MAX).max(1);
            let name = package.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            for path in paths.into_iter().step_by(step) {
                let (Some(tongue), Ok(text)) = (tongue(&path), std::fs::read_to_string(&path)) else { continue };
                each(File { package: name.clone(), tongue, text, path });
            }
        }
    }
    Ok(())
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_dir() {
            walk(&path, paths);
        } else if kind.is_file()
            && tongue(&path).is_some()
            && entry.metadata().is_ok_and(|meta| meta.len() < FILE_MAX_BYTES)
        {
            paths.push(path);
        }
    }
}

/// Counts of signs and words.
#[derive(Default)]
pub(super) struct Counts {
    trigrams: Vec<u64>,
    words: BTreeMap<String, BTreeSet<u64>>,
}

impl Counts {
    /// Each name of a file once.
    pub(super) fn add(&mut self, file: &File, package: u64) {
        self.trigrams.resize(TRIGRAMS, 0);
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for name in file.text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))) {
            if (3..40).contains(&name.len()) {
                names.insert(name);
            }
        }
        for name in names {
            let (mut a, mut b) = (b' ', b' ');
            for c in name.bytes() {
                if let Some(count) = self.trigrams.get_mut(trigram(a, b, c)) {
                    *count += 1;
                }
                (a, b) = (b, c);
            }
            for word in words(name)
                .into_iter()
                .filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()) && (3..15).contains(&word.len()))
            {
                let packages = self.words.entry(word).or_default();
                if packages.len() < 64 {
                    packages.insert(package);
                }
            }
        }
    }

    /// The tables of the recogniser, and ordinary words.
    pub(super) fn language(&self) -> (Vec<u8>, Vec<u8>, Vec<String>) {
        const WORDS_MAX: usize = 14_000;
        let signs = 37;
        let mut table = vec![u8::MAX; TRIGRAMS];
        for row in 0..signs * signs {
            let cells = row * signs..(row + 1) * signs;
            let total: u64 = self.trigrams.get(cells.clone()).unwrap_or_default().iter().sum();
            for cell in cells {
                let count = self.trigrams.get(cell).copied().unwrap_or(0);
                #[expect(clippy::cast_precision_loss, reason = "a logarithm")]
                let nats = -(((count as f64) + 0.3) / ((total as f64) + 0.3 * 37.0)).ln();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
                let steps = (nats * 20.0).clamp(0.0, 255.0) as u8;
                if let Some(place) = table.get_mut(cell) {
                    *place = steps;
                }
            }
        }
        let mut words: Vec<(&String, usize)> =
            self.words.iter().map(|(word, packages)| (word, packages.len())).filter(|(_, count)| *count >= 4).collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        words.truncate(WORDS_MAX);
        let mut set = vec![0_u8; WORD_BYTES];
        for (word, _) in &words {
            for bit in word_bits(word) {
                if let Some(byte) = set.get_mut(bit / 8) {
                    *byte |= 1 << (bit % 8);
                }
            }
        }
        (table, set, words.into_iter().map(|(word, _)| word.clone()).collect())
    }
}

/// The rules whose recogniser weighs candidates.
pub(super) fn rules() -> Vec<&'static Rule> {
    let generic = |rule: &&Rule| rule.id.starts_with("generic-") && rule.id != "generic-url-password";
    RULES.iter().filter(generic).filter(|rule| matches!(rule.how, How::Recognise(..))).collect()
}

/// Calls `each` with every candidate of a text: its window and itself.
pub(super) fn candidates(text: &str, mut each: impl FnMut(&Window<'_>, &Candidate)) {
    let lower = text.to_ascii_lowercase();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for rule in rules() {
        for literal in rule.literals {
            for (place, _) in lower.match_indices(literal) {
                let (from, to) = (
                    floor(text, place.saturating_sub(rule.back_bytes)),
                    floor(text, (place + rule.ahead_bytes).min(text.len())),
                );
                let Some(part) = text.get(from..to) else { continue };
                let window = Window { text: part, at: place - from, starts: from == 0, ends: to == text.len() };
                let Some(candidate) = Candidate::at(&window) else { continue };
                if seen.insert(from + candidate.value().start) {
                    each(&window, &candidate);
                }
            }
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The language from its two tables.
pub(super) fn language(trigrams: &[u8], words: &[u8]) -> Language {
    Language::new(trigrams.to_vec(), words.to_vec())
}
