//! CVSS vectors.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_model::{Severity, SeverityKind};
use yata_ruler::{base_score, read_severities, read_vector};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let score = base_score(text);
    assert!(score.is_none_or(|score| (0.0..=10.0).contains(&score)), "{score:?}");
    for kind in [SeverityKind::CvssV2, SeverityKind::CvssV3, SeverityKind::CvssV4, SeverityKind::Word] {
        let severity = Severity { kind, value: text.to_owned() };
        let _ = read_vector(&severity);
        let _ = read_severities(&[severity]);
    }
});
