//! VEX: what suppliers and colleagues say of findings, remembered and applied.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};
use yata_formats::purl::Purl;
use yata_model::{Finding, VexStatement, digest_hex};

use crate::error::{Fault, StoreError};
use crate::open::Store;
use crate::purl::covers;
use crate::record::{Record, record_columns};
use crate::save::save;
use crate::sql::{Cell, Rows, VALUES_PER_LIST, insert, json, micros, placeholders, word};

/// Most statements in one call of [`Store::apply_vex`].
pub const MAX_VEX_STATEMENTS: usize = 100_000;

/// What VEX statements did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VexApplied {
    /// Findings whose state changed, with the new state, by id.
    pub changed: Vec<Finding>,
    /// How many findings have something new in their history, those in `changed` included.
    pub recorded: usize,
    /// Statements that match no finding that is stored now. They are remembered for later ones.
    pub unmatched: Vec<VexStatement>,
}

/// A statement as stored.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) id: String,
    /// The later one wins: by the time stated, then by arrival.
    order: (i64, i64),
    pub(crate) body: VexStatement,
    products: Vec<Purl>,
}

impl Statement {
    fn new(id: String, order: (i64, i64), body: VexStatement) -> Self {
        let products = body.products.iter().filter_map(|product| product.parse().ok()).collect();
        Statement { id, order, body, products }
    }

    /// The reason for the history: status, justification, the author, the author's words.
    pub(crate) fn why(&self) -> String {
        let status = word(&self.body.status).unwrap_or_default();
        let author = self.body.author.as_ref().map(|author| format!("({author})"));
        let parts = [Some(status), self.body.justification.clone(), self.body.statement.clone(), author];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    }
}

/// Statements by the ids they name.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    all: Vec<Statement>,
    by_advisory: BTreeMap<String, Vec<usize>>,
}

impl Statements {
    fn new(all: Vec<Statement>) -> Self {
        let mut by_advisory: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, statement) in all.iter().enumerate() {
            for id in &statement.body.ids {
                by_advisory.entry(id.clone()).or_default().push(index);
            }
        }
        Statements { all, by_advisory }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All statements about one of these ids in that component.
    fn matching<'a>(&'a self, ids: &[String], purl: &str) -> impl Iterator<Item = &'a Statement> {
        let component: Option<Purl> = purl.parse().ok();
        let named: BTreeSet<usize> = ids.iter().filter_map(|id| self.by_advisory.get(id)).flatten().copied().collect();
        named
            .into_iter()
            .filter_map(|index| self.all.get(index))
            .filter(move |s| component.as_ref().is_some_and(|c| s.products.iter().any(|product| covers(product, c))))
    }

    /// The latest of [`Statements::matching`].
    pub(crate) fn winner(&self, ids: &[String], purl: &str) -> Option<&Statement> {
        self.matching(ids, purl).max_by_key(|statement| statement.order)
    }
}

const VEX: &str = "INSERT INTO vex_statement (id, arrival, stated_at, body)";
// A statement with its own date says the same whenever it arrives; one without says it anew.
const VEX_AGAIN: &str = "ON CONFLICT (id) DO UPDATE SET arrival = excluded.arrival, stated_at = excluded.stated_at";
const VEX_IDS: &str = "INSERT INTO vex_advisory (advisory, statement_id)";

impl Store {
    /// Remembers VEX statements and applies them to the findings they match, now and at every later
    /// snapshot: `not_affected` makes a false positive, `fixed` closes, `affected` and
    /// `under_investigation` are written into the history and leave (or make) the finding open.
    ///
    /// A statement matches by a common vulnerability id and by product: same purl type, namespace and name;
    /// version, qualifiers and subpath wherever the statement has them. The statement with the latest time
    /// wins (one without a time counts as stated at `now`; among equals the last one given). A person's
    /// decision stays; the statement is then only written into the history.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], or a failure of the database; nothing is stored then.
    pub async fn apply_vex(&self, statements: &[VexStatement], now: Timestamp) -> Result<VexApplied, StoreError> {
        if statements.len() > MAX_VEX_STATEMENTS {
            let (what, given) = ("VEX statements", statements.len());
            return Err(StoreError::TooMany { what, given, limit: MAX_VEX_STATEMENTS });
        }
        let doing = "storing VEX statements";
        let mut writing = self.begin(doing).await?;
        let result = match writing.conn() {
            Ok(conn) => apply(conn, statements, now).await,
            Err(fault) => Err(fault),
        };
        self.end(doing, writing, result).await
    }
}

