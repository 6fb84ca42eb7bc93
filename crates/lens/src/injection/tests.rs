//! The model and the rules on sentences that nothing was learnt from.

use crate::{Class, Lens};

const SETS: [(&str, &str); 4] = [
    ("attacks.en", include_str!("../../corpus/injection/attacks.en.txt")),
    ("attacks.ja", include_str!("../../corpus/injection/attacks.ja.txt")),
    ("benign.en", include_str!("../../corpus/injection/benign.en.txt")),
    ("benign.ja", include_str!("../../corpus/injection/benign.ja.txt")),
];

/// How many lines of a set are found, those that are, and those that are not.
fn judged(name: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let lens = Lens::new(|rule| rule.class == Class::Injection);
    let set = SETS.iter().find(|(other, _)| *other == name).map(|(_, text)| *text).unwrap();
    set.lines().filter(|line| !line.is_empty()).partition(|line| !lens.scan(line.as_bytes()).is_empty())
}

fn least_found(name: &str, least_per_mille: usize) {
    let (found, missed) = judged(name);
    let per_mille = found.len() * 1000 / (found.len() + missed.len());
    assert!(per_mille >= least_per_mille, "{name}: {per_mille} per mille found; missed:\n{}", missed.join("\n"));
}

fn most_found(name: &str, most_per_mille: usize) {
    let (found, silent) = judged(name);
    let per_mille = found.len() * 1000 / (found.len() + silent.len());
    assert!(per_mille < most_per_mille, "{name}: {per_mille} per mille found:\n{}", found.join("\n"));
}

#[test]
fn most_attacks_are_found() {
    least_found("attacks.en", 750);
    least_found("attacks.ja", 820);
}

#[test]
fn under_one_in_a_hundred_benign_sentences_is_found() {
    most_found("benign.en", 10);
    most_found("benign.ja", 10);
}

#[test]
fn no_sentence_stands_in_two_sets() {
    let mut lines: Vec<&str> = SETS.iter().flat_map(|(_, text)| text.lines()).collect();
    let count = lines.len();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), count);
}
