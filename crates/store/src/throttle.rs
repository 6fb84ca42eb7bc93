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
    /// Half of the failures are forgotten in this time; `None` where none are until a day has passed without any.
    pub half_life_s: Option<i64>,
}

/// An attempt that was counted against one limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    key: String,
    /// Failures and the time of the last one, as they were.
    before: (i64, i64),
    /// The same, as they are with this attempt.
    with_it: (i64, i64),
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

    /// How many seconds are left of the delay, rounded up: who waits as long as was said gets in.
    fn left_s(&self, failures: i64, last_at: i64, now: i64) -> i64 {
        let ends_at = last_at.saturating_add(self.delay_s(failures) * MICROS_PER_S);
        (ends_at - now).max(0).saturating_add(MICROS_PER_S - 1) / MICROS_PER_S
    }

    /// What counts now of failures of which the last was then: halved in each half-life, evenly in between.
    fn remaining(&self, failures: i64, last_at: i64, now: i64) -> i64 {
        let Some(half_life_s) = self.half_life_s.filter(|half_life_s| *half_life_s > 0) else { return failures };
        let passed_s = (now - last_at).max(0) / MICROS_PER_S;
        let halved = failures >> (passed_s / half_life_s).min(MAX_DOUBLINGS);
        let lost = (halved.saturating_mul(passed_s % half_life_s) + half_life_s) / (2 * half_life_s);
        halved - lost
    }
}

impl Store {
    /// Counts an attempt against all the limits, or says after how many seconds to try again. Whoever has to wait changes
    /// nothing: what is refused costs no write.
    ///
    /// A clock that went back neither shortens a delay nor makes it longer than it was.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn attempt(&self, limits: &[Limit], now: Timestamp) -> Result<Result<Vec<Counted>, u64>, StoreError> {
        let doing = "counting attempts";
        let wait_s = self.read(doing, async |conn| wait_s(conn, limits, micros(now)).await).await?;
        if wait_s > 0 {
            return Ok(Err(u64::try_from(wait_s).unwrap_or(u64::MAX)));
        }
        write!(self, doing, |conn| attempt(conn, limits, now))
    }

    /// Forgets all failures of that key: an attempt succeeded.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn forget_failures(&self, key: &str) -> Result<(), StoreError> {
        write!(self, "counting attempts", |conn| async {
            query("DELETE FROM throttle WHERE key = $1").bind(key).execute(conn).await.map(drop)
        })
    }

    /// Takes an attempt back that succeeded: what was before it counts again.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn take_back(&self, counted: &Counted) -> Result<(), StoreError> {
        write!(self, "counting attempts", |conn| take_back(conn, counted))
    }
}

/// How long to wait, by what is known without holding any row. A time that has not come yet is left to [`attempt`].
async fn wait_s(conn: &mut Conn, limits: &[Limit], now: i64) -> Result<i64, Fault> {
    let mut wait_s = 0;
    for limit in limits {
        let row = query("SELECT failures, last_at FROM throttle WHERE key = $1").bind(&limit.key);
        let Some(row) = row.fetch_optional(conn).await? else { continue };
        let (failures, last_at): (i64, i64) = (row.get("failures")?, row.get("last_at")?);
        if last_at <= now {
            wait_s = wait_s.max(limit.left_s(failures, last_at, now));
        }
    }
    Ok(wait_s)
}

async fn attempt(conn: &mut Conn, limits: &[Limit], now: Timestamp) -> Result<Result<Vec<Counted>, u64>, Fault> {
    let now = micros(now);
    query("DELETE FROM throttle WHERE last_at < $1").bind(now - FORGOTTEN_AFTER_S * MICROS_PER_S).execute(conn).await?;
    let (mut wait_s, mut counted) = (0, Vec::new());
    for limit in limits {
        // A time that has not come yet was written by a clock that has gone back since: the delay begins now. This
        // also holds the row until the end.
        let text = "INSERT INTO throttle (key, failures, last_at) VALUES ($1, 0, $2) ON CONFLICT (key) DO UPDATE SET \
                    last_at = CASE WHEN throttle.last_at > excluded.last_at THEN excluded.last_at ELSE throttle.last_at END \
                    RETURNING failures, last_at";
        let row = query(text).bind(&limit.key).bind(now).fetch_one(conn).await?;
        let (failures, last_at): (i64, i64) = (row.get("failures")?, row.get("last_at")?);
        wait_s = wait_s.max(limit.left_s(failures, last_at, now));
        let with_it = (limit.remaining(failures, last_at, now) + 1, now);
        counted.push(Counted { key: limit.key.clone(), before: (failures, last_at), with_it });
    }
    if wait_s > 0 {
        return Ok(Err(u64::try_from(wait_s).unwrap_or(u64::MAX)));
    }
    for counted in &counted {
        set(conn, &counted.key, counted.with_it).await?;
    }
    Ok(Ok(counted))
}

async fn set(conn: &mut Conn, key: &str, (failures, last_at): (i64, i64)) -> Result<(), Fault> {
    let text = "UPDATE throttle SET failures = $1, last_at = $2 WHERE key = $3";
    query(text).bind(failures).bind(last_at).bind(key).execute(conn).await.map(drop)
}

async fn take_back(conn: &mut Conn, counted: &Counted) -> Result<(), Fault> {
    let (failures, at) = counted.with_it;
    let text = "UPDATE throttle SET failures = $1, last_at = $2 WHERE key = $3 AND failures = $4 AND last_at = $5";
    let alone = query(text).bind(counted.before.0).bind(counted.before.1).bind(&counted.key).bind(failures).bind(at);
    if alone.execute(conn).await? == 0 {
        // Others tried meanwhile: theirs stay.
        let text = "UPDATE throttle SET failures = failures - 1 WHERE key = $1 AND failures > 0";
        query(text).bind(&counted.key).execute(conn).await?;
    }
    query("DELETE FROM throttle WHERE key = $1 AND failures = 0").bind(&counted.key).execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_their_limit() {
        let limit = Limit { key: String::new(), free: 5, max_delay_s: 900, half_life_s: None };
        let delays: Vec<i64> = (0..20).map(|failures| limit.delay_s(failures)).collect();
        assert_eq!(delays.get(..10), Some([0, 0, 0, 0, 0, 1, 2, 4, 8, 16].as_slice()));
        assert_eq!(limit.delay_s(i64::MAX), 900);
    }

    #[test]
    fn failures_halve() {
        let limit = Limit { key: String::new(), free: 5, max_delay_s: 900, half_life_s: Some(3600) };
        let after = |minutes: i64| limit.remaining(40, 0, minutes * 60 * MICROS_PER_S);
        let left = [0, 1, 15, 30, 60, 90, 120, 600, i64::from(i32::MAX)].map(after);
        assert_eq!(left, [40, 40, 35, 30, 20, 15, 10, 0, 0]);
        assert_eq!(limit.remaining(40, 3600 * MICROS_PER_S, 0), 40, "no clock that went back adds any");
        assert_eq!(Limit { half_life_s: None, ..limit }.remaining(40, 0, i64::MAX), 40);
    }
}
