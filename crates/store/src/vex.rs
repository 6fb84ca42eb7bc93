//! VEX: what suppliers and colleagues say of findings, remembered and applied.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use yata_formats::purl::Purl;
use yata_ledger::Hash;
use yata_model::{Finding, VexStatement, digest_hex};

use crate::engine::{Cell, Conn, built_query, query};
use crate::error::{Fault, StoreError};
use crate::judging::rejudge_assets;
use crate::locks::lock_all_assets;
use crate::purl::covers;
use crate::record::{Record, record_columns};
use crate::save::save;
use crate::sql::{MAX_KEY_BYTES, Rows, VALUES_PER_LIST, day, insert, json, micros, placeholders, word};
use crate::store::{Store, write};
use crate::trail::{Act, Actor, note};

/// Most documents that the ledger names for one call.
const MAX_NAMED_SOURCES: usize = 5;

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
    pub(crate) order: (i64, i64),
    pub(crate) body: VexStatement,
    products: Vec<Purl>,
    /// The products inside which it holds, where they are named by package URL.
    within: Vec<Purl>,
}

impl Statement {
    fn new(id: String, order: (i64, i64), body: VexStatement) -> Self {
        let purls = |list: &[String]| list.iter().filter_map(|text| text.parse().ok()).collect();
        let (products, within) = (purls(&body.products), purls(&body.within));
        Statement { id, order, body, products, within }
    }

    /// Whether an asset of that name and with these components is, or holds, a product inside which it holds.
    fn holds_in(&self, name: &str, components: &[Purl]) -> bool {
        self.body.within.iter().any(|product| product == name)
            || self.within.iter().any(|product| components.iter().any(|component| covers(product, component)))
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

    /// Whether one of them holds only inside certain products.
    fn any_within(&self) -> bool {
        self.all.iter().any(|statement| !statement.body.within.is_empty())
    }

    /// All statements about one of these ids in that component of an asset.
    fn matching<'a>(&'a self, ids: &[String], purl: &str, inside: &'a Inside) -> impl Iterator<Item = &'a Statement> {
        let component: Option<Purl> = purl.parse().ok();
        let named: BTreeSet<usize> = ids.iter().filter_map(|id| self.by_advisory.get(id)).flatten().copied().collect();
        named
            .into_iter()
            .filter_map(|index| Some((index, self.all.get(index)?)))
            .filter(|(index, statement)| statement.body.within.is_empty() || inside.0.contains(index))
            .map(|(_, statement)| statement)
            .filter(move |s| component.as_ref().is_some_and(|c| s.products.iter().any(|product| covers(product, c))))
    }

    /// The latest of [`Statements::matching`].
    pub(crate) fn winner<'a>(&'a self, ids: &[String], purl: &str, inside: &'a Inside) -> Option<&'a Statement> {
        self.matching(ids, purl, inside).max_by_key(|statement| statement.order)
    }

    /// Which of those that hold only inside certain products hold in this asset, as it is stored now.
    pub(crate) async fn inside(&self, conn: &mut Conn, asset_id: &str) -> Result<Inside, Fault> {
        if !self.any_within() {
            return Ok(Inside::default());
        }
        let name: Option<String> = query("SELECT name FROM asset WHERE id = $1").bind(asset_id).scalar(conn).await?;
        let bodies: Vec<String> = query(
            "SELECT c.body FROM snapshot s JOIN component_set c ON c.id = s.component_set_id WHERE s.asset_id = $1",
        )
        .bind(asset_id)
        .scalars(conn)
        .await?;
        let mut components = Vec::new();
        for body in &bodies {
            let listed: Vec<SetPurl<'_>> = json("a component set", body)?;
            components.extend(listed.iter().filter_map(|component| component.purl.parse::<Purl>().ok()));
        }
        let name = name.unwrap_or_default();
        let holds = |(index, statement): (usize, &Statement)| {
            (!statement.body.within.is_empty() && statement.holds_in(&name, &components)).then_some(index)
        };
        Ok(Inside(self.all.iter().enumerate().filter_map(holds).collect()))
    }
}

/// Statements, by their place, that hold inside an asset although they do not hold everywhere.
#[derive(Debug, Default)]
pub(crate) struct Inside(BTreeSet<usize>);

/// A component of a stored set, by its package URL alone.
#[derive(Deserialize)]
struct SetPurl<'a> {
    #[serde(borrow)]
    purl: Cow<'a, str>,
}

