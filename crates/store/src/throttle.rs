//! Attempts at what is secret: each is counted before it is tried, so that many at once count too.

use jiff::Timestamp;

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::sql::micros;
use crate::store::{Store, write};

/// A limit on attempts that name the same thing: an address, an account, a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What the attempts name.
    pub key: String,
    /// So many failures without any delay.
    pub free: i64,
    /// The delay after more than those doubles from one second with each failure, up to this.
    pub max_delay_s: i64,
}

/// Failures are forgotten this long after the last one.
const FORGOTTEN_AFTER_S: i64 = 24 * 60 * 60;

/// The largest power of two that a delay can reach before its limit.
const MAX_DOUBLINGS: i64 = 40;

const MICROS_PER_S: i64 = 1_000_000;

impl Limit {
    /// The delay after so many failures, in seconds.
    fn delay_s(&self, failures: i64) -> i64 {
        match failures - self.free {
            over if over < 0 => 0,
            over => (1_i64 << over.min(MAX_DOUBLINGS)).min(self.max_delay_s),
        }
    }
}

impl Store {
    /// Counts an attempt against all the limits, or says after how many seconds to try again.
    ///
    /// A clock that went back neither shortens a delay nor makes it longer than it was.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn attempt(&self, limits: &[Limit], now: Timestamp) -> Result<Result<(), u64>, StoreError> {
        write!(self, "counting attempts", |conn| attempt(conn, limits, now))
    }

    /// Takes an attempt back that succeeded: `all` of the failures are forgotten, or only this one.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn succeeded(&self, key: &str, all: bool) -> Result<(), StoreError> {
        write!(self, "counting attempts", |conn| succeeded(conn, key, all))
    }
}

async fn attempt(conn: &mut Conn, limits: &[Limit], now: Timestamp) -> Result<Result<(), u64>, Fault> {
    let now = micros(now);
    query("DELETE FROM throttle WHERE last_at < $1").bind(now - FORGOTTEN_AFTER_S * MICROS_PER_S).execute(conn).await?;
    let mut wait_s = 0;
    for limit in limits {
        // A time that has not come yet was written by a clock that has gone back since: the delay begins now. This
        // also holds the row until the end.
        let text = "INSERT INTO throttle (key, failures, last_at) VALUES ($1, 0, $2) ON CONFLICT (key) DO UPDATE SET \
                    last_at = CASE WHEN throttle.last_at > excluded.last_at THEN excluded.last_at ELSE throttle.last_at END \
                    RETURNING failures, last_at";
        let row = query(text).bind(&limit.key).bind(now).fetch_one(conn).await?;
        let (failures, last_at): (i64, i64) = (row.get("failures")?, row.get("last_at")?);
        let ends_at = last_at.saturating_add(limit.delay_s(failures) * MICROS_PER_S);
        // Rounded up: who waits as long as was said gets in.
        let left_s = (ends_at - now).max(0).saturating_add(MICROS_PER_S - 1) / MICROS_PER_S;
        wait_s = wait_s.max(left_s);
    }
    if wait_s > 0 {
        return Ok(Err(u64::try_from(wait_s).unwrap_or(u64::MAX)));
    }
    for limit in limits {
        let text = "UPDATE throttle SET failures = failures + 1, last_at = $1 WHERE key = $2";
        query(text).bind(now).bind(&limit.key).execute(conn).await?;
    }
    Ok(Ok(()))
}

async fn succeeded(conn: &mut Conn, key: &str, all: bool) -> Result<(), Fault> {
    let text = if all {
        "DELETE FROM throttle WHERE key = $1"
    } else {
        "UPDATE throttle SET failures = failures - 1 WHERE key = $1 AND failures > 0"
    };
    query(text).bind(key).execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_their_limit() {
        let limit = Limit { key: String::new(), free: 5, max_delay_s: 900 };
        let delays: Vec<i64> = (0..20).map(|failures| limit.delay_s(failures)).collect();
        assert_eq!(delays.get(..10), Some([0, 0, 0, 0, 0, 1, 2, 4, 8, 16].as_slice()));
        assert_eq!(limit.delay_s(i64::MAX), 900);
    }
}
