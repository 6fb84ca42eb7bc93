//! The whole database as one stream of lines, and back: from either engine into either engine.
//!
//! Line 1 is the header, then each table by a line `{"table","columns"}` and one line of values for each row, in the order
//! of its primary key; the last line has the number of rows and the SHA-256 of all lines before it. So a file that was
//! cut, changed or mixed up is known before anything of it counts.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::engine::{Cell, Conn, Row, built_query, query};
use crate::error::{Fault, StoreError};
use crate::migrations::known_version;
use crate::sql::placeholders;
use crate::store::Store;

/// The version of the format.
const FORMAT: u32 = 1;

/// Rows read at a time.
const ROWS_PER_PAGE: usize = 2_000;

/// Values per `INSERT`.
const VALUES_PER_INSERT: usize = 800;

/// The longest line of a backup: a component set of a very large asset is one value.
const MAX_LINE_BYTES: u64 = 1 << 30;

/// Every table with its primary key, each after those that it refers to. A test holds it against the schema.
const TABLES: &[(&str, &[&str])] = &[
    ("asset", &["id"]),
    ("component_set", &["id"]),
    ("snapshot", &["asset_id", "sensor"]),
    ("snapshot_occurrences", &["asset_id", "sensor"]),
    ("finding", &["id"]),
    ("finding_advisory", &["advisory", "finding_id"]),
    ("advisory_rule", &["advisory", "rule"]),
    ("sighting", &["asset_id", "sensor", "fingerprint"]),
    ("state_change", &["finding_id", "seq"]),
    ("vex_statement", &["id"]),
    ("vex_advisory", &["advisory", "statement_id"]),
    ("asset_change", &["asset_id", "seq"]),
    ("service", &["id"]),
    ("evidence", &["id"]),
    ("facet", &["id"]),
    ("tally", &["metric", "day", "service", "priority"]),
    ("source", &["name", "reported_by", "state"]),
    ("setting", &["key"]),
    ("staff", &["id"]),
    ("comment", &["id"]),
    ("proposal", &["id"]),
    ("person", &["id"]),
    ("passkey", &["id"]),
    ("recovery_code", &["person_id", "code_hash"]),
    ("invitation", &["token_hash"]),
    ("token", &["id"]),
    ("ledger_pending", &["id"]),
    ("ledger_entry", &["seq"]),
    ("ledger_tile", &["level", "tile"]),
    ("ledger_checkpoint", &["size"]),
];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Rows of all tables.
    pub rows: u64,
    /// SHA-256 of all lines but the last, in hexadecimal.
    pub digest: String,
}

/// Why a backup cannot be taken back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stream cannot be read or written.
    #[error("the backup cannot be read or written: {0}")]
    Stream(#[from] std::io::Error),
    /// A line is not what belongs there.
    #[error("line {line} of the backup is not what belongs there: {what}")]
    Line {
        /// 1-based.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// It ends too early.
    #[error("the backup ends after line {lines}, without its last line: it was cut. Take an earlier one")]
    Cut {
        /// How many lines there are.
        lines: u64,
    },
    /// It was changed.
    #[error("the backup was changed after it was made: its SHA-256 is {found}, and it says {said}")]
    Changed {
        /// What it is.
        found: String,
        /// What its last line says.
        said: String,
    },
    /// Another schema.
    #[error(
        "the backup is of schema version {found}, this program's is {known}: restore it with a program of that schema, then open the database with this one"
    )]
    Schema {
        /// The version of the backup.
        found: i64,
        /// The version of this program.
        known: i64,
    },
    /// There is something in the database.
    #[error("the database {0} is not empty: restore into a new one")]
    NotEmpty(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    yata_backup: u32,
    schema: i64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    rows: u64,
    sha256: String,
}

/// A column and what it holds.
#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Int,
    Real,
}

