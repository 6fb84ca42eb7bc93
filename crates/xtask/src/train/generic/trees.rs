//! Gradient-boosted trees on binned features, the same on every run.

use yata_lens::generic::{FEATURES, LEAF};

/// One example.
pub(super) struct Example {
    pub(super) row: [f32; FEATURES],
    pub(super) label: bool,
    pub(super) weight: f32,
}

const TREES: usize = 260;
const DEPTH: usize = 6;
const BINS: usize = 64;
const RATE: f32 = 0.09;
const SMOOTHING: f32 = 3.0;
const LEAF_WEIGHT_MIN: f32 = 6.0;
const GAIN_MIN: f32 = 0.4;

/// Feature, threshold, left, right.
type Node = (u8, f32, u16, u16);

/// Where each feature is cut into bins.
fn edges(examples: &[Example], feature: usize) -> Vec<f32> {
    let mut numbers: Vec<f32> = examples.iter().filter_map(|example| example.row.get(feature)).copied().collect();
    numbers.sort_by(f32::total_cmp);
    let mut distinct = numbers.clone();
    distinct.dedup();
    if distinct.len() <= BINS {
        distinct.pop();
        return distinct;
    }
    let mut edges: Vec<f32> = (1..BINS).filter_map(|bin| numbers.get(bin * numbers.len() / BINS)).copied().collect();
    edges.dedup();
    edges
}

struct Binned {
    edges: Vec<Vec<f32>>,
    /// One column a feature.
    columns: Vec<Vec<u8>>,
}

fn bin(examples: &[Example]) -> Binned {
    let edges: Vec<Vec<f32>> = (0..FEATURES).map(|feature| edges(examples, feature)).collect();
    let columns = edges
        .iter()
        .enumerate()
        .map(|(feature, edges)| {
            let place = |example: &Example| {
                let number = example.row.get(feature).copied().unwrap_or(0.0);
                u8::try_from(edges.partition_point(|edge| *edge < number)).unwrap_or(u8::MAX)
            };
            examples.iter().map(place).collect()
        })
        .collect();
    Binned { edges, columns }
}

/// The trees, written as the recogniser reads them.
pub(super) fn train(examples: &[Example]) -> Vec<u8> {
    let binned = bin(examples);
    let mut scores = vec![0.0_f32; examples.len()];
    let mut out = Vec::new();
    for round in 0..TREES {
        let gradients: Vec<(f32, f32)> = examples
            .iter()
            .zip(&scores)
            .map(|(example, score)| {
                let p = 1.0 / (1.0 + (-score).exp());
                let y = f32::from(u8::from(example.label));
                ((p - y) * example.weight, (p * (1.0 - p)).max(1e-6) * example.weight)
            })
            .collect();
        let mut tree: Vec<Node> = Vec::new();
        let all: Vec<u32> = (0..u32::try_from(examples.len()).unwrap_or(u32::MAX)).collect();
        grow(&binned, &gradients, &all, DEPTH, round, &mut tree, &mut scores);
        write(&tree, &mut out);
    }
    out
}

fn write(tree: &[Node], out: &mut Vec<u8>) {
    out.extend(u16::try_from(tree.len()).unwrap_or(0).to_le_bytes());
    for (feature, threshold, left, right) in tree {
        out.push(*feature);
        out.extend(threshold.to_le_bytes());
        out.extend(left.to_le_bytes());
        out.extend(right.to_le_bytes());
    }
}

fn sums(gradients: &[(f32, f32)], rows: &[u32]) -> (f64, f64) {
    rows.iter()
        .filter_map(|row| gradients.get(*row as usize))
        .fold((0.0, 0.0), |(g, h), (dg, dh)| (g + f64::from(*dg), h + f64::from(*dh)))
}

fn grow(
    binned: &Binned,
    gradients: &[(f32, f32)],
    rows: &[u32],
    depth: usize,
    round: usize,
    tree: &mut Vec<Node>,
    scores: &mut [f32],
) -> u16 {
    let here = tree.len();
    let (g, h) = sums(gradients, rows);
    let split = if depth == 0 { None } else { best(binned, gradients, rows, (g, h), round) };
    let Some((feature, bin)) = split else {
        #[expect(clippy::cast_possible_truncation, reason = "a weight needs no more")]
        let weight = (-g / (h + f64::from(SMOOTHING))) as f32 * RATE;
        // Quantised to 1/1024.
        let weight = (weight * 1024.0).round() / 1024.0;
        tree.push((LEAF, weight, 0, 0));
        for row in rows {
            if let Some(score) = scores.get_mut(*row as usize) {
                *score += weight;
            }
        }
        return u16::try_from(here).unwrap_or(u16::MAX);
    };
    let column = binned.columns.get(feature).map(Vec::as_slice).unwrap_or_default();
    let threshold = binned.edges.get(feature).and_then(|edges| edges.get(bin)).copied().unwrap_or(0.0);
    let (left, right): (Vec<u32>, Vec<u32>) =
        rows.iter().partition(|row| column.get(**row as usize).is_some_and(|place| usize::from(*place) <= bin));
    tree.push((u8::try_from(feature).unwrap_or(0), threshold, 0, 0));
    let left = grow(binned, gradients, &left, depth - 1, round, tree, scores);
    let right = grow(binned, gradients, &right, depth - 1, round, tree, scores);
    if let Some(node) = tree.get_mut(here) {
        (node.2, node.3) = (left, right);
    }
    u16::try_from(here).unwrap_or(u16::MAX)
}

/// The feature and the last bin of its left side that gain most. Each round sees two thirds of the features.
fn best(
    binned: &Binned,
    gradients: &[(f32, f32)],
    rows: &[u32],
    total: (f64, f64),
    round: usize,
) -> Option<(usize, usize)> {
    let score = |g: f64, h: f64| g * g / (h + f64::from(SMOOTHING));
    let mut best: Option<(f64, usize, usize)> = None;
    for (feature, column) in binned.columns.iter().enumerate() {
        let bins = binned.edges.get(feature).map_or(0, Vec::len) + 1;
        if bins < 2 || (feature * 7 + round * 5).is_multiple_of(3) {
            continue;
        }
        let mut histogram = [(0.0_f64, 0.0_f64); BINS + 1];
        for row in rows {
            let (Some(place), Some((g, h))) = (column.get(*row as usize), gradients.get(*row as usize)) else {
                continue;
            };
            if let Some(cell) = histogram.get_mut(usize::from(*place)) {
                cell.0 += f64::from(*g);
                cell.1 += f64::from(*h);
            }
        }
        let (mut g, mut h) = (0.0, 0.0);
        for (bin, cell) in histogram.iter().take(bins - 1).enumerate() {
            g += cell.0;
            h += cell.1;
            if h < f64::from(LEAF_WEIGHT_MIN) || total.1 - h < f64::from(LEAF_WEIGHT_MIN) {
                continue;
            }
            let gain = score(g, h) + score(total.0 - g, total.1 - h) - score(total.0, total.1);
            if gain > f64::from(GAIN_MIN) && best.is_none_or(|(most, _, _)| gain > most) {
                best = Some((gain, feature, bin));
            }
        }
    }
    best.map(|(_, feature, bin)| (feature, bin))
}
