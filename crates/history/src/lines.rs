//! Which lines of a text were in an older one already.

use std::collections::HashMap;
use std::ops::Range;

/// Cells of the table by which a part without unique lines is compared; a larger part counts as rewritten.
const TABLE_LIMIT: usize = 1 << 20;
/// Parts that are compared, and lines of a text.
const PARTS_LIMIT: usize = 1 << 20;

/// For each line of `new`, the line of `old` that it is, if it was there: lines that are unique in both and stand in the
/// same order hold the texts together, and what lies between them is compared likewise ("patience").
pub(crate) fn kept(old: &[u8], new: &[u8]) -> Vec<Option<usize>> {
    let mut numbers: HashMap<&[u8], u32> = HashMap::new();
    let old = tokens(old, &mut numbers);
    let new = tokens(new, &mut numbers);
    let mut kept = vec![None; new.len()];
    let mut parts = vec![(0..old.len(), 0..new.len())];
    let mut budget = PARTS_LIMIT;
    while let Some((mut a, mut b)) = parts.pop() {
        budget -= 1;
        if budget == 0 {
            break;
        }
        let mut keep = |a: usize, b: usize| kept.get_mut(b).into_iter().for_each(|slot| *slot = Some(a));
        while !a.is_empty() && !b.is_empty() && old.get(a.start) == new.get(b.start) {
            keep(a.start, b.start);
            (a.start, b.start) = (a.start + 1, b.start + 1);
        }
        while !a.is_empty() && !b.is_empty() && old.get(a.end - 1) == new.get(b.end - 1) {
            (a.end, b.end) = (a.end - 1, b.end - 1);
            keep(a.end, b.end);
        }
        if a.is_empty() || b.is_empty() {
            continue;
        }
        let anchors = anchors(&old, a.clone(), &new, b.clone());
        if anchors.is_empty() {
            table(&old, a, &new, b, &mut keep);
            continue;
        }
        let (mut from_a, mut from_b) = (a.start, b.start);
        for (at_a, at_b) in anchors {
            keep(at_a, at_b);
            parts.push((from_a..at_a, from_b..at_b));
            (from_a, from_b) = (at_a + 1, at_b + 1);
        }
        parts.push((from_a..a.end, from_b..b.end));
    }
    kept
}

/// The lines of a text, without their ends.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|&byte| byte == b'\n')
}

fn tokens<'a>(text: &'a [u8], numbers: &mut HashMap<&'a [u8], u32>) -> Vec<u32> {
    let mut token = |line: &'a [u8]| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(line).or_insert(next)
    };
    lines(text).map(&mut token).collect()
}

/// The longest run, in the order of both, of lines that are unique in both parts.
fn anchors(old: &[u32], a: Range<usize>, new: &[u32], b: Range<usize>) -> Vec<(usize, usize)> {
    let mut places: HashMap<u32, (u32, usize, u32, usize)> = HashMap::new();
    for at in a {
        let place = places.entry(old.get(at).copied().unwrap_or_default()).or_default();
        (place.0, place.1) = (place.0 + 1, at);
    }
    for at in b {
        let place = places.entry(new.get(at).copied().unwrap_or_default()).or_default();
        (place.2, place.3) = (place.2 + 1, at);
    }
    let unique = places.into_values().filter(|place| (place.0, place.2) == (1, 1));
    let mut pairs: Vec<(usize, usize)> = unique.map(|place| (place.1, place.3)).collect();
    pairs.sort_unstable();
    // The ends of the best runs of each length, and for each pair the one before it in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: &usize| pairs.get(*at).map_or(0, |pair| pair.1);
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(end) < pair.1);
        before.push(length.checked_sub(1).and_then(|last| ends.get(last)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut run = Vec::new();
    let mut at = ends.last().copied();
    while let Some(now) = at {
        run.extend(pairs.get(now).copied());
        at = before.get(now).copied().flatten();
    }
    run.reverse();
    run
}

/// The longest common run of two small parts.
fn table(old: &[u32], a: Range<usize>, new: &[u32], b: Range<usize>, keep: &mut impl FnMut(usize, usize)) {
    let width = b.len() + 1;
    if (a.len() + 1).saturating_mul(width) > TABLE_LIMIT {
        return;
    }
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    let cell = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let length = if old.get(a.start + i) == new.get(b.start + j) {
                cell(&lengths, i + 1, j + 1) + 1
            } else {
                cell(&lengths, i + 1, j).max(cell(&lengths, i, j + 1))
            };
            lengths.get_mut(i * width + j).into_iter().for_each(|slot| *slot = length);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if old.get(a.start + i) == new.get(b.start + j) {
            keep(a.start + i, b.start + j);
            (i, j) = (i + 1, j + 1);
        } else if cell(&lengths, i + 1, j) >= cell(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_stay_are_found_again() {
        let check = |old: &str, new: &str, expected: &[Option<usize>]| {
            assert_eq!(kept(old.as_bytes(), new.as_bytes()), expected, "{old:?} to {new:?}");
        };
        check("a\nb\nc\n", "a\nb\nc\n", &[Some(0), Some(1), Some(2)]);
        check("a\nb\nc\n", "a\nx\nb\nc\n", &[Some(0), None, Some(1), Some(2)]);
        check("a\nb\nc\n", "b\nc\na\n", &[Some(1), Some(2), None]);
        check("}\n}\nf\n}\n", "}\ng\n}\n}\n", &[Some(0), None, Some(1), Some(3)]);
        check("", "a\n", &[None]);
        check("a\n", "a", &[Some(0)]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_kept_is_equal_and_in_order(old in "[ab\n]{0,60}", new in "[abc\n]{0,60}") {
            let kept = kept(old.as_bytes(), new.as_bytes());
            let (old, new): (Vec<_>, Vec<_>) = (lines(old.as_bytes()).collect(), lines(new.as_bytes()).collect());
            assert_eq!(kept.len(), new.len());
            let mut last = None;
            for (at, from) in kept.iter().enumerate().filter_map(|(at, from)| Some((at, (*from)?))) {
                assert_eq!(old[from], new[at]);
                assert!(last < Some(from));
                last = Some(from);
            }
        }
    }
}