impl Store {
    /// Writes everything that must survive, as it stands at one moment. Sessions are left out: people sign in again.
    ///
    /// # Errors
    /// [`BackupError::Stream`] or a failure of the database.
    pub async fn backup(&self, out: &mut (dyn Write + Send)) -> Result<Backup, BackupError> {
        let mut lines = Lines { out, digest: Sha256::new(), rows: 0 };
        lines.line(&Header { yata_backup: FORMAT, schema: known_version() })?;
        let written = self.read_together("reading everything for a backup", async |conn| {
            for (table, key) in TABLES {
                if let Err(error) = write_table(conn, table, key, &mut lines).await? {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        });
        written.await??;
        let Lines { out, digest, rows } = lines;
        let digest = hex(&digest.finalize());
        let end = serde_json::to_string(&End { rows, sha256: digest.clone() }).map_err(std::io::Error::other)?;
        writeln!(out, "{end}")?;
        Ok(Backup { rows, digest })
    }

    /// Puts a backup into this database, which must be new; all of it or nothing.
    ///
    /// # Errors
    /// As the variants of [`BackupError`] say; nothing is stored then.
    pub async fn restore(&self, input: &mut (dyn BufRead + Send)) -> Result<Backup, BackupError> {
        let mut failed = None;
        let work = async |conn: &mut Conn| restore_into(conn, self, input, &mut failed).await;
        let stored = self.write_once("restoring a backup", work).await;
        match failed {
            Some(error) => Err(error),
            None => Ok(stored?),
        }
    }
}

/// Reads a backup to its end without storing it: whether it is whole and unchanged.
///
/// # Errors
/// As the variants of [`BackupError`] say.
pub fn check_backup(input: &mut dyn BufRead) -> Result<Backup, BackupError> {
    let mut reader = Reader::open(input)?;
    loop {
        match reader.next()? {
            Item::Table(_) | Item::Row(_) => {}
            Item::End(backup) => return Ok(backup),
        }
    }
}

struct Lines<'o> {
    out: &'o mut (dyn Write + Send),
    digest: Sha256,
    rows: u64,
}

impl Lines<'_> {
    fn line(&mut self, value: &impl Serialize) -> std::io::Result<()> {
        let mut text = serde_json::to_vec(value).map_err(std::io::Error::other)?;
        text.push(b'\n');
        self.digest.update(&text);
        self.out.write_all(&text)
    }
}

async fn write_table(
    conn: &mut Conn,
    table: &str,
    key: &[&str],
    lines: &mut Lines<'_>,
) -> Result<std::io::Result<()>, Fault> {
    let columns = columns_of(conn, table).await?;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    if let Err(error) = lines.line(&TableLine { table: table.to_owned(), columns: names.clone() }) {
        return Ok(Err(error));
    }
    let of_key: Vec<usize> =
        key.iter().filter_map(|name| columns.iter().position(|column| column.name == *name)).collect();
    let mut after: Option<Vec<Value>> = None;
    loop {
        let (list, keys) = (names.join(", "), key.join(", "));
        let wanted =
            if after.is_some() { format!(" WHERE ({keys}) > ({})", placeholders(1, key.len())) } else { String::new() };
        let text = format!("SELECT {list} FROM {table}{wanted} ORDER BY {keys} LIMIT {ROWS_PER_PAGE}");
        let cells = after.iter().flatten().map(cell).collect::<Result<Vec<_>, _>>()?;
        let rows = built_query(text).bind_all(cells).fetch_all(conn).await?;
        let full = rows.len() == ROWS_PER_PAGE;
        for row in &rows {
            let values = values_of(row, &columns)?;
            lines.rows += 1;
            if let Err(error) = lines.line(&values) {
                return Ok(Err(error));
            }
            after = Some(of_key.iter().filter_map(|at| values.get(*at).cloned()).collect());
        }
        if !full {
            return Ok(Ok(()));
        }
    }
}

