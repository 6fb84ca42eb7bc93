//! Exploitation evidence for a group of advisories, each piece with its standing.

use yata_model::{
    AdvisoryGroup, Exploitation, Fact, KevEntry, SourceState, SourceStatus, SsvcAssessment, Standing, TechnicalImpact,
};

use crate::source::standing;
use crate::{Index, IntelError, Sources};

/// What the feeds say of a group's CVE ids. An erratum of a distribution passes on several: the worst counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Signals {
    /// The entry in the catalogue of known exploited vulnerabilities. `None` with [`Standing::Checked`] means that
    /// a fresh catalogue does not list it; with any other standing that nobody can tell.
    pub kev: Fact<Option<KevEntry>>,
    /// The probability of exploitation in the next 30 days, 0 to 1; 1 where it is not known.
    pub epss: Fact<f64>,
    /// CISA's assessment.
    pub ssvc: Fact<Option<SsvcAssessment>>,
}

impl Index {
    /// The evidence for a group.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn signals(&self, group: &AdvisoryGroup, sources: &Sources) -> Result<Signals, IntelError> {
        Ok(Signals {
            kev: self.kev_fact(group, sources)?,
            epss: self.epss_fact(group, sources)?,
            ssvc: self.ssvc_fact(group, sources)?,
        })
    }

    fn kev_fact(&self, group: &AdvisoryGroup, sources: &Sources) -> Result<Fact<Option<KevEntry>>, IntelError> {
        let status = sources.kev();
        let (name, date) = named("CISA KEV", status);
        let mut listed: Option<KevEntry> = None;
        for cve in &group.cves {
            if let Some(entry) = self.kev(cve)? {
                listed = Some(match listed {
                    Some(known) => worst_listing(known, entry),
                    None => entry,
                });
            }
        }
        if let Some(entry) = listed {
            // To be listed does not grow old.
            let added = entry.added.or(date);
            return Ok(Fact::checked(Some(entry), name, added));
        }
        if group.cves.is_empty() {
            return Ok(Fact::derived(None, name, date));
        }
        Ok(Fact { value: None, standing: of(status), source: name, date })
    }

    fn epss_fact(&self, group: &AdvisoryGroup, sources: &Sources) -> Result<Fact<f64>, IntelError> {
        let status = sources.epss();
        let (name, date) = named("EPSS", status);
        let mut highest: Option<f64> = None;
        let mut complete = !group.cves.is_empty();
        for cve in &group.cves {
            match self.epss(cve)? {
                Some(score) => highest = Some(highest.map_or(score.probability(), |h: f64| h.max(score.probability()))),
                None => complete = false,
            }
        }
        Ok(match (of(status), highest) {
            (Standing::Checked, Some(value)) if complete => Fact::checked(value, name, date),
            (Standing::Stale, Some(_)) => Fact::stale(1.0, name, date),
            _ => Fact { value: 1.0, standing: Standing::Unknown, source: name, date },
        })
    }

    fn ssvc_fact(&self, group: &AdvisoryGroup, sources: &Sources) -> Result<Fact<Option<SsvcAssessment>>, IntelError> {
        let status = sources.vulnrichment();
        let (name, date) = named("CISA vulnrichment", status);
        let mut worst: Option<SsvcAssessment> = None;
        let mut missing = group.cves.is_empty();
        for cve in &group.cves {
            match (self.ssvc(cve)?, &mut worst) {
                (None, _) => missing = true,
                (Some(one), None) => worst = Some(one),
                (Some(one), Some(worst)) => take_worst(worst, &one),
            }
        }
        let standing = match of(status) {
            // Of several CVEs one without an assessment leaves the whole unknown.
            Standing::Checked if missing => Standing::Unknown,
            standing => standing,
        };
        if standing == Standing::Checked {
            let date = worst.as_ref().and_then(|worst| worst.date).or(date);
            return Ok(Fact::checked(worst, name, date));
        }
        // What was said is kept: it is no longer enough to rely on, but the worst of it still counts.
        Ok(Fact { value: worst, standing, source: name, date })
    }
}

/// The listing of a group that two catalogue entries are about: in the catalogue since the earlier day, and used by
/// ransomware if either is.
fn worst_listing(a: KevEntry, b: KevEntry) -> KevEntry {
    let day = |entry: &KevEntry| (entry.added.is_none(), entry.added);
    let ransomware = a.ransomware || b.ransomware;
    let due = a.due.into_iter().chain(b.due).min();
    let earlier = if day(&b) < day(&a) { b } else { a };
    KevEntry { ransomware, due, ..earlier }
}

/// The worse of each decision point. A point that was left open may be as bad as the ruler assumes for an unknown
/// one, but it never hides what is known to be worse still.
fn take_worst(worst: &mut SsvcAssessment, one: &SsvcAssessment) {
    let exploitation = |e: Option<Exploitation>| (e.unwrap_or(Exploitation::PublicPoc), e.is_none());
    if exploitation(one.exploitation) > exploitation(worst.exploitation) {
        worst.exploitation = one.exploitation;
    }
    // Known to be bad, then open, then known to be good.
    let bad = |known: Option<bool>| known.map_or(1, |bad| if bad { 2 } else { 0 });
    if bad(one.automatable) > bad(worst.automatable) {
        worst.automatable = one.automatable;
    }
    let total = |t: Option<TechnicalImpact>| bad(t.map(|impact| impact == TechnicalImpact::Total));
    if total(one.technical_impact) > total(worst.technical_impact) {
        worst.technical_impact = one.technical_impact;
    }
    worst.date = worst.date.min(one.date);
}

fn of(status: Option<&SourceStatus>) -> Standing {
    standing(status.map_or(SourceState::Missing, |status| status.state))
}

fn named(name: &str, status: Option<&SourceStatus>) -> (String, Option<jiff::civil::Date>) {
    (name.to_owned(), status.and_then(|status| status.date))
}
