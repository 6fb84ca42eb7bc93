//! Small pieces of SQL that both engines understand, and the form of values in columns.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AssertSqlSafe, SqliteConnection};
use yata_model::FindingState;

use crate::error::Fault;

/// Values per `INSERT`: enough to make the way to the engine cheap, few enough because it looks every
/// numbered parameter up in a list.
const VALUES_PER_INSERT: usize = 160;

/// Values per `IN (…)`.
pub(crate) const VALUES_PER_LIST: usize = 200;

/// A value of a column.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    OptionalText(Option<String>),
    Int(i64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Cell::OptionalText(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Int(number)
    }
}

/// Rows of one width for [`insert`], kept flat.
#[derive(Debug)]
pub(crate) struct Rows {
    width: usize,
    cells: Vec<Cell>,
}

impl Rows {
    pub(crate) fn new(width: usize) -> Self {
        Rows { width, cells: Vec::new() }
    }

    pub(crate) fn push<const N: usize>(&mut self, row: [Cell; N]) {
        debug_assert_eq!(N, self.width);
        self.cells.extend(row);
    }
}

/// `$first, $first+1, …` for `count` values: both engines number them so.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// `head VALUES (…), (…) tail`, in as few statements as sensible. `head` and `tail` are fixed texts.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    head: &'static str,
    tail: &'static str,
    rows: Rows,
) -> Result<(), Fault> {
    let Rows { width, cells } = rows;
    let rows_per_insert = (VALUES_PER_INSERT / width).max(1);
    let mut cells = cells.into_iter();
    while cells.len() > 0 {
        let count = (cells.len() / width).min(rows_per_insert);
        let tuples: Vec<String> = (0..count).map(|row| format!("({})", placeholders(row * width + 1, width))).collect();
        // INVARIANT: the text is made of fixed parts and numbers; every value is bound.
        let text = AssertSqlSafe(format!("{head} VALUES {} {tail}", tuples.join(", ")));
        let mut query = sqlx::query(text).persistent(count == rows_per_insert);
        for cell in cells.by_ref().take(count * width) {
            query = match cell {
                Cell::Text(text) => query.bind(text),
                Cell::OptionalText(text) => query.bind(text),
                Cell::Int(number) => query.bind(number),
            };
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Microseconds since 1970 UTC; what is finer is cut.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The time of a column.
pub(crate) fn time(micros: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_microsecond(micros).map_err(|_| Fault::Value(format!("the time `{micros}`")))
}

/// The same time as it reads back from a column.
pub(crate) fn stored_time(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(micros(at)).unwrap_or(at)
}

/// The day of a time, UTC.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

pub(crate) const OPEN: &str = "open";
pub(crate) const ACCEPTED: &str = "accepted";
pub(crate) const MITIGATED: &str = "mitigated";
pub(crate) const FALSE_POSITIVE: &str = "false-positive";
pub(crate) const FIXED: &str = "fixed";

/// A state as its two columns `state` and `until_day`.
pub(crate) fn state_columns(state: &FindingState) -> (&'static str, Option<String>) {
    match state {
        FindingState::Open => (OPEN, None),
        FindingState::Accepted { until } => (ACCEPTED, Some(until.to_string())),
        FindingState::Mitigated { until } => (MITIGATED, Some(until.to_string())),
        FindingState::FalsePositive => (FALSE_POSITIVE, None),
        FindingState::Fixed => (FIXED, None),
    }
}

/// A state from its two columns.
pub(crate) fn state_of(state: &str, until: Option<&str>) -> Result<FindingState, Fault> {
    let day = || -> Result<Date, Fault> {
        let text = until.unwrap_or_default();
        text.parse().map_err(|_| Fault::Value(format!("the day `{text}`")))
    };
    Ok(match state {
        OPEN => FindingState::Open,
        ACCEPTED => FindingState::Accepted { until: day()? },
        MITIGATED => FindingState::Mitigated { until: day()? },
        FALSE_POSITIVE => FindingState::FalsePositive,
        FIXED => FindingState::Fixed,
        other => return Err(Fault::Value(format!("the state `{other}`"))),
    })
}

/// A JSON column.
pub(crate) fn json<'a, T: serde::Deserialize<'a>>(what: &str, text: &'a str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Value(format!("{what}: {error}")))
}

/// The word that a unit variant has in JSON (`"crates.io"` without the quotes).
pub(crate) fn word(value: &impl serde::Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?.trim_matches('"').to_owned())
}
