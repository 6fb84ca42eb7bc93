//! What may be shown of a value, and a text with its values replaced.

use crate::Hit;

/// From how many characters on two are shown at each end …
const TWO_FROM_CHARS: usize = 12;
/// … and four.
const FOUR_FROM_CHARS: usize = 20;
/// Fewer characters are not shown at all.
const ONE_FROM_CHARS: usize = 6;

/// What may be shown of a value: its first and last characters, fewer the shorter it is, and never more than half.
///
/// ```
/// assert_eq!(yata_lens::mask("hunter2x"), "h…x");
/// assert_eq!(yata_lens::mask("abc"), "…");
/// ```
pub fn mask(value: &str) -> String {
    // The frame of a key in PEM says what it is and is no part of the secret.
    let value = value.trim();
    if let Some(title) = value.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----")) {
        return format!("-----BEGIN {}-----…", title.0);
    }
    let count = value.chars().count();
    let shown = match count {
        0..ONE_FROM_CHARS => 0,
        ONE_FROM_CHARS..TWO_FROM_CHARS => 1,
        TWO_FROM_CHARS..FOUR_FROM_CHARS => 2,
        _ => 4,
    };
    let head = value.chars().take(shown).map(visible);
    let tail = value.chars().skip(count - shown).map(visible);
    head.chain(std::iter::once('…')).chain(tail).collect()
}

fn visible(char: char) -> char {
    if char.is_control() || char.is_whitespace() { '·' } else { char }
}

/// The text with every value replaced by what `name` gives for its hit. Values that overlap are replaced as one, by
/// the name of the first. Everything else stays byte for byte.
pub fn replace(text: &[u8], hits: &[Hit], mut name: impl FnMut(&Hit) -> String) -> Vec<u8> {
    let mut sorted: Vec<&Hit> = hits.iter().collect();
    sorted.sort_by_key(|hit| (hit.value.start, std::cmp::Reverse(hit.value.end)));
    let mut out = Vec::with_capacity(text.len());
    let mut copied = 0;
    for hit in sorted {
        let start = usize::try_from(hit.value.start).unwrap_or(usize::MAX).min(text.len());
        let end = usize::try_from(hit.value.end).unwrap_or(usize::MAX).min(text.len());
        if start >= copied {
            out.extend_from_slice(text.get(copied..start).unwrap_or_default());
            out.extend_from_slice(name(hit).as_bytes());
        }
        copied = copied.max(end);
    }
    out.extend_from_slice(text.get(copied..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_mask_never_shows_more_than_half(value in "\\PC{0,60}") {
            let shown = mask(&value).chars().count() - 1;
            prop_assert!(shown * 2 <= value.trim().chars().count());
        }
    }
}