/// Statements that come with snapshots and hold for their assets only.
#[derive(Debug, Default)]
pub(crate) struct Local {
    pub(crate) statements: Statements,
    /// Of all statements; `None` where there are none.
    pub(crate) digest: Option<String>,
}

impl Local {
    /// One without a time counts as stated at `now`; among equals those given here are the latest.
    pub(crate) fn new(given: &[VexStatement], now: Timestamp) -> Result<Self, Fault> {
        let mut all = Vec::with_capacity(given.len());
        for (arrival, statement) in (0_i64..).zip(given) {
            let id = format!("vx_{}", digest_hex(&["vex of an estate", &serde_json::to_string(statement)?]));
            let order = (micros(statement.at.unwrap_or(now)), FIRST_LOCAL_ARRIVAL + arrival);
            all.push(Statement::new(id, order, statement.clone()));
        }
        let ids: Vec<&str> = all.iter().map(|statement| statement.id.as_str()).collect();
        let digest = (!ids.is_empty()).then(|| digest_hex(&ids));
        Ok(Local { statements: Statements::new(all), digest })
    }
}

/// Later than any arrival that is counted in the database.
const FIRST_LOCAL_ARRIVAL: i64 = i64::MAX / 2;

/// Whether the store can take them.
pub(crate) fn check_statements(statements: &[VexStatement]) -> Result<(), StoreError> {
    if statements.len() > MAX_VEX_STATEMENTS {
        let (what, given) = ("VEX statements", statements.len());
        return Err(StoreError::TooMany { what, given, limit: MAX_VEX_STATEMENTS });
    }
    if let Some(id) = statements.iter().flat_map(|statement| &statement.ids).find(|id| id.len() > MAX_KEY_BYTES) {
        let (what, given) = ("id of a vulnerability in a VEX statement", id.chars().count());
        return Err(StoreError::TooLong { what, given, limit: MAX_KEY_BYTES });
    }
    Ok(())
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
    /// version, qualifiers and subpath wherever the statement has them. One that names products in `within` matches
    /// only in assets of that name, and in assets one of whose components is such a product: what a supplier says of
    /// a part inside their product says nothing of the part elsewhere. The statement with the latest time
    /// wins (one without a time counts as stated at `now`; among equals the last one given). A person's
    /// decision stays; the statement is then only written into the history.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], or a failure of the database; nothing is stored then.
    pub async fn apply_vex(&self, statements: &[VexStatement], now: Timestamp) -> Result<VexApplied, StoreError> {
        check_statements(statements)?;
        let doing = "storing VEX statements";
        write!(self, doing, |conn| apply(conn, statements, now))
    }
}

async fn apply(conn: &mut Conn, given: &[VexStatement], now: Timestamp) -> Result<VexApplied, Fault> {
    lock_all_assets(conn).await?;
    let new_ids = remember(conn, given, now).await?;
    let mut records = findings_named(conn, given).await?;
    let statements = statements_about(conn, &records).await?;
    let mut applied = VexApplied::default();
    let mut matched: BTreeSet<&str> = BTreeSet::new();
    let mut changed: BTreeSet<String> = BTreeSet::new();
    let mut insides: BTreeMap<String, Inside> = BTreeMap::new();
    for record in &records {
        if !insides.contains_key(&record.asset_id) {
            insides.insert(record.asset_id.clone(), statements.inside(conn, &record.asset_id).await?);
        }
    }
    for record in &mut records {
        let ids = record.ids()?;
        let Some(inside) = insides.get(&record.asset_id) else { continue };
        matched.extend(statements.matching(&ids, &record.purl, inside).map(|statement| statement.id.as_str()));
        let winner = statements.winner(&ids, &record.purl, inside);
        let before = record.pending.len();
        if winner.is_some() && record.apply_vex(winner, "", now) {
            changed.insert(record.id.clone());
        }
        applied.recorded += usize::from(record.pending.len() > before);
    }
    save(conn, &mut records).await?;
    for record in records.iter().filter(|record| changed.contains(&record.id)) {
        // Statements that come with snapshots are weighed against these when the next one comes.
        query("UPDATE snapshot SET digest = '' WHERE asset_id = $1").bind(&record.asset_id).execute(conn).await?;
        applied.changed.push(record.finding()?);
    }
    let assets = records.iter().filter(|record| changed.contains(&record.id)).map(|record| record.asset_id.clone());
    rejudge_assets(conn, &assets.collect(), day(now)).await?;
    applied.unmatched = given
        .iter()
        .zip(&new_ids)
        .filter(|(_, id)| !matched.contains(id.as_str()))
        .map(|(statement, _)| statement.clone())
        .collect();
    note_vex(conn, given, &applied, now).await?;
    Ok(applied)
}

