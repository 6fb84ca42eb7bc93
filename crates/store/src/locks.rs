//! Who may change findings at the same time. SQLite lets one write at a time and needs none of this.
//!
//! INVARIANT: whoever reads a finding to change it holds the lock of its asset, or the lock of all of them; both end
//! with the transaction. Taking locks in one order keeps writers from waiting for each other in a circle.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::engine::{Conn, built_query, query};
use crate::error::Fault;

/// The numbers of our advisory locks begin here: `YATA`, then a number.
const BASE: i64 = 0x5941_5441 << 32;

/// Held while the schema is made.
pub(crate) const MIGRATION_LOCK: i64 = BASE;

/// Shared by those who write findings of some assets; alone for whoever writes findings of any.
const ALL_ASSETS: i64 = BASE + 1;

/// Held by whoever gives entries their place in the ledger.
const LEDGER: i64 = BASE + 2;

/// The first of the locks of assets, and of component sets.
const FIRST_ASSET: i64 = BASE + 0x1_0000;
const FIRST_SET: i64 = BASE + 0x2_0000;

/// The first of the locks of tokens and uploads.
const FIRST_UPLOAD: i64 = BASE + 0x3_0000;

/// All assets share this many locks, so that a large transaction cannot use up the server's table of locks.
const LOCKS: u64 = 1024;

/// Locks taken by one statement.
const LOCKS_PER_STATEMENT: usize = 128;

/// The lock of an id among those that begin at `first`.
fn lock_of(first: i64, id: &str) -> i64 {
    let digest = Sha256::digest(id.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    first + i64::try_from(number % LOCKS).unwrap_or_default()
}

/// Takes locks in the order of their numbers.
async fn lock(conn: &mut Conn, locks: &BTreeSet<i64>) -> Result<(), Fault> {
    let locks: Vec<i64> = locks.iter().copied().collect();
    for chunk in locks.chunks(LOCKS_PER_STATEMENT) {
        let calls: Vec<String> = (1..=chunk.len()).map(|n| format!("pg_advisory_xact_lock(${n})")).collect();
        let text = format!("SELECT {}", calls.join(", "));
        built_query(text).persistent(chunk.len() == 1).bind_all(chunk.iter().copied()).execute(conn).await?;
    }
    Ok(())
}

/// Waits until nobody else writes findings of these assets.
pub(crate) async fn lock_assets<'a>(conn: &mut Conn, ids: impl IntoIterator<Item = &'a str>) -> Result<(), Fault> {
    if conn.is_postgres() {
        query("SELECT pg_advisory_xact_lock_shared($1)").bind(ALL_ASSETS).execute(conn).await?;
        lock(conn, &ids.into_iter().map(|id| lock_of(FIRST_ASSET, id)).collect()).await?;
    }
    Ok(())
}

/// Waits until nobody else writes findings.
pub(crate) async fn lock_all_assets(conn: &mut Conn) -> Result<(), Fault> {
    if conn.is_postgres() {
        query("SELECT pg_advisory_xact_lock($1)").bind(ALL_ASSETS).execute(conn).await?;
    }
    Ok(())
}

/// Waits until nobody else looks whether these component sets are still used.
pub(crate) async fn lock_sets(conn: &mut Conn, ids: &BTreeSet<String>) -> Result<(), Fault> {
    if conn.is_postgres() {
        lock(conn, &ids.iter().map(|id| lock_of(FIRST_SET, id)).collect()).await?;
    }
    Ok(())
}

/// Waits until nobody else counts and adds to what this token, or this upload, has.
pub(crate) async fn lock_upload(conn: &mut Conn, id: &str) -> Result<(), Fault> {
    if conn.is_postgres() {
        lock(conn, &BTreeSet::from([lock_of(FIRST_UPLOAD, id)])).await?;
    }
    Ok(())
}

/// Waits until nobody else gives entries their place in the ledger.
pub(crate) async fn lock_ledger(conn: &mut Conn) -> Result<(), Fault> {
    if conn.is_postgres() {
        query("SELECT pg_advisory_xact_lock($1)").bind(LEDGER).execute(conn).await?;
    }
    Ok(())
}
