//! How many findings each value of each dimension has.

use std::collections::BTreeMap;

use yata_model::AdvisoryKind;

use super::filter::{AiFactor, FacetCounts, FindingStatus, QueueFilter};
use super::rows::{scenario_of, status_of};
use super::sql::{Dimension, Sql, ai_factors};
use crate::engine::Conn;
use crate::error::Fault;
use crate::judging::counts::priority_of;
use crate::sql::json;

/// Most values of one dimension that are listed: those with the most findings.
const MAX_LISTED: usize = 500;

/// Adds to a count.
fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K, findings: u64) {
    *counts.entry(key).or_default() += findings;
}

fn listed<K: Ord>(counts: BTreeMap<K, u64>) -> Vec<(K, u64)> {
    let mut listed: Vec<(K, u64)> = counts.into_iter().filter(|(_, findings)| *findings > 0).collect();
    if listed.len() > MAX_LISTED {
        listed.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        listed.truncate(MAX_LISTED);
        listed.sort_by(|a, b| a.0.cmp(&b.0));
    }
    listed
}

pub(super) async fn read_facet_counts(
    conn: &mut Conn,
    filter: &QueueFilter,
    grouped: bool,
) -> Result<FacetCounts, Fault> {
    let mut counts = FacetCounts::default();
    small(conn, filter, grouped, &mut counts).await?;
    states(conn, filter, grouped, &mut counts).await?;
    people(conn, filter, grouped, &mut counts).await?;
    Ok(counts)
}

/// The dimensions with few values: one pass, and what the filter says of them is weighed here.
async fn small(conn: &mut Conn, filter: &QueueFilter, grouped: bool, counts: &mut FacetCounts) -> Result<(), Fault> {
    use Dimension::{Ai, Kind, Priority, Scenario};
    let mut sql = Sql::new(
        "SELECT x.kind, x.priority, x.scenario, x.ai, CAST(SUM(x.findings) AS BIGINT) AS findings FROM facet x WHERE ",
    );
    filter.conditions(&mut sql, grouped, &[Kind, Priority, Scenario, Ai])?;
    sql.push(" GROUP BY x.kind, x.priority, x.scenario, x.ai");
    let (mut kinds, mut priorities) = (BTreeMap::new(), BTreeMap::new());
    let (mut scenarios, mut ais) = (BTreeMap::new(), BTreeMap::new());
    for row in sql.query().fetch_all(conn).await? {
        let kind: AdvisoryKind = json("a kind", &format!("\"{}\"", row.get::<&str>("kind")?))?;
        let (priority, scenario) = (priority_of(row.get("priority")?)?, scenario_of(row.get("scenario")?)?);
        let ai: Vec<AiFactor> = ai_factors(row.get("ai")?).collect();
        let findings = u64::try_from(row.get::<i64>("findings")?).unwrap_or_default();
        let by_kind = filter.kinds.is_empty() || filter.kinds.contains(&kind);
        let by_priority = filter.priorities.is_empty() || filter.priorities.contains(&priority);
        let by_scenario = filter.scenarios.is_empty() || filter.scenarios.contains(&scenario);
        let by_ai = filter.ai.is_empty() || ai.iter().any(|factor| filter.ai.contains(factor));
        if by_priority && by_scenario && by_ai {
            add(&mut kinds, kind, findings);
        }
        if by_kind && by_scenario && by_ai {
            add(&mut priorities, priority, findings);
        }
        if by_kind && by_priority && by_ai {
            add(&mut scenarios, scenario, findings);
        }
        if by_kind && by_priority && by_scenario {
            ai.into_iter().for_each(|factor| add(&mut ais, factor, findings));
        }
    }
    counts.kinds = listed(kinds);
    counts.priorities = listed(priorities);
    counts.scenarios = listed(scenarios);
    counts.ai = listed(ais);
    Ok(())
}

async fn states(conn: &mut Conn, filter: &QueueFilter, grouped: bool, counts: &mut FacetCounts) -> Result<(), Fault> {
    let mut sql = Sql::new("SELECT x.state, CAST(SUM(x.findings) AS BIGINT) AS findings FROM facet x WHERE ");
    filter.conditions(&mut sql, grouped, &[Dimension::State])?;
    sql.push(" GROUP BY x.state");
    let mut states: BTreeMap<FindingStatus, u64> = BTreeMap::new();
    for row in sql.query().fetch_all(conn).await? {
        let findings = u64::try_from(row.get::<i64>("findings")?).unwrap_or_default();
        add(&mut states, status_of(row.get("state")?)?, findings);
    }
    counts.states = listed(states);
    Ok(())
}

/// Services and owners: one pass over what the other dimensions leave.
async fn people(conn: &mut Conn, filter: &QueueFilter, grouped: bool, counts: &mut FacetCounts) -> Result<(), Fault> {
    let mut sql =
        Sql::new("SELECT x.service, x.owner, CAST(SUM(x.findings) AS BIGINT) AS findings FROM facet x WHERE ");
    filter.conditions(&mut sql, grouped, &[Dimension::Service, Dimension::Owner])?;
    sql.push(" GROUP BY x.service, x.owner");
    let (mut services, mut owners) = (BTreeMap::new(), BTreeMap::new());
    for row in sql.query().fetch_all(conn).await? {
        let (service, owner): (String, String) = (row.get("service")?, row.get("owner")?);
        let findings = u64::try_from(row.get::<i64>("findings")?).unwrap_or_default();
        let by_service = filter.services.is_empty() || filter.services.contains(&service);
        if filter.owners.is_empty() || filter.owners.contains(&owner) {
            add(&mut services, service, findings);
        }
        if by_service {
            add(&mut owners, owner, findings);
        }
    }
    counts.services = listed(services);
    counts.owners = listed(owners);
    Ok(())
}
