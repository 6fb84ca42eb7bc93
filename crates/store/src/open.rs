//! Opening the database file: who may read it, what it must be, and how it comes to its schema.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlStr, Sqlite, SqliteConnection, SqlitePool};

use crate::error::{Fault, StoreError, explain, is_busy};

/// Marks the file as ours (SQLite header, "application id"): `YATA`.
const APPLICATION_ID: i64 = 0x5941_5441;

/// The migrations in order; the number of the last is the schema version.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "snapshots and findings", include_str!("../migrations/0001_snapshots_and_findings.sql")),
    (2, "service", include_str!("../migrations/0002_service.sql")),
];

/// Connections to one file: one may write, the others read beside it.
const MAX_CONNECTIONS: u32 = 4;

/// Default of [`Options::max_size_mib`]: 64 GiB.
const MAX_SIZE_MIB: u32 = 64 * 1024;

/// SQLite's default page is 4 KiB.
const PAGES_PER_MIB: u32 = 256;

/// Page cache of one connection.
const CACHE_KIB: u32 = 16 * 1024;

/// The log is copied back into the file when it has this many pages (16 MiB).
const CHECKPOINT_PAGES: u32 = 4 * 1024;

/// How often to try to switch a new file to a write-ahead log.
const MAX_WAL_TRIES: usize = 100;

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
    /// How long to wait for another process that writes.
    pub busy_timeout: Duration,
    /// The size in MiB above which the database counts as full.
    pub max_size_mib: u32,
    /// How hard a commit is pressed onto the disk.
    pub durability: Durability,
}

impl Default for Options {
    fn default() -> Self {
        Options { busy_timeout: Duration::from_secs(10), max_size_mib: MAX_SIZE_MIB, durability: Durability::PowerCut }
    }
}

/// The database: cheap to clone, all clones share one file.
///
/// Its functions are `async` and need a Tokio runtime with its timer on (`enable_time`); a
/// current-thread runtime will do.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    pool: SqlitePool,
    busy_timeout: Duration,
}

impl Store {
    /// Opens the database file, and makes it (0600) and its folder (0700) where they are missing.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] for a database of a newer program and [`StoreError::NotOurs`] for any
    /// other file: in both cases nothing is changed. Otherwise as the variants of [`StoreError`] say.
    pub async fn open(path: &Path) -> Result<Store, StoreError> {
        Store::open_with(path, &Options::default()).await
    }

    /// As [`Store::open`], with options.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(path: &Path, options: &Options) -> Result<Store, StoreError> {
        create(path)?;
        let synchronous = match options.durability {
            Durability::PowerCut => SqliteSynchronous::Full,
            Durability::ProcessEnd => SqliteSynchronous::Normal,
        };
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(options.busy_timeout)
            .synchronous(synchronous)
            // On macOS a plain fsync stops at the drive's cache; elsewhere this does nothing.
            .pragma("fullfsync", "ON")
            .pragma("max_page_count", options.max_size_mib.saturating_mul(PAGES_PER_MIB).to_string())
            // A whole snapshot fits into the cache, and into the log without copying it back each time.
            .pragma("cache_size", format!("-{CACHE_KIB}"))
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(connect);
        let store = Store { path: path.to_owned(), pool, busy_timeout: options.busy_timeout };
        match store.prepare().await {
            Ok(()) => Ok(store),
            Err(fault) => {
                store.pool.close().await;
                Err(store.explain("opening it", fault))
            }
        }
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the connections; what was reported as stored is safe without it.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// Looks at the file before anything is written, then brings it to the schema of this program.
    async fn prepare(&self) -> Result<(), Fault> {
        let mut conn = match self.pool.acquire().await {
            Err(source @ sqlx::Error::Database(_)) => {
                // Code 14 is "unable to open": a missing right, or a folder that went away.
                let cannot_open = matches!(&source, sqlx::Error::Database(e) if e.code().as_deref() == Some("14"));
                let path = self.path.clone();
                return Err(if cannot_open { StoreError::Open { path, source }.into() } else { source.into() });
            }
            other => other?,
        };
        let known = MIGRATIONS.last().map_or(0, |(version, ..)| *version);
        match self.schema_version(&mut conn).await? {
            version if version == known => Ok(()),
            version if version > known => {
                Err(StoreError::NewerSchema { path: self.path.clone(), found: version, known }.into())
            }
            _ => self.migrate(&mut conn, known).await,
        }
    }

