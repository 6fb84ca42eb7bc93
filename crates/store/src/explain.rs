//! What the codes of the engines mean to a person, and to the store.

use sqlx::postgres::PgDatabaseError;

use crate::error::{Fault, StoreError};
use crate::store::Place;

/// SQLite's "unable to open", as its driver spells it.
pub(crate) const CANNOT_OPEN: &str = "14";

/// The primary result codes of SQLite that mean something to a person.
///
/// Source: SQLite, "Result and Error Codes" (<https://sqlite.org/rescode.html>).
mod sqlite {
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READONLY: i32 = 8;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const NOTADB: i32 = 26;
    /// Extended: the shared-memory file could not grow, which is how a full disk shows there.
    pub(super) const IOERR_SHMSIZE: i32 = 4874;
}

/// The codes of PostgreSQL that mean something to a person.
///
/// Source: PostgreSQL, "Appendix A. PostgreSQL Error Codes".
mod postgres {
    pub(super) const CONNECTION_CLASS: &str = "08";
    pub(super) const AUTHORIZATION_CLASS: &str = "28";
    pub(super) const OPERATOR_CLASS: &str = "57P";
    pub(super) const CORRUPTION_CLASS: &str = "XX";
    pub(super) const READ_ONLY: &str = "25006";
    pub(super) const IDLE_IN_TRANSACTION: &str = "25P03";
    pub(super) const NO_SUCH_DATABASE: &str = "3D000";
    pub(super) const FOREIGN_KEY: &str = "23503";
    pub(super) const UNIQUE: &str = "23505";
    pub(super) const SERIALIZATION: &str = "40001";
    pub(super) const DEADLOCK: &str = "40P01";
    pub(super) const NO_RIGHT: &str = "42501";
    pub(super) const DISK_FULL: &str = "53100";
    pub(super) const TOO_MANY_CONNECTIONS: &str = "53300";
    pub(super) const LOCK_TIMEOUT: &str = "55P03";
    pub(super) const CANCELED: &str = "57014";
}

fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    match error {
        sqlx::Error::Database(error) => error.code()?.parse().ok(),
        _ => None,
    }
}

fn postgres_code(error: &sqlx::Error) -> Option<&str> {
    match error {
        sqlx::Error::Database(error) => Some(error.try_downcast_ref::<PgDatabaseError>()?.code()),
        _ => None,
    }
}

/// Whether another process is in the way of SQLite.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    sqlite_code(error).is_some_and(|extended| matches!(extended & 0xff, sqlite::BUSY | sqlite::LOCKED))
}

/// Whether a write failed only because of what another writer did meanwhile: it may be tried again.
pub(crate) fn is_conflict(place: &Place, fault: &Fault) -> bool {
    use postgres::{DEADLOCK, FOREIGN_KEY, SERIALIZATION, UNIQUE};
    match (place, fault) {
        // A component set may go away, or come, between looking and using it.
        (Place::Server(_), Fault::Sql(error)) => {
            postgres_code(error).is_some_and(|code| [FOREIGN_KEY, UNIQUE, SERIALIZATION, DEADLOCK].contains(&code))
        }
        _ => false,
    }
}

/// The error with its place and what was being done.
pub(crate) fn explain(place: &Place, doing: &'static str, waited_ms: u128, fault: Fault) -> StoreError {
    let source = match fault {
        Fault::Store(error) => return error,
        Fault::Value(what) => return StoreError::BadValue { place: place.clone(), what },
        Fault::Sql(source) => source,
    };
    let place = place.clone();
    if matches!(source, sqlx::Error::PoolTimedOut) {
        return StoreError::Busy { place, doing, waited_ms };
    }
    match &place {
        Place::File(_) => explain_sqlite(place, doing, waited_ms, source),
        Place::Server(_) => explain_postgres(place, doing, waited_ms, source),
    }
}

fn explain_sqlite(place: Place, doing: &'static str, waited_ms: u128, source: sqlx::Error) -> StoreError {
    let extended = sqlite_code(&source);
    match extended.map(|code| code & 0xff) {
        Some(sqlite::BUSY | sqlite::LOCKED) => StoreError::Busy { place, doing, waited_ms },
        Some(sqlite::READONLY) => StoreError::ReadOnly { place, doing },
        Some(sqlite::FULL) => StoreError::Full { place, doing },
        _ if extended == Some(sqlite::IOERR_SHMSIZE) => StoreError::Full { place, doing },
        Some(sqlite::CORRUPT) => StoreError::Damaged { place, doing, source },
        Some(sqlite::NOTADB) => StoreError::NotOurs { place },
        _ => StoreError::Database { place, doing, source },
    }
}

fn explain_postgres(place: Place, doing: &'static str, waited_ms: u128, source: sqlx::Error) -> StoreError {
    use postgres::{
        AUTHORIZATION_CLASS, CANCELED, CONNECTION_CLASS, CORRUPTION_CLASS, DISK_FULL, IDLE_IN_TRANSACTION,
        LOCK_TIMEOUT, NO_RIGHT, NO_SUCH_DATABASE, OPERATOR_CLASS, READ_ONLY, TOO_MANY_CONNECTIONS,
    };
    let Some(code) = postgres_code(&source) else {
        return match source {
            // The connection broke, or was closed while we waited for an answer.
            sqlx::Error::Io(_) => StoreError::Unavailable { place, doing, source },
            sqlx::Error::Tls(_) | sqlx::Error::Configuration(_) => StoreError::Open { place, source },
            _ => StoreError::Database { place, doing, source },
        };
    };
    match code {
        LOCK_TIMEOUT => StoreError::Busy { place, doing, waited_ms },
        CANCELED => StoreError::TooSlow { place, doing, source },
        READ_ONLY | NO_RIGHT => StoreError::ReadOnly { place, doing },
        DISK_FULL => StoreError::Full { place, doing },
        TOO_MANY_CONNECTIONS | IDLE_IN_TRANSACTION => StoreError::Unavailable { place, doing, source },
        NO_SUCH_DATABASE => StoreError::Open { place, source },
        code if code.starts_with(AUTHORIZATION_CLASS) => StoreError::Open { place, source },
        code if code.starts_with(CONNECTION_CLASS) || code.starts_with(OPERATOR_CLASS) => {
            StoreError::Unavailable { place, doing, source }
        }
        code if code.starts_with(CORRUPTION_CLASS) => StoreError::Damaged { place, doing, source },
        _ => StoreError::Database { place, doing, source },
    }
}
