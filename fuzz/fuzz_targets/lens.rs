//! The lens: any bytes, whole and in pieces, give the same hits within the text.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use yata_lens::{Hit, Lens};

static LENS: LazyLock<Lens> = LazyLock::new(|| Lens::new(|_| true));

fn shape(hits: &[Hit]) -> Vec<(&'static str, u64, u64, u64, u64)> {
    let place = |hit: &Hit| (hit.rule.id, hit.span.start, hit.span.end, hit.value.start, hit.value.end);
    let mut shape: Vec<_> = hits.iter().map(place).collect();
    shape.sort_unstable();
    shape
}

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let whole = LENS.scan(text);
    assert!(whole.iter().all(|hit| hit.span.end <= text.len() as u64));
    let (mut stream, mut hits) = (LENS.stream(), Vec::new());
    for piece in text.chunks(usize::from(*first) + 1) {
        hits.extend(stream.push(piece));
    }
    hits.extend(stream.finish());
    assert_eq!(shape(&hits), shape(&whole));
});
