//! Checks across tables: every id once, and no name of something that the file does not define.

use std::collections::BTreeMap;
use std::ops::Range;

use yata_model::{AssetRule, Selector};

use super::error::{FaultKind, Faults, nearest};
use super::matcher::EstateMatcher;
use super::sections::PlacedEstate;

pub(super) fn check(placed: &PlacedEstate, faults: &mut Faults<'_>) {
    let services = placed.estate.services.iter().map(|service| service.id.clone());
    unique("service", services.zip(placed.service_ids.iter()), faults);
    let assets = || placed.estate.assets.iter().zip(&placed.assets);
    let names = assets().filter_map(|(rule, places)| rule.name.clone().map(|name| (name, &places.name)));
    unique("asset", names, faults);
    let selectors = assets().map(|(rule, places)| (selector_text(rule), &places.selector));
    unique("selector", selectors, faults);
    if !placed.incomplete {
        services_exist(placed, faults);
        dependencies_exist(placed, faults);
    }
}

/// The selector as one text, hosts without regard to case.
fn selector_text(rule: &AssetRule) -> String {
    match &rule.selector {
        Selector::Path(path) => format!("path = {path}"),
        Selector::Host(host) => format!("host = {}", host.to_lowercase()),
        Selector::Sbom(sbom) => format!("sbom = {sbom}"),
    }
}

fn unique<'s>(what: &'static str, ids: impl Iterator<Item = (String, &'s Range<usize>)>, faults: &mut Faults<'_>) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (id, span) in ids {
        if let Some(start) = first.get(&id) {
            let first_line = faults.line_of(*start);
            faults.add(span, || FaultKind::Duplicate { what, id, first_line });
        } else {
            first.insert(id, span.start);
        }
    }
}

fn services_exist(placed: &PlacedEstate, faults: &mut Faults<'_>) {
    let ids: std::collections::BTreeSet<&str> = placed.estate.services.iter().map(|own| own.id.as_str()).collect();
    for (rule, places) in placed.estate.assets.iter().zip(&placed.assets) {
        let Some(id) = rule.service.as_deref() else { continue };
        if !ids.contains(id) {
            faults.add(&places.service, || FaultKind::Dangling {
                key: "service",
                what: "a service",
                id: id.to_owned(),
                nearest: nearest(id, ids.iter().copied()),
            });
        }
    }
}

/// Each `depends_on` must be the name of another asset, or what an asset without a name may be called.
fn dependencies_exist(placed: &PlacedEstate, faults: &mut Faults<'_>) {
    let assets = &placed.estate.assets;
    if assets.iter().all(|rule| rule.depends_on.is_empty()) {
        return;
    }
    let names: std::collections::BTreeSet<&str> = assets.iter().filter_map(|rule| rule.name.as_deref()).collect();
    let nameless: Vec<_> = assets.iter().filter(|rule| rule.name.is_none()).cloned().collect();
    let nameless = yata_model::Estate { assets: nameless, ..yata_model::Estate::default() };
    // A bad glob is a fault of its own already.
    let nameless = EstateMatcher::new(&nameless).ok();
    for (rule, places) in assets.iter().zip(&placed.assets) {
        for (id, span) in rule.depends_on.iter().zip(&places.depends_on) {
            if rule.name.as_ref() == Some(id) {
                faults.add(span, || FaultKind::Contradiction(format!("asset `{id}` depends on itself")));
            } else if !names.contains(id.as_str()) && !nameless.as_ref().is_some_and(|known| known.may_be_called(id)) {
                faults.add(span, || FaultKind::Dangling {
                    key: "depends_on",
                    what: "an asset",
                    id: id.clone(),
                    nearest: nearest(id, names.iter().copied()),
                });
            }
        }
    }
}