async fn apply(conn: &mut SqliteConnection, given: &[VexStatement], now: Timestamp) -> Result<VexApplied, Fault> {
    let new_ids = remember(conn, given, now).await?;
    let mut records = findings_named(conn, given).await?;
    let statements = statements_about(conn, &records).await?;
    let mut applied = VexApplied::default();
    let mut matched: BTreeSet<&str> = BTreeSet::new();
    let mut changed: BTreeSet<String> = BTreeSet::new();
    for record in &mut records {
        let ids = record.ids()?;
        matched.extend(statements.matching(&ids, &record.purl).map(|statement| statement.id.as_str()));
        let winner = statements.winner(&ids, &record.purl);
        let before = record.pending.len();
        if winner.is_some() && record.apply_vex(winner, "", now) {
            changed.insert(record.id.clone());
        }
        applied.recorded += usize::from(record.pending.len() > before);
    }
    save(conn, &mut records).await?;
    for record in records.iter().filter(|record| changed.contains(&record.id)) {
        applied.changed.push(record.finding()?);
    }
    applied.unmatched = given
        .iter()
        .zip(&new_ids)
        .filter(|(_, id)| !matched.contains(id.as_str()))
        .map(|(statement, _)| statement.clone())
        .collect();
    Ok(applied)
}

/// Stores the statements; returns their ids, one for each.
async fn remember(conn: &mut SqliteConnection, given: &[VexStatement], now: Timestamp) -> Result<Vec<String>, Fault> {
    let last: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(arrival), 0) FROM vex_statement").fetch_one(&mut *conn).await?;
    let mut ids = Vec::with_capacity(given.len());
    let mut rows: BTreeMap<String, [Cell; 4]> = BTreeMap::new();
    let mut advisories: BTreeSet<(String, String)> = BTreeSet::new();
    let mut arrival = last;
    for statement in given {
        arrival += 1;
        let body = serde_json::to_string(statement)?;
        let id = format!("vx_{}", digest_hex(&["vex", &body]));
        let stated_at = micros(statement.at.unwrap_or(now));
        let cells = [Cell::from(id.as_str()), Cell::from(arrival), Cell::from(stated_at), Cell::from(body)];
        rows.insert(id.clone(), cells);
        advisories.extend(statement.ids.iter().map(|advisory| (advisory.clone(), id.clone())));
        ids.push(id);
    }
    let mut statement_rows = Rows::new(4);
    rows.into_values().for_each(|row| statement_rows.push(row));
    let mut advisory_rows = Rows::new(2);
    advisories.into_iter().for_each(|(advisory, id)| advisory_rows.push([Cell::from(advisory), Cell::from(id)]));
    insert(conn, VEX, VEX_AGAIN, statement_rows).await?;
    insert(conn, VEX_IDS, "ON CONFLICT (advisory, statement_id) DO NOTHING", advisory_rows).await?;
    Ok(ids)
}

/// All findings that share an id with one of the statements.
async fn findings_named(conn: &mut SqliteConnection, given: &[VexStatement]) -> Result<Vec<Record>, Fault> {
    let advisories: BTreeSet<&String> = given.iter().flat_map(|statement| &statement.ids).collect();
    let advisories: Vec<&String> = advisories.into_iter().collect();
    let mut records = BTreeMap::new();
    for chunk in advisories.chunks(VALUES_PER_LIST) {
        // INVARIANT: the text is made of fixed parts and numbers; every value is bound.
        let text = AssertSqlSafe(format!(
            "SELECT DISTINCT {} FROM finding f JOIN finding_advisory a ON a.finding_id = f.id WHERE a.advisory IN ({})",
            record_columns!(),
            placeholders(1, chunk.len())
        ));
        let mut query = sqlx::query(text).persistent(false);
        for advisory in chunk {
            query = query.bind(*advisory);
        }
        for row in query.fetch_all(&mut *conn).await? {
            let record = Record::from_row(&row)?;
            records.insert(record.id.clone(), record);
        }
    }
    Ok(records.into_values().collect())
}

/// All remembered statements that name an id of one of these findings.
pub(crate) async fn statements_about<'a>(
    conn: &mut SqliteConnection,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Statements, Fault> {
    let any: Option<i64> = sqlx::query_scalar("SELECT 1 FROM vex_statement LIMIT 1").fetch_optional(&mut *conn).await?;
    if any.is_none() {
        return Ok(Statements::default());
    }
    let mut advisories: BTreeSet<String> = BTreeSet::new();
    for record in records {
        match &record.new_ids {
            Some(ids) => advisories.extend(ids.iter().cloned()),
            None => advisories.extend(record.ids()?),
        }
    }
    let advisories: Vec<String> = advisories.into_iter().collect();
    let mut statements = BTreeMap::new();
    for chunk in advisories.chunks(VALUES_PER_LIST) {
        // INVARIANT: the text is made of fixed parts and numbers; every value is bound.
        let text = AssertSqlSafe(format!(
            "SELECT DISTINCT v.id, v.arrival, v.stated_at, v.body FROM vex_statement v \
             JOIN vex_advisory a ON a.statement_id = v.id WHERE a.advisory IN ({})",
            placeholders(1, chunk.len())
        ));
        let mut query = sqlx::query(text).persistent(false);
        for advisory in chunk {
            query = query.bind(advisory);
        }
        for row in query.fetch_all(&mut *conn).await? {
            let id: String = row.try_get("id")?;
            let order = (row.try_get("stated_at")?, row.try_get("arrival")?);
            let body: VexStatement = json("a VEX statement", row.try_get("body")?)?;
            statements.insert(id.clone(), Statement::new(id, order, body));
        }
    }
    Ok(Statements::new(statements.into_values().collect()))
}
