//! Pages of a filter that names an asset, an action, an advisory or an assignee: an index leads, and facets only check.

use super::filter::Total;
use super::page::{Ask, MAX_COUNTED, exactly, matching, places};
use super::rows::Place;
use super::sql::Sql;
use crate::engine::{Conn, query};
use crate::error::Fault;

/// Most rules that one advisory id may stand for.
const MAX_RULES_OF_ADVISORY: i64 = 100;

/// Where an index has more entries than this and the facets have fewer findings, the facets lead.
const MANY: i64 = 5_000;

/// What leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    Index,
    Facets,
}

/// The narrow part of a filter.
pub(super) struct Narrow {
    assets: Vec<String>,
    action: Option<String>,
    assignee: Option<String>,
    advisory: Option<String>,
    /// One list of rows for each; `None` where the filter names no advisory.
    rules: Vec<Option<String>>,
}

impl Narrow {
    /// `None` where the filter names none of them.
    pub(super) async fn new(conn: &mut Conn, ask: &Ask<'_>) -> Result<Option<Narrow>, Fault> {
        let filter = ask.filter;
        if [&filter.asset, &filter.action, &filter.assignee, &filter.advisory].into_iter().all(Option::is_none) {
            return Ok(None);
        }
        let mut assets: Vec<String> = filter.asset.iter().cloned().collect();
        let mut rules: Vec<Option<String>> = match &filter.advisory {
            None => vec![None],
            Some(advisory) => {
                let text = "SELECT rule FROM advisory_rule WHERE advisory = $1 ORDER BY rule LIMIT $2";
                let rules = query(text).bind(advisory).bind(MAX_RULES_OF_ADVISORY).scalars::<String>(conn).await?;
                rules.into_iter().map(Some).collect()
            }
        };
        if let Some(action) = &filter.action {
            let of_action = query("SELECT asset_id FROM finding WHERE id = $1").bind(action).scalar::<String>(conn);
            match of_action.await? {
                Some(asset) => assets.push(asset),
                // Nothing is closed by an act that is not there, nor where no facet matches.
                None => rules.clear(),
            }
        }
        if matching(ask)?.findings == 0 {
            rules.clear();
        }
        let (action, assignee, advisory) = (filter.action.clone(), filter.assignee.clone(), filter.advisory.clone());
        Ok(Some(Narrow { assets, action, assignee, advisory, rules }))
    }

    /// A page and the total.
    pub(super) async fn read(&self, conn: &mut Conn, ask: &Ask<'_>) -> Result<(Vec<Place>, Total), Fault> {
        let lead = self.lead(conn, ask).await?;
        let mut found = Vec::new();
        for rule in &self.rules {
            found.extend(self.page(conn, ask, rule.as_ref(), lead).await?);
        }
        found.sort();
        found.truncate(usize::try_from(ask.limit).unwrap_or_default());
        Ok((found, self.counted(conn, ask, lead).await?))
    }

    /// The total alone.
    pub(super) async fn total(&self, conn: &mut Conn, ask: &Ask<'_>) -> Result<Total, Fault> {
        let lead = self.lead(conn, ask).await?;
        self.counted(conn, ask, lead).await
    }

    async fn counted(&self, conn: &mut Conn, ask: &Ask<'_>, lead: Lead) -> Result<Total, Fault> {
        let mut rows = 0;
        for rule in &self.rules {
            if rows <= MAX_COUNTED {
                rows += self.count(conn, ask, rule.as_ref(), lead).await?;
            }
        }
        Ok(Total { is_exact: rows <= MAX_COUNTED, ..exactly(rows.min(MAX_COUNTED)) })
    }

    /// Adds the conditions on a finding `f`.
    fn conditions(&self, sql: &mut Sql, rule: Option<&String>, lead: Lead) {
        // An expression is no column of an index: where facets lead, theirs must be taken.
        let column = |index: &'static str, facets: &'static str| if lead == Lead::Index { index } else { facets };
        sql.push("f.facet_id <> 0");
        for asset in &self.assets {
            sql.push(" AND f.asset_id = ").bind(asset.clone());
        }
        if let Some(action) = &self.action {
            sql.push(" AND f.action_id = ").bind(action.clone());
        }
        if let Some(assignee) = &self.assignee {
            sql.push(column(" AND f.assignee = ", " AND f.assignee || '' = ")).bind(assignee.clone());
        }
        let Some(rule) = rule else { return };
        sql.push(column(" AND f.rule = ", " AND f.rule || '' = ")).bind(rule.clone());
        if let Some(advisory) = self.advisory.as_ref().filter(|advisory| *advisory != rule) {
            sql.push(" AND EXISTS (SELECT 1 FROM finding_advisory v WHERE v.finding_id = f.id AND v.advisory = ");
            sql.bind(advisory.clone()).push(")");
        }
    }

    async fn lead(&self, conn: &mut Conn, ask: &Ask<'_>) -> Result<Lead, Fault> {
        let mut entries = 0;
        for rule in self.rules.iter().take_while(|_| self.assets.is_empty()) {
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT f.id FROM finding f WHERE ");
            self.conditions(&mut sql, rule.as_ref(), Lead::Index);
            sql.push(" LIMIT ").bind(MANY).push(") t");
            entries += sql.query().scalar::<i64>(conn).await?.unwrap_or(0);
        }
        let facets_lead = entries >= MANY && matching(ask)?.findings < MANY;
        Ok(if facets_lead { Lead::Facets } else { Lead::Index })
    }

    /// Adds tables and conditions. A cross join keeps their order on SQLite.
    fn body(&self, sql: &mut Sql, ask: &Ask<'_>, rule: Option<&String>, lead: Lead) -> Result<(), Fault> {
        sql.push(match lead {
            Lead::Index => " FROM finding f CROSS JOIN facet x WHERE x.id = f.facet_id AND ",
            Lead::Facets => " FROM facet x CROSS JOIN finding f WHERE f.facet_id = x.id AND ",
        });
        self.conditions(sql, rule, lead);
        sql.push(" AND ");
        ask.filter.conditions(sql, ask.grouped)?;
        if let Some(before) = ask.before {
            sql.push(" AND f.rank_key < ").bind(before);
        }
        Ok(())
    }

    async fn page(
        &self,
        conn: &mut Conn,
        ask: &Ask<'_>,
        rule: Option<&String>,
        lead: Lead,
    ) -> Result<Vec<Place>, Fault> {
        let mut sql = Sql::new("SELECT f.rank_key, f.id");
        self.body(&mut sql, ask, rule, lead)?;
        sql.push(" AND (f.rank_key, f.id) > (").bind(ask.after.rank_key).push(", ").bind(ask.after.id.clone());
        sql.push(") ORDER BY f.rank_key, f.id LIMIT ").bind(ask.limit);
        places(conn, sql).await
    }

    /// How many rows all pages have, counted up to one more than [`MAX_COUNTED`].
    async fn count(&self, conn: &mut Conn, ask: &Ask<'_>, rule: Option<&String>, lead: Lead) -> Result<i64, Fault> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT f.id");
        self.body(&mut sql, ask, rule, lead)?;
        sql.push(" AND f.rank_key >= ").bind(ask.filter.keys().0);
        sql.push(" LIMIT ").bind(MAX_COUNTED + 1).push(") t");
        Ok(sql.query().scalar(conn).await?.unwrap_or(0))
    }
}
