//! What may be shown of a place: short, without values of secrets, and with what does not show written out.

use std::ops::Range;
use std::sync::LazyLock;

use yata_lens::{Class, Confidence, Lens};

use super::sentence::unseen;

/// The most characters of evidence.
const EVIDENCE_MAX_CHARS: usize = 200;

static SECRETS: LazyLock<Lens> = LazyLock::new(|| Lens::new(|rule| rule.class == Class::Secret));

/// The text at `range`, as a person may see it.
pub(super) fn evidence(text: &str, range: &Range<usize>) -> String {
    let part = text.get(range.clone()).unwrap_or_default();
    let end = part.char_indices().nth(EVIDENCE_MAX_CHARS * 2).map_or(part.len(), |(end, _)| end);
    let part = part.get(..end).unwrap_or_default();
    let hits = SECRETS.scan(part.as_bytes());
    let bytes = yata_lens::replace(part.as_bytes(), &hits, |hit| yata_lens::mask(&hit.text));
    let mut out = String::new();
    let mut blank = false;
    for char in String::from_utf8_lossy(&bytes).chars() {
        if unseen(char) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(char)));
        } else if char.is_whitespace() || char.is_control() {
            if !blank {
                out.push(' ');
            }
        } else {
            out.push(char);
        }
        blank = char.is_whitespace();
        if out.chars().count() >= EVIDENCE_MAX_CHARS {
            out.push('…');
            break;
        }
    }
    out.trim().to_owned()
}

/// The places of literal secrets that the lens is sure of: values, in bytes.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let sure = SECRETS
        .scan(text.as_bytes())
        .into_iter()
        .filter(|hit| hit.confidence >= Confidence::Likely && hit.wrapped.is_empty());
    sure.filter_map(|hit| Some(usize::try_from(hit.value.start).ok()?..usize::try_from(hit.value.end).ok()?)).collect()
}
