//! Which advisories apply to which components.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

use yata_model::{
    AdvisoryGroup, AdvisoryKind, Affected, Applies, Component, Ecosystem, Event, Family, Message, Package, Remedy,
    SourceState, SourceStatus,
};
use yata_versions::{Candidate, Scheme, UnknownReason, Verdict, compatible, smallest_fix};

use crate::layout::PackageEntry;
use crate::{Index, IntelError, Sources};

/// A group of advisories that applies, or may apply, to a component.
#[derive(Debug, Clone)]
pub struct Match {
    /// The component: its place in the list that was asked about.
    pub component: usize,
    /// The group.
    pub group: Arc<AdvisoryGroup>,
    /// Whether it applies or that could not be told.
    pub applies: Applies,
    /// What closes this group.
    pub remedy: Remedy,
}

/// The answer for a list of components.
#[derive(Debug, Default)]
pub struct Matches {
    /// One for each component and group, in the order of the components, then of the groups' ids.
    pub matches: Vec<Match>,
    /// For a component with matches: the smallest version that closes all of those that an upgrade closes.
    pub closes_all: HashMap<usize, String>,
    /// Ecosystems of which no source, or none that can be trusted, speaks: the standing of the source, the
    /// ecosystem, and how many of the components are of it. Sorted by ecosystem.
    pub unchecked: Vec<(SourceStatus, Ecosystem, usize)>,
}

/// A verdict on one record, for one component.
struct Hit<'e> {
    entry: &'e PackageEntry,
    unknown: Option<Message>,
}

