//! From the findings of an asset, its evidence and the rules to their places in the list. The one way in which a
//! finding's columns of the judged list change.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use yata_model::{Asset, BusinessService, Component, Evidence, Finding, Remedy, Risk};
use yata_ruler::{Calendar, Context, Tables, actions, highest_fix, judge, no_evidence, rank, rank_key};
use yata_versions::{Scheme, Version, compatible};

use super::counts::{Deltas, Facet, Metric, NO_DAY, day_number, facet_columns, kind_word, priority_word, state_word};
use super::rules::{read_rules, read_service};
use crate::engine::{Cell, Conn, Row, built_query, query};
use crate::error::Fault;
use crate::queue::FindingStatus;
use crate::record::{Record, record_columns};
use crate::sql::{VALUES_PER_LIST, day, json, placeholders, time};

/// Evidence that is kept while a transaction judges; above it, all of it is read anew.
const MAX_EVIDENCE_KEPT: usize = 20_000;

/// Rows of one `UPDATE`.
const ROWS_PER_UPDATE: usize = 40;

/// Stands for facts that nobody stated.
const NO_SOURCE: &str = "register";

/// Judges assets within one transaction.
pub(crate) struct Judge {
    today: Date,
    calendar: Calendar,
    tables: Tables,
    revision: i64,
    pub(crate) deltas: Deltas,
    evidence: BTreeMap<String, Arc<Evidence>>,
}

/// An asset with what its findings are judged by.
pub(crate) struct Subject {
    pub(crate) asset: Asset,
    pub(crate) said_in: String,
    pub(crate) service: Option<BusinessService>,
    closes_all: BTreeMap<String, String>,
}

/// A finding with its present columns of the list.
struct Stored {
    finding: Finding,
    evidence_id: Option<String>,
    changed_day: Date,
    /// Of those that were judged before.
    before: Option<(i64, Facet)>,
    columns: Columns,
}

/// The columns of the judged list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Columns {
    facet_id: i64,
    rank_key: i64,
    is_open: i64,
    action_id: String,
    action_findings: i64,
    action_remedy: Option<String>,
}

impl Judge {
    /// With the rules as they are now.
    pub(crate) async fn load(conn: &mut Conn, today: Date) -> Result<Judge, Fault> {
        let (rules, revision) = read_rules(conn).await?;
        let tables = rules.compile().map_err(|error| Fault::Value(format!("the rules: {error}")))?;
        let calendar = Calendar::new(&rules.deadlines);
        Ok(Judge { today, calendar, tables, revision, deltas: Deltas::default(), evidence: BTreeMap::new() })
    }

