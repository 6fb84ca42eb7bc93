//! Storing what a sensor reports: snapshots, evidence, services, sources.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;
use yata_model::{Evidence, Finding, Report, SourceStatus, digest_hex};

use super::counts::Deltas;
use super::judge::Judge;
use super::rules::add_services;
use crate::engine::{Cell, Conn, built_query, query};
use crate::error::{Fault, StoreError};
use crate::ingest::{Ingested, check, ingest_rows};
use crate::locks::lock_assets;
use crate::sql::{check_key, micros, placeholders, word};
use crate::store::write;
use crate::vex::check_statements;
use crate::{Store, judging::MAX_SERVICES};

/// Most sources that a report may name.
pub const MAX_REPORT_SOURCES: usize = 1_000;

/// Most rows of sources that one sensor keeps; the oldest go.
const MAX_SENSOR_SOURCES: i64 = 200;

/// How old the note of a source may be before the same is noted again, in microseconds: one hour.
const SOURCE_NOTE_MICROS: i64 = 3_600_000_000;

/// Rows of one `UPDATE`.
const ROWS_PER_UPDATE: usize = 40;

impl Store {
    /// Stores what a sensor reports of one asset, all of it or nothing: snapshots as [`Store::ingest_all`], the
    /// evidence, services that are not known yet, the sources; and judges the asset's findings as of `today`. What says
    /// the same as last time costs no judging.
    ///
    /// # Errors
    /// As [`Store::ingest_all`]; [`StoreError::BadReport`] where it speaks of several assets.
    pub async fn ingest_report(&self, report: &Report, today: Date) -> Result<Vec<Ingested>, StoreError> {
        let mut all = self.ingest_reports(std::slice::from_ref(report), today).await?;
        Ok(all.pop().unwrap_or_default())
    }

    /// Stores several reports, each as [`Store::ingest_report`], all of them or nothing; what each changed, in order.
    ///
    /// # Errors
    /// As [`Store::ingest_report`].
    pub async fn ingest_reports(&self, reports: &[Report], today: Date) -> Result<Vec<Vec<Ingested>>, StoreError> {
        let prepared = reports.iter().map(Prepared::new).collect::<Result<Vec<_>, _>>()?;
        write!(self, "storing a report", |conn| store_all(conn, &prepared, today))
    }
}

/// A report that was checked, with what is stored of it.
struct Prepared<'r> {
    report: &'r Report,
    /// `None` where it says nothing.
    asset_id: Option<&'r str>,
    told: Told<'r>,
}

/// What a report tells beside its snapshots, as it is stored.
pub(crate) struct Told<'a> {
    /// The evidence as JSON.
    bodies: Vec<String>,
    digest: String,
    /// The id of the token that reports; `None` for sensors of this machine, which go by their names.
    token_id: Option<&'a str>,
}

impl<'r> Prepared<'r> {
    fn new(report: &'r Report) -> Result<Self, StoreError> {
        let told = Told::of(report, None)?;
        let asset_id = report.snapshots.first().map(|snapshot| snapshot.asset.id.as_str());
        Ok(Prepared { report, asset_id, told })
    }
}

impl<'a> Told<'a> {
    /// Checks a report.
    pub(crate) fn of(report: &Report, token_id: Option<&'a str>) -> Result<Self, StoreError> {
        report.snapshots.iter().try_for_each(check)?;
        let mut ids = report.snapshots.iter().map(|snapshot| snapshot.asset.id.as_str());
        let asset_id = ids.next();
        if let Some(other) = ids.find(|id| Some(*id) != asset_id) {
            let what = format!("it speaks of `{}` and of `{other}`", asset_id.unwrap_or_default());
            return Err(StoreError::BadReport { what });
        }
        check_statements(&report.statements)?;
        for (what, given, limit) in [
            ("sources", report.sources.len(), MAX_REPORT_SOURCES),
            ("services", report.services.len(), MAX_SERVICES),
            ("pieces of evidence", report.evidence.len(), crate::MAX_FINDINGS),
        ] {
            if given > limit {
                return Err(StoreError::TooMany { what, given, limit });
            }
        }
        let services = report.services.iter().map(|service| ("the id of a service", &service.id));
        let sources = report.sources.iter().map(|source| ("the name of a source", &source.name));
        for (what, name) in services.chain(sources) {
            check_key(what, name).map_err(|what| StoreError::BadReport { what })?;
        }
        let bodies = report.evidence.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        let digest = digest_of(report, &bodies)?;
        Ok(Told { bodies, digest, token_id })
    }
}

