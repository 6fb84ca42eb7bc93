//! The witness of the ledger: somebody else who countersigns each new checkpoint, and only if the log has grown from
//! the one before (C2SP tlog-witness).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use yata_ledger::witness::{AddCheckpoint, Answer, MAX_ANSWER_BYTES, WitnessError};
use yata_ledger::{Note, NoteError, Signature, SignatureKind, VerifierKey};
use yata_store::{Store, StoreError};

use crate::outbound::{self, Failed};

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often one checkpoint is shown in one turn: the witness may have to say which one it knows.
const MAX_SHOWN: u32 = 3;

/// A witness, and what it countersigned last as far as this program knows.
#[derive(Debug)]
pub struct Witness {
    url: String,
    key: VerifierKey,
    client: reqwest::Client,
    size: AtomicU64,
}

/// What [`Witness::show`] came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witnessed {
    /// The newest checkpoint, which covers so many entries, is countersigned.
    Size(u64),
    /// There is no checkpoint of any entry, or another replica shows a newer one just now.
    Nothing,
}

/// Why a checkpoint was not countersigned.
#[derive(Debug, thiserror::Error)]
pub enum WitnessFailed {
    /// The key checks no cosignatures.
    #[error("the key `{name}` is not one of a witness: it checks no cosignatures (kind 04)")]
    NotOfAWitness {
        /// Its name.
        name: String,
    },
    /// Not https.
    #[error("the address of a witness begins with https://")]
    Unencrypted,
    /// It does not answer, or not in time, or at too great length.
    #[error("the witness does not answer: {0}")]
    Unreachable(String),
    /// It answered with something that is no cosignature of the key that is known.
    #[error("the answer of the witness does not count")]
    Answer(#[from] WitnessError),
    /// It does not watch this log.
    #[error("the witness does not know this log: give its operator the public key of the ledger (`yata ledger key`)")]
    UnknownLog,
    /// It knows the log by another key.
    #[error("the witness knows this log by another key: give its operator the new one (`yata ledger key`)")]
    UnknownKey,
    /// It saw more of this log than there is.
    #[error("the witness saw {seen} entries of this log, and there are {size}: the log was put back or cut")]
    Ahead {
        /// Entries that it saw.
        seen: u64,
        /// Entries that there are.
        size: u64,
    },
    /// It saw other entries in this log.
    #[error("the witness saw another log of this name: the first {seen} entries were changed since")]
    Rewritten {
        /// Entries that it saw.
        seen: u64,
    },
    /// It said nothing that helps.
    #[error("the witness answered with status {0}")]
    Status(u16),
    /// The newest checkpoint cannot be read.
    #[error("the newest checkpoint")]
    Checkpoint(#[from] NoteError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failed> for WitnessFailed {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Unencrypted => WitnessFailed::Unencrypted,
            other => WitnessFailed::Unreachable(other.to_string()),
        }
    }
}

impl Witness {
    /// The witness whose submission prefix is `url`, and whose cosignatures `key` checks.
    ///
    /// # Errors
    /// [`WitnessFailed::NotOfAWitness`]; [`WitnessFailed::Unencrypted`] for an address that is neither https nor on this
    /// machine.
    pub fn new(url: &str, key: VerifierKey) -> Result<Self, WitnessFailed> {
        Witness::with_timeout(url, key, TIMEOUT)
    }

    /// As [`Witness::new`], with another limit on the time of a request.
    ///
    /// # Errors
    /// As [`Witness::new`].
    pub fn with_timeout(url: &str, key: VerifierKey, timeout: Duration) -> Result<Self, WitnessFailed> {
        if key.kind() != SignatureKind::Cosignature {
            return Err(WitnessFailed::NotOfAWitness { name: key.name().to_owned() });
        }
        let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let client = outbound::client(&url, timeout)?;
        Ok(Witness { url, key, client, size: AtomicU64::new(0) })
    }

    /// Shows the newest checkpoint, unless it is countersigned already, and stores the cosignature with it.
    ///
    /// # Errors
    /// All of [`WitnessFailed`]; the ledger goes on without.
    pub async fn show(&self, store: &Store) -> Result<Witnessed, WitnessFailed> {
        let Some(head) = store.ledger_head().await?.filter(|head| head.size > 0) else {
            return Ok(Witnessed::Nothing);
        };
        let size = head.size;
        let checkpoint = Note::parse(&head.checkpoint)?;
        let is_its = |signature: &Signature| {
            self.key.made(signature) && self.key.check(checkpoint.text(), &signature.bytes).is_some()
        };
        if checkpoint.signatures().iter().any(is_its) {
            self.size.store(size, Ordering::Relaxed);
            return Ok(Witnessed::Size(size));
        }
        let mut seen = self.size.load(Ordering::Relaxed);
        for _ in 0..MAX_SHOWN {
            if seen > size {
                // Another replica may have shown a later one meanwhile.
                let now = store.ledger_head().await?.map_or(0, |head| head.size);
                // Asked anew the next time, so that a wrong word of the witness does not stay.
                self.size.store(0, Ordering::Relaxed);
                return if now >= seen {
                    Ok(Witnessed::Nothing)
                } else {
                    Err(WitnessFailed::Ahead { seen, size: now })
                };
            }
            let proof = store.ledger_consistency(seen, size).await?;
            let request = AddCheckpoint { old_size: seen, proof, checkpoint: checkpoint.clone() };
            match self.ask(&request).await? {
                Answer::Cosigned { checkpoint, .. } => {
                    store.add_cosignatures(size, &checkpoint, &self.key).await?;
                    self.size.store(size, Ordering::Relaxed);
                    return Ok(Witnessed::Size(size));
                }
                // It has a checkpoint of this very size, with another root.
                Answer::Known { size: known } if known == seen => return Err(WitnessFailed::Rewritten { seen }),
                Answer::Known { size: known } => {
                    seen = known;
                    self.size.store(known, Ordering::Relaxed);
                }
                Answer::UnknownLog => return Err(WitnessFailed::UnknownLog),
                Answer::UnknownKey => return Err(WitnessFailed::UnknownKey),
                Answer::Inconsistent => return Err(WitnessFailed::Rewritten { seen }),
                Answer::Status(status) => return Err(WitnessFailed::Status(status)),
            }
        }
        // Others show it checkpoints all the time: later again.
        Ok(Witnessed::Nothing)
    }

    async fn ask(&self, request: &AddCheckpoint) -> Result<Answer, WitnessFailed> {
        let sent = self.client.post(&self.url).header("content-type", "text/plain").body(request.to_string()).send();
        let response = sent.await.map_err(Failed::from)?;
        let status = response.status().as_u16();
        let body = outbound::body(response, MAX_ANSWER_BYTES).await?;
        Ok(Answer::read(status, &body, &request.checkpoint, std::slice::from_ref(&self.key))?)
    }
}
