//! What only SQLite knows: who may read the file, what it must be, and how it comes to its schema.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection, SqlitePool};

use crate::error::{Fault, StoreError};
use crate::explain::{CANNOT_OPEN, is_busy};
use crate::migrations::{known_version, missing_after};
use crate::store::{Durability, Options, Place, Pool, Store};

/// Marks the file as ours (SQLite header, "application id"): `YATA`.
const APPLICATION_ID: i64 = 0x5941_5441;

/// SQLite's default page is 4 KiB.
const PAGES_PER_MIB: u32 = 256;

/// Page cache of one connection.
const CACHE_KIB: u32 = 8 * 1024;

/// The log is copied back into the file when it has this many pages (16 MiB).
const CHECKPOINT_PAGES: u32 = 4 * 1024;

/// How often to try to switch a new file to a write-ahead log.
const MAX_WAL_TRIES: usize = 100;

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
            .max_connections(options.max_connections.max(1))
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(connect);
        let place = Place::File(path.to_owned());
        let prepared = prepare(&pool, &place).await;
        let store = Store::new(place, Pool::Sqlite(pool), options);
        match prepared {
            Ok(()) => Ok(store),
            Err(fault) => {
                let error = store.explain("opening it", fault);
                store.close().await;
                Err(error)
            }
        }
    }
}

/// Looks at the file before anything is written, then brings it to the schema of this program.
async fn prepare(pool: &SqlitePool, place: &Place) -> Result<(), Fault> {
    let mut conn = match pool.acquire().await {
        Err(source @ sqlx::Error::Database(_)) => {
            // A missing right, or a folder that went away.
            let cannot_open = matches!(&source, sqlx::Error::Database(e) if e.code().as_deref() == Some(CANNOT_OPEN));
            let place = place.clone();
            return Err(if cannot_open { StoreError::Open { place, source }.into() } else { source.into() });
        }
        other => other?,
    };
    let known = known_version();
    match schema_version(&mut conn, place).await? {
        version if version == known => count_on_from_foreign_revisions(&mut conn).await,
        version if version > known => {
            Err(StoreError::NewerSchema { place: place.clone(), found: version, known }.into())
        }
        _ => migrate(&mut conn, place, known).await,
    }
}

/// Where a backup brought revisions of facets along that another database gave out, this one counts on from there.
async fn count_on_from_foreign_revisions(conn: &mut SqliteConnection) -> Result<(), Fault> {
    // Asked first: to write nothing would wait for whoever writes.
    let text = "SELECT (SELECT MAX(revision) FROM facet) > \
                (SELECT COALESCE(MAX(CAST(body AS BIGINT)), 0) FROM setting WHERE key = 'facet-revision')";
    if sqlx::query_scalar::<_, Option<bool>>(text).fetch_one(&mut *conn).await? == Some(true) {
        let text = "INSERT INTO setting (key, body, updated_at) \
                    SELECT 'facet-revision', CAST(MAX(revision) AS TEXT), 0 FROM facet WHERE true \
                    ON CONFLICT (key) DO UPDATE SET body = excluded.body \
                    WHERE CAST(excluded.body AS BIGINT) > CAST(setting.body AS BIGINT)";
        sqlx::query(text).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The schema version of our database, 0 for an empty file.
async fn schema_version(conn: &mut SqliteConnection, place: &Place) -> Result<i64, Fault> {
    // One statement, so that a process which makes the schema meanwhile is seen whole or not at all.
    let row = sqlx::query(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), \
         (SELECT COUNT(*) FROM sqlite_master)",
    )
    .fetch_one(&mut *conn)
    .await?;
    let (application, version, tables): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    if application == APPLICATION_ID {
        return Ok(version);
    }
    if tables == 0 && application == 0 && version == 0 {
        return Ok(0);
    }
    Err(StoreError::NotOurs { place: place.clone() }.into())
}

/// All missing migrations and the new version number in one transaction, so that neither a crash nor
/// a second process that opens the same new file can leave half a schema.
async fn migrate(conn: &mut SqliteConnection, place: &Place, known: i64) -> Result<(), Fault> {
    to_wal(conn).await?;
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    // Another process may have been faster.
    let version = schema_version(&mut tx, place).await?;
    for migration in missing_after(version) {
        sqlx::raw_sql(migration.sql).execute(&mut *tx).await?;
    }
    if version < known {
        // A pragma takes no bound values; both are numbers of ours.
        let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {known}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(marks)).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
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

fn create(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return if path.is_file() { Ok(()) } else { Err(StoreError::NotAFile { path: path.to_owned() }) };
    }
    let failed = |what: &Path, source: io::Error| match source.kind() {
        io::ErrorKind::StorageFull => StoreError::Full { place: Place::File(what.to_owned()), doing: "creating it" },
        io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { place: Place::File(what.to_owned()), doing: "creating it" }
        }
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