    /// The revision of the rules.
    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }

    /// Judges the findings of an asset and writes what changed; the counts are written by [`Deltas::write`].
    pub(crate) async fn asset(&mut self, conn: &mut Conn, asset_id: &str) -> Result<(), Fault> {
        if conn.is_postgres() {
            // Whoever adds a service marks its assets, and holds no lock of theirs: before this, so that the service is
            // read here, or after all of it, so that the mark stays. The row is written in the end anyway.
            query("SELECT id FROM asset WHERE id = $1 FOR NO KEY UPDATE").bind(asset_id).fetch_optional(conn).await?;
        }
        let Some(subject) = read_subject(conn, asset_id).await? else { return Ok(()) };
        let stored = stored(conn, &subject.asset).await?;
        self.keep_evidence(conn, &stored).await?;
        let mut risks: Vec<Risk> = Vec::with_capacity(stored.len());
        for one in &stored {
            let evidence = one.evidence_id.as_ref().and_then(|id| self.evidence.get(id)).cloned();
            risks.push(self.judge(one.finding.clone(), evidence.as_deref(), &subject));
        }
        let mut placed = self.place(&subject, &stored, risks)?;
        let mut open = BTreeMap::new();
        let mut changed = Vec::new();
        for one in stored {
            let Some((facet, columns)) = placed.remove(&one.finding.id) else { continue };
            if columns.is_open == 1 {
                *open.entry(facet.priority.clone()).or_insert(0_i64) += 1;
            }
            self.count(&one, &facet, &columns)?;
            if columns != one.columns {
                changed.push((one.finding.id, columns));
            }
        }
        write_columns(conn, changed).await?;
        let of = |word: &str| open.get(word).copied().unwrap_or(0);
        query(
            "UPDATE asset SET judged_by = $2, open_immediate = $3, open_out_of_cycle = $4, open_scheduled = $5, \
             open_defer = $6 WHERE id = $1",
        )
        .bind(asset_id)
        .bind(self.revision)
        .bind_all(super::counts::PRIORITIES.map(|priority| of(priority_word(priority))))
        .execute(conn)
        .await?;
        Ok(())
    }

    /// One finding on the ruler.
    pub(crate) fn judge(&self, finding: Finding, evidence: Option<&Evidence>, subject: &Subject) -> Risk {
        let context = Context {
            asset: &subject.asset,
            asset_source: &subject.said_in,
            service: subject.service.as_ref(),
            scope: finding.subject.scope(),
            today: self.today,
            first_seen: finding.first_seen.map(|at| day(at).min(self.today)),
            calendar: &self.calendar,
            tables: &self.tables,
        };
        match evidence {
            Some(evidence) => judge(finding, evidence, &context),
            None => {
                let evidence = no_evidence(&finding);
                judge(finding, &evidence, &context)
            }
        }
    }

    async fn keep_evidence(&mut self, conn: &mut Conn, stored: &[Stored]) -> Result<(), Fault> {
        if self.evidence.len() > MAX_EVIDENCE_KEPT {
            self.evidence.clear();
        }
        let mut missing: Vec<&str> = stored.iter().filter_map(|one| one.evidence_id.as_deref()).collect();
        missing.retain(|id| !self.evidence.contains_key(*id));
        missing.sort_unstable();
        missing.dedup();
        let mut found = Vec::new();
        for chunk in missing.chunks(VALUES_PER_LIST) {
            let text = format!("SELECT id, body FROM evidence WHERE id IN ({})", placeholders(1, chunk.len()));
            let rows = built_query(text).bind_all(chunk.iter().copied()).fetch_all(conn).await?;
            for row in rows {
                let evidence: Evidence = json("evidence", row.get("body")?)?;
                found.push((row.get("id")?, Arc::new(evidence)));
            }
        }
        self.evidence.extend(found);
        Ok(())
    }

    /// The facet and the columns of each finding, by its id.
    fn place(
        &self,
        subject: &Subject,
        stored: &[Stored],
        risks: Vec<Risk>,
    ) -> Result<BTreeMap<String, (Facet, Columns)>, Fault> {
        let mut placed = BTreeMap::new();
        let (open, settled): (Vec<Risk>, Vec<Risk>) =
            risks.into_iter().partition(|risk| risk.finding.state.is_open(self.today));
        for risk in &settled {
            placed.insert(risk.finding.id.clone(), self.columns(subject, risk, None)?);
        }
        let open = rank(open);
        let closes_all = |component: &Component| subject.closes_all.get(&component.purl).cloned();
        let acts = actions(&open, &|findings| common_fix(findings, &closes_all));
        for act in acts {
            let members = || act.risks.iter().filter_map(|n| open.get((*n as usize).checked_sub(1)?));
            let Some(leader) = members().next() else { continue };
            let count = i64::try_from(act.risks.len()).unwrap_or(i64::MAX);
            for risk in members() {
                let act = (leader.finding.id.as_str(), count, &act.remedy);
                placed.insert(risk.finding.id.clone(), self.columns(subject, risk, Some(act))?);
            }
        }
        debug_assert_eq!(placed.len(), stored.len());
        Ok(placed)
    }

    /// `act` is its most urgent finding, how many it closes, and what to do; `None` for what is not open.
    fn columns(
        &self,
        subject: &Subject,
        risk: &Risk,
        act: Option<(&str, i64, &Remedy)>,
    ) -> Result<(Facet, Columns), Fault> {
        let finding = &risk.finding;
        let (action_id, action_findings, remedy) = act.unwrap_or((&finding.id, 1, &finding.remedy));
        let leads = action_id == finding.id;
        let facet = Facet {
            service: subject.asset.service.clone().unwrap_or_default(),
            owner: subject.asset.owner.clone().unwrap_or_default(),
            kind: kind_word(finding.kind)?,
            priority: priority_word(risk.decision.outcome.priority).to_owned(),
            scenario: i64::from(risk.scenario.number()),
            ai: ai_bits(risk),
            state: state_word(FindingStatus::of(&finding.state, self.today)).to_owned(),
            leads: i64::from(leads),
        };
        let columns = Columns {
            facet_id: facet.id(),
            rank_key: rank_key(risk.decision.due, risk.expected_harm),
            is_open: i64::from(act.is_some()),
            action_id: action_id.to_owned(),
            action_findings,
            action_remedy: (leads && *remedy != finding.remedy).then(|| serde_json::to_string(remedy)).transpose()?,
        };
        Ok((facet, columns))
    }

    /// Moves a finding from where it was counted to where it counts now.
    fn count(&mut self, one: &Stored, facet: &Facet, columns: &Columns) -> Result<(), Fault> {
        let today = day_number(self.today);
        let due_day = |key: i64| yata_ruler::due_of_key(key).map_or(NO_DAY, day_number);
        let is_open = columns.is_open == 1;
        let deltas = &mut self.deltas;
        match &one.before {
            Some((id, before)) => {
                if *id != columns.facet_id {
                    deltas.leaves(*id, before);
                    deltas.enters(columns.facet_id, facet, columns.rank_key);
                } else if one.columns.rank_key != columns.rank_key {
                    deltas.leaves(*id, before);
                    deltas.enters(*id, facet, columns.rank_key);
                }
                let was_open = before.is_open();
                if was_open {
                    deltas.tally(Metric::Due, due_day(one.columns.rank_key), before, -1);
                }
                match (was_open, is_open) {
                    (false, true) => deltas.tally(Metric::Opened, today, facet, 1),
                    (true, false) => deltas.tally(Metric::Closed, today, before, 1),
                    (true, true) if (&before.service, &before.priority) != (&facet.service, &facet.priority) => {
                        deltas.tally(Metric::Moved, today, before, -1);
                        deltas.tally(Metric::Moved, today, facet, 1);
                    }
                    _ => {}
                }
            }
            None => {
                deltas.enters(columns.facet_id, facet, columns.rank_key);
                let seen = one.finding.first_seen.map_or(self.today, |at| day(at).min(self.today));
                deltas.tally(Metric::Opened, day_number(seen), facet, 1);
                if !is_open {
                    let closed = one.changed_day.max(seen).min(self.today);
                    deltas.tally(Metric::Closed, day_number(closed), facet, 1);
                }
            }
        }
        if is_open {
            deltas.tally(Metric::Due, due_day(columns.rank_key), facet, 1);
        }
        Ok(())
    }
}

