//! The two engines behind one way to ask: `query("… $1 …").bind(value).fetch_all(conn)`.
//!
//! One SQL text serves both; what only one of them knows stays in `open` and `postgres`.

use std::borrow::Cow;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query as SqlxQuery;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _, Postgres, Row as _, SqlSafeStr as _, SqlStr, Sqlite};

use crate::error::Fault;

/// A connection to whichever engine is open.
#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Conn {
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Conn::Postgres(_))
    }

    /// Ends the connection, which rolls back, and waits until SQLite has let go of the file.
    pub(crate) async fn close(self) {
        match self {
            Conn::Sqlite(conn) => drop(conn.detach().close().await),
            // A goodbye may wait for a server that is gone.
            Conn::Postgres(conn) => drop(conn.detach()),
        }
    }

    /// Ends the connection, which rolls back, without waiting.
    pub(crate) fn discard(self) {
        match self {
            Conn::Sqlite(conn) => drop(conn.detach()),
            Conn::Postgres(conn) => drop(conn.detach()),
        }
    }
}

/// A row of whichever engine is open.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can hold: TEXT, BIGINT or DOUBLE PRECISION, or none of it.
pub(crate) trait Column<'r>:
    sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite> + sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>
{
}

impl<'r, T> Column<'r> for T where
    T: sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite> + sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>
{
}

impl Row {
    /// The value of a named column.
    pub(crate) fn get<'r, T: Column<'r>>(&'r self, column: &str) -> Result<T, Fault> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }

    /// The value of the n-th column, from 0.
    pub(crate) fn at<'r, T: Column<'r>>(&'r self, column: usize) -> Result<T, Fault> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// A bound value.
#[derive(Debug, Clone)]
pub(crate) enum Cell<'q> {
    Text(Cow<'q, str>),
    OptionalText(Option<Cow<'q, str>>),
    Int(i64),
    OptionalInt(Option<i64>),
    Real(f64),
}

macro_rules! cells {
    ($($from:ty => |$value:ident| $cell:expr;)*) => {
        $(impl<'q> From<$from> for Cell<'q> {
            fn from($value: $from) -> Self {
                $cell
            }
        })*
    };
}

cells! {
    &'q str => |text| Cell::Text(Cow::Borrowed(text));
    &'q String => |text| Cell::Text(Cow::Borrowed(text));
    String => |text| Cell::Text(Cow::Owned(text));
    Cow<'q, str> => |text| Cell::Text(text);
    Option<&'q str> => |text| Cell::OptionalText(text.map(Cow::Borrowed));
    &'q Option<String> => |text| Cell::OptionalText(text.as_deref().map(Cow::Borrowed));
    Option<String> => |text| Cell::OptionalText(text.map(Cow::Owned));
    i64 => |number| Cell::Int(number);
    Option<i64> => |number| Cell::OptionalInt(number);
    f64 => |number| Cell::Real(number);
}

/// A statement with its values.
#[derive(Debug)]
pub(crate) struct Query<'q> {
    text: Cow<'static, str>,
    cells: Vec<Cell<'q>>,
    persistent: bool,
}

/// A fixed statement.
pub(crate) fn query<'q>(text: &'static str) -> Query<'q> {
    Query { text: Cow::Borrowed(text), cells: Vec::new(), persistent: true }
}

/// A statement made of fixed parts and numbers of placeholders; every value must be bound. It is not kept prepared
/// unless [`Query::persistent`] says so.
pub(crate) fn built_query<'q>(text: String) -> Query<'q> {
    Query { text: Cow::Owned(text), cells: Vec::new(), persistent: false }
}

/// Runs one body with the right types of the engine.
macro_rules! on_engine {
    ($conn:expr, $query:expr, |$bound:ident, $c:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite(conn) => {
                let $c = &mut **conn;
                let $bound = $query.sqlite();
                $body
            }
            Conn::Postgres(conn) => {
                let $c = &mut **conn;
                let $bound = $query.postgres();
                $body
            }
        }
    };
}

impl<'q> Query<'q> {
    /// Binds the next value, `$1` first.
    pub(crate) fn bind(mut self, value: impl Into<Cell<'q>>) -> Self {
        self.cells.push(value.into());
        self
    }

    /// Binds several values.
    pub(crate) fn bind_all<T: Into<Cell<'q>>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.cells.extend(values.into_iter().map(Into::into));
        self
    }

    /// Keeps a built statement prepared: for texts that come again and again.
    pub(crate) fn persistent(mut self, persistent: bool) -> Self {
        self.persistent = persistent;
        self
    }

    /// Runs it; how many rows it changed.
    pub(crate) async fn execute(self, conn: &mut Conn) -> Result<u64, Fault> {
        on_engine!(conn, self, |bound, c| Ok(bound.execute(c).await?.rows_affected()))
    }

    /// All rows.
    pub(crate) async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<Row>, Fault> {
        Ok(match conn {
            Conn::Sqlite(c) => self.sqlite().fetch_all(&mut **c).await?.into_iter().map(Row::Sqlite).collect(),
            Conn::Postgres(c) => self.postgres().fetch_all(&mut **c).await?.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<Row>, Fault> {
        Ok(match conn {
            Conn::Sqlite(c) => self.sqlite().fetch_optional(&mut **c).await?.map(Row::Sqlite),
            Conn::Postgres(c) => self.postgres().fetch_optional(&mut **c).await?.map(Row::Postgres),
        })
    }

    /// The one row.
    pub(crate) async fn fetch_one(self, conn: &mut Conn) -> Result<Row, Fault> {
        self.fetch_optional(conn).await?.ok_or(Fault::Sql(sqlx::Error::RowNotFound))
    }

    /// The first column of the first row, if there is one.
    pub(crate) async fn scalar<T: for<'r> Column<'r>>(self, conn: &mut Conn) -> Result<Option<T>, Fault> {
        self.fetch_optional(conn).await?.map(|row| row.at(0)).transpose()
    }

    /// The first column of every row.
    pub(crate) async fn scalars<T: for<'r> Column<'r>>(self, conn: &mut Conn) -> Result<Vec<T>, Fault> {
        self.fetch_all(conn).await?.iter().map(|row| row.at(0)).collect()
    }

    fn sqlite(self) -> SqlxQuery<'q, Sqlite, SqliteArguments> {
        let mut query = sqlx::query(sql_str(self.text)).persistent(self.persistent);
        for cell in self.cells {
            query = match cell {
                Cell::Text(text) => query.bind(text.into_owned()),
                Cell::OptionalText(text) => query.bind(text.map(Cow::into_owned)),
                Cell::Int(number) => query.bind(number),
                Cell::OptionalInt(number) => query.bind(number),
                Cell::Real(number) => query.bind(number),
            };
        }
        query
    }

    fn postgres(self) -> SqlxQuery<'q, Postgres, PgArguments> {
        let mut query = sqlx::query(sql_str(self.text)).persistent(self.persistent);
        for cell in self.cells {
            query = match cell {
                Cell::Text(text) => query.bind(without_nul(text)),
                Cell::OptionalText(text) => query.bind(text.map(without_nul)),
                Cell::Int(number) => query.bind(number),
                Cell::OptionalInt(number) => query.bind(number),
                Cell::Real(number) => query.bind(number),
            };
        }
        query
    }
}

fn sql_str(text: Cow<'static, str>) -> SqlStr {
    match text {
        Cow::Borrowed(text) => text.into_sql_str(),
        // INVARIANT: the text is made of fixed parts and numbers; every value is bound.
        Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
    }
}

/// PostgreSQL has no place for U+0000 in a text.
fn without_nul(text: Cow<'_, str>) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() }
}
