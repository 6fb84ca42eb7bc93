//! Published severities as numbers.

use std::str::FromStr as _;

use cvss::Cvss;
use yata_model::{AdvisoryGroup, Severity, SeverityKind};

/// A CVSS vector with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score<'a> {
    /// The vector, as published.
    pub(super) vector: &'a str,
    /// 0.0 to 10.0.
    pub(super) score: f64,
    /// `CVSSv2`, `CVSSv3`, `CVSSv31` or `CVSSv4`: the names of CycloneDX 1.6 `scoreMethod`.
    pub(super) method: &'static str,
    /// `critical`, `high`, `medium`, `low`, `none`: CVSS 3.1 section 5; for version 2 the bands of NVD.
    pub(super) severity: &'static str,
}

/// The metrics without which a vector has no score (base groups of CVSS 2.0 § 2.1, 3.1 § 2, 4.0 § 2). The parser
/// takes a vector without them and scores it 0, which would make "we do not know" look like "no harm".
fn is_whole(vector: &str, kind: SeverityKind) -> bool {
    let needed: &[&str] = match kind {
        SeverityKind::CvssV2 => &["AV", "AC", "Au", "C", "I", "A"],
        SeverityKind::CvssV3 => &["AV", "AC", "PR", "UI", "S", "C", "I", "A"],
        SeverityKind::CvssV4 => &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"],
        SeverityKind::Word => &[],
    };
    let has =
        |metric: &&str| vector.split('/').any(|part| part.split_once(':').is_some_and(|(name, _)| name == *metric));
    needed.iter().all(has)
}

/// The score of one severity; `None` for words and for vectors that do not parse or are not whole.
pub(super) fn score(severity: &Severity) -> Option<Score<'_>> {
    let vector = severity.value.as_str();
    let (parsed, method) = match severity.kind {
        SeverityKind::Word => return None,
        SeverityKind::CvssV2 => {
            let bare = vector.trim_start_matches('(').trim_end_matches(')');
            if !is_whole(bare, severity.kind) {
                return None;
            }
            (cvss::v2::Vector::from_str(bare).map(Cvss::CvssV20).ok()?, "CVSSv2")
        }
        SeverityKind::CvssV3 | SeverityKind::CvssV4 => {
            let parsed = Cvss::from_str(vector).ok().filter(|_| is_whole(vector, severity.kind))?;
            let method = match parsed {
                Cvss::CvssV30(_) => "CVSSv3",
                Cvss::CvssV31(_) => "CVSSv31",
                Cvss::CvssV40(_) => "CVSSv4",
                _ => return None,
            };
            (parsed, method)
        }
    };
    let score = (parsed.score() * 10.0).round() / 10.0;
    if !(0.0..=10.0).contains(&score) {
        return None;
    }
    let severity = match score {
        s if s >= 9.0 && method != "CVSSv2" => "critical",
        s if s >= 7.0 => "high",
        s if s >= 4.0 => "medium",
        s if s > 0.0 => "low",
        _ => "none",
    };
    Some(Score { vector, score, method, severity })
}

/// The highest score of a group: where the publishers differ, the worse counts.
pub(super) fn highest(group: &AdvisoryGroup) -> Option<f64> {
    group.severities.iter().filter_map(score).map(|s| s.score).max_by(f64::total_cmp)
}

/// A publisher's word as a CycloneDX severity.
pub(super) fn severity_of_word(word: &str) -> &'static str {
    match word.to_lowercase().as_str() {
        "critical" => "critical",
        "high" | "important" => "high",
        "medium" | "moderate" => "medium",
        "low" | "negligible" => "low",
        "none" => "none",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(kind: SeverityKind, value: &str, expected: Option<(f64, &str, &str)>) {
        let severity = Severity { kind, value: value.to_owned() };
        assert_eq!(score(&severity).map(|s| (s.score, s.method, s.severity)), expected, "{value}");
    }

    #[test]
    fn vectors_have_scores() {
        use SeverityKind::{CvssV2, CvssV3, CvssV4, Word};
        check(CvssV3, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Some((10.0, "CVSSv31", "critical")));
        check(CvssV3, "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", Some((7.5, "CVSSv3", "high")));
        check(
            CvssV4,
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            Some((9.3, "CVSSv4", "critical")),
        );
        check(CvssV2, "AV:N/AC:L/Au:N/C:C/I:C/A:C", Some((10.0, "CVSSv2", "high")));
        check(CvssV3, "CVSS:3.1/AV:N", None);
        check(CvssV3, "鏡", None);
        check(Word, "Important", None);
    }

    proptest! {
        #[test]
        fn no_vector_panics(text in "(CVSS:[234]\\.[01]/)?([A-Za-z]{1,3}:[A-Z]/?){0,14}|.*") {
            for kind in [SeverityKind::CvssV2, SeverityKind::CvssV3, SeverityKind::CvssV4] {
                let severity = Severity { kind, value: text.clone() };
                let _ = score(&severity);
            }
        }
    }
}
