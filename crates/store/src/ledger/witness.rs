//! Cosignatures: what witnesses say of checkpoints is stored with them.

use yata_ledger::{Checkpoint, Note, NoteError, Signature, SignatureKind, Signed, VerifierKey};

use super::Trust;
use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::locks::lock_ledger;
use crate::store::{Store, write};

/// Most checkpoints with the name of a witness that are tried, the newest first.
const MAX_TRIED: i64 = 1_000;

/// How far a witness countersigned a log, as a verification found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Countersigned {
    /// Nobody asked for a witness.
    #[default]
    NotAsked,
    /// No checkpoint has a cosignature of the witness that holds.
    Never,
    /// The newest checkpoint that it countersigned.
    Until {
        /// Entries that it covers.
        size: u64,
        /// When it countersigned, in seconds since 1970 by its own clock.
        time_s: u64,
    },
}

impl Store {
    /// Stores the cosignatures that a witness made of a note with the checkpoint of so many entries. What bears its name
    /// there and does not hold goes: whoever writes to the database must not keep the place of the real one.
    ///
    /// # Errors
    /// A failure of the database, or a note that is not that checkpoint; nothing is changed then.
    pub async fn add_cosignatures(&self, size: u64, cosigned: &Note, witness: &VerifierKey) -> Result<(), StoreError> {
        let doing = "storing what the witness of the ledger countersigned";
        write!(self, doing, |conn| add(conn, size, cosigned, witness))
    }
}

async fn add(conn: &mut Conn, size: u64, cosigned: &Note, witness: &VerifierKey) -> Result<(), Fault> {
    lock_ledger(conn).await?;
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let stored: Option<String> =
        query("SELECT note FROM ledger_checkpoint WHERE size = $1").bind(size).scalar(conn).await?;
    let wrong = || Fault::Value(format!("the checkpoint of {size} entries"));
    let stored = Note::parse(&stored.ok_or_else(wrong)?).map_err(|_| wrong())?;
    if stored.text() != cosigned.text() {
        return Err(wrong());
    }
    let holds = |signature: &&Signature| witness.check(stored.text(), &signature.bytes).is_some();
    let by_it = |signature: &&Signature| witness.made(signature);
    let others = stored.signatures().iter().filter(|one| !by_it(one));
    // The first one is kept: another replica may have stored it meanwhile.
    let both = stored.signatures().iter().chain(cosigned.signatures());
    let cosignature = both.filter(by_it).find(holds);
    let unreadable = |error: NoteError| Fault::Value(error.to_string());
    let mut note = Note::new(stored.text()).map_err(unreadable)?;
    for signature in others.chain(cosignature) {
        note.add(signature.clone()).map_err(unreadable)?;
    }
    query("UPDATE ledger_checkpoint SET note = $2 WHERE size = $1")
        .bind(size)
        .bind(note.to_string())
        .execute(conn)
        .await
        .map(drop)
}

/// The newest checkpoint that this witness countersigned, with its note.
pub(super) async fn newest(
    conn: &mut Conn,
    trust: &Trust,
    witness: &VerifierKey,
) -> Result<Option<(Countersigned, String)>, Fault> {
    let mut keys = trust.keys.clone();
    keys.push(witness.clone());
    // Every signature line begins with the name of its key; whether it holds is seen then.
    let name = witness.name().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let notes: Vec<String> =
        query("SELECT note FROM ledger_checkpoint WHERE note LIKE $1 ESCAPE '\\' ORDER BY size DESC LIMIT $2")
            .bind(format!("%\n\u{2014} {name} %"))
            .bind(MAX_TRIED)
            .scalars(conn)
            .await?;
    for note in notes {
        let Ok(opened) = Checkpoint::open(&note, trust.origin(), &keys) else { continue };
        let by_it = |signed: &&Signed| signed.kind == SignatureKind::Cosignature && signed.key_id == witness.id_text();
        if let Some(time_s) = opened.signed.iter().find(by_it).and_then(|signed| signed.time_s) {
            return Ok(Some((Countersigned::Until { size: opened.checkpoint.size, time_s }, note)));
        }
    }
    Ok(None)
}
