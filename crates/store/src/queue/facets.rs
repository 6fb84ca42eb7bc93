//! How many findings each value of each dimension has.

use std::collections::BTreeMap;

use super::filter::{AiFactor, FacetCounts, FindingStatus, QueueFilter};
use super::mirror::{Facets, Fails, Wanted, nth};
use super::rows::scenario_of;
use super::sql::{Dimension, ai_factors};
use crate::error::Fault;
use crate::judging::counts::PRIORITIES;
use crate::sql::json;

/// Most values of one dimension that are listed: those with the most findings.
const MAX_LISTED: usize = 500;

/// Findings by the number of a value.
struct Counts(Vec<u64>);

impl Counts {
    fn new(numbers: usize) -> Self {
        Counts(vec![0; numbers])
    }

    fn add(&mut self, number: usize, findings: u64) {
        if let Some(count) = self.0.get_mut(number) {
            *count += findings;
        }
    }

    /// The counts by the values themselves, in their order.
    fn listed<V: Ord>(self, value: impl Fn(usize) -> Result<V, Fault>) -> Result<Vec<(V, u64)>, Fault> {
        let mut listed = Vec::new();
        for (number, findings) in self.0.into_iter().enumerate().filter(|(_, findings)| *findings > 0) {
            listed.push((value(number)?, findings));
        }
        if listed.len() > MAX_LISTED {
            listed.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            listed.truncate(MAX_LISTED);
        }
        listed.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(listed)
    }
}

/// One pass over all facets: each counts for a dimension if it meets the filter's others.
pub(super) fn facet_counts(facets: &Facets, filter: &QueueFilter, grouped: bool) -> Result<FacetCounts, Fault> {
    const BYTES: usize = 256;
    let wanted = Wanted::new(facets, filter, grouped)?;
    let names = || Counts::new(facets.names());
    let (mut services, mut owners, mut kinds) = (names(), names(), names());
    let few = || Counts::new(BYTES);
    let (mut priorities, mut scenarios, mut states, mut bits) = (few(), few(), few(), few());
    for entry in facets.entries() {
        let fails = wanted.fails(entry);
        if fails == Fails::More {
            continue;
        }
        let findings = u64::try_from(entry.findings).unwrap_or_default();
        for (dimension, counts, number) in [
            (Dimension::Service, &mut services, entry.service as usize),
            (Dimension::Owner, &mut owners, entry.owner as usize),
            (Dimension::Kind, &mut kinds, entry.kind as usize),
            (Dimension::Priority, &mut priorities, usize::from(entry.priority)),
            (Dimension::Scenario, &mut scenarios, usize::from(entry.scenario)),
            (Dimension::State, &mut states, usize::from(entry.state)),
            (Dimension::Ai, &mut bits, usize::from(entry.ai)),
        ] {
            if fails.but(dimension) {
                counts.add(number, findings);
            }
        }
    }
    let mut ai: BTreeMap<AiFactor, u64> = BTreeMap::new();
    for (bits, findings) in (0_i64..).zip(bits.0).filter(|(_, findings)| *findings > 0) {
        ai_factors(bits).for_each(|factor| *ai.entry(factor).or_default() += findings);
    }
    let name = |number| Ok(facets.name(number).to_owned());
    Ok(FacetCounts {
        services: services.listed(name)?,
        owners: owners.listed(name)?,
        kinds: kinds.listed(|number| json("a kind", &format!("\"{}\"", facets.name(number))))?,
        priorities: priorities.listed(|place| nth(&PRIORITIES, place))?,
        scenarios: scenarios.listed(|number| scenario_of(i64::try_from(number).unwrap_or(i64::MAX)))?,
        ai: ai.into_iter().collect(),
        states: states.listed(|place| nth(&FindingStatus::ALL, place))?,
    })
}
