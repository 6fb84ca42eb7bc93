//! Rows for measurements: a large estate, made up in seconds instead of days. Only with the feature `bench`.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use yata_model::{AdvisoryKind, Applies, Asset, AssetKind, Component, Ecosystem, Exposure, Family, MissionImpact};
use yata_model::{Occurrence, Package, Priority, Remedy, Scope, asset_id};
use yata_ruler::rank_key;

use crate::body::FindingBody;
use crate::engine::{Cell, Conn, built_query, query};
use crate::error::Fault;
use crate::judging::counts::{Deltas, Facet, Metric, NO_DAY, day_number, kind_word, priority_word};
use crate::sql::{placeholders, word};
use crate::store::write;
use crate::{Store, StoreError};

/// Findings of one transaction.
const FINDINGS_PER_BATCH: u64 = 50_000;

/// Values of one `INSERT`: SQLite looks every numbered parameter up in a list.
const VALUES_PER_INSERT: [usize; 2] = [160, 5_000];

/// Findings that are made before they are written.
const FINDINGS_PER_INSERT: usize = 1_000;

/// Indexes that are made after the rows.
const INDEXES: [(&str, &str); 6] = [
    ("finding_asset", "CREATE INDEX finding_asset ON finding (asset_id, rank_key, id, facet_id)"),
    ("finding_facet", "CREATE INDEX finding_facet ON finding (facet_id, rank_key, id)"),
    ("finding_rank", "CREATE INDEX finding_rank ON finding (is_open, rank_key, id, facet_id)"),
    ("finding_rule", "CREATE INDEX finding_rule ON finding (rule, rank_key, id, facet_id)"),
    (
        "finding_assignee",
        "CREATE INDEX finding_assignee ON finding (assignee, rank_key, id, facet_id) WHERE assignee IS NOT NULL",
    ),
    ("finding_until", "CREATE INDEX finding_until ON finding (until_day) WHERE until_day IS NOT NULL AND is_open = 0"),
];

/// A row of numbers that looks like chance and is the same each time (splitmix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The row of that number.
    pub fn new(seed: u64) -> Self {
        Chance(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.any() % end.max(1)
    }

    /// A number from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "chance")]
    pub fn part(&mut self) -> f64 {
        (self.any() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `end`, the small ones far more often.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "chance")]
    pub fn skewed(&mut self, end: u64, power: f64) -> u64 {
        ((self.part().powf(power) * end as f64) as u64).min(end.saturating_sub(1))
    }

    /// One of these, by weight.
    fn weighed<T: Copy>(&mut self, values: &[(T, u64)]) -> Option<T> {
        let mut left = self.below(values.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in values {
            if left < *weight {
                return Some(*value);
            }
            left -= weight;
        }
        None
    }
}

/// How large the estate is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Findings.
    pub findings: u64,
    /// Assets.
    pub assets: u64,
    /// The day that counts as today.
    pub today: Date,
}

/// Business services of the estate.
pub const SERVICES: u64 = 120;
/// Teams that own assets.
pub const OWNERS: u64 = 300;
/// Advisories that apply to something.
pub const RULES: u64 = 60_000;
/// People who work on findings.
pub const ASSIGNEES: u64 = 40;

/// The name of the n-th service; the empty text for the last one.
pub fn service_name(n: u64) -> String {
    if n >= SERVICES { String::new() } else { format!("service-{n:03}") }
}

/// The name of the n-th owner; the empty text for the last one.
pub fn owner_name(n: u64) -> String {
    if n >= OWNERS { String::new() } else { format!("team-{n:03}") }
}

/// The id of the n-th advisory.
pub fn rule_name(n: u64) -> String {
    format!("CVE-{}-{:05}", 2015 + n % 12, 1000 + n)
}

/// The name of the n-th person.
pub fn assignee_name(n: u64) -> String {
    format!("person-{n:02}")
}

/// The name of the n-th asset.
pub fn asset_name(n: u64) -> String {
    format!("host-{n:06}.example.jp")
}

/// The id of the n-th asset.
pub fn asset_id_of(n: u64) -> String {
    asset_id(AssetKind::Host, &asset_name(n))
}

