//! Laws that hold for all rules together.

use std::sync::LazyLock;

use proptest::prelude::*;
use yata_lens::cases::{Random, expand, templates};
use yata_lens::{Lens, RULES};

use crate::rules::shape;

static LENS: LazyLock<Lens> = LazyLock::new(|| Lens::new(|_| true));

/// A text of cases and noise.
fn text(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text = String::new();
    let cases: Vec<&str> =
        RULES.iter().flat_map(|rule| templates(rule.cases.firing).chain(templates(rule.cases.silent))).collect();
    for _ in 0..6 {
        let case = cases[random.below(u32::try_from(cases.len()).unwrap()) as usize];
        text.push_str(&expand(case, seed).unwrap().text);
        text.push_str(["", " ", "\n", "。", "を", "\u{200b}", "%20", "ｶﾞ", "\"", "\\u3042"][random.below(10) as usize]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_stream_sees_what_the_whole_shows(seed in any::<u64>(), cuts in prop::collection::vec(0usize..2000, 0..12)) {
        let text = text(seed);
        let whole = shape(&LENS.scan(text.as_bytes()));
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (text.len() + 1)).collect();
        cuts.sort_unstable();
        let (mut stream, mut hits, mut at) = (LENS.stream(), Vec::new(), 0);
        for cut in cuts.into_iter().chain([text.len()]) {
            let settled = stream.settled();
            let new = stream.push(&text.as_bytes()[at..cut]);
            prop_assert!(new.iter().all(|hit| hit.span.start >= settled), "a hit began before what was settled");
            hits.extend(new);
            at = cut;
        }
        hits.extend(stream.finish());
        prop_assert_eq!(shape(&hits), whole);
    }

    #[test]
    fn any_bytes_are_looked_at_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for hit in LENS.scan(&bytes) {
            prop_assert!(hit.span.start <= hit.value.start && hit.value.end <= hit.span.end);
            prop_assert!(hit.span.end <= bytes.len() as u64);
        }
    }
}