async fn note_vex(conn: &mut Conn, given: &[VexStatement], applied: &VexApplied, now: Timestamp) -> Result<(), Fault> {
    let body = serde_json::to_vec(given)?;
    let sources: BTreeSet<&str> = given.iter().map(|statement| statement.source.as_str()).collect();
    let documents = sources.iter().take(MAX_NAMED_SOURCES).map(|source| ("document", *source));
    let act = Act::new("vex.imported", &Actor::system())
        .fact("statements", given.len().to_string())
        .fact("changed", applied.changed.len().to_string())
        .fact("unmatched", applied.unmatched.len().to_string())
        .fact("digest", Hash::of(&body).to_string());
    note(conn, &documents.fold(act, |act, (kind, source)| act.on(kind, source, source)), now).await
}

/// Stores the statements; returns their ids, one for each.
async fn remember(conn: &mut Conn, given: &[VexStatement], now: Timestamp) -> Result<Vec<String>, Fault> {
    let last: Option<i64> = query("SELECT COALESCE(MAX(arrival), 0) FROM vex_statement").scalar(conn).await?;
    let mut ids = Vec::with_capacity(given.len());
    let mut rows: BTreeMap<String, [Cell<'_>; 4]> = BTreeMap::new();
    let mut advisories: BTreeSet<(String, String)> = BTreeSet::new();
    let mut arrival = last.unwrap_or_default();
    for statement in given {
        arrival += 1;
        let body = serde_json::to_string(statement)?;
        let id = format!("vx_{}", digest_hex(&["vex", &body]));
        let stated_at = micros(statement.at.unwrap_or(now));
        let cells = [Cell::from(id.clone()), Cell::from(arrival), Cell::from(stated_at), Cell::from(body)];
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
async fn findings_named(conn: &mut Conn, given: &[VexStatement]) -> Result<Vec<Record>, Fault> {
    let advisories: BTreeSet<&String> = given.iter().flat_map(|statement| &statement.ids).collect();
    let advisories: Vec<&String> = advisories.into_iter().collect();
    let mut records = BTreeMap::new();
    for chunk in advisories.chunks(VALUES_PER_LIST) {
        let text = format!(
            "SELECT DISTINCT {} FROM finding f JOIN finding_advisory a ON a.finding_id = f.id WHERE a.advisory IN ({})",
            record_columns!(),
            placeholders(1, chunk.len())
        );
        for row in built_query(text).bind_all(chunk.iter().map(|id| id.as_str())).fetch_all(conn).await? {
            let record = Record::from_row(&row)?;
            records.insert(record.id.clone(), record);
        }
    }
    Ok(records.into_values().collect())
}

/// All remembered statements that name an id of one of these findings.
pub(crate) async fn statements_about<'a>(
    conn: &mut Conn,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Statements, Fault> {
    if query("SELECT id FROM vex_statement LIMIT 1").fetch_optional(conn).await?.is_none() {
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
        let text = format!(
            "SELECT DISTINCT v.id, v.arrival, v.stated_at, v.body FROM vex_statement v \
             JOIN vex_advisory a ON a.statement_id = v.id WHERE a.advisory IN ({})",
            placeholders(1, chunk.len())
        );
        for row in built_query(text).bind_all(chunk.iter().map(|id| id.as_str())).fetch_all(conn).await? {
            let id: String = row.get("id")?;
            let order = (row.get("stated_at")?, row.get("arrival")?);
            let body: VexStatement = json("a VEX statement", row.get("body")?)?;
            statements.insert(id.clone(), Statement::new(id, order, body));
        }
    }
    Ok(Statements::new(statements.into_values().collect()))
}
