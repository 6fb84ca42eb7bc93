//! The store on either engine: connections, transactions, and what happens when two writers meet.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgPool, SqlitePool};

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::explain::{explain, is_conflict};
use crate::queue::Mirror;

/// How often a write is tried when another writer gets in its way.
const MAX_WRITE_TRIES: u32 = 5;

/// Default of [`Options::max_connections`].
const MAX_CONNECTIONS: u32 = 8;

/// Default of [`Options::max_size_mib`]: 64 GiB.
const MAX_SIZE_MIB: u32 = 64 * 1024;

/// How hard a commit is pressed onto the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// What was reported as stored survives a power cut.
    #[default]
    PowerCut,
    /// What was reported as stored survives the end of the process, but not always a power cut.
    /// For tests and measurements.
    ProcessEnd,
}

/// How to open a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for another process that writes, for a free connection, and for a server to answer.
    pub busy_timeout: Duration,
    /// How long one statement may take, waiting included. PostgreSQL only.
    pub statement_timeout: Duration,
    /// Most connections at a time, at least 1.
    pub max_connections: u32,
    /// The size in MiB above which the database counts as full. SQLite only.
    pub max_size_mib: u32,
    /// How hard a commit is pressed onto the disk.
    pub durability: Durability,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            busy_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(60),
            max_connections: MAX_CONNECTIONS,
            max_size_mib: MAX_SIZE_MIB,
            durability: Durability::PowerCut,
        }
    }
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database: its URL without the password.
    Server(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::File(path) => path.display().fmt(f),
            Place::Server(url) => f.write_str(url),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The database: cheap to clone, all clones share its connections.
///
/// Its functions are `async` and need a Tokio runtime with its timer on (`enable_time`), and for PostgreSQL with
/// `enable_io`; a current-thread runtime will do.
#[derive(Debug, Clone)]
pub struct Store {
    place: Place,
    pool: Pool,
    busy_timeout: Duration,
    mirror: Arc<Mirror>,
}

impl Store {
    pub(crate) fn new(place: Place, pool: Pool, options: &Options) -> Self {
        Store { place, pool, busy_timeout: options.busy_timeout, mirror: Arc::default() }
    }

    /// Where the database is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The database file; `None` on a server.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::Server(_) => None,
        }
    }

    /// Asks the database for an answer, over the same way as everything else: whether it is there now.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], or another failure of the database.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read("asking whether it is there", async |conn| query("SELECT 1").execute(conn).await.map(drop)).await
    }

    /// Closes the connections; what was reported as stored is safe without it.
    pub async fn close(self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) fn explain(&self, doing: &'static str, fault: Fault) -> StoreError {
        explain(&self.place, doing, self.busy_timeout.as_millis(), fault)
    }

    async fn acquire(&self) -> Result<Conn, Fault> {
        match &self.pool {
            Pool::Sqlite(pool) => Ok(Conn::Sqlite(pool.acquire().await?)),
            Pool::Postgres(pool) => match pool.acquire().await {
                Ok(conn) => Ok(Conn::Postgres(conn)),
                Err(error) => Err(crate::postgres::why_not(pool, error, self.busy_timeout).await),
            },
        }
    }

    /// Reads with a connection of its own. Several statements may see different states: [`Store::read_together`].
    pub(crate) async fn read<T>(
        &self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let result = match self.acquire().await {
            Ok(mut conn) => work(&mut conn).await,
            Err(fault) => Err(fault),
        };
        result.map_err(|fault| self.explain(doing, fault))
    }

    /// Reads with several statements that all see the same state.
    pub(crate) async fn read_together<T>(
        &self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.once(Kind::Read, doing, work).await
    }

    /// The facets in memory, not older than this call.
    pub(crate) async fn mirror(&self, doing: &'static str) -> Result<&Mirror, StoreError> {
        let _turn = self.mirror.turn().await;
        self.read_together(doing, async |conn| self.mirror.catch_up(conn).await).await?;
        Ok(&self.mirror)
    }

    /// As [`write!`], but tried once: for work that cannot begin again, because what it reads is used up.
    pub(crate) async fn write_once<T>(
        &self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.once(Kind::Write, doing, work).await
    }

    async fn once<T>(
        &self,
        kind: Kind,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let result = match self.begin(kind).await {
            Ok(mut transaction) => {
                let result = transaction.work(work).await;
                transaction.end(result).await
            }
            Err(fault) => Err(fault),
        };
        result.map_err(|fault| self.explain(doing, fault))
    }

    /// For [`write!`].
    pub(crate) fn writing(&self, doing: &'static str) -> Writing<'_> {
        Writing { store: self, doing, tries: 0, transaction: None }
    }

    async fn begin(&self, kind: Kind) -> Result<Transaction, Fault> {
        // Guarded before it begins: whoever gives up meanwhile must not leave a transaction open in the pool.
        let mut transaction = Transaction { conn: Some(self.acquire().await?) };
        let statement = match (&self.pool, kind) {
            (Pool::Sqlite(_), Kind::Read) => "BEGIN",
            (Pool::Sqlite(_), Kind::Write) => "BEGIN IMMEDIATE",
            (Pool::Postgres(_), Kind::Read) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            (Pool::Postgres(_), Kind::Write) => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        };
        transaction.run(statement).await?;
        Ok(transaction)
    }
}

