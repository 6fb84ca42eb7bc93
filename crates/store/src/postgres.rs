//! What only PostgreSQL knows: how to reach it, what the database must be, and how it comes to its schema.

use std::net::IpAddr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool, Row as _};

use crate::error::{Fault, StoreError};
use crate::explain::explain;
use crate::locks::MIGRATION_LOCK;
use crate::migrations::{for_postgres, known_version, missing_after};
use crate::store::{Durability, Options, Place, Pool, Store};

/// How the sessions are called in the server's own views.
const APPLICATION_NAME: &str = "yata";

/// What a URL begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

impl Store {
    /// Whether a text names a PostgreSQL database rather than a file.
    pub fn is_url(text: &str) -> bool {
        SCHEMES.iter().any(|scheme| text.starts_with(scheme))
    }

    /// Connects to a PostgreSQL database, `postgres://user:password@host:5432/name`, and makes the schema where it is
    /// missing; several programs may do so at once. Needs version 13 or later.
    ///
    /// To a server on another machine the connection is encrypted and its certificate checked (`verify-full`), unless
    /// the URL says otherwise with `sslmode`. A password may stand in `~/.pgpass` instead of the URL. The tables are
    /// made in the first schema of the search path.
    ///
    /// # Errors
    /// [`StoreError::BadUrl`]; [`StoreError::Unavailable`] where no server answers; [`StoreError::Open`] where it lets
    /// nobody in; [`StoreError::NewerSchema`] for a database of a newer program and [`StoreError::NotOurs`] for one with
    /// other tables: in both cases nothing is changed. Otherwise as the variants of [`StoreError`] say.
    pub async fn connect(url: &str, options: &Options) -> Result<Store, StoreError> {
        let connect = connect_options(url, options)?;
        let place = Place::Server(shown(&connect));
        let doing = "opening it";
        // On a connection of its own: a pool would try again and again, and then not say why it failed.
        let prepared = match dial(&connect, options.busy_timeout).await {
            Ok(mut conn) => {
                let result = prepare(&mut conn, &place).await;
                let _ = conn.close().await;
                result
            }
            Err(error) => Err(error.into()),
        };
        prepared.map_err(|fault| explain(&place, doing, options.busy_timeout.as_millis(), fault))?;
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections.max(1))
            .acquire_timeout(options.busy_timeout)
            // Finds out that the server was away, and connects anew.
            .test_before_acquire(true)
            .connect_lazy_with(connect);
        Ok(Store::new(place, Pool::Postgres(pool), options))
    }
}

fn connect_options(url: &str, options: &Options) -> Result<PgConnectOptions, StoreError> {
    if !Store::is_url(url) {
        return Err(StoreError::BadUrl { source: None });
    }
    let connect: PgConnectOptions = url.parse().map_err(|source| StoreError::BadUrl { source: Some(source) })?;
    let is_near = connect.get_socket().is_some()
        || connect.get_host().starts_with('/')
        || connect.get_host() == "localhost"
        || connect.get_host().trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let connect = if is_near || url.contains("sslmode=") || url.contains("ssl-mode=") {
        connect
    } else {
        connect.ssl_mode(PgSslMode::VerifyFull)
    };
    let milliseconds = |duration: Duration| duration.as_millis().clamp(1, i32::MAX as u128).to_string();
    let statement = milliseconds(options.statement_timeout);
    let synchronous = match options.durability {
        Durability::PowerCut => "on",
        Durability::ProcessEnd => "off",
    };
    Ok(connect
        .application_name(APPLICATION_NAME)
        .options([
            ("lock_timeout", milliseconds(options.busy_timeout).as_str()),
            ("statement_timeout", statement.as_str()),
            // Whoever stops in the middle of a transaction must not hold its locks for ever …
            ("idle_in_transaction_session_timeout", statement.as_str()),
            // … nor whoever vanishes without a word.
            ("tcp_keepalives_idle", "30"),
            ("tcp_keepalives_interval", "10"),
            ("tcp_keepalives_count", "3"),
            ("synchronous_commit", synchronous),
            // Compiling a query takes longer than any of ours runs.
            ("jit", "off"),
            ("timezone", "UTC"),
        ])
        .disable_statement_logging())
}

