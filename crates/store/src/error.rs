//! What can go wrong with the database, and where.

use std::io;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::store::Place;

/// An error of the store. The text says what was being done, to which database, and what helps.
#[derive(Debug, thiserror::Error)]
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
    /// The file or the server could not be opened.
    #[error("cannot open the database `{place}`")]
    Open {
        /// The database.
        place: Place,
        /// Why.
        source: sqlx::Error,
    },
    /// The file or database holds something else.
    #[error("`{place}` is not a database of Yata: {}; nothing was changed", choose_another(place))]
    NotOurs {
        /// The database.
        place: Place,
    },
    /// The file is damaged.
    #[error("the database `{place}` is damaged (while {doing}): put a copy back, or move it away and assess again")]
    Damaged {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
        /// What the engine says.
        source: sqlx::Error,
    },
    /// A newer program wrote the database.
    #[error(
        "the database `{place}` has schema version {found}, and this program knows up to {known}: use the newer \
         version of Yata that wrote it, or choose another {}; nothing was changed",
        other(place)
    )]
    NewerSchema {
        /// The database.
        place: Place,
        /// Its schema version.
        found: i64,
        /// The newest schema version that this program knows.
        known: i64,
    },
    /// The disk, or the allowed size, is used up. The state from before is intact.
    #[error(
        "no space left for the database `{place}` (while {doing}): free some space and run again; \
         what was stored before is intact"
    )]
    Full {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
    },
    /// The file or its folder may not be written to, or the server does not let us.
    #[error("the database `{place}` is read-only (while {doing}): {}", make_writable(place))]
    ReadOnly {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
    },
    /// Another process kept the database locked for too long.
    #[error("others kept the database `{place}` locked for more than {waited_ms} ms (while {doing}): run again later")]
    Busy {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
        /// How long was waited, in milliseconds.
        waited_ms: u128,
    },
    /// The server does not answer, or went away. What was reported as stored is stored; trying again is safe.
    #[error(
        "the database `{place}` cannot be reached (while {doing}): see whether its server runs and is not full; \
         Yata connects again by itself"
    )]
    Unavailable {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
        /// What happened to the connection.
        source: sqlx::Error,
    },
    /// The server gave up a statement that took longer than [`crate::Options::statement_timeout`].
    #[error("the database `{place}` took too long (while {doing}): run again later, or ask for less at once")]
    TooSlow {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
        /// What the engine says.
        source: sqlx::Error,
    },
    /// The text is no URL of a PostgreSQL database.
    #[error("not a URL of a PostgreSQL database: give `postgres://user@host:5432/name`")]
    BadUrl {
        /// Why.
        source: Option<sqlx::Error>,
    },
    /// Anything else that the engine reports.
    #[error("the database `{place}` failed (while {doing})")]
    Database {
        /// The database.
        place: Place,
        /// What was being done.
        doing: &'static str,
        /// What the engine says.
        source: sqlx::Error,
    },
    /// A stored value cannot be read back.
    #[error("the database `{place}` holds a value that this program cannot read: {what}")]
    BadValue {
        /// The database.
        place: Place,
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
    /// An asset would have more findings than can be judged together.
    #[error("the asset would have {given} findings that are not fixed, and at most {limit} can be judged together")]
    TooManyFindings {
        /// How many it would have, whoever sees them.
        given: u64,
        /// How many it may have.
        limit: u64,
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
        /// Today, as the caller counts days.
        today: Date,
    },
    /// A state that only a sensor gives.
    #[error("only a sensor says that a finding is fixed")]
    NotByPeople,
    /// No proposal has that id.
    #[error("no proposal `{id}`")]
    UnknownProposal {
        /// What was asked for.
        id: String,
    },
    /// Somebody answered it before.
    #[error("the proposal `{id}` has an answer already")]
    ProposalAnswered {
        /// The proposal.
        id: String,
    },
    /// Nobody answers an own proposal.
    #[error("the proposal `{id}` is your own: somebody else answers it")]
    OwnProposal {
        /// The proposal.
        id: String,
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
    /// The ledger is not what its newest checkpoint says: nothing is added to it.
    #[error("nothing is added to the ledger of `{place}`: {what}. Run `yata ledger verify`")]
    Ledger {
        /// The database.
        place: Place,
        /// What is wrong.
        what: String,
    },
    /// The ledger was begun with another key.
    #[error("the ledger of `{place}` is signed with the key {expected}, not with {given}: put `ledger.key` back")]
    LedgerKey {
        /// The database.
        place: Place,
        /// The id of the key that signs it.
        expected: String,
        /// The id of the key that was given.
        given: String,
    },
}

fn other(place: &Place) -> &'static str {
    match place {
        Place::File(_) => "folder",
        Place::Server(_) => "database",
    }
}

fn choose_another(place: &Place) -> &'static str {
    match place {
        Place::File(_) => "move it away, or choose another folder",
        Place::Server(_) => "it holds other tables; give Yata an empty database",
    }
}

fn make_writable(place: &Place) -> &'static str {
    match place {
        Place::File(_) => "make the file and its folder writable",
        Place::Server(_) => "connect to the primary server, as a user who may make and write tables",
    }
}

fn list(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

fn nearest_text(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; the nearest: {}", list(nearest)) }
}

/// What the inner functions return: the border of the crate adds the place and what was being done.
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