async fn store_all(conn: &mut Conn, all: &[Prepared<'_>], today: Date) -> Result<Vec<Vec<Ingested>>, Fault> {
    lock_assets(conn, all.iter().filter_map(|one| one.asset_id)).await?;
    let mut ingested = Vec::with_capacity(all.len());
    for one in all {
        ingested.push(match one.asset_id {
            Some(asset_id) => store_told(conn, one.report, asset_id, &one.told, today, u64::MAX).await?,
            None => Vec::new(),
        });
    }
    Ok(ingested)
}

/// Of all that findings are judged by beside the snapshots.
fn digest_of(report: &Report, bodies: &[String]) -> Result<String, StoreError> {
    let mut parts: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let closes_all = serde_json::to_string(&report.closes_all)?;
    parts.extend([report.said_in.as_str(), closes_all.as_str()]);
    Ok(digest_hex(&parts))
}

/// Refuses a report that makes an asset too large to judge: of other sensors, and what this one could not check, with it.
async fn check_findings(conn: &mut Conn, asset_id: &str, limit: u64) -> Result<(), Fault> {
    let text = "SELECT COUNT(*) FROM finding WHERE asset_id = $1 AND state <> 'fixed'";
    let count: Option<i64> = query(text).bind(asset_id).scalar(conn).await?;
    let given = u64::try_from(count.unwrap_or_default()).unwrap_or_default();
    if given > limit { Err(StoreError::TooManyFindings { given, limit }.into()) } else { Ok(()) }
}

/// Stores a report of one asset, whose lock is held; refused where that has more than `max_findings` then.
pub(crate) async fn store_told(
    conn: &mut Conn,
    report: &Report,
    asset_id: &str,
    told: &Told<'_>,
    today: Date,
    max_findings: u64,
) -> Result<Vec<Ingested>, Fault> {
    let Told { bodies, digest, token_id } = told;
    let mut ingested = ingest_rows(conn, &report.snapshots, &report.statements).await?;
    if ingested.iter().any(|(_, changed)| *changed) {
        check_findings(conn, asset_id, max_findings).await?;
    }
    let at = report.snapshots.iter().map(|snapshot| micros(snapshot.at)).max().unwrap_or_default();
    let sensor = report.snapshots.first().map(|snapshot| snapshot.sensor.as_str()).unwrap_or_default();
    add_services(conn, &report.services, at).await?;
    note_sources(conn, &report.sources, token_id.unwrap_or(sensor), asset_id, at).await?;
    let row = query("SELECT report_digest, judged_by FROM asset WHERE id = $1").bind(asset_id).fetch_one(conn).await?;
    let mut judge = Judge::load(conn, today).await?;
    let is_current = row.get::<String>("report_digest")? == *digest && row.get::<i64>("judged_by")? == judge.revision();
    if is_current && ingested.iter().all(|(_, changed)| !changed) {
        return Ok(ingested.into_iter().map(|(one, _)| one).collect());
    }
    query("UPDATE asset SET report_digest = $2, said_in = $3, closes_all = $4 WHERE id = $1")
        .bind(asset_id)
        .bind(digest)
        .bind(&report.said_in)
        .bind(serde_json::to_string(&report.closes_all)?)
        .execute(conn)
        .await?;
    let book = Book::new(&report.evidence, bodies);
    let findings = ingested.iter().flat_map(|(one, _)| &one.findings);
    rest_on(conn, asset_id, findings, &book, &mut judge.deltas).await?;
    judge.asset(conn, asset_id).await?;
    judge.deltas.write(conn).await?;
    Ok(ingested.drain(..).map(|(one, _)| one).collect())
}

/// Evidence by every id of its group; where two groups have one id, the first one counts, as in
/// [`Report::evidence_of`].
struct Book<'r> {
    ids: Vec<(String, &'r str)>,
    by_advisory: BTreeMap<&'r str, usize>,
}

impl<'r> Book<'r> {
    fn new(evidence: &'r [Evidence], bodies: &'r [String]) -> Self {
        let mut by_advisory = BTreeMap::new();
        for (place, one) in evidence.iter().enumerate() {
            for id in one.group.ids.iter().chain([&one.group.id]) {
                by_advisory.entry(id.as_str()).or_insert(place);
            }
        }
        let id_of = |body: &'r String| {
            let mut digest = digest_hex(&["evidence", body]);
            digest.truncate(24);
            (format!("ev_{digest}"), body.as_str())
        };
        Book { ids: bodies.iter().map(id_of).collect(), by_advisory }
    }

    /// The id and the body of the evidence for a finding.
    fn of(&self, finding: &Finding) -> Option<&(String, &'r str)> {
        let mut ids = finding.ids.iter().chain([&finding.rule]);
        let place = ids.find_map(|id| self.by_advisory.get(id.as_str()))?;
        self.ids.get(*place)
    }
}

