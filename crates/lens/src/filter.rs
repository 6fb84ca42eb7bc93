//! The first pass: where could a literal stand?
//!
//! Three bytes are looked up at every second position in a bitmap of 32 KiB, which stays near the core. A
//! literal of four bytes has one of its three-byte pieces at an even position, wherever it begins; of a literal of
//! three bytes the second piece is entered with every byte that may follow. Where that bitmap says yes, a second one is
//! asked for the four bytes with which the literal would begin. Case is folded by setting bit 5, so that one look-up
//! serves literals with and without case; the literal itself is compared afterwards.

use std::collections::HashMap;

/// The bits of a hash.
const HASH_BITS: u32 = 18;
const WORDS: usize = 1 << (HASH_BITS - 6);
/// The shortest literal.
pub(crate) const LITERAL_MIN_BYTES: usize = 3;

/// A literal that a rule wants to be told of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) text: &'a str,
    pub(crate) ignore_case: bool,
    /// The characters of which one follows, where `text` has three bytes only; empty for any.
    pub(crate) next: &'a str,
    /// The index of the rule in the selection.
    pub(crate) rule: u16,
}

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
    /// How far into the literal its four compared bytes stand.
    offset: u8,
    /// Whether the piece begins at the second of them.
    second: bool,
    /// The four bytes, case folded; for a literal of three, the fourth is free.
    head: u32,
    mask: u32,
}

/// The literals of all selected rules.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    bits: Box<[u64; WORDS]>,
    /// The four bytes by which each literal is looked for.
    heads: Box<[u64; WORDS]>,
    /// How many bits are set before each word.
    before: Box<[u16; WORDS]>,
    /// Where the entries of the nth set bit begin.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    literals: Vec<Literal>,
}

/// The lower four bytes.
fn low(wide: u64) -> u32 {
    u32::try_from(wide & 0xffff_ffff).unwrap_or(0)
}

fn hash(three: u32) -> usize {
    ((three & 0x00ff_ffff).wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize
}

fn hash_head(four: u32) -> usize {
    (four.wrapping_mul(0x85eb_ca6b) >> (32 - HASH_BITS)) as usize
}

fn is_set(bits: &[u64; WORDS], hash: usize) -> bool {
    bits.get(hash >> 6).is_some_and(|word| word >> (hash & 63) & 1 == 1)
}

fn set(bits: &mut [u64; WORDS], hash: usize) {
    if let Some(word) = bits.get_mut(hash >> 6) {
        *word |= 1 << (hash & 63);
    }
}

fn head(bytes: &[u8]) -> u32 {
    let mut four = [0u8; 4];
    four.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from | 0x20);
    u32::from_le_bytes(four)
}

