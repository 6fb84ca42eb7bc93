//! What can go wrong with the database, and to which file.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

/// An error of the store. The text says what was being done, to which file, and what helps.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder or the file could not be made.
    #[error("cannot create `{}`: choose a folder that you may write to", path.display())]
    Create {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The path names something that is not a file.
    #[error("`{}` is not a file: name the database file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file could not be opened.
    #[error("cannot open the database `{}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// The file holds something else.
    #[error("`{}` is not a database of Yata: move it away, or choose another folder; nothing was changed", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "the database `{}` is damaged (while {doing}): put a copy back, or move it away and assess again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the engine says.
        source: sqlx::Error,
    },
    /// A newer program wrote the database.
    #[error(
        "the database `{}` has schema version {found}, and this program knows up to {known}: use the newer \
         version of Yata that wrote it, or choose another folder; nothing was changed",
        path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest schema version that this program knows.
        known: i64,
    },
    /// The disk, or the allowed size, is used up. The state from before is intact.
    #[error(
        "no space left for the database `{}` (while {doing}): free some space and run again; \
         what was stored before is intact",
        path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// The file or its folder may not be written to.
    #[error("the database `{}` is read-only (while {doing}): make the file and its folder writable", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
    },
    /// Another process kept the database locked for too long.
    #[error(
        "another process kept the database `{}` locked for more than {waited_ms} ms (while {doing}): run again later",
        path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// How long was waited, in milliseconds.
        waited_ms: u128,
    },
    /// Anything else that the engine reports.
    #[error("the database `{}` failed (while {doing})", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the engine says.
        source: sqlx::Error,
    },
    /// A stored value cannot be read back.
    #[error("the database `{}` holds a value that this program cannot read: {what}", path.display())]
    BadValue {
        /// The file.
        path: PathBuf,
        /// Which value.
        what: String,
    },
    /// A value could not be written as JSON.
    #[error("cannot write a value as JSON")]
    Encode(#[from] serde_json::Error),
    /// A snapshot names one finding twice, or a finding of another asset.
    #[error("the snapshot of `{asset}` by `{sensor}` is wrong: {what}")]
    BadSnapshot {
        /// The asset's id.
        asset: String,
        /// The sensor.
        sensor: String,
        /// What is wrong.
        what: String,
    },
    /// More was given than one call may carry.
    #[error("{given} {what} in one call, and at most {limit} are allowed")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there were.
        given: usize,
        /// How many there may be.
        limit: usize,
    },
    /// No finding has that id or prefix.
    #[error("no finding `{given}`{}", nearest_text(nearest))]
    UnknownFinding {
        /// What was asked for.
        given: String,
        /// Ids that are near, at most [`crate::MAX_SUGGESTIONS`].
        nearest: Vec<String>,
    },
    /// Several findings have that prefix.
    #[error("`{given}` could be any of {}{}: give more of the id", list(matches), if *more { " and others" } else { "" })]
    AmbiguousFinding {
        /// What was asked for.
        given: String,
        /// The findings, at most [`crate::MAX_SUGGESTIONS`].
        matches: Vec<String>,
        /// Whether there are others.
        more: bool,
    },
    /// No sensor sees the finding any more: there is nothing to decide.
    #[error("the finding `{id}` is fixed: no sensor sees it any more, so there is nothing to decide")]
    AlreadyFixed {
        /// The finding.
        id: String,
    },
    /// A decision without a reason.
    #[error("a decision needs a reason: say why with --why")]
    NoReason,
    /// A decision without a name.
    #[error("a decision needs a name: say who decides")]
    NoName,
    /// A reason or name that is too long.
    #[error("the {what} has {given} characters, and at most {limit} are allowed")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// How many characters it has.
        given: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A decision that would have ended before it began.
    #[error("`{until}` is in the past (today is {today}): give today or a later day")]
    PastDate {
        /// The day given.
        until: Date,
        /// Today, UTC.
        today: Date,
    },
    /// A report that is not about one asset.
    #[error("the report is wrong: {what}")]
    BadReport {
        /// What is wrong.
        what: String,
    },
    /// Rules that cannot be judged by.
    #[error("the rules are wrong: {what}")]
    BadRules {
        /// What is wrong.
        what: String,
    },
    /// A mark of a page that was not made here.
    #[error("the page mark is not one of this list: begin with the first page")]
    BadCursor,
    /// No asset has that id.
    #[error("no asset `{id}`")]
    UnknownAsset {
        /// What was asked for.
        id: String,
    },
}

fn list(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

fn nearest_text(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; the nearest: {}", list(nearest)) }
}

/// What the inner functions return: the border of the crate adds the file and what was being done.
#[derive(Debug)]
pub(crate) enum Fault {
    Sql(sqlx::Error),
    Value(String),
    Store(StoreError),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Fault::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Store(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Fault::Store(StoreError::Encode(error))
    }
}

/// The primary result codes of SQLite that mean something to a person.
///
/// Source: SQLite, "Result and Error Codes" (<https://sqlite.org/rescode.html>).
mod code {
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READONLY: i32 = 8;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const NOTADB: i32 = 26;
    /// Extended: the shared-memory file could not grow, which is how a full disk shows there.
    pub(super) const IOERR_SHMSIZE: i32 = 4874;
}

fn extended_code(error: &sqlx::Error) -> Option<i32> {
    match error {
        sqlx::Error::Database(error) => error.code()?.parse().ok(),
        _ => None,
    }
}

/// Whether another process is in the way.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    extended_code(error).is_some_and(|extended| matches!(extended & 0xff, code::BUSY | code::LOCKED))
}

/// The error with its file and what was being done.
pub(crate) fn explain(path: &Path, doing: &'static str, waited_ms: u128, fault: Fault) -> StoreError {
    let source = match fault {
        Fault::Store(error) => return error,
        Fault::Value(what) => return StoreError::BadValue { path: path.to_owned(), what },
        Fault::Sql(source) => source,
    };
    let path = path.to_owned();
    let extended = extended_code(&source);
    match extended.map(|code| code & 0xff) {
        Some(code::BUSY | code::LOCKED) => StoreError::Busy { path, doing, waited_ms },
        Some(code::READONLY) => StoreError::ReadOnly { path, doing },
        Some(code::FULL) => StoreError::Full { path, doing },
        _ if extended == Some(code::IOERR_SHMSIZE) => StoreError::Full { path, doing },
        Some(code::CORRUPT) => StoreError::Damaged { path, doing, source },
        Some(code::NOTADB) => StoreError::NotOurs { path },
        _ if matches!(source, sqlx::Error::PoolTimedOut) => StoreError::Busy { path, doing, waited_ms },
        _ => StoreError::Database { path, doing, source },
    }
}