fn ai_bits(risk: &Risk) -> i64 {
    i64::from(risk.threat.ai) | i64::from(risk.vulnerability.ai) << 1 | i64::from(risk.asset.ai) << 2
}

/// An asset with what its findings are judged by; `None` where there is none of that id.
pub(crate) async fn read_subject(conn: &mut Conn, asset_id: &str) -> Result<Option<Subject>, Fault> {
    let row = query("SELECT body, said_in, closes_all FROM asset WHERE id = $1").bind(asset_id).fetch_optional(conn);
    let Some(row) = row.await? else { return Ok(None) };
    let asset: Asset = json("an asset", row.get("body")?)?;
    let service = match &asset.service {
        Some(id) => read_service(conn, id).await?,
        None => None,
    };
    let said_in: String = row.get("said_in")?;
    let said_in = if said_in.is_empty() { NO_SOURCE.to_owned() } else { said_in };
    Ok(Some(Subject { asset, said_in, service, closes_all: json("fixes", row.get("closes_all")?)? }))
}

/// The findings of an asset, without those that were fixed before and have not changed since.
async fn stored(conn: &mut Conn, asset: &Asset) -> Result<Vec<Stored>, Fault> {
    let text = concat!(
        "SELECT ",
        record_columns!(),
        ", ",
        facet_columns!(),
        ", f.evidence_id, f.facet_id, f.rank_key, f.is_open, f.action_id, f.action_findings, f.action_remedy, \
         x.id AS counted FROM finding f LEFT JOIN facet x ON x.id = f.facet_id WHERE f.asset_id = $1 \
         AND NOT (f.state = 'fixed' AND COALESCE(x.state, '') = 'fixed' AND COALESCE(x.service, '') = $2 \
         AND COALESCE(x.owner, '') = $3)"
    );
    let service = asset.service.as_deref().unwrap_or_default();
    let owner = asset.owner.as_deref().unwrap_or_default();
    let rows = query(text).bind(asset.id.as_str()).bind(service).bind(owner).fetch_all(conn).await?;
    rows.iter().map(stored_of).collect()
}

