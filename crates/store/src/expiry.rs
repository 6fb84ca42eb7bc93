//! What nobody can use any more goes away.

use jiff::Timestamp;

use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::sql::micros;
use crate::store::{Store, write};

impl Store {
    /// Removes sessions, one-time codes and invitations that have expired, and what tokens that no longer work said of
    /// sources. What reads them passes expired ones over in
    /// any case.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn forget_expired(&self, now: Timestamp) -> Result<(), StoreError> {
        write!(self, "removing what has expired", |conn| forget(conn, now))
    }
}

async fn forget(conn: &mut Conn, now: Timestamp) -> Result<(), Fault> {
    for text in [
        "DELETE FROM session WHERE expires_at < $1",
        "DELETE FROM used_once WHERE expires_at < $1",
        "DELETE FROM source WHERE reported_by IN (SELECT id FROM token WHERE revoked_at IS NOT NULL OR expires_at < $1)",
        "DELETE FROM invitation WHERE expires_at < $1 AND used_at IS NULL AND person_id IS NULL",
    ] {
        query(text).bind(micros(now)).execute(conn).await?;
    }
    Ok(())
}
