//! Precision, recall and F1 with 95 % intervals.

use std::collections::BTreeMap;

use yata_lens::cases::Random;

use super::Counts;

/// Right, wrong, missed, rightly silent: by family and class.
#[derive(Default)]
pub(super) struct Tallies {
    families: BTreeMap<String, Counts>,
}

impl Tallies {
    pub(super) fn add(&mut self, family: &str, class: &str, credential: bool, found: bool) {
        let counts = self.families.entry(family.to_owned()).or_default().entry(class.to_owned()).or_default();
        let place = match (credential, found) {
            (true, true) => 0,
            (false, true) => 1,
            (true, false) => 2,
            (false, false) => 3,
        };
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }

    fn sum(&self, class: Option<&str>) -> [u64; 4] {
        sum(self.families.values(), class)
    }

    /// A Markdown table; the intervals of precision and recall are Wilson's, that of F1 is of 1,000 draws of families.
    pub(super) fn print(&self) {
        println!("| class | T | F | precision | recall | F1 |");
        println!("| --- | ---: | ---: | --- | --- | --- |");
        let classes: std::collections::BTreeSet<&str> =
            self.families.values().flat_map(|counts| counts.keys().map(String::as_str)).collect();
        for class in classes.into_iter().map(Some).chain([None]) {
            let [tp, fp, missed, silent] = self.sum(class);
            let name = class.unwrap_or("**all**");
            println!(
                "| {name} | {} | {} | {} | {} | {} |",
                tp + missed,
                fp + silent,
                share(tp, tp + fp),
                share(tp, tp + missed),
                self.f1(class)
            );
        }
    }

    fn f1(&self, class: Option<&str>) -> String {
        const DRAWS: usize = 1_000;
        let all: Vec<&Counts> = self.families.values().collect();
        let mut random = Random::new(1);
        let bound = u32::try_from(all.len()).unwrap_or(1);
        let mut draws: Vec<f64> = (0..DRAWS)
            .map(|_| f1(sum((0..all.len()).filter_map(|_| all.get(random.below(bound) as usize)).copied(), class)))
            .collect();
        draws.sort_by(f64::total_cmp);
        let at = |place: usize| draws.get(place).copied().unwrap_or(0.0);
        format!("{:.3} ({:.3}–{:.3})", f1(self.sum(class)), at(DRAWS / 40), at(DRAWS - DRAWS / 40 - 1))
    }
}

fn sum<'c>(families: impl Iterator<Item = &'c Counts>, class: Option<&str>) -> [u64; 4] {
    let mut total = [0; 4];
    for counts in families {
        for (_, cells) in counts.iter().filter(|(name, _)| class.is_none_or(|class| class == *name)) {
            total.iter_mut().zip(cells).for_each(|(total, cell)| *total += cell);
        }
    }
    total
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn f1([tp, fp, missed, _]: [u64; 4]) -> f64 {
    if tp == 0 { 0.0 } else { 2.0 * tp as f64 / (2 * tp + fp + missed) as f64 }
}

/// A share with Wilson's interval.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (z, n) = (1.96_f64, whole as f64);
    let p = part as f64 / n;
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    format!("{p:.3} ({:.3}–{:.3})", (middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_an_interval() {
        assert_eq!(share(9, 10), "0.900 (0.596–0.982)");
        assert_eq!(share(0, 0), "–");
    }

    #[test]
    fn f1_is_between_precision_and_recall() {
        assert!((f1([6, 2, 4, 0]) - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(f1([0, 3, 1, 0]).to_bits(), 0.0_f64.to_bits());
    }
}
