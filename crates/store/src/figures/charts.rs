//! The risk map, the heat map and the burn-down: sums over facets and tallies.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use yata_model::{Priority, Scenario};

use super::types::{BurnDay, Heat, HeatRow, MAX_BURN_DAYS, MAX_HEAT_WEEKS, RiskMap, RiskMapCell};
use crate::engine::{Conn, Row, query};
use crate::error::Fault;
use crate::judging::counts::{NO_DAY, day_number, priority_of};
use crate::queue::{AiFactor, Answer, Facets, Question, Sql, ai_factors};
use crate::register::ByPriority;
use crate::{Store, StoreError};

impl Store {
    /// Open findings by scenario and AI factor.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn risk_map(&self) -> Result<RiskMap, StoreError> {
        let doing = "reading the risk map";
        self.mirror(doing).await?.read(risk_map).map_err(|fault| self.explain(doing, fault))
    }

    /// Open findings by service and week of their last day: `weeks` weeks (at most [`MAX_HEAT_WEEKS`]) from the Monday on
    /// or before `from`.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn heat(&self, from: Date, weeks: u32) -> Result<Heat, StoreError> {
        let (doing, weeks) = ("reading the heat map", weeks.min(MAX_HEAT_WEEKS));
        let mirror = self.mirror(doing).await?;
        let answer = self.read(doing, async |conn| {
            mirror
                .kept(Question::Heat(from, weeks), async { read_heat(conn, from, weeks).await.map(Answer::Heat) })
                .await
        });
        match answer.await? {
            Answer::Heat(heat) => Ok(heat),
            _ => Err(self.explain(doing, Fault::Value("another answer".to_owned()))),
        }
    }

    /// Opened, closed and open by day (UTC) from `from` to `to` (at most [`MAX_BURN_DAYS`] days), of one service where
    /// one is given (the empty text stands for none).
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn burn_down(&self, from: Date, to: Date, service: Option<&str>) -> Result<Vec<BurnDay>, StoreError> {
        let doing = "reading the burn-down";
        let mirror = self.mirror(doing).await?;
        let answer = self.read_together(doing, async |conn| {
            let count = async { read_burn_down(conn, from, to, service).await.map(Answer::BurnDown) };
            mirror.kept(Question::BurnDown(from, to, service.map(str::to_owned)), count).await
        });
        match answer.await? {
            Answer::BurnDown(days) => Ok(days),
            _ => Err(self.explain(doing, Fault::Value("another answer".to_owned()))),
        }
    }

    /// By how many the open findings of each priority grew (or, negative, shrank) since that day (UTC), that day included,
    /// only because they were ranked anew; those that changed nothing are left out.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn ranked_anew(&self, since: Date) -> Result<Vec<(Priority, i64)>, StoreError> {
        self.read("reading what was ranked anew", async |conn| read_ranked_anew(conn, since).await).await
    }

    /// The first day (UTC) on which anything was found; `None` before. What was open earlier nobody knows.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn first_day(&self) -> Result<Option<Date>, StoreError> {
        self.read("reading the first day", async |conn| read_first_day(conn).await).await
    }
}

/// Signed counts by priority: a tally may be ahead of another.
#[derive(Debug, Clone, Copy, Default)]
struct Signed([i64; 4]);

impl Signed {
    fn add(&mut self, priority: Priority, findings: i64) {
        let [immediate, out_of_cycle, scheduled, defer] = &mut self.0;
        let count = match priority {
            Priority::Immediate => immediate,
            Priority::OutOfCycle => out_of_cycle,
            Priority::Scheduled => scheduled,
            Priority::Defer => defer,
        };
        *count = count.saturating_add(findings);
    }

    fn minus(self, other: Signed) -> Signed {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Signed([a - e, b - f, c - g, d - h])
    }

    fn counts(self) -> ByPriority {
        let [immediate, out_of_cycle, scheduled, defer] = self.0.map(|count| u64::try_from(count).unwrap_or_default());
        ByPriority { immediate, out_of_cycle, scheduled, defer }
    }
}

fn tally_of(row: &Row) -> Result<(Priority, i64), Fault> {
    Ok((priority_of(row.get("priority")?)?, row.get("findings")?))
}

fn risk_map(facets: &Facets) -> Result<RiskMap, Fault> {
    let mut cells: BTreeMap<(Scenario, AiFactor), Signed> = BTreeMap::new();
    let mut scenarios: BTreeMap<Scenario, Signed> = BTreeMap::new();
    for sum in facets.open()? {
        scenarios.entry(sum.scenario).or_default().add(sum.priority, sum.findings);
        for ai in ai_factors(sum.ai) {
            cells.entry((sum.scenario, ai)).or_default().add(sum.priority, sum.findings);
        }
    }
    let cell = |((scenario, ai), findings): ((Scenario, AiFactor), Signed)| RiskMapCell {
        scenario,
        ai,
        findings: findings.counts(),
    };
    Ok(RiskMap {
        cells: cells.into_iter().map(cell).collect(),
        scenarios: scenarios.into_iter().map(|(scenario, findings)| (scenario, findings.counts())).collect(),
    })
}

fn monday(day: Date) -> Date {
    let since = i64::from(Weekday::Monday.until(day.weekday()));
    day.saturating_sub(since.days())
}

