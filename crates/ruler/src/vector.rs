//! What a published CVSS vector says of automation and technical impact.
//!
//! Sources: CVSS 2.0, 3.0, 3.1 and 4.0 specifications (FIRST); SSVC "Automatable" (reasons for *no*) and
//! "Adapting other information sources: CVSS and Technical Impact" (CERT/CC).

use std::str::FromStr as _;

use cvss::Cvss;
use yata_model::{Severity, SeverityKind, TechnicalImpact};

/// The longest vector that is read, in bytes; CVSS 4.0 with every metric has about 200.
pub const MAX_VECTOR_BYTES: usize = 512;

/// What one vector says.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorReading {
    /// The vector, as published.
    pub vector: String,
    /// Its base score, 0 to 10 (CVSS 4.0: with the threat and environmental metrics it carries).
    pub score: f64,
    /// Whether attacks can be automated.
    pub automatable: bool,
    /// Whether `automatable` is the publisher's own word (CVSS 4.0 `AU`) instead of a derivation.
    pub automatable_is_stated: bool,
    /// What an attacker gains; `None` where the metrics cannot tell.
    pub technical_impact: Option<TechnicalImpact>,
}

/// What all published severities say together, the worst of the readable ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeverityReading {
    /// The highest score with its vector.
    pub score: Option<(f64, String)>,
    /// Whether attacks can be automated, with the vector that says so.
    pub automatable: Option<(bool, String)>,
    /// What an attacker gains, with the vector that says so; `None` where no vector tells.
    pub technical_impact: Option<(TechnicalImpact, String)>,
}

/// The base score of a vector of CVSS 2.0, 3.0, 3.1 or 4.0; `None` where it is not a valid one.
pub fn base_score(vector: &str) -> Option<f64> {
    score_of(&parse(vector)?)
}

/// Reads one vector; `None` where it is a word, or not a valid vector.
pub fn read_vector(severity: &Severity) -> Option<VectorReading> {
    if severity.kind == SeverityKind::Word {
        return None;
    }
    let cvss = parse(&severity.value)?;
    let score = score_of(&cvss)?;
    let metrics = Metrics(clean(&severity.value));
    let stated = metrics.get("AU").filter(|_| matches!(cvss, Cvss::CvssV40(_)));
    let derived = match cvss {
        Cvss::CvssV20(_) => metrics.all(&[("AV", "N"), ("AC", "L"), ("Au", "N")]),
        Cvss::CvssV40(_) => metrics.all(&[("AV", "N"), ("AC", "L"), ("AT", "N"), ("PR", "N"), ("UI", "N")]),
        _ => metrics.all(&[("AV", "N"), ("AC", "L"), ("PR", "N"), ("UI", "N")]),
    };
    let (automatable, automatable_is_stated) = match stated {
        Some("Y") => (true, true),
        Some("N") => (false, true),
        _ => (derived, false),
    };
    Some(VectorReading {
        vector: severity.value.clone(),
        score,
        automatable,
        automatable_is_stated,
        technical_impact: technical_impact(&cvss, &metrics),
    })
}

/// Reads all severities of a group: the publisher's own word on automation before derivations, else the worst.
/// The technical impact is `None` as soon as one vector cannot tell and none says "total"; a vector that cannot be
/// read can tell neither.
pub fn read_severities(severities: &[Severity]) -> SeverityReading {
    let readings: Vec<VectorReading> = severities.iter().filter_map(read_vector).collect();
    let mut result = SeverityReading::default();
    let stated = readings.iter().any(|reading| reading.automatable_is_stated);
    for reading in readings.iter().filter(|reading| reading.automatable_is_stated == stated) {
        if result.automatable.as_ref().is_none_or(|(best, _)| reading.automatable && !best) {
            result.automatable = Some((reading.automatable, reading.vector.clone()));
        }
    }
    for reading in &readings {
        if result.score.as_ref().is_none_or(|(best, _)| reading.score > *best) {
            result.score = Some((reading.score, reading.vector.clone()));
        }
    }
    let total = readings.iter().find(|reading| reading.technical_impact == Some(TechnicalImpact::Total));
    let all_tell = readings.iter().all(|reading| reading.technical_impact.is_some());
    result.technical_impact = match (total, readings.first()) {
        (Some(total), _) => Some((TechnicalImpact::Total, total.vector.clone())),
        (None, Some(first)) if all_tell => Some((TechnicalImpact::Partial, first.vector.clone())),
        _ => None,
    };
    // What an unreadable vector says may be worse than what the others say.
    if severities.iter().any(|one| one.kind != SeverityKind::Word && read_vector(one).is_none()) {
        result.automatable = result.automatable.filter(|(automatable, _)| *automatable);
        result.technical_impact = result.technical_impact.filter(|(impact, _)| *impact == TechnicalImpact::Total);
    }
    result
}