    /// The schema version of our database, 0 for an empty file.
    async fn schema_version(&self, conn: &mut SqliteConnection) -> Result<i64, Fault> {
        // One statement, so that a process which makes the schema meanwhile is seen whole or not at all.
        let (application, version, tables): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), \
             (SELECT COUNT(*) FROM sqlite_master)",
        )
        .fetch_one(&mut *conn)
        .await?;
        if application == APPLICATION_ID {
            return Ok(version);
        }
        if tables == 0 && application == 0 && version == 0 {
            return Ok(0);
        }
        Err(StoreError::NotOurs { path: self.path.clone() }.into())
    }

    /// All missing migrations and the new version number in one transaction, so that neither a crash nor
    /// a second process that opens the same new file can leave half a schema.
    async fn migrate(&self, conn: &mut SqliteConnection, known: i64) -> Result<(), Fault> {
        to_wal(conn).await?;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        // Another process may have been faster.
        let version = self.schema_version(&mut tx).await?;
        if version < known {
            let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
                Migration::new(*version, (*name).into(), MigrationType::Simple, SqlStr::from_static(sql), false)
            });
            Migrator::with_migrations(migrations.collect())
                .run(&mut *tx)
                .await
                .map_err(|error| sqlx::Error::Migrate(Box::new(error)))?;
            // A pragma takes no bound values; both are numbers of ours.
            let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {known}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(marks)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub(crate) fn explain(&self, doing: &'static str, fault: Fault) -> StoreError {
        explain(&self.path, doing, self.busy_timeout.as_millis(), fault)
    }

    /// A connection to read with.
    pub(crate) async fn reader(&self, doing: &'static str) -> Result<PoolConnection<Sqlite>, StoreError> {
        self.pool.acquire().await.map_err(|error| self.explain(doing, error.into()))
    }

    /// Begins to write: waits for other writers, up to the busy timeout.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Writing, StoreError> {
        // Guarded before it begins: whoever gives up meanwhile must not leave a transaction open in the pool.
        let mut writing = Writing { conn: Some(self.reader(doing).await?) };
        match writing.run("BEGIN IMMEDIATE").await {
            Ok(()) => Ok(writing),
            Err(fault) => Err(self.explain(doing, fault)),
        }
    }

    /// Ends the transaction: all of it is on the disk, or none of it is.
    pub(crate) async fn end<T>(
        &self,
        doing: &'static str,
        mut writing: Writing,
        result: Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let result = match result {
            Ok(value) => writing.run("COMMIT").await.map(|()| value),
            Err(fault) => Err(fault),
        };
        match result {
            Ok(value) => {
                // Back to the pool.
                drop(writing.conn.take());
                Ok(value)
            }
            Err(fault) => {
                if let Some(conn) = writing.conn.take() {
                    // The engine may have rolled back by itself; closing does it in any case.
                    let _ = conn.detach().close().await;
                }
                Err(self.explain(doing, fault))
            }
        }
    }
}

/// Switches the file to a write-ahead log, once for ever. The engine does not wait for others here, as it
/// does everywhere else: so this waits for its turn to write, and tries again.
async fn to_wal(conn: &mut SqliteConnection) -> Result<(), Fault> {
    let mut result = Ok(());
    for _ in 0..MAX_WAL_TRIES {
        result = sqlx::query("PRAGMA journal_mode = WAL").execute(&mut *conn).await.map(drop);
        match &result {
            Err(error) if is_busy(error) => {
                sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
                sqlx::query("ROLLBACK").execute(&mut *conn).await?;
            }
            _ => break,
        }
    }
    Ok(result?)
}

/// A transaction that is not ended yet. Dropping it closes its connection, which rolls back.
#[derive(Debug)]
pub(crate) struct Writing {
    conn: Option<PoolConnection<Sqlite>>,
}

impl Writing {
    pub(crate) fn conn(&mut self) -> Result<&mut SqliteConnection, Fault> {
        // INVARIANT: only `end` and `drop` take the connection out, and both consume `self`.
        self.conn.as_deref_mut().ok_or_else(|| Fault::Sql(sqlx::Error::PoolClosed))
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), Fault> {
        sqlx::query(statement).execute(self.conn()?).await?;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            drop(conn.detach());
        }
    }
}

fn create(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return if path.is_file() { Ok(()) } else { Err(StoreError::NotAFile { path: path.to_owned() }) };
    }
    let failed = |what: &Path, source: io::Error| match source.kind() {
        io::ErrorKind::StorageFull => StoreError::Full { path: what.to_owned(), doing: "creating it" },
        io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path: what.to_owned(), doing: "creating it" },
        _ => StoreError::Create { path: what.to_owned(), source },
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        private_folder().create(folder).map_err(|error| failed(folder, error))?;
        // The engine syncs the folder of the file; the entry of a new folder is in the one above.
        if let Some(Ok(above)) = folder.parent().filter(|above| !above.as_os_str().is_empty()).map(File::open) {
            let _ = above.sync_all();
        }
    }
    match private_file().open(path) {
        Ok(_) => Ok(()),
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(path, error)),
    }
}

fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
