//! How well names are found in the labelled sentences of `corpus/names.tsv`.

use crate::Lens;

/// Text and marked names of one line.
fn labelled(line: &str) -> (String, Vec<(usize, usize)>) {
    let text = line.split_once('\t').map_or("", |(_, text)| text).replace("\\n", "\n");
    let (mut plain, mut names, mut open) = (String::new(), Vec::new(), 0);
    for character in text.chars() {
        match character {
            '«' => open = plain.len(),
            '»' => names.push((open, plain.len())),
            other => plain.push(other),
        }
    }
    (plain, names)
}

#[test]
fn names_are_found_and_words_are_not() {
    let lens = Lens::new(|rule| rule.id.ends_with("-person-name"));
    let (mut right, mut found, mut wanted) = (0usize, 0usize, 0usize);
    let mut lines = 0;
    for line in include_str!("../../corpus/names.tsv").lines() {
        let (text, names) = labelled(line);
        let hits: Vec<(usize, usize)> = lens
            .scan(text.as_bytes())
            .iter()
            .filter_map(|hit| Some((usize::try_from(hit.value.start).ok()?, usize::try_from(hit.value.end).ok()?)))
            .collect();
        right += hits.iter().filter(|hit| names.contains(hit)).count();
        found += hits.len();
        wanted += names.len();
        lines += 1;
    }
    let share = |part: usize, whole: usize| 100 * part / whole.max(1);
    let (precision, recall) = (share(right, found), share(right, wanted));
    println!("names: {lines} sentences, {wanted} names, precision {precision} %, recall {recall} % (whole spans)");
    assert!(lines >= 300 && precision >= 85 && recall >= 85, "precision {precision} %, recall {recall} %");
}
