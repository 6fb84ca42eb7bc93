//! Logistic regression by stochastic gradient descent with a step for each weight (AdaGrad), then one byte a weight.

use yata_lens::training::Features;

use super::grammar::Random;

/// A sentence as the model sees it.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Its features.
    pub(crate) features: Features,
    /// Whether it is an instruction to a machine.
    pub(crate) attack: bool,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// How often all samples are seen.
const ROUNDS: usize = 6;
/// The first step.
const STEP: f32 = 0.25;
/// How strongly weights are drawn to zero.
const DECAY: f32 = 2e-6;

/// Weights, before or after rounding.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    /// Added to every score.
    pub(crate) bias: f32,
    /// One for each index.
    pub(crate) weights: Vec<f32>,
}

impl Fit {
    /// Learns from `samples`; the order in which they are seen depends on `seed` only.
    #[expect(clippy::indexing_slicing, reason = "every index is below the table's length by its own making")]
    pub(crate) fn learn(samples: &[Sample], seed: u64) -> Self {
        let size = 1 << yata_lens::training::WEIGHT_BITS;
        let mut fit = Self { bias: -3.0, weights: vec![0.0; size] };
        let mut squares = vec![1e-4_f32; size];
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut random = Random(seed);
        for _ in 0..ROUNDS {
            random.shuffle(&mut order);
            for sample in order.iter().map(|at| &samples[*at]) {
                let chance = 1.0 / (1.0 + (-fit.score(&sample.features)).exp());
                let error = (chance - f32::from(u8::from(sample.attack))) * sample.weight;
                if error.abs() < 1e-4 {
                    continue;
                }
                fit.bias -= 0.002 * error;
                for part in [&sample.features.grams, &sample.features.words] {
                    let slope = error / root(part.len());
                    for index in part {
                        let at = *index as usize;
                        let slope = slope + DECAY * fit.weights[at];
                        squares[at] += slope * slope;
                        fit.weights[at] -= STEP * slope / squares[at].sqrt();
                    }
                }
            }
        }
        fit
    }

    /// The logit of a sentence.
    #[expect(clippy::indexing_slicing, reason = "every index is below the table's length by its own making")]
    pub(crate) fn score(&self, features: &Features) -> f32 {
        let part = |part: &[u32]| part.iter().map(|at| self.weights[*at as usize]).sum::<f32>() / root(part.len());
        self.bias + part(&features.grams) + part(&features.words)
    }

    /// Rounds the weights to steps of one byte; returns the step and the bytes, and keeps the rounded weights.
    #[expect(clippy::cast_possible_truncation, reason = "rounded and held to the range of a byte")]
    pub(crate) fn round(&mut self) -> (f32, Vec<u8>) {
        let mut sizes: Vec<f32> = self.weights.iter().map(|weight| weight.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let most = sizes.get(sizes.len() - sizes.len() / 2000).copied().unwrap_or(1.0).max(1e-6);
        let step = most / 127.0;
        let bytes: Vec<i8> =
            self.weights.iter().map(|weight| (weight / step).round().clamp(-127.0, 127.0) as i8).collect();
        self.weights = bytes.iter().map(|byte| f32::from(*byte) * step).collect();
        (step, bytes.iter().map(|byte| byte.cast_unsigned()).collect())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand features")]
fn root(count: usize) -> f32 {
    (count.max(1) as f32).sqrt()
}
