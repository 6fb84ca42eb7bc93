//! Single settings that the service keeps for itself.

use jiff::Timestamp;

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::sql::micros;
use crate::store::{Store, write};

impl Store {
    /// The setting of that key: `body` is kept where there was none.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn keep_setting(&self, key: &str, body: &str, now: Timestamp) -> Result<String, StoreError> {
        write!(self, "keeping a setting", |conn| keep(conn, key, body, now))
    }

    /// Sets the setting of that key, whatever it was.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn replace_setting(&self, key: &str, body: &str, now: Timestamp) -> Result<(), StoreError> {
        write!(self, "keeping a setting", |conn| async {
            query("DELETE FROM setting WHERE key = $1").bind(key).execute(conn).await?;
            keep(conn, key, body, now).await.map(drop)
        })
    }
}

async fn keep(conn: &mut Conn, key: &str, body: &str, now: Timestamp) -> Result<String, Fault> {
    let text = "INSERT INTO setting (key, body, updated_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING";
    query(text).bind(key).bind(body).bind(micros(now)).execute(conn).await?;
    query("SELECT body FROM setting WHERE key = $1").bind(key).fetch_one(conn).await?.get("body")
}