async fn read_heat(conn: &mut Conn, from: Date, weeks: u32) -> Result<Heat, Fault> {
    let first = monday(from);
    let first_day = day_number(first);
    let end = first_day + 7 * i64::from(weeks);
    let mut sql = Sql::new(
        "SELECT t.service, t.priority, t.week, CAST(SUM(t.findings) AS BIGINT) AS findings FROM \
         (SELECT service, priority, findings, CASE WHEN day < ",
    );
    let (from, to, none) = (sql.value(first_day), sql.value(end), sql.value(NO_DAY));
    sql.again(from).push(" THEN -1 WHEN day >= ").again(none).push(" THEN -3 WHEN day >= ").again(to);
    sql.push(" THEN -2 ELSE (day - ").again(from).push(") / 7 END AS week FROM tally WHERE metric = 'due') t ");
    sql.push("GROUP BY t.service, t.priority, t.week");
    let mut services: BTreeMap<String, BTreeMap<i64, Signed>> = BTreeMap::new();
    for row in sql.query().fetch_all(conn).await? {
        let (priority, findings) = tally_of(&row)?;
        if findings != 0 {
            let weeks = services.entry(row.get("service")?).or_default();
            weeks.entry(row.get("week")?).or_default().add(priority, findings);
        }
    }
    let week_starts = (0..i64::from(weeks)).map(|week| first.saturating_add((7 * week).days()));
    let row = |(service, by_week): (String, BTreeMap<i64, Signed>)| {
        let of = |week: i64| by_week.get(&week).copied().unwrap_or_default().counts();
        let weeks = (0..i64::from(weeks)).map(of).collect();
        HeatRow { service, earlier: of(-1), weeks, later: of(-2), undated: of(-3) }
    };
    Ok(Heat { weeks: week_starts.collect(), services: services.into_iter().map(row).collect() })
}

async fn read_ranked_anew(conn: &mut Conn, since: Date) -> Result<Vec<(Priority, i64)>, Fault> {
    let text = "SELECT t.priority, CAST(SUM(t.findings) AS BIGINT) AS findings FROM tally t \
                WHERE t.metric = 'moved' AND t.day >= $1 GROUP BY t.priority";
    let mut grown = Vec::new();
    for row in query(text).bind(day_number(since)).fetch_all(conn).await? {
        grown.push(tally_of(&row)?);
    }
    grown.retain(|(_, findings)| *findings != 0);
    grown.sort_unstable();
    Ok(grown)
}

async fn read_first_day(conn: &mut Conn) -> Result<Option<Date>, Fault> {
    let text = "SELECT day FROM tally WHERE metric = 'opened' AND findings > 0 ORDER BY day LIMIT 1";
    let day: Option<i64> = query(text).scalar(conn).await?;
    let since = day.and_then(|day| jiff::Span::new().try_days(day).ok());
    Ok(since.and_then(|since| Date::constant(1970, 1, 1).checked_add(since).ok()))
}

async fn read_burn_down(conn: &mut Conn, from: Date, to: Date, service: Option<&str>) -> Result<Vec<BurnDay>, Fault> {
    if to < from {
        return Ok(Vec::new());
    }
    let from = from.max(to.saturating_sub(i64::from(MAX_BURN_DAYS - 1).days()));
    let (first, last) = (day_number(from), day_number(to));
    let of_service = |sql: &mut Sql| {
        sql.and_in("t.service", service.map(str::to_owned).into_iter().collect());
    };
    // Open now, less what happened after each day: each open finding has a last day, or none, in the tally.
    let mut sql =
        Sql::new("SELECT t.priority, CAST(SUM(t.findings) AS BIGINT) AS findings FROM tally t WHERE t.metric = 'due'");
    of_service(&mut sql);
    sql.push(" GROUP BY t.priority");
    let mut open = Signed::default();
    for row in sql.query().fetch_all(conn).await? {
        let (priority, findings) = tally_of(&row)?;
        open.add(priority, findings);
    }
    let mut sql = Sql::new(
        "SELECT t.metric, t.day, t.priority, CAST(SUM(t.findings) AS BIGINT) AS findings FROM tally t WHERE t.day >= ",
    );
    sql.bind(first).push(" AND (t.metric <> 'due' OR t.day <= ").bind(last).push(")");
    of_service(&mut sql);
    sql.push(" GROUP BY t.metric, t.day, t.priority");
    let mut days: BTreeMap<i64, [Signed; 4]> = BTreeMap::new();
    for row in sql.query().fetch_all(conn).await? {
        let (priority, findings) = tally_of(&row)?;
        let [opened, closed, moved, due] = days.entry(row.get("day")?).or_default();
        match row.get::<&str>("metric")? {
            "opened" => opened.add(priority, findings),
            "closed" => closed.add(priority, findings),
            "moved" => moved.add(priority, findings),
            _ => due.add(priority, findings),
        }
    }
    for [opened, closed, moved, _] in days.range(last + 1..).map(|(_, day)| *day) {
        open = open.minus(opened).minus(moved).minus(Signed::default().minus(closed));
    }
    let mut burned = Vec::new();
    let mut day = to;
    for number in (first..=last).rev() {
        let [opened, closed, moved, due] = days.get(&number).copied().unwrap_or_default();
        let (opened_now, closed_now) = (opened.counts(), closed.counts());
        burned.push(BurnDay { day, opened: opened_now, closed: closed_now, open: open.counts(), due: due.counts() });
        open = open.minus(opened).minus(moved).minus(Signed::default().minus(closed));
        day = day.yesterday().unwrap_or(day);
    }
    burned.reverse();
    Ok(burned)
}
