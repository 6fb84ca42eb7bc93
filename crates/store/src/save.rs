//! Writing findings, their ids and their history.

use std::collections::BTreeSet;

use crate::engine::{Cell, Conn, query};
use crate::error::Fault;
use crate::record::Record;
use crate::sql::{Rows, insert, micros, state_columns};

const FINDING: &str = "INSERT INTO finding (id, asset_id, rule, kind, purl, state, until_day, decided_by, \
     vex_statement_id, first_seen, changed_at, changes, body)";
const FINDING_AGAIN: &str = "ON CONFLICT (id) DO UPDATE SET rule = excluded.rule, kind = excluded.kind, \
     purl = excluded.purl, state = excluded.state, until_day = excluded.until_day, decided_by = excluded.decided_by, \
     vex_statement_id = excluded.vex_statement_id, changed_at = excluded.changed_at, changes = excluded.changes, \
     body = excluded.body WHERE finding.asset_id = excluded.asset_id";
const CHANGE: &str = "INSERT INTO state_change (finding_id, seq, state, until_day, changed_by, why, changed_at)";
const RULE: &str = "INSERT INTO advisory_rule (advisory, rule)";
const ADVISORY: &str = "INSERT INTO finding_advisory (advisory, finding_id)";

/// Writes what is new of these findings.
pub(crate) async fn save<'a>(conn: &mut Conn, records: impl IntoIterator<Item = &'a mut Record>) -> Result<(), Fault> {
    let mut findings = Rows::new(13);
    let mut history = Rows::new(7);
    let mut advisories = Rows::new(2);
    let mut rules = BTreeSet::new();
    let mut old_advisories = Vec::new();
    for record in records {
        if !record.dirty {
            continue;
        }
        record.dirty = false;
        for change in std::mem::take(&mut record.pending) {
            record.changes += 1;
            let (state, until) = state_columns(&change.state);
            history.push([
                Cell::from(record.id.as_str()),
                Cell::from(record.changes),
                Cell::from(state),
                Cell::from(until),
                Cell::from(change.by),
                Cell::from(change.why),
                Cell::from(micros(change.at)),
            ]);
        }
        if let Some(mut ids) = record.new_ids.take() {
            let old = std::mem::take(&mut record.old_ids);
            old_advisories.extend(old.into_iter().map(|id| (id, record.id.clone())));
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                rules.insert((id.clone(), record.rule.clone()));
                advisories.push([Cell::from(id), Cell::from(record.id.as_str())]);
            }
        }
        let (state, until) = state_columns(&record.state);
        findings.push([
            Cell::from(record.id.as_str()),
            Cell::from(record.asset_id.as_str()),
            Cell::from(record.rule.as_str()),
            Cell::from(record.kind.as_str()),
            Cell::from(record.purl.as_str()),
            Cell::from(state),
            Cell::from(until),
            Cell::from(record.decided_by.as_str()),
            Cell::from(record.vex_statement.clone()),
            Cell::from(record.first_seen),
            Cell::from(record.changed_at),
            Cell::from(record.changes),
            Cell::from(record.body.as_str()),
        ]);
    }
    insert(conn, FINDING, FINDING_AGAIN, findings).await?;
    insert(conn, CHANGE, "", history).await?;
    let mut rule_rows = Rows::new(2);
    rules.into_iter().for_each(|(id, rule)| rule_rows.push([Cell::from(id), Cell::from(rule)]));
    insert(conn, RULE, "ON CONFLICT (advisory, rule) DO NOTHING", rule_rows).await?;
    for (advisory, finding_id) in old_advisories {
        query("DELETE FROM finding_advisory WHERE advisory = $1 AND finding_id = $2")
            .bind(advisory)
            .bind(finding_id)
            .execute(conn)
            .await?;
    }
    insert(conn, ADVISORY, "", advisories).await
}
