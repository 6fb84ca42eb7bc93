//! The trained part: how rare a text is among the words of code, and trees over the features.
//!
//! `models/README.md` says how it was trained, on what, and how well it does.

use std::sync::LazyLock;

use super::features::FEATURES;

/// Letters, digits and "anything else".
const SIGNS: usize = 37;
/// Bytes of the table of three signs.
pub const TRIGRAMS: usize = SIGNS * SIGNS * SIGNS;
/// Bytes of the set of words.
pub const WORD_BYTES: usize = 32 * 1024;
/// How the table writes -ln p.
const STEPS_PER_NAT: f32 = 20.0;
/// Bytes of one node: feature, threshold, two children.
const NODE_BYTES: usize = 9;
/// A node of this feature is a leaf; its threshold is its weight.
pub const LEAF: u8 = u8::MAX;

static SHIPPED: &[u8] = include_bytes!("../../models/generic.bin");
static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(SHIPPED));

/// What is known of the words of code.
#[derive(Debug, Clone, Default)]
pub struct Language {
    trigrams: Vec<u8>,
    words: Vec<u8>,
}

/// How rare a text is: nats a sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rarity {
    /// Over the whole.
    pub(super) mean: f32,
    /// Of the rarest stretch of four signs.
    pub(super) least: f32,
    /// Nats of the whole.
    pub(super) undone: f32,
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) language: Language,
    nodes: Vec<Node>,
    roots: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    feature: u8,
    threshold: f32,
    left: usize,
    right: usize,
}

fn sign(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A'),
        b'0'..=b'9' => 26 + usize::from(byte - b'0'),
        _ => SIGNS - 1,
    }
}

/// The place of three signs in the table.
pub fn trigram(a: u8, b: u8, c: u8) -> usize {
    (sign(a) * SIGNS + sign(b)) * SIGNS + sign(c)
}

/// The two bits of a word in the set.
pub fn word_bits(word: &str) -> [usize; 2] {
    // FNV-1a, 64 bits.
    let hash = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let bits = u64::try_from(WORD_BYTES * 8).unwrap_or(1);
    let place = |hash: u64| usize::try_from(hash % bits).unwrap_or(0);
    [place(hash), place(hash >> 32)]
}

impl Language {
    /// From the tables that the trainer writes: [`TRIGRAMS`] bytes and [`WORD_BYTES`] bytes.
    pub fn new(trigrams: Vec<u8>, words: Vec<u8>) -> Self {
        Language { trigrams, words }
    }

    /// Whether it is a word that code often uses (lower case).
    pub fn known(&self, word: &str) -> bool {
        const WORD_MIN_BYTES: usize = 3;
        word.len() >= WORD_MIN_BYTES
            && word_bits(word).iter().all(|bit| self.words.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1))
    }

    pub(super) fn rarity(&self, text: &str) -> Rarity {
        let nats = |a: u8, b: u8, c: u8| {
            f32::from(self.trigrams.get(trigram(a, b, c)).copied().unwrap_or(u8::MAX)) / STEPS_PER_NAT
        };
        let (mut a, mut b) = (b' ', b' ');
        let (mut sum, mut least, mut last, mut count) = (0.0, 0.0_f32, [0.0_f32; 4], 0.0_f32);
        for c in text.bytes().take(128) {
            let cost = nats(a, b, c);
            sum += cost;
            count += 1.0;
            last = [last[1], last[2], last[3], cost];
            least = least.max(last.iter().sum::<f32>() / 4.0);
            (a, b) = (b, c);
        }
        Rarity { mean: sum / count.max(1.0), least, undone: sum }
    }

    /// How many letters of the words are covered by known words, the longest of these, and how many there are.
    pub(super) fn cover(&self, parts: &[String]) -> (usize, usize, usize) {
        let (mut covered, mut longest, mut known) = (0, 0, 0);
        for part in parts.iter().filter(|part| part.bytes().all(|byte| byte.is_ascii_alphabetic())) {
            let mut from = 0;
            while from < part.len().min(32) {
                let here =
                    (3..=14).rev().find(|length| part.get(from..from + length).is_some_and(|word| self.known(word)));
                if let Some(length) = here {
                    covered += length;
                    known += 1;
                    longest = longest.max(length);
                }
                from += here.unwrap_or(1);
            }
        }
        (covered, longest, known)
    }
}

impl Model {
    pub(super) fn shipped() -> &'static Model {
        &MODEL
    }

    /// Reads what the trainer wrote: the two tables, then trees, each as its number of nodes and the nodes.
    pub(super) fn read(bytes: &[u8]) -> Model {
        let (trigrams, rest) = bytes.split_at_checked(TRIGRAMS).unwrap_or_default();
        let (words, mut rest) = rest.split_at_checked(WORD_BYTES).unwrap_or_default();
        let mut model =
            Model { language: Language::new(trigrams.to_vec(), words.to_vec()), nodes: Vec::new(), roots: Vec::new() };
        while let Some((&count, after)) = rest.split_first_chunk::<2>() {
            let root = model.nodes.len();
            let size = usize::from(u16::from_le_bytes(count)) * NODE_BYTES;
            let Some((tree, after)) = after.split_at_checked(size) else { break };
            model.roots.push(root);
            for node in tree.chunks_exact(NODE_BYTES) {
                if let [feature, t0, t1, t2, t3, l0, l1, r0, r1] = *node {
                    model.nodes.push(Node {
                        feature,
                        threshold: f32::from_le_bytes([t0, t1, t2, t3]),
                        left: root + usize::from(u16::from_le_bytes([l0, l1])),
                        right: root + usize::from(u16::from_le_bytes([r0, r1])),
                    });
                }
            }
            rest = after;
        }
        model
    }

    /// The log-odds that a row is a credential.
    pub(super) fn score(&self, row: &[f32; FEATURES]) -> f32 {
        const DEPTH_MAX: usize = 16;
        let mut sum = 0.0;
        for &root in &self.roots {
            let mut at = root;
            for _ in 0..DEPTH_MAX {
                let Some(node) = self.nodes.get(at) else { break };
                if node.feature == LEAF {
                    sum += node.threshold;
                    break;
                }
                let number = row.get(usize::from(node.feature)).copied().unwrap_or(0.0);
                at = if number <= node.threshold { node.left } else { node.right };
            }
        }
        sum
    }
}