/// The columns of a table, in order.
async fn columns_of(conn: &mut Conn, table: &str) -> Result<Vec<Column>, Fault> {
    let text = match conn {
        Conn::Sqlite(_) => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        Conn::Postgres(_) => {
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows = query(text).bind(table).fetch_all(conn).await?;
    let column = |row: &Row| -> Result<Column, Fault> {
        let kind: String = row.get("type")?;
        let kind = match kind.to_ascii_lowercase().as_str() {
            "text" => Kind::Text,
            "bigint" => Kind::Int,
            "double precision" => Kind::Real,
            other => return Err(Fault::Value(format!("the type `{other}` of a column of `{table}`"))),
        };
        Ok(Column { name: row.get("name")?, kind })
    };
    rows.iter().map(column).collect()
}

fn values_of(row: &Row, columns: &[Column]) -> Result<Vec<Value>, Fault> {
    let value = |(at, column): (usize, &Column)| -> Result<Value, Fault> {
        Ok(match column.kind {
            Kind::Text => row.at::<Option<String>>(at)?.map_or(Value::Null, Value::from),
            Kind::Int => row.at::<Option<i64>>(at)?.map_or(Value::Null, Value::from),
            Kind::Real => row.at::<Option<f64>>(at)?.map_or(Value::Null, Value::from),
        })
    };
    columns.iter().enumerate().map(value).collect()
}

fn cell(value: &Value) -> Result<Cell<'static>, Fault> {
    match value {
        Value::String(text) => Ok(Cell::from(text.clone())),
        Value::Number(number) if number.is_i64() => Ok(Cell::Int(number.as_i64().unwrap_or_default())),
        Value::Number(number) => Ok(Cell::Real(number.as_f64().unwrap_or_default())),
        other => Err(Fault::Value(format!("`{other}` as a value of a column"))),
    }
}

enum Item {
    Table(TableLine),
    Row(Vec<Value>),
    End(Backup),
}

/// Reads the lines, with their digest.
struct Reader<'i> {
    input: &'i mut dyn BufRead,
    digest: Sha256,
    lines: u64,
    rows: u64,
}

impl<'i> Reader<'i> {
    fn open(input: &'i mut dyn BufRead) -> Result<Self, BackupError> {
        let mut reader = Reader { input, digest: Sha256::new(), lines: 0, rows: 0 };
        let line = reader.line()?;
        let header: Header = serde_json::from_slice(&line).map_err(|error| reader.wrong(&error))?;
        if header.yata_backup != FORMAT {
            return Err(reader.wrong(&format!("format {} instead of {FORMAT}", header.yata_backup)));
        }
        if header.schema != known_version() {
            return Err(BackupError::Schema { found: header.schema, known: known_version() });
        }
        reader.digest.update(&line);
        Ok(reader)
    }

    fn line(&mut self) -> Result<Vec<u8>, BackupError> {
        let mut line = Vec::new();
        let mut limited = std::io::Read::take(&mut *self.input, MAX_LINE_BYTES);
        limited.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Err(BackupError::Cut { lines: self.lines });
        }
        self.lines += 1;
        Ok(line)
    }

    fn next(&mut self) -> Result<Item, BackupError> {
        let line = self.line()?;
        if line.first() == Some(&b'[') {
            let row: Vec<Value> = serde_json::from_slice(&line).map_err(|error| self.wrong(&error))?;
            self.digest.update(&line);
            self.rows += 1;
            return Ok(Item::Row(row));
        }
        if let Ok(table) = serde_json::from_slice::<TableLine>(&line) {
            self.digest.update(&line);
            return Ok(Item::Table(table));
        }
        let end: End = serde_json::from_slice(&line).map_err(|error| self.wrong(&error))?;
        let found = hex(&std::mem::take(&mut self.digest).finalize());
        if found != end.sha256 || self.rows != end.rows {
            return Err(BackupError::Changed { found, said: end.sha256 });
        }
        Ok(Item::End(Backup { rows: end.rows, digest: found }))
    }

    fn wrong(&self, what: &impl std::fmt::Display) -> BackupError {
        BackupError::Line { line: self.lines, what: what.to_string() }
    }
}