impl Filter {
    /// Builds the filter.
    pub(crate) fn new<'a>(wanted: impl Iterator<Item = Wanted<'a>>) -> Self {
        let mut heads = Box::new([0; WORDS]);
        let (mut ways, mut literals): (Vec<(usize, Entry)>, Vec<Literal>) = (Vec::new(), Vec::new());
        let common = common_trigrams();
        for (wanted, index) in wanted.zip(0u16..) {
            let bytes = wanted.text.as_bytes();
            let long = bytes.len() > LITERAL_MIN_BYTES;
            let offset = rarest(bytes, &common);
            let head = head(bytes.get(usize::from(offset)..).unwrap_or_default());
            let mask = if long { u32::MAX } else { 0x00ff_ffff };
            let entry = |second| Entry { literal: index, offset, second, head: head & mask, mask };
            ways.push((hash(head), entry(false)));
            if long {
                ways.push((hash(head >> 8), entry(true)));
                set(&mut heads, hash_head(head));
            } else {
                // A byte that is not there, at the end of the text, counts as 0.
                let any = (0..=u8::MAX).filter(|_| wanted.next.is_empty());
                for last in wanted.next.bytes().chain(any).map(|next| u32::from(next | 0x20)).chain([0]) {
                    ways.push((hash((head >> 8) & 0xffff | (last << 16)), entry(true)));
                    set(&mut heads, hash_head(head & 0x00ff_ffff | last << 24));
                }
            }
            literals.push(Literal { bytes: bytes.into(), ignore_case: wanted.ignore_case, rule: wanted.rule });
        }
        ways.sort_by_key(|(hash, entry)| (*hash, entry.literal, entry.second));
        ways.dedup_by_key(|(hash, entry)| (*hash, entry.literal, entry.second));
        let mut filter = Filter {
            bits: Box::new([0; WORDS]),
            heads,
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
                set(&mut filter.bits, hash);
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
        // A literal that begins before `from` is not ours; one that begins before `end` may be met a little after it.
        let reach = end.saturating_add(OFFSET_MAX_BYTES);
        let blocks = text.get(from..).unwrap_or_default().chunks_exact(8);
        for block in blocks {
            if at > reach {
                return;
            }
            let Some(after) = text.get(at + 8..at + 10) else { break };
            let wide = u64::from_le_bytes(block.try_into().unwrap_or_default()) | 0x2020_2020_2020_2020;
            let next = u64::from(u16::from_le_bytes(after.try_into().unwrap_or_default()) | 0x2020);
            let (a, b, c, d) = (low(wide), low(wide >> 16), low(wide >> 32), low(wide >> 48 | next << 16));
            let hit = self.bit(a) | self.bit(b) << 1 | self.bit(c) << 2 | self.bit(d) << 3;
            if hit != 0 {
                for step in 0..4 {
                    if hit >> step & 1 == 1 {
                        self.begins(text, at + 2 * step, from, end, each);
                    }
                }
            }
            at += 8;
        }
        while at <= reach.min(text.len()) {
            if text.get(at..).is_some_and(|piece| piece.len() + 1 >= LITERAL_MIN_BYTES) {
                self.begins(text, at, from, end, each);
            }
            at += 2;
        }
    }

    fn bit(&self, three: u32) -> u64 {
        u64::from(is_set(&self.bits, hash(three)))
    }

    /// Whether a literal could begin at `at`, or one byte before it.
    fn begins(&self, text: &[u8], at: usize, from: usize, end: usize, each: &mut impl FnMut(usize, u16)) {
        let here = head(text.get(at..).unwrap_or_default());
        let before = at.checked_sub(1).and_then(|at| text.get(at..)).map_or(0, head);
        if is_set(&self.heads, hash_head(here)) || is_set(&self.heads, hash_head(before)) {
            self.ways(text, at, (here, before), from, end, each);
        }
    }

    /// Follows the ways of one bit. Out of line: the loop above must stay small.
    #[inline(never)]
    fn ways(
        &self,
        text: &[u8],
        at: usize,
        heads: (u32, u32),
        from: usize,
        end: usize,
        each: &mut impl FnMut(usize, u16),
    ) {
        let hash = hash(heads.0);
        let (Some(word), Some(before)) = (self.bits.get(hash >> 6), self.before.get(hash >> 6)) else { return };
        if word >> (hash & 63) & 1 == 0 {
            return;
        }
        let nth = usize::from(*before) + (word & ((1 << (hash & 63)) - 1)).count_ones() as usize;
        let (Some(first), Some(last)) = (self.starts.get(nth), self.starts.get(nth + 1)) else { return };
        for entry in self.entries.get(*first as usize..*last as usize).unwrap_or_default() {
            let here = if entry.second { heads.1 } else { heads.0 };
            let before = usize::from(entry.offset) + usize::from(entry.second);
            let Some(start) = at.checked_sub(before) else { continue };
            if here & entry.mask != entry.head {
                continue;
            }
            let Some(literal) = self.literals.get(usize::from(entry.literal)) else { continue };
            if start >= from && start < end && literal.stands(text, start) {
                each(start, literal.rule);
            }
        }
    }
}

/// How far into a literal the bytes by which it is looked for may stand.
const OFFSET_MAX_BYTES: usize = 24;

/// The three-byte pieces that are most common in source code and prose, case folded, with their rank: the most common
/// has the highest.
fn common_trigrams() -> HashMap<u32, u32> {
    let list = include_str!("../data/trigrams.txt").lines().filter(|line| line.len() == LITERAL_MIN_BYTES);
    list.rev().zip(1..).map(|(piece, rank)| (head(piece.as_bytes()) & 0x00ff_ffff, rank)).collect()
}

/// Where in a literal its four rarest neighbouring bytes stand, as far as common pieces tell.
fn rarest(literal: &[u8], common: &HashMap<u32, u32>) -> u8 {
    let cost = |four: &[u8]| {
        let head = head(four);
        [head & 0x00ff_ffff, head >> 8].iter().map(|piece| common.get(piece).copied().unwrap_or(0)).sum::<u32>()
    };
    let best = literal.windows(4).take(OFFSET_MAX_BYTES).zip(0u8..).min_by_key(|(four, at)| (cost(four), *at));
    best.map_or(0, |(_, at)| at)
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

    /// All printable ASCII: what the rules give at most.
    const NEXT: &str =
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    /// Whether what follows a literal of three bytes is what the rule says.
    fn followed(text: &[u8], at: usize, literal: &str) -> bool {
        literal.len() > 3 || text.get(at + 3).is_none_or(|next| NEXT.bytes().any(|may| may | 0x20 == next | 0x20))
    }

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
                if same && followed(text, at, literal) {
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
            let wanted = LITERALS.iter().zip(0u16..);
            let filter = Filter::new(wanted.map(|((text, case), rule)| Wanted { text, ignore_case: *case, next: NEXT, rule }));
            let to = text.len().saturating_sub(less);
            let mut found = Vec::new();
            filter.find(text.as_bytes(), from, to, &mut |at, rule| found.push((at, rule)));
            found.sort_unstable();
            prop_assert_eq!(found, naive(text.as_bytes(), from, to));
        }
    }
}