/// Notes which evidence each of these findings rests on. Where the report has none, what is known stays.
async fn rest_on(
    conn: &mut Conn,
    asset_id: &str,
    findings: impl Iterator<Item = &Finding>,
    book: &Book<'_>,
    deltas: &mut Deltas,
) -> Result<(), Fault> {
    let rows = query("SELECT id, evidence_id FROM finding WHERE asset_id = $1").bind(asset_id).fetch_all(conn).await?;
    let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
    for row in rows {
        known.insert(row.get("id")?, row.get("evidence_id")?);
    }
    let mut changed: BTreeMap<&str, &str> = BTreeMap::new();
    for finding in findings {
        let Some((id, body)) = book.of(finding) else { continue };
        let Some(old) = known.get(&finding.id) else { continue };
        if old.as_deref() == Some(id) {
            continue;
        }
        // Two parts of a sensor may see one finding: the first says what it rests on, and it is counted once.
        let Entry::Vacant(entry) = changed.entry(&finding.id) else { continue };
        entry.insert(id);
        if let Some(old) = old {
            deltas.evidence(old, -1, None);
        }
        deltas.evidence(id, 1, Some(body));
    }
    deltas.write_evidence(conn).await?;
    let changed: Vec<(&str, &str)> = changed.into_iter().collect();
    for chunk in changed.chunks(ROWS_PER_UPDATE) {
        let tuples: Vec<String> = (0..chunk.len()).map(|n| format!("({})", placeholders(n * 2 + 1, 2))).collect();
        let text = format!(
            "UPDATE finding SET evidence_id = v.column2 FROM (VALUES {}) AS v WHERE finding.id = v.column1",
            tuples.join(", ")
        );
        let cells = chunk.iter().flat_map(|(id, evidence)| [Cell::from(*id), Cell::from(*evidence)]);
        built_query(text).persistent(chunk.len() == ROWS_PER_UPDATE).bind_all(cells).execute(conn).await?;
    }
    Ok(())
}

/// Notes how a sensor sees the sources, in rows of its own. The same is written rarely.
async fn note_sources(
    conn: &mut Conn,
    sources: &[SourceStatus],
    said_by: &str,
    asset_id: &str,
    at: i64,
) -> Result<(), Fault> {
    let mut sources: Vec<&SourceStatus> = sources.iter().collect();
    sources.sort_by(|a, b| (&a.name, a.state).cmp(&(&b.name, b.state)));
    let mut wrote = false;
    for source in sources {
        let (state, body) = (word(&source.state)?, serde_json::to_string(source)?);
        let row = query("SELECT body, reported_at FROM source WHERE name = $1 AND reported_by = $2 AND state = $3")
            .bind(&source.name)
            .bind(said_by)
            .bind(state.as_str())
            .fetch_optional(conn)
            .await?;
        if let Some(row) = row {
            let known_at: i64 = row.get("reported_at")?;
            let is_same = row.get::<&str>("body")? == body && at.saturating_sub(known_at) < SOURCE_NOTE_MICROS;
            if is_same || known_at > at {
                continue;
            }
        }
        query(
            "INSERT INTO source (name, reported_by, state, asset_id, body, reported_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (name, reported_by, state) DO UPDATE SET asset_id = excluded.asset_id, body = excluded.body, \
             reported_at = excluded.reported_at",
        )
        .bind(&source.name)
        .bind(said_by)
        .bind(state)
        .bind(asset_id)
        .bind(body)
        .bind(at)
        .execute(conn)
        .await?;
        wrote = true;
    }
    if wrote {
        query(
            "DELETE FROM source WHERE reported_by = $1 AND (name, state) IN (SELECT k.name, k.state FROM \
             (SELECT name, state, ROW_NUMBER() OVER (ORDER BY reported_at DESC, name, state) AS nth FROM source \
             WHERE reported_by = $1) k WHERE k.nth > $2)",
        )
        .bind(said_by)
        .bind(MAX_SENSOR_SOURCES)
        .execute(conn)
        .await?;
    }
    Ok(())
}
