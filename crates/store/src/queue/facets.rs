//! How many findings each value of each dimension has.

use std::collections::BTreeMap;

use yata_model::{AdvisoryKind, Priority, Scenario};

use super::filter::{FacetCounts, FindingStatus, QueueFilter};
use super::mirror::{Facets, Wanted, nth};
use super::rows::scenario_of;
use super::sql::{Dimension, ai_factors};
use crate::error::Fault;
use crate::judging::counts::PRIORITIES;
use crate::sql::json;

/// Most values of one dimension that are listed: those with the most findings.
const MAX_LISTED: usize = 500;

/// Findings by the number of a value.
type Counts<K> = BTreeMap<K, u64>;

/// The counts by the values themselves.
fn listed<K: Ord, V: Ord>(counts: Counts<K>, value: impl Fn(K) -> Result<V, Fault>) -> Result<Vec<(V, u64)>, Fault> {
    let mut listed = Vec::with_capacity(counts.len());
    for (key, findings) in counts {
        listed.push((value(key)?, findings));
    }
    if listed.len() > MAX_LISTED {
        listed.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        listed.truncate(MAX_LISTED);
    }
    listed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(listed)
}

/// One pass over all facets: each counts for a dimension if it meets the filter's others.
pub(super) fn facet_counts(facets: &Facets, filter: &QueueFilter, grouped: bool) -> Result<FacetCounts, Fault> {
    let wanted = Wanted::new(facets, filter, grouped)?;
    let (mut services, mut owners, mut kinds) = (Counts::new(), Counts::new(), Counts::new());
    let (mut priorities, mut scenarios, mut states) = (Counts::new(), Counts::new(), Counts::new());
    let mut ai = Counts::new();
    for entry in facets.entries() {
        let fails = wanted.fails(entry);
        let findings = u64::try_from(entry.findings).unwrap_or_default();
        if fails.but(Dimension::Service) {
            *services.entry(entry.service).or_default() += findings;
        }
        if fails.but(Dimension::Owner) {
            *owners.entry(entry.owner).or_default() += findings;
        }
        if fails.but(Dimension::Kind) {
            *kinds.entry(entry.kind).or_default() += findings;
        }
        if fails.but(Dimension::Priority) {
            *priorities.entry(entry.priority).or_default() += findings;
        }
        if fails.but(Dimension::Scenario) {
            *scenarios.entry(entry.scenario).or_default() += findings;
        }
        if fails.but(Dimension::State) {
            *states.entry(entry.state).or_default() += findings;
        }
        if fails.but(Dimension::Ai) {
            for factor in ai_factors(i64::from(entry.ai)) {
                *ai.entry(factor).or_default() += findings;
            }
        }
    }
    let name = |number| Ok(facets.name(number).to_owned());
    let kind = |number| -> Result<AdvisoryKind, Fault> { json("a kind", &format!("\"{}\"", facets.name(number))) };
    let scenario = |number: u8| -> Result<Scenario, Fault> { scenario_of(i64::from(number)) };
    Ok(FacetCounts {
        services: listed(services, name)?,
        owners: listed(owners, name)?,
        kinds: listed(kinds, kind)?,
        priorities: listed(priorities, |place| -> Result<Priority, Fault> { nth(&PRIORITIES, place) })?,
        scenarios: listed(scenarios, scenario)?,
        ai: listed(ai, Ok)?,
        states: listed(states, |place| nth(&FindingStatus::ALL, place))?,
    })
}
