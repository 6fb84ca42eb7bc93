//! The first pass: where could a literal stand?
//!
//! Three bytes are looked up at every second position in a bitmap of 8 KiB, which stays in the first-level cache. A
//! literal of four bytes has one of its three-byte pieces at an even position, wherever it begins; of a literal of
//! three bytes the second piece is entered with every following byte. Case is folded by setting bit 5, so that one
//! look-up serves literals with and without case; the literal itself is compared afterwards.

/// The bits of a hash.
const HASH_BITS: u32 = 16;
const WORDS: usize = 1 << (HASH_BITS - 6);
/// The shortest literal.
pub(crate) const LITERAL_MIN_BYTES: usize = 3;

/// One literal and whose it is.
#[derive(Debug, Clone)]
struct Literal {
    bytes: Box<[u8]>,
    ignore_case: bool,
    /// The index of the rule in the selection.
    rule: u16,
}

/// One way into a literal.
#[derive(Debug, Clone, Copy)]
struct Entry {
    literal: u16,
    /// Whether the piece begins at the literal's second byte.
    second: bool,
    /// The literal's first four bytes, case folded; for a literal of three, the fourth is free.
    head: u32,
    mask: u32,
}

/// The literals of all selected rules.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    bits: Box<[u64; WORDS]>,
    /// How many bits are set before each word.
    before: Box<[u16; WORDS]>,
    /// Where the entries of the nth set bit begin.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    literals: Vec<Literal>,
}

fn hash(three: u32) -> usize {
    ((three & 0x00ff_ffff).wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize
}

fn head(bytes: &[u8]) -> u32 {
    let mut four = [0u8; 4];
    four.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from | 0x20);
    u32::from_le_bytes(four)
}

impl Filter {
    /// Builds the filter from (literal, whether its case is ignored, index of the rule).
    pub(crate) fn new<'a>(literals: impl Iterator<Item = (&'a str, bool, u16)>) -> Self {
        let literals: Vec<Literal> = literals
            .map(|(text, ignore_case, rule)| Literal { bytes: text.as_bytes().into(), ignore_case, rule })
            .collect();
        let mut ways: Vec<(usize, Entry)> = Vec::new();
        for (literal, index) in literals.iter().zip(0u16..) {
            let long = literal.bytes.len() > LITERAL_MIN_BYTES;
            let (head, mask) = (head(&literal.bytes), if long { u32::MAX } else { 0x00ff_ffff });
            let entry = |second| Entry { literal: index, second, head: head & mask, mask };
            ways.push((hash(head), entry(false)));
            if long {
                ways.push((hash(head >> 8), entry(true)));
            } else {
                let second = |last: u32| (hash((head >> 8) & 0xffff | (last << 16)), entry(true));
                // A byte that is not there, at the end of the text, counts as 0.
                ways.extend((0..=255u32).filter(|last| *last == 0 || last & 0x20 != 0).map(second));
            }
        }
        ways.sort_by_key(|(hash, entry)| (*hash, entry.literal, entry.second));
        ways.dedup_by_key(|(hash, entry)| (*hash, entry.literal, entry.second));
        let mut filter = Filter {
            bits: Box::new([0; WORDS]),
            before: Box::new([0; WORDS]),
            starts: Vec::new(),
            entries: Vec::with_capacity(ways.len()),
            literals,
        };
        let mut last = None;
        for (hash, entry) in ways {
            if last != Some(hash) {
                last = Some(hash);
                filter.starts.push(u32::try_from(filter.entries.len()).unwrap_or(u32::MAX));
                if let Some(word) = filter.bits.get_mut(hash >> 6) {
                    *word |= 1 << (hash & 63);
                }
            }
            filter.entries.push(entry);
        }
        filter.starts.push(u32::try_from(filter.entries.len()).unwrap_or(u32::MAX));
        let mut count = 0u16;
        for (word, before) in filter.bits.iter().zip(filter.before.iter_mut()) {
            *before = count;
            count = count.saturating_add(u16::try_from(word.count_ones()).unwrap_or(0));
        }
        filter
    }

    /// Calls `each` with the place and the rule of every literal that begins in `from..to`.
    pub(crate) fn find(&self, text: &[u8], from: usize, to: usize, each: &mut impl FnMut(usize, u16)) {
        if self.literals.is_empty() {
            return;
        }
        // Whether a position is even is counted from the start of this call; each literal has a way for both cases.
        let mut at = from;
        let end = to.min(text.len());
        // One position before `from` need not be looked at: a literal that begins there is not ours.
        let blocks = text.get(from..).unwrap_or_default().chunks_exact(8);
        for block in blocks {
            if at > end {
                return;
            }
            let Some(after) = text.get(at + 8..at + 10) else { break };
            let wide = u64::from_le_bytes(block.try_into().unwrap_or_default()) | 0x2020_2020_2020_2020;
            let next = u64::from(u16::from_le_bytes(after.try_into().unwrap_or_default()) | 0x2020);
            let (a, b, c) = (wide as u32, (wide >> 16) as u32, (wide >> 32) as u32);
            let d = (wide >> 48 | next << 16) as u32;
            let hit = self.bit(a) | self.bit(b) << 1 | self.bit(c) << 2 | self.bit(d) << 3;
            if hit != 0 {
                for (step, three) in [a, b, c, d].into_iter().enumerate() {
                    if hit >> step & 1 == 1 {
                        self.ways(text, at + 2 * step, three, from, end, each);
                    }
                }
            }
            at += 8;
        }
        while at <= end {
            let piece = text.get(at..).unwrap_or_default();
            if piece.len() + 1 >= LITERAL_MIN_BYTES {
                self.ways(text, at, head(piece), from, end, each);
            }
            at += 2;
        }
    }

    fn bit(&self, three: u32) -> u64 {
        let hash = hash(three);
        self.bits.get(hash >> 6).map_or(0, |word| word >> (hash & 63) & 1)
    }

    /// Follows the ways of one bit. Out of line: the loop above must stay small.
    #[inline(never)]
    fn ways(&self, text: &[u8], at: usize, three: u32, from: usize, end: usize, each: &mut impl FnMut(usize, u16)) {
        let hash = hash(three);
        let (Some(word), Some(before)) = (self.bits.get(hash >> 6), self.before.get(hash >> 6)) else { return };
        if word >> (hash & 63) & 1 == 0 {
            return;
        }
        let nth = usize::from(*before) + (word & ((1 << (hash & 63)) - 1)).count_ones() as usize;
        let (Some(first), Some(last)) = (self.starts.get(nth), self.starts.get(nth + 1)) else { return };
        let heads =
            (head(text.get(at..).unwrap_or_default()), at.checked_sub(1).and_then(|at| text.get(at..)).map(head));
        for entry in self.entries.get(*first as usize..*last as usize).unwrap_or_default() {
            let here = if entry.second { heads.1 } else { Some(heads.0) };
            if here.is_none_or(|here| here & entry.mask != entry.head) {
                continue;
            }
            let start = at - usize::from(entry.second);
            let Some(literal) = self.literals.get(usize::from(entry.literal)) else { continue };
            if start >= from && start < end && literal.stands(text, start) {
                each(start, literal.rule);
            }
        }
    }
}