/// `write!(store, doing, |conn| work(conn, …))`: does all of `work(…).await`, a `Result<T, Fault>`, in one transaction,
/// or nothing, and is a `Result<T, StoreError>`. When it is done, it is on the disk; if it is dropped midway, nothing was
/// done.
///
/// On SQLite one writes at a time, and the others wait up to the busy timeout. On PostgreSQL many write, and each
/// statement sees what others committed before it, so that whoever reads a row to change it takes a lock first
/// (`locks`). Where two get into each other's way, `work` runs again from the start, a few times at most: it must change
/// nothing but the database, and must not leave by `?`.
///
/// A macro, because the compiler cannot yet see that the future of an async closure which runs again may move between
/// threads.
macro_rules! write {
    ($store:expr, $doing:expr, |$conn:ident| $work:expr) => {{
        let mut writing = $store.writing($doing);
        loop {
            let result = match writing.begin().await {
                Ok($conn) => $work.await,
                Err(fault) => Err(fault),
            };
            if let Some(done) = writing.end(result).await {
                break done;
            }
        }
    }};
}
pub(crate) use write;

/// A write that may need several tries.
#[derive(Debug)]
pub(crate) struct Writing<'s> {
    store: &'s Store,
    doing: &'static str,
    tries: u32,
    transaction: Option<Transaction>,
}

impl Writing<'_> {
    pub(crate) async fn begin(&mut self) -> Result<&mut Conn, Fault> {
        let transaction = self.store.begin(Kind::Write).await?;
        self.transaction.insert(transaction).conn()
    }

    /// The outcome; `None` to try again.
    pub(crate) async fn end<T>(&mut self, result: Result<T, Fault>) -> Option<Result<T, StoreError>> {
        let result = match self.transaction.take() {
            Some(transaction) => transaction.end(result).await,
            None => result,
        };
        self.tries += 1;
        match result {
            Err(fault) if self.tries < MAX_WRITE_TRIES && is_conflict(&self.store.place, &fault) => None,
            result => Some(result.map_err(|fault| self.store.explain(self.doing, fault))),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Read,
    Write,
}

/// A transaction that is not ended yet. Dropping it closes its connection, which rolls back.
#[derive(Debug)]
struct Transaction {
    conn: Option<Conn>,
}

impl Transaction {
    fn conn(&mut self) -> Result<&mut Conn, Fault> {
        // INVARIANT: only `end` and `drop` take the connection out, and both consume `self`.
        self.conn.as_mut().ok_or(Fault::Sql(sqlx::Error::PoolClosed))
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), Fault> {
        query(statement).execute(self.conn()?).await.map(drop)
    }

    async fn work<T>(&mut self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Fault>) -> Result<T, Fault> {
        work(self.conn()?).await
    }

    /// All of it is on the disk, or none of it is.
    async fn end<T>(mut self, result: Result<T, Fault>) -> Result<T, Fault> {
        let result = match result {
            Ok(value) => self.run("COMMIT").await.map(|()| value),
            Err(fault) => Err(fault),
        };
        // The engine may have rolled back by itself, or the connection may be gone: then it is closed.
        if result.is_err()
            && self.run("ROLLBACK").await.is_err()
            && let Some(conn) = self.conn.take()
        {
            conn.close().await;
        }
        // Back to the pool.
        drop(self.conn.take());
        result
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            conn.discard();
        }
    }
}
