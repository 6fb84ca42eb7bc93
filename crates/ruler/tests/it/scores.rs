//! CVSS scores against a published suite of vectors.

use proptest::prelude::*;
use yata_model::{Severity, SeverityKind};
use yata_ruler::{base_score, read_vector};

use crate::support::shared;

/// Vectors whose published score differs, each with why. None at present.
const EXPLAINED: [&str; 0] = [];

/// Each line is `vector - (base, temporal, environmental)` or `vector - score`.
fn check(file: &str) {
    let Some(path) = shared(&format!("conformance/cvss/{file}")) else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut checked = 0;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (vector, scores) = line.split_once(" - ").unwrap();
        let base = scores.trim_matches(['(', ')', ' ']).split(',').next().unwrap();
        let expected: f64 = base.parse().unwrap();
        let found = base_score(vector);
        let same = found.is_some_and(|found| (found - expected).abs() < 0.001);
        assert!(same || EXPLAINED.contains(&vector), "{file}: {vector}: {found:?} instead of {expected}");
        checked += 1;
    }
    assert!(checked > 0, "{file} is empty");
}

#[test]
fn scores_agree_with_the_suite() {
    for name in ["calculator2", "cvsslib2", "simple2", "calculator3", "cvsslib3", "simple3", "simple31"] {
        check(&format!("vectors_{name}.txt"));
    }
    for name in ["security4", "simple4", "supplemental4", "threat4"] {
        check(&format!("vectors_{name}.txt"));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(CVSS:[234].[01]/)?([A-Za-z]{1,3}:[A-Z]/){0,12}\\PC{0,20}") {
        for kind in [SeverityKind::CvssV2, SeverityKind::CvssV3, SeverityKind::CvssV4, SeverityKind::Word] {
            if let Some(reading) = read_vector(&Severity { kind, value: text.clone() }) {
                prop_assert!((0.0..=10.0).contains(&reading.score));
            }
        }
    }
}