/// The mark of a page that begins behind a place.
pub fn mark(due: Option<Date>, harm: f64) -> String {
    format!("{:x}.fi_8", rank_key(due, harm))
}

/// An asset as the rows of findings need it.
struct Place {
    id: String,
    service: u64,
    owner: u64,
    is_ai: bool,
}

impl Store {
    /// Fills an empty database. The indexes of findings are made after the rows; histories, sightings and evidence, which
    /// no page of the queue reads, are left out. `told` hears of every batch.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn fill(&self, plan: &Plan, mut told: impl FnMut(u64)) -> Result<(), StoreError> {
        let doing = "making rows for a measurement";
        for (name, _) in INDEXES {
            write!(self, doing, |conn| statement(conn, format!("DROP INDEX {name}")))?;
        }
        let places: Vec<Place> = (0..plan.assets).map(place).collect();
        write!(self, doing, |conn| add_assets(conn, &places, plan))?;
        let mut batch = 0;
        while batch * FINDINGS_PER_BATCH < plan.findings {
            write!(self, doing, |conn| add_findings(conn, &places, plan, batch))?;
            batch += 1;
            told((batch * FINDINGS_PER_BATCH).min(plan.findings));
        }
        write!(self, doing, |conn| add_rules(conn))?;
        for (_, create) in INDEXES {
            write!(self, doing, |conn| statement(conn, create.to_owned()))?;
        }
        Ok(())
    }

    /// What the upkeep of PostgreSQL does by itself within minutes of such a load; nothing on SQLite.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn settle_after_fill(&self) -> Result<(), StoreError> {
        self.read("upkeep", async |conn| {
            if conn.is_postgres() {
                query("VACUUM ANALYZE").execute(conn).await?;
            }
            Ok(())
        })
        .await
    }

    /// How many facets there are.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn facets(&self) -> Result<i64, StoreError> {
        let text = "SELECT COUNT(*) FROM facet";
        Ok(self.read("counting", async |conn| query(text).scalar(conn).await).await?.unwrap_or(0))
    }
}

async fn statement(conn: &mut Conn, text: String) -> Result<(), Fault> {
    built_query(text).execute(conn).await.map(drop)
}

fn place(n: u64) -> Place {
    let mut chance = Chance::new(n);
    let service = if chance.below(20) == 0 { SERVICES } else { chance.skewed(SERVICES, 1.6) };
    // A service has up to four teams.
    let owner = if chance.below(12) == 0 { OWNERS } else { (service * 7 + chance.below(4) * 31) % OWNERS };
    Place { id: asset_id_of(n), service, owner, is_ai: chance.below(25) == 0 }
}