impl Index {
    /// Holds components against the advisories: exact by ecosystem, one match for each group of aliases.
    ///
    /// Withdrawn records and maintenance updates never match. A version that cannot be compared matches as unknown
    /// wherever a range could hold it. The cost is one look-up for each component, and one for each record that
    /// applies.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn matches<C: Borrow<Component>>(&self, components: &[C], sources: &Sources) -> Result<Matches, IntelError> {
        let mut out = Matches::default();
        let mut groups: HashMap<String, Option<Arc<AdvisoryGroup>>> = HashMap::new();
        let mut unchecked: HashMap<Ecosystem, usize> = HashMap::new();
        for (index, component) in components.iter().map(Borrow::borrow).enumerate() {
            *unchecked.entry(component.package.ecosystem.clone()).or_default() += 1;
            self.match_one(index, component, sources, &mut groups, &mut out)?;
        }
        out.unchecked = unchecked
            .into_iter()
            .map(|(ecosystem, count)| (sources.of_ecosystem(&ecosystem), ecosystem, count))
            .filter(|(status, _, _)| status.state != SourceState::Fresh)
            .collect();
        out.unchecked.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(out)
    }

    fn match_one(
        &self,
        index: usize,
        component: &Component,
        sources: &Sources,
        groups: &mut HashMap<String, Option<Arc<AdvisoryGroup>>>,
        out: &mut Matches,
    ) -> Result<(), IntelError> {
        let (name, version) = advised_as(component);
        let family = &component.package.ecosystem;
        let any_release = family.release.is_none() && is_distribution(&family.family);
        let mut entries: Vec<PackageEntry> = Vec::new();
        for ecosystem in advised_ecosystems(family, sources) {
            entries.extend(self.package(&Package { ecosystem, name: name.to_owned() })?);
        }
        if entries.is_empty() {
            return Ok(());
        }
        let candidate = Candidate::new(Scheme::of(family), version.unwrap_or_default());
        let mut hits: Vec<Hit<'_>> = entries.iter().filter_map(|entry| hit(entry, &candidate, component)).collect();
        if any_release {
            for hit in &mut hits {
                hit.unknown.get_or_insert_with(|| Message::new("unknown-release").with("family", family.to_string()));
            }
        }
        self.collect((index, component), &hits, &entries, &candidate, groups, out)
    }

    /// Joins the hits of one package into groups and finds what closes them.
    fn collect(
        &self,
        (index, component): (usize, &Component),
        hits: &[Hit<'_>],
        entries: &[PackageEntry],
        candidate: &Candidate<'_>,
        groups: &mut HashMap<String, Option<Arc<AdvisoryGroup>>>,
        out: &mut Matches,
    ) -> Result<(), IntelError> {
        let mut found: Vec<(Arc<AdvisoryGroup>, Option<Message>)> = Vec::new();
        for hit in hits {
            let group = match groups.get(&hit.entry.id) {
                Some(group) => group.clone(),
                None => {
                    let group = self.group(&hit.entry.id)?.map(Arc::new);
                    groups.entry(hit.entry.id.clone()).or_insert(group).clone()
                }
            };
            // INVARIANT: a record that matches is not withdrawn, so it bears at least its own id.
            let group = group.ok_or(IntelError::Damaged { table: "alias" })?;
            // By the group's own id: two groups of one name would be one finding twice.
            match found.iter_mut().find(|(known, _)| known.id == group.id) {
                // One record that is sure settles it for the group.
                Some((_, unknown)) => *unknown = unknown.take().and(hit.unknown.clone()),
                None => found.push((group, hit.unknown.clone())),
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let mut all: Vec<&Affected> = Vec::new();
        for (group, unknown) in found {
            let of_group: Vec<&Affected> = entries
                .iter()
                .filter(|entry| !entry.withdrawn && group.ids.binary_search(&entry.id).is_ok())
                .flat_map(|entry| &entry.affected)
                .filter(|affected| !outside_module(affected, component))
                .collect();
            let remedy = remedy(group.kind, candidate, &of_group);
            if matches!(remedy, Remedy::Upgrade { .. }) {
                all.extend(of_group);
            }
            let applies = unknown.map_or(Applies::Affected, |why| Applies::Unknown { why });
            out.matches.push(Match { component: index, group, applies, remedy });
        }
        if let Some(version) = smallest_fix(candidate, &all) {
            out.closes_all.insert(index, version);
        }
        Ok(())
    }
}

fn hit<'e>(entry: &'e PackageEntry, candidate: &Candidate<'_>, component: &Component) -> Option<Hit<'e>> {
    if entry.withdrawn || entry.kind == AdvisoryKind::Maintenance {
        return None;
    }
    if let Some(why) = &entry.unreadable {
        let message = Message::new("unknown-record-unreadable").with("id", entry.id.as_str());
        return Some(Hit { entry, unknown: Some(message.with("why", why.as_str())) });
    }
    let mut unknown = None;
    for affected in entry.affected.iter().filter(|affected| !outside_module(affected, component)) {
        match candidate.against(affected) {
            Verdict::Affected => return Some(Hit { entry, unknown: None }),
            Verdict::NotAffected => {}
            Verdict::Unknown(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    unknown.map(|reason| Hit { entry, unknown: Some(explain(reason, component)) })
}

/// What the release of an RPM built for a module stream carries (`18.4-2.module_el9.6.0+…`).
const MODULE_MARK: &str = ".module_";

/// Whether an entry speaks of a module stream and the component is not of one: the same name outside modules has errata
/// of its own, and the two lines of versions do not compare.
fn outside_module(affected: &Affected, component: &Component) -> bool {
    let rpm = matches!(component.package.ecosystem.family, Family::AlmaLinux | Family::RockyLinux | Family::RedHat);
    let Some(version) = component.version.as_deref().filter(|_| rpm) else { return false };
    let mut fixes = affected.ranges.iter().flat_map(|range| &range.events).filter_map(|event| match event {
        Event::Fixed(fix) => Some(fix),
        _ => None,
    });
    let modular = fixes.any(|fix| fix.contains(MODULE_MARK));
    modular && !version.contains(MODULE_MARK)
}

fn explain(reason: UnknownReason, component: &Component) -> Message {
    match &component.version {
        None => Message::new("unknown-not-pinned").with("package", component.package.name.as_str()),
        Some(version) => Message::new(reason.message_id())
            .with("package", component.package.name.as_str())
            .with("version", version.as_str()),
    }
}

fn remedy(kind: AdvisoryKind, candidate: &Candidate<'_>, affected: &[&Affected]) -> Remedy {
    if kind == AdvisoryKind::Malware {
        return Remedy::Remove;
    }
    if let Some(to) = smallest_fix(candidate, affected) {
        let compatible = candidate.scheme().and_then(|scheme| compatible(scheme, candidate.as_str(), &to));
        return Remedy::Upgrade { to, compatible };
    }
    match kind {
        AdvisoryKind::Unmaintained => Remedy::Replace,
        _ => Remedy::NoneKnown,
    }
}

/// The ecosystems under which advisories may speak of a component: its own; for a release of a distribution
/// also the distribution as a whole; and every release where the component's is not known.
fn advised_ecosystems(own: &Ecosystem, sources: &Sources) -> Vec<Ecosystem> {
    let mut ecosystems = vec![own.clone()];
    if is_distribution(&own.family) {
        match own.release {
            Some(_) => ecosystems.push(Ecosystem::plain(own.family.clone())),
            None => ecosystems.extend(sources.releases(own)),
        }
    }
    ecosystems
}

/// The name and version that advisories use: of the source package for Debian, Ubuntu and Alpine, else the
/// component's.
fn advised_as(component: &Component) -> (&str, Option<&str>) {
    let own = (component.package.name.as_str(), component.version.as_deref());
    match (&component.package.ecosystem.family, &component.source) {
        (Family::Debian | Family::Ubuntu | Family::Alpine, Some(source)) => {
            (source.name.as_str(), source.version.as_deref().or(own.1))
        }
        _ => own,
    }
}

fn is_distribution(family: &Family) -> bool {
    matches!(
        family,
        Family::Debian | Family::Ubuntu | Family::Alpine | Family::AlmaLinux | Family::RockyLinux | Family::RedHat
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use yata_model::{Range, RangeKind, Scope};

    fn outside(version: &str, fixed: &str) -> bool {
        let package = Package::new(Ecosystem::release(Family::AlmaLinux, "9"), "postgresql-server");
        let events = vec![Event::Introduced("0".to_owned()), Event::Fixed(fixed.to_owned())];
        let range = Range { kind: RangeKind::Ecosystem, events };
        let affected = Affected { package: package.clone(), ranges: vec![range], versions: Vec::new() };
        let component = Component {
            purl: String::new(),
            package,
            version: Some(version.to_owned()),
            source: None,
            occurrences: Vec::new(),
        };
        assert_eq!(component.scope(), Scope::Runtime);
        outside_module(&affected, &component)
    }

    #[test]
    fn an_erratum_of_a_module_stream_says_nothing_of_a_package_outside_modules() {
        assert!(outside("13.22-1.el9_6", "18.4-2.module_el9.6.0+1+abc"));
        assert!(!outside("16.1-1.module_el9.4.0+1+abc", "18.4-2.module_el9.6.0+1+abc"));
        assert!(!outside("13.22-1.el9_6", "13.23-1.el9_7"));
    }
}