/// Where the backup is at fault, `failed` says so, and the transaction is given up.
async fn restore_into(
    conn: &mut Conn,
    store: &Store,
    input: &mut (dyn BufRead + Send),
    failed: &mut Option<BackupError>,
) -> Result<Backup, Fault> {
    let mut refuse = |error: BackupError| {
        *failed = Some(error);
        Err(Fault::Value("the backup was refused".to_owned()))
    };
    for table in ["asset", "person", "ledger_entry", "ledger_pending", "setting"] {
        let count: Option<i64> = built_query(format!("SELECT COUNT(*) FROM {table}")).scalar(conn).await?;
        if count != Some(0) {
            return refuse(BackupError::NotEmpty(store.place().to_string()));
        }
    }
    let mut reader = match Reader::open(input) {
        Ok(reader) => reader,
        Err(error) => return refuse(error),
    };
    let mut batch: Option<Batch> = None;
    loop {
        let item = match reader.next() {
            Ok(item) => item,
            Err(error) => return refuse(error),
        };
        match (item, &mut batch) {
            (Item::Row(row), Some(open)) if row.len() == open.columns.len() => open.push(conn, row).await?,
            (Item::Row(_), _) => return refuse(reader.wrong(&"a row that does not belong to its table")),
            (Item::Table(line), _) => {
                if let Some(mut done) = batch.take() {
                    done.flush(conn).await?;
                }
                let known = TABLES.iter().any(|(table, _)| *table == line.table);
                let columns = if known { columns_of(conn, &line.table).await? } else { Vec::new() };
                if !columns.iter().map(|column| &column.name).eq(&line.columns) || !known {
                    return refuse(reader.wrong(&format!("the table `{}` is not of this schema", line.table)));
                }
                batch = Some(Batch { table: line.table, columns, rows: Vec::new() });
            }
            (Item::End(backup), _) => {
                if let Some(mut done) = batch.take() {
                    done.flush(conn).await?;
                }
                return Ok(backup);
            }
        }
    }
}

/// Rows that wait for their `INSERT`.
struct Batch {
    table: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

impl Batch {
    async fn push(&mut self, conn: &mut Conn, row: Vec<Value>) -> Result<(), Fault> {
        self.rows.push(row);
        let full = self.rows.len() >= (VALUES_PER_INSERT / self.columns.len().max(1)).max(1);
        if full { self.flush(conn).await } else { Ok(()) }
    }

    async fn flush(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let width = names.len();
        let tuples: Vec<String> =
            (0..self.rows.len()).map(|row| format!("({})", placeholders(row * width + 1, width))).collect();
        // INVARIANT: names of tables and columns are those of the schema; every value is bound.
        let text = format!("INSERT INTO {} ({}) VALUES {}", self.table, names.join(", "), tuples.join(", "));
        let mut cells = Vec::with_capacity(width * self.rows.len());
        for row in std::mem::take(&mut self.rows) {
            for (value, column) in row.iter().zip(&self.columns) {
                cells.push(match (value, column.kind) {
                    (Value::Null, Kind::Text) => Cell::OptionalText(None),
                    (Value::Null, Kind::Int | Kind::Real) => Cell::OptionalInt(None),
                    (Value::String(_), Kind::Text) | (Value::Number(_), Kind::Int | Kind::Real) => cell(value)?,
                    _ => return Err(Fault::Value(format!("`{value}` in the column `{}`", column.name))),
                });
            }
        }
        built_query(text).bind_all(cells).execute(conn).await?;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::MIGRATIONS;

    /// Tables that are left out: who is signed in, who was slowed down, what was used just now, what is half uploaded.
    const LEFT_OUT: &[&str] = &["pushed", "session", "throttle", "upload", "upload_part", "used_once"];

    #[test]
    fn every_table_of_the_schema_is_backed_up_or_left_out() {
        let schema: String = MIGRATIONS.iter().map(|migration| migration.sql).collect();
        let mut tables: Vec<&str> =
            schema.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
        let mut known: Vec<&str> = TABLES.iter().map(|(table, _)| *table).chain(LEFT_OUT.iter().copied()).collect();
        tables.sort_unstable();
        known.sort_unstable();
        assert_eq!(tables, known);
    }
}