/// Total where confidentiality and integrity of the vulnerable system are both wholly lost: the attacker reads and
/// changes everything (this includes "all three are high", SSVC's own rule). Partial only where the metrics can
/// tell: impact metrics count what is *gained*, so of an attacker who needed privileges a high impact on one
/// property does not say what he could already do with the others.
fn technical_impact(cvss: &Cvss, metrics: &Metrics<'_>) -> Option<TechnicalImpact> {
    let (names, privileges) = match cvss {
        Cvss::CvssV20(_) => (["C", "I", "A"], "Au"),
        Cvss::CvssV40(_) => (["VC", "VI", "VA"], "PR"),
        _ => (["C", "I", "A"], "PR"),
    };
    let high = if matches!(cvss, Cvss::CvssV20(_)) { "C" } else { "H" };
    let [confidentiality, integrity, availability] = names.map(|name| metrics.get(name) == Some(high));
    if confidentiality && integrity {
        Some(TechnicalImpact::Total)
    } else if metrics.get(privileges) == Some("N") || !(confidentiality || integrity || availability) {
        Some(TechnicalImpact::Partial)
    } else {
        None
    }
}

fn parse(vector: &str) -> Option<Cvss> {
    if vector.len() > MAX_VECTOR_BYTES {
        return None;
    }
    let cvss = Cvss::from_str(clean(vector)).ok()?;
    // The parser lets base metrics be missing; a vector without them says less than it seems to.
    let mandatory: &[&str] = match &cvss {
        Cvss::CvssV20(_) => &["AV", "AC", "Au", "C", "I", "A"],
        Cvss::CvssV40(_) => &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"],
        _ => &["AV", "AC", "PR", "UI", "S", "C", "I", "A"],
    };
    let metrics = Metrics(clean(vector));
    let whole = mandatory.iter().all(|name| metrics.get(name).is_some());
    // It also lets CVSS 3 metrics be there twice; such a vector says two things.
    (whole && !metrics.any_twice()).then_some(cvss)
}

fn score_of(cvss: &Cvss) -> Option<f64> {
    let score = match cvss {
        Cvss::CvssV30(vector) | Cvss::CvssV31(vector) => vector.base_score().value(),
        other => other.score(),
    };
    score.is_finite().then_some(score)
}

/// CVSS 2.0 vectors are often published in parentheses (as the NVD did).
fn clean(vector: &str) -> &str {
    let vector = vector.trim();
    vector.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(vector)
}

struct Metrics<'a>(&'a str);

impl Metrics<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.split('/').filter_map(|part| part.split_once(':')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn any_twice(&self) -> bool {
        let keys = || self.0.split('/').filter_map(|part| part.split_once(':')).map(|(key, _)| key);
        keys().enumerate().any(|(at, key)| keys().take(at).any(|earlier| earlier == key))
    }

    fn all(&self, wanted: &[(&str, &str)]) -> bool {
        wanted.iter().all(|(name, value)| self.get(name) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(vector: &str) -> Severity {
        let kind = match vector {
            v if v.starts_with("CVSS:4") => SeverityKind::CvssV4,
            v if v.starts_with("CVSS:3") => SeverityKind::CvssV3,
            v if v.contains('/') => SeverityKind::CvssV2,
            _ => SeverityKind::Word,
        };
        Severity { kind, value: vector.to_owned() }
    }

    fn check(vector: &str, expected: Option<(bool, Option<TechnicalImpact>)>) {
        let read = read_vector(&severity(vector)).map(|reading| (reading.automatable, reading.technical_impact));
        assert_eq!(read, expected, "{vector}");
    }

    #[test]
    fn vectors_tell_automation_and_impact() {
        use TechnicalImpact::{Partial, Total};
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Some((true, Some(Total))));
        check("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", Some((true, Some(Partial))));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:N", Some((false, Some(Total))));
        check("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", Some((false, Some(Partial))));
        check("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N", Some((false, None)));
        check("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N", Some((false, Some(Partial))));
        check("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some((false, Some(Total))));
        check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some((true, Some(Total))));
        check("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:H/SI:H/SA:H", Some((false, Some(Partial))));
        check("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/AU:Y", Some((true, Some(Partial))));
        check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/AU:N", Some((false, Some(Partial))));
        check("(AV:N/AC:L/Au:N/C:C/I:C/A:C)", Some((true, Some(Total))));
        check("AV:N/AC:M/Au:S/C:P/I:C/A:P", Some((false, None)));
        check("Important", None);
        check("CVSS:3.1/AV:N/AC:L", None);
        check("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L/AV:N", None);
        check("CVSS:9.9/AV:N/AC:L/PR:N/UI:N", None);
    }

    #[test]
    fn the_worst_readable_vector_counts_and_a_stated_word_before_derivations() {
        let read = read_severities(&[
            severity("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/AU:N"),
            severity("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            severity("critical"),
        ]);
        assert_eq!(read.automatable.map(|(yes, _)| yes), Some(false));
        assert_eq!(read.technical_impact.map(|(impact, _)| impact), Some(TechnicalImpact::Total));
        assert_eq!(read.score.map(|(score, _)| score), Some(9.8));
        assert_eq!(read_severities(&[severity("critical")]), SeverityReading::default());
        let partly = |vector| {
            let read = read_severities(&[severity(vector), severity("CVSS:3.1/AV:N/AC:L")]);
            (read.automatable.map(|(yes, _)| yes), read.technical_impact.map(|(impact, _)| impact))
        };
        assert_eq!(partly("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"), (None, None));
        let worst = (Some(true), Some(TechnicalImpact::Total));
        assert_eq!(partly("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), worst);
        let unclear = read_severities(&[
            severity("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
            severity("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N"),
        ]);
        assert_eq!(unclear.technical_impact, None);
        assert_eq!(unclear.automatable.map(|(yes, _)| yes), Some(true));
    }
}