/// The URL without its password and options.
fn shown(connect: &PgConnectOptions) -> String {
    let host = match connect.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => connect.get_host().to_owned(),
    };
    let database = connect.get_database().unwrap_or_else(|| connect.get_username());
    format!("postgres://{}@{host}:{}/{database}", connect.get_username(), connect.get_port())
}

async fn dial(connect: &PgConnectOptions, timeout: Duration) -> Result<PgConnection, sqlx::Error> {
    match tokio::time::timeout(timeout, PgConnection::connect_with(connect)).await {
        Ok(result) => result,
        Err(_) => Err(sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut))),
    }
}

/// Why the pool had no connection: it does not tell a server that is away from one that is busy.
pub(crate) async fn why_not(pool: &PgPool, error: sqlx::Error, timeout: Duration) -> Fault {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error.into();
    }
    match dial(&pool.connect_options(), timeout).await {
        Ok(conn) => {
            let _ = conn.close().await;
            error.into()
        }
        Err(why) => why.into(),
    }
}

/// Looks at the database before anything is written, then brings it to the schema of this program.
async fn prepare(conn: &mut PgConnection, place: &Place) -> Result<(), Fault> {
    let known = known_version();
    match schema_version(conn, place).await? {
        version if version == known => forget_foreign_revisions(conn).await,
        version if version > known => {
            Err(StoreError::NewerSchema { place: place.clone(), found: version, known }.into())
        }
        _ => migrate(conn, place, known).await,
    }
}

/// Revisions of facets that another database gave out, and a backup or a dump brought along, stand for nothing here.
async fn forget_foreign_revisions(conn: &mut PgConnection) -> Result<(), Fault> {
    // Asked first: there is nothing to write on most days, and nothing can be written on a standby.
    let text = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)";
    let next: i64 = sqlx::query_scalar(text).fetch_one(&mut *conn).await?;
    let text = "SELECT EXISTS (SELECT 1 FROM facet WHERE revision >= $1)";
    let any: bool = sqlx::query_scalar(text).bind(next).fetch_one(&mut *conn).await?;
    if any {
        sqlx::query("UPDATE facet SET revision = 0 WHERE revision >= $1").bind(next).execute(conn).await?;
    }
    Ok(())
}

/// The schema version of our database, 0 for an empty one. What extensions brought along does not count.
async fn schema_version(conn: &mut PgConnection, place: &Place) -> Result<i64, Fault> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS relations, COUNT(*) FILTER (WHERE c.relname = 'yata_schema') AS ours FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS \
         (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')",
    )
    .fetch_one(&mut *conn)
    .await?;
    let (relations, ours): (i64, i64) = (row.try_get("relations")?, row.try_get("ours")?);
    if ours > 0 {
        let row = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM yata_schema").fetch_one(&mut *conn).await?;
        return Ok(row.try_get(0)?);
    }
    if relations == 0 {
        return Ok(0);
    }
    Err(StoreError::NotOurs { place: place.clone() }.into())
}

/// All missing migrations in one transaction, one program at a time.
async fn migrate(conn: &mut PgConnection, place: &Place, known: i64) -> Result<(), Fault> {
    let mut tx = conn.begin().await?;
    sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *tx).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_LOCK).execute(&mut *tx).await?;
    // Another program may have been faster.
    let version = schema_version(&mut tx, place).await?;
    if version < known {
        sqlx::raw_sql("CREATE TABLE IF NOT EXISTS yata_schema (version BIGINT NOT NULL PRIMARY KEY)")
            .execute(&mut *tx)
            .await?;
    }
    for migration in missing_after(version) {
        // INVARIANT: a file of ours.
        sqlx::raw_sql(AssertSqlSafe(for_postgres(migration.sql))).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO yata_schema (version) VALUES ($1)").bind(migration.version).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
