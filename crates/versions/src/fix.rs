//! The smallest version that closes everything.

use yata_model::{Affected, Event, RangeKind};

use crate::{Candidate, Verdict, Version};

/// The smallest version named as a fix that is not below the current one and that no entry affects; its text
/// as the advisory writes it. `None` where the current version cannot be read or no named fix is enough.
///
/// The entries are those for the package of the candidate, of one group of advisories or of several: for
/// several the answer is the one version that closes them all. A fix of an older branch counts only if the
/// candidate may go there, that is if it is not below the current version, and a fix that another entry
/// affects is passed over. An entry that cannot judge a fix (commits only) does not veto it.
pub fn smallest_fix(candidate: &Candidate<'_>, entries: &[&Affected]) -> Option<String> {
    let current = candidate.version()?;
    let mut fixes: Vec<Version<'_>> = entries
        .iter()
        .flat_map(|entry| &entry.ranges)
        .filter(|range| range.kind != RangeKind::Git)
        .flat_map(|range| &range.events)
        .filter_map(|event| match event {
            Event::Fixed(text) => Version::read(current.scheme(), text),
            _ => None,
        })
        .filter(|fix| fix >= current)
        .collect();
    fixes.sort_by(|a, b| a.cmp(b).then_with(|| a.as_str().cmp(b.as_str())));
    fixes.dedup();
    fixes
        .iter()
        .find(|fix| {
            let fixed = Candidate::new(candidate.scheme(), fix.as_str());
            entries.iter().all(|entry| fixed.against(entry) != Verdict::Affected)
        })
        .map(|fix| fix.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scheme;
    use yata_model::{Ecosystem, Family, Package, Range};

    /// An entry from `introduced..fixed` pairs; an empty fix leaves the range open.
    fn entry(pairs: &[(&str, &str)]) -> Affected {
        let mut events = Vec::new();
        for (introduced, fixed) in pairs {
            events.push(Event::Introduced((*introduced).to_owned()));
            if !fixed.is_empty() {
                events.push(Event::Fixed((*fixed).to_owned()));
            }
        }
        Affected {
            package: Package::new(Ecosystem::plain(Family::CratesIo), "x"),
            ranges: vec![Range { kind: RangeKind::Semver, events }],
            versions: vec![],
        }
    }

    fn check(current: &str, entries: &[Affected], expected: Option<&str>) {
        let entries: Vec<&Affected> = entries.iter().collect();
        let candidate = Candidate::new(Some(Scheme::SemVer), current);
        assert_eq!(smallest_fix(&candidate, &entries).as_deref(), expected, "{current}");
    }

    #[test]
    fn the_fix_of_the_own_branch_is_enough() {
        let branches = [entry(&[("0", "1.2.5"), ("2.0.0", "2.3.1")])];
        check("1.0.0", &branches, Some("1.2.5"));
        check("2.0.0", &branches, Some("2.3.1"));
        check("1.2.3", &[entry(&[("0", "")])], None);
    }

    #[test]
    fn several_groups_need_one_version_for_all() {
        check("1.0.0", &[entry(&[("0", "1.2.0")]), entry(&[("1.1.0", "1.4.0")])], Some("1.4.0"));
        // The second group came with 1.3 only: its fix is not needed.
        check("1.0.0", &[entry(&[("0", "1.2.0")]), entry(&[("1.3.0", "1.4.0")])], Some("1.2.0"));
        check("1.0.0", &[entry(&[("0", "1.2.0")]), entry(&[("0", "")])], None);
    }

    #[test]
    fn a_listed_fix_is_passed_over() {
        let mut listed = entry(&[("0", "1.2.0"), ("1.2.1", "1.3.0")]);
        listed.versions.push("1.2.0".to_owned());
        check("1.0.0", &[listed], Some("1.3.0"));
    }

    #[test]
    fn an_entry_that_cannot_judge_has_no_veto() {
        let silent = Affected { ranges: vec![], ..entry(&[]) };
        check("1.0.0", &[entry(&[("0", "1.2.0")]), silent], Some("1.2.0"));
        check("latest", &[entry(&[("0", "1.2.0")])], None);
    }
}
