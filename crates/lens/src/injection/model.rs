//! A linear model over a sentence's features, trained by `cargo xtask train injection` and shipped with the crate.
//! `models/README.md` is its data sheet.

#[cfg(feature = "train")]
use super::features::Features;
use super::features::{Part, WEIGHT_BITS, features};
use super::lexicon::classes;

/// The file: magic, bias, step of a weight, threshold (32-bit floats, little-endian), then one signed byte a weight.
static FILE: &[u8] = include_bytes!("../../models/injection.bin");

/// The first bytes of the file.
#[cfg_attr(not(feature = "train"), expect(unreachable_pub, reason = "public for the trainer"))]
pub const MAGIC: [u8; 8] = *b"YATAINJ1";

/// What the file says, borrowed from it.
struct Model {
    bias: f32,
    step: f32,
    threshold: f32,
    weights: &'static [u8],
}

fn model() -> Option<Model> {
    let rest = FILE.strip_prefix(&MAGIC)?;
    let (bias, rest) = float(rest)?;
    let (step, rest) = float(rest)?;
    let (threshold, weights) = float(rest)?;
    (weights.len() == 1 << WEIGHT_BITS).then_some(Model { bias, step, threshold, weights })
}

fn float(bytes: &'static [u8]) -> Option<(f32, &'static [u8])> {
    bytes.split_first_chunk::<4>().map(|(first, rest)| (f32::from_le_bytes(*first), rest))
}

/// How far above its threshold the model sees `sentence`, in logits; `None` where it is not worth looking.
pub(crate) fn margin(sentence: &str) -> Option<f32> {
    let classes = classes(sentence);
    if !classes.suffice() {
        return None;
    }
    let model = model()?;
    let (mut grams, mut words) = ((0_i32, 0_u16), (0_i32, 0_u16));
    features(sentence, classes, &mut |part, index| {
        let (sum, count) = if part == Part::Grams { &mut grams } else { &mut words };
        *sum += model.weight(index);
        *count = count.saturating_add(1);
    });
    Some(model.bias + model.part(grams) + model.part(words) - model.threshold)
}

impl Model {
    /// The sum of some weights, over the square root of their number.
    fn part(&self, (sum, count): (i32, u16)) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand weights of one byte each")]
        let sum = sum as f32;
        sum * self.step / f32::from(count.max(1)).sqrt()
    }

    fn weight(&self, index: u32) -> i32 {
        let byte = usize::try_from(index).ok().and_then(|index| self.weights.get(index));
        byte.map_or(0, |byte| i32::from(byte.cast_signed()))
    }
}

/// For the trainer: the features of `sentence` as the shipped recogniser computes them, or `None` if it would not ask
/// the model.
#[cfg(feature = "train")]
pub fn features_of(sentence: &str) -> Option<Features> {
    let classes = classes(sentence);
    classes.suffice().then(|| Features::of(sentence, classes))
}