fn some(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

/// `head VALUES …`, many rows at once.
async fn insert_many(conn: &mut Conn, head: &str, width: usize, cells: Vec<Cell<'static>>) -> Result<(), Fault> {
    let [sqlite, postgres] = VALUES_PER_INSERT;
    let most = if conn.is_postgres() { postgres } else { sqlite } / width;
    let mut cells = cells.into_iter();
    while cells.len() > 0 {
        let count = (cells.len() / width).min(most);
        let tuples: Vec<String> = (0..count).map(|row| format!("({})", placeholders(row * width + 1, width))).collect();
        let text = format!("{head} VALUES {}", tuples.join(", "));
        let query = built_query(text).persistent(count == most);
        query.bind_all(cells.by_ref().take(count * width)).execute(conn).await?;
    }
    Ok(())
}

async fn add_assets(conn: &mut Conn, places: &[Place], plan: &Plan) -> Result<(), Fault> {
    let mut cells = Vec::new();
    let seen = jiff::tz::TimeZone::UTC.to_timestamp(plan.today.at(3, 0, 0, 0)).unwrap_or_default().as_microsecond();
    for (n, place) in (0_u64..).zip(places) {
        let asset = Asset {
            service: some(service_name(place.service)),
            owner: some(owner_name(place.owner)),
            exposure: if n % 9 == 0 { Exposure::Internet } else { Exposure::Internal },
            mission_impact: MissionImpact::High,
            is_ai: place.is_ai,
            ..Asset::unknown(AssetKind::Host, asset_name(n))
        };
        let body = serde_json::to_string(&asset)?;
        cells.extend([
            Cell::from(place.id.clone()),
            Cell::from(word(&asset.kind)?),
            Cell::from(asset.name),
            Cell::from(body.clone()),
            Cell::from(seen),
            Cell::from(body),
            Cell::from(asset.service),
            Cell::from(asset.owner),
            Cell::from(word(&asset.exposure)?),
            Cell::from(i64::from(asset.is_ai)),
            Cell::from(seen),
            Cell::from(0_i64),
        ]);
    }
    let head = "INSERT INTO asset (id, kind, name, body, updated_at, reported, service, owner, exposure, is_ai, seen_at, \
         judged_by)";
    insert_many(conn, head, 12, cells).await
}

async fn add_rules(conn: &mut Conn) -> Result<(), Fault> {
    let pairs = (0..RULES).flat_map(|n| [Cell::from(rule_name(n)), Cell::from(rule_name(n))]);
    insert_many(conn, "INSERT INTO advisory_rule (advisory, rule)", 2, pairs.collect()).await
}

const FINDING: &str = "INSERT INTO finding (id, asset_id, rule, kind, purl, state, until_day, decided_by, first_seen, \
     changed_at, changes, body, facet_id, rank_key, is_open, action_id, action_findings, assignee)";

async fn add_findings(conn: &mut Conn, places: &[Place], plan: &Plan, batch: u64) -> Result<(), Fault> {
    let first = batch * FINDINGS_PER_BATCH;
    let last = (first + FINDINGS_PER_BATCH).min(plan.findings);
    let mut deltas = Deltas::default();
    let mut ids = BTreeMap::new();
    let mut cells = Vec::new();
    for n in first..last {
        one(n, places, plan, &mut deltas, &mut ids, &mut cells)?;
        if cells.len() >= FINDINGS_PER_INSERT * 18 {
            insert_many(conn, FINDING, 18, std::mem::take(&mut cells)).await?;
        }
    }
    insert_many(conn, FINDING, 18, cells).await?;
    deltas.write(conn).await
}

/// The ids ascend, so that the primary key is made quickly; all else of a finding has nothing to do with its id.
fn finding_id(n: u64) -> String {
    format!("fi_{:020x}", u128::from(n) * (u128::from(u64::MAX) * 65_536 / 20_000_000))
}

fn one(
    n: u64,
    places: &[Place],
    plan: &Plan,
    deltas: &mut Deltas,
    ids: &mut BTreeMap<Facet, i64>,
    cells: &mut Vec<Cell<'static>>,
) -> Result<(), Fault> {
    let mut chance = Chance::new(n ^ 0xA5A5_0000_0000_0000);
    let at = chance.skewed(plan.assets, 1.3);
    let Some(place) = usize::try_from(at).ok().and_then(|at| places.get(at)) else { return Ok(()) };
    let kind = chance
        .weighed(&[
            (AdvisoryKind::Vulnerability, 9_400),
            (AdvisoryKind::Unmaintained, 200),
            (AdvisoryKind::Secret, 180),
            (AdvisoryKind::Unsound, 115),
            (AdvisoryKind::Notice, 100),
            (AdvisoryKind::Malware, 5),
        ])
        .unwrap_or(AdvisoryKind::Vulnerability);
    let state = chance
        .weighed(&[("fixed", 450), ("open", 480), ("accepted", 30), ("mitigated", 20), ("false-positive", 20)])
        .unwrap_or("open");
    let critical = place.service % 5 == 0;
    let priority = match kind {
        AdvisoryKind::Malware => Priority::Immediate,
        AdvisoryKind::Notice | AdvisoryKind::Unmaintained => Priority::Defer,
        _ if critical => weigh(&mut chance, [5, 20, 60, 15]),
        _ => weigh(&mut chance, [1, 5, 58, 36]),
    };
    // Each service came at its own time.
    let since = 30 + place.service * 3;
    let seen = plan.today.saturating_sub(i64::try_from(chance.below(since)).unwrap_or(0).days());
    let days = match priority {
        Priority::Immediate => Some(3),
        Priority::OutOfCycle => Some(14),
        Priority::Scheduled => Some(60),
        Priority::Defer => None,
    };
    let due = days.map(|days: i64| seen.saturating_add(days.days()));
    let epss = (chance.part().powi(6) * 1e5).round() / 1e5;
    let harm = epss * if critical { 1.0 } else { 0.5 } * if chance.below(2) == 0 { 1.0 } else { 0.5 };
    let threat = chance.below(10) == 0;
    let weakness = chance.below(300) == 0;
    let scenario = match (weakness, place.is_ai) {
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 5,
        (false, false) => 3,
    };
    let is_open = state == "open";
    let leads = !is_open || chance.below(100) < 35;
    let facet = Facet {
        service: service_name(place.service),
        owner: owner_name(place.owner),
        kind: kind_word(kind)?,
        priority: priority_word(priority).to_owned(),
        scenario,
        ai: i64::from(threat) | i64::from(weakness) << 1 | i64::from(place.is_ai) << 2,
        state: state.to_owned(),
        leads: i64::from(leads),
    };
    let facet_id = match ids.get(&facet) {
        Some(id) => *id,
        None => *ids.entry(facet.clone()).or_insert(facet.id()),
    };
    let key = rank_key(due, harm);
    deltas.enters(facet_id, &facet, key);
    deltas.tally(Metric::Opened, day_number(seen), &facet, 1);
    if is_open {
        deltas.tally(Metric::Due, due.map_or(NO_DAY, day_number), &facet, 1);
    } else {
        deltas.tally(Metric::Closed, day_number(plan.today), &facet, 1);
    }
    let until = (state == "accepted" || state == "mitigated").then(|| plan.today.saturating_add(90.days()).to_string());
    let rule = rule_name(chance.skewed(RULES, 3.0));
    let body = body(&rule, kind, chance.below(5_000))?;
    let id = finding_id(n);
    let micros = day_number(seen) * 86_400_000_000;
    let assignee = (is_open && chance.below(50) == 0).then(|| assignee_name(chance.below(ASSIGNEES)));
    cells.extend([
        Cell::from(id.clone()),
        Cell::from(place.id.clone()),
        Cell::from(rule),
        Cell::from(facet.kind),
        Cell::from(format!("pkg:deb/debian/p{n}@1")),
        Cell::from(state),
        Cell::from(until),
        Cell::from(if matches!(state, "open" | "fixed") { "sensor" } else { "person" }),
        Cell::from(micros),
        Cell::from(micros),
        Cell::from(1_i64),
        Cell::from(body),
        Cell::from(facet_id),
        Cell::from(key),
        Cell::from(i64::from(is_open)),
        Cell::from(if leads { id } else { finding_id(n.saturating_sub(1)) }),
        Cell::from(if leads { 1_i64 } else { 3 }),
        Cell::from(assignee),
    ]);
    Ok(())
}

fn weigh(chance: &mut Chance, weights: [u64; 4]) -> Priority {
    let [a, b, c, d] = weights;
    let of = [(Priority::Immediate, a), (Priority::OutOfCycle, b), (Priority::Scheduled, c), (Priority::Defer, d)];
    chance.weighed(&of).unwrap_or(Priority::Scheduled)
}

/// A short body, as of a package of a host.
fn body(rule: &str, kind: AdvisoryKind, package: u64) -> Result<String, Fault> {
    let name = format!("package-{package}");
    let component = Component {
        purl: format!("pkg:deb/debian/{name}@1.2.3"),
        package: Package::new(Ecosystem::plain(Family::Debian), &name),
        version: Some("1.2.3".to_owned()),
        source: None,
        occurrences: vec![Occurrence {
            file: "var/lib/dpkg/status".to_owned(),
            line: None,
            scope: Scope::Runtime,
            direct: None,
            path: Vec::new(),
        }],
    };
    let ids = [rule.to_owned()];
    let body = FindingBody {
        ids: ids.as_slice().into(),
        kind,
        title: "improper input validation in a parser".into(),
        subject: std::borrow::Cow::Owned(yata_model::Subject::Component(component)),
        applies: std::borrow::Cow::Owned(Applies::Affected),
        remedy: std::borrow::Cow::Owned(Remedy::NoneKnown),
    };
    Ok(serde_json::to_string(&body)?)
}