impl Literal {
    fn stands(&self, text: &[u8], at: usize) -> bool {
        let there = text.get(at..).and_then(|rest| rest.get(..self.bytes.len()));
        there.is_some_and(|there| {
            if self.ignore_case { there.eq_ignore_ascii_case(&self.bytes) } else { *there == *self.bytes }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LITERALS: [(&str, bool); 6] =
        [("sk-", false), ("ghp_", false), ("password", true), ("AKIA", false), ("パスワード", false), ("key", true)];

    fn naive(text: &[u8], from: usize, to: usize) -> Vec<(usize, u16)> {
        let mut found = Vec::new();
        for at in from..to.min(text.len()) {
            for ((literal, ignore_case), rule) in LITERALS.iter().zip(0u16..) {
                let Some(there) = text.get(at..at + literal.len()) else { continue };
                let same = if *ignore_case {
                    there.eq_ignore_ascii_case(literal.as_bytes())
                } else {
                    there == literal.as_bytes()
                };
                if same {
                    found.push((at, rule));
                }
            }
        }
        found
    }

    proptest! {
        #[test]
        fn agrees_with_the_naive_search(
            words in prop::collection::vec(prop_oneof![
                Just("sk-".to_owned()), Just("ghp_".to_owned()), Just("PassWord".to_owned()), Just("AKIA".to_owned()),
                Just("パスワード".to_owned()), Just("KEY".to_owned()), "[ -~]{0,9}", "\\PC{0,3}",
            ], 0..12),
            from in 0usize..20, less in 0usize..20,
        ) {
            let text = words.concat();
            let filter = Filter::new(LITERALS.iter().zip(0u16..).map(|((text, case), rule)| (*text, *case, rule)));
            let to = text.len().saturating_sub(less);
            let mut found = Vec::new();
            filter.find(text.as_bytes(), from, to, &mut |at, rule| found.push((at, rule)));
            found.sort_unstable();
            prop_assert_eq!(found, naive(text.as_bytes(), from, to));
        }
    }
}
