//! Small pieces of SQL that both engines understand, and the form of values in columns.

use jiff::Timestamp;
use jiff::civil::Date;
use yata_model::FindingState;

use crate::engine::{Cell, Conn, built_query};
use crate::error::Fault;

/// Values per `INSERT`: enough to make the way to the engine cheap, few enough because it looks every
/// numbered parameter up in a list.
const VALUES_PER_INSERT: usize = 160;

/// Values per `IN (…)`.
pub(crate) const VALUES_PER_LIST: usize = 200;

/// Longest id or name of an asset, a sensor, a finding, an advisory, an owner, a service or a source, in bytes: an entry
/// of an index may have several, and PostgreSQL takes at most 2,704 bytes together.
pub const MAX_KEY_BYTES: usize = 800;

/// What is wrong with a text that has a place in an index, if it is longer than [`MAX_KEY_BYTES`].
pub(crate) fn check_key(what: &str, key: &str) -> Result<(), String> {
    match key.len() {
        bytes if bytes > MAX_KEY_BYTES => {
            Err(format!("{what} has {bytes} bytes, and at most {MAX_KEY_BYTES} are allowed"))
        }
        _ => Ok(()),
    }
}

/// Rows of one width for [`insert`], kept flat.
#[derive(Debug)]
pub(crate) struct Rows<'q> {
    width: usize,
    cells: Vec<Cell<'q>>,
}

impl<'q> Rows<'q> {
    pub(crate) fn new(width: usize) -> Self {
        Rows { width, cells: Vec::new() }
    }

    pub(crate) fn push<const N: usize>(&mut self, row: [Cell<'q>; N]) {
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
    conn: &mut Conn,
    head: &'static str,
    tail: &'static str,
    rows: Rows<'_>,
) -> Result<(), Fault> {
    let Rows { width, cells } = rows;
    let rows_per_insert = (VALUES_PER_INSERT / width).max(1);
    let mut cells = cells.into_iter();
    while cells.len() > 0 {
        let count = (cells.len() / width).min(rows_per_insert);
        let tuples: Vec<String> = (0..count).map(|row| format!("({})", placeholders(row * width + 1, width))).collect();
        let text = format!("{head} VALUES {} {tail}", tuples.join(", "));
        let query = built_query(text).persistent(count == rows_per_insert);
        query.bind_all(cells.by_ref().take(count * width)).execute(conn).await?;
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