fn stored_of(row: &Row) -> Result<Stored, Fault> {
    let record = Record::from_row(row)?;
    let facet_id: i64 = row.get("facet_id")?;
    let counted: Option<i64> = row.get("counted")?;
    Ok(Stored {
        finding: record.finding()?,
        evidence_id: row.get("evidence_id")?,
        changed_day: day(time(record.changed_at)?),
        before: counted.map(|id| Ok::<_, Fault>((id, Facet::from_row(row)?))).transpose()?,
        columns: Columns {
            facet_id,
            rank_key: row.get("rank_key")?,
            is_open: row.get("is_open")?,
            action_id: row.get("action_id")?,
            action_findings: row.get("action_findings")?,
            action_remedy: row.get("action_remedy")?,
        },
    })
}

async fn write_columns(conn: &mut Conn, changed: Vec<(String, Columns)>) -> Result<(), Fault> {
    for chunk in changed.chunks(ROWS_PER_UPDATE) {
        let tuples: Vec<String> = (0..chunk.len()).map(|n| format!("({})", placeholders(n * 7 + 1, 7))).collect();
        let text = format!(
            "UPDATE finding SET facet_id = v.column2, rank_key = v.column3, is_open = v.column4, action_id = v.column5, \
             action_findings = v.column6, action_remedy = v.column7 FROM (VALUES {}) AS v WHERE finding.id = v.column1",
            tuples.join(", ")
        );
        let cells = chunk.iter().flat_map(|(id, columns)| {
            [
                Cell::from(id),
                Cell::from(columns.facet_id),
                Cell::from(columns.rank_key),
                Cell::from(columns.is_open),
                Cell::from(&columns.action_id),
                Cell::from(columns.action_findings),
                Cell::from(&columns.action_remedy),
            ]
        });
        let persistent = chunk.len() == ROWS_PER_UPDATE || chunk.len() == 1;
        built_query(text).persistent(persistent).bind_all(cells).execute(conn).await?;
    }
    Ok(())
}

/// One upgrade that closes all findings of one component; `closes_all` is the version that does, where a sensor knows it.
pub fn common_fix(findings: &[&Finding], closes_all: &dyn Fn(&Component) -> Option<String>) -> Option<Remedy> {
    let component = findings.first()?.subject.component()?;
    let scheme = Scheme::of(&component.package.ecosystem);
    if let (Some(to), Some(from), Some(scheme)) = (closes_all(component), &component.version, scheme) {
        return Some(Remedy::Upgrade { compatible: compatible(scheme, from, &to), to });
    }
    highest_fix(findings, &|ecosystem, a, b| {
        let scheme = Scheme::of(ecosystem);
        let version = |text| scheme.and_then(|scheme| Version::parse(scheme, text).ok());
        match (version(a), version(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        }
    })
}
